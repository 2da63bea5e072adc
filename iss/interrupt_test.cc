// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Which interrupt is taken, when several could be; nesting, vectors, and what ends a halt or a pause
// (el2_dec_tlu_ctl.sv).

#include <doctest/doctest.h>

#include <array>
#include <optional>
#include <vector>

#include "iss/pic.h"
#include "iss/testing/trap_machine.h"

namespace veer {
namespace {

using namespace testing;

constexpr uint32_t mie_bit = 8;
constexpr uint32_t internal_timer_0 = 1u << 29;
constexpr uint32_t internal_timer_1 = 1u << 28;
constexpr uint32_t vectors = 0x50000400;

unsigned number(Csr csr) { return static_cast<unsigned>(csr); }
int32_t immediate(Csr csr) { return static_cast<int32_t>(csr); }

/// Every external interrupt has a loop of its own: see vector().
struct InterruptMachine : TrapMachine {
  explicit InterruptMachine(const std::vector<uint32_t>& program = {jal(0, 0)},
                            TimingProfile timing = TimingProfile::reference)
      : TrapMachine(program, timing) {
    for (uint32_t source = 0; source < 32; ++source) {
      load(vectors + 4 * source, {vector(source)});
      load(vector(source), {jal(0, 0)});
    }
    hart.set_csr(number(Csr::meivt), vectors);
  }

  static constexpr uint32_t vector(uint32_t source) { return handler + 0x100 + 64 * source; }

  void enable(uint32_t source, uint32_t priority) {
    load(0x60000000 + 4 * source, {priority});
    load(0x60002000 + 4 * source, {1});
  }

