// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// mtime and mtimecmp, and the timer interrupt they make. From RTL soc_ifc/rtl/soc_ifc_top.sv.

#pragma once

#include <cstdint>
#include <functional>

#include "iss/clock.h"
#include "iss/state_stream.h"

namespace caliptra {

/// A 64-bit count of clock cycles since power-good, which stands still only around warm resets.
class MachineTimer {
 public:
  explicit MachineTimer(veer::Clock& clock);

  /// The level mtime >= mtimecmp may have changed.
  std::function<void(bool level)> interrupt;

  [[nodiscard]] uint64_t time() const;
  void set_time(uint64_t value);
  [[nodiscard]] uint64_t compare() const { return compare_; }
  void set_compare(uint64_t value);

  /// Whether the clock runs.
  void set_running(bool running);

  /// Power is lost: everything is 0, the count stands, and the interrupt is low until the clock runs.
  void reset();
  void state(veer::StateStream& stream);

 private:
  void update();

  veer::Clock& clock_;
  veer::Clock::Slot slot_;
  uint64_t time_ = 0;
  veer::Clock::Cycle since_ = 0;
  uint64_t compare_ = 0;
  bool running_ = false;
};

}  // namespace caliptra
