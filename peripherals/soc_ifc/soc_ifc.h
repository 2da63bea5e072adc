// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The SoC interface: soc_ifc_reg (0x30030000) with the fuses, and what hangs on it: boot state machine,
// resets, watchdogs, machine timer, errors and interrupts, security state, users, external TRNG.
// From RTL soc_ifc/rtl/soc_ifc_top.sv and soc_ifc_reg.sv, and the latches of integration/rtl/caliptra_top.sv.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>

#include "iss/registers/register_block.h"
#include "iss/timing_profile.h"
#include "iss/wire.h"
#include "peripherals/common/hardware.h"
#include "peripherals/common/interrupt_block.h"
#include "peripherals/common/mailbox_event.h"
#include "peripherals/soc_ifc/boot_fsm.h"
#include "peripherals/soc_ifc/machine_timer.h"
#include "peripherals/soc_ifc/watchdog.h"

namespace caliptra {

/// What is fixed when the hardware is built.
struct SocIfcStraps {
  bool internal_trng = false;  ///< CPTRA_HW_CONFIG.iTRNG_en
  bool internal_qspi = false;
  bool internal_uart = false;
  std::array<uint32_t, 8> obf_key{};            ///< the cptra_obf_key input, word 0 first
  uint32_t default_mailbox_user = 0xffff'ffff;  ///< CPTRA_DEF_MBOX_VALID_PAUSER: always valid at the mailbox
};

/// It is created without power. soc/ drives its pins, connects its wires and must not call reset(): the
/// boot state machine resets the block itself and says through `reset_reached` when the others are due.
class SocIfc : public veer::RegisterBlock {
 public:
  /// What the bus decodes for this block; above the registers it reads 0 without an error.
  static constexpr uint32_t window_size = 0x10000;

  SocIfc(veer::Clock& clock, Generation generation, veer::TimingProfile timing, const SocIfcStraps& straps);

  // --- Pins from the SoC ------------------------------------------------------------------------------

  /// cptra_pwrgood. Falling resets everything at once, whatever the profile.
  void set_cptra_pwrgood(bool level);

  /// cptra_rst_b. Even the shortest low pulse is a warm reset.
  void set_cptra_rst_b(bool level);

  /// security_state; `device_lifecycle` as in CPTRA_SECURITY_STATE. Latched when cptra_noncore_rst_b rises:
  /// a change at any other time is seen after the next warm or cold reset.
  void set_security_state(uint8_t device_lifecycle, bool debug_locked);

  void set_scan_mode(bool level);

  /// BootFSM_BrkPoint: latched when cptra_noncore_rst_b rises; counts only with debug unlocked or in manufacturing.
  void set_boot_fsm_breakpoint(bool level);

  /// generic_input_wires, word `index` 0 or 1. A change raises notif_gen_in_toggle.
  void set_generic_input_wires(unsigned index, uint32_t value);
  [[nodiscard]] uint32_t generic_input_wires(unsigned index) const { return pin_generic_input_[index & 1]; }

  // --- The SoC's bus user -----------------------------------------------------------------------------

  /// PAUSER of the accesses by Agent::soc that follow. Call before each.
  void set_requesting_user(uint32_t user) { requesting_user_ = user; }

  /// Whether a SoC user gets to the mailbox at all (soc_ifc_arb.sv); otherwise the bus answers an error.
  [[nodiscard]] bool mailbox_user_valid(uint32_t user) const;

  /// Whether a SoC user gets to `offset` of this block: the fuses (0x200 to 0x5ff) want CPTRA_FUSE_VALID_PAUSER
  /// once it is locked. Otherwise the bus answers an error, which read() and write() do by themselves.
  [[nodiscard]] bool register_user_valid(uint32_t offset, uint32_t user) const;

  // --- Signals from inside Caliptra -------------------------------------------------------------------

  void mailbox_event(MailboxEvent event);
  void iccm_ecc_double_error();
  void dccm_ecc_double_error();
  void iccm_access_blocked();         ///< a DMA write to the locked ICCM
  void set_crypto_error(bool level);  ///< two crypto engines busy at once; RTL 1.0 has no such input

  /// The same wire as it is now, for when it falls without notice. Optional.
  std::function<bool()> crypto_error;

  /// doe's clear_obf_secrets: the obfuscation key, UDS and field entropy are gone until power is cycled.
  void clear_obf_secrets();

  // --- What the DOE takes -----------------------------------------------------------------------------

  /// Word 0 first. All ones while debug is unlocked or in scan mode.
  [[nodiscard]] std::array<uint32_t, 8> obf_key() const;
  [[nodiscard]] std::array<uint32_t, 12> obf_uds_seed() const;
  [[nodiscard]] std::array<uint32_t, 8> obf_field_entropy() const;

  // --- Wires ------------------------------------------------------------------------------------------

