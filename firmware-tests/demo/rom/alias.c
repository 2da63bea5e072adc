// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The FMC's alias: an identity that holds only for this FMC on this device in this state.

#include "demo/library/certificate.h"
#include "demo/library/dice.h"
#include "demo/library/fatal.h"
#include "demo/library/vault.h"
#include "demo/rom/rom.h"
#include "runtime/console.h"

void derive_fmc_alias(const struct ecc_point* ldevid_key) {
  uint8_t measurement[48];
  words_to_bytes(measurement, PCR_ENTRY(PCR_FMC_CURRENT), PCR_WORDS);
  dice_derive(KEY_CDI, "fmc_alias_cdi", measurement, sizeof measurement, KEY_CDI);
  boot_status(BOOT_FMC_CDI);
  struct ecc_point key;
  dice_make_key(KEY_CDI, "fmc_alias_keygen", KEY_FMC_PRIVATE, &key);
  vault_put_point(DV_FMC_KEY_X, DV_FMC_KEY_Y, key.x, key.y);
  boot_status(BOOT_FMC_KEY);

  struct name ldevid, fmc;
  name_make(&ldevid, LDEVID_NAME, ldevid_key);
  name_make(&fmc, FMC_ALIAS_NAME, &key);
  struct certificate certificate = {
      .issuer = &ldevid,
      .issuer_key = ldevid_key,
      .subject = &fmc,
      .subject_key = &key,
      .validity = validity_of(MANIFEST),
      .authority = true,
      .firmware_digest = MANIFEST->fmc.digest,
      .firmware_svn = MANIFEST->fmc.svn,
  };
  struct ecc_signature signature;
  uint32_t size = certificate_make_tbs(&certificate, FMC_TBS);
  HANDOFF->fmc_tbs_size = size;
  if (!dice_sign(KEY_LDEVID_PRIVATE, ldevid_key, FMC_TBS, size, &signature)) fatal(ERROR_FMC_CERTIFICATE);
  key_clear(KEY_LDEVID_PRIVATE);
  vault_put_point(DV_FMC_SIGNATURE_R, DV_FMC_SIGNATURE_S, signature.r, signature.s);
  boot_status(BOOT_FMC_CERTIFICATE);
  boot_status(BOOT_FMC_DONE);
  print("[rom] FMC alias derived\n");
}
