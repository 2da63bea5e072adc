// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/entropy_src/health_tests.h"

#include <algorithm>

#include "iss/state_stream.h"

namespace caliptra {
namespace {

constexpr uint64_t one_in_each_lane = 0x0001'0001'0001'0001;

/// By symbol: 1 in the lane of each line that is 1.
constexpr std::array<uint64_t, 16> lane_ones = [] {
  std::array<uint64_t, 16> lanes{};
  for (unsigned symbol = 0; symbol < 16; ++symbol) {
    for (unsigned line = 0; line < 4; ++line) lanes[symbol] |= uint64_t{symbol >> line & 1} << (16 * line);
  }
  return lanes;
}();

constexpr uint16_t lane(uint64_t lanes, unsigned line) { return static_cast<uint16_t>(lanes >> (16 * line)); }

constexpr uint16_t largest(uint64_t lanes) {
  return std::max(std::max(lane(lanes, 0), lane(lanes, 1)), std::max(lane(lanes, 2), lane(lanes, 3)));
}
constexpr uint16_t smallest(uint64_t lanes) {
  return std::min(std::min(lane(lanes, 0), lane(lanes, 1)), std::min(lane(lanes, 2), lane(lanes, 3)));
}
constexpr uint16_t sum(uint64_t lanes) {
  return static_cast<uint16_t>(lane(lanes, 0) + lane(lanes, 1) + lane(lanes, 2) + lane(lanes, 3));
}

/// Adds 1 to the lanes chosen; a lane that is full stays so.
constexpr uint64_t count(uint64_t lanes, uint64_t chosen) {
  if ((lanes & 0x8000'8000'8000'8000) == 0) [[likely]]
    return lanes + chosen;
  uint64_t full = 0;
  for (unsigned line = 0; line < 4; ++line) {
    if (lane(lanes, line) == 0xffff) full |= uint64_t{0xffff} << (16 * line);
  }
  return lanes + (chosen & ~full);
}

/// A test that fails below its threshold; the others fail above it.
constexpr bool is_low(HealthTests::Test test) {
  return test == HealthTests::adaptp_lo || test == HealthTests::markov_lo || test == HealthTests::extht_lo;
}

template <typename Counter>
void count_up(Counter& counter, Counter limit) {
  if (counter != limit) ++counter;
}

}  // namespace

void HealthTests::reset() {
  for (unsigned mode = 0; mode < mode_count; ++mode) {
    for (unsigned test = 0; test < test_count; ++test) {
      const bool low = is_low(static_cast<Test>(test));
      thresholds_[mode][test] = low ? 0 : 0xffff;
      watermarks_[mode][test] = low ? 0xffff : 0;
    }
  }
  total_fails_ = {};
  clear_alert_counts();
  repetitions_ = 0;
  symbol_repetitions_ = 0;
  repeated_ = 0;
  ones_ = 0;
  bins_ = {};
  pairs_ = 0;
  paired_ = 0;
  second_of_pair_ = false;
}

void HealthTests::clear(Mode mode) {
  const auto thresholds = thresholds_;
  reset();
  thresholds_ = thresholds;
  repetitions_ = one_in_each_lane;
  symbol_repetitions_ = 1;
  note_repetitions(mode);
}

void HealthTests::clear_alert_counts() {
  alert_fails_ = {};
  any_fails_ = 0;
}

void HealthTests::tighten(Test test, Mode mode, uint16_t threshold) {
  uint16_t& present = thresholds_[mode][test];
  present = is_low(test) ? std::max(present, threshold) : std::min(present, threshold);
}

void HealthTests::note(Test test, Mode mode, uint16_t value) {
  uint16_t& mark = watermarks_[mode][test];
  mark = is_low(test) ? std::min(mark, value) : std::max(mark, value);
}

void HealthTests::note_repetitions(Mode mode) {
  note(repcnt, mode, largest(repetitions_));
  note(repcnts, mode, symbol_repetitions_);
}

bool HealthTests::fail(Test test) {
  count_up(total_fails_[test], 0xffff'ffffU);
  count_up(alert_fails_[test], uint8_t{15});
  return true;
}

bool HealthTests::take(uint8_t symbol, bool window_end, Mode mode, bool sum_of_lines) {
  const auto& limits = thresholds_[mode];
  const auto& marks = watermarks_[mode];
  bool failed = false;

  const uint64_t same = lane_ones[symbol ^ repeated_ ^ 0xf];
  repetitions_ = count((repetitions_ & (same * 0xffff)) | (one_in_each_lane & ~same), same);
  if (symbol == repeated_) {
    count_up(symbol_repetitions_, uint16_t{0xffff});
  } else {
    symbol_repetitions_ = 1;
  }
  repeated_ = symbol;
  // Once there has been one of 15, shorter ones move no watermark, and seldom fail.
  const bool short_ones = (repetitions_ & 0xfff0'fff0'fff0'fff0) == 0;
  if (!short_ones || marks[repcnt] < 15 || limits[repcnt] < 16) {
    const uint16_t most = largest(repetitions_);
    note(repcnt, mode, most);
    if (most >= limits[repcnt]) failed |= fail(repcnt);
  }
  if (symbol_repetitions_ > marks[repcnts]) note(repcnts, mode, symbol_repetitions_);
  if (symbol_repetitions_ >= limits[repcnts]) failed |= fail(repcnts);

  ones_ = count(ones_, lane_ones[symbol]);
  count_up(bins_[symbol], uint16_t{0xffff});
  if (second_of_pair_) pairs_ = count(pairs_, lane_ones[symbol ^ paired_]);
  paired_ = symbol;
  second_of_pair_ = !second_of_pair_;

  if (window_end) {
    const auto judge_high = [&](Test test, uint16_t value) {
      note(test, mode, value);
      if (value > limits[test]) failed |= fail(test);
    };
    const auto judge_low = [&](Test test, uint16_t value) {
      note(test, mode, value);
      if (value < limits[test]) failed |= fail(test);
    };
    judge_high(adaptp_hi, sum_of_lines ? sum(ones_) : largest(ones_));
    judge_low(adaptp_lo, sum_of_lines ? sum(ones_) : smallest(ones_));
    judge_high(bucket, *std::max_element(bins_.begin(), bins_.end()));
    judge_high(markov_hi, sum_of_lines ? sum(pairs_) : largest(pairs_));
    judge_low(markov_lo, sum_of_lines ? sum(pairs_) : smallest(pairs_));
    note(extht_hi, mode, 0);
    note(extht_lo, mode, 0);
    ones_ = 0;
    bins_ = {};
    pairs_ = 0;
    paired_ = 0;
    second_of_pair_ = false;
  }
  if (failed) count_up(any_fails_, uint16_t{0xffff});
  return failed;
}

void HealthTests::state(veer::StateStream& stream) {
  for (auto& limits : thresholds_) stream(limits);
  for (auto& marks : watermarks_) stream(marks);
  stream(total_fails_);
  stream(alert_fails_);
  stream(any_fails_);
  stream(repetitions_);
  stream(symbol_repetitions_);
  stream(repeated_);
  stream(ones_);
  stream(bins_);
  stream(pairs_);
  stream(paired_);
  stream(second_of_pair_);
}

}  // namespace caliptra
