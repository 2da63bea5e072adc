// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// ECC P-384: key generation and signatures are deterministic (HMAC-DRBG), so both have known answers. The answers were
// computed apart from any hardware: SP 800-90A's HMAC-DRBG with SHA-384 over seed and nonce gives the private key, over
// private key and digest the signature's secret.

#include "selfcheck/selfcheck.h"

// SHA-384 of "seed", "nonce" and "message"
static const uint32_t seed[] = {
    0xeaa5e3b9, 0x97901283, 0x2907b001, 0x70cbcefa, 0x675375d0, 0x07d1f9cc,
    0xc5c1c9a3, 0x308871f2, 0xc909a375, 0x6a561b29, 0xa495aeda, 0xe48cd3b5,
};
static const uint32_t nonce[] = {
    0x2569917f, 0x7283db5b, 0x37a5cd45, 0x348e98a6, 0xbf2cfd62, 0x37f66703,
    0xdae6f8ff, 0x56a154a0, 0xdbb3fc5e, 0x368526e9, 0x1d2ab1ea, 0xa5c6323a,
};
static const uint32_t message[] = {
    0x353eb751, 0x6a27ef92, 0xe96d1a31, 0x9712d84b, 0x902eaa82, 0x8819e53a,
    0x8b09af70, 0x28103a99, 0x78ba8feb, 0x6161e33c, 0x3619c5da, 0x4c4666a5,
};

static const uint32_t private_key[] = {
    0x5fc4b24d, 0x66b03622, 0xcbc64699, 0x620f4c54, 0xe8c23d70, 0xfcca01e2,
    0x0ecdb4f5, 0x6bbd3298, 0x10d3aefb, 0xb892d1e8, 0x0e30b315, 0x3dc36362,
};
static const struct ecc_point public_key = {
    .x = {0xafb72d44, 0xd1bdbbd0, 0x04afb131, 0x412de64f, 0x632b1a9c, 0xd6b204d7, 0xbfd1cc5b, 0xc946db9c, 0xd11422d9,
          0x393a67e0, 0xec94ff8e, 0x20b6298c},
    .y = {0x564e77aa, 0x2e41cc26, 0x93568e5a, 0xe333ce6f, 0xc7651667, 0xd3fa55b1, 0x9e7cef87, 0xf37b5f9e, 0x572fa6c7,
          0x3b7646e4, 0x75bd965f, 0x7cef2f6a},
};
static const struct ecc_signature signature = {
    .r = {0x915cb956, 0xfae7830e, 0xd61b9dbc, 0x15ac90b8, 0xe19cb4bc, 0xbd1dafa9, 0x4cd92989, 0x32cab55b, 0x7ec10c4f,
          0xbec9c8c4, 0x9f489943, 0xb6968ac7},
    .s = {0xd1946b5f, 0x4821a086, 0x892f2061, 0x2accc36b, 0x88f10af9, 0x21f1a8b2, 0x03087c88, 0xd0491678, 0x2ecf304c,
          0x7aac4afa, 0x642f5ffe, 0x8dde224c},
};

static void blind(void) {
  // What blinds the computation does not change its result.
  for (uint32_t i = 0; i < WORDS_384; i++) ECC_IV[i] = 0x1b1d0000 + i;
}

static bool vault_done(volatile uint32_t* status, const char* what) {
  return wait_for(status, STATUS_VALID, what) && *status >> VAULT_ERROR_SHIFT == VAULT_SUCCESS;
}

bool ecc384_keygen(struct place from, const uint32_t* with_nonce, struct place to, struct ecc_point* public) {
  wait_for(&ECC_STATUS, STATUS_READY, "ECC gets ready");
  bool good = true;
  if (from.in_vault) {
    ECC_KV_RD_SEED_CTRL = VAULT_ENABLE | from.entry << VAULT_ENTRY_SHIFT;
    good = vault_done(&ECC_KV_RD_SEED_STATUS, "ECC gets its seed");
  } else {
    copy_words(ECC_SEED, from.words, WORDS_384);
  }
  if (to.in_vault) ECC_KV_WR_PKEY_CTRL = VAULT_ENABLE | to.entry << VAULT_ENTRY_SHIFT | to.destinations;
  copy_words(ECC_NONCE, with_nonce, WORDS_384);
  blind();
  if (good) {
    ECC_CTRL = ECC_KEYGEN;
    good = wait_for(&ECC_STATUS, STATUS_READY | STATUS_VALID, "ECC finishes a key");
  }
  if (good && to.in_vault) {
    good = vault_done(&ECC_KV_WR_PKEY_STATUS, "ECC delivers its key");
  } else if (good) {
    copy_words(to.result, ECC_PRIVKEY_OUT, WORDS_384);
  }
  copy_words(public->x, ECC_PUBKEY_X, WORDS_384);
  copy_words(public->y, ECC_PUBKEY_Y, WORDS_384);
  ECC_CTRL = ECC_ZEROIZE;
  return good;
}

