// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// From an engine's interrupt block over the PIC into a handler: the fast way, without mtvec.

#include "selfcheck/selfcheck.h"

static void acknowledge(uint32_t block) {
  INTERRUPT_NOTIF_STATUS(block) = INTERRUPT_CMD_DONE;
  (void)INTERRUPT_NOTIF_STATUS(block);  // the request has to be gone before the handler returns
}
static void acknowledge_sha512(void) { acknowledge(SHA512_INTERRUPTS); }
static void acknowledge_sha256(void) { acknowledge(SHA256_INTERRUPTS); }

static void enable_notif(uint32_t block) {
  INTERRUPT_GLOBAL_EN(block) = INTERRUPT_NOTIF_GLOBAL_EN;
  INTERRUPT_NOTIF_EN(block) = INTERRUPT_CMD_DONE;
  INTERRUPT_NOTIF_STATUS(block) = INTERRUPT_CMD_DONE;
}

static void let_interrupts_in(void) {
  csr_set(mie, MIE_EXTERNAL);
  csr_set(mstatus, MSTATUS_MIE);
  for (int i = 0; i < 20; i++) asm volatile("nop");
  csr_clear(mstatus, MSTATUS_MIE);
  csr_clear(mie, MIE_EXTERNAL);
}

void check_interrupts(void) {
  heading("External interrupts");
  external_interrupt_route(SOURCE_SHA256_NOTIF, acknowledge_sha256);
  external_interrupt_route(SOURCE_SHA512_NOTIF, acknowledge_sha512);
  enable_notif(SHA512_INTERRUPTS);
  enable_notif(SHA256_INTERRUPTS);

  uint32_t count = INTERRUPT_NOTIF_COUNT(SHA512_INTERRUPTS);
  INTERRUPT_NOTIF_TRIG(SHA512_INTERRUPTS) = INTERRUPT_CMD_DONE;
  check_equal(INTERRUPT_NOTIF_STATUS(SHA512_INTERRUPTS), INTERRUPT_CMD_DONE, "a software trigger sets the status");
  check_equal(INTERRUPT_NOTIF_COUNT(SHA512_INTERRUPTS), count + 1, "and is counted");
  check_equal(PIC_MEIP[0], 1u << SOURCE_SHA512_NOTIF, "the PIC sees it pending");

  csr_write_number(MEIPT, 15);
  let_interrupts_in();
  check_equal(external_interrupt_seen().count, 0, "the threshold holds it back");
  csr_write_number(MEIPT, 0);
  let_interrupts_in();
  struct external_record seen = external_interrupt_seen();
  check(seen.count == 1 && seen.source == SOURCE_SHA512_NOTIF, "it reaches the handler of its source");
  check_equal(PIC_MEIP[0], 0, "taken back at the engine, it is not pending any more");

  PIC_MEIPL[SOURCE_SHA512_NOTIF] = 2;
  INTERRUPT_NOTIF_TRIG(SHA512_INTERRUPTS) = INTERRUPT_CMD_DONE;
  INTERRUPT_NOTIF_TRIG(SHA256_INTERRUPTS) = INTERRUPT_CMD_DONE;
  let_interrupts_in();
  seen = external_interrupt_seen();
  check(seen.count == 3 && seen.source == SOURCE_SHA256_NOTIF, "of two, the one of lower priority comes last");

  for (int i = 0; i < 16; i++) SHA256_BLOCK[i] = i;
  SHA256_CTRL = SHA256_INIT | 1u << SHA256_MODE_SHIFT;
  wait_for(&SHA256_STATUS, STATUS_VALID, "SHA-256 finishes");
  let_interrupts_in();
  seen = external_interrupt_seen();
  check(seen.count == 4 && seen.source == SOURCE_SHA256_NOTIF, "an engine that finishes raises it by itself");
  SHA256_CTRL = SHA256_ZEROIZE;

  INTERRUPT_GLOBAL_EN(SHA512_INTERRUPTS) = 0;
  INTERRUPT_GLOBAL_EN(SHA256_INTERRUPTS) = 0;
  external_interrupt_release(SOURCE_SHA512_NOTIF);
  external_interrupt_release(SOURCE_SHA256_NOTIF);
}
