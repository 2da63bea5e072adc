// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <doctest/doctest.h>

#include <vector>

#include "iss/state_stream.h"
#include "iss/testing/machine.h"

namespace veer {
namespace {

using namespace testing;

}  // namespace

TEST_CASE("A loop that only waits is skipped without a trace") {
  struct Case {
    const char* name;
    std::vector<uint32_t> program;
    bool skipped;
  };
  // x5: the status register; x6: DCCM. The loops end when bit 0 comes up.
  const std::vector<Case> cases = {
      {"a status register",
       {load(Op::lw, 7, 0, 5), rri(Op::andi, 8, 7, 1), branch(Op::beq, 8, 0, -8), rri(Op::addi, 9, 9, 1), jal(0, -16)},
       true},
      {"two of them, with a call",
       {load(Op::lw, 7, 0, 5), load(Op::lbu, 8, 4, 5), jal(1, 16), branch(Op::beq, 8, 0, -12), rri(Op::addi, 9, 9, 1),
        jal(0, -20), rrr(Op::or_, 8, 7, 8), rri(Op::andi, 8, 8, 1), rri(Op::jalr, 0, 1, 0)},
       true},
      {"with a count in a register",
       {load(Op::lw, 7, 0, 5), rri(Op::addi, 9, 9, 1), rri(Op::andi, 8, 7, 1), branch(Op::beq, 8, 0, -12), jal(0, -16)},
       false},
      {"with a count in memory",
       {load(Op::lw, 7, 0, 5), load(Op::lw, 9, 0, 6), rri(Op::addi, 9, 9, 1), store(Op::sw, 9, 0, 6),
        rri(Op::addi, 9, 0, 0), rri(Op::andi, 8, 7, 1), branch(Op::beq, 8, 0, -24), jal(0, -28)},
       false},
      {"that looks at the time",
       {load(Op::lw, 7, 0, 5), csrr(9, Csr::mcyclel), rri(Op::andi, 8, 7, 1), branch(Op::beq, 8, 0, -12), jal(0, -16)},
       false},
      {"of a register that may change by itself",
       {load(Op::lw, 7, 16, 5), rri(Op::andi, 8, 7, 1), branch(Op::beq, 8, 0, -8), jal(0, -12)},
       false},
  };
  struct Subject {
    Machine machine;
    Clock::Slot slot;
    Subject(const std::vector<uint32_t>& program, TimingProfile timing, bool skip) : machine(program, timing, skip) {
      // In silicon's time a loop has to go round more often until it is found.
      const uint32_t wait = timing == TimingProfile::rtl ? 20011 : 1009;
      slot = machine.clock.add_event("engine", [this, wait] {
        machine.bus.memory[0x10000000] ^= 1;
        machine.clock.schedule_in(slot, machine.bus.memory[0x10000000] != 0 ? 37 : wait);
      });
      machine.clock.schedule_in(slot, 500);
      machine.bus.is_steady = [](uint32_t address) { return address < 0x10000010; };
      machine.hart.set_x(5, 0x10000000);
      machine.hart.set_x(6, Machine::data);
    }
    std::vector<uint8_t> state() {
      StateStream stream;
      machine.clock.state(stream);
      machine.hart.state(stream);
      return stream.take_output();
    }
  };
  const auto compare = [](const Case& test, TimingProfile timing, bool debugged) {
    CAPTURE(test.name);
    CAPTURE(static_cast<int>(timing));
    CAPTURE(debugged);
    const uint64_t longest = timing == TimingProfile::rtl ? 7777 : 777;
    Subject skipping(test.program, timing, true);
    Subject waiting(test.program, timing, false);
    if (debugged) {
      skipping.machine.hart.add_breakpoint(Machine::code + 0x1000);
      skipping.machine.hart.add_watchpoint(Machine::data + 0x1000, 4, WatchKind::access);
    }
    uint64_t time = 0;
    for (unsigned i = 0; i < 60; ++i) {
      time += 1 + i * 313 % longest;
      if (i % 3 == 0) {
        const uint64_t count = 100 + i * 37;
        skipping.machine.run(count);
        waiting.machine.run(count);
        REQUIRE(skipping.machine.clock.now() == waiting.machine.clock.now());
        time = waiting.machine.clock.now();
      }
      skipping.machine.hart.run(time);
      waiting.machine.hart.run(time);
      REQUIRE(skipping.machine.hart.instructions() == waiting.machine.hart.instructions());
      REQUIRE(skipping.state() == waiting.state());
    }
    const std::size_t all = waiting.machine.bus.accesses.size();
    if (test.skipped) {
      CHECK(skipping.machine.bus.accesses.size() < (timing == TimingProfile::rtl ? all * 3 / 4 : all / 4));
    } else {
      CHECK(skipping.machine.bus.accesses.size() == all);
    }
  };
  // Stops in a loop and behind it come at the same time, every time.
  const auto compare_stops = [](const Case& test, TimingProfile timing, uint32_t breakpoint, uint32_t watchpoint) {
    CAPTURE(test.name);
    CAPTURE(breakpoint);
    CAPTURE(watchpoint);
    Subject skipping(test.program, timing, true);
    Subject waiting(test.program, timing, false);
    for (unsigned i = 0; i < 30; ++i) {
      std::vector<uint32_t> stopped_at;
      for (Subject* each : {&skipping, &waiting}) {
        Hart& hart = each->machine.hart;
        hart.add_breakpoint(breakpoint);
        if (watchpoint != 0) hart.add_watchpoint(watchpoint, 1, WatchKind::access);
        const RunResult result = hart.run(Clock::never, 200'000);
        CHECK(result.reason != StopReason::instruction_limit);
        stopped_at.push_back(hart.pc());
        // In between a run without them: from there it goes on as with them.
        hart.remove_breakpoint(breakpoint);
        if (watchpoint != 0) hart.remove_watchpoint(watchpoint, 1, WatchKind::access);
        hart.run(Clock::never, 40);
      }
      REQUIRE(stopped_at[0] == stopped_at[1]);
      REQUIRE(skipping.machine.hart.instructions() == waiting.machine.hart.instructions());
      REQUIRE(skipping.state() == waiting.state());
    }
  };
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    for (const Case& test : cases) {
      compare(test, timing, false);
      compare(test, timing, true);
      if (!test.skipped) continue;
      for (uint32_t pc = Machine::code; pc < Machine::code + test.program.size() * 4; pc += 4) {
        compare_stops(test, timing, pc, 0);
      }
      compare_stops(test, timing, Machine::code + 0x1000, 0x10000000);
    }
  }
}

}  // namespace veer
