// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What a bus access is, and the two sides of it. The hart is an initiator: it hands every access that
// is not to memory it owns to a `Bus`. Register blocks are targets and see offsets from their base.

#pragma once

#include <cstdint>

namespace veer {

/// Who performs an access. Register fields carry separate access rules for each.
enum class Agent : uint8_t {
  core,      ///< the VeeR core, over AHB-Lite
  soc,       ///< the SoC, over APB (1.x) or AXI (2.x)
  tap,       ///< the JTAG TAP
  debugger,  ///< a tool looking in: reads and writes have no side effects
};

/// How a bus answered.
enum class BusStatus : uint8_t {
  ok,
  decode_error,  ///< no target at this address
  target_error,  ///< the target refused (AHB HRESP, APB PSLVERR)
};

struct BusResult {
  BusStatus status = BusStatus::ok;
  uint32_t data = 0;  ///< right-aligned; 0 for writes and errors

  [[nodiscard]] bool ok() const { return status == BusStatus::ok; }
};

/// An address space. Addresses are in bytes, `width` is 1, 2 or 4 bytes, data is right-aligned and
/// little-endian in memory order. Not thread-safe: one core, one thread at a time.
class Bus {
 public:
  virtual ~Bus() = default;

  virtual BusResult read(uint32_t address, unsigned width) = 0;
  virtual BusStatus write(uint32_t address, unsigned width, uint32_t data) = 0;

  /// Whether reads of `address` have no side effect, and give the same until a write, a reset or an event of the clock.
  /// A loop that only waits for such a register to change may be skipped up to the next event.
  [[nodiscard]] virtual bool steady(uint32_t address) const {
    (void)address;
    return false;
  }
};

}  // namespace veer
