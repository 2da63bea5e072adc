// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Code in ICCM: put there by stores, run, replaced, and locked.

#include "selfcheck/selfcheck.h"

// Two functions of the same size: position-independent, one returns 0x11, the other 0x22 more than its argument.
asm(".text\n"
    ".balign 4\n"
    ".option push\n"
    ".option norvc\n"
    "iccm_first: addi a0, a0, 0x11\n"
    "ret\n"
    "iccm_second: addi a0, a0, 0x22\n"
    "ret\n"
    ".option pop\n");

extern const uint32_t iccm_first[2];
extern const uint32_t iccm_second[2];

static uint32_t run_from_iccm(const uint32_t* code, uint32_t offset) {
  copy_words(&ICCM[offset], code, 2);
  asm volatile("fence.i" ::: "memory");
  return ((uint32_t(*)(uint32_t))(uint32_t)&ICCM[offset])(0x100);
}

void check_iccm(void) {
  heading("ICCM");
  check_equal(run_from_iccm(iccm_first, 0), 0x111, "code runs from ICCM");
  check_equal(run_from_iccm(iccm_second, 0), 0x122, "code that replaces it runs after fence.i");
  check_equal(run_from_iccm(iccm_first, 32766), 0x111, "code runs from the end of ICCM");
  check_words(&ICCM[0], iccm_second, 2, "ICCM reads back");
  INTERNAL_ICCM_LOCK = 1;
  INTERNAL_ICCM_LOCK = 0;
  check_equal(INTERNAL_ICCM_LOCK, 1, "its lock stays locked");
}
