// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A ROM that boots as Caliptra's: it makes the device's identity, loads firmware that is signed, and hands off to it.

#include "demo/library/fatal.h"
#include "demo/library/self_test.h"
#include "demo/library/watchdog.h"
#include "demo/rom/rom.h"
#include "runtime/console.h"
#include "runtime/registers.h"

const struct stage_errors stage_errors = {
    .nmi = ERROR_ROM_NMI,
    .exception = ERROR_ROM_EXCEPTION,
    .watchdog = ERROR_ROM_WATCHDOG,
};

const struct rom_info rom_info __attribute__((section(".rom_info"))) = {.revision = "caliptra-emu demo", .version = 1};

static void tell_state(void) {
  static const char* const lifecycles[] = {"unprovisioned", "manufacturing", "reserved", "production"};
  uint32_t state = CPTRA_SECURITY_STATE;
  print("Demonstration ROM: ");
  print(lifecycles[state & SECURITY_STATE_LIFECYCLE]);
  print(state & SECURITY_STATE_DEBUG_LOCKED ? ", debug locked, " : ", debug unlocked, ");
  print(CPTRA_HW_CONFIG & HW_CONFIG_ITRNG_EN ? "internal TRNG\n" : "external TRNG\n");
}

static void self_test(void) {
  boot_status(BOOT_SELF_TEST_STARTED);
  uint32_t error = self_test_run();
  if (error) fatal(error);
  check_integrity();
  boot_status(BOOT_SELF_TEST_DONE);
  print("[rom] self tests passed\n");
}

int main(void) {
  tell_state();
  CPTRA_FW_REV_ID[0] = (CPTRA_FW_REV_ID[0] & 0xffff0000) | rom_info.version;
  watchdog_start();
  self_test();

  uint32_t reason = CPTRA_RESET_REASON & (RESET_REASON_FW_UPDATE | RESET_REASON_WARM);
  if (reason == 0) {
    cold_reset();
  } else if (reason == RESET_REASON_WARM) {
    warm_reset();
  } else if (reason == RESET_REASON_FW_UPDATE) {
    update_reset();
  } else {
    fatal(ERROR_UNKNOWN_RESET);
  }

  lock_all(reason == 0);
  print("[rom] starting the FMC\n");
  jump_to_stage(STICKY_LOCKABLE_SCRATCH_REG[DV_FMC_ENTRY_POINT]);
}
