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

/// Why there can be no lcov tracefile.
inline constexpr const char* no_source_lines =
    "--lcov needs source lines, and the files of --symbols have none: compile with -g";

/// Adds the coverage of several runs of the same code. Returns the exit status. Throws Failure.
[[nodiscard]] int merge_coverage(const MergeCoverageOptions& options);

}  // namespace caliptra::emu
