// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/soc_ifc/soc_ifc.h"

#include <algorithm>

#include "iss/state_stream.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"

namespace caliptra {

using namespace soc_ifc_regs;
using veer::Agent;
using veer::BusResult;
using veer::BusStatus;
using veer::Reset;

namespace {

// Bits of error_internal_intr_r and notif_internal_intr_r.
constexpr unsigned error_inv_dev = 1;
constexpr unsigned error_cmd_fail = 2;
constexpr unsigned error_iccm_blocked = 4;
constexpr unsigned error_mbox_ecc_unc = 5;
constexpr unsigned error_wdt_timer1_timeout = 6;
constexpr unsigned error_wdt_timer2_timeout = 7;
constexpr unsigned notif_cmd_avail = 0;
constexpr unsigned notif_mbox_ecc_cor = 1;
constexpr unsigned notif_debug_locked = 2;
constexpr unsigned notif_scan_mode = 3;
constexpr unsigned notif_soc_req_lock = 4;
constexpr unsigned notif_gen_in_toggle = 5;

constexpr uint8_t lifecycle_manufacturing = 1;
constexpr uint8_t lifecycle_production = 3;

// The part of the registers that fuse users guard (soc_ifc_pkg.sv).
constexpr uint32_t fuse_window_start = 0x200;
constexpr uint32_t fuse_window_end = 0x600;

constexpr uint8_t dmi_boot_status = 0x53;
constexpr uint8_t dmi_hw_error_enc = 0x54;
constexpr uint8_t dmi_fw_error_enc = 0x55;
constexpr uint8_t dmi_manuf_service = 0x60;
constexpr uint8_t dmi_bootfsm_go = 0x61;

// What the DOE sees instead of secrets in debug and scan mode (caliptra_macros.svh).
constexpr uint32_t debug_secret = 0xffff'ffff;

}  // namespace

SocIfc::SocIfc(veer::Clock& clock, Generation generation, veer::TimingProfile timing, const SocIfcStraps& straps)
    : RegisterBlock("soc_ifc", table, caliptra::variant(generation), 0x1000),
      interrupts(*this),
      straps_(straps),
      boot_fsm_(clock, timing),
      watchdog_(clock),
      machine_timer_(clock) {
  machine_timer_.interrupt = [this](bool level) { timer_intr.set(level); };
  watchdog_.timed_out = [this](unsigned timer) {
    if (timer == 1) {
      interrupts.raise_error(error_wdt_timer1_timeout);
    } else if (stored(CPTRA_WDT_TIMER2_EN::offset) != 0) {
      interrupts.raise_error(error_wdt_timer2_timeout);
    }
  };
  watchdog_.levels_changed = [this] {
    if (watchdog_.nmi() && !nmi_intr.level()) hardware_error_fatal(CPTRA_HW_ERROR_FATAL::nmi_pin.mask());
    nmi_intr.set(watchdog_.nmi());
  };
  connect_boot_fsm();
  SocIfc::reset(Reset::cold);
}

// --- Resets and pins ----------------------------------------------------------------------------------

void SocIfc::connect_boot_fsm() {
  BootFsm::Outputs& from = boot_fsm_.outputs;
  from.cptra_uc_rst_b = [this](bool level) {
    cptra_uc_rst_b.set(level);
    if (level || !boot_fsm_.cptra_noncore_rst_b()) return;
    reset(Reset::firmware_update);
    if (reset_reached) reset_reached(Reset::firmware_update);
  };
  from.cptra_noncore_rst_b = [this](bool level) {
    cptra_noncore_rst_b.set(level);
    if (level) return noncore_reset_released();
    if (!boot_fsm_.pwrgood()) return;  // set_cptra_pwrgood() does more
    reset(Reset::warm);
    if (reset_reached) reset_reached(Reset::warm);
  };
  from.ready_for_fuses = [this](bool level) { ready_for_fuses.set(level); };
  from.rdc_clk_dis = [this](bool stopped) { machine_timer_.set_running(!stopped); };
  from.fw_update_rst_window = [this](bool level) { fw_update_rst_window.set(level); };
  from.fw_upd_rst_executed = [this] { store(CPTRA_RESET_REASON::offset, CPTRA_RESET_REASON::FW_UPD_RESET.mask()); };
  from.iccm_unlock = [this] {
    store(internal_iccm_lock::offset, 0);
    iccm_lock.set(false);
  };
  from.breakpoint = [this] { return latched_breakpoint_ && tap_allowed(); };
  from.update_wait_cycles = [this] {
    return static_cast<uint8_t>(stored(internal_fw_update_reset_wait_cycles::offset));
  };
}

void SocIfc::reset(Reset reset) {
  RegisterBlock::reset(reset);
  if (reset == Reset::firmware_update) return;
  fw_update_rst_window.set(false);
  if (reset == Reset::cold) {
    pwrgood_toggle_hint_ = true;
    machine_timer_.reset();
  }
  // In reset Caliptra takes itself for a locked production device.
  latched_lifecycle_ = lifecycle_production;
  latched_debug_locked_ = true;
  latched_breakpoint_ = false;
  watchdog_.reset();
  cptra_error_fatal.set(false);
  cptra_error_non_fatal.set(false);
  ready_for_fuses.set(false);
  debug_lock_or_scan_mode_switch.set(false);
  cptra_in_debug_scan_mode.set(in_debug_scan_mode());
  interrupts.update();
  update_wires();
}

void SocIfc::noncore_reset_released() {
  latched_lifecycle_ = pin_lifecycle_;
  latched_debug_locked_ = pin_debug_locked_;
  latched_breakpoint_ = pin_breakpoint_;

  store(CPTRA_RESET_REASON::offset, CPTRA_RESET_REASON::WARM_RESET, pwrgood_toggle_hint_ ? 0 : 1);
  if (pwrgood_toggle_hint_ && latched_debug_locked_ && !pin_scan_mode_) {
    for (uint32_t i = 0; i < internal_obf_key::count; ++i) store(internal_obf_key::offset + 4 * i, straps_.obf_key[i]);
  }
  pwrgood_toggle_hint_ = false;

  // The detectors of changes come out of reset holding 0: a locked device is a change from it, and an
  // unlocked one is taken for locked at first, then changes back.
  interrupts.raise_notif(notif_debug_locked);
  if (!latched_debug_locked_) interrupts.raise_notif(notif_debug_locked);
  if (pin_scan_mode_) interrupts.raise_notif(notif_scan_mode);
  sample_generic_input_wires();

  cptra_in_debug_scan_mode.set(in_debug_scan_mode());
  if (in_debug_scan_mode()) clear_obf_secrets();
  if (!latched_debug_locked_) pulse_debug_switch();
}

void SocIfc::set_cptra_pwrgood(bool level) {
  if (level == boot_fsm_.pwrgood()) return;
  boot_fsm_.set_pwrgood(level);
  if (level) return;
  reset(Reset::cold);
  if (reset_reached) reset_reached(Reset::cold);
}

void SocIfc::set_cptra_rst_b(bool level) { boot_fsm_.set_rst_b(level); }

void SocIfc::set_security_state(uint8_t device_lifecycle, bool debug_locked) {
  pin_lifecycle_ = device_lifecycle & 3;
  pin_debug_locked_ = debug_locked;
}

void SocIfc::set_scan_mode(bool level) {
  if (level == pin_scan_mode_) return;
  pin_scan_mode_ = level;
  boot_fsm_.set_scan_mode(level);
  cptra_in_debug_scan_mode.set(in_debug_scan_mode());
  if (!level) return;
  if (boot_fsm_.cptra_noncore_rst_b()) interrupts.raise_notif(notif_scan_mode);
  clear_obf_secrets();
  pulse_debug_switch();
}

void SocIfc::set_boot_fsm_breakpoint(bool level) { pin_breakpoint_ = level; }

void SocIfc::set_generic_input_wires(unsigned index, uint32_t value) {
  pin_generic_input_[index & 1] = value;
  if (boot_fsm_.cptra_noncore_rst_b()) sample_generic_input_wires();
}

void SocIfc::sample_generic_input_wires() {
  bool toggled = false;
  for (uint32_t i = 0; i < CPTRA_GENERIC_INPUT_WIRES::count; ++i) {
    const uint32_t at = CPTRA_GENERIC_INPUT_WIRES::offset + 4 * i;
    toggled |= stored(at) != pin_generic_input_[i];
    store(at, pin_generic_input_[i]);
  }
  if (toggled) interrupts.raise_notif(notif_gen_in_toggle);
}

bool SocIfc::in_debug_scan_mode() const { return !latched_debug_locked_ || pin_scan_mode_; }

void SocIfc::pulse_debug_switch() {
  const bool level = debug_lock_or_scan_mode_switch.level();
  debug_lock_or_scan_mode_switch.set(true);
  debug_lock_or_scan_mode_switch.set(level);
}

// --- Users --------------------------------------------------------------------------------------------

bool SocIfc::mailbox_user_valid(uint32_t user) const {
  if (user == straps_.default_mailbox_user) return true;
  for (uint32_t i = 0; i < CPTRA_MBOX_VALID_PAUSER::count; ++i) {
    if (stored(CPTRA_MBOX_PAUSER_LOCK::offset + 4 * i) == 0) continue;
    if (stored(CPTRA_MBOX_VALID_PAUSER::offset + 4 * i) == user) return true;
  }
  return false;
}

bool SocIfc::register_user_valid(uint32_t offset, uint32_t user) const {
  if (offset < fuse_window_start || offset >= fuse_window_end) return true;
  return stored(CPTRA_FUSE_PAUSER_LOCK::offset) == 0 || stored(CPTRA_FUSE_VALID_PAUSER::offset) == user;
}

bool SocIfc::trng_user_valid(Agent agent) const {
  if (agent != Agent::soc) return false;
  return stored(CPTRA_TRNG_PAUSER_LOCK::offset) == 0 || stored(CPTRA_TRNG_VALID_PAUSER::offset) == requesting_user_;
}

BusResult SocIfc::read(uint32_t offset, unsigned width, Agent agent) {
  if (agent == Agent::soc && !register_user_valid(offset, requesting_user_)) return {BusStatus::target_error, 0};
  return RegisterBlock::read(offset, width, agent);
}

BusStatus SocIfc::write(uint32_t offset, unsigned width, uint32_t data, Agent agent) {
  if (agent == Agent::soc && !register_user_valid(offset, requesting_user_)) return BusStatus::target_error;
  return RegisterBlock::write(offset, width, data, agent);
}

BusStatus SocIfc::check(const veer::RegisterRef&, Agent agent, bool) const {
  return agent == Agent::tap ? BusStatus::target_error : BusStatus::ok;
}

// --- Errors and events --------------------------------------------------------------------------------

void SocIfc::mailbox_event(MailboxEvent event) {
  using Errors = CPTRA_HW_ERROR_NON_FATAL;
  switch (event) {
    case MailboxEvent::command_available: interrupts.raise_notif(notif_cmd_avail); break;
    case MailboxEvent::lock_requested: interrupts.raise_notif(notif_soc_req_lock); break;
    case MailboxEvent::invalid_user: interrupts.raise_error(error_inv_dev); break;
    case MailboxEvent::access_without_lock:
      interrupts.raise_error(error_cmd_fail);
      hardware_error_non_fatal(Errors::mbox_prot_no_lock.mask());
      break;
    case MailboxEvent::access_out_of_order:
      interrupts.raise_error(error_cmd_fail);
      hardware_error_non_fatal(Errors::mbox_prot_ooo.mask());
      break;
    case MailboxEvent::ecc_correctable: interrupts.raise_notif(notif_mbox_ecc_cor); break;
    case MailboxEvent::ecc_uncorrectable:
      interrupts.raise_error(error_mbox_ecc_unc);
      hardware_error_non_fatal(Errors::mbox_ecc_unc.mask());
      break;
  }
}

void SocIfc::iccm_ecc_double_error() {
  if (!boot_fsm_.fw_update_rst_window()) hardware_error_fatal(CPTRA_HW_ERROR_FATAL::iccm_ecc_unc.mask());
}

void SocIfc::dccm_ecc_double_error() {
  if (!boot_fsm_.fw_update_rst_window()) hardware_error_fatal(CPTRA_HW_ERROR_FATAL::dccm_ecc_unc.mask());
}

void SocIfc::iccm_access_blocked() { interrupts.raise_error(error_iccm_blocked); }

void SocIfc::set_crypto_error(bool level) {
  if ((variant() & since_1_1) == 0 || level == crypto_error_) return;
  crypto_error_ = level;
  if (level) hardware_error_fatal(CPTRA_HW_ERROR_FATAL::crypto_err.mask());
}

// Only a reset takes the wire back. While it is high, secrets are cleared and vaults flushed (caliptra_top.sv).
void SocIfc::set_error_fatal() {
  cptra_error_fatal.set(true);
  clear_obf_secrets();
  debug_lock_or_scan_mode_switch.set(true);
}

void SocIfc::hardware_error_fatal(uint32_t bits) {
  store(CPTRA_HW_ERROR_FATAL::offset, stored(CPTRA_HW_ERROR_FATAL::offset) | bits);
  // crypto_err has a mask bit, but one that is always 0.
  if ((bits & ~stored(internal_hw_error_fatal_mask::offset)) != 0) set_error_fatal();
  changed(CPTRA_HW_ERROR_FATAL::offset);
}

void SocIfc::hardware_error_non_fatal(uint32_t bits) {
  store(CPTRA_HW_ERROR_NON_FATAL::offset, stored(CPTRA_HW_ERROR_NON_FATAL::offset) | bits);
  if ((bits & ~stored(internal_hw_error_non_fatal_mask::offset)) != 0) cptra_error_non_fatal.set(true);
  changed(CPTRA_HW_ERROR_NON_FATAL::offset);
}

// The wire falls when nothing is left that isn't masked. It never rises because a mask was taken away.
void SocIfc::update_error_non_fatal() {
  const uint32_t hardware =
      stored(CPTRA_HW_ERROR_NON_FATAL::offset) & ~stored(internal_hw_error_non_fatal_mask::offset);
  const uint32_t firmware =
      stored(CPTRA_FW_ERROR_NON_FATAL::offset) & ~stored(internal_fw_error_non_fatal_mask::offset);
  if (hardware == 0 && firmware == 0) cptra_error_non_fatal.set(false);
}

// Errors that are levels set their bit again as soon as it has been cleared, and the wire once unmasked.
void SocIfc::repeat_fatal_levels() {
  uint32_t bits = 0;
  if (crypto_error) set_crypto_error(crypto_error());
  if (nmi_intr.level()) bits |= CPTRA_HW_ERROR_FATAL::nmi_pin.mask();
  if (crypto_error_) bits |= CPTRA_HW_ERROR_FATAL::crypto_err.mask();
  if (bits != 0) hardware_error_fatal(bits);
}

// --- Secrets ------------------------------------------------------------------------------------------

void SocIfc::clear_obf_secrets() {
  const auto clear = [this](uint32_t offset, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) store(offset + 4 * i, 0);
  };
  clear(internal_obf_key::offset, internal_obf_key::count);
  clear(fuse_uds_seed::offset, fuse_uds_seed::count);
  clear(fuse_field_entropy::offset, fuse_field_entropy::count);
}

