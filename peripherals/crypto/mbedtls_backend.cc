// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

// Hash states and point coordinates are private members since mbedTLS 3.0, with this as the way in.
#define MBEDTLS_ALLOW_PRIVATE_ACCESS

#include <mbedtls/aes.h>
#include <mbedtls/ecp.h>
#include <mbedtls/md.h>
#include <mbedtls/sha256.h>
#include <mbedtls/sha512.h>
#include <mbedtls/version.h>

#include <algorithm>

#include "peripherals/crypto/aes.h"
#include "peripherals/crypto/backends.h"

namespace caliptra::crypto {
namespace {

// The functions that return errors have been given the plain names in 3.0.
#if MBEDTLS_VERSION_MAJOR < 3
constexpr auto update_sha512 = mbedtls_sha512_update_ret;
constexpr auto update_sha256 = mbedtls_sha256_update_ret;
constexpr auto whole_sha512 = mbedtls_sha512_ret;
constexpr auto whole_sha256 = mbedtls_sha256_ret;
#else
constexpr auto update_sha512 = mbedtls_sha512_update;
constexpr auto update_sha256 = mbedtls_sha256_update;
constexpr auto whole_sha512 = mbedtls_sha512;
constexpr auto whole_sha256 = mbedtls_sha256;
#endif

bool aes256_cbc(int direction, const Aes256Key& key, const AesBlock& initial_vector, std::span<const uint8_t> input,
                std::span<uint8_t> output) {
  if (input.size() != output.size() || input.size() % 16 != 0) return false;
  mbedtls_aes_context context;
  mbedtls_aes_init(&context);
  const auto set_key = direction == MBEDTLS_AES_ENCRYPT ? mbedtls_aes_setkey_enc : mbedtls_aes_setkey_dec;
  set_key(&context, key.data(), 256);
  AesBlock vector = initial_vector;
  const int status =
      mbedtls_aes_crypt_cbc(&context, direction, input.size(), vector.data(), input.data(), output.data());
  mbedtls_aes_free(&context);
  return status == 0;
}

}  // namespace

std::array<uint8_t, 64> sha512(std::span<const uint8_t> message) {
  std::array<uint8_t, 64> digest{};
  whole_sha512(message.data(), message.size(), digest.data(), 0);
  return digest;
}

std::array<uint8_t, 48> sha384(std::span<const uint8_t> message) {
  std::array<uint8_t, 64> digest{};
  whole_sha512(message.data(), message.size(), digest.data(), 1);
  std::array<uint8_t, 48> result{};
  std::copy_n(digest.begin(), result.size(), result.begin());
  return result;
}

std::array<uint8_t, 32> sha256(std::span<const uint8_t> message) {
  std::array<uint8_t, 32> digest{};
  whole_sha256(message.data(), message.size(), digest.data(), 0);
  return digest;
}

std::array<uint8_t, 48> hmac_sha384(std::span<const uint8_t> key, std::span<const uint8_t> message) {
  std::array<uint8_t, 48> tag{};
  mbedtls_md_hmac(mbedtls_md_info_from_type(MBEDTLS_MD_SHA384), key.data(), key.size(), message.data(), message.size(),
                  tag.data());
  return tag;
}

AesBlock aes256_encrypt_block(const Aes256Key& key, const AesBlock& block) {
  mbedtls_aes_context context;
  mbedtls_aes_init(&context);
  mbedtls_aes_setkey_enc(&context, key.data(), 256);
  AesBlock result{};
  mbedtls_aes_crypt_ecb(&context, MBEDTLS_AES_ENCRYPT, block.data(), result.data());
  mbedtls_aes_free(&context);
  return result;
}

bool aes256_cbc_decrypt(const Aes256Key& key, const AesBlock& initial_vector, std::span<const uint8_t> ciphertext,
                        std::span<uint8_t> plaintext) {
  return aes256_cbc(MBEDTLS_AES_DECRYPT, key, initial_vector, ciphertext, plaintext);
}

bool aes256_cbc_encrypt(const Aes256Key& key, const AesBlock& initial_vector, std::span<const uint8_t> plaintext,
                        std::span<uint8_t> ciphertext) {
  return aes256_cbc(MBEDTLS_AES_ENCRYPT, key, initial_vector, plaintext, ciphertext);
}

namespace mbedtls_backend {
namespace {

class Integer {
 public:
  Integer() { mbedtls_mpi_init(&value_); }
  explicit Integer(const P384Number& bytes) : Integer() {
    mbedtls_mpi_read_binary(&value_, bytes.data(), bytes.size());
  }
  Integer(const Integer&) = delete;
  Integer& operator=(const Integer&) = delete;
  ~Integer() { mbedtls_mpi_free(&value_); }
  [[nodiscard]] mbedtls_mpi* get() { return &value_; }
  [[nodiscard]] const mbedtls_mpi* get() const { return &value_; }

 private:
  mbedtls_mpi value_;
};

P384Number bytes_of(const mbedtls_mpi& value) {
  P384Number result{};
  mbedtls_mpi_write_binary(&value, result.data(), result.size());
  return result;
}

class Point {
 public:
  Point() { mbedtls_ecp_point_init(&point_); }
  explicit Point(const P384Point& affine) : Point() {
    mbedtls_mpi_read_binary(&point_.X, affine.x.data(), affine.x.size());
    mbedtls_mpi_read_binary(&point_.Y, affine.y.data(), affine.y.size());
    mbedtls_mpi_lset(&point_.Z, 1);
  }
  Point(const Point&) = delete;
  Point& operator=(const Point&) = delete;
  ~Point() { mbedtls_ecp_point_free(&point_); }
  [[nodiscard]] mbedtls_ecp_point* get() { return &point_; }
  [[nodiscard]] const mbedtls_ecp_point* get() const { return &point_; }
  [[nodiscard]] P384Number x() const { return bytes_of(point_.X); }
  [[nodiscard]] P384Number y() const { return bytes_of(point_.Y); }

