// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What CSRs do beyond keeping a value: triggers and counters, against el2_dec_tlu_ctl.sv and el2_dec_trigger.sv.

#include <doctest/doctest.h>

#include <array>
#include <map>
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
  constexpr uint32_t on_execution = 4;
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
  SUBCASE("a chain over what an instruction is and what it does") {
    set(2, enable | chain | on_store, 0x50000100);
    set(3, enable | on_execution, Machine::code);
    machine.run(2);
    machine.expect(handler, 3, 1, Machine::code, Machine::code);
    CHECK(was_hit(2));
    CHECK(was_hit(3));
  }
  SUBCASE("all that match are hit at once") {
    set(0, enable | chain | match_range | on_store, 0x50000100);
    set(1, enable | on_store, 0x50000104);
    set(3, enable | on_execution, Machine::code + 1);  // bit 0 of an instruction's address doesn't count
    machine.run(2);
    machine.expect(handler, 3, 1, Machine::code, Machine::code);
    CHECK(was_hit(0));
    CHECK(!was_hit(1));
    CHECK(was_hit(3));
  }
  SUBCASE("a range without a 0 is a value") {
    set(0, enable | match_range | on_store, 0xffffffff);
    machine.run(2);
    CHECK(machine.csr(Csr::mcause) == 0);
  }
  SUBCASE("a store that is not allowed has an address, but no data") {
    machine.hart.set_x(5, 0x50020000);
    set(2, enable | select_data | on_store, 0xcafe);
    machine.run(1);
    machine.expect(handler, 7, 2, 0x50020000, Machine::code);
    machine.hart.set_pc(Machine::code);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mstatus), 8);
    set(2, enable | on_store, 0x50020000);
    machine.run(1);
    machine.expect(handler, 3, 1, Machine::code, Machine::code);
  }
  SUBCASE("before a fault of the same load") {
    machine.hart.set_pc(Machine::code + 4);
    machine.hart.set_x(5, 0x5001fffd);
    set(1, enable | on_load, 0x50020001);
    machine.run(1);
    machine.expect(handler, 3, 1, Machine::code + 4, Machine::code + 4);
  }
  SUBCASE("before a fault of the same store, by its address") {
    machine.hart.set_x(5, 0x50020000);
    set(1, enable | on_store, 0x50020000);
    machine.run(1);
    machine.expect(handler, 3, 1, Machine::code, Machine::code);
  }
  SUBCASE("not before it by its data, nor in a chain with them") {
    machine.hart.set_x(5, 0x50020000);
    set(0, enable | chain | on_store, 0x50020000);
    set(1, enable | select_data | on_store, 0xcafe);
    set(2, enable | select_data | on_store, 0xcafe);
    machine.run(1);
    machine.expect(handler, 7, 2, 0x50020000, Machine::code);
    CHECK(!was_hit(2));
  }
  SUBCASE("before an illegal instruction, and a fetch that fails") {
    machine.load(Machine::code, {0xffffffff});
    set(3, 0x44, Machine::code);
    machine.run(1);
    machine.expect(handler, 3, 1, Machine::code, Machine::code);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mstatus), 8);
    machine.hart.inject_ecc_error(0x40010000, false);
    machine.hart.set_pc(0x40010000);
    set(3, 0x44, 0x40010000);
    machine.run(1);
    machine.expect(handler, 3, 1, 0x40010000, 0x40010000);
  }
  SUBCASE("before a fetch where there is no memory") {
    machine.hart.set_pc(0x40020000);
    set(3, 0x44, 0x40020000);
    machine.run(1);
    machine.expect(handler, 3, 1, 0x40020000, 0x40020000);
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

/// Code between the writes that start and stop the event counters, and what the RTL counted there.
struct Counted {
  std::vector<uint32_t> code;
  std::map<uint32_t, uint32_t> events;
};

std::vector<Counted> counted_on_the_rtl() {
  const auto word = [](Op op, uint8_t rd, uint8_t rs1, Csr csr) { return rri(op, rd, rs1, static_cast<int32_t>(csr)); };
  return {
      {{}, {{4, 1}, {6, 1}, {7, 1}, {8, 1}, {18, 1}}},
      {{load(Op::lw, 12, 0, 15), store(Op::sw, 12, 4, 15), load(Op::lb, 12, 1, 15), store(Op::sh, 12, 2, 15),
        load(Op::lw, 12, 1, 15), store(Op::sw, 12, 3, 15), load(Op::lh, 13, 3, 15)},
       {{4, 8}, {6, 8}, {7, 8}, {8, 8}, {11, 4}, {12, 3}, {13, 2}, {14, 1}, {18, 1}}},
      {{branch(Op::beq, 0, 0, 4), branch(Op::bne, 0, 0, 8), branch(Op::beq, 15, 0, 8), jal(0, 4),
        branch(Op::bne, 15, 0, 8), nop()},
       {{4, 6}, {6, 6}, {7, 6}, {8, 6}, {18, 1}, {24, 5}, {26, 3}}},
      {{jal(1, 8), jal(0, 8), rri(Op::jalr, 0, 1, 0), encode({.op = Op::auipc, .rd = 30}), rri(Op::addi, 30, 30, 16),
        rri(Op::jalr, 0, 30, 0), nop()},
       {{4, 7}, {6, 7}, {7, 7}, {8, 7}, {15, 2}, {18, 1}, {24, 4}, {26, 4}, {27, 1}}},
      {{csrr(12, Csr::mscratch), csrw(Csr::mscratch, 12), word(Op::csrrw, 12, 12, Csr::mscratch),
        csrr(12, Csr::mscratch), word(Op::csrrsi, 12, 1, Csr::mscratch), rri(Op::csrrs, 12, 0, 0xf11)},
       {{4, 7}, {6, 7}, {7, 7}, {8, 7}, {16, 3}, {17, 2}, {18, 2}}},
      {{plain(Op::ecall), 0, plain(Op::ebreak), load(Op::lw, 12, 1, 28)},
       {{4, 19}, {6, 19}, {15, 4}, {16, 4}, {18, 5}, {19, 1}, {20, 1}, {23, 4}, {37, 4}, {40, 8}}},
      {{load(Op::lw, 12, 0, 28), load(Op::lw, 12, 4, 28), store(Op::sw, 12, 0, 28), store(Op::sw, 12, 0, 28),
        load(Op::lw, 13, 0, 28), rrr(Op::add, 13, 13, 12), load(Op::lhu, 12, 0, 28)},
       {{4, 8}, {6, 8}, {7, 8}, {8, 8}, {11, 4}, {12, 2}, {15, 1}, {18, 1}, {43, 6}, {55, 4}, {56, 2}}},
      {{plain(Op::fence), plain(Op::fence_i), plain(Op::fence), plain(Op::wfi)},
       {{4, 5}, {6, 5}, {7, 5}, {8, 5}, {15, 1}, {18, 1}, {21, 2}, {22, 1}, {40, 1}}},
  };
}

TEST_CASE("Event counters count what the RTL counts, from the write that starts them to the one that stops them") {
  constexpr uint32_t ways[] = {4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15, 16, 17, 18, 19,
                               20, 21, 22, 23, 24, 26, 27, 37, 38, 39, 40, 43, 44, 54, 55, 56};
  const auto inhibit = [](uint8_t value) {
    return rri(Op::csrrwi, 0, value, static_cast<int32_t>(Csr::mcountinhibit));
  };
  for (const Counted& counted : counted_on_the_rtl()) {
    std::vector<uint32_t> program = counted.code;
    program.insert(program.begin(), inhibit(0));
    program.push_back(inhibit(8));
    program.push_back(jal(0, 0));
    for (const uint32_t event : ways) {
      // The RTL decodes one more instruction behind some that trap.
      if ((event == 7 || event == 8) && counted.events.contains(37)) continue;
      for (const auto timing : {TimingProfile::reference, TimingProfile::rtl}) {
        for (const bool observed : {false, true}) {
          CAPTURE(event);
          CAPTURE(observed);
          TrapMachine machine(program, timing);
          // Goes on behind the instruction.
          machine.load(handler, {csrr(31, Csr::mepc), rri(Op::addi, 31, 31, 4), csrw(Csr::mepc, 31), plain(Op::mret)});
          machine.hart.set_x(15, 0x50000100);
          machine.hart.set_x(28, 0x30000100);
          machine.hart.set_csr(static_cast<unsigned>(Csr::mcountinhibit), 8);
          machine.hart.set_csr(static_cast<unsigned>(Csr::mhpme3), event);
          Observer observer;
          if (observed) machine.hart.set_observer(&observer);
          machine.run(100);
          const auto expected = counted.events.find(event);
          CHECK(machine.csr(Csr::mhpmc3) == (expected == counted.events.end() ? 0 : expected->second));
        }
      }
    }
  }
}

TEST_CASE("A write to an event counter is not counted by it") {
  const auto number = [](Csr csr) { return static_cast<unsigned>(csr); };
  for (const bool observed : {false, true}) {
    Machine machine({csrw(Csr::mhpmc3, 5), csrr(6, Csr::mhpmc3), csrw(Csr::mhpme3, 0), jal(0, 0)});
    Observer observer;
    if (observed) machine.hart.set_observer(&observer);
    machine.hart.set_x(5, 0xffffffff);
    machine.hart.set_csr(number(Csr::mhpme3), 4);
    machine.hart.set_csr(number(Csr::mhpme3) + 1, 4);
    machine.run(10);
    CHECK(machine.hart.x(6) == 0xffffffff);
    CHECK(machine.csr(Csr::mhpmc3) == 1);  // csrr and the write that ends it
    CHECK(machine.csr(Csr::mhpmc3h) == 1);
    CHECK(machine.hart.csr(number(Csr::mhpmc3) + 1) == 10);
  }
}

TEST_CASE("The events that are cycles go with the clock") {
  Machine machine({rri(Op::csrrwi, 0, 0, static_cast<int32_t>(Csr::mcountinhibit)), plain(Op::fence),
                   plain(Op::fence_i), rrr(Op::divu, 6, 5, 5), rrr(Op::add, 7, 6, 6),
                   rri(Op::csrrwi, 0, 8, static_cast<int32_t>(Csr::mcountinhibit)), csrr(8, Csr::mhpmc3), jal(0, 0)},
                  TimingProfile::rtl);
  const auto number = [](Csr csr) { return static_cast<unsigned>(csr); };
  machine.hart.set_csr(number(Csr::mcountinhibit), 8);
  machine.hart.set_csr(number(Csr::mhpme3), 1);
  machine.run(1);
  const Clock::Cycle begin = machine.clock.now();
  machine.run(5);
  CHECK(machine.csr(Csr::mhpmc3) > 5);
  CHECK(machine.csr(Csr::mhpmc3) <= machine.clock.now() - begin);
}

TEST_CASE("What a CSR keeps of what is written") {
  struct Case {
    Csr csr;
    uint32_t written;
    uint32_t kept;
  };
  const Case cases[] = {
      {Csr::mstatus, 0xffffffff, 0x1888},
      {Csr::mstatus, 0, 0x1800},
      {Csr::misa, 0, 0x40001104},
      {Csr::mie, 0xffffffff, 0x70000888},
      {Csr::mtvec, 0xffffffff, 0xfffffffd},
      {Csr::mepc, 0xffffffff, 0xfffffffe},
      {Csr::mcause, 0x12345678, 0x12345678},
      {Csr::mscause, 0xffffffff, 0xf},
      {Csr::mtval, 0x12345679, 0x12345679},
      {Csr::mip, 0xffffffff, 0},
      {Csr::mcountinhibit, 0xffffffff, 0x7d},
      {Csr::mtsel, 0xffffffff, 3},
      // Side effects go before caching, region by region.
      {Csr::mrac, 0xffffffff, 0xaaaaaaaa},
      {Csr::mrac, 0x55555555, 0x55555555},
      {Csr::mrac, 0x1b1b1b1b, 0x1a1a1a1a},
      {Csr::mcpc, 0, 0},
      {Csr::mpmc, 0xfffffffe, 2},
      {Csr::mpmc, 0, 0},
      {Csr::mitb0, 0, 0},
      {Csr::mitb1, 0x1234, 0x1234},
      {Csr::mitctl0, 0xffffffff, 7},
      {Csr::mitctl1, 0xffffffff, 0xf},
      // Thresholds go up to 26.
      {Csr::micect, 0xffffffff, 0xd7ffffff},
      {Csr::miccmect, 0xd8000001, 0xd0000001},
      {Csr::mdccmect, 0xd0000002, 0xd0000002},
      {Csr::mdccmect, 0xc8000002, 0xc8000002},
      {Csr::mcgc, 0xffffffff, 0x3ff},
      {Csr::mcgc, 0, 0},
      {Csr::mfdc, 0xffffffff, 0x71fff},
      {Csr::mfdc, 0, 0},
      {Csr::mdeau, 0xffffffff, 0},
      {Csr::meivt, 0xffffffff, 0xfffffc00},
      {Csr::meipt, 0xffffffff, 0xf},
      {Csr::meicidpl, 0xffffffff, 0xf},
      {Csr::meicurpl, 0xffffffff, 0xf},
      {Csr::mhpme3, 516, 516},
      {Csr::mhpme3, 517, 0},
      {Csr::mhpme6, 57, 0},
      {Csr::mhpme6, 29, 0},
      {Csr::mhpme6, 33, 0},
      {Csr::mhpme6, 51, 0},
      {Csr::mhpme6, 54, 54},
  };
  for (const Case& test : cases) {
    CAPTURE(csr_name(static_cast<uint32_t>(test.csr)));
    CAPTURE(test.written);
    // By an instruction, and by a debugger.
    TrapMachine machine({csrw(test.csr, 5), csrr(6, test.csr)});
    machine.hart.set_x(5, test.written);
    machine.run(2);
    CHECK(machine.csr(Csr::mcause) == (test.csr == Csr::mcause ? test.kept : 0));
    CHECK(machine.hart.x(6) == test.kept);
    Machine other;
    CHECK(other.hart.set_csr(static_cast<unsigned>(test.csr), test.written));
    CHECK(other.csr(test.csr) == test.kept);
  }
}

TEST_CASE("Each trigger has its own registers") {
  Machine machine;
  const auto number = [](Csr csr) { return static_cast<unsigned>(csr); };
  for (uint32_t trigger = 0; trigger < 4; ++trigger) {
    machine.hart.set_csr(number(Csr::mtsel), trigger);
    machine.hart.set_csr(number(Csr::mtdata2), 100 + trigger);
    machine.hart.set_csr(number(Csr::mtdata1), 1u << trigger);
  }
  for (uint32_t trigger = 0; trigger < 4; ++trigger) {
    machine.hart.set_csr(number(Csr::mtsel), trigger);
    CHECK(machine.csr(Csr::mtdata2) == 100 + trigger);
    CHECK(machine.csr(Csr::mtdata1) == (0x23e00000 | (trigger < 3 ? 1u << trigger : 0)));
  }
}

TEST_CASE("A chain begins in triggers 0 and 2 only") {
  Machine machine;
  for (uint32_t trigger = 0; trigger < 4; ++trigger) {
    machine.hart.set_csr(static_cast<unsigned>(Csr::mtsel), trigger);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mtdata1), 0xffffffff);
    CHECK((machine.csr(Csr::mtdata1) >> 11 & 1) == (trigger % 2 == 0 ? 1 : 0));
  }
}

