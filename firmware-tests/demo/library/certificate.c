// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "demo/library/certificate.h"

#include "demo/contract/handoff.h"
#include "demo/library/der.h"

// Object identifiers and what is the same in each certificate, in DER
static const uint8_t ecdsa_with_sha384[] = {0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03};
static const uint8_t p384_public_key[] = {0x30, 0x10, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d,
                                          0x02, 0x01, 0x06, 0x05, 0x2b, 0x81, 0x04, 0x00, 0x22};
static const uint8_t sha384_oid[] = {0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x02};
static const uint8_t common_name_oid[] = {0x55, 0x04, 0x03};
static const uint8_t serial_number_oid[] = {0x55, 0x04, 0x05};
static const uint8_t subject_key_id_oid[] = {0x55, 0x1d, 0x0e};
static const uint8_t authority_key_id_oid[] = {0x55, 0x1d, 0x23};
static const uint8_t tcb_info_oid[] = {0x67, 0x81, 0x05, 0x05, 0x04, 0x01};
static const uint8_t version_3[] = {0xa0, 0x03, 0x02, 0x01, 0x02};
// Extensions basicConstraints and keyUsage, critical: a CA that signs certificates and digests, or only digests
static const uint8_t authority_extensions[] = {0x30, 0x0f, 0x06, 0x03, 0x55, 0x1d, 0x13, 0x01, 0x01, 0xff, 0x04,
                                               0x05, 0x30, 0x03, 0x01, 0x01, 0xff, 0x30, 0x0e, 0x06, 0x03, 0x55,
                                               0x1d, 0x0f, 0x01, 0x01, 0xff, 0x04, 0x04, 0x03, 0x02, 0x02, 0x84};
static const uint8_t leaf_extensions[] = {0x30, 0x0c, 0x06, 0x03, 0x55, 0x1d, 0x13, 0x01, 0x01, 0xff,
                                          0x04, 0x02, 0x30, 0x00, 0x30, 0x0e, 0x06, 0x03, 0x55, 0x1d,
                                          0x0f, 0x01, 0x01, 0xff, 0x04, 0x04, 0x03, 0x02, 0x07, 0x80};

enum { POINT_BYTES = 1 + 8 * WORDS_384, KEY_ID_BYTES = 20, TIME_BYTES = ASN1_TIME_BYTES };

static void point_bytes(const struct ecc_point* key, uint8_t bytes[POINT_BYTES]) {
  bytes[0] = 4;  // not compressed
  words_to_bytes(bytes + 1, key->x, WORDS_384);
  words_to_bytes(bytes + 1 + 4 * WORDS_384, key->y, WORDS_384);
}

/// SHA-256 of a public key: serial numbers and key identifiers come from it.
static void key_digest(const struct ecc_point* key, uint8_t digest[4 * WORDS_256]) {
  uint8_t bytes[POINT_BYTES];
  uint32_t words[WORDS_256];
  point_bytes(key, bytes);
  sha256(bytes, sizeof bytes, words);
  words_to_bytes(digest, words, WORDS_256);
}

static void put_attribute(struct der* der, const uint8_t* oid, uint32_t oid_size, uint8_t type, const char* text,
                          uint32_t size) {
  const uint8_t* end = der->at;
  der_element(der, type, text, size);
  der_element(der, DER_OBJECT_IDENTIFIER, oid, oid_size);
  der_header(der, DER_SEQUENCE, end);
  der_header(der, DER_SET, end);
}

static void keep_name(struct name* name, const uint8_t* der, const uint8_t* end) {
  name->size = end - der;
  for (uint32_t i = 0; i < name->size && i < NAME_MAX; i++) name->der[i] = der[i];
}

