// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where the faults of ErrorInjection meet the parts of a core.

#include <algorithm>

#include "soc/core_parts.h"

namespace caliptra {
namespace {

constexpr uint32_t iccm_base = 0x4000'0000;
constexpr uint32_t dccm_base = 0x5000'0000;
constexpr uint32_t close_memory_size = 128 * 1024;
constexpr uint32_t mailbox_sram_base = 0x3000'0000;
constexpr unsigned sram_bits = 39;  // with check bits

// What firmware asks of the RTL's test bench through GENERIC_OUTPUT_WIRES[0] (caliptra_top_tb_services.sv).
enum TestBenchCommand : uint8_t {
  iccm_single_bit = 0xe0,
  iccm_double_bit = 0xe1,
  dccm_single_bit = 0xe2,
  dccm_double_bit = 0xe3,
  sram_errors_off = 0xe4,
  cold_reset = 0xf5,
  warm_reset = 0xf6,
  mailbox_single_bit = 0xfd,
  mailbox_double_bit = 0xfe,
};

// How many of the writes it spoils.
constexpr uint32_t close_memory_percent = 50;
constexpr uint32_t mailbox_percent = 10;

std::optional<FaultyMemory> memory_at(uint32_t address) {
  if (address - iccm_base < close_memory_size) return FaultyMemory::iccm;
  if (address - dccm_base < close_memory_size) return FaultyMemory::dccm;
  if (address - mailbox_sram_base < Mailbox::sram_size) return FaultyMemory::mailbox;
  return std::nullopt;
}

constexpr bool needs_memory(Fault::Kind kind) {
  using Kind = Fault::Kind;
  return kind == Kind::ecc_correctable || kind == Kind::ecc_uncorrectable || kind == Kind::writes_correctable ||
         kind == Kind::writes_uncorrectable;
}

}  // namespace

void Core::Parts::connect_faults() {
  planned_faults = configuration.faults;
  std::ranges::stable_sort(planned_faults, {}, &Fault::cycle);
  planned_fault_event = clock.add_event("planned faults", [this] { inject_planned_faults(); });
  if (!planned_faults.empty()) clock.schedule_at(planned_fault_event, planned_faults.front().cycle);
}

void Core::Parts::inject_planned_faults() {
  while (next_planned_fault < planned_faults.size() && planned_faults[next_planned_fault].cycle <= clock.now()) {
    inject(planned_faults[next_planned_fault++]);
  }
  if (next_planned_fault < planned_faults.size()) {
    clock.schedule_at(planned_fault_event, planned_faults[next_planned_fault].cycle);
  }
}

bool Core::Parts::inject(const Fault& fault) {
  const auto memory = memory_at(fault.address);
  if (needs_memory(fault.kind) && !memory) return false;
  const bool correctable = fault.kind == Fault::Kind::ecc_correctable;
  if (correctable || fault.kind == Fault::Kind::ecc_uncorrectable) {
    if (*memory != FaultyMemory::mailbox) return hart.inject_ecc_error(fault.address, correctable);
    mailbox.sram().damage((fault.address - mailbox_sram_base) / 4, correctable ? 0b1 : 0b11);
    return true;
  }
  entropy_src.synchronize();  // what lies behind had another noise
  errors.add(fault, memory.value_or(FaultyMemory::iccm));
  follow_faults();
  soc_ifc.set_crypto_error(crypto_error());
  return true;
}

void Core::Parts::clear_faults() {
  entropy_src.synchronize();
  errors.clear();
  follow_faults();
  soc_ifc.set_crypto_error(crypto_error());
}

// The hooks cost time even where nothing is wrong: they are set only while they are needed.
void Core::Parts::follow_faults() {
  if (errors.write_faults(FaultyMemory::iccm) || errors.write_faults(FaultyMemory::dccm)) {
    hart.set_write_fault([this](veer::CloseMemory memory) {
      return errors.bits_flipped_by_write(memory == veer::CloseMemory::iccm ? FaultyMemory::iccm : FaultyMemory::dccm);
    });
  } else {
    hart.set_write_fault(nullptr);
  }
  if (errors.write_faults(FaultyMemory::mailbox)) {
    mailbox.sram().write_fault = [this] {
      return errors.flips(sram_bits, errors.bits_flipped_by_write(FaultyMemory::mailbox));
    };
  } else {
    mailbox.sram().write_fault = nullptr;
  }
  if (errors.bus_faulty()) {
    fabric.fault = [this](uint32_t address) { return errors.hits_bus(address); };
  } else {
    fabric.fault = nullptr;
  }
}

void Core::Parts::test_bench_command(uint8_t command) {
  const auto spoil_writes = [this](uint32_t address, bool correctable, uint32_t percent) {
    inject({.kind = correctable ? Fault::Kind::writes_correctable : Fault::Kind::writes_uncorrectable,
            .address = address,
            .percent = percent});
  };
  switch (command) {
    case iccm_single_bit:
    case iccm_double_bit: return spoil_writes(iccm_base, command == iccm_single_bit, close_memory_percent);
    case dccm_single_bit:
    case dccm_double_bit: return spoil_writes(dccm_base, command == dccm_single_bit, close_memory_percent);
    case mailbox_single_bit:
    case mailbox_double_bit: return spoil_writes(mailbox_sram_base, command == mailbox_single_bit, mailbox_percent);
    case sram_errors_off: errors.clear_write_faults(); return follow_faults();
    case cold_reset:
    case warm_reset: return tell(Event::Kind::reset_command, command == cold_reset ? 1 : 0);
    default: return;
  }
}

}  // namespace caliptra
