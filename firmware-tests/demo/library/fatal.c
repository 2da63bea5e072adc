// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "demo/library/fatal.h"

#include "demo/library/crypto.h"
#include "demo/library/mailbox.h"
#include "demo/library/watchdog.h"
#include "runtime/console.h"
#include "runtime/registers.h"

void fatal(uint32_t error) {
  print("fatal error ");
  print_hex(error);
  print("\n");
  CPTRA_FW_ERROR_NON_FATAL = error;
  CPTRA_FW_ERROR_FATAL = error;
  watchdog_stop();
  crypto_zeroize();
  for (unsigned entry = 0; entry < KEY_COUNT; entry++) key_clear(entry);
  for (;;) {
    if (mailbox_command_waits()) mailbox_finish(MBOX_STATUS_CMD_FAILURE);
  }
}

static void tell(const char* what, const struct trap_state* state) {
  volatile uint32_t* info = CPTRA_FW_EXTENDED_ERROR_INFO;
  info[0] = state->cause;
  info[1] = state->secondary_cause;
  info[2] = state->pc;
  info[3] = state->return_address;
  print(what);
  print(": mcause ");
  print_hex(state->cause);
  print(" mscause ");
  print_hex(state->secondary_cause);
  print(" mepc ");
  print_hex(state->pc);
  print(" ra ");
  print_hex(state->return_address);
  print("\n");
}

void on_exception(const struct trap_state* state) {
  tell("exception", state);
  fatal(stage_errors.exception);
}

void on_nmi(const struct trap_state* state) {
  tell("NMI", state);
  CPTRA_FW_EXTENDED_ERROR_INFO[4] = INTERRUPT_ERROR_STATUS(SOC_IFC_INTERRUPTS);
  fatal(CPTRA_WDT_STATUS & (WDT_T1_TIMEOUT | WDT_T2_TIMEOUT) ? stage_errors.watchdog : stage_errors.nmi);
}
