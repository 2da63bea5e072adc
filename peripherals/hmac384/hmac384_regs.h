// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// hmac_reg: the registers of RTL 1.0 and 1.1, at 0x10010000.

#pragma once

#include "iss/registers/register_table.h"
#include "peripherals/common/engine_interrupt_regs.h"
#include "peripherals/common/hardware.h"

namespace caliptra::hmac384_regs {

using veer::Access;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;
using veer::ResetDomain;

enum Lock : uint8_t {
  no_lock,
  key_locked,    ///< since 1.1: the key came from the key vault and has not been used
  block_locked,  ///< since 1.1: the dword came from the key vault, until the next command
};

struct HMAC384_NAME {
  static constexpr std::string_view name = "HMAC384_NAME";
  static constexpr uint32_t offset = 0x0;
  static constexpr uint32_t count = 2;
  static constexpr Field NAME{.name = "NAME", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {NAME};
};

struct HMAC384_VERSION {
  static constexpr std::string_view name = "HMAC384_VERSION";
  static constexpr uint32_t offset = 0x8;
  static constexpr uint32_t count = 2;
  static constexpr Field VERSION{.name = "VERSION", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {VERSION};
};

struct HMAC384_CTRL {
  static constexpr std::string_view name = "HMAC384_CTRL";
  static constexpr uint32_t offset = 0x10;
  static constexpr Field INIT{.name = "INIT", .width = 1, .core = Access::wo, .single_pulse = true};
  static constexpr Field NEXT{.name = "NEXT", .lsb = 1, .width = 1, .core = Access::wo, .single_pulse = true};
  static constexpr Field ZEROIZE{.name = "ZEROIZE", .lsb = 2, .width = 1, .core = Access::wo, .single_pulse = true};
  static constexpr Field fields[] = {INIT, NEXT, ZEROIZE};
};

struct HMAC384_STATUS {
  static constexpr std::string_view name = "HMAC384_STATUS";
  static constexpr uint32_t offset = 0x18;
  static constexpr Field READY{.name = "READY", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field VALID{.name = "VALID", .lsb = 1, .width = 1, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {READY, VALID};
};

struct HMAC384_KEY {
  static constexpr std::string_view name = "HMAC384_KEY";
  static constexpr uint32_t offset = 0x40;
  static constexpr uint32_t count = 12;
  static constexpr Field KEY{.name = "KEY", .core = Access::wo, .lock = key_locked};
  static constexpr Field fields[] = {KEY};
};

struct HMAC384_BLOCK {
  static constexpr std::string_view name = "HMAC384_BLOCK";
  static constexpr uint32_t offset = 0x80;
  static constexpr uint32_t count = 32;
  static constexpr Field BLOCK{.name = "BLOCK", .core = Access::wo, .lock = block_locked};
  static constexpr Field fields[] = {BLOCK};
};

struct HMAC384_TAG {
  static constexpr std::string_view name = "HMAC384_TAG";
  static constexpr uint32_t offset = 0x100;
  static constexpr uint32_t count = 12;
  static constexpr Field TAG{.name = "TAG", .core = Access::ro};
  static constexpr Field fields[] = {TAG};
};

struct HMAC384_LFSR_SEED {
  static constexpr std::string_view name = "HMAC384_LFSR_SEED";
  static constexpr uint32_t offset = 0x130;
  static constexpr uint32_t count = 12;
  static constexpr uint8_t variants = since_1_1;
  static constexpr Field LFSR_SEED{.name = "LFSR_SEED", .core = Access::wo, .reset = 0x3cabffb0};
  static constexpr Field fields[] = {LFSR_SEED};
};

/// RTL 1.0 has fewer of them.
struct HMAC384_LFSR_SEED_1_0 {
  static constexpr std::string_view name = HMAC384_LFSR_SEED::name;
  static constexpr uint32_t offset = HMAC384_LFSR_SEED::offset;
  static constexpr uint32_t count = 5;
  static constexpr uint8_t variants = only_1_0;
  static constexpr Field fields[] = {HMAC384_LFSR_SEED::LFSR_SEED};
};

struct HMAC384_KV_RD_KEY_CTRL {
  static constexpr std::string_view name = "HMAC384_KV_RD_KEY_CTRL";
  static constexpr uint32_t offset = 0x600;
  static constexpr Field read_en{.name = "read_en", .width = 1};
  static constexpr Field read_entry{.name = "read_entry", .lsb = 1, .width = 5};
  static constexpr Field pcr_hash_extend{.name = "pcr_hash_extend", .lsb = 6, .width = 1};
  static constexpr Field rsvd{.name = "rsvd", .lsb = 7, .width = 25};
  static constexpr Field fields[] = {read_en, read_entry, pcr_hash_extend, rsvd};
};

struct HMAC384_KV_RD_KEY_STATUS {
  static constexpr std::string_view name = "HMAC384_KV_RD_KEY_STATUS";
  static constexpr uint32_t offset = 0x604;
  static constexpr Field READY{.name = "READY", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field VALID{.name = "VALID", .lsb = 1, .width = 1, .core = Access::ro};
  static constexpr Field ERROR{.name = "ERROR", .lsb = 2, .width = 8, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {READY, VALID, ERROR};
};

struct HMAC384_KV_RD_BLOCK_CTRL {
  static constexpr std::string_view name = "HMAC384_KV_RD_BLOCK_CTRL";
  static constexpr uint32_t offset = 0x608;
  static constexpr Field read_en{.name = "read_en", .width = 1};
  static constexpr Field read_entry{.name = "read_entry", .lsb = 1, .width = 5};
  static constexpr Field pcr_hash_extend{.name = "pcr_hash_extend", .lsb = 6, .width = 1};
  static constexpr Field rsvd{.name = "rsvd", .lsb = 7, .width = 25};
  static constexpr Field fields[] = {read_en, read_entry, pcr_hash_extend, rsvd};
};

struct HMAC384_KV_RD_BLOCK_STATUS {
  static constexpr std::string_view name = "HMAC384_KV_RD_BLOCK_STATUS";
  static constexpr uint32_t offset = 0x60c;
  static constexpr Field READY{.name = "READY", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field VALID{.name = "VALID", .lsb = 1, .width = 1, .core = Access::ro};
  static constexpr Field ERROR{.name = "ERROR", .lsb = 2, .width = 8, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {READY, VALID, ERROR};
};

struct HMAC384_KV_WR_CTRL {
  static constexpr std::string_view name = "HMAC384_KV_WR_CTRL";
  static constexpr uint32_t offset = 0x610;
  static constexpr Field write_en{.name = "write_en", .width = 1};
  static constexpr Field write_entry{.name = "write_entry", .lsb = 1, .width = 5};
  static constexpr Field hmac_key_dest_valid{.name = "hmac_key_dest_valid", .lsb = 6, .width = 1};
  static constexpr Field hmac_block_dest_valid{.name = "hmac_block_dest_valid", .lsb = 7, .width = 1};
  static constexpr Field sha_block_dest_valid{.name = "sha_block_dest_valid", .lsb = 8, .width = 1};
  static constexpr Field ecc_pkey_dest_valid{.name = "ecc_pkey_dest_valid", .lsb = 9, .width = 1};
  static constexpr Field ecc_seed_dest_valid{.name = "ecc_seed_dest_valid", .lsb = 10, .width = 1};
  static constexpr Field rsvd{.name = "rsvd", .lsb = 11, .width = 21};
  static constexpr Field fields[] = {write_en,
                                     write_entry,
                                     hmac_key_dest_valid,
                                     hmac_block_dest_valid,
                                     sha_block_dest_valid,
                                     ecc_pkey_dest_valid,
                                     ecc_seed_dest_valid,
                                     rsvd};
};

struct HMAC384_KV_WR_STATUS {
  static constexpr std::string_view name = "HMAC384_KV_WR_STATUS";
  static constexpr uint32_t offset = 0x614;
  static constexpr Field READY{.name = "READY", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field VALID{.name = "VALID", .lsb = 1, .width = 1, .core = Access::ro};
  static constexpr Field ERROR{.name = "ERROR", .lsb = 2, .width = 8, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {READY, VALID, ERROR};
};

// The registers of the interrupt block.
using namespace engine_interrupt_regs;

inline constexpr veer::Register own_registers[] = {
    veer::describe<HMAC384_NAME>(),
    veer::describe<HMAC384_VERSION>(),
    veer::describe<HMAC384_CTRL>(),
    veer::describe<HMAC384_STATUS>(),
    veer::describe<HMAC384_KEY>(),
    veer::describe<HMAC384_BLOCK>(),
    veer::describe<HMAC384_TAG>(),
    veer::describe<HMAC384_LFSR_SEED>(),
    veer::describe<HMAC384_LFSR_SEED_1_0>(),
    veer::describe<HMAC384_KV_RD_KEY_CTRL>(),
    veer::describe<HMAC384_KV_RD_KEY_STATUS>(),
    veer::describe<HMAC384_KV_RD_BLOCK_CTRL>(),
    veer::describe<HMAC384_KV_RD_BLOCK_STATUS>(),
    veer::describe<HMAC384_KV_WR_CTRL>(),
    veer::describe<HMAC384_KV_WR_STATUS>(),
};

inline constexpr auto table = engine_interrupt_regs::after(own_registers);

}  // namespace caliptra::hmac384_regs
