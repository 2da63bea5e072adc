// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "demo/contract/status.h"
#include "demo/library/crypto.h"
#include "demo/library/fatal.h"
#include "runtime/registers.h"

static void begin(void) {
  while (!(ECC_STATUS & STATUS_READY)) {
  }
  INTERRUPT_ERROR_STATUS(ECC_INTERRUPTS) = 1;
  // It blinds the computation and does not change the result.
  uint32_t blinding[WORDS_384];
  random_words(blinding);
  copy_words(ECC_IV, blinding, WORDS_384);
}

/// False where the engine refused its input.
static bool run(uint32_t command) {
  ECC_CTRL = command;
  while (!(ECC_STATUS & STATUS_VALID) && !(INTERRUPT_ERROR_STATUS(ECC_INTERRUPTS) & 1)) {
  }
  return !(INTERRUPT_ERROR_STATUS(ECC_INTERRUPTS) & 1);
}

static void vault_wait(volatile uint32_t* status, uint32_t error) {
  while (!(*status & STATUS_VALID)) {
  }
  if ((*status >> VAULT_ERROR_SHIFT & 0xff) != VAULT_SUCCESS) fatal(error);
}

void ecc384_keygen(struct key seed, unsigned private_entry, struct ecc_point* public_key) {
  begin();
  if (seed.words) {
    copy_words(ECC_SEED, seed.words, WORDS_384);
  } else {
    ECC_KV_RD_SEED_CTRL = VAULT_ENABLE | seed.entry << VAULT_ENTRY_SHIFT;
    vault_wait(&ECC_KV_RD_SEED_STATUS, ERROR_ECC384_SEED);
  }
  for (unsigned i = 0; i < WORDS_384; i++) ECC_NONCE[i] = 0;
  ECC_KV_WR_PKEY_CTRL = VAULT_ENABLE | private_entry << VAULT_ENTRY_SHIFT | DEST_ECC_PRIVATE_KEY;
  if (!run(ECC_KEYGEN)) fatal(ERROR_ECC384);
  vault_wait(&ECC_KV_WR_PKEY_STATUS, ERROR_ECC384_PRIVATE_KEY_WRITE);
  copy_words(public_key->x, ECC_PUBKEY_X, WORDS_384);
  copy_words(public_key->y, ECC_PUBKEY_Y, WORDS_384);
  ECC_CTRL = ECC_ZEROIZE;
}

static void take_signature(uint32_t command, struct ecc_signature* signature) {
  if (!run(command)) fatal(ERROR_ECC384);
  copy_words(signature->r, ECC_SIGN_R, WORDS_384);
  copy_words(signature->s, ECC_SIGN_S, WORDS_384);
  ECC_CTRL = ECC_ZEROIZE;
}

void ecc384_sign(struct key private_key, const uint32_t digest[WORDS_384], struct ecc_signature* signature) {
  begin();
  if (private_key.words) {
    copy_words(ECC_PRIVKEY_IN, private_key.words, WORDS_384);
  } else {
    ECC_KV_RD_PKEY_CTRL = VAULT_ENABLE | private_key.entry << VAULT_ENTRY_SHIFT;
    vault_wait(&ECC_KV_RD_PKEY_STATUS, ERROR_ECC384_PRIVATE_KEY);
  }
  copy_words(ECC_MSG, digest, WORDS_384);
  take_signature(ECC_SIGNING, signature);
}

void ecc384_sign_pcrs(struct ecc_signature* signature) {
  begin();
  take_signature(ECC_PCR_SIGN | ECC_SIGNING, signature);
}

bool ecc384_verify(const struct ecc_point* public_key, const uint32_t digest[WORDS_384],
                   const struct ecc_signature* signature) {
  begin();
  copy_words(ECC_PUBKEY_X, public_key->x, WORDS_384);
  copy_words(ECC_PUBKEY_Y, public_key->y, WORDS_384);
  copy_words(ECC_MSG, digest, WORDS_384);
  copy_words(ECC_SIGN_R, signature->r, WORDS_384);
  copy_words(ECC_SIGN_S, signature->s, WORDS_384);
  bool good = run(ECC_VERIFYING) && words_equal(ECC_VERIFY_R, signature->r, WORDS_384);
  ECC_CTRL = ECC_ZEROIZE;
  return good;
}
