// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// HMAC-SHA-384 on RFC 4231's first two test cases and on a message of two blocks. The engine's key has 48 bytes; a
// shorter one is filled up with zeros, as HMAC does with it anyway.

#include "selfcheck/selfcheck.h"

// RFC 4231, test case 1: 20 bytes of 0x0b, "Hi There"
static const uint32_t key_1[] = {
    0x0b0b0b0b, 0x0b0b0b0b, 0x0b0b0b0b, 0x0b0b0b0b, 0x0b0b0b0b, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
};
static const uint32_t message_1[] = {
    0x48692054, 0x68657265, 0x80000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000440,
};
static const uint32_t tag_1[] = {
    0xafd03944, 0xd8489562, 0x6b0825f4, 0xab46907f, 0x15f9dadb, 0xe4101ec6,
    0x82aa034c, 0x7cebc59c, 0xfaea9ea9, 0x076ede7f, 0x4af152e8, 0xb2fa9cb6,
};

// RFC 4231, test case 2: "Jefe", "what do ya want for nothing?"
static const uint32_t key_2[] = {
    0x4a656665, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
};
static const uint32_t message_2[] = {
    0x77686174, 0x20646f20, 0x79612077, 0x616e7420, 0x666f7220, 0x6e6f7468, 0x696e673f, 0x80000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x000004e0,
};
static const uint32_t tag_2[] = {
    0xaf45d2e3, 0x76484031, 0x617f78d2, 0xb58a6b1b, 0x9c7ef464, 0xf5a01b47,
    0xe42ec373, 0x6322445e, 0x8e2240ca, 0x5e69e2c7, 0x8b3239ec, 0xfab21649,
};

// A key of bytes 0x30 to 0x5f, a message of bytes 0 to 199
static const uint32_t key_3[] = {
    0x30313233, 0x34353637, 0x38393a3b, 0x3c3d3e3f, 0x40414243, 0x44454647,
    0x48494a4b, 0x4c4d4e4f, 0x50515253, 0x54555657, 0x58595a5b, 0x5c5d5e5f,
};
static const uint32_t message_3[] = {
    0x00010203, 0x04050607, 0x08090a0b, 0x0c0d0e0f, 0x10111213, 0x14151617, 0x18191a1b, 0x1c1d1e1f,
    0x20212223, 0x24252627, 0x28292a2b, 0x2c2d2e2f, 0x30313233, 0x34353637, 0x38393a3b, 0x3c3d3e3f,
    0x40414243, 0x44454647, 0x48494a4b, 0x4c4d4e4f, 0x50515253, 0x54555657, 0x58595a5b, 0x5c5d5e5f,
    0x60616263, 0x64656667, 0x68696a6b, 0x6c6d6e6f, 0x70717273, 0x74757677, 0x78797a7b, 0x7c7d7e7f,
    0x80818283, 0x84858687, 0x88898a8b, 0x8c8d8e8f, 0x90919293, 0x94959697, 0x98999a9b, 0x9c9d9e9f,
    0xa0a1a2a3, 0xa4a5a6a7, 0xa8a9aaab, 0xacadaeaf, 0xb0b1b2b3, 0xb4b5b6b7, 0xb8b9babb, 0xbcbdbebf,
    0xc0c1c2c3, 0xc4c5c6c7, 0x80000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000,
    0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000000, 0x00000a40,
};
static const uint32_t tag_3[] = {
    0x08c90499, 0x36bef31a, 0x4b8e8cd7, 0xdcc1e0eb, 0x6df27f21, 0x51e64253,
    0x83b74687, 0x8e80cd26, 0xe372502b, 0xa9117021, 0xa5336083, 0x49dd9a09,
};

static bool vault_done(volatile uint32_t* status, const char* what) {
  return wait_for(status, STATUS_VALID, what) && *status >> VAULT_ERROR_SHIFT == VAULT_SUCCESS;
}

bool hmac384(struct place key, const uint32_t* blocks, unsigned block_count, struct place tag) {
  wait_for(&HMAC384_STATUS, STATUS_READY, "HMAC gets ready");
  bool good = true;
  if (key.in_vault) {
    HMAC384_KV_RD_KEY_CTRL = VAULT_ENABLE | key.entry << VAULT_ENTRY_SHIFT;
    good = vault_done(&HMAC384_KV_RD_KEY_STATUS, "HMAC gets its key");
  } else {
    copy_words(HMAC384_KEY, key.words, WORDS_384);
  }
  if (tag.in_vault) HMAC384_KV_WR_CTRL = VAULT_ENABLE | tag.entry << VAULT_ENTRY_SHIFT | tag.destinations;

  for (unsigned i = 0; good && i < block_count; i++) {
    for (int word = 0; word < WORDS_384; word++) HMAC384_LFSR_SEED[word] = 0x600df00d + word;  // not to be guessed
    copy_words(HMAC384_BLOCK, &blocks[32 * i], 32);
    HMAC384_CTRL = i == 0 ? HMAC384_INIT : HMAC384_NEXT;
    good = wait_for(&HMAC384_STATUS, STATUS_READY | STATUS_VALID, "HMAC finishes");
  }
  if (good && tag.in_vault) {
    good = vault_done(&HMAC384_KV_WR_STATUS, "HMAC delivers its tag");
  } else if (good) {
    copy_words(tag.result, HMAC384_TAG, WORDS_384);
  }
  HMAC384_CTRL = HMAC384_ZEROIZE;
  return good;
}

void hmac384_pad_384(const uint32_t* message, uint32_t* block) {
  for (unsigned i = 0; i < 32; i++) block[i] = i < WORDS_384 ? message[i] : 0;
  block[WORDS_384] = 0x80000000;
  block[31] = 1024 + 384;
}

static void check_tag(const uint32_t* key, const uint32_t* blocks, unsigned count, const uint32_t* want,
                      const char* what) {
  uint32_t tag[WORDS_384];
  hmac384(FROM_WORDS(key), blocks, count, TO_WORDS(tag));
  check_words(tag, want, WORDS_384, what);
}

void check_hmac384(void) {
  heading("HMAC-384");
  check_tag(key_1, message_1, 1, tag_1, "RFC 4231, test case 1");
  check_tag(key_2, message_2, 1, tag_2, "RFC 4231, test case 2");
  check_tag(key_3, message_3, 2, tag_3, "a message of two blocks");
  static const uint32_t zeros[WORDS_384];
  check_words(HMAC384_TAG, zeros, WORDS_384, "zeroize clears the tag");
}
