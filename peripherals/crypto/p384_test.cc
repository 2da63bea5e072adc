// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/crypto/p384.h"

#include <doctest/doctest.h>

#include "iss/testing/skip.h"
#include "peripherals/crypto/backends.h"
#include "peripherals/crypto/sha2.h"
#include "peripherals/crypto/test_support.h"

#ifdef CALIPTRA_OPENSSL
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>
#endif

namespace {

namespace crypto = caliptra::crypto;
using crypto::P384Number;
using crypto::P384Point;
using crypto::testing::array_from_hex;
using crypto::testing::RandomBytes;

P384Number small(uint8_t value) {
  P384Number number{};
  number.back() = value;
  return number;
}

/// order + delta, for small deltas.
P384Number near_order(int delta) {
  P384Number number = crypto::p384_order;
  number.back() = static_cast<uint8_t>(number.back() + delta);
  return number;
}

P384Number random_scalar(RandomBytes& random) {
  P384Number scalar = crypto::p384_reduce(random.array<48>());
  scalar.back() |= 1;
  return scalar;
}

constexpr P384Number zero{};

}  // namespace

TEST_CASE("RFC 6979, appendix A.2.6: P-384 with SHA-384 and the message \"sample\"") {
  const auto key = array_from_hex<48>(
      "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d896d5724e4c70a825f872c9ea60d2edf5");
  const P384Point point = {
      array_from_hex<48>(
          "ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13"),
      array_from_hex<48>(
          "8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720")};
  const auto nonce = array_from_hex<48>(
      "94ed910d1a099dad3254e9242ae85abde4ba15168eaf0ca87a555fd56d10fbca2907e3e83ba95368623b8c4686915cf9");
  const std::string_view message = "sample";
  const auto digest = crypto::sha384(std::vector<uint8_t>(message.begin(), message.end()));
  const crypto::P384Signature expected = {
      array_from_hex<48>(
          "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46"),
      array_from_hex<48>(
          "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8")};
  CHECK(crypto::p384_public_key(key) == point);
  CHECK(crypto::p384_sign(key, nonce, digest) == expected);
  const auto verification = crypto::p384_verify(point, digest, expected);
  CHECK(verification.valid);
  CHECK(verification.computed_r == expected.r);
}

TEST_CASE("ranges, reduction and the curve's equation") {
  CHECK_FALSE(crypto::p384_scalar_in_range(zero));
  CHECK(crypto::p384_scalar_in_range(small(1)));
  CHECK(crypto::p384_scalar_in_range(near_order(-1)));
  CHECK_FALSE(crypto::p384_scalar_in_range(near_order(0)));
  CHECK_FALSE(crypto::p384_scalar_in_range(near_order(1)));
  CHECK(crypto::p384_coordinate_in_range(zero));
  CHECK_FALSE(crypto::p384_coordinate_in_range(crypto::p384_prime));

  CHECK(crypto::p384_reduce(near_order(-1)) == near_order(-1));
  CHECK(crypto::p384_reduce(near_order(0)) == zero);
  CHECK(crypto::p384_reduce(near_order(5)) == small(5));
  P384Number ones;
  ones.fill(0xff);
  CHECK(crypto::p384_reduce(ones) == array_from_hex<48>("00000000000000000000000000000000000000000000000038"
                                                        "9cb27e0bc8d220a7e5f24db74f58851313e695333ad68c"));

  P384Point point = crypto::p384_generator;
  CHECK(crypto::p384_on_curve(point));
  point.y.back() ^= 1;
  CHECK_FALSE(crypto::p384_on_curve(point));
  CHECK_FALSE(crypto::p384_on_curve({}));
  CHECK_FALSE(crypto::p384_on_curve({crypto::p384_prime, crypto::p384_generator.y}));
  CHECK_FALSE(crypto::p384_on_curve({ones, ones}));
}

