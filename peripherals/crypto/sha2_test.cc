// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/crypto/sha2.h"

#include <doctest/doctest.h>

#include "iss/testing/skip.h"
#include "peripherals/crypto/backends.h"
#include "peripherals/crypto/bytes.h"
#include "peripherals/crypto/test_support.h"

#ifdef CALIPTRA_OPENSSL
#include <openssl/evp.h>
#include <openssl/hmac.h>
#endif

namespace {

namespace crypto = caliptra::crypto;
using crypto::testing::array_from_hex;
using crypto::testing::from_hex;
using crypto::testing::RandomBytes;

std::vector<uint8_t> text(std::string_view characters) { return {characters.begin(), characters.end()}; }

/// FIPS 180-4 padding: the length field takes an eighth of a block.
std::vector<uint8_t> padded(std::vector<uint8_t> message, std::size_t block_size) {
  const uint64_t bits = 8 * message.size();
  message.push_back(0x80);
  while (message.size() % block_size != block_size - block_size / 8) message.push_back(0);
  message.resize(message.size() + block_size / 8 - 8);
  for (int shift = 56; shift >= 0; shift -= 8) message.push_back(static_cast<uint8_t>(bits >> shift));
  return message;
}

/// The first `size` bytes of a state.
template <typename State>
std::vector<uint8_t> digest(const State& state, std::size_t size) {
  std::vector<uint8_t> bytes;
  for (const auto word : state) {
    for (std::size_t byte = sizeof word; byte-- > 0;) bytes.push_back(static_cast<uint8_t>(word >> (8 * byte)));
  }
  bytes.resize(size);
  return bytes;
}

template <auto compress, std::size_t block_size, typename State>
State hash_blocks(State state, const std::vector<uint8_t>& blocks) {
  for (std::size_t at = 0; at < blocks.size(); at += block_size) {
    compress(state, std::span<const uint8_t, block_size>(blocks.data() + at, block_size));
  }
  return state;
}

std::vector<uint8_t> hash512(const crypto::Sha512State& initial, std::size_t size,
                             const std::vector<uint8_t>& message) {
  return digest(hash_blocks<crypto::sha512_compress, 128>(initial, padded(message, 128)), size);
}

std::vector<uint8_t> hash256(const crypto::Sha256State& initial, std::size_t size,
                             const std::vector<uint8_t>& message) {
  return digest(hash_blocks<crypto::sha256_compress, 64>(initial, padded(message, 64)), size);
}

template <std::size_t size>
std::vector<uint8_t> as_vector(const std::array<uint8_t, size>& bytes) {
  return {bytes.begin(), bytes.end()};
}

}  // namespace

TEST_CASE("the examples of FIPS 180-4 for \"abc\"") {
  const auto abc = text("abc");
  CHECK(hash512(crypto::sha512_initial, 64, abc) ==
        from_hex("ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                 "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"));
  CHECK(hash512(crypto::sha384_initial, 48, abc) ==
        from_hex("cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7"));
  CHECK(hash512(crypto::sha512_256_initial, 32, abc) ==
        from_hex("53048e2681941ef99b2e29b76b4c7dabe4c2d0c634fc6d46e0e2f13107e7af23"));
  CHECK(hash512(crypto::sha512_224_initial, 28, abc) ==
        from_hex("4634270f707b6a54daae7530460842e20e37ed265ceee9a43e8924aa"));
  CHECK(hash256(crypto::sha256_initial, 32, abc) ==
        from_hex("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
  CHECK(hash256(crypto::sha224_initial, 28, abc) ==
        from_hex("23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"));
}

TEST_CASE("RFC 4231, test case 2, for HMAC-SHA-384") {
  CHECK(as_vector(crypto::hmac_sha384(text("Jefe"), text("what do ya want for nothing?"))) ==
        from_hex("af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"));
}

TEST_CASE("words and bytes convert both ways") {
  const std::array<uint32_t, 2> words = {0x0123'4567, 0x89ab'cdef};
  const auto bytes = crypto::big_endian_bytes(words);
  CHECK(bytes == array_from_hex<8>("0123456789abcdef"));
  CHECK(crypto::big_endian_words(bytes) == words);
}

#ifdef CALIPTRA_NETTLE
TEST_CASE("both backends compress alike from any state") {
  RandomBytes random(1);
  for (int round = 0; round < 5000; ++round) {
    crypto::Sha512State a512, b512;
    for (std::size_t i = 0; i < 8; ++i) a512[i] = b512[i] = uint64_t{random.word()} << 32 | random.word();
    const auto block = random.array<128>();
    crypto::mbedtls_backend::sha512_compress(a512, block);
    crypto::nettle_backend::sha512_compress(b512, block);
    REQUIRE(a512 == b512);

    crypto::Sha256State a256, b256;
    for (std::size_t i = 0; i < 8; ++i) a256[i] = b256[i] = random.word();
    const auto half = random.array<64>();
    crypto::mbedtls_backend::sha256_compress(a256, half);
    crypto::nettle_backend::sha256_compress(b256, half);
    REQUIRE(a256 == b256);
  }
}
#endif

TEST_CASE("digests and tags equal OpenSSL's") {
#ifdef CALIPTRA_OPENSSL
  const auto openssl = [](const EVP_MD* kind, const std::vector<uint8_t>& message) {
    std::vector<uint8_t> result(64);
    unsigned size = 0;
    REQUIRE(EVP_Digest(message.data(), message.size(), result.data(), &size, kind, nullptr) == 1);
    result.resize(size);
    return result;
  };
  RandomBytes random(2);
  for (std::size_t round = 0; round < 3000; ++round) {
    const auto message = random.bytes(round < 600 ? round : random.below(2000));
    REQUIRE(hash512(crypto::sha512_initial, 64, message) == openssl(EVP_sha512(), message));
    REQUIRE(hash512(crypto::sha384_initial, 48, message) == openssl(EVP_sha384(), message));
    REQUIRE(hash512(crypto::sha512_256_initial, 32, message) == openssl(EVP_sha512_256(), message));
    REQUIRE(hash512(crypto::sha512_224_initial, 28, message) == openssl(EVP_sha512_224(), message));
    REQUIRE(hash256(crypto::sha256_initial, 32, message) == openssl(EVP_sha256(), message));
    REQUIRE(hash256(crypto::sha224_initial, 28, message) == openssl(EVP_sha224(), message));
    REQUIRE(as_vector(crypto::sha512(message)) == openssl(EVP_sha512(), message));
    REQUIRE(as_vector(crypto::sha384(message)) == openssl(EVP_sha384(), message));
    REQUIRE(as_vector(crypto::sha256(message)) == openssl(EVP_sha256(), message));

    const auto key = random.bytes(random.below(200));
    std::vector<uint8_t> tag(48);
    unsigned size = 0;
    REQUIRE(HMAC(EVP_sha384(), key.data(), static_cast<int>(key.size()), message.data(), message.size(), tag.data(),
                 &size) != nullptr);
    REQUIRE(as_vector(crypto::hmac_sha384(key, message)) == tag);
  }
#else
  veer::testing::skip("digests and tags equal OpenSSL's", "built without libcrypto");
#endif
}
