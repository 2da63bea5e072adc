// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Begins a benchmark on either machine: on a Caliptra core, where it is the ROM and moves into the ICCM first, as the
// firmware that matters runs there; or on QEMU's `virt` machine, where it lies at the beginning of memory. All
// addresses are relative to the pc.

#define MRAC 0x7c0
#define VEER 0x45  // mvendorid

  .section .text.start, "ax"
  .global _start
_start:
  j begin
  .balign 8
  .global repetitions
repetitions:  // at 8: filled in by who runs it
  .word 1

begin:
  csrr t0, mvendorid
  li t1, VEER
  bne t0, t1, on_qemu

  li t0, 0xaaaaa5a9
  csrw MRAC, t0
  lla t0, _start
  lla t1, image_end
  li t2, 0x40000000
1:
  lw t3, 0(t0)
  sw t3, 0(t2)
  addi t0, t0, 4
  addi t2, t2, 4
  bltu t0, t1, 1b
  fence.i
  // DCCM is filled whole: until a word is written, its error-correcting code is wrong.
  li a0, 0x50000000
  li t0, 0x50020000
2:
  sw zero, 0(a0)
  addi a0, a0, 4
  bltu a0, t0, 2b
  li a0, 0x50000000
  li s1, 1              // a Caliptra core
  lla t0, work
  lla t1, _start
  sub t0, t0, t1
  li t1, 0x40000000
  add t0, t0, t1
  jr t0

on_qemu:
  li a0, 0x80100000
  li s1, 0

work:
  li t0, 0x20000 - 16
  add sp, a0, t0
  lla a1, repetitions
  lw a1, 0(a1)
  mv a2, s1
  call benchmark
  beqz s1, 3f

  li t0, 0x30030038     // CPTRA_BOOT_STATUS
  sw a0, 0(t0)
  li t0, 0x300300cc     // CPTRA_GENERIC_OUTPUT_WIRES: passed
  li t1, 0xff
  sw t1, 0(t0)
  j .

3:
  // Eight hexadecimal digits on the serial port, and end.
  li t0, 0x10000000
  li t1, 8
4:
  srli t2, a0, 28
  slli a0, a0, 4
  addi t2, t2, '0'
  li t3, '9' + 1
  blt t2, t3, 5f
  addi t2, t2, 'a' - '0' - 10
5:
  sb t2, 0(t0)
  addi t1, t1, -1
  bnez t1, 4b
  li t0, 0x100000
  li t1, 0x5555
  sw t1, 0(t0)
  j .
