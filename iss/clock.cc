// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/clock.h"

#include <algorithm>
#include <utility>

#include "iss/state_stream.h"

namespace veer {

Clock::Slot Clock::add_event(std::string name, std::function<void()> action) {
  slots_.push_back(Event{.name = std::move(name), .action = std::move(action)});
  return static_cast<Slot>(slots_.size() - 1);
}

void Clock::schedule_at(Slot slot, Cycle deadline) {
  Event& event = slots_[slot];
  event.order = next_order_++;
  if (event.gated && gated_stopped_) {
    event.left = deadline - std::min(deadline, now_);
    return;
  }
  const bool was_next = event.deadline == next_deadline_;
  event.deadline = deadline;
  if (deadline <= next_deadline_) {
    next_deadline_ = deadline;
  } else if (was_next) {
    find_next_deadline();
  }
}

void Clock::cancel(Slot slot) {
  Event& event = slots_[slot];
  event.left = never;
  if (event.deadline == never) return;
  const bool was_next = event.deadline == next_deadline_;
  event.deadline = never;
  if (was_next) find_next_deadline();
}

void Clock::stop_gated(bool stopped) {
  if (stopped == gated_stopped_) return;
  gated_stopped_ = stopped;
  for (Event& event : slots_) {
    if (!event.gated) continue;
    if (stopped && event.deadline != never) event.left = event.deadline - std::min(event.deadline, now_);
    event.deadline = stopped || event.left == never ? never : now_ + event.left;
    if (!stopped) event.left = never;
  }
  find_next_deadline();
}

void Clock::find_next_deadline() {
  next_deadline_ = never;
  for (const Event& event : slots_) next_deadline_ = std::min(next_deadline_, event.deadline);
}

void Clock::run_due() {
  ++run_number_;
  while (next_deadline_ <= now_) {
    Event* due = nullptr;
    for (Event& event : slots_) {
      if (event.deadline > now_ || event.last_run == run_number_) continue;
      if (due == nullptr || event.deadline < due->deadline ||
          (event.deadline == due->deadline && event.order < due->order)) {
        due = &event;
      }
    }
    // What is left re-armed itself for now: it waits for the next call, so that no event can starve the hart.
    if (due == nullptr) break;
    due->deadline = never;
    due->last_run = run_number_;
    find_next_deadline();
    due->action();
  }
}

void Clock::state(StateStream& stream) {
  stream.section("clock", 2);
  stream(now_);
  stream(next_order_);
  stream(gated_stopped_);
  auto count = static_cast<uint32_t>(slots_.size());
  stream(count);
  if (count != slots_.size()) {
    stream.fail("the clock has another number of events");
    return;
  }
  for (Event& event : slots_) {
    stream(event.deadline);
    stream(event.left);
    stream(event.order);
  }
  find_next_deadline();
}

}  // namespace veer
