// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Time, resets, stops, debugging and snapshots.

#include <doctest/doctest.h>

#include <array>
#include <string>
#include <vector>

#include "iss/state_stream.h"
#include "iss/testing/machine.h"

namespace veer {
namespace {

using namespace testing;

TEST_CASE("Instruction number k begins at cycle k, and every bus access sees its exact time") {
  for (const bool observed : {false, true}) {
    CAPTURE(observed);
    Observer observer;
    Machine machine({lui(5, 0x10000000), nop(), store(Op::sw, 5, 0, 5), nop(), load(Op::lw, 6, 0, 5),
                     store(Op::sw, 6, 4, 5), branch(Op::beq, 0, 0, -4)});
    if (observed) machine.hart.set_observer(&observer);
    CHECK(machine.clock.now() == 0);
    const RunResult result = machine.hart.run(10);
    CHECK(result.reason == StopReason::cycle_limit);
    CHECK(machine.clock.now() == 10);
    CHECK(machine.hart.instructions() == 9);
    REQUIRE(machine.bus.accesses.size() == 4);
    const std::array<uint64_t, 4> times = {3, 5, 6, 8};
    for (std::size_t i = 0; i < times.size(); ++i) {
      CHECK(machine.bus.accesses[i].now == times[i]);
      CHECK(machine.bus.accesses[i].instructions == times[i] - 1);
    }
    CHECK(machine.bus.accesses[2].pc == Machine::code + 20);
    CHECK(machine.csr(Csr::minstretl) == 9);
    CHECK(machine.csr(Csr::mcyclel) == 10);
  }
}

TEST_CASE("An event runs before the instruction that begins at its deadline") {
  for (const bool observed : {false, true}) {
    CAPTURE(observed);
    Observer observer;
    Machine machine({rri(Op::addi, 5, 5, 1), jal(0, -4)});
    if (observed) machine.hart.set_observer(&observer);
    std::vector<std::array<uint64_t, 3>> seen;
    const Clock::Slot slot = machine.clock.add_event("test", [&] {
      seen.push_back({machine.clock.now(), machine.hart.instructions(), machine.hart.x(5)});
    });
    for (const uint64_t deadline : {7, 8, 100, 1001}) {
      machine.clock.schedule_at(slot, deadline);
      machine.hart.run(deadline + 1);
      REQUIRE(!seen.empty());
      CHECK(seen.back() == std::array<uint64_t, 3>{deadline, deadline - 1, deadline / 2});
    }
  }
}

TEST_CASE("A bus access that schedules an earlier event shortens the time until the next stop") {
  for (const bool observed : {false, true}) {
    CAPTURE(observed);
    Observer observer;
    std::vector<uint32_t> program = {lui(5, 0x10000000), store(Op::sw, 5, 0, 5)};
    for (int i = 0; i < 100; ++i) program.push_back(rri(Op::addi, 6, 6, 1));
    Machine machine(program);
    if (observed) machine.hart.set_observer(&observer);
    uint32_t seen = 0;
    const Clock::Slot slot = machine.clock.add_event("test", [&] { seen = machine.hart.x(6); });
    machine.bus.on_access = [&](const BusAccess&) { machine.clock.schedule_in(slot, 31); };
    machine.run(100);
    CHECK(seen == 30);
  }
}

TEST_CASE("Limits are exact") {
  Machine machine({rri(Op::addi, 5, 5, 1), jal(0, -4)});
  CHECK(machine.run(0).reason == StopReason::instruction_limit);
  CHECK(machine.hart.instructions() == 0);
  for (uint64_t count = 1; count < 20; ++count) {
    CHECK(machine.run(1).reason == StopReason::instruction_limit);
    CHECK(machine.hart.instructions() == count);
    CHECK(machine.clock.now() == count + 1);
  }
  machine.run(1000);
  CHECK(machine.hart.instructions() == 1019);
  CHECK(machine.hart.run(5000).reason == StopReason::cycle_limit);
  CHECK(machine.clock.now() == 5000);
  CHECK(machine.hart.run(4000).reason == StopReason::cycle_limit);
  CHECK(machine.clock.now() == 5000);
}

TEST_CASE("Long straight code, merging and overlapping decodes count right") {
  for (const bool observed : {false, true}) {
    CAPTURE(observed);
    Observer observer;
    std::vector<uint32_t> program(2000, rri(Op::addi, 5, 5, 1));
    program.push_back(jal(0, -8000));
    Machine machine(program);
    if (observed) machine.hart.set_observer(&observer);
    // Enter in the middle first, then before it.
    for (const uint32_t start : {1900u, 1700u, 1000u, 400u, 0u}) {
      machine.hart.set_pc(Machine::code + 4 * start);
      machine.hart.set_x(5, 0);
      const uint64_t before = machine.hart.instructions();
      machine.run(2001 - start);
      CHECK(machine.hart.x(5) == 2000 - start);
      CHECK(machine.hart.pc() == Machine::code);
      CHECK(machine.hart.instructions() - before == 2001 - start);
    }
    // 32-bit instructions whose second halves are instructions too: lui x8, 0x00010 | c.nop.
    machine.load(Machine::code, {0x00010437, 0x00010437, 0x00010437, jal(0, -12)});
    for (const uint32_t start : {0u, 2u, 4u, 6u}) {
      machine.hart.set_pc(Machine::code + start);
      const uint64_t before = machine.clock.now();
      machine.run(100);
      CHECK(machine.clock.now() - before == 100);
    }
  }
}

TEST_CASE("stop() from the bus takes effect before the next instruction") {
  for (const bool observed : {false, true}) {
    CAPTURE(observed);
    Observer observer;
    Machine machine({lui(5, 0x10000000), store(Op::sw, 5, 0, 5), rri(Op::addi, 6, 6, 1), jal(0, -8)});
    if (observed) machine.hart.set_observer(&observer);
    machine.bus.on_access = [&](const BusAccess&) { machine.hart.stop(); };
    for (uint32_t round = 0; round < 3; ++round) {
      CHECK(machine.run(1000).reason == StopReason::stopped);
      CHECK(machine.hart.x(6) == round);
      CHECK(machine.hart.pc() == Machine::code + 8);
    }
  }
}

TEST_CASE("Reset") {
  Machine machine(
      {lui(5, 0x10000000), rri(Op::addi, 7, 0, 99), store(Op::sw, 5, 0, 5), rri(Op::addi, 6, 6, 1), jal(0, -4)});
  SUBCASE("requested by a store it takes effect before the next instruction; memories stay") {
    machine.load(Machine::data, {0x12345678});
    bool first = true;
    machine.bus.on_access = [&](const BusAccess&) {
      if (first) machine.hart.reset();
      first = false;
    };
    machine.hart.set_csr(0x340, 5);
    machine.hart.run(4);
    CHECK(machine.hart.instructions() == 3);
    machine.hart.run(5);
    // One cycle of reset, then from the vector again.
    CHECK(machine.hart.pc() == Machine::code);
    CHECK(machine.hart.x(7) == 0);
    CHECK(machine.csr(Csr::mscratch) == 0);
    CHECK(machine.word(Machine::data) == 0x12345678);
    machine.hart.run(8);
    CHECK(machine.hart.x(6) == 0);
    CHECK(machine.hart.x(7) == 99);
    CHECK(machine.bus.accesses.size() == 2);
  }
  SUBCASE("held, time moves by events only") {
    machine.hart.hold_in_reset(true);
    CHECK(machine.hart.run(1000).reason == StopReason::halted_forever);
    uint64_t released = 0;
    const Clock::Slot slot = machine.clock.add_event("release", [&] {
      released = machine.clock.now();
      machine.hart.hold_in_reset(false);
    });
    machine.clock.schedule_at(slot, 500);
    machine.hart.run(502);
    CHECK(released == 500);
    CHECK(machine.hart.instructions() == 1);
    CHECK(machine.hart.pc() == Machine::code + 4);
  }
  SUBCASE("held from a bus access") {
    machine.bus.on_access = [&](const BusAccess&) { machine.hart.hold_in_reset(true); };
    CHECK(machine.hart.run(1000).reason == StopReason::halted_forever);
    CHECK(machine.hart.instructions() == 3);
    CHECK(machine.hart.held_in_reset());
  }
}

TEST_CASE("A reset clears what was pending, the PIC and the CSRs; lines that are up come in again") {
  Machine machine({jal(0, 0)});
  const auto number = [](Csr csr) { return static_cast<unsigned>(csr); };
  machine.load(0x60000000 + 4 * 3, {7});
  machine.load(0x60002000 + 4 * 3, {1});
  machine.load(0x60004000 + 4 * 3, {3});
  machine.load(0x60003000, {1});
  machine.hart.set_external_interrupt(3, true);
  machine.hart.set_timer_interrupt(true);
  machine.hart.set_nmi_vector(Machine::code + 0x100);
  machine.load(Machine::code + 0x100, {load(Op::lw, 5, 0, 0), jal(0, 0)});
  machine.hart.set_nmi(true);
  machine.hart.run(20);
  // The NMI's handler met a bus error, which makes another.
  CHECK(machine.csr(Csr::mcause) == 0xf0000001);
  CHECK(machine.csr(Csr::mip) == 0x80);
  for (const CsrDescription& csr : csr_table) machine.hart.set_csr(csr.number, csr.number == 0x7c2 ? 0 : 0x5a5a5a5a);
  machine.hart.reset();
  machine.hart.run(machine.clock.now() + 1);
  for (const CsrDescription& csr : csr_table) {
    CAPTURE(csr.name);
    const bool counts = csr.number == 0xb00 || csr.number == 0x7d2 || csr.number == 0x7d5 || csr.number == 0xb02;
    const bool is_trigger = csr.number == 0x7a1;
    if (!counts && !is_trigger) CHECK(machine.hart.csr(csr.number) == csr.reset);
  }
  CHECK(machine.csr(Csr::mstatus) == 0x1800);
  CHECK(machine.csr(Csr::mcyclel) <= 1);
  CHECK(machine.word(0x60000000 + 4 * 3) == 0);
  CHECK(machine.word(0x60002000 + 4 * 3) == 0);
  CHECK(machine.word(0x60004000 + 4 * 3) == 0);
  CHECK(machine.word(0x60003000) == 0);
  // Both lines are up; the NMI's asks for one again.
  machine.hart.set_csr(number(Csr::mtvec), Machine::code + 0x200);
  machine.load(Machine::code + 0x100, {jal(0, 0)});
  machine.hart.run(machine.clock.now() + 10);
  CHECK(machine.csr(Csr::mip) == 0x80);
  CHECK(machine.word(0x60001000) == 1u << 3);
  CHECK(machine.csr(Csr::mcause) == 0);
  CHECK(machine.hart.pc() == Machine::code + 0x100);
  // mdseac is no longer locked.
  machine.hart.set_pc(Machine::code + 0x300);
  machine.load(Machine::code + 0x300, {load(Op::lw, 5, 8, 0), jal(0, 0)});
  machine.hart.run(machine.clock.now() + 10);
  CHECK(machine.csr(Csr::mdseac) == 8);
}

TEST_CASE("An NMI that waits is gone with a reset") {
  Machine machine({jal(0, 0)});
  machine.hart.set_nmi_vector(Machine::code + 0x100);
  const Clock::Slot slot = machine.clock.add_event("both", [&] {
    machine.hart.set_nmi(false);
    machine.hart.reset();
  });
  // The edge comes in two cycles later, in the very cycle of the reset.
  machine.hart.run(10);
  machine.hart.set_nmi(true);
  machine.clock.schedule_at(slot, 12);
  machine.hart.run(50);
  CHECK(machine.hart.pc() == Machine::code);
}

TEST_CASE("Halt: mpmc stops the hart and its counters until an interrupt") {
  for (const bool observed : {false, true}) {
    CAPTURE(observed);
    Observer observer;
    // mtvec at +0x100, mie.mtie, halt with haltie.
    Machine machine({csrw(Csr::mtvec, 5), csrw(Csr::mie, 6), rri(Op::csrrwi, 0, 3, static_cast<int32_t>(Csr::mpmc)),
                     rri(Op::addi, 7, 7, 1), jal(0, 0)});
    if (observed) machine.hart.set_observer(&observer);
    machine.load(Machine::code + 0x100, {csrr(10, Csr::mcause), csrr(11, Csr::mepc), plain(Op::mret)});
    machine.hart.set_x(5, Machine::code + 0x100);
    machine.hart.set_x(6, 0x80);
    CHECK(machine.hart.run(1'000'000).reason == StopReason::halted_forever);
    CHECK(machine.hart.halted());
    CHECK(machine.clock.now() == 5);
    CHECK(machine.hart.x(7) == 1);
    const Clock::Slot slot = machine.clock.add_event("timer", [&] { machine.hart.set_timer_interrupt(true); });
    machine.clock.schedule_at(slot, 900'000);
    machine.hart.run(900'005);
    CHECK(!machine.hart.halted());
    CHECK(machine.hart.x(10) == 0x80000007);
    CHECK(machine.hart.x(11) == Machine::code + 16);
    CHECK(machine.csr(Csr::mcyclel) == 8);
    CHECK(machine.csr(Csr::mpmc) == 2);
  }
}

TEST_CASE("The instruction behind the write to mpmc is executed before the halt, if nothing holds it back") {
  struct Next {
    uint32_t instruction;
    uint32_t pc;  ///< where the hart halts, behind the write
  };
  // As on the RTL.
  const Next ways[] = {{rri(Op::addi, 7, 7, 1), 4},
                       {jal(0, 8), 8},
                       {load(Op::lw, 7, 0, 8), 4},
                       {csrw(Csr::mscratch, 7), 4},
                       {plain(Op::wfi), 4},
                       {csrr(7, Csr::mscratch), 0},
                       {rri(Op::csrrw, 7, 7, static_cast<int32_t>(Csr::mscratch)), 0},
                       {plain(Op::fence), 0},
                       {plain(Op::fence_i), 0}};
  for (const Next& next : ways) {
    for (const auto timing : {TimingProfile::reference, TimingProfile::rtl}) {
      for (const bool observed : {false, true}) {
        CAPTURE(next.instruction);
        CAPTURE(observed);
        Observer observer;
        Machine machine({rri(Op::csrrwi, 0, 3, static_cast<int32_t>(Csr::mpmc)), next.instruction, nop(), nop(), nop()},
                        timing);
        if (observed) machine.hart.set_observer(&observer);
        machine.hart.set_x(8, Machine::data);
        machine.hart.set_csr(static_cast<unsigned>(Csr::mie), 0x80);
        machine.hart.set_timer_interrupt(true);
        machine.hart.set_csr(static_cast<unsigned>(Csr::mtvec), Machine::code + 0x100);
        machine.load(Machine::code + 0x100, {jal(0, 0)});
        machine.hart.run(100);
        CHECK(machine.csr(Csr::mcause) == 0x80000007);
        CHECK(machine.csr(Csr::mepc) == Machine::code + 4 + next.pc);
      }
    }
  }
}

TEST_CASE("mcpc pauses for so many cycles, or until an interrupt") {
  Machine machine({csrw(Csr::mcpc, 5), rri(Op::addi, 6, 0, 1), jal(0, 0)});
  machine.hart.set_x(5, 100);
  machine.hart.run(102);
  CHECK(machine.hart.x(6) == 0);
  CHECK(machine.hart.instructions() == 1);
  machine.hart.run(103);
  CHECK(machine.hart.x(6) == 1);
}

TEST_CASE("Code that a store changes is decoded again") {
  for (const bool observed : {false, true}) {
    CAPTURE(observed);
    Observer observer;
    // The loop rewrites its own next instruction: addi x7, x7, 1 becomes addi x7, x7, 2 in the second round.
    Machine machine({store(Op::sw, 6, 4, 5), rri(Op::addi, 7, 7, 1), rri(Op::addi, 6, 8, 0), jal(0, -12)});
    if (observed) machine.hart.set_observer(&observer);
    machine.hart.set_x(5, Machine::code);
    machine.hart.set_x(6, rri(Op::addi, 7, 7, 1));
    machine.hart.set_x(8, rri(Op::addi, 7, 7, 16));
    machine.run(12);
    CHECK(machine.hart.x(7) == 1 + 16 + 16);
    CHECK(machine.clock.now() == 13);
  }
}

TEST_CASE("ROM is fetched and read without the bus, stores to it are the bus's") {
  Clock clock;
  RecordingBus bus;
  Hart hart(HartConfig{}, clock, bus);
  bus.clock = &clock;
  bus.hart = &hart;
  std::vector<uint8_t> rom(64, 0);
  const std::vector<uint32_t> program = {load(Op::lw, 5, 0, 0), load(Op::lhu, 6, 2, 0), jal(0, 0)};
  std::memcpy(rom.data(), program.data(), 12);
  hart.map_rom(0, rom);
  hart.run(10);
  CHECK(hart.x(5) == program[0]);
  CHECK(hart.x(6) == program[0] >> 16);
  CHECK(bus.accesses.empty());
  std::array<uint8_t, 4> bytes{};
  CHECK(hart.peek(0, bytes));
  CHECK(!hart.poke(0, bytes));
  CHECK(!hart.peek(62, bytes));
}

TEST_CASE("Breakpoints and watchpoints") {
  Machine machine({lui(5, 0x50000000), store(Op::sh, 5, 6, 5), load(Op::lw, 6, 4, 5), jal(0, -8)});
  machine.hart.add_breakpoint(Machine::code + 8);
  for (int i = 0; i < 3; ++i) {
    const RunResult result = machine.run(1000);
    CHECK(result.reason == StopReason::breakpoint);
    CHECK(result.address == Machine::code + 8);
    CHECK(machine.hart.pc() == Machine::code + 8);
    CHECK(machine.hart.instructions() == 2 + static_cast<uint64_t>(i) * 3);
  }
  machine.hart.remove_breakpoint(Machine::code + 8);
  machine.hart.add_watchpoint(Machine::data + 7, 1, WatchKind::write);
  RunResult result = machine.run(1000);
  CHECK(result.reason == StopReason::watchpoint);
  CHECK(result.address == Machine::data + 7);
  CHECK(result.kind == WatchKind::write);
  CHECK(machine.hart.pc() == Machine::code + 4);
  // Reported once each time that it is reached, and passed on demand.
  CHECK(machine.run(3).reason == StopReason::instruction_limit);
  CHECK(machine.run(1).reason == StopReason::watchpoint);
  CHECK(machine.run(3).reason == StopReason::instruction_limit);
  machine.hart.pass_watchpoint();
  CHECK(machine.run(3).reason == StopReason::instruction_limit);
  CHECK(machine.hart.pc() == Machine::code + 4);
  machine.hart.remove_watchpoint(Machine::data + 7, 1, WatchKind::write);
  machine.hart.add_watchpoint(Machine::data + 7, 8, WatchKind::read);
  result = machine.run(1000);
  CHECK(result.reason == StopReason::watchpoint);
  CHECK(result.kind == WatchKind::read);
  CHECK(machine.hart.pc() == Machine::code + 8);
  machine.hart.remove_watchpoint(Machine::data + 7, 8, WatchKind::read);
  CHECK(machine.run(10).reason == StopReason::instruction_limit);
}

TEST_CASE("A breakpoint is reported once each time that it is reached, wherever runs end") {
  Machine machine({lui(5, 0x50000000), store(Op::sh, 5, 6, 5), load(Op::lw, 6, 4, 5), jal(0, -8)});
  Hart& hart = machine.hart;
  constexpr uint32_t address = Machine::code + 8;
  hart.add_breakpoint(address);
  // A run that ends there has not reported it.
  CHECK(machine.run(2).reason == StopReason::instruction_limit);
  CHECK(hart.pc() == address);
  CHECK(machine.run(1).reason == StopReason::breakpoint);
  CHECK(hart.executed() == 2);
  // Runs in between that execute nothing don't forget that it was.
  CHECK(hart.run(machine.clock.now()).reason == StopReason::cycle_limit);
  CHECK(machine.run(1).reason == StopReason::instruction_limit);
  CHECK(hart.executed() == 3);
  for (uint64_t rounds = 0; rounds < 5; ++rounds) {
    unsigned runs = 1;
    while (machine.run(1).reason != StopReason::breakpoint) ++runs;
    CHECK(runs == 3);
    CHECK(hart.executed() == 5 + 3 * rounds);
    machine.run(1);
  }
  // Passed on demand, and only then.
  while (hart.pc() != address) machine.run(1);
  hart.pass_breakpoint();
  CHECK(machine.run(1).reason == StopReason::instruction_limit);
  hart.set_pc(address);
  CHECK(machine.run(1).reason == StopReason::breakpoint);
  hart.set_pc(address);
  CHECK(machine.run(1).reason == StopReason::breakpoint);
  // What was reported long ago doesn't count.
  hart.remove_breakpoint(address);
  CHECK(machine.run(3).reason == StopReason::instruction_limit);
  hart.add_breakpoint(address);
  CHECK(machine.run(1).reason == StopReason::breakpoint);
}

TEST_CASE("A breakpoint is met where nothing can be fetched, too") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    Machine machine({rri(Op::jalr, 0, 5, 0)}, timing);
    machine.hart.set_x(5, 0x40020000);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mtvec), Machine::code + 0x100);
    machine.load(Machine::code + 0x100, {jal(0, 0)});
    machine.hart.add_breakpoint(0x40020000);
    machine.hart.add_watchpoint(Machine::data, 4, WatchKind::access);
    CHECK(machine.run(100).reason == StopReason::breakpoint);
    CHECK(machine.hart.pc() == 0x40020000);
    CHECK(machine.csr(Csr::mcause) == 0);
    machine.run(1);
    CHECK(machine.csr(Csr::mcause) == 1);
    CHECK(machine.hart.pc() == Machine::code + 0x100);
  }
}

