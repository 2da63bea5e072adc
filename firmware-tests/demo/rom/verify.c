// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Whether a bundle may run. Keys are proved by fuses, the header by keys, the table of contents by the header, and the
// images by the table.

#include "demo/library/lms.h"
#include "demo/rom/rom.h"

static bool is_zero(const volatile uint32_t* words, unsigned count) {
  uint32_t any = 0;
  for (unsigned i = 0; i < count; i++) any |= words[i];
  return any == 0;
}

static bool lms_wanted(void) { return FUSE_LMS_VERIFY & 1; }

// An unprovisioned device has no vendor yet, and runs whatever is consistent.
static uint32_t verify_vendor_keys(const struct manifest* manifest) {
  if ((CPTRA_SECURITY_STATE & SECURITY_STATE_LIFECYCLE) == 0) return 0;
  if (is_zero(FUSE_KEY_MANIFEST_PK_HASH, WORDS_384)) return ERROR_VENDOR_KEYS_NOT_FUSED;
  uint32_t digest[WORDS_384];
  sha384(manifest->vendor_ecc_keys, sizeof manifest->vendor_ecc_keys + sizeof manifest->vendor_lms_keys, digest);
  return words_equal(digest, FUSE_KEY_MANIFEST_PK_HASH, WORDS_384) ? 0 : ERROR_VENDOR_KEYS_MISMATCH;
}

static uint32_t verify_owner_keys(struct verification* verification) {
  sha384(&verification->manifest->owner_keys, sizeof verification->manifest->owner_keys, verification->owner_digest);
  verification->owner_in_fuses = !is_zero(FUSE_OWNER_PK_HASH, WORDS_384);
  if (verification->owner_in_fuses && !words_equal(verification->owner_digest, FUSE_OWNER_PK_HASH, WORDS_384)) {
    return ERROR_OWNER_KEYS_MISMATCH;
  }
  const volatile uint32_t* kept = STICKY_DATA_VAULT_ENTRY(DV_OWNER_KEYS_DIGEST);
  if (verification->update && !words_equal(verification->owner_digest, kept, WORDS_384)) return ERROR_UPDATE_OWNER_KEYS;
  return 0;
}

// The last vendor ECC key can't be revoked.
static uint32_t verify_key_choice(const struct verification* verification) {
  uint32_t ecc = verification->manifest->vendor_ecc_key;
  if (ecc >= VENDOR_ECC_KEYS) return ERROR_VENDOR_ECC_KEY_INDEX;
  if (ecc < VENDOR_ECC_KEYS - 1 && FUSE_KEY_MANIFEST_PK_HASH_MASK >> ecc & 1) return ERROR_VENDOR_ECC_KEY_REVOKED;
  if (verification->update && ecc != STICKY_LOCKABLE_SCRATCH_REG[DV_VENDOR_ECC_KEY]) return ERROR_UPDATE_VENDOR_ECC_KEY;
  if (!lms_wanted()) return 0;
  uint32_t lms = verification->manifest->vendor_lms_key;
  if (lms >= VENDOR_LMS_KEYS) return ERROR_VENDOR_LMS_KEY_INDEX;
  if (lms < VENDOR_LMS_KEYS - 1 && FUSE_LMS_REVOCATION >> lms & 1) return ERROR_VENDOR_LMS_KEY_REVOKED;
  if (verification->update && lms != STICKY_LOCKABLE_SCRATCH_REG[DV_VENDOR_LMS_KEY]) return ERROR_UPDATE_VENDOR_LMS_KEY;
  return 0;
}

static uint32_t verify_header(const struct manifest* manifest) {
  const struct manifest_header* header = &manifest->header;
  uint32_t vendor_digest[WORDS_384], owner_digest[WORDS_384];
  sha384(header, sizeof *header - sizeof header->owner, vendor_digest);
  sha384(header, sizeof *header, owner_digest);
  const struct ecc_point* vendor_key = &manifest->vendor_ecc_keys[manifest->vendor_ecc_key];
  if (!ecc384_verify(vendor_key, vendor_digest, &manifest->vendor_ecc_signature)) return ERROR_VENDOR_ECC_SIGNATURE;
  if (header->vendor_ecc_key != manifest->vendor_ecc_key) return ERROR_VENDOR_ECC_KEY_INDEX_MISMATCH;
  if (!ecc384_verify(&manifest->owner_keys.ecc, owner_digest, &manifest->owner_ecc_signature)) {
    return ERROR_OWNER_ECC_SIGNATURE;
  }
  if (!lms_wanted()) return 0;
  uint8_t message[48];
  const struct lms_public_key* vendor_lms_key = &manifest->vendor_lms_keys[manifest->vendor_lms_key];
  words_to_bytes(message, vendor_digest, WORDS_384);
  if (!lms_verify(vendor_lms_key, message, sizeof message, &manifest->vendor_lms_signature)) {
    return ERROR_VENDOR_LMS_SIGNATURE;
  }
  if (header->vendor_lms_key != manifest->vendor_lms_key) return ERROR_VENDOR_LMS_KEY_INDEX_MISMATCH;
  words_to_bytes(message, owner_digest, WORDS_384);
  if (!lms_verify(&manifest->owner_keys.lms, message, sizeof message, &manifest->owner_lms_signature)) {
    return ERROR_OWNER_LMS_SIGNATURE;
  }
  return 0;
}

uint32_t verify_bundle(struct verification* verification) {
  const struct manifest* manifest = verification->manifest;
  uint32_t error = 0;
  if (manifest->marker != MANIFEST_MARKER) return ERROR_MANIFEST_MARKER;
  if (manifest->size != sizeof *manifest) return ERROR_MANIFEST_SIZE;
  if ((error = verify_vendor_keys(manifest))) return error;
  if ((error = verify_owner_keys(verification))) return error;
  if ((error = verify_key_choice(verification))) return error;
  if ((error = verify_header(manifest))) return error;
  return verify_toc(verification);
}
