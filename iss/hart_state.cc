// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Snapshots, and memory as debuggers see it.

#include <cstring>

#include "iss/hart_core.h"
#include "iss/state_stream.h"

namespace veer {

void HartCore::set_x(unsigned index, uint32_t value) {
  if ((index & 31) != 0) x_[index & 31] = value;
}

bool HartCore::peek(uint32_t address, std::span<uint8_t> out) const {
  const auto copy = [&](uint32_t base, std::span<const uint8_t> memory) {
    if (address - base >= memory.size() || memory.size() - (address - base) < out.size()) return false;
    std::memcpy(out.data(), memory.data() + (address - base), out.size());
    return true;
  };
  if (out.empty()) return true;
  if (copy(config_.iccm_base, iccm_) || copy(config_.dccm_base, dccm_)) return true;
  for (const Rom& rom : roms_) {
    if (copy(rom.base, rom.bytes)) return true;
  }
  const uint32_t offset = address - config_.pic_base;
  if (offset >= config_.pic_size || config_.pic_size - offset < out.size()) return false;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const auto at = offset + static_cast<uint32_t>(i);
    out[i] = static_cast<uint8_t>(pic_.read(at & ~3u) >> (8 * (at & 3)));
  }
  return true;
}

bool HartCore::poke(uint32_t address, std::span<const uint8_t> bytes) {
  const auto fits = [&](uint32_t base, uint32_t size) {
    return address - base < size && size - (address - base) >= bytes.size();
  };
  if (bytes.empty()) return true;
  if (fits(config_.iccm_base, config_.iccm_size)) {
    std::memcpy(iccm_.data() + (address - config_.iccm_base), bytes.data(), bytes.size());
    iccm_code_->written(address, static_cast<uint32_t>(bytes.size()));
    if (rtl_) rtl_->code_written(address, static_cast<uint32_t>(bytes.size()));
    attention_ = true;
    return true;
  }
  if (fits(config_.dccm_base, config_.dccm_size)) {
    std::memcpy(dccm_.data() + (address - config_.dccm_base), bytes.data(), bytes.size());
    return true;
  }
  if (fits(config_.pic_base, config_.pic_size) && (address & 3) == 0 && bytes.size() % 4 == 0) {
    for (std::size_t i = 0; i < bytes.size(); i += 4) {
      uint32_t word;
      std::memcpy(&word, bytes.data() + i, sizeof word);
      pic_.write(address - config_.pic_base + static_cast<uint32_t>(i), word);
    }
    attention_ = true;
    return true;
  }
  return false;
}

void HartCore::state(StateStream& stream) {
  stream.section("hart", 3);
  for (uint32_t& value : x_) stream(value);
  stream(pc_);
  stream(csrs_);
  for (Trigger& trigger : triggers_) {
    stream(trigger.data1);
    stream(trigger.data2);
  }
  stream(event_counts_);
  stream(cycles_counted_);
  stream(mcycle_base_);
  stream(minstret_base_);
  stream(mcycle_runs_);
  stream(minstret_runs_);
  stream(retired_);
  stream(exceptions_);
  stream(asleep_);
  stream(not_before_);
  stream(pins_);
  auto changes = static_cast<uint32_t>(pin_changes_.size());
  stream(changes);
  if (stream.restoring()) {
    if (!stream.ok()) return;
    if (changes > 0x10000) return stream.fail("too many pin changes");
    pin_changes_.resize(changes);
  }
  for (PinChange& change : pin_changes_) {
    stream(change.due);
    stream(change.pin);
    stream(change.level);
    if (change.pin >= pin_count) return stream.fail("a pin that does not exist");
  }
  auto bus_errors = static_cast<uint32_t>(bus_errors_.size());
  stream(bus_errors);
  if (stream.restoring()) {
    if (!stream.ok()) return;
    if (bus_errors > 0x100) return stream.fail("too many bus errors");
    bus_errors_.resize(bus_errors);
  }
  for (BusError& error : bus_errors_) {
    stream(error.due);
    stream(error.address);
  }
  stream(timer_interrupt_);
  stream(software_interrupt_);
  stream(timer_held_);
  stream(nmi_vector_);
  stream(nmi_pending_);
  stream(nmi_cause_);
  stream(mdseac_locked_);
  stream(reset_requested_);
  stream(held_);
  stream(halting_);
  if (halting_ > Halting::now) return stream.fail("a hart that halts in no known way");
  stream(halt_due_);
  stream(halted_);
  stream(paused_until_);
  stream(iccm_locked_);
  auto errors = static_cast<uint32_t>(ecc_errors_.size());
  stream(errors);
  // Code is not decoded past a word with an error.
  if (errors != 0 || !ecc_errors_.empty()) iccm_code_->flush();
  if (stream.saving()) {
    for (auto [address, error] : ecc_errors_) {
      uint32_t word = address;
      stream(word);
      stream(error.correctable);
    }
  } else {
    ecc_errors_.clear();
    for (uint32_t i = 0; i < errors && stream.ok(); ++i) {
      uint32_t word = 0;
      EccError error{};
      stream(word);
      stream(error.correctable);
      ecc_errors_[word & ~3u] = error;
    }
  }
  if (rtl_) {
    if (stream.saving()) rtl_->catch_up(pc_);
    rtl_->state(stream);
  }
  timers_.state(stream);
  pic_.state(stream);
  stream.section("iccm", 1);
  stream.memory(iccm_, [this](std::size_t at, std::size_t size) {
    iccm_code_->written(config_.iccm_base + static_cast<uint32_t>(at), static_cast<uint32_t>(size));
  });
  stream.section("dccm", 1);
  stream.memory(dccm_);
  if (stream.restoring()) {
    pc_ &= ~1u;
    passed_breakpoint_ = passed_watchpoint_ = no_breakpoint;
    postponed_ = 1;
    reg(Csr::mtsel) &= 3;
    update_dccm_window();
    update_counting();
    if (running_) idle_ = clock_.now() - retired_;
    attention_ = true;
  }
}

}  // namespace veer
