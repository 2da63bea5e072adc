// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The ways into C from exceptions and the NMI: neither comes back. The stack may be what is wrong, so a fresh one is
// used, at the top of DCCM.

#include "demo/library/trap.inc"

  .section .text.trap, "ax"

  .macro report handler
  la sp, trap_stack_top
  addi sp, sp, -16
  csrr t0, mcause
  sw t0, 0(sp)
  csrr t0, MSCAUSE_NUMBER
  sw t0, 4(sp)
  csrr t0, mepc
  sw t0, 8(sp)
  sw ra, 12(sp)
  mv a0, sp
  call \handler
  .endm

  .balign 4
  .global exception_entry
exception_entry:
  report on_exception

  .balign 4
  .global nmi_entry
nmi_entry:
  report on_nmi
