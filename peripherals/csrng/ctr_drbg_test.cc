// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/csrng/ctr_drbg.h"

#include <doctest/doctest.h>

#include <vector>

#include "iss/state_stream.h"
#include "peripherals/crypto/test_support.h"

#ifdef CALIPTRA_OPENSSL
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#endif

namespace {

using caliptra::CtrDrbg;
using caliptra::DrbgData;
using caliptra::crypto::testing::array_from_hex;
using caliptra::crypto::testing::from_hex;
using caliptra::crypto::testing::RandomBytes;

/// A whole generate call of SP 800-90A.
std::vector<uint8_t> generate(CtrDrbg& drbg, unsigned blocks, const DrbgData* additional = nullptr) {
  if (additional != nullptr) drbg.update(*additional);
  std::vector<uint8_t> output;
  for (unsigned i = 0; i < blocks; ++i) {
    const auto block = drbg.generate_block();
    output.insert(output.end(), block.begin(), block.end());
  }
  drbg.update(additional != nullptr ? *additional : DrbgData{});
  return output;
}

}  // namespace

// NIST's drbgvectors_no_reseed, CTR_DRBG.rsp, [AES-256 no df], EntropyInputLen 384, ReturnedBitsLen 512.
TEST_CASE("NIST: no personalisation, no additional input") {
  CtrDrbg drbg;
  drbg.update(
      array_from_hex<48>("df5d73faa468649edda33b5cca79b0b05600419ccb7a879ddfec9db32ee494e5531b51de16a30f769262474c"
                         "73bec010"));
  generate(drbg, 4);
  CHECK(generate(drbg, 4) == from_hex("d1c07cd95af8a7f11012c84ce48bb8cb87189e99d40fccb1771c619bdf82ab22"
                                      "80b1dc2f2581f39164f7ac0c510494b3a43c41b7db17514c87b107ae793e01c5"));
}

TEST_CASE("NIST: the state after each call") {
  CtrDrbg drbg;
  drbg.update(
      array_from_hex<48>("0217a8acf2f8e2c4ab7bdcd5a694bca28d038018869dcbe2160d1ce0b4c78ead5592efed98662f2dff87f32f"
                         "4835c677"));
  CHECK(drbg.key == array_from_hex<32>("5118225735bdd47d02186824625fcf2943a4c025cbfda08c1143d9330e3413b5"));
  CHECK(drbg.v == array_from_hex<16>("27f2ec27afc005592e2506a13d33f3f9"));
  generate(drbg, 4);
  CHECK(drbg.key == array_from_hex<32>("8921a58fe74ebbaf81c0e2441bf56a110e74bf47339badbf68791467bf24a2c9"));
  CHECK(drbg.v == array_from_hex<16>("ec255695174809d82bc333993fe38856"));
  CHECK(generate(drbg, 4) == from_hex("aa36779726f52875312507fb084744d4d7f3f9468a5b246ccde316d2ab91879c"
                                      "2e29f5a0938a3bcd722bb718d01bbfc35831c9e64f5b6410ae908d3061f76c84"));
  CHECK(drbg.key == array_from_hex<32>("29a7babeda561bc30e8eaad7071efde51aa611ab42e9676afef6ad25851c4b82"));
  CHECK(drbg.v == array_from_hex<16>("981f260a2e69d260d0ddcd941af035fa"));
}

TEST_CASE("only the low 32 bits of V count, as in the RTL") {
  CtrDrbg drbg;
  drbg.v = array_from_hex<16>("00112233445566778899aabbffffffff");
  (void)drbg.generate_block();
  CHECK(drbg.v == array_from_hex<16>("00112233445566778899aabb00000000"));
  (void)drbg.generate_block();
  CHECK(drbg.v == array_from_hex<16>("00112233445566778899aabb00000001"));
  drbg.v = array_from_hex<16>("00112233445566778899aabb00ffffff");
  (void)drbg.generate_block();
  CHECK(drbg.v == array_from_hex<16>("00112233445566778899aabb01000000"));
}

#ifdef CALIPTRA_OPENSSL
TEST_CASE("agrees with OpenSSL's CTR-DRBG, with and without additional input") {
  RandomBytes random(90);
  EVP_RAND* const test_kind = EVP_RAND_fetch(nullptr, "TEST-RAND", nullptr);
  EVP_RAND* const kind = EVP_RAND_fetch(nullptr, "CTR-DRBG", nullptr);
  REQUIRE(test_kind != nullptr);
  REQUIRE(kind != nullptr);
  for (unsigned round = 0; round < 300; ++round) {
    EVP_RAND_CTX* const source = EVP_RAND_CTX_new(test_kind, nullptr);
    EVP_RAND_CTX* const theirs = EVP_RAND_CTX_new(kind, source);
    unsigned strength = 256;
    auto entropy = random.array<48>();
    OSSL_PARAM source_parameters[] = {
        OSSL_PARAM_construct_uint(OSSL_RAND_PARAM_STRENGTH, &strength),
        OSSL_PARAM_construct_octet_string(OSSL_RAND_PARAM_TEST_ENTROPY, entropy.data(), entropy.size()),
        OSSL_PARAM_construct_end()};
    REQUIRE(EVP_RAND_instantiate(source, 256, 0, nullptr, 0, source_parameters) == 1);
    char cipher[] = "AES-256-CTR";
    int derivation = 0;
    OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_DRBG_PARAM_CIPHER, cipher, 0),
                               OSSL_PARAM_construct_int(OSSL_DRBG_PARAM_USE_DF, &derivation),
                               OSSL_PARAM_construct_end()};
    // Without a personalisation string, OpenSSL takes one of its own.
    const uint8_t none = 0;
    REQUIRE(EVP_RAND_instantiate(theirs, 256, 0, &none, 0, parameters) == 1);
    CtrDrbg ours;
    ours.update(entropy);
    for (unsigned call = 0; call < 4; ++call) {
      const unsigned blocks = 1 + random.below(6);
      const auto additional = random.array<48>();
      const bool with = random.below(2) == 1;
      std::vector<uint8_t> expected(16 * blocks);
      REQUIRE(EVP_RAND_generate(theirs, expected.data(), expected.size(), 256, 0, with ? additional.data() : nullptr,
                                with ? additional.size() : 0) == 1);
      REQUIRE(generate(ours, blocks, with ? &additional : nullptr) == expected);
    }
    EVP_RAND_CTX_free(theirs);
    EVP_RAND_CTX_free(source);
  }
  EVP_RAND_free(kind);
  EVP_RAND_free(test_kind);
}
#endif

TEST_CASE("the state is saved and restored") {
  RandomBytes random(91);
  CtrDrbg drbg;
  drbg.update(random.array<48>());
  drbg.reseed_counter = 7;
  drbg.fips = true;
  drbg.instantiated = true;
  veer::StateStream save;
  drbg.state(save);
  CtrDrbg other;
  veer::StateStream restore(save.output());
  other.state(restore);
  restore.finish();
  REQUIRE(restore.ok());
  CHECK(other.reseed_counter == 7);
  CHECK(other.fips);
  CHECK(other.instantiated);
  CHECK(generate(other, 3) == generate(drbg, 3));
}
