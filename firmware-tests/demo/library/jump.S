// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

  .section .text.jump, "ax"
  // void jump_to_stage(uint32_t entry_point): with empty registers and an empty stack, so that nothing leaks.
  .global jump_to_stage
jump_to_stage:
  la t0, stack_bottom
  la t1, trap_stack_top
1:
  sw zero, 0(t0)
  addi t0, t0, 4
  bltu t0, t1, 1b
  .irp register, 1, 2, 3, 4, 5, 6, 7, 8, 9, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31
  li x\register, 0
  .endr
  jr a0
