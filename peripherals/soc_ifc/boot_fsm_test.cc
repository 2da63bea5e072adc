// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <doctest/doctest.h>

#include "iss/state_stream.h"
#include "peripherals/soc_ifc/test_bench.h"

using namespace caliptra;
using namespace caliptra::soc_ifc_regs;
using caliptra::test::Bench;
using veer::Reset;
using veer::TimingProfile;

namespace {

uint32_t reset_reason(Bench& bench) { return bench.read(CPTRA_RESET_REASON::offset); }
constexpr uint32_t warm = CPTRA_RESET_REASON::WARM_RESET.mask();
constexpr uint32_t update = CPTRA_RESET_REASON::FW_UPD_RESET.mask();

}  // namespace

TEST_CASE("rtl: power-good to the first fetch takes the clocks measured on the RTL") {
  Bench bench(TimingProfile::rtl);
  std::vector<uint64_t> ready;
  bench.soc_ifc.ready_for_fuses.connect([&](bool level) {
    if (level) ready.push_back(bench.clock.now());
  });
  bench.soc_ifc.set_cptra_pwrgood(true);
  bench.run(2);
  bench.soc_ifc.set_cptra_rst_b(true);
  bench.run(29);
  CHECK(ready == std::vector<uint64_t>{11});
  CHECK(bench.soc_ifc.boot_state() == BootState::fuse);
  CHECK_FALSE(bench.soc_ifc.cptra_uc_rst_b.level());
  REQUIRE(bench.clock.now() == 31);
  bench.soc_write(CPTRA_FUSE_WR_DONE::offset, 1);
  bench.run(20);
  // The first fetch was seen at 36, one clock after the core's reset had gone.
  CHECK(bench.started_at == std::vector<uint64_t>{35});
  CHECK(bench.soc_ifc.boot_state() == BootState::done);
  CHECK_FALSE(bench.soc_ifc.ready_for_fuses.level());
  CHECK(bench.clock.next_deadline() == veer::Clock::never);
}

TEST_CASE("reference: the core leaves reset at tick 0") {
  Bench bench(TimingProfile::reference);
  bench.soc_ifc.set_cptra_pwrgood(true);
  bench.soc_ifc.set_cptra_rst_b(true);
  CHECK(bench.soc_ifc.ready_for_fuses.level());
  CHECK(CPTRA_FLOW_STATUS::ready_for_fuses.get(bench.soc_read(CPTRA_FLOW_STATUS::offset)) == 1);
  CHECK(CPTRA_FLOW_STATUS::boot_fsm_ps.get(bench.soc_read(CPTRA_FLOW_STATUS::offset)) == 1);
  bench.soc_write(CPTRA_FUSE_WR_DONE::offset, 1);
  CHECK(bench.soc_ifc.cptra_uc_rst_b.level());
  CHECK(bench.started_at == std::vector<uint64_t>{0});
  CHECK(reset_reason(bench) == 0);
  CHECK(CPTRA_FLOW_STATUS::boot_fsm_ps.get(bench.read(CPTRA_FLOW_STATUS::offset)) == 4);
}

TEST_CASE("reference: fuses written from within the ready_for_fuses wire") {
  Bench bench(TimingProfile::reference);
  bench.soc_ifc.ready_for_fuses.connect([&](bool level) {
    if (level) bench.soc_write(CPTRA_FUSE_WR_DONE::offset, 1);
  });
  bench.soc_ifc.set_cptra_pwrgood(true);
  bench.soc_ifc.set_cptra_rst_b(true);
  CHECK(bench.soc_ifc.cptra_uc_rst_b.level());
  CHECK_FALSE(bench.soc_ifc.ready_for_fuses.level());
}

TEST_CASE("a 0 in CPTRA_FUSE_WR_DONE ends ready_for_fuses but not the wait") {
  Bench bench;
  bench.power_up();
  bench.soc_write(CPTRA_FUSE_WR_DONE::offset, 0);
  bench.run(10);
  CHECK_FALSE(bench.soc_ifc.ready_for_fuses.level());
  CHECK(bench.soc_ifc.boot_state() == BootState::fuse);
  bench.soc_write(CPTRA_FUSE_WR_DONE::offset, 1);
  bench.run(10);
  CHECK(bench.soc_ifc.boot_state() == BootState::done);
}

TEST_CASE("the breakpoint holds the core until CPTRA_BOOTFSM_GO") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    for (const bool by_tap : {false, true}) {
      Bench bench(timing);
      bench.soc_ifc.set_boot_fsm_breakpoint(true);
      bench.boot(test::manufacturing, true);
      CHECK(bench.soc_ifc.boot_state() == BootState::wait);
      CHECK_FALSE(bench.soc_ifc.cptra_uc_rst_b.level());
      bench.write(CPTRA_BOOTFSM_GO::offset, 1);  // not the core's
      bench.run(10);
      CHECK(bench.soc_ifc.boot_state() == BootState::wait);
      const uint64_t go = bench.clock.now();
      if (by_tap) {
        CHECK(bench.soc_ifc.dmi_write(0x61, 1));
        CHECK(bench.soc_ifc.dmi_read(0x61) == 1U);
      } else {
        bench.soc_write(CPTRA_BOOTFSM_GO::offset, 1);
      }
      bench.run(10);
      CHECK(bench.started_at == std::vector<uint64_t>{timing == TimingProfile::rtl ? go + 4 : go});
    }
  }
}

