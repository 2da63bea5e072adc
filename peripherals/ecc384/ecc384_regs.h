// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// ecc_reg: the registers of RTL 1.0 and 1.1, at 0x10008000.

#pragma once

#include "iss/registers/register_table.h"
#include "peripherals/common/hardware.h"

namespace caliptra::ecc384_regs {

using veer::Access;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;
using veer::ResetDomain;

enum Lock : uint8_t {
  busy = 1,                ///< the engine is not ready
  seed_locked = 2,         ///< busy, or (from RTL 1.1 on) the seed came from the key vault
  private_key_locked = 3,  ///< busy, or (from RTL 1.1 on) the private key came from the key vault
};

struct ECC_NAME {
  static constexpr std::string_view name = "ECC_NAME";
  static constexpr uint32_t offset = 0x0;
  static constexpr uint32_t count = 2;
  static constexpr Field NAME{.name = "NAME", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {NAME};
};

struct ECC_VERSION {
  static constexpr std::string_view name = "ECC_VERSION";
  static constexpr uint32_t offset = 0x8;
  static constexpr uint32_t count = 2;
  static constexpr Field VERSION{.name = "VERSION", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {VERSION};
};

struct ECC_CTRL {
  static constexpr std::string_view name = "ECC_CTRL";
  static constexpr uint32_t offset = 0x10;
  static constexpr Field CTRL{.name = "CTRL", .width = 2, .core = Access::wo, .lock = busy};
  static constexpr Field ZEROIZE{.name = "ZEROIZE", .lsb = 2, .width = 1, .core = Access::wo, .single_pulse = true};
  static constexpr Field PCR_SIGN{.name = "PCR_SIGN", .lsb = 3, .width = 1, .core = Access::wo, .lock = busy};
  static constexpr Field fields[] = {CTRL, ZEROIZE, PCR_SIGN};
};

struct ECC_STATUS {
  static constexpr std::string_view name = "ECC_STATUS";
  static constexpr uint32_t offset = 0x18;
  static constexpr Field READY{.name = "READY", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field VALID{.name = "VALID", .lsb = 1, .width = 1, .core = Access::ro};
  static constexpr Field fields[] = {READY, VALID};
};

struct ECC_SEED {
  static constexpr std::string_view name = "ECC_SEED";
  static constexpr uint32_t offset = 0x80;
  static constexpr uint32_t count = 12;
  static constexpr Field SEED{.name = "SEED", .core = Access::wo, .lock = seed_locked};
  static constexpr Field fields[] = {SEED};
};

struct ECC_NONCE {
  static constexpr std::string_view name = "ECC_NONCE";
  static constexpr uint32_t offset = 0x500;
  static constexpr uint32_t count = 12;
  static constexpr Field NONCE{.name = "NONCE", .core = Access::wo, .lock = busy};
  static constexpr Field fields[] = {NONCE};
};

struct ECC_MSG {
  static constexpr std::string_view name = "ECC_MSG";
  static constexpr uint32_t offset = 0x100;
  static constexpr uint32_t count = 12;
  static constexpr Field MSG{.name = "MSG", .core = Access::wo, .lock = busy};
  static constexpr Field fields[] = {MSG};
};

struct ECC_PRIVKEY_OUT {
  static constexpr std::string_view name = "ECC_PRIVKEY_OUT";
  static constexpr uint32_t offset = 0x180;
  static constexpr uint32_t count = 12;
  static constexpr Field PRIVKEY_OUT{.name = "PRIVKEY_OUT", .core = Access::ro};
  static constexpr Field fields[] = {PRIVKEY_OUT};
};

struct ECC_PRIVKEY_IN {
  static constexpr std::string_view name = "ECC_PRIVKEY_IN";
  static constexpr uint32_t offset = 0x580;
  static constexpr uint32_t count = 12;
  static constexpr Field PRIVKEY_IN{.name = "PRIVKEY_IN", .core = Access::wo, .lock = private_key_locked};
  static constexpr Field fields[] = {PRIVKEY_IN};
};

struct ECC_PUBKEY_X {
  static constexpr std::string_view name = "ECC_PUBKEY_X";
  static constexpr uint32_t offset = 0x200;
  static constexpr uint32_t count = 12;
  static constexpr Field PUBKEY_X{.name = "PUBKEY_X", .lock = busy};
  static constexpr Field fields[] = {PUBKEY_X};
};

struct ECC_PUBKEY_Y {
  static constexpr std::string_view name = "ECC_PUBKEY_Y";
  static constexpr uint32_t offset = 0x280;
  static constexpr uint32_t count = 12;
  static constexpr Field PUBKEY_Y{.name = "PUBKEY_Y", .lock = busy};
  static constexpr Field fields[] = {PUBKEY_Y};
};

struct ECC_SIGN_R {
  static constexpr std::string_view name = "ECC_SIGN_R";
  static constexpr uint32_t offset = 0x300;
  static constexpr uint32_t count = 12;
  static constexpr Field SIGN_R{.name = "SIGN_R", .lock = busy};
  static constexpr Field fields[] = {SIGN_R};
};

struct ECC_SIGN_S {
  static constexpr std::string_view name = "ECC_SIGN_S";
  static constexpr uint32_t offset = 0x380;
  static constexpr uint32_t count = 12;
  static constexpr Field SIGN_S{.name = "SIGN_S", .lock = busy};
  static constexpr Field fields[] = {SIGN_S};
};

struct ECC_VERIFY_R {
  static constexpr std::string_view name = "ECC_VERIFY_R";
  static constexpr uint32_t offset = 0x400;
  static constexpr uint32_t count = 12;
  static constexpr Field VERIFY_R{.name = "VERIFY_R", .core = Access::ro};
  static constexpr Field fields[] = {VERIFY_R};
};

struct ECC_IV {
  static constexpr std::string_view name = "ECC_IV";
  static constexpr uint32_t offset = 0x480;
  static constexpr uint32_t count = 12;
  static constexpr Field IV{.name = "IV", .core = Access::wo, .lock = busy};
  static constexpr Field fields[] = {IV};
};

struct ecc_kv_rd_pkey_ctrl {
  static constexpr std::string_view name = "ecc_kv_rd_pkey_ctrl";
  static constexpr uint32_t offset = 0x600;
  static constexpr Field read_en{.name = "read_en", .width = 1};
  static constexpr Field read_entry{.name = "read_entry", .lsb = 1, .width = 5};
  static constexpr Field pcr_hash_extend{.name = "pcr_hash_extend", .lsb = 6, .width = 1};
  static constexpr Field rsvd{.name = "rsvd", .lsb = 7, .width = 25};
  static constexpr Field fields[] = {read_en, read_entry, pcr_hash_extend, rsvd};
};

struct ecc_kv_rd_pkey_status {
  static constexpr std::string_view name = "ecc_kv_rd_pkey_status";
  static constexpr uint32_t offset = 0x604;
  static constexpr Field READY{.name = "READY", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field VALID{.name = "VALID", .lsb = 1, .width = 1, .core = Access::ro};
  static constexpr Field ERROR{.name = "ERROR", .lsb = 2, .width = 8, .core = Access::ro};
  static constexpr Field fields[] = {READY, VALID, ERROR};
};

struct ecc_kv_rd_seed_ctrl {
  static constexpr std::string_view name = "ecc_kv_rd_seed_ctrl";
  static constexpr uint32_t offset = 0x608;
  static constexpr Field read_en{.name = "read_en", .width = 1};
  static constexpr Field read_entry{.name = "read_entry", .lsb = 1, .width = 5};
  static constexpr Field pcr_hash_extend{.name = "pcr_hash_extend", .lsb = 6, .width = 1};
  static constexpr Field rsvd{.name = "rsvd", .lsb = 7, .width = 25};
  static constexpr Field fields[] = {read_en, read_entry, pcr_hash_extend, rsvd};
};

struct ecc_kv_rd_seed_status {
  static constexpr std::string_view name = "ecc_kv_rd_seed_status";
  static constexpr uint32_t offset = 0x60c;
  static constexpr Field READY{.name = "READY", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field VALID{.name = "VALID", .lsb = 1, .width = 1, .core = Access::ro};
  static constexpr Field ERROR{.name = "ERROR", .lsb = 2, .width = 8, .core = Access::ro};
  static constexpr Field fields[] = {READY, VALID, ERROR};
};

struct ecc_kv_wr_pkey_ctrl {
  static constexpr std::string_view name = "ecc_kv_wr_pkey_ctrl";
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

struct ecc_kv_wr_pkey_status {
  static constexpr std::string_view name = "ecc_kv_wr_pkey_status";
  static constexpr uint32_t offset = 0x614;
  static constexpr Field READY{.name = "READY", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field VALID{.name = "VALID", .lsb = 1, .width = 1, .core = Access::ro};
  static constexpr Field ERROR{.name = "ERROR", .lsb = 2, .width = 8, .core = Access::ro};
  static constexpr Field fields[] = {READY, VALID, ERROR};
};

struct global_intr_en_r {
  static constexpr std::string_view name = "intr_block_rf.global_intr_en_r";
  static constexpr uint32_t offset = 0x800;
  static constexpr Field error_en{.name = "error_en", .width = 1};
  static constexpr Field notif_en{.name = "notif_en", .lsb = 1, .width = 1};
  static constexpr Field fields[] = {error_en, notif_en};
};

struct error_intr_en_r {
  static constexpr std::string_view name = "intr_block_rf.error_intr_en_r";
  static constexpr uint32_t offset = 0x804;
  static constexpr Field error_internal_en{.name = "error_internal_en", .width = 1};
  static constexpr Field fields[] = {error_internal_en};
};

struct notif_intr_en_r {
  static constexpr std::string_view name = "intr_block_rf.notif_intr_en_r";
  static constexpr uint32_t offset = 0x808;
  static constexpr Field notif_cmd_done_en{.name = "notif_cmd_done_en", .width = 1};
  static constexpr Field fields[] = {notif_cmd_done_en};
};

struct error_global_intr_r {
  static constexpr std::string_view name = "intr_block_rf.error_global_intr_r";
  static constexpr uint32_t offset = 0x80c;
  static constexpr Field agg_sts{.name = "agg_sts", .width = 1, .core = Access::ro};
  static constexpr Field fields[] = {agg_sts};
};

struct notif_global_intr_r {
  static constexpr std::string_view name = "intr_block_rf.notif_global_intr_r";
  static constexpr uint32_t offset = 0x810;
  static constexpr Field agg_sts{.name = "agg_sts", .width = 1, .core = Access::ro};
  static constexpr Field fields[] = {agg_sts};
};

struct error_internal_intr_r {
  static constexpr std::string_view name = "intr_block_rf.error_internal_intr_r";
  static constexpr uint32_t offset = 0x814;
  static constexpr Field error_internal_sts{
      .name = "error_internal_sts", .width = 1, .domain = ResetDomain::power_good, .on_write = OnWrite::w1c};
  static constexpr Field fields[] = {error_internal_sts};
};

struct notif_internal_intr_r {
  static constexpr std::string_view name = "intr_block_rf.notif_internal_intr_r";
  static constexpr uint32_t offset = 0x818;
  static constexpr Field notif_cmd_done_sts{.name = "notif_cmd_done_sts", .width = 1, .on_write = OnWrite::w1c};
  static constexpr Field fields[] = {notif_cmd_done_sts};
};

struct error_intr_trig_r {
  static constexpr std::string_view name = "intr_block_rf.error_intr_trig_r";
  static constexpr uint32_t offset = 0x81c;
  static constexpr Field error_internal_trig{
      .name = "error_internal_trig", .width = 1, .on_write = OnWrite::w1s, .single_pulse = true};
  static constexpr Field fields[] = {error_internal_trig};
};

struct notif_intr_trig_r {
  static constexpr std::string_view name = "intr_block_rf.notif_intr_trig_r";
  static constexpr uint32_t offset = 0x820;
  static constexpr Field notif_cmd_done_trig{
      .name = "notif_cmd_done_trig", .width = 1, .on_write = OnWrite::w1s, .single_pulse = true};
  static constexpr Field fields[] = {notif_cmd_done_trig};
};

struct error_internal_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error_internal_intr_count_r";
  static constexpr uint32_t offset = 0x900;
  static constexpr Field cnt{.name = "cnt", .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct notif_cmd_done_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.notif_cmd_done_intr_count_r";
  static constexpr uint32_t offset = 0x980;
  static constexpr Field cnt{.name = "cnt"};
  static constexpr Field fields[] = {cnt};
};

struct error_internal_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error_internal_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa00;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct notif_cmd_done_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.notif_cmd_done_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa04;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro};
  static constexpr Field fields[] = {pulse};
};

inline constexpr veer::Register table[] = {
    veer::describe<ECC_NAME>(),
    veer::describe<ECC_VERSION>(),
    veer::describe<ECC_CTRL>(),
    veer::describe<ECC_STATUS>(),
    veer::describe<ECC_SEED>(),
    veer::describe<ECC_NONCE>(),
    veer::describe<ECC_MSG>(),
    veer::describe<ECC_PRIVKEY_OUT>(),
    veer::describe<ECC_PRIVKEY_IN>(),
    veer::describe<ECC_PUBKEY_X>(),
    veer::describe<ECC_PUBKEY_Y>(),
    veer::describe<ECC_SIGN_R>(),
    veer::describe<ECC_SIGN_S>(),
    veer::describe<ECC_VERIFY_R>(),
    veer::describe<ECC_IV>(),
    veer::describe<ecc_kv_rd_pkey_ctrl>(),
    veer::describe<ecc_kv_rd_pkey_status>(),
    veer::describe<ecc_kv_rd_seed_ctrl>(),
    veer::describe<ecc_kv_rd_seed_status>(),
    veer::describe<ecc_kv_wr_pkey_ctrl>(),
    veer::describe<ecc_kv_wr_pkey_status>(),
    veer::describe<global_intr_en_r>(),
    veer::describe<error_intr_en_r>(),
    veer::describe<notif_intr_en_r>(),
    veer::describe<error_global_intr_r>(),
    veer::describe<notif_global_intr_r>(),
    veer::describe<error_internal_intr_r>(),
    veer::describe<notif_internal_intr_r>(),
    veer::describe<error_intr_trig_r>(),
    veer::describe<notif_intr_trig_r>(),
    veer::describe<error_internal_intr_count_r>(),
    veer::describe<notif_cmd_done_intr_count_r>(),
    veer::describe<error_internal_intr_count_incr_r>(),
    veer::describe<notif_cmd_done_intr_count_incr_r>(),
};

}  // namespace caliptra::ecc384_regs
