// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/core_parts.h"

#include "peripherals/mailbox/mailbox_regs.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"

namespace caliptra {
namespace {

using veer::BusResult;
using veer::BusStatus;

constexpr uint32_t rom_size = 48 * 1024;

// GENERIC_OUTPUT_WIRES[0], as the RTL's test bench and the reference emulator take it: the low byte is a
// console character, or the end of the run.
constexpr uint8_t exit_failure = 0x01;
constexpr uint8_t exit_success = 0xff;
constexpr uint8_t last_character = 0x7f;
constexpr uint32_t failed = 255;

constexpr uint32_t runtime_ready_status = 0x600;

// PIC sources (caliptra_top.sv, config_defines.svh). The missing ones are tied low.
enum PicSource : unsigned {
  doe_error = 1,
  doe_notif,
  ecc_error,
  ecc_notif,
  hmac_error,
  hmac_notif,
  sha512_error = 9,
  sha512_notif,
  sha256_error,
  sha256_notif,
  soc_ifc_error = 19,
  soc_ifc_notif,
  sha_error,
  sha_notif,
};

Configuration with_whole_rom(Configuration configuration) {
  configuration.rom.resize(rom_size, 0);
  return configuration;
}

}  // namespace

Core::Parts::Parts(const Configuration& the_configuration)
    : configuration(with_whole_rom(the_configuration)),
      timing(EngineTiming::of(configuration.timing, configuration.generation)),
      hart({.timing = configuration.timing}, clock, fabric),
      soc_ifc(clock, configuration.generation, configuration.timing,
              {.internal_trng = configuration.internal_trng,
               .obf_key = configuration.obfuscation_key,
               .default_mailbox_user = configuration.default_mailbox_user}),
      mailbox(configuration.generation),
      key_vault(configuration.generation),
      errors(key_vault),
      pcr_vault(configuration.generation),
      data_vault(configuration.generation),
      sha512(clock, timing, configuration.generation, errors, pcr_vault),
      sha256(clock, timing, configuration.generation),
      hmac384(clock, timing, configuration.generation, errors),
      ecc384(configuration.generation, clock, timing, errors,
             [this] {
               return PcrSigningData{.pcr_hash = sha512.pcr_hash(), .pcr_signing_privkey = key_vault.pcr_signing_key()};
             }),
      doe(configuration.generation, clock, timing,
          {.secrets = [this] { return secrets(); },
           .clear_obf_secrets = [this] { soc_ifc.clear_obf_secrets(); },
           .kv_write =
               [this](unsigned slot, unsigned first, uint8_t dest_valid, std::span<const uint32_t> words) {
                 key_vault.write_words(slot, first, dest_valid, words);
               }}),
      sha512_acc(clock, timing, configuration.generation,
                 [this](uint32_t index) { return mailbox.read_for_accelerator(index); }),
      noise(configuration.trng_seed, configuration.trng_generator),
      entropy_src(clock, configuration.timing, configuration.generation,
                  [this] { return errors.noise(noise.nibble()); }),
      csrng(clock, configuration.timing, configuration.generation) {
  hart.map_rom(0, configuration.rom);
  hart.hold_in_reset(true);
  if (configuration.timing == veer::TimingProfile::rtl) fabric.delay_stores(clock, hart);
  connect_engines();
  connect_faults();
  connect_soc_ifc();
  connect_interrupts();
  connect_clock_gate();
  map_memory();
  soc_ifc.set_security_state(static_cast<uint8_t>(configuration.lifecycle), configuration.debug_locked);
  soc_ifc.set_scan_mode(configuration.scan_mode);
  soc_ifc.set_boot_fsm_breakpoint(configuration.boot_fsm_breakpoint);
  for (unsigned i = 0; i < 2; ++i) soc_ifc.set_generic_input_wires(i, configuration.generic_input_wires[i]);
}

void Core::Parts::map_memory() {
  const auto map = [&](uint32_t base, uint32_t end, uint32_t decoded, veer::RegisterBlock& block,
                       std::function<void()> written = nullptr) {
    fabric.map(base, end, decoded, block, std::move(written));
    blocks.push_back({base, &block});
  };
  // caliptra_top.sv: two of these at work at once is a crypto error. Only a write can begin it.
  const auto crypto_started = [this] { soc_ifc.set_crypto_error(crypto_error()); };
  map(0x1000'0000, 0x1000'7fff, 0x1000, doe, crypto_started);
  map(0x1000'8000, 0x1000'ffff, 0x1000, ecc384, crypto_started);
  map(0x1001'0000, 0x1001'0fff, 0x1000, hmac384, crypto_started);
  map(0x1001'8000, 0x1001'9fff, 0x1000, key_vault);
  map(0x1001'a000, 0x1001'bfff, 0x2000, pcr_vault);  // these two check all address bits: they don't repeat
  map(0x1001'c000, 0x1001'dfff, 0x2000, data_vault);
  map(0x1002'0000, 0x1002'7fff, 0x1000, sha512);
  map(0x1002'8000, 0x1002'ffff, 0x1000, sha256);
  map(0x3002'0000, 0x3002'0fff, Mailbox::window_size, mailbox);
  map(0x3002'1000, 0x3002'1fff, 0x1000, sha512_acc);
  map(0x3003'0000, 0x3003'ffff, SocIfc::window_size, soc_ifc);
  if (configuration.internal_trng) {
    map(0x2000'2000, 0x2000'2fff, 0x1000, csrng);
    map(0x2000'3000, 0x2000'3fff, 0x1000, entropy_src);
  }
  if (configuration.emulator_devices) {
    map(0x2000'1000, 0x2000'1fff, 0x1000, uart);
    map(0x2000'f000, 0x2000'ffff, 0x1000, emulator_control);
  }

  fabric.map(0x3000'0000, 0x3001'ffff,
             {.read = [this](uint32_t offset,
                             unsigned width) { return mailbox.read_direct(offset, width, veer::Agent::core); },
              .write = [this](uint32_t offset, unsigned width,
                              uint32_t data) { return mailbox.write_direct(offset, width, data, veer::Agent::core); }});
}

bool Core::Parts::crypto_error() const {
  const int busy = int{doe.busy()} + int{ecc384.busy()} + int{hmac384.busy.level()};
  return busy > 1 || errors.crypto_error();
}

void Core::Parts::connect_interrupts() {
  const auto connect = [this](veer::Wire& wire, PicSource source) {
    wire.connect([this, source](bool level) { hart.set_external_interrupt(source, level); });
  };
  const auto connect_block = [&](InterruptBlock& interrupts, PicSource error, PicSource notif) {
    connect(interrupts.error, error);
    connect(interrupts.notif, notif);
  };
  connect_block(doe.interrupts, doe_error, doe_notif);
  connect_block(ecc384.interrupts, ecc_error, ecc_notif);
  connect_block(hmac384.interrupts, hmac_error, hmac_notif);
  connect_block(sha512.interrupts, sha512_error, sha512_notif);
  connect_block(sha256.interrupts, sha256_error, sha256_notif);
  connect_block(soc_ifc.interrupts, soc_ifc_error, soc_ifc_notif);
  connect_block(sha512_acc.interrupts, sha_error, sha_notif);
  soc_ifc.timer_intr.connect([this](bool level) { hart.set_timer_interrupt(level); });
  soc_ifc.nmi_vector_changed = [this](uint32_t address) { hart.set_nmi_vector(address); };
  soc_ifc.nmi_intr.connect([this](bool level) { hart.set_nmi(level); });
}

void Core::Parts::tell(Event::Kind kind, uint32_t value) {
  const Event event{kind, value, clock.now(), hart.instructions()};
  for (const auto& listener : listeners) listener(event);
}

veer::Wire& Core::Parts::output(OutputWire wire) {
  switch (wire) {
    case OutputWire::ready_for_fuses: return soc_ifc.ready_for_fuses;
    case OutputWire::ready_for_fw: return soc_ifc.ready_for_fw;
    case OutputWire::ready_for_runtime: return soc_ifc.ready_for_runtime;
    case OutputWire::mailbox_data_available: return mailbox.data_available;
    case OutputWire::error_fatal: return soc_ifc.cptra_error_fatal;
    case OutputWire::error_non_fatal: return soc_ifc.cptra_error_non_fatal;
    case OutputWire::mailbox_flow_done: return soc_ifc.mailbox_flow_done;
    case OutputWire::trng_request: break;
  }
  return soc_ifc.trng_req;
}

void Core::Parts::tell_runtime_ready() {
  if (runtime_ready) return;
  runtime_ready = true;
  tell(Event::Kind::runtime_ready);
}

void Core::Parts::console_write(uint32_t value) {
  const auto byte = static_cast<uint8_t>(value);
  if (byte == exit_success) return tell(Event::Kind::exit, 0);
  if (byte == exit_failure) return tell(Event::Kind::exit, failed);
  if (byte > last_character) return test_bench_command(byte);
  for (const auto& console : consoles) console(static_cast<char>(byte));
}

void Core::Parts::register_changed(uint32_t offset, uint32_t value) {
  using namespace soc_ifc_regs;
  switch (offset) {
    case CPTRA_BOOT_STATUS::offset:
      tell(Event::Kind::boot_status, value);
      if (value == runtime_ready_status) tell_runtime_ready();
      break;
    case CPTRA_FLOW_STATUS::offset: {
      const uint32_t rose = value & ~flow_status;
      flow_status = value;
      tell(Event::Kind::flow_status, value);
      if ((rose & CPTRA_FLOW_STATUS::idevid_csr_ready.mask()) != 0) tell(Event::Kind::idevid_csr_ready);
      // With debug locked, firmware keeps its boot status to itself: this is all that it says.
      if (CPTRA_FLOW_STATUS::ready_for_runtime.get(value) != 0 && soc_ifc.debug_locked()) tell_runtime_ready();
      break;
    }
    case CPTRA_GENERIC_OUTPUT_WIRES::offset: console_write(value); break;
    case CPTRA_CLK_GATING_EN::offset: update_clock_gate(); break;
    case CPTRA_FW_ERROR_FATAL::offset:
      if (value != 0) tell(Event::Kind::firmware_error_fatal, value);
      break;
    case CPTRA_HW_ERROR_FATAL::offset:
      if (value != 0) tell(Event::Kind::hardware_error_fatal, value);
      break;
    default: break;
  }
}

DoeSecrets Core::Parts::secrets() const {
  return {.obf_key = soc_ifc.obf_key(),
          .obf_uds_seed = soc_ifc.obf_uds_seed(),
          .obf_field_entropy = soc_ifc.obf_field_entropy()};
}

void Core::Parts::connect_engines() {
  // debugUnlock_or_scan_mode_switch: what the engines and the key vault hold must not be seen by a debugger.
  soc_ifc.debug_lock_or_scan_mode_switch.connect([this](bool level) {
    doe.hold_cleared(level);
    ecc384.hold_zeroized(level);
    hmac384.hold_zeroized(level);
    sha512.hold_zeroized(level);
    sha256.hold_zeroized(level);
    key_vault.hold_flushed(level);  // last: an engine may have been on its way into it
  });
  soc_ifc.cptra_in_debug_scan_mode.connect([this](bool level) {
    key_vault.set_debug_scan_mode(level);
    update_clock_gate();
  });

  soc_ifc.fw_update_rst_window.connect([this](bool level) {
    key_vault.set_firmware_update_reset_window(level);
    pcr_vault.set_firmware_update_reset_window(level);
  });

  csrng.entropy_request.connect([this](bool level) { entropy_src.request(level); });
  entropy_src.connect([this](const auto& bits, bool fips) { csrng.entropy(bits, fips); });
  uart.connect([this](char character) { console_write(static_cast<uint8_t>(character)); });
  emulator_control.connect([this](uint32_t status) { tell(Event::Kind::exit, status); });
}

// What runs on clk_cg (caliptra_top.sv) and has events: the engines and the TRNG. The accelerator's clock runs on as
// long as the SoC talks to it; watchdogs and timers have the clock that is never gated.
void Core::Parts::connect_clock_gate() {
  for (veer::Clock::Slot slot = 0; slot < clock.slot_count(); ++slot) {
    const std::string& name = clock.name(slot);
    const std::string_view block = std::string_view(name).substr(0, name.find(' '));
    for (const veer::RegisterBlock* each :
         {static_cast<const veer::RegisterBlock*>(&doe), static_cast<const veer::RegisterBlock*>(&ecc384),
          static_cast<const veer::RegisterBlock*>(&hmac384), static_cast<const veer::RegisterBlock*>(&sha512),
          static_cast<const veer::RegisterBlock*>(&sha256), static_cast<const veer::RegisterBlock*>(&csrng),
          static_cast<const veer::RegisterBlock*>(&entropy_src)}) {
      if (each->name() == block) clock.gate(slot);
    }
  }
  gate_closes = clock.add_event("clock gate closes", [this] { update_clock_gate(); });
  hart.on_halt_changed([this](bool) { update_clock_gate(); });
}

/// clk_gate.sv: the gated clock stands while the hart is halted, if the SoC has allowed it and nothing is wrong.
void Core::Parts::update_clock_gate() {
  const bool enabled = soc_ifc.peek(soc_ifc_regs::CPTRA_CLK_GATING_EN::offset) != 0;
  const bool stopped = enabled && hart.halted() && !soc_ifc.cptra_error_fatal.level() &&
                       !soc_ifc.cptra_in_debug_scan_mode.level() && !clock.pending(gate_closes);
  clock.stop_gated(stopped);
  entropy_src.stop_clock(stopped);
}

/// A change of generic_input_wires or a DMI access lets the gated clock run for one cycle. What it finds due then
/// was scheduled before the gate's own event, and comes first.
void Core::Parts::wake_gated_clock() {
  if (!clock.gated_stopped()) return;
  clock.schedule_in(gate_closes, 1);
  update_clock_gate();
}

void Core::Parts::connect_soc_ifc() {
  // tell_rising: a rising wire is an event besides.
  const auto connect = [this](OutputWire which, std::optional<Event::Kind> tell_rising) {
    output(which).connect([this, which, tell_rising](bool level) {
      for (const auto& listener : output_listeners) listener(which, level);
      if (level && tell_rising) tell(*tell_rising);
      if (which == OutputWire::error_fatal) update_clock_gate();
    });
  };
  connect(OutputWire::ready_for_fuses, Event::Kind::ready_for_fuses);
  connect(OutputWire::ready_for_fw, Event::Kind::ready_for_fw);
  connect(OutputWire::ready_for_runtime, Event::Kind::ready_for_runtime);
  connect(OutputWire::mailbox_data_available, std::nullopt);
  connect(OutputWire::mailbox_flow_done, std::nullopt);
  connect(OutputWire::error_fatal, std::nullopt);
  connect(OutputWire::error_non_fatal, std::nullopt);
  connect(OutputWire::trng_request, Event::Kind::trng_request);
  soc_ifc.register_changed = [this](uint32_t offset, uint32_t value) { register_changed(offset, value); };
  soc_ifc.cptra_uc_rst_b.connect([this](bool level) { hart.hold_in_reset(!level); });
  soc_ifc.crypto_error = [this] { return crypto_error(); };
  soc_ifc.iccm_lock.connect([this](bool level) { hart.set_iccm_locked(level); });
  soc_ifc.reset_reached = [this](veer::Reset reset) {
    for (const MappedBlock& mapped : blocks) {
      if (mapped.block != &soc_ifc) mapped.block->reset(reset);
    }
    runtime_ready = false;
    if (reset != veer::Reset::firmware_update) {
      flow_status = 0;
      errors.clear_write_faults();
      follow_faults();
    }
    switch (reset) {
      case veer::Reset::cold: tell(Event::Kind::cold_reset); break;
      case veer::Reset::warm: tell(Event::Kind::warm_reset); break;
      case veer::Reset::firmware_update: tell(Event::Kind::firmware_update_reset); break;
    }
  };

  hart.on_iccm_write_blocked([this](uint32_t) { soc_ifc.iccm_access_blocked(); });
  hart.on_ecc_error([this](veer::CloseMemory memory, bool correctable, uint32_t) {
    if (correctable) return;
    memory == veer::CloseMemory::iccm ? soc_ifc.iccm_ecc_double_error() : soc_ifc.dccm_ecc_double_error();
  });
  mailbox.event = [this](MailboxEvent event) { soc_ifc.mailbox_event(event); };
  mailbox.status_changed = [this] {
    tell(Event::Kind::mailbox_status, mailbox.peek(mailbox_regs::mbox_status::offset));
  };
}

}  // namespace caliptra