TEST_CASE("mcycle and minstret are written in halves, and stand still while they are inhibited") {
  Machine machine({csrw(Csr::mcyclel, 5),
                   csrr(10, Csr::mcyclel),
                   csrw(Csr::mcycleh, 6),
                   csrr(11, Csr::mcyclel),
                   csrr(12, Csr::mcycleh),
                   csrw(Csr::minstretl, 5),
                   csrr(13, Csr::minstretl),
                   csrw(Csr::minstreth, 6),
                   csrr(14, Csr::minstretl),
                   csrr(15, Csr::minstreth),
                   rri(Op::csrrwi, 0, 5, static_cast<int32_t>(Csr::mcountinhibit)),
                   csrr(16, Csr::mcyclel),
                   csrr(17, Csr::minstretl),
                   nop(),
                   csrr(18, Csr::mcyclel),
                   csrr(19, Csr::minstretl),
                   csrw(Csr::mcyclel, 5),
                   csrr(20, Csr::mcyclel),
                   rri(Op::csrrwi, 0, 0, static_cast<int32_t>(Csr::mcountinhibit)),
                   csrr(21, Csr::mcyclel)});
  machine.hart.set_x(5, 1000);
  machine.hart.set_x(6, 7);
  machine.run(20);
  CHECK(machine.hart.x(10) == 1000);
  CHECK(machine.hart.x(11) == 1002);
  CHECK(machine.hart.x(12) == 7);
  CHECK(machine.hart.x(13) == 1000);
  CHECK(machine.hart.x(14) == 1002);
  CHECK(machine.hart.x(15) == 7);
  CHECK(machine.hart.x(16) == 1010);
  CHECK(machine.hart.x(16) == machine.hart.x(18));
  CHECK(machine.hart.x(17) == machine.hart.x(19));
  CHECK(machine.hart.x(20) == 1000);
  CHECK(machine.hart.x(21) == 1000);
  CHECK(machine.csr(Csr::mcycleh) == 7);
}

