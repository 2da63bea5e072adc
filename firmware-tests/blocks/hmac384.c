// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// HMAC-384: every command waited for in sleep; the vault's refusals.

#include "blocks/blocks.h"

// HMAC-SHA-384 with 48 bytes 0x0b as key: of "Hi There", and of the bytes 0 to 127 and "Hi There"
static const uint32_t short_tag[] = {
    0xb6a8d563, 0x6f5c6a72, 0x24f9977d, 0xcf7ee6c7, 0xfb6d0c48, 0xcbdee973,
    0x7a959796, 0x489bddbc, 0x4c5df61d, 0x5b3297b4, 0xfb68dab9, 0xf1b582c2,
};
static const uint32_t long_tag[] = {
    0xb2b2d5f4, 0xfd3a3f83, 0xf78f7934, 0x0ea82d4e, 0xdf1917cf, 0x1f60e85c,
    0x97ed4c53, 0xdc3243cf, 0x43bda08d, 0x8735d7e9, 0x5873285e, 0xc904fe6d,
};

static void put_key(void) {
  for (int i = 0; i < WORDS_384; i++) HMAC384_KEY[i] = 0x0b0b0b0b;
}

// "Hi There" as the last block, of a message of `bytes` bytes.
static void put_greeting(unsigned bytes) {
  HMAC384_BLOCK[0] = 0x48692054;
  HMAC384_BLOCK[1] = 0x68657265;
  HMAC384_BLOCK[2] = 0x80000000;
  for (int i = 3; i < 31; i++) HMAC384_BLOCK[i] = 0;
  HMAC384_BLOCK[31] = 8 * (128 + bytes);
}

static void run(uint32_t command) {
  HMAC384_CTRL = command;
  check_equal(HMAC384_STATUS & STATUS_READY, 0, "it is busy");
  sleep();
  check_equal(notifications_seen(), INTERRUPT_CMD_DONE, "it says when it is done");
  wait_for(&HMAC384_STATUS, STATUS_READY | STATUS_VALID, "and is ready again");
}

static uint32_t error_of(volatile uint32_t* status) {
  wait_for(status, STATUS_VALID, "the vault answers");
  return *status >> VAULT_ERROR_SHIFT & 0xff;
}

int main(void) {
  heading("HMAC-384");
  interrupts_open(HMAC384_INTERRUPTS, SOURCE_HMAC384_ERROR);
  check_triggers();

  put_key();
  put_greeting(8);
  run(HMAC384_INIT);
  check_words(HMAC384_TAG, short_tag, WORDS_384, "one block");
  for (uint32_t i = 0; i < 32; i++) HMAC384_BLOCK[i] = 0x00010203 + i * 0x04040404;
  run(HMAC384_INIT);
  put_greeting(136);
  run(HMAC384_NEXT);
  check_words(HMAC384_TAG, long_tag, WORDS_384, "two blocks");

  HMAC384_CTRL = HMAC384_ZEROIZE;
  uint32_t rest = 0;
  for (int i = 0; i < WORDS_384; i++) rest |= HMAC384_TAG[i];
  check_equal(rest, 0, "zeroize clears the tag");
  check_equal(HMAC384_STATUS & STATUS_VALID, 0, "and its being valid");

  put_key();
  put_greeting(8);
  HMAC384_CTRL = HMAC384_INIT;
  HMAC384_CTRL = HMAC384_ZEROIZE;
  let_interrupts_in();
  check_equal(notifications_seen(), 0, "an operation that is zeroized never ends");

  put_key();
  put_greeting(8);
  HMAC384_KV_WR_CTRL = VAULT_ENABLE | 5 << VAULT_ENTRY_SHIFT | DEST_HMAC_BLOCK;
  run(HMAC384_INIT);
  check_equal(error_of(&HMAC384_KV_WR_STATUS), VAULT_SUCCESS, "the tag goes to the key vault");
  rest = 0;
  for (int i = 0; i < WORDS_384; i++) rest |= HMAC384_TAG[i];
  check_equal(rest, 0, "and not to the register");
  HMAC384_KV_RD_BLOCK_CTRL = VAULT_ENABLE | 5 << VAULT_ENTRY_SHIFT;
  check_equal(error_of(&HMAC384_KV_RD_BLOCK_STATUS), VAULT_SUCCESS, "a block may be read from there");
  HMAC384_KV_RD_KEY_CTRL = VAULT_ENABLE | 5 << VAULT_ENTRY_SHIFT;
  check_equal(error_of(&HMAC384_KV_RD_KEY_STATUS), VAULT_READ_FAIL, "a key may not");
  HMAC384_CTRL = HMAC384_ZEROIZE;

  KEY_CTRL[5] = KEY_LOCK_WR;
  put_key();
  put_greeting(8);
  HMAC384_KV_WR_CTRL = VAULT_ENABLE | 5 << VAULT_ENTRY_SHIFT | DEST_HMAC_KEY;
  run(HMAC384_INIT);
  check_equal(error_of(&HMAC384_KV_WR_STATUS), VAULT_WRITE_FAIL, "a locked entry takes no result");
  KEY_CTRL[5] = KEY_LOCK_USE;
  HMAC384_KV_RD_BLOCK_CTRL = VAULT_ENABLE | 5 << VAULT_ENTRY_SHIFT;
  check_equal(error_of(&HMAC384_KV_RD_BLOCK_STATUS), VAULT_READ_FAIL, "nor is one given that is locked for use");
  HMAC384_CTRL = HMAC384_ZEROIZE;
  interrupts_close();
  return report();
}
