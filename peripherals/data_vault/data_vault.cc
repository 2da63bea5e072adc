// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/data_vault/data_vault.h"

#include "peripherals/data_vault/data_vault_regs.h"

namespace caliptra {

using namespace data_vault_regs;

namespace {
constexpr uint32_t decoded_size = 0x800;
}

DataVault::DataVault(Generation generation)
    : RegisterBlock("data_vault", table, caliptra::variant(generation), decoded_size) {}

bool DataVault::locked(uint8_t lock, const veer::RegisterRef& at, veer::Agent) const {
  // Entries have `words` registers each, scratch and control registers are alone.
  const bool entry = at.base() == STICKY_DATA_VAULT_ENTRY::offset || at.base() == DATA_VAULT_ENTRY::offset;
  const uint32_t index = 4 * (entry ? at.element / words : at.element);
  switch (lock) {
    case sticky_entry_locked: return stored(StickyDataVaultCtrl::offset + index) != 0;
    case entry_locked: return stored(DataVaultCtrl::offset + index) != 0;
    case scratch_locked: return stored(LockableScratchRegCtrl::offset + index) != 0;
    case sticky_scratch_locked: return stored(StickyLockableScratchRegCtrl::offset + index) != 0;
    default: return false;
  }
}

}  // namespace caliptra
