// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// SHA-512: every mode waited for in sleep; extending a PCR; the vault's refusal.

#include "blocks/blocks.h"

// The first words of the digests of "abc"
static const uint32_t abc[] = {0x4634270f, 0x53048e26, 0xcb00753f, 0xddaf35a1};

static void put_abc(void) {
  SHA512_BLOCK[0] = 0x61626380;
  for (int i = 1; i < 31; i++) SHA512_BLOCK[i] = 0;
  SHA512_BLOCK[31] = 24;
}

int main(void) {
  heading("SHA-512");
  interrupts_open(SHA512_INTERRUPTS, SOURCE_SHA512_ERROR);
  check_triggers();

  for (uint32_t mode = SHA512_224; mode <= SHA512; mode++) {
    put_abc();
    SHA512_CTRL = SHA512_INIT | mode << SHA512_MODE_SHIFT;
    check_equal(SHA512_STATUS & STATUS_READY, 0, "it is busy");
    sleep();
    check_equal(notifications_seen(), INTERRUPT_CMD_DONE, "it says when it is done");
    check_equal(SHA512_DIGEST[0], abc[mode], "with the digest of abc");
  }

  uint32_t before[PCR_WORDS], after[PCR_WORDS];
  copy_words(before, PCR_ENTRY(30), PCR_WORDS);
  SHA512_VAULT_RD_CTRL = VAULT_ENABLE | 30 << VAULT_ENTRY_SHIFT | VAULT_PCR_HASH_EXTEND;
  wait_for(&SHA512_VAULT_RD_STATUS, STATUS_VALID, "the PCR is read");
  check_equal(SHA512_VAULT_RD_STATUS >> VAULT_ERROR_SHIFT & 0xff, VAULT_SUCCESS, "without an error");
  for (int i = 12; i < 24; i++) SHA512_BLOCK[i] = (uint32_t)i;
  SHA512_BLOCK[24] = 0x80000000;
  for (int i = 25; i < 31; i++) SHA512_BLOCK[i] = 0;
  SHA512_BLOCK[31] = 8 * 96;
  SHA512_CTRL = SHA512_INIT | SHA384 << SHA512_MODE_SHIFT | SHA512_LAST;
  sleep();
  check_equal(notifications_seen(), INTERRUPT_CMD_DONE, "the PCR is extended");
  for (int i = 0; i < 200; i++) asm volatile("nop");  // it is written after that
  copy_words(after, PCR_ENTRY(30), PCR_WORDS);
  check(!words_equal(before, after, PCR_WORDS), "and has changed");

  SHA512_CTRL = SHA512_ZEROIZE;
  interrupts_close();
  return report();
}
