// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The timing policy `rtl`: the silicon's cycles. The interpreter tells it what can't be known when an instruction is
// decoded: branches, and what leaves the straight path. Everything in between it replays on the pipeline model, from
// the code.
//
// Code in the ICCM with nothing under way on the bus runs at one instruction a cycle, but for branches. There the
// pipeline is left alone, and only the predictor is asked (`fast_`). This ignores what the last packet of a line may
// cost after a mispredicted branch: at most a cycle.

#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <span>
#include <vector>

#include "iss/clock.h"
#include "iss/code_cache.h"
#include "iss/state_stream.h"
#include "iss/timing/pipeline.h"
#include "iss/timing/statistics.h"

namespace veer {

class RtlTiming {
 public:
  static constexpr bool unit_cost = false;
  static constexpr uint32_t not_simple = UINT32_MAX;

  /// From a change of an interrupt or NMI pin until the hart can take it; the store that caused the change takes 6 of
  /// these to reach its register (irq-percycle.txt: a store decoded in 5384, the first instruction lost in 5397).
  static constexpr Clock::Cycle pin_delay = 13;
  static constexpr Clock::Cycle reset_delay = 1;
  /// An external interrupt reads its handler's address from the DCCM first (irq-percycle.txt).
  static constexpr uint32_t redirect_cycles = 4;

  /// `iccm` must outlive this; ROMs until another is added at the same base.
  RtlTiming(uint32_t iccm_base, std::span<const uint8_t> iccm, uint32_t local_first, uint32_t local_second);
  void add_rom(uint32_t base, std::span<const uint8_t> bytes);
  /// Code in the ICCM has been changed, by a store or from outside.
  void code_written(uint32_t address, uint32_t size);
  void forget_code();

  void reset(uint32_t pc);
  /// The pc was moved by a debugger.
  void move(uint32_t from, uint32_t to) {
    catch_up(from);
    cursor_moved(to);
  }

  // Each of these returns cycles to be added to the one that every instruction costs.

  /// Before the instruction at `pc` begins; may be asked again for the same.
  uint32_t issue(uint32_t pc) { return pc == issued_ && owed_ == 0 ? 0 : issue_slowly(pc); }
  uint32_t issue_load(uint32_t pc, uint32_t address) {
    return fast_ && (local(address) || instructions_to_user(pc, address) != 0) ? 0 : issue(pc);
  }
  uint32_t issue_store(uint32_t pc, uint32_t address, unsigned width) {
    if (fast_ && local(address) && (address & 3) + width <= 4) return 0;
    return issue(pc);
  }
  /// How much later the store that has been issued, but not finished, comes to the bus than a load would.
  [[nodiscard]] uint32_t store_lag();
  /// For every instruction of the observed loop, before all others. Only tells: the cycles will be returned by the next
  /// of the others, as they are in the fast loop, which asks none of this.
  uint32_t observe(uint32_t pc) {
    if (!fast_) owed_ = issue(pc);
    return owed_ + (division_.rd != 0 ? Division(division_).pass(*this, pc) : 0);
  }

  /// A branch: cycles, or not_simple, and nothing has happened: then branch() has to be told.
  [[gnu::always_inline]] uint32_t simple_branch(uint32_t pc, unsigned length, uint32_t target, bool taken) {
    const uint32_t next_pc = taken ? target : pc + length;
    unsigned place;
    const Way way = way_to(pc + length - 2, place);
    if (way != Way::known) [[unlikely]] {
      if (way == Way::other || taken) return not_simple;
      cursor_ = next_pc;
      return 0;
    }
    uint8_t& counter = pipeline_.predictor().counter_at(place ^ pipeline_.history());
    const bool wrong = (counter >= 2) != taken;
    counter = BranchPredictor::updated(counter, taken);
    note_history(taken);
    cursor_ = next_pc;
    return wrong ? mispredicted() : 0;
  }
  /// A jump, the same way. `links`: the return address goes into x1 or x5.
  uint32_t simple_jump(uint32_t pc, unsigned length, uint32_t target, bool links) {
    unsigned place;
    if (way_to(pc + length - 2, place) != Way::known || target - iccm_base_ >= iccm_size_) return not_simple;
    // The adder that makes the return address leaves out the second halfword of a 32-bit call.
    if (links) pipeline_.predictor().push_return(pc + (length == 4 ? 0 : 2));
    return go_to(place, target);
  }
  /// A jump through a register, the same way. `returns`: through x1 or x5, without a link.
  uint32_t simple_indirect_jump(uint32_t pc, unsigned length, uint32_t target, bool returns) {
    unsigned place;
    const Way way = way_to(pc + length - 2, place);
    if ((returns ? Way::known : Way::clear) != way || target - iccm_base_ >= iccm_size_) return not_simple;
    if (!returns) {
      cursor_ = target;
      return mispredicted();
    }
    BranchPredictor& predictor = pipeline_.predictor();
    const bool right = predictor.return_valid() && predictor.return_address() == target;
    predictor.pop_return();
    if (right) return go_to(place, target);
    note_history(true);
    cursor_ = target;
    return mispredicted();
  }

