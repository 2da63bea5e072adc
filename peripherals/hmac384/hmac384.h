// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The HMAC-SHA-384 engine: software gives it the key and the padded message block by block; key, block and tag
// can come from and go to the key vault. From RTL 1.0 and 1.1: hmac/rtl/hmac.sv, hmac_core.v and
// keyvault/rtl/kv_fsm.sv.

#pragma once

#include <array>
#include <cstdint>

#include "iss/clock.h"
#include "iss/registers/register_block.h"
#include "iss/wire.h"
#include "peripherals/common/engine_timing.h"
#include "peripherals/common/hardware.h"
#include "peripherals/common/interrupt_block.h"
#include "peripherals/common/vault_ports.h"

namespace caliptra {

/// The register block at 0x10010000. What it does that may surprise, all of it the RTL's:
/// - INIT and NEXT together are NEXT. A command is ignored while the engine is busy and, since 1.1, while the key
///   vault is being read.
/// - A tag goes to the tag registers, but not if it is to be written to the key vault, nor if key or block came
///   from there; in the latter case key and block are cleared with it, so each NEXT needs its key again.
/// - Since 1.1 what came from the key vault can't be overwritten: the key until the tag is there, a block's dwords
///   until the command; and after a failed read key or block stays 0 until a read succeeds or ZEROIZE.
/// - LFSR_SEED feeds masks against side channels; it does not change a result.
class Hmac384 final : public veer::RegisterBlock {
 public:
  /// All arguments but `generation` must outlive the block.
  Hmac384(veer::Clock& clock, const EngineTiming& timing, Generation generation, KeyVaultPort& key_vault);

  InterruptBlock interrupts{*this};

  /// busy_o (since 1.1): the core or a key-vault transfer is under way. Two engines busy at once are a crypto error.
  veer::Wire busy;

  /// As ZEROIZE does; also debugUnlock_or_scan_mode_switch.
  void zeroize();

  /// debugUnlock_or_scan_mode_switch: while it is high the engine is held as ZEROIZE leaves it, and does nothing.
  void hold_zeroized(bool level);

  [[nodiscard]] bool steady() const override { return true; }
  void reset(veer::Reset reset) override;
  void state(veer::StateStream& stream) override;

 protected:
  [[nodiscard]] uint32_t live(const veer::RegisterRef& at, veer::Agent agent) const override;
  [[nodiscard]] bool locked(uint8_t lock, const veer::RegisterRef& at, veer::Agent agent) const override;
  void after_write(const veer::RegisterRef& at, veer::Agent agent, const veer::RegisterWrite& write) override;

 private:
  void write_while_held(const veer::RegisterRef& at, const veer::RegisterWrite& write);
  void control(const veer::RegisterWrite& write);
  void begin(bool first);
  void complete();
  void begin_key_read();
  void begin_block_read(bool without_padding);
  void end_vault_write();
  void cut_off_vault_write();  ///< ZEROIZE or a reset comes: what has been delivered stays where it is
  void clear();
  void store_all(uint32_t offset, unsigned count, uint32_t value);
  void update_busy();

  veer::Clock& clock_;
  const EngineTiming& timing_;
  Generation generation_;
  KeyVaultPort& key_vault_;
  veer::Clock::Slot done_;
  veer::Clock::Slot key_read_done_;
  veer::Clock::Slot block_read_done_;
  veer::Clock::Slot write_done_;

  std::array<uint64_t, 8> inner_{};       // the digest of the core that hashes the message
  std::array<uint32_t, 12> tag_{};        // of the running command
  std::array<uint32_t, 12> vault_tag_{};  // kv_reg
  bool valid_ = false;                    // tag_valid_reg
  uint32_t block_locks_ = 0;              // block_reg_lock, a bit per dword
  bool key_present_ = false;              // kv_key_data_present
  bool data_present_ = false;             // kv_data_present
  VaultError key_error_ = VaultError::success;
  VaultError block_error_ = VaultError::success;
  VaultError write_error_ = VaultError::success;
  bool held_ = false;  // hold_zeroized()
};

}  // namespace caliptra
