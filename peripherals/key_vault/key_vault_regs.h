// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// kv_reg: the registers of RTL 1.0 and 1.1, at 0x10018000.

#pragma once

#include "iss/registers/register_table.h"
#include "peripherals/common/hardware.h"

namespace caliptra::key_vault_regs {

using veer::Access;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;
using veer::ResetDomain;

/// The locks of an entry. Neither holds during the reset window of a firmware update.
enum Lock : uint8_t {
  write_locked = 1,  ///< this entry's lock_wr is set
  use_locked = 2,    ///< this entry's lock_use is set
};

struct KEY_CTRL {
  static constexpr std::string_view name = "KEY_CTRL";
  static constexpr uint32_t offset = 0x0;
  static constexpr uint32_t count = 32;
  static constexpr Field lock_wr{.name = "lock_wr", .width = 1, .domain = ResetDomain::core, .lock = write_locked};
  static constexpr Field lock_use{
      .name = "lock_use", .lsb = 1, .width = 1, .domain = ResetDomain::core, .lock = use_locked};
  static constexpr Field clear{.name = "clear", .lsb = 2, .width = 1, .single_pulse = true};
  static constexpr Field rsvd0{.name = "rsvd0", .lsb = 3, .width = 1};
  static constexpr Field rsvd1{.name = "rsvd1", .lsb = 4, .width = 5};
  static constexpr Field dest_valid{
      .name = "dest_valid", .lsb = 9, .width = 8, .core = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field last_dword{
      .name = "last_dword", .lsb = 17, .width = 4, .core = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {lock_wr, lock_use, clear, rsvd0, rsvd1, dest_valid, last_dword};
};

struct KEY_ENTRY {
  static constexpr std::string_view name = "KEY_ENTRY";
  static constexpr uint32_t offset = 0x600;
  static constexpr uint32_t count = 384;
  static constexpr Field data{.name = "data", .core = Access::none, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {data};
};

struct CLEAR_SECRETS {
  static constexpr std::string_view name = "CLEAR_SECRETS";
  static constexpr uint32_t offset = 0xc00;
  static constexpr Field wr_debug_values{.name = "wr_debug_values", .width = 1, .single_pulse = true};
  static constexpr Field sel_debug_value{.name = "sel_debug_value", .lsb = 1, .width = 1};
  static constexpr Field fields[] = {wr_debug_values, sel_debug_value};
};

inline constexpr veer::Register table[] = {
    veer::describe<KEY_CTRL>(),
    veer::describe<KEY_ENTRY>(),
    veer::describe<CLEAR_SECRETS>(),
};

}  // namespace caliptra::key_vault_regs
