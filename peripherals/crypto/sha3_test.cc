// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/crypto/sha3.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "peripherals/crypto/test_support.h"

#ifdef CALIPTRA_OPENSSL
#include <openssl/evp.h>
#endif

namespace {

namespace crypto = caliptra::crypto;
using crypto::testing::array_from_hex;
using crypto::testing::RandomBytes;

}  // namespace

TEST_CASE("SHA3-384 of FIPS 202's examples") {
  crypto::Sha3_384 hash;
  CHECK(hash.finish() == array_from_hex<48>("0c63a75b845e4f7d01107d852e4c2485c51a50aaaa94fc61995e71bbee983a2a"
                                            "c3713831264adb47fb6bd1e058d5f004"));
  const std::string_view text = "abc";
  const std::vector<uint8_t> message(text.begin(), text.end());
  hash.absorb(message);
  CHECK(hash.finish() == array_from_hex<48>("ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b2"
                                            "98d88cea927ac7f539f1edf228376d25"));
  // 1600 bits of 0xa3.
  hash.absorb(std::vector<uint8_t>(200, 0xa3));
  CHECK(hash.finish() == array_from_hex<48>("1881de2ca7e41ef95dc4732b8f5f002b189cc1e42b74168ed1732649ce1dbcdd"
                                            "76197a31fd55ee989f2d7050dd473e8f"));
}

TEST_CASE("SHA3-384 does not care how its message comes in") {
  RandomBytes random(38);
  for (unsigned round = 0; round < 200; ++round) {
    const auto message = random.bytes(random.below(1000));
    crypto::Sha3_384 whole;
    whole.absorb(message);
    crypto::Sha3_384 pieces;
    for (std::size_t at = 0; at < message.size();) {
      const std::size_t size = std::min<std::size_t>(1 + random.below(150), message.size() - at);
      pieces.absorb(std::span(message).subspan(at, size));
      at += size;
    }
    REQUIRE(pieces.finish() == whole.finish());
  }
}

#ifdef CALIPTRA_OPENSSL
TEST_CASE("SHA3-384 agrees with OpenSSL") {
  RandomBytes random(3);
  for (std::size_t round = 0; round < 2000; ++round) {
    const auto message = random.bytes(round < 600 ? round : random.below(5000));
    std::array<uint8_t, 48> expected{};
    unsigned size = 0;
    REQUIRE(EVP_Digest(message.data(), message.size(), expected.data(), &size, EVP_sha3_384(), nullptr) == 1);
    crypto::Sha3_384 hash;
    hash.absorb(message);
    REQUIRE(hash.finish() == expected);
  }
}
#endif
