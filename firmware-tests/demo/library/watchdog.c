// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "demo/library/watchdog.h"

#include "runtime/registers.h"

void watchdog_start(void) {
  if (!(CPTRA_SECURITY_STATE & SECURITY_STATE_DEBUG_LOCKED)) return;
  for (unsigned i = 0; i < 2; i++) CPTRA_WDT_TIMER1_TIMEOUT_PERIOD[i] = CPTRA_WDT_CFG[i];
  CPTRA_WDT_TIMER2_TIMEOUT_PERIOD[0] = 1;
  CPTRA_WDT_TIMER2_TIMEOUT_PERIOD[1] = 0;
  CPTRA_WDT_TIMER2_EN = 0;  // behind timer 1
  CPTRA_WDT_TIMER1_EN = 1;
  CPTRA_WDT_TIMER1_CTRL = 1;
}

void watchdog_stop(void) {
  CPTRA_WDT_TIMER1_EN = 0;
  CPTRA_WDT_TIMER2_EN = 0;
}
