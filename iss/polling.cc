// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Loops that only wait for a register to change. Firmware spends two thirds of a boot in them. Such a loop comes back
// to where it was, with the same registers and the same memory, until an event changes what it reads; so as many whole
// rounds as fit before the next event are skipped, and everything is as if they had been executed.

#include <algorithm>

#include "iss/hart_core.h"

namespace veer {
namespace {

constexpr unsigned longest_loop = 24;  // instructions
constexpr int suspicious = 3;          // times the same value at the same place
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
  if (++poll.seen < suspicious) return;
  poll_found_ = true;
  attention_ = true;
}

/// The loop has been left after a suspicious load. Goes round once more, looking on; if that changed nothing, time
/// moves to the last whole round before `limit`.
void HartCore::skip_polling(Cycle limit) {
  const uint32_t first = pc_;
  const Cycle begin = clock_.now();
  const auto before = std::to_array(x_);
  const Cycle deadline = clock_.next_deadline();
  const bool closed = go_round(first, limit);
  if (!closed || disturbed_ || before != std::to_array(x_) || clock_.next_deadline() != deadline) {
    for (Poll& poll : polls_) poll.seen = std::min(poll.seen, rejected);
    return;
  }
  const Cycle round = clock_.now() - begin;
  if (limit > clock_.now()) clock_.advance_to(clock_.now() + (limit - clock_.now()) / round * round);
}

/// True if the hart comes back to `first` within `limit` and a few instructions.
bool HartCore::go_round(uint32_t first, Cycle limit) {
  disturbed_ = false;
  probing_ = true;
  bool closed = false;
  for (unsigned i = 0; i < longest_loop && !closed && !disturbed_ && clock_.now() < limit; ++i) {
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