  // All of them, after the simple_ ones have said no.
  uint32_t branch(uint32_t pc, unsigned length, uint32_t target, bool taken);
  uint32_t jump(uint32_t pc, unsigned length, uint32_t target, bool links);
  uint32_t indirect_jump(uint32_t pc, unsigned length, uint32_t target, bool returns);
  /// Any of these that is none of the simple cases.
  uint32_t control(uint32_t pc, uint32_t target, bool taken);

  uint32_t dccm_store(uint32_t pc, uint32_t address, unsigned width) {
    return (address & 3) + width <= 4 ? 0 : wide_store(pc);
  }
  uint32_t divide(uint32_t pc, bool remainder, bool is_signed, uint32_t dividend, uint32_t divisor);

  // After issue, when the instruction at `pc` has done its work.
  uint32_t loaded(uint32_t pc, uint32_t address);
  void stored(uint32_t pc, uint32_t address, unsigned width);
  void csr_done(uint32_t pc, uint32_t mrac);
  void fenced(uint32_t pc);
  /// mret, fence.i: goes on at `target`.
  void left(uint32_t target);
  /// The instruction at `pc` has trapped.
  uint32_t trapped(uint32_t pc, uint32_t handler);
  /// An interrupt or NMI is taken instead of the instruction at `pc`.
  uint32_t interrupted(uint32_t pc, uint32_t handler, bool external);

  /// Everything before `pc` has been executed.
  void catch_up(uint32_t pc);

  [[nodiscard]] TimingStatistics& statistics() { return pipeline_.statistics(); }
  [[nodiscard]] Clock::Cycle now() const { return pipeline_.now(); }
  void state(StateStream& stream);

 private:
  static constexpr uint32_t nowhere = 1;

  struct Code {
    uint32_t base;
    std::span<const uint8_t> bytes;
  };

  /// What the divider does while the pipeline is left alone.
  struct Division {
    uint8_t rd = 0;       ///< 0: it does nothing
    uint32_t from = 0;    ///< an instruction after it
    uint32_t cycles = 0;  ///< from that one's decoding, if nothing waits, to that of the first that can read the result

    /// Goes on to the instruction at `pc`, through straight code. Returns what the instructions on the way, and that
    /// one, have to wait; the division is over if one of them did, or takes its register.
    uint32_t pass(RtlTiming& timing, uint32_t pc);
  };

  [[nodiscard]] bool local(uint32_t address) const { return (local_regions_ >> (address >> 28) & 1) != 0; }

  static uint64_t bits(const uint8_t* map, uint32_t from) {
    uint64_t word;
    std::memcpy(&word, map + (from >> 3), sizeof word);
    return word >> (from & 7);
  }

  [[nodiscard]] const Code* code_at(uint32_t pc) const;
  TimedInstruction look(uint32_t pc) {
    const Looked& looked = looked_[pc >> 1 & (looks - 1)];
    return looked.pc == pc ? looked.instruction : look_slowly(pc);
  }
  TimedInstruction look_slowly(uint32_t pc);
  uint32_t issue_slowly(uint32_t pc);
  void replay(uint32_t pc);
  /// From a jump's target to the end of the next control instruction.
  struct WayTaken {
    uint64_t where = 0;  ///< that end, and the target below it
    uint64_t found = 0;  ///< from bit 16 the predictor's generation; bit 9: known, not clear; bits 8:0 the place
  };

