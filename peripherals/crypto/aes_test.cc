// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/crypto/aes.h"

#include <doctest/doctest.h>

#include "iss/testing/skip.h"
#include "peripherals/crypto/test_support.h"

#ifdef CALIPTRA_OPENSSL
#include <openssl/evp.h>
#endif

namespace {

namespace crypto = caliptra::crypto;
using crypto::testing::array_from_hex;
using crypto::testing::RandomBytes;

#ifdef CALIPTRA_OPENSSL
std::vector<uint8_t> openssl_encrypt(const EVP_CIPHER* cipher, const crypto::Aes256Key& key,
                                     const crypto::AesBlock& vector, const std::vector<uint8_t>& plaintext) {
  std::vector<uint8_t> ciphertext(plaintext.size() + 16);
  EVP_CIPHER_CTX* context = EVP_CIPHER_CTX_new();
  int size = 0;
  REQUIRE(EVP_EncryptInit_ex(context, cipher, nullptr, key.data(), vector.data()) == 1);
  EVP_CIPHER_CTX_set_padding(context, 0);
  REQUIRE(EVP_EncryptUpdate(context, ciphertext.data(), &size, plaintext.data(), static_cast<int>(plaintext.size())) ==
          1);
  EVP_CIPHER_CTX_free(context);
  ciphertext.resize(static_cast<std::size_t>(size));
  return ciphertext;
}
#endif

}  // namespace

TEST_CASE("FIPS 197, appendix C.3") {
  const auto key = array_from_hex<32>("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
  const auto plaintext = array_from_hex<16>("00112233445566778899aabbccddeeff");
  const auto ciphertext = array_from_hex<16>("8ea2b7ca516745bfeafc49904b496089");
  CHECK(crypto::aes256_encrypt_block(key, plaintext) == ciphertext);
  crypto::AesBlock decrypted{};
  CHECK(crypto::aes256_cbc_decrypt(key, {}, ciphertext, decrypted));
  CHECK(decrypted == plaintext);
}

TEST_CASE("CBC refuses what is not whole blocks of equal length") {
  std::vector<uint8_t> output(32, 0xcc);
  CHECK_FALSE(crypto::aes256_cbc_decrypt({}, {}, std::vector<uint8_t>(31), std::span(output).first(31)));
  CHECK_FALSE(crypto::aes256_cbc_decrypt({}, {}, std::vector<uint8_t>(16), output));
  CHECK_FALSE(crypto::aes256_cbc_encrypt({}, {}, std::vector<uint8_t>(48), output));
  CHECK(output == std::vector<uint8_t>(32, 0xcc));
}

TEST_CASE("AES equals OpenSSL's") {
#ifdef CALIPTRA_OPENSSL
  RandomBytes random(3);
  for (int round = 0; round < 2000; ++round) {
    const auto key = random.array<32>();
    const auto vector = random.array<16>();
    const auto plaintext = random.bytes(16 * (1 + random.below(8)));
    const auto ciphertext = openssl_encrypt(EVP_aes_256_cbc(), key, vector, plaintext);
    std::vector<uint8_t> output(plaintext.size());
    REQUIRE(crypto::aes256_cbc_encrypt(key, vector, plaintext, output));
    REQUIRE(output == ciphertext);
    REQUIRE(crypto::aes256_cbc_decrypt(key, vector, output, output));
    REQUIRE(output == plaintext);

    const auto block = random.array<16>();
    const auto encrypted = crypto::aes256_encrypt_block(key, block);
    REQUIRE(std::vector<uint8_t>(encrypted.begin(), encrypted.end()) ==
            openssl_encrypt(EVP_aes_256_ecb(), key, {}, {block.begin(), block.end()}));
  }
#else
  veer::testing::skip("AES equals OpenSSL's", "built without libcrypto");
#endif
}
