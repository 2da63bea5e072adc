// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The first mutable code: it measures the runtime, derives an identity for it, and starts it. It runs behind this ROM
// and behind the official ones alike, as it knows nothing but the hand-off table.

#include "demo/contract/handoff.h"
#include "demo/contract/status.h"
#include "demo/library/certificate.h"
#include "demo/library/dice.h"
#include "demo/library/fatal.h"
#include "demo/library/pcr.h"
#include "demo/library/watchdog.h"
#include "runtime/console.h"

const struct stage_errors stage_errors = {
    .nmi = ERROR_FMC_NMI,
    .exception = ERROR_FMC_EXCEPTION,
    .watchdog = ERROR_FMC_WATCHDOG,
};

void jump_to_stage(uint32_t entry_point) __attribute__((noreturn));

/// What identifies the runtime: its digest, and that of the whole manifest.
struct measurements {
  uint8_t runtime[48];
  uint8_t manifest[48];
};

static void measure(struct measurements* measurements) {
  uint32_t digest[WORDS_384];
  const struct manifest* manifest = (const struct manifest*)HANDOFF->manifest_address;
  words_to_bytes(measurements->runtime, DATA_VAULT_ENTRY(HANDLE_ENTRY(HANDOFF->runtime_digest_handle)), WORDS_384);
  sha384(manifest, sizeof *manifest, digest);
  words_to_bytes(measurements->manifest, digest, WORDS_384);
}

/// After a warm reset the PCRs hold the same firmware already.
static void extend_pcrs(const struct measurements* measurements) {
  if (!(CPTRA_RESET_REASON & RESET_REASON_WARM)) {
    pcr_clear(PCR_RUNTIME_CURRENT);
    pcr_measure(PCR_RUNTIME_CURRENT, PCR_RUNTIME_JOURNEY, PCR_LOG_RUNTIME, measurements->runtime,
                sizeof measurements->runtime, ERROR_FMC_PCR_LOG_FULL);
    pcr_measure(PCR_RUNTIME_CURRENT, PCR_RUNTIME_JOURNEY, PCR_LOG_MANIFEST, measurements->manifest,
                sizeof measurements->manifest, ERROR_FMC_PCR_LOG_FULL);
  }
  pcr_lock(PCR_RUNTIME_CURRENT);
  pcr_lock(PCR_RUNTIME_JOURNEY);
  boot_status(BOOT_RUNTIME_MEASURED);
}

/// The lowest SVN since power-on.
static void keep_lowest_svn(void) {
  uint32_t svn = LOCKABLE_SCRATCH_REG[HANDLE_ENTRY(HANDOFF->runtime_svn_handle)];
  uint32_t entry = HANDLE_ENTRY(HANDOFF->runtime_min_svn_handle);
  bool cold = !(CPTRA_RESET_REASON & (RESET_REASON_WARM | RESET_REASON_FW_UPDATE));
  if (cold || svn < LOCKABLE_SCRATCH_REG[entry]) LOCKABLE_SCRATCH_REG[entry] = svn;
  LOCKABLE_SCRATCH_REG_CTRL[entry] = 1;
}

static void derive_runtime_alias(const struct measurements* measurements) {
  const struct manifest* manifest = (const struct manifest*)HANDOFF->manifest_address;
  uint32_t fmc_private = HANDLE_ENTRY(HANDOFF->fmc_private_key_handle);
  uint32_t fmc_cdi = HANDLE_ENTRY(HANDOFF->fmc_cdi_handle);
  struct ecc_point key, fmc_key;
  copy_words(fmc_key.x, STICKY_DATA_VAULT_ENTRY(HANDLE_ENTRY(HANDOFF->fmc_public_key_x_handle)), WORDS_384);
  copy_words(fmc_key.y, STICKY_DATA_VAULT_ENTRY(HANDLE_ENTRY(HANDOFF->fmc_public_key_y_handle)), WORDS_384);

  dice_derive(fmc_cdi, "rt_alias_cdi", measurements, sizeof *measurements, KEY_RUNTIME_CDI);
  boot_status(BOOT_RUNTIME_CDI);
  dice_make_key(KEY_RUNTIME_CDI, "rt_alias_keygen", KEY_RUNTIME_PRIVATE, &key);
  boot_status(BOOT_RUNTIME_KEY);

  struct name fmc, runtime;
  name_of_subject(&fmc, (const uint8_t*)HANDOFF->fmc_tbs_address);
  name_make(&runtime, RUNTIME_ALIAS_NAME, &key);
  struct certificate certificate = {
      .issuer = &fmc,
      .issuer_key = &fmc_key,
      .subject = &runtime,
      .subject_key = &key,
      .validity = validity_of(manifest),
      .authority = false,
      .firmware_digest = manifest->runtime.digest,
      .firmware_svn = manifest->runtime.svn,
  };
  uint32_t size = certificate_make_tbs(&certificate, RUNTIME_TBS);
  if (!dice_sign(fmc_private, &fmc_key, RUNTIME_TBS, size, &HANDOFF->runtime_signature)) {
    fatal(ERROR_RUNTIME_CERTIFICATE);
  }
  boot_status(BOOT_RUNTIME_CERTIFICATE);
  HANDOFF->runtime_public_key = key;
  HANDOFF->runtime_tbs_size = size;
  HANDOFF->runtime_cdi_handle = HANDLE_KEY(KEY_RUNTIME_CDI);
  HANDOFF->runtime_private_key_handle = HANDLE_KEY(KEY_RUNTIME_PRIVATE);
  // The runtime must not be the FMC: until the next reset only the PCRs are signed with its key.
  KEY_CTRL[fmc_private] |= KEY_LOCK_USE;
  KEY_CTRL[fmc_cdi] |= KEY_LOCK_USE;
}

int main(void) {
  print("[fmc] demonstration FMC\n");
  if (HANDOFF->marker != HANDOFF_MARKER || HANDOFF->major_version != 1) fatal(ERROR_HANDOFF);
  watchdog_start();
  struct measurements measurements;
  measure(&measurements);
  extend_pcrs(&measurements);
  keep_lowest_svn();
  derive_runtime_alias(&measurements);
  boot_status(BOOT_RUNTIME_DONE);
  print("[fmc] runtime alias derived; starting the runtime\n");
  jump_to_stage(LOCKABLE_SCRATCH_REG[HANDLE_ENTRY(HANDOFF->runtime_entry_point_handle)]);
}
