// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The console and the end of a program: writes to CPTRA_GENERIC_OUTPUT_WIRES.

#pragma once

#include <stdbool.h>
#include <stdint.h>

void print(const char* text);
void print_hex(uint32_t value);  ///< as 0x and eight digits
void print_decimal(uint32_t value);

/// Ends the simulation: as passed or failed.
void finish(bool passed) __attribute__((noreturn));
