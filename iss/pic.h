// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <array>
#include <cstdint>

namespace veer {

class StateStream;

/// The programmable interrupt controller (el2_pic_ctrl.sv): 31 sources, each with priority, enable and a gateway that
/// makes a pending interrupt of a line. It has no time: the hart brings lines in after their synchronizers.
class Pic {
 public:
  static constexpr unsigned sources = 32;  ///< numbered 1..31

  /// What wins, whatever the thresholds are.
  struct Claim {
    uint8_t id = 0;
    uint8_t priority = 0;  ///< as software sees it, so 0 is the highest in reversed order
  };

  void reset();

  /// The level of a source's line, after synchronization. Sources above 31 and source 0 are ignored.
  void set_line(unsigned source, bool level);

  /// Registers, by word-aligned byte offset from the PIC's base. Offsets without a register read 0.
  [[nodiscard]] uint32_t read(uint32_t offset) const;
  void write(uint32_t offset, uint32_t value);

  [[nodiscard]] Claim claim() const;
  /// mexintpend: the winner's priority is above both the threshold meipt and the current level meicurpl.
  [[nodiscard]] bool pending(uint32_t meipt, uint32_t meicurpl) const;
  /// mhwakeup: the winner has the highest priority there is, so it wakes a halted hart.
  [[nodiscard]] bool wakes() const;

  void state(StateStream& stream);

 private:
  void latch(unsigned source);
  void update();

  std::array<uint8_t, sources> priority_{};  ///< meipl
  std::array<uint8_t, sources> gateway_{};   ///< meigwctrl: bit 0 active low, bit 1 edge triggered
  uint32_t enabled_ = 0;                     ///< meie
  uint32_t lines_ = 0;
  uint32_t latched_ = 0;  ///< gateways' pending flip-flops
  uint32_t active_low_ = 0;
  uint32_t edge_ = 0;
  bool reversed_ = false;  ///< mpiccfg: priority 0 is the highest
  uint32_t pending_ = 0;   ///< meip
  uint8_t winner_ = 0;
  uint8_t level_ = 0;  ///< the winner's priority, inverted in reversed order; 0: none
};

}  // namespace veer
