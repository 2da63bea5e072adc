// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the blocks that Caliptra took from OpenTitan have in common: their register files decode more
// strictly than Caliptra's own, and their switches are multi-bit booleans.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>

#include "iss/registers/register_block.h"

namespace caliptra {

/// mubi4_t of caliptra_prim_mubi_pkg.sv. Any other value counts as neither, and raises an alert.
inline constexpr uint32_t multi_bit_true = 0x6;
inline constexpr uint32_t multi_bit_false = 0x9;
[[nodiscard]] constexpr bool multi_bit_invalid(uint32_t value) {
  return value != multi_bit_true && value != multi_bit_false;
}

/// A block behind a *_reg_top.sv. It sees the low `address_bits` of the address only, so that its registers
/// repeat through its region of 4 KiB; an address that is not exactly that of a register is refused.
class OpenTitanBlock : public veer::RegisterBlock {
 public:
  OpenTitanBlock(std::string name, std::span<const veer::Register> table, uint8_t variant, unsigned address_bits)
      : RegisterBlock(std::move(name), table, variant, region_size), address_mask_((1U << address_bits) - 1) {}

  veer::BusResult read(uint32_t offset, unsigned width, veer::Agent agent) override {
    synchronize();
    if (!responds(offset)) return {veer::BusStatus::target_error, 0};
    return RegisterBlock::read(offset & address_mask_, width, agent);
  }

  veer::BusStatus write(uint32_t offset, unsigned width, uint32_t data, veer::Agent agent) override {
    synchronize();
    if (!responds(offset)) return veer::BusStatus::target_error;
    return RegisterBlock::write(offset & address_mask_, width, data, agent);
  }

  /// Does the work that is due by the clock, in blocks that put it off until someone looks.
  virtual void synchronize() {}

 protected:
  /// A write to INTERRUPT_TEST or a hardware event sets bits that only software clears.
  void set_bits(uint32_t offset, uint32_t bits) { store(offset, stored(offset) | bits); }

 private:
  static constexpr uint32_t region_size = 0x1000;

  [[nodiscard]] bool responds(uint32_t offset) const {
    return offset % 4 == 0 && find(offset & address_mask_).has_value();
  }

  uint32_t address_mask_;
};

}  // namespace caliptra
