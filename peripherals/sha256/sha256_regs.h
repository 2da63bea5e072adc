// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// sha256_reg: the registers of RTL 1.0 and 1.1, at 0x10028000.

#pragma once

#include "iss/registers/register_table.h"
#include "peripherals/common/engine_interrupt_regs.h"
#include "peripherals/common/hardware.h"

namespace caliptra::sha256_regs {

using veer::Access;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;
using veer::ResetDomain;

enum Lock : uint8_t {
  no_lock,
  not_ready,  ///< since 1.1: while STATUS.READY is 0
};

struct SHA256_NAME {
  static constexpr std::string_view name = "SHA256_NAME";
  static constexpr uint32_t offset = 0x0;
  static constexpr uint32_t count = 2;
  static constexpr Field NAME{.name = "NAME", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {NAME};
};

struct SHA256_VERSION {
  static constexpr std::string_view name = "SHA256_VERSION";
  static constexpr uint32_t offset = 0x8;
  static constexpr uint32_t count = 2;
  static constexpr Field VERSION{.name = "VERSION", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {VERSION};
};

struct SHA256_CTRL {
  static constexpr std::string_view name = "SHA256_CTRL";
  static constexpr uint32_t offset = 0x10;
  static constexpr Field INIT{.name = "INIT", .width = 1, .core = Access::wo, .single_pulse = true};
  static constexpr Field NEXT{.name = "NEXT", .lsb = 1, .width = 1, .core = Access::wo, .single_pulse = true};
  static constexpr Field MODE{
      .name = "MODE", .lsb = 2, .width = 1, .core = Access::wo, .reset = 0x1, .lock = not_ready};
  static constexpr Field ZEROIZE{.name = "ZEROIZE", .lsb = 3, .width = 1, .core = Access::wo, .single_pulse = true};
  static constexpr Field WNTZ_MODE{.name = "WNTZ_MODE",
                                   .lsb = 4,
                                   .width = 1,
                                   .core = Access::wo,
                                   .single_pulse = true,
                                   .lock = not_ready,
                                   .variants = since_1_1};
  static constexpr Field WNTZ_W{.name = "WNTZ_W",
                                .lsb = 5,
                                .width = 4,
                                .core = Access::wo,
                                .reset = 0x4,
                                .lock = not_ready,
                                .variants = since_1_1};
  static constexpr Field WNTZ_N_MODE{
      .name = "WNTZ_N_MODE", .lsb = 9, .width = 1, .core = Access::wo, .lock = not_ready, .variants = since_1_1};
  static constexpr Field fields[] = {INIT, NEXT, MODE, ZEROIZE, WNTZ_MODE, WNTZ_W, WNTZ_N_MODE};
};

struct SHA256_STATUS {
  static constexpr std::string_view name = "SHA256_STATUS";
  static constexpr uint32_t offset = 0x18;
  static constexpr Field READY{.name = "READY", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field VALID{.name = "VALID", .lsb = 1, .width = 1, .core = Access::ro, .live = true};
  static constexpr Field WNTZ_BUSY{
      .name = "WNTZ_BUSY", .lsb = 2, .width = 1, .core = Access::ro, .live = true, .variants = since_1_1};
  static constexpr Field fields[] = {READY, VALID, WNTZ_BUSY};
};

struct SHA256_BLOCK {
  static constexpr std::string_view name = "SHA256_BLOCK";
  static constexpr uint32_t offset = 0x80;
  static constexpr uint32_t count = 16;
  static constexpr Field BLOCK{.name = "BLOCK", .core = Access::wo};
  static constexpr Field fields[] = {BLOCK};
};

struct SHA256_DIGEST {
  static constexpr std::string_view name = "SHA256_DIGEST";
  static constexpr uint32_t offset = 0x100;
  static constexpr uint32_t count = 8;
  static constexpr Field DIGEST{.name = "DIGEST", .core = Access::ro};
  static constexpr Field fields[] = {DIGEST};
};

// The registers of the interrupt block.
using namespace engine_interrupt_regs;

inline constexpr veer::Register own_registers[] = {
    veer::describe<SHA256_NAME>(),   veer::describe<SHA256_VERSION>(), veer::describe<SHA256_CTRL>(),
    veer::describe<SHA256_STATUS>(), veer::describe<SHA256_BLOCK>(),   veer::describe<SHA256_DIGEST>(),
};

inline constexpr auto table = engine_interrupt_regs::after(own_registers);

}  // namespace caliptra::sha256_regs
