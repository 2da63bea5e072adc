// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Everything that looks on while a core runs, and what it leaves: traces, a timeline, profiles, coverage, a report.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "soc/core.h"
#include "tools/symbols/symbols.h"

namespace caliptra::emu {

/// What to look at, as the command line says it. "-" is standard output.
struct ObservationOptions {
  enum class TraceFormat : uint8_t { compact, spike, spike_commits, human };

  std::vector<std::string> symbols;  ///< FILE.elf[@ADDRESS]

  std::optional<std::string> trace;
  TraceFormat trace_format = TraceFormat::compact;
  std::vector<std::string> trace_filters;  ///< see trace::Filter::add()

  std::optional<std::string> timeline;
  std::optional<uint64_t> timeline_shortest;  ///< cycles; shorter calls are left out

  std::optional<std::string> profile;     ///< hot-spot table
  std::optional<std::string> flamegraph;  ///< SVG
  std::optional<std::string> collapsed;   ///< collapsed stacks
  std::optional<std::string> stacks;      ///< stack high-water marks
  std::vector<std::string> stack_rooms;   ///< see profile::parse_stack_room()

  std::optional<std::string> coverage;  ///< counts and bitmaps
  std::optional<std::string> lcov;

  std::optional<std::string> report;  ///< HTML
};

/// What the run is of.
struct ObservedRun {
  std::vector<uint8_t> firmware;                           ///< the bundle, or nothing
  std::vector<std::pair<std::string, std::string>> setup;  ///< for the report: "ROM" and its path, …
};

/// Attaches what the options ask for to a core; nothing of it changes how the core runs.
class Observation {
 public:
  /// `core` must outlive it. Files are created here. `on_failure` is called once when a trace can't be written. Throws
  /// Failure.
  Observation(const ObservationOptions& options, Core& core, ObservedRun run, std::function<void()> on_failure);
  ~Observation();
  Observation(const Observation&) = delete;
  Observation& operator=(const Observation&) = delete;

  /// Of all files that --symbols named.
  [[nodiscard]] const symbols::SymbolTable& symbols() const;

  /// Looks away (true), while a debugger repeats what has been seen, and on again.
  void pause(bool paused);

  /// Begins a trace (in the format that the options say), or ends the one that is written: for a debugger's `monitor`.
  /// Empty, or what is wrong.
  [[nodiscard]] std::string start_trace(const std::string& path);
  [[nodiscard]] std::string stop_trace();

  /// What could not be written; empty where nothing failed.
  [[nodiscard]] const std::string& error() const;

  /// The run is over: takes the observers off, and writes what is left. `result` says why it ended, `good` whether it
  /// was to end so.
  void finish(std::string_view result, bool good);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace caliptra::emu
