// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The deobfuscation engine: every flow waited for in sleep; a locked entry; the secrets gone for good.

#include "blocks/blocks.h"

static uint32_t error_of_reading(unsigned entry) {
  HMAC384_KV_RD_BLOCK_CTRL = VAULT_ENABLE | entry << VAULT_ENTRY_SHIFT;
  wait_for(&HMAC384_KV_RD_BLOCK_STATUS, STATUS_VALID, "the vault answers");
  return HMAC384_KV_RD_BLOCK_STATUS >> VAULT_ERROR_SHIFT & 0xff;
}

static void run(uint32_t command, unsigned entry, uint32_t done, const char* what) {
  for (uint32_t i = 0; i < 4; i++) DOE_IV[i] = 0x01020304 * i;
  DOE_CTRL = command | entry << DOE_DEST_SHIFT;
  sleep();
  check_equal(notifications_seen(), INTERRUPT_CMD_DONE, what);
  check((DOE_STATUS & done) == done, "and the status agrees");
}

int main(void) {
  heading("DOE");
  interrupts_open(DOE_INTERRUPTS, SOURCE_DOE_ERROR);
  check_triggers();
  run(DOE_CMD_UDS, 0, DOE_UDS_FLOW_DONE, "the UDS comes out");
  check_equal(error_of_reading(0), VAULT_SUCCESS, "into the key vault");
  run(DOE_CMD_FE, 1, DOE_FE_FLOW_DONE, "so does the field entropy");
  check_equal(error_of_reading(1), VAULT_SUCCESS, "into the key vault");
  KEY_CTRL[2] = KEY_LOCK_WR;
  run(DOE_CMD_UDS, 2, DOE_UDS_FLOW_DONE, "a flow into a locked entry ends");
  check_equal(error_of_reading(2), VAULT_READ_FAIL, "and leaves nothing there");
  DOE_CTRL = DOE_CMD_CLEAR_SECRETS;
  wait_for(&DOE_STATUS, DOE_DEOBF_SECRETS_CLEARED, "the secrets are cleared");
  interrupts_close();
  return report();
}
