// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Everything that looks on while a core runs, and what it leaves: traces, for now.

#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "soc/core.h"
#include "tools/symbols/symbols.h"

namespace caliptra::emu {

/// What to look at, as the command line says it. Files are created when the run begins.
struct ObservationOptions {
  enum class TraceFormat : uint8_t { compact, spike, spike_commits, human };

  std::vector<std::string> symbols;  ///< FILE.elf[@ADDRESS]
  std::optional<std::string> trace;
  TraceFormat trace_format = TraceFormat::compact;
  std::vector<std::string> trace_filters;  ///< see trace::Filter::add()
};

/// Attaches what the options ask for to a core; nothing of it changes how the core runs.
class Observation {
 public:
  /// `core` must outlive it. `on_failure` is called once when a file can't be written. Throws Failure.
  Observation(const ObservationOptions& options, Core& core, std::function<void()> on_failure);
  ~Observation();
  Observation(const Observation&) = delete;
  Observation& operator=(const Observation&) = delete;

  /// Of all files that --symbols named.
  [[nodiscard]] const symbols::SymbolTable& symbols() const { return symbols_; }

  /// Looks away (true), while a debugger repeats what has been seen, and on again.
  void pause(bool paused);

  /// Begins a trace (in the format that the options say), or ends the one that is written: for a debugger's `monitor`.
  /// Empty, or what is wrong.
  [[nodiscard]] std::string start_trace(const std::string& path);
  [[nodiscard]] std::string stop_trace();

  /// What could not be written; empty where nothing failed.
  [[nodiscard]] std::string error() const;

  /// The run is over: takes the observers off, and writes what is left. `reason` is why it ended.
  void finish(std::string_view reason);

 private:
  struct Parts;
  symbols::SymbolTable symbols_;
  std::unique_ptr<Parts> parts_;
};

}  // namespace caliptra::emu
