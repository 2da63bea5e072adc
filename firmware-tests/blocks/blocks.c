// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "blocks/blocks.h"

#define MPMC 0x7c6

enum { HALT_WITH_INTERRUPTS = 3, ALL = 0xff };

static uint32_t block;
static unsigned source;
static volatile uint32_t errors;
static volatile uint32_t notifications;
static volatile unsigned handled;

static void on_error(void) {
  uint32_t events = INTERRUPT_ERROR_STATUS(block);
  INTERRUPT_ERROR_STATUS(block) = events;
  (void)INTERRUPT_ERROR_STATUS(block);  // the request has to be gone before the handler returns
  errors |= events;
  handled++;
}

static void on_notification(void) {
  uint32_t events = INTERRUPT_NOTIF_STATUS(block);
  INTERRUPT_NOTIF_STATUS(block) = events;
  (void)INTERRUPT_NOTIF_STATUS(block);
  notifications |= events;
  handled++;
}

void interrupts_open(uint32_t the_block, unsigned error_source) {
  block = the_block;
  source = error_source;
  INTERRUPT_ERROR_STATUS(block) = ALL;
  INTERRUPT_NOTIF_STATUS(block) = ALL;
  INTERRUPT_ERROR_EN(block) = ALL;
  INTERRUPT_NOTIF_EN(block) = ALL;
  INTERRUPT_GLOBAL_EN(block) = INTERRUPT_ERROR_GLOBAL_EN | INTERRUPT_NOTIF_GLOBAL_EN;
  external_interrupt_route(source, on_error);
  external_interrupt_route(source + 1, on_notification);
  // Only the highest priority ends a halt.
  PIC_MEIPL[source] = PIC_MEIPL[source + 1] = 15;
  errors = notifications = handled = 0;
  csr_set(mie, MIE_EXTERNAL);
}

void interrupts_close(void) {
  csr_clear(mie, MIE_EXTERNAL);
  INTERRUPT_GLOBAL_EN(block) = 0;
  external_interrupt_release(source);
  external_interrupt_release(source + 1);
}

uint32_t errors_seen(void) {
  uint32_t events = errors;
  errors = 0;
  return events;
}

uint32_t notifications_seen(void) {
  uint32_t events = notifications;
  notifications = 0;
  return events;
}

void sleep(void) {
  unsigned before = handled;
  while (handled == before) {
    csr_write_number(MPMC, HALT_WITH_INTERRUPTS);
    asm volatile("nop");  // executed before the halt, on the RTL too: the look at `handled` must come after it
  }
  csr_clear(mstatus, MSTATUS_MIE);
}

void let_interrupts_in(void) {
  csr_set(mstatus, MSTATUS_MIE);
  for (int i = 0; i < 20; i++) asm volatile("nop");
  csr_clear(mstatus, MSTATUS_MIE);
}

void check_triggers(void) {
  errors_seen();
  notifications_seen();
  uint32_t error_count = INTERRUPT_ERROR_COUNT(block, 0);
  uint32_t notif_count = INTERRUPT_NOTIF_COUNT(block);
  INTERRUPT_ERROR_TRIG(block) = 1;
  sleep();
  check(errors_seen() == 1 && notifications_seen() == 0, "a triggered error reaches its handler");
  check_equal(INTERRUPT_ERROR_COUNT(block, 0), error_count + 1, "and is counted");
  INTERRUPT_NOTIF_TRIG(block) = 1;
  sleep();
  check(errors_seen() == 0 && notifications_seen() == 1, "a triggered notification reaches its handler");
  check_equal(INTERRUPT_NOTIF_COUNT(block), notif_count + 1, "and is counted");
  INTERRUPT_GLOBAL_EN(block) = INTERRUPT_ERROR_GLOBAL_EN;
  INTERRUPT_NOTIF_TRIG(block) = 1;
  let_interrupts_in();
  check_equal(notifications_seen(), 0, "what is disabled waits");
  check_equal(INTERRUPT_NOTIF_STATUS(block), 1, "in the status");
  INTERRUPT_GLOBAL_EN(block) = INTERRUPT_ERROR_GLOBAL_EN | INTERRUPT_NOTIF_GLOBAL_EN;
  sleep();
  check_equal(notifications_seen(), 1, "and comes when it is enabled");
}

bool hardware_1_0(void) { return (CPTRA_HW_REV_ID & 0xffff) == 1; }
