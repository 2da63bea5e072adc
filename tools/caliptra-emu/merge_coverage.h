// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <optional>
#include <string>
#include <vector>

namespace caliptra::emu {

/// `caliptra-emu merge-coverage`: what it takes.
struct MergeCoverageOptions {
  std::vector<std::string> files;    ///< of --coverage
  std::vector<std::string> symbols;  ///< FILE.elf[@ADDRESS]
  std::optional<std::string> output;
  std::optional<std::string> lcov;
};

/// Adds the coverage of several runs of the same code. Returns the exit status. Throws Failure.
[[nodiscard]] int merge_coverage(const MergeCoverageOptions& options);

}  // namespace caliptra::emu
