// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <array>
#include <cstdint>

#include "iss/clock.h"

namespace veer {

class StateStream;

/// The two internal timers (el2_dec_timer_ctl in el2_dec_tlu_ctl.sv). A counter that has reached its bound goes back to
/// 0 in the next cycle and pulses its interrupt then; timer 1 can count timer 0's pulses (cascade). Counts are worked
/// out from the time when they are looked at; only a timer whose pulse somebody waits for is watched by an event.
class InternalTimers {
 public:
  using Cycle = Clock::Cycle;

  void reset(Cycle now);

  /// mitcnt, mitb and mitctl of timer 0 or 1.
  [[nodiscard]] uint32_t count(unsigned timer, Cycle now) const;
  [[nodiscard]] uint32_t bound(unsigned timer) const { return timers_[timer].bound; }
  [[nodiscard]] uint32_t control(unsigned timer) const { return timers_[timer].control; }
  void set_count(unsigned timer, uint32_t value, Cycle now);
  void set_bound(unsigned timer, uint32_t value, Cycle now);
  void set_control(unsigned timer, uint32_t value, Cycle now);

  /// Whether the hart is halted or pausing: timers stop then unless mitctl says otherwise.
  void set_sleep(bool halted, bool paused, Cycle now);

  /// The cycle of the next pulse after `now` of a timer, or Clock::never.
  [[nodiscard]] Cycle next_pulse(unsigned timer, Cycle now) const;

  void state(StateStream& stream);

 private:
  struct Timer {
    uint32_t count = 0;  ///< at `since`
    uint32_t bound = 0xffffffff;
    uint32_t control = 1;
    Cycle since = 0;
  };

  [[nodiscard]] bool running(unsigned timer) const;
  /// Timer 1 counts the pulses of timer 0, which with a bound of 0 come in every cycle.
  [[nodiscard]] bool cascaded() const { return (timers_[1].control & 8) != 0 && timers_[0].bound != 0; }
  /// From when on a timer counts, and from what: one at its bound goes back to 0 first, whatever mitctl says.
  struct Start {
    Cycle since;
    uint32_t count;
  };
  [[nodiscard]] static Start start(const Timer& timer);
  /// Pulses of timer 0 in the cycles (from, to].
  [[nodiscard]] uint64_t pulses(Cycle from, Cycle to) const;
  void settle(Cycle now);

  std::array<Timer, 2> timers_;
  bool halted_ = false;
  bool paused_ = false;
};

}  // namespace veer
