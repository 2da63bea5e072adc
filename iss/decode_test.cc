// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/decode.h"

#include <doctest/doctest.h>

#include <random>

#include "iss/disassemble.h"
#include "iss/encode.h"

namespace veer {
namespace {

TEST_CASE("The instruction table has no two lines for one encoding") {
  for (unsigned a = 0; a < instruction_count; ++a) {
    CHECK((instruction_table[a].match & ~instruction_table[a].mask) == 0);
    for (unsigned b = a + 1; b < instruction_count; ++b) {
      const uint32_t common = instruction_table[a].mask & instruction_table[b].mask;
      CHECK(((instruction_table[a].match ^ instruction_table[b].match) & common) != 0);
    }
  }
}

TEST_CASE("What encode makes, decode understands") {
  std::mt19937 random(1);
  for (unsigned index = 0; index < instruction_count; ++index) {
    const auto op = static_cast<Op>(index);
    CAPTURE(description(op).mnemonic);
    for (int i = 0; i < 200; ++i) {
      const Decoded given{.op = op,
                          .rd = static_cast<uint8_t>(random() & 31),
                          .rs1 = static_cast<uint8_t>(random() & 31),
                          .rs2 = static_cast<uint8_t>(random() & 31),
                          .imm = static_cast<int32_t>(random())};
      const uint32_t word = encode(given);
      const Decoded decoded = decode(word);
      REQUIRE(decoded.op == op);
      CHECK(decoded.length == 4);
      CHECK(encode(decoded) == word);
    }
  }
}

TEST_CASE("Immediates come out with their signs and scales") {
  CHECK(decode(0xfe000ee3).imm == -4);  // beq x0, x0, -4
  CHECK(decode(0xffdff06f).imm == -4);  // jal x0, -4
  CHECK(decode(0xfe112e23).imm == -4);  // sw x1, -4(x2)
  CHECK(decode(0xfffff0b7).imm == static_cast<int32_t>(0xfffff000));
  CHECK(decode(0x41f0d093).imm == 31);     // srai x1, x1, 31
  const Decoded csr = decode(0xfc0025f3);  // csrrs a1, 0xfc0, x0
  CHECK(csr.imm == 0xfc0);
}

TEST_CASE("Reserved compressed encodings are illegal, those that only hint are not") {
  CHECK(decode(0x0000).op == Op::illegal);
  CHECK(decode(0x6101).op == Op::illegal);  // c.addi16sp 0
  CHECK(decode(0x6081).op == Op::illegal);  // c.lui ra, 0
  CHECK(decode(0x8002).op == Op::illegal);  // c.jr x0
  CHECK(decode(0x1002).op == Op::illegal);  // c.slli with bit 5 of the shift
  CHECK(decode(0x9101).op == Op::illegal);  // c.srli with bit 5 of the shift
  CHECK(decode(0x9c01).op == Op::illegal);  // c.subw
  CHECK(decode(0x2000).op == Op::illegal);  // c.fld
  CHECK(decode(0x0001).op == Op::addi);     // c.nop
  CHECK(decode(0x4002).op == Op::lw);       // c.lwsp x0, as on the RTL
  CHECK(decode(0x6005).op == Op::lui);      // c.lui x0, 1
  CHECK(decode(0x9002).op == Op::ebreak);
}

TEST_CASE("Disassembly is what an assembler takes") {
  CHECK(disassemble(0x00412503, 0) == "lw a0, 4(sp)");
  CHECK(disassemble(0x02b50533, 0) == "mul a0, a0, a1");
  CHECK(disassemble(0xfe000ee3, 0x1000) == "beq zero, zero, 0xffc");
  CHECK(disassemble(0x30002573, 0) == "csrrs a0, mstatus, zero");
  CHECK(disassemble(0xc119, 0x100) == "c.beqz a0, 0x106");
  CHECK(disassemble(0x0000, 0) == ".half 0x0000");
  CHECK(disassemble(0xffffffff, 0) == ".word 0xffffffff");
}

}  // namespace
}  // namespace veer
