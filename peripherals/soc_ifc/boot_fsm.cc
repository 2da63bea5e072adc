// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/soc_ifc/boot_fsm.h"

#include <utility>

namespace caliptra {

BootFsm::BootFsm(veer::Clock& clock, veer::TimingProfile timing)
    : clock_(clock),
      clocks_count_(timing == veer::TimingProfile::rtl),
      slot_(clock.add_event("boot fsm", [this] { clocks_count_ ? edge() : settle(); })) {}

bool BootFsm::fw_update_rst_window() const {
  return now_.ps == BootState::fw_rst || (now_.ps == BootState::wait && now_.wait_count != 0);
}

void BootFsm::set_pwrgood(bool level) {
  if (level == pwrgood_) return;
  pwrgood_ = level;
  if (!level) {
    // Every flip-flop here is reset asynchronously, and so is what follows from them.
    clock_.cancel(slot_);
    now_ = {};
    inputs_ = {};
    drive();
    return;
  }
  changed();
}

void BootFsm::set_rst_b(bool level) {
  rst_b_ = level;
  if (!level) now_.rst_window = true;
  if (scan_mode_) drive();
  changed();
}

void BootFsm::set_scan_mode(bool level) {
  scan_mode_ = level;
  drive();
  changed();
}

void BootFsm::set_fuse_done(bool level) {
  inputs_.fuse_done = level;
  changed();
}

void BootFsm::set_bootfsm_go(bool level) {
  inputs_.go = level;
  changed();
}

void BootFsm::fuse_done_written() {
  inputs_.observed = true;
  changed();
}

void BootFsm::firmware_update_reset() {
  inputs_.update = true;
  changed();
}

void BootFsm::changed() {
  if (!pwrgood_ || settling_ || clock_.pending(slot_)) return;
  if (!clocks_count_ && !uc_level_) return settle();
  edge_at_ = clock_.now() + (clocks_count_ ? 1 : 0);
  clock_.schedule_at(slot_, edge_at_);
}

bool BootFsm::clock_stopped(const Flops& flops) {
  return flops.window_sync || flops.window_sync_f || flops.window_sync_2f;
}

BootFsm::Flops BootFsm::next_edge() const {
  const Flops& old = now_;
  Flops next = old;

  next.rst_window = !rst_b_;
  next.window_meta = old.rst_window;
  next.window_sync = old.window_meta;
  next.window_sync_f = old.window_sync;
  next.window_sync_2f = old.window_sync_f;

  bool noncore = true;
  bool uc = false;
  next.iccm_unlock = false;
  switch (old.ps) {
    case BootState::idle:
      noncore = false;
      if (!old.window_sync && !old.window_sync_f && !old.window_sync_2f) next.ps = BootState::fuse;
      break;
    case BootState::fuse:
      if (old.fuse_done && old.observed) {
        next.ps = outputs.breakpoint && outputs.breakpoint() ? BootState::wait : BootState::done;
      }
      break;
    case BootState::fw_rst:
      if (!old.synch_uc) next.ps = BootState::wait;
      next.wait_count = outputs.update_wait_cycles ? outputs.update_wait_cycles() : 0;
      break;
    case BootState::wait:
      if (old.wait_count != 0) {
        --next.wait_count;
      } else if (old.go || !outputs.breakpoint || !outputs.breakpoint()) {
        next.ps = BootState::done;
        next.iccm_unlock = true;
      }
      break;
    case BootState::done:
      uc = true;
      if (old.update) next.ps = BootState::fw_rst;
      break;
  }
  if (old.window_sync) next.ps = BootState::idle;

  next.synch_noncore = noncore;
  next.synch_uc = uc;
  next.noncore_nq = old.synch_noncore;
  next.uc_nq = old.synch_noncore && old.synch_uc;
  next.ready_for_fuses = old.ps == BootState::fuse && !old.observed;

  next.fuse_done = inputs_.fuse_done;
  next.observed = inputs_.observed;
  next.go = inputs_.go;
  next.update = inputs_.update;
  return next;
}

void BootFsm::edge() {
  const Flops old = now_;
  const bool window = fw_update_rst_window();
  Flops next = next_edge();
  inputs_.update = false;
  const bool update_begins = old.ps == BootState::done && next.ps == BootState::fw_rst;
  if (!noncore_level_ || !(scan_mode_ ? rst_b_ : next.noncore_nq)) {
    // cptra_noncore_rst_b held these in reset at this edge, or asynchronously resets them now.
    next.ready_for_fuses = false;
    next.iccm_unlock = false;
    next.wait_count = 0;
    next.observed = next.go = next.update = false;
    inputs_.observed = inputs_.go = false;
  }
  now_ = next;

  if (fw_update_rst_window() != window && outputs.fw_update_rst_window) outputs.fw_update_rst_window(!window);
  if (update_begins && outputs.fw_upd_rst_executed) outputs.fw_upd_rst_executed();
  if (old.iccm_unlock && outputs.iccm_unlock) outputs.iccm_unlock();
  if (clock_stopped(next) != clock_stopped(old) && outputs.rdc_clk_dis) outputs.rdc_clk_dis(clock_stopped(next));
  if (next.ready_for_fuses != old.ready_for_fuses && outputs.ready_for_fuses) {
    outputs.ready_for_fuses(next.ready_for_fuses);
  }
  drive();
  // A late event (the core was inside an instruction) must not make the following ones late as well.
  if (clocks_count_ && pwrgood_ && next_edge() != now_) clock_.schedule_at(slot_, ++edge_at_);
}

void BootFsm::settle() {
  settling_ = true;
  // The longest way, a reset and a firmware update with all its wait cycles, is far below this.
  for (unsigned clocks = 0; clocks < 1000 && pwrgood_; ++clocks) {
    if (next_edge() == now_) break;
    edge();
  }
  settling_ = false;
}

void BootFsm::drive() {
  const bool noncore = pwrgood_ && (scan_mode_ ? rst_b_ : now_.noncore_nq);
  const bool uc = pwrgood_ && (scan_mode_ ? rst_b_ : now_.uc_nq);
  const bool uc_changes = std::exchange(uc_level_, uc) != uc;
  const bool noncore_changes = std::exchange(noncore_level_, noncore) != noncore;
  // Falling: the core stops before what it uses is reset. Rising: the other way round.
  if (uc_changes && !uc && outputs.cptra_uc_rst_b) outputs.cptra_uc_rst_b(false);
  if (noncore_changes && outputs.cptra_noncore_rst_b) outputs.cptra_noncore_rst_b(noncore);
  if (uc_changes && uc && outputs.cptra_uc_rst_b) outputs.cptra_uc_rst_b(true);
}

void BootFsm::state(veer::StateStream& stream) {
  stream.section("boot fsm", 1);
  stream(now_.ps);
  for (bool* flop : {&now_.rst_window,
                     &now_.window_meta,
                     &now_.window_sync,
                     &now_.window_sync_f,
                     &now_.window_sync_2f,
                     &now_.synch_noncore,
                     &now_.synch_uc,
                     &now_.noncore_nq,
                     &now_.uc_nq,
                     &now_.ready_for_fuses,
                     &now_.iccm_unlock,
                     &now_.fuse_done,
                     &now_.observed,
                     &now_.go,
                     &now_.update,
                     &inputs_.fuse_done,
                     &inputs_.observed,
                     &inputs_.go,
                     &inputs_.update,
                     &pwrgood_,
                     &rst_b_,
                     &scan_mode_,
                     &noncore_level_,
                     &uc_level_}) {
    stream(*flop);
  }
  stream(now_.wait_count);
  stream(edge_at_);
}

}  // namespace caliptra
