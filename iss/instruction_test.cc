// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What each instruction computes, at the corners.

#include <doctest/doctest.h>

#include <functional>
#include <vector>

#include "iss/testing/machine.h"

namespace veer {
namespace {

using namespace testing;

const std::vector<uint32_t> corners = {0,          1,          2,          5,          31,         32,
                                       0x7f,       0x80,       0xff,       0x7fff,     0x8000,     0xffff,
                                       0x12345678, 0x55555555, 0xaaaaaaaa, 0x7fffffff, 0x80000000, 0x80000001,
                                       0xdeadbeef, 0xfffffffe, 0xffffffff};

/// Bit by bit, as the specification describes them.
uint64_t clmul(uint32_t a, uint32_t b) {
  uint64_t result = 0;
  for (unsigned i = 0; i < 32; ++i) {
    if ((b >> i & 1) != 0) result ^= uint64_t{a} << i;
  }
  return result;
}

uint32_t orc(uint32_t a) {
  uint32_t result = 0;
  for (unsigned i = 0; i < 4; ++i) {
    if ((a >> (8 * i) & 0xff) != 0) result |= 0xffu << (8 * i);
  }
  return result;
}

uint32_t reverse_bytes(uint32_t a) { return a << 24 | (a & 0xff00) << 8 | (a >> 8 & 0xff00) | a >> 24; }

unsigned leading_zeros(uint32_t a) {
  unsigned count = 0;
  while (count < 32 && (a >> (31 - count) & 1) == 0) ++count;
  return count;
}

unsigned trailing_zeros(uint32_t a) {
  unsigned count = 0;
  while (count < 32 && (a >> count & 1) == 0) ++count;
  return count;
}

unsigned ones(uint32_t a) {
  unsigned count = 0;
  for (; a != 0; a >>= 1) count += a & 1;
  return count;
}

int32_t s(uint32_t value) { return static_cast<int32_t>(value); }
uint32_t u(int64_t value) { return static_cast<uint32_t>(value); }

using Binary = std::function<uint32_t(uint32_t, uint32_t)>;

struct Case {
  Op op;
  Binary expected;
};

const std::vector<Case> binary_cases = {
    {Op::add, [](uint32_t a, uint32_t b) { return a + b; }},
    {Op::sub, [](uint32_t a, uint32_t b) { return a - b; }},
    {Op::sll, [](uint32_t a, uint32_t b) { return a << (b % 32); }},
    {Op::srl, [](uint32_t a, uint32_t b) { return a >> (b % 32); }},
    {Op::sra, [](uint32_t a, uint32_t b) { return u(int64_t{s(a)} >> (b % 32)); }},
    {Op::slt, [](uint32_t a, uint32_t b) { return s(a) < s(b) ? 1u : 0u; }},
    {Op::sltu, [](uint32_t a, uint32_t b) { return a < b ? 1u : 0u; }},
    {Op::xor_, [](uint32_t a, uint32_t b) { return a ^ b; }},
    {Op::or_, [](uint32_t a, uint32_t b) { return a | b; }},
    {Op::and_, [](uint32_t a, uint32_t b) { return a & b; }},
    {Op::mul, [](uint32_t a, uint32_t b) { return u(int64_t{s(a)} * s(b)); }},
    {Op::mulh, [](uint32_t a, uint32_t b) { return u((int64_t{s(a)} * s(b)) >> 32); }},
    {Op::mulhsu, [](uint32_t a, uint32_t b) { return u((int64_t{s(a)} * int64_t{b}) >> 32); }},
    {Op::mulhu, [](uint32_t a, uint32_t b) { return static_cast<uint32_t>((uint64_t{a} * b) >> 32); }},
    {Op::div, [](uint32_t a, uint32_t b) { return b == 0 ? ~0u : u(int64_t{s(a)} / int64_t{s(b)}); }},
    {Op::divu, [](uint32_t a, uint32_t b) { return b == 0 ? ~0u : a / b; }},
    {Op::rem, [](uint32_t a, uint32_t b) { return b == 0 ? a : u(int64_t{s(a)} % int64_t{s(b)}); }},
    {Op::remu, [](uint32_t a, uint32_t b) { return b == 0 ? a : a % b; }},
    {Op::sh1add, [](uint32_t a, uint32_t b) { return 2 * a + b; }},
    {Op::sh2add, [](uint32_t a, uint32_t b) { return 4 * a + b; }},
    {Op::sh3add, [](uint32_t a, uint32_t b) { return 8 * a + b; }},
    {Op::andn, [](uint32_t a, uint32_t b) { return a & ~b; }},
    {Op::orn, [](uint32_t a, uint32_t b) { return a | ~b; }},
    {Op::xnor, [](uint32_t a, uint32_t b) { return ~(a ^ b); }},
    {Op::min, [](uint32_t a, uint32_t b) { return s(a) < s(b) ? a : b; }},
    {Op::max, [](uint32_t a, uint32_t b) { return s(a) > s(b) ? a : b; }},
    {Op::minu, [](uint32_t a, uint32_t b) { return a < b ? a : b; }},
    {Op::maxu, [](uint32_t a, uint32_t b) { return a > b ? a : b; }},
    {Op::rol,
     [](uint32_t a, uint32_t b) { return static_cast<uint32_t>(((uint64_t{a} << 32 | a) << (b % 32)) >> 32); }},
    {Op::ror, [](uint32_t a, uint32_t b) { return static_cast<uint32_t>((uint64_t{a} << 32 | a) >> (b % 32)); }},
    {Op::clmul, [](uint32_t a, uint32_t b) { return static_cast<uint32_t>(clmul(a, b)); }},
    {Op::clmulh, [](uint32_t a, uint32_t b) { return static_cast<uint32_t>(clmul(a, b) >> 32); }},
    {Op::clmulr, [](uint32_t a, uint32_t b) { return static_cast<uint32_t>(clmul(a, b) >> 31); }},
    {Op::bset, [](uint32_t a, uint32_t b) { return a | 1u << (b % 32); }},
    {Op::bclr, [](uint32_t a, uint32_t b) { return a & ~(1u << (b % 32)); }},
    {Op::binv, [](uint32_t a, uint32_t b) { return a ^ 1u << (b % 32); }},
    {Op::bext, [](uint32_t a, uint32_t b) { return a >> (b % 32) & 1; }},
};

const std::vector<Case> unary_cases = {
    {Op::clz, [](uint32_t a, uint32_t) { return leading_zeros(a); }},
    {Op::ctz, [](uint32_t a, uint32_t) { return trailing_zeros(a); }},
    {Op::cpop, [](uint32_t a, uint32_t) { return ones(a); }},
    {Op::sext_b, [](uint32_t a, uint32_t) { return u(static_cast<int8_t>(a & 0xff)); }},
    {Op::sext_h, [](uint32_t a, uint32_t) { return u(static_cast<int16_t>(a & 0xffff)); }},
    {Op::zext_h, [](uint32_t a, uint32_t) { return a & 0xffff; }},
    {Op::orc_b, [](uint32_t a, uint32_t) { return orc(a); }},
    {Op::rev8, [](uint32_t a, uint32_t) { return reverse_bytes(a); }},
};

const std::vector<Case> shift_cases = {
    {Op::slli, [](uint32_t a, uint32_t b) { return a << b; }},
    {Op::srli, [](uint32_t a, uint32_t b) { return a >> b; }},
    {Op::srai, [](uint32_t a, uint32_t b) { return u(int64_t{s(a)} >> b); }},
    {Op::rori, [](uint32_t a, uint32_t b) { return static_cast<uint32_t>((uint64_t{a} << 32 | a) >> b); }},
    {Op::bseti, [](uint32_t a, uint32_t b) { return a | 1u << b; }},
    {Op::bclri, [](uint32_t a, uint32_t b) { return a & ~(1u << b); }},
    {Op::binvi, [](uint32_t a, uint32_t b) { return a ^ 1u << b; }},
    {Op::bexti, [](uint32_t a, uint32_t b) { return a >> b & 1; }},
};

const std::vector<Case> immediate_cases = {
    {Op::addi, [](uint32_t a, uint32_t b) { return a + b; }},
    {Op::slti, [](uint32_t a, uint32_t b) { return s(a) < s(b) ? 1u : 0u; }},
    {Op::sltiu, [](uint32_t a, uint32_t b) { return a < b ? 1u : 0u; }},
    {Op::xori, [](uint32_t a, uint32_t b) { return a ^ b; }},
    {Op::ori, [](uint32_t a, uint32_t b) { return a | b; }},
    {Op::andi, [](uint32_t a, uint32_t b) { return a & b; }},
};

/// Runs one instruction on a fresh look at x5 and x6, result in `rd`.
class Runner {
 public:
  explicit Runner(bool observed) {
    if (observed) machine_.hart.set_observer(&observer_);
  }

