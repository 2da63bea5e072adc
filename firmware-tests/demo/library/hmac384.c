// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "demo/contract/status.h"
#include "demo/library/fatal.h"
#include "demo/library/hash_engine.h"
#include "runtime/registers.h"

static void vault_wait(volatile uint32_t* status, uint32_t error) {
  while (!(*status & STATUS_VALID)) {
  }
  if ((*status >> VAULT_ERROR_SHIFT & 0xff) != VAULT_SUCCESS) fatal(error);
}

static void begin(struct key key) {
  while (!(HMAC384_STATUS & STATUS_READY)) {
  }
  if (key.words) {
    copy_words(HMAC384_KEY, key.words, WORDS_384);
  } else {
    HMAC384_KV_RD_KEY_CTRL = VAULT_ENABLE | key.entry << VAULT_ENTRY_SHIFT;
    vault_wait(&HMAC384_KV_RD_KEY_STATUS, ERROR_HMAC384_KEY);
  }
  // It blinds the computation and does not change the tag.
  uint32_t seed[WORDS_384];
  random_words(seed);
  copy_words(HMAC384_LFSR_SEED, seed, WORDS_384);
}

static void add_all(struct hash* hash, const void* bytes, uint32_t count) {
  hash_begin(hash, &hmac384_engine);
  hash_add(hash, bytes, count);
}

void hmac384_to_vault(struct key key, const void* bytes, uint32_t count, unsigned entry, uint32_t uses) {
  struct hash hash;
  begin(key);
  add_all(&hash, bytes, count);
  HMAC384_KV_WR_CTRL = VAULT_ENABLE | entry << VAULT_ENTRY_SHIFT | uses;
  hash_end(&hash, 0);
  vault_wait(&HMAC384_KV_WR_STATUS, ERROR_HMAC384_TAG);
  HMAC384_CTRL = HMAC384_ZEROIZE;
}

void hmac384_of_vault(unsigned key_entry, unsigned message_entry, unsigned entry, uint32_t uses) {
  begin(KEY_IN_VAULT(key_entry));
  // The engine pads what comes from the vault.
  HMAC384_KV_RD_BLOCK_CTRL = VAULT_ENABLE | message_entry << VAULT_ENTRY_SHIFT;
  vault_wait(&HMAC384_KV_RD_BLOCK_STATUS, ERROR_HMAC384_BLOCK);
  HMAC384_KV_WR_CTRL = VAULT_ENABLE | entry << VAULT_ENTRY_SHIFT | uses;
  HMAC384_CTRL = HMAC384_INIT;
  vault_wait(&HMAC384_KV_WR_STATUS, ERROR_HMAC384_TAG);
  HMAC384_CTRL = HMAC384_ZEROIZE;
}

void hmac384(struct key key, const void* bytes, uint32_t count, uint32_t tag[WORDS_384]) {
  struct hash hash;
  begin(key);
  add_all(&hash, bytes, count);
  hash_end(&hash, tag);
  HMAC384_CTRL = HMAC384_ZEROIZE;
}
