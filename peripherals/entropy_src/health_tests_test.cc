// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/entropy_src/health_tests.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>

#include "iss/state_stream.h"

using caliptra::HealthTests;

namespace {

constexpr auto fips = HealthTests::fips;
constexpr auto bypass = HealthTests::bypass;

/// The tests written down in the plainest way, line by line and without limits.
struct Plain {
  unsigned line_repeats[4] = {1, 1, 1, 1};
  unsigned symbol_repeats = 1;
  unsigned previous = 0;
  unsigned ones[4] = {};
  unsigned bins[16] = {};
  unsigned changes[4] = {};
  unsigned symbols = 0;

  void take(unsigned symbol) {
    for (unsigned line = 0; line < 4; ++line) {
      const bool same = ((symbol ^ previous) >> line & 1) == 0;
      line_repeats[line] = same ? line_repeats[line] + 1 : 1;
      ones[line] += symbol >> line & 1;
      if (symbols % 2 == 1 && !same) ++changes[line];
    }
    symbol_repeats = symbol == previous ? symbol_repeats + 1 : 1;
    previous = symbol;
    ++bins[symbol];
    ++symbols;
  }
};

}  // namespace

TEST_CASE("every count agrees with the plain way, with and without the sum over the lines") {
  for (const bool sum_of_lines : {false, true}) {
    std::mt19937 random(sum_of_lines ? 1 : 2);
    HealthTests tests;
    tests.clear(fips);
    Plain plain;
    unsigned repcnt = 0;
    unsigned repcnts = 0;
    const unsigned window = 101;
    for (unsigned round = 0; round < 50; ++round) {
      const HealthTests::Mode mode = round % 2 == 0 ? fips : bypass;
      tests.clear(mode);
      plain = {};
      repcnt = repcnts = 1;
      const unsigned bias = random();
      for (unsigned i = 1; i <= window; ++i) {
        const unsigned symbol = random() & ((random() & 1) != 0 ? bias & 0xf : 0xf);
        CHECK_FALSE(tests.take(static_cast<uint8_t>(symbol), i == window, mode, sum_of_lines));
        plain.take(symbol);
        repcnt = std::max(repcnt, *std::max_element(plain.line_repeats, plain.line_repeats + 4));
        repcnts = std::max(repcnts, plain.symbol_repeats);
      }
      const auto total = [](const unsigned(&counts)[4]) { return counts[0] + counts[1] + counts[2] + counts[3]; };
      const auto most = [](const unsigned(&counts)[4]) { return *std::max_element(counts, counts + 4); };
      const auto least = [](const unsigned(&counts)[4]) { return *std::min_element(counts, counts + 4); };
      REQUIRE(tests.watermark(HealthTests::repcnt, mode) == repcnt);
      REQUIRE(tests.watermark(HealthTests::repcnts, mode) == repcnts);
      REQUIRE(tests.watermark(HealthTests::bucket, mode) == *std::max_element(plain.bins, plain.bins + 16));
      REQUIRE(tests.watermark(HealthTests::adaptp_hi, mode) == (sum_of_lines ? total(plain.ones) : most(plain.ones)));
      REQUIRE(tests.watermark(HealthTests::adaptp_lo, mode) == (sum_of_lines ? total(plain.ones) : least(plain.ones)));
      REQUIRE(tests.watermark(HealthTests::markov_hi, mode) ==
              (sum_of_lines ? total(plain.changes) : most(plain.changes)));
      REQUIRE(tests.watermark(HealthTests::markov_lo, mode) ==
              (sum_of_lines ? total(plain.changes) : least(plain.changes)));
      REQUIRE(tests.watermark(HealthTests::extht_hi, mode) == 0);
      REQUIRE(tests.watermark(HealthTests::extht_lo, mode) == 0);
    }
  }
}

TEST_CASE("windows start their counts afresh, repetitions go on") {
  HealthTests tests;
  tests.clear(fips);
  for (unsigned i = 1; i <= 8; ++i) tests.take(0xf, i == 8, fips, false);
  for (unsigned i = 1; i <= 8; ++i) tests.take(0xf, i == 8, fips, false);
  CHECK(tests.watermark(HealthTests::adaptp_hi, fips) == 8);
  CHECK(tests.watermark(HealthTests::bucket, fips) == 8);
  CHECK(tests.watermark(HealthTests::repcnt, fips) == 16);
  CHECK(tests.watermark(HealthTests::repcnts, fips) == 16);
}

TEST_CASE("the first symbol repeats an imagined zero") {
  HealthTests tests;
  tests.clear(fips);
  tests.tighten(HealthTests::repcnt, fips, 3);
  CHECK_FALSE(tests.take(0b1110, false, fips, false));  // line 0: 2
  CHECK(tests.take(0b0010, false, fips, false));        // line 0: 3
  CHECK(tests.total_fails(HealthTests::repcnt) == 1);
  CHECK(tests.watermark(HealthTests::repcnt, fips) == 3);
}

