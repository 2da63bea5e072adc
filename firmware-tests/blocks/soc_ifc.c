// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// soc_ifc and the memories: a watchdog, the locked ICCM and flipped bits as interrupts. The bits are flipped by the
// commands that the RTL's test bench takes over the generic output wires, and caliptra-emu too.

#include "blocks/blocks.h"

#define MICCMECT 0x7f1

enum {
  MBOX_ECC_UNCORRECTABLE = 1u << 5,
  WDT_TIMER1_TIMEOUT = 1u << 6,
  MBOX_ECC_CORRECTABLE = 1u << 1,
  TB_ICCM_SINGLE_BIT = 0xe0,
  TB_SRAM_ERRORS_OFF = 0xe4,
  TB_MAILBOX_SINGLE_BIT = 0xfd,
  TB_MAILBOX_DOUBLE_BIT = 0xfe,
  WORDS = 500,
};

static void write_mailbox(uint32_t command) {
  CPTRA_GENERIC_OUTPUT_WIRES[0] = command;
  for (uint32_t i = 0; i < WORDS; i++) MAILBOX_SRAM[i] = i * 0x01010101;
  CPTRA_GENERIC_OUTPUT_WIRES[0] = TB_SRAM_ERRORS_OFF;
}

static unsigned wrong_in_mailbox(void) {
  unsigned wrong = 0;
  csr_set(mstatus, MSTATUS_MIE);
  for (uint32_t i = 0; i < WORDS; i++) wrong += MAILBOX_SRAM[i] != i * 0x01010101;
  csr_clear(mstatus, MSTATUS_MIE);
  return wrong;
}

static void check_watchdog_interrupt(void) {
  CPTRA_WDT_TIMER1_TIMEOUT_PERIOD[0] = 2000;
  CPTRA_WDT_TIMER1_TIMEOUT_PERIOD[1] = 0;
  CPTRA_WDT_TIMER1_EN = 1;
  sleep();
  check_equal(errors_seen(), WDT_TIMER1_TIMEOUT, "the watchdog wakes the hart");
  CPTRA_WDT_TIMER1_EN = 0;
  CPTRA_WDT_TIMER1_TIMEOUT_PERIOD[0] = 0xffffffff;
  CPTRA_WDT_TIMER1_TIMEOUT_PERIOD[1] = 0xffffffff;
}

static void check_mailbox_memory(void) {
  check_equal(MBOX_LOCK, 0, "the mailbox is ours");
  write_mailbox(0);
  check_equal(wrong_in_mailbox(), 0, "its memory keeps what is written");
  check_equal(errors_seen() | notifications_seen(), 0, "without a word");
  write_mailbox(TB_MAILBOX_SINGLE_BIT);
  check_equal(wrong_in_mailbox(), 0, "single flipped bits are corrected");
  check_equal(notifications_seen(), MBOX_ECC_CORRECTABLE, "and reported");
  check_equal(CPTRA_HW_ERROR_NON_FATAL, 0, "which is no error");
  write_mailbox(TB_MAILBOX_DOUBLE_BIT);
  wrong_in_mailbox();
  check_equal(errors_seen(), MBOX_ECC_UNCORRECTABLE, "two flipped bits are an error");
  check_equal(CPTRA_HW_ERROR_NON_FATAL, 4, "which the SoC sees");
  CPTRA_HW_ERROR_NON_FATAL = 4;
  write_mailbox(0);
  MBOX_UNLOCK = 1;
}

static void check_iccm_memory(void) {
  uint32_t before = csr_read_number(MICCMECT) & 0x7ffffff;
  CPTRA_GENERIC_OUTPUT_WIRES[0] = TB_ICCM_SINGLE_BIT;
  for (uint32_t i = 0; i < WORDS; i++) ICCM[i] = i;
  CPTRA_GENERIC_OUTPUT_WIRES[0] = TB_SRAM_ERRORS_OFF;
  unsigned wrong = 0;
  for (uint32_t i = 0; i < WORDS; i++) wrong += ICCM[i] != i;
  check_equal(wrong, 0, "flipped bits of the ICCM are corrected");
  check((csr_read_number(MICCMECT) & 0x7ffffff) > before, "and counted by the hart");
}

int main(void) {
  heading("soc_ifc");
  // The machine timer asks from power-on; it must not wake the hart here.
  INTERNAL_RV_MTIMECMP_H = 0xffffffff;
  interrupts_open(SOC_IFC_INTERRUPTS, SOURCE_SOC_IFC_ERROR);
  check_triggers();
  check_watchdog_interrupt();
  check_mailbox_memory();
  check_iccm_memory();
  interrupts_close();
  return report();
}
