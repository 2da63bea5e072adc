// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Throws register traffic from both sides, resets, faults and snapshots at a whole core. Nothing of it may crash,
// hang or leave the core in a state that a snapshot cannot carry.

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>

#include "iss/registers/register_block.h"
#include "iss/state_stream.h"
#include "soc/tests/core_side.h"

namespace caliptra {
namespace {

/// The fuzzer's input, taken from the front; zeros when it has run out.
class Input {
 public:
  explicit Input(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool empty() const { return bytes_.empty(); }
  uint8_t byte() {
    if (bytes_.empty()) return 0;
    const uint8_t value = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return value;
  }
  uint32_t word() {
    uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i) value |= uint32_t{byte()} << (8 * i);
    return value;
  }
  /// Mostly values that mean something to a register.
  uint32_t value() {
    const uint8_t kind = byte();
    switch (kind >> 6) {
      case 0: return kind & 0x3f;
      case 1: return uint32_t{1} << (kind & 0x1f);
      case 2: return (kind & 1) != 0 ? 0xffff'ffff : byte();
      default: return word();
    }
  }

 private:
  std::span<const uint8_t> bytes_;
};

/// An address in one of the core's blocks or memories, or anywhere.
uint32_t address_of(const Core& core, Input& input) {
  const uint8_t which = input.byte();
  const auto blocks = core.blocks();
  if (which < 0xe0) {
    const Core::MappedBlock& mapped = blocks[which % blocks.size()];
    const auto table = mapped.block->descriptions();
    const uint8_t at = input.byte();
    if (at < 0xf0) {
      const veer::Register& each = table[at % table.size()];
      return mapped.base + each.offset + 4 * (input.byte() % each.count);
    }
    return mapped.base + (uint32_t{input.byte()} << 8 | input.byte());
  }
  if (which < 0xf0) return 0x3000'0000 + (input.word() & 0x1'ffff);
  return input.word();
}

Configuration configuration_of(Input& input) {
  Configuration configuration = testing::TestCore::configuration();
  const uint8_t bits = input.byte();
  configuration.generation = (bits & 1) != 0 ? Generation::v1_0 : Generation::v1_1;
  configuration.internal_trng = (bits & 2) != 0;
  configuration.debug_locked = (bits & 4) != 0;
  configuration.timing = (bits & 8) != 0 ? veer::TimingProfile::rtl : veer::TimingProfile::reference;
  constexpr DeviceLifecycle lifecycles[] = {DeviceLifecycle::unprovisioned, DeviceLifecycle::manufacturing,
                                            DeviceLifecycle::production, DeviceLifecycle::production};
  configuration.lifecycle = lifecycles[bits >> 4 & 3];
  configuration.boot_fsm_breakpoint = (bits & 0x40) != 0;
  configuration.trng_seed = (bits & 0x80) != 0 ? 0 : 1;
  return configuration;
}

void change_wires(Core& core, Input& input) {
  const uint8_t what = input.byte();
  const bool level = (what & 0x80) != 0;
  switch (what % 6) {
    case 0: return core.set_power_good(level);
    case 1: return core.set_reset_b(level);
    case 2: return core.set_scan_mode(level);
    case 3: return core.set_boot_fsm_breakpoint(level);
    case 4:
      return core.set_security_state((what & 0x40) != 0 ? DeviceLifecycle::production : DeviceLifecycle::manufacturing,
                                     level);
    default: return core.set_generic_input_wires(level ? 1 : 0, input.value());
  }
}

void inject(Core& core, Input& input) {
  Fault fault;
  fault.kind = static_cast<Fault::Kind>(input.byte() % (static_cast<unsigned>(Fault::Kind::bus_error) + 1));
  fault.address = address_of(core, input);
  fault.value = input.byte();
  fault.count = input.byte() % 4;
  fault.percent = input.byte();
  (void)core.inject(fault);
}

/// A snapshot must restore, and then be what it was.
void save_and_restore(Core& core) {
  veer::StateStream first;
  core.state(first);
  const auto bytes = first.take_output();
  veer::StateStream restore{bytes};
  core.state(restore);
  restore.finish();
  if (!restore.ok()) std::abort();
  veer::StateStream second;
  core.state(second);
  if (second.output() != bytes) std::abort();
}

void restore_garbage(const Configuration& configuration, Core& core, Input& input) {
  veer::StateStream stream;
  core.state(stream);
  auto bytes = stream.take_output();
  for (unsigned i = 0; i < 4; ++i) bytes[input.word() % bytes.size()] ^= input.byte();
  testing::TestCore other(configuration);
  veer::StateStream restore{bytes};
  other.core->state(restore);
  if (restore.ok()) other.run(1000);
}

void run(std::span<const uint8_t> bytes) {
  Input input(bytes);
  const Configuration configuration = configuration_of(input);
  testing::TestCore test(configuration);
  Core& core = *test.core;
  core.on_console([](char) {});
  unsigned snapshots = 0;
  for (unsigned step = 0; step < 400 && !input.empty(); ++step) {
    const uint8_t what = input.byte();
    switch (what & 0xf) {
      case 0:
      case 1:
      case 2:
      case 3: (void)test.store(address_of(core, input), input.value(), 4); break;
      case 4:
      case 5: (void)test.load(address_of(core, input), 4); break;
      case 6: (void)test.store(address_of(core, input) + (what >> 6), input.value(), (what & 0x10) != 0 ? 1 : 2); break;
      case 7: (void)test.load(address_of(core, input) + (what >> 6), (what & 0x10) != 0 ? 1 : 2); break;
      case 8:
      case 9: (void)core.soc_write(address_of(core, input), input.value(), what >> 4); break;
      case 0xa: (void)core.soc_write(address_of(core, input), input.value()); break;
      case 0xb: (void)core.soc_read(address_of(core, input), (what & 0x10) != 0 ? default_soc_user : what >> 4); break;
      case 0xc: test.run(uint64_t{input.byte()} << (what >> 4) % 12); break;
      case 0xd: change_wires(core, input); break;
      case 0xe:
        if ((what & 0x10) != 0) {
          inject(core, input);
        } else {
          core.clear_faults();
        }
        break;
      default:
        if ((what & 0x10) != 0) {
          test.prepare_hart();
        } else if ((what & 0x20) != 0) {
          (void)core.peek_register(address_of(core, input));
        } else if (snapshots++ < 1) {
          (what & 0x40) != 0 ? save_and_restore(core) : restore_garbage(configuration, core, input);
        }
        break;
    }
  }
}

}  // namespace
}  // namespace caliptra

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  caliptra::run({data, size});
  return 0;
}