bool ecc384_sign(struct place from, const uint32_t* digest, struct ecc_signature* result) {
  wait_for(&ECC_STATUS, STATUS_READY, "ECC gets ready");
  bool good = true;
  if (from.in_vault) {
    ECC_KV_RD_PKEY_CTRL = VAULT_ENABLE | from.entry << VAULT_ENTRY_SHIFT;
    good = vault_done(&ECC_KV_RD_PKEY_STATUS, "ECC gets its key");
  } else {
    copy_words(ECC_PRIVKEY_IN, from.words, WORDS_384);
  }
  copy_words(ECC_MSG, digest, WORDS_384);
  blind();
  if (good) {
    ECC_CTRL = ECC_SIGNING;
    good = wait_for(&ECC_STATUS, STATUS_READY | STATUS_VALID, "ECC finishes a signature");
  }
  copy_words(result->r, ECC_SIGN_R, WORDS_384);
  copy_words(result->s, ECC_SIGN_S, WORDS_384);
  ECC_CTRL = ECC_ZEROIZE;
  return good;
}

bool ecc384_verify(const struct ecc_point* public, const uint32_t* digest, const struct ecc_signature* of) {
  wait_for(&ECC_STATUS, STATUS_READY, "ECC gets ready");
  copy_words(ECC_PUBKEY_X, public->x, WORDS_384);
  copy_words(ECC_PUBKEY_Y, public->y, WORDS_384);
  copy_words(ECC_MSG, digest, WORDS_384);
  copy_words(ECC_SIGN_R, of->r, WORDS_384);
  copy_words(ECC_SIGN_S, of->s, WORDS_384);
  blind();
  ECC_CTRL = ECC_VERIFYING;
  bool good = wait_for(&ECC_STATUS, STATUS_READY | STATUS_VALID, "ECC finishes a verification") &&
              words_equal(ECC_VERIFY_R, of->r, WORDS_384);
  ECC_CTRL = ECC_ZEROIZE;
  return good;
}

static void check_refusal(void) {
  wait_for(&ECC_STATUS, STATUS_READY, "ECC gets ready");
  INTERRUPT_ERROR_STATUS(ECC_INTERRUPTS) = 1;
  for (int i = 0; i < WORDS_384; i++) ECC_PRIVKEY_IN[i] = 0;
  copy_words(ECC_MSG, message, WORDS_384);
  ECC_CTRL = ECC_SIGNING;
  wait_for(&INTERRUPT_ERROR_STATUS(ECC_INTERRUPTS), 1, "a private key of 0 is an error");
  check_equal(INTERRUPT_ERROR_STATUS(ECC_INTERRUPTS), 1, "a private key of 0 raises the error interrupt");
  ECC_CTRL = ECC_ZEROIZE;
  wait_for(&ECC_STATUS, STATUS_READY, "ECC gets ready after an error");
  INTERRUPT_ERROR_STATUS(ECC_INTERRUPTS) = 1;
  check_equal(INTERRUPT_ERROR_STATUS(ECC_INTERRUPTS), 0, "and can be taken back");
}

void check_ecc384(void) {
  heading("ECC P-384");
  uint32_t key[WORDS_384];
  struct ecc_point point;
  ecc384_keygen(FROM_WORDS(seed), nonce, TO_WORDS(key), &point);
  check_words(key, private_key, WORDS_384, "private key from seed and nonce");
  check_words(point.x, public_key.x, WORDS_384, "public key, x");
  check_words(point.y, public_key.y, WORDS_384, "public key, y");

  struct ecc_signature result;
  ecc384_sign(FROM_WORDS(private_key), message, &result);
  check_words(result.r, signature.r, WORDS_384, "signature, r");
  check_words(result.s, signature.s, WORDS_384, "signature, s");

  check(ecc384_verify(&public_key, message, &signature), "the signature is verified");
  check(!ecc384_verify(&public_key, seed, &signature), "and refused for another message");
  check_refusal();
}
