// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The watchdogs: each on its own, by interrupt; restarted in time; in cascade, where the second one's time-out is an
// NMI.

#include "blocks/blocks.h"

#define CPTRA_WDT_TIMER2_CTRL REGISTER(0x300300f8)
#define INTERNAL_NMI_VECTOR REGISTER(0x3003062c)

enum { TIMER1 = 1u << 6, TIMER2 = 1u << 7, NMI_PIN = 1u << 2, PERIOD = 4000 };

static volatile uint32_t seen_before_the_nmi;

static void set_period(volatile uint32_t* period, uint32_t cycles) {
  period[0] = cycles;
  period[1] = 0;
}

static void wait_cycles(uint32_t cycles) {
  uint32_t start = csr_read(mcycle);
  while (csr_read(mcycle) - start < cycles) {
  }
}

// Never returns: the SoC would reset the core now.
static void on_second_timeout(void) {
  check_equal(csr_read(mcause), 0, "without service the second timer's time-out is an NMI");
  check_equal(seen_before_the_nmi, TIMER1, "after the first one's interrupt");
  check_equal(CPTRA_WDT_STATUS & WDT_T2_TIMEOUT, WDT_T2_TIMEOUT, "which the status shows");
  check_equal(CPTRA_HW_ERROR_FATAL, NMI_PIN, "and it is fatal to the SoC");
  finish(report());
}

static void check_independent(void) {
  set_period(CPTRA_WDT_TIMER1_TIMEOUT_PERIOD, PERIOD);
  set_period(CPTRA_WDT_TIMER2_TIMEOUT_PERIOD, 2 * PERIOD);
  CPTRA_WDT_TIMER2_EN = 1;
  CPTRA_WDT_TIMER1_EN = 1;
  sleep();
  uint32_t first = errors_seen();
  CPTRA_WDT_TIMER1_EN = 0;
  sleep();
  uint32_t second = errors_seen();
  CPTRA_WDT_TIMER2_EN = 0;
  check_equal(first, TIMER1, "the first timer wakes the hart");
  check_equal(second, TIMER2, "then the second one does");
  check(INTERRUPT_ERROR_COUNT(SOC_IFC_INTERRUPTS, 6) >= 1, "the first one's time-outs are counted");
  check(INTERRUPT_ERROR_COUNT(SOC_IFC_INTERRUPTS, 7) >= 1, "and the second one's");
  check_equal(CPTRA_HW_ERROR_FATAL, 0, "neither is fatal");
}

static void check_restarts(void) {
  set_period(CPTRA_WDT_TIMER1_TIMEOUT_PERIOD, PERIOD);
  set_period(CPTRA_WDT_TIMER2_TIMEOUT_PERIOD, PERIOD);
  CPTRA_WDT_TIMER1_EN = 1;
  CPTRA_WDT_TIMER2_EN = 1;
  for (int i = 0; i < 8; i++) {
    CPTRA_WDT_TIMER1_CTRL = 1;
    CPTRA_WDT_TIMER2_CTRL = 1;
    wait_cycles(PERIOD / 2);
  }
  let_interrupts_in();
  uint32_t events = errors_seen();
  CPTRA_WDT_TIMER1_EN = 0;
  CPTRA_WDT_TIMER2_EN = 0;
  check_equal(events, 0, "timers that are restarted in time say nothing");
}

static void check_cascade(void) {
  set_period(CPTRA_WDT_TIMER1_TIMEOUT_PERIOD, PERIOD);
  set_period(CPTRA_WDT_TIMER2_TIMEOUT_PERIOD, PERIOD);
  CPTRA_WDT_TIMER1_CTRL = 1;
  CPTRA_WDT_TIMER1_EN = 1;
  sleep();
  sleep();
  uint32_t events = errors_seen();
  CPTRA_WDT_TIMER1_EN = 0;
  check_equal(events, TIMER1, "in cascade the first timer starts over when it is served");

  INTERNAL_NMI_VECTOR = (uint32_t)on_second_timeout;
  CPTRA_WDT_TIMER1_CTRL = 1;
  CPTRA_WDT_TIMER1_EN = 1;
  while (!INTERRUPT_ERROR_STATUS(SOC_IFC_INTERRUPTS)) {
  }
  seen_before_the_nmi = INTERRUPT_ERROR_STATUS(SOC_IFC_INTERRUPTS);
  wait_cycles(4 * PERIOD);
  check(false, "there is no NMI");
}

int main(void) {
  heading("Watchdog");
  // The machine timer asks from power-on; it must not wake the hart here.
  INTERNAL_RV_MTIMECMP_H = 0xffffffff;
  interrupts_open(SOC_IFC_INTERRUPTS, SOURCE_SOC_IFC_ERROR);
  check_independent();
  check_restarts();
  check_cascade();
  return report();
}