TEST_CASE("A watchpoint sees every access that overlaps it, and no other") {
  struct Case {
    Op op;
    int offset;
    uint32_t length;
    std::optional<uint32_t> hit;
  };
  constexpr uint32_t watched = Machine::data + 8;
  const Case cases[] = {
      {Op::sb, 7, 4, {}},           {Op::sb, 8, 4, watched},      {Op::sb, 11, 4, watched + 3},
      {Op::sb, 12, 4, {}},          {Op::sh, 6, 4, {}},           {Op::sh, 7, 4, watched},
      {Op::sh, 11, 4, watched + 3}, {Op::sw, 4, 4, {}},           {Op::sw, 5, 4, watched},
      {Op::sw, 8, 1, watched},      {Op::sw, 5, 1, watched},      {Op::sw, 4, 1, {}},
      {Op::sw, 9, 2, watched + 1},  {Op::lb, 11, 4, watched + 3}, {Op::lhu, 7, 4, watched},
      {Op::lw, 5, 4, watched},      {Op::lw, 12, 4, {}},          {Op::lbu, 1000, 1024, watched + 992},
      {Op::lw, 5, 0, {}},
  };
  for (const Case& each : cases) {
    const bool loads = description(each.op).format == Format::load;
    for (const WatchKind kind : {WatchKind::read, WatchKind::write, WatchKind::access}) {
      Machine machine(
          {lui(5, Machine::data), loads ? load(each.op, 6, each.offset, 5) : store(each.op, 6, each.offset, 5)});
      machine.hart.add_watchpoint(watched, each.length, kind);
      const RunResult result = machine.run(2);
      const bool fits = kind == WatchKind::access || (kind == WatchKind::read) == loads;
      if (each.hit && fits) {
        CHECK(result.reason == StopReason::watchpoint);
        CHECK(result.address == *each.hit);
        CHECK(result.kind == (loads ? WatchKind::read : WatchKind::write));
        CHECK(machine.hart.executed() == 1);
      } else {
        CHECK(result.reason == StopReason::instruction_limit);
      }
    }
  }
}

