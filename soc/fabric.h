// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The core's side of the bus: the AHB-Lite decoder of caliptra_top.sv (config_defines.svh) and, behind
// its soc_ifc slot, the decoder of soc_ifc_arb.sv.

#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "iss/bus.h"
#include "iss/clock.h"
#include "iss/registers/register_block.h"

namespace veer {
class Hart;
}

namespace caliptra {

/// Decodes the core's data accesses. Not thread-safe.
class Fabric : public veer::Bus {
 public:
  /// Something that answers to a range of addresses and isn't a register block.
  struct Window {
    std::function<veer::BusResult(uint32_t offset, unsigned width)> read;
    std::function<veer::BusStatus(uint32_t offset, unsigned width, uint32_t data)> write;
  };

  /// What a store starts counts from when it arrives, as `hart` tells. Both must outlive this.
  void delay_stores(veer::Clock& clock, const veer::Hart& hart) {
    clock_ = &clock;
    hart_ = &hart;
  }

  /// A register block at [base, end], both inclusive. Blocks decode fewer address bits than their slot
  /// has, so they repeat every `decoded` bytes (a power of two).
  /// `written`, if given, is called after each write that the block took.
  void map(uint32_t base, uint32_t end, uint32_t decoded, veer::RegisterBlock& block,
           std::function<void()> written = nullptr);

  /// A window at [base, end]. Its offsets count from `base`.
  void map(uint32_t base, uint32_t end, Window window);

  veer::BusResult read(uint32_t address, unsigned width) override;
  veer::BusStatus write(uint32_t address, unsigned width, uint32_t data) override;
  [[nodiscard]] bool steady(uint32_t address) const override;

  /// Told of each read of a register block, before it, while it is set.
  std::function<void(const veer::RegisterBlock&)> on_read;

  /// Asked at each access while it is set: whether it meets an error on the bus, whatever is there.
  std::function<bool(uint32_t address)> fault;

  /// The block at an address, and the offset in it; null where there is none.
  struct Target {
    veer::RegisterBlock* block = nullptr;
    uint32_t offset = 0;
  };
  [[nodiscard]] Target find_block(uint32_t address) const;

 private:
  struct Slot {
    uint32_t base;
    uint32_t end;
    uint32_t mask;
    veer::RegisterBlock* block;
    Window window;
    std::function<void()> written;
  };
  [[nodiscard]] const Slot* find(uint32_t address) const;

  veer::Clock* clock_ = nullptr;
  const veer::Hart* hart_ = nullptr;
  std::vector<Slot> slots_;
  mutable std::size_t last_ = 0;  // the slot found last: firmware stays with one block for a while
};

}  // namespace caliptra
