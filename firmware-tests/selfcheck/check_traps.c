// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Exceptions: cause, address and value as VeeR EL2 gives them, and coming back from them.

#include "selfcheck/selfcheck.h"

// The instruction is four bytes long, and what it is to trap at is known by its label.
#define TRAP(instruction)  \
  ({                       \
    uint32_t at;           \
    trap_expect();         \
    asm volatile(          \
        ".option push\n"   \
        ".option norvc\n"  \
        "la %0, 1f\n"      \
        "1: " instruction  \
        "\n"               \
        ".option pop\n"    \
        : "=&r"(at)        \
        :                  \
        : "a0", "memory"); \
    at;                    \
  })

static void check_trap(uint32_t at, uint32_t cause, uint32_t value, const char* what) {
  struct trap_record trap = trap_seen();
  bool good = trap.count == 1 && trap.cause == cause && trap.pc == at && trap.value == value;
  check(good, what);
  if (!good) {
    note("traps", trap.count);
    note("mcause", trap.cause);
    note("mepc from the instruction", trap.pc - at);
    note("mtval", trap.value);
  }
}

void check_traps(void) {
  heading("Traps");
  uint32_t at = TRAP("ecall");
  check_trap(at, CAUSE_ENVIRONMENT_CALL, 0, "environment call");
  at = TRAP("ebreak");
  check_trap(at, CAUSE_BREAKPOINT, at, "breakpoint");
  at = TRAP(".4byte 0xffffffff");
  check_trap(at, CAUSE_ILLEGAL_INSTRUCTION, 0xffffffff, "illegal instruction");
  at = TRAP("csrr a0, 0x123");
  check_trap(at, CAUSE_ILLEGAL_INSTRUCTION, 0x12302573, "a CSR that does not exist");
  at = TRAP("csrw mvendorid, zero");
  check_trap(at, CAUSE_ILLEGAL_INSTRUCTION, 0xf1101073, "write to a read-only CSR");
  check_equal(csr_read(mstatus) & MSTATUS_MIE, 0, "mret gives the interrupt enable back");
}
