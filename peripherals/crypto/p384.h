// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// ECDSA and ECDH on NIST's curve P-384 (FIPS 186-4). Nonces are given: where they come from is the caller's
// business. All numbers are 48 bytes, most significant first. Not constant-time in all parts.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace caliptra::crypto {

using P384Number = std::array<uint8_t, 48>;

struct P384Point {
  P384Number x{};
  P384Number y{};
  bool operator==(const P384Point&) const = default;
};

struct P384Signature {
  P384Number r{};
  P384Number s{};
  bool operator==(const P384Signature&) const = default;
};

struct P384Verification {
  bool valid = false;
  P384Number computed_r{};  ///< x of the computed point, modulo the group order: equals r in a valid signature
};

extern const P384Number p384_prime;
extern const P384Number p384_order;
extern const P384Point p384_generator;

/// Whether a private key, nonce, r or s is in 1 .. order - 1.
[[nodiscard]] bool p384_scalar_in_range(const P384Number& scalar);

/// Whether a coordinate is in 0 .. prime - 1.
[[nodiscard]] bool p384_coordinate_in_range(const P384Number& coordinate);

/// Whether both coordinates are in range and satisfy the curve's equation.
[[nodiscard]] bool p384_on_curve(const P384Point& point);

/// `number` modulo the group order.
[[nodiscard]] P384Number p384_reduce(const P384Number& number);

/// private_key * G; nothing if the key is out of range.
[[nodiscard]] std::optional<P384Point> p384_public_key(const P384Number& private_key);

/// Signs with `nonce`; nothing if the key or nonce is out of range, or if r or s comes out as 0. A digest at or
/// above the order counts modulo the order.
[[nodiscard]] std::optional<P384Signature> p384_sign(const P384Number& private_key, const P384Number& nonce,
                                                     const P384Number& digest);

/// Verifies. computed_r is 0 where there is none: a point not on the curve, r or s out of range, or a computed
/// point at infinity.
[[nodiscard]] P384Verification p384_verify(const P384Point& public_key, const P384Number& digest,
                                           const P384Signature& signature);

/// x of private_key * public_key; nothing if the key is out of range or the point is not on the curve.
[[nodiscard]] std::optional<P384Number> p384_shared_secret(const P384Number& private_key, const P384Point& public_key);

/// The library that computes all this in this build: "nettle" or "mbedtls".
[[nodiscard]] std::string_view p384_backend_name();

}  // namespace caliptra::crypto