TEST_CASE("An observer sees an mret where it is") {
  struct Log : Observer {
    std::vector<std::pair<uint32_t, uint32_t>> retirements;
    void retired(uint32_t pc, uint32_t, uint32_t next) override { retirements.emplace_back(pc, next); }
  } log;
  Machine machine({csrw(Csr::mepc, 1), plain(Op::mret)});
  machine.hart.set_x(1, Machine::code + 0x40);
  machine.load(Machine::code + 0x40, {nop()});
  machine.hart.set_observer(&log);
  machine.run(3);
  constexpr uint32_t code = Machine::code;
  CHECK(log.retirements == std::vector<std::pair<uint32_t, uint32_t>>{
                               {code, code + 4}, {code + 4, code + 0x40}, {code + 0x40, code + 0x44}});
}

TEST_CASE("What an observer sees") {
  struct Log : Observer {
    std::vector<std::string> lines;
    void issued(uint32_t pc, uint32_t opcode) override {
      lines.push_back("issue " + std::to_string(pc - Machine::code) + " " + std::to_string(opcode & 0x7f));
    }
    void retired(uint32_t pc, uint32_t, uint32_t next) override {
      lines.push_back("retire " + std::to_string(pc - Machine::code) + " " + std::to_string(next - Machine::code));
    }
    void load(uint32_t address, unsigned width, uint32_t value) override {
      lines.push_back("load " + std::to_string(address - Machine::data) + " " + std::to_string(width) + " " +
                      std::to_string(value));
    }
    void store(uint32_t address, unsigned width, uint32_t value) override {
      lines.push_back("store " + std::to_string(address - Machine::data) + " " + std::to_string(width) + " " +
                      std::to_string(value));
    }
    void trapped(uint32_t pc, uint32_t cause, uint32_t, uint32_t, uint32_t handler) override {
      lines.push_back("trap " + std::to_string(pc - Machine::code) + " " + std::to_string(cause) + " " +
                      std::to_string(handler));
    }
  };
  Log log;
  Machine machine({store(Op::sb, 6, 1, 5), load(Op::lhu, 7, 0, 5), plain(Op::ecall)});
  machine.hart.set_x(5, Machine::data);
  machine.hart.set_x(6, 0x1ff);
  machine.hart.set_observer(&log);
  machine.run(3);
  const std::vector<std::string> expected = {"issue 0 35",     "store 1 1 255", "retire 0 4",  "issue 4 3",
                                             "load 0 2 65280", "retire 4 8",    "issue 8 115", "trap 8 11 0"};
  CHECK(log.lines == expected);
}

