// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// intr_block_rf as SHA-512, SHA-256, HMAC-384 and DOE have it, at 0x800: four errors and the end of a command. From
// libs/rtl/interrupt_regs.rdl.

#pragma once

#include <array>
#include <cstddef>

#include "iss/registers/register_table.h"

namespace caliptra::engine_interrupt_regs {

using veer::Access;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;
using veer::ResetDomain;

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
  static constexpr Field error0_en{.name = "error0_en", .width = 1};
  static constexpr Field error1_en{.name = "error1_en", .lsb = 1, .width = 1};
  static constexpr Field error2_en{.name = "error2_en", .lsb = 2, .width = 1};
  static constexpr Field error3_en{.name = "error3_en", .lsb = 3, .width = 1};
  static constexpr Field fields[] = {error0_en, error1_en, error2_en, error3_en};
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
  static constexpr Field error0_sts{
      .name = "error0_sts", .width = 1, .domain = ResetDomain::power_good, .on_write = OnWrite::w1c};
  static constexpr Field error1_sts{
      .name = "error1_sts", .lsb = 1, .width = 1, .domain = ResetDomain::power_good, .on_write = OnWrite::w1c};
  static constexpr Field error2_sts{
      .name = "error2_sts", .lsb = 2, .width = 1, .domain = ResetDomain::power_good, .on_write = OnWrite::w1c};
  static constexpr Field error3_sts{
      .name = "error3_sts", .lsb = 3, .width = 1, .domain = ResetDomain::power_good, .on_write = OnWrite::w1c};
  static constexpr Field fields[] = {error0_sts, error1_sts, error2_sts, error3_sts};
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
  static constexpr Field error0_trig{.name = "error0_trig", .width = 1, .on_write = OnWrite::w1s, .single_pulse = true};
  static constexpr Field error1_trig{
      .name = "error1_trig", .lsb = 1, .width = 1, .on_write = OnWrite::w1s, .single_pulse = true};
  static constexpr Field error2_trig{
      .name = "error2_trig", .lsb = 2, .width = 1, .on_write = OnWrite::w1s, .single_pulse = true};
  static constexpr Field error3_trig{
      .name = "error3_trig", .lsb = 3, .width = 1, .on_write = OnWrite::w1s, .single_pulse = true};
  static constexpr Field fields[] = {error0_trig, error1_trig, error2_trig, error3_trig};
};

struct notif_intr_trig_r {
  static constexpr std::string_view name = "intr_block_rf.notif_intr_trig_r";
  static constexpr uint32_t offset = 0x820;
  static constexpr Field notif_cmd_done_trig{
      .name = "notif_cmd_done_trig", .width = 1, .on_write = OnWrite::w1s, .single_pulse = true};
  static constexpr Field fields[] = {notif_cmd_done_trig};
};

struct error0_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error0_intr_count_r";
  static constexpr uint32_t offset = 0x900;
  static constexpr Field cnt{.name = "cnt", .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct error1_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error1_intr_count_r";
  static constexpr uint32_t offset = 0x904;
  static constexpr Field cnt{.name = "cnt", .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct error2_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error2_intr_count_r";
  static constexpr uint32_t offset = 0x908;
  static constexpr Field cnt{.name = "cnt", .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct error3_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error3_intr_count_r";
  static constexpr uint32_t offset = 0x90c;
  static constexpr Field cnt{.name = "cnt", .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct notif_cmd_done_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.notif_cmd_done_intr_count_r";
  static constexpr uint32_t offset = 0x980;
  static constexpr Field cnt{.name = "cnt"};
  static constexpr Field fields[] = {cnt};
};

struct error0_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error0_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa00;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct error1_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error1_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa04;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct error2_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error2_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa08;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct error3_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error3_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa0c;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct notif_cmd_done_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.notif_cmd_done_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa10;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro};
  static constexpr Field fields[] = {pulse};
};

inline constexpr veer::Register interrupt_registers[] = {
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

/// A block's own registers, followed by these.
template <std::size_t count>
[[nodiscard]] constexpr auto after(const veer::Register (&own)[count]) {
  std::array<veer::Register, count + std::size(interrupt_registers)> all{};
  for (std::size_t i = 0; i < count; ++i) all[i] = own[i];
  for (std::size_t i = 0; i < std::size(interrupt_registers); ++i) all[count + i] = interrupt_registers[i];
  return all;
}

}  // namespace caliptra::engine_interrupt_regs
