// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The ECC engine: key generation, deterministic signing and verification on P-384. From RTL 1.0 and 1.1:
// ecc/rtl/ecc_dsa_ctrl.sv, ecc_hmac_drbg_interface.sv, ecc_reg.rdl, keyvault/rtl/kv_{read,write}_client.sv.

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

/// What ECC_CTRL.PCR_SIGN loads (pcr_signing_t). Word 0 is the most significant.
struct PcrSigningData {
  std::array<uint32_t, 12> pcr_hash{};             ///< from the SHA-512 engine, to MSG
  std::array<uint32_t, 12> pcr_signing_privkey{};  ///< from the key vault, to PRIVKEY_IN
};

/// The register block at 0x10008000. All numbers are 12 words, word 0 the most significant.
///
/// Outputs appear, and STATUS.VALID rises, when the operation's time has passed; the private key of a key
/// generation goes to the key vault earlier. Inputs out of range (a private key of 0 or above the order, r or s
/// likewise, a coordinate not below the prime, a point not on the curve, PCR_SIGN with anything but SIGN) end the
/// operation with the error interrupt and without VALID; nothing is cleared. After a point that was not on the
/// curve every verification fails at once, as in the RTL, until ZEROIZE or a reset.
class Ecc384 final : public veer::RegisterBlock {
 public:
  /// Everything but `clock` and `key_vault`, which must outlive the engine, is copied.
  Ecc384(Generation generation, veer::Clock& clock, const EngineTiming& timing, KeyVaultPort& key_vault,
         std::function<PcrSigningData()> pcr_signing);

  /// Interrupt lines; events error_internal and notif_cmd_done.
  InterruptBlock interrupts;

  /// busy_o of RTL 1.1, for the crypto_error of soc_ifc: an operation or a key-vault transfer is under way.
  [[nodiscard]] bool busy() const;

  /// What ECC_CTRL.ZEROIZE does: ends every operation and clears inputs, outputs and key-vault data. soc/ calls it
  /// on debugUnlock_or_scan_mode_switch (caliptra_top.sv).
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
  using Number = std::array<uint8_t, 48>;

  /// ECC_CTRL.CTRL.
  enum class Command : uint8_t { none, keygen, sign, verify };

  /// A key-vault read client: a private key or a seed.
  struct KeyRead {
    KeyUse use;
    uint32_t control;
    uint32_t status;
    uint32_t data;
    veer::Clock::Slot done = 0;
    bool present = false;  ///< kv_key_data_present, kv_seed_data_present: the data came from the vault
  };

  [[nodiscard]] bool idle() const;
  [[nodiscard]] bool ready() const;
  [[nodiscard]] bool reading_keys() const;
  [[nodiscard]] Number number(uint32_t offset) const;
  void store_number(uint32_t offset, const Number& value);
  void clear_number(uint32_t offset);

  void write_while_held(const veer::RegisterRef& at, const veer::RegisterWrite& write);
  void on_control(const veer::RegisterWrite& write);
  void start_key_read(KeyRead& read);
  void finish_key_read(KeyRead& read);
  void hold_failed(const KeyRead& read);
  void forget(KeyRead& read);
  void start_command();
  [[nodiscard]] bool inputs_in_range(Command command) const;
  void deliver_private_key();
  void finish_key_write();
  void cut_off_key_write();  ///< ZEROIZE or a reset comes: what has been delivered stays where it is
  void finish_command();
  void fail();
  void cancel_all();
  void clear_internal();

  veer::Clock& clock_;
  EngineTiming timing_;
  KeyVaultPort& key_vault_;
  std::function<PcrSigningData()> pcr_signing_;
  bool since_1_1_;

  veer::Clock::Slot operation_done_;
  veer::Clock::Slot setup_done_;
  veer::Clock::Slot private_key_known_;
  veer::Clock::Slot key_write_done_;
  KeyRead private_key_;
  KeyRead seed_;

  Command running_ = Command::none;
  bool public_key_invalid_ = false;    ///< pk_chk_reg != 0
  std::array<uint32_t, 12> kv_reg_{};  ///< the private key on its way to the vault
  bool held_ = false;                  // hold_zeroized()
};

}  // namespace caliptra
