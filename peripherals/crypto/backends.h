// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What each crypto library is asked for; the same functions in a namespace each, so that builds choose one
// and tests compare both. Only sha2.cc, p384.cc and the tests include this. Inputs have been checked:
// scalars and r, s are in range, points are on the curve.

#pragma once

#include <optional>

#include "peripherals/crypto/p384.h"
#include "peripherals/crypto/sha2.h"

namespace caliptra::crypto {

#define CALIPTRA_CRYPTO_BACKEND(name)                                                                               \
  namespace name {                                                                                                  \
  void sha512_compress(Sha512State& state, std::span<const uint8_t, sha512_block_size> block);                      \
  void sha256_compress(Sha256State& state, std::span<const uint8_t, sha256_block_size> block);                      \
  bool on_curve(const P384Point& point);                                                                            \
  P384Point multiply_generator(const P384Number& scalar);                                                           \
  P384Number shared_secret(const P384Number& scalar, const P384Point& point);                                       \
  P384Signature sign(const P384Number& private_key, const P384Number& nonce, const P384Number& digest);             \
  /* The x coordinate, modulo the order, of the point that a signature leads to; nothing if that is at infinity. */ \
  std::optional<P384Number> computed_r(const P384Point& public_key, const P384Number& digest,                       \
                                       const P384Signature& signature);                                             \
  }

CALIPTRA_CRYPTO_BACKEND(mbedtls_backend)
CALIPTRA_CRYPTO_BACKEND(nettle_backend)

#undef CALIPTRA_CRYPTO_BACKEND

}  // namespace caliptra::crypto
