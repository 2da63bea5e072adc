// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Who the device is: IDevID out of the UDS, its manufacturer's secret; LDevID out of that and the owner's field
// entropy.

#include "demo/library/certificate.h"
#include "demo/library/dice.h"
#include "demo/library/fatal.h"
#include "demo/library/mailbox.h"
#include "demo/library/vault.h"
#include "demo/rom/rom.h"
#include "runtime/console.h"

static void doe_run(uint32_t command, unsigned entry) {
  static const uint32_t iv[] = {0xfb10365b, 0xa1179741, 0xfba193a1, 0x0f406d7e};
  while (!(DOE_STATUS & STATUS_READY)) {
  }
  copy_words(DOE_IV, iv, 4);
  DOE_CTRL = command | entry << DOE_DEST_SHIFT;
  while (!(DOE_STATUS & STATUS_VALID)) {
  }
}

static void decrypt_secrets(void) {
  doe_run(DOE_CMD_UDS, KEY_UDS);
  boot_status(BOOT_IDEVID_UDS_DECRYPTED);
  doe_run(DOE_CMD_FE, KEY_FIELD_ENTROPY);
  boot_status(BOOT_IDEVID_FIELD_ENTROPY_DECRYPTED);
  doe_run(DOE_CMD_CLEAR_SECRETS, 0);
  boot_status(BOOT_IDEVID_SECRETS_CLEARED);
}

static void derive_idevid(struct ecc_point* key) {
  dice_derive(KEY_UDS, "idevid_cdi", 0, 0, KEY_CDI);
  key_clear(KEY_UDS);
  boot_status(BOOT_IDEVID_CDI);
  dice_make_key(KEY_CDI, "idevid_keygen", KEY_IDEVID_PRIVATE, key);
  HANDOFF->idevid_public_key = *key;
  boot_status(BOOT_IDEVID_KEY);
}

/// In manufacturing the SoC asks for a request to certify the IDevID key, and fetches it from the mailbox.
static void send_request(const struct name* name, const struct ecc_point* key) {
  enum { REQUEST_IDEVID_CSR = 1 };
  if (!(CPTRA_DBG_MANUF_SERVICE_REG & REQUEST_IDEVID_CSR)) return;
  uint8_t tbs[TBS_MAX];
  uint32_t request[(CERTIFICATE_MAX + 3) / 4];
  struct ecc_signature signature;
  uint32_t size = certificate_make_request(name, key, tbs);
  if (!dice_sign(KEY_IDEVID_PRIVATE, key, tbs, size, &signature)) fatal(ERROR_IDEVID_REQUEST);
  size = certificate_join(tbs, size, &signature, (uint8_t*)request);
  mailbox_send(request, size);
  CPTRA_FLOW_STATUS |= FLOW_STATUS_IDEVID_CSR_READY;
  print("[rom] IDevID request is in the mailbox\n");
  mailbox_await_taken();
  CPTRA_FLOW_STATUS &= ~FLOW_STATUS_IDEVID_CSR_READY;
}

static void derive_ldevid(struct ecc_point* key) {
  // Two steps, as the vault's entries can't be part of a longer message.
  static const char label[] = "ldevid_cdi";
  hmac384_to_vault(KEY_IN_VAULT(KEY_CDI), label, sizeof label - 1, KEY_CDI, DEST_HMAC_KEY | DEST_ECC_SEED);
  hmac384_of_vault(KEY_CDI, KEY_FIELD_ENTROPY, KEY_CDI, DEST_HMAC_KEY | DEST_ECC_SEED);
  key_clear(KEY_FIELD_ENTROPY);
  boot_status(BOOT_LDEVID_CDI);
  dice_make_key(KEY_CDI, "ldevid_keygen", KEY_LDEVID_PRIVATE, key);
  vault_put_point(DV_LDEVID_KEY_X, DV_LDEVID_KEY_Y, key->x, key->y);
  boot_status(BOOT_LDEVID_KEY);
}

void derive_device_identity(struct ecc_point* ldevid_key) {
  struct ecc_point idevid_key;
  struct name idevid, ldevid;
  decrypt_secrets();
  derive_idevid(&idevid_key);
  name_make(&idevid, IDEVID_NAME, &idevid_key);
  send_request(&idevid, &idevid_key);
  boot_status(BOOT_IDEVID_DONE);

  derive_ldevid(ldevid_key);
  name_make(&ldevid, LDEVID_NAME, ldevid_key);
  struct certificate certificate = {
      .issuer = &idevid,
      .issuer_key = &idevid_key,
      .subject = &ldevid,
      .subject_key = ldevid_key,
      .authority = true,
  };
  struct ecc_signature signature;
  uint32_t size = certificate_make_tbs(&certificate, LDEVID_TBS);
  HANDOFF->ldevid_tbs_size = size;
  if (!dice_sign(KEY_IDEVID_PRIVATE, &idevid_key, LDEVID_TBS, size, &signature)) fatal(ERROR_LDEVID_CERTIFICATE);
  key_clear(KEY_IDEVID_PRIVATE);
  vault_put_point(DV_LDEVID_SIGNATURE_R, DV_LDEVID_SIGNATURE_S, signature.r, signature.s);
  boot_status(BOOT_LDEVID_CERTIFICATE);
  boot_status(BOOT_LDEVID_DONE);
  print("[rom] device identity derived\n");
}