  uint32_t run(uint32_t opcode, uint32_t a, uint32_t b, unsigned rd = 7) {
    machine_.load(Machine::code, {opcode, nop()});
    machine_.hart.set_pc(Machine::code);
    machine_.hart.set_x(5, a);
    machine_.hart.set_x(6, b);
    machine_.run(2);
    return machine_.hart.x(rd);
  }

 private:
  Machine machine_;
  Observer observer_;
};

TEST_CASE("Arithmetic") {
  for (const bool observed : {false, true}) {
    CAPTURE(observed);
    Runner runner(observed);
    for (const Case& test : binary_cases) {
      CAPTURE(description(test.op).mnemonic);
      for (const uint32_t a : corners) {
        for (const uint32_t b : corners) {
          REQUIRE(runner.run(rrr(test.op, 7, 5, 6), a, b) == test.expected(a, b));
        }
        // The destination may be an operand, both may be the same, and x0 stays 0.
        REQUIRE(runner.run(rrr(test.op, 5, 5, 6), a, 3, 5) == test.expected(a, 3));
        REQUIRE(runner.run(rrr(test.op, 7, 5, 5), a, 0) == test.expected(a, a));
        REQUIRE(runner.run(rrr(test.op, 7, 5, 0), a, 0) == test.expected(a, 0));
        REQUIRE(runner.run(rrr(test.op, 0, 5, 6), a, 3, 0) == 0);
      }
    }
    for (const Case& test : unary_cases) {
      CAPTURE(description(test.op).mnemonic);
      for (const uint32_t a : corners) REQUIRE(runner.run(rrr(test.op, 7, 5, 0), a, 0) == test.expected(a, 0));
    }
    for (const Case& test : shift_cases) {
      CAPTURE(description(test.op).mnemonic);
      for (const uint32_t a : corners) {
        for (int amount = 0; amount < 32; ++amount) {
          REQUIRE(runner.run(rri(test.op, 7, 5, amount), a, 0) == test.expected(a, static_cast<uint32_t>(amount)));
        }
      }
    }
    for (const Case& test : immediate_cases) {
      CAPTURE(description(test.op).mnemonic);
      for (const uint32_t a : corners) {
        for (const int32_t imm : {0, 1, -1, 2047, -2048, 1365}) {
          REQUIRE(runner.run(rri(test.op, 7, 5, imm), a, 0) == test.expected(a, static_cast<uint32_t>(imm)));
          REQUIRE(runner.run(rri(test.op, 7, 0, imm), a, 0) == test.expected(0, static_cast<uint32_t>(imm)));
        }
      }
    }
    CHECK(runner.run(lui(7, 0xabcde000), 0, 0) == 0xabcde000);
    CHECK(runner.run(encode({.op = Op::auipc, .rd = 7, .imm = 0x12345000}), 0, 0) == Machine::code + 0x12345000);
  }
}

TEST_CASE("Every architectural instruction has a test of what it computes or does") {
  std::vector<bool> covered(instruction_count, false);
  for (const auto* cases : {&binary_cases, &unary_cases, &shift_cases, &immediate_cases}) {
    for (const Case& test : *cases) covered[static_cast<unsigned>(test.op)] = true;
  }
  // Those of the test cases below and of hart_test.cc.
  for (const Op op : {Op::lui,   Op::auipc, Op::jal,   Op::jalr,    Op::beq,    Op::bne,    Op::blt,  Op::bge,
                      Op::bltu,  Op::bgeu,  Op::lb,    Op::lh,      Op::lw,     Op::lbu,    Op::lhu,  Op::sb,
                      Op::sh,    Op::sw,    Op::fence, Op::fence_i, Op::ecall,  Op::ebreak, Op::mret, Op::wfi,
                      Op::csrrw, Op::csrrs, Op::csrrc, Op::csrrwi,  Op::csrrsi, Op::csrrci}) {
    covered[static_cast<unsigned>(op)] = true;
  }
  for (unsigned i = 0; i < instruction_count; ++i) {
    CAPTURE(instruction_table[i].mnemonic);
    CHECK(covered[i]);
  }
}

TEST_CASE("Branches and jumps") {
  struct BranchCase {
    Op op;
    std::function<bool(uint32_t, uint32_t)> taken;
  };
  const std::vector<BranchCase> cases = {
      {Op::beq, [](uint32_t a, uint32_t b) { return a == b; }},
      {Op::bne, [](uint32_t a, uint32_t b) { return a != b; }},
      {Op::blt, [](uint32_t a, uint32_t b) { return s(a) < s(b); }},
      {Op::bge, [](uint32_t a, uint32_t b) { return s(a) >= s(b); }},
      {Op::bltu, [](uint32_t a, uint32_t b) { return a < b; }},
      {Op::bgeu, [](uint32_t a, uint32_t b) { return a >= b; }},
  };
  for (const bool observed : {false, true}) {
    CAPTURE(observed);
    Observer observer;
    Machine machine;
    if (observed) machine.hart.set_observer(&observer);
    for (const BranchCase& test : cases) {
      CAPTURE(description(test.op).mnemonic);
      machine.load(Machine::code, {branch(test.op, 5, 6, 12), nop(), nop(), nop()});
      for (const uint32_t a : corners) {
        for (const uint32_t b : corners) {
          machine.hart.set_pc(Machine::code);
          machine.hart.set_x(5, a);
          machine.hart.set_x(6, b);
          machine.run(1);
          REQUIRE(machine.hart.pc() == Machine::code + (test.taken(a, b) ? 12 : 4));
        }
      }
    }
    machine.load(Machine::code, {jal(1, 0x100)});
    machine.hart.set_pc(Machine::code);
    machine.run(1);
    CHECK(machine.hart.pc() == Machine::code + 0x100);
    CHECK(machine.hart.x(1) == Machine::code + 4);
    // The link register may be the base, bit 0 of the target is dropped.
    machine.load(Machine::code, {rri(Op::jalr, 5, 5, 3)});
    machine.hart.set_pc(Machine::code);
    machine.hart.set_x(5, Machine::code + 0x1ff);
    machine.run(1);
    CHECK(machine.hart.pc() == Machine::code + 0x202);
    CHECK(machine.hart.x(5) == Machine::code + 4);
    // c.jal links to the next halfword; c.j links nothing.
    machine.load(Machine::code, {0x00012009});  // c.jal .+2; c.nop
    machine.hart.set_pc(Machine::code);
    machine.run(1);
    CHECK(machine.hart.x(1) == Machine::code + 2);
    CHECK(machine.hart.pc() == Machine::code + 2);
  }
}

TEST_CASE("Loads and stores") {
  for (const bool observed : {false, true}) {
    for (const uint32_t base : {Machine::data, Machine::data + 0x1000, Machine::data + 0x1fff0}) {
      CAPTURE(observed);
      CAPTURE(base);
      Observer observer;
      Machine machine({
          store(Op::sw, 6, 0, 5),
          load(Op::lb, 10, 0, 5),
          load(Op::lb, 11, 3, 5),
          load(Op::lbu, 12, 3, 5),
          load(Op::lh, 13, 2, 5),
          load(Op::lhu, 14, 2, 5),
          load(Op::lw, 15, 0, 5),
          load(Op::lw, 16, 1, 5),
          store(Op::sb, 6, 5, 5),
          store(Op::sh, 6, 7, 5),
          load(Op::lw, 17, 4, 5),
          load(Op::lw, 18, 8, 5),
          load(Op::lw, 0, 0, 5),
      });
      if (observed) machine.hart.set_observer(&observer);
      machine.hart.set_x(5, base);
      machine.hart.set_x(6, 0x89abcdef);
      machine.run(13);
      CHECK(machine.hart.pc() == Machine::code + 13 * 4);
      CHECK(machine.hart.x(10) == 0xffffffef);
      CHECK(machine.hart.x(11) == 0xffffff89);
      CHECK(machine.hart.x(12) == 0x89);
      CHECK(machine.hart.x(13) == 0xffff89ab);
      CHECK(machine.hart.x(14) == 0x89ab);
      CHECK(machine.hart.x(15) == 0x89abcdef);
      CHECK(machine.hart.x(16) == 0x0089abcd);
      CHECK(machine.hart.x(17) == 0xef00ef00);
      CHECK(machine.hart.x(18) == 0xcd);
      CHECK(machine.hart.x(0) == 0);
    }
  }
}

TEST_CASE("CSR instructions") {
  for (const bool observed : {false, true}) {
    CAPTURE(observed);
    Observer observer;
    const auto scratch = static_cast<int32_t>(Csr::mscratch);
    Machine machine({rri(Op::csrrw, 10, 5, scratch), rri(Op::csrrs, 11, 6, scratch), rri(Op::csrrc, 12, 7, scratch),
                     rri(Op::csrrwi, 13, 21, scratch), rri(Op::csrrsi, 14, 10, scratch),
                     rri(Op::csrrci, 15, 1, scratch), rri(Op::csrrs, 16, 0, scratch), rri(Op::csrrw, 17, 17, scratch)});
    if (observed) machine.hart.set_observer(&observer);
    machine.hart.set_x(5, 0x1234);
    machine.hart.set_x(6, 0xf0000000);
    machine.hart.set_x(7, 0x34);
    machine.hart.set_x(17, 0x77);
    machine.run(8);
    CHECK(machine.hart.x(10) == 0);
    CHECK(machine.hart.x(11) == 0x1234);
    CHECK(machine.hart.x(12) == 0xf0001234);
    CHECK(machine.hart.x(13) == 0xf0001200);
    CHECK(machine.hart.x(14) == 21);
    CHECK(machine.hart.x(15) == 31);
    CHECK(machine.hart.x(16) == 30);
    CHECK(machine.hart.x(17) == 30);
    CHECK(machine.csr(Csr::mscratch) == 0x77);
    CHECK(machine.csr(Csr::minstretl) == 8);
  }
}

}  // namespace
}  // namespace veer
