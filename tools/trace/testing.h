// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "iss/hart.h"
#include "soc/core.h"
#include "soc/soc_manager.h"

namespace caliptra::trace::testing {

/// A core with a ROM of a few words, powered on by its SoC.
struct Machine {
  std::unique_ptr<Core> core;
  std::unique_ptr<SocManager> soc;

  explicit Machine(std::span<const uint32_t> words) {
    Configuration configuration;
    for (const uint32_t word : words) {
      for (unsigned shift = 0; shift < 32; shift += 8) configuration.rom.push_back(static_cast<uint8_t>(word >> shift));
    }
    std::string error;
    core = Core::create(configuration, error);
    soc = std::make_unique<SocManager>(*core, SocPlan{});
  }

  void run(uint64_t instructions) {
    soc->power_on();
    core->run({.until_cycle = 1'000'000, .until_instructions = instructions});
  }
};

/// Some of everything: a store and a load in DCCM, a CSR, a register of soc_ifc, a call, a branch, a trap to 0.
inline constexpr uint32_t program[] = {
    0x50000537,  // 00 lui a0, 0x50000
    0x00500593,  // 04 li a1, 5
    0x00b52823,  // 08 sw a1, 16(a0)
    0x01054603,  // 0c lbu a2, 16(a0)
    0x00010605,  // 10 c.addi a2, 1; c.nop
    0x34059073,  // 14 csrw mscratch, a1
    0x300306b7,  // 18 lui a3, 0x30030
    0x02b6ac23,  // 1c sw a1, 56(a3): CPTRA_BOOT_STATUS
    0x008000ef,  // 20 jal 0x28
    0x0000006f,  // 24 j .
    0x00059463,  // 28 bnez a1, 0x30
    0x00000013,  // 2c nop
    0x00000073,  // 30 ecall
};

}  // namespace caliptra::trace::testing
