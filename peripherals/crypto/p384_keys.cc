// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/crypto/p384_keys.h"

#define MBEDTLS_ALLOW_PRIVATE_ACCESS

#include <mbedtls/error.h>
#include <mbedtls/pk.h>
#include <mbedtls/version.h>

#include <algorithm>
#include <vector>

#include "peripherals/crypto/sha2.h"

namespace caliptra::crypto {
namespace {

/// A key of mbedTLS, freed at the end.
struct Context {
  Context() { mbedtls_pk_init(&pk); }
  ~Context() { mbedtls_pk_free(&pk); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  mbedtls_ecp_keypair& ec() { return *mbedtls_pk_ec(pk); }
  mbedtls_pk_context pk;
};

#if MBEDTLS_VERSION_MAJOR >= 3
// Blinds the multiplication that finds the public key of a private key that comes without. The tools that read keys run
// for the owner of the keys, whom nothing hides them from.
int no_randomness(void*, unsigned char* output, size_t size) {
  std::fill_n(output, size, uint8_t{1});
  return 0;
}
#endif

int parse_private(Context& context, std::span<const uint8_t> text) {
#if MBEDTLS_VERSION_MAJOR >= 3
  return mbedtls_pk_parse_key(&context.pk, text.data(), text.size(), nullptr, 0, no_randomness, nullptr);
#else
  return mbedtls_pk_parse_key(&context.pk, text.data(), text.size(), nullptr, 0);
#endif
}

std::string reason(int status) {
  char text[160] = {};
  mbedtls_strerror(status, text, sizeof text);
  return text;
}

std::optional<P384Number> bytes_of(const mbedtls_mpi& number) {
  P384Number result;
  if (mbedtls_mpi_write_binary(&number, result.data(), result.size()) != 0) return std::nullopt;
  return result;
}

bool fill(Context& context, const P384Point& point, const P384Number* private_key) {
  if (mbedtls_pk_setup(&context.pk, mbedtls_pk_info_from_type(MBEDTLS_PK_ECKEY)) != 0) return false;
  mbedtls_ecp_keypair& key = context.ec();
  return mbedtls_ecp_group_load(&key.grp, MBEDTLS_ECP_DP_SECP384R1) == 0 &&
         mbedtls_mpi_read_binary(&key.Q.X, point.x.data(), point.x.size()) == 0 &&
         mbedtls_mpi_read_binary(&key.Q.Y, point.y.data(), point.y.size()) == 0 && mbedtls_mpi_lset(&key.Q.Z, 1) == 0 &&
         (private_key == nullptr || mbedtls_mpi_read_binary(&key.d, private_key->data(), private_key->size()) == 0);
}

}  // namespace

std::optional<P384Key> p384_key_from_file(std::span<const uint8_t> file, std::string& error) {
  // mbedTLS takes PEM with the zero at its end, DER without.
  std::vector<uint8_t> text(file.begin(), file.end());
  constexpr std::string_view begin = "-----BEGIN";
  const bool pem = std::search(text.begin(), text.end(), begin.begin(), begin.end()) != text.end();
  if (pem) text.push_back(0);

  Context context;
  bool is_private = true;
  const int private_status = parse_private(context, text);
  if (private_status != 0) {
    is_private = false;
    mbedtls_pk_free(&context.pk);
    mbedtls_pk_init(&context.pk);
    const int public_status = mbedtls_pk_parse_public_key(&context.pk, text.data(), text.size());
    if (public_status != 0) {
      const std::string_view all(reinterpret_cast<const char*>(text.data()), text.size());
      const bool meant_private = all.find("PRIVATE KEY-----") != all.npos;
      error = "not a key in PEM or DER: " + reason(meant_private ? private_status : public_status);
      return std::nullopt;
    }
  }
  if (mbedtls_pk_can_do(&context.pk, MBEDTLS_PK_ECKEY) == 0 || context.ec().grp.id != MBEDTLS_ECP_DP_SECP384R1) {
    error = "not a key of P-384 (secp384r1)";
    return std::nullopt;
  }

  P384Key key;
  if (is_private) {
    key.private_key = bytes_of(context.ec().d);
    const auto point = key.private_key ? p384_public_key(*key.private_key) : std::nullopt;
    if (!point) {
      error = "the private key is out of range";
      return std::nullopt;
    }
    key.public_key = *point;
    return key;
  }
  const auto x = bytes_of(context.ec().Q.X);
  const auto y = bytes_of(context.ec().Q.Y);
  if (!x || !y || !p384_on_curve({*x, *y})) {
    error = "the public key is not a point of P-384";
    return std::nullopt;
  }
  key.public_key = {*x, *y};
  return key;
}

std::string p384_private_key_pem(const P384Number& private_key) {
  const auto point = p384_public_key(private_key);
  Context context;
  unsigned char text[1024];
  if (!point || !fill(context, *point, &private_key)) return "";
  if (mbedtls_pk_write_key_pem(&context.pk, text, sizeof text) != 0) return "";
  return reinterpret_cast<const char*>(text);
}

std::string p384_public_key_pem(const P384Point& public_key) {
  Context context;
  unsigned char text[1024];
  if (!p384_on_curve(public_key) || !fill(context, public_key, nullptr)) return "";
  if (mbedtls_pk_write_pubkey_pem(&context.pk, text, sizeof text) != 0) return "";
  return reinterpret_cast<const char*>(text);
}

std::optional<P384Signature> p384_sign_deterministic(const P384Number& private_key, const P384Number& digest) {
  if (!p384_scalar_in_range(private_key)) return std::nullopt;
  const P384Number reduced = p384_reduce(digest);
  P384Number key{};
  P384Number value;
  value.fill(1);
  const auto mix = [&](uint8_t mark, bool with_input) {
    std::vector<uint8_t> message(value.begin(), value.end());
    message.push_back(mark);
    if (with_input) {
      message.insert(message.end(), private_key.begin(), private_key.end());
      message.insert(message.end(), reduced.begin(), reduced.end());
    }
    key = hmac_sha384(key, message);
    value = hmac_sha384(key, value);
  };
  mix(0, true);
  mix(1, true);
  for (;;) {
    value = hmac_sha384(key, value);
    if (const auto signature = p384_sign(private_key, value, digest)) return signature;
    mix(0, false);
  }
}

}  // namespace caliptra::crypto
