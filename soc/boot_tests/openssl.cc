// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/boot_tests/openssl.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>
#include <openssl/x509.h>

#include <memory>

#include "peripherals/crypto/test_support.h"

namespace caliptra::boot_tests {
namespace {

using crypto::testing::Free;

using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Context = std::unique_ptr<EVP_PKEY_CTX, Free<EVP_PKEY_CTX_free>>;
using EcdsaSignature = std::unique_ptr<ECDSA_SIG, Free<ECDSA_SIG_free>>;

constexpr std::size_t scalar_size = 48;

Certificate parse(std::span<const uint8_t> der) {
  const uint8_t* at = der.data();
  return Certificate(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

Key make_key(std::span<const uint8_t> key) {
  if (key.size() != 2 * scalar_size) return nullptr;
  std::vector<uint8_t> point = {0x04};
  point.insert(point.end(), key.begin(), key.end());
  char group[] = "P-384";
  OSSL_PARAM parameters[] = {OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
                             OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
                             OSSL_PARAM_construct_end()};
  const Context context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
  EVP_PKEY* result = nullptr;
  if (EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &result, EVP_PKEY_PUBLIC_KEY, parameters) != 1) {
    return nullptr;
  }
  return Key(result);
}

std::vector<uint8_t> point_of(EVP_PKEY* key) {
  uint8_t point[1 + 2 * scalar_size];
  std::size_t size = 0;
  if (key == nullptr ||
      EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_ENCODED_PUBLIC_KEY, point, sizeof point, &size) != 1 ||
      size != sizeof point) {
    return {};
  }
  return {point + 1, point + size};
}

}  // namespace

bool signed_by_key(std::span<const uint8_t> certificate, std::span<const uint8_t> key) {
  const Certificate parsed = parse(certificate);
  const Key issuer = make_key(key);
  return parsed && issuer && X509_verify(parsed.get(), issuer.get()) == 1;
}

bool signed_by_certificate(std::span<const uint8_t> certificate, std::span<const uint8_t> issuer) {
  const Certificate parsed = parse(certificate);
  const Certificate above = parse(issuer);
  return parsed && above && X509_verify(parsed.get(), X509_get0_pubkey(above.get())) == 1;
}

std::vector<uint8_t> public_key_of(std::span<const uint8_t> certificate) {
  const Certificate parsed = parse(certificate);
  return parsed ? point_of(X509_get0_pubkey(parsed.get())) : std::vector<uint8_t>{};
}

bool verify_digest(std::span<const uint8_t> key, std::span<const uint8_t> digest, std::span<const uint8_t> r,
                   std::span<const uint8_t> s) {
  const Key parsed = make_key(key);
  const EcdsaSignature signature(ECDSA_SIG_new());
  ECDSA_SIG_set0(signature.get(), BN_bin2bn(r.data(), static_cast<int>(r.size()), nullptr),
                 BN_bin2bn(s.data(), static_cast<int>(s.size()), nullptr));
  uint8_t* der = nullptr;
  const int size = i2d_ECDSA_SIG(signature.get(), &der);
  const Context context(parsed ? EVP_PKEY_CTX_new(parsed.get(), nullptr) : nullptr);
  const bool good =
      context && EVP_PKEY_verify_init(context.get()) == 1 &&
      EVP_PKEY_verify(context.get(), der, static_cast<std::size_t>(size), digest.data(), digest.size()) == 1;
  OPENSSL_free(der);
  return good;
}

struct SigningKey::Parts {
  Key key{EVP_EC_gen("P-384")};
};

SigningKey::SigningKey() : parts_(std::make_unique<Parts>()) {}
SigningKey::~SigningKey() = default;

std::vector<uint8_t> SigningKey::public_key() const { return point_of(parts_->key.get()); }

Signature SigningKey::sign(std::span<const uint8_t> digest) const {
  const Context context(EVP_PKEY_CTX_new(parts_->key.get(), nullptr));
  uint8_t der[128];
  std::size_t size = sizeof der;
  if (EVP_PKEY_sign_init(context.get()) != 1 ||
      EVP_PKEY_sign(context.get(), der, &size, digest.data(), digest.size()) != 1) {
    return {};
  }
  const uint8_t* at = der;
  const EcdsaSignature signature(d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(size)));
  Signature result{.r = std::vector<uint8_t>(scalar_size), .s = std::vector<uint8_t>(scalar_size)};
  BN_bn2binpad(ECDSA_SIG_get0_r(signature.get()), result.r.data(), scalar_size);
  BN_bn2binpad(ECDSA_SIG_get0_s(signature.get()), result.s.data(), scalar_size);
  return result;
}

std::vector<uint8_t> sha384(std::span<const uint8_t> message) {
  std::vector<uint8_t> digest(SHA384_DIGEST_LENGTH);
  SHA384(message.data(), message.size(), digest.data());
  return digest;
}

std::vector<uint8_t> sha256(std::span<const uint8_t> message) {
  std::vector<uint8_t> digest(SHA256_DIGEST_LENGTH);
  SHA256(message.data(), message.size(), digest.data());
  return digest;
}

}  // namespace caliptra::boot_tests