template <std::size_t words>
std::array<uint32_t, words> SocIfc::secret(uint32_t offset) const {
  std::array<uint32_t, words> result;
  for (uint32_t i = 0; i < words; ++i) result[i] = in_debug_scan_mode() ? debug_secret : stored(offset + 4 * i);
  return result;
}

std::array<uint32_t, 8> SocIfc::obf_key() const { return secret<8>(internal_obf_key::offset); }
std::array<uint32_t, 12> SocIfc::obf_uds_seed() const { return secret<12>(fuse_uds_seed::offset); }
std::array<uint32_t, 8> SocIfc::obf_field_entropy() const { return secret<8>(fuse_field_entropy::offset); }

// --- Registers ----------------------------------------------------------------------------------------

void SocIfc::changed(uint32_t offset) {
  if (register_changed) register_changed(offset, peek(offset));
}

void SocIfc::update_wires() {
  const uint32_t flow = stored(CPTRA_FLOW_STATUS::offset);
  ready_for_fw.set(CPTRA_FLOW_STATUS::ready_for_fw.get(flow) != 0);
  ready_for_runtime.set(CPTRA_FLOW_STATUS::ready_for_runtime.get(flow) != 0);
  mailbox_flow_done.set(CPTRA_FLOW_STATUS::mailbox_flow_done.get(flow) != 0);
  trng_req.set(stored(CPTRA_TRNG_STATUS::offset, CPTRA_TRNG_STATUS::DATA_REQ) != 0);
  iccm_lock.set(stored(internal_iccm_lock::offset) != 0);
  if (nmi_vector_changed) nmi_vector_changed(nmi_vector());
}

