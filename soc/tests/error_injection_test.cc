// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Faults put into a whole core, and what the hardware makes of them.

#include "soc/error_injection.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "iss/registers/register_block.h"
#include "iss/state_stream.h"
#include "soc/soc_manager.h"
#include "soc/tests/core_side.h"

namespace caliptra {
namespace {

using testing::TestCore;
using Kind = Fault::Kind;

constexpr uint32_t ifc = 0x3003'0000;
constexpr uint32_t hw_error_fatal = ifc + 0x0;
constexpr uint32_t hw_error_non_fatal = ifc + 0x4;
constexpr uint32_t output_wires = ifc + 0xcc;
constexpr uint32_t error_intr = ifc + 0x814;
constexpr uint32_t notif_intr = ifc + 0x818;
constexpr uint32_t mbox_lock = 0x3002'0000;
constexpr uint32_t mbox_sram = 0x3000'0000;
constexpr uint32_t hmac_ctrl = 0x1001'0010;
constexpr uint32_t hmac_status = 0x1001'0018;
constexpr uint32_t hmac_kv_rd_key_ctrl = 0x1001'0600;
constexpr uint32_t hmac_kv_rd_key_status = 0x1001'0604;
constexpr uint32_t hmac_kv_wr_ctrl = 0x1001'0610;
constexpr uint32_t hmac_kv_wr_status = 0x1001'0614;
constexpr uint32_t ecc_ctrl = 0x1000'8010;
constexpr uint32_t ecc_status = 0x1000'8018;
constexpr uint32_t miccmect = 0x7f1;
constexpr uint32_t mdccmect = 0x7f2;
constexpr uint32_t load_access_fault = 5;
constexpr uint32_t dccm = 0x5000'1000;
constexpr uint32_t iccm = 0x4000'1000;

TEST_CASE("a flipped bit in the DCCM is corrected and counted; two are a fault and fatal") {
  TestCore test;
  REQUIRE(test.store(dccm, 0x1234'5678).ok());
  REQUIRE(test.core->inject({.kind = Kind::ecc_correctable, .address = dccm}));
  const uint32_t before = test.core->hart().csr(mdccmect).value();
  CHECK(test.load(dccm).value == 0x1234'5678);
  CHECK(test.core->hart().csr(mdccmect).value() == before + 1);
  CHECK(test.load(dccm).ok());
  CHECK(test.core->hart().csr(mdccmect).value() == before + 1);  // repaired
  CHECK_FALSE(test.core->error_fatal());

  REQUIRE(test.core->inject_ecc_error(dccm, false));
  CHECK(test.load(dccm).cause == load_access_fault);
  CHECK((test[hw_error_fatal] & 2) == 2);
  CHECK(test.core->error_fatal());
  CHECK(test.store(dccm, 1).ok());
  CHECK(test.load(dccm).value == 1);
}

TEST_CASE("flipped bits in the ICCM, as data and as code") {
  TestCore test;
  REQUIRE(test.store(iccm, 0x1234'5678).ok());
  REQUIRE(test.core->inject({.kind = Kind::ecc_correctable, .address = iccm}));
  CHECK(test.load(iccm).value == 0x1234'5678);
  CHECK_FALSE(test.core->error_fatal());
  REQUIRE(test.core->inject({.kind = Kind::ecc_uncorrectable, .address = iccm}));
  CHECK(test.load(iccm).cause == testing::nmi_load_error);
  CHECK((test[hw_error_fatal] & 1) == 1);

  REQUIRE(test.store(iccm, TestCore::jump_to_self).ok());
  REQUIRE(test.core->inject({.kind = Kind::ecc_uncorrectable, .address = iccm}));
  test.core->hart().set_pc(iccm);
  test.run(10);
  CHECK(test.core->hart().csr(TestCore::mcause).value() == 1);  // instruction access fault
}

TEST_CASE("flipped bits in the mailbox SRAM: an interrupt when corrected, an error when not") {
  TestCore test;
  CHECK(test[mbox_lock] == 0);
  REQUIRE(test.store(mbox_sram + 0x40, 0xcafe'f00d).ok());
  REQUIRE(test.core->inject({.kind = Kind::ecc_correctable, .address = mbox_sram + 0x40}));
  CHECK(test.load(mbox_sram + 0x40).value == 0xcafe'f00d);
  CHECK((test[notif_intr] & 2) == 2);
  CHECK(test[hw_error_non_fatal] == 0);
  REQUIRE(test.core->inject({.kind = Kind::ecc_uncorrectable, .address = mbox_sram + 0x40}));
  CHECK(test.load(mbox_sram + 0x40).value != 0xcafe'f00d);
  CHECK(test[hw_error_non_fatal] == 4);
  CHECK((test[error_intr] & 0x20) == 0x20);
  CHECK(test.core->error_non_fatal());
  CHECK(test.core->soc_write(hw_error_non_fatal, 4) == veer::BusStatus::ok);
  CHECK_FALSE(test.core->error_non_fatal());
}

TEST_CASE("faults where they can't be are refused") {
  TestCore test;
  for (const Kind kind :
       {Kind::ecc_correctable, Kind::ecc_uncorrectable, Kind::writes_correctable, Kind::writes_uncorrectable}) {
    CHECK_FALSE(test.core->inject({.kind = kind, .address = 0x1000'0000}));
    CHECK_FALSE(test.core->inject({.kind = kind, .address = 0x4002'0000}));
    CHECK_FALSE(test.core->inject({.kind = kind, .address = 0}));
  }
}

TEST_CASE("every kind has a name, and the name leads back to it") {
  for (int kind = 0; kind <= static_cast<int>(Kind::bus_error); ++kind) {
    const auto each = static_cast<Kind>(kind);
    CHECK(fault_kind(name(each)) == each);
  }
  CHECK_FALSE(fault_kind("cosmic_ray").has_value());
}

unsigned correctable_in_dccm(TestCore& test) {
  const uint32_t before = test.core->hart().csr(mdccmect).value();
  for (uint32_t i = 0; i < 100; ++i) CHECK(test.store(dccm + 4 * i, i).ok());
  for (uint32_t i = 0; i < 100; ++i) CHECK(test.load(dccm + 4 * i).value == i);
  return test.core->hart().csr(mdccmect).value() - before;
}

TEST_CASE("the test bench's output-wire commands spoil writes until 0xe4 or a reset") {
  TestCore test;
  std::string console;
  test.core->on_console([&](char character) { console += character; });
  CHECK(correctable_in_dccm(test) == 0);
  CHECK(test.store(output_wires, 0xe2).ok());
  const unsigned spoiled = correctable_in_dccm(test);
  CHECK(spoiled > 25);
  CHECK(spoiled < 75);
  CHECK(test.store(output_wires, 0xe4).ok());
  CHECK(correctable_in_dccm(test) == 0);

  CHECK(test.store(output_wires, 0xe0).ok());
  const uint32_t before = test.core->hart().csr(miccmect).value();
  for (uint32_t i = 0; i < 100; ++i) CHECK(test.store(iccm + 4 * i, i).ok());
  for (uint32_t i = 0; i < 100; ++i) CHECK(test.load(iccm + 4 * i).value == i);
  CHECK(test.core->hart().csr(miccmect).value() - before > 25);
  CHECK(test.store(output_wires, 0xe4).ok());

  CHECK(test[mbox_lock] == 0);
  CHECK(test.store(output_wires, 0xfd).ok());
  for (uint32_t i = 0; i < 200; ++i) CHECK(test.store(mbox_sram + 4 * i, i).ok());
  for (uint32_t i = 0; i < 200; ++i) CHECK(test.load(mbox_sram + 4 * i).value == i);
  const uint32_t corrected = test[ifc + 0x984];  // notif_mbox_ecc_cor_intr_count_r
  CHECK(corrected > 5);
  CHECK(corrected < 50);
  CHECK(test[hw_error_non_fatal] == 0);
  CHECK(test.store(output_wires, 0xfe).ok());
  for (uint32_t i = 0; i < 200; ++i) CHECK(test.store(mbox_sram + 4 * i, i).ok());
  for (uint32_t i = 0; i < 200; ++i) CHECK(test.load(mbox_sram + 4 * i).ok());
  CHECK(test[hw_error_non_fatal] == 4);

  CHECK(test.store(output_wires, 0xe1).ok());
  CHECK(test.store(output_wires, 0xe3).ok());
  test.core->set_reset_b(false);
  test.run(100);
  test.core->set_reset_b(true);
  test.boot();
  CHECK(correctable_in_dccm(test) == 0);
  CHECK(test[hw_error_fatal] == 0);

  CHECK(test.store(output_wires, 0xe3).ok());
  for (uint32_t i = 0; i < 20; ++i) CHECK(test.store(dccm + 4 * i, i).ok());
  for (uint32_t i = 0; i < 20; ++i) (void)test.load(dccm + 4 * i);
  CHECK(test[hw_error_fatal] == 2);

  CHECK(console.empty());
  for (const char character : std::string("ok\n"))
    CHECK(test.store(output_wires, static_cast<uint32_t>(character)).ok());
  CHECK(console == "ok\n");
}

TEST_CASE("crypto_error is fatal while it lasts; RTL 1.0 has no such wire") {
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    Configuration configuration = TestCore::configuration();
    configuration.generation = generation;
    TestCore test(configuration);
    REQUIRE(test.core->inject({.kind = Kind::crypto_error}));
    if (generation == Generation::v1_0) {
      CHECK(test[hw_error_fatal] == 0);
      CHECK_FALSE(test.core->error_fatal());
      continue;
    }
    CHECK(test[hw_error_fatal] == 8);
    CHECK(test.core->error_fatal());
    CHECK(test.core->soc_write(hw_error_fatal, 8) == veer::BusStatus::ok);
    CHECK(test[hw_error_fatal] == 8);
    test.core->clear_faults();
    CHECK(test.core->soc_write(hw_error_fatal, 8) == veer::BusStatus::ok);
    CHECK(test[hw_error_fatal] == 0);
    CHECK(test.core->error_fatal());  // until a reset
  }
}

TEST_CASE("two engines at work at once are a crypto error on RTL 1.1, and none on 1.0") {
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    Configuration configuration = TestCore::configuration();
    configuration.generation = generation;
    TestCore test(configuration);
    CHECK(test[ecc_status] == 1);
    CHECK(test.store(ecc_ctrl, 1).ok());  // keygen
    CHECK(test[hw_error_fatal] == 0);
    CHECK(test.store(hmac_kv_wr_ctrl, 1 | 5 << 1 | 1 << 6).ok());
    CHECK(test.store(hmac_ctrl, 1).ok());
    CHECK(test[hw_error_fatal] == (generation == Generation::v1_1 ? 8 : 0));
    test.run(100'000);
    // Zeroized, the engines never come to writing both at once, which kv.sv would answer by clearing every key.
    const veer::RegisterBlock& keys = *test.core->block("key_vault");
    CHECK((keys.stored(0x600 + 5 * 48) == 0xaaaa'aaaa) == (generation == Generation::v1_1));
    CHECK((keys.stored(4 * 5) != 0) == (generation == Generation::v1_0));
    // The wire has fallen: the bit can be cleared now.
    CHECK(test.store(hw_error_fatal, 8).ok());
    CHECK(test[hw_error_fatal] == 0);
  }
}

TEST_CASE("key vault errors show in the engines' status registers, as often as told") {
  TestCore test;
  REQUIRE(test.core->inject({.kind = Kind::key_vault_write, .slots = 1U << 3, .count = 1}));
  const auto write_tag_to_slot_3 = [&] {
    CHECK(test.store(hmac_kv_wr_ctrl, 1 | 3 << 1 | 1 << 6).ok());  // HMAC key
    CHECK(test.store(hmac_ctrl, 1).ok());
    test.run(5000);
    return test[hmac_kv_wr_status] >> 2 & 0xff;
  };
  CHECK(write_tag_to_slot_3() == 2);  // KV_WRITE_FAIL
  CHECK(write_tag_to_slot_3() == 0);

  const auto read_key_from_slot_3 = [&] {
    CHECK(test.store(hmac_kv_rd_key_ctrl, 1 | 3 << 1).ok());
    test.run(1000);
    return test[hmac_kv_rd_key_status] >> 2 & 0xff;
  };
  CHECK(read_key_from_slot_3() == 0);
  REQUIRE(test.core->inject({.kind = Kind::key_vault_read, .slots = ~(1U << 3)}));
  CHECK(read_key_from_slot_3() == 0);
  REQUIRE(test.core->inject({.kind = Kind::key_vault_read}));
  CHECK(read_key_from_slot_3() == 1);  // KV_READ_FAIL
  CHECK(read_key_from_slot_3() == 1);
  test.core->clear_faults();
  CHECK(read_key_from_slot_3() == 0);
  CHECK(test[hmac_status] == 3);
}

TEST_CASE("an AHB error is an NMI, at its addresses and as often as told") {
  TestCore test;
  REQUIRE(test.core->inject({.kind = Kind::bus_error, .address = 0x1001'0000, .size = 0x100, .count = 2}));
  CHECK(test.load(hmac_status).cause == testing::nmi_load_error);
  CHECK(test.load(ecc_status).ok());
  CHECK(test.store(hmac_ctrl, 1).cause == testing::nmi_store_error);
  CHECK(test.load(hmac_status).value == 1);  // and the store had no effect
  REQUIRE(test.core->inject({.kind = Kind::bus_error, .address = mbox_sram, .size = 4}));
  for (int i = 0; i < 3; ++i) CHECK(test.load(mbox_sram).cause == testing::nmi_load_error);
  test.core->clear_faults();
  CHECK(test.load(mbox_sram).ok());
}

// MAIN_SM_STATE of the entropy source, switched on as the ROM does it and given ten times what it needs.
uint32_t state_of_entropy_source(const std::optional<Fault>& fault) {
  TestCore test;
  if (fault) REQUIRE(test.core->inject(*fault));
  CHECK(test.store(0x2000'3034, 0xffff'0029).ok());  // REPCNT_THRESHOLDS
  CHECK(test.store(0x2000'303c, 0xffff'0600).ok());  // ADAPTP_HI_THRESHOLDS
  CHECK(test.store(0x2000'3040, 0x0000'0200).ok());  // ADAPTP_LO_THRESHOLDS
  CHECK(test.store(0x2000'3024, 0x0090'6096).ok());  // CONF
  CHECK(test.store(0x2000'3020, 6).ok());            // MODULE_ENABLE
  test.run(200'000);
  return test[0x2000'30e0];
}

TEST_CASE("noise that is stuck fails the health tests; noise that stops leaves the core waiting") {
  constexpr uint32_t continuous = 0x1a2;
  constexpr uint32_t alert_hang = 0x15c;
  CHECK(state_of_entropy_source(std::nullopt) == continuous);
  CHECK(state_of_entropy_source(Fault{.kind = Kind::noise_stuck, .value = 5}) == alert_hang);
  const uint32_t waiting = state_of_entropy_source(Fault{.kind = Kind::noise_stopped});
  CHECK(waiting != continuous);
  CHECK(waiting != alert_hang);
}

TEST_CASE("a SoC that answers TRNG requests late, or never") {
  for (const std::optional<uint64_t> delay : {std::optional<uint64_t>{5000}, std::optional<uint64_t>{}}) {
    Configuration configuration = TestCore::configuration();
    configuration.internal_trng = false;
    TestCore test(configuration);
    SocPlan plan;
    plan.trng_delay = delay;
    SocManager manager(*test.core, plan);
    CHECK(test.store(ifc + 0xac, 1).ok());
    test.run(4000);
    CHECK(test[ifc + 0xac] == 1);
    test.run(100'000);
    CHECK(test[ifc + 0xac] == (delay ? 3 : 1));
    CHECK(test.load(0x2000'3020).cause == testing::nmi_load_error);  // no entropy source of its own
  }
}

TEST_CASE("firmware gets a warm or cold reset from the SoC over the output wires") {
  constexpr uint32_t data_vault_entry = 0x1001'c028;  // STICKY_DATA_VAULT_ENTRY[0]
  for (const bool cold : {false, true}) {
    TestCore test;
    SocManager manager(*test.core, {});
    std::vector<Event::Kind> seen;
    test.core->on_event([&](const Event& event) { seen.push_back(event.kind); });
    CHECK(test.store(data_vault_entry, 0x1234).ok());
    CHECK(test.store(ifc + 0xcc, cold ? 0xf5 : 0xf6).ok());
    test.run(5000);
    CHECK(std::ranges::count(seen, Event::Kind::reset_command) == 1);
    CHECK(std::ranges::count(seen, cold ? Event::Kind::cold_reset : Event::Kind::warm_reset) == 1);
    test.prepare_hart();
    CHECK(test[ifc + 0x40] == (cold ? 0 : 2));  // CPTRA_RESET_REASON
    CHECK(test[data_vault_entry] == (cold ? 0 : 0x1234));
  }
}

TEST_CASE("planned faults come at their cycle, and snapshots know which are still to come") {
  Configuration configuration = TestCore::configuration();
  configuration.faults = {{.kind = Kind::bus_error, .address = 0x1001'0018, .cycle = 60'000},
                          {.kind = Kind::crypto_error, .cycle = 40'000},
                          {.kind = Kind::ecc_correctable, .address = 0x1234, .cycle = 50'000}};
  TestCore test(configuration);
  REQUIRE(test.core->cycles() < 40'000);
  CHECK(test[hw_error_fatal] == 0);
  test.core->run({.until_cycle = 45'000});
  CHECK(test[hw_error_fatal] == 8);

  veer::StateStream saved;
  test.core->state(saved);
  const auto bytes = saved.take_output();
  TestCore other(configuration);
  veer::StateStream restored{bytes};
  other.core->state(restored);
  REQUIRE_MESSAGE(restored.ok(), restored.error());
  for (TestCore* each : {&test, &other}) {
    CHECK(each->load(hmac_status).ok());
    each->core->run({.until_cycle = 61'000});
    CHECK(each->load(hmac_status).cause == testing::nmi_load_error);
    CHECK((*each)[hw_error_fatal] == 8);
  }
}

}  // namespace
}  // namespace caliptra