  /// What the predictor has for the instructions from the cursor to the control instruction that ends at `end`.
  enum class Way : uint8_t {
    clear,  ///< nothing
    known,  ///< only that instruction itself, and it is known to be meant
    other,  ///< something else, or the pipeline has to be asked
  };
  /// As far as find_way() has found it out, and nothing that it rests on has changed. `place`: where the predictor's
  /// counters of that instruction are.
  [[gnu::always_inline]] Way way_to(uint32_t end, unsigned& place) {
    const WayTaken& known = way_taken(end);
    const uint64_t found = known.found - ways_generation_;
    if (known.where == (uint64_t{end} << 32 | cursor_) && found < 0x10000) [[likely]] {
      place = found & 0x1ff;
      return (found & 0x200) != 0 ? Way::known : Way::clear;
    }
    return Way::other;
  }
  /// Where a way from the cursor is kept. A branch may be reached from several targets.
  WayTaken& way_taken(uint32_t end) { return ways_[(end >> 1 ^ cursor_ << 3) & (ways_.size() - 1)]; }
  void find_way(uint32_t end);
  template <typename Simple>
  uint32_t look_again(uint32_t pc, unsigned length, uint32_t target, bool taken, Simple simple);
  /// After anything that changes the predictor's maps or what the pipeline is left out of.
  void refresh_ways() {
    const bool usable = fast_ && division_.rd == 0;
    ways_generation_ = usable ? pipeline_.predictor().generation() << 16 : no_way;
  }
  /// A jump that was predicted rightly.
  uint32_t go_to(unsigned place, uint32_t target) {
    pipeline_.predictor().counter_at(place ^ pipeline_.history()) = 3;
    note_history(true);
    cursor_ = target;
    return 0;
  }
  void note_history(bool taken) {
    pipeline_.history() = static_cast<uint8_t>(pipeline_.history() << 1 | (taken ? 1 : 0));
  }
  uint32_t mispredicted() {
    ++pipeline_.statistics().mispredict;
    return 1;
  }
  uint32_t control_fast(uint32_t pc, const TimedInstruction& instruction, uint32_t target, bool taken, bool& done);
  uint32_t wide_store(uint32_t pc);
  void leave_fast();
  [[nodiscard]] unsigned instructions_to_user(uint32_t pc, uint32_t address);
  uint32_t settle(uint32_t next_pc);
  void cursor_moved(uint32_t pc);
  void finish_quietly(const TimedInstruction& instruction);
  void finished(uint32_t next_pc) {
    cursor_ = next_pc;
    issued_ = nowhere;
  }
  void forget_looks();
  void refresh_maps();

  struct Looked {
    uint32_t pc = nowhere;
    TimedInstruction instruction;
  };

  Pipeline pipeline_;
  static constexpr uint64_t no_way = uint64_t{1} << 63;
  std::array<WayTaken, 1024> ways_{};
  uint64_t ways_generation_ = no_way;  ///< the predictor's generation << 16, if ways_ may be used
  bool fast_ = false;
  Division division_;          ///< only while fast_
  uint32_t cursor_ = 0;        ///< the first instruction that the model has not seen
  uint32_t issued_ = nowhere;  ///< the instruction that has been issued and is not finished
  uint32_t owed_ = 0;          ///< cycles that the model has spent and nobody has been told to add
  /// Until what a lone load brings can be used, by whether that is in the ICCM, and by side effects: see loaded().
  std::array<std::array<uint32_t, 2>, 2> lone_load_;
  uint32_t iccm_base_;
  uint32_t iccm_size_;
  const uint8_t* hits_ = nullptr;  ///< the predictor's maps of the ICCM
  uint8_t* trusted_ = nullptr;
  uint32_t local_regions_;            ///< bit n: region n is not on the bus
  std::vector<Code> codes_;           ///< the ICCM first
  uint32_t first_seen_ = UINT32_MAX;  ///< the halfwords of the ICCM that look() may have seen
  uint32_t last_seen_ = 0;
  static constexpr std::size_t looks = 4096;
  std::unique_ptr<Looked[]> looked_;  ///< what look() has found, by the lower bits of the pc
};

}  // namespace veer
