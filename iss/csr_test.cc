// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What CSRs do beyond keeping a value: triggers and counters, against el2_dec_tlu_ctl.sv and el2_dec_trigger.sv.

#include <doctest/doctest.h>

#include <utility>
#include <vector>

#include "iss/testing/trap_machine.h"

namespace veer {
namespace {

using namespace testing;

TEST_CASE("Triggers raise a breakpoint before anything happens") {
  TrapMachine machine({nop(), store(Op::sw, 6, 0, 5), nop()});
  machine.hart.set_x(5, 0x50000100);
  machine.hart.set_csr(static_cast<unsigned>(Csr::mstatus), 8);
  SUBCASE("on a store") {
    machine.hart.set_csr(static_cast<unsigned>(Csr::mtdata2), 0x50000100);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mtdata1), 0x42);
    machine.hart.set_x(6, 1);
    machine.run(2);
    CHECK(machine.word(0x50000100) == 0);
  }
  SUBCASE("on execution") {
    machine.hart.set_csr(static_cast<unsigned>(Csr::mtdata2), Machine::code + 4);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mtdata1), 0x44);
    machine.run(2);
  }
  machine.expect(handler, 3, 1, Machine::code + 4, Machine::code + 4);
  CHECK((machine.csr(Csr::mtdata1) & 0x00100000) != 0);
}

TEST_CASE("Triggers: ranges, store data, chains, and only while MIE is set") {
  constexpr uint32_t enable = 0x40;
  constexpr uint32_t match_range = 0x80;
  constexpr uint32_t chain = 0x800;
  constexpr uint32_t select_data = 1u << 19;
  constexpr uint32_t hit = 1u << 20;
  constexpr uint32_t on_load = 1;
  constexpr uint32_t on_store = 2;
  TrapMachine machine({store(Op::sw, 6, 0, 5), load(Op::lw, 7, 4, 5), jal(0, 0)});
  machine.hart.set_x(5, 0x50000100);
  machine.hart.set_x(6, 0xcafe);
  machine.hart.set_csr(static_cast<unsigned>(Csr::mstatus), 8);
  const auto set = [&machine](uint32_t trigger, uint32_t data1, uint32_t data2) {
    machine.hart.set_csr(static_cast<unsigned>(Csr::mtsel), trigger);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mtdata2), data2);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mtdata1), data1);
  };
  const auto was_hit = [&machine](uint32_t trigger) {
    machine.hart.set_csr(static_cast<unsigned>(Csr::mtsel), trigger);
    return (machine.csr(Csr::mtdata1) & hit) != 0;
  };
  SUBCASE("a range on loads, in the last trigger") {
    set(3, enable | match_range | on_load, 0x5000011f);  // 0x50000100..0x5000013f
    machine.run(3);
    machine.expect(handler, 3, 1, Machine::code + 4, Machine::code + 4);
    CHECK(was_hit(3));
    CHECK(machine.word(0x50000100) == 0xcafe);
  }
  SUBCASE("outside the range") {
    set(3, enable | match_range | on_load, 0x5000009f);
    machine.run(3);
    CHECK(machine.csr(Csr::mcause) == 0);
    CHECK(!was_hit(3));
  }
  SUBCASE("the data of a store") {
    set(2, enable | select_data | on_store, 0xcafe);
    machine.run(2);
    machine.expect(handler, 3, 1, Machine::code, Machine::code);
    CHECK(machine.word(0x50000100) == 0);
  }
  SUBCASE("data matches are for stores only") {
    set(2, enable | select_data | on_load | on_store, 0xcafe);
    CHECK((machine.csr(Csr::mtdata1) & 7) == on_store);
  }
  SUBCASE("a chain needs both") {
    set(0, enable | chain | on_store, 0x50000100);
    set(1, enable | select_data | on_store, 0xbeef);
    machine.run(2);
    CHECK(machine.csr(Csr::mcause) == 0);
    CHECK(!was_hit(1));
  }
  SUBCASE("a chain that has both") {
    set(0, enable | chain | on_store, 0x50000100);
    set(1, enable | select_data | on_store, 0xcafe);
    machine.run(2);
    machine.expect(handler, 3, 1, Machine::code, Machine::code);
    CHECK(was_hit(0));
    CHECK(was_hit(1));
  }
  SUBCASE("not while MIE is clear") {
    machine.hart.set_csr(static_cast<unsigned>(Csr::mstatus), 0);
    set(0, enable | on_store, 0x50000100);
    machine.run(2);
    CHECK(machine.csr(Csr::mcause) == 0);
    CHECK(machine.word(0x50000100) == 0xcafe);
  }
}

TEST_CASE("mfdht and mfdhs keep what is written, within their bits") {
  Machine machine;
  for (const auto& [number, mask] : {std::pair<Csr, uint32_t>{Csr::mfdht, 0x3f}, {Csr::mfdhs, 0x3}}) {
    CHECK(machine.csr(number) == 0);
    CHECK(machine.hart.set_csr(static_cast<unsigned>(number), 0xffffffff));
    CHECK(machine.csr(number) == mask);
    CHECK(machine.hart.set_csr(static_cast<unsigned>(number), 0));
    CHECK(machine.csr(number) == 0);
  }
}

TEST_CASE("A write to minstreth loses the carry of its own retirement") {
  // minstretl wraps as the write to minstreth retires; el2_dec_tlu_ctl.sv drops the carry and does not hold it back.
  Machine machine(
      {csrw(Csr::minstretl, 5), csrw(Csr::minstreth, 6), nop(), csrr(7, Csr::minstretl), csrr(8, Csr::minstreth)});
  machine.hart.set_x(5, 0xffffffff);
  machine.hart.set_x(6, 0x12);
  machine.run(5);
  CHECK(machine.hart.x(7) == 1);
  CHECK(machine.hart.x(8) == 0x12);
}

TEST_CASE("Performance counters count what an instruction-set simulator can see") {
  TrapMachine machine(
      {load(Op::lw, 6, 0, 5), store(Op::sw, 6, 0, 5), rrr(Op::mul, 7, 6, 6), branch(Op::beq, 0, 0, -12)});
  machine.hart.set_x(5, 0x50000100);
  const auto number = [](Csr csr) { return static_cast<unsigned>(csr); };
  machine.hart.set_csr(number(Csr::mhpme3), 11);      // loads
  machine.hart.set_csr(number(Csr::mhpme3) + 1, 26);  // taken branches
  machine.hart.set_csr(number(Csr::mhpme3) + 2, 4);   // instructions
  machine.hart.set_csr(number(Csr::mhpme3) + 3, 57);  // no such event
  machine.run(41);
  CHECK(machine.csr(Csr::mhpmc3) == 11);
  CHECK(machine.hart.csr(0xb04) == 10);
  CHECK(machine.hart.csr(0xb05) == 41);
  CHECK(machine.hart.csr(0x326) == 0);
  machine.hart.set_csr(number(Csr::mcountinhibit), 0x7d);
  machine.run(40);
  CHECK(machine.csr(Csr::mhpmc3) == 11);
  CHECK(machine.csr(Csr::minstretl) == 41);
}

}  // namespace
}  // namespace veer
