// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The interrupt block of soc_ifc_reg (intr_block_rf): included by soc_ifc_regs.h.

#pragma once

#include "iss/registers/register_table.h"
#include "peripherals/common/hardware.h"

namespace caliptra::soc_ifc_regs {

using veer::Access;
using veer::Field;
using veer::OnWrite;
using veer::ResetDomain;

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
  static constexpr Field error_internal_en{.name = "error_internal_en", .width = 1, .soc = Access::ro};
  static constexpr Field error_inv_dev_en{.name = "error_inv_dev_en", .lsb = 1, .width = 1, .soc = Access::ro};
  static constexpr Field error_cmd_fail_en{.name = "error_cmd_fail_en", .lsb = 2, .width = 1, .soc = Access::ro};
  static constexpr Field error_bad_fuse_en{.name = "error_bad_fuse_en", .lsb = 3, .width = 1, .soc = Access::ro};
  static constexpr Field error_iccm_blocked_en{
      .name = "error_iccm_blocked_en", .lsb = 4, .width = 1, .soc = Access::ro};
  static constexpr Field error_mbox_ecc_unc_en{
      .name = "error_mbox_ecc_unc_en", .lsb = 5, .width = 1, .soc = Access::ro};
  static constexpr Field error_wdt_timer1_timeout_en{
      .name = "error_wdt_timer1_timeout_en", .lsb = 6, .width = 1, .soc = Access::ro};
  static constexpr Field error_wdt_timer2_timeout_en{
      .name = "error_wdt_timer2_timeout_en", .lsb = 7, .width = 1, .soc = Access::ro};
  static constexpr Field fields[] = {error_internal_en,           error_inv_dev_en,           error_cmd_fail_en,
                                     error_bad_fuse_en,           error_iccm_blocked_en,      error_mbox_ecc_unc_en,
                                     error_wdt_timer1_timeout_en, error_wdt_timer2_timeout_en};
};

struct notif_intr_en_r {
  static constexpr std::string_view name = "intr_block_rf.notif_intr_en_r";
  static constexpr uint32_t offset = 0x808;
  static constexpr Field notif_cmd_avail_en{.name = "notif_cmd_avail_en", .width = 1, .soc = Access::ro};
  static constexpr Field notif_mbox_ecc_cor_en{
      .name = "notif_mbox_ecc_cor_en", .lsb = 1, .width = 1, .soc = Access::ro};
  static constexpr Field notif_debug_locked_en{
      .name = "notif_debug_locked_en", .lsb = 2, .width = 1, .soc = Access::ro};
  static constexpr Field notif_scan_mode_en{.name = "notif_scan_mode_en", .lsb = 3, .width = 1, .soc = Access::ro};
  static constexpr Field notif_soc_req_lock_en{
      .name = "notif_soc_req_lock_en", .lsb = 4, .width = 1, .soc = Access::ro};
  static constexpr Field notif_gen_in_toggle_en{
      .name = "notif_gen_in_toggle_en", .lsb = 5, .width = 1, .soc = Access::ro};
  static constexpr Field fields[] = {notif_cmd_avail_en, notif_mbox_ecc_cor_en, notif_debug_locked_en,
                                     notif_scan_mode_en, notif_soc_req_lock_en, notif_gen_in_toggle_en};
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
  static constexpr Field error_internal_sts{.name = "error_internal_sts",
                                            .width = 1,
                                            .soc = Access::ro,
                                            .domain = ResetDomain::power_good,
                                            .on_write = OnWrite::w1c};
  static constexpr Field error_inv_dev_sts{.name = "error_inv_dev_sts",
                                           .lsb = 1,
                                           .width = 1,
                                           .soc = Access::ro,
                                           .domain = ResetDomain::power_good,
                                           .on_write = OnWrite::w1c};
  static constexpr Field error_cmd_fail_sts{.name = "error_cmd_fail_sts",
                                            .lsb = 2,
                                            .width = 1,
                                            .soc = Access::ro,
                                            .domain = ResetDomain::power_good,
                                            .on_write = OnWrite::w1c};
  static constexpr Field error_bad_fuse_sts{.name = "error_bad_fuse_sts",
                                            .lsb = 3,
                                            .width = 1,
                                            .soc = Access::ro,
                                            .domain = ResetDomain::power_good,
                                            .on_write = OnWrite::w1c};
  static constexpr Field error_iccm_blocked_sts{.name = "error_iccm_blocked_sts",
                                                .lsb = 4,
                                                .width = 1,
                                                .soc = Access::ro,
                                                .domain = ResetDomain::power_good,
                                                .on_write = OnWrite::w1c};
  static constexpr Field error_mbox_ecc_unc_sts{.name = "error_mbox_ecc_unc_sts",
                                                .lsb = 5,
                                                .width = 1,
                                                .soc = Access::ro,
                                                .domain = ResetDomain::power_good,
                                                .on_write = OnWrite::w1c};
  static constexpr Field error_wdt_timer1_timeout_sts{.name = "error_wdt_timer1_timeout_sts",
                                                      .lsb = 6,
                                                      .width = 1,
                                                      .soc = Access::ro,
                                                      .domain = ResetDomain::power_good,
                                                      .on_write = OnWrite::w1c};
  static constexpr Field error_wdt_timer2_timeout_sts{.name = "error_wdt_timer2_timeout_sts",
                                                      .lsb = 7,
                                                      .width = 1,
                                                      .soc = Access::ro,
                                                      .domain = ResetDomain::power_good,
                                                      .on_write = OnWrite::w1c};
  static constexpr Field fields[] = {error_internal_sts,           error_inv_dev_sts,           error_cmd_fail_sts,
                                     error_bad_fuse_sts,           error_iccm_blocked_sts,      error_mbox_ecc_unc_sts,
                                     error_wdt_timer1_timeout_sts, error_wdt_timer2_timeout_sts};
};

