// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/history.h"

#include <doctest/doctest.h>

#include <memory>
#include <random>
#include <vector>

#include "iss/state_stream.h"
#include "iss/testing/machine.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "soc/soc_manager.h"

namespace caliptra {
namespace {

using veer::Csr;
using veer::Op;
using veer::WatchKind;
using namespace veer::testing;  // NOLINT(google-build-using-namespace)
using Reason = History::Back::Reason;

constexpr uint32_t data = 0x5000'0000;
constexpr uint32_t loop_store = 0x40;
constexpr uint32_t handler = 0x5c;
constexpr uint32_t handler_store = 0x60;

/// Counts, sleeps at every 64th time, and is interrupted by a timer.
std::vector<uint8_t> program() {
  const uint32_t words[] = {
      lui(2, data),
      rri(Op::addi, 1, 0, handler),
      csrw(Csr::mtvec, 1),
      rri(Op::addi, 1, 0, 150),
      csrw(Csr::mitb0, 1),
      rri(Op::addi, 1, 0, 3),
      csrw(Csr::mitctl0, 1),
      lui(1, 0x2000'0000),
      csrw(Csr::mie, 1),
      rri(Op::addi, 7, 0, 3),
      rri(Op::addi, 3, 0, 0),
      rri(Op::addi, 1, 0, 8),
      csrw(Csr::mstatus, 1),
      nop(),
      nop(),
      rri(Op::addi, 3, 3, 1),  // loop
      store(Op::sw, 3, 0, 2),
      load(Op::lw, 4, 4, 2),
      rri(Op::andi, 6, 3, 63),
      branch(Op::bne, 6, 0, -16),
      csrw(Csr::mpmc, 7),
      jal(0, -24),
      nop(),
      rri(Op::addi, 5, 5, 1),  // handler
      store(Op::sb, 5, 5, 2),
      plain(Op::mret),
  };
  std::vector<uint8_t> bytes;
  for (const uint32_t word : words) {
    for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<uint8_t>(word >> shift));
  }
  return bytes;
}

struct Rig {
  std::unique_ptr<Core> core;
  std::unique_ptr<SocManager> soc;

  explicit Rig(veer::TimingProfile timing) {
    Configuration configuration;
    configuration.rom = program();
    configuration.timing = timing;
    std::string error;
    core = Core::create(configuration, error);
    REQUIRE(core);
    soc = std::make_unique<SocManager>(*core, SocPlan{});
    soc->power_on();
  }

  [[nodiscard]] std::vector<uint8_t> state() const {
    veer::StateStream stream;
    core->state(stream);
    soc->state(stream);
    return stream.take_output();
  }