  /// The cause of the first trap, and when it came.
  std::pair<uint32_t, Clock::Cycle> first_trap(Clock::Cycle limit) {
    while (clock.now() < limit && csr(Csr::mepc) == 0) hart.run(clock.now() + 1);
    return {csr(Csr::mcause), clock.now()};
  }
};

TEST_CASE("Of all interrupts that wait, the highest is taken") {
  InterruptMachine machine;
  machine.enable(1, 1);
  machine.hart.set_external_interrupt(1, true);
  machine.hart.set_software_interrupt(true);
  machine.hart.set_timer_interrupt(true);
  machine.hart.set_csr(number(Csr::mdccmect), 1);  // a threshold of 1
  machine.hart.run(10);
  uint32_t enabled = 0x40000888;
  CHECK((machine.csr(Csr::mip) & enabled) == enabled);
  for (const uint32_t cause : {11u, 30u, 3u, 7u}) {
    machine.hart.set_csr(number(Csr::mie), enabled);
    machine.hart.set_csr(number(Csr::mstatus), mie_bit);
    machine.hart.run(machine.clock.now() + 5);
    CHECK(machine.csr(Csr::mcause) == (0x80000000 | cause));
    CHECK(machine.hart.pc() == (cause == 11 ? InterruptMachine::vector(1) : handler));
    enabled &= ~(1u << cause);
  }
}

TEST_CASE("A timer's line comes before the internal timers, and the first of these before the second") {
  const auto with_internal = [](uint32_t enabled) {
    InterruptMachine machine;
    machine.hart.set_csr(number(Csr::mie), enabled);
    machine.hart.set_csr(number(Csr::mstatus), mie_bit);
    machine.hart.set_csr(number(Csr::mitb0), 50);
    machine.hart.set_csr(number(Csr::mitb1), 50);
    return machine.first_trap(1000);
  };
  const auto with_line = [](uint32_t enabled, Clock::Cycle when) {
    InterruptMachine machine;
    machine.hart.set_csr(number(Csr::mie), enabled);
    machine.hart.set_csr(number(Csr::mstatus), mie_bit);
    machine.hart.set_csr(number(Csr::mitb0), 50);
    machine.hart.set_csr(number(Csr::mitb1), 50);
    const Clock::Slot slot = machine.clock.add_event("line", [&] { machine.hart.set_timer_interrupt(true); });
    machine.clock.schedule_at(slot, when);
    return machine.first_trap(1000);
  };
  const auto [first, cycle] = with_internal(internal_timer_0 | internal_timer_1);
  CHECK(first == 0x8000001d);
  CHECK(with_internal(internal_timer_1) == std::pair{0x8000001cu, cycle});
  // A line that is taken at that very cycle when it is alone.
  std::optional<Clock::Cycle> when;
  for (Clock::Cycle time = 30; time < 70; ++time) {
    if (with_line(0x80, time).second == cycle) when = time;
  }
  REQUIRE(when);
  CHECK(with_line(0x80 | internal_timer_0 | internal_timer_1, *when) == std::pair{0x80000007u, cycle});
  CHECK(with_line(0x80 | internal_timer_0 | internal_timer_1, *when + 1) == std::pair{0x8000001du, cycle});
}

TEST_CASE("A pulse of an internal timer is lost if another interrupt is taken") {
  InterruptMachine machine;
  machine.load(handler, {plain(Op::mret)});
  machine.hart.set_csr(number(Csr::mie), internal_timer_0 | internal_timer_1);
  machine.hart.set_csr(number(Csr::mstatus), mie_bit);
  machine.hart.set_csr(number(Csr::mitb0), 50);
  machine.hart.set_csr(number(Csr::mitb1), 50);
  CHECK(machine.first_trap(1000).first == 0x8000001d);
  machine.hart.set_csr(number(Csr::mitctl0), 0);
  machine.hart.set_csr(number(Csr::mitctl1), 0);
  machine.hart.run(500);
  CHECK(machine.csr(Csr::mcause) == 0x8000001d);
  CHECK(machine.hart.pc() == Machine::code);
}

TEST_CASE("mip shows an internal timer's pulse for a cycle") {
  std::vector<uint32_t> program;
  for (uint8_t i = 1; i < 31; ++i) program.push_back(csrr(i, Csr::mip));
  InterruptMachine machine(program);
  machine.hart.set_csr(number(Csr::mitb0), 15);
  machine.run(30);
  unsigned seen = 0;
  for (unsigned i = 1; i < 31; ++i) {
    if (machine.hart.x(i) == internal_timer_0) ++seen;
    CHECK((machine.hart.x(i) & ~internal_timer_0) == 0);
  }
  // Every 16 cycles.
  CHECK(seen == 30 / 16);
}

TEST_CASE("An NMI comes before an interrupt") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    InterruptMachine machine({jal(0, 0)}, timing);
    machine.hart.set_csr(number(Csr::mie), 0x80);
    machine.hart.set_csr(number(Csr::mstatus), mie_bit);
    const Clock::Slot slot = machine.clock.add_event("both", [&] {
      machine.hart.set_timer_interrupt(true);
      machine.hart.set_nmi(true);
    });
    machine.clock.schedule_at(slot, 20);
    machine.hart.run(100);
    machine.expect(nmi_handler, 0, 0, 0, Machine::code);
    machine.hart.set_csr(number(Csr::mstatus), mie_bit);
    machine.hart.run(200);
    machine.expect(handler, 0x80000007, 0, 0, nmi_handler);
  }
}

TEST_CASE("Exceptions go to the base of a vectored mtvec") {
  InterruptMachine machine({plain(Op::ecall)});
  machine.hart.set_csr(number(Csr::mtvec), handler | 1);
  machine.run(1);
  machine.expect(handler, 11, 0, 0, Machine::code);
}

