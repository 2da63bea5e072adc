// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The data vault: entries and scratch registers keep what is written until they are locked.

#include "selfcheck/selfcheck.h"

static void check_entry(volatile uint32_t* control, volatile uint32_t* words, unsigned count, const char* what) {
  bool good = true;
  for (uint32_t i = 0; i < count; i++) words[i] = 0xda7a0000 + i;
  for (uint32_t i = 0; i < count; i++) good &= words[i] == 0xda7a0000 + i;
  *control = 1;
  *control = 0;
  good &= *control == 1;
  for (uint32_t i = 0; i < count; i++) words[i] = 0;
  for (uint32_t i = 0; i < count; i++) good &= words[i] == 0xda7a0000 + i;
  check(good, what);
}

void check_data_vault(void) {
  heading("Data vault");
  check_entry(&STICKY_DATA_VAULT_CTRL[9], STICKY_DATA_VAULT_ENTRY(9), 12, "a sticky entry is written, then locked");
  check_entry(&DATA_VAULT_CTRL[9], DATA_VAULT_ENTRY(9), 12, "an entry is written, then locked");
  check_entry(&LOCKABLE_SCRATCH_REG_CTRL[9], &LOCKABLE_SCRATCH_REG[9], 1, "a scratch register is written, then locked");
  check_entry(&STICKY_LOCKABLE_SCRATCH_REG_CTRL[7], &STICKY_LOCKABLE_SCRATCH_REG[7], 1,
              "a sticky scratch register is written, then locked");

  DATA_VAULT_ENTRY(8)[11] = 0x0f0f0f0f;
  check_equal(DATA_VAULT_ENTRY(8)[11], 0x0f0f0f0f, "the entry beside a locked one is still open");
  NON_STICKY_GENERIC_SCRATCH_REG[7] = 0x5c5c5c5c;
  check_equal(NON_STICKY_GENERIC_SCRATCH_REG[7], 0x5c5c5c5c, "a register without lock is written");
}
