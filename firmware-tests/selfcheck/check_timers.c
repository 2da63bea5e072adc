// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The machine timer of soc_ifc and VeeR's own first timer.

#include "selfcheck/selfcheck.h"

static uint64_t mtime(void) {
  uint32_t high, low;
  do {
    high = INTERNAL_RV_MTIME_H;
    low = INTERNAL_RV_MTIME_L;
  } while (high != INTERNAL_RV_MTIME_H);
  return (uint64_t)high << 32 | low;
}

static void set_mtimecmp(uint64_t time) {
  INTERNAL_RV_MTIMECMP_H = 0xffffffff;
  INTERNAL_RV_MTIMECMP_L = time;
  INTERNAL_RV_MTIMECMP_H = time >> 32;
}

/// Lets interrupts in until one came or `cycles` are over.
static struct trap_record wait_for_trap(uint32_t enable, uint32_t cycles) {
  trap_expect();
  csr_set(mie, enable);
  csr_set(mstatus, MSTATUS_MIE);
  uint32_t start = csr_read(mcycle);
  while (csr_read(mie) & enable && csr_read(mcycle) - start < cycles) {
  }
  csr_clear(mstatus, MSTATUS_MIE);
  csr_clear(mie, enable);
  return trap_seen();
}

static void check_machine_timer(void) {
  uint64_t before = mtime();
  uint64_t after = mtime();
  check(after > before, "mtime advances");

  set_mtimecmp(mtime() + 2000);
  uint64_t deadline = (uint64_t)INTERNAL_RV_MTIMECMP_H << 32 | INTERNAL_RV_MTIMECMP_L;
  struct trap_record trap = wait_for_trap(MIE_TIMER, 20000);
  check(trap.count == 1 && trap.cause == (uint32_t)CAUSE_TIMER_INTERRUPT, "machine timer interrupt");
  check(mtime() >= deadline, "it comes no earlier than mtimecmp");
  set_mtimecmp(~0ull);
}

static void check_internal_timer(void) {
  csr_write_number(MITCTL0, 0);
  csr_write_number(MITCNT0, 0);
  csr_write_number(MITB0, 1000);
  uint32_t start = csr_read(mcycle);
  csr_write_number(MITCTL0, 1);
  uint32_t first = csr_read_number(MITCNT0);
  uint32_t second = csr_read_number(MITCNT0);
  struct trap_record trap = wait_for_trap(MIE_INTERNAL_TIMER0, 20000);
  uint32_t elapsed = csr_read(mcycle) - start;
  check(second > first && second < 1000, "mitcnt0 counts");
  check(trap.count == 1 && trap.cause == (uint32_t)CAUSE_INTERNAL_TIMER0_INTERRUPT, "internal timer interrupt");
  check(elapsed >= 1000, "it comes no earlier than mitb0");
  csr_write_number(MITCTL0, 0);
}

void check_timers(void) {
  heading("Timers");
  check_machine_timer();
  check_internal_timer();
}
