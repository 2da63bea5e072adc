// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "firmware-tests/demo/tests/chain.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <memory>

#include "peripherals/crypto/test_support.h"

namespace caliptra::demo {
namespace {

using crypto::testing::Free;

using Certificate = std::unique_ptr<X509, Free<X509_free>>;
using Request = std::unique_ptr<X509_REQ, Free<X509_REQ_free>>;
using Key = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using Store = std::unique_ptr<X509_STORE, Free<X509_STORE_free>>;
using StoreContext = std::unique_ptr<X509_STORE_CTX, Free<X509_STORE_CTX_free>>;

void openssl_free(void* memory) { OPENSSL_free(memory); }

struct Stack {
  STACK_OF(X509) * certificates = sk_X509_new_null();
  Stack() = default;
  Stack(const Stack&) = delete;
  Stack& operator=(const Stack&) = delete;
  ~Stack() { sk_X509_free(certificates); }
};

void add(X509* certificate, X509V3_CTX& context, int extension, const char* value) {
  X509_EXTENSION* made = X509V3_EXT_conf_nid(nullptr, &context, extension, value);
  X509_add_ext(certificate, made, -1);
  X509_EXTENSION_free(made);
}

/// A CA certificate, with `key_id` (hexadecimal) for the subject's key. The issuer is null where it is its own.
Certificate certify(X509_NAME* subject, EVP_PKEY* key, const char* key_id, X509* issuer, EVP_PKEY* issuer_key) {
  Certificate certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  ASN1_TIME_set_string(X509_getm_notBefore(certificate.get()), "20230101000000Z");
  ASN1_TIME_set_string(X509_getm_notAfter(certificate.get()), "99991231235959Z");
  X509_set_subject_name(certificate.get(), subject);
  X509_set_issuer_name(certificate.get(), issuer != nullptr ? X509_get_subject_name(issuer) : subject);
  X509_set_pubkey(certificate.get(), key);
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer != nullptr ? issuer : certificate.get(), certificate.get(), nullptr, nullptr, 0);
  add(certificate.get(), context, NID_basic_constraints, "critical,CA:TRUE");
  add(certificate.get(), context, NID_key_usage, "critical,keyCertSign");
  add(certificate.get(), context, NID_subject_key_identifier, key_id);
  if (issuer != nullptr) add(certificate.get(), context, NID_authority_key_identifier, "keyid:always");
  X509_sign(certificate.get(), issuer_key, EVP_sha384());
  return certificate;
}

}  // namespace

std::string problem_of_chain(std::span<const uint8_t> request, const std::vector<std::vector<uint8_t>>& certificates) {
  const uint8_t* at = request.data();
  const Request parsed(d2i_X509_REQ(nullptr, &at, static_cast<long>(request.size())));
  if (!parsed) return "the request is not DER";
  EVP_PKEY* device_key = X509_REQ_get0_pubkey(parsed.get());
  if (X509_REQ_verify(parsed.get(), device_key) != 1) return "the request's signature is wrong";

  const Stack between;
  std::vector<Certificate> kept;
  for (const auto& der : certificates) {
    at = der.data();
    kept.emplace_back(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
    if (!kept.back() || at != der.data() + der.size()) return "a certificate is not DER";
    sk_X509_push(between.certificates, kept.back().get());
  }

  const Key root_key(EVP_EC_gen("P-384"));
  const std::unique_ptr<X509_NAME, Free<X509_NAME_free>> root_name(X509_NAME_new());
  const auto* text = reinterpret_cast<const unsigned char*>("Manufacturer");
  X509_NAME_add_entry_by_txt(root_name.get(), "CN", MBSTRING_ASC, text, -1, -1, 0);
  const Certificate root = certify(root_name.get(), root_key.get(), "00112233", nullptr, root_key.get());
  // Each ROM has its own way to make IDevID's identifier: what LDevID calls its issuer is it.
  const ASN1_OCTET_STRING* idevid_id = X509_get0_authority_key_id(kept.front().get());
  if (idevid_id == nullptr) return "LDevID does not name its issuer's key";
  const std::unique_ptr<char, Free<openssl_free>> idevid_id_text(
      OPENSSL_buf2hexstr(ASN1_STRING_get0_data(idevid_id), ASN1_STRING_length(idevid_id)));
  const Certificate idevid =
      certify(X509_REQ_get_subject_name(parsed.get()), device_key, idevid_id_text.get(), root.get(), root_key.get());
  sk_X509_push(between.certificates, idevid.get());
  const Store store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), root.get());
  const StoreContext context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), kept.back().get(), between.certificates);
  X509_STORE_CTX_set_flags(context.get(), X509_V_FLAG_X509_STRICT);
  if (X509_verify_cert(context.get()) == 1) return {};
  return X509_verify_cert_error_string(X509_STORE_CTX_get_error(context.get()));
}

}  // namespace caliptra::demo
