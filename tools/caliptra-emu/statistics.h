// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What --stats writes.

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "iss/timing_profile.h"
#include "soc/core.h"
#include "soc/time_breakdown.h"

namespace caliptra::emu {

/// A point that the boot went through.
struct Milestone {
  std::string event;
  uint64_t cycle = 0;
  uint64_t instructions = 0;
};

struct Statistics {
  /// event, exit, fatal, commands-done, max-cycles, max-instructions, no-firmware, no-progress, refused,
  /// host-io or interrupted.
  std::string stop_reason;
  uint64_t cycles = 0;
  uint64_t instructions = 0;
  double host_seconds = 0;
  uint32_t boot_status = 0;
  uint32_t flow_status = 0;
  uint32_t firmware_error_fatal = 0;
  uint32_t firmware_error_non_fatal = 0;
  uint32_t hardware_error_fatal = 0;
  veer::TimingProfile timing = veer::TimingProfile::reference;
  std::vector<Milestone> milestones;
  std::vector<TimeBreakdown::Phase> phases;

  /// Keeps an event if it is one of the milestones: a boot status, ready-for-fw, rt-ready or a reset. A
  /// guest that writes its boot status without end fills no more than a bounded list.
  void notice(const Event& event);

  /// Reads the registers that the statistics hold.
  void sample(const Core& core);

  /// One JSON object and a newline. Numbers are numbers, registers included.
  [[nodiscard]] std::string json() const;
};

}  // namespace caliptra::emu