void name_make(struct name* name, const char* common_name, const struct ecc_point* key) {
  uint8_t digest[4 * WORDS_256], buffer[NAME_MAX];
  char hexadecimal[2 * sizeof digest];
  key_digest(key, digest);
  for (unsigned i = 0; i < sizeof hexadecimal; i++) {
    hexadecimal[i] = "0123456789ABCDEF"[digest[i / 2] >> (i % 2 ? 0 : 4) & 15];
  }
  uint32_t length = 0;
  while (common_name[length]) length++;
  struct der der = {buffer + sizeof buffer};
  put_attribute(&der, serial_number_oid, sizeof serial_number_oid, DER_PRINTABLE_STRING, hexadecimal,
                sizeof hexadecimal);
  put_attribute(&der, common_name_oid, sizeof common_name_oid, DER_UTF8_STRING, common_name, length);
  der_header(&der, DER_SEQUENCE, buffer + sizeof buffer);
  keep_name(name, der.at, buffer + sizeof buffer);
}

void name_of_subject(struct name* name, const uint8_t* tbs) {
  const uint8_t* element = der_contents(tbs);
  // version, serial number, algorithm, issuer, validity
  for (int i = 0; i < 5; i++) element = der_next(element);
  keep_name(name, element, der_next(element));
}

static void put_public_key(struct der* der, const struct ecc_point* key) {
  const uint8_t* end = der->at;
  uint8_t point[1 + POINT_BYTES];
  point[0] = 0;  // no unused bits
  point_bytes(key, point + 1);
  der_element(der, DER_BIT_STRING, point, sizeof point);
  der_bytes(der, p384_public_key, sizeof p384_public_key);
  der_header(der, DER_SEQUENCE, end);
}

/// An extension whose value was written since `end`.
static void end_extension(struct der* der, const uint8_t* oid, uint32_t oid_size, const uint8_t* end) {
  der_header(der, DER_OCTET_STRING, end);
  der_element(der, DER_OBJECT_IDENTIFIER, oid, oid_size);
  der_header(der, DER_SEQUENCE, end);
}

static void put_key_ids(struct der* der, const struct ecc_point* issuer, const struct ecc_point* subject) {
  uint8_t digest[4 * WORDS_256];
  const uint8_t* end = der->at;
  key_digest(issuer, digest);
  der_element(der, DER_CONTEXT, digest, KEY_ID_BYTES);
  der_header(der, DER_SEQUENCE, end);
  end_extension(der, authority_key_id_oid, sizeof authority_key_id_oid, end);
  end = der->at;
  key_digest(subject, digest);
  der_element(der, DER_OCTET_STRING, digest, KEY_ID_BYTES);
  end_extension(der, subject_key_id_oid, sizeof subject_key_id_oid, end);
}

/// DiceTcbInfo: svn [3], fwids [6].
static void put_tcb_info(struct der* der, const uint32_t* firmware_digest, uint8_t svn) {
  const uint8_t* end = der->at;
  uint8_t digest[4 * WORDS_384];
  words_to_bytes(digest, firmware_digest, WORDS_384);
  der_element(der, DER_OCTET_STRING, digest, sizeof digest);
  der_element(der, DER_OBJECT_IDENTIFIER, sha384_oid, sizeof sha384_oid);
  der_header(der, DER_SEQUENCE, end);
  der_header(der, DER_CONTEXT_CONSTRUCTED + 6, end);
  uint8_t number[2] = {0, svn};
  der_element(der, DER_CONTEXT + 3, svn < 0x80 ? number + 1 : number, svn < 0x80 ? 1 : 2);
  der_header(der, DER_SEQUENCE, end);
  end_extension(der, tcb_info_oid, sizeof tcb_info_oid, end);
}

static void put_extensions(struct der* der, const struct certificate* certificate) {
  const uint8_t* end = der->at;
  if (certificate->firmware_digest) put_tcb_info(der, certificate->firmware_digest, certificate->firmware_svn);
  put_key_ids(der, certificate->issuer_key, certificate->subject_key);
  if (certificate->authority) {
    der_bytes(der, authority_extensions, sizeof authority_extensions);
  } else {
    der_bytes(der, leaf_extensions, sizeof leaf_extensions);
  }
  der_header(der, DER_SEQUENCE, end);
  der_header(der, DER_CONTEXT_CONSTRUCTED + 3, end);
}