struct notif_internal_intr_r {
  static constexpr std::string_view name = "intr_block_rf.notif_internal_intr_r";
  static constexpr uint32_t offset = 0x818;
  static constexpr Field notif_cmd_avail_sts{
      .name = "notif_cmd_avail_sts", .width = 1, .soc = Access::ro, .on_write = OnWrite::w1c};
  static constexpr Field notif_mbox_ecc_cor_sts{
      .name = "notif_mbox_ecc_cor_sts", .lsb = 1, .width = 1, .soc = Access::ro, .on_write = OnWrite::w1c};
  static constexpr Field notif_debug_locked_sts{
      .name = "notif_debug_locked_sts", .lsb = 2, .width = 1, .soc = Access::ro, .on_write = OnWrite::w1c};
  static constexpr Field notif_scan_mode_sts{
      .name = "notif_scan_mode_sts", .lsb = 3, .width = 1, .soc = Access::ro, .on_write = OnWrite::w1c};
  static constexpr Field notif_soc_req_lock_sts{
      .name = "notif_soc_req_lock_sts", .lsb = 4, .width = 1, .soc = Access::ro, .on_write = OnWrite::w1c};
  static constexpr Field notif_gen_in_toggle_sts{
      .name = "notif_gen_in_toggle_sts", .lsb = 5, .width = 1, .soc = Access::ro, .on_write = OnWrite::w1c};
  static constexpr Field fields[] = {notif_cmd_avail_sts, notif_mbox_ecc_cor_sts, notif_debug_locked_sts,
                                     notif_scan_mode_sts, notif_soc_req_lock_sts, notif_gen_in_toggle_sts};
};