TEST_CASE("A performance counter carries into its upper half, and both are written") {
  Machine machine({nop(), nop(), jal(0, 0)});
  const auto number = [](Csr csr) { return static_cast<unsigned>(csr); };
  machine.hart.set_csr(number(Csr::mhpme6), 4);
  machine.hart.set_csr(number(Csr::mhpmc6), 0xffffffff);
  machine.hart.set_csr(number(Csr::mhpmc6h), 5);
  machine.run(3);
  CHECK(machine.csr(Csr::mhpmc6) == 2);
  CHECK(machine.csr(Csr::mhpmc6h) == 6);
}

/// What four performance counters come to, of events that a program makes.
std::array<uint32_t, 4> events_of(TrapMachine& machine, const std::array<uint32_t, 4>& events, unsigned instructions) {
  for (unsigned i = 0; i < 4; ++i) machine.hart.set_csr(static_cast<unsigned>(Csr::mhpme3) + i, events[i]);
  machine.run(instructions);
  std::array<uint32_t, 4> counts{};
  for (unsigned i = 0; i < 4; ++i) counts[i] = machine.hart.csr(static_cast<unsigned>(Csr::mhpmc3) + i).value();
  return counts;
}
using Counts = std::array<uint32_t, 4>;

TEST_CASE("Performance counters: accesses to the bus, and those that are misaligned") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    TrapMachine machine(
        {load(Op::lw, 6, 1, 5), load(Op::lw, 6, 3, 5), store(Op::sh, 6, 1, 5), load(Op::lw, 6, 0, 7),
         load(Op::lh, 6, 1, 7), load(Op::lw, 6, 2, 7), store(Op::sw, 6, 6, 7), store(Op::sb, 6, 3, 7), jal(0, 0)},
        timing);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mrac), 0);
    machine.hart.set_x(5, 0x50000100);
    machine.hart.set_x(7, 0x10000000);
    SUBCASE("misaligned, on the bus") { CHECK(events_of(machine, {13, 14, 55, 56}, 9) == Counts{4, 2, 3, 2}); }
    SUBCASE("across a word, in all") { CHECK(events_of(machine, {44, 11, 12, 0}, 9) == Counts{2, 5, 3, 0}); }
  }
}

