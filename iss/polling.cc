// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Loops that only wait for a register to change. Firmware spends two thirds of a boot in them. Such a loop comes back
// to where it was, with the same registers and the same memory, until an event changes what it reads; so as many whole
// rounds as fit before the next event are skipped, and everything is as if they had been executed.

#include <algorithm>

#include "iss/hart_core.h"
#include "iss/timing/repetition.h"

namespace veer {
namespace {

constexpr unsigned longest_loop = 24;      // instructions
constexpr unsigned rounds_of_timing = 16;  // twice the largest of its rings: some loops take two rounds to come back
constexpr int suspicious = 3;              // times the same value at the same place
constexpr int suspicious_timing = 16;      // and where it takes more to find out
constexpr int rejected = -250;

}  // namespace

/// A load by the instruction at pc_ has read `value` from the bus.
void HartCore::note_poll(uint32_t address, uint32_t value) {
  if (probing_) {
    if (!bus_.steady(address)) disturbed_ = true;
    return;
  }
  Poll& poll = polls_[(pc_ >> 1) % polls_.size()];
  if (poll.pc != pc_ || poll.value != value) {
    poll = {.pc = pc_, .value = value, .seen = 0};
    return;
  }
  if (++poll.seen < (rtl_ ? suspicious_timing : suspicious)) return;
  if (!bus_.steady(address)) {
    poll.seen = rejected;
    return;
  }
  poll_found_ = true;
  attention_ = true;
}

/// The loop has been left after a suspicious load. Goes round once more (or as often as everything with a number in the
/// timing model needs to come round too), looking on; if that changed nothing, time moves to the last whole round
/// before `limit`.
void HartCore::skip_polling(Cycle limit) {
  const uint32_t first = pc_;
  const auto before = std::to_array(x_);
  const Cycle deadline = clock_.next_deadline();
  const auto unchanged_after_a_round = [&] {
    return go_round(first, limit) && !disturbed_ && before == std::to_array(x_) && clock_.next_deadline() == deadline;
  };
  const auto reject = [this] {
    for (Poll& poll : polls_) poll.seen = std::min(poll.seen, rejected);
  };
  Cycle begin = clock_.now();
  uint64_t idle = idle_;
  if (!unchanged_after_a_round()) return reject();
  std::optional<Repetition> timing;
  if (rtl_) {
    timing.emplace(*rtl_);
    begin = clock_.now();
    idle = idle_;
    for (unsigned round = 0; round < rounds_of_timing; ++round) {
      if (!unchanged_after_a_round()) return reject();
    }
    if (!timing->closed()) return reject();
  }
  if (limit <= clock_.now()) return;
  const Cycle round = clock_.now() - begin;
  const uint64_t times = (limit - clock_.now()) / round;
  idle_ += (idle_ - idle) * times;
  if (timing) timing->advance(times);
  clock_.advance_to(clock_.now() + round * times);
}

/// True if the hart comes back to `first` within `limit` and a few instructions.
bool HartCore::go_round(uint32_t first, Cycle limit) {
  disturbed_ = false;
  probing_ = true;
  bool closed = false;
  // In the rtl profile the loop is also left before an instruction that has to wait.
  const unsigned most = longest_loop * (rtl_ ? 2 : 1);
  for (unsigned i = 0; i < most && !closed && !disturbed_ && clock_.now() < limit; ++i) {
    limit_ = clock_.now() + 1;
    attention_ = false;
    execute_loop(true);
    if (attention_) disturbed_ = true;
    closed = pc_ == first;
  }
  probing_ = false;
  return closed;
}

}  // namespace veer