void SocIfc::update_watchdog() {
  const auto period = [this](uint32_t offset) { return uint64_t{stored(offset + 4)} << 32 | stored(offset); };
  watchdog_.configure({
      .enabled = {stored(CPTRA_WDT_TIMER1_EN::offset) != 0, stored(CPTRA_WDT_TIMER2_EN::offset) != 0},
      .period = {period(CPTRA_WDT_TIMER1_TIMEOUT_PERIOD::offset), period(CPTRA_WDT_TIMER2_TIMEOUT_PERIOD::offset)},
  });
}

uint32_t SocIfc::nmi_vector() const { return stored(internal_nmi_vector::offset); }

uint32_t SocIfc::live(const veer::RegisterRef& at, Agent agent) const {
  switch (at.base()) {
    case CPTRA_FLOW_STATUS::offset:
      return CPTRA_FLOW_STATUS::boot_fsm_ps.place(static_cast<uint32_t>(boot_fsm_.state())) |
             CPTRA_FLOW_STATUS::ready_for_fuses.place(boot_fsm_.ready_for_fuses() ? 1 : 0);
    case CPTRA_SECURITY_STATE::offset:
      return CPTRA_SECURITY_STATE::device_lifecycle.place(latched_lifecycle_) |
             CPTRA_SECURITY_STATE::debug_locked.place(latched_debug_locked_ ? 1 : 0) |
             CPTRA_SECURITY_STATE::scan_mode.place(pin_scan_mode_ ? 1 : 0);
    case CPTRA_TRNG_DATA::offset: return agent == Agent::soc && !trng_user_valid(agent) ? 0 : stored(at.offset());
    case CPTRA_HW_REV_ID::offset: return CPTRA_HW_REV_ID::SOC_STEPPING_ID.place(stored(fuse_soc_stepping_id::offset));
    case CPTRA_HW_CONFIG::offset:
      return CPTRA_HW_CONFIG::iTRNG_en.place(straps_.internal_trng ? 1 : 0) |
             CPTRA_HW_CONFIG::QSPI_en.place(straps_.internal_qspi ? 1 : 0) |
             CPTRA_HW_CONFIG::UART_en.place(straps_.internal_uart ? 1 : 0) | CPTRA_HW_CONFIG::LMS_acc_en.mask();
    case CPTRA_WDT_STATUS::offset:
      return CPTRA_WDT_STATUS::t1_timeout.place(watchdog_.timeout(1) ? 1 : 0) |
             CPTRA_WDT_STATUS::t2_timeout.place(watchdog_.timeout(2) ? 1 : 0);
    case internal_rv_mtime_l::offset: return static_cast<uint32_t>(machine_timer_.time());
    case internal_rv_mtime_h::offset: return static_cast<uint32_t>(machine_timer_.time() >> 32);
    default: return 0;
  }
}

