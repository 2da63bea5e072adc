// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// soc_ifc as a whole core shows it: watchdogs, errors, resets, security state, wires. From both sides.

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "iss/registers/register_block.h"
#include "iss/state_stream.h"
#include "peripherals/entropy_src/entropy_src.h"
#include "soc/tests/core_side.h"

namespace caliptra {
namespace {

using testing::TestCore;
using veer::BusStatus;

constexpr uint32_t mbox = 0x3002'0000;
constexpr uint32_t ifc = 0x3003'0000;
constexpr uint32_t hw_error_fatal = ifc + 0x0;
constexpr uint32_t fw_error_fatal = ifc + 0x8;
constexpr uint32_t fw_error_non_fatal = ifc + 0xc;
constexpr uint32_t flow_status = ifc + 0x3c;
constexpr uint32_t reset_reason = ifc + 0x40;
constexpr uint32_t security_state = ifc + 0x44;
constexpr uint32_t bootfsm_go = ifc + 0xb8;
constexpr uint32_t fuse_wr_done = ifc + 0xb0;
constexpr uint32_t clk_gating_en = ifc + 0xc0;
constexpr uint32_t generic_input = ifc + 0xc4;
constexpr uint32_t generic_output = ifc + 0xcc;
constexpr uint32_t hw_rev_id = ifc + 0xd4;
constexpr uint32_t hw_config = ifc + 0xe0;
constexpr uint32_t wdt1_en = ifc + 0xe4;
constexpr uint32_t wdt1_period = ifc + 0xec;
constexpr uint32_t wdt2_en = ifc + 0xf4;
constexpr uint32_t wdt2_period = ifc + 0xfc;
constexpr uint32_t wdt_status = ifc + 0x104;
constexpr uint32_t iccm_lock = ifc + 0x620;
constexpr uint32_t fw_update_reset = ifc + 0x624;
constexpr uint32_t wait_cycles = ifc + 0x628;
constexpr uint32_t nmi_vector = ifc + 0x62c;
constexpr uint32_t hw_error_fatal_mask = ifc + 0x630;
constexpr uint32_t fw_error_fatal_mask = ifc + 0x638;
constexpr uint32_t fw_error_non_fatal_mask = ifc + 0x63c;
constexpr uint32_t global_intr_en = ifc + 0x800;
constexpr uint32_t error_intr_en = ifc + 0x804;
constexpr uint32_t notif_intr_en = ifc + 0x808;
constexpr uint32_t error_intr = ifc + 0x814;
constexpr uint32_t notif_intr = ifc + 0x818;
constexpr uint32_t key_ctrl_0 = 0x1001'8000;
constexpr uint32_t clear_secrets = 0x1001'8c00;
constexpr uint32_t sticky_scratch_ctrl = 0x1001'c000;  // StickyDataVaultCtrl[0]

constexpr unsigned mip = 0x344;
constexpr uint32_t external_pending = 1U << 11;
constexpr uint32_t meie = 0x6000'2000;
constexpr uint32_t meipl = 0x6000'0000;
constexpr uint32_t meigwctrl = 0x6000'4000;
constexpr uint32_t soc_ifc_error_source = 19;
constexpr uint32_t soc_ifc_notif_source = 20;

void open_source(TestCore& test, uint32_t source) {
  CHECK(test.store(meipl + 4 * source, 1).ok());
  CHECK(test.store(meigwctrl + 4 * source, 0).ok());
  CHECK(test.store(meie + 4 * source, 1).ok());
}

bool interrupted(TestCore& test) { return (test.core->hart().csr(mip).value() & external_pending) != 0; }

void warm_reset(TestCore& test) {
  test.core->set_reset_b(false);
  test.run(100);
  test.core->set_reset_b(true);
  test.boot();
}

uint32_t boot_state(TestCore& test) { return test.core->soc_read(flow_status).data >> 25 & 7; }

TEST_CASE("watchdogs in cascade: first an interrupt, then an NMI to the vector, fatal to the SoC") {
  TestCore test;
  open_source(test, soc_ifc_error_source);
  CHECK(test.store(global_intr_en, 1).ok());
  CHECK(test.store(error_intr_en, 1 << 6).ok());
  CHECK(test.store(nmi_vector, TestCore::nmi_handler + 4).ok());
  CHECK(test.store(wdt1_period, 5000).ok());
  CHECK(test.store(wdt1_period + 4, 0).ok());
  CHECK(test.store(wdt2_period, 3000).ok());
  CHECK(test.store(wdt2_period + 4, 0).ok());
  CHECK(test.store(wdt1_en, 1).ok());
  test.run(4000);
  CHECK(test[wdt_status] == 0);
  CHECK_FALSE(interrupted(test));
  test.run(1500);
  CHECK(test[wdt_status] == 1);
  CHECK(interrupted(test));
  CHECK((test[error_intr] & 0x40) == 0x40);
  CHECK_FALSE(test.core->error_fatal());
  test.core->hart().set_csr(TestCore::mcause, 0x1234);
  test.run(4000);
  CHECK((test.core->soc_read(wdt_status).data & 2) == 2);
  CHECK(test.core->hart().pc() == TestCore::nmi_handler + 4);
  CHECK(test.core->hart().csr(TestCore::mcause).value() == 0);
  CHECK(test.core->soc_read(hw_error_fatal).data == 4);
  CHECK(test.core->error_fatal());
}

TEST_CASE("watchdogs on their own: each its interrupt, no NMI") {
  TestCore test;
  CHECK(test.store(wdt1_period, 3000).ok());
  CHECK(test.store(wdt1_period + 4, 0).ok());
  CHECK(test.store(wdt2_period, 6000).ok());
  CHECK(test.store(wdt2_period + 4, 0).ok());
  CHECK(test.store(wdt2_en, 1).ok());
  CHECK(test.store(wdt1_en, 1).ok());
  test.run(4000);
  CHECK((test[error_intr] & 0xc0) == 0x40);
  test.run(4000);
  CHECK((test[error_intr] & 0xc0) == 0xc0);
  CHECK_FALSE(test.core->error_fatal());
  CHECK(test[hw_error_fatal] == 0);
}

TEST_CASE("firmware's errors go to the SoC by wire, unless masked") {
  TestCore test;
  CHECK(test.store(fw_error_non_fatal, 2).ok());
  CHECK(test.core->error_non_fatal());
  CHECK(test.core->soc_read(fw_error_non_fatal).data == 2);
  CHECK(test.core->soc_write(fw_error_non_fatal, 0) == BusStatus::ok);
  CHECK_FALSE(test.core->error_non_fatal());
  CHECK(test.store(fw_error_non_fatal_mask, 4).ok());
  CHECK(test.store(fw_error_non_fatal, 4).ok());
  CHECK_FALSE(test.core->error_non_fatal());

  CHECK(test.store(fw_error_fatal_mask, 1).ok());
  CHECK(test.store(fw_error_fatal, 1).ok());
  CHECK_FALSE(test.core->error_fatal());
  CHECK(test.store(fw_error_fatal, 3).ok());
  CHECK(test.core->error_fatal());
  CHECK(test.core->soc_write(fw_error_fatal, 0) == BusStatus::ok);
  CHECK(test.core->error_fatal());  // until a reset
  CHECK(test.store(fw_error_fatal, 0x55).ok());
  warm_reset(test);
  CHECK_FALSE(test.core->error_fatal());
  CHECK(test[fw_error_fatal] == 0x55);  // kept until power goes

  CHECK(test.store(hw_error_fatal_mask, 2).ok());
  REQUIRE(test.core->inject_ecc_error(0x5000'1000, false));
  (void)test.load(0x5000'1000);
  CHECK(test[hw_error_fatal] == 2);
  CHECK_FALSE(test.core->error_fatal());
}

TEST_CASE("interrupts of soc_ifc: enable, status, trigger, counter, both PIC lines") {
  TestCore test;
  open_source(test, soc_ifc_notif_source);
  open_source(test, soc_ifc_error_source);
  CHECK(test.store(notif_intr, 0x3f).ok());  // what the reset has left there
  test.core->set_generic_input_wires(1, 0x77);
  CHECK(test[generic_input + 4] == 0x77);
  CHECK(test[notif_intr] == 0x20);
  CHECK_FALSE(interrupted(test));
  CHECK(test.store(notif_intr_en, 0x20).ok());
  CHECK_FALSE(interrupted(test));
  CHECK(test.store(global_intr_en, 2).ok());
  CHECK(interrupted(test));
  CHECK(test[ifc + 0x810] == 1);  // notif_global_intr_r
  CHECK(test.store(notif_intr, 0x20).ok());
  CHECK_FALSE(interrupted(test));

  const uint32_t count = test[ifc + 0x900];
  CHECK(test.store(global_intr_en, 1).ok());
  CHECK(test.store(error_intr_en, 1).ok());
  CHECK(test.store(ifc + 0x81c, 1).ok());  // error_intr_trig_r
  CHECK(interrupted(test));
  CHECK(test[error_intr] == 1);
  CHECK(test[ifc + 0x900] == count + 1);
  CHECK(test[ifc + 0x81c] == 0);
}

TEST_CASE("reset reasons, and what each reset keeps") {
  TestCore test;
  CHECK((test[reset_reason] & 3) == 0);
  CHECK(test.store(0x1001'c3d0, 0).ok());
  CHECK(test.store(sticky_scratch_ctrl, 1).ok());
  CHECK(test.store(fw_error_non_fatal, 0x1234).ok());
  CHECK(test.store(iccm_lock, 1).ok());
  CHECK(test.store(key_ctrl_0, 3).ok());  // both locks
  CHECK(test.store(0x4000'1000, 1).cause == testing::nmi_store_error);
  CHECK((test[error_intr] & 0x10) == 0x10);  // error_iccm_blocked_sts

  CHECK(test.store(fw_update_reset, 1).ok());
  test.run(500);
  test.prepare_hart();
  CHECK((test[reset_reason] & 3) == 1);
  CHECK(test[iccm_lock] == 0);
  CHECK(test.store(0x4000'1000, 1).ok());
  CHECK(test[sticky_scratch_ctrl] == 1);
  CHECK(test[fw_error_non_fatal] == 0x1234);

  warm_reset(test);
  CHECK((test[reset_reason] & 3) == 2);
  CHECK(test[sticky_scratch_ctrl] == 1);
  CHECK(test[fw_error_non_fatal] == 0x1234);
  CHECK(test[fuse_wr_done] == 1);
  CHECK((test[key_ctrl_0] & 3) == 0);

  test.core->set_power_good(false);
  test.core->set_reset_b(false);
  test.run(100);
  test.power_on();
  CHECK((test[reset_reason] & 3) == 0);
  CHECK(test[sticky_scratch_ctrl] == 0);
  CHECK(test[fw_error_non_fatal] == 0);
}

TEST_CASE("a firmware update reset holds the core for the wait cycles, which make it longer in the rtl profile") {
  std::vector<uint64_t> durations;
  for (const uint32_t wait : {5U, 200U}) {
    Configuration configuration = TestCore::configuration();
    configuration.timing = veer::TimingProfile::rtl;
    TestCore test(configuration);
    CHECK(test.store(wait_cycles, wait).ok());
    uint64_t fell = 0;
    test.core->on_event([&](const Event& event) {
      if (event.kind == Event::Kind::firmware_update_reset) fell = event.cycle;
    });
    (void)test.store(fw_update_reset, 1);
    for (int i = 0; i < 2000 && fell == 0; ++i) test.run(1);
    REQUIRE(fell != 0);
    while (test.core->hart().held_in_reset()) test.run(1);
    durations.push_back(test.core->cycles() - fell);
    CHECK(test[wait_cycles] == wait);
  }
  // To within the instruction in which each of the ends falls.
  CHECK(durations[1] - durations[0] >= 190);
  CHECK(durations[1] - durations[0] <= 200);
}

TEST_CASE("ECC errors and locks in the window of a firmware update reset are masked") {
  // An engine that finishes in the window writes even to a locked key (kv.sv); before and after it cannot.
  Configuration configuration = TestCore::configuration();
  configuration.timing = veer::TimingProfile::rtl;
  const auto key_after_reset_at = [&](uint64_t cycles_before_end) {
    TestCore test(configuration);
    CHECK(test.store(wait_cycles, 100).ok());
    CHECK(test.store(0x1001'0610, 1 | 0 << 1 | 1 << 6).ok());  // HMAC384_KV_WR_CTRL: slot 0
    CHECK(test.store(key_ctrl_0, 1).ok());                     // lock_wr
    CHECK(test.store(0x1001'0010, 1).ok());                    // HMAC384_CTRL: INIT
    const uint64_t started = test.core->cycles();
    constexpr uint64_t whole = 280 + 14;
    if (started + whole > cycles_before_end) test.core->run({.until_cycle = started + whole - cycles_before_end});
    (void)test.store(fw_update_reset, 1);
    test.run(2000);
    test.prepare_hart();
    return test[key_ctrl_0] >> 9 & 0x1f;  // dest_valid
  };
  CHECK(key_after_reset_at(60) == 1);
  CHECK(key_after_reset_at(1) == 0);
}

TEST_CASE("generic wires, clock gating and identity") {
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    Configuration configuration = TestCore::configuration();
    configuration.generation = generation;
    configuration.generic_input_wires = {0x1111, 0x2222};
    TestCore test(configuration);
    CHECK(test[generic_input] == 0x1111);
    CHECK(test[generic_input + 4] == 0x2222);
    CHECK(test.store(generic_output + 4, 0xabcd).ok());
    CHECK(test.core->soc_read(generic_output + 4).data == 0xabcd);
    CHECK(test.core->soc_write(generic_output + 4, 1) == BusStatus::ok);
    CHECK(test[generic_output + 4] == 0xabcd);
    CHECK(test.core->soc_write(clk_gating_en, 1) == BusStatus::ok);
    CHECK(test[clk_gating_en] == 1);
    CHECK(test.store(clk_gating_en, 0).ok());
    CHECK(test[clk_gating_en] == 1);
    CHECK((test.core->soc_read(hw_rev_id).data & 0xffff) == (generation == Generation::v1_0 ? 0x1 : 0x11));
    CHECK((test.core->soc_read(hw_config).data & 1) == 1);
    CHECK((test[hw_config] >> 4 & 1) == (generation == Generation::v1_0 ? 0 : 1));
  }
}

TEST_CASE("CPTRA_FLOW_STATUS drives the wires to the SoC") {
  TestCore test;
  constexpr std::pair<OutputWire, unsigned> wires[] = {
      {OutputWire::ready_for_fw, 28}, {OutputWire::ready_for_runtime, 29}, {OutputWire::mailbox_flow_done, 31}};
  for (const auto& [wire, bit] : wires) {
    unsigned changes = 0;
    test.core->on_output([&, wanted = wire](OutputWire changed, bool) { changes += changed == wanted ? 1 : 0; });
    CHECK_FALSE(test.core->output(wire));
    CHECK(test.store(flow_status, 1U << bit).ok());
    CHECK(test.core->output(wire));
    CHECK(test.core->soc_write(flow_status, 0) == BusStatus::ok);  // not the SoC's to write
    CHECK(test.core->output(wire));
    CHECK(test.store(flow_status, 0).ok());
    CHECK_FALSE(test.core->output(wire));
    CHECK(changes == 2);
  }
}

TEST_CASE("with clock gating the engines and the TRNG stand still while the hart is halted") {
  constexpr uint32_t hmac_ctrl = 0x1001'0010;
  constexpr uint32_t hmac_status = 0x1001'0018;
  constexpr uint32_t entropy_enable = 0x2000'3020;
  constexpr uint32_t entropy_conf = 0x2000'3024;
  constexpr uint32_t entropy_state = 0x2000'30e0;
  constexpr uint32_t mtimecmp_low = ifc + 0x648;
  for (const auto timing : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
    for (const bool gating : {false, true}) {
      CAPTURE(gating);
      Configuration configuration = TestCore::configuration();
      configuration.timing = timing;
      configuration.lifecycle = DeviceLifecycle::production;
      configuration.debug_locked = true;
      TestCore test(configuration);
      const auto halt = [&](uint64_t cycles) {
        constexpr uint32_t code[] = {0x7c60'd073, 0x0000'006f};  // csrwi mpmc, 1; j .
        REQUIRE(test.core->poke(0x4000'1000, {reinterpret_cast<const uint8_t*>(code), sizeof code}));
        test.core->hart().set_pc(0x4000'1000);
        test.run(cycles);
        REQUIRE(test.core->hart().halted());
      };
      const auto peek = [&](uint32_t address) { return test.core->peek_register(address); };
      CHECK(test.core->soc_write(clk_gating_en, gating ? 1 : 0) == BusStatus::ok);
      CHECK(test.store(mtimecmp_low + 4, 0xffff'ffff).ok());
      CHECK(test.store(entropy_conf, 0x0090'9096).ok());
      CHECK(test.store(entropy_enable, 6).ok());
      CHECK(test.store(hmac_ctrl, 1).ok());
      const auto state_now = [&] {
        dynamic_cast<EntropySrc&>(*test.core->block("entropy_src")).synchronize();
        return peek(entropy_state);
      };
      const uint32_t state = state_now();
      halt(20'000);
      CHECK(peek(hmac_status) == (gating ? 0 : 3));
      if (timing == veer::TimingProfile::rtl) CHECK((state_now() == state) == gating);

      // A snapshot knows that the clock stands, and how much was left to do.
      veer::StateStream save;
      test.core->state(save);
      const auto bytes = save.take_output();
      veer::StateStream restore{bytes};
      test.core->state(restore);
      REQUIRE(restore.ok());
      test.run(20'000);
      CHECK(peek(hmac_status) == (gating ? 0 : 3));

      // The SoC takes its word back: the clock goes on while the hart still sleeps.
      CHECK(test.core->soc_write(clk_gating_en, 0) == BusStatus::ok);
      test.run(2'000);
      CHECK(peek(hmac_status) == 3);
      if (timing == veer::TimingProfile::rtl) {
        test.run(6'000);
        CHECK(state_now() != state);
      }
    }
  }
}

TEST_CASE("the stepping identifier of the fuses shows in hw_rev_id") {
  TestCore test;
  test.core->set_power_good(false);
  test.core->set_power_good(true);
  test.run(500);
  CHECK(test.core->soc_write(ifc + 0x348, 0x5678) == BusStatus::ok);  // fuse_soc_stepping_id
  CHECK(test.core->soc_read(hw_rev_id).data == 0x5678'0011);
}

TEST_CASE("the break point holds the core until BOOTFSM_GO, where debug is unlocked or in manufacturing") {
  struct Case {
    DeviceLifecycle lifecycle;
    bool debug_locked;
    bool holds;
  };
  for (const Case& each :
       {Case{DeviceLifecycle::unprovisioned, false, true}, Case{DeviceLifecycle::production, true, false},
        Case{DeviceLifecycle::manufacturing, true, true}}) {
    Configuration configuration = TestCore::configuration();
    configuration.lifecycle = each.lifecycle;
    configuration.debug_locked = each.debug_locked;
    configuration.boot_fsm_breakpoint = true;
    TestCore test(configuration);
    CHECK(test.core->hart().held_in_reset() == each.holds);
    CHECK(boot_state(test) == (each.holds ? 3 : 4));
    if (!each.holds) continue;
    CHECK(test.core->soc_write(bootfsm_go, 1) == BusStatus::ok);
    test.run(100);
    CHECK_FALSE(test.core->hart().held_in_reset());
    CHECK(boot_state(test) == 4);
  }
}

TEST_CASE("the security state is taken at resets; debug and scan flush the keys") {
  Configuration configuration = TestCore::configuration();
  configuration.lifecycle = DeviceLifecycle::production;
  configuration.debug_locked = true;
  TestCore test(configuration);
  CHECK((test[security_state] & 0xf) == 7);
  // HMAC puts a tag into slot 0; RTL's flush value shows who was there since.
  const auto slot_0 = [&] {
    std::vector<uint32_t> words;
    for (uint32_t i = 0; i < 12; ++i) words.push_back(test.core->block("key_vault")->stored(0x600 + 4 * i));
    return words;
  };
  const auto fill = [&] {
    CHECK(test.store(0x1001'0610, 1 | 0 << 1 | 1 << 6).ok());
    CHECK(test.store(0x1001'0010, 1).ok());
    test.run(5000);
    CHECK(slot_0()[0] != 0);
  };
  fill();
  const auto tag = slot_0();
  test.core->set_security_state(DeviceLifecycle::production, false);
  test.run(1000);
  CHECK((test[security_state] & 0xf) == 7);
  CHECK(slot_0() == tag);
  warm_reset(test);
  CHECK((test[security_state] & 0xf) == 3);
  for (const uint32_t word : slot_0()) CHECK(word == 0xaaaa'aaaa);
  CHECK((test[notif_intr] & 4) == 4);  // notif_debug_locked_sts

  // Scan mode flushes at once, locked entries too, with the value that CLEAR_SECRETS.sel_debug_value selects.
  fill();
  CHECK(test.store(key_ctrl_0, 3).ok());
  CHECK(test.store(clear_secrets, 2).ok());
  CHECK(slot_0()[0] != 0xaaaa'aaaa);
  test.core->set_scan_mode(true);
  for (const uint32_t word : slot_0()) CHECK(word == 0x5555'5555);
  CHECK((test[security_state] & 8) == 8);
  CHECK((test[notif_intr] & 8) == 8);  // notif_scan_mode_sts
  test.core->set_scan_mode(false);
  CHECK((test[security_state] & 8) == 0);
  // Firmware's own flush reaches what isn't locked, and only with debug unlocked or in scan mode.
  CHECK(test.store(clear_secrets, 1).ok());
  CHECK(slot_0()[0] == 0x5555'5555);
  CHECK(test.core->block("key_vault")->stored(0x600 + 4 * 12) == 0xaaaa'aaaa);
}

TEST_CASE("the machine timer interrupts from power-on until the compare value is written") {
  TestCore test;
  CHECK((test.core->hart().csr(mip).value() & 0x80) == 0x80);
  CHECK(test.store(ifc + 0x648, 0xffff'ffff).ok());
  CHECK(test.store(ifc + 0x64c, 0xffff'ffff).ok());
  CHECK((test.core->hart().csr(mip).value() & 0x80) == 0);
  const uint32_t now = test[ifc + 0x640];
  test.run(1000);
  CHECK(test[ifc + 0x640] > now);
  CHECK(test.store(ifc + 0x64c, 0).ok());
  CHECK(test.store(ifc + 0x648, now).ok());
  CHECK((test.core->hart().csr(mip).value() & 0x80) == 0x80);
}

TEST_CASE("engines are busy while they work, and say so when they are done") {
  struct Engine {
    uint32_t control;
    uint32_t status;
    uint32_t done_source;
    uint32_t interrupts;
  };
  for (const Engine& engine :
       {Engine{0x1000'8010, 0x1000'8018, 4, 0x1000'8800}, Engine{0x1001'0010, 0x1001'0018, 6, 0x1001'0800},
        Engine{0x1002'0010, 0x1002'0018, 10, 0x1002'0800}, Engine{0x1002'8010, 0x1002'8018, 12, 0x1002'8800}}) {
    TestCore test;
    CAPTURE(engine.control);
    open_source(test, engine.done_source);
    CHECK(test.store(engine.interrupts, 2).ok());
    CHECK(test.store(engine.interrupts + 8, 1).ok());
    CHECK((test[engine.status] & 1) == 1);
    CHECK(test.store(engine.control, 1).ok());
    CHECK((test[engine.status] & 1) == 0);
    CHECK_FALSE(interrupted(test));
    test.run(20'000);
    CHECK((test[engine.status] & 3) == 3);
    CHECK(interrupted(test));
    CHECK(test.store(engine.interrupts + 0x18, 1).ok());
    CHECK_FALSE(interrupted(test));
  }
}

TEST_CASE("a change of generic_input_wires and a DMI access let the gated clock run for one cycle each") {
  constexpr uint32_t hmac_ctrl = 0x1001'0010;
  constexpr uint32_t hmac_status = 0x1001'0018;
  for (const auto timing : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
    // The cycles that an HMAC has left when the hart halts: as the clock goes on for good, and as it is woken for one
    // cycle again and again.
    unsigned left[2] = {};
    for (const bool woken : {false, true}) {
      Configuration configuration = TestCore::configuration();
      configuration.timing = timing;
      configuration.lifecycle = DeviceLifecycle::production;
      configuration.debug_locked = true;
      TestCore test(configuration);
      CHECK(test.store(ifc + 0x64c, 0xffff'ffff).ok());  // internal_rv_mtimecmp_h
      CHECK(test.core->soc_write(clk_gating_en, 1) == BusStatus::ok);
      constexpr uint32_t code[] = {0x00a5'a023, 0x7c60'd073, 0x0000'006f};  // sw a0, 0(a1); csrwi mpmc, 1; j .
      REQUIRE(test.core->poke(0x4000'1000, {reinterpret_cast<const uint8_t*>(code), sizeof code}));
      test.core->hart().set_x(10, 1);
      test.core->hart().set_x(11, hmac_ctrl);
      test.core->hart().set_pc(0x4000'1000);
      for (int i = 0; i < 1000 && !test.core->hart().halted(); ++i) test.run(1);
      REQUIRE(test.core->hart().halted());
      if (!woken) CHECK(test.core->soc_write(clk_gating_en, 0) == BusStatus::ok);
      while (test.core->peek_register(hmac_status) != 3 && left[woken] < 5000) {
        ++left[woken];
        if (woken) {
          test.run(3);  // stands
          if (left[woken] % 2 == 0) {
            test.core->set_generic_input_wires(1, left[woken]);
          } else {
            CHECK_FALSE(test.core->tap_read(0x50).has_value());  // refused, but it was an access
          }
        }
        test.run(1);
      }
    }
    CHECK(left[true] == left[false]);
    CHECK(left[true] > 100);
  }
}

TEST_CASE("the TAP: who may, the mailbox, and letting the boot go on") {
  for (const bool manufacturing : {false, true}) {
    Configuration configuration = TestCore::configuration();
    configuration.lifecycle = manufacturing ? DeviceLifecycle::manufacturing : DeviceLifecycle::production;
    configuration.debug_locked = manufacturing;
    configuration.boot_fsm_breakpoint = true;
    std::string error;
    const auto core = Core::create(configuration, error);
    CHECK_FALSE(core->tap_read(0x53).has_value());  // without power it takes itself for a production device
    core->set_power_good(true);
    core->set_reset_b(true);
    core->run({.until_cycle = core->cycles() + 500});
    CHECK(core->soc_write(ifc + 0xb0, 1) == BusStatus::ok);  // CPTRA_FUSE_WR_DONE
    core->run({.until_cycle = core->cycles() + 500});
    CHECK(core->instructions() == 0);

    CHECK(core->tap_read(0x61) == 0U);
    CHECK_FALSE(core->tap_write(0x62, 1));
    CHECK_FALSE(core->tap_write(0x11, 1));  // VeeR's own debug module
    CHECK_FALSE(core->tap_read(0x11).has_value());
    CHECK_FALSE(core->tap_read(0xd3).has_value());
    CHECK(core->tap_read(0x7f) == 0U);
    CHECK(core->tap_write(0x60, 0x1234));
    CHECK(core->soc_read(ifc + 0xbc).data == 0x1234);  // CPTRA_DBG_MANUF_SERVICE_REG
    CHECK(core->tap_write(0x61, 1));
    core->run({.until_cycle = core->cycles() + 500});
    CHECK(core->instructions() > 0);

    // Takes what the SoC has sent to the core, word by word.
    CHECK(core->soc_read(mbox).data == 0);
    for (const auto& [offset, value] :
         {std::pair<uint32_t, uint32_t>{0x8, 7}, {0xc, 8}, {0x10, 0xa}, {0x10, 0xb}, {0x18, 1}}) {
      CHECK(core->soc_write(mbox + offset, value) == BusStatus::ok);
    }
    CHECK(core->tap_read(0x50) == 8U);
    CHECK(core->tap_read(0x51) == 0xaU);
    CHECK(core->tap_read(0x51) == 0xbU);
    CHECK(core->tap_read(0x51) == 0U);
    CHECK(core->tap_read(0x52) == core->soc_read(mbox + 0x1c).data);
  }
  Configuration locked = TestCore::configuration();
  locked.lifecycle = DeviceLifecycle::production;
  locked.debug_locked = true;
  TestCore test(locked);
  CHECK_FALSE(test.core->tap_read(0x50).has_value());
  CHECK_FALSE(test.core->tap_write(0x60, 1));
}

}  // namespace
}  // namespace caliptra
