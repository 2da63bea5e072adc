// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The mailbox, seen from the core while it has a command (MBOX_EXECUTE_UC): request and response lie in its SRAM.

#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { MAILBOX_BYTES = 128 * 1024 };
enum { RESERVED_USER = -1 };  // stands for Caliptra itself

/// Whether the SoC has given a command that waits.
bool mailbox_command_waits(void);

/// Ends the command, with a status of MBOX_STATUS_.
void mailbox_finish(uint32_t status);

/// Ends it with a response of `bytes` in the mailbox's SRAM, whose first word becomes the checksum and whose second is
/// the FIPS status 0. The last word's bytes behind `bytes` must be 0.
void mailbox_respond(uint32_t bytes);

/// Whether the first word of the request makes the sum right. The request must have at least that word.
bool mailbox_checksum_is_right(uint32_t command, uint32_t bytes);

/// A request begins with its checksum, a response with checksum and FIPS status; both lie in the same place.
#define MAILBOX_REQUEST ((const volatile uint32_t*)0x30000000)
#define MAILBOX_RESPONSE ((volatile uint32_t*)0x30000000)

/// Sends data to the SoC in a transaction of the core's own, and waits until the SoC has taken it.
void mailbox_send(const uint32_t* words, uint32_t bytes);
void mailbox_await_taken(void);