bool SocIfc::locked(uint8_t lock, const veer::RegisterRef& at, Agent agent) const {
  switch (lock) {
    case fuses_written: return stored(CPTRA_FUSE_WR_DONE::offset) != 0;
    case mbox_pauser_locked: return stored(CPTRA_MBOX_PAUSER_LOCK::offset + 4 * at.element) != 0;
    case trng_pauser_locked: return stored(CPTRA_TRNG_PAUSER_LOCK::offset) != 0;
    case fuse_pauser_locked: return stored(CPTRA_FUSE_PAUSER_LOCK::offset) != 0;
    case trng_user_invalid: return !trng_user_valid(agent);
    default: return false;
  }
}

void SocIfc::after_write(const veer::RegisterRef& at, Agent agent, const veer::RegisterWrite& write) {
  const bool by_core = agent != Agent::soc;
  if (at.base() == error_internal_intr_r::offset) {
    // The watchdogs look at the bus, not at the register: even the SoC's write, which changes nothing, counts.
    watchdog_.serviced((write.data & error_internal_intr_r::error_wdt_timer1_timeout_sts.mask()) != 0,
                       (write.data & error_internal_intr_r::error_wdt_timer2_timeout_sts.mask()) != 0);
  }
  if (interrupts.after_write(at, write)) return;

  switch (at.base()) {
    case CPTRA_HW_ERROR_FATAL::offset:
    case internal_hw_error_fatal_mask::offset:
      repeat_fatal_levels();
      if (at.base() == CPTRA_HW_ERROR_FATAL::offset) changed(at.offset());
      break;
    case CPTRA_HW_ERROR_NON_FATAL::offset:
      update_error_non_fatal();
      changed(at.offset());
      break;
    case internal_hw_error_non_fatal_mask::offset:
    case internal_fw_error_non_fatal_mask::offset: update_error_non_fatal(); break;
    case CPTRA_FW_ERROR_FATAL::offset:
      if ((write.data & ~stored(internal_fw_error_fatal_mask::offset) & ~write.before) != 0) set_error_fatal();
      changed(at.offset());
      break;
    case CPTRA_FW_ERROR_NON_FATAL::offset:
      if ((write.data & ~stored(internal_fw_error_non_fatal_mask::offset) & ~write.before) != 0) {
        cptra_error_non_fatal.set(true);
      }
      update_error_non_fatal();
      changed(at.offset());
      break;

    case CPTRA_FLOW_STATUS::offset:
      if (by_core) {
        update_wires();
        changed(at.offset());
      }
      break;
    case CPTRA_BOOT_STATUS::offset:
    case CPTRA_GENERIC_OUTPUT_WIRES::offset:
      if (by_core) changed(at.offset());
      break;
    case CPTRA_CLK_GATING_EN::offset: changed(at.offset()); break;

    case CPTRA_TRNG_DATA::offset:
      if (trng_user_valid(agent)) store(at.offset(), write.data);
      break;
    case CPTRA_TRNG_CTRL::offset:
      if (!write.set(CPTRA_TRNG_CTRL::clear)) break;
      for (uint32_t i = 0; i < CPTRA_TRNG_DATA::count; ++i) store(CPTRA_TRNG_DATA::offset + 4 * i, 0);
      break;
    case CPTRA_TRNG_STATUS::offset:
      // DATA_WR_DONE can't be set without a request, and ends with it.
      if (stored(at.offset(), CPTRA_TRNG_STATUS::DATA_REQ) == 0) store(at.offset(), 0);
      update_wires();
      break;

    case CPTRA_FUSE_WR_DONE::offset:
      boot_fsm_.set_fuse_done(stored(at.offset()) != 0);
      boot_fsm_.fuse_done_written();
      break;
    case CPTRA_BOOTFSM_GO::offset: boot_fsm_.set_bootfsm_go(stored(at.offset()) != 0); break;
    case fuse_uds_seed::offset:
    case fuse_field_entropy::offset:
      if (in_debug_scan_mode() || cptra_error_fatal.level()) store(at.offset(), 0);
      break;

    case CPTRA_WDT_TIMER1_EN::offset:
    case CPTRA_WDT_TIMER2_EN::offset:
    case CPTRA_WDT_TIMER1_TIMEOUT_PERIOD::offset:
    case CPTRA_WDT_TIMER2_TIMEOUT_PERIOD::offset: update_watchdog(); break;
    case CPTRA_WDT_TIMER1_CTRL::offset:
      if (write.set(CPTRA_WDT_TIMER1_CTRL::timer1_restart)) watchdog_.restart(1);
      break;
    case CPTRA_WDT_TIMER2_CTRL::offset:
      if (write.set(CPTRA_WDT_TIMER2_CTRL::timer2_restart)) watchdog_.restart(2);
      break;

    case internal_iccm_lock::offset:
    case internal_nmi_vector::offset: update_wires(); break;
    case internal_fw_update_reset::offset:
      if (write.set(internal_fw_update_reset::core_rst)) boot_fsm_.firmware_update_reset();
      break;

    case internal_rv_mtime_l::offset:
      if (by_core) machine_timer_.set_time((machine_timer_.time() & ~uint64_t{0xffff'ffff}) | write.data);
      break;
    case internal_rv_mtime_h::offset:
      if (by_core) machine_timer_.set_time((machine_timer_.time() & 0xffff'ffff) | uint64_t{write.data} << 32);
      break;
    case internal_rv_mtimecmp_l::offset:
    case internal_rv_mtimecmp_h::offset:
      machine_timer_.set_compare(uint64_t{stored(internal_rv_mtimecmp_h::offset)} << 32 |
                                 stored(internal_rv_mtimecmp_l::offset));
      break;
    default: break;
  }
}

// --- TAP ----------------------------------------------------------------------------------------------

bool SocIfc::tap_allowed() const { return !latched_debug_locked_ || latched_lifecycle_ == lifecycle_manufacturing; }

std::optional<uint32_t> SocIfc::dmi_read(uint8_t address) const {
  if (!tap_allowed()) return std::nullopt;
  switch (address) {
    case dmi_boot_status: return stored(CPTRA_BOOT_STATUS::offset);
    case dmi_hw_error_enc: return stored(CPTRA_HW_ERROR_ENC::offset);
    case dmi_fw_error_enc: return stored(CPTRA_FW_ERROR_ENC::offset);
    case dmi_manuf_service: return stored(CPTRA_DBG_MANUF_SERVICE_REG::offset);
    case dmi_bootfsm_go: return stored(CPTRA_BOOTFSM_GO::offset);
    default: return std::nullopt;
  }
}

bool SocIfc::dmi_write(uint8_t address, uint32_t value) {
  if (!tap_allowed()) return false;
  switch (address) {
    case dmi_manuf_service: store(CPTRA_DBG_MANUF_SERVICE_REG::offset, value); return true;
    case dmi_bootfsm_go:
      store(CPTRA_BOOTFSM_GO::offset, value & 1);
      boot_fsm_.set_bootfsm_go((value & 1) != 0);
      return true;
    default: return false;
  }
}

// --- Snapshot -----------------------------------------------------------------------------------------

void SocIfc::state(veer::StateStream& stream) {
  RegisterBlock::state(stream);
  boot_fsm_.state(stream);
  watchdog_.state(stream);
  machine_timer_.state(stream);
  stream(requesting_user_);
  stream(pin_lifecycle_);
  stream(pin_debug_locked_);
  stream(pin_scan_mode_);
  stream(pin_breakpoint_);
  stream(pin_generic_input_);
  stream(latched_lifecycle_);
  stream(latched_debug_locked_);
  stream(latched_breakpoint_);
  stream(pwrgood_toggle_hint_);
  stream(crypto_error_);
  for (veer::Wire* wire :
       {&timer_intr, &nmi_intr, &iccm_lock, &cptra_noncore_rst_b, &cptra_uc_rst_b, &cptra_in_debug_scan_mode,
        &debug_lock_or_scan_mode_switch, &fw_update_rst_window, &ready_for_fuses, &ready_for_fw, &ready_for_runtime,
        &mailbox_flow_done, &cptra_error_fatal, &cptra_error_non_fatal, &trng_req}) {
    bool level = wire->level();
    stream(level);
    wire->restore(level);
  }
  interrupts.state(stream);
}

}  // namespace caliptra
