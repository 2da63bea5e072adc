// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/internal_timers.h"

#include <algorithm>

#include "iss/state_stream.h"

namespace veer {
namespace {

constexpr uint32_t enable = 1;
constexpr uint32_t enable_halted = 2;
constexpr uint32_t enable_paused = 4;

}  // namespace

void InternalTimers::reset(Cycle now) {
  timers_ = {};
  for (Timer& timer : timers_) timer.since = now;
  halted_ = false;
  paused_ = false;
}

bool InternalTimers::running(unsigned timer) const {
  const uint32_t control = timers_[timer].control;
  return (control & enable) != 0 && (!halted_ || (control & enable_halted) != 0) &&
         (!paused_ || (control & enable_paused) != 0);
}

uint64_t InternalTimers::pulses(Cycle from, Cycle to) const {
  const Cycle first = next_pulse(0, from);
  if (first > to) return 0;
  if (!running(0)) return 1;
  const uint64_t period = uint64_t{timers_[0].bound} + 1;
  return (to - first) / period + 1;
}

InternalTimers::Start InternalTimers::start(const Timer& timer) {
  if (timer.count >= timer.bound) return {.since = timer.since + 1, .count = 0};
  return {.since = timer.since, .count = timer.count};
}

uint32_t InternalTimers::count(unsigned index, Cycle now) const {
  const Timer& timer = timers_[index];
  if (now <= timer.since) return timer.count;
  const auto [since, count] = start(timer);
  if (!running(index) || timer.bound == 0) return count;
  if (index == 0 || !cascaded()) {
    return static_cast<uint32_t>((count + (now - since)) % (uint64_t{timer.bound} + 1));
  }
  const uint64_t ticks = pulses(since, now);
  const uint64_t needed = timer.bound - count;
  if (ticks < needed) return count + static_cast<uint32_t>(ticks);
  // It is at its bound in the cycle of that tick only.
  const uint64_t rest = (ticks - needed) % timer.bound;
  const bool at_bound = rest == 0 && pulses(since, now - 1) != ticks;
  return at_bound ? timer.bound : static_cast<uint32_t>(rest);
}

Clock::Cycle InternalTimers::next_pulse(unsigned index, Cycle now) const {
  const Timer& timer = timers_[index];
  if (timer.bound == 0) return std::max(now, timer.since) + 1;
  const auto [since, count] = start(timer);
  if (since != timer.since && since > now) return since;
  if (!running(index)) return Clock::never;
  Cycle pulse = since + (timer.bound - count) + 1;
  uint64_t period = uint64_t{timer.bound} + 1;
  if (index == 1 && cascaded()) {
    const Cycle first = next_pulse(0, since);
    if (first == Clock::never) return Clock::never;
    if (!running(0)) return timer.bound - count == 1 && first >= now ? first + 1 : Clock::never;
    const uint64_t tick = uint64_t{timers_[0].bound} + 1;
    pulse = first + tick * (timer.bound - count - 1) + 1;
    period = tick * timer.bound;
  }
  if (pulse <= now) pulse += ((now - pulse) / period + 1) * period;
  return pulse;
}

void InternalTimers::settle(Cycle now) {
  const uint32_t second = count(1, now);
  const uint32_t first = count(0, now);
  for (unsigned index = 0; index < 2; ++index) {
    Timer& timer = timers_[index];
    if (now <= timer.since) continue;
    timer.count = index == 0 ? first : second;
    timer.since = now;
  }
}

void InternalTimers::set_count(unsigned timer, uint32_t value, Cycle now) {
  settle(now);
  timers_[timer].count = value;
  timers_[timer].since = now;
}

void InternalTimers::set_bound(unsigned timer, uint32_t value, Cycle now) {
  settle(now);
  timers_[timer].bound = value;
}

void InternalTimers::set_control(unsigned timer, uint32_t value, Cycle now) {
  settle(now);
  timers_[timer].control = value & (timer == 0 ? 0x7 : 0xf);
}

void InternalTimers::set_sleep(bool halted, bool paused, Cycle now) {
  if (halted == halted_ && paused == paused_) return;
  settle(now);
  halted_ = halted;
  paused_ = paused;
}

void InternalTimers::state(StateStream& stream) {
  stream.section("internal timers", 1);
  for (Timer& timer : timers_) {
    stream(timer.count);
    stream(timer.bound);
    stream(timer.control);
    stream(timer.since);
  }
  stream(halted_);
  stream(paused_);
}

}  // namespace veer
