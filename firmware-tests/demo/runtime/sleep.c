// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Waiting without running: the hart halts until the mailbox interrupts.

#include "demo/library/mailbox.h"
#include "demo/runtime/runtime.h"
#include "runtime/csr.h"
#include "runtime/registers.h"

// Only an interrupt of the highest priority wakes a hart that is halted.
enum { SOURCES = 32, PRIORITY_THAT_WAKES = 15, MPMC_HALT = 1, MPMC_HALT_WITH_INTERRUPTS = 2 };

__attribute__((interrupt("machine"))) static void on_mailbox(void) {
  INTERRUPT_NOTIF_STATUS(SOC_IFC_INTERRUPTS) = SOC_IFC_NOTIF_CMD_AVAIL;
}

// meivt has its low ten bits at 0.
static uint32_t handlers[SOURCES] __attribute__((aligned(1024)));

void interrupts_enable(void) {
  handlers[SOURCE_SOC_IFC_NOTIF] = (uint32_t)on_mailbox;
  csr_write_number(MEIVT, (uint32_t)handlers);
  csr_write_number(MEIPT, 0);
  csr_write_number(MEICIDPL, 0);
  csr_write_number(MEICURPL, 0);
  PIC_MPICCFG = 0;
  PIC_MEIGWCTRL[SOURCE_SOC_IFC_NOTIF] = 0;  // level, active high
  PIC_MEIGWCLR[SOURCE_SOC_IFC_NOTIF] = 0;
  PIC_MEIPL[SOURCE_SOC_IFC_NOTIF] = PRIORITY_THAT_WAKES;
  PIC_MEIE[SOURCE_SOC_IFC_NOTIF] = 1;
  INTERRUPT_NOTIF_EN(SOC_IFC_INTERRUPTS) = SOC_IFC_NOTIF_CMD_AVAIL;
  INTERRUPT_GLOBAL_EN(SOC_IFC_INTERRUPTS) = INTERRUPT_NOTIF_GLOBAL_EN;
  csr_set(mie, MIE_EXTERNAL);
}

// Interrupts are on only while the hart is halted. A command that comes between the look at the mailbox and the halt
// has its interrupt pending, and the halt ends at once.
void sleep_until_command(void) {
  while (!mailbox_command_waits()) {
    csr_write_number(MPMC, MPMC_HALT | MPMC_HALT_WITH_INTERRUPTS);
    csr_clear(mstatus, MSTATUS_MIE);
  }
}
