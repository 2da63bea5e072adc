// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The branch predictor of VeeR EL2 (el2_ifu_bp_ctl.sv) as Caliptra configures it: a branch target buffer of 256 sets
// and two ways, two banks of 256 two-bit counters that share an 8-bit global history, and a return stack of 8.
//
// Measured: br_*, jal_*, call_* and jalr_* of timing/rtl/microbench-results.txt, and the replays after stale entries of
// the target buffer (tags have 5 bits) in br-percycle.txt: the instruction after 40000038 retires 5 cycles later.

#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "iss/state_stream.h"

namespace veer {

/// What the predictor says about the branch that ends in one halfword of a fetch packet.
struct Prediction {
  bool hit = false;
  bool pc4 = false;  ///< the branch is a 32-bit instruction
  bool call = false;
  bool ret = false;
  uint8_t way = 0;      ///< where it was found, or would be put
  uint8_t history = 0;  ///< the counter: 0 weakly not taken, 1 not taken, 2 weakly taken, 3 taken
  uint16_t offset = 0;  ///< to the target, in halfwords, 12 bits

  [[nodiscard]] bool taken() const { return hit && (history & 2) != 0; }
};

/// A branch as the target buffer keeps it.
struct BranchRecord {
  uint8_t tag = 0;
  bool valid = false;
  bool pc4 = false;
  bool odd_start = false;  ///< the branch begins at an odd halfword
  bool call = false;       ///< call and ret together: a plain jump
  bool ret = false;
  uint16_t offset = 0;

  // How it is packed: the tag in the lowest five bits, and the offset from bit 16 on.
  static constexpr uint32_t valid_bit = 1u << 5;
  static constexpr uint32_t pc4_bit = 1u << 6;
  static constexpr uint32_t odd_start_bit = 1u << 7;
  static constexpr uint32_t call_bit = 1u << 8;
  static constexpr uint32_t ret_bit = 1u << 9;
  static constexpr uint32_t all_bits = 0xffff03ff;

  [[nodiscard]] uint32_t packed() const {
    return uint32_t{tag} | (valid ? valid_bit : 0) | (pc4 ? pc4_bit : 0) | (odd_start ? odd_start_bit : 0) |
           (call ? call_bit : 0) | (ret ? ret_bit : 0) | uint32_t{offset} << 16;
  }
  /// The halfword of its word that it ends in.
  static unsigned slot(uint32_t packed) { return (packed >> 7 ^ packed >> 6) & 1; }
  /// Whether a record is a valid one with `tag`.
  static bool matches(uint32_t packed, uint8_t tag) { return (packed & (valid_bit | 31)) == (valid_bit | tag); }
};

class BranchPredictor {
 public:
  using Cycle = uint64_t;

  static constexpr uint8_t set_of(uint32_t pc) { return static_cast<uint8_t>(pc >> 2 ^ pc >> 10 ^ pc >> 18); }
  static constexpr uint8_t tag_of(uint32_t pc) { return (pc >> 10 ^ pc >> 15 ^ pc >> 20) & 31; }

  /// A region of code whose halfwords that hit in the target buffer are kept in a bitmap.
  struct Region {
    uint32_t base = 0;
    uint32_t size = 0;
    std::vector<uint8_t> hits;     ///< bit per halfword: some branch record says that a branch ends here
    std::vector<uint8_t> trusted;  ///< and that record has been found to be this very branch's
    std::vector<uint16_t> first;   ///< by set and tag: where its words begin in `words`
    std::vector<uint16_t> words;
  };

  /// Adds a region. Its base is a multiple of 4; it has at most 65535 words.
  void add_region(uint32_t base, uint32_t size);
  [[nodiscard]] Region* region(uint32_t pc);

  /// The prediction for a packet of 4 bytes (2 if `last_of_line`) at `address`, fetched in `cycle` after `waited`
  /// further cycles in which it was asked for: the return stack moves in every one of them, as it does in the RTL.
  struct PacketPrediction {
    std::array<Prediction, 2> slot;
    bool taken = false;
    unsigned selected = 1;  ///< the slot whose target was used
    uint32_t target = 0;
  };
  PacketPrediction predict(uint32_t address, uint8_t history, bool last_of_line, Cycle cycle, unsigned waited) {
    PacketPrediction result;
    predict(address, history, last_of_line, cycle, waited, 3, result);
    return result;
  }
  /// The same where Region::hits has told that only the slots in `hits` can hit.
  void predict(uint32_t address, uint8_t history, bool last_of_line, Cycle cycle, unsigned waited, unsigned hits,
               PacketPrediction& result);

