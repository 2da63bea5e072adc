// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where the hart begins after each reset.

#include "demo/library/trap.inc"

  .section .text.start, "ax"
  .global _start
_start:
  set_up_hart
  // After power-on ICCM and DCCM are filled whole: until a word is written, its error-correcting code is wrong. After
  // other resets they hold firmware and hand-off.
  li t0, RESET_REASON_REGISTER
  lw t0, 0(t0)
  andi t0, t0, 3
  bnez t0, filled
  li a0, 0x40000000
  li a1, 0x40020000
  jal t1, fill
  li a0, 0x50000000
  li a1, 0x50020000
  jal t1, fill
filled:
  set_up_data
  call main
  ebreak  // main() does not come back

fill:
  sw zero, 0(a0)
  sw zero, 4(a0)
  sw zero, 8(a0)
  sw zero, 12(a0)
  addi a0, a0, 16
  bltu a0, a1, fill
  jr t1
