// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Throws register traffic from both sides, resets, faults and snapshots at a whole core. Nothing of it may crash,
// hang or leave the core in a state that a snapshot cannot carry.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "iss/registers/register_block.h"
#include "iss/state_stream.h"
#include "soc/fuzz/byte_reader.h"
#include "soc/tests/core_side.h"

namespace caliptra {
namespace {

class Input : public fuzz::ByteReader {
 public:
  using ByteReader::ByteReader;

  uint32_t word() { return number(4); }
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
};

/// What an input may spend, so that each is short: ECC and long runs only where its first bytes ask for them.
struct Budget {
  bool ecc = false;
  uint64_t cycles = 0;
};

/// An address in one of the core's blocks or memories, or anywhere.
uint32_t address_of(const Core& core, Input& input, const Budget& budget) {
  const uint8_t which = input.byte();
  const auto blocks = core.blocks();
  if (which < 0xe0) {
    std::size_t chosen = which % blocks.size();
    if (!budget.ecc && blocks[chosen].block->name() == "ecc384") chosen = (chosen + 1) % blocks.size();
    const Core::MappedBlock& mapped = blocks[chosen];
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

Configuration configuration_of(uint8_t bits) {
  Configuration configuration = testing::TestCore::configuration();
  configuration.rom = {0x73, 0xd0, 0x61, 0x7c, 0x6f, 0xf0, 0xdf, 0xff};  // csrwi mpmc, 3; j 0: it sleeps
  configuration.generation = (bits & 1) != 0 ? Generation::v1_0 : Generation::v1_1;
  configuration.internal_trng = (bits & 2) != 0;
  configuration.debug_locked = (bits & 4) != 0;
  configuration.timing = (bits & 8) != 0 ? veer::TimingProfile::rtl : veer::TimingProfile::reference;
  constexpr DeviceLifecycle lifecycles[] = {DeviceLifecycle::unprovisioned, DeviceLifecycle::manufacturing,
                                            DeviceLifecycle::production, DeviceLifecycle::production};
  configuration.lifecycle = lifecycles[bits >> 4 & 3];
  return configuration;
}

/// A core that has started, kept with its state so that the next input gets it as new. Making one costs more than most
/// inputs do.
class KeptCore {
 public:
  explicit KeptCore(const Configuration& configuration) : test_(configuration) {
    test_.core->on_console([](char) {});
    veer::StateStream stream;
    test_.core->state(stream);
    started_ = stream.take_output();
  }

  testing::TestCore& as_new() {
    veer::StateStream stream{started_};
    test_.core->state(stream);
    stream.finish();
    if (!stream.ok()) std::abort();
    return test_;
  }

 private:
  testing::TestCore test_;
  std::vector<uint8_t> started_;
};

testing::TestCore& core_as_new(uint8_t bits) {
  static std::array<std::unique_ptr<KeptCore>, 64> kept;
  bits %= kept.size();
  if (kept[bits] == nullptr) kept[bits] = std::make_unique<KeptCore>(configuration_of(bits));
  return kept[bits]->as_new();
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
    default: break;
  }
  const uint32_t value = input.value();
  if ((what & 0x20) == 0) return core.set_generic_input_wires(level ? 1 : 0, value);
  const auto address = static_cast<uint8_t>(value);
  if (level) {
    core.tap_write(address, value >> 8);
  } else {
    core.tap_read(address);
  }
}

void inject(Core& core, Input& input, const Budget& budget) {
  Fault fault;
  fault.kind = static_cast<Fault::Kind>(input.byte() % (static_cast<unsigned>(Fault::Kind::bus_error) + 1));
  fault.address = address_of(core, input, budget);
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

/// A damaged snapshot is refused, or what it says is run.
void restore_garbage(Core& core, Input& input) {
  veer::StateStream stream;
  core.state(stream);
  auto bytes = stream.take_output();
  for (unsigned i = 0; i < 4; ++i) bytes[input.word() % bytes.size()] ^= input.byte();
  veer::StateStream restore{bytes};
  core.state(restore);
  core.run({.until_cycle = core.cycles() + 1000});
}

void run(std::span<const uint8_t> bytes) {
  Input input(bytes);
  testing::TestCore& test = core_as_new(input.byte());
  Core& core = *test.core;
  const uint8_t size = input.byte();
  Budget budget{.ecc = (size & 0x80) != 0, .cycles = (size & 0x40) != 0 ? 1'500'000U : 50'000U};
  const auto address = [&] { return address_of(core, input, budget); };
  unsigned snapshots = 0;
  for (unsigned step = 0; step < 200 && !input.empty(); ++step) {
    const uint8_t what = input.byte();
    switch (what & 0xf) {
      case 0:
      case 1:
      case 2:
      case 3: {
        const uint32_t at = address();
        (void)test.store(at, input.value(), 4);
        break;
      }
      case 4:
      case 5: (void)test.load(address(), 4); break;
      case 6: {
        const uint32_t at = address() + (what >> 6);
        (void)test.store(at, input.value(), (what & 0x10) != 0 ? 1 : 2);
        break;
      }
      case 7: (void)test.load(address() + (what >> 6), (what & 0x10) != 0 ? 1 : 2); break;
      case 8:
      case 9:
      case 0xa: {
        const uint32_t at = address();
        (void)core.soc_write(at, input.value(), (what & 0xf) == 0xa ? default_soc_user : what >> 4);
        break;
      }
      case 0xb: (void)core.soc_read(address(), (what & 0x10) != 0 ? default_soc_user : what >> 4); break;
      case 0xc: {
        const uint64_t cycles = std::min(uint64_t{input.byte()} << (what >> 4), budget.cycles);
        budget.cycles -= cycles;
        core.hart().set_pc(0);  // asleep in the ROM it takes no time of ours
        test.run(cycles);
        break;
      }
      case 0xd: change_wires(core, input); break;
      case 0xe:
        if ((what & 0x10) != 0) {
          inject(core, input, budget);
        } else {
          core.clear_faults();
        }
        break;
      default:
        if ((what & 0x10) != 0) {
          test.prepare_hart();
        } else if ((what & 0x20) != 0) {
          (void)core.peek_register(address());
        } else if (snapshots++ < 1) {
          (what & 0x40) != 0 ? save_and_restore(core) : restore_garbage(core, input);
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
