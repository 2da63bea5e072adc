// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The key vault, through the interrupts of HMAC-384, which fills it: all its entries, who may read them, locks,
// clearing, and the debug value of CLEAR_SECRETS.

#include "blocks/blocks.h"

#define KEY_ENTRY REGISTERS(0x10018600)
#define CLEAR_SECRETS REGISTER(0x10018c00)

enum {
  ENTRIES = 32,
  LAST_DWORD = 11,
  WR_DEBUG_VALUES = 1u << 0,
  SEL_DEBUG_VALUE = 1u << 1,
  // KEY_CTRL
  DEST_VALID_SHIFT = 9,
  LAST_DWORD_SHIFT = 17,
};

static uint32_t error_of(volatile uint32_t* status) {
  wait_for(status, STATUS_VALID, "the vault answers");
  return *status >> VAULT_ERROR_SHIFT & 0xff;
}

// A tag of `word` into an entry; waits in sleep. What the vault says.
static uint32_t fill(unsigned entry, uint32_t destinations, uint32_t word) {
  for (int i = 0; i < WORDS_384; i++) HMAC384_KEY[i] = word;
  for (int i = 0; i < 32; i++) HMAC384_BLOCK[i] = word;
  HMAC384_KV_WR_CTRL = VAULT_ENABLE | entry << VAULT_ENTRY_SHIFT | destinations;
  HMAC384_CTRL = HMAC384_INIT;
  sleep();
  notifications_seen();
  uint32_t error = error_of(&HMAC384_KV_WR_STATUS);
  HMAC384_CTRL = HMAC384_ZEROIZE;
  return error;
}

static uint32_t error_of_reading(volatile uint32_t* control, volatile uint32_t* status, unsigned entry) {
  *control = VAULT_ENABLE | entry << VAULT_ENTRY_SHIFT;
  uint32_t error = error_of(status);
  HMAC384_CTRL = HMAC384_ZEROIZE;
  ECC_CTRL = ECC_ZEROIZE;
  wait_for(&ECC_STATUS, STATUS_READY, "ECC is ready");
  return error;
}

static uint32_t reading_as_key(unsigned entry) {
  return error_of_reading(&HMAC384_KV_RD_KEY_CTRL, &HMAC384_KV_RD_KEY_STATUS, entry);
}
static uint32_t reading_as_block(unsigned entry) {
  return error_of_reading(&HMAC384_KV_RD_BLOCK_CTRL, &HMAC384_KV_RD_BLOCK_STATUS, entry);
}
static uint32_t reading_as_private_key(unsigned entry) {
  return error_of_reading(&ECC_KV_RD_PKEY_CTRL, &ECC_KV_RD_PKEY_STATUS, entry);
}
static uint32_t reading_as_seed(unsigned entry) {
  return error_of_reading(&ECC_KV_RD_SEED_CTRL, &ECC_KV_RD_SEED_STATUS, entry);
}

static void check_entries(void) {
  bool written = true, described = true;
  for (unsigned entry = 0; entry < ENTRIES; entry++) {
    written &= fill(entry, DEST_HMAC_KEY, entry) == VAULT_SUCCESS;
    described &= KEY_CTRL[entry] == (1u << DEST_VALID_SHIFT | LAST_DWORD << LAST_DWORD_SHIFT);
  }
  check(written, "every entry takes a key");
  check(described, "and says what it is for and how long it is");
  uint32_t visible = 0;
  for (unsigned i = 0; i < ENTRIES * WORDS_384; i++) visible |= KEY_ENTRY[i];
  check_equal(visible, 0, "software sees none of it");
}

