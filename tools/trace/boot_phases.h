// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where in its boot a core is, by what it writes to CPTRA_BOOT_STATUS. The numbers are those of the official 1.x
// firmware (caliptra-sw, common/src/boot_status.rs, fmc/src/boot_status.rs, runtime/src/lib.rs).

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soc/core.h"

namespace caliptra::trace {

/// "KAT complete", or "boot status 0x123" for one that no official firmware has.
std::string boot_status_name(uint32_t status);

/// A line for people; empty for events that say nothing of their own (a mailbox status, a TRNG request).
std::string describe_event(const Event& event);

/// A stretch of the boot.
struct Phase {
  std::string name;
  uint64_t begin = 0;  ///< cycles
  uint64_t end = 0;
  uint64_t instructions = 0;  ///< retired in it
};

/// Cuts a run into phases ("IDevID", "firmware verification"), and these into steps that end with a boot status.
class BootPhases {
 public:
  void event(const Event& event);

  /// The run ends: what was under way ends with it.
  void finish(uint64_t cycle, uint64_t instructions);

  [[nodiscard]] std::span<const Phase> phases() const { return phases_; }
  [[nodiscard]] std::span<const Phase> steps() const { return steps_; }

 private:
  void end_step(std::string name, std::string_view phase, uint64_t cycle, uint64_t instructions);

  std::vector<Phase> phases_;
  std::vector<Phase> steps_;
  uint64_t since_ = 0;
  uint64_t instructions_ = 0;
  bool runtime_ = false;
  bool uploading_ = false;
};

}  // namespace caliptra::trace
