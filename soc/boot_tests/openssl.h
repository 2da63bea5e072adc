// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// OpenSSL as an independent judge of what the core signs.

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace caliptra::boot_tests {

/// Whether the P-384 public key `key` (X and Y, 96 bytes big-endian) signed the DER certificate.
[[nodiscard]] bool signed_by_key(std::span<const uint8_t> certificate, std::span<const uint8_t> key);

/// Whether the key in the DER certificate `issuer` signed the DER certificate.
[[nodiscard]] bool signed_by_certificate(std::span<const uint8_t> certificate, std::span<const uint8_t> issuer);

/// X and Y of the key in a DER certificate; empty if it isn't one with a P-384 key.
[[nodiscard]] std::vector<uint8_t> public_key_of(std::span<const uint8_t> certificate);

/// Whether `r` and `s` (48 bytes each) sign the SHA-384 digest under a public key of 96 bytes.
[[nodiscard]] bool verify_digest(std::span<const uint8_t> key, std::span<const uint8_t> digest,
                                 std::span<const uint8_t> r, std::span<const uint8_t> s);

struct Signature {
  std::vector<uint8_t> r;  ///< 48 bytes, big-endian; empty if OpenSSL failed
  std::vector<uint8_t> s;
};

/// A fresh P-384 key.
class SigningKey {
 public:
  SigningKey();
  ~SigningKey();
  SigningKey(const SigningKey&) = delete;
  SigningKey& operator=(const SigningKey&) = delete;

  /// X and Y of the public key, 96 bytes.
  [[nodiscard]] std::vector<uint8_t> public_key() const;

  /// Signs a SHA-384 digest.
  [[nodiscard]] Signature sign(std::span<const uint8_t> digest) const;

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

[[nodiscard]] std::vector<uint8_t> sha384(std::span<const uint8_t> message);
[[nodiscard]] std::vector<uint8_t> sha256(std::span<const uint8_t> message);

}  // namespace caliptra::boot_tests
