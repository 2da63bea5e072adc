// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The PCR vault, through the interrupts of SHA-512, which alone can write to it: extending, clearing, locks, and what a
// firmware update reset does to them.

#include "blocks/blocks.h"

enum { FW_UPD_RESET = 1u << 0, EXTENDED = 3 };

static const unsigned pcrs[EXTENDED] = {0, 13, 31};
static uint32_t expected[EXTENDED][PCR_WORDS];

// Waits in sleep for the end of the hash.
static void extend(unsigned pcr, const uint32_t* data) {
  SHA512_VAULT_RD_CTRL = VAULT_ENABLE | pcr << VAULT_ENTRY_SHIFT | VAULT_PCR_HASH_EXTEND;
  wait_for(&SHA512_VAULT_RD_STATUS, STATUS_VALID, "SHA-512 gets the PCR");
  for (unsigned i = 12; i < 24; i++) SHA512_BLOCK[i] = data[i - 12];
  SHA512_BLOCK[24] = 0x80000000;
  for (unsigned i = 25; i < 31; i++) SHA512_BLOCK[i] = 0;
  SHA512_BLOCK[31] = 24 * 32;
  SHA512_CTRL = SHA512_INIT | SHA384 << SHA512_MODE_SHIFT | SHA512_LAST;
  sleep();
  check_equal(notifications_seen(), INTERRUPT_CMD_DONE, "SHA-512 says when it has hashed");
  wait_for(&SHA512_STATUS, STATUS_READY | STATUS_VALID, "SHA-512 finishes");
  for (int i = 0; i < 200; i++) asm volatile("nop");  // it is written after that
}

static void extend_expected(uint32_t* pcr, const uint32_t* data) {
  uint32_t message[2 * PCR_WORDS];
  copy_words(message, pcr, PCR_WORDS);
  copy_words(message + PCR_WORDS, data, PCR_WORDS);
  sha512_words(SHA384, message, 2 * PCR_WORDS, pcr, PCR_WORDS);
  let_interrupts_in();
  notifications_seen();
}

static void check_extension(void) {
  uint32_t data[PCR_WORDS];
  for (unsigned round = 0; round < 3; round++) {
    for (unsigned i = 0; i < EXTENDED; i++) {
      for (uint32_t word = 0; word < PCR_WORDS; word++) data[word] = 0x10001 * (round + 1) + word * (i + 3);
      extend(pcrs[i], data);
      extend_expected(expected[i], data);
      check_words(PCR_ENTRY(pcrs[i]), expected[i], PCR_WORDS, "the PCR is the hash of what it was and the data");
    }
  }
  bool good = true;
  for (unsigned pcr = 0; pcr < PCR_COUNT; pcr++) {
    uint32_t all = 0;
    for (unsigned i = 0; i < PCR_WORDS; i++) all |= PCR_ENTRY(pcr)[i];
    good &= (all != 0) == (pcr == pcrs[0] || pcr == pcrs[1] || pcr == pcrs[2]);
  }
  check(good, "the others are as they were");
  for (unsigned i = 0; i < PCR_WORDS; i++) PCR_ENTRY(31)[i] = 0;
  check_words(PCR_ENTRY(31), expected[2], PCR_WORDS, "software cannot write a PCR");
}

static void check_locks(void) {
  static const uint32_t zeros[PCR_WORDS];
  PCR_CTRL[13] = PCR_CLEAR;
  check_words(PCR_ENTRY(13), zeros, PCR_WORDS, "a PCR is cleared");
  PCR_CTRL[31] = PCR_LOCK;
  PCR_CTRL[31] = PCR_CLEAR;
  check_words(PCR_ENTRY(31), expected[2], PCR_WORDS, "unless it is locked");
  PCR_CTRL[31] = 0;
  check_equal(PCR_CTRL[31] & PCR_LOCK, PCR_LOCK, "which stays");
  extend(31, zeros);
  extend_expected(expected[2], zeros);
  check_words(PCR_ENTRY(31), expected[2], PCR_WORDS, "a locked PCR is extended all the same");
}

int main(void) {
  heading("PCR vault");
  bool again = CPTRA_RESET_REASON & FW_UPD_RESET;
  interrupts_open(SHA512_INTERRUPTS, SOURCE_SHA512_ERROR);
  if (!again) {
    check_extension();
    check_locks();
    interrupts_close();
    if (!report()) return false;
    // PCR 31 is in a place that the reset leaves alone.
    for (unsigned i = 0; i < PCR_WORDS; i++) NON_STICKY_GENERIC_SCRATCH_REG[i % 8] ^= expected[2][i];
    INTERNAL_FW_UPDATE_RESET = 1;
    for (;;) asm volatile("nop");
  }
  uint32_t folded[8] = {0};
  for (unsigned i = 0; i < PCR_WORDS; i++) folded[i % 8] ^= PCR_ENTRY(31)[i];
  check_words(NON_STICKY_GENERIC_SCRATCH_REG, folded, 8, "PCRs outlive a firmware update reset");
  check_equal(PCR_CTRL[31] & PCR_LOCK, 0, "their locks do not");
  PCR_CTRL[31] = PCR_CLEAR;
  check_equal(PCR_ENTRY(31)[0], 0, "so that it can be cleared");
  interrupts_close();
  return report();
}
