// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/history.h"

#include <algorithm>
#include <optional>

#include "iss/hart.h"
#include "iss/state_stream.h"
#include "soc/soc_manager.h"

namespace caliptra {
namespace {

constexpr uint64_t never = veer::Clock::never;

// How far before the target a run backwards leaves a snapshot, for the next one: single steps come in rows.
constexpr uint64_t near_distance = 20'000;

// A core that is stopped again and again without getting anywhere has no more to repeat.
constexpr unsigned most_idle_runs = 1000;

}  // namespace

History::History(Core& core, SocManager* soc, Settings settings) : core_(core), soc_(soc), settings_(settings) {
  frontier_ = now();
}

History::Position History::now() const { return {core_.hart().executed(), core_.cycles()}; }

/// The first snapshot that is later than a position.
std::size_t History::first_behind(Position position) const {
  const auto found = std::upper_bound(snapshots_.begin(), snapshots_.end(), position,
                                      [](Position at, const Snapshot& each) { return at < each.at; });
  return static_cast<std::size_t>(found - snapshots_.begin());
}

void History::changed() {
  snapshots_.erase(snapshots_.begin() + static_cast<std::ptrdiff_t>(first_behind(now())), snapshots_.end());
  frontier_ = now();
  change_pending_ = true;
  set_replaying(false);
}

void History::forget() {
  snapshots_.clear();
  changed();
}

/// Keeps the present state.
void History::record() {
  veer::StateStream stream;
  core_.state(stream);
  if (soc_ != nullptr) soc_->state(stream);
  Snapshot snapshot{.at = now(), .pinned = change_pending_, .state = stream.take_output()};
  change_pending_ = false;
  const std::size_t index = first_behind(snapshot.at);
  if (index != 0 && snapshots_[index - 1].at == snapshot.at) {
    snapshot.pinned = snapshot.pinned || snapshots_[index - 1].pinned;
    snapshots_[index - 1] = std::move(snapshot);
    return;
  }
  snapshots_.insert(snapshots_.begin() + static_cast<std::ptrdiff_t>(index), std::move(snapshot));
  thin_out();
}

/// Forgets the snapshot between whose neighbours the least has to be executed again; changes, and the first snapshot of
/// all, only from the old end on.
void History::thin_out() {
  const auto pinned = std::count_if(snapshots_.begin(), snapshots_.end(), [](const auto& each) { return each.pinned; });
  if (static_cast<std::size_t>(pinned) > settings_.most_changes) {
    const auto next =
        std::find_if(snapshots_.begin() + 1, snapshots_.end(), [](const auto& each) { return each.pinned; });
    snapshots_.erase(snapshots_.begin(), next);
    return;
  }
  if (snapshots_.size() - static_cast<std::size_t>(pinned) <= settings_.most_snapshots) return;
  std::optional<std::size_t> victim;
  uint64_t least = never;
  for (std::size_t i = 1; i + 1 < snapshots_.size(); ++i) {
    const uint64_t gap = snapshots_[i + 1].at.executed - snapshots_[i - 1].at.executed;
    if (snapshots_[i].pinned || gap >= least) continue;
    least = gap;
    victim = i;
  }
  if (victim) snapshots_.erase(snapshots_.begin() + static_cast<std::ptrdiff_t>(*victim));
}

void History::restore(std::size_t index) {
  veer::StateStream stream(snapshots_[index].state);
  core_.state(stream);
  if (soc_ != nullptr) soc_->state(stream);
}

void History::set_replaying(bool replaying) {
  if (replaying_ == replaying) return;
  replaying_ = replaying;
  if (listener_) listener_(replaying);
}

/// Where the core has not been before.
RunResult History::run_live(RunLimits limits, uint64_t most_executed) {
  const veer::Hart& hart = core_.hart();
  if (hart.executed() - snapshots_.back().at.executed >= settings_.interval) record();
  limits.most_executed = std::min(most_executed, snapshots_.back().at.executed + settings_.interval - hart.executed());
  const RunResult result = core_.run(limits);
  frontier_ = now();
  return result;
}

/// Where the core has been before: up to the next change, which is repeated, or to the end of what is known.
RunResult History::run_again(RunLimits limits, uint64_t most_executed) {
  std::size_t index = first_behind(now());
  while (index < snapshots_.size() && !snapshots_[index].pinned) ++index;
  const bool changes = index < snapshots_.size();
  const Position bound = changes ? snapshots_[index].at : frontier_;
  limits.most_executed = most_executed;
  limits.until_cycle = std::min(limits.until_cycle, bound.cycle);
  const RunResult result = core_.run(limits);
  if (now() < bound) return result;
  if (changes) {
    restore(index);
    if (result.reason == StopReason::breakpoint) core_.hart().pass_breakpoint();
    if (result.reason == StopReason::watchpoint) core_.hart().pass_watchpoint();
  }
  if (now() >= frontier_) set_replaying(false);
  return result;
}

RunResult History::run(const RunLimits& limits) {
  const veer::Hart& hart = core_.hart();
  if (change_pending_) record();
  const uint64_t begin = hart.executed();
  for (;;) {
    const uint64_t done = hart.executed() - begin;
    if (done >= limits.most_executed || core_.instructions() >= limits.until_instructions) {
      return {.reason = StopReason::instruction_limit};
    }
    if (core_.cycles() >= limits.until_cycle) return {.reason = StopReason::cycle_limit};
    const uint64_t left = limits.most_executed - done;
    const RunResult result = replaying_ ? run_again(limits, left) : run_live(limits, left);
    if (result.reason != StopReason::instruction_limit && result.reason != StopReason::cycle_limit) return result;
  }
}

/// Executes again until so many instructions have executed, with no change in between.
void History::advance(uint64_t executed) {
  const veer::Hart& hart = core_.hart();
  unsigned idle_runs = 0;
  while (hart.executed() < executed && idle_runs < most_idle_runs) {
    const Position before = now();
    const RunResult result = core_.run({.most_executed = executed - hart.executed()});
    if (result.reason == StopReason::no_progress) return;
    idle_runs = now() == before ? idle_runs + 1 : 0;
  }
}

/// Restores what is nearest before a number of instructions, and executes the rest.
void History::arrive_at(uint64_t executed) {
  std::size_t index = first_behind({executed, never});
  if (index != 0) --index;
  // Of several states with the same number, those that were slept through, the last that was changed is the one.
  restore(index);
  const uint64_t distance = executed - std::min(executed, snapshots_[index].at.executed);
  if (distance > 2 * near_distance) {
    advance(executed - near_distance);
    record();
  }
  advance(executed);
}

History::Back History::go_to(uint64_t executed) {
  if (change_pending_) record();
  executed = std::min(executed, frontier_.executed);
  const bool before_all = executed < oldest().executed;
  core_.hart().put_points_aside(true);
  set_replaying(true);
  arrive_at(std::max(executed, oldest().executed));
  core_.hart().put_points_aside(false);
  if (now() >= frontier_) set_replaying(false);
  return {.reason = before_all ? Back::Reason::beginning : Back::Reason::moved};
}

History::Back History::step_back() {
  const Position here = now();
  if (change_pending_) record();
  if (here.executed > oldest().executed) return go_to(here.executed - 1);
  if (here != oldest()) {
    set_replaying(true);
    restore(0);
  }
  return {.reason = Back::Reason::beginning};
}

/// Runs until the hart's next breakpoint or watchpoint before a cycle.
std::optional<RunResult> History::next_stop(uint64_t cycle) {
  unsigned idle_runs = 0;
  while (core_.cycles() < cycle && idle_runs < most_idle_runs) {
    const Position before = now();
    const RunResult result = core_.run({.until_cycle = cycle});
    if (result.reason == StopReason::breakpoint || result.reason == StopReason::watchpoint) return result;
    if (result.reason == StopReason::no_progress) break;
    idle_runs = now() == before ? idle_runs + 1 : 0;
  }
  return std::nullopt;
}

History::Back History::run_back(const std::function<bool()>& give_up) {
  const Position here = now();
  if (change_pending_) record();
  set_replaying(true);
  Position end = here;
  for (std::size_t index = snapshots_.size(); index-- != 0;) {
    if (snapshots_[index].at >= end) continue;
    // Everything that stops from this snapshot to the next, for the last of it.
    restore(index);
    if (give_up && give_up()) return {.reason = Back::Reason::interrupted};
    uint64_t stops = 0;
    RunResult last;
    while (const auto stop = next_stop(end.cycle)) {
      ++stops;
      last = *stop;
    }
    if (stops == 0) {
      end = snapshots_[index].at;
      continue;
    }
    // The same way again: an interrupt may lie between the instruction before and the stop.
    restore(index);
    for (; stops != 0; --stops) (void)next_stop(end.cycle);
    const bool breakpoint = last.reason == StopReason::breakpoint;
    return {.reason = breakpoint ? Back::Reason::breakpoint : Back::Reason::watchpoint,
            .address = last.address,
            .kind = last.kind};
  }
  if (here != oldest()) restore(0);
  if (now() >= frontier_) set_replaying(false);
  return {.reason = Back::Reason::beginning};
}

}  // namespace caliptra
