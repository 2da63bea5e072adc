// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The three kinds of reset. After power-on everything is made; a firmware update reset loads a new runtime beside the
// same FMC; a warm reset goes on with what is there.

#include "demo/contract/commands.h"
#include "demo/library/fatal.h"
#include "demo/library/mailbox.h"
#include "demo/library/vault.h"
#include "demo/library/watchdog.h"
#include "demo/rom/rom.h"
#include "runtime/console.h"

static void copy(void* to, const volatile void* from, uint32_t bytes) { copy_words(to, from, bytes / 4); }

static void put_fuse_log(uint32_t id, uint32_t value) {
  FUSE_LOG[id - 1] = (struct fuse_log_entry){.id = id, .value = value};
}

static void log_fuses(void) {
  put_fuse_log(1, MANIFEST->header.vendor_ecc_key);
  put_fuse_log(2, FUSE_KEY_MANIFEST_PK_HASH_MASK);
  put_fuse_log(3, MANIFEST->fmc.svn);
  put_fuse_log(5, FUSE_FMC_KEY_MANIFEST_SVN);
  put_fuse_log(6, MANIFEST->runtime.svn);
  put_fuse_log(8, FUSE_RUNTIME_SVN[0]);
  if (FUSE_LMS_VERIFY & 1) {
    put_fuse_log(9, MANIFEST->header.vendor_lms_key);
    put_fuse_log(10, FUSE_LMS_REVOCATION);
  }
}

static void keep_fmc(const struct verification* verification) {
  const struct manifest* manifest = verification->manifest;
  vault_put_48(DV_FMC_DIGEST, manifest->fmc.digest);
  vault_put_48(DV_OWNER_KEYS_DIGEST, verification->owner_digest);
  STICKY_LOCKABLE_SCRATCH_REG[DV_FMC_SVN] = manifest->fmc.svn;
  STICKY_LOCKABLE_SCRATCH_REG[DV_FMC_ENTRY_POINT] = manifest->fmc.entry_point;
  STICKY_LOCKABLE_SCRATCH_REG[DV_VENDOR_ECC_KEY] = manifest->header.vendor_ecc_key;
  STICKY_LOCKABLE_SCRATCH_REG[DV_VENDOR_LMS_KEY] =
      FUSE_LMS_VERIFY & 1 ? manifest->header.vendor_lms_key : (uint32_t)NO_LMS_KEY;
}

static void keep_runtime(const struct manifest* manifest) {
  copy_words(DATA_VAULT_ENTRY(DV_RUNTIME_DIGEST), manifest->runtime.digest, WORDS_384);
  LOCKABLE_SCRATCH_REG[DV_RUNTIME_SVN] = manifest->runtime.svn;
  LOCKABLE_SCRATCH_REG[DV_RUNTIME_ENTRY_POINT] = manifest->runtime.entry_point;
  LOCKABLE_SCRATCH_REG[DV_MANIFEST_ADDRESS] = (uint32_t)MANIFEST;
}

static void load_bundle(void) {
  struct verification verification = {.manifest = MANIFEST, .bundle_bytes = wait_for_bundle()};
  boot_status(BOOT_BUNDLE_RECEIVED);
  watchdog_start();
  copy(MANIFEST, MAILBOX_SRAM, sizeof *MANIFEST);
  boot_status(BOOT_MANIFEST_LOADED);
  uint32_t error = verify_bundle(&verification);
  if (error) fatal(error);
  boot_status(BOOT_BUNDLE_VERIFIED);
  print("[rom] bundle verified\n");
  log_fuses();
  keep_fmc(&verification);
  keep_runtime(MANIFEST);
  boot_status(BOOT_DATA_VAULT_WRITTEN);
  measure_bundle(&verification);
  boot_status(BOOT_PCRS_EXTENDED);
  load_image(&MANIFEST->fmc);
  load_image(&MANIFEST->runtime);
  boot_status(BOOT_IMAGES_LOADED);
  mailbox_finish(MBOX_STATUS_CMD_COMPLETE);
  boot_status(BOOT_BUNDLE_TAKEN);
  CPTRA_FW_REV_ID[0] = MANIFEST->fmc.version << 16 | rom_info.version;
  CPTRA_FW_REV_ID[1] = MANIFEST->runtime.version;
  boot_status(BOOT_FIRMWARE_DONE);
}

