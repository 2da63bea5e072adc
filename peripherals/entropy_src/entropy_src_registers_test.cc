// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <doctest/doctest.h>

#include "iss/state_stream.h"
#include "peripherals/entropy_src/bench.h"
#include "peripherals/entropy_src/entropy_src.h"

using namespace caliptra;
using namespace caliptra::testing;

TEST_CASE("after a reset the registers hold what the table says") {
  Bench bench(good_noise(1));
  for (const veer::Register& each : table) {
    uint32_t expected = 0;
    for (const veer::Field& field : each.fields) {
      if (field.core != veer::Access::wo) expected |= field.place(field.reset);
    }
    CAPTURE(each.name);
    CHECK(bench.read(each.offset) == expected);
  }
}

TEST_CASE("registers are locked while the module is enabled, and for good by SW_REGUPD") {
  const uint32_t locked_offsets[] = {CONF::offset,
                                     ENTROPY_CONTROL::offset,
                                     HEALTH_TEST_WINDOWS::offset,
                                     REPCNT_THRESHOLDS::offset,
                                     REPCNTS_THRESHOLDS::offset,
                                     ADAPTP_HI_THRESHOLDS::offset,
                                     ADAPTP_LO_THRESHOLDS::offset,
                                     BUCKET_THRESHOLDS::offset,
                                     MARKOV_HI_THRESHOLDS::offset,
                                     MARKOV_LO_THRESHOLDS::offset,
                                     EXTHT_HI_THRESHOLDS::offset,
                                     EXTHT_LO_THRESHOLDS::offset,
                                     ALERT_THRESHOLD::offset,
                                     FW_OV_CONTROL::offset,
                                     OBSERVE_FIFO_THRESH::offset};
  Bench bench(good_noise(26));
  const auto nothing_changes = [&] {
    CHECK(bench.read(REGWEN::offset) == 0);
    for (const uint32_t offset : locked_offsets) {
      const uint32_t before = bench.read(offset);
      bench.write(offset, before ^ 0x0012'0012);
      CAPTURE(offset);
      CHECK(bench.read(offset) == before);
    }
  };
  CHECK(bench.read(REGWEN::offset) == 1);
  bench.enable();
  nothing_changes();
  bench.write(MODULE_ENABLE::offset, no);
  bench.run(4);
  nothing_changes();
  bench.run(1);
  CHECK(bench.read(REGWEN::offset) == 1);
  bench.write(SW_REGUPD::offset, 1);
  CHECK(bench.read(REGWEN::offset) == 1);
  bench.write(SW_REGUPD::offset, 0);
  nothing_changes();
  bench.write(SW_REGUPD::offset, 1);
  nothing_changes();

  bench.write(ME_REGWEN::offset, 0);
  bench.enable();
  CHECK(bench.read(MODULE_ENABLE::offset) == no);
  bench.block.reset(veer::Reset::warm);
  CHECK(bench.read(REGWEN::offset) == 1);
  bench.enable();
  CHECK(bench.read(MODULE_ENABLE::offset) == yes);
}

TEST_CASE("switches that are neither on nor off raise their alert as long as they are") {
  Bench bench(good_noise(27));
  using Alert = RECOV_ALERT_STS;
  const auto check = [&](uint32_t offset, const veer::Field& field, const veer::Field& alert) {
    const uint32_t before = bench.read(offset);
    bench.write(offset, field.insert(before, 0x3));
    CHECK(bench.read(Alert::offset) == alert.mask());
    bench.write(Alert::offset, 0);
    CHECK(bench.read(Alert::offset) == alert.mask());
    bench.write(offset, before);
    CHECK(bench.read(Alert::offset) == alert.mask());
    bench.write(Alert::offset, ~alert.mask());
    CHECK(bench.read(Alert::offset) == 0);
  };
  check(CONF::offset, CONF::FIPS_ENABLE, Alert::FIPS_ENABLE_FIELD_ALERT);
  check(CONF::offset, CONF::ENTROPY_DATA_REG_ENABLE, Alert::ENTROPY_DATA_REG_EN_FIELD_ALERT);
  check(CONF::offset, CONF::THRESHOLD_SCOPE, Alert::THRESHOLD_SCOPE_FIELD_ALERT);
  check(CONF::offset, CONF::RNG_BIT_ENABLE, Alert::RNG_BIT_ENABLE_FIELD_ALERT);
  check(ENTROPY_CONTROL::offset, ENTROPY_CONTROL::ES_ROUTE, Alert::ES_ROUTE_FIELD_ALERT);
  check(ENTROPY_CONTROL::offset, ENTROPY_CONTROL::ES_TYPE, Alert::ES_TYPE_FIELD_ALERT);
  check(FW_OV_CONTROL::offset, FW_OV_CONTROL::FW_OV_MODE, Alert::FW_OV_MODE_FIELD_ALERT);
  check(FW_OV_CONTROL::offset, FW_OV_CONTROL::FW_OV_ENTROPY_INSERT, Alert::FW_OV_ENTROPY_INSERT_FIELD_ALERT);
  check(FW_OV_SHA3_START::offset, FW_OV_SHA3_START::FW_OV_INSERT_START, Alert::FW_OV_SHA3_START_FIELD_ALERT);
  check(MODULE_ENABLE::offset, MODULE_ENABLE::MODULE_ENABLE_, Alert::MODULE_ENABLE_FIELD_ALERT);
  check(ALERT_THRESHOLD::offset, ALERT_THRESHOLD::ALERT_THRESHOLD_INV, Alert::ES_THRESH_CFG_ALERT);
}

TEST_CASE("error codes on demand") {
  struct Case {
    uint32_t code;
    bool error;
    bool fatal_when_disabled;
  };
  const Case cases[] = {{0, true, false},  {1, true, false},  {2, true, false},  {3, false, false}, {19, false, false},
                        {20, true, true},  {21, true, true},  {23, true, true},  {24, true, true},  {25, false, false},
                        {28, true, false}, {29, true, false}, {30, true, false}, {31, false, false}};
  for (const Case& each : cases) {
    for (const bool enabled : {false, true}) {
      Bench bench(good_noise(28));
      if (enabled) bench.enable();
      bench.write(ERR_CODE_TEST::offset, each.code);
      CAPTURE(each.code);
      CHECK(bench.read(ERR_CODE_TEST::offset) == each.code);
      CHECK(bench.read(ERR_CODE::offset) == (each.error ? 1U << each.code : 0));
      const bool fatal = (bench.read(INTERRUPT_STATE::offset) & INTERRUPT_STATE::ES_FATAL_ERR.mask()) != 0;
      CHECK(fatal == (each.error && (enabled || each.fatal_when_disabled)));
      bench.write(INTERRUPT_STATE::offset, 0xf);
      CHECK(bench.read(INTERRUPT_STATE::offset) == 0);
    }
  }
}

TEST_CASE("a counter error stops the state machine until a reset") {
  Bench bench(good_noise(29));
  bench.configure(yes);
  bench.enable();
  bench.run(1000);
  bench.write(ERR_CODE_TEST::offset, 22);
  CHECK(bench.state() == failed);
  const uint32_t errors = ERR_CODE::ES_CNTR_ERR.mask() | ERR_CODE::ES_MAIN_SM_ERR.mask();
  CHECK(bench.read(ERR_CODE::offset) == errors);
  bench.write(INTERRUPT_STATE::offset, 0xf);
  CHECK(bench.read(INTERRUPT_STATE::offset) == INTERRUPT_STATE::ES_FATAL_ERR.mask());
  bench.disable();
  bench.enable();
  bench.block.request(true);
  bench.run(20'000);
  CHECK(bench.state() == failed);
  CHECK(bench.seeds.empty());
  bench.block.reset(veer::Reset::firmware_update);
  CHECK(bench.state() == failed);
  bench.block.reset(veer::Reset::warm);
  CHECK(bench.state() == idle);
  CHECK(bench.read(ERR_CODE::offset) == 0);
  bench.configure(yes);
  bench.enable();
  bench.block.request(true);
  bench.run(6000);
  CHECK(bench.seeds.size() == 1);
}

TEST_CASE("interrupt events can be tried out and are cleared by ones") {
  Bench bench(good_noise(30));
  bench.write(INTERRUPT_TEST::offset, 0xffff'fff5);
  CHECK(bench.read(INTERRUPT_TEST::offset) == 0);
  CHECK(bench.read(INTERRUPT_STATE::offset) == 5);
  bench.write(INTERRUPT_STATE::offset, 4);
  CHECK(bench.read(INTERRUPT_STATE::offset) == 1);
  bench.write(INTERRUPT_ENABLE::offset, 0xffff'ffff);
  CHECK(bench.read(INTERRUPT_ENABLE::offset) == 0xf);
  bench.write(ALERT_TEST::offset, 3);
  CHECK(bench.read(ALERT_TEST::offset) == 0);
}

TEST_CASE("addresses that are no register's are refused; the registers repeat every 256 bytes") {
  Bench bench(good_noise(31));
  for (uint32_t offset = 0; offset < 0x1000; ++offset) {
    const bool there = offset % 4 == 0 && (offset & 0xff) <= MAIN_SM_STATE::offset;
    const auto status = there ? BusStatus::ok : BusStatus::target_error;
    CHECK(bench.block.read(offset, 1, Agent::core).status == status);
    CHECK(bench.block.write(offset, 1, 1, Agent::core) == status);
  }
  Bench fresh(good_noise(31));
  CHECK(fresh.read(0xf00 + REV::offset) == 0x0001'0303);
  CHECK(fresh.block.read(REV::offset, 1, Agent::core).data == 0x03);
  fresh.write(0x300 + INTERRUPT_ENABLE::offset, 5);
  CHECK(fresh.read(INTERRUPT_ENABLE::offset) == 5);
}

TEST_CASE("a reset loses everything but what the SoC asks for") {
  Bench bench(good_noise(32));
  bench.configure_as_rom();
  bench.enable();
  bench.run(10'000);
  bench.block.reset(veer::Reset::firmware_update);
  CHECK(bench.state() == continuous);
  bench.block.reset(veer::Reset::warm);
  for (const veer::Register& each : table) {
    uint32_t expected = 0;
    for (const veer::Field& field : each.fields) {
      if (field.core != veer::Access::wo) expected |= field.place(field.reset);
    }
    CAPTURE(each.name);
    CHECK(bench.read(each.offset) == expected);
  }
  const std::size_t before = bench.drawn.size();
  bench.run(10'000);
  CHECK(bench.drawn.size() == before);
}

TEST_CASE("looking changes nothing: a run that is watched is like one that is not") {
  const auto outcome = [](unsigned step) {
    Bench bench(good_noise(33));
    bench.configure(yes);
    bench.enable();
    bench.block.request(true);
    for (unsigned cycle = 0; cycle < 30'000; cycle += step) {
      bench.run(step);
      if (step < 30'000) bench.block.read(MAIN_SM_STATE::offset, 4, Agent::debugger);
    }
    bench.block.synchronize();
    veer::StateStream save;
    bench.block.state(save);
    CHECK(bench.seeds.size() == 1);
    CHECK(bench.seed_cycles[0] == 512 * 5 * 2 + 45);
    return save.take_output();
  };
  CHECK(outcome(30'000) == outcome(10));
}

TEST_CASE("a snapshot at any time continues as the original does") {
  for (unsigned at = 0; at < 14'000; at += 611) {
    auto engine = std::make_shared<std::mt19937>(34);
    Bench bench(good_noise(engine));
    bench.configure_as_rom();
    bench.write(FW_OV_CONTROL::offset,
                FW_OV_CONTROL::FW_OV_MODE.place(yes) | FW_OV_CONTROL::FW_OV_ENTROPY_INSERT.place(no));
    bench.enable();
    bench.run(at);
    if (at % 2 == 0) bench.block.request(true);
    bench.block.synchronize();
    veer::StateStream save;
    bench.clock.state(save);
    bench.block.state(save);

    Bench other(good_noise(std::make_shared<std::mt19937>(*engine)));
    veer::StateStream restore(save.output());
    other.clock.state(restore);
    other.block.state(restore);
    restore.finish();
    REQUIRE(restore.ok());
    const auto taken = bench.seeds.size();
    for (Bench* each : {&bench, &other}) {
      each->run(8'000);
      each->block.request(true);
      each->run(8'000);
      each->block.synchronize();
    }
    CHECK(std::vector(bench.seeds.begin() + static_cast<std::ptrdiff_t>(taken), bench.seeds.end()) == other.seeds);
    veer::StateStream first;
    veer::StateStream second;
    bench.block.state(first);
    other.block.state(second);
    CHECK(first.output() == second.output());
  }
}

TEST_CASE("a damaged snapshot is refused") {
  Bench bench(good_noise(35));
  bench.enable();
  bench.run(777);
  veer::StateStream save;
  bench.block.state(save);
  std::mt19937 random(36);
  for (unsigned round = 0; round < 300; ++round) {
    auto bytes = save.output();
    for (unsigned i = 0; i < 3; ++i)
      bytes[0x1000 + random() % (bytes.size() - 0x1000)] = static_cast<uint8_t>(random());
    Bench other(good_noise(35));
    veer::StateStream restore(bytes);
    other.block.state(restore);
    // Whatever came of it, nothing that follows may go wrong.
    for (uint32_t offset = 0; offset <= MAIN_SM_STATE::offset; offset += 4) other.read(offset);
    other.disable();
    other.enable();
    other.run(100);
    other.read(MAIN_SM_STATE::offset);
  }
}
