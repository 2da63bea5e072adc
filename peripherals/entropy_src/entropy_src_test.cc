// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/entropy_src/entropy_src.h"

#include <doctest/doctest.h>

#include "peripherals/entropy_src/bench.h"

using namespace caliptra;
using namespace caliptra::testing;

TEST_CASE("start-up: two windows, then a seed of both; boot takes as long as on the RTL") {
  Bench bench(good_noise(2));
  bench.configure(yes);
  bench.enable();
  CHECK(bench.state() == startup_phase1);
  bench.block.request(true);
  bench.run(512 * 5);
  CHECK(bench.state() == startup_pass1);
  bench.run(512 * 5);
  CHECK(bench.state() == conditioning);
  CHECK(bench.seeds.empty());
  bench.run(100);
  CHECK(bench.state() == continuous);
  REQUIRE(bench.seeds.size() == 1);
  CHECK(bench.seeds[0] == conditioned(bench.drawn, 0, 1024));
  CHECK(bench.fips_flags[0]);
  CHECK(bench.seed_cycles[0] >= 5150);
  CHECK(bench.seed_cycles[0] <= 5230);

  // From now on each window makes one; four are kept, the others are lost.
  bench.run(512 * 5 * 10);
  CHECK(DEBUG_STATUS::ENTROPY_FIFO_DEPTH.get(bench.read(DEBUG_STATUS::offset)) == 4);
  for (unsigned i = 0; i < 4; ++i) {
    bench.block.request(true);
    REQUIRE(bench.seeds.size() == 2 + i);
    CHECK(bench.seeds.back() == conditioned(bench.drawn, 1024 + 512 * i, 1024 + 512 * (i + 1)));
  }
  CHECK(bench.read(INTERRUPT_STATE::offset) == 0);
  CHECK(bench.read(RECOV_ALERT_STS::offset) == 0);
}

