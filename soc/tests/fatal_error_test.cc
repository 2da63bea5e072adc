// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What cptra_error_fatal does to engines and vaults as long as it lasts (caliptra_top.sv:
// debug_lock_or_scan_mode_switch). The values are the RTL's, read from a simulation of caliptra_top.

#include <doctest/doctest.h>

#include "iss/state_stream.h"
#include "soc/tests/core_side.h"

namespace caliptra {
namespace {

using testing::TestCore;

constexpr uint32_t doe = 0x1000'0000;
constexpr uint32_t ecc = 0x1000'8000;
constexpr uint32_t hmac = 0x1001'0000;
constexpr uint32_t key_vault = 0x1001'8000;
constexpr uint32_t sha512 = 0x1002'0000;
constexpr uint32_t sha256 = 0x1002'8000;
constexpr uint32_t fw_error_fatal = 0x3003'0008;

TestCore locked_core(Generation generation) {
  Configuration configuration = TestCore::configuration();
  configuration.generation = generation;
  configuration.lifecycle = DeviceLifecycle::production;
  configuration.debug_locked = true;
  return TestCore(configuration);
}

void write(TestCore& test, uint32_t address, uint32_t value) { CHECK(test.store(address, value).ok()); }

// SHA-512 of nothing but a zero block, as it comes out of the engine.
uint32_t first_digest_word(TestCore& test) {
  write(test, sha512 + 0x10, 0xd);
  test.run(2000);
  return test[sha512 + 0x100];
}

void check_held(TestCore& test) {
  CHECK(test[sha512 + 0x18] == 0);
  CHECK(test[sha512 + 0x634] == 0);
  CHECK(test[sha256 + 0x18] == 0);
  CHECK(test[hmac + 0x18] == 0);
  CHECK(test[ecc + 0x18] == 0);
  CHECK((test[doe + 0x14] & 0x13) == 0x12);  // not ready; valid, secrets cleared

  // Nothing stays in the registers, and no command begins.
  for (const uint32_t input : {sha512 + 0x80, sha256 + 0x80, hmac + 0x40, hmac + 0x80, ecc + 0x80, ecc + 0x580, doe}) {
    write(test, input, 0x1234'5678);
    CHECK(test[input] == 0);
  }
  CHECK(first_digest_word(test) == 0);
  for (const uint32_t command : {sha256 + 0x10, hmac + 0x10, ecc + 0x10, doe + 0x10}) write(test, command, 1);
  write(test, sha512 + 0x630, 1);  // GEN_PCR_HASH
  test.run(5000);
  CHECK(test[sha512 + 0x18] == 0);
  CHECK(test[sha256 + 0x18] == 0);
  CHECK(test[sha256 + 0x100] == 0);
  CHECK(test[hmac + 0x18] == 0);
  CHECK(test[hmac + 0x100] == 0);
  CHECK(test[ecc + 0x18] == 0);
  CHECK((test[doe + 0x14] & 0x13) == 0x12);
  CHECK((test[doe + 0x10] & 3) == 0);
  CHECK(test[sha512 + 0x634] == 0);

  // The vault clients take requests, and wait.
  for (const uint32_t control : {hmac + 0x600, hmac + 0x608, hmac + 0x610, ecc + 0x600, ecc + 0x608, ecc + 0x610}) {
    write(test, control, 3);
    test.run(100);
    CHECK(test[control] == 3);
    CHECK(test[control + 4] == 1);
  }
  write(test, sha512 + 0x608, 3);
  write(test, sha512 + 0x600, 3);
  test.run(100);
  CHECK(test[sha512 + 0x604] == 1);
  CHECK(test[sha512 + 0x60c] == 1);
  for (uint32_t slot = 0; slot < 32; ++slot) CHECK(test[key_vault + 4 * slot] == 0);
}

TEST_CASE("a fatal error holds the engines zeroized until a reset") {
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    TestCore test = locked_core(generation);
    const uint32_t digest = first_digest_word(test);
    CHECK(digest != 0);
    write(test, hmac + 0x10, 1);  // at work when it happens
    write(test, fw_error_fatal, 0x0104'0001);
    REQUIRE(test.core->error_fatal());
    check_held(test);

    // It is a part of the state.
    veer::StateStream save;
    test.core->state(save);
    const auto bytes = save.take_output();
    TestCore other = locked_core(generation);
    veer::StateStream restore{bytes};
    other.core->state(restore);
    REQUIRE(restore.ok());
    CHECK(first_digest_word(other) == 0);

    write(test, fw_error_fatal, 0);
    CHECK(first_digest_word(test) == 0);  // the wire stays up
    test.core->set_reset_b(false);
    test.run(100);
    test.core->set_reset_b(true);
    test.boot();
    CHECK_FALSE(test.core->error_fatal());
    CHECK(first_digest_word(test) == digest);
    write(test, hmac + 0x10, 1);
    test.run(2000);
    CHECK(test[hmac + 0x18] == 3);
  }
}

}  // namespace
}  // namespace caliptra
