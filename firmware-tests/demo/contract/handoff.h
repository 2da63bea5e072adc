// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the ROM leaves behind for the FMC, and the FMC for the runtime: where things lie in DCCM, and in which entries
// of the vaults. It is the contract of the official ROMs 1.0 to 1.2, so either ROM starts this FMC, and this ROM starts
// either FMC.

#pragma once

#include <stdint.h>

#include "demo/contract/manifest.h"

// Key-vault entries
enum {
  KEY_UDS = 0,
  KEY_FIELD_ENTROPY = 1,
  KEY_TEMPORARY = 3,
  KEY_RUNTIME_CDI = 4,
  KEY_LDEVID_PRIVATE = 5,
  KEY_RUNTIME_PRIVATE = 5,
  KEY_CDI = 6,
  KEY_IDEVID_PRIVATE = 7,
  KEY_FMC_PRIVATE = 7,  // the one that ECC signs PCRs with
};

// PCRs: "current" ones start anew with each reset that loads firmware, "journey" ones go on until power is lost.
enum {
  PCR_FMC_CURRENT = 0,
  PCR_FMC_JOURNEY = 1,
  PCR_RUNTIME_CURRENT = 2,
  PCR_RUNTIME_JOURNEY = 3,
  PCR_STASHED = 31,
};

// Entries of the data vault: 48 bytes, kept until power is lost
enum {
  DV_LDEVID_SIGNATURE_R = 0,
  DV_LDEVID_SIGNATURE_S = 1,
  DV_LDEVID_KEY_X = 2,
  DV_LDEVID_KEY_Y = 3,
  DV_FMC_SIGNATURE_R = 4,
  DV_FMC_SIGNATURE_S = 5,
  DV_FMC_KEY_X = 6,
  DV_FMC_KEY_Y = 7,
  DV_FMC_DIGEST = 8,
  DV_OWNER_KEYS_DIGEST = 9,
};
// 48 bytes, writable again after each reset
enum { DV_RUNTIME_DIGEST = 0 };
// 4 bytes, kept until power is lost
enum {
  DV_FMC_SVN = 0,
  DV_COLD_BOOT_STATUS = 1,
  DV_FMC_ENTRY_POINT = 2,
  DV_VENDOR_ECC_KEY = 3,
  DV_VENDOR_LMS_KEY = 4,
};
// 4 bytes, writable again after each reset
enum {
  DV_RUNTIME_SVN = 0,
  DV_RUNTIME_ENTRY_POINT = 1,
  DV_MANIFEST_ADDRESS = 2,
  DV_RUNTIME_MIN_SVN = 3,
  DV_UPDATE_STATUS = 4,
};
enum { NO_LMS_KEY = -1 };  // in DV_VENDOR_LMS_KEY

/// Says in which vault entry something is.
#define HANDLE_KEY(entry) (1u << 12 | (entry))
#define HANDLE_STICKY_4(entry) (3u << 12 | 1u << 8 | (entry))
#define HANDLE_STICKY_48(entry) (3u << 12 | 2u << 8 | (entry))
#define HANDLE_4(entry) (3u << 12 | 3u << 8 | (entry))
#define HANDLE_48(entry) (3u << 12 | 4u << 8 | (entry))
#define HANDLE_NONE 0xffffffffu
#define HANDLE_ENTRY(handle) ((handle)&0xff)

// What the layers are called in certificates. The official FMC calls its issuer by this name, whatever stands in the
// issuer's certificate, and the official runtime as well.
#define IDEVID_NAME "Caliptra 1.0 IDevID"
#define LDEVID_NAME "Caliptra 1.0 LDevID"
#define FMC_ALIAS_NAME "Caliptra 1.0 FMC Alias"
#define RUNTIME_ALIAS_NAME "Caliptra 1.0 Rt Alias"

enum { HANDOFF_MARKER = 0x54484643 };  // "CFHT"

/// The firmware hand-off table, version 1.0.
struct handoff {
  uint32_t marker;
  uint16_t major_version;
  uint16_t minor_version;
  uint32_t manifest_address;
  uint32_t fips_module_handle;
  uint32_t runtime_entry_point_handle;
  uint32_t fmc_digest_handle;
  uint32_t fmc_cdi_handle;
  uint32_t fmc_private_key_handle;
  uint32_t fmc_public_key_x_handle;
  uint32_t fmc_public_key_y_handle;
  uint32_t fmc_signature_r_handle;
  uint32_t fmc_signature_s_handle;
  uint32_t fmc_svn_handle;
  uint32_t runtime_digest_handle;
  uint32_t runtime_cdi_handle;
  uint32_t runtime_private_key_handle;
  uint32_t runtime_svn_handle;
  uint32_t runtime_min_svn_handle;
  uint32_t ldevid_tbs_address;
  uint32_t fmc_tbs_address;
  uint16_t ldevid_tbs_size;
  uint16_t fmc_tbs_size;
  uint32_t pcr_log_address;
  uint32_t pcr_log_entries;
  uint32_t measurement_log_address;
  uint32_t measurement_log_entries;
  uint32_t fuse_log_address;
  struct ecc_point runtime_public_key;
  struct ecc_signature runtime_signature;
  uint32_t ldevid_signature_r_handle;
  uint32_t ldevid_signature_s_handle;
  struct ecc_point idevid_public_key;
  uint32_t rom_info_address;
  uint16_t runtime_tbs_size;
  uint8_t reserved[1642];
};
_Static_assert(sizeof(struct handoff) == 2048, "the hand-off table's size");

/// What rom_info_address points at.
struct rom_info {
  uint32_t sha256[8];  ///< of the ROM up to this structure's 64-byte block
  uint8_t revision[20];
  uint32_t flags;
  uint16_t version;
  uint16_t reserved;
};

struct pcr_log_entry {
  uint16_t id;
  uint16_t reserved;
  uint32_t pcrs;  ///< one bit for each that was extended
  uint8_t data[48];
};
enum {
  PCR_LOG_DEVICE_STATUS = 1,  // 9 bytes
  PCR_LOG_VENDOR_KEYS = 2,
  PCR_LOG_OWNER_KEYS = 3,
  PCR_LOG_FMC = 4,
  PCR_LOG_STASHED = 5,
  PCR_LOG_RUNTIME = 6,
  PCR_LOG_MANIFEST = 7,
};
enum { PCR_LOG_MAX = 17, MEASUREMENT_LOG_MAX = 8 };

struct measurement_log_entry {
  struct pcr_log_entry pcr_entry;
  uint8_t metadata[4];
  uint8_t context[48];
  uint32_t svn;
  uint32_t reserved;
};

struct fuse_log_entry {
  uint32_t id;
  uint32_t value;
  uint32_t reserved[2];
};

// DCCM. The ROM's own data come before, those of FMC and runtime, one after the other, behind.
#define MANIFEST ((struct manifest*)0x50000400)
#define MANIFEST_OF_UPDATE ((struct manifest*)0x50001c00)
#define HANDOFF ((struct handoff*)0x50003400)
#define LDEVID_TBS ((uint8_t*)0x50003c00)
#define FMC_TBS ((uint8_t*)0x50004000)
#define RUNTIME_TBS ((uint8_t*)0x50004400)
#define PCR_LOG ((struct pcr_log_entry*)0x50004800)
#define MEASUREMENT_LOG ((struct measurement_log_entry*)0x50004c00)
#define FUSE_LOG ((struct fuse_log_entry*)0x50005000)
enum { TBS_MAX = 1024 };
