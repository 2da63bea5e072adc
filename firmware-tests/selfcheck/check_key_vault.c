// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The key vault between the engines: a key goes from HMAC to HMAC to ECC without being seen, and the public key and the
// signature at the end are those that the same steps give outside. Then locks and clearing.

#include "selfcheck/selfcheck.h"

enum { SLOT_FIRST = 10, SLOT_SEED = 11, SLOT_PRIVATE = 12, SLOT_LOCKED = 13 };

// SHA-384 of "root key", "label", "nonce" and "message"
static const uint32_t root_key[] = {
    0xb41588a0, 0x8421187c, 0x19ea998b, 0xdf2c69c6, 0x1eeb49ba, 0xa2c3fe1b,
    0x5cd389dc, 0xebeb30ab, 0x426fb3a9, 0x6f32a33d, 0x7111acc8, 0xab934ada,
};
static const uint32_t label[] = {
    0x5f519af9, 0xa443a8dd, 0xa18150b9, 0xd4efa76f, 0x177d150f, 0xb41f26c5,
    0xe474dff8, 0x4e3fa300, 0xebec1ab3, 0xfcca4022, 0x4661cb12, 0x17b1b562,
};
static const uint32_t nonce[] = {
    0x2569917f, 0x7283db5b, 0x37a5cd45, 0x348e98a6, 0xbf2cfd62, 0x37f66703,
    0xdae6f8ff, 0x56a154a0, 0xdbb3fc5e, 0x368526e9, 0x1d2ab1ea, 0xa5c6323a,
};
static const uint32_t message[] = {
    0x353eb751, 0x6a27ef92, 0xe96d1a31, 0x9712d84b, 0x902eaa82, 0x8819e53a,
    0x8b09af70, 0x28103a99, 0x78ba8feb, 0x6161e33c, 0x3619c5da, 0x4c4666a5,
};

// HMAC(HMAC(root key, label), label) is the seed of this key.
static const struct ecc_point public_key = {
    .x = {0x4c6532bb, 0xc52eb827, 0x7482f0e3, 0xb4a5dfda, 0xa0da2c6d, 0xe1413b34, 0xb468f539, 0x7962fd6d, 0xc4951539,
          0x8224b18d, 0x15e948ff, 0xbc3f86bd},
    .y = {0x0ff9ffb9, 0x0e8fc278, 0xf5ed95b3, 0x806d5a49, 0x224be435, 0x20ee9306, 0xbd18a94c, 0xa8dd0f91, 0x6bd51594,
          0x4fc120b9, 0x354ed3d5, 0xdf24c553},
};
static const struct ecc_signature signature = {
    .r = {0xf21b1533, 0x1bcb58ad, 0x44ace4ab, 0xef3372e2, 0x9786aacc, 0x7f40a2cc, 0x382ff246, 0xa5d88f60, 0xd61790f6,
          0x8f26ca1d, 0xddf3c1e6, 0x29da9ef1},
    .s = {0x6b8c3789, 0x3239d62c, 0xe7bb7fe5, 0xab7388ae, 0x889f2a6f, 0x5f8d364f, 0x534f5008, 0x7040a74e, 0x82d209f5,
          0xe2de8237, 0x000e72d4, 0x6b264a04},
};

// HMAC(root key, HMAC(root key, label)): the tag from the vault as the message
static const uint32_t tag_of_tag[] = {
    0xc21638b1, 0x5f325de3, 0x0a2251cb, 0xf3017ae6, 0x00a69c23, 0x2725b6c9,
    0x68b514cd, 0x51a19438, 0xa4fa2d34, 0x5cf9822e, 0xfba19a3c, 0x3ba62c1e,
};

static uint32_t vault_error(uint32_t status) { return status >> VAULT_ERROR_SHIFT & 0xff; }

static void check_chain(const uint32_t* block) {
  check(hmac384(FROM_WORDS(root_key), block, 1, TO_VAULT(SLOT_FIRST, DEST_HMAC_KEY | DEST_HMAC_BLOCK)),
        "HMAC puts a tag into the vault");
  // dest_valid, and last_dword 11
  check_equal(KEY_CTRL[SLOT_FIRST] >> 9, 0x3 | 11 << 8, "KEY_CTRL says what it is for and how long it is");
  check(hmac384(FROM_VAULT(SLOT_FIRST), block, 1, TO_VAULT(SLOT_SEED, DEST_ECC_SEED)),
        "HMAC takes its key from the vault");

  struct ecc_point point;
  check(ecc384_keygen(FROM_VAULT(SLOT_SEED), nonce, TO_VAULT(SLOT_PRIVATE, DEST_ECC_PRIVATE_KEY), &point),
        "ECC takes its seed from the vault and puts the key there");
  check_words(point.x, public_key.x, WORDS_384, "the public key is the one computed outside, x");
  check_words(point.y, public_key.y, WORDS_384, "and y");
  struct ecc_signature result;
  check(ecc384_sign(FROM_VAULT(SLOT_PRIVATE), message, &result), "ECC signs with a key from the vault");
  check_words(result.r, signature.r, WORDS_384, "the signature is the one computed outside, r");
  check_words(result.s, signature.s, WORDS_384, "and s");
  check(ecc384_verify(&public_key, message, &signature), "and is verified");
}

