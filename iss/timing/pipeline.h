// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Decode and issue (el2_dec_decode_ctl.sv, el2_exu.sv): one instruction a cycle, in order, when it has been fetched,
// its operands are there and nothing synchronizes. Branches are resolved where they are decoded, so a wrong prediction
// costs one cycle beyond the refetch; traps, mret and fence.i leave from two stages further down.
//
// Measured: all of timing/rtl/microbench-results.txt, br-percycle.txt, irq-percycle.txt and the official ROM's retire
// trace.

#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "iss/state_stream.h"
#include "iss/timing/fetch.h"
#include "iss/timing/load_store_bus.h"
#include "iss/timing/predictor.h"
#include "iss/timing/statistics.h"

namespace veer {

/// What timing needs to know of an instruction.
struct TimedInstruction {
  enum class Kind : uint8_t {
    plain,  ///< one cycle
    divide,
    load,
    store,
    branch,
    jal,
    jalr,
    csr,
    fence,
    fence_i,
    leave,  ///< ecall, ebreak, mret, illegal: execution goes on elsewhere
  };
  static constexpr int16_t far = INT16_MIN;
  static constexpr int16_t csr_reads = 0x1000;
  static constexpr int16_t csr_writes = 0x2000;

  Kind kind = Kind::plain;
  uint8_t rd = 0;   ///< 0: none
  uint8_t rs1 = 0;  ///< 0: none or x0
  uint8_t rs2 = 0;
  uint8_t halfwords = 2;
  int16_t detail = 0;  ///< branch, jal: halfwords to the target, or `far`; csr: its number, csr_reads, csr_writes

  [[nodiscard]] bool control() const { return kind == Kind::branch || kind == Kind::jal || kind == Kind::jalr; }
  [[nodiscard]] bool is_return() const { return kind == Kind::jalr && rd == 0 && (rs1 == 1 || rs1 == 5); }
  /// Whether the predictor cares for it (el2_dec_decode_ctl.sv: i0_predict_br).
  [[nodiscard]] bool predictable() const {
    return kind == Kind::branch || (kind == Kind::jal && detail != far) || is_return();
  }
  /// The offset the branch target buffer keeps.
  [[nodiscard]] uint16_t offset() const { return kind == Kind::jalr ? 0 : static_cast<uint16_t>(detail) & 0xfff; }
};

/// Times are in cycles of the pipeline's own; only differences mean anything outside.
class Pipeline {
 public:
  using Cycle = uint64_t;
  using Kind = TimedInstruction::Kind;

  Pipeline() : fetch_(predictor_, bus_.port()) {}
  Pipeline(const Pipeline&) = delete;
  Pipeline& operator=(const Pipeline&) = delete;

  BranchPredictor& predictor() { return predictor_; }
  Fetch& fetch() { return fetch_; }

  /// When the last issued instruction was decoded.
  [[nodiscard]] Cycle now() const { return now_; }
  /// The earliest cycle in which the next one can be.
  [[nodiscard]] Cycle next() const { return hold_ > now_ ? hold_ : now_ + 1; }
  /// What a flush still costs before the next instruction, which is then taken as paid.
  uint32_t take_hold();
  /// Whether nothing is under way but the pipeline itself.
  [[nodiscard]] bool quiet();

  /// The instruction at `pc` is decoded. Every instruction is issued, then finished, in the order of execution.
  void issue(uint32_t pc, const TimedInstruction& instruction) {
    if (!issue_at_once(pc, instruction)) issue_slowly(pc, instruction);
  }
  void finish_plain(const TimedInstruction& instruction) {
    if (waiting_ != 0) write_register(instruction.rd);
  }
  void finish_divide(const TimedInstruction& instruction, uint32_t cycles);
  /// The divider is at work: an instruction that is decoded in `cycles` cycles from the next one can read `rd`.
  void divide_until(uint8_t rd, uint32_t cycles) {
    divider_free_ = now_ + 1 + cycles;
    ready_[rd] = divider_free_;
    waiting_ |= 1u << rd;
    dividing_ = 1u << rd;
  }
  /// `competes`: a load from the ICCM by code in the ICCM.
  void finish_load(const TimedInstruction& instruction, const LoadStoreBus::Target* target, bool competes = false);
  /// Returns how much longer than was known the store has been waiting at decode.
  uint32_t finish_store(const LoadStoreBus::Target* target, bool crosses_word);
  /// A branch or jump whose target, if taken, is `target`. True if the predictor knew it as the branch it is.
  bool finish_control(uint32_t pc, const TimedInstruction& instruction, uint32_t target, bool taken);
  void finish_csr(const TimedInstruction& instruction);
  /// fence.i, mret, ecall, ebreak, illegal: goes on at `target`.
  void finish_leave(uint32_t target) { leave(now_, target); }

