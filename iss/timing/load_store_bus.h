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
#include "iss/timing/dma_port.h"

namespace veer {

class LoadStoreBus {
 public:
  using Cycle = uint64_t;

  /// What happens to an address. Side-effect regions are never forwarded to or merged (mrac).
  struct Target {
    uint32_t address = 0;
    bool side_effects = true;
    bool iccm = false;  ///< comes back through the DMA port; a store: while fetch uses the ICCM too
    bool rom = false;   ///< shares the memory with instruction fetch
  };

  /// When a load decoded in cycle `decoded` lets its first user be decoded.
  struct LoadTiming {
    Cycle usable;
    Cycle on_bus;  ///< 0: not at all
  };
  /// `pause`: from when on fetch pauses, if decode waits for it. `competes`: fetch wants the ICCM until then.
  LoadTiming load(const Target& target, Cycle decoded, Cycle pause = 0, bool competes = false);

  /// A store decoded in cycle `decoded`. When it reaches the bus depends on what follows, and is known with the next
  /// access.
  void store(const Target& target, Cycle decoded) {
    if (held_) {
      const uint32_t difference = target.address ^ held_target_.address;
      const bool at_once = decoded == held_decoded_ + 1;
      send_held_store_after(!at_once || difference >> 2 == 0 ? 5 : difference >> 3 == 0 ? 4 : 3);
    }
    held_ = true;
    holds_iccm_store_ = target.iccm;
    held_target_ = target;
    held_decoded_ = decoded;
  }

  /// Before an access in the load/store unit is decoded in cycle `at`: when there is room for it. DmaPort::never, as
  /// from idle_from(), if that depends on what the memory does with ICCM stores after `at`.
  Cycle room(Cycle at);
  /// When everything has been answered.
  Cycle idle_from();

  /// A later load has streamed behind an earlier one, whose answer thus comes a cycle earlier than was said: usable in
  /// `cycle`, no longer in `cycle` + 1. 0: none. Cleared by reading.
  Cycle take_early_answer() { return std::exchange(early_answer_, 0); }

  /// Fetch pauses from `pause` on, so that a load from the ICCM is granted the memory earlier than was said. To be
  /// asked until nothing more comes earlier.
  DmaPort::Advance advance(Cycle pause);

  DmaPort& port() { return port_; }
  /// Whether a store to the ICCM has not been sent, because what is sent when depends on what follows it.
  [[nodiscard]] bool holds_iccm_store() const { return holds_iccm_store_; }
  /// Nothing follows it before cycle `at`.
  void release_iccm_store(Cycle at) {
    if (at > held_decoded_ + 1) send_held_store();
  }

  void reset() { *this = LoadStoreBus(); }
  void state(StateStream& stream);

 private:
  enum class Kind : uint8_t { none, read, write };
  struct Access {
    uint32_t word = 0;  ///< address / 4
    bool read = false;
    Cycle answered = 0;  ///< until then no other access goes to its doubleword; 0 as long as that is open
    Cycle free = 0;      ///< when its buffer entry is
    uint64_t port = 0;   ///< the number of an ICCM store whose answer was still open
    Cycle decoded = 0;   ///< of a store
    Cycle sent = 0;
  };

  static constexpr Cycle iccm_read_extra = 7;

  /// Sends an access that the buffer offers from cycle `offered` on; returns when its address is on the bus.
  Cycle send(bool read, const Target& target, Cycle offered, Cycle pause, bool competes = false);
  void send_held_store() {
    if (held_) send_held_store_after(5);
  }
  void send_held_store_after(Cycle delay) {
    held_ = false;
    if (holds_iccm_store_) {
      holds_iccm_store_ = false;
      send_iccm_store(held_target_.address >> 2, held_decoded_ + delay);
    } else {
      send(false, held_target_, held_decoded_ + delay, 0);
    }
  }
  void send_iccm_store(uint32_t word, Cycle offered);
  [[nodiscard]] bool forwarded(uint32_t word, Cycle decoded) const;
  /// When an access to `word`, offered from `offered` on, isn't held up by another one to its doubleword.
  [[nodiscard]] Cycle doubleword_free(uint32_t word, Cycle offered) const {
    for (const Access& access : accesses_) {
      if (access.word >> 1 == word >> 1) offered = std::max(offered, access.answered);
    }
    return offered;
  }
  /// Gives a write that the buffer offers from `time` on its way to the bus.
  void place_write(Cycle time) {
    if (last_ == Kind::write && time <= on_bus_) {
      accepted_ = on_bus_;
      on_bus_ = write_end_;
      return;
    }
    accepted_ = time;
    if (last_ == Kind::write) accepted_ = std::max(time, write_end_);
    if (last_ == Kind::read) accepted_ = std::max(time, on_bus_ + 4);
    on_bus_ = accepted_ + 1;
  }
  void learn_answers() {
    if (answers_open_) [[unlikely]]
      learn_open_answers();
  }
  void learn_open_answers();
  [[nodiscard]] Access& oldest(unsigned after = 0) { return accesses_[(next_access_ + after) % accesses_.size()]; }

  std::array<Access, 4> accesses_{};
  unsigned next_access_ = 0;
  Cycle accepted_ = 0;   ///< when the last command left the buffer
  Cycle on_bus_ = 0;     ///< its address phase
  Cycle write_end_ = 0;  ///< if it was a write: when the bus can take another address
  Kind last_ = Kind::none;

  uint32_t last_read_doubleword_ = UINT32_MAX;  ///< of the last load that could serve others
  Cycle read_sent_ = 0;                         ///< when its address came to the bus
  Cycle last_read_answer_ = 0;
  Cycle last_read_usable_ = 0;

  bool held_ = false;
  bool holds_iccm_store_ = false;
  Target held_target_{};
  Cycle held_decoded_ = 0;
  Cycle early_answer_ = 0;

  DmaPort port_;
  bool answers_open_ = false;  ///< of accesses with a number at the port
  bool last_to_port_ = false;  ///< the last access was an ICCM store; its times are there
};

}  // namespace veer
