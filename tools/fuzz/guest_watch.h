// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What a fuzzer sees of a guest: which jumps it takes, its first trap, and whether its stack overflows.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <utility>

#include "iss/hart.h"
#include "iss/observer.h"

namespace caliptra::fuzz {

/// A guest's trap that isn't an interrupt.
struct Trap {
  uint32_t mcause = 0;
  uint32_t mscause = 0;
  uint32_t mepc = 0;
  uint32_t mtval = 0;
};

struct StackOverflow {
  uint32_t pc = 0;
  uint32_t stack_pointer = 0;
};

/// The lowest address of each stack that x2 may have. Memory layout of the official 1.x firmware (caliptra-sw
/// drivers/src/memory_layout.rs): ROM 0x5001c000, FMC and runtime 0x5000a400 (1.2 runtimes) or higher.
struct StackLimits {
  uint32_t rom = 0x5001'c000;   ///< while the pc is below the ICCM
  uint32_t iccm = 0x5000'a400;  ///< while the pc is in the ICCM
};

/// Number of counters that a GuestWatch counts into.
inline constexpr std::size_t edge_counters = 1 << 16;

class GuestWatch final : public veer::Observer {
 public:
  /// Counts jumps into `edges`, wrapping at 256, as fuzzing engines want it. Both must outlive this.
  GuestWatch(const veer::Hart& hart, std::span<uint8_t, edge_counters> edges, const StackLimits& limits)
      : hart_(hart), edges_(edges), limits_(limits) {}

  /// Forgets trap and overflow, and what to call; the counters are the caller's.
  void begin() {
    trap_.reset();
    overflow_.reset();
    firmware_entered_ = nullptr;
  }

  /// Calls `listener` when the guest jumps out of the ROM into the ICCM.
  void on_firmware_entered(std::function<void()> listener) { firmware_entered_ = std::move(listener); }

  [[nodiscard]] const std::optional<Trap>& trap() const { return trap_; }
  [[nodiscard]] const std::optional<StackOverflow>& overflow() const { return overflow_; }

  void retired(uint32_t pc, uint32_t opcode, uint32_t next_pc) override {
    const bool compressed = (opcode & 3) != 3;
    if (next_pc != pc + (compressed ? 2 : 4)) {
      ++edges_[((pc >> 1) * 0x9e37 ^ next_pc >> 1) & (edge_counters - 1)];
      if (pc < iccm && next_pc >= iccm && firmware_entered_) firmware_entered_();
    }
    // x2 where an instruction that writes a register has its destination.
    if ((opcode >> 7 & 31) == 2) check_stack(pc);
  }

  void trapped(uint32_t pc, uint32_t mcause, uint32_t mscause, uint32_t mtval, uint32_t) override {
    constexpr uint32_t interrupt = 0x8000'0000;
    constexpr uint32_t nmi = 0xf000'0000;
    if (trap_ || ((mcause & interrupt) != 0 && (mcause & nmi) != nmi)) return;
    trap_ = Trap{.mcause = mcause, .mscause = mscause, .mepc = pc, .mtval = mtval};
  }

 private:
  static constexpr uint32_t iccm = 0x4000'0000;

  void check_stack(uint32_t pc) {
    const uint32_t limit = pc < iccm ? limits_.rom : limits_.iccm;
    const uint32_t stack_pointer = hart_.x(2);
    // Before it is set up it is zero.
    if (stack_pointer < limit && stack_pointer != 0 && !overflow_) overflow_ = StackOverflow{pc, stack_pointer};
  }

  const veer::Hart& hart_;
  std::span<uint8_t, edge_counters> edges_;
  const StackLimits limits_;
  std::optional<Trap> trap_;
  std::optional<StackOverflow> overflow_;
  std::function<void()> firmware_entered_;
};

}  // namespace caliptra::fuzz
