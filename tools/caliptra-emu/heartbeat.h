// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// One line on a terminal that tells how far a long run is, and how fast.

#pragma once

#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "soc/core.h"

namespace caliptra::emu {

class Heartbeat {
 public:
  /// Writes to `descriptor` if it is a terminal; does nothing otherwise.
  explicit Heartbeat(const Core& core, int descriptor = STDERR_FILENO);
  ~Heartbeat() { clear(); }
  Heartbeat(const Heartbeat&) = delete;
  Heartbeat& operator=(const Heartbeat&) = delete;

  /// Between runs of the core: shows the line, if its time has come.
  void beat();

  /// Takes the line away, before anything else is written to the terminal.
  void clear();

  /// The line: cycles, millions of instructions per second since the last one, and the boot status.
  [[nodiscard]] static std::string line(uint64_t cycles, double million_per_second, uint32_t boot_status);

 private:
  using Time = std::chrono::steady_clock::time_point;

  const Core& core_;
  int descriptor_;
  bool on_;
  bool visible_ = false;
  Time next_;
  Time last_;
  uint64_t last_instructions_ = 0;
};

}  // namespace caliptra::emu
