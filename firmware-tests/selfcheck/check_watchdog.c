// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The watchdog's first timer, with the second one enabled on its own: so a timeout is an interrupt and no NMI.

#include "selfcheck/selfcheck.h"

static void wait_cycles(uint32_t cycles) {
  uint32_t start = csr_read(mcycle);
  while (csr_read(mcycle) - start < cycles) {
  }
}

void check_watchdog(void) {
  heading("Watchdog");
  CPTRA_WDT_TIMER2_TIMEOUT_PERIOD[0] = 0xffffffff;
  CPTRA_WDT_TIMER2_TIMEOUT_PERIOD[1] = 0xffffffff;
  CPTRA_WDT_TIMER2_EN = 1;
  CPTRA_WDT_TIMER1_TIMEOUT_PERIOD[0] = 20000;
  CPTRA_WDT_TIMER1_TIMEOUT_PERIOD[1] = 0;
  CPTRA_WDT_TIMER1_EN = 1;
  CPTRA_WDT_TIMER1_CTRL = 1;

  for (int i = 0; i < 4; i++) {
    wait_cycles(10000);
    CPTRA_WDT_TIMER1_CTRL = 1;
  }
  check_equal(CPTRA_WDT_STATUS, 0, "a timer that is restarted does not time out");

  wait_cycles(25000);
  check_equal(CPTRA_WDT_STATUS, WDT_T1_TIMEOUT, "a timer that is not restarted times out");
  check_equal(INTERRUPT_ERROR_STATUS(SOC_IFC_INTERRUPTS) & SOC_IFC_ERROR_WDT_TIMER1_TIMEOUT,
              SOC_IFC_ERROR_WDT_TIMER1_TIMEOUT, "that raises its interrupt");
  INTERRUPT_ERROR_STATUS(SOC_IFC_INTERRUPTS) = SOC_IFC_ERROR_WDT_TIMER1_TIMEOUT;
  check_equal(INTERRUPT_ERROR_STATUS(SOC_IFC_INTERRUPTS) & SOC_IFC_ERROR_WDT_TIMER1_TIMEOUT, 0,
              "its interrupt is taken back");
  check_equal(CPTRA_WDT_STATUS, 0, "and that starts the timer over");

  CPTRA_WDT_TIMER1_EN = 0;
  CPTRA_WDT_TIMER2_EN = 0;
  wait_cycles(25000);
  check_equal(CPTRA_WDT_STATUS, 0, "a timer that is disabled stands still");
  CPTRA_WDT_TIMER1_TIMEOUT_PERIOD[0] = 0xffffffff;
  CPTRA_WDT_TIMER1_TIMEOUT_PERIOD[1] = 0xffffffff;
}
