// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A run as one HTML page that needs nothing else: no network, no other file.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "iss/timing/statistics.h"
#include "tools/coverage/coverage.h"
#include "tools/profile/profile.h"
#include "tools/profile/stacks.h"
#include "tools/trace/boot_phases.h"
#include "tools/trace/code_map.h"
#include "tools/trace/engine_spans.h"
#include "tools/trace/mailbox_log.h"

namespace caliptra::report {

/// An exception, an interrupt or an NMI that was taken.
struct TakenTrap {
  uint64_t begin = 0;  ///< cycles
  uint64_t end = 0;
  uint32_t pc = 0;
  uint32_t cause = 0;
  uint32_t detail = 0;
};

/// Something that went wrong.
struct Problem {
  uint64_t cycle = 0;
  std::string text;
};

/// Everything that a page shows. What it points to must outlive the call.
struct Data {
  std::string title;
  std::string result;                                      ///< why the run ended
  bool good = true;                                        ///< it ended as it should
  std::vector<std::pair<std::string, std::string>> setup;  ///< ROM, hardware, …
  uint64_t cycles = 0;
  uint64_t instructions = 0;
  std::span<const trace::Phase> phases;
  std::span<const trace::Phase> steps;
  std::span<const trace::EngineSpans::Engine> engines;
  std::span<const trace::EngineSpan> engine_spans;
  std::span<const trace::MailboxTransaction> transactions;
  std::span<const TakenTrap> traps;
  std::vector<Problem> problems;
  const profile::Profiler* profiler = nullptr;
  std::vector<profile::StackUse> stacks;
  const coverage::Coverage* coverage = nullptr;
  const trace::CodeMap* code = nullptr;
  std::optional<veer::TimingStatistics> timing;
  std::string console;
};

std::string report_html(const Data& data);

}  // namespace caliptra::report
