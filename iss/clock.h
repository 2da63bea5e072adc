// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The one clock of a core and its event queue. Everything that finishes later than it was started
// (engines, watchdogs, resets, interrupts) is an event here; nothing polls.

#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <vector>

namespace veer {

class StateStream;

/// Time in clock cycles since construction. Events are slots registered once, while a core is put
/// together, so that a snapshot can name them by number; a slot is either idle or has one deadline.
/// Not thread-safe.
class Clock {
 public:
  using Cycle = uint64_t;
  using Slot = uint32_t;
  static constexpr Cycle never = std::numeric_limits<Cycle>::max();

  /// Registers an event slot. `name` is for diagnostics and must be unique within the clock.
  /// `action` runs with now() >= its deadline.
  Slot add_event(std::string name, std::function<void()> action);

  /// The current cycle. While an instruction executes, this is the cycle at which it began.
  [[nodiscard]] Cycle now() const { return now_; }

  /// The earliest deadline, or `never`.
  [[nodiscard]] Cycle next_deadline() const { return next_deadline_; }

  /// Sets the deadline of `slot`, replacing any earlier one. A deadline at or before now() runs
  /// before the next instruction. Events with the same deadline run in the order they were scheduled.
  void schedule_at(Slot slot, Cycle deadline);
  void schedule_in(Slot slot, Cycle cycles) { schedule_at(slot, now_ + lag_ + cycles); }
  /// From here on schedule_in() counts from so many cycles after now(): while a store of the core's is carried out that
  /// arrives then.
  void set_lag(Cycle cycles) { lag_ = cycles; }
  void cancel(Slot slot);
  [[nodiscard]] bool pending(Slot slot) const { return slots_[slot].deadline != never || slots_[slot].left != never; }
  /// Of a slot whose clock is stopped: as if it went on now.
  [[nodiscard]] Cycle deadline(Slot slot) const {
    return slots_[slot].left != never ? now_ + slots_[slot].left : slots_[slot].deadline;
  }

  /// Puts a slot on the gated clock, which stop_gated() stops and lets go on: none of these comes due meanwhile, and
  /// each has as many cycles left afterwards as before.
  void gate(Slot slot) { slots_[slot].gated = true; }
  void stop_gated(bool stopped);
  [[nodiscard]] bool gated_stopped() const { return gated_stopped_; }

  /// Moves time forward without running anything. `to` must not be before now().
  void advance_to(Cycle to) { now_ = to; }

  /// Runs every event whose deadline is at or before now(), earliest first, including those that the
  /// actions themselves schedule for now() or earlier; each slot at most once per call.
  void run_due();

  [[nodiscard]] const std::string& name(Slot slot) const { return slots_[slot].name; }
  [[nodiscard]] Slot slot_count() const { return static_cast<Slot>(slots_.size()); }

  /// Saves or restores the time and every deadline. Both sides must have registered the same slots.
  void state(StateStream& stream);

 private:
  struct Event {
    std::string name;
    std::function<void()> action;
    Cycle deadline = never;
    Cycle left = never;  ///< instead of a deadline, while the gated clock stands
    bool gated = false;
    uint64_t order = 0;
    uint64_t last_run = 0;
  };

  void find_next_deadline();

  std::vector<Event> slots_;
  Cycle now_ = 0;
  Cycle lag_ = 0;
  Cycle next_deadline_ = never;
  bool gated_stopped_ = false;
  uint64_t next_order_ = 1;
  uint64_t run_number_ = 0;
};

}  // namespace veer
