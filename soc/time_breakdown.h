// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where the cycles of a boot went, phase by phase: what the hart lost (iss/timing/statistics.h, `rtl` profile only),
// what it slept, and how long the firmware waited for each engine. It waits from the moment it looks at an engine that
// works until that is done; so these cycles are made of others, of loads and branches, and are told beside them.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "iss/clock.h"
#include "iss/timing/statistics.h"
#include "soc/core.h"

namespace caliptra {

class EntropySrc;

class TimeBreakdown {
 public:
  /// What the firmware can wait for. `soc`: the manager, in a transfer through the mailbox or an answer to a TRNG
  /// request.
  enum class Engine : uint8_t { sha256, sha512, sha512_acc, hmac384, ecc384, doe, trng, soc };
  static constexpr std::array<std::string_view, 8> engine_names = {"sha256", "sha512", "sha512_acc", "hmac384",
                                                                   "ecc384", "doe",    "trng",       "soc"};

  struct Counts {
    uint64_t cycles = 0;
    uint64_t instructions = 0;
    veer::TimingStatistics lost;  ///< beyond one cycle for each instruction
    uint64_t asleep = 0;          ///< halted or paused
    std::array<uint64_t, engine_names.size()> waiting{};
  };
  struct Phase {
    std::string begins_with;  ///< "power-on", "boot-status=0x…", "ready-for-fw", "rt-ready", or a reset
    Counts counts;
  };

  /// Counts from now on. `core` must outlive this, and be given to no other of its kind.
  explicit TimeBreakdown(Core& core);

  /// The phases so far, the last one up to now. A guest that reports without end fills no more than a bounded list.
  [[nodiscard]] std::vector<Phase> phases() const;
  [[nodiscard]] Counts total() const;

  /// A table for people: a line for each phase of at least `least` cycles, the rest together, and the sum.
  [[nodiscard]] static std::string table(const std::vector<Phase>& phases, uint64_t least = 0);

  static Counts difference(const Counts& from, const Counts& to);
  static Counts sum(const Counts& a, const Counts& b);

 private:
  struct Block {
    const veer::RegisterBlock* block;
    Engine engine;
    const EntropySrc* entropy_src;  ///< the block, if it is one: its start-up tests run without an event
  };

  void read(const veer::RegisterBlock& block);
  void notice(const Event& event);
  [[nodiscard]] Counts now() const;

  Core& core_;
  std::vector<Block> blocks_;
  std::array<std::vector<veer::Clock::Slot>, engine_names.size()> slots_;
  std::array<uint64_t, engine_names.size()> waiting_{};
  std::array<uint64_t, engine_names.size()> counted_until_{};
  std::vector<Phase> done_;
  std::string phase_ = "power-on";
  Counts begun_;
};

}  // namespace caliptra