struct error_intr_trig_r {
  static constexpr std::string_view name = "intr_block_rf.error_intr_trig_r";
  static constexpr uint32_t offset = 0x81c;
  static constexpr Field error_internal_trig{
      .name = "error_internal_trig", .width = 1, .soc = Access::ro, .on_write = OnWrite::w1s, .single_pulse = true};
  static constexpr Field error_inv_dev_trig{.name = "error_inv_dev_trig",
                                            .lsb = 1,
                                            .width = 1,
                                            .soc = Access::ro,
                                            .on_write = OnWrite::w1s,
                                            .single_pulse = true};
  static constexpr Field error_cmd_fail_trig{.name = "error_cmd_fail_trig",
                                             .lsb = 2,
                                             .width = 1,
                                             .soc = Access::ro,
                                             .on_write = OnWrite::w1s,
                                             .single_pulse = true};
  static constexpr Field error_bad_fuse_trig{.name = "error_bad_fuse_trig",
                                             .lsb = 3,
                                             .width = 1,
                                             .soc = Access::ro,
                                             .on_write = OnWrite::w1s,
                                             .single_pulse = true};
  static constexpr Field error_iccm_blocked_trig{.name = "error_iccm_blocked_trig",
                                                 .lsb = 4,
                                                 .width = 1,
                                                 .soc = Access::ro,
                                                 .on_write = OnWrite::w1s,
                                                 .single_pulse = true};
  static constexpr Field error_mbox_ecc_unc_trig{.name = "error_mbox_ecc_unc_trig",
                                                 .lsb = 5,
                                                 .width = 1,
                                                 .soc = Access::ro,
                                                 .on_write = OnWrite::w1s,
                                                 .single_pulse = true};
  static constexpr Field error_wdt_timer1_timeout_trig{.name = "error_wdt_timer1_timeout_trig",
                                                       .lsb = 6,
                                                       .width = 1,
                                                       .soc = Access::ro,
                                                       .on_write = OnWrite::w1s,
                                                       .single_pulse = true};
  static constexpr Field error_wdt_timer2_timeout_trig{.name = "error_wdt_timer2_timeout_trig",
                                                       .lsb = 7,
                                                       .width = 1,
                                                       .soc = Access::ro,
                                                       .on_write = OnWrite::w1s,
                                                       .single_pulse = true};
  static constexpr Field fields[] = {
      error_internal_trig,     error_inv_dev_trig,      error_cmd_fail_trig,           error_bad_fuse_trig,
      error_iccm_blocked_trig, error_mbox_ecc_unc_trig, error_wdt_timer1_timeout_trig, error_wdt_timer2_timeout_trig};
};

struct notif_intr_trig_r {
  static constexpr std::string_view name = "intr_block_rf.notif_intr_trig_r";
  static constexpr uint32_t offset = 0x820;
  static constexpr Field notif_cmd_avail_trig{
      .name = "notif_cmd_avail_trig", .width = 1, .soc = Access::ro, .on_write = OnWrite::w1s, .single_pulse = true};
  static constexpr Field notif_mbox_ecc_cor_trig{.name = "notif_mbox_ecc_cor_trig",
                                                 .lsb = 1,
                                                 .width = 1,
                                                 .soc = Access::ro,
                                                 .on_write = OnWrite::w1s,
                                                 .single_pulse = true};
  static constexpr Field notif_debug_locked_trig{.name = "notif_debug_locked_trig",
                                                 .lsb = 2,
                                                 .width = 1,
                                                 .soc = Access::ro,
                                                 .on_write = OnWrite::w1s,
                                                 .single_pulse = true};
  static constexpr Field notif_scan_mode_trig{.name = "notif_scan_mode_trig",
                                              .lsb = 3,
                                              .width = 1,
                                              .soc = Access::ro,
                                              .on_write = OnWrite::w1s,
                                              .single_pulse = true};
  static constexpr Field notif_soc_req_lock_trig{.name = "notif_soc_req_lock_trig",
                                                 .lsb = 4,
                                                 .width = 1,
                                                 .soc = Access::ro,
                                                 .on_write = OnWrite::w1s,
                                                 .single_pulse = true};
  static constexpr Field notif_gen_in_toggle_trig{.name = "notif_gen_in_toggle_trig",
                                                  .lsb = 5,
                                                  .width = 1,
                                                  .soc = Access::ro,
                                                  .on_write = OnWrite::w1s,
                                                  .single_pulse = true};
  static constexpr Field fields[] = {notif_cmd_avail_trig, notif_mbox_ecc_cor_trig, notif_debug_locked_trig,
                                     notif_scan_mode_trig, notif_soc_req_lock_trig, notif_gen_in_toggle_trig};
};

