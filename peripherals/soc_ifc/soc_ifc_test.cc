// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/soc_ifc/soc_ifc.h"

#include <doctest/doctest.h>

#include "iss/state_stream.h"
#include "peripherals/soc_ifc/test_bench.h"

using namespace caliptra;
using namespace caliptra::soc_ifc_regs;
using caliptra::test::Bench;
using veer::Agent;
using veer::BusStatus;

namespace {

constexpr uint32_t debug_locked_event = notif_internal_intr_r::notif_debug_locked_sts.mask();

constexpr std::array<uint32_t, 8> key = {1, 2, 3, 4, 5, 6, 7, 8};

void write_seeds(Bench& bench) {
  for (uint32_t i = 0; i < 12; ++i) bench.soc_write(fuse_uds_seed::offset + 4 * i, 100 + i);
  for (uint32_t i = 0; i < 8; ++i) bench.soc_write(fuse_field_entropy::offset + 4 * i, 200 + i);
}

}  // namespace

TEST_CASE("valid mailbox users: the default one, and those that are locked") {
  Bench bench;
  bench.power_up();
  CHECK(bench.soc_ifc.mailbox_user_valid(0xffff'ffff));
  CHECK_FALSE(bench.soc_ifc.mailbox_user_valid(1));
  for (uint32_t i = 0; i < 5; ++i) {
    bench.soc_write(CPTRA_MBOX_VALID_PAUSER::offset + 4 * i, 10 + i);
    CHECK_FALSE(bench.soc_ifc.mailbox_user_valid(10 + i));
    bench.soc_write(CPTRA_MBOX_PAUSER_LOCK::offset + 4 * i, 1);
    CHECK(bench.soc_ifc.mailbox_user_valid(10 + i));
    bench.soc_write(CPTRA_MBOX_VALID_PAUSER::offset + 4 * i, 99);
    bench.write(CPTRA_MBOX_VALID_PAUSER::offset + 4 * i, 99);
    bench.write(CPTRA_MBOX_PAUSER_LOCK::offset + 4 * i, 0);
    CHECK(bench.soc_ifc.mailbox_user_valid(10 + i));
    CHECK_FALSE(bench.soc_ifc.mailbox_user_valid(99));
  }
  CHECK(bench.soc_ifc.mailbox_user_valid(0xffff'ffff));
  bench.warm_reset();
  CHECK_FALSE(bench.soc_ifc.mailbox_user_valid(10));
}

TEST_CASE("the fuse user guards the fuse window and nothing else, across warm resets") {
  Bench bench;
  bench.power_up();
  bench.soc_write(CPTRA_FUSE_VALID_PAUSER::offset, 7);
  CHECK(bench.soc_write(fuse_fmc_key_manifest_svn::offset, 1, 3) == BusStatus::ok);
  bench.soc_write(CPTRA_FUSE_PAUSER_LOCK::offset, 1);
  bench.soc_write(CPTRA_FUSE_VALID_PAUSER::offset, 3);
  CHECK(bench.soc_write(fuse_fmc_key_manifest_svn::offset, 2, 3) == BusStatus::target_error);
  CHECK(bench.soc_result(fuse_fmc_key_manifest_svn::offset, 3).status == BusStatus::target_error);
  CHECK(bench.soc_result(0x5fc, 3).status == BusStatus::target_error);  // no register there
  CHECK(bench.soc_result(0x600, 3).ok());
  CHECK(bench.soc_result(0x1fc, 3).ok());
  CHECK(bench.read(fuse_fmc_key_manifest_svn::offset) == 1);
  CHECK(bench.soc_write(fuse_fmc_key_manifest_svn::offset, 2, 7) == BusStatus::ok);
  CHECK(bench.soc_read(fuse_fmc_key_manifest_svn::offset, 7) == 2);
  bench.warm_reset();
  CHECK(bench.soc_result(fuse_fmc_key_manifest_svn::offset, 3).status == BusStatus::target_error);
}

TEST_CASE("external TRNG: request, answer, users") {
  Bench bench;
  bench.boot();
  const auto data = [](uint32_t i) { return CPTRA_TRNG_DATA::offset + 4 * i; };
  constexpr uint32_t done = CPTRA_TRNG_STATUS::DATA_WR_DONE.mask();

  bench.soc_write(CPTRA_TRNG_STATUS::offset, done);
  CHECK(bench.read(CPTRA_TRNG_STATUS::offset) == 0);  // nobody asked
  bench.write(CPTRA_TRNG_STATUS::offset, 3);
  CHECK(bench.soc_ifc.trng_req.level());
  CHECK(bench.soc_read(CPTRA_TRNG_STATUS::offset) == 1);
  for (uint32_t i = 0; i < 12; ++i) bench.soc_write(data(i), 50 + i, 4);
  bench.soc_write(CPTRA_TRNG_STATUS::offset, done, 4);
  CHECK(bench.read(CPTRA_TRNG_STATUS::offset) == 3);
  CHECK(bench.read(data(11)) == 61);
  bench.write(data(0), 5);
  CHECK(bench.read(data(0)) == 50);
  bench.write(CPTRA_TRNG_STATUS::offset, 0);
  CHECK(bench.read(CPTRA_TRNG_STATUS::offset) == 0);
  CHECK_FALSE(bench.soc_ifc.trng_req.level());
  bench.soc_write(CPTRA_TRNG_CTRL::offset, 1);
  CHECK(bench.read(data(3)) == 53);
  bench.write(CPTRA_TRNG_CTRL::offset, 1);
  for (uint32_t i = 0; i < 12; ++i) CHECK(bench.read(data(i)) == 0);

  bench.soc_write(CPTRA_TRNG_VALID_PAUSER::offset, 8);
  bench.soc_write(CPTRA_TRNG_PAUSER_LOCK::offset, 1);
  bench.write(CPTRA_TRNG_STATUS::offset, 1);
  CHECK(bench.soc_write(data(0), 1, 4) == BusStatus::ok);
  bench.soc_write(CPTRA_TRNG_STATUS::offset, done, 4);
  CHECK(bench.read(data(0)) == 0);
  CHECK(bench.read(CPTRA_TRNG_STATUS::offset) == 1);
  bench.soc_write(data(0), 2, 8);
  bench.soc_write(CPTRA_TRNG_STATUS::offset, done, 8);
  CHECK(bench.read(data(0)) == 2);
  CHECK(bench.read(CPTRA_TRNG_STATUS::offset) == 3);
  CHECK(bench.soc_read(data(0), 8) == 2);
  CHECK(bench.soc_read(data(0), 4) == 0);  // hidden
  CHECK(bench.soc_result(data(0), 4).ok());
}

TEST_CASE("security state is latched when the reset goes away") {
  Bench bench;
  bench.soc_ifc.set_security_state(test::manufacturing, true);
  bench.soc_ifc.set_cptra_pwrgood(true);
  CHECK(bench.soc_ifc.debug_locked());
  CHECK(bench.soc_ifc.device_lifecycle() == test::production);
  bench.boot(test::manufacturing, false);
  CHECK(bench.read(CPTRA_SECURITY_STATE::offset) == 1);
  CHECK(bench.soc_ifc.cptra_in_debug_scan_mode.level());
  bench.soc_ifc.set_security_state(test::production, true);
  CHECK(bench.read(CPTRA_SECURITY_STATE::offset) == 1);
  bench.warm_reset();
  CHECK(bench.read(CPTRA_SECURITY_STATE::offset) == 7);
  CHECK_FALSE(bench.soc_ifc.cptra_in_debug_scan_mode.level());
  bench.soc_ifc.set_scan_mode(true);
  CHECK(bench.read(CPTRA_SECURITY_STATE::offset) == 0xf);
}

TEST_CASE("coming out of reset is seen as a change of debug_locked: once if locked, twice if not") {
  for (const bool locked : {true, false}) {
    Bench bench;
    bench.boot(test::production, locked);
    CHECK(bench.read(notif_internal_intr_r::offset) == debug_locked_event);
    CHECK(bench.read(notif_debug_locked_intr_count_r::offset) == (locked ? 1 : 2));
  }
}

TEST_CASE("a locked device keeps its secrets until they are cleared") {
  Bench bench(veer::TimingProfile::reference, Generation::v1_1, {.obf_key = key});
  bench.power_up();
  write_seeds(bench);
  bench.soc_write(CPTRA_FUSE_WR_DONE::offset, 1);
  CHECK(bench.soc_ifc.obf_key() == key);
  CHECK(bench.soc_ifc.obf_uds_seed()[3] == 103);
  CHECK(bench.soc_ifc.obf_field_entropy()[7] == 207);
  bench.warm_reset();
  CHECK(bench.soc_ifc.obf_key() == key);
  bench.soc_ifc.clear_obf_secrets();
  CHECK(bench.soc_ifc.obf_key() == std::array<uint32_t, 8>{});
  CHECK(bench.soc_ifc.obf_uds_seed() == std::array<uint32_t, 12>{});
  CHECK(bench.soc_ifc.obf_field_entropy() == std::array<uint32_t, 8>{});
  bench.warm_reset();
  CHECK(bench.soc_ifc.obf_key() == std::array<uint32_t, 8>{});
  bench.soc_ifc.set_cptra_pwrgood(false);
  bench.power_up();
  CHECK(bench.soc_ifc.obf_key() == key);
}

TEST_CASE("debug unlocked: the DOE sees ones, the fuses don't hold, the vaults are flushed") {
  Bench bench(veer::TimingProfile::reference, Generation::v1_1, {.obf_key = key});
  unsigned flushes = 0;
  bench.soc_ifc.debug_lock_or_scan_mode_switch.connect([&](bool level) { flushes += level ? 1 : 0; });
  bench.power_up(test::production, false);
  CHECK(flushes == 1);
  CHECK_FALSE(bench.soc_ifc.debug_lock_or_scan_mode_switch.level());
  write_seeds(bench);
  CHECK(bench.soc_ifc.stored(fuse_uds_seed::offset) == 0);
  CHECK(bench.soc_ifc.stored(internal_obf_key::offset) == 0);
  CHECK(bench.soc_ifc.obf_key()[0] == 0xffff'ffff);
  CHECK(bench.soc_ifc.obf_uds_seed()[11] == 0xffff'ffff);
  CHECK(bench.soc_ifc.obf_field_entropy()[7] == 0xffff'ffff);
  // Locking later doesn't bring the key back: it is sampled once per power-on.
  bench.soc_ifc.set_security_state(test::production, true);
  bench.warm_reset();
  CHECK(bench.soc_ifc.obf_key() == std::array<uint32_t, 8>{});
  CHECK(flushes == 1);
}

TEST_CASE("scan mode at run time clears secrets, flushes and notifies") {
  Bench bench(veer::TimingProfile::reference, Generation::v1_1, {.obf_key = key});
  bench.power_up();
  write_seeds(bench);
  bench.soc_write(CPTRA_FUSE_WR_DONE::offset, 1);
  unsigned flushes = 0;
  bench.soc_ifc.debug_lock_or_scan_mode_switch.connect([&](bool level) { flushes += level ? 1 : 0; });
  bench.soc_ifc.set_scan_mode(true);
  CHECK(flushes == 1);
  CHECK(bench.soc_ifc.cptra_uc_rst_b.level());
  CHECK(bench.resets.empty());
  CHECK(bench.soc_ifc.cptra_in_debug_scan_mode.level());
  CHECK((bench.read(notif_internal_intr_r::offset) & notif_internal_intr_r::notif_scan_mode_sts.mask()) != 0);
  bench.soc_ifc.set_scan_mode(false);
  CHECK(bench.soc_ifc.obf_uds_seed() == std::array<uint32_t, 12>{});
  CHECK(flushes == 1);
}

TEST_CASE("generic wires") {
  Bench bench;
  constexpr uint32_t toggled = notif_internal_intr_r::notif_gen_in_toggle_sts.mask();
  bench.soc_ifc.set_generic_input_wires(1, 5);
  CHECK(bench.read(CPTRA_GENERIC_INPUT_WIRES::offset + 4) == 0);
  bench.boot();
  CHECK(bench.read(CPTRA_GENERIC_INPUT_WIRES::offset + 4) == 5);
  CHECK((bench.read(notif_internal_intr_r::offset) & toggled) != 0);
  bench.write(notif_internal_intr_r::offset, toggled);
  bench.write(notif_intr_en_r::offset, toggled);
  bench.write(global_intr_en_r::offset, 2);
  bench.soc_ifc.set_generic_input_wires(1, 5);
  CHECK_FALSE(bench.soc_ifc.interrupts.notif.level());
  bench.soc_ifc.set_generic_input_wires(0, 9);
  CHECK(bench.soc_ifc.interrupts.notif.level());
  CHECK(bench.read(notif_gen_in_toggle_intr_count_r::offset) == 2);

  bench.changes.clear();
  bench.write(CPTRA_GENERIC_OUTPUT_WIRES::offset, 'x');
  bench.write(CPTRA_GENERIC_OUTPUT_WIRES::offset, 'x');
  bench.write(CPTRA_GENERIC_OUTPUT_WIRES::offset + 4, 3);
  bench.soc_write(CPTRA_GENERIC_OUTPUT_WIRES::offset, 'y');
  CHECK(bench.changes == std::vector<Bench::Change>{{CPTRA_GENERIC_OUTPUT_WIRES::offset, 'x'},
                                                    {CPTRA_GENERIC_OUTPUT_WIRES::offset, 'x'},
                                                    {CPTRA_GENERIC_OUTPUT_WIRES::offset + 4, 3}});
}

TEST_CASE("flow and boot status") {
  Bench bench;
  bench.boot();
  bench.write(CPTRA_BOOT_STATUS::offset, 0x600);
  bench.soc_write(CPTRA_BOOT_STATUS::offset, 1);
  bench.write(CPTRA_FLOW_STATUS::offset, 0xffff'ffff);
  CHECK(bench.soc_ifc.ready_for_fw.level());
  CHECK(bench.soc_ifc.ready_for_runtime.level());
  CHECK(bench.soc_ifc.mailbox_flow_done.level());
  CHECK(bench.soc_read(CPTRA_FLOW_STATUS::offset) == 0xb9ff'ffff);
  CHECK(bench.changes ==
        std::vector<Bench::Change>{{CPTRA_BOOT_STATUS::offset, 0x600}, {CPTRA_FLOW_STATUS::offset, 0xb9ff'ffff}});
  bench.write(CPTRA_FLOW_STATUS::offset, 0);
  CHECK_FALSE(bench.soc_ifc.ready_for_fw.level());
}

TEST_CASE("machine timer") {
  Bench bench(veer::TimingProfile::reference);
  bench.boot();
  CHECK(bench.soc_ifc.timer_intr.level());  // 0 >= 0
  const uint64_t time = bench.soc_ifc.machine_timer().time();
  CHECK(time == bench.clock.now());
  bench.write(internal_rv_mtimecmp_l::offset, static_cast<uint32_t>(time + 100));
  CHECK_FALSE(bench.soc_ifc.timer_intr.level());
  bench.run(99);
  CHECK_FALSE(bench.soc_ifc.timer_intr.level());
  bench.run(1);
  CHECK(bench.soc_ifc.timer_intr.level());
  bench.soc_write(internal_rv_mtime_l::offset, 0);
  CHECK(bench.read(internal_rv_mtime_l::offset) == time + 100);
  bench.write(internal_rv_mtimecmp_h::offset, 2);
  CHECK_FALSE(bench.soc_ifc.timer_intr.level());
  bench.write(internal_rv_mtime_h::offset, 1);
  bench.write(internal_rv_mtime_l::offset, 0xffff'fff0);
  bench.run(0x20);
  CHECK(bench.read(internal_rv_mtime_h::offset) == 2);
  CHECK(bench.read(internal_rv_mtime_l::offset) == 0x10);
  CHECK_FALSE(bench.soc_ifc.timer_intr.level());
  bench.run(time + 100 - 0x10);
  CHECK(bench.soc_ifc.timer_intr.level());
  // A warm reset stops the count for a while, but doesn't clear it.
  const uint64_t before = bench.soc_ifc.machine_timer().time();
  bench.soc_ifc.set_cptra_rst_b(false);
  bench.run(1000);
  bench.soc_ifc.set_cptra_rst_b(true);
  CHECK(bench.soc_ifc.machine_timer().time() - before < 20);
  bench.soc_ifc.set_cptra_pwrgood(false);
  CHECK_FALSE(bench.soc_ifc.timer_intr.level());
  bench.boot();
  CHECK(bench.soc_ifc.timer_intr.level());
  CHECK(bench.read(internal_rv_mtime_h::offset) == 0);
}

TEST_CASE("fatal errors: masks hold the wire back, only a reset takes it away") {
  const auto fatal = [](Bench& bench) { return bench.soc_ifc.cptra_error_fatal.level(); };
  SUBCASE("hardware, masked and not") {
    Bench bench;
    bench.boot();
    bench.write(internal_hw_error_fatal_mask::offset, 0xffff'ffff);
    CHECK(bench.read(internal_hw_error_fatal_mask::offset) == 7);
    bench.soc_ifc.iccm_ecc_double_error();
    CHECK(bench.read(CPTRA_HW_ERROR_FATAL::offset) == 1);
    CHECK_FALSE(fatal(bench));
    bench.write(internal_hw_error_fatal_mask::offset, 0);
    CHECK_FALSE(fatal(bench));  // only when it happens again
    bench.soc_ifc.iccm_ecc_double_error();
    CHECK(fatal(bench));
    CHECK(bench.soc_ifc.debug_lock_or_scan_mode_switch.level());
    bench.soc_write(CPTRA_HW_ERROR_FATAL::offset, 1);
    CHECK(bench.read(CPTRA_HW_ERROR_FATAL::offset) == 0);
    CHECK(fatal(bench));
    bench.warm_reset();
    CHECK_FALSE(fatal(bench));
    CHECK_FALSE(bench.soc_ifc.debug_lock_or_scan_mode_switch.level());
  }
  SUBCASE("DCCM") {
    Bench bench;
    bench.boot();
    bench.soc_ifc.dccm_ecc_double_error();
    CHECK(bench.read(CPTRA_HW_ERROR_FATAL::offset) == 2);
    CHECK(fatal(bench));
  }
  SUBCASE("two crypto engines at once can't be masked, and last as long as it goes on") {
    Bench bench;
    bench.boot();
    bench.write(internal_hw_error_fatal_mask::offset, 0xffff'ffff);
    bench.soc_ifc.set_crypto_error(true);
    CHECK(fatal(bench));
    bench.write(CPTRA_HW_ERROR_FATAL::offset, 8);
    CHECK(bench.read(CPTRA_HW_ERROR_FATAL::offset) == 8);
    bench.soc_ifc.set_crypto_error(false);
    bench.write(CPTRA_HW_ERROR_FATAL::offset, 8);
    CHECK(bench.read(CPTRA_HW_ERROR_FATAL::offset) == 0);
  }
  SUBCASE("firmware: a new bit that isn't masked") {
    Bench bench;
    bench.boot();
    bench.write(internal_fw_error_fatal_mask::offset, 0xff);
    bench.write(CPTRA_FW_ERROR_FATAL::offset, 0x0f);
    CHECK_FALSE(fatal(bench));
    bench.write(internal_fw_error_fatal_mask::offset, 0);
    bench.write(CPTRA_FW_ERROR_FATAL::offset, 0x0f);
    CHECK_FALSE(fatal(bench));  // not new
    bench.soc_write(CPTRA_FW_ERROR_FATAL::offset, 0x1f);
    CHECK(fatal(bench));
    bench.write(CPTRA_FW_ERROR_FATAL::offset, 0);
    CHECK(fatal(bench));
  }
  SUBCASE("a fatal error clears the secrets") {
    Bench bench(veer::TimingProfile::reference, Generation::v1_1, {.obf_key = key});
    bench.boot();
    CHECK(bench.soc_ifc.obf_key() == key);
    bench.write(CPTRA_FW_ERROR_FATAL::offset, 1);
    CHECK(bench.soc_ifc.obf_key() == std::array<uint32_t, 8>{});
  }
  SUBCASE("memory errors during a firmware update don't count") {
    Bench bench(veer::TimingProfile::rtl);
    bench.boot();
    bench.write(internal_fw_update_reset::offset, 1);
    bench.run(5);
    bench.soc_ifc.iccm_ecc_double_error();
    bench.soc_ifc.dccm_ecc_double_error();
    CHECK(bench.read(CPTRA_HW_ERROR_FATAL::offset) == 0);
    bench.run(40);
    bench.soc_ifc.dccm_ecc_double_error();
    CHECK(bench.read(CPTRA_HW_ERROR_FATAL::offset) == 2);
  }
}

TEST_CASE("non-fatal errors: the wire falls when nothing unmasked is left") {
  Bench bench;
  bench.boot();
  const auto level = [&] { return bench.soc_ifc.cptra_error_non_fatal.level(); };
  bench.soc_ifc.mailbox_event(MailboxEvent::access_without_lock);
  CHECK(level());
  CHECK(bench.read(CPTRA_HW_ERROR_NON_FATAL::offset) == 1);
  bench.write(CPTRA_FW_ERROR_NON_FATAL::offset, 0x30);
  bench.soc_write(CPTRA_HW_ERROR_NON_FATAL::offset, 1);
  CHECK(level());
  bench.write(internal_fw_error_non_fatal_mask::offset, 0x10);
  CHECK(level());
  bench.write(internal_fw_error_non_fatal_mask::offset, 0x30);
  CHECK_FALSE(level());
  bench.write(internal_fw_error_non_fatal_mask::offset, 0);
  CHECK_FALSE(level());  // unmasking is no event
  bench.write(CPTRA_FW_ERROR_NON_FATAL::offset, 0x30);
  CHECK_FALSE(level());
  bench.write(CPTRA_FW_ERROR_NON_FATAL::offset, 0x31);
  CHECK(level());
  bench.write(CPTRA_FW_ERROR_NON_FATAL::offset, 0);
  CHECK_FALSE(level());
  bench.write(internal_hw_error_non_fatal_mask::offset, 6);
  bench.soc_ifc.mailbox_event(MailboxEvent::access_out_of_order);
  bench.soc_ifc.mailbox_event(MailboxEvent::ecc_uncorrectable);
  CHECK(bench.read(CPTRA_HW_ERROR_NON_FATAL::offset) == 6);
  CHECK_FALSE(level());
}

TEST_CASE("every event reaches its interrupt, its counter and its line") {
  struct Source {
    void (*raise)(SocIfc&);
    bool error;
    unsigned bit;
  };
  const Source sources[] = {
      {[](SocIfc& s) { s.mailbox_event(MailboxEvent::invalid_user); }, true, 1},
      {[](SocIfc& s) { s.mailbox_event(MailboxEvent::access_without_lock); }, true, 2},
      {[](SocIfc& s) { s.mailbox_event(MailboxEvent::access_out_of_order); }, true, 2},
      {[](SocIfc& s) { s.iccm_access_blocked(); }, true, 4},
      {[](SocIfc& s) { s.mailbox_event(MailboxEvent::ecc_uncorrectable); }, true, 5},
      {[](SocIfc& s) { s.mailbox_event(MailboxEvent::command_available); }, false, 0},
      {[](SocIfc& s) { s.mailbox_event(MailboxEvent::ecc_correctable); }, false, 1},
      {[](SocIfc& s) { s.mailbox_event(MailboxEvent::lock_requested); }, false, 4},
  };
  for (const Source& source : sources) {
    Bench bench;
    bench.boot();
    bench.write(notif_internal_intr_r::offset, 0xffff'ffff);
    const uint32_t status = source.error ? error_internal_intr_r::offset : notif_internal_intr_r::offset;
    const uint32_t enable = source.error ? error_intr_en_r::offset : notif_intr_en_r::offset;
    const uint32_t trigger = source.error ? error_intr_trig_r::offset : notif_intr_trig_r::offset;
    const uint32_t counter = (source.error ? 0x900U : 0x980U) + 4 * source.bit;
    const auto& line = source.error ? bench.soc_ifc.interrupts.error : bench.soc_ifc.interrupts.notif;
    source.raise(bench.soc_ifc);
    source.raise(bench.soc_ifc);
    CHECK(bench.read(status) == 1U << source.bit);
    CHECK(bench.read(counter) == 2);
    CHECK_FALSE(line.level());
    bench.write(enable, 1U << source.bit);
    CHECK_FALSE(line.level());
    bench.write(global_intr_en_r::offset, 3);
    CHECK(line.level());
    bench.soc_write(status, 1U << source.bit);
    CHECK(line.level());
    bench.write(status, 1U << source.bit);
    CHECK_FALSE(line.level());
    bench.write(trigger, 1U << source.bit);
    CHECK(line.level());
    CHECK(bench.read(counter) == 3);
    bench.warm_reset();
    CHECK_FALSE(line.level());
    // Errors and their counters survive a warm reset, notifications don't.
    CHECK(bench.read(counter) == (source.error ? 3 : 0));
    if (source.error) CHECK(bench.read(status) == 1U << source.bit);
  }
}

TEST_CASE("the TAP's registers, for debug and manufacturing only") {
  Bench bench;
  bench.boot(test::manufacturing, true);
  bench.write(CPTRA_BOOT_STATUS::offset, 1);
  bench.write(CPTRA_HW_ERROR_ENC::offset, 2);
  bench.write(CPTRA_FW_ERROR_ENC::offset, 3);
  CHECK(bench.soc_ifc.dmi_read(0x53) == 1U);
  CHECK(bench.soc_ifc.dmi_read(0x54) == 2U);
  CHECK(bench.soc_ifc.dmi_read(0x55) == 3U);
  CHECK(bench.soc_ifc.dmi_write(0x60, 0xabcd));
  CHECK(bench.read(CPTRA_DBG_MANUF_SERVICE_REG::offset) == 0xabcd);
  CHECK(bench.soc_ifc.dmi_read(0x60) == 0xabcdU);
  CHECK_FALSE(bench.soc_ifc.dmi_write(0x53, 9));
  CHECK_FALSE(bench.soc_ifc.dmi_read(0x62).has_value());
  CHECK(bench.soc_ifc.read(CPTRA_BOOT_STATUS::offset, 4, Agent::tap).status == BusStatus::target_error);
  Bench locked;
  locked.boot(test::production, true);
  CHECK_FALSE(locked.soc_ifc.dmi_read(0x53).has_value());
  CHECK_FALSE(locked.soc_ifc.dmi_write(0x60, 1));
}

TEST_CASE("a debugger's look changes nothing") {
  Bench bench;
  bench.boot();
  veer::StateStream before;
  bench.soc_ifc.state(before);
  for (uint32_t at = 0; at < 0x1000; at += 4) bench.soc_ifc.read(at, 4, Agent::debugger);
  veer::StateStream after;
  bench.soc_ifc.state(after);
  CHECK(before.output() == after.output());
}

TEST_CASE("a snapshot continues the same") {
  const auto play = [](Bench& bench) {
    bench.run(500);
    bench.write(error_internal_intr_r::offset, 0xffff'ffff);
    bench.run(500);
    bench.soc_ifc.set_generic_input_wires(0, 3);
  };
  Bench first;
  first.boot();
  first.write(CPTRA_WDT_TIMER1_TIMEOUT_PERIOD::offset, 300);
  first.write(CPTRA_WDT_TIMER1_TIMEOUT_PERIOD::offset + 4, 0);
  first.write(CPTRA_WDT_TIMER2_TIMEOUT_PERIOD::offset, 400);
  first.write(CPTRA_WDT_TIMER2_TIMEOUT_PERIOD::offset + 4, 0);
  first.write(CPTRA_WDT_TIMER1_EN::offset, 1);
  first.write(internal_rv_mtimecmp_l::offset, 700);
  first.run(100);
  veer::StateStream saved;
  first.clock.state(saved);
  first.soc_ifc.state(saved);

  Bench second;
  veer::StateStream loaded(saved.output());
  second.clock.state(loaded);
  second.soc_ifc.state(loaded);
  loaded.finish();
  REQUIRE(loaded.ok());
  CHECK(second.soc_ifc.cptra_uc_rst_b.level());
  play(first);
  play(second);
  veer::StateStream one;
  veer::StateStream other;
  first.soc_ifc.state(one);
  second.soc_ifc.state(other);
  CHECK(one.output() == other.output());
  CHECK(first.soc_ifc.timer_intr.level());
}
