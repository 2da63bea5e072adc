// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where FMC and runtime begin: the stage before has filled DCCM, and left them nothing but the hand-off table.

#include "demo/library/trap.inc"

  .section .text.start, "ax"
  .global _start
_start:
  set_up_hart
  set_up_data
  call main
  ebreak  // main() does not come back
