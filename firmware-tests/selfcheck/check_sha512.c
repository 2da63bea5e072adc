// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// SHA-512 and its shorter forms, on the examples of FIPS 180-4: one block, and two.

#include "selfcheck/selfcheck.h"

// "abc", padded
static const uint32_t one_block[] = {
    0x61626380, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000018,
};

// "abcdefghbcdefghi...nopqrstu" of 112 bytes, padded
static const uint32_t two_blocks[] = {
    0x61626364, 0x65666768, 0x62636465, 0x66676869, 0x63646566, 0x6768696a, 0x64656667, 0x68696a6b,
    0x65666768, 0x696a6b6c, 0x66676869, 0x6a6b6c6d, 0x6768696a, 0x6b6c6d6e, 0x68696a6b, 0x6c6d6e6f,
    0x696a6b6c, 0x6d6e6f70, 0x6a6b6c6d, 0x6e6f7071, 0x6b6c6d6e, 0x6f707172, 0x6c6d6e6f, 0x70717273,
    0x6d6e6f70, 0x71727374, 0x6e6f7071, 0x72737475, 0x80000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000380,
};

static const uint32_t sha512_224_abc[] = {
    0x4634270f, 0x707b6a54, 0xdaae7530, 0x460842e2, 0x0e37ed26, 0x5ceee9a4, 0x3e8924aa,
};
static const uint32_t sha512_256_abc[] = {
    0x53048e26, 0x81941ef9, 0x9b2e29b7, 0x6b4c7dab, 0xe4c2d0c6, 0x34fc6d46, 0xe0e2f131, 0x07e7af23,
};
static const uint32_t sha384_abc[] = {
    0xcb00753f, 0x45a35e8b, 0xb5a03d69, 0x9ac65007, 0x272c32ab, 0x0eded163,
    0x1a8b605a, 0x43ff5bed, 0x8086072b, 0xa1e7cc23, 0x58baeca1, 0x34c825a7,
};
static const uint32_t sha512_abc[] = {
    0xddaf35a1, 0x93617aba, 0xcc417349, 0xae204131, 0x12e6fa4e, 0x89a97ea2, 0x0a9eeee6, 0x4b55d39a,
    0x2192992a, 0x274fc1a8, 0x36ba3c23, 0xa3feebbd, 0x454d4423, 0x643ce80e, 0x2a9ac94f, 0xa54ca49f,
};
static const uint32_t sha384_two_blocks[] = {
    0x09330c33, 0xf71147e8, 0x3d192fc7, 0x82cd1b47, 0x53111b17, 0x3b3b05d2,
    0x2fa08086, 0xe3b0f712, 0xfcc7c71a, 0x557e2db9, 0x66c3e9fa, 0x91746039,
};
static const uint32_t sha512_two_blocks[] = {
    0x8e959b75, 0xdae313da, 0x8cf4f728, 0x14fc143f, 0x8f7779c6, 0xeb9f7fa1, 0x7299aead, 0xb6889018,
    0x501d289e, 0x4900f7e4, 0x331b99de, 0xc4b5433a, 0xc7d329ee, 0xb6dd2654, 0x5e96e55b, 0x874be909,
};

static void hash_block(enum sha512_mode mode, const uint32_t* block, uint32_t command) {
  wait_for(&SHA512_STATUS, STATUS_READY, "SHA-512 gets ready");
  copy_words(SHA512_BLOCK, block, 32);
  SHA512_CTRL = command | mode << SHA512_MODE_SHIFT;
  wait_for(&SHA512_STATUS, STATUS_READY | STATUS_VALID, "SHA-512 finishes");
}

void sha512_words(enum sha512_mode mode, const volatile uint32_t* message, unsigned words, uint32_t* digest,
                  unsigned digest_words) {
  uint32_t block[32] = {0};
  uint32_t command = SHA512_INIT;
  unsigned left = words;
  while (left >= 32) {
    copy_words(block, message, 32);
    hash_block(mode, block, command);
    command = SHA512_NEXT;
    message += 32;
    left -= 32;
  }
  for (unsigned i = 0; i < 32; i++) block[i] = i < left ? message[i] : 0;
  block[left] = 0x80000000;
  if (left > 27) {
    hash_block(mode, block, command);
    command = SHA512_NEXT;
    for (unsigned i = 0; i < 32; i++) block[i] = 0;
  }
  block[31] = words * 32;
  hash_block(mode, block, command);
  copy_words(digest, SHA512_DIGEST, digest_words);
}

void check_sha512(void) {
  heading("SHA-512");
  hash_block(SHA512_224, one_block, SHA512_INIT);
  check_words(SHA512_DIGEST, sha512_224_abc, 7, "SHA-512/224 of one block");
  hash_block(SHA512_256, one_block, SHA512_INIT);
  check_words(SHA512_DIGEST, sha512_256_abc, 8, "SHA-512/256 of one block");
  hash_block(SHA384, one_block, SHA512_INIT);
  check_words(SHA512_DIGEST, sha384_abc, 12, "SHA-384 of one block");
  hash_block(SHA512, one_block, SHA512_INIT);
  check_words(SHA512_DIGEST, sha512_abc, 16, "SHA-512 of one block");

  hash_block(SHA384, two_blocks, SHA512_INIT);
  hash_block(SHA384, &two_blocks[32], SHA512_NEXT);
  check_words(SHA512_DIGEST, sha384_two_blocks, 12, "SHA-384 of two blocks");
  hash_block(SHA512, two_blocks, SHA512_INIT);
  hash_block(SHA512, &two_blocks[32], SHA512_NEXT);
  check_words(SHA512_DIGEST, sha512_two_blocks, 16, "SHA-512 of two blocks");

  SHA512_CTRL = SHA512_ZEROIZE;
  static const uint32_t zeros[16];
  check_words(SHA512_DIGEST, zeros, 16, "zeroize clears the digest");
}
