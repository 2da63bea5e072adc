// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// P-384 keys in files, and signing without a source of randomness: what tools need and the engines don't.

#pragma once

#include <optional>
#include <span>
#include <string>

#include "peripherals/crypto/p384.h"

namespace caliptra::crypto {

struct P384Key {
  P384Point public_key;
  std::optional<P384Number> private_key;
};

/// Reads a private or a public key from PEM or DER: SEC 1 "EC PRIVATE KEY", PKCS #8 "PRIVATE KEY", "PUBLIC KEY".
/// Nothing, and the reason in `error`, if it is none of them, encrypted, of another curve, or no valid key.
[[nodiscard]] std::optional<P384Key> p384_key_from_file(std::span<const uint8_t> file, std::string& error);

/// A private key as "EC PRIVATE KEY", with its public key in it. Empty if the key is out of range.
[[nodiscard]] std::string p384_private_key_pem(const P384Number& private_key);

/// A public key as "PUBLIC KEY". Empty if the point is not on the curve.
[[nodiscard]] std::string p384_public_key_pem(const P384Point& public_key);

/// Signs a SHA-384 digest with the nonce of RFC 6979. Nothing if the key is out of range.
[[nodiscard]] std::optional<P384Signature> p384_sign_deterministic(const P384Number& private_key,
                                                                   const P384Number& digest);

}  // namespace caliptra::crypto