  /// An interrupt or NMI comes instead of the instruction that was issued last: goes on at `handler`, `further` cycles
  /// later than a trap.
  void interrupt(uint32_t handler, Cycle further);

  /// Goes on at `pc` as if it had been fetched some time ago, with nothing under way.
  void restart(uint32_t pc);
  /// Makes a taken branch known to the predictor at once; for one that was not in the target buffer.
  void learn(uint32_t pc, const TimedInstruction& instruction);
  void set_mrac(uint32_t mrac) {
    mrac_ = mrac;
    fetch_.set_mrac(mrac, now_ + 3);
  }
  [[nodiscard]] bool side_effects(uint32_t address) const { return (mrac_ >> ((address >> 28) * 2 + 1) & 1) != 0; }

  uint8_t& history() { return history_; }
  TimingStatistics& statistics() { return statistics_; }

  void reset(uint32_t pc);
  void state(StateStream& stream);

 private:
  /// What the predictor had said of the instruction that is being issued.
  struct Guess {
    bool valid = false;
    bool taken = false;
    bool looked_up = false;  ///< the following were set
    uint8_t way = 0;
    uint8_t counter = 0;
    uint8_t history = 0;
    uint32_t target = 0;  ///< what fetch went on with
  };

  /// What nearly all instructions are: nothing to wait for but fetch.
  bool issue_at_once(uint32_t pc, const TimedInstruction& instruction) {
    const Cycle cycle = now_ + 1;
    if (instruction.kind > Kind::store || instruction.kind == Kind::divide || hold_ > cycle ||
        (waiting_ & (1u << instruction.rs1 | 1u << instruction.rs2)) != 0) {
      return false;
    }
    if (instruction.kind == Kind::plain ? bus_.holds_iccm_store() : quiet_from_ > cycle || wide_store_ > cycle) {
      return false;
    }
    const Packet& head = fetch_.head();
    const uint32_t offset = (pc - head.address) >> 1;
    if (offset >= head.halfwords || head.looked_up) return false;
    Cycle fetched = head.fetched;
    if (offset + instruction.halfwords > head.halfwords) {
      const Packet& second = fetch_.second();
      if (second.looked_up || second.address != pc + 2) return false;
      fetched = std::max(fetched, second.fetched);
    }
    now_ = cycle;
    if (fetched >= cycle) {
      statistics_.fetch += fetched + 1 - cycle;
      now_ = fetched + 1;
    }
    fetch_.consume(offset, instruction.halfwords, now_);
    return true;
  }
  void issue_slowly(uint32_t pc, const TimedInstruction& instruction);
  [[nodiscard]] bool stale(uint32_t pc, const TimedInstruction& instruction, const Packet& first, const Packet* second,
                           unsigned offset);
  [[nodiscard]] BranchRecord record(uint32_t pc, const TimedInstruction& instruction) const;
  void write_register(uint8_t rd);
  void hold_until(Cycle cycle, uint64_t TimingStatistics::*reason) {
    if (cycle <= hold_) return;
    hold_ = cycle;
    hold_reason_ = reason;
  }
  void leave(Cycle decoded, uint32_t target);
  void after_bus_access();
  bool yield_to_iccm_read(Cycle from);
  [[nodiscard]] Cycle store_buffer_room(Cycle at, unsigned words) const;
  void buffer_store(unsigned words);
  [[nodiscard]] Cycle behind_iccm_stores(Cycle at, bool fence);
  [[nodiscard]] Cycle wait_for_registers(const TimedInstruction& instruction, Cycle cycle);

  BranchPredictor predictor_;
  LoadStoreBus bus_;
  Fetch fetch_;
  TimingStatistics statistics_;

  Cycle now_ = 0;
  Cycle hold_ = 0;
  uint64_t TimingStatistics::*hold_reason_ = &TimingStatistics::fetch;
  uint8_t history_ = 0;  ///< global branch history at decode
  uint32_t mrac_ = 0;

  uint32_t waiting_ = 0;  ///< registers whose value is still to come
  std::array<Cycle, 32> ready_{};
  uint32_t dividing_ = 0;  ///< those that wait for the divider
  Cycle divider_free_ = 0;
  Cycle quiet_from_ = 0;
  Cycle last_load_store_ = 0;
  Cycle last_csr_write_ = 0;
  // The store buffer, while there is a store across words in it.
  std::array<Cycle, 8> drains_{};  ///< when each of its entries goes to the DCCM
  unsigned next_drain_ = 0;
  Cycle wide_store_ = 0;  ///< when the last of them does

  Guess guess_;
};

}  // namespace veer
