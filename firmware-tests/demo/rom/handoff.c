// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What is left for the FMC: measurements, the hand-off table, and locks.

#include "demo/library/pcr.h"
#include "demo/library/vault.h"
#include "demo/rom/rom.h"

static void measure(uint16_t id, const void* bytes, uint32_t count) {
  pcr_measure(PCR_FMC_CURRENT, PCR_FMC_JOURNEY, id, bytes, count, ERROR_PCR_LOG_FULL);
}

static void measure_words(uint16_t id, const volatile uint32_t* words) {
  uint8_t bytes[48];
  words_to_bytes(bytes, words, WORDS_384);
  measure(id, bytes, sizeof bytes);
}

static uint8_t fmc_fuse_svn(void) {
  uint32_t fuse = FUSE_FMC_KEY_MANIFEST_SVN;
  return FUSE_ANTI_ROLLBACK_DISABLE & 1 || !fuse ? 0 : 32 - __builtin_clz(fuse);
}

void measure_bundle(const struct verification* verification) {
  HANDOFF->pcr_log_entries = 0;
  pcr_clear(PCR_FMC_CURRENT);
  uint8_t status[] = {
      CPTRA_SECURITY_STATE & SECURITY_STATE_LIFECYCLE,
      (CPTRA_SECURITY_STATE & SECURITY_STATE_DEBUG_LOCKED) != 0,
      FUSE_ANTI_ROLLBACK_DISABLE & 1,
      STICKY_LOCKABLE_SCRATCH_REG[DV_VENDOR_ECC_KEY],
      STICKY_LOCKABLE_SCRATCH_REG[DV_FMC_SVN],
      fmc_fuse_svn(),
      STICKY_LOCKABLE_SCRATCH_REG[DV_VENDOR_LMS_KEY],
      FUSE_LMS_VERIFY & 1,
      verification->owner_in_fuses,
  };
  measure(PCR_LOG_DEVICE_STATUS, status, sizeof status);
  measure_words(PCR_LOG_VENDOR_KEYS, FUSE_KEY_MANIFEST_PK_HASH);
  measure_words(PCR_LOG_OWNER_KEYS, STICKY_DATA_VAULT_ENTRY(DV_OWNER_KEYS_DIGEST));
  measure_words(PCR_LOG_FMC, STICKY_DATA_VAULT_ENTRY(DV_FMC_DIGEST));
}

void init_handoff(void) {
  *HANDOFF = (struct handoff){
      .marker = HANDOFF_MARKER,
      .major_version = 1,
      .manifest_address = (uint32_t)MANIFEST,
      .fips_module_handle = HANDLE_NONE,
      .runtime_entry_point_handle = HANDLE_4(DV_RUNTIME_ENTRY_POINT),
      .fmc_digest_handle = HANDLE_STICKY_48(DV_FMC_DIGEST),
      .fmc_cdi_handle = HANDLE_KEY(KEY_CDI),
      .fmc_private_key_handle = HANDLE_KEY(KEY_FMC_PRIVATE),
      .fmc_public_key_x_handle = HANDLE_STICKY_48(DV_FMC_KEY_X),
      .fmc_public_key_y_handle = HANDLE_STICKY_48(DV_FMC_KEY_Y),
      .fmc_signature_r_handle = HANDLE_STICKY_48(DV_FMC_SIGNATURE_R),
      .fmc_signature_s_handle = HANDLE_STICKY_48(DV_FMC_SIGNATURE_S),
      .fmc_svn_handle = HANDLE_STICKY_4(DV_FMC_SVN),
      .runtime_digest_handle = HANDLE_48(DV_RUNTIME_DIGEST),
      .runtime_cdi_handle = HANDLE_NONE,
      .runtime_private_key_handle = HANDLE_NONE,
      .runtime_svn_handle = HANDLE_4(DV_RUNTIME_SVN),
      .runtime_min_svn_handle = HANDLE_4(DV_RUNTIME_MIN_SVN),
      .ldevid_tbs_address = (uint32_t)LDEVID_TBS,
      .fmc_tbs_address = (uint32_t)FMC_TBS,
      .pcr_log_address = (uint32_t)PCR_LOG,
      .measurement_log_address = (uint32_t)MEASUREMENT_LOG,
      .fuse_log_address = (uint32_t)FUSE_LOG,
      .ldevid_signature_r_handle = HANDLE_STICKY_48(DV_LDEVID_SIGNATURE_R),
      .ldevid_signature_s_handle = HANDLE_STICKY_48(DV_LDEVID_SIGNATURE_S),
      .rom_info_address = (uint32_t)&rom_info,
  };
}

void lock_all(bool cold) {
  if (cold) {
    vault_lock_48(DV_FMC_DIGEST);
    vault_lock_48(DV_OWNER_KEYS_DIGEST);
    for (unsigned entry = DV_FMC_SVN; entry <= DV_VENDOR_LMS_KEY; entry++) STICKY_LOCKABLE_SCRATCH_REG_CTRL[entry] = 1;
  }
  DATA_VAULT_CTRL[DV_RUNTIME_DIGEST] = 1;
  // The lowest SVN is the FMC's to write.
  static const uint8_t entries[] = {DV_RUNTIME_SVN, DV_RUNTIME_ENTRY_POINT, DV_MANIFEST_ADDRESS, DV_UPDATE_STATUS};
  for (unsigned i = 0; i < sizeof entries; i++) LOCKABLE_SCRATCH_REG_CTRL[entries[i]] = 1;
  pcr_lock(PCR_FMC_CURRENT);
  pcr_lock(PCR_FMC_JOURNEY);
  pcr_lock(PCR_STASHED);
  INTERNAL_ICCM_LOCK = 1;
}
