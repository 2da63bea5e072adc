// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Who gets where: addresses, widths and users, from the core's side (ahb_lite_address_decoder.sv, ahb_slv_sif.sv) and
// from the SoC's (apb_slv_sif.sv, soc_ifc_arb.sv).

#include <doctest/doctest.h>

#include <vector>

#include "iss/registers/register_block.h"
#include "iss/state_stream.h"
#include "soc/tests/core_side.h"

namespace caliptra {
namespace {

using testing::TestCore;
using veer::BusStatus;

constexpr uint32_t ifc = 0x3003'0000;
constexpr uint32_t mbox_lock = 0x3002'0000;
constexpr uint32_t mbox_cmd = 0x3002'0008;
constexpr uint32_t mbox_dlen = 0x3002'000c;
constexpr uint32_t mbox_datain = 0x3002'0010;
constexpr uint32_t mbox_execute = 0x3002'0018;
constexpr uint32_t mbox_status = 0x3002'001c;
constexpr uint32_t mbox_unlock = 0x3002'0020;
constexpr uint32_t hw_error_non_fatal = ifc + 0x4;
constexpr uint32_t mbox_valid_pauser = ifc + 0x48;
constexpr uint32_t mbox_pauser_lock = ifc + 0x5c;
constexpr uint32_t trng_valid_pauser = ifc + 0x70;
constexpr uint32_t trng_pauser_lock = ifc + 0x74;
constexpr uint32_t trng_data = ifc + 0x78;
constexpr uint32_t trng_status = ifc + 0xac;
constexpr uint32_t fuse_wr_done = ifc + 0xb0;
constexpr uint32_t fuse_valid_pauser = ifc + 0x108;
constexpr uint32_t fuse_pauser_lock = ifc + 0x10c;
constexpr uint32_t fuse_uds_seed = ifc + 0x200;
constexpr uint32_t scratch = 0x1001'c460;  // NonStickyGenericScratchReg[0]

/// The state of all blocks.
std::vector<uint8_t> snapshot(TestCore& test) {
  // The blocks remember who asked last: let it be the same one each time.
  for (const uint32_t address : {ifc, mbox_status, 0x3002'1018U}) (void)test.core->soc_read(address, default_soc_user);
  veer::StateStream stream;
  for (const Core::MappedBlock& mapped : test.core->blocks()) mapped.block->state(stream);
  return stream.take_output();
}

TEST_CASE("the core gets a bus error from every address that nothing decodes, and an NMI says so") {
  TestCore test;
  for (const uint32_t address :
       {0x0000'c000U, 0x1001'1000U, 0x1001'7ffcU, 0x1001'e000U, 0x1003'0000U, 0x2000'0000U, 0x2000'4000U, 0x3004'0000U,
        0x3002'2000U, 0x3002'fffcU, 0x4002'0000U, 0x7000'0000U, 0x8000'0000U, 0xffff'fff0U}) {
    CAPTURE(address);
    CHECK(test.load(address).cause == testing::nmi_load_error);
    CHECK(test.core->hart().csr(0xfc0).value_or(0) == address);  // mdseac
    CHECK(test.store(address, 1).cause == testing::nmi_store_error);
    CHECK(test.core->hart().csr(0xfc0).value_or(0) == address);
  }
  CHECK(test.store(0, 1).cause == testing::nmi_store_error);  // ROM
}

TEST_CASE("the NMI of a bus error goes where internal_nmi_vector points") {
  TestCore test;
  CHECK(test.store(ifc + 0x62c, TestCore::nmi_handler + 4).ok());
  CHECK(test.load(0x7000'0000).cause == testing::nmi_load_error);
  CHECK(test.core->hart().pc() == TestCore::nmi_handler + 4);
}

TEST_CASE("holes inside a block read 0 and take writes; a block repeats through its slot") {
  TestCore test;
  const auto before = snapshot(test);
  for (const uint32_t address : {0x1000'0100U, 0x1000'8700U, 0x1001'0500U, 0x1001'8004U + 0x800, 0x1001'a900U,
                                 0x1001'c7f0U, 0x1002'0c00U, 0x1002'8f00U, ifc + 0x700, ifc + 0xff00, 0x3002'1f00U}) {
    CAPTURE(address);
    CHECK(test.load(address).ok());
    CHECK(test.load(address).value == 0);
    CHECK(test.store(address, 0xffff'ffff).ok());
  }
  CHECK(snapshot(test) == before);
  CHECK(test[0x1002'8000] == test[0x1002'9000]);  // SHA256_NAME
  CHECK(test[0x1002'8000] != 0);
  CHECK(test[0x1000'8000] == test[0x1000'f000]);  // ECC_NAME

  // But for PCR vault and data vault, which look at all address bits.
  for (const uint32_t locks : {0x1001'a004U, 0x1001'c004U}) {
    CHECK(test.store(locks, 1).ok());
    CHECK((test[locks] & 1) == 1);
    for (const uint32_t further : {0x800U, 0x1000U, 0x1800U}) {
      CHECK(test[locks + further] == 0);
      CHECK(test.store(locks + 4 + further, 1).ok());
    }
    CHECK((test[locks + 4] & 1) == 0);
  }
}

// axi4_to_ahb.sv puts the address on the bus as it is, and the register files compare all of it.
TEST_CASE("narrow loads of the core give the lowest bytes of a register, and nothing of the others") {
  TestCore test;
  REQUIRE(test.store(scratch, 0x8899'aabb).ok());
  CHECK(test.load(scratch, 1).value == 0xbb);
  CHECK(test.load(scratch, 2).value == 0xaabb);
  for (const uint32_t byte : {1U, 2U, 3U}) CHECK(test.load(scratch + byte, 1).value == 0);
  CHECK(test.load(scratch + 2, 2).value == 0);
  CHECK(test.load(mbox_lock + 1, 1).ok());
  CHECK(test[mbox_lock] == 0);  // it has not been taken

  // The mailbox's memory knows words, and gives all bytes of them.
  REQUIRE(test.store(0x3000'0000, 0x8899'aabb).ok());
  for (unsigned byte = 0; byte < 4; ++byte) {
    CHECK(test.load(0x3000'0000 + byte, 1).value == (0x8899'aabbU >> (8 * byte) & 0xff));
  }
  CHECK(test.load(0x3000'0002, 2).value == 0x8899);
}

TEST_CASE("narrow stores of the core replace the whole register, if they are to its address") {
  TestCore test;
  const auto after = [&](uint32_t offset, unsigned width) {
    (void)test.store(scratch, 0x8899'aabb);
    CHECK(test.store(scratch + offset, 0x1122'3344, width).ok());
    return test[scratch];
  };
  CHECK(after(0, 1) == 0x44);
  CHECK(after(1, 1) == 0x8899'aabb);
  CHECK(after(2, 1) == 0x8899'aabb);
  CHECK(after(3, 1) == 0x8899'aabb);
  CHECK(after(0, 2) == 0x3344);
  CHECK(after(2, 2) == 0x8899'aabb);
}

TEST_CASE("misaligned accesses of the core trap and reach no block") {
  TestCore test;
  REQUIRE(test.store(scratch, 0x8899'aabb).ok());
  for (const uint32_t offset : {1U, 2U, 3U}) {
    CHECK(test.load(scratch + offset).cause == testing::cause_misaligned_load);
    CHECK(test.store(scratch + offset, 0).cause == testing::cause_misaligned_store);
  }
  CHECK(test.load(scratch + 1, 2).cause == testing::cause_misaligned_load);
  CHECK(test.store(scratch + 3, 0, 2).cause == testing::cause_misaligned_store);
  CHECK(test.load(mbox_lock + 1).cause == testing::cause_misaligned_load);
  CHECK(test[scratch] == 0x8899'aabb);
  CHECK(test[mbox_lock] == 0);  // and with that it is taken
  CHECK(test[mbox_lock] == 1);
}

TEST_CASE("the OpenTitan blocks refuse what is not exactly a register") {
  TestCore test;
  CHECK(test.load(0x2000'2000).ok());
  CHECK(test.load(0x2000'2002, 2).cause == testing::nmi_load_error);
  CHECK(test.load(0x2000'2044).cause == testing::nmi_load_error);
  CHECK(test.store(0x2000'30f0, 0).cause == testing::nmi_store_error);
}

TEST_CASE("the SoC sees 18 address bits, and a bus error where soc_ifc_arb.sv maps nothing") {
  TestCore test;
  Core& core = *test.core;
  CHECK(core.soc_read(ifc).ok());
  CHECK(core.soc_read(0x3'0000).ok());
  CHECK(core.soc_read(0xabcf'0000).ok());
  const auto before = snapshot(test);
  for (const uint32_t address : {0x0U, 0x1'fffcU, 0x2'2000U, 0x2'fffcU, 0x3000'0000U, 0x1000'0000U}) {
    CAPTURE(address);
    CHECK_FALSE(core.soc_read(address).ok());
    CHECK(core.soc_read(address).data == 0);
    CHECK(core.soc_write(address, 0xffff'ffff) != BusStatus::ok);
  }
  CHECK(snapshot(test) == before);
  for (const uint32_t hole : {ifc + 0x800 + 0x7fc, ifc + 0xfffc, 0x3002'0ff0U, 0x3002'1ff0U}) {
    CAPTURE(hole);
    CHECK(core.soc_read(hole).ok());
    CHECK(core.soc_read(hole).data == 0);
  }
}

TEST_CASE("the SoC's bus answers nothing but errors while the core is without power or in reset") {
  TestCore test;
  Core& core = *test.core;
  core.set_reset_b(false);
  test.run(200);
  CHECK_FALSE(core.soc_read(ifc).ok());
  CHECK(core.soc_write(ifc + 0xb8, 1) != BusStatus::ok);
  core.set_reset_b(true);
  test.run(500);
  CHECK(core.soc_read(ifc).ok());
  core.set_power_good(false);
  CHECK_FALSE(core.soc_read(ifc).ok());
}

TEST_CASE("registers of the core alone ignore the SoC, and the SoC's ignore the core") {
  TestCore test;
  Core& core = *test.core;
  CHECK(core.soc_write(ifc + 0x620, 1) == BusStatus::ok);  // internal_iccm_lock
  CHECK(test[ifc + 0x620] == 0);
  CHECK(core.soc_write(ifc + 0x38, 0x600) == BusStatus::ok);  // CPTRA_BOOT_STATUS
  CHECK(test[ifc + 0x38] == 0);
  CHECK(test.store(ifc + 0xb8, 1).ok());  // CPTRA_BOOTFSM_GO
  CHECK(test[ifc + 0xb8] == 0);
  CHECK(core.soc_write(mbox_unlock, 1) == BusStatus::ok);
  CHECK(core.soc_read(mbox_unlock).data == 0);
}

TEST_CASE("mailbox users: the programmed and locked ones and the default; others change nothing") {
  TestCore test;
  Core& core = *test.core;
  REQUIRE(core.soc_write(mbox_valid_pauser, 7) == BusStatus::ok);
  CHECK_FALSE(core.soc_read(mbox_lock, 7).ok());  // not locked yet
  REQUIRE(core.soc_write(mbox_pauser_lock, 1) == BusStatus::ok);
  REQUIRE(core.soc_write(mbox_valid_pauser, 9) == BusStatus::ok);  // too late
  CHECK(core.soc_read(mbox_valid_pauser).data == 7);
  REQUIRE(core.soc_write(mbox_pauser_lock, 0) == BusStatus::ok);
  CHECK(core.soc_read(mbox_pauser_lock).data == 1);

  const auto before = snapshot(test);
  for (const uint32_t address : {mbox_lock, mbox_cmd, mbox_dlen, mbox_datain, mbox_execute, mbox_status}) {
    CHECK_FALSE(core.soc_read(address, 9).ok());
    CHECK(core.soc_write(address, 1, 9) != BusStatus::ok);
  }
  CHECK(snapshot(test) == before);

  CHECK(core.soc_read(mbox_lock, 7).data == 0);
  CHECK(core.soc_read(0x3002'0004, 7).data == 7);                              // MBOX_USER
  CHECK(core.soc_write(mbox_cmd, 0x1234, default_soc_user) == BusStatus::ok);  // valid, but not the holder
  CHECK(core.soc_read(mbox_cmd, 7).data == 0);
  CHECK(core.soc_write(mbox_cmd, 0x4321, 7) == BusStatus::ok);
  CHECK(core.soc_read(mbox_cmd, default_soc_user).data == 0x4321);
  CHECK(core.soc_read(hw_error_non_fatal).data == 0);
  CHECK((test[ifc + 0x814] & 2) == 2);  // error_inv_dev_sts: the stranger was noticed
}

TEST_CASE("the fuse user, once locked, alone gets to 0x200 to 0x5ff") {
  TestCore test;
  Core& core = *test.core;
  core.set_power_good(false);
  core.set_power_good(true);
  core.set_reset_b(false);
  test.run(20);
  core.set_reset_b(true);
  test.run(500);
  REQUIRE(core.ready_for_fuses());
  REQUIRE(core.soc_write(fuse_valid_pauser, 3, 5) == BusStatus::ok);
  CHECK(core.soc_write(ifc + 0x27c, 0x1, 5) == BusStatus::ok);
  CHECK(core.soc_read(ifc + 0x27c, 5).data == 1);
  REQUIRE(core.soc_write(fuse_pauser_lock, 1, 5) == BusStatus::ok);
  REQUIRE(core.soc_write(fuse_valid_pauser, 5, 5) == BusStatus::ok);
  CHECK(core.soc_read(fuse_valid_pauser, 5).data == 3);
  const auto before = snapshot(test);
  for (uint32_t address = ifc + 0x200; address < ifc + 0x600; address += 0x10) {
    CHECK_FALSE(core.soc_read(address, 5).ok());
    CHECK(core.soc_write(address, 0xffff'ffff, 5) != BusStatus::ok);
    CHECK_FALSE(core.soc_read(address, default_soc_user).ok());
  }
  CHECK(snapshot(test) == before);
  CHECK(core.soc_read(ifc + 0x600, 5).ok());
  CHECK(core.soc_read(ifc + 0x1fc, 5).ok());
  CHECK(core.soc_write(ifc + 0x27c, 2, 3) == BusStatus::ok);
  CHECK(core.soc_read(ifc + 0x27c, 3).data == 2);
  CHECK(core.soc_write(fuse_uds_seed, 0x1111, 3) == BusStatus::ok);
  CHECK(core.soc_read(fuse_uds_seed, 3).data == 0);  // secret

  // After FUSE_WR_DONE they are shut for everyone, until power is cycled.
  REQUIRE(core.soc_write(fuse_wr_done, 1, 3) == BusStatus::ok);
  CHECK(core.soc_write(ifc + 0x27c, 7, 3) == BusStatus::ok);
  CHECK(core.soc_read(ifc + 0x27c, 3).data == 2);
  core.set_reset_b(false);
  test.run(200);
  core.set_reset_b(true);
  test.run(500);
  CHECK(core.soc_read(fuse_wr_done).data == 1);
  CHECK(core.soc_write(ifc + 0x27c, 7, 3) == BusStatus::ok);
  CHECK(core.soc_read(ifc + 0x27c, 3).data == 2);
}

TEST_CASE("the TRNG user, once locked, alone answers a request") {
  TestCore test;
  Core& core = *test.core;
  REQUIRE(core.soc_write(trng_valid_pauser, 3) == BusStatus::ok);
  REQUIRE(test.store(trng_status, 1).ok());
  CHECK(core.trng_request());
  CHECK(core.soc_write(trng_data, 0x11, 5) == BusStatus::ok);
  CHECK(test[trng_data] == 0x11);
  REQUIRE(core.soc_write(trng_pauser_lock, 1) == BusStatus::ok);
  REQUIRE(core.soc_write(trng_valid_pauser, 5) == BusStatus::ok);
  CHECK(core.soc_write(trng_data, 0x22, 5) == BusStatus::ok);
  CHECK(core.soc_write(trng_status, 2, 5) == BusStatus::ok);
  CHECK(test[trng_data] == 0x11);
  CHECK(test[trng_status] == 1);
  CHECK(core.soc_read(trng_data, 5).data == 0);
  CHECK(core.soc_write(trng_data, 0x33, 3) == BusStatus::ok);
  CHECK(core.soc_write(trng_status, 2, 3) == BusStatus::ok);
  CHECK(test[trng_data] == 0x33);
  CHECK(test[trng_status] == 3);
  REQUIRE(test.store(trng_data, 0x44).ok());  // the core only reads
  CHECK(test[trng_data] == 0x33);
  REQUIRE(test.store(trng_status, 0).ok());
  CHECK(test[trng_status] == 0);
  CHECK_FALSE(core.trng_request());
}

TEST_CASE("the accelerator takes any user, and keeps whom it has given its lock") {
  TestCore test;
  Core& core = *test.core;
  CHECK(core.soc_read(0x3002'1000, 42).data == 1);  // the core has the lock after reset
  CHECK(test.store(0x3002'1000, 1).ok());
  CHECK(core.soc_read(0x3002'1000, 42).data == 0);
  CHECK(core.soc_read(0x3002'1004, 43).data == 42);
  CHECK(core.soc_write(0x3002'1008, 1, 43) == BusStatus::ok);
  CHECK(core.soc_read(0x3002'1008, 43).data == 0);
  CHECK(core.soc_write(0x3002'1008, 1, 42) == BusStatus::ok);
  CHECK(core.soc_read(0x3002'1008, 43).data == 1);
  CHECK(test[0x3002'1000] == 1);
}

TEST_CASE("a debugger looks at every register and sets flip-flops; nothing starts") {
  TestCore test;
  for (const Core::MappedBlock& mapped : test.core->blocks()) {
    (void)mapped.block->read(0, 4, veer::Agent::debugger);  // some do what is due by the clock only when someone looks
    const auto before = snapshot(test);
    for (uint32_t offset = 0; offset < mapped.block->size(); ++offset) {
      (void)mapped.block->read(offset, 1, veer::Agent::debugger);
    }
    for (uint32_t offset = 0; offset < mapped.block->size(); offset += 4) {
      (void)mapped.block->read(offset, 4, veer::Agent::debugger);
      (void)test.core->peek_register(mapped.base + offset);
    }
    CAPTURE(mapped.block->name());
    CHECK(snapshot(test) == before);
    const auto events = test.core->clock().next_deadline();
    for (uint32_t offset = 0; offset < mapped.block->size(); offset += 4) {
      (void)mapped.block->write(offset, 4, 0xffff'ffff, veer::Agent::debugger);
    }
    CHECK(test.core->clock().next_deadline() == events);
  }
  CHECK_FALSE(test.core->trng_request());
  CHECK_FALSE(test.core->mailbox_data_available());
  CHECK_FALSE(test.core->error_fatal());
}

}  // namespace
}  // namespace caliptra
