// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The ECC engine against OpenSSL: its HMAC-DRBG for keys and nonces, its numbers and points for the rest.

#include <doctest/doctest.h>

#include "iss/testing/skip.h"

#ifdef CALIPTRA_OPENSSL

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>

#include <memory>

#include "peripherals/crypto/p384.h"
#include "peripherals/crypto/test_support.h"
#include "peripherals/ecc384/ecc384_test_support.h"
#include "peripherals/ecc384/hmac_drbg.h"

namespace {

using namespace caliptra;
using namespace caliptra::ecc384_regs;
using namespace caliptra::testing;
using crypto::testing::Free;
using crypto::testing::RandomBytes;

using Integer = std::unique_ptr<BIGNUM, Free<BN_free>>;
using Point = std::unique_ptr<EC_POINT, Free<EC_POINT_free>>;

struct Oracle {
  std::unique_ptr<EC_GROUP, Free<EC_GROUP_free>> group{EC_GROUP_new_by_curve_name(NID_secp384r1)};
  std::unique_ptr<BN_CTX, Free<BN_CTX_free>> context{BN_CTX_new()};
  const BIGNUM* order = EC_GROUP_get0_order(group.get());

  static Integer integer(const Number& number) { return Integer(BN_bin2bn(number.data(), 48, nullptr)); }
  static Number number(const Integer& integer) {
    Number result{};
    BN_bn2binpad(integer.get(), result.data(), 48);
    return result;
  }

  /// The first output of HMAC-DRBG (SP 800-90A) that is in range.
  static Number drbg(Number entropy, Number nonce) {
    std::unique_ptr<EVP_RAND, Free<EVP_RAND_free>> source(EVP_RAND_fetch(nullptr, "TEST-RAND", nullptr));
    std::unique_ptr<EVP_RAND, Free<EVP_RAND_free>> method(EVP_RAND_fetch(nullptr, "HMAC-DRBG", nullptr));
    std::unique_ptr<EVP_RAND_CTX, Free<EVP_RAND_CTX_free>> parent(EVP_RAND_CTX_new(source.get(), nullptr));
    unsigned strength = 256;
    const OSSL_PARAM seeds[] = {OSSL_PARAM_octet_string(OSSL_RAND_PARAM_TEST_ENTROPY, entropy.data(), 48),
                                OSSL_PARAM_octet_string(OSSL_RAND_PARAM_TEST_NONCE, nonce.data(), 48),
                                OSSL_PARAM_uint(OSSL_RAND_PARAM_STRENGTH, &strength), OSSL_PARAM_END};
    REQUIRE(EVP_RAND_instantiate(parent.get(), 256, 0, nullptr, 0, seeds) == 1);
    std::unique_ptr<EVP_RAND_CTX, Free<EVP_RAND_CTX_free>> child(EVP_RAND_CTX_new(method.get(), parent.get()));
    char mac[] = "HMAC";
    char digest[] = "SHA384";
    const OSSL_PARAM options[] = {OSSL_PARAM_utf8_string(OSSL_DRBG_PARAM_MAC, mac, 0),
                                  OSSL_PARAM_utf8_string(OSSL_DRBG_PARAM_DIGEST, digest, 0), OSSL_PARAM_END};
    const uint8_t no_personalization = 0;  // a null pointer would mean OpenSSL's own
    REQUIRE(EVP_RAND_instantiate(child.get(), 192, 0, &no_personalization, 0, options) == 1);
    Number result{};
    REQUIRE(EVP_RAND_generate(child.get(), result.data(), result.size(), 192, 0, nullptr, 0) == 1);
    return result;
  }

  /// a * G + b * point, affine; b may be missing.
  std::pair<Number, Number> multiply(const Integer& a, const EC_POINT* point = nullptr, const BIGNUM* b = nullptr) {
    Point result(EC_POINT_new(group.get()));
    EC_POINT_mul(group.get(), result.get(), a.get(), point, b, context.get());
    Integer x(BN_new()), y(BN_new());
    EC_POINT_get_affine_coordinates(group.get(), result.get(), x.get(), y.get(), context.get());
    return {number(x), number(y)};
  }

  std::pair<Number, Number> sign(const Number& key, const Number& digest) {
    const Integer e = integer(digest);
    BN_nnmod(e.get(), e.get(), order, context.get());
    const Integer k = integer(drbg(key, number(e)));
    const Integer r = integer(multiply(k).first);
    BN_nnmod(r.get(), r.get(), order, context.get());
    Integer s(BN_new());
    BN_mod_mul(s.get(), r.get(), integer(key).get(), order, context.get());
    BN_mod_add(s.get(), s.get(), e.get(), order, context.get());
    const Integer inverse(BN_mod_inverse(nullptr, k.get(), order, context.get()));
    BN_mod_mul(s.get(), s.get(), inverse.get(), order, context.get());
    return {number(r), number(s)};
  }

  Number verify(const Number& x, const Number& y, const Number& digest, const Number& r, const Number& s) {
    const Integer w(BN_mod_inverse(nullptr, integer(s).get(), order, context.get()));
    Integer u1(BN_new()), u2(BN_new());
    BN_mod_mul(u1.get(), integer(digest).get(), w.get(), order, context.get());
    BN_mod_mul(u2.get(), integer(r).get(), w.get(), order, context.get());
    Point key(EC_POINT_new(group.get()));
    EC_POINT_set_affine_coordinates(group.get(), key.get(), integer(x).get(), integer(y).get(), context.get());
    const Integer result = integer(multiply(u1, key.get(), u2.get()).first);
    BN_nnmod(result.get(), result.get(), order, context.get());
    return number(result);
  }
};

TEST_CASE_FIXTURE(EccFixture, "ecc384: keys, signatures and verifications agree with OpenSSL") {
  Oracle oracle;
  RandomBytes random(384);
  for (int round = 0; round < 800; ++round) {
    const Number seed = random.array<48>();
    const Number nonce = random.array<48>();
    Number digest = random.array<48>();
    if (round % 10 == 9) digest.fill(0xff);  // above the order

    write(ECC_SEED::offset, seed);
    write(ECC_NONCE::offset, nonce);
    REQUIRE(complete(keygen));
    const Number key = number(ECC_PRIVKEY_OUT::offset);
    CHECK(key == Oracle::drbg(seed, nonce));
    const auto [x, y] = oracle.multiply(Oracle::integer(key));
    CHECK(number(ECC_PUBKEY_X::offset) == x);
    CHECK(number(ECC_PUBKEY_Y::offset) == y);

    write(ECC_PRIVKEY_IN::offset, key);
    write(ECC_MSG::offset, digest);
    write(ECC_IV::offset, random.array<48>());
    REQUIRE(complete(sign));
    const auto [r, s] = oracle.sign(key, digest);
    CHECK(number(ECC_SIGN_R::offset) == r);
    CHECK(number(ECC_SIGN_S::offset) == s);

    REQUIRE(complete(verify));
    CHECK(number(ECC_VERIFY_R::offset) == r);

    const Number other = random.array<48>();
    write(ECC_MSG::offset, other);
    REQUIRE(complete(verify));
    CHECK(number(ECC_VERIFY_R::offset) == oracle.verify(x, y, other, r, s));
  }
}

}  // namespace

#else

TEST_CASE("ecc384: keys, signatures and verifications agree with OpenSSL") {
  veer::testing::skip("ecc384: OpenSSL as oracle", "libssl-dev is not installed");
}

#endif