TEST_CASE("bad inputs are refused") {
  const P384Number digest = small(7);
  for (const P384Number& bad : {zero, near_order(0), near_order(1)}) {
    CHECK_FALSE(crypto::p384_public_key(bad));
    CHECK_FALSE(crypto::p384_sign(bad, small(2), digest));
    CHECK_FALSE(crypto::p384_sign(small(2), bad, digest));
    CHECK_FALSE(crypto::p384_shared_secret(bad, crypto::p384_generator));
    CHECK_FALSE(crypto::p384_verify(crypto::p384_generator, digest, {bad, small(2)}).valid);
    CHECK_FALSE(crypto::p384_verify(crypto::p384_generator, digest, {small(2), bad}).valid);
  }
  CHECK_FALSE(crypto::p384_shared_secret(small(2), {small(1), small(1)}));
  const auto off_curve = crypto::p384_verify({small(1), small(1)}, digest, {small(2), small(2)});
  CHECK_FALSE(off_curve.valid);
  CHECK(off_curve.computed_r == zero);
}

TEST_CASE("the corners of verification: zero digest, equal points, infinity") {
  const P384Number key = small(3), nonce = small(5);
  const P384Point point = *crypto::p384_public_key(key);
  for (const P384Number& digest : {zero, near_order(0), near_order(2), small(1)}) {
    const auto signature = crypto::p384_sign(key, nonce, digest);
    REQUIRE(signature);
    CHECK(crypto::p384_verify(point, digest, *signature).valid);
  }
  // With the key 1, s = r and digest = r, the two points to be added are both G: the sum is 2 G.
  const P384Number r = crypto::p384_public_key(small(2))->x;
  const auto doubled = crypto::p384_verify(crypto::p384_generator, r, {r, r});
  CHECK(doubled.valid);
  CHECK(doubled.computed_r == r);
  // With a digest of -r they cancel.
  P384Number negative = crypto::p384_order;
  unsigned borrow = 0;
  for (std::size_t i = negative.size(); i-- > 0;) {
    const unsigned difference = 0x100U + negative[i] - r[i] - borrow;
    negative[i] = static_cast<uint8_t>(difference);
    borrow = difference < 0x100 ? 1 : 0;
  }
  const auto infinity = crypto::p384_verify(crypto::p384_generator, negative, {r, r});
  CHECK_FALSE(infinity.valid);
  CHECK(infinity.computed_r == zero);
#ifdef CALIPTRA_NETTLE
  CHECK(crypto::mbedtls_backend::computed_r(crypto::p384_generator, r, {r, r}) == r);
  CHECK_FALSE(crypto::mbedtls_backend::computed_r(crypto::p384_generator, negative, {r, r}));
  CHECK(crypto::nettle_backend::computed_r(crypto::p384_generator, r, {r, r}) == r);
  CHECK_FALSE(crypto::nettle_backend::computed_r(crypto::p384_generator, negative, {r, r}));
#endif
}

TEST_CASE("a signature verifies; with one flipped bit anywhere it does not") {
  RandomBytes random(4);
  for (int round = 0; round < 20; ++round) {
    const P384Number key = random_scalar(random);
    const auto digest = random.array<48>();
    const P384Point point = *crypto::p384_public_key(key);
    auto signature = crypto::p384_sign(key, random_scalar(random), digest);
    REQUIRE(signature);
    REQUIRE(crypto::p384_verify(point, digest, *signature).valid);
    auto& part = round % 2 == 0 ? signature->r : signature->s;
    part[random.below(48)] ^= static_cast<uint8_t>(1U << random.below(8));
    const auto verification = crypto::p384_verify(point, digest, *signature);
    CHECK_FALSE(verification.valid);
    CHECK(verification.computed_r != signature->r);
  }
}