TEST_CASE("A snapshot continues identically") {
  const std::vector<uint32_t> program = {rri(Op::addi, 5, 5, 1), store(Op::sw, 5, 0, 8),  load(Op::lw, 6, 0, 8),
                                         rrr(Op::add, 7, 7, 6),  csrr(9, Csr::mcyclel),   rrr(Op::xor_, 10, 10, 9),
                                         csrr(9, Csr::mitcnt0),  rrr(Op::add, 10, 10, 9), jal(0, -32)};
  const auto prepare = [&](Machine& machine) {
    machine.hart.set_x(8, 0x10000000);
    machine.hart.set_timer_interrupt(true);
    machine.hart.set_nmi_vector(0x40001000);
    machine.hart.inject_ecc_error(Machine::data + 64, false);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mhpme3), 11);
  };
  Machine first(program);
  prepare(first);
  first.hart.run(1000);
  StateStream save;
  first.clock.state(save);
  first.hart.state(save);
  const std::vector<uint8_t> snapshot = save.output();
  Machine second;
  second.bus.memory = first.bus.memory;
  StateStream restore(snapshot);
  second.clock.state(restore);
  second.hart.state(restore);
  restore.finish();
  REQUIRE(restore.ok());
  first.bus.accesses.clear();
  first.hart.run(5000);
  second.hart.run(5000);
  CHECK(first.hart.instructions() == second.hart.instructions());
  for (unsigned i = 0; i < 32; ++i) CHECK(first.hart.x(i) == second.hart.x(i));
  CHECK(first.bus.accesses == second.bus.accesses);
  StateStream a;
  StateStream b;
  first.clock.state(a);
  first.hart.state(a);
  second.clock.state(b);
  second.hart.state(b);
  CHECK(a.output() == b.output());
}

