// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "demo/library/hash_engine.h"
#include "runtime/registers.h"

const struct hash_engine sha256_engine = {
    .block = SHA256_BLOCK,
    .digest = SHA256_DIGEST,
    .control = &SHA256_CTRL,
    .status = &SHA256_STATUS,
    .mode = 1 << SHA256_MODE_SHIFT,
    .block_bytes = 64,
    .digest_words = WORDS_256,
};
const struct hash_engine sha384_engine = {
    .block = SHA512_BLOCK,
    .digest = SHA512_DIGEST,
    .control = &SHA512_CTRL,
    .status = &SHA512_STATUS,
    .mode = 2 << SHA512_MODE_SHIFT,
    .block_bytes = 128,
    .digest_words = WORDS_384,
};
const struct hash_engine hmac384_engine = {
    .block = HMAC384_BLOCK,
    .digest = HMAC384_TAG,
    .control = &HMAC384_CTRL,
    .status = &HMAC384_STATUS,
    .mode = 0,
    .block_bytes = 128,
    .digest_words = WORDS_384,
    .prefix_bytes = 128,
};

static void wait_until_ready(const struct hash_engine* engine) {
  while (!(*engine->status & STATUS_READY)) {
  }
}

static void process_block(const struct hash* hash, bool first) {
  const struct hash_engine* engine = hash->engine;
  wait_until_ready(engine);
  for (unsigned i = 0; i < engine->block_bytes / 4u; i++) engine->block[i] = byte_swap(hash->block[i]);
  *engine->control = (first ? 1 : 2) | engine->mode;
}

void hash_begin(struct hash* hash, const struct hash_engine* engine) {
  hash->engine = engine;
  hash->length = 0;
}

void hash_add(struct hash* hash, const void* bytes, uint32_t count) {
  const uint8_t* from = bytes;
  uint32_t size = hash->engine->block_bytes;
  while (count) {
    uint32_t at = hash->length & (size - 1);
    if (((uintptr_t)from | at) % 4 == 0 && count >= 4) {
      hash->block[at / 4] = *(const uint32_t*)from;
      from += 4;
      count -= 4;
      hash->length += 4;
    } else {
      ((uint8_t*)hash->block)[at] = *from++;
      count--;
      hash->length++;
    }
    if ((hash->length & (size - 1)) == 0) process_block(hash, hash->length == size);
  }
}

// A 1, zeros, and the length in bits at the block's end; 32 bits of it are enough for us.
void hash_end(struct hash* hash, uint32_t* digest) {
  const struct hash_engine* engine = hash->engine;
  uint32_t size = engine->block_bytes;
  uint32_t at = hash->length & (size - 1);
  bool first = hash->length < size;
  uint8_t* block = (uint8_t*)hash->block;
  block[at++] = 0x80;
  if (at > size - size / 8) {
    while (at < size) block[at++] = 0;
    process_block(hash, first);
    first = false;
    at = 0;
  }
  while (at < size) block[at++] = 0;
  hash->block[size / 4 - 1] = byte_swap((hash->length + engine->prefix_bytes) * 8);
  process_block(hash, first);
  wait_until_ready(engine);
  if (digest) copy_words(digest, engine->digest, engine->digest_words);
}

void sha256(const void* bytes, uint32_t count, uint32_t digest[WORDS_256]) {
  struct hash hash;
  hash_begin(&hash, &sha256_engine);
  hash_add(&hash, bytes, count);
  hash_end(&hash, digest);
}

void sha384(const void* bytes, uint32_t count, uint32_t digest[WORDS_384]) {
  struct hash hash;
  hash_begin(&hash, &sha384_engine);
  hash_add(&hash, bytes, count);
  hash_end(&hash, digest);
}
