// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Running backwards: what a core did is kept as snapshots at intervals, and as the certainty that it does the same
// again.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "soc/core.h"

namespace caliptra {

class SocManager;

/// Runs a core, and brings it back to any state that it was in since the first run. It remembers a snapshot every so
/// many instructions; between two of them, and behind the last, it executes again.
///
/// What the core does by itself, and what a SocManager does from the core's clock, comes again by itself. Everybody
/// else who acts on the core (a debugger that writes a register, a caller of soc_write() or of SocManager::start())
/// tells it by changed(): then the state behind that action is kept, and running forward again passes through it, so
/// that the action is repeated exactly, at its cycle, without its author. An action in the past begins another future:
/// what had come behind it is forgotten.
///
/// While the past is repeated, the core's events and its console come again as well. Listeners who have written down
/// what they heard the first time ask replaying(), and hear by on_replay() when that begins and ends. Belongs to the
/// core's thread.
class History {
 public:
  struct Settings {
    uint64_t interval = 1'000'000;     ///< instructions between two snapshots
    std::size_t most_snapshots = 128;  ///< of about 0.4 MB each: with more to remember the intervals get longer
    std::size_t most_changes = 1024;   ///< actions from outside; with more, the oldest times are forgotten
  };

  /// A moment between two instructions.
  struct Position {
    uint64_t executed = 0;  ///< Hart::executed()
    uint64_t cycle = 0;     ///< it sleeps
    auto operator<=>(const Position&) const = default;
  };

  /// `soc` may be null. Both must outlive the history. The core stays as it is.
  explicit History(Core& core, SocManager* soc = nullptr) : History(core, soc, Settings{}) {}
  History(Core& core, SocManager* soc, Settings settings);

  /// Core::run(), remembered. It is the only one to run the core.
  RunResult run(const RunLimits& limits);

  /// The core was changed from outside, since the last run: call it behind the change.
  void changed();

  /// Where running backwards has ended.
  struct Back {
    enum class Reason : uint8_t {
      moved,       ///< to where it was asked to go
      breakpoint,  ///< at the instruction of a breakpoint that was the last one to be reached
      watchpoint,  ///< at the instruction that touched a watched address last, which has yet to execute
      beginning,   ///< at the oldest state that is remembered
      interrupted,
    };
    Reason reason = Reason::moved;
    uint32_t address = 0;                            ///< watchpoint: what was touched
    veer::WatchKind kind = veer::WatchKind::access;  ///< watchpoint: how
  };

  /// Undoes one instruction.
  Back step_back();

  /// Runs back to the last breakpoint or watchpoint of the hart that was reached before now, or to the beginning.
  /// `give_up` is asked now and then: true ends it at the state that it has come to, with `interrupted`.
  Back run_back(const std::function<bool()>& give_up = {});

  /// Forgets everything: the past begins now.
  void forget();

  /// Goes to the state in which so many instructions had executed (Hart::executed()); not beyond where the core has
  /// been.
  Back go_to(uint64_t executed);

  /// Whether the core stands or runs where it has been before.
  [[nodiscard]] bool replaying() const { return replaying_; }

  /// Called with true when the core goes back, and with false when it is as far as it has ever been, or was changed.
  /// One listener: a hart's observer that writes down what it sees can be taken off in between.
  void on_replay(std::function<void(bool)> listener) { listener_ = std::move(listener); }

  [[nodiscard]] Position now() const;
  [[nodiscard]] Position oldest() const { return snapshots_.empty() ? now() : snapshots_.front().at; }
  [[nodiscard]] std::size_t snapshot_count() const { return snapshots_.size(); }

 private:
  struct Snapshot {
    Position at;
    bool pinned;  ///< behind a change: without it the change would be lost
    std::vector<uint8_t> state;
  };

  void record();
  void thin_out();
  void restore(std::size_t index);
  RunResult run_live(RunLimits limits, uint64_t most_executed);
  RunResult run_again(RunLimits limits, uint64_t most_executed);
  [[nodiscard]] std::optional<RunResult> next_stop(uint64_t cycle);
  void advance(uint64_t executed);
  void arrive_at(uint64_t executed);
  void set_replaying(bool replaying);
  [[nodiscard]] std::size_t first_behind(Position position) const;

  Core& core_;
  SocManager* soc_;
  const Settings settings_;
  std::vector<Snapshot> snapshots_;  ///< in the order of time
  Position frontier_;                ///< how far the core has ever been
  bool change_pending_ = true;       ///< the present state has to be kept before the core runs on
  bool replaying_ = false;
  std::function<void(bool)> listener_;
};

}  // namespace caliptra
