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
  .irp register, ra, sp, gp, tp, a1, a2, a3, a4, a5, a6, a7, s0, s1, s2, s3, s4, s5, s6, s7, s8, s9, s10, s11
  li \register, 0
  .endr
  .irp register, t0, t1, t2, t3, t4, t5, t6
  li \register, 0
  .endr
  jr a0
