// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/timing/repetition.h"

#include <algorithm>
#include <span>

namespace veer {

StateStream Repetition::saved(RtlTiming& timing) {
  StateStream stream;
  timing.state(stream);
  return stream;
}

bool Repetition::closed() {
  const StateStream after = saved(timing_);
  const uint64_t passed = timing_.now() - begin_;
  const std::span<const uint8_t> old_bytes = before_.output();
  const std::span<const uint8_t> new_bytes = after.output();
  if (old_bytes.size() != new_bytes.size() || before_.marks().size() != after.marks().size()) return false;
  const auto same = [&](std::size_t from, std::size_t to) {
    return std::equal(old_bytes.begin() + static_cast<std::ptrdiff_t>(from),
                      old_bytes.begin() + static_cast<std::ptrdiff_t>(to),
                      new_bytes.begin() + static_cast<std::ptrdiff_t>(from));
  };
  steps_.clear();
  std::size_t done = 0;
  for (std::size_t i = 0; i < after.marks().size(); ++i) {
    const StateStream::Mark& was = before_.marks()[i];
    const StateStream::Mark& is = after.marks()[i];
    if (!same(done, is.position)) return false;
    done = is.position + is.width;
    const uint64_t step = is.value - was.value;
    if (is.size == 0) {
      const bool past = step == 0 && (is.value == 0 || is.value + memory < begin_);
      if (!past && step != passed) return false;
    } else if (step % is.size != 0 || (step != 0 && is.size > 1 && was.value < is.size)) {
      return false;
    }
    steps_.push_back(step);
  }
  return same(done, new_bytes.size());
}

void Repetition::advance(uint64_t times) {
  StateStream stream(steps_, times);
  timing_.state(stream);
}

}  // namespace veer
