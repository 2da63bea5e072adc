// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Drives the ECC engine as firmware does, for its tests.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "peripherals/crypto/bytes.h"
#include "peripherals/ecc384/ecc384.h"
#include "peripherals/ecc384/ecc384_regs.h"

namespace caliptra::testing {

using Number = std::array<uint8_t, 48>;

constexpr uint32_t keygen = 1;
constexpr uint32_t sign = 2;
constexpr uint32_t verify = 3;
constexpr uint32_t zeroize = 4;
constexpr uint32_t pcr_sign = 8;

/// One entry, and a record of what was asked of it.
struct FakeKeyVault : KeyVaultPort {
  VaultData entry{.count = 12};
  VaultError write_answer = VaultError::success;
  unsigned read_slot = 99;
  KeyUse read_use = KeyUse::hmac_key;
  unsigned writes = 0;
  unsigned written_slot = 99;
  uint8_t written_dest_valid = 0;
  Number written{};

  VaultData read_key(unsigned slot, KeyUse use) override {
    read_slot = slot;
    read_use = use;
    return entry;
  }

  VaultError write_key(unsigned slot, uint8_t dest_valid, std::span<const uint32_t> words) override {
    if (words.empty()) return VaultError::success;
    ++writes;
    written_slot = slot;
    written_dest_valid = dest_valid;
    std::array<uint32_t, 12> key{};
    for (std::size_t i = 0; i < key.size() && i < words.size(); ++i) key[i] = words[i];
    written = crypto::big_endian_bytes(key);
    return write_answer;
  }

  void hold(const Number& key) {
    const auto words = crypto::big_endian_words(key);
    for (std::size_t i = 0; i < words.size(); ++i) entry.words[i] = words[i];
    entry.error = VaultError::success;
  }

  void refuse() { entry = VaultData{.error = VaultError::read_fail, .count = 12}; }
};

struct EccFixture {
  veer::Clock clock;
  FakeKeyVault vault;
  PcrSigningData pcr;
  EngineTiming timing = EngineTiming::of(veer::TimingProfile::reference, Generation::v1_1);
  std::optional<Ecc384> engine;

  explicit EccFixture(Generation generation = Generation::v1_1,
                      veer::TimingProfile profile = veer::TimingProfile::reference)
      : timing(EngineTiming::of(profile, generation)) {
    engine.emplace(generation, clock, timing, vault, [this] { return pcr; });
  }

  void write(uint32_t offset, uint32_t data) { engine->write(offset, 4, data, veer::Agent::core); }
  uint32_t read(uint32_t offset) { return engine->read(offset, 4, veer::Agent::core).data; }
  void write(uint32_t offset, const Number& number) {
    const auto words = crypto::big_endian_words(number);
    for (uint32_t i = 0; i < words.size(); ++i) write(offset + 4 * i, words[i]);
  }
  Number number(uint32_t offset) {
    std::array<uint32_t, 12> words;
    for (uint32_t i = 0; i < words.size(); ++i) words[i] = read(offset + 4 * i);
    return crypto::big_endian_bytes(words);
  }
  /// Write-only registers too.
  Number stored(uint32_t offset) {
    std::array<uint32_t, 12> words;
    for (uint32_t i = 0; i < words.size(); ++i) words[i] = engine->stored(offset + 4 * i);
    return crypto::big_endian_bytes(words);
  }

  void run(uint64_t cycles) {
    for (const uint64_t end = clock.now() + cycles; clock.now() < end;) {
      clock.advance_to(std::min(end, clock.next_deadline()));
      clock.run_due();
    }
  }
  void command(uint32_t value) { write(ecc384_regs::ECC_CTRL::offset, value); }
  uint32_t status() { return read(ecc384_regs::ECC_STATUS::offset); }

  /// Runs a command to its end; false if it ended without VALID.
  bool complete(uint32_t value) {
    command(value);
    run(2'000'000);
    return status() == 3;
  }

  uint32_t errors() { return read(ecc384_regs::error_internal_intr_count_r::offset); }
};

}  // namespace caliptra::testing
