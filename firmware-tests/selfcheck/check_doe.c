// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// DOE decrypts UDS seed and field entropy into the key vault, whatever the fuses hold. What comes out is secret: it
// shows only in the public keys that are derived from it.

#include "selfcheck/selfcheck.h"

enum { SLOT_UDS = 0, SLOT_FIELD_ENTROPY = 1, SLOT_DERIVED = 2, SLOT_PRIVATE = 3 };

static const uint32_t label[WORDS_384] = {0xd0e};

static void run(uint32_t command, uint32_t slot) {
  wait_for(&DOE_STATUS, STATUS_READY, "DOE gets ready");
  for (uint32_t i = 0; i < 4; i++) DOE_IV[i] = 0x10000001 * (i + 1);
  DOE_CTRL = command | slot << DOE_DEST_SHIFT;
  wait_for(&DOE_STATUS, STATUS_VALID, "DOE finishes");
}

static bool derive(unsigned slot, struct ecc_point* point) {
  uint32_t block[32];
  hmac384_pad_384(label, block);
  return hmac384(FROM_VAULT(slot), block, 1, TO_VAULT(SLOT_DERIVED, DEST_ECC_SEED)) &&
         ecc384_keygen(FROM_VAULT(SLOT_DERIVED), label, TO_VAULT(SLOT_PRIVATE, DEST_ECC_PRIVATE_KEY), point);
}

void check_doe(void) {
  heading("DOE");
  run(DOE_CMD_UDS, SLOT_UDS);
  check_equal(DOE_STATUS & DOE_UDS_FLOW_DONE, DOE_UDS_FLOW_DONE, "the UDS flow is done");
  run(DOE_CMD_FE, SLOT_FIELD_ENTROPY);
  check_equal(DOE_STATUS & DOE_FE_FLOW_DONE, DOE_FE_FLOW_DONE, "the field entropy flow is done");
  // dest_valid: key and block of HMAC; last_dword: 48 and 32 bytes
  check_equal(KEY_CTRL[SLOT_UDS] >> 9, 0x3 | 11 << 8, "the vault holds a UDS of 12 words, for HMAC");
  check_equal(KEY_CTRL[SLOT_FIELD_ENTROPY] >> 9, 0x3 | 7 << 8, "the vault holds field entropy of 8 words, for HMAC");

  struct ecc_point from_uds, again, from_field_entropy;
  check(derive(SLOT_UDS, &from_uds), "a key is derived from the UDS");
  check(derive(SLOT_UDS, &again) && words_equal(from_uds.x, again.x, WORDS_384), "it comes out the same again");
  check(derive(SLOT_FIELD_ENTROPY, &from_field_entropy) && !words_equal(from_uds.x, from_field_entropy.x, WORDS_384),
        "field entropy gives another");
  note("the UDS's key begins with", from_uds.x[0]);

  run(DOE_CMD_CLEAR_SECRETS, 0);
  check_equal(DOE_STATUS & DOE_DEOBF_SECRETS_CLEARED, DOE_DEOBF_SECRETS_CLEARED, "the secrets are cleared");
}
