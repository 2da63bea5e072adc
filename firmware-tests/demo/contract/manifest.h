// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The manifest that a firmware bundle of Caliptra 1.x begins with. The bundle goes on with the FMC and the runtime.
// Numbers are little-endian; digests, keys and ECDSA signatures are words as the engines' registers take them, the most
// significant first; what belongs to LMS is bytes as RFC 8554 writes them.

#pragma once

#include <stdint.h>

#include "demo/library/crypto.h"

enum {
  MANIFEST_MARKER = 0x4e414d43,  // "CMAN"
  VENDOR_ECC_KEYS = 4,
  VENDOR_LMS_KEYS = 32,
  TOC_ENTRIES = 2,
  MAX_SVN_FMC = 32,
  MAX_SVN_RUNTIME = 128,
  ASN1_TIME_BYTES = 15,
};

struct lms_public_key {
  uint8_t tree_type[4];
  uint8_t ots_type[4];
  uint8_t identifier[16];
  uint8_t root[24];
};

enum { LMS_OTS_CHAINS = 51, LMS_TREE_HEIGHT = 15, LMS_NODE_BYTES = 24 };

struct lms_signature {
  uint8_t leaf[4];
  uint8_t ots_type[4];
  uint8_t randomizer[LMS_NODE_BYTES];
  uint8_t chains[LMS_OTS_CHAINS][LMS_NODE_BYTES];
  uint8_t tree_type[4];
  uint8_t path[LMS_TREE_HEIGHT][LMS_NODE_BYTES];
};

struct owner_keys {
  struct ecc_point ecc;
  struct lms_public_key lms;
};

/// From when to when certificates of this bundle hold, as GeneralizedTime; zeros: not said.
struct validity {
  uint8_t not_before[ASN1_TIME_BYTES];
  uint8_t not_after[ASN1_TIME_BYTES];
  uint8_t reserved[10];
};

/// What is signed. The vendor's signatures end before `owner`.
struct manifest_header {
  uint32_t revision[2];
  uint32_t vendor_ecc_key;
  uint32_t vendor_lms_key;
  uint32_t flags;  ///< bit 0: pl0_pauser counts
  uint32_t toc_entries;
  uint32_t pl0_pauser;
  uint32_t toc_digest[WORDS_384];
  struct validity vendor;
  struct validity owner;
};

struct toc_entry {
  uint32_t id;
  uint32_t type;
  uint8_t revision[20];
  uint32_t version;
  uint32_t svn;
  uint32_t reserved;
  uint32_t load_address;
  uint32_t entry_point;
  uint32_t offset;
  uint32_t size;
  uint32_t digest[WORDS_384];
};

struct manifest {
  uint32_t marker;
  uint32_t size;
  struct ecc_point vendor_ecc_keys[VENDOR_ECC_KEYS];
  struct lms_public_key vendor_lms_keys[VENDOR_LMS_KEYS];
  uint32_t vendor_ecc_key;
  uint32_t vendor_lms_key;
  struct ecc_signature vendor_ecc_signature;
  struct lms_signature vendor_lms_signature;
  struct owner_keys owner_keys;
  struct ecc_signature owner_ecc_signature;
  struct lms_signature owner_lms_signature;
  uint32_t reserved[2];
  struct manifest_header header;
  struct toc_entry fmc;
  struct toc_entry runtime;
};
_Static_assert(sizeof(struct lms_signature) == 1620, "an LMS signature's size");
_Static_assert(sizeof(struct manifest) == 0x16fc, "the manifest's size");
