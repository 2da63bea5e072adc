// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "runtime/console.h"

#include "runtime/registers.h"

enum { EXIT_FAILURE = 0x01, EXIT_SUCCESS = 0xff };

static void put(uint8_t character) {
  // The wires are levels: bit 8 toggles so that a character that repeats is seen twice.
  uint32_t toggle = ~CPTRA_GENERIC_OUTPUT_WIRES[0] & 0x100;
  CPTRA_GENERIC_OUTPUT_WIRES[0] = toggle | character;
}

void print(const char* text) {
  while (*text) put(*text++);
}

void print_hex(uint32_t value) {
  print("0x");
  for (int shift = 28; shift >= 0; shift -= 4) put("0123456789abcdef"[value >> shift & 15]);
}

void print_decimal(uint32_t value) {
  char digits[11];
  char* at = &digits[10];
  *at = 0;
  do {
    *--at = '0' + value % 10;
    value /= 10;
  } while (value);
  print(at);
}

void finish(bool passed) {
  put(passed ? EXIT_SUCCESS : EXIT_FAILURE);
  for (;;) {
  }
}
