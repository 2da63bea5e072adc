// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Vaults for the tests of engines: they keep what engines write and answer as told.

#pragma once

#include <algorithm>
#include <array>

#include "peripherals/common/vault_ports.h"

namespace caliptra::testing {

struct FakeKeyVault : KeyVaultPort {
  struct Entry {
    VaultData data;
    uint8_t dest_valid = 0;
    bool lock_use = false;
    bool lock_wr = false;
  };
  std::array<Entry, 32> entries;
  unsigned reads = 0;
  unsigned writes = 0;

  VaultData read_key(unsigned slot, KeyUse use) override {
    ++reads;
    const Entry& entry = entries[slot];
    if (!entry.lock_use && (entry.dest_valid >> static_cast<unsigned>(use) & 1) != 0) return entry.data;
    return {.error = VaultError::read_fail, .words = {}, .count = entry.data.count};
  }

  VaultError write_key(unsigned slot, uint8_t dest_valid, std::span<const uint32_t> words) override {
    if (words.empty()) return VaultError::success;
    ++writes;
    Entry& entry = entries[slot];
    if (entry.lock_use || entry.lock_wr) return VaultError::write_fail;
    std::ranges::copy(words, entry.data.words.begin());
    entry.data.count = static_cast<unsigned>(words.size());
    entry.dest_valid = dest_valid;
    return VaultError::success;
  }
};

struct FakePcrVault : PcrVaultPort {
  std::array<std::array<uint32_t, 12>, 32> pcrs{};
  unsigned writes = 0;

  VaultData read_pcr(unsigned slot) override {
    VaultData data;
    std::ranges::copy(pcrs[slot], data.words.begin());
    data.count = 12;
    return data;
  }

  VaultError write_pcr(unsigned slot, std::span<const uint32_t> words) override {
    if (words.empty()) return VaultError::success;
    ++writes;
    std::ranges::copy(words, pcrs[slot].begin());
    return VaultError::success;
  }
};

}  // namespace caliptra::testing
