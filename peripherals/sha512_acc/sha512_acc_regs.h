// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// sha512_acc_csr: the registers of RTL 1.0 and 1.1, at 0x30021000.

#pragma once

#include "iss/registers/register_table.h"
#include "peripherals/common/hardware.h"

namespace caliptra::sha512_acc_regs {

using veer::Access;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;
using veer::ResetDomain;

enum Lock : uint8_t {
  no_lock,
  not_holder,  ///< the agent does not hold LOCK; for the SoC, its user must also be the one in USER
};

struct LOCK {
  static constexpr std::string_view name = "LOCK";
  static constexpr uint32_t offset = 0x0;
  static constexpr Field LOCK_{.name = "LOCK",
                               .width = 1,
                               .soc = Access::rw,
                               .reset = 0x1,
                               .on_write = OnWrite::w1c,
                               .on_read = OnRead::set,
                               .lock = not_holder};
  static constexpr Field fields[] = {LOCK_};
};

struct USER {
  static constexpr std::string_view name = "USER";
  static constexpr uint32_t offset = 0x4;
  static constexpr Field USER_{.name = "USER", .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {USER_};
};

struct MODE {
  static constexpr std::string_view name = "MODE";
  static constexpr uint32_t offset = 0x8;
  static constexpr Field MODE_{.name = "MODE", .width = 2, .soc = Access::rw, .lock = not_holder};
  static constexpr Field ENDIAN_TOGGLE{
      .name = "ENDIAN_TOGGLE", .lsb = 2, .width = 1, .soc = Access::rw, .lock = not_holder};
  static constexpr Field fields[] = {MODE_, ENDIAN_TOGGLE};
};

struct START_ADDRESS {
  static constexpr std::string_view name = "START_ADDRESS";
  static constexpr uint32_t offset = 0xc;
  static constexpr Field ADDR{.name = "ADDR", .soc = Access::rw, .lock = not_holder};
  static constexpr Field fields[] = {ADDR};
};

struct DLEN {
  static constexpr std::string_view name = "DLEN";
  static constexpr uint32_t offset = 0x10;
  static constexpr Field LENGTH{.name = "LENGTH", .soc = Access::rw, .lock = not_holder};
  static constexpr Field fields[] = {LENGTH};
};

struct DATAIN {
  static constexpr std::string_view name = "DATAIN";
  static constexpr uint32_t offset = 0x14;
  static constexpr Field DATAIN_{.name = "DATAIN", .soc = Access::rw, .lock = not_holder};
  static constexpr Field fields[] = {DATAIN_};
};

struct EXECUTE {
  static constexpr std::string_view name = "EXECUTE";
  static constexpr uint32_t offset = 0x18;
  static constexpr Field EXECUTE_{.name = "EXECUTE", .width = 1, .soc = Access::rw, .lock = not_holder};
  static constexpr Field fields[] = {EXECUTE_};
};

struct STATUS {
  static constexpr std::string_view name = "STATUS";
  static constexpr uint32_t offset = 0x1c;
  static constexpr Field VALID{.name = "VALID", .width = 1, .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field SOC_HAS_LOCK{
      .name = "SOC_HAS_LOCK", .lsb = 1, .width = 1, .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field fields[] = {VALID, SOC_HAS_LOCK};
};

struct DIGEST {
  static constexpr std::string_view name = "DIGEST";
  static constexpr uint32_t offset = 0x20;
  static constexpr uint32_t count = 16;
  static constexpr Field DIGEST_{.name = "DIGEST", .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {DIGEST_};
};

struct CONTROL {
  static constexpr std::string_view name = "CONTROL";
  static constexpr uint32_t offset = 0x60;
  static constexpr Field ZEROIZE{.name = "ZEROIZE", .width = 1, .soc = Access::rw, .single_pulse = true};
  static constexpr Field fields[] = {ZEROIZE};
};

struct global_intr_en_r {
  static constexpr std::string_view name = "intr_block_rf.global_intr_en_r";
  static constexpr uint32_t offset = 0x800;
  static constexpr Field error_en{.name = "error_en", .width = 1, .soc = Access::ro};
  static constexpr Field notif_en{.name = "notif_en", .lsb = 1, .width = 1, .soc = Access::ro};
  static constexpr Field fields[] = {error_en, notif_en};
};

struct error_intr_en_r {
  static constexpr std::string_view name = "intr_block_rf.error_intr_en_r";
  static constexpr uint32_t offset = 0x804;
  static constexpr Field error0_en{.name = "error0_en", .width = 1, .soc = Access::ro};
  static constexpr Field error1_en{.name = "error1_en", .lsb = 1, .width = 1, .soc = Access::ro};
  static constexpr Field error2_en{.name = "error2_en", .lsb = 2, .width = 1, .soc = Access::ro};
  static constexpr Field error3_en{.name = "error3_en", .lsb = 3, .width = 1, .soc = Access::ro};
  static constexpr Field fields[] = {error0_en, error1_en, error2_en, error3_en};
};

struct notif_intr_en_r {
  static constexpr std::string_view name = "intr_block_rf.notif_intr_en_r";
  static constexpr uint32_t offset = 0x808;
  static constexpr Field notif_cmd_done_en{.name = "notif_cmd_done_en", .width = 1, .soc = Access::ro};
  static constexpr Field fields[] = {notif_cmd_done_en};
};

struct error_global_intr_r {
  static constexpr std::string_view name = "intr_block_rf.error_global_intr_r";
  static constexpr uint32_t offset = 0x80c;
  static constexpr Field agg_sts{.name = "agg_sts", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {agg_sts};
};

struct notif_global_intr_r {
  static constexpr std::string_view name = "intr_block_rf.notif_global_intr_r";
  static constexpr uint32_t offset = 0x810;
  static constexpr Field agg_sts{.name = "agg_sts", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {agg_sts};
};

struct error_internal_intr_r {
  static constexpr std::string_view name = "intr_block_rf.error_internal_intr_r";
  static constexpr uint32_t offset = 0x814;
  static constexpr Field error0_sts{
      .name = "error0_sts", .width = 1, .soc = Access::ro, .domain = ResetDomain::power_good, .on_write = OnWrite::w1c};
  static constexpr Field error1_sts{.name = "error1_sts",
                                    .lsb = 1,
                                    .width = 1,
                                    .soc = Access::ro,
                                    .domain = ResetDomain::power_good,
                                    .on_write = OnWrite::w1c};
  static constexpr Field error2_sts{.name = "error2_sts",
                                    .lsb = 2,
                                    .width = 1,
                                    .soc = Access::ro,
                                    .domain = ResetDomain::power_good,
                                    .on_write = OnWrite::w1c};
  static constexpr Field error3_sts{.name = "error3_sts",
                                    .lsb = 3,
                                    .width = 1,
                                    .soc = Access::ro,
                                    .domain = ResetDomain::power_good,
                                    .on_write = OnWrite::w1c};
  static constexpr Field fields[] = {error0_sts, error1_sts, error2_sts, error3_sts};
};

struct notif_internal_intr_r {
  static constexpr std::string_view name = "intr_block_rf.notif_internal_intr_r";
  static constexpr uint32_t offset = 0x818;
  static constexpr Field notif_cmd_done_sts{
      .name = "notif_cmd_done_sts", .width = 1, .soc = Access::ro, .on_write = OnWrite::w1c};
  static constexpr Field fields[] = {notif_cmd_done_sts};
};

struct error_intr_trig_r {
  static constexpr std::string_view name = "intr_block_rf.error_intr_trig_r";
  static constexpr uint32_t offset = 0x81c;
  static constexpr Field error0_trig{
      .name = "error0_trig", .width = 1, .soc = Access::ro, .on_write = OnWrite::w1s, .single_pulse = true};
  static constexpr Field error1_trig{
      .name = "error1_trig", .lsb = 1, .width = 1, .soc = Access::ro, .on_write = OnWrite::w1s, .single_pulse = true};
  static constexpr Field error2_trig{
      .name = "error2_trig", .lsb = 2, .width = 1, .soc = Access::ro, .on_write = OnWrite::w1s, .single_pulse = true};
  static constexpr Field error3_trig{
      .name = "error3_trig", .lsb = 3, .width = 1, .soc = Access::ro, .on_write = OnWrite::w1s, .single_pulse = true};
  static constexpr Field fields[] = {error0_trig, error1_trig, error2_trig, error3_trig};
};

struct notif_intr_trig_r {
  static constexpr std::string_view name = "intr_block_rf.notif_intr_trig_r";
  static constexpr uint32_t offset = 0x820;
  static constexpr Field notif_cmd_done_trig{
      .name = "notif_cmd_done_trig", .width = 1, .soc = Access::ro, .on_write = OnWrite::w1s, .single_pulse = true};
  static constexpr Field fields[] = {notif_cmd_done_trig};
};

struct error0_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error0_intr_count_r";
  static constexpr uint32_t offset = 0x900;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct error1_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error1_intr_count_r";
  static constexpr uint32_t offset = 0x904;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct error2_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error2_intr_count_r";
  static constexpr uint32_t offset = 0x908;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct error3_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error3_intr_count_r";
  static constexpr uint32_t offset = 0x90c;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct notif_cmd_done_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.notif_cmd_done_intr_count_r";
  static constexpr uint32_t offset = 0x980;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro};
  static constexpr Field fields[] = {cnt};
};

struct error0_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error0_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa00;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct error1_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error1_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa04;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct error2_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error2_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa08;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct error3_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error3_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa0c;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct notif_cmd_done_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.notif_cmd_done_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa10;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

inline constexpr veer::Register table[] = {
    veer::describe<LOCK>(),
    veer::describe<USER>(),
    veer::describe<MODE>(),
    veer::describe<START_ADDRESS>(),
    veer::describe<DLEN>(),
    veer::describe<DATAIN>(),
    veer::describe<EXECUTE>(),
    veer::describe<STATUS>(),
    veer::describe<DIGEST>(),
    veer::describe<CONTROL>(),
    veer::describe<global_intr_en_r>(),
    veer::describe<error_intr_en_r>(),
    veer::describe<notif_intr_en_r>(),
    veer::describe<error_global_intr_r>(),
    veer::describe<notif_global_intr_r>(),
    veer::describe<error_internal_intr_r>(),
    veer::describe<notif_internal_intr_r>(),
    veer::describe<error_intr_trig_r>(),
    veer::describe<notif_intr_trig_r>(),
    veer::describe<error0_intr_count_r>(),
    veer::describe<error1_intr_count_r>(),
    veer::describe<error2_intr_count_r>(),
    veer::describe<error3_intr_count_r>(),
    veer::describe<notif_cmd_done_intr_count_r>(),
    veer::describe<error0_intr_count_incr_r>(),
    veer::describe<error1_intr_count_incr_r>(),
    veer::describe<error2_intr_count_incr_r>(),
    veer::describe<error3_intr_count_incr_r>(),
    veer::describe<notif_cmd_done_intr_count_incr_r>(),
};

}  // namespace caliptra::sha512_acc_regs
