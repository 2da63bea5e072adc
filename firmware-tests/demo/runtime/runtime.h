// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The parts of the runtime.

#pragma once

#include <stdint.h>

enum { REQUEST_HEADER = 4, RESPONSE_HEADER = 8 };

/// Carries out the command that waits in the mailbox, and ends it.
void command_execute(void);

/// Commands with answers that take more than a few lines. Each gets the request's size, which is right, and returns the
/// response's, which it has written into the mailbox behind the header; or 0 with an error in *error.
uint32_t command_firmware_information(uint32_t bytes, uint32_t* error);
uint32_t command_get_ldevid_certificate(uint32_t bytes, uint32_t* error);
uint32_t command_get_fmc_certificate(uint32_t bytes, uint32_t* error);
uint32_t command_get_runtime_certificate(uint32_t bytes, uint32_t* error);
uint32_t command_get_idevid_key(uint32_t bytes, uint32_t* error);
uint32_t command_quote_pcrs(uint32_t bytes, uint32_t* error);

/// Writes words as bytes, the most significant first, into the response from word `at` on. Returns where it goes on.
uint32_t respond_with_words(uint32_t at, const volatile uint32_t* words, uint32_t count);
/// As they are.
uint32_t respond_with_bytes(uint32_t at, const void* words, uint32_t count);

void sleep_until_command(void);
void interrupts_enable(void);
