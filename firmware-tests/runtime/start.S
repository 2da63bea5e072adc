// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where the hart begins, and the ways into C from traps, external interrupts and the NMI.

#define MRAC 0x7c0
#define NMI_VECTOR 0x3003062c

  .section .text.start, "ax"
  .global _start
_start:
  csrw mie, zero
  // Two bits for each 256 MiB: the regions of registers have side effects (10), ROM, ICCM and DCCM are memory (01).
  li t0, 0xaaaaa5a9
  csrw MRAC, t0
  la t0, trap_entry
  csrw mtvec, t0
  la t0, nmi_entry
  li t1, NMI_VECTOR
  sw t0, 0(t1)

  // DCCM is filled whole: until a word is written, its error-correcting code is wrong.
  li a0, 0x50000000
  li a1, 0x50020000
1:
  sw zero, 0(a0)
  sw zero, 4(a0)
  sw zero, 8(a0)
  sw zero, 12(a0)
  addi a0, a0, 16
  bltu a0, a1, 1b

  la a0, data_start
  la a1, data_end
  la a2, data_load
2:
  bgeu a0, a1, 3f
  lw t0, 0(a2)
  sw t0, 0(a0)
  addi a0, a0, 4
  addi a2, a2, 4
  j 2b
3:
  .option push
  .option norelax
  la gp, __global_pointer$
  .option pop
  la sp, stack_top
  call main
  call finish  // with what main() returned

// What a call does not keep goes on the stack.
  .macro enter
  addi sp, sp, -64
  sw ra, 0(sp)
  sw t0, 4(sp)
  sw t1, 8(sp)
  sw t2, 12(sp)
  sw a0, 16(sp)
  sw a1, 20(sp)
  sw a2, 24(sp)
  sw a3, 28(sp)
  sw a4, 32(sp)
  sw a5, 36(sp)
  sw a6, 40(sp)
  sw a7, 44(sp)
  sw t3, 48(sp)
  sw t4, 52(sp)
  sw t5, 56(sp)
  sw t6, 60(sp)
  .endm

  .macro leave_and_mret
  lw ra, 0(sp)
  lw t0, 4(sp)
  lw t1, 8(sp)
  lw t2, 12(sp)
  lw a0, 16(sp)
  lw a1, 20(sp)
  lw a2, 24(sp)
  lw a3, 28(sp)
  lw a4, 32(sp)
  lw a5, 36(sp)
  lw a6, 40(sp)
  lw a7, 44(sp)
  lw t3, 48(sp)
  lw t4, 52(sp)
  lw t5, 56(sp)
  lw t6, 60(sp)
  addi sp, sp, 64
  mret
  .endm

  .text
  .balign 4
trap_entry:
  enter
  call on_trap
  leave_and_mret

// The PIC's fast interrupts come here without a detour over mtvec.
  .balign 4
  .global external_interrupt_entry
external_interrupt_entry:
  enter
  call on_external_interrupt
  leave_and_mret

  .balign 4
nmi_entry:
  la sp, stack_top
  call on_nmi