  /// Counter of the branch that ends at `pc`, with `history`.
  [[nodiscard]] uint8_t counter(uint32_t pc, uint8_t history) const { return counters_[counter_of(pc) ^ history]; }
  void set_counter(uint32_t pc, uint8_t history, uint8_t value) { counters_[counter_of(pc) ^ history] = value; }
  /// The same counters: `place` is counter_of(pc) ^ history.
  [[nodiscard]] uint8_t& counter_at(unsigned place) { return counters_[place]; }
  static constexpr unsigned counter_of(uint32_t pc) { return (pc >> 1 & 1) << 8 | set_of(pc); }
  /// Another number whenever some Region's bitmaps may have lost what they had.
  [[nodiscard]] uint64_t generation() const { return generation_; }
  void next_generation() { ++generation_; }
  [[nodiscard]] uint8_t least_recent(uint32_t pc) const { return least_recent_[set_of(pc)]; }

  static constexpr uint8_t updated(uint8_t counter, bool taken) {
    // Two bits for each value: to 2, 0, 3, 3 from 0, 1, 2, 3 when it is taken, to 1, 1, 0, 2 when it is not.
    return (taken ? 0b11110010u : 0b10000101u) >> 2 * counter & 3;
  }

  // Updates, seen by packets fetched in or after `visible`. `end` is the branch's last halfword.
  void write_branch(uint32_t end, unsigned way, const BranchRecord& record, Cycle visible);
  void write_counter(uint32_t end, uint8_t history, uint8_t value, Cycle visible);
  void mispredicted(uint32_t end, unsigned way, Cycle cycle);  ///< moves the least recent way

  // The return stack.
  void push_return(uint32_t address) {
    top_ = (top_ + 7) & 7;
    returns_[top_] = {address, true};
  }
  void pop_return() {
    // The oldest stays when it moves up.
    returns_[top_] = returns_[(top_ + 7) & 7];
    top_ = (top_ + 1) & 7;
  }
  [[nodiscard]] bool return_valid() const { return returns_[top_].valid; }
  [[nodiscard]] uint32_t return_address() const { return returns_[top_].address; }

  /// Makes all updates visible up to `cycle`.
  void settle(Cycle cycle) {
    if (pending_branches_ != 0 || pending_counters_ != 0) apply(cycle);
  }
  void reset();
  void state(StateStream& stream);

 private:
  struct PendingBranch {
    Cycle visible;
    uint8_t set, way;
    uint32_t record;  ///< packed
  };
  struct PendingCounter {
    Cycle visible;
    uint8_t bank, index, value;
  };
  struct Return {
    uint32_t address = 0;
    bool valid = false;
  };

  void apply(Cycle cycle);
  void write(uint8_t set, uint8_t way, uint32_t record);
  void refresh(uint8_t set, uint8_t tag);
  [[nodiscard]] Prediction look_up(uint8_t set, uint8_t tag, unsigned slot, uint8_t history, bool same_cycle,
                                   bool can_hit) const;

  std::array<std::array<uint32_t, 256>, 2> branches_{};  ///< packed
  std::array<uint8_t, 256> least_recent_{};
  std::array<uint8_t, 512> counters_{};  ///< bank by bank
  uint64_t generation_ = 1;
  std::array<Return, 8> returns_{};
  unsigned top_ = 0;  ///< the youngest; older ones follow

  std::array<PendingBranch, 8> branch_queue_{};
  unsigned pending_branches_ = 0;
  std::array<PendingCounter, 32> counter_queue_{};
  unsigned pending_counters_ = 0;
  Cycle mispredict_cycle_ = 0;  ///< when the last mispredicted branch was written, and where
  uint8_t mispredict_set_ = 0;
  uint8_t mispredict_tag_ = 0;

  std::vector<Region> regions_;
};

}  // namespace veer