TEST_CASE("a request that waits is answered when the seed is there, not when someone looks") {
  Bench bench(good_noise(3));
  bench.configure(yes);
  bench.block.request(true);
  bench.run(1000);
  CHECK(bench.seeds.empty());
  bench.enable();
  bench.run(20'000);
  REQUIRE(bench.seeds.size() == 1);
  const uint64_t first = bench.seed_cycles[0];
  CHECK(first >= 1000 + 5150);
  CHECK(first <= 1000 + 5230);
}

TEST_CASE("the reference profile has seeds at once and takes no more noise than it needs") {
  Bench bench(good_noise(4), TimingProfile::reference);
  bench.configure(yes);
  bench.enable();
  CHECK(bench.state() == continuous);
  CHECK(bench.drawn.size() == 1024);
  bench.block.request(true);
  REQUIRE(bench.seeds.size() == 1);
  CHECK(bench.seeds[0] == conditioned(bench.drawn, 0, 1024));
  bench.run(1'000'000);
  CHECK(bench.drawn.size() == 1024);
  bench.block.request(true);
  REQUIRE(bench.seeds.size() == 2);
  CHECK(bench.seeds[1] == conditioned(bench.drawn, 1024, 1536));
  CHECK(bench.seed_cycles[1] == 1'000'000);
}

TEST_CASE("boot mode: one seed, straight from the noise") {
  for (const auto profile : {TimingProfile::rtl, TimingProfile::reference}) {
    Bench bench(good_noise(5), profile);
    bench.enable();
    if (profile == TimingProfile::rtl) CHECK(bench.state() == boot_running);
    bench.block.request(true);
    bench.run(96 * 5 + 10);
    CHECK(bench.state() == boot_done);
    CHECK(DEBUG_STATUS::MAIN_SM_BOOT_DONE.get(bench.read(DEBUG_STATUS::offset)) == 1);
    REQUIRE(bench.seeds.size() == 1);
    CHECK(bench.seeds[0] == words_of(pack(bench.drawn, 0, 96)));
    CHECK_FALSE(bench.fips_flags[0]);
    bench.block.request(true);
    bench.run(100'000);
    CHECK(bench.seeds.size() == 1);
    bench.disable();
    CHECK(bench.state() == idle);
    const std::size_t before = bench.drawn.size();
    bench.enable();
    bench.block.request(true);
    bench.run(1000);
    REQUIRE(bench.seeds.size() == 2);
    CHECK(bench.seeds[1] == words_of(pack(bench.drawn, before, before + 96)));
  }
}

TEST_CASE("software reads seeds word by word when they are routed to it") {
  Bench bench(good_noise(6));
  bench.configure(yes, yes);
  bench.route_to_software();
  bench.enable();
  CHECK(bench.read(ENTROPY_DATA::offset) == 0);
  bench.run(5300);
  CHECK(bench.read(INTERRUPT_STATE::offset) == INTERRUPT_STATE::ES_ENTROPY_VALID.mask());
  // The cause lasts, so the event comes back.
  bench.write(INTERRUPT_STATE::offset, INTERRUPT_STATE::ES_ENTROPY_VALID.mask());
  CHECK(bench.read(INTERRUPT_STATE::offset) == INTERRUPT_STATE::ES_ENTROPY_VALID.mask());
  CHECK(bench.block.peek(ENTROPY_DATA::offset) == bench.block.peek(ENTROPY_DATA::offset));
  CHECK(bench.read_seed() == conditioned(bench.drawn, 0, 1024));
  bench.write(INTERRUPT_STATE::offset, INTERRUPT_STATE::ES_ENTROPY_VALID.mask());
  CHECK(bench.read(INTERRUPT_STATE::offset) == 0);
  bench.run(512 * 5);
  const SeedWords second = bench.read_seed();
  CHECK(second == conditioned(bench.drawn, 1024, 1536));
  bench.block.request(true);
  bench.run(10'000);
  CHECK(bench.seeds.empty());

  SUBCASE("not while CONF forbids it") {
    bench.disable();
    bench.configure(yes, no);
    bench.write(INTERRUPT_STATE::offset, 0xf);
    bench.enable();
    bench.run(6000);
    CHECK(bench.read(ENTROPY_DATA::offset) == 0);
    CHECK(bench.read(INTERRUPT_STATE::offset) == 0);
  }
  SUBCASE("unconditioned if it wants") {
    bench.disable();
    bench.route_to_software(yes);
    const std::size_t before = bench.drawn.size();
    bench.enable();
    bench.run(96 * 5 + 10);
    CHECK(bench.state() == boot_done);
    CHECK(bench.read_seed() == words_of(pack(bench.drawn, before, before + 96)));
  }
}

TEST_CASE("stuck noise fails the start-up as on the RTL") {
  for (const auto profile : {TimingProfile::rtl, TimingProfile::reference}) {
    for (const std::vector<uint8_t>& symbols : {std::vector<uint8_t>{0xf}, {0}, {0b1011, 0b1010, 0b1000, 0b0000}}) {
      Bench bench(repeating(symbols), profile);
      bench.configure_as_rom();
      bench.enable();
      if (profile == TimingProfile::rtl) {
        bench.run(512 * 5 + 2);
        CHECK(bench.state() == startup_fail1);
        bench.run(512 * 5);
      }
      CHECK(bench.state() == alert_hang);
      CHECK(bench.read(INTERRUPT_STATE::offset) == INTERRUPT_STATE::ES_HEALTH_TEST_FAILED.mask());
      CHECK(bench.read(RECOV_ALERT_STS::offset) == RECOV_ALERT_STS::ES_MAIN_SM_ALERT.mask());
      const uint32_t counts = bench.read(ALERT_FAIL_COUNTS::offset);
      CHECK(ALERT_FAIL_COUNTS::REPCNT_FAIL_COUNT.get(counts) == 15);
      // 1024 symbols; the one that reaches 41 repeats is the first to fail.
      const uint32_t repeats_before = symbols[0] == 0 ? 39 : 40;
      if (symbols.size() == 1) CHECK(bench.read(REPCNT_TOTAL_FAILS::offset) == 1024 - repeats_before);
      CHECK(bench.read(ALERT_SUMMARY_FAIL_COUNTS::offset) == bench.read(REPCNT_TOTAL_FAILS::offset));
      bench.block.request(true);
      bench.run(100'000);
      CHECK(bench.seeds.empty());
      // Software starts it again.
      bench.disable();
      CHECK(bench.state() == idle);
      bench.noise = good_noise(7);
      bench.enable();
      bench.run(6000);
      CHECK(bench.state() == continuous);
      CHECK(bench.read(REPCNT_TOTAL_FAILS::offset) == 0);
      CHECK(bench.read(ALERT_SUMMARY_FAIL_COUNTS::offset) == 0);
    }
  }
}

TEST_CASE("as many repetitions as the threshold fail, one less does not") {
  for (const unsigned repeats : {40U, 41U}) {
    std::mt19937 random(11);
    std::vector<uint8_t> window(repeats, 0xf);
    window.push_back(0);
    while (window.size() < 511) window.push_back(random() & 0xf);
    window.push_back(0);
    Bench bench(repeating(window));
    bench.configure_as_rom();
    bench.enable();
    bench.run(6000);
    CHECK(bench.state() == (repeats < 41 ? continuous : alert_hang));
  }
}

TEST_CASE("the proportion of ones may reach its limits") {
  const auto end_state = [](unsigned ones, uint32_t high, uint32_t low) {
    Bench bench(repeating(window_with_ones(ones)));
    bench.write(ADAPTP_HI_THRESHOLDS::offset, 0xffff'0000 | high);
    bench.write(ADAPTP_LO_THRESHOLDS::offset, low);
    bench.configure(yes, no, yes);
    bench.enable();
    bench.run(5200);
    CHECK((bench.read(ADAPTP_HI_WATERMARKS::offset) & 0xffff) == ones);
    CHECK((bench.read(ADAPTP_LO_WATERMARKS::offset) & 0xffff) == ones);
    return bench.state();
  };
  CHECK(end_state(512, 1536, 512) == continuous);
  CHECK(end_state(1536, 1536, 512) == continuous);
  CHECK(end_state(511, 1536, 512) == alert_hang);
  CHECK(end_state(1537, 1536, 512) == alert_hang);
  CHECK(end_state(824, 1224, 824) == continuous);
  CHECK(end_state(1225, 1224, 824) == alert_hang);
}

TEST_CASE("one bad window of the first two is forgiven; the seed is made of all three") {
  std::vector<uint8_t> symbols(50, 0xf);
  symbols.push_back(0);
  std::mt19937 random(12);
  while (symbols.size() < 4096) symbols.push_back(random() & 0xf);
  Bench bench(repeating(symbols));
  bench.configure_as_rom();
  bench.enable();
  bench.block.request(true);
  bench.run(512 * 5 + 2);
  CHECK(bench.state() == startup_fail1);
  CHECK(bench.read(ALERT_SUMMARY_FAIL_COUNTS::offset) == 10);
  bench.run(512 * 5);
  CHECK(bench.state() == startup_pass1);
  CHECK(bench.read(ALERT_SUMMARY_FAIL_COUNTS::offset) == 0);
  CHECK(bench.read(REPCNT_TOTAL_FAILS::offset) == 10);
  bench.run(512 * 5 + 100);
  CHECK(bench.state() == continuous);
  REQUIRE(bench.seeds.size() == 1);
  CHECK(bench.seeds[0] == conditioned(bench.drawn, 0, 1536));
}

TEST_CASE("failures while it runs: below the alert threshold the window is kept, at it all stops") {
  std::mt19937 random(13);
  std::vector<uint8_t> symbols;
  while (symbols.size() < 1024) symbols.push_back(random() & 0xf);
  symbols.push_back(0);
  for (unsigned i = 0; i < 43; ++i) symbols.push_back(0xf);
  symbols.push_back(0);
  while (symbols.size() < 65536) symbols.push_back(random() & 0xf);
  const auto prepare = [&](Bench& bench, uint32_t threshold) {
    bench.write(ALERT_THRESHOLD::offset, ~threshold << 16 | threshold);
    bench.configure_as_rom();
    bench.enable();
    bench.run(5200);
    CHECK(bench.state() == continuous);
    bench.block.request(true);
    CHECK(bench.seeds.size() == 1);
    bench.block.request(true);
    bench.run(512 * 5 + 100);
  };
  Bench forgiving(repeating(symbols));
  prepare(forgiving, 5);
  CHECK(forgiving.state() == continuous);
  CHECK(forgiving.read(ALERT_SUMMARY_FAIL_COUNTS::offset) == 3);
  CHECK(forgiving.seeds.size() == 1);
  forgiving.run(512 * 5);
  REQUIRE(forgiving.seeds.size() == 2);
  CHECK(forgiving.seeds[1] == conditioned(forgiving.drawn, 1024, 2048));
  CHECK(forgiving.read(ALERT_SUMMARY_FAIL_COUNTS::offset) == 0);

  Bench strict(repeating(symbols));
  prepare(strict, 2);
  CHECK(strict.state() == alert_hang);
  CHECK(strict.seeds.size() == 1);
  CHECK(strict.read(INTERRUPT_STATE::offset) == INTERRUPT_STATE::ES_HEALTH_TEST_FAILED.mask());
}

TEST_CASE("boot mode tries again until the alert threshold is reached") {
  Bench bench(repeating({0}));
  bench.write(BUCKET_THRESHOLDS::offset, 0x0020'ffff);
  bench.write(ALERT_THRESHOLD::offset, 0xfffc'0003);
  bench.enable();
  bench.run(96 * 5);
  CHECK(bench.state() == boot_running);
  CHECK(bench.read(BUCKET_TOTAL_FAILS::offset) == 1);
  bench.run(96 * 5);
  CHECK(bench.state() == boot_running);
  bench.run(96 * 5);
  CHECK(bench.state() == alert_hang);
  CHECK(bench.read(BUCKET_HI_WATERMARKS::offset) == 96U << 16);
  CHECK(ALERT_FAIL_COUNTS::BUCKET_FAIL_COUNT.get(bench.read(ALERT_FAIL_COUNTS::offset)) == 3);
}

TEST_CASE("each test can raise the alert by itself and is counted in its own place") {
  struct Case {
    uint32_t threshold_offset;
    uint32_t threshold;
    uint32_t total_offset;
    veer::Field count;
  };
  const Case cases[] = {
      {REPCNT_THRESHOLDS::offset, 4, REPCNT_TOTAL_FAILS::offset, ALERT_FAIL_COUNTS::REPCNT_FAIL_COUNT},
      {REPCNTS_THRESHOLDS::offset, 2, REPCNTS_TOTAL_FAILS::offset, ALERT_FAIL_COUNTS::REPCNTS_FAIL_COUNT},
      {ADAPTP_HI_THRESHOLDS::offset, 10, ADAPTP_HI_TOTAL_FAILS::offset, ALERT_FAIL_COUNTS::ADAPTP_HI_FAIL_COUNT},
      {ADAPTP_LO_THRESHOLDS::offset, 500, ADAPTP_LO_TOTAL_FAILS::offset, ALERT_FAIL_COUNTS::ADAPTP_LO_FAIL_COUNT},
      {BUCKET_THRESHOLDS::offset, 10, BUCKET_TOTAL_FAILS::offset, ALERT_FAIL_COUNTS::BUCKET_FAIL_COUNT},
      {MARKOV_HI_THRESHOLDS::offset, 10, MARKOV_HI_TOTAL_FAILS::offset, ALERT_FAIL_COUNTS::MARKOV_HI_FAIL_COUNT},
      {MARKOV_LO_THRESHOLDS::offset, 250, MARKOV_LO_TOTAL_FAILS::offset, ALERT_FAIL_COUNTS::MARKOV_LO_FAIL_COUNT},
  };
  for (const Case& each : cases) {
    Bench bench(good_noise(14));
    const bool low =
        each.threshold_offset == ADAPTP_LO_THRESHOLDS::offset || each.threshold_offset == MARKOV_LO_THRESHOLDS::offset;
    bench.write(each.threshold_offset, (low ? 0 : 0xffff'0000) | each.threshold);
    CHECK((bench.read(each.threshold_offset) & 0xffff) == each.threshold);
    bench.configure(yes);
    bench.enable();
    bench.run(5200);
    CAPTURE(each.threshold_offset);
    CHECK(bench.state() == alert_hang);
    CHECK(bench.read(each.total_offset) >= 2);
    CHECK(each.count.get(bench.read(ALERT_FAIL_COUNTS::offset)) >= 2);
    CHECK((bench.read(ALERT_FAIL_COUNTS::offset) & ~each.count.mask()) == 0);
    CHECK(bench.read(EXTHT_FAIL_COUNTS::offset) == 0);
  }
}

TEST_CASE("one line alone can be the noise") {
  Bench bench(good_noise(15));
  bench.write(CONF::offset, CONF::FIPS_ENABLE.place(yes) | CONF::ENTROPY_DATA_REG_ENABLE.place(no) |
                                CONF::THRESHOLD_SCOPE.place(no) | CONF::RNG_BIT_ENABLE.place(yes) |
                                CONF::RNG_BIT_SEL.place(2));
  bench.enable();
  bench.block.request(true);
  bench.run(4 * 1024 * 5 + 100);
  REQUIRE(bench.seeds.size() == 1);
  CHECK_FALSE(bench.fips_flags[0]);
  std::vector<uint8_t> symbols(1024, 0);
  for (std::size_t i = 0; i < 4096; ++i) symbols[i / 4] |= static_cast<uint8_t>((bench.drawn[i] >> 2 & 1) << (i % 4));
  CHECK(bench.seeds[0] == conditioned(symbols, 0, 1024));
}

TEST_CASE("noise that stops is waited for") {
  for (const auto profile : {TimingProfile::rtl, TimingProfile::reference}) {
    Bench bench(good_noise(16), profile);
    const Noise good = bench.noise;
    unsigned left = 700;
    bench.noise = [&]() -> std::optional<uint8_t> {
      if (left == 0) return std::nullopt;
      --left;
      return good();
    };
    bench.configure(yes);
    bench.enable();
    bench.block.request(true);
    bench.run(50'000);
    CHECK(bench.state() == startup_pass1);
    CHECK(bench.seeds.empty());
    left = 100'000;
    bench.run(3000);
    REQUIRE(bench.seeds.size() == 1);
    CHECK(bench.seeds[0] == conditioned(bench.drawn, 0, 1024));
  }
}

TEST_CASE("disabling forgets seeds; what the conditioner has taken stays in it") {
  Bench bench(good_noise(17));
  bench.configure(yes);
  bench.enable();
  bench.run(100 * 5 + 1);
  bench.disable();
  const std::size_t before = bench.drawn.size();
  CHECK(before == 100);
  bench.run(10'000);
  CHECK(bench.drawn.size() == before);
  bench.enable();
  bench.block.request(true);
  bench.run(5300);
  REQUIRE(bench.seeds.size() == 1);
  // Of the first 100 symbols 96 made whole 64-bit words.
  std::vector<uint8_t> symbols(bench.drawn.begin(), bench.drawn.begin() + 96);
  symbols.insert(symbols.end(), bench.drawn.begin() + 100, bench.drawn.begin() + 100 + 1024);
  CHECK(bench.seeds[0] == conditioned(symbols, 0, symbols.size()));

  bench.run(5000);
  CHECK(DEBUG_STATUS::ENTROPY_FIFO_DEPTH.get(bench.read(DEBUG_STATUS::offset)) != 0);
  bench.disable();
  CHECK(DEBUG_STATUS::ENTROPY_FIFO_DEPTH.get(bench.read(DEBUG_STATUS::offset)) == 0);
}

TEST_CASE("disabled while it conditions, it finishes that and goes on; that seed and the next are lost") {
  Bench bench(good_noise(18));
  bench.configure(yes);
  bench.enable();
  bench.run_until_state(conditioning);
  bench.write(MODULE_ENABLE::offset, no);
  CHECK(bench.state() == conditioning);
  CHECK(bench.read(REGWEN::offset) == 1);
  bench.enable();
  CHECK(bench.state() == conditioning);
  bench.run(100);
  CHECK(bench.state() == continuous);
  bench.block.request(true);
  bench.run(512 * 5 + 100);
  CHECK(bench.seeds.empty());
  bench.run(512 * 5);
  CHECK(bench.seeds.size() == 1);
  // Left disabled, it ends idle, and then there is a start-up.
  bench.run_until_state(conditioning);
  bench.disable();
  bench.run(100);
  CHECK(bench.state() == idle);
  bench.enable();
  CHECK(bench.state() == startup_phase1);
}

TEST_CASE("the same seed twice raises the bus-compare alert") {
  std::mt19937 random(19);
  std::vector<uint8_t> symbols;
  while (symbols.size() < 512) symbols.push_back(random() & 0xf);
  Bench bench(repeating(symbols));
  bench.configure(yes);
  bench.enable();
  bench.run(20'000);
  for (unsigned i = 0; i < 2; ++i) bench.block.request(true);
  CHECK(bench.read(RECOV_ALERT_STS::offset) == 0);
  bench.block.request(true);
  CHECK(bench.read(RECOV_ALERT_STS::offset) == RECOV_ALERT_STS::ES_BUS_CMP_ALERT.mask());
  bench.write(RECOV_ALERT_STS::offset, 0);
  CHECK(bench.read(RECOV_ALERT_STS::offset) == 0);
}
