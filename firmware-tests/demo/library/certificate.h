// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The certificates of the DICE layers: X.509 with as little in them as verifiers need.

#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "demo/contract/manifest.h"

enum { NAME_MAX = 160, CERTIFICATE_MAX = 1024 + 128 };

/// A Name in DER.
struct name {
  uint32_t size;
  uint8_t der[NAME_MAX];
};

/// A layer's name: what it is called, and its key's SHA-256 as the serial number.
void name_make(struct name* name, const char* common_name, const struct ecc_point* key);

/// The subject of a certificate's signed part.
void name_of_subject(struct name* name, const uint8_t* tbs);

struct certificate {
  const struct name* issuer;
  const struct ecc_point* issuer_key;
  const struct name* subject;
  const struct ecc_point* subject_key;
  const struct validity* validity;  ///< null: the default's
  bool authority;                   ///< signs other certificates
  const uint32_t* firmware_digest;  ///< SHA-384, for a DICE TcbInfo extension; null: none
  uint32_t firmware_svn;
};

/// Writes what is to be signed (TBSCertificate), at most TBS_MAX bytes. Returns its size.
uint32_t certificate_make_tbs(const struct certificate* certificate, uint8_t* tbs);

/// A certificate, or certificate request, out of what was signed and its signature. Returns its size.
uint32_t certificate_join(const uint8_t* tbs, uint32_t tbs_size, const struct ecc_signature* signature,
                          uint8_t certificate[CERTIFICATE_MAX]);

/// What is to be signed of a request for a certificate (CertificationRequestInfo). Returns its size.
uint32_t certificate_make_request(const struct name* subject, const struct ecc_point* key, uint8_t* request);

/// The times that a manifest asks for: the owner's, else the vendor's, else null.
const struct validity* validity_of(const struct manifest* manifest);
