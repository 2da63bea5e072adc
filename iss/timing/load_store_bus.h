// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Loads and stores over AHB (el2_lsu_bus_buffer.sv, axi4_to_ahb.sv): four accesses in flight, loads that don't block,
// one access at a time to a doubleword, reads that stream one a cycle, writes one every two.
//
// Measured: ld_*, st_*, st_ld_*, cpy_* of timing/rtl/microbench-results.txt, and the bus of rom-1.1.1-percycle-0-4000.
// With a load decoded in cycle D: on the bus in D+3, its first user decoded in D+7. A store is on the bus in D+6, or in
// D+4 if a load or a store to another doubleword follows at once.

#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "iss/state_stream.h"

namespace veer {

class LoadStoreBus {
 public:
  using Cycle = uint64_t;

  /// What happens to an address. Side-effect regions are never forwarded to or merged (mrac).
  struct Target {
    uint32_t address = 0;
    bool side_effects = true;
    bool iccm = false;  ///< comes back through the DMA port
    bool rom = false;   ///< shares the memory with instruction fetch
  };

  /// When a load decoded in cycle `decoded` lets its first user be decoded.
  struct LoadTiming {
    Cycle usable;
    Cycle on_bus;  ///< 0: not at all
  };
  LoadTiming load(const Target& target, Cycle decoded);

  /// A store decoded in cycle `decoded`. When it reaches the bus depends on what follows, and is known with the next
  /// access.
  void store(const Target& target, Cycle decoded) {
    if (held_) {
      const uint32_t difference = target.address ^ held_target_.address;
      const bool at_once = decoded == held_decoded_ + 1;
      send_held_store_after(!at_once || difference >> 2 == 0 ? 5 : difference >> 3 == 0 ? 4 : 3);
    }
    held_ = true;
    held_target_ = target;
    held_decoded_ = decoded;
  }

  /// Before an access in the load/store unit is decoded in cycle `at`: when there is room for it.
  Cycle room(Cycle at);
  /// When everything has been answered.
  Cycle idle_from();

  /// A later load has streamed behind an earlier one, whose answer thus comes a cycle earlier than was said: usable in
  /// `cycle`, no longer in `cycle` + 1. 0: none. Cleared by reading.
  Cycle take_early_answer() { return std::exchange(early_answer_, 0); }

  /// ICCM stores that have come to the bus since the last call, and when.
  Cycle take_iccm_store() { return std::exchange(iccm_store_, 0); }

  void reset() { *this = LoadStoreBus(); }
  void state(StateStream& stream);

 private:
  enum class Kind : uint8_t { none, read, write };
  struct Access {
    uint32_t word = 0;  ///< address / 4
    bool read = false;
    Cycle answered = 0;  ///< until then no other access goes to its doubleword
    Cycle free = 0;      ///< when its buffer entry is
  };

  static constexpr Cycle iccm_read_extra = 7;

  /// Sends an access that the buffer offers from cycle `offered` on; returns when its address is on the bus.
  Cycle send(bool read, const Target& target, Cycle offered);
  void send_held_store() {
    if (held_) send_held_store_after(5);
  }
  void send_held_store_after(Cycle delay) {
    held_ = false;
    const Cycle on_bus = send(false, held_target_, held_decoded_ + delay);
    if (held_target_.iccm) iccm_store_ = on_bus;
  }
  [[nodiscard]] Access& oldest(unsigned after = 0) { return accesses_[(next_access_ + after) % accesses_.size()]; }

  std::array<Access, 4> accesses_{};
  unsigned next_access_ = 0;
  Cycle accepted_ = 0;  ///< when the last command left the buffer
  Cycle on_bus_ = 0;    ///< its address phase
  Kind last_ = Kind::none;

  uint32_t last_read_doubleword_ = UINT32_MAX;  ///< of the last load that could serve others
  Cycle last_read_answer_ = 0;
  Cycle last_read_usable_ = 0;

  bool held_ = false;
  Target held_target_{};
  Cycle held_decoded_ = 0;
  Cycle early_answer_ = 0;
  Cycle iccm_store_ = 0;
};

}  // namespace veer
