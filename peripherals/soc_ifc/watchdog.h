// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The two watchdog timers. From RTL soc_ifc/rtl/wdt.sv.

#pragma once

#include <cstdint>
#include <functional>

#include "iss/clock.h"
#include "iss/state_stream.h"

namespace caliptra {

/// Timer 1 counts while enabled. Timer 2 counts while it is enabled (independent) or while timer 1 has
/// timed out (cascaded). A timer times out, and stays there, when its count equals its period: a period of
/// 0 has timed out already, even where the timer is not enabled.
class Watchdog {
 public:
  explicit Watchdog(veer::Clock& clock);

  /// A timer has just timed out. Called after the levels below have changed.
  std::function<void(unsigned timer)> timed_out;

  /// The levels may have changed.
  std::function<void()> levels_changed;

  struct Settings {
    bool enabled[2] = {};
    uint64_t period[2] = {~0ULL, ~0ULL};  ///< in clock cycles
  };

  /// The register values as they are now.
  void configure(const Settings& settings);

  /// CPTRA_WDT_TIMERn_CTRL.restart: back to 0, unless the timer isn't counting or has timed out. `timer` is 1 or 2.
  void restart(unsigned timer);

  /// A write to error_internal_intr_r that has these bits set.
  void serviced(bool timer1_bit, bool timer2_bit);

  /// t1_timeout, t2_timeout.
  [[nodiscard]] bool timeout(unsigned timer) const { return counters_[timer - 1].timeout; }

  /// nmi_intr: timer 2 has timed out as the second stage of the cascade.
  [[nodiscard]] bool nmi() const { return timeout(2) && !settings_.enabled[1]; }

  void reset();
  void state(veer::StateStream& stream);

 private:
  struct Counter {
    uint64_t count = 0;
    bool counting = false;
    bool timeout = false;
  };

  void advance();
  void evaluate();
  void schedule();
  [[nodiscard]] veer::Clock::Cycle next_timeout() const;

  veer::Clock& clock_;
  veer::Clock::Slot slot_;
  Settings settings_;
  Counter counters_[2];
  veer::Clock::Cycle since_ = 0;  // the cycle at which the counts were right
};

}  // namespace caliptra
