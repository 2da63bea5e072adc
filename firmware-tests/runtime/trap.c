// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "runtime/trap.h"

#include "runtime/console.h"
#include "runtime/csr.h"
#include "runtime/registers.h"

enum { SOURCES = 32 };

static volatile bool expected;
static volatile struct trap_record record;
static volatile struct external_record external;
static void (*volatile acknowledges[SOURCES])(void);

void external_interrupt_entry(void);

// meivt has its low ten bits at 0.
static volatile uint32_t handlers[SOURCES] __attribute__((aligned(1024)));

void on_trap(void);
void on_external_interrupt(void);
void on_nmi(void);

static void give_up(const char* what) {
  print(what);
  print(": mcause ");
  print_hex(csr_read(mcause));
  print(" mscause ");
  print_hex(csr_read_number(MSCAUSE));
  print(" mepc ");
  print_hex(csr_read(mepc));
  print(" mtval ");
  print_hex(csr_read(mtval));
  print("\n");
  finish(false);
}

void on_trap(void) {
  uint32_t cause = csr_read(mcause);
  if (!expected) give_up("unexpected trap");
  record.count++;
  record.cause = cause;
  record.secondary_cause = csr_read_number(MSCAUSE);
  record.value = csr_read(mtval);
  record.pc = csr_read(mepc);
  if (cause == (uint32_t)CAUSE_TIMER_INTERRUPT) {
    csr_clear(mie, MIE_TIMER);
  } else if (cause == (uint32_t)CAUSE_INTERNAL_TIMER0_INTERRUPT) {
    csr_clear(mie, MIE_INTERNAL_TIMER0);
  } else if (cause >> 31) {
    give_up("unexpected interrupt");
  } else {
    csr_write(mepc, record.pc + 4);
  }
}

void on_nmi(void) { give_up("NMI"); }

void on_external_interrupt(void) {
  uint32_t source = csr_read_number(MEIHAP) >> 2 & 0xff;
  external.count++;
  external.source = source;
  if (source >= SOURCES || !acknowledges[source]) give_up("unexpected external interrupt");
  acknowledges[source]();
}

void trap_expect(void) {
  record = (struct trap_record){0};
  expected = true;
}

struct trap_record trap_seen(void) {
  expected = false;
  return record;
}

void external_interrupt_route(unsigned source, void (*acknowledge)(void)) {
  external = (struct external_record){0};
  acknowledges[source] = acknowledge;
  handlers[source] = (uint32_t)external_interrupt_entry;
  csr_write_number(MEIVT, (uint32_t)handlers);
  csr_write_number(MEIPT, 0);
  csr_write_number(MEICIDPL, 0);
  csr_write_number(MEICURPL, 0);
  PIC_MPICCFG = 0;
  PIC_MEIGWCTRL[source] = 0;  // level, active high
  PIC_MEIGWCLR[source] = 0;
  PIC_MEIPL[source] = 1;
  PIC_MEIE[source] = 1;
}

void external_interrupt_release(unsigned source) {
  PIC_MEIE[source] = 0;
  PIC_MEIPL[source] = 0;
  acknowledges[source] = 0;
}

struct external_record external_interrupt_seen(void) {
  return external;
}
