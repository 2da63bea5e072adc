// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The key vault: keys that engines hand to each other and that software can lock and clear, but never see.
// From RTL 1.0 and 1.1: keyvault/rtl/kv.sv, kv_reg.rdl, kv_defines_pkg.sv.

#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "iss/registers/register_block.h"
#include "peripherals/common/hardware.h"
#include "peripherals/common/vault_ports.h"

namespace caliptra {

/// How many keys of how many 32-bit words, and which of them signs PCRs (kv_defines_pkg.sv).
struct KeyVaultGeometry {
  unsigned entries = 32;       ///< KV_NUM_KEYS
  unsigned words = 12;         ///< KV_NUM_DWORDS
  unsigned signing_entry = 7;  ///< KV_ENTRY_FOR_SIGNING

  [[nodiscard]] static constexpr KeyVaultGeometry of(Generation generation) {
    const bool two = generation == Generation::v2_0 || generation == Generation::v2_1;
    return two ? KeyVaultGeometry{.entries = 24, .words = 16, .signing_entry = 23} : KeyVaultGeometry{};
  }
};

/// The register block at 0x10018000, and the port that engines use. Only RTL 1.x's registers are described so far.
class KeyVault final : public veer::RegisterBlock, public KeyVaultPort {
 public:
  explicit KeyVault(Generation generation);

  /// All words of entry `slot`, stale ones behind last_dword too: clients that want a fixed length take those.
  /// `count` is last_dword + 1 even where the read fails. A slot that doesn't exist reads 0 without an error.
  VaultData read_key(unsigned slot, KeyUse use) override;

  /// Words behind the end of `words` keep what they held. A write that was cut off is one of fewer words for no use
  /// (vault_words_delivered()).
  VaultError write_key(unsigned slot, uint8_t dest_valid, std::span<const uint32_t> words) override;

  /// As write_key(), from word `first` on; last_dword becomes the last word written. For the deobfuscation
  /// engine, which delivers block by block.
  VaultError write_words(unsigned slot, unsigned first, uint8_t dest_valid, std::span<const uint32_t> words);

  /// The signing entry's first 12 words, which are wired to the ECC engine past every lock and permission.
  [[nodiscard]] std::array<uint32_t, 12> pcr_signing_key() const;

  /// debugUnlock_or_scan_mode_switch (caliptra_top.sv: the latched debug_locked changed, scan mode began, or
  /// cptra_error_fatal rose): every word of every entry becomes the debug value that CLEAR_SECRETS.sel_debug_value
  /// selects, 0xAAAAAAAA or 0x55555555, locked or not. KEY_CTRL stays as it is.
  void flush();

  /// The same as a level: while it is high the entries also follow sel_debug_value.
  void hold_flushed(bool level);

  /// cptra_in_debug_scan_mode: debug is unlocked or scan mode is on. Only then does CLEAR_SECRETS.wr_debug_values
  /// fill the unlocked entries with the debug value.
  void set_debug_scan_mode(bool level) { debug_scan_mode_ = level; }

  /// fw_update_rst_window, from the boot FSM: while it is high, lock_wr and lock_use hold nothing back.
  void set_firmware_update_reset_window(bool level) { firmware_update_reset_window_ = level; }

  [[nodiscard]] const KeyVaultGeometry& geometry() const { return geometry_; }

  void state(veer::StateStream& stream) override;

 protected:
  [[nodiscard]] bool locked(uint8_t lock, const veer::RegisterRef& at, veer::Agent agent) const override;
  void after_write(const veer::RegisterRef& at, veer::Agent agent, const veer::RegisterWrite& write) override;

 private:
  [[nodiscard]] uint32_t data_offset(unsigned slot, unsigned word) const;
  [[nodiscard]] bool lock_wr(unsigned slot) const;
  [[nodiscard]] bool lock_use(unsigned slot) const;
  void clear(unsigned slot);
  void fill_with_debug_value(bool locked_too);

  KeyVaultGeometry geometry_;
  bool debug_scan_mode_ = false;
  bool firmware_update_reset_window_ = false;
  bool held_ = false;  // hold_flushed()
};

}  // namespace caliptra
