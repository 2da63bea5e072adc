// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The health tests that the entropy source runs over each symbol of noise: repetition count (per line and
// per symbol), adaptive proportion, bucket and Markov. From entropy_src_*_ht.sv, entropy_src_cntr_reg.sv
// and entropy_src_watermark_reg.sv.

#pragma once

#include <array>
#include <cstdint>

namespace veer {
class StateStream;
}

namespace caliptra {

/// The tests' thresholds, counters, watermarks and failure counts. They never stop: a symbol is tested
/// whatever becomes of it.
class HealthTests {
 public:
  /// In the order of the *_THRESHOLDS and *_TOTAL_FAILS registers.
  enum Test : uint8_t {
    repcnt,
    repcnts,
    adaptp_hi,
    adaptp_lo,
    bucket,
    markov_hi,
    markov_lo,
    extht_hi,  ///< Caliptra connects no external test: its counts are 0 and it never fails
    extht_lo,
    test_count
  };

  /// Which of two sets of thresholds and watermarks counts: the low or the high half of their registers.
  enum Mode : uint8_t { fips, bypass, mode_count };

  HealthTests() { reset(); }

  /// The hardware reset.
  void reset();

  /// module_enable rises: all counts and watermarks start over; thresholds stay.
  void clear(Mode mode);

  /// A window has passed: the failures that count towards an alert are forgotten.
  void clear_alert_counts();

  /// Sets a threshold, if that is stricter than the present one. (After a reset, the others are ignored.)
  void tighten(Test test, Mode mode, uint16_t threshold);
  [[nodiscard]] uint16_t threshold(Test test, Mode mode) const { return thresholds_[mode][test]; }

  /// Tests one symbol of four bits. `window_end`: it is the last of its window. Says whether any test failed.
  bool take(uint8_t symbol, bool window_end, Mode mode, bool sum_of_lines);

  /// The other thresholds and watermarks count from now on.
  void change_mode(Mode mode) { note_repetitions(mode); }

  [[nodiscard]] uint16_t watermark(Test test, Mode mode) const { return watermarks_[mode][test]; }
  [[nodiscard]] uint32_t total_fails(Test test) const { return total_fails_[test]; }

  /// Failures since the last window that passed; at most 15 per test, 65535 altogether.
  [[nodiscard]] uint8_t alert_fails(Test test) const { return alert_fails_[test]; }
  [[nodiscard]] uint16_t any_fails() const { return any_fails_; }

  void state(veer::StateStream& stream);

 private:
  static constexpr unsigned lines = 4;
  using Lanes = uint64_t;  ///< a counter of 16 bits for each of the four lines

  void note_repetitions(Mode mode);
  void note(Test test, Mode mode, uint16_t value);
  bool fail(Test test);

  std::array<std::array<uint16_t, test_count>, mode_count> thresholds_{};
  std::array<std::array<uint16_t, test_count>, mode_count> watermarks_{};
  std::array<uint32_t, test_count> total_fails_{};
  std::array<uint8_t, test_count> alert_fails_{};
  uint16_t any_fails_ = 0;

  Lanes repetitions_ = 0;
  uint16_t symbol_repetitions_ = 0;
  uint8_t repeated_ = 0;  ///< the symbol that repetitions are counted of
  Lanes ones_ = 0;
  std::array<uint16_t, 16> bins_{};
  Lanes pairs_ = 0;
  uint8_t paired_ = 0;  ///< the first symbol of a pair
  bool second_of_pair_ = false;
};

}  // namespace caliptra
