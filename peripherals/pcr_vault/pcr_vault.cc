// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/pcr_vault/pcr_vault.h"

#include "iss/state_stream.h"
#include "peripherals/pcr_vault/pcr_vault_regs.h"

namespace caliptra {

using namespace pcr_vault_regs;

namespace {

constexpr uint32_t decoded_size = 0x1000;

constexpr uint32_t data_offset(unsigned slot, unsigned word) {
  return PCR_ENTRY::offset + 4 * (slot * PcrVault::words + word);
}

}  // namespace

PcrVault::PcrVault(Generation generation)
    : RegisterBlock("pcr_vault", table, caliptra::variant(generation), decoded_size) {}

VaultData PcrVault::read_pcr(unsigned slot) {
  VaultData result{.count = words};
  if (slot >= entries) return result;
  for (unsigned word = 0; word < words; ++word) result.words[word] = stored(data_offset(slot, word));
  return result;
}

VaultError PcrVault::write_pcr(unsigned slot, std::span<const uint32_t> values) {
  if (slot >= entries) return VaultError::success;
  for (unsigned word = 0; word < words && word < values.size(); ++word) store(data_offset(slot, word), values[word]);
  return VaultError::success;
}

bool PcrVault::locked(uint8_t, const veer::RegisterRef& at, veer::Agent) const {
  return !firmware_update_reset_window_ && stored(at.offset(), PCR_CTRL::lock) != 0;
}

void PcrVault::after_write(const veer::RegisterRef& at, veer::Agent, const veer::RegisterWrite& write) {
  if (at.base() != PCR_CTRL::offset || !write.set(PCR_CTRL::clear)) return;
  for (unsigned word = 0; word < words; ++word) store(data_offset(at.element, word), 0);
}

void PcrVault::state(veer::StateStream& stream) {
  RegisterBlock::state(stream);
  stream(firmware_update_reset_window_);
}

}  // namespace caliptra
