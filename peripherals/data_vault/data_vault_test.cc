// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/data_vault/data_vault.h"

#include <doctest/doctest.h>

#include "iss/state_stream.h"
#include "peripherals/data_vault/data_vault_regs.h"

namespace {

using namespace caliptra;
using namespace caliptra::data_vault_regs;
using veer::Agent;
using veer::Reset;

struct Group {
  uint32_t control;
  uint32_t entries;
  uint32_t data;
  uint32_t words;  ///< registers an entry
  bool sticky;     ///< the lock outlives a warm reset
};

constexpr Group groups[] = {
    {StickyDataVaultCtrl::offset, 10, STICKY_DATA_VAULT_ENTRY::offset, 12, true},
    {DataVaultCtrl::offset, 10, DATA_VAULT_ENTRY::offset, 12, false},
    {LockableScratchRegCtrl::offset, 10, LockableScratchReg::offset, 1, false},
    {StickyLockableScratchRegCtrl::offset, 8, StickyLockableScratchReg::offset, 1, true},
};

struct Fixture {
  DataVault vault{Generation::v1_1};

  void write(uint32_t offset, uint32_t data) { vault.write(offset, 4, data, Agent::core); }
  uint32_t read(uint32_t offset) { return vault.read(offset, 4, Agent::core).data; }
};

TEST_CASE_FIXTURE(Fixture, "data_vault: a lock holds exactly its own entry") {
  for (const Group& group : groups) {
    const uint32_t count = group.entries * group.words;
    for (uint32_t i = 0; i < count; ++i) write(group.data + 4 * i, 0x5a00'0000 + i);
    for (uint32_t entry = 0; entry < group.entries; entry += 3) write(group.control + 4 * entry, 1);
    for (uint32_t i = 0; i < count; ++i) write(group.data + 4 * i, ~i);
    for (uint32_t i = 0; i < count; ++i) {
      CHECK(read(group.data + 4 * i) == (i / group.words % 3 == 0 ? 0x5a00'0000 + i : ~i));
    }
    write(group.control, 0);
    CHECK(read(group.control) == 1);
    CHECK(read(group.control + 4) == 0);
  }
}

TEST_CASE_FIXTURE(Fixture, "data_vault: what outlives which reset") {
  for (const Reset reset : {Reset::firmware_update, Reset::warm, Reset::cold}) {
    for (const Group& group : groups) {
      write(group.control + 4, 1);
      write(group.data, 0x1234);
    }
    write(NonStickyGenericScratchReg::offset + 28, 77);
    vault.reset(reset);
    for (const Group& group : groups) {
      CHECK(read(group.control + 4) == (group.sticky && reset != Reset::cold ? 1 : 0));
      CHECK(read(group.data) == (reset == Reset::cold ? 0 : 0x1234));
    }
    CHECK(read(NonStickyGenericScratchReg::offset + 28) == (reset == Reset::firmware_update ? 77 : 0));
  }
}

TEST_CASE_FIXTURE(Fixture, "data_vault: a snapshot holds data and locks") {
  write(DATA_VAULT_ENTRY::offset, 3);
  write(DataVaultCtrl::offset, 1);
  veer::StateStream save;
  vault.state(save);
  DataVault other(Generation::v1_1);
  veer::StateStream restore(save.output());
  other.state(restore);
  restore.finish();
  REQUIRE(restore.ok());
  other.write(DATA_VAULT_ENTRY::offset, 4, 9, Agent::core);
  CHECK(other.stored(DATA_VAULT_ENTRY::offset) == 3);
}

}  // namespace
