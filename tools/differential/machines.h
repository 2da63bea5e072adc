// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The two that run random programs: our hart, and QEMU.

#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "iss/instructions/table.h"
#include "iss/observer.h"
#include "iss/timing_profile.h"
#include "tools/differential/support.h"

namespace caliptra::differential {

struct Outcome {
  Image image;  ///< what is in memory afterwards
  uint64_t instructions = 0;
  bool finished = false;  ///< it came to its end
};

/// How our hart is run.
struct Way {
  veer::TimingProfile timing = veer::TimingProfile::reference;
  bool observed = false;
  veer::Observer* observer = nullptr;  ///< who looks on, if it is observed and anybody wants to
  /// For tests of the tools: this op does nothing.
  std::optional<veer::Op> broken = std::nullopt;
};

Outcome run_hart(const Image& image, const Way& way);

/// Debian's qemu-system-riscv32, as it is found in PATH. One process runs many programs.
class Qemu {
 public:
  explicit Qemu(std::string program) : program_(std::move(program)) {}

  /// Whether it can be started.
  [[nodiscard]] bool found() const;

  /// The memory after each program, or what went wrong.
  [[nodiscard]] std::variant<std::vector<Image>, std::string> run(std::span<const Image> images) const;

 private:
  std::string program_;
};

}  // namespace caliptra::differential
