// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Instructions, one by one, on operands that the compiler cannot see through; every extension of VeeR EL2.

#include "selfcheck/selfcheck.h"

// The compiler does without Zbs (see meson.build), the checks below don't.
asm(".option arch, +zbs");

#define BINARY(instruction, a, b, want)                                                               \
  do {                                                                                                \
    uint32_t result;                                                                                  \
    asm volatile(#instruction " %0, %1, %2" : "=r"(result) : "r"((uint32_t)(a)), "r"((uint32_t)(b))); \
    if (result != (uint32_t)(want)) {                                                                 \
      good = false;                                                                                   \
      note(#instruction " of " #a " and " #b " gives", result);                                       \
    }                                                                                                 \
  } while (0)

#define UNARY(instruction, a, want)                                           \
  do {                                                                        \
    uint32_t result;                                                          \
    asm volatile(#instruction " %0, %1" : "=r"(result) : "r"((uint32_t)(a))); \
    if (result != (uint32_t)(want)) {                                         \
      good = false;                                                           \
      note(#instruction " of " #a " gives", result);                          \
    }                                                                         \
  } while (0)

static void check_two_operands(void) {
  bool good;
  good = true;
  BINARY(sll, 0x00000001, 0x00000021, 0x00000002);
  BINARY(srl, 0x80000000, 0x0000003f, 0x00000001);
  BINARY(sra, 0x80000000, 0x00000023, 0xf0000000);
  BINARY(slt, 0x80000000, 0x00000000, 0x00000001);
  BINARY(sltu, 0x80000000, 0x00000000, 0x00000000);
  check(good, "arithmetic of RV32I");
  good = true;
  BINARY(mul, 0x80000000, 0xffffffff, 0x80000000);
  BINARY(mul, 0x12345678, 0x9abcdef1, 0x366176f8);
  BINARY(mulh, 0x80000000, 0x80000000, 0x40000000);
  BINARY(mulh, 0xffffffff, 0x00000002, 0xffffffff);
  BINARY(mulhu, 0xffffffff, 0xffffffff, 0xfffffffe);
  BINARY(mulhsu, 0xffffffff, 0xffffffff, 0xffffffff);
  BINARY(mulhsu, 0x80000000, 0x00000002, 0xffffffff);
  check(good, "M: multiply");
  good = true;
  BINARY(div, 0x80000000, 0xffffffff, 0x80000000);
  BINARY(div, 0x00000007, 0x00000000, 0xffffffff);
  BINARY(div, 0xfffffff9, 0x00000002, 0xfffffffd);
  BINARY(divu, 0xffffffff, 0x00000002, 0x7fffffff);
  BINARY(divu, 0x00000007, 0x00000000, 0xffffffff);
  BINARY(rem, 0x80000000, 0xffffffff, 0x00000000);
  BINARY(rem, 0x00000007, 0x00000000, 0x00000007);
  BINARY(rem, 0xfffffff9, 0x00000002, 0xffffffff);
  BINARY(remu, 0xffffffff, 0x0000000a, 0x00000005);
  BINARY(remu, 0x00000007, 0x00000000, 0x00000007);
  check(good, "M: divide, also by zero and with overflow");
  good = true;
  BINARY(sh1add, 0x80000001, 0x00000005, 0x00000007);
  BINARY(sh2add, 0x40000003, 0x00000001, 0x0000000d);
  BINARY(sh3add, 0x20000001, 0xffffffff, 0x00000007);
  check(good, "Zba: shift and add");
  good = true;
  BINARY(andn, 0xff00ff00, 0x0ff00ff0, 0xf000f000);
  BINARY(orn, 0xff00ff00, 0x0ff00ff0, 0xff0fff0f);
  BINARY(xnor, 0xff00ff00, 0x0ff00ff0, 0x0f0f0f0f);
  check(good, "Zbb: logic with negation");
  good = true;
  BINARY(min, 0x80000000, 0x00000001, 0x80000000);
  BINARY(max, 0x80000000, 0x00000001, 0x00000001);
  BINARY(minu, 0x80000000, 0x00000001, 0x00000001);
  BINARY(maxu, 0x80000000, 0x00000001, 0x80000000);
  check(good, "Zbb: minimum and maximum");
  good = true;
  BINARY(rol, 0x80000001, 0x00000024, 0x00000018);
  BINARY(ror, 0x80000001, 0x00000004, 0x18000000);
  BINARY(ror, 0x12345678, 0x00000000, 0x12345678);
  check(good, "Zbb: rotations");
  good = true;
  BINARY(clmul, 0xdeadbeef, 0x10325476, 0xef8e82b2);
  BINARY(clmulh, 0xdeadbeef, 0x90325476, 0x62abbfb6);
  BINARY(clmulr, 0xdeadbeef, 0x90325476, 0xc5577f6c);
  check(good, "Zbc: carry-less multiply");
  good = true;
  BINARY(bset, 0x00000000, 0x0000003f, 0x80000000);
  BINARY(bclr, 0xffffffff, 0x00000020, 0xfffffffe);
  BINARY(binv, 0x80000000, 0x0000001f, 0x00000000);
  BINARY(bext, 0x00010000, 0x00000030, 0x00000001);
  check(good, "Zbs: single bits");
}

static void check_one_operand(void) {
  bool good = true;
  UNARY(clz, 0, 32);
  UNARY(clz, 0x00010000, 15);
  UNARY(ctz, 0, 32);
  UNARY(ctz, 0x00010000, 16);
  UNARY(cpop, 0xf0f0f0f1, 17);
  check(good, "Zbb: counts");
  good = true;
  UNARY(sext.b, 0x00000180, 0xffffff80);
  UNARY(sext.h, 0x00018000, 0xffff8000);
  UNARY(zext.h, 0xffff8000, 0x00008000);
  UNARY(orc.b, 0x00100200, 0x00ffff00);
  UNARY(rev8, 0x12345678, 0x78563412);
  check(good, "Zbb: extension and byte order");
}

static void check_compressed(void) {
  uint32_t result;
  asm volatile(
      ".option push\n"
      ".option rvc\n"
      "c.li a4, -3\n"
      "c.mv a5, a4\n"
      "c.addi a5, 7\n"  // 4
      "c.slli a5, 4\n"  // 64
      "c.xor a5, a4\n"  // 64 ^ -3
      "c.srai a5, 1\n"
      "c.andi a5, 31\n"  // 30
      "c.j 1f\n"
      "c.li a5, 0\n"
      "1: c.bnez a5, 2f\n"
      "c.li a5, 0\n"
      "2: c.addi16sp sp, -32\n"
      "c.swsp a5, 12(sp)\n"
      "c.lwsp a4, 12(sp)\n"
      "c.addi16sp sp, 32\n"
      "c.sub a4, a5\n"
      "c.or a5, a4\n"
      "c.mv %0, a5\n"
      ".option pop\n"
      : "=r"(result)
      :
      : "a4", "a5", "memory");
  check_equal(result, 30, "C: compressed arithmetic, jumps and stack");
}

static void check_memory(void) {
  static uint32_t words[4];
  volatile uint8_t* bytes = (volatile uint8_t*)words;
  words[0] = 0x33221100;
  words[1] = 0x77665544;
  uint32_t word, high_half, byte;
  // Through assembly, or the compiler takes misaligned accesses apart.
  asm volatile("lw %0, 1(%1)" : "=r"(word) : "r"(bytes) : "memory");
  asm volatile("lh %0, 3(%1)" : "=r"(high_half) : "r"(bytes) : "memory");
  check(word == 0x44332211 && high_half == 0x4433, "misaligned loads from DCCM");
  asm volatile("sw %0, 5(%1)\n sh %0, 3(%1)" ::"r"(0xddccbbaa), "r"(bytes) : "memory");
  const uint32_t want[] = {0xaa221100, 0xccbbaabb, 0x000000dd};
  check_words(words, want, 3, "misaligned stores to DCCM");
  bytes[15] = 0x80;
  asm volatile("lb %0, 15(%1)" : "=r"(byte) : "r"(bytes) : "memory");
  asm volatile("lbu %0, 15(%1)" : "=r"(word) : "r"(bytes) : "memory");
  check(byte == 0xffffff80 && word == 0x80, "signed and unsigned bytes");
}

static void check_csrs(void) {
  csr_write(mscratch, 0x5eed1234);
  csr_clear(mscratch, 0x34);
  csr_set(mscratch, 0x80000001);
  check_equal(csr_read(mscratch), 0xdeed1201, "mscratch: write, clear and set");

  uint32_t old;
  asm volatile("csrrwi %0, mscratch, 21" : "=r"(old));
  check(old == 0xdeed1201 && csr_read(mscratch) == 21, "mscratch: exchange with an immediate");

  uint32_t cycles = csr_read(mcycle);
  uint32_t instructions = csr_read(minstret);
  asm volatile("nop\nnop\nnop\nnop\nnop\nnop\nnop\nnop");
  check(csr_read(mcycle) - cycles >= 8, "mcycle counts");
  check(csr_read(minstret) - instructions >= 8, "minstret counts");
}

void check_cpu(void) {
  heading("CPU");
  check_two_operands();
  check_one_operand();
  check_compressed();
  check_memory();
  check_csrs();
}