void cold_reset(void) {
  struct ecc_point ldevid_key;
  boot_status(BOOT_COLD_RESET_STARTED);
  init_handoff();
  derive_device_identity(&ldevid_key);
  watchdog_start();
  load_bundle();
  watchdog_start();
  derive_fmc_alias(&ldevid_key);
  STICKY_LOCKABLE_SCRATCH_REG[DV_COLD_BOOT_STATUS] = BOOT_COLD_RESET_DONE;
  boot_status(BOOT_COLD_RESET_DONE);
}

void warm_reset(void) {
  if (STICKY_LOCKABLE_SCRATCH_REG[DV_COLD_BOOT_STATUS] != BOOT_COLD_RESET_DONE) {
    fatal(ERROR_WARM_RESET_AFTER_FAILED_COLD_RESET);
  }
  if (LOCKABLE_SCRATCH_REG[DV_UPDATE_STATUS] == BOOT_UPDATE_STARTED) fatal(ERROR_WARM_RESET_AFTER_FAILED_UPDATE);
  print("[rom] warm reset: the firmware is still there\n");
}

static uint32_t update(void) {
  if (MBOX_CMD != FIRMWARE_LOAD) return ERROR_UPDATE_COMMAND;
  struct verification verification = {.manifest = MANIFEST_OF_UPDATE, .bundle_bytes = MBOX_DLEN, .update = true};
  copy(MANIFEST_OF_UPDATE, MAILBOX_SRAM, sizeof *MANIFEST_OF_UPDATE);
  if (verification.bundle_bytes < sizeof(struct manifest) || verification.bundle_bytes > MAILBOX_BYTES) {
    return ERROR_BUNDLE_SIZE;
  }
  boot_status(BOOT_UPDATE_MANIFEST_LOADED);
  uint32_t error = verify_bundle(&verification);
  if (error) return error;
  boot_status(BOOT_UPDATE_VERIFIED);
  keep_runtime(MANIFEST_OF_UPDATE);
  boot_status(BOOT_UPDATE_DATA_VAULT_WRITTEN);
  measure_bundle(&verification);
  boot_status(BOOT_UPDATE_PCRS_EXTENDED);
  load_image(&MANIFEST_OF_UPDATE->runtime);
  return 0;
}

void update_reset(void) {
  boot_status(BOOT_UPDATE_STARTED);
  LOCKABLE_SCRATCH_REG[DV_UPDATE_STATUS] = BOOT_UPDATE_STARTED;
  uint32_t error = mailbox_command_waits() ? update() : ERROR_UPDATE_WITHOUT_COMMAND;
  if (error) {
    // The firmware before the update goes on.
    print("[rom] update refused: ");
    print_hex(error);
    print("\n");
    CPTRA_FW_ERROR_NON_FATAL = error;
    LOCKABLE_SCRATCH_REG[DV_UPDATE_STATUS] = 0;
    if (mailbox_command_waits()) mailbox_finish(MBOX_STATUS_CMD_FAILURE);
    return;
  }
  mailbox_finish(MBOX_STATUS_CMD_COMPLETE);
  boot_status(BOOT_UPDATE_LOADED);
  copy(MANIFEST, MANIFEST_OF_UPDATE, sizeof *MANIFEST);
  boot_status(BOOT_UPDATE_MANIFEST_COPIED);
  CPTRA_FW_REV_ID[1] = MANIFEST->runtime.version;
  LOCKABLE_SCRATCH_REG[DV_UPDATE_STATUS] = BOOT_UPDATE_DONE;
  boot_status(BOOT_UPDATE_DONE);
  print("[rom] update loaded\n");
}
