// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/merge_coverage.h"

#include <fmt/format.h>

#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/files.h"
#include "tools/coverage/coverage.h"
#include "tools/symbols/symbols.h"

namespace caliptra::emu {
namespace {

constexpr std::size_t largest_file = std::size_t{64} << 20;

}  // namespace

int merge_coverage(const MergeCoverageOptions& options) {
  symbols::SymbolTable symbols;
  std::string error;
  for (const std::string& each : options.symbols) {
    if (!symbols.load(each, error)) throw Failure(exit_input_file, error);
  }
  if (options.lcov && symbols.lines().empty()) throw Failure(exit_input_file, no_source_lines);
  coverage::Coverage all;
  for (const std::string& path : options.files) {
    const std::vector<uint8_t> bytes = read_file("coverage", path, {.minimum = 1, .maximum = largest_file});
    coverage::Coverage one;
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    if (!one.parse(text, error) || !all.merge(one, error)) {
      throw Failure(exit_input_file, fmt::format("cannot take coverage from {}: {}", path, error));
    }
  }
  if (options.output) write_file("coverage", *options.output, all.json());
  if (options.lcov) write_file("lcov tracefile", *options.lcov, all.lcov(symbols, "caliptra_emu"));
  return exit_success;
}

}  // namespace caliptra::emu
