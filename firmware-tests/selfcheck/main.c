// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Exercises every block of a Caliptra core and says, line by line, what it found. It ends the simulation as passed
// or failed.

#include "selfcheck/selfcheck.h"

int main(void);

static const char* generation(void) {
  switch (CPTRA_HW_REV_ID & 0xffff) {
    case 0x01: return "1.0";
    case 0x11: return "1.1";
    default: return "of an unknown generation";
  }
}

static const char* lifecycle(void) {
  switch (CPTRA_SECURITY_STATE & 3) {
    case 0: return "unprovisioned";
    case 1: return "manufacturing";
    case 3: return "production";
    default: return "reserved";
  }
}

int main(void) {
  print("Caliptra self-check on hardware ");
  print(generation());
  print(", ");
  print(lifecycle());
  print(CPTRA_SECURITY_STATE >> 2 & 1 ? ", debug locked" : ", debug unlocked");
  print(CPTRA_HW_CONFIG & HW_CONFIG_ITRNG_EN ? ", internal TRNG\n" : ", external TRNG\n");

  check_cpu();
  check_traps();
  check_iccm();
  check_timers();
  check_soc_ifc();
  check_watchdog();
  check_interrupts();
  check_sha512();
  check_sha256();
  check_hmac384();
  check_ecc384();
  check_key_vault();
  check_doe();
  check_pcr_vault();
  check_data_vault();
  check_mailbox();
  check_sha512_acc();
  check_trng();
  return report();
}
