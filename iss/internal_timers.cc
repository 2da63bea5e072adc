// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/internal_timers.h"

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
  if (!running(0) && timers_[0].bound != 0) return 1;
  const uint64_t period = uint64_t{timers_[0].bound} + 1;
  return (to - first) / period + 1;
}

uint32_t InternalTimers::count(unsigned index, Cycle now) const {
  const Timer& timer = timers_[index];
  if (now <= timer.since) return timer.count;
  if (timer.count >= timer.bound || index == 0 || !cascaded()) {
    // The cycle in which it goes back to 0 for the first time.
    const Cycle first = timer.count >= timer.bound ? timer.since + 1
                        : running(index)           ? timer.since + (timer.bound - timer.count) + 1
                                                   : Clock::never;
    if (now < first) return running(index) ? timer.count + static_cast<uint32_t>(now - timer.since) : timer.count;
    if (!running(index)) return 0;
    if (index == 0 || !cascaded()) return static_cast<uint32_t>((now - first) % (uint64_t{timer.bound} + 1));
  }
  const uint64_t ticks = running(1) ? pulses(timer.since, now) : 0;
  const uint64_t needed = timer.count >= timer.bound ? 0 : timer.bound - timer.count;
  if (ticks < needed) return timer.count + static_cast<uint32_t>(ticks);
  if (timer.bound == 0) return 0;
  const uint64_t rest = (ticks - needed) % timer.bound;
  const bool at_bound = rest == 0 && ticks != 0 && pulses(timer.since, now - 1) != ticks;
  return at_bound ? timer.bound : static_cast<uint32_t>(rest);
}

Clock::Cycle InternalTimers::next_pulse(unsigned index, Cycle now) const {
  const Timer& timer = timers_[index];
  if (index == 1 && cascaded() && timer.count < timer.bound) {
    if (!running(1)) return Clock::never;
    const Cycle first = next_pulse(0, timer.since);
    if (first == Clock::never || (!running(0) && timers_[0].bound != 0)) return Clock::never;
    const uint64_t period = uint64_t{timers_[0].bound} + 1;
    Cycle pulse = first + period * (timer.bound - timer.count - 1) + 1;
    if (pulse <= now) pulse += ((now - pulse) / (period * timer.bound) + 1) * period * timer.bound;
    return pulse;
  }
  Cycle pulse = Clock::never;
  if (timer.count >= timer.bound) {
    pulse = timer.since + 1;
  } else if (running(index)) {
    pulse = timer.since + (timer.bound - timer.count) + 1;
  }
  if (pulse == Clock::never || pulse > now) return pulse;
  if ((!running(index) || (index == 1 && cascaded())) && timer.bound != 0) return Clock::never;
  const uint64_t period = uint64_t{timer.bound} + 1;
  return pulse + ((now - pulse) / period + 1) * period;
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
