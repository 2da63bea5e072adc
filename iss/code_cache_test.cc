// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What decoded code keeps between instructions: the value that was written last, and who may rely on it.

#include <doctest/doctest.h>

#include <array>

#include "iss/testing/machine.h"

namespace veer {
namespace {

using namespace testing;

void set_registers(Machine& machine) {
  machine.hart.set_x(5, 1000);
  machine.hart.set_x(8, 77);
  machine.hart.set_x(10, Machine::data + 0x1000);
}

TEST_CASE("An instruction after a store reads its register, however the store was reached") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    Machine machine({rri(Op::addi, 5, 5, 7), store(Op::sw, 5, 64, 10), rri(Op::addi, 6, 5, 1), rri(Op::addi, 11, 6, 0),
                     rri(Op::addi, 5, 0, 50), jal(0, -16)},
                    timing);
    set_registers(machine);
    machine.run(6 + 2);
    CHECK(machine.hart.x(5) == 50);
    CHECK(machine.hart.x(11) == 1008);
    CHECK(machine.hart.x(6) == 51);
  }
}

TEST_CASE("Code that is entered at the second halfword of an instruction goes on with its own registers") {
  // The upper half of the first is c.mv x9, x8.
  const uint32_t first = rri(Op::addi, 5, 5, -1974);
  REQUIRE((first >> 16) == 0x84a2);
  const std::vector<uint32_t> program = {first, rri(Op::addi, 6, 5, 1), rri(Op::addi, 7, 6, 1)};
  for (const std::array<uint32_t, 2>& order : {std::array<uint32_t, 2>{0, 2}, {2, 0}}) {
    Machine machine(program);
    for (const uint32_t entry : order) {
      CAPTURE(entry);
      set_registers(machine);
      machine.hart.set_pc(Machine::code + entry);
      machine.run(3);
      const uint32_t expected = entry == 0 ? 1000u - 1974 : 1000;
      CHECK(machine.hart.x(5) == expected);
      CHECK(machine.hart.x(6) == expected + 1);
      CHECK(machine.hart.x(7) == expected + 2);
    }
  }
}

TEST_CASE("The beginning of the DCCM is only reached from a base in its region") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    for (const bool is_store : {false, true}) {
      CAPTURE(is_store);
      const uint32_t access = is_store ? store(Op::sw, 8, 16, 5) : load(Op::lw, 6, 16, 5);
      Machine machine({access, access}, timing);
      const std::array<uint8_t, 4> word = {1, 2, 3, 4};
      set_registers(machine);
      machine.hart.poke(Machine::data + 24, word);
      machine.hart.set_x(5, Machine::data + 8);
      machine.run(1);
      CHECK(machine.hart.pc() == Machine::code + 4);
      std::array<uint8_t, 4> stored{};
      CHECK(machine.hart.peek(Machine::data + 24, stored));
      CHECK((is_store ? stored[0] == 77 : machine.hart.x(6) == 0x04030201));
      machine.hart.set_x(5, Machine::data - 8);
      machine.run(1);
      CHECK(machine.csr(Csr::mcause) == (is_store ? 7 : 5));
      CHECK(machine.csr(Csr::mepc) == Machine::code + 4);
      CHECK(machine.csr(Csr::mtval) == Machine::data + 8);
    }
  }
}

TEST_CASE("Commuting operands changes nothing") {
  for (const Op op : {Op::add, Op::xor_, Op::or_, Op::and_, Op::mul, Op::mulh, Op::mulhu, Op::xnor, Op::min, Op::minu,
                      Op::max, Op::maxu, Op::sub, Op::sltu, Op::mulhsu, Op::sll}) {
    Machine machine({rri(Op::addi, 6, 8, -80), rrr(op, 7, 5, 6), rri(Op::addi, 6, 8, -80), nop(), rrr(op, 9, 5, 6)});
    set_registers(machine);
    machine.run(5);
    CAPTURE(description(op).mnemonic);
    CHECK(machine.hart.x(7) == machine.hart.x(9));
  }
}

}  // namespace
}  // namespace veer