TEST_CASE("Performance counters: ecall and ebreak commit, though they don't retire") {
  TrapMachine machine(
      {plain(Op::ecall), plain(Op::ebreak), 0x00019002, 0xffffffff, nop()});  // c.ebreak, c.nop; illegal
  // On with the next instruction, or with the second half of the word.
  machine.load(handler, {csrr(6, Csr::mepc), load(Op::lbu, 7, 0, 6), rri(Op::xori, 7, 7, 2), rri(Op::sltiu, 7, 7, 1),
                         rri(Op::xori, 7, 7, 1), rri(Op::addi, 6, 6, 2), rrr(Op::sh1add, 6, 7, 6), csrw(Csr::mepc, 6),
                         plain(Op::mret)});
  constexpr unsigned all = 3 * 10 + 1 + 10;
  SUBCASE("themselves") { CHECK(events_of(machine, {19, 20, 37, 4}, all) == Counts{2, 1, 4, all - 1}); }
  SUBCASE("their lengths") {
    CHECK(events_of(machine, {5, 6, 23, 0}, all) == Counts{2, all - 3, 4, 0});
    CHECK(machine.csr(Csr::minstretl) == all - 4);
  }
}

TEST_CASE("Performance counters: what an instruction writes does not count yet for itself, in any loop") {
  for (const bool observed : {false, true}) {
    CAPTURE(observed);
    Observer observer;
    TrapMachine machine({rri(Op::csrrw, 0, 5, static_cast<int32_t>(Csr::mhpme3)), nop(), csrr(10, Csr::mhpmc3),
                         rri(Op::csrrw, 0, 6, static_cast<int32_t>(Csr::mhpmc3)), csrr(11, Csr::mhpmc3), nop(),
                         csrr(12, Csr::mhpmc3), csrw(Csr::mhpme3, 0), csrr(13, Csr::mhpmc3), nop(),
                         csrr(14, Csr::mhpmc3)});
    if (observed) machine.hart.set_observer(&observer);
    machine.hart.set_x(6, 100);
    for (const uint32_t event : {4u, 6u, 1u, 49u}) {
      CAPTURE(event);
      machine.hart.set_pc(Machine::code);
      machine.hart.set_x(5, event);
      machine.hart.set_csr(static_cast<unsigned>(Csr::mhpmc3), 0);
      machine.run(11);
      CHECK(machine.hart.x(10) == 1);
      CHECK(machine.hart.x(11) == 100);
      CHECK(machine.hart.x(12) == 102);
      CHECK(machine.hart.x(13) == 104);
      CHECK(machine.hart.x(14) == 104);
    }
  }
}