  InterruptBlock interrupts;  ///< to the PIC: SOC_IFC_ERROR and SOC_IFC_NOTIF
  veer::Wire timer_intr;      ///< machine timer interrupt: high from power-on until mtimecmp is written
  veer::Wire nmi_intr;
  veer::Wire iccm_lock;
  veer::Wire cptra_noncore_rst_b;
  veer::Wire cptra_uc_rst_b;                  ///< high: the core runs, from address 0 each time it rises
  veer::Wire fw_update_rst_window;            ///< to key vault and PCR vault: the core is being reset alone
  veer::Wire cptra_in_debug_scan_mode;        ///< to key vault and PCR vault
  veer::Wire debug_lock_or_scan_mode_switch;  ///< a pulse, or high while fatal: engines zeroize, vaults flush

  veer::Wire ready_for_fuses;
  veer::Wire ready_for_fw;
  veer::Wire ready_for_runtime;
  veer::Wire mailbox_flow_done;
  veer::Wire cptra_error_fatal;
  veer::Wire cptra_error_non_fatal;
  veer::Wire trng_req;

  /// nmi_vec changed: the vector of every NMI, of the watchdog or of a bus error.
  std::function<void(uint32_t address)> nmi_vector_changed;

  /// A reset reaches the other blocks now (this one has been reset already).
  std::function<void(veer::Reset)> reset_reached;

  /// One of these registers was written, even with the value it had, or set by hardware: CPTRA_BOOT_STATUS,
  /// CPTRA_FLOW_STATUS, CPTRA_GENERIC_OUTPUT_WIRES (either word), CPTRA_FW_ERROR_FATAL and _NON_FATAL,
  /// CPTRA_HW_ERROR_FATAL and _NON_FATAL, CPTRA_CLK_GATING_EN. `value` is the register now.
  std::function<void(uint32_t offset, uint32_t value)> register_changed;

  // --- Looking on -------------------------------------------------------------------------------------

  [[nodiscard]] uint32_t nmi_vector() const;
  [[nodiscard]] BootState boot_state() const { return boot_fsm_.state(); }
  [[nodiscard]] const MachineTimer& machine_timer() const { return machine_timer_; }

  /// security_state as latched: what the core and the TAP see.
  [[nodiscard]] bool debug_locked() const { return latched_debug_locked_; }
  [[nodiscard]] uint8_t device_lifecycle() const { return latched_lifecycle_; }

  // --- The TAP ----------------------------------------------------------------------------------------

  /// Whether the TAP gets to Caliptra's own DMI registers (0x50 to 0x7f): debug unlocked, or manufacturing.
  [[nodiscard]] bool tap_allowed() const;

  /// The DMI registers that live here, by DMI address: BOOT_STATUS 0x53, CPTRA_HW_ERROR_ENC 0x54,
  /// CPTRA_FW_ERROR_ENC 0x55, CPTRA_DBG_MANUF_SERVICE_REG 0x60, CPTRA_BOOTFSM_GO 0x61. The last two can be
  /// written. Nothing (false) for any other address, or where tap_allowed() is false.
  [[nodiscard]] std::optional<uint32_t> dmi_read(uint8_t address) const;
  bool dmi_write(uint8_t address, uint32_t value);

  veer::BusResult read(uint32_t offset, unsigned width, veer::Agent agent) override;
  veer::BusStatus write(uint32_t offset, unsigned width, uint32_t data, veer::Agent agent) override;
  void reset(veer::Reset reset) override;
  void state(veer::StateStream& stream) override;

 protected:
  [[nodiscard]] veer::BusStatus check(const veer::RegisterRef& at, veer::Agent agent, bool writing) const override;
  [[nodiscard]] uint32_t live(const veer::RegisterRef& at, veer::Agent agent) const override;
  [[nodiscard]] bool locked(uint8_t lock, const veer::RegisterRef& at, veer::Agent agent) const override;
  void after_write(const veer::RegisterRef& at, veer::Agent agent, const veer::RegisterWrite& write) override;

 private:
  [[nodiscard]] bool trng_user_valid(veer::Agent agent) const;
  [[nodiscard]] bool in_debug_scan_mode() const;
  template <std::size_t words>
  [[nodiscard]] std::array<uint32_t, words> secret(uint32_t offset) const;

  void connect_boot_fsm();
  void noncore_reset_released();
  void sample_generic_input_wires();
  void pulse_debug_switch();
  void set_error_fatal();
  void hardware_error_fatal(uint32_t bits);
  void hardware_error_non_fatal(uint32_t bits);
  void update_error_non_fatal();
  void repeat_fatal_levels();
  void update_watchdog();
  void update_wires();
  void changed(uint32_t offset);

  const SocIfcStraps straps_;
  BootFsm boot_fsm_;
  Watchdog watchdog_;
  MachineTimer machine_timer_;
  uint32_t requesting_user_ = 0xffff'ffff;

  // Pins.
  uint8_t pin_lifecycle_ = 0;
  bool pin_debug_locked_ = false;
  bool pin_scan_mode_ = false;
  bool pin_breakpoint_ = false;
  std::array<uint32_t, 2> pin_generic_input_{};

  // Latches.
  uint8_t latched_lifecycle_ = 3;
  bool latched_debug_locked_ = true;
  bool latched_breakpoint_ = false;
  bool pwrgood_toggle_hint_ = true;
  bool crypto_error_ = false;
};

}  // namespace caliptra