struct error_internal_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error_internal_intr_count_r";
  static constexpr uint32_t offset = 0x900;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct error_inv_dev_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error_inv_dev_intr_count_r";
  static constexpr uint32_t offset = 0x904;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct error_cmd_fail_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error_cmd_fail_intr_count_r";
  static constexpr uint32_t offset = 0x908;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct error_bad_fuse_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error_bad_fuse_intr_count_r";
  static constexpr uint32_t offset = 0x90c;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct error_iccm_blocked_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error_iccm_blocked_intr_count_r";
  static constexpr uint32_t offset = 0x910;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct error_mbox_ecc_unc_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error_mbox_ecc_unc_intr_count_r";
  static constexpr uint32_t offset = 0x914;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct error_wdt_timer1_timeout_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error_wdt_timer1_timeout_intr_count_r";
  static constexpr uint32_t offset = 0x918;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct error_wdt_timer2_timeout_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.error_wdt_timer2_timeout_intr_count_r";
  static constexpr uint32_t offset = 0x91c;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {cnt};
};

struct notif_cmd_avail_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.notif_cmd_avail_intr_count_r";
  static constexpr uint32_t offset = 0x980;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro};
  static constexpr Field fields[] = {cnt};
};

struct notif_mbox_ecc_cor_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.notif_mbox_ecc_cor_intr_count_r";
  static constexpr uint32_t offset = 0x984;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro};
  static constexpr Field fields[] = {cnt};
};

struct notif_debug_locked_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.notif_debug_locked_intr_count_r";
  static constexpr uint32_t offset = 0x988;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro};
  static constexpr Field fields[] = {cnt};
};

struct notif_scan_mode_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.notif_scan_mode_intr_count_r";
  static constexpr uint32_t offset = 0x98c;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro};
  static constexpr Field fields[] = {cnt};
};

struct notif_soc_req_lock_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.notif_soc_req_lock_intr_count_r";
  static constexpr uint32_t offset = 0x990;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro};
  static constexpr Field fields[] = {cnt};
};

struct notif_gen_in_toggle_intr_count_r {
  static constexpr std::string_view name = "intr_block_rf.notif_gen_in_toggle_intr_count_r";
  static constexpr uint32_t offset = 0x994;
  static constexpr Field cnt{.name = "cnt", .soc = Access::ro};
  static constexpr Field fields[] = {cnt};
};

struct error_internal_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error_internal_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa00;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct error_inv_dev_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error_inv_dev_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa04;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct error_cmd_fail_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error_cmd_fail_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa08;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct error_bad_fuse_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error_bad_fuse_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa0c;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct error_iccm_blocked_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error_iccm_blocked_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa10;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct error_mbox_ecc_unc_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error_mbox_ecc_unc_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa14;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct error_wdt_timer1_timeout_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error_wdt_timer1_timeout_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa18;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct error_wdt_timer2_timeout_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.error_wdt_timer2_timeout_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa1c;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct notif_cmd_avail_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.notif_cmd_avail_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa20;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct notif_mbox_ecc_cor_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.notif_mbox_ecc_cor_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa24;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct notif_debug_locked_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.notif_debug_locked_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa28;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct notif_scan_mode_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.notif_scan_mode_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa2c;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct notif_soc_req_lock_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.notif_soc_req_lock_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa30;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

struct notif_gen_in_toggle_intr_count_incr_r {
  static constexpr std::string_view name = "intr_block_rf.notif_gen_in_toggle_intr_count_incr_r";
  static constexpr uint32_t offset = 0xa34;
  static constexpr Field pulse{.name = "pulse", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {pulse};
};

}  // namespace caliptra::soc_ifc_regs