TEST_CASE("Performance counters: cycles are the clock's") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    CAPTURE(static_cast<int>(timing));
    // A division, then MIE is set; at the end a halt, in which they stand still, until the timer's interrupt.
    TrapMachine machine(
        {rrr(Op::div, 6, 5, 5), rri(Op::csrrsi, 0, 8, static_cast<int32_t>(Csr::mstatus)), rrr(Op::div, 6, 5, 5),
         csrr(8, Csr::mcyclel), csrr(9, Csr::mhpmc3), rri(Op::csrrwi, 0, 1, static_cast<int32_t>(Csr::mpmc)), nop()},
        timing);
    const auto number = [](Csr csr) { return static_cast<unsigned>(csr); };
    machine.hart.set_x(5, 0x12345678);
    machine.hart.set_csr(number(Csr::mhpme3), 1);
    machine.hart.set_csr(number(Csr::mhpme3) + 1, 49);
    machine.hart.set_csr(number(Csr::mhpme3) + 2, 50);
    machine.hart.set_csr(number(Csr::mhpme3) + 3, 512);
    machine.hart.set_csr(number(Csr::mie), 0x80);
    const uint64_t begins = machine.clock.now();
    const Clock::Slot slot = machine.clock.add_event("timer", [&] { machine.hart.set_timer_interrupt(true); });
    machine.clock.schedule_at(slot, 1000);
    for (uint64_t until = 3; until < 500; until += 7) machine.hart.run(until);
    CHECK(machine.hart.halted());
    const uint32_t cycles = machine.csr(Csr::mhpmc3);
    CHECK(machine.hart.x(8) < machine.hart.x(9));
    CHECK(machine.hart.x(9) < cycles);
    const uint32_t disabled = machine.hart.csr(0xb04).value();
    CHECK(disabled > 0);
    CHECK(disabled < cycles);
    CHECK(machine.hart.csr(0xb05) == 0);
    const uint64_t halts = machine.clock.now() - machine.csr(Csr::mcyclel);
    CHECK(machine.hart.csr(0xb06) == halts);
    machine.hart.run(2000);
    CHECK(machine.csr(Csr::mcause) == 0x80000007);
    CHECK(machine.csr(Csr::mhpmc3) == machine.csr(Csr::mcyclel) - begins);
    CHECK(machine.hart.csr(0xb04).value() > disabled);
    // In the handler's loop the timer's line is still up.
    CHECK(machine.hart.csr(0xb05).value() > 500);
  }
}

}  // namespace
}  // namespace veer
