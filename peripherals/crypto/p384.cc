// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/crypto/p384.h"

#include "peripherals/crypto/backends.h"

namespace caliptra::crypto {
namespace {

#ifdef CALIPTRA_NETTLE_P384
namespace backend = nettle_backend;
constexpr std::string_view backend_name = "nettle";
#else
namespace backend = mbedtls_backend;
constexpr std::string_view backend_name = "mbedtls";
#endif

constexpr unsigned digit(char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : c - 'a' + 10); }

constexpr P384Number number(std::string_view hex) {
  P384Number result{};
  for (std::size_t i = 0; i < result.size(); ++i) {
    result[i] = static_cast<uint8_t>(digit(hex[2 * i]) << 4 | digit(hex[2 * i + 1]));
  }
  return result;
}

constexpr P384Number zero{};

}  // namespace

const P384Number p384_prime =
    number("fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff");
const P384Number p384_order =
    number("ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973");
const P384Point p384_generator = {
    number("aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7"),
    number("3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f")};

// Arrays of bytes compare like the big-endian numbers they hold.
bool p384_scalar_in_range(const P384Number& scalar) { return scalar != zero && scalar < p384_order; }
bool p384_coordinate_in_range(const P384Number& coordinate) { return coordinate < p384_prime; }

bool p384_on_curve(const P384Point& point) {
  return p384_coordinate_in_range(point.x) && p384_coordinate_in_range(point.y) && backend::on_curve(point);
}

P384Number p384_reduce(const P384Number& number) {
  // The order is above half of 2^384, so one subtraction does it.
  if (number < p384_order) return number;
  P384Number result{};
  unsigned borrow = 0;
  for (std::size_t i = result.size(); i-- > 0;) {
    const unsigned difference = 0x100U + number[i] - p384_order[i] - borrow;
    result[i] = static_cast<uint8_t>(difference);
    borrow = difference < 0x100 ? 1 : 0;
  }
  return result;
}

std::optional<P384Point> p384_public_key(const P384Number& private_key) {
  if (!p384_scalar_in_range(private_key)) return std::nullopt;
  return backend::multiply_generator(private_key);
}

std::optional<P384Signature> p384_sign(const P384Number& private_key, const P384Number& nonce,
                                       const P384Number& digest) {
  if (!p384_scalar_in_range(private_key) || !p384_scalar_in_range(nonce)) return std::nullopt;
  const P384Signature signature = backend::sign(private_key, nonce, digest);
  if (signature.r == zero || signature.s == zero) return std::nullopt;
  return signature;
}

P384Verification p384_verify(const P384Point& public_key, const P384Number& digest, const P384Signature& signature) {
  if (!p384_scalar_in_range(signature.r) || !p384_scalar_in_range(signature.s)) return {};
  if (!p384_on_curve(public_key)) return {};
  const auto computed = backend::computed_r(public_key, digest, signature);
  if (!computed) return {};
  return {*computed == signature.r, *computed};
}

std::optional<P384Number> p384_shared_secret(const P384Number& private_key, const P384Point& public_key) {
  if (!p384_scalar_in_range(private_key) || !p384_on_curve(public_key)) return std::nullopt;
  return backend::shared_secret(private_key, public_key);
}

std::string_view p384_backend_name() { return backend_name; }

}  // namespace caliptra::crypto
