// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/core.h"

#include <fmt/format.h>

#include <algorithm>

#include "iss/state_stream.h"
#include "peripherals/crypto/sha2.h"
#include "soc/core_parts.h"

namespace caliptra {
namespace {

using veer::Agent;
using veer::BusResult;
using veer::BusStatus;

// What soc_ifc_arb.sv decodes of the SoC's 18 address bits.
constexpr uint32_t soc_address_mask = 0x3'ffff;
constexpr uint32_t soc_mailbox = 0x2'0000;
constexpr uint32_t soc_sha512_acc = 0x2'1000;
constexpr uint32_t soc_ifc_window = 0x3'0000;
constexpr uint32_t block_decoded = 0x1000;

constexpr uint32_t mailbox_sram_base = 0x3000'0000;

// cptra_uncore_tap_aperture (el2_veer_wrapper.sv): the DMI addresses that are not VeeR's.
constexpr bool in_tap_aperture(uint8_t address) { return address >= 0x50 && address < 0x80; }

constexpr StopReason reason_of(veer::StopReason reason) {
  switch (reason) {
    case veer::StopReason::cycle_limit: return StopReason::cycle_limit;
    case veer::StopReason::instruction_limit: return StopReason::instruction_limit;
    case veer::StopReason::stopped: return StopReason::stopped;
    case veer::StopReason::breakpoint: return StopReason::breakpoint;
    case veer::StopReason::watchpoint: return StopReason::watchpoint;
    case veer::StopReason::halted_forever: return StopReason::no_progress;
  }
  return StopReason::stopped;
}

}  // namespace

std::unique_ptr<Core> Core::create(const Configuration& configuration, std::string& error) {
  constexpr std::size_t rom_size = 48 * 1024;
  if (configuration.generation != Generation::v1_0 && configuration.generation != Generation::v1_1) {
    error = fmt::format("Caliptra {} is not modelled", name(configuration.generation));
    return nullptr;
  }
  if (configuration.rom.empty() || configuration.rom.size() > rom_size) {
    error = fmt::format("the ROM image has {} bytes; it must have 1 to {}", configuration.rom.size(), rom_size);
    return nullptr;
  }
  return std::unique_ptr<Core>(new Core(std::make_unique<Parts>(configuration)));
}

Core::Core(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Core::~Core() = default;

const Configuration& Core::configuration() const { return parts_->configuration; }

void Core::set_power_good(bool level) { parts_->soc_ifc.set_cptra_pwrgood(level); }
void Core::set_reset_b(bool level) { parts_->soc_ifc.set_cptra_rst_b(level); }
void Core::set_boot_fsm_breakpoint(bool level) { parts_->soc_ifc.set_boot_fsm_breakpoint(level); }
void Core::set_security_state(DeviceLifecycle lifecycle, bool debug_locked) {
  parts_->soc_ifc.set_security_state(static_cast<uint8_t>(lifecycle), debug_locked);
}
void Core::set_scan_mode(bool level) { parts_->soc_ifc.set_scan_mode(level); }
void Core::set_generic_input_wires(unsigned index, uint32_t value) {
  if (index >= 2) return;
  if (parts_->soc_ifc.generic_input_wires(index) != value) parts_->wake_gated_clock();
  parts_->soc_ifc.set_generic_input_wires(index, value);
}

bool Core::output(OutputWire wire) const { return parts_->output(wire).level(); }
bool Core::ready_for_fuses() const { return output(OutputWire::ready_for_fuses); }
bool Core::ready_for_fw() const { return output(OutputWire::ready_for_fw); }
bool Core::ready_for_runtime() const { return output(OutputWire::ready_for_runtime); }
bool Core::mailbox_data_available() const { return output(OutputWire::mailbox_data_available); }
bool Core::error_fatal() const { return output(OutputWire::error_fatal); }
bool Core::error_non_fatal() const { return output(OutputWire::error_non_fatal); }
bool Core::trng_request() const { return output(OutputWire::trng_request); }

void Core::on_output(std::function<void(OutputWire, bool)> listener) {
  parts_->output_listeners.push_back(std::move(listener));
}

Core::Parts::SocTarget Core::Parts::soc_target(uint32_t address, uint32_t user) {
  address &= soc_address_mask;
  if (!soc_ifc.cptra_noncore_rst_b.level()) return {BusStatus::target_error};
  const uint32_t offset = address % block_decoded;
  switch (address - offset) {
    case soc_mailbox:
      if (!soc_ifc.mailbox_user_valid(user)) return {BusStatus::target_error};
      mailbox.set_requesting_user(user);
      return {BusStatus::ok, &mailbox, offset};
    case soc_sha512_acc: sha512_acc.set_requesting_user(user); return {BusStatus::ok, &sha512_acc, offset};
    default: break;
  }
  if (address < soc_ifc_window) return {BusStatus::decode_error};
  soc_ifc.set_requesting_user(user);
  return {BusStatus::ok, &soc_ifc, address - soc_ifc_window};
}

BusResult Core::soc_read(uint32_t address, uint32_t user) {
  const auto target = parts_->soc_target(address, user);
  const BusResult result =
      target.status == BusStatus::ok ? target.block->read(target.offset, 4, Agent::soc) : BusResult{target.status, 0};
  for (const auto& listener : parts_->soc_access_listeners) {
    listener({false, address, result.data, user, result.status, cycles()});
  }
  return result;
}

BusStatus Core::soc_write(uint32_t address, uint32_t data, uint32_t user) {
  const auto target = parts_->soc_target(address, user);
  const BusStatus status =
      target.status == BusStatus::ok ? target.block->write(target.offset, 4, data, Agent::soc) : target.status;
  for (const auto& listener : parts_->soc_access_listeners) listener({true, address, data, user, status, cycles()});
  return status;
}

std::optional<uint32_t> Core::tap_read(uint8_t address) {
  parts_->wake_gated_clock();
  if (!in_tap_aperture(address) || !parts_->soc_ifc.tap_allowed()) return std::nullopt;
  if (const auto value = parts_->mailbox.dmi_read(address)) return value;
  return parts_->soc_ifc.dmi_read(address).value_or(0);
}

bool Core::tap_write(uint8_t address, uint32_t value) {
  parts_->wake_gated_clock();
  return in_tap_aperture(address) && parts_->soc_ifc.dmi_write(address, value);
}

RunResult Core::run(const RunLimits& limits) {
  const uint64_t done = parts_->hart.instructions();
  if (limits.until_instructions <= done) return {.reason = StopReason::instruction_limit};
  const uint64_t left = limits.until_instructions == veer::Clock::never ? UINT64_MAX : limits.until_instructions - done;
  const veer::RunResult result = parts_->hart.run(limits.until_cycle, std::min(left, limits.most_executed));
  return {.reason = reason_of(result.reason), .address = result.address, .kind = result.kind};
}

void Core::stop() { parts_->hart.stop(); }
uint64_t Core::cycles() const { return parts_->clock.now(); }
uint64_t Core::instructions() const { return parts_->hart.instructions(); }

void Core::on_event(std::function<void(const Event&)> listener) { parts_->listeners.push_back(std::move(listener)); }
void Core::on_soc_access(std::function<void(const SocAccess&)> listener) {
  parts_->soc_access_listeners.push_back(std::move(listener));
}
void Core::on_console(std::function<void(char)> listener) { parts_->consoles.push_back(std::move(listener)); }

void Core::on_core_read(std::function<void(const veer::RegisterBlock&)> listener) {
  parts_->fabric.on_read = std::move(listener);
}

std::span<const Core::MappedBlock> Core::blocks() const { return parts_->blocks; }

veer::RegisterBlock* Core::block(std::string_view name) const {
  for (const MappedBlock& mapped : parts_->blocks) {
    if (mapped.block->name() == name) return mapped.block;
  }
  return nullptr;
}

uint32_t Core::peek_register(uint32_t address) const {
  const Fabric::Target target = parts_->fabric.find_block(address);
  return target.block != nullptr ? target.block->peek(target.offset) : 0;
}

bool Core::peek(uint32_t address, std::span<uint8_t> bytes) const {
  if (parts_->hart.peek(address, bytes)) return true;
  const uint64_t end = uint64_t{address} + bytes.size();
  const auto& sram = parts_->mailbox.sram().bytes();
  if (address >= mailbox_sram_base && end <= mailbox_sram_base + sram.size()) {
    std::copy_n(sram.begin() + (address - mailbox_sram_base), bytes.size(), bytes.begin());
    return true;
  }
  for (uint64_t at = address; at < end; ++at) {
    if (at > 0xffff'ffff || parts_->fabric.find_block(static_cast<uint32_t>(at)).block == nullptr) return false;
  }
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const uint32_t at = address + static_cast<uint32_t>(i);
    bytes[i] = static_cast<uint8_t>(peek_register(at & ~3U) >> (8 * (at % 4)));
  }
  return true;
}

bool Core::poke(uint32_t address, std::span<const uint8_t> bytes) {
  if (parts_->hart.poke(address, bytes)) return true;
  const uint64_t end = uint64_t{address} + bytes.size();
  if (address < mailbox_sram_base || end > mailbox_sram_base + Mailbox::sram_size) return false;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    parts_->mailbox.sram().poke(address - mailbox_sram_base + static_cast<uint32_t>(i), bytes[i]);
  }
  return true;
}

bool Core::inject_ecc_error(uint32_t address, bool correctable) {
  return inject(
      {.kind = correctable ? Fault::Kind::ecc_correctable : Fault::Kind::ecc_uncorrectable, .address = address});
}

bool Core::inject(const Fault& fault) { return parts_->inject(fault); }
void Core::clear_faults() { parts_->clear_faults(); }

veer::Hart& Core::hart() { return parts_->hart; }
veer::Clock& Core::clock() { return parts_->clock; }

void Core::state(veer::StateStream& stream) {
  Parts& parts = *parts_;
  stream.section("caliptra core", 2);
  auto generation = parts.configuration.generation;
  auto profile = parts.configuration.timing;
  if (!parts.rom_digest) parts.rom_digest = crypto::sha256(parts.configuration.rom);
  auto rom = *parts.rom_digest;
  stream(generation);
  stream(profile);
  stream.bytes(rom);
  if (generation != parts.configuration.generation) return stream.fail("it is of another hardware generation");
  if (profile != parts.configuration.timing) return stream.fail("it has another timing profile");
  if (rom != *parts.rom_digest) return stream.fail("it was taken with another ROM");
  parts.clock.state(stream);
  parts.hart.state(stream);
  for (const MappedBlock& mapped : parts.blocks) mapped.block->state(stream);
  parts.noise.state(stream);
  parts.errors.state(stream);
  stream(parts.next_planned_fault);
  if (stream.restoring()) parts.follow_faults();
  stream(parts.flow_status);
  stream(parts.runtime_ready);
}

}  // namespace caliptra
