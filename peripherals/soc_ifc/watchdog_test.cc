// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <doctest/doctest.h>

#include <random>

#include "iss/state_stream.h"
#include "peripherals/soc_ifc/test_bench.h"

using namespace caliptra;
using namespace caliptra::soc_ifc_regs;
using caliptra::test::Bench;

namespace {

constexpr uint32_t t1 = CPTRA_WDT_STATUS::t1_timeout.mask();
constexpr uint32_t t2 = CPTRA_WDT_STATUS::t2_timeout.mask();
constexpr uint32_t interrupt1 = error_internal_intr_r::error_wdt_timer1_timeout_sts.mask();
constexpr uint32_t interrupt2 = error_internal_intr_r::error_wdt_timer2_timeout_sts.mask();

void set_period(Bench& bench, unsigned timer, uint64_t cycles) {
  const uint32_t at = timer == 1 ? CPTRA_WDT_TIMER1_TIMEOUT_PERIOD::offset : CPTRA_WDT_TIMER2_TIMEOUT_PERIOD::offset;
  bench.write(at, static_cast<uint32_t>(cycles));
  bench.write(at + 4, static_cast<uint32_t>(cycles >> 32));
}

uint32_t status(Bench& bench) { return bench.read(CPTRA_WDT_STATUS::offset); }
uint32_t pending(Bench& bench) { return bench.read(error_internal_intr_r::offset); }

/// wdt.sv clock by clock, as an independent model.
struct ClockedModel {
  bool enabled[2] = {};
  uint64_t period[2] = {~0ULL, ~0ULL};
  uint64_t count[2] = {};

  [[nodiscard]] bool timeout(int i) const { return count[i] == period[i]; }
  void clock(bool restart1, bool restart2, bool serviced1, bool serviced2) {
    const bool a = timeout(0);
    const bool b = timeout(1);
    const bool counts1 = enabled[0];
    const bool counts2 = enabled[1] || a;
    if (counts1) {
      if (restart1 && !a)
        count[0] = 0;
      else if (serviced1 && (enabled[1] || !b))
        count[0] = 0;
      else if (!a)
        ++count[0];
    }
    if (counts2) {
      if (restart2 && !b)
        count[1] = 0;
      else if ((serviced1 && !b && !enabled[1]) || serviced2)
        count[1] = 0;
      else if (!b)
        ++count[1];
    }
  }
};

}  // namespace

