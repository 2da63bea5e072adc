// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <gmp.h>
#include <nettle/ecc-curve.h>
#include <nettle/ecc.h>
#include <nettle/sha2.h>

#include <algorithm>

#include "peripherals/crypto/backends.h"

namespace caliptra::crypto::nettle_backend {
namespace {

class Integer {
 public:
  Integer() { mpz_init2(value_, 2 * 384); }
  explicit Integer(const P384Number& bytes) : Integer() { mpz_import(value_, bytes.size(), 1, 1, 1, 0, bytes.data()); }
  Integer(const Integer&) = delete;
  Integer& operator=(const Integer&) = delete;
  ~Integer() { mpz_clear(value_); }

  [[nodiscard]] mpz_ptr get() { return value_; }
  [[nodiscard]] mpz_srcptr get() const { return value_; }
  [[nodiscard]] bool is_zero() const { return mpz_sgn(value_) == 0; }

  void reduce(const Integer& modulus) { mpz_mod(value_, value_, modulus.value_); }

  /// Of a number in 0 .. 2^384 - 1.
  [[nodiscard]] P384Number bytes() const {
    P384Number result{};
    const std::size_t size = (mpz_sizeinbase(value_, 2) + 7) / 8;
    if (!is_zero()) mpz_export(result.data() + result.size() - size, nullptr, 1, 1, 1, 0, value_);
    return result;
  }

 private:
  mpz_t value_;
};

class Scalar {
 public:
  explicit Scalar(const Integer& value) {
    ecc_scalar_init(&scalar_, nettle_get_secp_384r1());
    ecc_scalar_set(&scalar_, value.get());
  }
  Scalar(const Scalar&) = delete;
  Scalar& operator=(const Scalar&) = delete;
  ~Scalar() { ecc_scalar_clear(&scalar_); }
  [[nodiscard]] const ecc_scalar* get() const { return &scalar_; }

 private:
  ecc_scalar scalar_;
};

class Point {
 public:
  Point() { ecc_point_init(&point_, nettle_get_secp_384r1()); }
  Point(const Point&) = delete;
  Point& operator=(const Point&) = delete;
  ~Point() { ecc_point_clear(&point_); }

  [[nodiscard]] bool set(const Integer& x, const Integer& y) { return ecc_point_set(&point_, x.get(), y.get()) != 0; }
  void coordinates(Integer& x, Integer& y) const { ecc_point_get(&point_, x.get(), y.get()); }
  [[nodiscard]] ecc_point* get() { return &point_; }

 private:
  ecc_point point_;
};

/// x of the affine sum of two points; false if that is the point at infinity. nettle offers no public addition.
bool add_x(const Point& a, const Point& b, Integer& x) {
  const Integer prime(p384_prime);
  Integer ax, ay, bx, by, numerator, denominator;
  a.coordinates(ax, ay);
  b.coordinates(bx, by);
  if (mpz_cmp(ax.get(), bx.get()) != 0) {
    mpz_sub(numerator.get(), by.get(), ay.get());
    mpz_sub(denominator.get(), bx.get(), ax.get());
  } else {
    // The same point twice: the tangent's slope, (3 x^2 - 3) / 2 y.
    if (mpz_cmp(ay.get(), by.get()) != 0) return false;
    mpz_mul(numerator.get(), ax.get(), ax.get());
    mpz_sub_ui(numerator.get(), numerator.get(), 1);
    mpz_mul_ui(numerator.get(), numerator.get(), 3);
    mpz_mul_2exp(denominator.get(), ay.get(), 1);
  }
  mpz_invert(denominator.get(), denominator.get(), prime.get());
  Integer slope;
  mpz_mul(slope.get(), numerator.get(), denominator.get());
  slope.reduce(prime);
  mpz_mul(x.get(), slope.get(), slope.get());
  mpz_sub(x.get(), x.get(), ax.get());
  mpz_sub(x.get(), x.get(), bx.get());
  x.reduce(prime);
  return true;
}

}  // namespace

void sha512_compress(Sha512State& state, std::span<const uint8_t, sha512_block_size> block) {
  sha512_ctx context;
  std::ranges::copy(state, context.state);
  context.count_low = context.count_high = 0;
  context.index = 0;
  sha512_update(&context, block.size(), block.data());
  std::ranges::copy(context.state, state.begin());
}

void sha256_compress(Sha256State& state, std::span<const uint8_t, sha256_block_size> block) {
  sha256_ctx context;
  std::ranges::copy(state, context.state);
  context.count = 0;
  context.index = 0;
  sha256_update(&context, block.size(), block.data());
  std::ranges::copy(context.state, state.begin());
}

bool on_curve(const P384Point& point) {
  Point checked;
  return checked.set(Integer(point.x), Integer(point.y));
}

P384Point multiply_generator(const P384Number& scalar) {
  Point product;
  ecc_point_mul_g(product.get(), Scalar(Integer(scalar)).get());
  Integer x, y;
  product.coordinates(x, y);
  return {x.bytes(), y.bytes()};
}

P384Number shared_secret(const P384Number& scalar, const P384Point& point) {
  Point base, product;
  if (!base.set(Integer(point.x), Integer(point.y))) return {};
  ecc_point_mul(product.get(), Scalar(Integer(scalar)).get(), base.get());
  Integer x, y;
  product.coordinates(x, y);
  return x.bytes();
}

P384Signature sign(const P384Number& private_key, const P384Number& nonce, const P384Number& digest) {
  const Integer order(p384_order), key(private_key), k(nonce);
  Point point;
  ecc_point_mul_g(point.get(), Scalar(k).get());
  Integer r, y, s(digest), inverse;
  point.coordinates(r, y);
  r.reduce(order);
  mpz_addmul(s.get(), r.get(), key.get());
  s.reduce(order);
  mpz_invert(inverse.get(), k.get(), order.get());
  mpz_mul(s.get(), s.get(), inverse.get());
  s.reduce(order);
  return {r.bytes(), s.bytes()};
}

std::optional<P384Number> computed_r(const P384Point& public_key, const P384Number& digest,
                                     const P384Signature& signature) {
  const Integer order(p384_order);
  Integer u1(digest), u2(signature.r), inverse(signature.s);
  mpz_invert(inverse.get(), inverse.get(), order.get());
  mpz_mul(u1.get(), u1.get(), inverse.get());
  u1.reduce(order);
  mpz_mul(u2.get(), u2.get(), inverse.get());
  u2.reduce(order);

  Point key, right;
  if (!key.set(Integer(public_key.x), Integer(public_key.y))) return std::nullopt;
  ecc_point_mul(right.get(), Scalar(u2).get(), key.get());
  Integer x;
  if (u1.is_zero()) {
    Integer y;
    right.coordinates(x, y);
  } else {
    Point left;
    ecc_point_mul_g(left.get(), Scalar(u1).get());
    if (!add_x(left, right, x)) return std::nullopt;
  }
  x.reduce(order);
  return x.bytes();
}

}  // namespace caliptra::crypto::nettle_backend
