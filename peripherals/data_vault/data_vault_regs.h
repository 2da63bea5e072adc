// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// dv_reg: the registers of RTL 1.0 and 1.1, at 0x1001c000.

#pragma once

#include "iss/registers/register_table.h"
#include "peripherals/common/hardware.h"

namespace caliptra::data_vault_regs {

using veer::Access;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;
using veer::ResetDomain;

/// lock_entry of the same-numbered control register is set.
enum Lock : uint8_t {
  sticky_entry_locked = 1,    ///< StickyDataVaultCtrl
  entry_locked = 2,           ///< DataVaultCtrl
  scratch_locked = 3,         ///< LockableScratchRegCtrl
  sticky_scratch_locked = 4,  ///< StickyLockableScratchRegCtrl
};

struct StickyDataVaultCtrl {
  static constexpr std::string_view name = "StickyDataVaultCtrl";
  static constexpr uint32_t offset = 0x0;
  static constexpr uint32_t count = 10;
  static constexpr Field lock_entry{
      .name = "lock_entry", .width = 1, .domain = ResetDomain::power_good, .lock = sticky_entry_locked};
  static constexpr Field fields[] = {lock_entry};
};

struct STICKY_DATA_VAULT_ENTRY {
  static constexpr std::string_view name = "STICKY_DATA_VAULT_ENTRY";
  static constexpr uint32_t offset = 0x28;
  static constexpr uint32_t count = 120;
  static constexpr Field data{.name = "data", .domain = ResetDomain::power_good, .lock = sticky_entry_locked};
  static constexpr Field fields[] = {data};
};

struct DataVaultCtrl {
  static constexpr std::string_view name = "DataVaultCtrl";
  static constexpr uint32_t offset = 0x208;
  static constexpr uint32_t count = 10;
  static constexpr Field lock_entry{
      .name = "lock_entry", .width = 1, .domain = ResetDomain::core, .lock = entry_locked};
  static constexpr Field fields[] = {lock_entry};
};

struct DATA_VAULT_ENTRY {
  static constexpr std::string_view name = "DATA_VAULT_ENTRY";
  static constexpr uint32_t offset = 0x230;
  static constexpr uint32_t count = 120;
  static constexpr Field data{.name = "data", .domain = ResetDomain::power_good, .lock = entry_locked};
  static constexpr Field fields[] = {data};
};

struct LockableScratchRegCtrl {
  static constexpr std::string_view name = "LockableScratchRegCtrl";
  static constexpr uint32_t offset = 0x410;
  static constexpr uint32_t count = 10;
  static constexpr Field lock_entry{
      .name = "lock_entry", .width = 1, .domain = ResetDomain::core, .lock = scratch_locked};
  static constexpr Field fields[] = {lock_entry};
};

struct LockableScratchReg {
  static constexpr std::string_view name = "LockableScratchReg";
  static constexpr uint32_t offset = 0x438;
  static constexpr uint32_t count = 10;
  static constexpr Field data{.name = "data", .domain = ResetDomain::power_good, .lock = scratch_locked};
  static constexpr Field fields[] = {data};
};

struct NonStickyGenericScratchReg {
  static constexpr std::string_view name = "NonStickyGenericScratchReg";
  static constexpr uint32_t offset = 0x460;
  static constexpr uint32_t count = 8;
  static constexpr Field data{.name = "data"};
  static constexpr Field fields[] = {data};
};

struct StickyLockableScratchRegCtrl {
  static constexpr std::string_view name = "StickyLockableScratchRegCtrl";
  static constexpr uint32_t offset = 0x480;
  static constexpr uint32_t count = 8;
  static constexpr Field lock_entry{
      .name = "lock_entry", .width = 1, .domain = ResetDomain::power_good, .lock = sticky_scratch_locked};
  static constexpr Field fields[] = {lock_entry};
};

struct StickyLockableScratchReg {
  static constexpr std::string_view name = "StickyLockableScratchReg";
  static constexpr uint32_t offset = 0x4a0;
  static constexpr uint32_t count = 8;
  static constexpr Field data{.name = "data", .domain = ResetDomain::power_good, .lock = sticky_scratch_locked};
  static constexpr Field fields[] = {data};
};

inline constexpr veer::Register table[] = {
    veer::describe<StickyDataVaultCtrl>(),
    veer::describe<STICKY_DATA_VAULT_ENTRY>(),
    veer::describe<DataVaultCtrl>(),
    veer::describe<DATA_VAULT_ENTRY>(),
    veer::describe<LockableScratchRegCtrl>(),
    veer::describe<LockableScratchReg>(),
    veer::describe<NonStickyGenericScratchReg>(),
    veer::describe<StickyLockableScratchRegCtrl>(),
    veer::describe<StickyLockableScratchReg>(),
};

}  // namespace caliptra::data_vault_regs
