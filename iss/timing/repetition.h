// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Whether the timing model has come back to where it was: everything as before, and whatever tells a time or a number
// either moved on or long past. Then it will do the same again, as long as the code does, and can be moved to any later
// repetition at once.

#pragma once

#include <cstdint>
#include <vector>

#include "iss/state_stream.h"
#include "iss/timing/rtl.h"

namespace veer {

class Repetition {
 public:
  /// `timing` as it is now is the beginning.
  explicit Repetition(RtlTiming& timing) : timing_(timing), before_(saved(timing)), begin_(timing.now()) {}

  /// Whether the timing is now where it was in the beginning.
  [[nodiscard]] bool closed();
  /// After closed(): goes on to where it will be after `times` further repetitions.
  void advance(uint64_t times);

 private:
  /// What is older than this many cycles has no effect any more: more than a ROM line, a division and a full bus take.
  static constexpr uint64_t memory = 256;

  static StateStream saved(RtlTiming& timing);

  RtlTiming& timing_;
  StateStream before_;
  uint64_t begin_;
  std::vector<uint64_t> steps_;
};

}  // namespace veer