#ifdef CALIPTRA_NETTLE
TEST_CASE("both backends agree") {
  namespace mbedtls = crypto::mbedtls_backend;
  namespace nettle = crypto::nettle_backend;
  RandomBytes random(5);
  for (int round = 0; round < 350; ++round) {
    const P384Number key = round == 0 ? near_order(-1) : random_scalar(random);
    const P384Number nonce = round == 1 ? near_order(-1) : random_scalar(random);
    const auto digest = random.array<48>();
    const P384Point point = nettle::multiply_generator(key);
    REQUIRE(mbedtls::multiply_generator(key) == point);
    REQUIRE(mbedtls::on_curve(point));
    REQUIRE(nettle::on_curve(point));
    const auto signature = nettle::sign(key, nonce, digest);
    REQUIRE(mbedtls::sign(key, nonce, digest) == signature);
    REQUIRE(mbedtls::shared_secret(nonce, point) == nettle::shared_secret(nonce, point));
    const crypto::P384Signature other = {random_scalar(random), random_scalar(random)};
    const auto computed = nettle::computed_r(point, digest, other);
    REQUIRE(computed);
    REQUIRE(mbedtls::computed_r(point, digest, other) == computed);
    P384Point wrong = point;
    wrong.x[random.below(48)] ^= static_cast<uint8_t>(1U << random.below(8));
    REQUIRE(mbedtls::on_curve(wrong) == nettle::on_curve(wrong));
  }
}
#endif

TEST_CASE("keys, signatures and shared secrets stand before OpenSSL") {
#ifdef CALIPTRA_OPENSSL
  // OpenSSL's functions take no nonce, so its curve arithmetic does ECDSA's few lines here.
  EC_GROUP* group = EC_GROUP_new_by_curve_name(NID_secp384r1);
  BN_CTX* context = BN_CTX_new();
  const BIGNUM* order = EC_GROUP_get0_order(group);
  const auto import = [](const P384Number& number) { return BN_bin2bn(number.data(), 48, nullptr); };
  const auto bytes = [](const BIGNUM* number) {
    P384Number result{};
    BN_bn2binpad(number, result.data(), 48);
    return result;
  };
  RandomBytes random(6);
  for (int round = 0; round < 700; ++round) {
    const P384Number key = random_scalar(random), nonce = random_scalar(random);
    const auto digest = random.array<48>();
    BIGNUM *d = import(key), *k = import(nonce), *z = import(digest), *x = BN_new(), *y = BN_new();
    EC_POINT *point = EC_POINT_new(group), *other = EC_POINT_new(group);

    EC_POINT_mul(group, point, d, nullptr, nullptr, context);
    EC_POINT_get_affine_coordinates(group, point, x, y, context);
    const P384Point public_key = {bytes(x), bytes(y)};
    REQUIRE(crypto::p384_public_key(key) == public_key);

    EC_POINT_mul(group, other, nullptr, point, k, context);
    EC_POINT_get_affine_coordinates(group, other, x, y, context);
    REQUIRE(crypto::p384_shared_secret(nonce, public_key) == bytes(x));

    EC_POINT_mul(group, other, k, nullptr, nullptr, context);
    EC_POINT_get_affine_coordinates(group, other, x, y, context);
    BN_nnmod(x, x, order, context);
    crypto::P384Signature signature{bytes(x), {}};
    BN_mod_mul(x, x, d, order, context);
    BN_mod_add(x, x, z, order, context);
    BN_mod_inverse(k, k, order, context);
    BN_mod_mul(x, x, k, order, context);
    signature.s = bytes(x);
    REQUIRE(crypto::p384_sign(key, nonce, digest) == signature);
    REQUIRE(crypto::p384_verify(public_key, digest, signature).valid);

    const auto wrong_digest = random.array<48>();
    BIGNUM *u1 = import(wrong_digest), *u2 = import(signature.r), *inverse = import(signature.s);
    BN_mod_inverse(inverse, inverse, order, context);
    BN_mod_mul(u1, u1, inverse, order, context);
    BN_mod_mul(u2, u2, inverse, order, context);
    EC_POINT_mul(group, other, u1, point, u2, context);
    EC_POINT_get_affine_coordinates(group, other, x, y, context);
    BN_nnmod(x, x, order, context);
    const auto verification = crypto::p384_verify(public_key, wrong_digest, signature);
    REQUIRE_FALSE(verification.valid);
    REQUIRE(verification.computed_r == bytes(x));

    for (BIGNUM* number : {d, k, z, x, y, u1, u2, inverse}) BN_free(number);
    EC_POINT_free(point);
    EC_POINT_free(other);
  }
  BN_CTX_free(context);
  EC_GROUP_free(group);
#else
  veer::testing::skip("keys, signatures and shared secrets stand before OpenSSL", "built without libcrypto");
#endif
}
