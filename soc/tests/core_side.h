// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A whole core for tests of its blocks: brought up without firmware, its hart executes single loads and stores.

#pragma once

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>

#include "iss/hart.h"
#include "soc/core.h"

namespace caliptra::testing {

/// What a load or store of the hart came to.
struct HartAccess {
  uint32_t value = 0;
  uint32_t cause = 0;  ///< mcause of the trap or NMI that it met; 0 is none

  [[nodiscard]] bool ok() const { return cause == 0; }
};

inline constexpr uint32_t nmi_store_error = 0xf000'0000;
inline constexpr uint32_t nmi_load_error = 0xf000'0001;
inline constexpr uint32_t cause_misaligned_load = 4;
inline constexpr uint32_t cause_misaligned_store = 6;

/// A core out of reset whose ROM is one jump to itself. Interrupts stay off unless a test turns them on.
class TestCore {
 public:
  static Configuration configuration() {
    Configuration result;
    result.rom = {0x6f, 0, 0, 0};  // j .
    result.internal_trng = true;
    return result;
  }

  explicit TestCore(const Configuration& configuration = TestCore::configuration()) {
    std::string error;
    core = Core::create(configuration, error);
    power_on();
  }

  /// Power, reset and fuses, until the hart runs.
  void power_on() {
    core->set_power_good(true);
    run(20);
    core->set_reset_b(true);
    boot();
  }

  /// Without fuses, from the reset until the hart runs.
  void boot() {
    run(500);
    (void)core->soc_write(0x300300b0, 1);  // CPTRA_FUSE_WR_DONE
    run(500);
    prepare_hart();
  }

  void run(uint64_t cycles) { core->run({.until_cycle = core->cycles() + cycles}); }

  /// Handlers for traps and NMIs that only stay where they are, and every region with side effects.
  void prepare_hart() {
    veer::Hart& hart = core->hart();
    put(trap_handler, {jump_to_self});
    put(nmi_handler, {jump_to_self, jump_to_self});
    put(loads, {0x0005'8503, 0x0ff0'000f, jump_to_self, 0, 0x0005'9503, 0x0ff0'000f, jump_to_self, 0, 0x0005'a503,
                0x0ff0'000f, jump_to_self});  // lb, lh, lw a0, 0(a1); fence; j .
    put(stores, {0x00a5'8023, 0x0ff0'000f, jump_to_self, 0, 0x00a5'9023, 0x0ff0'000f, jump_to_self, 0, 0x00a5'a023,
                 0x0ff0'000f, jump_to_self});  // sb, sh, sw a0, 0(a1); fence; j .
    hart.set_csr(mtvec, trap_handler);
    hart.set_csr(mrac, 0xaaaa'aaaa);
    hart.set_nmi_vector(nmi_handler);
  }

  HartAccess load(uint32_t address, unsigned width = 4) {
    HartAccess result = execute(loads, address, width, 0x5a5a'5a5a);
    result.value = core->hart().x(10);
    if (width == 1) result.value &= 0xff;
    if (width == 2) result.value &= 0xffff;
    return result;
  }

  HartAccess store(uint32_t address, uint32_t value, unsigned width = 4) {
    return execute(stores, address, width, value);
  }

  /// For registers that are there: the value, or 0xdeadbeef if the access failed.
  uint32_t operator[](uint32_t address) {
    const HartAccess access = load(address);
    return access.ok() ? access.value : 0xdead'beef;
  }

  std::unique_ptr<Core> core;

  static constexpr unsigned mtvec = 0x305;
  static constexpr unsigned mcause = 0x342;
  static constexpr unsigned mrac = 0x7c0;
  static constexpr unsigned mdeau = 0xbc0;

  // At the end of the ICCM.
  static constexpr uint32_t snippets = 0x4001'ff00;
  static constexpr uint32_t loads = snippets;
  static constexpr uint32_t stores = snippets + 0x40;
  static constexpr uint32_t trap_handler = snippets + 0x80;
  static constexpr uint32_t nmi_handler = snippets + 0x90;
  static constexpr uint32_t jump_to_self = 0x6f;

 private:
  void put(uint32_t address, std::initializer_list<uint32_t> words) {
    for (const uint32_t word : words) {
      (void)core->hart().poke(address, {reinterpret_cast<const uint8_t*>(&word), 4});
      address += 4;
    }
  }

  HartAccess execute(uint32_t snippet, uint32_t address, unsigned width, uint32_t value) {
    veer::Hart& hart = core->hart();
    hart.set_csr(mcause, 0);
    hart.set_csr(mdeau, 0);  // lets the next bus error be noticed
    hart.set_x(10, value);
    hart.set_x(11, address);
    hart.set_pc(snippet + (width == 4 ? 0x20 : width == 2 ? 0x10 : 0));
    core->run({.until_cycle = core->cycles() + 1000, .until_instructions = core->instructions() + 3});
    return {.cause = hart.csr(mcause).value_or(0)};
  }
};

}  // namespace caliptra::testing
