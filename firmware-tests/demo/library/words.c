// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "demo/library/crypto.h"
#include "runtime/registers.h"

void copy_words(volatile uint32_t* to, const volatile uint32_t* from, unsigned count) {
  for (unsigned i = 0; i < count; i++) to[i] = from[i];
}

bool words_equal(const volatile uint32_t* one, const volatile uint32_t* other, unsigned count) {
  // Looks at all of them, so that the time it takes says nothing.
  uint32_t difference = 0;
  for (unsigned i = 0; i < count; i++) difference |= one[i] ^ other[i];
  return difference == 0;
}

void words_to_bytes(uint8_t* bytes, const volatile uint32_t* words, unsigned count) {
  for (unsigned i = 0; i < count; i++) {
    uint32_t word = words[i];
    for (int shift = 24; shift >= 0; shift -= 8) *bytes++ = word >> shift;
  }
}

void key_clear(unsigned entry) { KEY_CTRL[entry] |= KEY_CLEAR; }

void crypto_zeroize(void) {
  SHA256_CTRL = SHA256_ZEROIZE;
  SHA512_CTRL = SHA512_ZEROIZE;
  HMAC384_CTRL = HMAC384_ZEROIZE;
  ECC_CTRL = ECC_ZEROIZE;
  SHA512_ACC_CONTROL = 1;
}
