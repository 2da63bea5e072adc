// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/ecc384/hmac_drbg.h"

#include <algorithm>
#include <array>

#include "peripherals/crypto/sha2.h"

namespace caliptra {

using crypto::P384Number;

namespace {

struct Drbg {
  P384Number key{};
  P384Number value{};

  void next_value() { value = crypto::hmac_sha384(key, value); }

  /// key = HMAC(key, value || counter || seed...), value = HMAC(key, value).
  template <typename... Seed>
  void update(uint8_t counter, const Seed&... seed) {
    std::array<uint8_t, 49 + 48 * sizeof...(seed)> message;
    auto end = std::copy(value.begin(), value.end(), message.begin());
    *end++ = counter;
    ((end = std::copy(seed.begin(), seed.end(), end)), ...);
    key = crypto::hmac_sha384(key, message);
    next_value();
  }
};

}  // namespace

P384Number hmac_drbg(const P384Number& entropy, const P384Number& nonce) {
  Drbg drbg;
  drbg.value.fill(1);
  drbg.update(0, entropy, nonce);
  drbg.update(1, entropy, nonce);
  drbg.next_value();
  while (!crypto::p384_scalar_in_range(drbg.value)) {
    drbg.update(0);
    drbg.next_value();
  }
  return drbg.value;
}

}  // namespace caliptra
