// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/crypto/p384_keys.h"

#include <doctest/doctest.h>

#include <string_view>

#include "peripherals/crypto/sha2.h"
#include "peripherals/crypto/test_support.h"

namespace {

using namespace caliptra::crypto;
using caliptra::crypto::testing::array_from_hex;

// RFC 6979, appendix A.2.6.
const P384Number rfc_key = array_from_hex<48>(
    "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5");

std::span<const uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

P384Number digest_of(std::string_view text) { return sha384(bytes(text)); }

}  // namespace

TEST_CASE("deterministic signatures are those of RFC 6979") {
  const auto sample = p384_sign_deterministic(rfc_key, digest_of("sample"));
  REQUIRE(sample.has_value());
  CHECK(sample->r == array_from_hex<48>("94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c"
                                        "81a648152e44acf96e36dd1e80fabe46"));
  CHECK(sample->s == array_from_hex<48>("99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94f"
                                        "a329c145786e679e7b82c71a38628ac8"));
  const auto test = p384_sign_deterministic(rfc_key, digest_of("test"));
  REQUIRE(test.has_value());
  CHECK(test->r == array_from_hex<48>("8203b63d3c853e8d77227fb377bcf7b7b772e97892a80f36ab775d509d7a5feb"
                                      "0542a7f0812998da8f1dd3ca3cf023db"));
  CHECK_FALSE(p384_sign_deterministic(P384Number{}, digest_of("test")).has_value());
}

TEST_CASE("keys survive being written as PEM and read back") {
  std::string error;
  const std::string text = p384_private_key_pem(rfc_key);
  CHECK(text.starts_with("-----BEGIN EC PRIVATE KEY-----"));
  const auto key = p384_key_from_file(bytes(text), error);
  REQUIRE_MESSAGE(key.has_value(), error);
  CHECK(key->private_key == rfc_key);
  CHECK(key->public_key == p384_public_key(rfc_key));

  const std::string public_text = p384_public_key_pem(key->public_key);
  CHECK(public_text.starts_with("-----BEGIN PUBLIC KEY-----"));
  const auto public_key = p384_key_from_file(bytes(public_text), error);
  REQUIRE_MESSAGE(public_key.has_value(), error);
  CHECK_FALSE(public_key->private_key.has_value());
  CHECK(public_key->public_key == key->public_key);
}

TEST_CASE("what is no P-384 key is refused with the reason") {
  std::string error;
  CHECK_FALSE(p384_key_from_file({}, error).has_value());
  CHECK(error.starts_with("not a key in PEM or DER"));
  CHECK_FALSE(p384_key_from_file(bytes("hello"), error).has_value());

  // A key of P-256.
  constexpr std::string_view p256 =
      "-----BEGIN EC PRIVATE KEY-----\n"
      "MHcCAQEEIGhJl7uOnXin3fBnFprJAofruipMdlX+J4CYsE73BLNZoAoGCCqGSM49\n"
      "AwEHoUQDQgAE794kVrI7k4pfOlaKnW3IG1sO9kCNwbOxwKR0l4BU4t6nUrzlLqFR\n"
      "DeI+qTlE6xR182UMcL/RlgK9r1M5S97trA==\n"
      "-----END EC PRIVATE KEY-----\n";
  CHECK_FALSE(p384_key_from_file(bytes(p256), error).has_value());
  CHECK(error == "not a key of P-384 (secp384r1)");

  std::string text = p384_private_key_pem(rfc_key);
  text.replace(40, 4, "AAAA");
  const auto damaged = p384_key_from_file(bytes(text), error);
  const bool other_key = damaged && damaged->private_key != rfc_key;
  CHECK((!damaged || other_key));
  CHECK(p384_private_key_pem(P384Number{}).empty());
  CHECK(p384_public_key_pem(P384Point{}).empty());
}