static void check_block_from_vault(void) {
  wait_for(&HMAC384_STATUS, STATUS_READY, "HMAC gets ready");
  copy_words(HMAC384_KEY, root_key, WORDS_384);
  HMAC384_KV_WR_CTRL = VAULT_ENABLE | SLOT_LOCKED << VAULT_ENTRY_SHIFT | DEST_HMAC_KEY | DEST_ECC_SEED;
  HMAC384_KV_RD_BLOCK_CTRL = VAULT_ENABLE | SLOT_FIRST << VAULT_ENTRY_SHIFT;
  wait_for(&HMAC384_KV_RD_BLOCK_STATUS, STATUS_VALID, "HMAC gets its message");
  HMAC384_CTRL = HMAC384_INIT;
  wait_for(&HMAC384_KV_WR_STATUS, STATUS_VALID, "HMAC delivers its tag");
  static const uint32_t zeros[WORDS_384];
  check_words(HMAC384_TAG, zeros, WORDS_384, "a tag of a secret message stays secret");
  HMAC384_CTRL = HMAC384_ZEROIZE;

  // The same key made outside shows whether the padding was right.
  struct ecc_point from_vault, from_words;
  uint32_t key[WORDS_384];
  ecc384_keygen(FROM_VAULT(SLOT_LOCKED), nonce, TO_VAULT(SLOT_PRIVATE, DEST_ECC_PRIVATE_KEY), &from_vault);
  ecc384_keygen(FROM_WORDS(tag_of_tag), nonce, TO_WORDS(key), &from_words);
  check_words(from_vault.x, from_words.x, WORDS_384, "HMAC pads a message from the vault");
}

static void check_locks(const uint32_t* block) {
  ECC_KV_RD_PKEY_CTRL = VAULT_ENABLE | SLOT_FIRST << VAULT_ENTRY_SHIFT;
  wait_for(&ECC_KV_RD_PKEY_STATUS, STATUS_VALID, "the vault answers");
  check_equal(vault_error(ECC_KV_RD_PKEY_STATUS), VAULT_READ_FAIL, "a key is refused for what it is not meant for");
  ECC_CTRL = ECC_ZEROIZE;

  KEY_CTRL[SLOT_LOCKED] = KEY_LOCK_WR;
  KEY_CTRL[SLOT_LOCKED] = 0;
  check_equal(KEY_CTRL[SLOT_LOCKED] & KEY_LOCK_WR, KEY_LOCK_WR, "a write lock stays");
  copy_words(HMAC384_KEY, root_key, WORDS_384);
  copy_words(HMAC384_BLOCK, block, 32);
  HMAC384_KV_WR_CTRL = VAULT_ENABLE | SLOT_LOCKED << VAULT_ENTRY_SHIFT | DEST_HMAC_KEY;
  HMAC384_CTRL = HMAC384_INIT;
  wait_for(&HMAC384_KV_WR_STATUS, STATUS_VALID, "the vault answers");
  check_equal(vault_error(HMAC384_KV_WR_STATUS), VAULT_WRITE_FAIL, "a write-locked entry cannot be written");
  HMAC384_CTRL = HMAC384_ZEROIZE;

  KEY_CTRL[SLOT_LOCKED] = KEY_LOCK_USE;
  HMAC384_KV_RD_KEY_CTRL = VAULT_ENABLE | SLOT_LOCKED << VAULT_ENTRY_SHIFT;
  wait_for(&HMAC384_KV_RD_KEY_STATUS, STATUS_VALID, "the vault answers");
  check_equal(vault_error(HMAC384_KV_RD_KEY_STATUS), VAULT_READ_FAIL, "a use-locked entry cannot be read");
  HMAC384_CTRL = HMAC384_ZEROIZE;

  KEY_CTRL[SLOT_SEED] = KEY_CLEAR;
  check_equal(KEY_CTRL[SLOT_SEED], 0, "clearing an entry forgets what it was for");
  ECC_KV_RD_SEED_CTRL = VAULT_ENABLE | SLOT_SEED << VAULT_ENTRY_SHIFT;
  wait_for(&ECC_KV_RD_SEED_STATUS, STATUS_VALID, "the vault answers");
  check_equal(vault_error(ECC_KV_RD_SEED_STATUS), VAULT_READ_FAIL, "and it cannot be read any more");
  ECC_CTRL = ECC_ZEROIZE;
}

void check_key_vault(void) {
  heading("Key vault");
  uint32_t block[32];
  hmac384_pad_384(label, block);
  check_chain(block);
  check_block_from_vault();
  check_locks(block);
}
