// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The data vault: entries of 48 bytes and scratch words in which firmware leaves what later stages or boots need.
// From RTL 1.0 and 1.1: datavault/rtl/dv.sv, dv_reg.rdl.

#pragma once

#include <cstdint>

#include "iss/registers/register_block.h"
#include "peripherals/common/hardware.h"

namespace caliptra {

/// The register block at 0x1001c000. A write to a locked entry is ignored without an error. Sticky locks last until
/// power-good falls, the others until any reset of the core; data lasts until power-good falls, but for
/// NonStickyGenericScratchReg, which a warm reset clears.
class DataVault final : public veer::RegisterBlock {
 public:
  static constexpr unsigned words = 12;  ///< DV_NUM_DWORDS

  explicit DataVault(Generation generation);

 protected:
  [[nodiscard]] bool locked(uint8_t lock, const veer::RegisterRef& at, veer::Agent agent) const override;
};

}  // namespace caliptra