TEST_CASE("cascade: timer 1 interrupts, timer 2 follows with the NMI and a fatal error") {
  Bench bench;
  bench.boot();
  set_period(bench, 1, 100);
  set_period(bench, 2, 50);
  bench.write(internal_nmi_vector::offset, 0x4000'0100);
  bench.write(error_intr_en_r::offset, interrupt1);
  bench.write(global_intr_en_r::offset, 1);
  bench.write(CPTRA_WDT_TIMER1_EN::offset, 1);
  bench.run(99);
  CHECK(status(bench) == 0);
  bench.run(1);
  CHECK(status(bench) == t1);
  CHECK(pending(bench) == interrupt1);
  CHECK(bench.soc_ifc.interrupts.error.level());
  CHECK(bench.read(error_wdt_timer1_timeout_intr_count_r::offset) == 1);
  bench.run(49);
  CHECK_FALSE(bench.soc_ifc.nmi_intr.level());
  bench.run(1);
  CHECK(status(bench) == (t1 | t2));
  CHECK(bench.soc_ifc.nmi_intr.level());
  CHECK(bench.soc_ifc.nmi_vector() == 0x4000'0100);
  CHECK(pending(bench) == interrupt1);  // the second stage is no interrupt
  CHECK(bench.read(CPTRA_HW_ERROR_FATAL::offset) == CPTRA_HW_ERROR_FATAL::nmi_pin.mask());
  CHECK(bench.soc_ifc.cptra_error_fatal.level());

  // Too late to be serviced: only a reset helps. And the error bit comes back as long as the pin is high.
  bench.write(error_internal_intr_r::offset, interrupt1);
  bench.write(CPTRA_HW_ERROR_FATAL::offset, CPTRA_HW_ERROR_FATAL::nmi_pin.mask());
  bench.run(1000);
  CHECK(status(bench) == (t1 | t2));
  CHECK(bench.read(CPTRA_HW_ERROR_FATAL::offset) == CPTRA_HW_ERROR_FATAL::nmi_pin.mask());
  bench.warm_reset();
  CHECK_FALSE(bench.soc_ifc.nmi_intr.level());
  CHECK_FALSE(bench.soc_ifc.cptra_error_fatal.level());
  CHECK(status(bench) == 0);
  CHECK(bench.read(CPTRA_HW_ERROR_FATAL::offset) == CPTRA_HW_ERROR_FATAL::nmi_pin.mask());
  bench.write(CPTRA_HW_ERROR_FATAL::offset, CPTRA_HW_ERROR_FATAL::nmi_pin.mask());
  CHECK(bench.read(CPTRA_HW_ERROR_FATAL::offset) == 0);
}

TEST_CASE("cascade: servicing timer 1 in time starts both over") {
  Bench bench;
  bench.boot();
  set_period(bench, 1, 100);
  set_period(bench, 2, 50);
  bench.write(CPTRA_WDT_TIMER1_EN::offset, 1);
  for (int round = 1; round <= 3; ++round) {
    bench.run(130);
    CHECK(status(bench) == t1);
    bench.write(error_internal_intr_r::offset, interrupt1);
    CHECK(status(bench) == 0);
    CHECK(pending(bench) == 0);
    CHECK(bench.read(error_wdt_timer1_timeout_intr_count_r::offset) == static_cast<uint32_t>(round));
  }
  bench.run(149);
  CHECK(status(bench) == t1);
  bench.run(1);
  CHECK(status(bench) == (t1 | t2));
}

TEST_CASE("independent timers interrupt, each on its own, and never cause an NMI") {
  Bench bench;
  bench.boot();
  set_period(bench, 1, 100);
  set_period(bench, 2, 70);
  bench.write(CPTRA_WDT_TIMER1_EN::offset, 1);
  bench.write(CPTRA_WDT_TIMER2_EN::offset, 1);
  bench.run(70);
  CHECK(status(bench) == t2);
  CHECK(pending(bench) == interrupt2);
  bench.run(30);
  CHECK(status(bench) == (t1 | t2));
  CHECK(pending(bench) == (interrupt1 | interrupt2));
  CHECK_FALSE(bench.soc_ifc.nmi_intr.level());
  bench.write(error_internal_intr_r::offset, interrupt1);
  CHECK(status(bench) == t2);
  bench.write(error_internal_intr_r::offset, interrupt2);
  CHECK(status(bench) == 0);
  bench.run(70);
  CHECK(status(bench) == t2);
  // Without its own enable, the second becomes the stage of a cascade that has run out.
  bench.write(CPTRA_WDT_TIMER2_EN::offset, 0);
  CHECK(bench.soc_ifc.nmi_intr.level());
}

TEST_CASE("restart works while counting only") {
  Bench bench;
  bench.boot();
  set_period(bench, 1, 100);
  bench.write(CPTRA_WDT_TIMER1_EN::offset, 1);
  bench.run(60);
  bench.write(CPTRA_WDT_TIMER1_CTRL::offset, 1);
  CHECK(bench.read(CPTRA_WDT_TIMER1_CTRL::offset) == 0);
  bench.run(99);
  CHECK(status(bench) == 0);
  bench.run(1);
  CHECK(status(bench) == t1);
  bench.write(CPTRA_WDT_TIMER1_CTRL::offset, 1);
  CHECK(status(bench) == t1);
  // A disabled timer keeps its count.
  bench.write(error_internal_intr_r::offset, interrupt1);
  bench.run(60);
  bench.write(CPTRA_WDT_TIMER1_EN::offset, 0);
  bench.run(500);
  bench.write(CPTRA_WDT_TIMER1_CTRL::offset, 1);
  bench.write(CPTRA_WDT_TIMER1_EN::offset, 1);
  bench.run(39);
  CHECK(status(bench) == 0);
  bench.run(1);
  CHECK(status(bench) == t1);
}

TEST_CASE("a period of 0 has timed out at once, enabled or not") {
  Bench bench;
  bench.boot();
  set_period(bench, 1, 0);
  CHECK(status(bench) == t1);
  CHECK(pending(bench) == interrupt1);
  set_period(bench, 2, 0);
  CHECK(bench.soc_ifc.nmi_intr.level());
}

TEST_CASE("64-bit periods") {
  Bench bench;
  bench.boot();
  set_period(bench, 1, 0x3'0000'0005);
  bench.write(CPTRA_WDT_TIMER1_EN::offset, 1);
  bench.run(0x3'0000'0004);
  CHECK(status(bench) == 0);
  bench.run(1);
  CHECK(status(bench) == t1);
}

TEST_CASE("the SoC reads the watchdogs but can't set them; its write to the status register services them") {
  Bench bench;
  bench.boot();
  bench.soc_write(CPTRA_WDT_TIMER1_TIMEOUT_PERIOD::offset, 1);
  bench.soc_write(CPTRA_WDT_TIMER1_EN::offset, 1);
  CHECK(bench.soc_read(CPTRA_WDT_TIMER1_EN::offset) == 0);
  set_period(bench, 1, 10);
  bench.write(CPTRA_WDT_TIMER1_EN::offset, 1);
  bench.run(15);
  CHECK(bench.soc_read(CPTRA_WDT_STATUS::offset) == t1);
  bench.write(CPTRA_WDT_STATUS::offset, 0);
  CHECK(status(bench) == t1);
  bench.soc_write(error_internal_intr_r::offset, interrupt1);
  CHECK(status(bench) == 0);
  CHECK(pending(bench) == interrupt1);
}

TEST_CASE("random traffic agrees with the clocked model") {
  std::mt19937 random(7);
  for (int round = 0; round < 200; ++round) {
    veer::Clock clock;
    Watchdog watchdog(clock);
    ClockedModel model;
    uint32_t edges[2] = {};
    uint32_t model_edges[2] = {};
    watchdog.timed_out = [&](unsigned timer) { ++edges[timer - 1]; };
    watchdog.reset();
    Watchdog::Settings settings;
    for (int step = 0; step < 300; ++step) {
      const unsigned what = random() % 12;
      const bool before[2] = {model.timeout(0), model.timeout(1)};
      if (what < 2) {
        settings.period[what] = random() % 20;
        model.period[what] = settings.period[what];
        watchdog.configure(settings);
      } else if (what < 4) {
        settings.enabled[what - 2] = random() % 2 != 0;
        model.enabled[what - 2] = settings.enabled[what - 2];
        watchdog.configure(settings);
      } else if (what < 6) {
        // A restart or service replaces one count, and so takes the place of one clock.
        watchdog.restart(what - 3);
        const bool one = what == 4;
        if (model.enabled[one ? 0 : 1] || (!one && model.timeout(0))) {
          if (!model.timeout(one ? 0 : 1)) model.count[one ? 0 : 1] = 0;
        }
      } else if (what == 6) {
        const bool bit1 = random() % 2 != 0;
        const bool bit2 = random() % 2 != 0;
        watchdog.serviced(bit1, bit2);
        ClockedModel after = model;
        const bool s1 = bit1 && model.timeout(0);
        const bool s2 = bit2 && model.timeout(1) && model.enabled[1];
        after.clock(false, false, s1, s2);
        if (s1 && after.count[0] == 0) model.count[0] = 0;
        if ((s1 || s2) && after.count[1] == 0) model.count[1] = 0;
      } else {
        const uint64_t cycles = random() % 30;
        for (uint64_t i = 0; i < cycles; ++i) {
          const bool was[2] = {model.timeout(0), model.timeout(1)};
          model.clock(false, false, false, false);
          for (int t = 0; t < 2; ++t) model_edges[t] += !was[t] && model.timeout(t) ? 1 : 0;
        }
        // Sometimes the clock jumps far past a deadline, as it does over long instructions.
        if (random() % 2 != 0) {
          caliptra::test::run(clock, cycles);
        } else {
          clock.advance_to(clock.now() + cycles);
          clock.run_due();
        }
      }
      if (what <= 6) {
        for (int t = 0; t < 2; ++t) model_edges[t] += !before[t] && model.timeout(t) ? 1 : 0;
      }
      REQUIRE(watchdog.timeout(1) == model.timeout(0));
      REQUIRE(watchdog.timeout(2) == model.timeout(1));
      REQUIRE(watchdog.nmi() == (model.timeout(1) && !model.enabled[1]));
      REQUIRE(edges[0] == model_edges[0]);
      REQUIRE(edges[1] == model_edges[1]);
    }
  }
}
