// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/timing/rtl.h"

#include <algorithm>
#include <utility>

#include "iss/decode.h"
#include "iss/timing/divider.h"

namespace veer {
namespace {

using Kind = TimedInstruction::Kind;

TimedInstruction timed(uint32_t opcode) {
  const Decoded decoded = decode(opcode);
  TimedInstruction result;
  result.halfwords = decoded.length / 2;
  result.rd = decoded.rd;
  result.rs1 = decoded.rs1;
  result.rs2 = decoded.rs2;
  result.kind = Kind::plain;
  const auto distance = [&decoded] {
    return decoded.imm >= -4096 && decoded.imm < 4096 ? static_cast<int16_t>(decoded.imm / 2) : TimedInstruction::far;
  };
  switch (decoded.op) {
    case Op::div:
    case Op::divu:
    case Op::rem:
    case Op::remu: result.kind = Kind::divide; return result;
    case Op::jal:
      result.kind = Kind::jal;
      result.detail = distance();
      return result;
    case Op::jalr: result.kind = Kind::jalr; return result;
    case Op::fence: result.kind = Kind::fence; return result;
    case Op::fence_i: result.kind = Kind::fence_i; return result;
    case Op::ecall:
    case Op::ebreak:
    case Op::mret:
    case Op::illegal: result.kind = Kind::leave; return result;
    default: break;
  }
  const Format format = description(decoded.op).format;
  switch (format) {
    case Format::load: result.kind = Kind::load; break;
    case Format::store: result.kind = Kind::store; break;
    case Format::branch:
      result.kind = Kind::branch;
      result.detail = distance();
      break;
    case Format::csr:
    case Format::csr_immediate: {
      result.kind = Kind::csr;
      const bool swaps = decoded.op == Op::csrrw || decoded.op == Op::csrrwi;
      const bool writes = swaps || decoded.rs1 != 0;
      const bool reads = !swaps || decoded.rd != 0;
      result.detail = static_cast<int16_t>((decoded.imm & 0xfff) | (reads ? TimedInstruction::csr_reads : 0) |
                                           (writes ? TimedInstruction::csr_writes : 0));
      if (format == Format::csr_immediate) result.rs1 = 0;
      break;
    }
    default: break;
  }
  return result;
}

}  // namespace

RtlTiming::RtlTiming(uint32_t iccm_base, std::span<const uint8_t> iccm, uint32_t local_first, uint32_t local_second)
    : iccm_base_(iccm_base),
      iccm_size_(static_cast<uint32_t>(iccm.size())),
      local_regions_(1u << (local_first >> 28) | 1u << (local_second >> 28)),
      looked_(std::make_unique<Looked[]>(looks)) {
  pipeline_.fetch().set_iccm(iccm_base_, iccm_size_);
  codes_.push_back({iccm_base_, iccm});
  pipeline_.predictor().add_region(iccm_base_, iccm_size_);
  for (const bool iccm : {false, true}) {
    for (const bool side_effects : {false, true}) {
      constexpr Clock::Cycle decoded = 1000;
      LoadStoreBus idle;
      const auto timing = idle.load({.address = 0, .side_effects = side_effects, .iccm = iccm, .rom = false}, decoded);
      lone_load_[iccm ? 1 : 0][side_effects ? 1 : 0] = static_cast<uint32_t>(timing.usable - decoded);
    }
  }
  refresh_maps();
  reset(0);
}

void RtlTiming::add_rom(uint32_t base, std::span<const uint8_t> bytes) {
  std::erase_if(codes_, [base](const Code& code) { return code.base == base; });
  codes_.push_back({base, bytes});
  forget_looks();
  if (base % 4 == 0 && bytes.size() / 4 < 65536) {
    pipeline_.predictor().add_region(base, static_cast<uint32_t>(bytes.size()) & ~3u);
    pipeline_.fetch().regions_changed();
    refresh_maps();
  }
}

void RtlTiming::refresh_maps() {
  BranchPredictor::Region* region = pipeline_.predictor().region(iccm_base_);
  hits_ = region->hits.data();
  trusted_ = region->trusted.data();
}

void RtlTiming::code_written(uint32_t address, uint32_t size) {
  if (address - iccm_base_ >= iccm_size_) return;
  const uint32_t offset = address - iccm_base_;
  const uint32_t written = offset / 2;
  // What begins up to two halfwords before, and what ends in the one after, may be part of another instruction now.
  const uint32_t first = written - std::min(written, 2u);
  const uint32_t last = std::min((offset + size - 1) / 2 + 1, iccm_size_ / 2 - 1);
  if (last < first_seen_ || first > last_seen_) return;
  for (uint32_t halfword = first; halfword <= last; ++halfword) {
    const uint32_t pc = iccm_base_ + 2 * halfword;
    Looked& looked = looked_[pc >> 1 & (looks - 1)];
    if (looked.pc == pc) looked.pc = nowhere;
    trusted_[halfword >> 3] &= static_cast<uint8_t>(~(1u << (halfword & 7)));
  }
  pipeline_.predictor().next_generation();
  refresh_ways();
}

void RtlTiming::forget_looks() { std::fill_n(looked_.get(), looks, Looked{}); }

void RtlTiming::forget_code() {
  forget_looks();
  std::fill_n(trusted_, iccm_size_ / 16, uint8_t{0});
  pipeline_.predictor().next_generation();
  refresh_ways();
}

void RtlTiming::reset(uint32_t pc) {
  pipeline_.reset(pc);
  fast_ = false;
  division_ = {};
  refresh_ways();
  owed_ = 0;
  finished(pc);
}

const RtlTiming::Code* RtlTiming::code_at(uint32_t pc) const {
  for (const Code& code : codes_) {
    if (pc - code.base < code.bytes.size()) return &code;
  }
  return nullptr;
}

TimedInstruction RtlTiming::look_slowly(uint32_t pc) {
  constexpr TimedInstruction nothing = {.kind = Kind::leave, .rd = 0, .rs1 = 0, .rs2 = 0, .halfwords = 2, .detail = 0};
  uint32_t window = 0;
  const Code* code = code_at(pc);
  if (code == nullptr) {
    window = pc & ~(fetch_window - 1);
    code = code_at(pc - window);
    if (code == nullptr) return nothing;
  }
  const std::size_t offset = (pc - window - code->base) & ~1u;
  if (offset + 2 > code->bytes.size()) return nothing;
  uint32_t opcode = code->bytes[offset] | static_cast<uint32_t>(code->bytes[offset + 1]) << 8;
  if (!is_compressed(opcode) && offset + 4 <= code->bytes.size()) {
    opcode |= static_cast<uint32_t>(code->bytes[offset + 2]) << 16;
    opcode |= static_cast<uint32_t>(code->bytes[offset + 3]) << 24;
  }
  const TimedInstruction instruction = timed(opcode);
  if (code == &codes_.front()) {
    first_seen_ = std::min(first_seen_, static_cast<uint32_t>(offset / 2));
    last_seen_ = std::max(last_seen_, static_cast<uint32_t>(offset / 2));
  }
  looked_[pc >> 1 & (looks - 1)] = {.pc = pc, .instruction = instruction};
  return instruction;
}

/// For instructions that the interpreter says nothing about.
void RtlTiming::finish_quietly(const TimedInstruction& instruction) {
  switch (instruction.kind) {
    case Kind::load: pipeline_.finish_load(instruction, nullptr); break;
    case Kind::store: pipeline_.finish_store(nullptr, false); break;
    default: pipeline_.finish_plain(instruction); break;
  }
}

/// Replays what lies between the cursor and `pc`.
void RtlTiming::replay(uint32_t pc) {
  if (pc < cursor_ || pc - cursor_ > 0x10000) cursor_moved(pc);
  if (issued_ != nowhere) {
    // An instruction that turned out to need nothing further.
    finish_quietly(look(issued_));
    finished(issued_ + 2u * look(issued_).halfwords);
  }
  const Clock::Cycle before = pipeline_.now();
  uint32_t instructions = 0;
  while (cursor_ < pc) {
    const TimedInstruction instruction = look(cursor_);
    pipeline_.issue(cursor_, instruction);
    ++instructions;
    if (instruction.kind == Kind::plain) {
      pipeline_.finish_plain(instruction);
    } else {
      finish_quietly(instruction);
    }
    cursor_ += 2u * instruction.halfwords;
  }
  owed_ += static_cast<uint32_t>(pipeline_.now() - before) - instructions;
}

/// Issues the instruction at `pc`, unless it has been. Returns all that is owed.
uint32_t RtlTiming::issue_slowly(uint32_t pc) {
  if (pc != issued_) {
    if (fast_) leave_fast();
    replay(pc);
    const Clock::Cycle before = pipeline_.now();
    pipeline_.issue(pc, look(pc));
    owed_ += static_cast<uint32_t>(pipeline_.now() - before) - 1;
    issued_ = pc;
  }
  return std::exchange(owed_, 0);
}

/// From decode to the bus a load takes three cycles, a store six, or four if another access to the bus follows at once
/// (load_store_bus.h). What follows is taken for one if it is a load or store that doesn't go to the stack.
uint32_t RtlTiming::store_lag() {
  static constexpr uint8_t stack_pointer = 2;
  if (issued_ == nowhere) return 0;
  const TimedInstruction next = look(issued_ + 2u * look(issued_).halfwords);
  const bool access = next.kind == Kind::load || next.kind == Kind::store;
  return access && next.rs1 != stack_pointer ? 1 : 3;
}

void RtlTiming::catch_up(uint32_t pc) {
  if (!fast_ && pc != issued_) replay(pc);
}

/// Execution goes on at `next_pc`; if nothing is under way there, without the pipeline. Returns what it still owes.
uint32_t RtlTiming::settle(uint32_t next_pc) {
  finished(next_pc);
  if (next_pc - iccm_base_ >= iccm_size_ || !pipeline_.quiet()) return 0;
  pipeline_.predictor().settle(pipeline_.now() + 4);
  fast_ = true;
  refresh_ways();
  return pipeline_.take_hold();
}

uint32_t RtlTiming::control(uint32_t pc, uint32_t target, bool taken) {
  const TimedInstruction instruction = look(pc);
  const uint32_t next_pc = taken ? target : pc + 2u * instruction.halfwords;
  if (fast_) {
    bool done = false;
    uint32_t cycles = control_fast(pc, instruction, target, taken, done);
    if (done) {
      if (division_.rd != 0) {
        const uint32_t waits = division_.pass(*this, pc);
        pipeline_.statistics().divide += waits;
        division_.from = next_pc;
        division_.cycles -= std::min(division_.cycles, cycles);
        cycles += waits;
      }
      cursor_ = next_pc;
      // Into the ROM.
      if (next_pc - iccm_base_ >= iccm_size_) leave_fast();
      refresh_ways();
      return cycles;
    }
  }
  uint32_t cycles = issue(pc);
  const bool known = pipeline_.finish_control(pc, instruction, target, taken);
  cycles += settle(next_pc);
  if (known) {
    const uint32_t end = pc + 2u * (instruction.halfwords - 1u);
    if (end - iccm_base_ < iccm_size_) {
      const uint32_t halfword = (end - iccm_base_) >> 1;
      trusted_[halfword >> 3] |= static_cast<uint8_t>(hits_[halfword >> 3] & 1u << (halfword & 7));
    }
  }
  return cycles;
}

/// A branch or jump that was not simple at first sight: its way may not have been looked for.
template <typename Simple>
uint32_t RtlTiming::look_again(uint32_t pc, unsigned length, uint32_t target, bool taken, Simple simple) {
  if (fast_) {
    find_way(pc + length - 2);
    const uint32_t cycles = simple();
    if (cycles != not_simple) return cycles;
  }
  return control(pc, target, taken);
}

uint32_t RtlTiming::branch(uint32_t pc, unsigned length, uint32_t target, bool taken) {
  return look_again(pc, length, target, taken, [&] { return simple_branch(pc, length, target, taken); });
}

uint32_t RtlTiming::jump(uint32_t pc, unsigned length, uint32_t target, bool links) {
  return look_again(pc, length, target, true, [&] { return simple_jump(pc, length, target, links); });
}

uint32_t RtlTiming::indirect_jump(uint32_t pc, unsigned length, uint32_t target, bool returns) {
  return look_again(pc, length, target, true, [&] { return simple_indirect_jump(pc, length, target, returns); });
}

/// While fast_: lets way_to() know, if it is no `other`.
void RtlTiming::find_way(uint32_t end) {
  if (division_.rd != 0) return;
  const uint32_t first = (cursor_ - iccm_base_) >> 1;
  const uint32_t last = (end - iccm_base_) >> 1;
  const uint32_t span = last - first;
  if (span >= 56) return;
  const uint64_t hits = bits(hits_, first) & ((uint64_t{2} << span) - 1);
  const bool clear = hits == 0;
  if (!clear && (hits != uint64_t{1} << span || (trusted_[last >> 3] >> (last & 7) & 1) == 0)) return;
  way_taken(end) = {
      .where = uint64_t{end} << 32 | cursor_,
      .found = pipeline_.predictor().generation() << 16 | (clear ? 0 : 0x200) | BranchPredictor::counter_of(end)};
}

/// What the inline path leaves over: jumps, and branches that were predicted wrongly. Not done if there are hits of
/// other branches on the way, or one that has not been compared with this instruction.
uint32_t RtlTiming::control_fast(uint32_t pc, const TimedInstruction& instruction, uint32_t target, bool taken,
                                 bool& done) {
  const uint32_t end = pc + 2u * (instruction.halfwords - 1u);
  const uint32_t first = (cursor_ - iccm_base_) >> 1;
  const uint32_t last = (end - iccm_base_) >> 1;
  if (cursor_ > pc || last >= iccm_size_ / 2) return 0;
  uint32_t at = first;
  for (; last - at >= 56; at += 56) {
    if ((bits(hits_, at) & ((uint64_t{1} << 56) - 1)) != 0) return 0;
  }
  const uint64_t hits = bits(hits_, at) & ((uint64_t{2} << (last - at)) - 1);
  const bool hit = hits == uint64_t{1} << (last - at);
  if (hits != 0 && !hit) return 0;
  if (hit && (trusted_[last >> 3] >> (last & 7) & 1) == 0) return 0;
  done = true;
  TimingStatistics& statistics = pipeline_.statistics();
  if (!instruction.predictable() || !hit) {
    if (!taken) return 0;
    if (instruction.predictable()) pipeline_.learn(pc, instruction);
    ++statistics.mispredict;
    return 1;
  }
  const uint8_t counter = pipeline_.predictor().counter(end, pipeline_.history());
  const uint8_t updated = BranchPredictor::updated(counter, taken);
  bool wrong = false;
  if (instruction.kind == Kind::branch) {
    wrong = (counter >= 2) != taken;
    pipeline_.predictor().set_counter(end, pipeline_.history(), updated);
  } else if (instruction.is_return()) {
    wrong = !pipeline_.predictor().return_valid() || pipeline_.predictor().return_address() != target;
    pipeline_.predictor().pop_return();
    if (!wrong)
      pipeline_.predictor().set_counter(end, pipeline_.history(), BranchPredictor::updated(counter | 2, true));
  } else {
    if (instruction.rd == 1 || instruction.rd == 5)
      pipeline_.predictor().push_return(pc + (instruction.halfwords == 2 ? 0 : 2));
    pipeline_.predictor().set_counter(end, pipeline_.history(), BranchPredictor::updated(counter | 2, true));
  }
  note_history(taken);
  if (!wrong) return 0;
  ++statistics.mispredict;
  return 1;
}

uint32_t RtlTiming::wide_store(uint32_t pc) {
  uint32_t cycles = issue(pc);
  cycles += pipeline_.finish_store(nullptr, true);
  finished(pc + 2u * look(pc).halfwords);
  return cycles;
}

uint32_t RtlTiming::Division::pass(RtlTiming& timing, uint32_t pc) {
  // A state from outside may say anything.
  if (pc - from > 0x10000) rd = 0;
  while (rd != 0 && from <= pc) {
    const TimedInstruction instruction = timing.look(from);
    const bool waits = instruction.rs1 == rd || instruction.rs2 == rd || instruction.kind == Kind::divide;
    if (waits || cycles == 0) rd = 0;
    if (waits) return cycles;
    // A younger result cancels the division, which takes until it retires.
    if (instruction.rd == rd) cycles = std::min(cycles, 3u);
    from += 2u * instruction.halfwords;
    if (cycles != 0) --cycles;
  }
  return 0;
}

/// Everything is the pipeline's again.
void RtlTiming::leave_fast() {
  pipeline_.restart(cursor_);
  fast_ = false;
  const Division division = std::exchange(division_, {});
  refresh_ways();
  if (division.rd == 0) return;
  replay(division.from);
  pipeline_.divide_until(division.rd, division.cycles);
}

uint32_t RtlTiming::divide(uint32_t pc, bool remainder, bool is_signed, uint32_t dividend, uint32_t divisor) {
  const TimedInstruction instruction = look(pc);
  const uint32_t division = division_cycles(remainder, is_signed, dividend, divisor);
  if (fast_ && instruction.rd != 0) {
    uint32_t waits = division_.pass(*this, pc);
    // It has passed this instruction as well, a cycle later.
    if (division_.rd != 0 && division_.cycles != 0) waits += division_.cycles + 1;
    division_ = {.rd = instruction.rd, .from = pc + 4, .cycles = division - 1};
    refresh_ways();
    pipeline_.statistics().divide += waits;
    return waits;
  }
  const uint32_t cycles = issue(pc);
  pipeline_.finish_divide(instruction, division);
  finished(pc + 4);
  return cycles;
}

/// From a load from the bus to the first instruction that reads its register, if the pipeline need not be asked about
/// them: all between them take a cycle each and leave the register alone. 0 if that is not so.
unsigned RtlTiming::instructions_to_user(uint32_t pc, uint32_t address) {
  constexpr unsigned farthest = 4;
  if (division_.rd != 0) return 0;
  const TimedInstruction load = look(pc);
  if (load.rd == 0 || (address - iccm_base_ >= iccm_size_ && code_at(address) != nullptr)) return 0;
  for (unsigned distance = 1; distance <= farthest; ++distance) {
    pc += 2u * (distance == 1 ? load.halfwords : look(pc).halfwords);
    const TimedInstruction instruction = look(pc);
    const bool simple = instruction.kind == Kind::plain || instruction.kind == Kind::branch;
    if (simple && (instruction.rs1 == load.rd || instruction.rs2 == load.rd)) return distance;
    if (instruction.kind != Kind::plain || instruction.rd == load.rd) return 0;
  }
  return 0;
}

/// While the pipeline is left alone, a lone load from the bus is charged what its first user will wait.
uint32_t RtlTiming::loaded(uint32_t pc, uint32_t address) {
  if (fast_) {
    if (local(address)) return 0;
    const unsigned distance = instructions_to_user(pc, address);
    const bool iccm = address - iccm_base_ < iccm_size_;
    const uint32_t usable = lone_load_[iccm ? 1 : 0][pipeline_.side_effects(address) ? 1 : 0];
    const uint32_t waits = usable > distance ? usable - distance : 0;
    pipeline_.statistics().load_use += waits;
    return waits;
  }
  const TimedInstruction instruction = look(pc);
  if (local(address)) {
    pipeline_.finish_load(instruction, nullptr);
  } else {
    const bool iccm = address - iccm_base_ < iccm_size_;
    const LoadStoreBus::Target target = {.address = address,
                                         .side_effects = pipeline_.side_effects(address),
                                         .iccm = iccm,
                                         .rom = !iccm && code_at(address) != nullptr};
    pipeline_.finish_load(instruction, &target, iccm && pc - iccm_base_ < iccm_size_);
  }
  finished(pc + 2u * instruction.halfwords);
  return 0;
}

void RtlTiming::stored(uint32_t pc, uint32_t address, unsigned width) {
  const bool wide = local(address) && (address & 3) + width > 4;
  if (fast_) return;
  const uint32_t next_pc = pc + 2u * look(pc).halfwords;
  if (local(address)) {
    owed_ += pipeline_.finish_store(nullptr, wide);
  } else {
    const bool iccm = address - iccm_base_ < iccm_size_;
    const LoadStoreBus::Target target = {.address = address,
                                         .side_effects = pipeline_.side_effects(address),
                                         .iccm = iccm && pc - iccm_base_ < iccm_size_,
                                         .rom = false};
    pipeline_.finish_store(&target, false);
    if (iccm) code_written(address, width);
  }
  finished(next_pc);
}

void RtlTiming::csr_done(uint32_t pc, uint32_t mrac) {
  pipeline_.finish_csr(look(pc));
  pipeline_.set_mrac(mrac);
  finished(pc + 4);
}

void RtlTiming::fenced(uint32_t pc) {
  pipeline_.finish_plain(look(pc));
  finished(pc + 4);
}

void RtlTiming::left(uint32_t target) {
  pipeline_.finish_leave(target);
  finished(target);
}

uint32_t RtlTiming::trapped(uint32_t pc, uint32_t handler) {
  if (fast_) {
    cursor_moved(cursor_);
  } else {
    catch_up(pc);
  }
  left(handler);
  return std::exchange(owed_, 0);
}

uint32_t RtlTiming::interrupted(uint32_t pc, uint32_t handler, bool external) {
  if (fast_) cursor_moved(pc);
  const uint32_t cycles = issue(pc);
  pipeline_.interrupt(handler, external ? redirect_cycles : 0);
  finished(handler);
  return cycles + 1;
}

void RtlTiming::cursor_moved(uint32_t pc) {
  pipeline_.restart(pc);
  fast_ = false;
  division_ = {};
  refresh_ways();
  finished(pc);
}

void RtlTiming::state(StateStream& stream) {
  stream.section("rtl timing", 2);
  if (stream.restoring()) {
    forget_code();
    first_seen_ = 0;
    last_seen_ = iccm_size_ / 2;
  }
  pipeline_.state(stream);
  stream(fast_);
  stream(cursor_);
  stream(issued_);
  stream(owed_);
  stream(division_.rd);
  stream(division_.from);
  stream(division_.cycles);
  division_.rd &= 31;
  if (fast_ && cursor_ - iccm_base_ >= iccm_size_) fast_ = false;
  if (!fast_) division_ = {};
  refresh_ways();
}

}  // namespace veer
