// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The access rules of every register from both sides, against masks taken from the RTL's register
// description, not from our table.

#include <doctest/doctest.h>

#include <set>
#include <string_view>

#include "peripherals/soc_ifc/test_bench.h"

using namespace caliptra;
using namespace caliptra::soc_ifc_regs;
using caliptra::test::Bench;
using veer::Agent;

namespace {

constexpr uint32_t all = 0xffff'ffff;

struct Expected {
  std::string_view name;
  uint32_t offset;
  uint32_t count;
  uint32_t core_read;
  uint32_t core_write;
  uint32_t soc_read;
  uint32_t soc_write;
  uint32_t write_1_clears;
  uint32_t single_pulse;
  uint32_t sticky;  // survives a warm reset
  uint32_t reset;
};

// clang-format off
constexpr Expected expected[] = {
    {"CPTRA_HW_ERROR_FATAL", 0x0, 1, 0xf, 0xf, 0xf, 0xf, 0xf, 0, 0xf, 0},
    {"CPTRA_HW_ERROR_NON_FATAL", 0x4, 1, 0x7, 0x7, 0x7, 0x7, 0x7, 0, 0x7, 0},
    {"CPTRA_FW_ERROR_FATAL", 0x8, 1, all, all, all, all, 0, 0, all, 0},
    {"CPTRA_FW_ERROR_NON_FATAL", 0xc, 1, all, all, all, all, 0, 0, all, 0},
    {"CPTRA_HW_ERROR_ENC", 0x10, 1, all, all, all, all, 0, 0, all, 0},
    {"CPTRA_FW_ERROR_ENC", 0x14, 1, all, all, all, all, 0, 0, all, 0},
    {"CPTRA_FW_EXTENDED_ERROR_INFO", 0x18, 8, all, all, all, all, 0, 0, all, 0},
    {"CPTRA_BOOT_STATUS", 0x38, 1, all, all, all, 0, 0, 0, 0, 0},
    {"CPTRA_FLOW_STATUS", 0x3c, 1, all, 0xb1ffffff, all, 0, 0, 0, 0, 0},
    {"CPTRA_RESET_REASON", 0x40, 1, 0x3, 0, 0x3, 0, 0, 0, 0x2, 0},
    {"CPTRA_SECURITY_STATE", 0x44, 1, all, 0, all, 0, 0, 0, 0, 0},
    {"CPTRA_MBOX_VALID_PAUSER", 0x48, 5, all, all, all, all, 0, 0, 0, all},
    {"CPTRA_MBOX_PAUSER_LOCK", 0x5c, 5, 0x1, 0x1, 0x1, 0x1, 0, 0, 0, 0},
    {"CPTRA_TRNG_VALID_PAUSER", 0x70, 1, all, all, all, all, 0, 0, 0, all},
    {"CPTRA_TRNG_PAUSER_LOCK", 0x74, 1, 0x1, 0x1, 0x1, 0x1, 0, 0, 0, 0},
    {"CPTRA_TRNG_DATA", 0x78, 12, all, 0, all, all, 0, 0, 0, 0},
    {"CPTRA_TRNG_CTRL", 0xa8, 1, 0x1, 0x1, 0x1, 0, 0, 0x1, 0, 0},
    {"CPTRA_TRNG_STATUS", 0xac, 1, 0x3, 0x1, 0x3, 0x2, 0, 0, 0, 0},
    {"CPTRA_FUSE_WR_DONE", 0xb0, 1, 0x1, 0, 0x1, 0x1, 0, 0, 0x1, 0},
    {"CPTRA_TIMER_CONFIG", 0xb4, 1, all, all, all, all, 0, 0, all, 0},
    {"CPTRA_BOOTFSM_GO", 0xb8, 1, 0x1, 0, 0x1, 0x1, 0, 0, 0, 0},
    {"CPTRA_DBG_MANUF_SERVICE_REG", 0xbc, 1, all, all, all, all, 0, 0, 0, 0},
    {"CPTRA_CLK_GATING_EN", 0xc0, 1, 0x1, 0, 0x1, 0x1, 0, 0, 0, 0},
    {"CPTRA_GENERIC_INPUT_WIRES", 0xc4, 2, all, 0, all, 0, 0, 0, 0, 0},
    {"CPTRA_GENERIC_OUTPUT_WIRES", 0xcc, 2, all, all, all, 0, 0, 0, 0, 0},
    {"CPTRA_HW_REV_ID", 0xd4, 1, all, 0, all, 0, 0, 0, 0, 0x11},
    {"CPTRA_FW_REV_ID", 0xd8, 2, all, all, all, 0, 0, 0, 0, 0},
    {"CPTRA_HW_CONFIG", 0xe0, 1, 0x1f, 0, 0x1f, 0, 0, 0, 0, 0},
    {"CPTRA_WDT_TIMER1_EN", 0xe4, 1, 0x1, 0x1, 0x1, 0, 0, 0, 0, 0},
    {"CPTRA_WDT_TIMER1_CTRL", 0xe8, 1, 0x1, 0x1, 0x1, 0, 0, 0x1, 0, 0},
    {"CPTRA_WDT_TIMER1_TIMEOUT_PERIOD", 0xec, 2, all, all, all, 0, 0, 0, 0, all},
    {"CPTRA_WDT_TIMER2_EN", 0xf4, 1, 0x1, 0x1, 0x1, 0, 0, 0, 0, 0},
    {"CPTRA_WDT_TIMER2_CTRL", 0xf8, 1, 0x1, 0x1, 0x1, 0, 0, 0x1, 0, 0},
    {"CPTRA_WDT_TIMER2_TIMEOUT_PERIOD", 0xfc, 2, all, all, all, 0, 0, 0, 0, all},
    {"CPTRA_WDT_STATUS", 0x104, 1, 0x3, 0x3, 0x3, 0, 0, 0, 0, 0},
    {"CPTRA_FUSE_VALID_PAUSER", 0x108, 1, all, all, all, all, 0, 0, all, all},
    {"CPTRA_FUSE_PAUSER_LOCK", 0x10c, 1, 0x1, 0x1, 0x1, 0x1, 0, 0, 0x1, 0},
    {"CPTRA_WDT_CFG", 0x110, 2, all, all, all, all, 0, 0, all, 0},
    {"CPTRA_iTRNG_ENTROPY_CONFIG_0", 0x118, 1, all, all, all, all, 0, 0, 0, 0},
    {"CPTRA_iTRNG_ENTROPY_CONFIG_1", 0x11c, 1, all, all, all, all, 0, 0, 0, 0},
    {"CPTRA_RSVD_REG", 0x120, 2, all, all, all, all, 0, 0, 0, 0},
    {"fuse_uds_seed", 0x200, 12, 0, 0, 0, all, 0, 0, all, 0},
    {"fuse_field_entropy", 0x230, 8, 0, 0, 0, all, 0, 0, all, 0},
    {"fuse_key_manifest_pk_hash", 0x250, 12, all, 0, all, all, 0, 0, all, 0},
    {"fuse_key_manifest_pk_hash_mask", 0x280, 1, 0xf, 0, 0xf, 0xf, 0, 0, 0xf, 0},
    {"fuse_owner_pk_hash", 0x284, 12, all, 0, all, all, 0, 0, all, 0},
    {"fuse_fmc_key_manifest_svn", 0x2b4, 1, all, 0, all, all, 0, 0, all, 0},
    {"fuse_runtime_svn", 0x2b8, 4, all, 0, all, all, 0, 0, all, 0},
    {"fuse_anti_rollback_disable", 0x2c8, 1, 0x1, 0, 0x1, 0x1, 0, 0, 0x1, 0},
    {"fuse_idevid_cert_attr", 0x2cc, 24, all, 0, all, all, 0, 0, all, 0},
    {"fuse_idevid_manuf_hsm_id", 0x32c, 4, all, 0, all, all, 0, 0, all, 0},
    {"fuse_life_cycle", 0x33c, 1, 0x3, 0, 0x3, 0x3, 0, 0, 0x3, 0},
    {"fuse_lms_verify", 0x340, 1, 0x1, 0, 0x1, 0x1, 0, 0, 0x1, 0},
    {"fuse_lms_revocation", 0x344, 1, all, 0, all, all, 0, 0, all, 0},
    {"fuse_soc_stepping_id", 0x348, 1, 0xffff, 0, 0xffff, 0xffff, 0, 0, 0xffff, 0},
    {"internal_obf_key", 0x600, 8, 0, 0, 0, 0, 0, 0, 0, 0},
    {"internal_iccm_lock", 0x620, 1, 0x1, 0x1, 0x1, 0, 0, 0, 0, 0},
    {"internal_fw_update_reset", 0x624, 1, 0x1, 0x1, 0x1, 0, 0, 0x1, 0, 0},
    {"internal_fw_update_reset_wait_cycles", 0x628, 1, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0x5},
    {"internal_nmi_vector", 0x62c, 1, all, all, all, 0, 0, 0, 0, 0},
    {"internal_hw_error_fatal_mask", 0x630, 1, 0xf, 0x7, 0xf, 0, 0, 0, 0, 0},
    {"internal_hw_error_non_fatal_mask", 0x634, 1, 0x7, 0x7, 0x7, 0, 0, 0, 0, 0},
    {"internal_fw_error_fatal_mask", 0x638, 1, all, all, all, 0, 0, 0, 0, 0},
    {"internal_fw_error_non_fatal_mask", 0x63c, 1, all, all, all, 0, 0, 0, 0, 0},
    {"internal_rv_mtime_l", 0x640, 1, all, all, all, 0, 0, 0, all, 0},
    {"internal_rv_mtime_h", 0x644, 1, all, all, all, 0, 0, 0, all, 0},
    {"internal_rv_mtimecmp_l", 0x648, 1, all, all, all, 0, 0, 0, all, 0},
    {"internal_rv_mtimecmp_h", 0x64c, 1, all, all, all, 0, 0, 0, all, 0},
    {"global_intr_en_r", 0x800, 1, 0x3, 0x3, 0x3, 0, 0, 0, 0, 0},
    {"error_intr_en_r", 0x804, 1, 0xff, 0xff, 0xff, 0, 0, 0, 0, 0},
    {"notif_intr_en_r", 0x808, 1, 0x3f, 0x3f, 0x3f, 0, 0, 0, 0, 0},
    {"error_global_intr_r", 0x80c, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
    {"notif_global_intr_r", 0x810, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
    {"error_internal_intr_r", 0x814, 1, 0xff, 0xff, 0xff, 0, 0xff, 0, 0xff, 0},
    {"notif_internal_intr_r", 0x818, 1, 0x3f, 0x3f, 0x3f, 0, 0x3f, 0, 0, 0},
    {"error_intr_trig_r", 0x81c, 1, 0xff, 0xff, 0xff, 0, 0, 0xff, 0, 0},
    {"notif_intr_trig_r", 0x820, 1, 0x3f, 0x3f, 0x3f, 0, 0, 0x3f, 0, 0},
    {"error_internal_intr_count_r", 0x900, 1, all, all, all, 0, 0, 0, all, 0},
    {"error_inv_dev_intr_count_r", 0x904, 1, all, all, all, 0, 0, 0, all, 0},
    {"error_cmd_fail_intr_count_r", 0x908, 1, all, all, all, 0, 0, 0, all, 0},
    {"error_bad_fuse_intr_count_r", 0x90c, 1, all, all, all, 0, 0, 0, all, 0},
    {"error_iccm_blocked_intr_count_r", 0x910, 1, all, all, all, 0, 0, 0, all, 0},
    {"error_mbox_ecc_unc_intr_count_r", 0x914, 1, all, all, all, 0, 0, 0, all, 0},
    {"error_wdt_timer1_timeout_intr_count_r", 0x918, 1, all, all, all, 0, 0, 0, all, 0},
    {"error_wdt_timer2_timeout_intr_count_r", 0x91c, 1, all, all, all, 0, 0, 0, all, 0},
    {"notif_cmd_avail_intr_count_r", 0x980, 1, all, all, all, 0, 0, 0, 0, 0},
    {"notif_mbox_ecc_cor_intr_count_r", 0x984, 1, all, all, all, 0, 0, 0, 0, 0},
    {"notif_debug_locked_intr_count_r", 0x988, 1, all, all, all, 0, 0, 0, 0, 0},
    {"notif_scan_mode_intr_count_r", 0x98c, 1, all, all, all, 0, 0, 0, 0, 0},
    {"notif_soc_req_lock_intr_count_r", 0x990, 1, all, all, all, 0, 0, 0, 0, 0},
    {"notif_gen_in_toggle_intr_count_r", 0x994, 1, all, all, all, 0, 0, 0, 0, 0},
    {"error_internal_intr_count_incr_r", 0xa00, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
    {"error_inv_dev_intr_count_incr_r", 0xa04, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
    {"error_cmd_fail_intr_count_incr_r", 0xa08, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
    {"error_bad_fuse_intr_count_incr_r", 0xa0c, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
    {"error_iccm_blocked_intr_count_incr_r", 0xa10, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
    {"error_mbox_ecc_unc_intr_count_incr_r", 0xa14, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
    {"error_wdt_timer1_timeout_intr_count_incr_r", 0xa18, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
    {"error_wdt_timer2_timeout_intr_count_incr_r", 0xa1c, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
    {"notif_cmd_avail_intr_count_incr_r", 0xa20, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
    {"notif_mbox_ecc_cor_intr_count_incr_r", 0xa24, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
    {"notif_debug_locked_intr_count_incr_r", 0xa28, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
    {"notif_scan_mode_intr_count_incr_r", 0xa2c, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
    {"notif_soc_req_lock_intr_count_incr_r", 0xa30, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
    {"notif_gen_in_toggle_intr_count_incr_r", 0xa34, 1, 0x1, 0, 0x1, 0, 0, 0, 0, 0},
};
// clang-format on

// Registers that hold something else than what was written; each has a test of its own.
const std::set<std::string_view> special = {
    "CPTRA_FLOW_STATUS",
    "CPTRA_SECURITY_STATE",
    "CPTRA_TRNG_STATUS",
    "CPTRA_HW_REV_ID",
    "CPTRA_HW_CONFIG",
    "CPTRA_WDT_STATUS",
    "internal_rv_mtime_l",
    "internal_rv_mtime_h",
    "error_internal_intr_r",
    "notif_internal_intr_r",
    "error_global_intr_r",
    "notif_global_intr_r",
    "notif_debug_locked_intr_count_r",
    "CPTRA_RESET_REASON",
};

}  // namespace

TEST_CASE("the table has every register of the RTL, and no other") {
  Bench bench;
  uint32_t words = 0;
  for (const Expected& reg : expected) {
    for (uint32_t i = 0; i < reg.count; ++i) {
      const auto found = bench.soc_ifc.find(reg.offset + 4 * i);
      REQUIRE_MESSAGE(found, reg.name);
      CHECK(found->description->name.ends_with(reg.name));
      CHECK(found->element == i);
      ++words;
    }
  }
  uint32_t have = 0;
  for (uint32_t offset = 0; offset < bench.soc_ifc.size(); offset += 4) have += bench.soc_ifc.find(offset) ? 1 : 0;
  CHECK(have == words);
}

TEST_CASE("reset values, read rights and write rights of core and SoC") {
  for (const Expected& reg : expected) {
    if (special.contains(reg.name)) continue;
    for (uint32_t i = 0; i < reg.count; ++i) {
      const uint32_t at = reg.offset + 4 * i;
      CAPTURE(reg.name);
      CAPTURE(i);
      for (const Agent agent : {Agent::core, Agent::soc}) {
        const bool soc = agent == Agent::soc;
        Bench bench;
        bench.power_up();
        REQUIRE(bench.soc_ifc.read(at, 4, Agent::core).data == (reg.reset & reg.core_read));
        REQUIRE(bench.soc_ifc.read(at, 4, Agent::soc).data == (reg.reset & reg.soc_read));

        const uint32_t can_write = (soc ? reg.soc_write : reg.core_write) & ~reg.single_pulse;
        for (const uint32_t data : {all, 0x5a5a'5a5aU, 0U}) {
          const uint32_t before = bench.soc_ifc.stored(at);
          REQUIRE(bench.soc_ifc.write(at, 4, data, agent) == veer::BusStatus::ok);
          const uint32_t plain = can_write & ~reg.write_1_clears;
          uint32_t value = (before & ~plain) | (data & plain);
          value &= ~(data & can_write & reg.write_1_clears);
          if (reg.name == "CPTRA_MBOX_PAUSER_LOCK" || reg.name == "CPTRA_TRNG_PAUSER_LOCK" ||
              reg.name == "CPTRA_FUSE_PAUSER_LOCK" || reg.name == "CPTRA_FUSE_WR_DONE" ||
              reg.name == "internal_iccm_lock") {
            value |= before;  // for ever once set
          }
          REQUIRE(bench.soc_ifc.stored(at) == value);
          REQUIRE(bench.soc_ifc.read(at, 4, Agent::core).data == (value & reg.core_read));
          REQUIRE(bench.soc_ifc.read(at, 4, Agent::soc).data == (value & reg.soc_read));
        }
      }
    }
  }
}

TEST_CASE("what a warm reset leaves and what it takes") {
  for (const Expected& reg : expected) {
    if (special.contains(reg.name) || reg.name == "CPTRA_GENERIC_INPUT_WIRES") continue;
    const uint32_t kept = reg.name == "internal_obf_key" ? all : reg.sticky;
    const uint32_t pattern = 0x1234'5675 & (reg.core_read | reg.core_write | reg.soc_write | kept);
    for (uint32_t i = 0; i < reg.count; ++i) {
      const uint32_t at = reg.offset + 4 * i;
      CAPTURE(reg.name);
      Bench bench;
      bench.boot();
      bench.soc_ifc.store(at, pattern);
      bench.warm_reset();
      REQUIRE(bench.soc_ifc.stored(at) == ((pattern & kept) | (reg.reset & ~kept)));
      bench.soc_ifc.set_cptra_pwrgood(false);
      REQUIRE(bench.soc_ifc.stored(at) == reg.reset);
    }
  }
}

TEST_CASE("generation 1.0") {
  Bench bench(veer::TimingProfile::reference, Generation::v1_0);
  bench.boot();
  CHECK(bench.read(CPTRA_HW_REV_ID::offset) == 0x0001);
  CHECK(bench.read(CPTRA_HW_CONFIG::offset) == 0);
  bench.soc_ifc.set_crypto_error(true);
  CHECK(bench.read(CPTRA_HW_ERROR_FATAL::offset) == 0);
  CHECK_FALSE(bench.soc_ifc.cptra_error_fatal.level());
}

TEST_CASE("straps, stepping and revision") {
  Bench bench(veer::TimingProfile::reference, Generation::v1_1, {.internal_trng = true, .internal_uart = true});
  bench.power_up();
  bench.soc_write(fuse_soc_stepping_id::offset, 0xabcd'1234);
  CHECK(bench.soc_read(CPTRA_HW_REV_ID::offset) == 0x1234'0011);
  CHECK(bench.read(CPTRA_HW_CONFIG::offset) == 0x19);
}

TEST_CASE("offsets without a register read 0 and take writes without an error") {
  Bench bench;
  bench.boot();
  for (const uint32_t at : {0x128U, 0x1fcU, 0x34cU, 0x5fcU, 0x700U, 0xffcU, 0x1000U, 0xfffcU}) {
    bench.write(at, 5);
    CHECK(bench.soc_ifc.read(at, 4, Agent::core).ok());
    CHECK(bench.read(at) == 0);
    CHECK(bench.soc_result(at).ok());
  }
}

TEST_CASE("fuses: the SoC's until FUSE_WR_DONE, then nobody's") {
  Bench bench;
  bench.power_up();
  for (const Expected& reg : expected) {
    if (!reg.name.starts_with("fuse_")) continue;
    for (uint32_t i = 0; i < reg.count; ++i) {
      const uint32_t at = reg.offset + 4 * i;
      bench.write(at, 0xffff'ffff);
      REQUIRE(bench.soc_ifc.stored(at) == 0);
      bench.soc_write(at, 0xa5a5'0001 + i);
    }
  }
  bench.soc_write(CPTRA_FUSE_WR_DONE::offset, 1);
  bench.soc_write(CPTRA_FUSE_WR_DONE::offset, 0);
  bench.run(20);
  CHECK(bench.read(CPTRA_FUSE_WR_DONE::offset) == 1);
  for (const Expected& reg : expected) {
    if (!reg.name.starts_with("fuse_")) continue;
    for (uint32_t i = 0; i < reg.count; ++i) {
      const uint32_t at = reg.offset + 4 * i;
      bench.soc_write(at, 0);
      bench.write(at, 0);
      const uint32_t value = (0xa5a5'0001 + i) & reg.soc_write;
      REQUIRE(bench.soc_ifc.stored(at) == value);
      const bool secret = reg.name == "fuse_uds_seed" || reg.name == "fuse_field_entropy";
      REQUIRE(bench.read(at) == (secret ? 0 : value));
      REQUIRE(bench.soc_read(at) == (secret ? 0 : value));
    }
  }
  CHECK(bench.soc_ifc.obf_uds_seed()[11] == 0xa5a5'000c);
  CHECK(bench.soc_ifc.obf_field_entropy()[0] == 0xa5a5'0001);
}

TEST_CASE("narrow writes to its address replace the whole register") {
  Bench bench;
  bench.boot();
  bench.write(CPTRA_TIMER_CONFIG::offset, 0x1122'3344);
  bench.soc_ifc.write(CPTRA_TIMER_CONFIG::offset, 1, 0x99, Agent::core);
  CHECK(bench.read(CPTRA_TIMER_CONFIG::offset) == 0x99);
  bench.soc_ifc.write(CPTRA_TIMER_CONFIG::offset + 2, 2, 0x99, Agent::core);
  CHECK(bench.read(CPTRA_TIMER_CONFIG::offset) == 0x99);
}
