// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// SHA-256 and SHA-224 on the examples of FIPS 180-4, and the Winternitz chains that RTL 1.1 adds.

#include "selfcheck/selfcheck.h"

// "abc", padded
static const uint32_t one_block[] = {
    0x61626380, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000018,
};

// "abcdbcdecdef...nopq" of 56 bytes, padded
static const uint32_t two_blocks[] = {
    0x61626364, 0x62636465, 0x63646566, 0x64656667, 0x65666768, 0x66676869, 0x6768696a, 0x68696a6b,
    0x696a6b6c, 0x6a6b6c6d, 0x6b6c6d6e, 0x6c6d6e6f, 0x6d6e6f70, 0x6e6f7071, 0x80000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x000001c0,
};

static const uint32_t sha224_abc[] = {
    0x23097d22, 0x3405d822, 0x8642a477, 0xbda255b3, 0x2aadbce4, 0xbda0b3f7, 0xe36c9da7,
};
static const uint32_t sha256_abc[] = {
    0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223, 0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad,
};
static const uint32_t sha256_two_blocks[] = {
    0x248d6a61, 0xd20638b8, 0xe5c02693, 0x0c3e6039, 0xa33ce459, 0x64ff2167, 0xf6ecedd4, 0x19db06c1,
};

static void hash_block(const uint32_t* block, uint32_t command) {
  wait_for(&SHA256_STATUS, STATUS_READY, "SHA-256 gets ready");
  copy_words(SHA256_BLOCK, block, 16);
  SHA256_CTRL = command;
  wait_for(&SHA256_STATUS, STATUS_READY | STATUS_VALID, "SHA-256 finishes");
}

/// The block that one step of a chain hashes: 22 bytes that stay, the step's number, the value so far.
static void chain_block(uint32_t* block, unsigned step, const uint32_t* value, unsigned value_words) {
  for (unsigned i = 0; i < 16; i++) block[i] = 0;
  for (unsigned i = 0; i < 5; i++) block[i] = 0x10203040 + i;
  block[5] = 0x00070000 | step << 8;
  // The value begins at byte 23, the last of word 5.
  for (unsigned i = 0; i < value_words; i++) {
    block[5 + i] |= value[i] >> 24;
    block[6 + i] = value[i] << 8;
  }
  block[5 + value_words] |= 0x80;
  block[15] = (23 + 4 * value_words) * 8;
}

static void check_chain(unsigned w, unsigned first_step, unsigned value_words, const char* what) {
  const uint32_t mode = 1u << SHA256_MODE_SHIFT;
  uint32_t block[16];
  uint32_t value[8] = {0x01234567, 0x89abcdef, 0x02468ace, 0x13579bdf, 0x0f1e2d3c, 0x4b5a6978, 0xdeadbeef, 0xcafef00d};
  uint32_t start[16];
  chain_block(start, first_step, value, value_words);
  for (unsigned step = first_step; step <= (1u << w) - 2; step++) {
    chain_block(block, step, value, value_words);
    hash_block(block, SHA256_INIT | mode);
    copy_words(value, SHA256_DIGEST, value_words);
  }
  SHA256_CTRL = SHA256_ZEROIZE;
  hash_block(start, SHA256_INIT | mode | SHA256_WNTZ_MODE | w << SHA256_WNTZ_W_SHIFT |
                        (value_words == 8 ? SHA256_WNTZ_N_MODE : 0));
  check_words(SHA256_DIGEST, value, value_words, what);
}

void check_sha256(void) {
  heading("SHA-256");
  hash_block(one_block, SHA256_INIT | 0u << SHA256_MODE_SHIFT);
  check_words(SHA256_DIGEST, sha224_abc, 7, "SHA-224 of one block");
  hash_block(one_block, SHA256_INIT | 1u << SHA256_MODE_SHIFT);
  check_words(SHA256_DIGEST, sha256_abc, 8, "SHA-256 of one block");
  hash_block(two_blocks, SHA256_INIT | 1u << SHA256_MODE_SHIFT);
  hash_block(&two_blocks[16], SHA256_NEXT | 1u << SHA256_MODE_SHIFT);
  check_words(SHA256_DIGEST, sha256_two_blocks, 8, "SHA-256 of two blocks");

  if ((CPTRA_HW_REV_ID & 0xffff) != 0x01) {
    check_chain(4, 0, 6, "Winternitz chain of 15 steps, 192 bits");
    check_chain(8, 250, 8, "Winternitz chain from step 250 to its end, 256 bits");
    check_chain(2, 1, 8, "Winternitz chain of 2 steps, 256 bits");
  }
  SHA256_CTRL = SHA256_ZEROIZE;
  static const uint32_t zeros[8];
  check_words(SHA256_DIGEST, zeros, 8, "zeroize clears the digest");
}
