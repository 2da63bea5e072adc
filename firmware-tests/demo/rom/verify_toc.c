// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The table of contents and the images. Nothing of it is trusted before its digest is right.

#include "demo/library/mailbox.h"
#include "demo/rom/rom.h"

enum { ICCM_START = 0x40000000, ICCM_END = 0x40020000 };

/// The errors of one image.
struct image_errors {
  uint32_t digest, load_address, load_address_unaligned, entry_point, entry_point_unaligned, svn_too_high,
      svn_below_fuse;
};
static const struct image_errors fmc_errors = {
    ERROR_FMC_DIGEST,         ERROR_FMC_LOAD_ADDRESS,          ERROR_FMC_LOAD_ADDRESS_UNALIGNED,
    ERROR_FMC_ENTRY_POINT,    ERROR_FMC_ENTRY_POINT_UNALIGNED, ERROR_FMC_SVN_TOO_HIGH,
    ERROR_FMC_SVN_BELOW_FUSE,
};
static const struct image_errors runtime_errors = {
    ERROR_RUNTIME_DIGEST,         ERROR_RUNTIME_LOAD_ADDRESS,          ERROR_RUNTIME_LOAD_ADDRESS_UNALIGNED,
    ERROR_RUNTIME_ENTRY_POINT,    ERROR_RUNTIME_ENTRY_POINT_UNALIGNED, ERROR_RUNTIME_SVN_TOO_HIGH,
    ERROR_RUNTIME_SVN_BELOW_FUSE,
};

static bool in_iccm(uint32_t address) { return address >= ICCM_START && address < ICCM_END; }

/// How many bits of a fuse are blown, from the lowest on: the lowest version that may still run.
static uint32_t fuse_svn(const volatile uint32_t* fuse, unsigned words) {
  uint32_t svn = 0;
  for (unsigned i = 0; i < words; i++) {
    for (uint32_t bit = 0; bit < 32; bit++) {
      if (fuse[i] >> bit & 1) svn = 32 * i + bit + 1;
    }
  }
  return svn;
}

static bool svn_counts(void) {
  return (CPTRA_SECURITY_STATE & SECURITY_STATE_LIFECYCLE) != 0 && !(FUSE_ANTI_ROLLBACK_DISABLE & 1);
}

static uint32_t verify_image(const struct toc_entry* entry, const struct image_errors* errors, uint32_t lowest_svn,
                             uint32_t highest_svn) {
  uint32_t digest[WORDS_384];
  sha384((const uint8_t*)MAILBOX_SRAM + entry->offset, entry->size, digest);
  if (!words_equal(digest, entry->digest, WORDS_384)) return errors->digest;
  if (!in_iccm(entry->load_address) || !in_iccm(entry->load_address + entry->size - 1)) return errors->load_address;
  if (entry->load_address % 4) return errors->load_address_unaligned;
  if (!in_iccm(entry->entry_point)) return errors->entry_point;
  if (entry->entry_point % 4) return errors->entry_point_unaligned;
  if (svn_counts() && entry->svn > highest_svn) return errors->svn_too_high;
  if (svn_counts() && entry->svn < lowest_svn) return errors->svn_below_fuse;
  return 0;
}

// Sums in 64 bits can't overflow.
static uint32_t verify_ranges(const struct toc_entry* fmc, const struct toc_entry* runtime, uint32_t bundle_bytes) {
  uint64_t fmc_end = (uint64_t)fmc->offset + fmc->size;
  uint64_t runtime_end = (uint64_t)runtime->offset + runtime->size;
  if (fmc->size == 0) return ERROR_FMC_SIZE_ZERO;
  if (runtime->size == 0) return ERROR_RUNTIME_SIZE_ZERO;
  if (fmc_end > bundle_bytes || runtime_end > bundle_bytes) return ERROR_IMAGES_BEYOND_BUNDLE;
  if (fmc->offset < runtime_end && fmc_end > runtime->offset) return ERROR_IMAGES_OVERLAP;
  if (fmc_end > runtime->offset) return ERROR_IMAGES_ORDER;
  uint64_t fmc_load_end = (uint64_t)fmc->load_address + fmc->size;
  uint64_t runtime_load_end = (uint64_t)runtime->load_address + runtime->size;
  if (fmc->load_address < runtime_load_end && fmc_load_end > runtime->load_address) {
    return ERROR_LOAD_ADDRESSES_OVERLAP;
  }
  return 0;
}

uint32_t verify_toc(const struct verification* verification) {
  const struct manifest* manifest = verification->manifest;
  uint32_t digest[WORDS_384], error = 0;
  if (manifest->header.toc_entries != TOC_ENTRIES) return ERROR_TOC_ENTRY_COUNT;
  sha384(&manifest->fmc, sizeof manifest->fmc + sizeof manifest->runtime, digest);
  if (!words_equal(digest, manifest->header.toc_digest, WORDS_384)) return ERROR_TOC_DIGEST;
  if ((error = verify_ranges(&manifest->fmc, &manifest->runtime, verification->bundle_bytes))) return error;
  error = verify_image(&manifest->fmc, &fmc_errors, fuse_svn(&FUSE_FMC_KEY_MANIFEST_SVN, 1), MAX_SVN_FMC);
  if (error) return error;
  const volatile uint32_t* kept = STICKY_DATA_VAULT_ENTRY(DV_FMC_DIGEST);
  if (verification->update && !words_equal(manifest->fmc.digest, kept, WORDS_384)) return ERROR_UPDATE_FMC_DIGEST;
  return verify_image(&manifest->runtime, &runtime_errors, fuse_svn(FUSE_RUNTIME_SVN, 4), MAX_SVN_RUNTIME);
}

void load_image(const struct toc_entry* entry) {
  const volatile uint8_t* from = (const volatile uint8_t*)MAILBOX_SRAM + entry->offset;
  volatile uint32_t* to = (volatile uint32_t*)entry->load_address;
  uint32_t words = (entry->size + 3) / 4;
  if (entry->offset % 4 == 0) {
    copy_words(to, (const volatile uint32_t*)from, words);
    return;
  }
  for (; words; words--, from += 4) {
    *to++ = from[0] | (uint32_t)from[1] << 8 | (uint32_t)from[2] << 16 | (uint32_t)from[3] << 24;
  }
}
