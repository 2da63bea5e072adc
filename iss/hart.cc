// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/hart.h"

#include <algorithm>

#include "iss/hart_core.h"

namespace veer {

HartCore::HartCore(const HartConfig& config, Clock& clock, Bus& bus)
    : config_(config), clock_(clock), bus_(bus), iccm_(config.iccm_size, 0), dccm_(config.dccm_size, 0) {
  if (config_.timing == TimingProfile::rtl) {
    rtl_ = std::make_unique<RtlTiming>(config_.iccm_base, iccm_, config_.dccm_base, config_.pic_base);
  }
  iccm_code_ = make_code(config_.iccm_base, iccm_);
  pin_slot_ = clock_.add_event("hart.pins", [this] { sync_pins(); });
  bus_error_slot_ = clock_.add_event("hart.bus_error", [this] { report_store_errors(clock_.now()); });
  timer_slots_[0] = clock_.add_event("hart.timer0", [this] { timer_pulse(0); });
  timer_slots_[1] = clock_.add_event("hart.timer1", [this] { timer_pulse(1); });
  update_dccm_window();
  apply_reset();
}

void HartCore::map_rom(uint32_t base, std::span<const uint8_t> bytes) {
  std::erase_if(roms_, [base](const Rom& rom) { return rom.base == base; });
  roms_.push_back(Rom{.base = base, .bytes = bytes, .code = make_code(base, bytes)});
  if (rtl_) rtl_->add_rom(base, bytes);
  first_rom_ = &roms_.front();
  window_code_.reset();
  attention_ = true;
}

std::unique_ptr<CodeRegion> HartCore::make_code(uint32_t base, std::span<const uint8_t> bytes) {
  return std::make_unique<CodeRegion>(base, bytes, rtl_ ? rtl_handlers() : reference_handlers(), rtl_ != nullptr);
}

CodeRegion* HartCore::find_region(uint32_t address) {
  if (iccm_code_->contains(address)) return iccm_code_.get();
  for (Rom& rom : roms_) {
    if (rom.code->contains(address)) return rom.code.get();
  }
  return find_window(address);
}

/// The instruction bus goes to the ROM alone, with the lower bits of the address (ic_haddr in caliptra_top.sv): outside
/// the ICCM's region the ROM at 0 appears again and again. Where the ROM ends before its window, zeros are read.
CodeRegion* HartCore::find_window(uint32_t address) {
  if (address >> 28 == config_.iccm_base >> 28) return nullptr;
  const uint32_t base = address & ~(fetch_window - 1);
  if (window_code_ == nullptr) {
    const auto rom = std::find_if(roms_.begin(), roms_.end(), [](const Rom& candidate) { return candidate.base == 0; });
    if (rom == roms_.end()) return nullptr;
    window_.assign(rom->bytes.begin(),
                   rom->bytes.begin() + std::min<std::ptrdiff_t>(std::ssize(rom->bytes), fetch_window));
    window_.resize(fetch_window);
    window_code_ = make_code(base, window_);
  } else if (window_code_->base() != base) {
    window_code_->move(base);
  }
  return window_code_.get();
}

// Reset

void HartCore::request_reset() {
  reset_requested_ = true;
  attention_ = true;
  if (!running_) apply_reset();
}

void HartCore::hold_in_reset(bool held) {
  if (held_ && !held) request_reset();
  held_ = held;
  attention_ = true;
}

void HartCore::apply_reset() {
  reset_requested_ = false;
  std::fill(std::begin(x_), std::end(x_), 0);
  pc_ = config_.reset_vector & ~1u;
  passed_breakpoint_ = passed_watchpoint_ = no_breakpoint;
  reset_csrs();
  pic_.reset();
  timers_.reset(clock_.now());
  nmi_pending_ = false;
  bus_errors_.clear();
  clock_.cancel(bus_error_slot_);
  nmi_cause_ = 0;
  mdseac_locked_ = false;
  timer_interrupt_ = software_interrupt_ = false;
  timer_held_ = {};
  halting_ = Halting::no;
  set_halted(false);
  paused_until_ = 0;
  not_before_ = clock_.now() + (rtl_ ? RtlTiming::reset_delay : ReferenceTiming::reset_delay);
  if (rtl_) rtl_->reset(pc_);
  schedule_timers();
  // The synchronizers are reset too: lines that are up come in again.
  pin_changes_.clear();
  for (unsigned pin = 1; pin < pin_count; ++pin) {
    if (pins_[pin]) {
      pin_changes_.push_back({clock_.now() + pin_delay(), static_cast<uint8_t>(pin), true});
    }
  }
  if (pin_changes_.empty()) {
    clock_.cancel(pin_slot_);
  } else {
    clock_.schedule_at(pin_slot_, pin_changes_.front().due);
  }
}

// Pins

void HartCore::set_pin(unsigned pin, bool level) {
  if (pin == 0 || pin >= pin_count || pins_[pin] == level) return;
  pins_[pin] = level;
  const Cycle due = clock_.now() + pin_delay();
  pin_changes_.push_back({due, static_cast<uint8_t>(pin), level});
  if (pin_changes_.size() == 1) clock_.schedule_at(pin_slot_, due);
}

void HartCore::sync_pins() {
  std::size_t done = 0;
  while (done < pin_changes_.size() && pin_changes_[done].due <= clock_.now()) {
    const PinChange change = pin_changes_[done++];
    if (change.pin < Pic::sources) {
      pic_.set_line(change.pin, change.level);
    } else if (change.pin == timer_pin) {
      timer_interrupt_ = change.level;
    } else if (change.pin == software_pin) {
      software_interrupt_ = change.level;
    } else if (change.level) {
      // A rising edge, which waits until it is taken; its cause is that of a bus error already waiting.
      if (!nmi_pending_) nmi_cause_ = 0;
      nmi_pending_ = true;
    }
  }
  pin_changes_.erase(pin_changes_.begin(), pin_changes_.begin() + static_cast<std::ptrdiff_t>(done));
  if (!pin_changes_.empty()) clock_.schedule_at(pin_slot_, pin_changes_.front().due);
  attention_ = true;
}

// Running

void HartCore::stop() {
  stop_requested_ = true;
  attention_ = true;
}

void HartCore::idle_to(Cycle to) {
  idle_ += to - clock_.now();
  clock_.advance_to(to);
}

void HartCore::set_halted(bool halted) {
  if (halted == halted_) return;
  halted_ = halted;
  if (on_halt_changed) on_halt_changed(halted);
}

/// CSR reads wait for the write, fences for all that is under way.
bool HartCore::next_decodes_at_once() {
  CodeRegion* const region = find_region(pc_);
  if (region == nullptr) return false;
  const Decoded decoded = decode(region->opcode(region->entry(pc_)));
  const Format format = description(decoded.op).format;
  if (format == Format::csr || format == Format::csr_immediate) {
    return decoded.rd == 0 && (decoded.op == Op::csrrw || decoded.op == Op::csrrwi);
  }
  return format != Format::fence && decoded.op != Op::fence_i;
}

void HartCore::halt_if_due() {
  if (halting_ == Halting::no) return;
  if (halting_ == Halting::after_next && !next_decodes_at_once()) halting_ = Halting::now;
  if (halting_ != Halting::now || halt_due_ > clock_.now()) return;
  halting_ = Halting::no;
  set_halted(true);
  update_sleep();
}

void HartCore::update_sleep() {
  const bool paused = paused_until_ > clock_.now();
  if (halted_ && mcycle_runs_) {
    mcycle_base_ = mcycle();
    mcycle_runs_ = false;
  } else if (!halted_ && !mcycle_runs_ && (reg(Csr::mcountinhibit) & 1) == 0) {
    mcycle_base_ -= clock_.now();
    mcycle_runs_ = true;
  }
  timers_.set_sleep(halted_, paused, clock_.now());
  schedule_timers();
}

/// Whether no instruction can begin now. If so, time has moved to the next thing that happens, unless nothing will.
bool HartCore::sleep(Cycle until) {
  Cycle wake = Clock::never;
  if (held_) {
    // Until somebody lets go.
  } else if (halted_) {
    if (wakes()) {
      set_halted(false);
      update_sleep();
      return false;
    }
  } else if (halting_ == Halting::now) {
    wake = halt_due_;
  } else if (paused_until_ > clock_.now()) {
    if (nmi_pending_ || ((reg(Csr::mstatus) & 8) != 0 && (interrupts_pending() & reg(Csr::mie)) != 0)) {
      paused_until_ = 0;
      update_sleep();
      return false;
    }
    wake = paused_until_;
  } else if (not_before_ > clock_.now()) {
    wake = not_before_;
  } else {
    return false;
  }
  const Cycle to = std::min(wake, clock_.next_deadline());
  if (to == Clock::never) {
    debug_stop_ = RunResult{.reason = StopReason::halted_forever};
    return true;
  }
  const uint64_t slept = std::min(to, until) - std::min(std::min(to, until), clock_.now());
  idle_to(clock_.now() + slept);
  if (halted_ || paused_until_ != 0) asleep_ += slept;
  if (halted_) {
    count_event(512, slept);
    if (counting_) cycles_counted_ += slept;
  }
  if (slept != 0 && paused_until_ != 0 && paused_until_ <= clock_.now()) {
    paused_until_ = 0;
    update_sleep();
    if (rtl_) rtl_->left(pc_);  // fetched again
  }
  return true;
}

bool HartCore::needs_observed_loop() const {
  return observer_ != nullptr || !breakpoints_.empty() || !watchpoints_.empty() || counting_ || triggers_armed_;
}

RunResult HartCore::run(Cycle until, uint64_t max_instructions) {
  idle_ = clock_.now() - retired_;
  running_ = true;
  stop_requested_ = false;
  debug_stop_.reset();
  const uint64_t start = executed();
  RunResult result;
  for (;;) {
    attention_ = false;
    halt_if_due();
    if (debug_stop_) {
      result = *debug_stop_;
      break;
    }
    if (stop_requested_) {
      result.reason = StopReason::stopped;
      break;
    }
    if (clock_.now() >= until) {
      result.reason = StopReason::cycle_limit;
      break;
    }
    const uint64_t done = executed() - start;
    if (done >= max_instructions) {
      result.reason = StopReason::instruction_limit;
      break;
    }
    if (clock_.next_deadline() <= clock_.now()) {
      clock_.run_due();
      if (stop_requested_ || clock_.now() >= until) continue;
    }
    if (reset_requested_ && !held_) apply_reset();
    if (sleep(until)) continue;
    if (halting_ == Halting::no && take_interrupt()) {
      if (rtl_) {
        idle_to(clock_.now() + rtl_->interrupted(reg(Csr::mepc), pc_, reg(Csr::mcause) == 0x8000000b));
      } else {
        idle_to(clock_.now() + ReferenceTiming::interrupt_entry);
      }
      continue;
    }
    // No farther than the loop's signed budget reaches.
    limit_ = std::min({until, clock_.next_deadline(), clock_.now() + (uint64_t{1} << 62)});
    const uint64_t left = max_instructions - done;
    if (left < limit_ - clock_.now()) limit_ = clock_.now() + left;
    // An event that armed itself again for this very cycle waits for one instruction.
    limit_ = std::max(limit_, clock_.now() + 1);
    if (halting_ != Halting::no) limit_ = clock_.now() + 1;
    attention_ = false;
    observing_ = needs_observed_loop();
    guarded_ = !breakpoints_.empty() || !watchpoints_.empty() || triggers_armed_;
    if (!guarded_) passed_breakpoint_ = passed_watchpoint_ = no_breakpoint;
    // Breakpoints and watchpoints don't need to see every round: one that is in a loop is met on the way round it.
    notes_polls_ = polls_skipped_ && observer_ == nullptr && !counting_ && !triggers_armed_;
    if (halting_ != Halting::no) {
      const uint64_t last = executed();
      execute_loop(true);
      if (executed() != last) halting_ = Halting::now;
      continue;
    }
    const Cycle before = clock_.now();
    poll_found_ = false;  // one that the observed loop found below was followed by other things
    execute_loop(observing_);
    if (poll_found_ && !debug_stop_) {
      poll_found_ = false;
      const uint64_t rest = max_instructions - std::min(max_instructions, executed() - start);
      const Cycle end = std::min(until, clock_.next_deadline());
      if (end > clock_.now() && !stop_requested_ && !reset_requested_ && !nmi_pending_) {
        skip_polling(rest < end - clock_.now() ? clock_.now() + rest : end);
      }
      continue;
    }
    if (observing_ || attention_) continue;
    if (step_) {
      step_ = false;
      limit_ = clock_.now() + 1;
      execute_loop(true);
    } else if (clock_.now() == before) {
      // The superblock is longer than the time to the next event.
      execute_loop(true);
    }
  }
  retired_ = instructions();
  running_ = false;
  return result;
}

// The public face

Hart::Hart(const HartConfig& config, Clock& clock, Bus& bus) : core_(std::make_unique<HartCore>(config, clock, bus)) {}
Hart::~Hart() = default;

void Hart::map_rom(uint32_t base, std::span<const uint8_t> bytes) { core_->map_rom(base, bytes); }
void Hart::reset() { core_->request_reset(); }
void Hart::hold_in_reset(bool held) { core_->hold_in_reset(held); }
bool Hart::held_in_reset() const { return core_->held_in_reset(); }
void Hart::set_nmi_vector(uint32_t address) { core_->set_nmi_vector(address); }
void Hart::set_nmi(bool level) { core_->set_pin(HartCore::nmi_pin, level); }
void Hart::set_external_interrupt(unsigned source, bool level) {
  if (source < Pic::sources) core_->set_pin(source, level);
}
void Hart::set_timer_interrupt(bool level) { core_->set_pin(HartCore::timer_pin, level); }
void Hart::set_software_interrupt(bool level) { core_->set_pin(HartCore::software_pin, level); }
void Hart::set_iccm_locked(bool locked) { core_->set_iccm_locked(locked); }
void Hart::on_iccm_write_blocked(std::function<void(uint32_t)> callback) {
  core_->on_iccm_write_blocked = std::move(callback);
}
void Hart::set_write_fault(std::function<unsigned(CloseMemory)> bits_flipped) {
  core_->set_write_fault(std::move(bits_flipped));
}
void Hart::on_halt_changed(std::function<void(bool)> callback) { core_->on_halt_changed = std::move(callback); }
void Hart::on_ecc_error(std::function<void(CloseMemory, bool, uint32_t)> callback) {
  core_->on_ecc_error = std::move(callback);
}
bool Hart::inject_ecc_error(uint32_t address, bool correctable) {
  return core_->inject_ecc_error(address, correctable);
}
RunResult Hart::run(Clock::Cycle until, uint64_t max_instructions) { return core_->run(until, max_instructions); }
void Hart::stop() { core_->stop(); }
void Hart::pass_breakpoint() { core_->pass_breakpoint(); }
void Hart::pass_watchpoint() { core_->pass_watchpoint(); }
uint64_t Hart::executed() const { return core_->executed(); }
uint64_t Hart::instructions() const { return core_->instructions(); }
bool Hart::halted() const { return core_->halted(); }
uint64_t Hart::cycles_asleep() const { return core_->cycles_asleep(); }
const TimingStatistics* Hart::timing_statistics() const { return core_->timing_statistics(); }
uint32_t Hart::store_lag() const { return core_->store_lag(); }
uint32_t Hart::pc() const { return core_->pc(); }
void Hart::set_pc(uint32_t pc) { core_->set_pc(pc); }
uint32_t Hart::x(unsigned index) const { return core_->x(index); }
void Hart::set_x(unsigned index, uint32_t value) { core_->set_x(index, value); }
std::optional<uint32_t> Hart::csr(unsigned number) const { return core_->csr(number); }
bool Hart::set_csr(unsigned number, uint32_t value) { return core_->set_csr(number, value); }
bool Hart::peek(uint32_t address, std::span<uint8_t> out) const { return core_->peek(address, out); }
bool Hart::poke(uint32_t address, std::span<const uint8_t> bytes) { return core_->poke(address, bytes); }
void Hart::set_observer(Observer* observer) { core_->set_observer(observer); }
Observer* Hart::observer() const { return core_->observer(); }
void Hart::put_points_aside(bool aside) { core_->put_points_aside(aside); }
void Hart::add_breakpoint(uint32_t address) { core_->add_breakpoint(address); }
void Hart::remove_breakpoint(uint32_t address) { core_->remove_breakpoint(address); }
void Hart::add_watchpoint(uint32_t address, uint32_t length, WatchKind kind) {
  core_->add_watchpoint(address, length, kind);
}
void Hart::remove_watchpoint(uint32_t address, uint32_t length, WatchKind kind) {
  core_->remove_watchpoint(address, length, kind);
}
void Hart::state(StateStream& stream) { core_->state(stream); }

}  // namespace veer
