// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "demo/library/self_test.h"

#include "demo/contract/handoff.h"
#include "demo/contract/status.h"
#include "demo/library/crypto.h"
#include "demo/library/lms.h"

// The answers were computed apart from any hardware: by Python's hashlib, and by SP 800-90A's HMAC-DRBG for ECC.
enum { MESSAGE_BYTES = 200 };  // 0, 1, 2, …
static const uint32_t message_sha256[] = {
    0x1901da1c, 0x9f699b48, 0xf6b2636e, 0x65cbf73a, 0xbf99d044, 0x1ef67f5c, 0x540a42f7, 0x051dec6f,
};
static const uint32_t message_sha384[] = {
    0x7ea4bb25, 0x34c67036, 0xf49de7be, 0xb5fe8a24, 0x78df04ff, 0x3fef40a9,
    0xcd492399, 0x9a590e99, 0x12df1297, 0x217ce1a0, 0x21aa2fb1, 0x013498b8,
};
static const uint32_t key[] = {
    0x30313233, 0x34353637, 0x38393a3b, 0x3c3d3e3f, 0x40414243, 0x44454647,
    0x48494a4b, 0x4c4d4e4f, 0x50515253, 0x54555657, 0x58595a5b, 0x5c5d5e5f,
};
static const uint32_t message_hmac384[] = {
    0x08c90499, 0x36bef31a, 0x4b8e8cd7, 0xdcc1e0eb, 0x6df27f21, 0x51e64253,
    0x83b74687, 0x8e80cd26, 0xe372502b, 0xa9117021, 0xa5336083, 0x49dd9a09,
};
// The key pair of which `key` is the seed, and its signature of message_sha384
static const struct ecc_point public_key = {
    .x = {0xb221dc52, 0x1c18b8fc, 0x252a2999, 0x9aab389e, 0xe19d8aea, 0x4641fce6, 0xcc53f2a3, 0xab18ec45, 0x32cb2337,
          0x04ff5778, 0x17ec9534, 0x4f5d81c5},
    .y = {0x153231b9, 0xad95d424, 0x528baa4f, 0x8bee3ec9, 0x6d17e2e5, 0x07dd5bf2, 0x717cab4c, 0x720ab337, 0xc69d5159,
          0xbc72a88a, 0xe6da58e9, 0x73be0866},
};
static const struct ecc_signature signature = {
    .r = {0xa20ba58f, 0xee55edbf, 0x576eb72e, 0x17bd36a2, 0x8df9ebbf, 0x8886ec4c, 0xcf96399b, 0x1a84aa6d, 0xca9124ea,
          0x52147c80, 0x03e67bbf, 0xa0eb7c39},
    .s = {0xdb7bec8d, 0x5824fcd5, 0x0a05c9fb, 0x806270be, 0xbe98ea51, 0xa8625eb4, 0xd119f68e, 0x5cd2ae27, 0xb9f045ff,
          0xc17be7b0, 0xed3572e0, 0x1bd3e4de},
};
// The root of the tree in which the signature that make_lms_signature() makes up is a right one
static const uint8_t lms_root[LMS_NODE_BYTES] = {
    0x78, 0xaf, 0x68, 0x4f, 0x2c, 0xb4, 0xde, 0x05, 0xbb, 0x44, 0xe6, 0x2e,
    0xfb, 0x23, 0x6d, 0x30, 0xad, 0x44, 0x07, 0xfb, 0xcb, 0x35, 0x73, 0xac,
};

static void fill(uint8_t* bytes, uint32_t count, uint8_t first, uint8_t step) {
  for (; count--; first += step) *bytes++ = first;
}

static uint32_t test_hashes(const uint8_t* message) {
  uint32_t digest[WORDS_384];
  sha256(message, MESSAGE_BYTES, digest);
  if (!words_equal(digest, message_sha256, WORDS_256)) return ERROR_KAT_SHA256;
  sha384(message, MESSAGE_BYTES, digest);
  if (!words_equal(digest, message_sha384, WORDS_384)) return ERROR_KAT_SHA384;
  hmac384(KEY_OF_WORDS(key), message, MESSAGE_BYTES, digest);
  if (!words_equal(digest, message_hmac384, WORDS_384)) return ERROR_KAT_HMAC384;
  return 0;
}

