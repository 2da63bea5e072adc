// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Commands with bugs in the place of the runtime's, for a fuzzer to find. What a request's first word has to hold to
// get to one of them has to be found in two steps.

#include "demo/library/fatal.h"
#include "demo/library/mailbox.h"
#include "demo/runtime/runtime.h"
#include "runtime/registers.h"

enum { OPENS = 0xca, ERROR_THAT_NOBODY_KNOWS = 0x12345678 };

/// Needs more stack than there is.
static uint32_t deeper(uint32_t depth) {
  volatile uint32_t kept[64];
  kept[depth % 64] = depth;
  return depth == 0 ? 0 : deeper(depth - 1) + kept[depth % 64];
}

static uint32_t behind_the_door(uint32_t choice) {
  switch (choice & 0xf) {
    case 1: __asm__ volatile("unimp"); break;
    case 2: return deeper(1000);
    case 3: fatal(ERROR_THAT_NOBODY_KNOWS);
    case 4:
      for (;;) __asm__ volatile("");
    default: break;
  }
  return 0;
}

void command_execute(void) {
  uint32_t word = MBOX_DLEN >= REQUEST_HEADER + 4 ? MAILBOX_REQUEST[1] : 0;
  MAILBOX_RESPONSE[2] = (word & 0xff) == OPENS ? behind_the_door(word >> 8) : 0;
  mailbox_respond(RESPONSE_HEADER + 4);
}
