// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/pcr_vault/pcr_vault.h"

#include <doctest/doctest.h>

#include <array>

#include "iss/state_stream.h"
#include "peripherals/pcr_vault/pcr_vault_regs.h"

namespace {

using namespace caliptra;
using namespace caliptra::pcr_vault_regs;
using veer::Agent;
using veer::Reset;

constexpr uint32_t lock = 1;
constexpr uint32_t clear = 2;

struct Fixture {
  PcrVault vault{Generation::v1_1};

  void control(unsigned slot, uint32_t data) { vault.write(PCR_CTRL::offset + 4 * slot, 4, data, Agent::core); }
  uint32_t control(unsigned slot) { return vault.read(PCR_CTRL::offset + 4 * slot, 4, Agent::core).data; }
  uint32_t word(unsigned slot, unsigned index) {
    return vault.read(PCR_ENTRY::offset + 4 * (12 * slot + index), 4, Agent::core).data;
  }
  void put(unsigned slot, uint32_t first) {
    std::array<uint32_t, 12> words;
    for (unsigned i = 0; i < 12; ++i) words[i] = first + i;
    CHECK(vault.write_pcr(slot, words) == VaultError::success);
  }
};

TEST_CASE_FIXTURE(Fixture, "pcr_vault: software reads PCRs, only the port writes them") {
  for (unsigned slot = 0; slot < PcrVault::entries; ++slot) put(slot, 0x100 * slot + 1);
  for (unsigned slot = 0; slot < PcrVault::entries; ++slot) {
    CHECK(word(slot, 0) == 0x100 * slot + 1);
    CHECK(word(slot, 11) == 0x100 * slot + 12);
    CHECK(vault.read_pcr(slot).words[11] == 0x100 * slot + 12);
    CHECK(vault.read_pcr(slot).count == 12);
  }
  vault.write(PCR_ENTRY::offset, 4, 0xffff'ffff, Agent::core);
  CHECK(word(0, 0) == 1);
  CHECK(vault.read_pcr(32).words[0] == 0);
  CHECK(vault.write_pcr(32, std::array<uint32_t, 12>{}) == VaultError::success);
}

TEST_CASE_FIXTURE(Fixture, "pcr_vault: a lock keeps software from clearing, not the engine from extending") {
  put(3, 7);
  control(3, clear);
  CHECK(word(3, 0) == 0);
  CHECK(word(3, 11) == 0);
  CHECK(control(3) == 0);

  put(3, 7);
  control(3, lock | clear);  // both are taken
  CHECK(word(3, 0) == 0);
  put(3, 9);
  control(3, clear);
  control(3, 0);
  CHECK(word(3, 0) == 9);
  CHECK((control(3) & lock) == lock);
  put(3, 11);
  CHECK(word(3, 0) == 11);
  control(3, 0xfc);
  CHECK(control(3) == (0xfc | lock));
}

TEST_CASE_FIXTURE(Fixture, "pcr_vault: locks fall with the core's reset, PCRs only with power") {
  put(31, 5);
  control(31, lock | 0x80);
  vault.reset(Reset::firmware_update);
  CHECK(control(31) == 0x80);
  CHECK(word(31, 0) == 5);
  control(31, lock | 0x80);
  vault.reset(Reset::warm);
  CHECK(control(31) == 0);
  CHECK(word(31, 0) == 5);
  vault.reset(Reset::cold);
  CHECK(word(31, 0) == 0);
}

TEST_CASE_FIXTURE(Fixture, "pcr_vault: the reset window of a firmware update opens the locks") {
  put(1, 5);
  control(1, lock);
  vault.set_firmware_update_reset_window(true);
  control(1, clear);
  CHECK(word(1, 0) == 0);
  CHECK(control(1) == 0);
}

TEST_CASE_FIXTURE(Fixture, "pcr_vault: a snapshot holds PCRs and locks") {
  put(30, 5);
  control(30, lock);
  veer::StateStream save;
  vault.state(save);
  PcrVault other(Generation::v1_1);
  veer::StateStream restore(save.output());
  other.state(restore);
  restore.finish();
  REQUIRE(restore.ok());
  CHECK(other.read_pcr(30).words[0] == 5);
  CHECK(other.stored(PCR_CTRL::offset + 4 * 30) == lock);
}

}  // namespace
