// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/key_vault/key_vault.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "iss/state_stream.h"
#include "peripherals/key_vault/key_vault_regs.h"

namespace {

using namespace caliptra;
using namespace caliptra::key_vault_regs;
using veer::Agent;
using veer::Reset;

constexpr uint32_t lock_wr = 1;
constexpr uint32_t lock_use = 2;
constexpr uint32_t clear = 4;

struct Fixture {
  KeyVault vault{Generation::v1_1};

  void write(uint32_t offset, uint32_t data) { vault.write(offset, 4, data, Agent::core); }
  uint32_t read(uint32_t offset) { return vault.read(offset, 4, Agent::core).data; }
  void control(unsigned slot, uint32_t data) { write(KEY_CTRL::offset + 4 * slot, data); }
  uint32_t control(unsigned slot) { return read(KEY_CTRL::offset + 4 * slot); }

  VaultError put(unsigned slot, uint8_t dest_valid, unsigned count = 12, uint32_t first = 0x1000) {
    std::vector<uint32_t> words(count);
    for (unsigned i = 0; i < count; ++i) words[i] = first + i;
    return vault.write_key(slot, dest_valid, words);
  }

  bool holds(unsigned slot, uint32_t value) {
    for (unsigned i = 0; i < 12; ++i) {
      if (vault.stored(KEY_ENTRY::offset + 4 * (12 * slot + i)) != value) return false;
    }
    return true;
  }
};

TEST_CASE_FIXTURE(Fixture, "key_vault: an entry is read by the clients that dest_valid names, and by no other") {
  for (unsigned allowed = 0; allowed < 5; ++allowed) {
    REQUIRE(put(allowed, static_cast<uint8_t>(1U << allowed)) == VaultError::success);
    for (unsigned use = 0; use < 5; ++use) {
      const VaultData data = vault.read_key(allowed, static_cast<KeyUse>(use));
      CHECK(data.error == (use == allowed ? VaultError::success : VaultError::read_fail));
      CHECK(data.words[11] == (use == allowed ? 0x100bU : 0U));
      CHECK(data.count == 12);
    }
    CHECK(control(allowed) == (1U << (9 + allowed) | 11U << 17));
  }
}

TEST_CASE_FIXTURE(Fixture, "key_vault: software neither reads nor writes a key") {
  put(3, 0x1f);
  for (unsigned word = 0; word < 384; ++word) {
    const uint32_t offset = KEY_ENTRY::offset + 4 * word;
    CHECK(read(offset) == 0);
    CHECK(vault.peek(offset) == 0);
    write(offset, 0xffff'ffff);
  }
  CHECK(vault.read_key(3, KeyUse::hmac_key).words[0] == 0x1000);
  CHECK(vault.stored(KEY_ENTRY::offset) == 0);
  control(3, 0xffff'fff8);
  CHECK(KEY_CTRL::dest_valid.get(control(3)) == 0x1f);
  CHECK(KEY_CTRL::last_dword.get(control(3)) == 11);
}

TEST_CASE_FIXTURE(Fixture, "key_vault: a short write leaves the words behind it, and readers get them") {
  put(5, 2);
  put(5, 2, 8, 0x2000);
  const VaultData data = vault.read_key(5, KeyUse::hmac_block);
  CHECK(data.count == 8);
  CHECK(data.words[7] == 0x2007);
  CHECK(data.words[8] == 0x1008);
  CHECK(KEY_CTRL::last_dword.get(control(5)) == 7);

  const uint32_t tail[] = {1, 2, 3, 4};
  CHECK(vault.write_words(5, 8, 3, tail) == VaultError::success);
  CHECK(vault.read_key(5, KeyUse::hmac_key).words[8] == 1);
  CHECK(vault.read_key(5, KeyUse::hmac_key).words[7] == 0x2007);
  CHECK(KEY_CTRL::last_dword.get(control(5)) == 11);
}

TEST_CASE_FIXTURE(Fixture, "key_vault: locks are set once, stop engines, and hold clear back") {
  put(0, 0x1f);
  control(0, lock_wr);
  CHECK(put(0, 0x1f, 12, 0) == VaultError::write_fail);
  CHECK(vault.read_key(0, KeyUse::ecc_seed).words[0] == 0x1000);
  control(0, 0);
  CHECK((control(0) & 3) == lock_wr);
  control(0, clear);
  CHECK(vault.read_key(0, KeyUse::ecc_seed).words[0] == 0x1000);

  put(1, 0x1f);
  control(1, lock_use);
  CHECK(put(1, 0x1f, 12, 0) == VaultError::write_fail);
  CHECK(vault.read_key(1, KeyUse::ecc_seed).error == VaultError::read_fail);
  CHECK(vault.read_key(1, KeyUse::ecc_seed).words[0] == 0);
  control(1, clear);
  CHECK(vault.stored(KEY_ENTRY::offset + 4 * 12) == 0x1000);

  put(2, 0x1f);
  control(2, clear | lock_wr);  // the lock comes first
  CHECK(vault.read_key(2, KeyUse::ecc_seed).words[0] == 0x1000);

  put(3, 0x1f);
  control(3, clear);
  CHECK(holds(3, 0));
  CHECK(control(3) == 0);
}

TEST_CASE_FIXTURE(Fixture, "key_vault: locks fall with the core's reset, keys only with power") {
  put(9, 1);
  control(9, lock_wr | lock_use | 8 | 0x30);
  vault.reset(Reset::firmware_update);
  CHECK((control(9) & 0x1ff) == (8 | 0x30));
  CHECK(vault.read_key(9, KeyUse::hmac_key).words[0] == 0x1000);
  control(9, lock_wr | 8);
  vault.reset(Reset::warm);
  CHECK((control(9) & 0x1ff) == 0);
  CHECK(vault.read_key(9, KeyUse::hmac_key).words[0] == 0x1000);
  vault.reset(Reset::cold);
  CHECK(control(9) == 0);
  CHECK(holds(9, 0));
}

TEST_CASE_FIXTURE(Fixture, "key_vault: locks hold nothing back while a firmware update resets the core") {
  put(4, 1);
  control(4, lock_wr | lock_use);
  vault.set_firmware_update_reset_window(true);
  CHECK(vault.read_key(4, KeyUse::hmac_key).error == VaultError::success);
  CHECK(put(4, 1, 12, 0x3000) == VaultError::success);
  vault.set_firmware_update_reset_window(false);
  CHECK(put(4, 1, 12, 0x4000) == VaultError::write_fail);
}

TEST_CASE_FIXTURE(Fixture, "key_vault: debug values, by hardware and by software") {
  put(0, 1);
  put(1, 1);
  control(1, lock_use);

  write(CLEAR_SECRETS::offset, 1);  // not in debug or scan mode
  CHECK(vault.stored(KEY_ENTRY::offset) == 0x1000);

  vault.set_debug_scan_mode(true);
  write(CLEAR_SECRETS::offset, 3);  // the value selected by the same write
  CHECK(read(CLEAR_SECRETS::offset) == 2);
  CHECK(holds(0, 0x5555'5555));
  CHECK(holds(31, 0x5555'5555));
  CHECK(vault.stored(KEY_ENTRY::offset + 4 * 12) == 0x1000);  // locked
  CHECK(control(0) == (1U << 9 | 11U << 17));                 // permissions stay

  write(CLEAR_SECRETS::offset, 0);
  vault.flush();
  CHECK(holds(0, 0xaaaa'aaaa));
  CHECK(holds(1, 0xaaaa'aaaa));  // even locked
  CHECK(vault.read_key(0, KeyUse::hmac_key).words[0] == 0xaaaa'aaaa);

  // As long as the switch is up, they follow the choice.
  vault.set_debug_scan_mode(false);
  write(CLEAR_SECRETS::offset, 2);
  CHECK(holds(0, 0xaaaa'aaaa));
  vault.hold_flushed(true);
  CHECK(holds(1, 0x5555'5555));
  write(CLEAR_SECRETS::offset, 0);
  CHECK(holds(1, 0xaaaa'aaaa));
  vault.hold_flushed(false);
  write(CLEAR_SECRETS::offset, 2);
  CHECK(holds(1, 0xaaaa'aaaa));
}

TEST_CASE_FIXTURE(Fixture, "key_vault: the PCR signing key passes every lock") {
  put(7, 0);
  control(7, lock_use | lock_wr);
  CHECK(vault.pcr_signing_key()[0] == 0x1000);
  CHECK(vault.pcr_signing_key()[11] == 0x100b);
}

TEST_CASE_FIXTURE(Fixture, "key_vault: slots that don't exist answer nothing and change nothing") {
  const uint32_t words[] = {1};
  CHECK(vault.write_words(32, 0, 1, words) == VaultError::success);
  CHECK(vault.write_words(31, 14, 1, words) == VaultError::success);
  CHECK(vault.read_key(32, KeyUse::hmac_key).count == 0);
  CHECK(vault.stored(CLEAR_SECRETS::offset) == 0);
  CHECK(KeyVaultGeometry::of(Generation::v2_0).words == 16);
}

TEST_CASE_FIXTURE(Fixture, "key_vault: a snapshot holds keys, locks and levels") {
  put(6, 4, 8);
  control(6, lock_wr);
  vault.set_debug_scan_mode(true);
  veer::StateStream save;
  vault.state(save);
  KeyVault other(Generation::v1_1);
  veer::StateStream restore(save.output());
  other.state(restore);
  restore.finish();
  REQUIRE(restore.ok());
  CHECK(other.read_key(6, KeyUse::sha_block).words[7] == 0x1007);
  CHECK(other.write_key(6, 1, std::vector<uint32_t>(12)) == VaultError::write_fail);
  other.write(CLEAR_SECRETS::offset, 4, 1, Agent::core);
  CHECK(other.stored(KEY_ENTRY::offset) == 0xaaaa'aaaa);
  veer::StateStream again;
  vault.state(again);
  CHECK(again.output() == save.output());
}

}  // namespace
