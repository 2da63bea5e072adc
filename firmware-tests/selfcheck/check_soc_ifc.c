// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What soc_ifc tells the core about itself, and what the core tells the SoC.

#include "selfcheck/selfcheck.h"

void check_soc_ifc(void) {
  heading("soc_ifc");
  note("CPTRA_HW_REV_ID", CPTRA_HW_REV_ID);
  note("CPTRA_HW_CONFIG", CPTRA_HW_CONFIG);
  note("CPTRA_SECURITY_STATE", CPTRA_SECURITY_STATE);
  note("first word of fuse_key_manifest_pk_hash", FUSE_KEY_MANIFEST_PK_HASH[0]);

  uint32_t generation = CPTRA_HW_REV_ID & 0xffff;
  check(generation == 0x01 || generation == 0x11, "CPTRA_HW_REV_ID names RTL 1.0 or 1.1");
  check_equal(CPTRA_RESET_REASON, 0, "CPTRA_RESET_REASON: a cold reset");
  check_equal(CPTRA_FUSE_WR_DONE & 1, 1, "the SoC has written the fuses");

  uint32_t life_cycle = FUSE_LIFE_CYCLE;
  FUSE_LIFE_CYCLE = ~life_cycle;
  check_equal(FUSE_LIFE_CYCLE, life_cycle, "fuses cannot be written any more");

  uint32_t flow_status = CPTRA_FLOW_STATUS;
  CPTRA_FLOW_STATUS = (flow_status & ~0xffffffu) | 0x5e1f00;
  check_equal(CPTRA_FLOW_STATUS, (flow_status & ~0xffffffu) | 0x5e1f00, "CPTRA_FLOW_STATUS.status is written");
  CPTRA_FLOW_STATUS = flow_status;

  CPTRA_FW_REV_ID[1] = 0x12345678;
  CPTRA_FW_EXTENDED_ERROR_INFO[7] = 0x9abcdef0;
  check(CPTRA_FW_REV_ID[1] == 0x12345678 && CPTRA_FW_EXTENDED_ERROR_INFO[7] == 0x9abcdef0,
        "words for the SoC keep their values");
  CPTRA_FW_REV_ID[1] = 0;
  CPTRA_FW_EXTENDED_ERROR_INFO[7] = 0;

  uint32_t revision = CPTRA_HW_REV_ID;
  CPTRA_HW_REV_ID = 0;
  check_equal(CPTRA_HW_REV_ID, revision, "CPTRA_HW_REV_ID is read-only");
}
