// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/soc_ifc/machine_timer.h"

namespace caliptra {

using veer::Clock;

MachineTimer::MachineTimer(Clock& clock)
    : clock_(clock), slot_(clock.add_event("machine timer", [this] { update(); })) {}

uint64_t MachineTimer::time() const { return running_ ? time_ + (clock_.now() - since_) : time_; }

void MachineTimer::set_time(uint64_t value) {
  time_ = value;
  since_ = clock_.now();
  update();
}

void MachineTimer::set_compare(uint64_t value) {
  compare_ = value;
  update();
}

void MachineTimer::set_running(bool running) {
  time_ = time();
  since_ = clock_.now();
  running_ = running;
  update();
}

void MachineTimer::reset() {
  time_ = 0;
  compare_ = 0;
  running_ = false;
  clock_.cancel(slot_);
  if (interrupt) interrupt(false);
}

void MachineTimer::update() {
  const bool reached = time() >= compare_;
  clock_.cancel(slot_);
  if (running_) {
    // Waiting for mtimecmp, or, once it has been reached, for mtime to go round.
    const uint64_t left = (reached ? 0 : compare_) - time();
    if (left != 0 && left < Clock::never - clock_.now()) clock_.schedule_at(slot_, clock_.now() + left);
  }
  if (interrupt) interrupt(reached);
}

void MachineTimer::state(veer::StateStream& stream) {
  stream.section("machine timer", 1);
  stream(time_);
  stream(since_);
  stream(compare_);
  stream(running_);
}

}  // namespace caliptra
