// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Exceptions and interrupts, seen from a test program: it says which it expects and looks at what came.

#pragma once

#include <stdbool.h>
#include <stdint.h>

enum {
  CAUSE_ILLEGAL_INSTRUCTION = 2,
  CAUSE_BREAKPOINT = 3,
  CAUSE_LOAD_MISALIGNED = 4,
  CAUSE_LOAD_FAULT = 5,
  CAUSE_STORE_FAULT = 7,
  CAUSE_ENVIRONMENT_CALL = 11,
  CAUSE_TIMER_INTERRUPT = (int)0x80000007,
  CAUSE_EXTERNAL_INTERRUPT = (int)0x8000000b,
  CAUSE_INTERNAL_TIMER0_INTERRUPT = (int)0x8000001d,
};

/// The last trap, and how many there have been since trap_expect().
struct trap_record {
  uint32_t count;
  uint32_t cause;
  uint32_t secondary_cause;  ///< mscause
  uint32_t value;            ///< mtval
  uint32_t pc;               ///< mepc
};

/// From here on traps are recorded, not fatal. An exception returns to behind the instruction, which must be four bytes
/// long. A timer interrupt is disabled in mie when it comes.
void trap_expect(void);

/// Ends what trap_expect() began and returns what came.
struct trap_record trap_seen(void);

/// Routes external interrupts: sets up meivt, and the gateway, priority 1 and enable of `source`. `acknowledge` is
/// called when it comes and has to take back the request. Interrupts still have to be enabled in mie and mstatus.
void external_interrupt_route(unsigned source, void (*acknowledge)(void));

/// Undoes it.
void external_interrupt_release(unsigned source);

/// How many external interrupts came, and the source of the last one (from meihap).
struct external_record {
  uint32_t count;
  uint32_t source;
};
struct external_record external_interrupt_seen(void);
