// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A firmware update reset, seen from both of its sides: what it ends and what outlives it.

#include "blocks/blocks.h"

enum { FW_UPD_RESET = 1u << 0, REASONS = 3, MARK = 0x5eed5eed };

static void before(void) {
  print("Before the reset\n");
  check_equal(CPTRA_RESET_REASON & REASONS, 0, "the first start is a cold one");
  NON_STICKY_GENERIC_SCRATCH_REG[0] = MARK;
  STICKY_DATA_VAULT_ENTRY(0)[0] = MARK;
  STICKY_DATA_VAULT_CTRL[0] = 1;
  KEY_CTRL[9] = KEY_LOCK_WR | KEY_LOCK_USE;
  PCR_CTRL[9] = PCR_LOCK;
  ICCM[0] = MARK;
  INTERNAL_ICCM_LOCK = 1;
  check_equal(INTERNAL_ICCM_LOCK, 1, "the ICCM is locked");
  INTERNAL_ICCM_LOCK = 0;
  check_equal(INTERNAL_ICCM_LOCK, 1, "and can't be opened");
  if (!report()) return;
  INTERNAL_FW_UPDATE_RESET = 1;
  for (;;) asm volatile("nop");
}

int main(void) {
  if ((CPTRA_RESET_REASON & REASONS) == 0) {
    before();
    return false;
  }
  print("After it\n");
  check_equal(CPTRA_RESET_REASON & REASONS, FW_UPD_RESET, "the reason is the update");
  check_equal(INTERNAL_ICCM_LOCK, 0, "the ICCM is open again");
  check_equal(ICCM[0], MARK, "and keeps its contents");
  ICCM[0] = 0;
  check_equal(KEY_CTRL[9] & (KEY_LOCK_WR | KEY_LOCK_USE), 0, "keys are unlocked");
  check_equal(PCR_CTRL[9] & PCR_LOCK, 0, "and PCRs");
  check_equal(STICKY_DATA_VAULT_CTRL[0], 1, "sticky locks hold");
  STICKY_DATA_VAULT_ENTRY(0)[0] = 0;
  check_equal(STICKY_DATA_VAULT_ENTRY(0)[0], MARK, "so does what they lock");
  check_equal(NON_STICKY_GENERIC_SCRATCH_REG[0], MARK, "and what only a warm reset clears");
  return report();
}
