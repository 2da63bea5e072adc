// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/key_vault/key_vault.h"

#include "iss/state_stream.h"
#include "peripherals/key_vault/key_vault_regs.h"

namespace caliptra {

using namespace key_vault_regs;

namespace {

// Addresses repeat every 4 KiB in the 8 KiB that the bus gives to the key vault; soc/ folds them.
constexpr uint32_t decoded_size = 0x1000;

// CLP_DEBUG_MODE_KV_0 and _1 (caliptra_macros.svh).
constexpr uint32_t debug_values[] = {0xaaaa'aaaa, 0x5555'5555};

constexpr uint32_t ctrl_offset(unsigned slot) { return KEY_CTRL::offset + 4 * slot; }

}  // namespace

KeyVault::KeyVault(Generation generation)
    : RegisterBlock("key_vault", table, caliptra::variant(generation), decoded_size),
      geometry_(KeyVaultGeometry::of(generation)) {}

uint32_t KeyVault::data_offset(unsigned slot, unsigned word) const {
  return KEY_ENTRY::offset + 4 * (slot * geometry_.words + word);
}

bool KeyVault::lock_wr(unsigned slot) const {
  return !firmware_update_reset_window_ && stored(ctrl_offset(slot), KEY_CTRL::lock_wr) != 0;
}

bool KeyVault::lock_use(unsigned slot) const {
  return !firmware_update_reset_window_ && stored(ctrl_offset(slot), KEY_CTRL::lock_use) != 0;
}

VaultData KeyVault::read_key(unsigned slot, KeyUse use) {
  VaultData result;
  if (slot >= geometry_.entries) return result;
  const uint32_t ctrl = stored(ctrl_offset(slot));
  result.count = KEY_CTRL::last_dword.get(ctrl) + 1;
  const bool allowed = (KEY_CTRL::dest_valid.get(ctrl) >> static_cast<unsigned>(use) & 1) != 0;
  if (lock_use(slot) || !allowed) {
    result.error = VaultError::read_fail;
    return result;
  }
  for (unsigned word = 0; word < geometry_.words; ++word) result.words[word] = stored(data_offset(slot, word));
  return result;
}

VaultError KeyVault::write_key(unsigned slot, uint8_t dest_valid, std::span<const uint32_t> words) {
  return write_words(slot, 0, dest_valid, words);
}

VaultError KeyVault::write_words(unsigned slot, unsigned first, uint8_t dest_valid, std::span<const uint32_t> words) {
  if (slot >= geometry_.entries || words.empty()) return VaultError::success;
  if (lock_wr(slot) || lock_use(slot)) return VaultError::write_fail;
  unsigned word = first;
  for (const uint32_t value : words) {
    if (word < geometry_.words) store(data_offset(slot, word), value);
    ++word;
  }
  store(ctrl_offset(slot), KEY_CTRL::dest_valid, dest_valid & 0x1f);
  store(ctrl_offset(slot), KEY_CTRL::last_dword, word - 1);
  return VaultError::success;
}

std::array<uint32_t, 12> KeyVault::pcr_signing_key() const {
  std::array<uint32_t, 12> key;
  for (unsigned word = 0; word < key.size(); ++word) key[word] = stored(data_offset(geometry_.signing_entry, word));
  return key;
}

void KeyVault::flush() { fill_with_debug_value(true); }

void KeyVault::hold_flushed(bool level) {
  held_ = level;
  if (level) flush();
}

void KeyVault::fill_with_debug_value(bool locked_too) {
  const uint32_t value = debug_values[stored(CLEAR_SECRETS::offset, CLEAR_SECRETS::sel_debug_value)];
  for (unsigned slot = 0; slot < geometry_.entries; ++slot) {
    if (!locked_too && (lock_wr(slot) || lock_use(slot))) continue;
    for (unsigned word = 0; word < geometry_.words; ++word) store(data_offset(slot, word), value);
  }
}

void KeyVault::clear(unsigned slot) {
  store(ctrl_offset(slot), KEY_CTRL::dest_valid, 0);
  store(ctrl_offset(slot), KEY_CTRL::last_dword, 0);
  for (unsigned word = 0; word < geometry_.words; ++word) store(data_offset(slot, word), 0);
}

bool KeyVault::locked(uint8_t lock, const veer::RegisterRef& at, veer::Agent) const {
  return lock == write_locked ? lock_wr(at.element) : lock_use(at.element);
}

void KeyVault::after_write(const veer::RegisterRef& at, veer::Agent, const veer::RegisterWrite& write) {
  switch (at.base()) {
    case KEY_CTRL::offset:
      // A lock that is set by the same write already holds the clear back.
      if (write.set(KEY_CTRL::clear) && !lock_wr(at.element) && !lock_use(at.element)) clear(at.element);
      break;
    case CLEAR_SECRETS::offset:
      if (held_) return flush();
      if (write.set(CLEAR_SECRETS::wr_debug_values) && debug_scan_mode_) fill_with_debug_value(false);
      break;
    default: break;
  }
}

void KeyVault::state(veer::StateStream& stream) {
  RegisterBlock::state(stream);
  stream(debug_scan_mode_);
  stream(firmware_update_reset_window_);
  stream(held_);
}

}  // namespace caliptra
