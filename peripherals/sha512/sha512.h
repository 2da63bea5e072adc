// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The SHA-512 engine: it hashes blocks that software has padded, extends PCRs and hashes all of them for a
// quote. From RTL 1.0 and 1.1: sha512/rtl/sha512.sv, sha512_core.v, pcrvault/rtl/pv_gen_hash.sv and
// keyvault/rtl/kv_fsm.sv.

#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "iss/clock.h"
#include "iss/registers/register_block.h"
#include "peripherals/common/engine_timing.h"
#include "peripherals/common/hardware.h"
#include "peripherals/common/interrupt_block.h"
#include "peripherals/common/vault_ports.h"

namespace caliptra {

/// The register block at 0x10020000. What it does that may surprise, all of it the RTL's:
/// - A command is ignored while the engine is busy, while a PCR hash is being generated and, since 1.1, while
///   a vault is being read; ZEROIZE in the same write wins over it.
/// - A digest goes to the digest registers, but not if it is to be written to a vault or came from one.
/// - The dwords that a vault filled, and all of them after a PCR hash, can't be written until a command came,
///   and ZEROIZE does not clear them.
/// - Since 1.1 the engine is not connected to the key vault: a read that does not extend a PCR repeats the first
///   word of PCR 0 for ever, until ZEROIZE; a write is reported as done and goes nowhere.
class Sha512 final : public veer::RegisterBlock {
 public:
  using Digest = std::array<uint32_t, 12>;

  /// All arguments but `generation` must outlive the block.
  Sha512(veer::Clock& clock, const EngineTiming& timing, Generation generation, KeyVaultPort& key_vault,
         PcrVaultPort& pcr_vault);

  InterruptBlock interrupts{*this};

  /// Called with pcr_hash() whenever a PCR hash is complete and whenever it is cleared.
  std::function<void(const Digest&)> on_pcr_hash;

  /// pcr_signing_hash: the last PCR hash, word 0 most significant; what the ECC engine signs. 0 before the first
  /// and after ZEROIZE or a reset.
  [[nodiscard]] Digest pcr_hash() const;

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
  static constexpr uint32_t all_block_words = 0xffff'ffff;
  static constexpr uint32_t last_pcr_hash_block = 12;

  void write_while_held(const veer::RegisterRef& at, const veer::RegisterWrite& write);
  void control(const veer::RegisterWrite& write);
  void begin(bool first, unsigned mode, uint32_t cycles);
  void complete();
  void begin_pcr_hash_block();
  void end_pcr_hash();
  void begin_vault_read(const veer::RegisterWrite& write);
  void fill_block(const VaultData& data, unsigned count);
  void begin_vault_write();
  void end_vault_write();
  void cut_off_vault_write();  ///< ZEROIZE or a reset comes: what has been delivered stays where it is
  void clear();
  void cancel_events();
  [[nodiscard]] unsigned mode() const;
  [[nodiscard]] bool vault_read_busy() const;

  veer::Clock& clock_;
  const EngineTiming& timing_;
  Generation generation_;
  KeyVaultPort& key_vault_;
  PcrVaultPort& pcr_vault_;
  veer::Clock::Slot done_;
  veer::Clock::Slot pcr_hash_start_;
  veer::Clock::Slot read_done_;
  veer::Clock::Slot write_done_;

  std::array<uint64_t, 8> hash_{};           // H0_reg .. H7_reg, with the running block already in it
  bool busy_ = false;                        // of sha512_core
  bool valid_ = false;                       // digest_valid_reg
  std::array<uint32_t, 12> vault_digest_{};  // kv_reg
  uint32_t block_locks_ = 0;                 // block_reg_lock, a bit per dword
  bool pcr_hash_extend_ = false;             // pcr_hash_extend_ip
  uint32_t hash_extend_entry_ = 0;
  bool read_data_present_ = false;  // kv_read_data_present
  bool read_never_ends_ = false;    // a key-vault read since 1.1
  VaultError read_error_ = VaultError::success;
  VaultError write_error_ = VaultError::success;
  bool pcr_hash_running_ = false;  // gen_hash_ip
  uint32_t pcr_hash_block_ = 0;    // the block that is hashed next, or is being hashed
  bool held_ = false;              // hold_zeroized()
};

}  // namespace caliptra
