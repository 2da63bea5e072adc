// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Exceptions, interrupts and NMIs (el2_dec_tlu_ctl.sv).

#include <algorithm>
#include <bit>

#include "iss/hart_core.h"
#include "iss/timing/csr_sync.h"

namespace veer {
namespace {

constexpr uint32_t mie_bit = 1u << 3;
constexpr uint32_t mpie_bit = 1u << 7;

constexpr uint32_t software_bit = 1u << 3;
constexpr uint32_t timer_bit = 1u << 7;
constexpr uint32_t external_bit = 1u << 11;
constexpr uint32_t correctable_bit = 1u << 30;
constexpr uint32_t internal_timer_bit(unsigned timer) { return 1u << (29 - timer); }

constexpr uint32_t nmi_store_error = 0xf0000000;
constexpr uint32_t nmi_load_error = 0xf0000001;
constexpr uint32_t nmi_vector_ecc = 0xf0001000;
constexpr uint32_t nmi_vector_dccm = 0xf0001001;
constexpr uint32_t nmi_vector_region = 0xf0001002;

bool over_threshold(uint32_t counter) {
  return (static_cast<uint32_t>(uint64_t{0xffffffff} << (counter >> 27)) & (counter & 0x07ffffff)) != 0;
}

}  // namespace

void HartCore::enter_trap(uint32_t cause, uint32_t mscause, uint32_t mtval, uint32_t handler) {
  uint32_t& mstatus = reg(Csr::mstatus);
  mstatus = (mstatus & ~(mie_bit | mpie_bit)) | ((mstatus & mie_bit) != 0 ? mpie_bit : 0);
  reg(Csr::mepc) = pc_;
  reg(Csr::mcause) = cause;
  reg(Csr::mscause) = mscause;
  reg(Csr::mtval) = mtval;
  if (observer_ != nullptr) observer_->trapped(pc_, cause, mscause, mtval, handler);
  pc_ = handler;
  attention_ = true;
  disturbed_ = true;
}

void HartCore::exception(uint32_t cause, uint32_t mscause, uint32_t mtval) {
  ++exceptions_;
  count_exception(cause, mscause);
  enter_trap(cause, mscause, mtval, reg(Csr::mtvec) & ~3u);
}

/// The instruction at pc_ can't be fetched; mtval is its second half's address if only that is missing.
void HartCore::fetch_fault() {
  uint32_t address = pc_;
  if (CodeRegion* region = find_region(pc_)) {
    const bool compressed = is_compressed(region->opcode(region->entry(pc_)));
    const bool first_bad = ecc_errors_.contains(pc_ & ~3u);
    if (!compressed && !first_bad) address = pc_ + 2;
    if (region->contains(address)) return exception(1, 1, address);
  }
  const bool iccm_region = address >> 28 == config_.iccm_base >> 28;
  exception(1, iccm_region ? 2 : 9, address);
}

/// An access has failed on the bus. The instruction has completed; the NMI follows. In the rtl profile a store's comes
/// when its answer does. A load's comes at once in either: who waits for it must not go on.
void HartCore::bus_error(uint32_t address, bool is_store) {
  count_event(46);
  if (rtl_ && is_store) {
    bus_errors_.push_back({clock_.now() + 1 + store_error_cycles + rtl_->store_lag(), address});
    if (bus_errors_.size() == 1) clock_.schedule_at(bus_error_slot_, bus_errors_.front().due);
    return;
  }
  report_store_errors(Clock::never);
  report_bus_error(address, is_store);
}

/// Those whose answers are due until `now`.
void HartCore::report_store_errors(Cycle now) {
  while (!bus_errors_.empty() && bus_errors_.front().due <= now) {
    report_bus_error(bus_errors_.front().address, true);
    bus_errors_.erase(bus_errors_.begin());
  }
  if (bus_errors_.empty()) {
    clock_.cancel(bus_error_slot_);
  } else {
    clock_.schedule_at(bus_error_slot_, bus_errors_.front().due);
  }
}

void HartCore::report_bus_error(uint32_t address, bool is_store) {
  // Until mdeau is written, further errors go unnoticed.
  if (mdseac_locked_) return;
  if (!nmi_pending_) {
    reg(Csr::mdseac) = address;
    mdseac_locked_ = true;
    nmi_cause_ = is_store ? nmi_store_error : nmi_load_error;
    nmi_pending_ = true;
  }
  attention_ = true;
}

void HartCore::mret() {
  uint32_t& mstatus = reg(Csr::mstatus);
  mstatus = (mstatus & ~mie_bit) | mpie_bit | ((mstatus & mpie_bit) != 0 ? mie_bit : 0);
  pc_ = reg(Csr::mepc);
  attention_ = true;
}

uint32_t HartCore::interrupts_pending() const {
  uint32_t pending = 0;
  if (pic_.pending(reg(Csr::meipt), reg(Csr::meicurpl))) pending |= external_bit;
  if (timer_interrupt_) pending |= timer_bit;
  if (software_interrupt_) pending |= software_bit;
  if (timer_held_[0]) pending |= internal_timer_bit(0);
  if (timer_held_[1]) pending |= internal_timer_bit(1);
  if (over_threshold(reg(Csr::micect)) || over_threshold(reg(Csr::miccmect)) || over_threshold(reg(Csr::mdccmect))) {
    pending |= correctable_bit;
  }
  return pending;
}

/// What ends a halt. An external interrupt does only if it has the highest priority there is.
bool HartCore::wakes() const {
  if (nmi_pending_) return true;
  if ((reg(Csr::mstatus) & mie_bit) == 0) return false;
  const uint32_t ready = interrupts_pending() & reg(Csr::mie);
  if ((ready & (timer_bit | software_bit | internal_timer_bit(0) | internal_timer_bit(1))) != 0) return true;
  return (ready & external_bit) != 0 && pic_.wakes();
}

/// Takes an NMI or the highest interrupt, if there is one.
bool HartCore::take_interrupt() {
  if (nmi_pending_) {
    take_nmi(nmi_cause_);
    return true;
  }
  const bool enabled = (reg(Csr::mstatus) & mie_bit) != 0;
  for (unsigned timer = 0; timer < 2; ++timer) {
    // The timers' pulses are kept only while they could be taken.
    if (!enabled || (reg(Csr::mie) & internal_timer_bit(timer)) == 0) timer_held_[timer] = false;
  }
  if (!enabled) return false;
  const uint32_t ready = interrupts_pending() & reg(Csr::mie);
  if (ready == 0) return false;
  if ((ready & external_bit) != 0) return take_external_interrupt();
  for (const uint32_t bit : {correctable_bit, software_bit, timer_bit, internal_timer_bit(0), internal_timer_bit(1)}) {
    if ((ready & bit) == 0) continue;
    const auto cause = static_cast<uint32_t>(std::countr_zero(bit));
    if (bit == timer_bit || bit == internal_timer_bit(0) || bit == internal_timer_bit(1)) count_event(38);
    count_event(40);
    const uint32_t mtvec = reg(Csr::mtvec);
    enter_trap(0x80000000 | cause, 0, 0, (mtvec & 1) != 0 ? (mtvec & ~3u) + 4 * cause : mtvec & ~3u);
    break;
  }
  timer_held_ = {};
  return true;
}

/// Fast interrupt redirect: the handler's address comes straight from the table at meivt, which must be in the DCCM.
bool HartCore::take_external_interrupt() {
  const Pic::Claim claim = pic_.claim();
  const uint32_t vector = reg(Csr::meivt) | static_cast<uint32_t>(claim.id) << 2;
  reg(Csr::meihap) = vector;
  reg(Csr::meicidpl) = claim.priority;
  timer_held_ = {};
  const bool in_region = vector >> 28 == config_.dccm_base >> 28;
  const bool in_dccm = vector - config_.dccm_base < config_.dccm_size;
  if (!in_region || !in_dccm) {
    take_nmi(in_region ? nmi_vector_dccm : nmi_vector_region);
    return true;
  }
  if (const auto error = ecc_errors_.find(vector); error != ecc_errors_.end() && ecc_enabled()) {
    const bool correctable = error->second.correctable;
    if (on_ecc_error) on_ecc_error(CloseMemory::dccm, correctable, vector);
    if (!correctable) {
      take_nmi(nmi_vector_ecc);
      return true;
    }
    ecc_errors_.erase(error);
    update_dccm_window();
    count_correctable(Csr::mdccmect);
  }
  const uint8_t* bytes = dccm_.data() + (vector - config_.dccm_base);
  const uint32_t handler = bytes[0] | static_cast<uint32_t>(bytes[1]) << 8 | static_cast<uint32_t>(bytes[2]) << 16 |
                           static_cast<uint32_t>(bytes[3]) << 24;
  count_event(39);
  count_event(40);
  enter_trap(0x8000000b, 0, 0, handler & ~1u);
  return true;
}

void HartCore::take_nmi(uint32_t cause) {
  count_event(40);
  nmi_pending_ = false;
  timer_held_ = {};
  enter_trap(cause, 0, 0, nmi_vector_);
}

// Internal timers

void HartCore::timer_pulse(unsigned timer) {
  const uint32_t bit = internal_timer_bit(timer);
  if ((reg(Csr::mie) & bit) != 0 && (reg(Csr::mstatus) & mie_bit) != 0) timer_held_[timer] = true;
  attention_ = true;
  schedule_timers();
}

/// Only a timer whose interrupt is enabled needs an event.
void HartCore::schedule_timers() {
  const Cycle lead = rtl_ ? timer_interrupt_lead : 0;
  for (unsigned timer = 0; timer < 2; ++timer) {
    const bool wanted = (reg(Csr::mie) & internal_timer_bit(timer)) != 0;
    const Cycle pulse = wanted ? timers_.next_pulse(timer, clock_.now() + lead) : Clock::never;
    if (pulse == Clock::never) {
      clock_.cancel(timer_slots_[timer]);
    } else {
      clock_.schedule_at(timer_slots_[timer], pulse - lead);
    }
  }
}

}  // namespace veer
