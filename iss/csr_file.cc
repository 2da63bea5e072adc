// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// CSR instructions and the side effects of CSRs (el2_dec_tlu_ctl.sv).

#include <algorithm>

#include "iss/hart_core.h"
#include "iss/state_stream.h"
#include "iss/timing/csr_sync.h"

namespace veer {
namespace {

constexpr uint32_t mtdata1_writable = 0x001818c7;  // hit, select, chain, match, m, execute, store, load (no debug mode)
constexpr uint32_t mtdata1_constant = 0x23e00000;
constexpr uint32_t chain_bit = 1u << 11;

/// Only the event numbers that exist can be selected.
uint32_t legal_event(uint32_t value) {
  const bool exists = value <= 28 || (value >= 30 && value <= 32) || (value >= 34 && value <= 50) ||
                      (value >= 54 && value <= 56) || (value >= 512 && value <= 516);
  return exists ? value : 0;
}

/// Of each region's pair of bits, side effect and cacheable exclude each other.
uint32_t legal_mrac(uint32_t value) { return value & ~((value & 0xaaaaaaaa) >> 1); }

/// The threshold of the correctable error counters saturates at 26.
uint32_t legal_threshold(uint32_t value) { return (std::min(value >> 27, 26u) << 27) | (value & 0x07ffffff); }

}  // namespace

void HartCore::reset_csrs() {
  for (unsigned i = 0; i < csr_count; ++i) csrs_[i] = csr_table[i].reset;
  triggers_ = {};
  event_counts_ = {};
  mcycle_base_ = 0 - clock_.now();
  minstret_base_ = 0 - instructions();
  mcycle_runs_ = minstret_runs_ = true;
  update_counting();
}

uint64_t HartCore::mcycle() const { return mcycle_runs_ ? clock_.now() + mcycle_base_ : mcycle_base_; }
uint64_t HartCore::minstret() const { return minstret_runs_ ? instructions() + minstret_base_ : minstret_base_; }

uint32_t HartCore::read_csr(uint32_t number) const {
  const unsigned slot = csr_slot(number);
  if (slot >= csr_count) return 0;
  switch (static_cast<Csr>(number)) {
    case Csr::mip: {
      uint32_t pending = interrupts_pending() & ~0x30000000u;
      // The timers' bits show for the one cycle of the pulse.
      for (unsigned timer = 0; timer < 2; ++timer) {
        if (clock_.now() != 0 && timers_.next_pulse(timer, clock_.now() - 1) == clock_.now()) {
          pending |= 1u << (29 - timer);
        }
      }
      return pending;
    }
    case Csr::mtdata1: return mtdata1_constant | triggers_[reg(Csr::mtsel)].data1;
    case Csr::mtdata2: return triggers_[reg(Csr::mtsel)].data2;
    case Csr::mcpc:
    case Csr::mdeau: return 0;
    case Csr::mitcnt0: return timers_.count(0, clock_.now());
    case Csr::mitcnt1: return timers_.count(1, clock_.now());
    case Csr::mitb0: return timers_.bound(0);
    case Csr::mitb1: return timers_.bound(1);
    case Csr::mitctl0: return timers_.control(0);
    case Csr::mitctl1: return timers_.control(1);
    case Csr::mcyclel: return static_cast<uint32_t>(mcycle());
    case Csr::mcycleh: return static_cast<uint32_t>(mcycle() >> 32);
    case Csr::minstretl: return static_cast<uint32_t>(minstret());
    case Csr::minstreth: return static_cast<uint32_t>(minstret() >> 32);
    case Csr::meihap: return reg(Csr::meivt) | (reg(Csr::meihap) & 0x3fc);
    default: break;
  }
  if (number >= static_cast<uint32_t>(Csr::mhpmc3) && number <= static_cast<uint32_t>(Csr::mhpmc6)) {
    return static_cast<uint32_t>(event_counts_[number - static_cast<uint32_t>(Csr::mhpmc3)]);
  }
  if (number >= static_cast<uint32_t>(Csr::mhpmc3h) && number <= static_cast<uint32_t>(Csr::mhpmc6h)) {
    return static_cast<uint32_t>(event_counts_[number - static_cast<uint32_t>(Csr::mhpmc3h)] >> 32);
  }
  return csrs_[slot];
}

/// Writes a CSR that exists and is not read-only. `effective` is the cycle from which on the value counts.
void HartCore::write_csr(uint32_t number, uint32_t value, Cycle effective) {
  const unsigned slot = csr_slot(number);
  if (slot >= csr_count) return;
  const CsrDescription& description = csr_table[slot];
  uint32_t& stored = csrs_[slot];
  const uint32_t masked = (description.reset & ~description.writable) | (value & description.writable);
  const auto with_low = [value](uint64_t counter) { return (counter & 0xffffffff00000000) | value; };
  const auto with_high = [value](uint64_t counter) { return (counter & 0xffffffff) | uint64_t{value} << 32; };
  const uint64_t next_instruction = instructions() + (running_ ? 1 : 0);
  const Cycle counts = effective + (rtl_ && running_ ? csr_write_lag : 0);  // for counters and timers
  switch (static_cast<Csr>(number)) {
    case Csr::mstatus:
    case Csr::meivt:
    case Csr::meipt:
    case Csr::meicurpl:
      stored = masked;
      attention_ = true;
      return;
    case Csr::mie:
      stored = masked;
      attention_ = true;
      schedule_timers();
      return;
    case Csr::mcountinhibit: {
      const bool cycles = (masked & 1) == 0;
      const bool retired = (masked & 4) == 0;
      if (cycles != mcycle_runs_) mcycle_base_ = cycles ? mcycle_base_ - counts : mcycle_base_ + counts;
      if (retired != minstret_runs_) {
        minstret_base_ = retired ? minstret_base_ - next_instruction : minstret_base_ + next_instruction;
      }
      mcycle_runs_ = cycles;
      minstret_runs_ = retired;
      stored = masked;
      update_counting();
      return;
    }
    case Csr::mtdata1: {
      const uint32_t selected = reg(Csr::mtsel);
      uint32_t data = value & mtdata1_writable & ~0x1000u;
      // Data matches exist for stores only, and only triggers 0 and 2 chain.
      if ((data & 1u << 19) != 0) data &= ~0x5u;
      if ((selected & 1) != 0) data &= ~chain_bit;
      triggers_[selected].data1 = data;
      update_counting();
      return;
    }
    case Csr::mtdata2: triggers_[reg(Csr::mtsel)].data2 = value; return;
    case Csr::mrac: stored = legal_mrac(value); return;
    case Csr::mcpc:
      paused_until_ = effective + (rtl_ ? std::max(value, 1u) : value);
      attention_ = true;
      if (value != 0) timers_.set_sleep(halted_, true, effective);
      return;
    case Csr::mpmc:
      stored = value & 2;
      if ((value & 1) == 0) return;
      if ((value & 2) != 0) reg(Csr::mstatus) |= 8;
      halting_ = Halting::after_next;
      halt_due_ = effective + (rtl_ && running_ ? halt_delay : 0);
      attention_ = true;
      return;
    case Csr::mitcnt0: timers_.set_count(0, value, counts); break;
    case Csr::mitcnt1: timers_.set_count(1, value, counts); break;
    case Csr::mitb0: timers_.set_bound(0, value, counts); break;
    case Csr::mitb1: timers_.set_bound(1, value, counts); break;
    case Csr::mitctl0: timers_.set_control(0, value, counts); break;
    case Csr::mitctl1: timers_.set_control(1, value, counts); break;
    case Csr::micect:
    case Csr::miccmect:
    case Csr::mdccmect:
      stored = legal_threshold(value);
      attention_ = true;
      return;
    case Csr::mcyclel:
    case Csr::mcycleh: {
      const uint64_t offset = mcycle_runs_ ? counts : 0;
      const uint64_t counter = mcycle_base_ + offset;
      mcycle_base_ = (number == static_cast<uint32_t>(Csr::mcyclel) ? with_low(counter) : with_high(counter)) - offset;
      return;
    }
    case Csr::minstretl:
    case Csr::minstreth: {
      const uint64_t offset = minstret_runs_ ? next_instruction : 0;
      const uint64_t counter = minstret_base_ + offset;
      minstret_base_ =
          (number == static_cast<uint32_t>(Csr::minstretl) ? with_low(counter) : with_high(counter)) - offset;
      return;
    }
    case Csr::mdeau: mdseac_locked_ = false; return;
    default: break;
  }
  if (number >= static_cast<uint32_t>(Csr::mitcnt0) && number <= static_cast<uint32_t>(Csr::mitctl1)) {
    schedule_timers();
    return;
  }
  if (number >= static_cast<uint32_t>(Csr::mhpme3) && number <= static_cast<uint32_t>(Csr::mhpme6)) {
    stored = legal_event(value);
    update_counting();
    return;
  }
  if (number >= static_cast<uint32_t>(Csr::mhpmc3) && number <= static_cast<uint32_t>(Csr::mhpmc6)) {
    uint64_t& counter = event_counts_[number - static_cast<uint32_t>(Csr::mhpmc3)];
    counter = with_low(counter);
    return;
  }
  if (number >= static_cast<uint32_t>(Csr::mhpmc3h) && number <= static_cast<uint32_t>(Csr::mhpmc6h)) {
    uint64_t& counter = event_counts_[number - static_cast<uint32_t>(Csr::mhpmc3h)];
    counter = with_high(counter);
    return;
  }
  stored = masked;
}

bool HartCore::csr_instruction(const Decoded& decoded, uint32_t opcode) {
  const auto number = static_cast<uint32_t>(decoded.imm);
  disturbed_ = true;
  const bool swaps = decoded.op == Op::csrrw || decoded.op == Op::csrrwi;
  const bool immediate = decoded.op == Op::csrrwi || decoded.op == Op::csrrsi || decoded.op == Op::csrrci;
  // Setting and clearing with x0 or 0 is a plain read.
  const bool writes = swaps || decoded.rs1 != 0;
  if (!csr_exists(number) || (writes && csr_is_read_only(number))) return false;
  const uint32_t operand = immediate ? decoded.rs1 : x_[decoded.rs1];
  const uint32_t old = read_csr(number);
  if (writes) {
    const bool selects = number == static_cast<uint32_t>(Csr::mcountinhibit) ||
                         (number >= static_cast<uint32_t>(Csr::mhpme3) && number <= static_cast<uint32_t>(Csr::mhpme6));
    // It counts by what was selected before.
    if (selects && counting_) count_instruction(opcode);
    const bool sets = decoded.op == Op::csrrs || decoded.op == Op::csrrsi;
    write_csr(number, swaps ? operand : sets ? old | operand : old & ~operand, clock_.now() + 1);
    const uint32_t counter = number - static_cast<uint32_t>(Csr::mhpmc3);
    uncounted_ = !counting_ ? 0 : selects ? 0xf : counter < event_counts_.size() ? 1u << counter : 0;
  }
  if (decoded.rd != 0) x_[decoded.rd] = old;
  return true;
}

std::optional<uint32_t> HartCore::csr(unsigned number) const {
  if (number > 0xfff || !csr_exists(number)) return std::nullopt;
  return read_csr(number);
}

bool HartCore::set_csr(unsigned number, uint32_t value) {
  if (number > 0xfff || !csr_exists(number) || csr_is_read_only(number)) return false;
  write_csr(number, value, clock_.now());
  return true;
}

// Performance counters

void HartCore::count_event(unsigned event, uint64_t times) {
  if (!counting_) return;
  for (unsigned i = 0; i < 4; ++i) {
    const uint32_t selected = csrs_[csr_slot(Csr::mhpme3) + i];
    if (selected != event || ((reg(Csr::mcountinhibit) >> (i + 3) | uncounted_ >> i) & 1) != 0) continue;
    event_counts_[i] += times;
  }
}

/// Whether anything has to see every instruction.
void HartCore::update_counting() {
  counting_ = false;
  for (unsigned i = 0; i < 4; ++i) {
    counting_ |= csrs_[csr_slot(Csr::mhpme3) + i] != 0 && (reg(Csr::mcountinhibit) >> (i + 3) & 1) == 0;
  }
  // A restored state says itself from where on.
  if (!counting_) cycles_counted_ = 0;
  if (counting_ && cycles_counted_ == 0) cycles_counted_ = clock_.now() + (running_ ? 1 : 0);
  triggers_armed_ = false;
  for (const Trigger& trigger : triggers_) triggers_armed_ |= (trigger.data1 & 0x40) != 0 && (trigger.data1 & 7) != 0;
  attention_ = true;
}

}  // namespace veer