TEST_CASE("thresholds get stricter only, and each half for itself") {
  HealthTests tests;
  CHECK(tests.threshold(HealthTests::repcnt, fips) == 0xffff);
  CHECK(tests.threshold(HealthTests::markov_lo, bypass) == 0);
  tests.tighten(HealthTests::repcnt, fips, 41);
  tests.tighten(HealthTests::repcnt, fips, 50);
  CHECK(tests.threshold(HealthTests::repcnt, fips) == 41);
  CHECK(tests.threshold(HealthTests::repcnt, bypass) == 0xffff);
  tests.tighten(HealthTests::adaptp_lo, bypass, 100);
  tests.tighten(HealthTests::adaptp_lo, bypass, 99);
  CHECK(tests.threshold(HealthTests::adaptp_lo, bypass) == 100);
  tests.clear(fips);
  CHECK(tests.threshold(HealthTests::repcnt, fips) == 41);
  tests.reset();
  CHECK(tests.threshold(HealthTests::repcnt, fips) == 0xffff);
}

TEST_CASE("high thresholds may be reached, low ones too; one more or less fails") {
  const auto fails_with = [](HealthTests::Test test, uint16_t threshold) {
    HealthTests tests;
    tests.clear(fips);
    tests.tighten(test, fips, threshold);
    // Lines 0 and 1 are 1 in 6 and in 2 of 8 symbols.
    const uint8_t symbols[] = {1, 1, 1, 1, 1, 3, 2, 0};
    for (unsigned i = 0; i < 8; ++i) tests.take(symbols[i], i == 7, fips, false);
    return tests.total_fails(test);
  };
  CHECK(fails_with(HealthTests::adaptp_hi, 6) == 0);
  CHECK(fails_with(HealthTests::adaptp_hi, 5) == 1);
  CHECK(fails_with(HealthTests::adaptp_lo, 0) == 0);
  CHECK(fails_with(HealthTests::adaptp_lo, 1) == 1);
  CHECK(fails_with(HealthTests::bucket, 5) == 0);
  CHECK(fails_with(HealthTests::bucket, 4) == 1);
  CHECK(fails_with(HealthTests::markov_hi, 2) == 0);
  CHECK(fails_with(HealthTests::markov_hi, 1) == 1);
  CHECK(fails_with(HealthTests::markov_lo, 1) == 1);
}

TEST_CASE("failures are counted per test, together once per symbol, and stop at their limits") {
  HealthTests tests;
  tests.clear(fips);
  tests.tighten(HealthTests::repcnt, fips, 1);
  tests.tighten(HealthTests::repcnts, fips, 1);
  for (unsigned i = 0; i < 20; ++i) CHECK(tests.take(5, false, fips, false));
  CHECK(tests.total_fails(HealthTests::repcnt) == 20);
  CHECK(tests.alert_fails(HealthTests::repcnt) == 15);
  CHECK(tests.alert_fails(HealthTests::repcnts) == 15);
  CHECK(tests.any_fails() == 20);
  tests.clear_alert_counts();
  CHECK(tests.any_fails() == 0);
  CHECK(tests.alert_fails(HealthTests::repcnt) == 0);
  CHECK(tests.total_fails(HealthTests::repcnt) == 20);
  for (unsigned i = 0; i < 70'000; ++i) tests.take(5, false, fips, false);
  CHECK(tests.any_fails() == 0xffff);
  CHECK(tests.watermark(HealthTests::repcnt, fips) == 0xffff);
  CHECK(tests.watermark(HealthTests::repcnts, fips) == 0xffff);
  tests.clear(fips);
  CHECK(tests.total_fails(HealthTests::repcnt) == 0);
  CHECK(tests.watermark(HealthTests::repcnt, fips) == 1);
}

TEST_CASE("a counter that is full leaves its neighbours alone") {
  HealthTests tests;
  tests.clear(fips);
  for (unsigned i = 0; i < 66'000; ++i) tests.take(i % 2 == 0 ? 0b0001 : 0b0011, false, fips, false);
  tests.take(0b0001, true, fips, false);
  CHECK(tests.watermark(HealthTests::adaptp_hi, fips) == 0xffff);  // line 0 and no carry into line 1
  CHECK(tests.watermark(HealthTests::adaptp_lo, fips) == 0);
  CHECK(tests.watermark(HealthTests::markov_hi, fips) == 33'000);
}

TEST_CASE("a snapshot continues as if nothing had been") {
  std::mt19937 random(7);
  HealthTests tests;
  tests.clear(bypass);
  tests.tighten(HealthTests::repcnt, bypass, 5);
  for (unsigned i = 0; i < 1000; ++i) tests.take(random() & 7, i % 96 == 95, bypass, true);
  veer::StateStream save;
  tests.state(save);
  HealthTests other;
  veer::StateStream restore(save.output());
  other.state(restore);
  restore.finish();
  REQUIRE(restore.ok());
  for (unsigned i = 0; i < 1000; ++i) {
    const auto symbol = static_cast<uint8_t>(random() & 7);
    REQUIRE(tests.take(symbol, i % 96 == 95, bypass, true) == other.take(symbol, i % 96 == 95, bypass, true));
  }
  veer::StateStream first;
  veer::StateStream second;
  tests.state(first);
  other.state(second);
  CHECK(first.output() == second.output());
}
