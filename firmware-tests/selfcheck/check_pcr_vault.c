// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// PCRs: extended by the SHA-512 engine only, hashed all together, and the hash signed with the key in slot 7.

#include "selfcheck/selfcheck.h"

enum { PCR = 20, PCR_OTHER = 21, SLOT_PCR_SIGNING = 7 };

// SHA-384 of "measurement"; PCR after one and after two extensions with it
static const uint32_t measurement[] = {
    0x302165ab, 0x29dac9ee, 0x86adf8cf, 0x208ca210, 0x30ef10ad, 0xd5e41044,
    0xbe60f62e, 0x11331ef6, 0x387d9e5f, 0xe606974a, 0xc921cb9c, 0x9cbb4791,
};
static const uint32_t extended_once[] = {
    0x1e41df26, 0xcfa8b448, 0xd1f35e0a, 0x6876bf9f, 0x27029fe8, 0x4683d79c,
    0x80e358f2, 0x22ac5c0f, 0xe94185a5, 0x22abb623, 0xfd024293, 0x083cf018,
};
static const uint32_t extended_twice[] = {
    0xb7919320, 0x73258816, 0xf7836aef, 0xac3ab114, 0x8ff2f623, 0xe9755967,
    0x0a2f7e17, 0x7f1b1b45, 0xa5876af6, 0x1c92c45f, 0xc498d37f, 0x1cfa4b30,
};

static void extend(unsigned pcr, const uint32_t* data) {
  wait_for(&SHA512_STATUS, STATUS_READY, "SHA-512 gets ready");
  SHA512_VAULT_RD_CTRL = VAULT_ENABLE | pcr << VAULT_ENTRY_SHIFT | VAULT_PCR_HASH_EXTEND;
  wait_for(&SHA512_VAULT_RD_STATUS, STATUS_VALID, "SHA-512 gets the PCR");
  // The first twelve words hold the PCR; writes to them are dropped.
  for (unsigned i = 0; i < 32; i++) SHA512_BLOCK[i] = i >= 12 && i < 24 ? data[i - 12] : 0;
  SHA512_BLOCK[24] = 0x80000000;
  SHA512_BLOCK[31] = 24 * 32;
  SHA512_CTRL = SHA512_INIT | SHA384 << SHA512_MODE_SHIFT | SHA512_LAST;
  // SHA512_KV_WR_STATUS.VALID would not do: only a write to SHA512_KV_WR_CTRL takes it back.
  wait_for(&SHA512_STATUS, STATUS_READY | STATUS_VALID, "SHA-512 finishes");
  wait_for(&SHA512_GEN_PCR_HASH_STATUS, STATUS_READY, "SHA-512 delivers the PCR");
}

static void check_extension(void) {
  static const uint32_t zeros[PCR_WORDS];
  PCR_CTRL[PCR] = PCR_CLEAR;
  check_words(PCR_ENTRY(PCR), zeros, PCR_WORDS, "a cleared PCR is 0");
  extend(PCR, measurement);
  check_words(PCR_ENTRY(PCR), extended_once, PCR_WORDS, "a PCR is extended");
  extend(PCR, measurement);
  check_words(PCR_ENTRY(PCR), extended_twice, PCR_WORDS, "and extended again");
  PCR_ENTRY(PCR)[0] = 0;
  check_words(PCR_ENTRY(PCR), extended_twice, PCR_WORDS, "but cannot be written");
  PCR_CTRL[PCR] = PCR_LOCK;
  PCR_CTRL[PCR] = PCR_CLEAR;
  check_words(PCR_ENTRY(PCR), extended_twice, PCR_WORDS, "nor be cleared once it is locked");
  extend(PCR_OTHER, extended_once);
}

static void hash_all(const uint32_t* nonce, uint32_t* hash) {
  wait_for(&SHA512_GEN_PCR_HASH_STATUS, STATUS_READY, "the PCR hash gets ready");
  copy_words(SHA512_GEN_PCR_HASH_NONCE, nonce, 8);
  SHA512_GEN_PCR_HASH_CTRL = 1;
  wait_for(&SHA512_GEN_PCR_HASH_STATUS, STATUS_READY | STATUS_VALID, "the PCR hash finishes");
  copy_words(hash, SHA512_GEN_PCR_HASH_DIGEST, WORDS_384);
  // The block stays locked until the next start.
  SHA512_CTRL = SHA512_INIT;
  wait_for(&SHA512_STATUS, STATUS_READY, "SHA-512 gets ready");
}

static void check_hash_and_signature(void) {
  static uint32_t message[PCR_COUNT * PCR_WORDS + 8];
  uint32_t nonce[8], hash[WORDS_384], want[WORDS_384];
  for (uint32_t i = 0; i < 8; i++) nonce[i] = 0x4e00000e + (i << 12);
  hash_all(nonce, hash);

  copy_words(message, PCR_ENTRY(0), PCR_COUNT * PCR_WORDS);
  // pv_gen_hash.sv takes the nonce's words from the last to the first.
  for (unsigned i = 0; i < 8; i++) message[PCR_COUNT * PCR_WORDS + i] = nonce[7 - i];
  sha512_words(SHA384, message, PCR_COUNT * PCR_WORDS + 8, want, WORDS_384);
  check_words(hash, want, WORDS_384, "the hash is over all PCRs and the nonce");

  struct ecc_point point;
  ecc384_keygen(FROM_WORDS(measurement), extended_once, TO_VAULT(SLOT_PCR_SIGNING, DEST_ECC_PRIVATE_KEY), &point);
  wait_for(&ECC_STATUS, STATUS_READY, "ECC gets ready");
  ECC_CTRL = ECC_PCR_SIGN | ECC_SIGNING;
  wait_for(&ECC_STATUS, STATUS_READY | STATUS_VALID, "ECC finishes a signature");
  struct ecc_signature signature;
  copy_words(signature.r, ECC_SIGN_R, WORDS_384);
  copy_words(signature.s, ECC_SIGN_S, WORDS_384);
  ECC_CTRL = ECC_ZEROIZE;
  check(ecc384_verify(&point, hash, &signature), "the signed PCR hash is verified with the key of slot 7");
  SHA512_CTRL = SHA512_ZEROIZE;
}

void check_pcr_vault(void) {
  heading("PCR vault");
  check_extension();
  check_hash_and_signature();
}
