// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What SHA-256, SHA-512 and HMAC have in common: blocks of a padded message, INIT for the first and NEXT for the
// others.

#pragma once

#include <stdint.h>

#include "demo/library/crypto.h"

struct hash_engine {
  volatile uint32_t* block;
  volatile uint32_t* digest;
  volatile uint32_t* control;
  volatile uint32_t* status;
  uint32_t mode;  ///< goes with INIT and NEXT
  uint16_t block_bytes;
  uint16_t digest_words;
  uint32_t prefix_bytes;  ///< what the engine puts in front by itself, and the padding counts: HMAC's key block
};
extern const struct hash_engine hmac384_engine;
