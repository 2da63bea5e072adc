// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Control and status registers by number or name, as the assembler knows them.

#pragma once

#include <stdint.h>

#define csr_read(csr)                                 \
  ({                                                  \
    uint32_t csr_value;                               \
    asm volatile("csrr %0, " #csr : "=r"(csr_value)); \
    csr_value;                                        \
  })
#define csr_write(csr, value) asm volatile("csrw " #csr ", %0" ::"r"((uint32_t)(value)) : "memory")
#define csr_set(csr, bits) asm volatile("csrs " #csr ", %0" ::"r"((uint32_t)(bits)) : "memory")
#define csr_clear(csr, bits) asm volatile("csrc " #csr ", %0" ::"r"((uint32_t)(bits)) : "memory")

// VeeR's own, by number: the assembler has no names for them.
#define MSCAUSE 0x7ff
#define MPMC 0x7c6
#define MITCNT0 0x7d2
#define MITB0 0x7d3
#define MITCTL0 0x7d4
#define MEIVT 0xbc8
#define MEIPT 0xbc9
#define MEICIDPL 0xbcb
#define MEICURPL 0xbcc
#define MEIHAP 0xfc8

// The macros above put a name into text; these let a number's name through first.
#define csr_read_number(csr) csr_read_expanded(csr)
#define csr_read_expanded(csr) csr_read(csr)
#define csr_write_number(csr, value) csr_write_expanded(csr, value)
#define csr_write_expanded(csr, value) csr_write(csr, value)

enum {
  MSTATUS_MIE = 1u << 3,
  MIE_TIMER = 1u << 7,
  MIE_EXTERNAL = 1u << 11,
  MIE_INTERNAL_TIMER0 = 1u << 29,
};
