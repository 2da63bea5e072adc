// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "demo/library/lms.h"

#include "demo/library/crypto.h"

enum {
  LMS_SHA256_M24_H15 = 12,
  LMOTS_SHA256_N24_W4 = 7,
  CHAIN_LENGTH = 15,
  MESSAGE_DIGITS = 2 * LMS_NODE_BYTES,
  D_PBLK = 0x8080,
  D_MESG = 0x8181,
  D_LEAF = 0x8282,
  D_INTR = 0x8383,
};

static uint32_t number(const uint8_t bytes[4]) {
  return (uint32_t)bytes[0] << 24 | bytes[1] << 16 | bytes[2] << 8 | bytes[3];
}

static void add_16(struct hash* hash, uint32_t value) {
  uint8_t bytes[] = {value >> 8, value};
  hash_add(hash, bytes, sizeof bytes);
}

/// Every hash of LMS begins with the key's identifier, a number and a tag.
static void begin(struct hash* hash, const struct lms_public_key* key, uint32_t number, uint32_t tag) {
  uint32_t bytes = byte_swap(number);
  hash_begin(hash, &sha256_engine);
  hash_add(hash, key->identifier, sizeof key->identifier);
  hash_add(hash, &bytes, sizeof bytes);
  add_16(hash, tag);
}

/// A digest cut to a node's size.
static void end(struct hash* hash, uint8_t node[LMS_NODE_BYTES]) {
  uint32_t digest[WORDS_256];
  hash_end(hash, digest);
  words_to_bytes(node, digest, LMS_NODE_BYTES / 4);
}

static void copy_node(uint8_t* to, const uint8_t* from) {
  for (unsigned i = 0; i < LMS_NODE_BYTES; i++) to[i] = from[i];
}

/// The digits of the message's digest and of their checksum say how far each chain has gone.
static void find_digits(const uint8_t digest[LMS_NODE_BYTES], uint8_t digits[LMS_OTS_CHAINS]) {
  uint32_t sum = 0;
  for (unsigned i = 0; i < MESSAGE_DIGITS; i++) {
    digits[i] = digest[i / 2] >> (i % 2 ? 0 : 4) & 15;
    sum += CHAIN_LENGTH - digits[i];
  }
  for (unsigned i = 0; i < 3; i++) digits[MESSAGE_DIGITS + i] = sum >> (8 - 4 * i) & 15;
}

/// The candidate for the one-time public key: each chain is gone to its end, and all ends are hashed. The engine holds
/// one message at a time, so the ends are kept.
static void one_time_key(const struct lms_public_key* key, uint32_t leaf, const uint8_t digits[LMS_OTS_CHAINS],
                         const struct lms_signature* signature, uint8_t result[LMS_NODE_BYTES]) {
  uint8_t ends[LMS_OTS_CHAINS][LMS_NODE_BYTES];
  struct hash hash;
  for (unsigned chain = 0; chain < LMS_OTS_CHAINS; chain++) {
    copy_node(ends[chain], signature->chains[chain]);
    for (uint8_t step = digits[chain]; step < CHAIN_LENGTH; step++) {
      begin(&hash, key, leaf, chain);
      hash_add(&hash, &step, 1);
      hash_add(&hash, ends[chain], LMS_NODE_BYTES);
      end(&hash, ends[chain]);
    }
  }
  begin(&hash, key, leaf, D_PBLK);
  hash_add(&hash, ends, sizeof ends);
  end(&hash, result);
}

bool lms_verify(const struct lms_public_key* key, const uint8_t* message, uint32_t message_bytes,
                const struct lms_signature* signature) {
  uint32_t leaf = number(signature->leaf);
  if (number(key->tree_type) != LMS_SHA256_M24_H15 || number(key->ots_type) != LMOTS_SHA256_N24_W4) return false;
  if (number(signature->tree_type) != LMS_SHA256_M24_H15) return false;
  if (number(signature->ots_type) != LMOTS_SHA256_N24_W4 || leaf >> LMS_TREE_HEIGHT) return false;

  struct hash hash;
  uint8_t node[LMS_NODE_BYTES], digits[LMS_OTS_CHAINS];
  begin(&hash, key, leaf, D_MESG);
  hash_add(&hash, signature->randomizer, sizeof signature->randomizer);
  hash_add(&hash, message, message_bytes);
  end(&hash, node);
  find_digits(node, digits);
  one_time_key(key, leaf, digits, signature, node);

  uint32_t position = leaf + (1 << LMS_TREE_HEIGHT);
  begin(&hash, key, position, D_LEAF);
  hash_add(&hash, node, sizeof node);
  end(&hash, node);
  for (unsigned level = 0; level < LMS_TREE_HEIGHT; level++, position /= 2) {
    begin(&hash, key, position / 2, D_INTR);
    hash_add(&hash, position % 2 ? signature->path[level] : node, LMS_NODE_BYTES);
    hash_add(&hash, position % 2 ? node : signature->path[level], LMS_NODE_BYTES);
    end(&hash, node);
  }
  uint8_t difference = 0;
  for (unsigned i = 0; i < LMS_NODE_BYTES; i++) difference |= node[i] ^ key->root[i];
  return difference == 0;
}