TEST_CASE("Code that was overwritten, or has an ECC error, after a snapshot executes as it was when that is restored") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    CAPTURE(static_cast<int>(timing));
    Machine machine({rri(Op::addi, 5, 5, 1), rri(Op::addi, 6, 6, 1), jal(0, -8)}, timing);
    machine.run(30);
    StateStream save;
    machine.clock.state(save);
    machine.hart.state(save);
    const std::vector<uint8_t> snapshot = save.take_output();
    machine.run(30);
    const std::array<uint32_t, 2> expected = {machine.hart.x(5), machine.hart.x(6)};
    const uint64_t cycles = machine.clock.now();
    const auto restore = [&] {
      StateStream stream(snapshot);
      machine.clock.state(stream);
      machine.hart.state(stream);
      REQUIRE(stream.ok());
    };
    for (const bool damaged : {false, true}) {
      CAPTURE(damaged);
      restore();
      if (damaged) {
        REQUIRE(machine.hart.inject_ecc_error(Machine::code + 4, false));
      } else {
        machine.load(Machine::code, {rri(Op::addi, 5, 5, 2), rri(Op::addi, 6, 6, 2)});
      }
      machine.run(30);
      CHECK(machine.hart.x(6) != expected[1]);
      restore();
      machine.run(30);
      CHECK(std::array<uint32_t, 2>{machine.hart.x(5), machine.hart.x(6)} == expected);
      CHECK(machine.clock.now() == cycles);
    }
  }
}

TEST_CASE("A damaged snapshot is refused") {
  Machine machine({nop()});
  StateStream save;
  machine.hart.state(save);
  std::vector<uint8_t> bytes = save.take_output();
  bytes.resize(bytes.size() / 2);
  StateStream restore(bytes);
  machine.hart.state(restore);
  CHECK(!restore.ok());
}

}  // namespace
}  // namespace veer
