// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What runs here, and who it is.

#include "demo/contract/handoff.h"
#include "demo/contract/status.h"
#include "demo/library/certificate.h"
#include "demo/library/mailbox.h"
#include "demo/runtime/runtime.h"

static const volatile uint32_t* sticky_48(uint32_t handle) { return STICKY_DATA_VAULT_ENTRY(HANDLE_ENTRY(handle)); }

uint32_t command_firmware_information(uint32_t bytes, uint32_t* error) {
  (void)bytes, (void)error;
  const struct manifest* manifest = (const struct manifest*)HANDOFF->manifest_address;
  const struct rom_info* rom = (const struct rom_info*)HANDOFF->rom_info_address;
  uint32_t numbers[] = {
      manifest->header.flags & 1 ? manifest->header.pl0_pauser : 0,
      LOCKABLE_SCRATCH_REG[HANDLE_ENTRY(HANDOFF->runtime_svn_handle)],
      LOCKABLE_SCRATCH_REG[HANDLE_ENTRY(HANDOFF->runtime_min_svn_handle)],
      STICKY_LOCKABLE_SCRATCH_REG[HANDLE_ENTRY(HANDOFF->fmc_svn_handle)],
      0,  // attestation is never disabled
  };
  uint32_t at = respond_with_bytes(2, numbers, 5);
  at = respond_with_bytes(at, rom->revision, 5);
  at = respond_with_bytes(at, manifest->fmc.revision, 5);
  at = respond_with_bytes(at, manifest->runtime.revision, 5);
  at = respond_with_bytes(at, rom->sha256, WORDS_256);
  at = respond_with_bytes(at, manifest->fmc.digest, WORDS_384);
  at = respond_with_bytes(at, manifest->runtime.digest, WORDS_384);
  at = respond_with_bytes(at, (const uint32_t*)STICKY_DATA_VAULT_ENTRY(DV_OWNER_KEYS_DIGEST), WORDS_384);
  return 4 * at;
}

uint32_t command_get_idevid_key(uint32_t bytes, uint32_t* error) {
  (void)bytes, (void)error;
  uint32_t at = respond_with_words(2, HANDOFF->idevid_public_key.x, WORDS_384);
  return 4 * respond_with_words(at, HANDOFF->idevid_public_key.y, WORDS_384);
}

/// The certificate's size, and it.
static uint32_t respond_with_certificate(uint32_t tbs, uint32_t tbs_bytes, const struct ecc_signature* signature) {
  uint32_t certificate[CERTIFICATE_MAX / 4];
  uint32_t size = certificate_join((const uint8_t*)tbs, tbs_bytes, signature, (uint8_t*)certificate);
  for (uint32_t i = size; i % 4; i++) ((uint8_t*)certificate)[i] = 0;
  MAILBOX_RESPONSE[2] = size;
  respond_with_bytes(3, certificate, (size + 3) / 4);
  return RESPONSE_HEADER + 4 + size;
}

static struct ecc_signature signature_in_vault(uint32_t r, uint32_t s) {
  struct ecc_signature signature;
  copy_words(signature.r, sticky_48(r), WORDS_384);
  copy_words(signature.s, sticky_48(s), WORDS_384);
  return signature;
}

uint32_t command_get_ldevid_certificate(uint32_t bytes, uint32_t* error) {
  (void)bytes, (void)error;
  struct ecc_signature signature =
      signature_in_vault(HANDOFF->ldevid_signature_r_handle, HANDOFF->ldevid_signature_s_handle);
  return respond_with_certificate(HANDOFF->ldevid_tbs_address, HANDOFF->ldevid_tbs_size, &signature);
}

uint32_t command_get_fmc_certificate(uint32_t bytes, uint32_t* error) {
  (void)bytes, (void)error;
  struct ecc_signature signature = signature_in_vault(HANDOFF->fmc_signature_r_handle, HANDOFF->fmc_signature_s_handle);
  return respond_with_certificate(HANDOFF->fmc_tbs_address, HANDOFF->fmc_tbs_size, &signature);
}

uint32_t command_get_runtime_certificate(uint32_t bytes, uint32_t* error) {
  (void)bytes, (void)error;
  return respond_with_certificate((uint32_t)RUNTIME_TBS, HANDOFF->runtime_tbs_size, &HANDOFF->runtime_signature);
}