TEST_CASE("External interrupts nest: meicurpl keeps out what is no higher, meipt what is no higher than it") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    InterruptMachine machine({jal(0, 0)}, timing);
    machine.enable(4, 5);
    machine.enable(5, 5);
    machine.enable(6, 9);
    // The handler of 4 takes its priority for its own and lets others in.
    machine.load(InterruptMachine::vector(4),
                 {csrr(6, Csr::meicidpl), csrw(Csr::meicurpl, 6), csrr(7, Csr::mepc), csrr(8, Csr::mstatus),
                  rri(Op::csrrsi, 0, 8, immediate(Csr::mstatus)), rri(Op::addi, 9, 9, 1), jal(0, -4)});
    machine.hart.set_csr(number(Csr::mie), 0x800);
    machine.hart.set_csr(number(Csr::mstatus), mie_bit);
    machine.hart.set_external_interrupt(4, true);
    machine.hart.set_external_interrupt(5, true);
    machine.hart.run(500);
    CHECK(machine.hart.x(6) == 5);
    CHECK(machine.hart.x(7) == Machine::code);
    CHECK(machine.hart.x(8) == 0x1880);
    CHECK(machine.hart.x(9) > 10);
    CHECK(machine.csr(Csr::meihap) == vectors + 4 * 4);
    machine.hart.set_csr(number(Csr::meipt), 9);
    machine.hart.set_external_interrupt(6, true);
    machine.hart.run(1000);
    CHECK(machine.csr(Csr::meicidpl) == 5);
    machine.hart.set_csr(number(Csr::meipt), 8);
    machine.hart.run(1500);
    CHECK(machine.hart.pc() == InterruptMachine::vector(6));
    CHECK(machine.csr(Csr::meicidpl) == 9);
    CHECK(machine.csr(Csr::meicurpl) == 5);
    CHECK(machine.csr(Csr::mepc) >= InterruptMachine::vector(4) + 20);
    CHECK(machine.csr(Csr::meihap) == vectors + 4 * 6);
    // The pointer's base is meivt as it is now.
    machine.hart.set_csr(number(Csr::meivt), 0x50010000);
    CHECK(machine.csr(Csr::meihap) == 0x50010000 + 4 * 6);
  }
}

TEST_CASE("A vector's bit 0 doesn't count, and a single-bit error in it is corrected and counted") {
  InterruptMachine machine;
  machine.enable(3, 1);
  machine.load(vectors + 4 * 3, {InterruptMachine::vector(3) | 1});
  machine.hart.set_csr(number(Csr::mie), 0x800);
  machine.hart.set_csr(number(Csr::mstatus), mie_bit);
  machine.hart.inject_ecc_error(vectors + 4 * 3, true);
  machine.hart.set_external_interrupt(3, true);
  CHECK(machine.first_trap(20).first == 0x8000000b);
  CHECK(machine.hart.pc() == InterruptMachine::vector(3));
  CHECK(machine.csr(Csr::mdccmect) == 1);
}

TEST_CASE("A pause ends with an interrupt or an NMI") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    for (const bool by_nmi : {false, true}) {
      CAPTURE(by_nmi);
      InterruptMachine machine({csrw(Csr::mcpc, 5), nop(), jal(0, 0)}, timing);
      machine.hart.set_x(5, 100'000);
      machine.hart.set_csr(number(Csr::mie), 0x80);
      machine.hart.set_csr(number(Csr::mstatus), mie_bit);
      const Clock::Slot slot = machine.clock.add_event(
          "end", [&] { by_nmi ? machine.hart.set_nmi(true) : machine.hart.set_timer_interrupt(true); });
      machine.clock.schedule_at(slot, 500);
      machine.hart.run(499);
      CHECK(machine.hart.instructions() == 1);
      CHECK(machine.hart.pc() == Machine::code + 4);
      machine.hart.run(600);
      CHECK(machine.hart.pc() == (by_nmi ? nmi_handler : handler));
      CHECK(machine.csr(Csr::mcause) == (by_nmi ? 0 : 0x80000007));
      CHECK(machine.csr(Csr::mepc) == Machine::code + 4);
    }
  }
}

TEST_CASE("An interrupt that is not enabled ends no pause") {
  InterruptMachine machine({csrw(Csr::mcpc, 5), rri(Op::addi, 6, 0, 1), jal(0, 0)});
  machine.hart.set_x(5, 1000);
  machine.hart.set_csr(number(Csr::mie), 0x80);
  machine.hart.set_timer_interrupt(true);
  machine.hart.run(1001);
  CHECK(machine.hart.x(6) == 0);
  machine.hart.run(1010);
  CHECK(machine.hart.x(6) == 1);
}

