// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Random programs: the fast loop, the observed loop, either cut into pieces, and both in turns with snapshots between
// them, all come to the same.

#include "iss/testing/random_program.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "iss/state_stream.h"

namespace veer {
namespace {

using namespace testing;

struct Causes : Observer {
  std::set<uint32_t> seen;
  void trapped(uint32_t, uint32_t mcause, uint32_t, uint32_t, uint32_t) override { seen.insert(mcause); }
};

/// A machine with interrupts coming and going by the clock.
struct Subject {
  Machine machine;
  Causes observer;
  Clock::Slot slot;
  uint32_t step = 0;
  std::vector<uint8_t> rom;

  Subject(const RandomProgram& program, TimingProfile timing, bool in_rom, bool observed) : machine({}, timing) {
    if (in_rom) {
      program.load_into_rom(machine, rom);
    } else {
      program.load_into_iccm(machine);
    }
    machine.hart.set_csr(static_cast<unsigned>(Csr::mie), 0x30000888);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mitb0), 211);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mitb1), 487);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mrac), 0xaaaaaaaa);
    // External interrupts of three priorities; their vectors are where programs seldom write.
    constexpr uint32_t vectors = 0x50018000;
    machine.hart.set_csr(static_cast<unsigned>(Csr::meivt), vectors);
    const uint32_t handler = (in_rom ? RandomProgram::rom_base : Machine::code) + RandomProgram::handler;
    for (uint32_t source = 1; source < 4; ++source) {
      machine.load(vectors + 4 * source, {handler});
      machine.load(0x60000000 + 4 * source, {5 * source});
      machine.load(0x60002000 + 4 * source, {1});
    }
    if (observed) machine.hart.set_observer(&observer);
    slot = machine.clock.add_event("interrupts", [this] {
      ++step;
      machine.hart.set_timer_interrupt((step & 3) == 1);
      machine.hart.set_software_interrupt((step & 7) == 3);
      machine.hart.set_nmi((step & 31) == 9);
      machine.hart.set_external_interrupt(1 + step % 3, (step & 7) == 6);
      machine.hart.set_external_interrupt(1 + (step + 1) % 3, false);
      machine.clock.schedule_in(slot, 17 + step * 29 % 301);
    });
    machine.clock.schedule_in(slot, 100);
    // Accesses take the hart out of its stride too.
    machine.bus.on_access = [this](const BusAccess& access) {
      if ((access.address & 4) != 0 && machine.clock.deadline(slot) > machine.clock.now() + 3) {
        machine.clock.schedule_in(slot, 3);
      }
    };
  }

  /// Goes on from where another is.
  void take_over(Subject& other) {
    const std::vector<uint8_t> snapshot = other.state();
    StateStream stream(snapshot);
    machine.clock.state(stream);
    machine.hart.state(stream);
    stream.finish();
    REQUIRE(stream.ok());
    machine.bus.memory = other.machine.bus.memory;
    machine.bus.accesses = other.machine.bus.accesses;
    step = other.step;
  }

  std::vector<uint8_t> state() {
    StateStream stream;
    machine.clock.state(stream);
    machine.hart.state(stream);
    return stream.take_output();
  }
};

uint64_t run_every_way(TimingProfile timing, bool in_rom, uint32_t seed, std::set<uint32_t>& causes) {
  CAPTURE(seed);
  CAPTURE(in_rom);
  constexpr uint64_t cycles = 20'000;
  const RandomProgram program(seed);
  Subject fast(program, timing, in_rom, false);
  Subject observed(program, timing, in_rom, true);
  Subject pieces(program, timing, in_rom, false);
  fast.machine.hart.run(cycles);
  observed.machine.hart.run(cycles);
  for (uint64_t time = 0; time < cycles;) {
    time += 1 + (time * 7 + seed) % 400;
    if (time % 3 == 0) {
      pieces.machine.hart.run(std::min(time, cycles));
    } else {
      pieces.machine.hart.run(cycles, 1 + time % 97);
      time = pieces.machine.clock.now();
    }
  }
  pieces.machine.hart.run(cycles);
  // In the other loop after every restore.
  auto restored = std::make_unique<Subject>(program, timing, in_rom, false);
  for (uint64_t time = seed % 1000; time < cycles; time += 1500 + seed % 700) {
    restored->machine.hart.run(time);
    auto next = std::make_unique<Subject>(program, timing, in_rom, restored->machine.hart.observer() == nullptr);
    next->take_over(*restored);
    restored = std::move(next);
  }
  restored->machine.hart.run(cycles);
  REQUIRE(fast.machine.clock.now() >= cycles);
  REQUIRE(fast.machine.hart.pc() == observed.machine.hart.pc());
  REQUIRE(fast.machine.hart.instructions() == observed.machine.hart.instructions());
  REQUIRE(fast.machine.bus.accesses == observed.machine.bus.accesses);
  REQUIRE(fast.machine.bus.accesses == pieces.machine.bus.accesses);
  const std::vector<uint8_t> state = fast.state();
  REQUIRE(state == observed.state());
  REQUIRE(state == pieces.state());
  REQUIRE(fast.machine.bus.accesses == restored->machine.bus.accesses);
  REQUIRE(state == restored->state());
  causes.merge(observed.observer.seen);
  return fast.machine.hart.instructions();
}

TEST_CASE("Random programs do the same on every loop") {
  const char* count_text = std::getenv("RANDOM_PROGRAMS");
  const unsigned count = count_text != nullptr ? static_cast<unsigned>(std::strtoul(count_text, nullptr, 0)) : 80;
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    CAPTURE(static_cast<int>(timing));
    std::set<uint32_t> causes;
    for (const bool in_rom : {false, true}) {
      uint64_t retired = 0;
      for (uint32_t seed = 1; seed <= count; ++seed) retired += run_every_way(timing, in_rom, seed, causes);
      CHECK(retired > count * uint64_t{1000});
    }
    for (const uint32_t cause : {2u, 3u, 4u, 5u, 6u, 7u, 11u, 0u, 0xf0000000u, 0xf0000001u, 0x80000003u, 0x80000007u,
                                 0x8000000bu, 0x8000001cu, 0x8000001du}) {
      CAPTURE(cause);
      CHECK(causes.contains(cause));
    }
  }
}

}  // namespace
}  // namespace veer
