// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/soc_ifc/watchdog.h"

#include <algorithm>

namespace caliptra {

using veer::Clock;

Watchdog::Watchdog(Clock& clock)
    : clock_(clock), slot_(clock.add_event("watchdog", [this] {
        advance();
        schedule();
      })) {}

Clock::Cycle Watchdog::next_timeout() const {
  Clock::Cycle next = Clock::never;
  for (unsigned i = 0; i < 2; ++i) {
    if (!counters_[i].counting) continue;
    // A count beyond its period goes round through 2^64.
    const uint64_t left = settings_.period[i] - counters_[i].count;
    if (left < Clock::never - since_) next = std::min(next, since_ + left);
  }
  return next;
}

// Brings the counts up to now, stopping at every timeout on the way: the second may follow from the first.
void Watchdog::advance() {
  const auto move_to = [this](Clock::Cycle time) {
    for (Counter& counter : counters_) {
      if (counter.counting) counter.count += time - since_;
    }
    since_ = time;
  };
  while (next_timeout() <= clock_.now()) {
    move_to(next_timeout());
    evaluate();
  }
  move_to(clock_.now());
}

void Watchdog::evaluate() {
  const bool before[2] = {counters_[0].timeout, counters_[1].timeout};
  for (unsigned i = 0; i < 2; ++i) counters_[i].timeout = counters_[i].count == settings_.period[i];
  counters_[0].counting = settings_.enabled[0] && !counters_[0].timeout;
  counters_[1].counting = (settings_.enabled[1] || counters_[0].timeout) && !counters_[1].timeout;
  for (unsigned i = 0; i < 2; ++i) {
    if (counters_[i].timeout && !before[i] && timed_out) timed_out(i + 1);
  }
  if (levels_changed) levels_changed();
}

void Watchdog::schedule() {
  const Clock::Cycle next = next_timeout();
  if (next == Clock::never) {
    clock_.cancel(slot_);
  } else {
    clock_.schedule_at(slot_, next);
  }
}

void Watchdog::configure(const Settings& settings) {
  advance();
  settings_ = settings;
  evaluate();
  schedule();
}

void Watchdog::restart(unsigned timer) {
  advance();
  Counter& counter = counters_[timer - 1];
  if (counter.counting) counter.count = 0;
  evaluate();
  schedule();
}

void Watchdog::serviced(bool timer1_bit, bool timer2_bit) {
  advance();
  const bool timeout1 = counters_[0].timeout;
  const bool timeout2 = counters_[1].timeout;
  const bool independent = settings_.enabled[1];
  const bool serviced1 = timer1_bit && timeout1;
  const bool serviced2 = timer2_bit && timeout2 && independent;
  if (serviced1 && settings_.enabled[0] && (independent || !timeout2)) counters_[0].count = 0;
  // In the cascade timer 2 starts over with timer 1. Once it has timed out only a reset helps.
  if (serviced2 || (serviced1 && !timeout2 && !independent)) counters_[1].count = 0;
  evaluate();
  schedule();
}

void Watchdog::reset() {
  settings_ = {};
  for (Counter& counter : counters_) counter = {};
  since_ = clock_.now();
  clock_.cancel(slot_);
  if (levels_changed) levels_changed();
}

void Watchdog::state(veer::StateStream& stream) {
  stream.section("watchdog", 1);
  for (unsigned i = 0; i < 2; ++i) {
    stream(settings_.enabled[i]);
    stream(settings_.period[i]);
    stream(counters_[i].count);
    stream(counters_[i].counting);
    stream(counters_[i].timeout);
  }
  stream(since_);
}

}  // namespace caliptra