 private:
  mbedtls_ecp_point point_;
};

class Curve {
 public:
  Curve() {
    mbedtls_ecp_group_init(&group_);
    mbedtls_ecp_group_load(&group_, MBEDTLS_ECP_DP_SECP384R1);
  }
  Curve(const Curve&) = delete;
  Curve& operator=(const Curve&) = delete;
  ~Curve() { mbedtls_ecp_group_free(&group_); }
  [[nodiscard]] mbedtls_ecp_group* get() { return &group_; }
  [[nodiscard]] const mbedtls_mpi* order() const { return &group_.N; }
  [[nodiscard]] const mbedtls_ecp_point* generator() const { return &group_.G; }

  /// False only if memory ran out.
  bool multiply(Point& product, const Integer& scalar, const mbedtls_ecp_point* point) {
    return mbedtls_ecp_mul(&group_, product.get(), scalar.get(), point, blinding, nullptr) == 0;
  }

 private:
  /// What mbedTLS blinds its computation with. It can't change a result and need not be random: the secrets
  /// here are simulated.
  static int blinding(void*, unsigned char* bytes, std::size_t count) {
    std::fill_n(bytes, count, static_cast<unsigned char>(0x5a));
    return 0;
  }

  mbedtls_ecp_group group_;
};

}  // namespace

void sha512_compress(Sha512State& state, std::span<const uint8_t, sha512_block_size> block) {
  mbedtls_sha512_context context;
  mbedtls_sha512_init(&context);
  std::ranges::copy(state, context.state);
  update_sha512(&context, block.data(), block.size());
  std::ranges::copy(context.state, state.begin());
}

void sha256_compress(Sha256State& state, std::span<const uint8_t, sha256_block_size> block) {
  mbedtls_sha256_context context;
  mbedtls_sha256_init(&context);
  std::ranges::copy(state, context.state);
  update_sha256(&context, block.data(), block.size());
  std::ranges::copy(context.state, state.begin());
}

bool on_curve(const P384Point& point) {
  Curve curve;
  return mbedtls_ecp_check_pubkey(curve.get(), Point(point).get()) == 0;
}

P384Point multiply_generator(const P384Number& scalar) {
  Curve curve;
  Point product;
  if (!curve.multiply(product, Integer(scalar), curve.generator())) return {};
  return {product.x(), product.y()};
}

P384Number shared_secret(const P384Number& scalar, const P384Point& point) {
  Curve curve;
  Point product;
  if (!curve.multiply(product, Integer(scalar), Point(point).get())) return {};
  return product.x();
}

P384Signature sign(const P384Number& private_key, const P384Number& nonce, const P384Number& digest) {
  Curve curve;
  Point point;
  const Integer key(private_key), k(nonce), message(digest);
  if (!curve.multiply(point, k, curve.generator())) return {};
  Integer r, s, inverse;
  mbedtls_mpi_mod_mpi(r.get(), &point.get()->X, curve.order());
  mbedtls_mpi_mul_mpi(s.get(), r.get(), key.get());
  mbedtls_mpi_add_mpi(s.get(), s.get(), message.get());
  mbedtls_mpi_inv_mod(inverse.get(), k.get(), curve.order());
  mbedtls_mpi_mul_mpi(s.get(), s.get(), inverse.get());
  mbedtls_mpi_mod_mpi(s.get(), s.get(), curve.order());
  return {bytes_of(*r.get()), bytes_of(*s.get())};
}

std::optional<P384Number> computed_r(const P384Point& public_key, const P384Number& digest,
                                     const P384Signature& signature) {
  Curve curve;
  const Integer message(digest), r(signature.r), s(signature.s);
  Integer u1, u2, inverse;
  mbedtls_mpi_inv_mod(inverse.get(), s.get(), curve.order());
  mbedtls_mpi_mul_mpi(u1.get(), message.get(), inverse.get());
  mbedtls_mpi_mod_mpi(u1.get(), u1.get(), curve.order());
  mbedtls_mpi_mul_mpi(u2.get(), r.get(), inverse.get());
  mbedtls_mpi_mod_mpi(u2.get(), u2.get(), curve.order());

  Point sum;
  const Point key(public_key);
  if (mbedtls_mpi_cmp_int(u1.get(), 0) == 0) {
    // mbedtls_ecp_muladd() takes no zero.
    if (!curve.multiply(sum, u2, key.get())) return std::nullopt;
  } else if (mbedtls_ecp_muladd(curve.get(), sum.get(), u1.get(), curve.generator(), u2.get(), key.get()) != 0) {
    return std::nullopt;
  }
  if (mbedtls_ecp_is_zero(sum.get()) != 0) return std::nullopt;
  Integer x;
  mbedtls_mpi_mod_mpi(x.get(), &sum.get()->X, curve.order());
  return bytes_of(*x.get());
}

}  // namespace mbedtls_backend
}  // namespace caliptra::crypto
