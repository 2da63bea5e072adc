// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// soc_ifc_reg: the registers of RTL 1.0 and 1.1, at 0x30030000.

#pragma once

#include "iss/registers/register_table.h"
#include "peripherals/common/hardware.h"
#include "peripherals/soc_ifc/soc_ifc_fuse_regs.h"
#include "peripherals/soc_ifc/soc_ifc_interrupt_regs.h"

namespace caliptra::soc_ifc_regs {

using veer::Access;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;
using veer::ResetDomain;

struct CPTRA_HW_ERROR_FATAL {
  static constexpr std::string_view name = "CPTRA_HW_ERROR_FATAL";
  static constexpr uint32_t offset = 0x0;
  static constexpr Field iccm_ecc_unc{.name = "iccm_ecc_unc",
                                      .width = 1,
                                      .soc = Access::rw,
                                      .domain = ResetDomain::power_good,
                                      .on_write = OnWrite::w1c};
  static constexpr Field dccm_ecc_unc{.name = "dccm_ecc_unc",
                                      .lsb = 1,
                                      .width = 1,
                                      .soc = Access::rw,
                                      .domain = ResetDomain::power_good,
                                      .on_write = OnWrite::w1c};
  static constexpr Field nmi_pin{.name = "nmi_pin",
                                 .lsb = 2,
                                 .width = 1,
                                 .soc = Access::rw,
                                 .domain = ResetDomain::power_good,
                                 .on_write = OnWrite::w1c};
  static constexpr Field crypto_err{.name = "crypto_err",
                                    .lsb = 3,
                                    .width = 1,
                                    .soc = Access::rw,
                                    .domain = ResetDomain::power_good,
                                    .on_write = OnWrite::w1c,
                                    .variants = since_1_1};
  static constexpr Field fields[] = {iccm_ecc_unc, dccm_ecc_unc, nmi_pin, crypto_err};
};

struct CPTRA_HW_ERROR_NON_FATAL {
  static constexpr std::string_view name = "CPTRA_HW_ERROR_NON_FATAL";
  static constexpr uint32_t offset = 0x4;
  static constexpr Field mbox_prot_no_lock{.name = "mbox_prot_no_lock",
                                           .width = 1,
                                           .soc = Access::rw,
                                           .domain = ResetDomain::power_good,
                                           .on_write = OnWrite::w1c};
  static constexpr Field mbox_prot_ooo{.name = "mbox_prot_ooo",
                                       .lsb = 1,
                                       .width = 1,
                                       .soc = Access::rw,
                                       .domain = ResetDomain::power_good,
                                       .on_write = OnWrite::w1c};
  static constexpr Field mbox_ecc_unc{.name = "mbox_ecc_unc",
                                      .lsb = 2,
                                      .width = 1,
                                      .soc = Access::rw,
                                      .domain = ResetDomain::power_good,
                                      .on_write = OnWrite::w1c};
  static constexpr Field fields[] = {mbox_prot_no_lock, mbox_prot_ooo, mbox_ecc_unc};
};

struct CPTRA_FW_ERROR_FATAL {
  static constexpr std::string_view name = "CPTRA_FW_ERROR_FATAL";
  static constexpr uint32_t offset = 0x8;
  static constexpr Field error_code{.name = "error_code", .soc = Access::rw, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {error_code};
};

struct CPTRA_FW_ERROR_NON_FATAL {
  static constexpr std::string_view name = "CPTRA_FW_ERROR_NON_FATAL";
  static constexpr uint32_t offset = 0xc;
  static constexpr Field error_code{.name = "error_code", .soc = Access::rw, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {error_code};
};

struct CPTRA_HW_ERROR_ENC {
  static constexpr std::string_view name = "CPTRA_HW_ERROR_ENC";
  static constexpr uint32_t offset = 0x10;
  static constexpr Field error_code{.name = "error_code", .soc = Access::rw, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {error_code};
};

struct CPTRA_FW_ERROR_ENC {
  static constexpr std::string_view name = "CPTRA_FW_ERROR_ENC";
  static constexpr uint32_t offset = 0x14;
  static constexpr Field error_code{.name = "error_code", .soc = Access::rw, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {error_code};
};

struct CPTRA_FW_EXTENDED_ERROR_INFO {
  static constexpr std::string_view name = "CPTRA_FW_EXTENDED_ERROR_INFO";
  static constexpr uint32_t offset = 0x18;
  static constexpr uint32_t count = 8;
  static constexpr Field error_info{.name = "error_info", .soc = Access::rw, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {error_info};
};

struct CPTRA_BOOT_STATUS {
  static constexpr std::string_view name = "CPTRA_BOOT_STATUS";
  static constexpr uint32_t offset = 0x38;
  static constexpr Field status{.name = "status", .soc = Access::ro};
  static constexpr Field fields[] = {status};
};

struct CPTRA_FLOW_STATUS {
  static constexpr std::string_view name = "CPTRA_FLOW_STATUS";
  static constexpr uint32_t offset = 0x3c;
  static constexpr Field status{.name = "status", .width = 24, .soc = Access::ro};
  static constexpr Field idevid_csr_ready{.name = "idevid_csr_ready", .lsb = 24, .width = 1, .soc = Access::ro};
  static constexpr Field boot_fsm_ps{
      .name = "boot_fsm_ps", .lsb = 25, .width = 3, .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field ready_for_fw{.name = "ready_for_fw", .lsb = 28, .width = 1, .soc = Access::ro};
  static constexpr Field ready_for_runtime{.name = "ready_for_runtime", .lsb = 29, .width = 1, .soc = Access::ro};
  static constexpr Field ready_for_fuses{
      .name = "ready_for_fuses", .lsb = 30, .width = 1, .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field mailbox_flow_done{.name = "mailbox_flow_done", .lsb = 31, .width = 1, .soc = Access::ro};
  static constexpr Field fields[] = {status,          idevid_csr_ready, boot_fsm_ps, ready_for_fw, ready_for_runtime,
                                     ready_for_fuses, mailbox_flow_done};
};

struct CPTRA_RESET_REASON {
  static constexpr std::string_view name = "CPTRA_RESET_REASON";
  static constexpr uint32_t offset = 0x40;
  static constexpr Field FW_UPD_RESET{.name = "FW_UPD_RESET", .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field WARM_RESET{.name = "WARM_RESET",
                                    .lsb = 1,
                                    .width = 1,
                                    .core = Access::ro,
                                    .soc = Access::ro,
                                    .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {FW_UPD_RESET, WARM_RESET};
};

struct CPTRA_SECURITY_STATE {
  static constexpr std::string_view name = "CPTRA_SECURITY_STATE";
  static constexpr uint32_t offset = 0x44;
  static constexpr Field device_lifecycle{
      .name = "device_lifecycle", .width = 2, .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field debug_locked{
      .name = "debug_locked", .lsb = 2, .width = 1, .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field scan_mode{
      .name = "scan_mode", .lsb = 3, .width = 1, .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field rsvd{.name = "rsvd", .lsb = 4, .width = 28, .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {device_lifecycle, debug_locked, scan_mode, rsvd};
};

struct CPTRA_MBOX_VALID_PAUSER {
  static constexpr std::string_view name = "CPTRA_MBOX_VALID_PAUSER";
  static constexpr uint32_t offset = 0x48;
  static constexpr uint32_t count = 5;
  static constexpr Field PAUSER{.name = "PAUSER", .soc = Access::rw, .reset = 0xffffffff, .lock = mbox_pauser_locked};
  static constexpr Field fields[] = {PAUSER};
};

struct CPTRA_MBOX_PAUSER_LOCK {
  static constexpr std::string_view name = "CPTRA_MBOX_PAUSER_LOCK";
  static constexpr uint32_t offset = 0x5c;
  static constexpr uint32_t count = 5;
  static constexpr Field LOCK{.name = "LOCK", .width = 1, .soc = Access::rw, .lock = mbox_pauser_locked};
  static constexpr Field fields[] = {LOCK};
};

struct CPTRA_TRNG_VALID_PAUSER {
  static constexpr std::string_view name = "CPTRA_TRNG_VALID_PAUSER";
  static constexpr uint32_t offset = 0x70;
  static constexpr Field PAUSER{.name = "PAUSER", .soc = Access::rw, .reset = 0xffffffff, .lock = trng_pauser_locked};
  static constexpr Field fields[] = {PAUSER};
};

struct CPTRA_TRNG_PAUSER_LOCK {
  static constexpr std::string_view name = "CPTRA_TRNG_PAUSER_LOCK";
  static constexpr uint32_t offset = 0x74;
  static constexpr Field LOCK{.name = "LOCK", .width = 1, .soc = Access::rw, .lock = trng_pauser_locked};
  static constexpr Field fields[] = {LOCK};
};

struct CPTRA_TRNG_DATA {
  static constexpr std::string_view name = "CPTRA_TRNG_DATA";
  static constexpr uint32_t offset = 0x78;
  static constexpr uint32_t count = 12;
  static constexpr Field DATA{
      .name = "DATA", .core = Access::ro, .soc = Access::rw, .live = true, .lock = trng_user_invalid};
  static constexpr Field fields[] = {DATA};
};

struct CPTRA_TRNG_CTRL {
  static constexpr std::string_view name = "CPTRA_TRNG_CTRL";
  static constexpr uint32_t offset = 0xa8;
  static constexpr Field clear{.name = "clear", .width = 1, .soc = Access::ro, .single_pulse = true};
  static constexpr Field fields[] = {clear};
};

struct CPTRA_TRNG_STATUS {
  static constexpr std::string_view name = "CPTRA_TRNG_STATUS";
  static constexpr uint32_t offset = 0xac;
  static constexpr Field DATA_REQ{.name = "DATA_REQ", .width = 1, .soc = Access::ro};
  static constexpr Field DATA_WR_DONE{
      .name = "DATA_WR_DONE", .lsb = 1, .width = 1, .core = Access::ro, .soc = Access::rw, .lock = trng_user_invalid};
  static constexpr Field fields[] = {DATA_REQ, DATA_WR_DONE};
};

struct CPTRA_FUSE_WR_DONE {
  static constexpr std::string_view name = "CPTRA_FUSE_WR_DONE";
  static constexpr uint32_t offset = 0xb0;
  static constexpr Field done{.name = "done",
                              .width = 1,
                              .core = Access::ro,
                              .soc = Access::rw,
                              .domain = ResetDomain::power_good,
                              .lock = fuses_written};
  static constexpr Field fields[] = {done};
};

struct CPTRA_TIMER_CONFIG {
  static constexpr std::string_view name = "CPTRA_TIMER_CONFIG";
  static constexpr uint32_t offset = 0xb4;
  static constexpr Field clk_period{.name = "clk_period", .soc = Access::rw, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {clk_period};
};

struct CPTRA_BOOTFSM_GO {
  static constexpr std::string_view name = "CPTRA_BOOTFSM_GO";
  static constexpr uint32_t offset = 0xb8;
  static constexpr Field GO{.name = "GO", .width = 1, .core = Access::ro, .soc = Access::rw};
  static constexpr Field fields[] = {GO};
};

struct CPTRA_DBG_MANUF_SERVICE_REG {
  static constexpr std::string_view name = "CPTRA_DBG_MANUF_SERVICE_REG";
  static constexpr uint32_t offset = 0xbc;
  static constexpr Field DATA{.name = "DATA", .soc = Access::rw};
  static constexpr Field fields[] = {DATA};
};

struct CPTRA_CLK_GATING_EN {
  static constexpr std::string_view name = "CPTRA_CLK_GATING_EN";
  static constexpr uint32_t offset = 0xc0;
  static constexpr Field clk_gating_en{.name = "clk_gating_en", .width = 1, .core = Access::ro, .soc = Access::rw};
  static constexpr Field fields[] = {clk_gating_en};
};

struct CPTRA_GENERIC_INPUT_WIRES {
  static constexpr std::string_view name = "CPTRA_GENERIC_INPUT_WIRES";
  static constexpr uint32_t offset = 0xc4;
  static constexpr uint32_t count = 2;
  static constexpr Field generic_wires{.name = "generic_wires", .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {generic_wires};
};

struct CPTRA_GENERIC_OUTPUT_WIRES {
  static constexpr std::string_view name = "CPTRA_GENERIC_OUTPUT_WIRES";
  static constexpr uint32_t offset = 0xcc;
  static constexpr uint32_t count = 2;
  static constexpr Field generic_wires{.name = "generic_wires", .soc = Access::ro};
  static constexpr Field fields[] = {generic_wires};
};

struct CPTRA_HW_REV_ID {
  static constexpr std::string_view name = "CPTRA_HW_REV_ID";
  static constexpr uint32_t offset = 0xd4;
  static constexpr Field CPTRA_GENERATION_1_0{.name = "CPTRA_GENERATION",
                                              .width = 16,
                                              .core = Access::ro,
                                              .soc = Access::ro,
                                              .reset = 0x01,
                                              .variants = only_1_0};
  static constexpr Field CPTRA_GENERATION{.name = "CPTRA_GENERATION",
                                          .width = 16,
                                          .core = Access::ro,
                                          .soc = Access::ro,
                                          .reset = 0x11,
                                          .variants = since_1_1};
  static constexpr Field SOC_STEPPING_ID{
      .name = "SOC_STEPPING_ID", .lsb = 16, .width = 16, .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field fields[] = {CPTRA_GENERATION_1_0, CPTRA_GENERATION, SOC_STEPPING_ID};
};

struct CPTRA_FW_REV_ID {
  static constexpr std::string_view name = "CPTRA_FW_REV_ID";
  static constexpr uint32_t offset = 0xd8;
  static constexpr uint32_t count = 2;
  static constexpr Field REV_ID{.name = "REV_ID", .soc = Access::ro};
  static constexpr Field fields[] = {REV_ID};
};

struct CPTRA_HW_CONFIG {
  static constexpr std::string_view name = "CPTRA_HW_CONFIG";
  static constexpr uint32_t offset = 0xe0;
  static constexpr Field iTRNG_en{.name = "iTRNG_en", .width = 1, .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field QSPI_en{
      .name = "QSPI_en", .lsb = 1, .width = 1, .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field I3C_en{
      .name = "I3C_en", .lsb = 2, .width = 1, .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field UART_en{
      .name = "UART_en", .lsb = 3, .width = 1, .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field LMS_acc_en{.name = "LMS_acc_en",
                                    .lsb = 4,
                                    .width = 1,
                                    .core = Access::ro,
                                    .soc = Access::ro,
                                    .live = true,
                                    .variants = since_1_1};
  static constexpr Field fields[] = {iTRNG_en, QSPI_en, I3C_en, UART_en, LMS_acc_en};
};

struct CPTRA_WDT_TIMER1_EN {
  static constexpr std::string_view name = "CPTRA_WDT_TIMER1_EN";
  static constexpr uint32_t offset = 0xe4;
  static constexpr Field timer1_en{.name = "timer1_en", .width = 1, .soc = Access::ro};
  static constexpr Field fields[] = {timer1_en};
};

struct CPTRA_WDT_TIMER1_CTRL {
  static constexpr std::string_view name = "CPTRA_WDT_TIMER1_CTRL";
  static constexpr uint32_t offset = 0xe8;
  static constexpr Field timer1_restart{.name = "timer1_restart", .width = 1, .soc = Access::ro, .single_pulse = true};
  static constexpr Field fields[] = {timer1_restart};
};

struct CPTRA_WDT_TIMER1_TIMEOUT_PERIOD {
  static constexpr std::string_view name = "CPTRA_WDT_TIMER1_TIMEOUT_PERIOD";
  static constexpr uint32_t offset = 0xec;
  static constexpr uint32_t count = 2;
  static constexpr Field timer1_timeout_period{.name = "timer1_timeout_period", .soc = Access::ro, .reset = 0xffffffff};
  static constexpr Field fields[] = {timer1_timeout_period};
};

struct CPTRA_WDT_TIMER2_EN {
  static constexpr std::string_view name = "CPTRA_WDT_TIMER2_EN";
  static constexpr uint32_t offset = 0xf4;
  static constexpr Field timer2_en{.name = "timer2_en", .width = 1, .soc = Access::ro};
  static constexpr Field fields[] = {timer2_en};
};

struct CPTRA_WDT_TIMER2_CTRL {
  static constexpr std::string_view name = "CPTRA_WDT_TIMER2_CTRL";
  static constexpr uint32_t offset = 0xf8;
  static constexpr Field timer2_restart{.name = "timer2_restart", .width = 1, .soc = Access::ro, .single_pulse = true};
  static constexpr Field fields[] = {timer2_restart};
};

struct CPTRA_WDT_TIMER2_TIMEOUT_PERIOD {
  static constexpr std::string_view name = "CPTRA_WDT_TIMER2_TIMEOUT_PERIOD";
  static constexpr uint32_t offset = 0xfc;
  static constexpr uint32_t count = 2;
  static constexpr Field timer2_timeout_period{.name = "timer2_timeout_period", .soc = Access::ro, .reset = 0xffffffff};
  static constexpr Field fields[] = {timer2_timeout_period};
};

struct CPTRA_WDT_STATUS {
  static constexpr std::string_view name = "CPTRA_WDT_STATUS";
  static constexpr uint32_t offset = 0x104;
  static constexpr Field t1_timeout{.name = "t1_timeout", .width = 1, .soc = Access::ro, .live = true};
  static constexpr Field t2_timeout{.name = "t2_timeout", .lsb = 1, .width = 1, .soc = Access::ro, .live = true};
  static constexpr Field fields[] = {t1_timeout, t2_timeout};
};

struct CPTRA_FUSE_VALID_PAUSER {
  static constexpr std::string_view name = "CPTRA_FUSE_VALID_PAUSER";
  static constexpr uint32_t offset = 0x108;
  static constexpr Field PAUSER{.name = "PAUSER",
                                .soc = Access::rw,
                                .reset = 0xffffffff,
                                .domain = ResetDomain::power_good,
                                .lock = fuse_pauser_locked};
  static constexpr Field fields[] = {PAUSER};
};

struct CPTRA_FUSE_PAUSER_LOCK {
  static constexpr std::string_view name = "CPTRA_FUSE_PAUSER_LOCK";
  static constexpr uint32_t offset = 0x10c;
  static constexpr Field LOCK{
      .name = "LOCK", .width = 1, .soc = Access::rw, .domain = ResetDomain::power_good, .lock = fuse_pauser_locked};
  static constexpr Field fields[] = {LOCK};
};

struct CPTRA_WDT_CFG {
  static constexpr std::string_view name = "CPTRA_WDT_CFG";
  static constexpr uint32_t offset = 0x110;
  static constexpr uint32_t count = 2;
  static constexpr Field TIMEOUT{.name = "TIMEOUT", .soc = Access::rw, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {TIMEOUT};
};

struct CPTRA_iTRNG_ENTROPY_CONFIG_0 {
  static constexpr std::string_view name = "CPTRA_iTRNG_ENTROPY_CONFIG_0";
  static constexpr uint32_t offset = 0x118;
  static constexpr Field low_threshold{.name = "low_threshold", .width = 16, .soc = Access::rw};
  static constexpr Field high_threshold{.name = "high_threshold", .lsb = 16, .width = 16, .soc = Access::rw};
  static constexpr Field fields[] = {low_threshold, high_threshold};
};

struct CPTRA_iTRNG_ENTROPY_CONFIG_1 {
  static constexpr std::string_view name = "CPTRA_iTRNG_ENTROPY_CONFIG_1";
  static constexpr uint32_t offset = 0x11c;
  static constexpr Field repetition_count{.name = "repetition_count", .width = 16, .soc = Access::rw};
  static constexpr Field RSVD{.name = "RSVD", .lsb = 16, .width = 16, .soc = Access::rw};
  static constexpr Field fields[] = {repetition_count, RSVD};
};

struct CPTRA_RSVD_REG {
  static constexpr std::string_view name = "CPTRA_RSVD_REG";
  static constexpr uint32_t offset = 0x120;
  static constexpr uint32_t count = 2;
  static constexpr Field RSVD{.name = "RSVD", .soc = Access::rw};
  static constexpr Field fields[] = {RSVD};
};

struct internal_obf_key {
  static constexpr std::string_view name = "internal_obf_key";
  static constexpr uint32_t offset = 0x600;
  static constexpr uint32_t count = 8;
  static constexpr Field key{.name = "key", .core = Access::none, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {key};
};

struct internal_iccm_lock {
  static constexpr std::string_view name = "internal_iccm_lock";
  static constexpr uint32_t offset = 0x620;
  static constexpr Field lock{.name = "lock", .width = 1, .soc = Access::ro, .on_write = OnWrite::w1s};
  static constexpr Field fields[] = {lock};
};

struct internal_fw_update_reset {
  static constexpr std::string_view name = "internal_fw_update_reset";
  static constexpr uint32_t offset = 0x624;
  static constexpr Field core_rst{.name = "core_rst", .width = 1, .soc = Access::ro, .single_pulse = true};
  static constexpr Field fields[] = {core_rst};
};

struct internal_fw_update_reset_wait_cycles {
  static constexpr std::string_view name = "internal_fw_update_reset_wait_cycles";
  static constexpr uint32_t offset = 0x628;
  static constexpr Field wait_cycles{.name = "wait_cycles", .width = 8, .soc = Access::ro, .reset = 0x5};
  static constexpr Field fields[] = {wait_cycles};
};

struct internal_nmi_vector {
  static constexpr std::string_view name = "internal_nmi_vector";
  static constexpr uint32_t offset = 0x62c;
  static constexpr Field vec{.name = "vec", .soc = Access::ro};
  static constexpr Field fields[] = {vec};
};

struct internal_hw_error_fatal_mask {
  static constexpr std::string_view name = "internal_hw_error_fatal_mask";
  static constexpr uint32_t offset = 0x630;
  static constexpr Field mask_iccm_ecc_unc{.name = "mask_iccm_ecc_unc", .width = 1, .soc = Access::ro};
  static constexpr Field mask_dccm_ecc_unc{.name = "mask_dccm_ecc_unc", .lsb = 1, .width = 1, .soc = Access::ro};
  static constexpr Field mask_nmi_pin{.name = "mask_nmi_pin", .lsb = 2, .width = 1, .soc = Access::ro};
  static constexpr Field mask_crypto_err{
      .name = "mask_crypto_err", .lsb = 3, .width = 1, .core = Access::ro, .soc = Access::ro, .variants = since_1_1};
  static constexpr Field fields[] = {mask_iccm_ecc_unc, mask_dccm_ecc_unc, mask_nmi_pin, mask_crypto_err};
};

struct internal_hw_error_non_fatal_mask {
  static constexpr std::string_view name = "internal_hw_error_non_fatal_mask";
  static constexpr uint32_t offset = 0x634;
  static constexpr Field mask_mbox_prot_no_lock{.name = "mask_mbox_prot_no_lock", .width = 1, .soc = Access::ro};
  static constexpr Field mask_mbox_prot_ooo{.name = "mask_mbox_prot_ooo", .lsb = 1, .width = 1, .soc = Access::ro};
  static constexpr Field mask_mbox_ecc_unc{.name = "mask_mbox_ecc_unc", .lsb = 2, .width = 1, .soc = Access::ro};
  static constexpr Field fields[] = {mask_mbox_prot_no_lock, mask_mbox_prot_ooo, mask_mbox_ecc_unc};
};

struct internal_fw_error_fatal_mask {
  static constexpr std::string_view name = "internal_fw_error_fatal_mask";
  static constexpr uint32_t offset = 0x638;
  static constexpr Field mask{.name = "mask", .soc = Access::ro};
  static constexpr Field fields[] = {mask};
};

struct internal_fw_error_non_fatal_mask {
  static constexpr std::string_view name = "internal_fw_error_non_fatal_mask";
  static constexpr uint32_t offset = 0x63c;
  static constexpr Field mask{.name = "mask", .soc = Access::ro};
  static constexpr Field fields[] = {mask};
};

struct internal_rv_mtime_l {
  static constexpr std::string_view name = "internal_rv_mtime_l";
  static constexpr uint32_t offset = 0x640;
  static constexpr Field count_l{.name = "count_l", .soc = Access::ro, .domain = ResetDomain::power_good, .live = true};
  static constexpr Field fields[] = {count_l};
};

struct internal_rv_mtime_h {
  static constexpr std::string_view name = "internal_rv_mtime_h";
  static constexpr uint32_t offset = 0x644;
  static constexpr Field count_h{.name = "count_h", .soc = Access::ro, .domain = ResetDomain::power_good, .live = true};
  static constexpr Field fields[] = {count_h};
};

struct internal_rv_mtimecmp_l {
  static constexpr std::string_view name = "internal_rv_mtimecmp_l";
  static constexpr uint32_t offset = 0x648;
  static constexpr Field compare_l{.name = "compare_l", .soc = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {compare_l};
};

struct internal_rv_mtimecmp_h {
  static constexpr std::string_view name = "internal_rv_mtimecmp_h";
  static constexpr uint32_t offset = 0x64c;
  static constexpr Field compare_h{.name = "compare_h", .soc = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {compare_h};
};

inline constexpr veer::Register table[] = {
    veer::describe<CPTRA_HW_ERROR_FATAL>(),
    veer::describe<CPTRA_HW_ERROR_NON_FATAL>(),
    veer::describe<CPTRA_FW_ERROR_FATAL>(),
    veer::describe<CPTRA_FW_ERROR_NON_FATAL>(),
    veer::describe<CPTRA_HW_ERROR_ENC>(),
    veer::describe<CPTRA_FW_ERROR_ENC>(),
    veer::describe<CPTRA_FW_EXTENDED_ERROR_INFO>(),
    veer::describe<CPTRA_BOOT_STATUS>(),
    veer::describe<CPTRA_FLOW_STATUS>(),
    veer::describe<CPTRA_RESET_REASON>(),
    veer::describe<CPTRA_SECURITY_STATE>(),
    veer::describe<CPTRA_MBOX_VALID_PAUSER>(),
    veer::describe<CPTRA_MBOX_PAUSER_LOCK>(),
    veer::describe<CPTRA_TRNG_VALID_PAUSER>(),
    veer::describe<CPTRA_TRNG_PAUSER_LOCK>(),
    veer::describe<CPTRA_TRNG_DATA>(),
    veer::describe<CPTRA_TRNG_CTRL>(),
    veer::describe<CPTRA_TRNG_STATUS>(),
    veer::describe<CPTRA_FUSE_WR_DONE>(),
    veer::describe<CPTRA_TIMER_CONFIG>(),
    veer::describe<CPTRA_BOOTFSM_GO>(),
    veer::describe<CPTRA_DBG_MANUF_SERVICE_REG>(),
    veer::describe<CPTRA_CLK_GATING_EN>(),
    veer::describe<CPTRA_GENERIC_INPUT_WIRES>(),
    veer::describe<CPTRA_GENERIC_OUTPUT_WIRES>(),
    veer::describe<CPTRA_HW_REV_ID>(),
    veer::describe<CPTRA_FW_REV_ID>(),
    veer::describe<CPTRA_HW_CONFIG>(),
    veer::describe<CPTRA_WDT_TIMER1_EN>(),
    veer::describe<CPTRA_WDT_TIMER1_CTRL>(),
    veer::describe<CPTRA_WDT_TIMER1_TIMEOUT_PERIOD>(),
    veer::describe<CPTRA_WDT_TIMER2_EN>(),
    veer::describe<CPTRA_WDT_TIMER2_CTRL>(),
    veer::describe<CPTRA_WDT_TIMER2_TIMEOUT_PERIOD>(),
    veer::describe<CPTRA_WDT_STATUS>(),
    veer::describe<CPTRA_FUSE_VALID_PAUSER>(),
    veer::describe<CPTRA_FUSE_PAUSER_LOCK>(),
    veer::describe<CPTRA_WDT_CFG>(),
    veer::describe<CPTRA_iTRNG_ENTROPY_CONFIG_0>(),
    veer::describe<CPTRA_iTRNG_ENTROPY_CONFIG_1>(),
    veer::describe<CPTRA_RSVD_REG>(),
    veer::describe<fuse_uds_seed>(),
    veer::describe<fuse_field_entropy>(),
    veer::describe<fuse_key_manifest_pk_hash>(),
    veer::describe<fuse_key_manifest_pk_hash_mask>(),
    veer::describe<fuse_owner_pk_hash>(),
    veer::describe<fuse_fmc_key_manifest_svn>(),
    veer::describe<fuse_runtime_svn>(),
    veer::describe<fuse_anti_rollback_disable>(),
    veer::describe<fuse_idevid_cert_attr>(),
    veer::describe<fuse_idevid_manuf_hsm_id>(),
    veer::describe<fuse_life_cycle>(),
    veer::describe<fuse_lms_verify>(),
    veer::describe<fuse_lms_revocation>(),
    veer::describe<fuse_soc_stepping_id>(),
    veer::describe<internal_obf_key>(),
    veer::describe<internal_iccm_lock>(),
    veer::describe<internal_fw_update_reset>(),
    veer::describe<internal_fw_update_reset_wait_cycles>(),
    veer::describe<internal_nmi_vector>(),
    veer::describe<internal_hw_error_fatal_mask>(),
    veer::describe<internal_hw_error_non_fatal_mask>(),
    veer::describe<internal_fw_error_fatal_mask>(),
    veer::describe<internal_fw_error_non_fatal_mask>(),
    veer::describe<internal_rv_mtime_l>(),
    veer::describe<internal_rv_mtime_h>(),
    veer::describe<internal_rv_mtimecmp_l>(),
    veer::describe<internal_rv_mtimecmp_h>(),
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
    veer::describe<error_inv_dev_intr_count_r>(),
    veer::describe<error_cmd_fail_intr_count_r>(),
    veer::describe<error_bad_fuse_intr_count_r>(),
    veer::describe<error_iccm_blocked_intr_count_r>(),
    veer::describe<error_mbox_ecc_unc_intr_count_r>(),
    veer::describe<error_wdt_timer1_timeout_intr_count_r>(),
    veer::describe<error_wdt_timer2_timeout_intr_count_r>(),
    veer::describe<notif_cmd_avail_intr_count_r>(),
    veer::describe<notif_mbox_ecc_cor_intr_count_r>(),
    veer::describe<notif_debug_locked_intr_count_r>(),
    veer::describe<notif_scan_mode_intr_count_r>(),
    veer::describe<notif_soc_req_lock_intr_count_r>(),
    veer::describe<notif_gen_in_toggle_intr_count_r>(),
    veer::describe<error_internal_intr_count_incr_r>(),
    veer::describe<error_inv_dev_intr_count_incr_r>(),
    veer::describe<error_cmd_fail_intr_count_incr_r>(),
    veer::describe<error_bad_fuse_intr_count_incr_r>(),
    veer::describe<error_iccm_blocked_intr_count_incr_r>(),
    veer::describe<error_mbox_ecc_unc_intr_count_incr_r>(),
    veer::describe<error_wdt_timer1_timeout_intr_count_incr_r>(),
    veer::describe<error_wdt_timer2_timeout_intr_count_incr_r>(),
    veer::describe<notif_cmd_avail_intr_count_incr_r>(),
    veer::describe<notif_mbox_ecc_cor_intr_count_incr_r>(),
    veer::describe<notif_debug_locked_intr_count_incr_r>(),
    veer::describe<notif_scan_mode_intr_count_incr_r>(),
    veer::describe<notif_soc_req_lock_intr_count_incr_r>(),
    veer::describe<notif_gen_in_toggle_intr_count_incr_r>(),
};

}  // namespace caliptra::soc_ifc_regs
