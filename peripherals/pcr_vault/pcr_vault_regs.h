// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// pv_reg: the registers of RTL 1.0 and 1.1, at 0x1001a000.

#pragma once

#include "iss/registers/register_table.h"
#include "peripherals/common/hardware.h"

namespace caliptra::pcr_vault_regs {

using veer::Access;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;
using veer::ResetDomain;

enum Lock : uint8_t {
  pcr_locked = 1,  ///< this PCR's lock is set, outside of the reset window of a firmware update
};

struct PCR_CTRL {
  static constexpr std::string_view name = "PCR_CTRL";
  static constexpr uint32_t offset = 0x0;
  static constexpr uint32_t count = 32;
  static constexpr Field lock{.name = "lock", .width = 1, .domain = ResetDomain::core, .lock = pcr_locked};
  static constexpr Field clear{.name = "clear", .lsb = 1, .width = 1, .single_pulse = true, .lock = pcr_locked};
  static constexpr Field rsvd0{.name = "rsvd0", .lsb = 2, .width = 1};
  static constexpr Field rsvd1{.name = "rsvd1", .lsb = 3, .width = 5};
  static constexpr Field fields[] = {lock, clear, rsvd0, rsvd1};
};

struct PCR_ENTRY {
  static constexpr std::string_view name = "PCR_ENTRY";
  static constexpr uint32_t offset = 0x600;
  static constexpr uint32_t count = 384;
  static constexpr Field data{.name = "data", .core = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {data};
};

inline constexpr veer::Register table[] = {
    veer::describe<PCR_CTRL>(),
    veer::describe<PCR_ENTRY>(),
};

}  // namespace caliptra::pcr_vault_regs
