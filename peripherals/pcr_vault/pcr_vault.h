// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The PCR vault: 32 platform configuration registers that software reads and only the SHA-512 engine extends.
// From RTL 1.0 and 1.1: pcrvault/rtl/pv.sv, pv_reg.rdl.

#pragma once

#include <cstdint>
#include <span>

#include "iss/registers/register_block.h"
#include "peripherals/common/hardware.h"
#include "peripherals/common/vault_ports.h"

namespace caliptra {

/// The register block at 0x1001a000, and the port that the SHA-512 engine uses. A PCR's lock keeps software from
/// clearing it, not the engine from extending it; any reset of the core takes the locks away, and only
/// power-good clears PCRs.
class PcrVault final : public veer::RegisterBlock, public PcrVaultPort {
 public:
  static constexpr unsigned entries = 32;  ///< PV_NUM_PCR
  static constexpr unsigned words = 12;    ///< PV_NUM_DWORDS

  explicit PcrVault(Generation generation);

  VaultData read_pcr(unsigned slot) override;
  VaultError write_pcr(unsigned slot, std::span<const uint32_t> words) override;

  /// fw_update_rst_window, from the boot FSM: while it is high, locks hold nothing back.
  void set_firmware_update_reset_window(bool level) { firmware_update_reset_window_ = level; }

  void state(veer::StateStream& stream) override;

 protected:
  [[nodiscard]] bool locked(uint8_t lock, const veer::RegisterRef& at, veer::Agent agent) const override;
  void after_write(const veer::RegisterRef& at, veer::Agent agent, const veer::RegisterWrite& write) override;

 private:
  bool firmware_update_reset_window_ = false;
};

}  // namespace caliptra