TEST_CASE("the breakpoint means nothing in a locked production device, nor when it comes late") {
  Bench bench;
  bench.soc_ifc.set_boot_fsm_breakpoint(true);
  bench.boot(test::production, true);
  CHECK(bench.soc_ifc.boot_state() == BootState::done);
  Bench late;
  late.power_up(test::manufacturing, true);
  late.soc_ifc.set_boot_fsm_breakpoint(true);
  late.soc_write(CPTRA_FUSE_WR_DONE::offset, 1);
  late.run(10);
  CHECK(late.soc_ifc.boot_state() == BootState::done);
  Bench debug;
  debug.soc_ifc.set_boot_fsm_breakpoint(true);
  debug.boot(test::production, false);
  CHECK(debug.soc_ifc.boot_state() == BootState::wait);
}

TEST_CASE("rtl: a firmware update reset keeps the core in reset for its wait cycles") {
  for (const uint32_t wait : {0U, 5U, 200U}) {
    Bench bench(TimingProfile::rtl);
    bench.boot();
    bench.write(internal_fw_update_reset_wait_cycles::offset, wait);
    bench.write(internal_iccm_lock::offset, 1);
    const uint64_t at = bench.clock.now();
    bench.write(internal_fw_update_reset::offset, 1);
    CHECK(bench.read(internal_fw_update_reset::offset) == 0);
    bench.run(4);
    CHECK(reset_reason(bench) == update);
    CHECK(bench.soc_ifc.iccm_lock.level());
    bench.run(300);
    CHECK(bench.stopped_at == std::vector<uint64_t>{at + 4});
    CHECK(bench.started_at.back() == at + 7 + wait);
    CHECK_FALSE(bench.soc_ifc.iccm_lock.level());
    CHECK(bench.resets == std::vector<Reset>{Reset::firmware_update});
  }
}

TEST_CASE("reference: a firmware update reset is over before the next instruction") {
  Bench bench(TimingProfile::reference);
  bench.boot();
  bench.write(internal_iccm_lock::offset, 1);
  bench.write(CPTRA_BOOT_STATUS::offset, 77);
  bench.run(100);
  const uint64_t tick = bench.clock.now();
  bench.write(internal_fw_update_reset::offset, 1);
  CHECK(bench.stopped_at.empty());  // the store itself ends first
  bench.clock.run_due();
  CHECK(bench.stopped_at == std::vector<uint64_t>{tick});
  CHECK(bench.started_at.back() == tick);
  CHECK(reset_reason(bench) == update);
  CHECK_FALSE(bench.soc_ifc.iccm_lock.level());
  CHECK(bench.read(CPTRA_BOOT_STATUS::offset) == 77);
  CHECK(bench.resets == std::vector<Reset>{Reset::firmware_update});
  bench.soc_write(internal_fw_update_reset::offset, 1);
  bench.run(10);
  CHECK(bench.resets.size() == 1);  // the SoC can't
}

TEST_CASE("warm reset: everything but sticky registers starts over, and fuses need FUSE_WR_DONE again") {
  for (const TimingProfile timing : {TimingProfile::reference, TimingProfile::rtl}) {
    Bench bench(timing);
    bench.power_up();
    bench.soc_write(fuse_fmc_key_manifest_svn::offset, 9);
    bench.soc_write(CPTRA_FUSE_WR_DONE::offset, 1);
    bench.run(20);
    bench.write(CPTRA_FW_ERROR_NON_FATAL::offset, 5);
    bench.write(CPTRA_BOOT_STATUS::offset, 1);
    bench.write(CPTRA_FLOW_STATUS::offset, CPTRA_FLOW_STATUS::ready_for_fw.mask());
    bench.write(internal_iccm_lock::offset, 1);
    CHECK(bench.soc_ifc.ready_for_fw.level());
    bench.warm_reset();
    CHECK(bench.resets == std::vector<Reset>{Reset::warm});
    CHECK(bench.soc_ifc.boot_state() == BootState::fuse);
    CHECK_FALSE(bench.soc_ifc.cptra_uc_rst_b.level());
    CHECK_FALSE(bench.soc_ifc.ready_for_fw.level());
    CHECK_FALSE(bench.soc_ifc.cptra_error_non_fatal.level());
    CHECK_FALSE(bench.soc_ifc.iccm_lock.level());
    CHECK(bench.soc_ifc.ready_for_fuses.level());
    CHECK(bench.soc_read(CPTRA_FUSE_WR_DONE::offset) == 1);
    bench.soc_write(fuse_fmc_key_manifest_svn::offset, 10);
    bench.soc_write(CPTRA_FUSE_WR_DONE::offset, 1);
    bench.run(20);
    CHECK(bench.soc_ifc.cptra_uc_rst_b.level());
    CHECK(bench.read(fuse_fmc_key_manifest_svn::offset) == 9);
    CHECK(bench.read(CPTRA_FW_ERROR_NON_FATAL::offset) == 5);
    CHECK(bench.read(CPTRA_BOOT_STATUS::offset) == 0);
    CHECK(reset_reason(bench) == warm);

    bench.write(internal_fw_update_reset::offset, 1);
    bench.run(40);
    CHECK(reset_reason(bench) == update);
    bench.warm_reset();
    bench.soc_write(CPTRA_FUSE_WR_DONE::offset, 1);
    bench.run(20);
    CHECK(reset_reason(bench) == warm);
  }
}

