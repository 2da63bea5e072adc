// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// --save-snapshot, --at and --load-snapshot of a run.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "soc/core.h"
#include "soc/soc_manager.h"
#include "tools/caliptra-emu/event_spec.h"
#include "tools/snapshot-file/snapshot_file.h"

namespace veer {
class StateStream;
}

namespace caliptra::emu {

struct SnapshotOptions {
  std::optional<std::string> save;  ///< the file
  std::optional<EventSpec> at;      ///< when; nothing: at the end of the run
  std::optional<std::string> load;
};

/// Everything must outlive it.
class Snapshots {
 public:
  /// `more` saves or restores what the run itself remembers. Throws Failure.
  Snapshots(const SnapshotOptions& options, snapshot_file::Identity identity, Core& core, SocManager& soc,
            std::function<void(veer::StateStream&)> more);

  /// Whether the core begins in a snapshot instead of powered off.
  [[nodiscard]] bool loads() const { return options_.load.has_value(); }
  void load();  ///< Throws Failure.

  /// Whether the moment to save has come: then the core should stop, and save() be called between runs.
  [[nodiscard]] bool notice(const Event& event);
  [[nodiscard]] bool notice_line(std::string_view line);
  /// The cycle at which it comes, or Clock::never.
  [[nodiscard]] uint64_t deadline() const;

  /// Between runs: saves if the moment has come.
  void save_if_due();
  /// At the end: saves if that was the moment. Otherwise says in error() that it never came.
  void finish();

  /// What failed; empty where nothing did.
  [[nodiscard]] const std::string& error() const { return error_; }
  /// The moment to save never came.
  [[nodiscard]] bool missed() const { return missed_; }

 private:
  void save();

  const SnapshotOptions& options_;
  snapshot_file::Identity identity_;
  Core& core_;
  SocManager& soc_;
  std::function<void(veer::StateStream&)> more_;
  bool due_ = false;
  bool saved_ = false;
  bool missed_ = false;
  std::string error_;
};

}  // namespace caliptra::emu
