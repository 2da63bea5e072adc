// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The mailbox from the core's side, up to the point where the SoC would have to answer.

#include "selfcheck/selfcheck.h"

static uint32_t fsm_state(void) { return MBOX_STATUS >> MBOX_FSM_PS_SHIFT & 7; }

void check_mailbox(void) {
  heading("Mailbox");
  check_equal(MBOX_LOCK, 0, "reading the free lock takes it");
  check_equal(MBOX_LOCK, 1, "then it reads as taken");
  check_equal(fsm_state(), MBOX_FSM_RDY_FOR_CMD, "a command is expected");
  MBOX_CMD = 0x434f4445;
  check_equal(fsm_state(), MBOX_FSM_RDY_FOR_DLEN, "then a length");
  MBOX_DLEN = 12;
  check_equal(fsm_state(), MBOX_FSM_RDY_FOR_DATA, "then data");
  const uint32_t data[] = {0x11111111, 0x22222222, 0x33333333};
  for (int i = 0; i < 3; i++) MBOX_DATAIN = data[i];
  check_words(MAILBOX_SRAM, data, 3, "data arrives in the SRAM");
  check(MBOX_CMD == 0x434f4445 && MBOX_DLEN == 12, "command and length read back");

  MAILBOX_SRAM[0] = 0xfeedface;
  MAILBOX_SRAM[32767] = 0x0ddba11;
  check(MAILBOX_SRAM[0] == 0xfeedface && MAILBOX_SRAM[32767] == 0x0ddba11,
        "the holder of the lock writes the SRAM directly");

  MBOX_UNLOCK = 1;
  check_equal(fsm_state(), MBOX_FSM_IDLE, "a forced unlock ends it");
  check_equal(MBOX_LOCK, 0, "and the lock is free");
  MBOX_UNLOCK = 1;
}