static void check_uses(void) {
  fill(1, DEST_HMAC_KEY, 1);
  fill(2, DEST_HMAC_BLOCK, 2);
  fill(3, DEST_ECC_PRIVATE_KEY, 3);
  fill(4, DEST_ECC_SEED, 4);
  bool good = true;
  for (unsigned entry = 1; entry <= 4; entry++) {
    good &= reading_as_key(entry) == (entry == 1 ? VAULT_SUCCESS : VAULT_READ_FAIL);
    good &= reading_as_block(entry) == (entry == 2 ? VAULT_SUCCESS : VAULT_READ_FAIL);
    good &= reading_as_private_key(entry) == (entry == 3 ? VAULT_SUCCESS : VAULT_READ_FAIL);
    good &= reading_as_seed(entry) == (entry == 4 ? VAULT_SUCCESS : VAULT_READ_FAIL);
  }
  check(good, "a key is given out for what it is meant for alone");
}

static void check_locks(void) {
  KEY_CTRL[5] = KEY_LOCK_WR;
  check_equal(fill(5, DEST_HMAC_KEY, 5), VAULT_WRITE_FAIL, "a write-locked entry takes nothing");
  check_equal(reading_as_key(5), VAULT_SUCCESS, "but is read");
  KEY_CTRL[5] = KEY_CLEAR;
  check_equal(KEY_CTRL[5] >> DEST_VALID_SHIFT & 1, 1, "and not cleared");
  KEY_CTRL[6] = KEY_LOCK_USE;
  check_equal(reading_as_key(6), VAULT_READ_FAIL, "a use-locked entry is not read");
  check_equal(fill(6, DEST_HMAC_KEY, 6), VAULT_WRITE_FAIL, "takes nothing");
  KEY_CTRL[6] = KEY_CLEAR;
  check_equal(KEY_CTRL[6] >> DEST_VALID_SHIFT & 1, 1, "and is not cleared");
  KEY_CTRL[5] = KEY_CTRL[6] = 0;
  check_equal(KEY_CTRL[5] & 3, KEY_LOCK_WR, "a write lock stays");
  check_equal(KEY_CTRL[6] & 3, KEY_LOCK_USE, "so does a use lock");
  KEY_CTRL[7] = KEY_CLEAR;
  check_equal(KEY_CTRL[7], 0, "an open entry is cleared");
  check_equal(reading_as_key(7), VAULT_READ_FAIL, "and can't be read any more");
  KEY_CTRL[8] = KEY_CLEAR | KEY_LOCK_WR;
  check_equal(KEY_CTRL[8] >> DEST_VALID_SHIFT & 1, 1, "a lock of the same write holds the clear back");
}

// The public key of a seed in the vault shows what the vault holds.
static bool holds(unsigned entry, uint32_t word) {
  static const uint32_t nonce[WORDS_384];
  uint32_t seed[WORDS_384], private_key[WORDS_384];
  struct ecc_point of_entry, of_words;
  for (int i = 0; i < WORDS_384; i++) seed[i] = word;
  return ecc384_keygen(FROM_VAULT(entry), nonce, TO_VAULT(20, DEST_ECC_PRIVATE_KEY), &of_entry) &&
         ecc384_keygen(FROM_WORDS(seed), nonce, TO_WORDS(private_key), &of_words) &&
         words_equal(of_entry.x, of_words.x, WORDS_384);
}

// Debug is unlocked here: software may flush the vault.
static void check_debug_values(void) {
  fill(9, DEST_ECC_SEED, 9);
  fill(10, DEST_ECC_SEED, 10);
  KEY_CTRL[10] = KEY_LOCK_WR;
  CLEAR_SECRETS = WR_DEBUG_VALUES;
  check(holds(9, 0xaaaaaaaa), "CLEAR_SECRETS fills an open entry with one debug value");
  CLEAR_SECRETS = WR_DEBUG_VALUES | SEL_DEBUG_VALUE;
  check(holds(9, 0x55555555), "or the other");
  check(!holds(10, 0xaaaaaaaa) && !holds(10, 0x55555555), "and leaves a locked one alone");
  check_equal(CLEAR_SECRETS, SEL_DEBUG_VALUE, "the choice stays, the command does not");
}

int main(void) {
  heading("Key vault");
  interrupts_open(HMAC384_INTERRUPTS, SOURCE_HMAC384_ERROR);
  check_entries();
  check_uses();
  check_locks();
  check_debug_values();
  interrupts_close();
  return report();
}