TEST_CASE("rtl: the shortest pulse on cptra_rst_b is a warm reset") {
  Bench bench(TimingProfile::rtl);
  bench.boot();
  const uint64_t at = bench.clock.now();
  bench.soc_ifc.set_cptra_rst_b(false);
  bench.soc_ifc.set_cptra_rst_b(true);
  bench.run(30);
  CHECK(bench.resets == std::vector<Reset>{Reset::warm});
  CHECK(bench.stopped_at == std::vector<uint64_t>{at + 5});
  CHECK(bench.soc_ifc.boot_state() == BootState::fuse);
}

TEST_CASE("a warm reset in the middle of a firmware update") {
  Bench bench(TimingProfile::rtl);
  bench.boot();
  bench.write(internal_fw_update_reset_wait_cycles::offset, 100);
  bench.write(internal_fw_update_reset::offset, 1);
  bench.run(50);
  bench.warm_reset();
  CHECK(bench.resets == std::vector<Reset>{Reset::firmware_update, Reset::warm});
  bench.soc_write(CPTRA_FUSE_WR_DONE::offset, 1);
  bench.run(200);
  CHECK(bench.soc_ifc.cptra_uc_rst_b.level());
  CHECK(reset_reason(bench) == warm);
}

TEST_CASE("cold reset at any moment: nothing is kept") {
  for (const uint64_t moment : {0U, 3U, 9U, 14U, 22U, 60U}) {
    Bench bench(TimingProfile::rtl);
    bench.soc_ifc.set_cptra_pwrgood(true);
    bench.soc_ifc.set_cptra_rst_b(true);
    bench.run(12);
    bench.soc_write(fuse_lms_revocation::offset, 3);
    bench.soc_write(CPTRA_FUSE_WR_DONE::offset, 1);
    bench.run(20);
    bench.soc_ifc.set_cptra_rst_b(false);
    bench.run(moment);
    bench.soc_ifc.set_cptra_pwrgood(false);
    CHECK(bench.resets.back() == Reset::cold);
    CHECK_FALSE(bench.soc_ifc.cptra_noncore_rst_b.level());
    CHECK_FALSE(bench.soc_ifc.cptra_uc_rst_b.level());
    CHECK(bench.clock.next_deadline() == veer::Clock::never);
    bench.boot();
    CHECK(bench.soc_ifc.cptra_uc_rst_b.level());
    CHECK(bench.read(fuse_lms_revocation::offset) == 0);
    CHECK(reset_reason(bench) == 0);
  }
}

TEST_CASE("a snapshot in the middle of a reset continues the same") {
  for (uint64_t moment = 0; moment < 40; ++moment) {
    Bench first(TimingProfile::rtl);
    first.boot();
    first.write(internal_fw_update_reset_wait_cycles::offset, 20);
    first.write(internal_fw_update_reset::offset, 1);
    first.run(moment);
    veer::StateStream saved;
    first.clock.state(saved);
    first.soc_ifc.state(saved);

    Bench second(TimingProfile::rtl);
    veer::StateStream loaded(saved.output());
    second.clock.state(loaded);
    second.soc_ifc.state(loaded);
    loaded.finish();
    REQUIRE(loaded.ok());
    first.started_at.clear();
    first.run(50);
    second.run(50);
    CHECK(first.started_at == second.started_at);
    veer::StateStream one;
    veer::StateStream other;
    first.clock.state(one);
    first.soc_ifc.state(one);
    second.clock.state(other);
    second.soc_ifc.state(other);
    CHECK(one.output() == other.output());
  }
}

TEST_CASE("in scan mode the reset pin drives all resets itself") {
  Bench bench(TimingProfile::rtl);
  bench.soc_ifc.set_cptra_pwrgood(true);
  bench.soc_ifc.set_scan_mode(true);
  CHECK_FALSE(bench.soc_ifc.cptra_noncore_rst_b.level());
  bench.soc_ifc.set_cptra_rst_b(true);
  CHECK(bench.soc_ifc.cptra_noncore_rst_b.level());
  CHECK(bench.soc_ifc.cptra_uc_rst_b.level());
  CHECK((bench.read(notif_internal_intr_r::offset) & notif_internal_intr_r::notif_scan_mode_sts.mask()) != 0);
  bench.soc_ifc.set_cptra_rst_b(false);
  CHECK_FALSE(bench.soc_ifc.cptra_noncore_rst_b.level());
  CHECK_FALSE(bench.soc_ifc.cptra_uc_rst_b.level());
}