TEST_CASE("Internal timers stop in a pause unless told otherwise") {
  InterruptMachine machine({csrw(Csr::mcpc, 5), jal(0, 0)});
  machine.hart.set_x(5, 1000);
  machine.hart.set_csr(number(Csr::mitctl1), 5);
  machine.hart.run(500);
  CHECK(machine.csr(Csr::mitcnt0) < 5);
  CHECK(machine.csr(Csr::mitcnt1) == 500);
  machine.hart.run(1500);
  CHECK(machine.csr(Csr::mitcnt0) < 505);
  CHECK(machine.csr(Csr::mitcnt0) > 490);
  CHECK(machine.csr(Csr::mitcnt1) == 1500);
}

TEST_CASE("A halt ends with an NMI whatever MIE says, and with an interrupt only while MIE is set") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    InterruptMachine machine({rri(Op::csrrwi, 0, 1, immediate(Csr::mpmc)), nop(), jal(0, 0)}, timing);
    machine.hart.set_csr(number(Csr::mie), 0x88);
    machine.hart.set_timer_interrupt(true);
    machine.hart.set_software_interrupt(true);
    CHECK(machine.hart.run(1000).reason == StopReason::halted_forever);
    CHECK(machine.hart.halted());
    machine.hart.set_nmi(true);
    machine.hart.run(2000);
    CHECK(!machine.hart.halted());
    machine.expect(nmi_handler, 0, 0, 0, Machine::code + 8);  // it halts behind the next instruction
  }
}

TEST_CASE("Gateways can be set back to active high and to levels") {
  Pic pic;
  pic.reset();
  pic.write(0x4000 + 4 * 8, 3);
  pic.write(0x5000 + 4 * 8, 0);
  const auto is_pending = [&pic] { return (pic.read(0x1000) >> 8 & 1) == 1; };
  CHECK(is_pending());  // its line is low
  pic.set_line(8, true);
  CHECK(is_pending());
  pic.write(0x5000 + 4 * 8, 0);
  CHECK(!is_pending());
  // Active high: the line is up. What has been seen stays, behind a level too.
  pic.write(0x4000 + 4 * 8, 0);
  CHECK(is_pending());
  pic.set_line(8, false);
  CHECK(!is_pending());
  pic.write(0x4000 + 4 * 8, 2);
  CHECK(is_pending());
}

TEST_CASE("The internal timers count as el2_dec_timer_ctl does, whatever the bounds") {
  for (const uint32_t bound0 : {0u, 1u, 4u}) {
    for (const uint32_t bound1 : {0u, 1u, 3u}) {
      for (const uint32_t control0 : {0u, 1u}) {
        for (const uint32_t control1 : {0u, 1u, 8u, 9u}) {
          CAPTURE(bound0);
          CAPTURE(bound1);
          CAPTURE(control0);
          CAPTURE(control1);
          InterruptMachine machine;
          machine.hart.set_csr(number(Csr::mitctl0), control0);
          machine.hart.set_csr(number(Csr::mitctl1), control1);
          machine.hart.set_csr(number(Csr::mitb0), bound0);
          machine.hart.set_csr(number(Csr::mitb1), bound1);
          machine.hart.set_csr(number(Csr::mitcnt0), 2);
          machine.hart.set_csr(number(Csr::mitcnt1), 2);
          uint32_t count0 = 2;
          uint32_t count1 = 2;
          uint32_t pulses = 0;
          for (unsigned cycle = 0; cycle < 60; ++cycle) {
            CAPTURE(cycle);
            REQUIRE(machine.csr(Csr::mitcnt0) == count0);
            REQUIRE(machine.csr(Csr::mitcnt1) == count1);
            REQUIRE(machine.csr(Csr::mip) == pulses);
            const bool match0 = count0 >= bound0;
            const bool match1 = count1 >= bound1;
            pulses = (match0 ? internal_timer_0 : 0) | (match1 ? internal_timer_1 : 0);
            const bool counts1 = (control1 & 1) != 0 && ((control1 & 8) == 0 || match0);
            count0 = match0 ? 0 : count0 + control0;
            count1 = match1 ? 0 : count1 + (counts1 ? 1 : 0);
            machine.hart.run(machine.clock.now() + 1);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace veer
