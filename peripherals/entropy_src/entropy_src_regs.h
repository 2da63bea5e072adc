// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// entropy_src_reg: the registers of RTL 1.0 and 1.1, at 0x20003000.

#pragma once

#include "iss/registers/register_table.h"
#include "peripherals/common/hardware.h"

namespace caliptra::entropy_src_regs {

using veer::Access;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;
using veer::ResetDomain;

/// Writes are ignored while the register named is 0.
enum Lock : uint8_t { unlocked = 0, me_regwen_clear, regwen_clear };

struct INTERRUPT_STATE {
  static constexpr std::string_view name = "INTERRUPT_STATE";
  static constexpr uint32_t offset = 0x0;
  static constexpr Field ES_ENTROPY_VALID{.name = "ES_ENTROPY_VALID", .width = 1, .on_write = OnWrite::w1c};
  static constexpr Field ES_HEALTH_TEST_FAILED{
      .name = "ES_HEALTH_TEST_FAILED", .lsb = 1, .width = 1, .on_write = OnWrite::w1c};
  static constexpr Field ES_OBSERVE_FIFO_READY{
      .name = "ES_OBSERVE_FIFO_READY", .lsb = 2, .width = 1, .on_write = OnWrite::w1c};
  static constexpr Field ES_FATAL_ERR{.name = "ES_FATAL_ERR", .lsb = 3, .width = 1, .on_write = OnWrite::w1c};
  static constexpr Field fields[] = {ES_ENTROPY_VALID, ES_HEALTH_TEST_FAILED, ES_OBSERVE_FIFO_READY, ES_FATAL_ERR};
};

struct INTERRUPT_ENABLE {
  static constexpr std::string_view name = "INTERRUPT_ENABLE";
  static constexpr uint32_t offset = 0x4;
  static constexpr Field ES_ENTROPY_VALID{.name = "ES_ENTROPY_VALID", .width = 1};
  static constexpr Field ES_HEALTH_TEST_FAILED{.name = "ES_HEALTH_TEST_FAILED", .lsb = 1, .width = 1};
  static constexpr Field ES_OBSERVE_FIFO_READY{.name = "ES_OBSERVE_FIFO_READY", .lsb = 2, .width = 1};
  static constexpr Field ES_FATAL_ERR{.name = "ES_FATAL_ERR", .lsb = 3, .width = 1};
  static constexpr Field fields[] = {ES_ENTROPY_VALID, ES_HEALTH_TEST_FAILED, ES_OBSERVE_FIFO_READY, ES_FATAL_ERR};
};

struct INTERRUPT_TEST {
  static constexpr std::string_view name = "INTERRUPT_TEST";
  static constexpr uint32_t offset = 0x8;
  static constexpr Field ES_ENTROPY_VALID{.name = "ES_ENTROPY_VALID", .width = 1, .core = Access::wo};
  static constexpr Field ES_HEALTH_TEST_FAILED{
      .name = "ES_HEALTH_TEST_FAILED", .lsb = 1, .width = 1, .core = Access::wo};
  static constexpr Field ES_OBSERVE_FIFO_READY{
      .name = "ES_OBSERVE_FIFO_READY", .lsb = 2, .width = 1, .core = Access::wo};
  static constexpr Field ES_FATAL_ERR{.name = "ES_FATAL_ERR", .lsb = 3, .width = 1, .core = Access::wo};
  static constexpr Field fields[] = {ES_ENTROPY_VALID, ES_HEALTH_TEST_FAILED, ES_OBSERVE_FIFO_READY, ES_FATAL_ERR};
};

struct ALERT_TEST {
  static constexpr std::string_view name = "ALERT_TEST";
  static constexpr uint32_t offset = 0xc;
  static constexpr Field RECOV_ALERT{.name = "RECOV_ALERT", .width = 1, .core = Access::wo};
  static constexpr Field FATAL_ALERT{.name = "FATAL_ALERT", .lsb = 1, .width = 1, .core = Access::wo};
  static constexpr Field fields[] = {RECOV_ALERT, FATAL_ALERT};
};

struct ME_REGWEN {
  static constexpr std::string_view name = "ME_REGWEN";
  static constexpr uint32_t offset = 0x10;
  static constexpr Field ME_REGWEN_{.name = "ME_REGWEN", .width = 1, .reset = 0x1, .on_write = OnWrite::w0c};
  static constexpr Field fields[] = {ME_REGWEN_};
};

struct SW_REGUPD {
  static constexpr std::string_view name = "SW_REGUPD";
  static constexpr uint32_t offset = 0x14;
  static constexpr Field SW_REGUPD_{.name = "SW_REGUPD", .width = 1, .reset = 0x1, .on_write = OnWrite::w0c};
  static constexpr Field fields[] = {SW_REGUPD_};
};

struct REGWEN {
  static constexpr std::string_view name = "REGWEN";
  static constexpr uint32_t offset = 0x18;
  static constexpr Field REGWEN_{.name = "REGWEN", .width = 1, .core = Access::ro, .reset = 0x1, .live = true};
  static constexpr Field fields[] = {REGWEN_};
};

struct REV {
  static constexpr std::string_view name = "REV";
  static constexpr uint32_t offset = 0x1c;
  static constexpr Field ABI_REVISION{.name = "ABI_REVISION", .width = 8, .core = Access::ro, .reset = 0x3};
  static constexpr Field HW_REVISION{.name = "HW_REVISION", .lsb = 8, .width = 8, .core = Access::ro, .reset = 0x3};
  static constexpr Field CHIP_TYPE{.name = "CHIP_TYPE", .lsb = 16, .width = 8, .core = Access::ro, .reset = 0x1};
  static constexpr Field fields[] = {ABI_REVISION, HW_REVISION, CHIP_TYPE};
};

struct MODULE_ENABLE {
  static constexpr std::string_view name = "MODULE_ENABLE";
  static constexpr uint32_t offset = 0x20;
  static constexpr Field MODULE_ENABLE_{.name = "MODULE_ENABLE", .width = 4, .reset = 0x9, .lock = me_regwen_clear};
  static constexpr Field fields[] = {MODULE_ENABLE_};
};

struct CONF {
  static constexpr std::string_view name = "CONF";
  static constexpr uint32_t offset = 0x24;
  static constexpr Field FIPS_ENABLE{.name = "FIPS_ENABLE", .width = 4, .reset = 0x9, .lock = regwen_clear};
  static constexpr Field ENTROPY_DATA_REG_ENABLE{
      .name = "ENTROPY_DATA_REG_ENABLE", .lsb = 4, .width = 4, .reset = 0x9, .lock = regwen_clear};
  static constexpr Field THRESHOLD_SCOPE{
      .name = "THRESHOLD_SCOPE", .lsb = 12, .width = 4, .reset = 0x9, .lock = regwen_clear};
  static constexpr Field RNG_BIT_ENABLE{
      .name = "RNG_BIT_ENABLE", .lsb = 20, .width = 4, .reset = 0x9, .lock = regwen_clear};
  static constexpr Field RNG_BIT_SEL{.name = "RNG_BIT_SEL", .lsb = 24, .width = 2, .lock = regwen_clear};
  static constexpr Field fields[] = {FIPS_ENABLE, ENTROPY_DATA_REG_ENABLE, THRESHOLD_SCOPE, RNG_BIT_ENABLE,
                                     RNG_BIT_SEL};
};

struct ENTROPY_CONTROL {
  static constexpr std::string_view name = "ENTROPY_CONTROL";
  static constexpr uint32_t offset = 0x28;
  static constexpr Field ES_ROUTE{.name = "ES_ROUTE", .width = 4, .reset = 0x9, .lock = regwen_clear};
  static constexpr Field ES_TYPE{.name = "ES_TYPE", .lsb = 4, .width = 4, .reset = 0x9, .lock = regwen_clear};
  static constexpr Field fields[] = {ES_ROUTE, ES_TYPE};
};

struct ENTROPY_DATA {
  static constexpr std::string_view name = "ENTROPY_DATA";
  static constexpr uint32_t offset = 0x2c;
  static constexpr Field ENTROPY_DATA_{.name = "ENTROPY_DATA", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {ENTROPY_DATA_};
};

struct HEALTH_TEST_WINDOWS {
  static constexpr std::string_view name = "HEALTH_TEST_WINDOWS";
  static constexpr uint32_t offset = 0x30;
  static constexpr Field FIPS_WINDOW{.name = "FIPS_WINDOW", .width = 16, .reset = 0x200, .lock = regwen_clear};
  static constexpr Field BYPASS_WINDOW{
      .name = "BYPASS_WINDOW", .lsb = 16, .width = 16, .reset = 0x60, .lock = regwen_clear};
  static constexpr Field fields[] = {FIPS_WINDOW, BYPASS_WINDOW};
};

struct REPCNT_THRESHOLDS {
  static constexpr std::string_view name = "REPCNT_THRESHOLDS";
  static constexpr uint32_t offset = 0x34;
  static constexpr Field FIPS_THRESH{
      .name = "FIPS_THRESH", .width = 16, .reset = 0xffff, .live = true, .lock = regwen_clear};
  static constexpr Field BYPASS_THRESH{
      .name = "BYPASS_THRESH", .lsb = 16, .width = 16, .reset = 0xffff, .live = true, .lock = regwen_clear};
  static constexpr Field fields[] = {FIPS_THRESH, BYPASS_THRESH};
};

struct REPCNTS_THRESHOLDS {
  static constexpr std::string_view name = "REPCNTS_THRESHOLDS";
  static constexpr uint32_t offset = 0x38;
  static constexpr Field FIPS_THRESH{
      .name = "FIPS_THRESH", .width = 16, .reset = 0xffff, .live = true, .lock = regwen_clear};
  static constexpr Field BYPASS_THRESH{
      .name = "BYPASS_THRESH", .lsb = 16, .width = 16, .reset = 0xffff, .live = true, .lock = regwen_clear};
  static constexpr Field fields[] = {FIPS_THRESH, BYPASS_THRESH};
};

struct ADAPTP_HI_THRESHOLDS {
  static constexpr std::string_view name = "ADAPTP_HI_THRESHOLDS";
  static constexpr uint32_t offset = 0x3c;
  static constexpr Field FIPS_THRESH{
      .name = "FIPS_THRESH", .width = 16, .reset = 0xffff, .live = true, .lock = regwen_clear};
  static constexpr Field BYPASS_THRESH{
      .name = "BYPASS_THRESH", .lsb = 16, .width = 16, .reset = 0xffff, .live = true, .lock = regwen_clear};
  static constexpr Field fields[] = {FIPS_THRESH, BYPASS_THRESH};
};

struct ADAPTP_LO_THRESHOLDS {
  static constexpr std::string_view name = "ADAPTP_LO_THRESHOLDS";
  static constexpr uint32_t offset = 0x40;
  static constexpr Field FIPS_THRESH{.name = "FIPS_THRESH", .width = 16, .live = true, .lock = regwen_clear};
  static constexpr Field BYPASS_THRESH{
      .name = "BYPASS_THRESH", .lsb = 16, .width = 16, .live = true, .lock = regwen_clear};
  static constexpr Field fields[] = {FIPS_THRESH, BYPASS_THRESH};
};

struct BUCKET_THRESHOLDS {
  static constexpr std::string_view name = "BUCKET_THRESHOLDS";
  static constexpr uint32_t offset = 0x44;
  static constexpr Field FIPS_THRESH{
      .name = "FIPS_THRESH", .width = 16, .reset = 0xffff, .live = true, .lock = regwen_clear};
  static constexpr Field BYPASS_THRESH{
      .name = "BYPASS_THRESH", .lsb = 16, .width = 16, .reset = 0xffff, .live = true, .lock = regwen_clear};
  static constexpr Field fields[] = {FIPS_THRESH, BYPASS_THRESH};
};

struct MARKOV_HI_THRESHOLDS {
  static constexpr std::string_view name = "MARKOV_HI_THRESHOLDS";
  static constexpr uint32_t offset = 0x48;
  static constexpr Field FIPS_THRESH{
      .name = "FIPS_THRESH", .width = 16, .reset = 0xffff, .live = true, .lock = regwen_clear};
  static constexpr Field BYPASS_THRESH{
      .name = "BYPASS_THRESH", .lsb = 16, .width = 16, .reset = 0xffff, .live = true, .lock = regwen_clear};
  static constexpr Field fields[] = {FIPS_THRESH, BYPASS_THRESH};
};

struct MARKOV_LO_THRESHOLDS {
  static constexpr std::string_view name = "MARKOV_LO_THRESHOLDS";
  static constexpr uint32_t offset = 0x4c;
  static constexpr Field FIPS_THRESH{.name = "FIPS_THRESH", .width = 16, .live = true, .lock = regwen_clear};
  static constexpr Field BYPASS_THRESH{
      .name = "BYPASS_THRESH", .lsb = 16, .width = 16, .live = true, .lock = regwen_clear};
  static constexpr Field fields[] = {FIPS_THRESH, BYPASS_THRESH};
};

struct EXTHT_HI_THRESHOLDS {
  static constexpr std::string_view name = "EXTHT_HI_THRESHOLDS";
  static constexpr uint32_t offset = 0x50;
  static constexpr Field FIPS_THRESH{
      .name = "FIPS_THRESH", .width = 16, .reset = 0xffff, .live = true, .lock = regwen_clear};
  static constexpr Field BYPASS_THRESH{
      .name = "BYPASS_THRESH", .lsb = 16, .width = 16, .reset = 0xffff, .live = true, .lock = regwen_clear};
  static constexpr Field fields[] = {FIPS_THRESH, BYPASS_THRESH};
};

struct EXTHT_LO_THRESHOLDS {
  static constexpr std::string_view name = "EXTHT_LO_THRESHOLDS";
  static constexpr uint32_t offset = 0x54;
  static constexpr Field FIPS_THRESH{.name = "FIPS_THRESH", .width = 16, .live = true, .lock = regwen_clear};
  static constexpr Field BYPASS_THRESH{
      .name = "BYPASS_THRESH", .lsb = 16, .width = 16, .live = true, .lock = regwen_clear};
  static constexpr Field fields[] = {FIPS_THRESH, BYPASS_THRESH};
};

struct REPCNT_HI_WATERMARKS {
  static constexpr std::string_view name = "REPCNT_HI_WATERMARKS";
  static constexpr uint32_t offset = 0x58;
  static constexpr Field FIPS_WATERMARK{.name = "FIPS_WATERMARK", .width = 16, .core = Access::ro, .live = true};
  static constexpr Field BYPASS_WATERMARK{
      .name = "BYPASS_WATERMARK", .lsb = 16, .width = 16, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {FIPS_WATERMARK, BYPASS_WATERMARK};
};

struct REPCNTS_HI_WATERMARKS {
  static constexpr std::string_view name = "REPCNTS_HI_WATERMARKS";
  static constexpr uint32_t offset = 0x5c;
  static constexpr Field FIPS_WATERMARK{.name = "FIPS_WATERMARK", .width = 16, .core = Access::ro, .live = true};
  static constexpr Field BYPASS_WATERMARK{
      .name = "BYPASS_WATERMARK", .lsb = 16, .width = 16, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {FIPS_WATERMARK, BYPASS_WATERMARK};
};

struct ADAPTP_HI_WATERMARKS {
  static constexpr std::string_view name = "ADAPTP_HI_WATERMARKS";
  static constexpr uint32_t offset = 0x60;
  static constexpr Field FIPS_WATERMARK{.name = "FIPS_WATERMARK", .width = 16, .core = Access::ro, .live = true};
  static constexpr Field BYPASS_WATERMARK{
      .name = "BYPASS_WATERMARK", .lsb = 16, .width = 16, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {FIPS_WATERMARK, BYPASS_WATERMARK};
};

struct ADAPTP_LO_WATERMARKS {
  static constexpr std::string_view name = "ADAPTP_LO_WATERMARKS";
  static constexpr uint32_t offset = 0x64;
  static constexpr Field FIPS_WATERMARK{
      .name = "FIPS_WATERMARK", .width = 16, .core = Access::ro, .reset = 0xffff, .live = true};
  static constexpr Field BYPASS_WATERMARK{
      .name = "BYPASS_WATERMARK", .lsb = 16, .width = 16, .core = Access::ro, .reset = 0xffff, .live = true};
  static constexpr Field fields[] = {FIPS_WATERMARK, BYPASS_WATERMARK};
};

struct EXTHT_HI_WATERMARKS {
  static constexpr std::string_view name = "EXTHT_HI_WATERMARKS";
  static constexpr uint32_t offset = 0x68;
  static constexpr Field FIPS_WATERMARK{.name = "FIPS_WATERMARK", .width = 16, .core = Access::ro, .live = true};
  static constexpr Field BYPASS_WATERMARK{
      .name = "BYPASS_WATERMARK", .lsb = 16, .width = 16, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {FIPS_WATERMARK, BYPASS_WATERMARK};
};

struct EXTHT_LO_WATERMARKS {
  static constexpr std::string_view name = "EXTHT_LO_WATERMARKS";
  static constexpr uint32_t offset = 0x6c;
  static constexpr Field FIPS_WATERMARK{
      .name = "FIPS_WATERMARK", .width = 16, .core = Access::ro, .reset = 0xffff, .live = true};
  static constexpr Field BYPASS_WATERMARK{
      .name = "BYPASS_WATERMARK", .lsb = 16, .width = 16, .core = Access::ro, .reset = 0xffff, .live = true};
  static constexpr Field fields[] = {FIPS_WATERMARK, BYPASS_WATERMARK};
};

struct BUCKET_HI_WATERMARKS {
  static constexpr std::string_view name = "BUCKET_HI_WATERMARKS";
  static constexpr uint32_t offset = 0x70;
  static constexpr Field FIPS_WATERMARK{.name = "FIPS_WATERMARK", .width = 16, .core = Access::ro, .live = true};
  static constexpr Field BYPASS_WATERMARK{
      .name = "BYPASS_WATERMARK", .lsb = 16, .width = 16, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {FIPS_WATERMARK, BYPASS_WATERMARK};
};

struct MARKOV_HI_WATERMARKS {
  static constexpr std::string_view name = "MARKOV_HI_WATERMARKS";
  static constexpr uint32_t offset = 0x74;
  static constexpr Field FIPS_WATERMARK{.name = "FIPS_WATERMARK", .width = 16, .core = Access::ro, .live = true};
  static constexpr Field BYPASS_WATERMARK{
      .name = "BYPASS_WATERMARK", .lsb = 16, .width = 16, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {FIPS_WATERMARK, BYPASS_WATERMARK};
};

struct MARKOV_LO_WATERMARKS {
  static constexpr std::string_view name = "MARKOV_LO_WATERMARKS";
  static constexpr uint32_t offset = 0x78;
  static constexpr Field FIPS_WATERMARK{
      .name = "FIPS_WATERMARK", .width = 16, .core = Access::ro, .reset = 0xffff, .live = true};
  static constexpr Field BYPASS_WATERMARK{
      .name = "BYPASS_WATERMARK", .lsb = 16, .width = 16, .core = Access::ro, .reset = 0xffff, .live = true};
  static constexpr Field fields[] = {FIPS_WATERMARK, BYPASS_WATERMARK};
};

struct REPCNT_TOTAL_FAILS {
  static constexpr std::string_view name = "REPCNT_TOTAL_FAILS";
  static constexpr uint32_t offset = 0x7c;
  static constexpr Field REPCNT_TOTAL_FAILS_{.name = "REPCNT_TOTAL_FAILS", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {REPCNT_TOTAL_FAILS_};
};

struct REPCNTS_TOTAL_FAILS {
  static constexpr std::string_view name = "REPCNTS_TOTAL_FAILS";
  static constexpr uint32_t offset = 0x80;
  static constexpr Field REPCNTS_TOTAL_FAILS_{.name = "REPCNTS_TOTAL_FAILS", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {REPCNTS_TOTAL_FAILS_};
};

struct ADAPTP_HI_TOTAL_FAILS {
  static constexpr std::string_view name = "ADAPTP_HI_TOTAL_FAILS";
  static constexpr uint32_t offset = 0x84;
  static constexpr Field ADAPTP_HI_TOTAL_FAILS_{.name = "ADAPTP_HI_TOTAL_FAILS", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {ADAPTP_HI_TOTAL_FAILS_};
};

struct ADAPTP_LO_TOTAL_FAILS {
  static constexpr std::string_view name = "ADAPTP_LO_TOTAL_FAILS";
  static constexpr uint32_t offset = 0x88;
  static constexpr Field ADAPTP_LO_TOTAL_FAILS_{.name = "ADAPTP_LO_TOTAL_FAILS", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {ADAPTP_LO_TOTAL_FAILS_};
};

struct BUCKET_TOTAL_FAILS {
  static constexpr std::string_view name = "BUCKET_TOTAL_FAILS";
  static constexpr uint32_t offset = 0x8c;
  static constexpr Field BUCKET_TOTAL_FAILS_{.name = "BUCKET_TOTAL_FAILS", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {BUCKET_TOTAL_FAILS_};
};

struct MARKOV_HI_TOTAL_FAILS {
  static constexpr std::string_view name = "MARKOV_HI_TOTAL_FAILS";
  static constexpr uint32_t offset = 0x90;
  static constexpr Field MARKOV_HI_TOTAL_FAILS_{.name = "MARKOV_HI_TOTAL_FAILS", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {MARKOV_HI_TOTAL_FAILS_};
};

struct MARKOV_LO_TOTAL_FAILS {
  static constexpr std::string_view name = "MARKOV_LO_TOTAL_FAILS";
  static constexpr uint32_t offset = 0x94;
  static constexpr Field MARKOV_LO_TOTAL_FAILS_{.name = "MARKOV_LO_TOTAL_FAILS", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {MARKOV_LO_TOTAL_FAILS_};
};

struct EXTHT_HI_TOTAL_FAILS {
  static constexpr std::string_view name = "EXTHT_HI_TOTAL_FAILS";
  static constexpr uint32_t offset = 0x98;
  static constexpr Field EXTHT_HI_TOTAL_FAILS_{.name = "EXTHT_HI_TOTAL_FAILS", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {EXTHT_HI_TOTAL_FAILS_};
};

struct EXTHT_LO_TOTAL_FAILS {
  static constexpr std::string_view name = "EXTHT_LO_TOTAL_FAILS";
  static constexpr uint32_t offset = 0x9c;
  static constexpr Field EXTHT_LO_TOTAL_FAILS_{.name = "EXTHT_LO_TOTAL_FAILS", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {EXTHT_LO_TOTAL_FAILS_};
};

struct ALERT_THRESHOLD {
  static constexpr std::string_view name = "ALERT_THRESHOLD";
  static constexpr uint32_t offset = 0xa0;
  static constexpr Field ALERT_THRESHOLD_{.name = "ALERT_THRESHOLD", .width = 16, .reset = 0x2, .lock = regwen_clear};
  static constexpr Field ALERT_THRESHOLD_INV{
      .name = "ALERT_THRESHOLD_INV", .lsb = 16, .width = 16, .reset = 0xfffd, .lock = regwen_clear};
  static constexpr Field fields[] = {ALERT_THRESHOLD_, ALERT_THRESHOLD_INV};
};

struct ALERT_SUMMARY_FAIL_COUNTS {
  static constexpr std::string_view name = "ALERT_SUMMARY_FAIL_COUNTS";
  static constexpr uint32_t offset = 0xa4;
  static constexpr Field ANY_FAIL_COUNT{.name = "ANY_FAIL_COUNT", .width = 16, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {ANY_FAIL_COUNT};
};

struct ALERT_FAIL_COUNTS {
  static constexpr std::string_view name = "ALERT_FAIL_COUNTS";
  static constexpr uint32_t offset = 0xa8;
  static constexpr Field REPCNT_FAIL_COUNT{
      .name = "REPCNT_FAIL_COUNT", .lsb = 4, .width = 4, .core = Access::ro, .live = true};
  static constexpr Field ADAPTP_HI_FAIL_COUNT{
      .name = "ADAPTP_HI_FAIL_COUNT", .lsb = 8, .width = 4, .core = Access::ro, .live = true};
  static constexpr Field ADAPTP_LO_FAIL_COUNT{
      .name = "ADAPTP_LO_FAIL_COUNT", .lsb = 12, .width = 4, .core = Access::ro, .live = true};
  static constexpr Field BUCKET_FAIL_COUNT{
      .name = "BUCKET_FAIL_COUNT", .lsb = 16, .width = 4, .core = Access::ro, .live = true};
  static constexpr Field MARKOV_HI_FAIL_COUNT{
      .name = "MARKOV_HI_FAIL_COUNT", .lsb = 20, .width = 4, .core = Access::ro, .live = true};
  static constexpr Field MARKOV_LO_FAIL_COUNT{
      .name = "MARKOV_LO_FAIL_COUNT", .lsb = 24, .width = 4, .core = Access::ro, .live = true};
  static constexpr Field REPCNTS_FAIL_COUNT{
      .name = "REPCNTS_FAIL_COUNT", .lsb = 28, .width = 4, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {REPCNT_FAIL_COUNT, ADAPTP_HI_FAIL_COUNT, ADAPTP_LO_FAIL_COUNT,
                                     BUCKET_FAIL_COUNT, MARKOV_HI_FAIL_COUNT, MARKOV_LO_FAIL_COUNT,
                                     REPCNTS_FAIL_COUNT};
};

struct EXTHT_FAIL_COUNTS {
  static constexpr std::string_view name = "EXTHT_FAIL_COUNTS";
  static constexpr uint32_t offset = 0xac;
  static constexpr Field EXTHT_HI_FAIL_COUNT{
      .name = "EXTHT_HI_FAIL_COUNT", .width = 4, .core = Access::ro, .live = true};
  static constexpr Field EXTHT_LO_FAIL_COUNT{
      .name = "EXTHT_LO_FAIL_COUNT", .lsb = 4, .width = 4, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {EXTHT_HI_FAIL_COUNT, EXTHT_LO_FAIL_COUNT};
};

struct FW_OV_CONTROL {
  static constexpr std::string_view name = "FW_OV_CONTROL";
  static constexpr uint32_t offset = 0xb0;
  static constexpr Field FW_OV_MODE{.name = "FW_OV_MODE", .width = 4, .reset = 0x9, .lock = regwen_clear};
  static constexpr Field FW_OV_ENTROPY_INSERT{
      .name = "FW_OV_ENTROPY_INSERT", .lsb = 4, .width = 4, .reset = 0x9, .lock = regwen_clear};
  static constexpr Field fields[] = {FW_OV_MODE, FW_OV_ENTROPY_INSERT};
};

struct FW_OV_SHA3_START {
  static constexpr std::string_view name = "FW_OV_SHA3_START";
  static constexpr uint32_t offset = 0xb4;
  static constexpr Field FW_OV_INSERT_START{.name = "FW_OV_INSERT_START", .width = 4, .reset = 0x9};
  static constexpr Field fields[] = {FW_OV_INSERT_START};
};

struct FW_OV_WR_FIFO_FULL {
  static constexpr std::string_view name = "FW_OV_WR_FIFO_FULL";
  static constexpr uint32_t offset = 0xb8;
  static constexpr Field FW_OV_WR_FIFO_FULL_{
      .name = "FW_OV_WR_FIFO_FULL", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {FW_OV_WR_FIFO_FULL_};
};

struct FW_OV_RD_FIFO_OVERFLOW {
  static constexpr std::string_view name = "FW_OV_RD_FIFO_OVERFLOW";
  static constexpr uint32_t offset = 0xbc;
  /// In RTL 1.0 the hardware overwrites it in each clock cycle, so that it only blinks.
  static constexpr Field BLINKING{
      .name = "FW_OV_RD_FIFO_OVERFLOW", .width = 1, .on_write = OnWrite::w0c, .variants = only_1_0};
  static constexpr Field FW_OV_RD_FIFO_OVERFLOW_{
      .name = "FW_OV_RD_FIFO_OVERFLOW", .width = 1, .core = Access::ro, .live = true, .variants = since_1_1};
  static constexpr Field fields[] = {BLINKING, FW_OV_RD_FIFO_OVERFLOW_};
};

struct FW_OV_RD_DATA {
  static constexpr std::string_view name = "FW_OV_RD_DATA";
  static constexpr uint32_t offset = 0xc0;
  static constexpr Field FW_OV_RD_DATA_{.name = "FW_OV_RD_DATA", .core = Access::ro, .live = true};
  static constexpr Field fields[] = {FW_OV_RD_DATA_};
};

struct FW_OV_WR_DATA {
  static constexpr std::string_view name = "FW_OV_WR_DATA";
  static constexpr uint32_t offset = 0xc4;
  static constexpr Field FW_OV_WR_DATA_{.name = "FW_OV_WR_DATA", .core = Access::wo};
  static constexpr Field fields[] = {FW_OV_WR_DATA_};
};

struct OBSERVE_FIFO_THRESH {
  static constexpr std::string_view name = "OBSERVE_FIFO_THRESH";
  static constexpr uint32_t offset = 0xc8;
  static constexpr Field OBSERVE_FIFO_THRESH_{
      .name = "OBSERVE_FIFO_THRESH", .width = 7, .reset = 0x20, .lock = regwen_clear};
  static constexpr Field fields[] = {OBSERVE_FIFO_THRESH_};
};

struct OBSERVE_FIFO_DEPTH {
  static constexpr std::string_view name = "OBSERVE_FIFO_DEPTH";
  static constexpr uint32_t offset = 0xcc;
  static constexpr Field OBSERVE_FIFO_DEPTH_{
      .name = "OBSERVE_FIFO_DEPTH", .width = 7, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {OBSERVE_FIFO_DEPTH_};
};

struct DEBUG_STATUS {
  static constexpr std::string_view name = "DEBUG_STATUS";
  static constexpr uint32_t offset = 0xd0;
  static constexpr Field ENTROPY_FIFO_DEPTH{.name = "ENTROPY_FIFO_DEPTH", .width = 3, .core = Access::ro, .live = true};
  static constexpr Field SHA3_FSM{.name = "SHA3_FSM", .lsb = 3, .width = 3, .core = Access::ro, .live = true};
  static constexpr Field SHA3_BLOCK_PR{.name = "SHA3_BLOCK_PR", .lsb = 6, .width = 1, .core = Access::ro, .live = true};
  static constexpr Field SHA3_SQUEEZING{
      .name = "SHA3_SQUEEZING", .lsb = 7, .width = 1, .core = Access::ro, .live = true};
  static constexpr Field SHA3_ABSORBED{.name = "SHA3_ABSORBED", .lsb = 8, .width = 1, .core = Access::ro, .live = true};
  static constexpr Field SHA3_ERR{.name = "SHA3_ERR", .lsb = 9, .width = 1, .core = Access::ro, .live = true};
  static constexpr Field MAIN_SM_IDLE{
      .name = "MAIN_SM_IDLE", .lsb = 16, .width = 1, .core = Access::ro, .reset = 0x1, .live = true};
  static constexpr Field MAIN_SM_BOOT_DONE{
      .name = "MAIN_SM_BOOT_DONE", .lsb = 17, .width = 1, .core = Access::ro, .live = true};
  static constexpr Field fields[] = {ENTROPY_FIFO_DEPTH, SHA3_FSM, SHA3_BLOCK_PR, SHA3_SQUEEZING,
                                     SHA3_ABSORBED,      SHA3_ERR, MAIN_SM_IDLE,  MAIN_SM_BOOT_DONE};
};

struct RECOV_ALERT_STS {
  static constexpr std::string_view name = "RECOV_ALERT_STS";
  static constexpr uint32_t offset = 0xd4;
  static constexpr Field FIPS_ENABLE_FIELD_ALERT{
      .name = "FIPS_ENABLE_FIELD_ALERT", .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field ENTROPY_DATA_REG_EN_FIELD_ALERT{
      .name = "ENTROPY_DATA_REG_EN_FIELD_ALERT", .lsb = 1, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field MODULE_ENABLE_FIELD_ALERT{
      .name = "MODULE_ENABLE_FIELD_ALERT", .lsb = 2, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field THRESHOLD_SCOPE_FIELD_ALERT{
      .name = "THRESHOLD_SCOPE_FIELD_ALERT", .lsb = 3, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field RNG_BIT_ENABLE_FIELD_ALERT{
      .name = "RNG_BIT_ENABLE_FIELD_ALERT", .lsb = 5, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field FW_OV_SHA3_START_FIELD_ALERT{
      .name = "FW_OV_SHA3_START_FIELD_ALERT", .lsb = 7, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field FW_OV_MODE_FIELD_ALERT{
      .name = "FW_OV_MODE_FIELD_ALERT", .lsb = 8, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field FW_OV_ENTROPY_INSERT_FIELD_ALERT{
      .name = "FW_OV_ENTROPY_INSERT_FIELD_ALERT", .lsb = 9, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field ES_ROUTE_FIELD_ALERT{
      .name = "ES_ROUTE_FIELD_ALERT", .lsb = 10, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field ES_TYPE_FIELD_ALERT{
      .name = "ES_TYPE_FIELD_ALERT", .lsb = 11, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field ES_MAIN_SM_ALERT{.name = "ES_MAIN_SM_ALERT", .lsb = 12, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field ES_BUS_CMP_ALERT{.name = "ES_BUS_CMP_ALERT", .lsb = 13, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field ES_THRESH_CFG_ALERT{
      .name = "ES_THRESH_CFG_ALERT", .lsb = 14, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field ES_FW_OV_WR_ALERT{
      .name = "ES_FW_OV_WR_ALERT", .lsb = 15, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field ES_FW_OV_DISABLE_ALERT{
      .name = "ES_FW_OV_DISABLE_ALERT", .lsb = 16, .width = 1, .on_write = OnWrite::w0c};
  static constexpr Field fields[] = {FIPS_ENABLE_FIELD_ALERT,    ENTROPY_DATA_REG_EN_FIELD_ALERT,
                                     MODULE_ENABLE_FIELD_ALERT,  THRESHOLD_SCOPE_FIELD_ALERT,
                                     RNG_BIT_ENABLE_FIELD_ALERT, FW_OV_SHA3_START_FIELD_ALERT,
                                     FW_OV_MODE_FIELD_ALERT,     FW_OV_ENTROPY_INSERT_FIELD_ALERT,
                                     ES_ROUTE_FIELD_ALERT,       ES_TYPE_FIELD_ALERT,
                                     ES_MAIN_SM_ALERT,           ES_BUS_CMP_ALERT,
                                     ES_THRESH_CFG_ALERT,        ES_FW_OV_WR_ALERT,
                                     ES_FW_OV_DISABLE_ALERT};
};

struct ERR_CODE {
  static constexpr std::string_view name = "ERR_CODE";
  static constexpr uint32_t offset = 0xd8;
  static constexpr Field SFIFO_ESRNG_ERR{.name = "SFIFO_ESRNG_ERR", .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_OBSERVE_ERR{.name = "SFIFO_OBSERVE_ERR", .lsb = 1, .width = 1, .core = Access::ro};
  static constexpr Field SFIFO_ESFINAL_ERR{.name = "SFIFO_ESFINAL_ERR", .lsb = 2, .width = 1, .core = Access::ro};
  static constexpr Field ES_ACK_SM_ERR{.name = "ES_ACK_SM_ERR", .lsb = 20, .width = 1, .core = Access::ro};
  static constexpr Field ES_MAIN_SM_ERR{.name = "ES_MAIN_SM_ERR", .lsb = 21, .width = 1, .core = Access::ro};
  static constexpr Field ES_CNTR_ERR{.name = "ES_CNTR_ERR", .lsb = 22, .width = 1, .core = Access::ro};
  static constexpr Field SHA3_STATE_ERR{.name = "SHA3_STATE_ERR", .lsb = 23, .width = 1, .core = Access::ro};
  static constexpr Field SHA3_RST_STORAGE_ERR{
      .name = "SHA3_RST_STORAGE_ERR", .lsb = 24, .width = 1, .core = Access::ro};
  static constexpr Field FIFO_WRITE_ERR{.name = "FIFO_WRITE_ERR", .lsb = 28, .width = 1, .core = Access::ro};
  static constexpr Field FIFO_READ_ERR{.name = "FIFO_READ_ERR", .lsb = 29, .width = 1, .core = Access::ro};
  static constexpr Field FIFO_STATE_ERR{.name = "FIFO_STATE_ERR", .lsb = 30, .width = 1, .core = Access::ro};
  static constexpr Field fields[] = {SFIFO_ESRNG_ERR, SFIFO_OBSERVE_ERR, SFIFO_ESFINAL_ERR, ES_ACK_SM_ERR,
                                     ES_MAIN_SM_ERR,  ES_CNTR_ERR,       SHA3_STATE_ERR,    SHA3_RST_STORAGE_ERR,
                                     FIFO_WRITE_ERR,  FIFO_READ_ERR,     FIFO_STATE_ERR};
};

struct ERR_CODE_TEST {
  static constexpr std::string_view name = "ERR_CODE_TEST";
  static constexpr uint32_t offset = 0xdc;
  static constexpr Field ERR_CODE_TEST_{.name = "ERR_CODE_TEST", .width = 5};
  static constexpr Field fields[] = {ERR_CODE_TEST_};
};

struct MAIN_SM_STATE {
  static constexpr std::string_view name = "MAIN_SM_STATE";
  static constexpr uint32_t offset = 0xe0;
  static constexpr Field MAIN_SM_STATE_{
      .name = "MAIN_SM_STATE", .width = 9, .core = Access::ro, .reset = 0xf5, .live = true};
  static constexpr Field fields[] = {MAIN_SM_STATE_};
};

inline constexpr veer::Register table[] = {
    veer::describe<INTERRUPT_STATE>(),
    veer::describe<INTERRUPT_ENABLE>(),
    veer::describe<INTERRUPT_TEST>(),
    veer::describe<ALERT_TEST>(),
    veer::describe<ME_REGWEN>(),
    veer::describe<SW_REGUPD>(),
    veer::describe<REGWEN>(),
    veer::describe<REV>(),
    veer::describe<MODULE_ENABLE>(),
    veer::describe<CONF>(),
    veer::describe<ENTROPY_CONTROL>(),
    veer::describe<ENTROPY_DATA>(),
    veer::describe<HEALTH_TEST_WINDOWS>(),
    veer::describe<REPCNT_THRESHOLDS>(),
    veer::describe<REPCNTS_THRESHOLDS>(),
    veer::describe<ADAPTP_HI_THRESHOLDS>(),
    veer::describe<ADAPTP_LO_THRESHOLDS>(),
    veer::describe<BUCKET_THRESHOLDS>(),
    veer::describe<MARKOV_HI_THRESHOLDS>(),
    veer::describe<MARKOV_LO_THRESHOLDS>(),
    veer::describe<EXTHT_HI_THRESHOLDS>(),
    veer::describe<EXTHT_LO_THRESHOLDS>(),
    veer::describe<REPCNT_HI_WATERMARKS>(),
    veer::describe<REPCNTS_HI_WATERMARKS>(),
    veer::describe<ADAPTP_HI_WATERMARKS>(),
    veer::describe<ADAPTP_LO_WATERMARKS>(),
    veer::describe<EXTHT_HI_WATERMARKS>(),
    veer::describe<EXTHT_LO_WATERMARKS>(),
    veer::describe<BUCKET_HI_WATERMARKS>(),
    veer::describe<MARKOV_HI_WATERMARKS>(),
    veer::describe<MARKOV_LO_WATERMARKS>(),
    veer::describe<REPCNT_TOTAL_FAILS>(),
    veer::describe<REPCNTS_TOTAL_FAILS>(),
    veer::describe<ADAPTP_HI_TOTAL_FAILS>(),
    veer::describe<ADAPTP_LO_TOTAL_FAILS>(),
    veer::describe<BUCKET_TOTAL_FAILS>(),
    veer::describe<MARKOV_HI_TOTAL_FAILS>(),
    veer::describe<MARKOV_LO_TOTAL_FAILS>(),
    veer::describe<EXTHT_HI_TOTAL_FAILS>(),
    veer::describe<EXTHT_LO_TOTAL_FAILS>(),
    veer::describe<ALERT_THRESHOLD>(),
    veer::describe<ALERT_SUMMARY_FAIL_COUNTS>(),
    veer::describe<ALERT_FAIL_COUNTS>(),
    veer::describe<EXTHT_FAIL_COUNTS>(),
    veer::describe<FW_OV_CONTROL>(),
    veer::describe<FW_OV_SHA3_START>(),
    veer::describe<FW_OV_WR_FIFO_FULL>(),
    veer::describe<FW_OV_RD_FIFO_OVERFLOW>(),
    veer::describe<FW_OV_RD_DATA>(),
    veer::describe<FW_OV_WR_DATA>(),
    veer::describe<OBSERVE_FIFO_THRESH>(),
    veer::describe<OBSERVE_FIFO_DEPTH>(),
    veer::describe<DEBUG_STATUS>(),
    veer::describe<RECOV_ALERT_STS>(),
    veer::describe<ERR_CODE>(),
    veer::describe<ERR_CODE_TEST>(),
    veer::describe<MAIN_SM_STATE>(),
};

}  // namespace caliptra::entropy_src_regs
