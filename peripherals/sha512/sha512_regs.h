// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// sha512_reg: the registers of RTL 1.0 and 1.1, at 0x10020000.

#pragma once

#include "iss/registers/register_table.h"
#include "peripherals/common/engine_interrupt_regs.h"
#include "peripherals/common/hardware.h"

namespace caliptra::sha512_regs {

using veer::Access;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;
using veer::ResetDomain;

enum Lock : uint8_t {
  no_lock,
  block_locked,  ///< the dword came from a vault, or a PCR hash is being generated, until the next command
};

struct SHA512_NAME {
  static constexpr std::string_view name = "SHA512_NAME";
  static constexpr uint32_t offset = 0x0;
  static constexpr uint32_t count = 2;
  static constexpr Field NAME{.name = "NAME", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {NAME};
};

struct SHA512_VERSION {
  static constexpr std::string_view name = "SHA512_VERSION";
  static constexpr uint32_t offset = 0x8;
  static constexpr uint32_t count = 2;
  static constexpr Field VERSION{.name = "VERSION", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {VERSION};
};

struct SHA512_CTRL {
  static constexpr std::string_view name = "SHA512_CTRL";
  static constexpr uint32_t offset = 0x10;
  static constexpr Field INIT{.name = "INIT", .width = 1, .core = Access::wo, .single_pulse = true};
  static constexpr Field NEXT{.name = "NEXT", .lsb = 1, .width = 1, .core = Access::wo, .single_pulse = true};
  static constexpr Field MODE{.name = "MODE", .lsb = 2, .width = 2, .core = Access::wo, .reset = 0x2};
  static constexpr Field ZEROIZE{.name = "ZEROIZE", .lsb = 4, .width = 1, .core = Access::wo, .single_pulse = true};
  static constexpr Field LAST{.name = "LAST", .lsb = 5, .width = 1, .core = Access::wo};
  static constexpr Field fields[] = {INIT, NEXT, MODE, ZEROIZE, LAST};
};

struct SHA512_STATUS {
  static constexpr std::string_view name = "SHA512_STATUS";
  static constexpr uint32_t offset = 0x18;
  static constexpr Field READY{.name = "READY", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field VALID{.name = "VALID", .lsb = 1, .width = 1, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {READY, VALID};
};

struct SHA512_BLOCK {
  static constexpr std::string_view name = "SHA512_BLOCK";
  static constexpr uint32_t offset = 0x80;
  static constexpr uint32_t count = 32;
  static constexpr Field BLOCK{.name = "BLOCK", .core = Access::wo, .lock = block_locked};
  static constexpr Field fields[] = {BLOCK};
};

struct SHA512_DIGEST {
  static constexpr std::string_view name = "SHA512_DIGEST";
  static constexpr uint32_t offset = 0x100;
  static constexpr uint32_t count = 16;
  static constexpr Field DIGEST{.name = "DIGEST", .core = Access::ro};
  static constexpr Field fields[] = {DIGEST};
};

struct SHA512_VAULT_RD_CTRL {
  static constexpr std::string_view name = "SHA512_VAULT_RD_CTRL";
  static constexpr uint32_t offset = 0x600;
  static constexpr Field read_en{.name = "read_en", .width = 1};
  static constexpr Field read_entry{.name = "read_entry", .lsb = 1, .width = 5};
  static constexpr Field pcr_hash_extend{.name = "pcr_hash_extend", .lsb = 6, .width = 1};
  static constexpr Field rsvd{.name = "rsvd", .lsb = 7, .width = 25};
  static constexpr Field fields[] = {read_en, read_entry, pcr_hash_extend, rsvd};
};

struct SHA512_VAULT_RD_STATUS {
  static constexpr std::string_view name = "SHA512_VAULT_RD_STATUS";
  static constexpr uint32_t offset = 0x604;
  static constexpr Field READY{.name = "READY", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field VALID{.name = "VALID", .lsb = 1, .width = 1, .core = Access::ro};
  static constexpr Field ERROR{.name = "ERROR", .lsb = 2, .width = 8, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {READY, VALID, ERROR};
};

struct SHA512_KV_WR_CTRL {
  static constexpr std::string_view name = "SHA512_KV_WR_CTRL";
  static constexpr uint32_t offset = 0x608;
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

struct SHA512_KV_WR_STATUS {
  static constexpr std::string_view name = "SHA512_KV_WR_STATUS";
  static constexpr uint32_t offset = 0x60c;
  static constexpr Field READY{.name = "READY", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field VALID{.name = "VALID", .lsb = 1, .width = 1, .core = Access::ro};
  static constexpr Field ERROR{.name = "ERROR", .lsb = 2, .width = 8, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {READY, VALID, ERROR};
};

struct SHA512_GEN_PCR_HASH_NONCE {
  static constexpr std::string_view name = "SHA512_GEN_PCR_HASH_NONCE";
  static constexpr uint32_t offset = 0x610;
  static constexpr uint32_t count = 8;
  static constexpr Field NONCE{.name = "NONCE", .core = Access::wo};
  static constexpr Field fields[] = {NONCE};
};

struct SHA512_GEN_PCR_HASH_CTRL {
  static constexpr std::string_view name = "SHA512_GEN_PCR_HASH_CTRL";
  static constexpr uint32_t offset = 0x630;
  static constexpr Field START{.name = "START", .width = 1, .core = Access::wo, .single_pulse = true};
  static constexpr Field fields[] = {START};
};

struct SHA512_GEN_PCR_HASH_STATUS {
  static constexpr std::string_view name = "SHA512_GEN_PCR_HASH_STATUS";
  static constexpr uint32_t offset = 0x634;
  static constexpr Field READY{.name = "READY", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field VALID{.name = "VALID", .lsb = 1, .width = 1, .core = Access::ro};
  static constexpr Field fields[] = {READY, VALID};
};

struct SHA512_GEN_PCR_HASH_DIGEST {
  static constexpr std::string_view name = "SHA512_GEN_PCR_HASH_DIGEST";
  static constexpr uint32_t offset = 0x638;
  static constexpr uint32_t count = 12;
  static constexpr Field DIGEST{.name = "DIGEST", .core = Access::ro};
  static constexpr Field fields[] = {DIGEST};
};

// The registers of the interrupt block.
using namespace engine_interrupt_regs;

inline constexpr veer::Register own_registers[] = {
    veer::describe<SHA512_NAME>(),
    veer::describe<SHA512_VERSION>(),
    veer::describe<SHA512_CTRL>(),
    veer::describe<SHA512_STATUS>(),
    veer::describe<SHA512_BLOCK>(),
    veer::describe<SHA512_DIGEST>(),
    veer::describe<SHA512_VAULT_RD_CTRL>(),
    veer::describe<SHA512_VAULT_RD_STATUS>(),
    veer::describe<SHA512_KV_WR_CTRL>(),
    veer::describe<SHA512_KV_WR_STATUS>(),
    veer::describe<SHA512_GEN_PCR_HASH_NONCE>(),
    veer::describe<SHA512_GEN_PCR_HASH_CTRL>(),
    veer::describe<SHA512_GEN_PCR_HASH_STATUS>(),
    veer::describe<SHA512_GEN_PCR_HASH_DIGEST>(),
};

inline constexpr auto table = engine_interrupt_regs::after(own_registers);

}  // namespace caliptra::sha512_regs
