// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What only the observed loop does: breakpoints, watchpoints, observers, triggers, performance counters.

#include <algorithm>

#include "iss/arithmetic.h"
#include "iss/hart_core.h"

namespace veer {
namespace {

constexpr uint32_t trigger_load = 1;
constexpr uint32_t trigger_store = 2;
constexpr uint32_t trigger_execute = 4;
constexpr uint32_t trigger_enabled = 0x40;  // m: in machine mode, which is all there is
constexpr uint32_t trigger_selects_data = 1u << 19;

}  // namespace

void HartCore::set_observer(Observer* observer) {
  observer_ = observer;
  attention_ = true;
}

void HartCore::add_breakpoint(uint32_t address) {
  breakpoints_.insert(address);
  attention_ = true;
}
void HartCore::remove_breakpoint(uint32_t address) { breakpoints_.erase(address); }

void HartCore::add_watchpoint(uint32_t address, uint32_t length, WatchKind kind) {
  if (length == 0) return;
  watchpoints_.insert(Watchpoint{address, length, kind});
  attention_ = true;
}
void HartCore::remove_watchpoint(uint32_t address, uint32_t length, WatchKind kind) {
  const auto found = watchpoints_.find(Watchpoint{address, length, kind});
  if (found != watchpoints_.end()) watchpoints_.erase(found);
}

void HartCore::put_points_aside(bool aside) {
  if (points_are_aside_ == aside) return;
  points_are_aside_ = aside;
  breakpoints_.swap(breakpoints_aside_);
  watchpoints_.swap(watchpoints_aside_);
  attention_ = true;
}

/// Breakpoints, watchpoints and triggers. False if the loop has to be left instead of executing the instruction.
bool HartCore::before_instruction() {
  if (pc_ != passed_breakpoint_ && breakpoints_.contains(pc_)) {
    debug_stop_ = RunResult{.reason = StopReason::breakpoint, .address = pc_};
    passed_breakpoint_ = pc_;
    attention_ = true;
    return false;
  }
  if (!watchpoints_.empty() && pc_ != passed_watchpoint_) {
    debug_stop_ = watched_access();
    if (debug_stop_) {
      passed_watchpoint_ = pc_;
      attention_ = true;
      return false;
    }
  }
  passed_breakpoint_ = passed_watchpoint_ = no_breakpoint;
  if (triggers_armed_ && trigger_hit()) {
    idle_to(clock_.now() + 1);
    return false;
  }
  return true;
}

/// What the instruction at pc_ is about to load or store, if it does.
std::optional<HartCore::DataAccess> HartCore::next_access() {
  CodeRegion* const region = find_region(pc_);
  if (region == nullptr) return std::nullopt;
  const uint32_t opcode = region->opcode(region->entry(pc_));
  // Most instructions don't: 32 bits 0?00011, 16 bits 010… and 110… of quadrants 0 and 2.
  const bool accesses = (opcode & 3) == 3 ? (opcode & 0x5f) == 3 : (opcode & 1) == 0 && (opcode >> 13 & 3) == 2;
  if (!accesses) return std::nullopt;
  const Decoded decoded = decode(opcode);
  const Format format = description(decoded.op).format;
  if (format != Format::load && format != Format::store) return std::nullopt;
  DataAccess access;
  access.is_store = format == Format::store;
  access.base = x_[decoded.rs1];
  access.address = access.base + static_cast<uint32_t>(decoded.imm);
  access.width = 4;
  if (decoded.op == Op::lb || decoded.op == Op::lbu || decoded.op == Op::sb) access.width = 1;
  if (decoded.op == Op::lh || decoded.op == Op::lhu || decoded.op == Op::sh) access.width = 2;
  access.data = x_[decoded.rs2];
  if (access.width < 4) access.data &= (1u << (8 * access.width)) - 1;
  return access;
}

/// The watchpoint that the instruction at pc_ is about to touch.
std::optional<RunResult> HartCore::watched_access() {
  const std::optional<DataAccess> access = next_access();
  if (!access) return std::nullopt;
  const WatchKind kind = access->is_store ? WatchKind::write : WatchKind::read;
  for (const Watchpoint& watchpoint : watchpoints_) {
    if ((static_cast<uint8_t>(watchpoint.kind) & static_cast<uint8_t>(kind)) == 0) continue;
    // Both ranges may end at the top of the address space.
    const bool overlaps = access->address - watchpoint.address < watchpoint.length ||
                          watchpoint.address - access->address < access->width;
    if (!overlaps) continue;
    const uint32_t hit =
        access->address - watchpoint.address < watchpoint.length ? access->address : watchpoint.address;
    return RunResult{.reason = StopReason::watchpoint, .address = hit, .kind = kind};
  }
  return std::nullopt;
}

/// Whether a trigger matches the instruction at pc_ (el2_dec_trigger.sv) or what it loads or stores
/// (el2_lsu_trigger.sv).
bool HartCore::trigger_matches(const Trigger& trigger, const std::optional<DataAccess>& access) const {
  if ((trigger.data1 & trigger_enabled) == 0) return false;
  const auto matches = [&](uint32_t probe) {
    uint32_t mask = 0xffffffff;
    // match 1: the bits up to and including the lowest 0 of tdata2 don't count, if it has one.
    if ((trigger.data1 & 0x80) != 0 && trigger.data2 != 0xffffffff) mask = ~(trigger.data2 ^ (trigger.data2 + 1));
    return ((probe ^ trigger.data2) & mask) == 0;
  };
  if ((trigger.data1 & trigger_execute) != 0 && matches((pc_ & ~1u) | (trigger.data2 & 1))) return true;
  if (!access || (trigger.data1 & (access->is_store ? trigger_store : trigger_load)) == 0) return false;
  if ((trigger.data1 & trigger_selects_data) == 0) return matches(access->address);
  // A store that is not allowed has no data to match.
  return access->is_store && matches(access->data) &&
         access_fault(access->base, access->address, access->width).mscause == 0;
}

/// The trigger unit: an instruction that matches raises a breakpoint exception before it does anything, even one of its
/// own. Both halves of a chain may match different things of it. Triggers work while MIE is set.
bool HartCore::trigger_hit() {
  if ((reg(Csr::mstatus) & 8) == 0) return false;
  const std::optional<DataAccess> access = next_access();
  std::array<bool, 4> match{};
  for (unsigned i = 0; i < triggers_.size(); ++i) match[i] = trigger_matches(triggers_[i], access);
  bool hit = false;
  for (unsigned pair = 0; pair < 4; pair += 2) {
    const bool chained = (triggers_[pair].data1 & 1u << 11) != 0;
    const bool both = match[pair] && match[pair + 1];
    for (unsigned i = pair; i < pair + 2; ++i) {
      if (!match[i]) continue;
      if (chained ? both : true) hit = true;
      if (i == pair || !chained || both) triggers_[i].data1 |= 1u << 20;
    }
  }
  if (hit) exception(3, 1, pc_);
  return hit;
}

namespace {

/// Jumps that the predictor has no part in: those that are no return, or go farther than 12 bits tell.
bool unpredictable(const Decoded& decoded) {
  if (decoded.op == Op::jal) return decoded.imm < -4096 || decoded.imm >= 4096;
  return decoded.rd != 0 || (decoded.rs1 != 1 && decoded.rs1 != 5);
}

}  // namespace

/// Cycles up to `now`, which the hart has not spent halted.
void HartCore::count_cycles(Cycle now) {
  const Cycle cycles = now - std::min(now, cycles_counted_);
  cycles_counted_ = std::max(now, cycles_counted_);
  count_event(1, cycles);
  if ((reg(Csr::mstatus) & 8) != 0) return;
  count_event(49, cycles);
  if ((interrupts_pending() & reg(Csr::mie)) != 0) count_event(50, cycles);
}

/// An instruction that has come to its end, whatever the bus says about it later.
void HartCore::count_commit(bool compressed) {
  count_event(4);
  count_event(compressed ? 5 : 6);
}

/// A load or store that raises no exception.
void HartCore::count_access(uint32_t address, unsigned width, bool is_store) {
  if ((address & (width - 1)) != 0) count_event(is_store ? 14 : 13);
  if (address - config_.dccm_base < config_.dccm_size || address - config_.pic_base < config_.pic_size) return;
  count_event(43);
  if ((address & 4) != ((address + width - 1) & 4)) count_event(44);
  count_event(is_store ? 56 : 55);
}

/// An exception at pc_. ecall and ebreak commit nevertheless.
void HartCore::count_exception(uint32_t cause, uint32_t mscause) {
  if (!counting_) return;
  count_cycles(clock_.now() + 1);
  count_event(37);
  count_event(40);
  count_event(7);
  count_event(8);
  const bool is_ebreak = cause == 3 && mscause == 2;
  if (cause != 11 && !is_ebreak) return;
  CodeRegion* const region = find_region(pc_);
  count_commit(is_compressed(region->opcode(region->entry(pc_))));
  count_event(is_ebreak ? 19 : 20);
}

/// The events of el2_dec_tlu_ctl.sv that an instruction itself tells. What a CSR instruction writes counts from the
/// next one on.
void HartCore::count_instruction(uint32_t opcode) {
  const Decoded decoded = decode(opcode);
  const Instruction& instruction = description(decoded.op);
  count_cycles(clock_.now() + 1);
  count_commit(decoded.length == 2);
  count_event(7);
  count_event(8);
  switch (instruction.format) {
    case Format::load: count_event(11); break;
    case Format::store: count_event(12); break;
    case Format::branch:
      count_event(24);
      // It has changed nothing, so it can be asked again.
      if (detail::branch_taken(decoded.op, x_[decoded.rs1], x_[decoded.rs2])) count_event(26);
      break;
    case Format::jump:
    case Format::jump_register:
      count_event(24);
      count_event(26);
      if (unpredictable(decoded)) count_event(27);
      break;
    case Format::csr:
    case Format::csr_immediate: {
      const bool reads = decoded.rd != 0 || (decoded.op != Op::csrrw && decoded.op != Op::csrrwi);
      const bool writes = decoded.op == Op::csrrw || decoded.op == Op::csrrwi || decoded.rs1 != 0;
      count_event(reads && writes ? 17 : reads ? 16 : 18);
      break;
    }
    case Format::fence: count_event(21); break;
    default:
      if (instruction.extension == Extension::m) {
        const bool divides =
            decoded.op == Op::div || decoded.op == Op::divu || decoded.op == Op::rem || decoded.op == Op::remu;
        count_event(divides ? 10 : 9);
      } else if (decoded.op == Op::fence_i) {
        count_event(22);
        count_event(40);
      } else if (decoded.op == Op::mret) {
        count_event(23);
        count_event(40);
      } else if (instruction.extension == Extension::i) {
        count_event(15);
      } else {
        count_event(54);
      }
      break;
  }
  uncounted_ = 0;
}

}  // namespace veer
