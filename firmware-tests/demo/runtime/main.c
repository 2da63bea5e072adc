// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The runtime: answers the SoC's commands, and sleeps in between.

#include "demo/contract/handoff.h"
#include "demo/contract/status.h"
#include "demo/library/fatal.h"
#include "demo/library/watchdog.h"
#include "demo/runtime/runtime.h"
#include "runtime/console.h"

const struct stage_errors stage_errors = {
    .nmi = ERROR_RUNTIME_NMI,
    .exception = ERROR_RUNTIME_EXCEPTION,
    .watchdog = ERROR_RUNTIME_WATCHDOG,
};

int main(void) {
  if (HANDOFF->marker != HANDOFF_MARKER || HANDOFF->runtime_tbs_size == 0) fatal(ERROR_RUNTIME_HANDOFF);
  interrupts_enable();
  print("[runtime] ready\n");
  boot_status(BOOT_RUNTIME_READY);
  CPTRA_FLOW_STATUS |= FLOW_STATUS_READY_FOR_RUNTIME;
  for (;;) {
    watchdog_stop();
    sleep_until_command();
    watchdog_start();
    command_execute();
  }
}