static void put_validity(struct der* der, const struct validity* validity) {
  const uint8_t* end = der->at;
  der_element(der, DER_GENERALIZED_TIME, validity ? (const void*)validity->not_after : "99991231235959Z", TIME_BYTES);
  der_element(der, DER_GENERALIZED_TIME, validity ? (const void*)validity->not_before : "20230101000000Z", TIME_BYTES);
  der_header(der, DER_SEQUENCE, end);
}

/// What a buffer's end holds goes to where it belongs.
static uint32_t finish(const struct der* der, const uint8_t* end, uint8_t* to) {
  uint32_t size = end - der->at;
  for (uint32_t i = 0; i < size; i++) to[i] = der->at[i];
  return size;
}

uint32_t certificate_make_tbs(const struct certificate* certificate, uint8_t* tbs) {
  uint8_t buffer[TBS_MAX];
  const uint8_t* end = buffer + sizeof buffer;
  struct der der = {buffer + sizeof buffer};
  put_extensions(&der, certificate);
  put_public_key(&der, certificate->subject_key);
  der_bytes(&der, certificate->subject->der, certificate->subject->size);
  put_validity(&der, certificate->validity);
  der_bytes(&der, certificate->issuer->der, certificate->issuer->size);
  der_bytes(&der, ecdsa_with_sha384, sizeof ecdsa_with_sha384);
  // A positive number of 20 bytes.
  uint8_t serial[4 * WORDS_256];
  key_digest(certificate->subject_key, serial);
  serial[0] = (serial[0] & 0x7f) | 0x04;
  der_element(&der, DER_INTEGER, serial, 20);
  der_bytes(&der, version_3, sizeof version_3);
  der_header(&der, DER_SEQUENCE, end);
  return finish(&der, end, tbs);
}

uint32_t certificate_make_request(const struct name* subject, const struct ecc_point* key, uint8_t* request) {
  uint8_t buffer[TBS_MAX];
  const uint8_t* end = buffer + sizeof buffer;
  struct der der = {buffer + sizeof buffer};
  // The wish to be a CA: attribute extensionRequest
  static const uint8_t extension_request[] = {0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x09, 0x0e};
  der_bytes(&der, authority_extensions, sizeof authority_extensions);
  der_header(&der, DER_SEQUENCE, end);
  der_header(&der, DER_SET, end);
  der_bytes(&der, extension_request, sizeof extension_request);
  der_header(&der, DER_SEQUENCE, end);
  der_header(&der, DER_CONTEXT_CONSTRUCTED, end);
  put_public_key(&der, key);
  der_bytes(&der, subject->der, subject->size);
  uint8_t version = 0;
  der_element(&der, DER_INTEGER, &version, 1);
  der_header(&der, DER_SEQUENCE, end);
  return finish(&der, end, request);
}

uint32_t certificate_join(const uint8_t* tbs, uint32_t tbs_size, const struct ecc_signature* signature,
                          uint8_t certificate[CERTIFICATE_MAX]) {
  uint8_t* end = certificate + CERTIFICATE_MAX;
  struct der der = {end};
  der_number(&der, signature->s);
  der_number(&der, signature->r);
  der_header(&der, DER_SEQUENCE, end);
  uint8_t unused_bits = 0;
  der_bytes(&der, &unused_bits, 1);
  der_header(&der, DER_BIT_STRING, end);
  der_bytes(&der, ecdsa_with_sha384, sizeof ecdsa_with_sha384);
  der_bytes(&der, tbs, tbs_size);
  der_header(&der, DER_SEQUENCE, end);
  return finish(&der, end, certificate);
}

static bool is_given(const struct validity* validity) {
  uint8_t not_before = 0, not_after = 0;
  for (unsigned i = 0; i < ASN1_TIME_BYTES; i++) {
    not_before |= validity->not_before[i];
    not_after |= validity->not_after[i];
  }
  return not_before && not_after;
}

const struct validity* validity_of(const struct manifest* manifest) {
  if (is_given(&manifest->header.owner)) return &manifest->header.owner;
  if (is_given(&manifest->header.vendor)) return &manifest->header.vendor;
  return 0;
}