  [[nodiscard]] veer::Hart& hart() const { return core->hart(); }
  [[nodiscard]] uint32_t word(uint32_t address) const {
    uint8_t bytes[4] = {};
    REQUIRE(core->peek(address, bytes));
    return bytes[0] | static_cast<uint32_t>(bytes[1]) << 8 | static_cast<uint32_t>(bytes[2]) << 16 |
           static_cast<uint32_t>(bytes[3]) << 24;
  }
};

constexpr veer::TimingProfile profiles[] = {veer::TimingProfile::reference, veer::TimingProfile::rtl};

constexpr History::Settings narrow{.interval = 700, .most_snapshots = 12, .most_changes = 8};

}  // namespace

TEST_CASE("history: any state comes back, byte by byte") {
  for (const auto timing : profiles) {
    Rig rig(timing);
    History history(*rig.core, rig.soc.get(), narrow);
    history.run({.until_cycle = 100'000});
    const uint64_t end = rig.hart().executed();
    REQUIRE(end > 10'000);
    CHECK(history.snapshot_count() <= narrow.most_snapshots + 1);
    CHECK_FALSE(history.replaying());
    const auto last = rig.state();

    std::mt19937 random(7);
    for (int i = 0; i < 40; ++i) {
      const uint64_t target = random() % end;
      CHECK(history.go_to(target).reason == Reason::moved);
      CHECK(rig.hart().executed() == target);
      CHECK(history.replaying());
      Rig other(timing);
      other.core->run({.most_executed = target});
      CHECK(rig.state() == other.state());
    }
    // And forward again, to where it was and beyond, in pieces of any size.
    while (history.replaying()) history.run({.until_cycle = 100'000, .most_executed = 1 + random() % 3000});
    CHECK(rig.state() == last);
    history.run({.until_cycle = 120'000});
    Rig other(timing);
    other.core->run({.until_cycle = 120'000});
    CHECK(rig.state() == other.state());
  }
}

TEST_CASE("history: single steps back") {
  for (const auto timing : profiles) {
    Rig rig(timing);
    History history(*rig.core, rig.soc.get(), narrow);
    std::vector<std::pair<uint32_t, uint64_t>> passed;
    constexpr uint64_t steps = 3000;
    for (uint64_t i = 0; i < steps; ++i) {
      passed.emplace_back(rig.hart().pc(), rig.core->cycles());
      history.run({.most_executed = 1});
    }
    for (uint64_t i = steps; i-- != 0;) {
      CHECK(history.step_back().reason == Reason::moved);
      CHECK(rig.hart().executed() == i);
      // At the beginning the core has yet to come out of its reset.
      if (i == 0) break;
      CHECK(rig.hart().pc() == passed[i].first);
      CHECK(rig.core->cycles() == passed[i].second);
    }
    CHECK(history.step_back().reason == Reason::beginning);
    CHECK(history.step_back().reason == Reason::beginning);
    CHECK(history.now() == history.oldest());
  }
}

TEST_CASE("history: back to breakpoints, one after the other") {
  for (const auto timing : profiles) {
    Rig rig(timing);
    History history(*rig.core, rig.soc.get(), narrow);
    rig.hart().add_breakpoint(handler);
    rig.hart().add_breakpoint(loop_store);
    std::vector<std::pair<uint32_t, History::Position>> stops;
    while (stops.size() < 500) {
      const RunResult result = history.run({});
      REQUIRE(result == StopReason::breakpoint);
      stops.emplace_back(rig.hart().pc(), history.now());
    }
    for (std::size_t i = stops.size() - 1; i-- != 0;) {
      CHECK(history.run_back().reason == Reason::breakpoint);
      CHECK(rig.hart().pc() == stops[i].first);
      CHECK(history.now() == stops[i].second);
    }
    CHECK(history.run_back().reason == Reason::beginning);
    CHECK(history.now() == history.oldest());
    for (const auto& [pc, position] : stops) {
      CHECK(history.run({}) == StopReason::breakpoint);
      CHECK(rig.hart().pc() == pc);
      CHECK(history.now() == position);
    }
    CHECK_FALSE(history.replaying());
  }
}

TEST_CASE("history: back to before a watched access") {
  for (const auto timing : profiles) {
    Rig rig(timing);
    History history(*rig.core, rig.soc.get(), narrow);
    history.run({.until_cycle = 100'000});
    rig.hart().add_watchpoint(data + 4, 4, WatchKind::write);
    const uint32_t interrupts = rig.word(data + 4) >> 8;
    REQUIRE(interrupts > 100);
    for (uint32_t i = interrupts & 0xff; i-- != 0;) {
      const History::Back back = history.run_back();
      CHECK(back.reason == Reason::watchpoint);
      CHECK(back.address == data + 5);
      CHECK(back.kind == WatchKind::write);
      CHECK(rig.hart().pc() == handler_store);
      CHECK((rig.word(data + 4) >> 8 & 0xff) == i);
    }
    // That access has been reported. The next one comes when the core goes on, and it is the last one from there.
    const auto here = history.now();
    const RunResult result = history.run({});
    CHECK(result == StopReason::watchpoint);
    CHECK(result.address == data + 5);
    CHECK((rig.word(data + 4) >> 8 & 0xff) == 1);
    CHECK(rig.hart().pc() == handler_store);
    CHECK(history.run_back().reason == Reason::watchpoint);
    CHECK(history.now() == here);
  }
}

TEST_CASE("history: what was done from outside is done again, without its author") {
  for (const auto timing : profiles) {
    Rig rig(timing);
    History history(*rig.core, rig.soc.get(), {.interval = 700, .most_snapshots = 12, .most_changes = 100});
    std::mt19937 random(3);
    std::vector<uint64_t> changes;
    for (uint32_t i = 0; i < 6; ++i) {
      history.run({.most_executed = 2000 + random() % 2000});
      changes.push_back(rig.hart().executed());
      // The SoC writes a register, a debugger changes another one, and the hart may sleep for a while.
      rig.core->set_generic_input_wires(0, i + 1);
      rig.hart().set_x(9, i + 1);
      history.changed();
      history.run({.until_cycle = rig.core->cycles() + i * 10});
      rig.hart().set_x(10, i + 1);
      history.changed();
    }
    history.run({.most_executed = 2000});
    constexpr uint32_t wires = 0x3003'0000 + soc_ifc_regs::CPTRA_GENERIC_INPUT_WIRES::offset;
    for (int round = 0; round < 30; ++round) {
      const uint64_t target = random() % (changes.back() + 1000);
      history.go_to(target);
      uint32_t expected = 0;
      while (expected < changes.size() && changes[expected] <= target) ++expected;
      CHECK(rig.hart().x(9) == expected);
      CHECK(rig.core->peek_register(wires) == expected);
      while (history.replaying()) history.run({.most_executed = 1 + random() % 5000});
      CHECK(rig.hart().x(9) == 6);
      CHECK(rig.hart().x(10) == 6);
    }

    // Another past has another future.
    history.go_to(changes[2] - 100);
    rig.hart().set_x(9, 77);
    history.changed();
    CHECK_FALSE(history.replaying());
    history.run({.most_executed = 5000});
    CHECK(rig.hart().x(9) == 77);
    CHECK(rig.hart().x(10) == 2);
    history.go_to(changes[2] - 101);
    CHECK(rig.hart().x(9) == 2);
    history.run({.most_executed = 200});
    CHECK(rig.hart().x(9) == 77);
  }
}

TEST_CASE("history: more changes than are remembered forget the oldest times") {
  Rig rig(veer::TimingProfile::reference);
  History history(*rig.core, rig.soc.get(), narrow);
  for (uint32_t i = 1; i <= 20; ++i) {
    history.run({.most_executed = 100});
    rig.hart().set_x(9, i);
    history.changed();
  }
  history.run({.most_executed = 100});
  CHECK(history.oldest().executed > 1000);
  for (uint64_t executed = history.now().executed; executed-- != history.oldest().executed;) {
    history.step_back();
    CHECK(rig.hart().x(9) == executed / 100);
  }
  CHECK(history.step_back().reason == Reason::beginning);
}

TEST_CASE("history: listeners hear when the past is repeated") {
  Rig rig(veer::TimingProfile::reference);
  History history(*rig.core, rig.soc.get(), narrow);
  std::vector<bool> heard;
  history.on_replay([&](bool replaying) { heard.push_back(replaying); });
  history.run({.most_executed = 5000});
  CHECK(heard.empty());
  history.step_back();
  CHECK(heard == std::vector{true});
  history.step_back();
  history.run({.most_executed = 1});
  CHECK(heard.size() == 1);
  history.run({.most_executed = 10});
  CHECK(heard == std::vector{true, false});
  history.go_to(10);
  history.changed();
  CHECK(heard == std::vector{true, false, true, false});
  // Nothing to go back to, and nothing to repeat.
  History empty(*rig.core, rig.soc.get(), narrow);
  CHECK(empty.run_back().reason == Reason::beginning);
  CHECK(empty.step_back().reason == Reason::beginning);
  CHECK_FALSE(empty.replaying());
}

}  // namespace caliptra