static uint32_t test_sha_accelerator(const uint8_t* message) {
  // After power-on and warm reset the core has it; later it may be the SoC that uses it just now.
  (void)SHA512_ACC_LOCK;
  if (SHA512_ACC_STATUS & SHA512_ACC_SOC_HAS_LOCK) return 0;
  SHA512_ACC_MODE = SHA512_ACC_STREAM_384;
  SHA512_ACC_DLEN = MESSAGE_BYTES;
  for (unsigned i = 0; i < MESSAGE_BYTES / 4; i++) SHA512_ACC_DATAIN = byte_swap(((const uint32_t*)message)[i]);
  SHA512_ACC_EXECUTE = 1;
  while (!(SHA512_ACC_STATUS & SHA512_ACC_VALID)) {
  }
  bool good = words_equal(SHA512_ACC_DIGEST, message_sha384, WORDS_384);
  SHA512_ACC_CONTROL = 1;
  SHA512_ACC_LOCK = 1;  // given back
  return good ? 0 : ERROR_KAT_SHA_ACCELERATOR;
}

static uint32_t test_ecc384(void) {
  struct ecc_point made;
  struct ecc_signature signed_now;
  ecc384_keygen(KEY_OF_WORDS(key), KEY_TEMPORARY, &made);
  if (!words_equal(made.x, public_key.x, WORDS_384) || !words_equal(made.y, public_key.y, WORDS_384)) {
    return ERROR_KAT_ECC384_KEY;
  }
  ecc384_sign(KEY_IN_VAULT(KEY_TEMPORARY), message_sha384, &signed_now);
  key_clear(KEY_TEMPORARY);
  if (!words_equal(signed_now.r, signature.r, WORDS_384) || !words_equal(signed_now.s, signature.s, WORDS_384)) {
    return ERROR_KAT_ECC384_SIGNATURE;
  }
  if (!ecc384_verify(&public_key, message_sha384, &signature)) return ERROR_KAT_ECC384_VERIFY;
  signed_now.s[0] ^= 1;
  return ecc384_verify(&public_key, message_sha384, &signed_now) ? ERROR_KAT_ECC384_VERIFY : 0;
}

/// Bytes that follow a pattern: whatever they are, they are right for some root.
static void make_lms_signature(struct lms_public_key* public_lms_key, struct lms_signature* lms) {
  *public_lms_key = (struct lms_public_key){.tree_type = {0, 0, 0, 12}, .ots_type = {0, 0, 0, 7}};
  fill(public_lms_key->identifier, sizeof public_lms_key->identifier, 1, 7);
  *lms = (struct lms_signature){.leaf = {0, 0, 0x12, 0x34}, .ots_type = {0, 0, 0, 7}, .tree_type = {0, 0, 0, 12}};
  fill(lms->randomizer, LMS_NODE_BYTES, 2, 7);
  for (unsigned i = 0; i < LMS_OTS_CHAINS; i++) fill(lms->chains[i], LMS_NODE_BYTES, 3 + i, 7);
  for (unsigned i = 0; i < LMS_TREE_HEIGHT; i++) fill(lms->path[i], LMS_NODE_BYTES, 100 + i, 7);
}

static uint32_t test_lms(const uint8_t* message) {
  struct lms_public_key public_lms_key;
  struct lms_signature lms;
  make_lms_signature(&public_lms_key, &lms);
  for (unsigned i = 0; i < LMS_NODE_BYTES; i++) public_lms_key.root[i] = lms_root[i];
  if (!lms_verify(&public_lms_key, message, 48, &lms)) return ERROR_KAT_LMS;
  lms.chains[20][3] ^= 1;
  return lms_verify(&public_lms_key, message, 48, &lms) ? ERROR_KAT_LMS : 0;
}

uint32_t self_test_run(void) {
  uint8_t message[MESSAGE_BYTES] __attribute__((aligned(4)));
  fill(message, sizeof message, 0, 1);
  uint32_t error = 0;
  if ((error = test_hashes(message))) return error;
  if ((error = test_sha_accelerator(message))) return error;
  if ((error = test_ecc384())) return error;
  return test_lms(message);
}
