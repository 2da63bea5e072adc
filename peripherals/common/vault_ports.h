// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The wires between the engines and the vaults (kv_read_client.sv, kv_write_client.sv and their PCR
// twins). soc/ hands them in; engines and vaults don't know each other.

#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace caliptra {

/// What *_RD_KEY_STATUS.ERROR and *_WR_STATUS.ERROR say.
enum class VaultError : uint8_t { success = 0, read_fail = 1, write_fail = 2 };

/// Who reads a key: the bit of KEY_CTRL.dest_valid that must be set for it (kv_defines_pkg.sv).
enum class KeyUse : uint8_t {
  hmac_key = 0,
  hmac_block = 1,
  sha_block = 2,
  ecc_private_key = 3,
  ecc_seed = 4,
};

/// The longest entry of any generation, in 32-bit words (2.x: 16; 1.x: 12).
inline constexpr unsigned max_vault_words = 16;

struct VaultData {
  VaultError error = VaultError::success;
  std::array<uint32_t, max_vault_words> words{};  ///< word 0 is the most significant
  unsigned count = 0;                             ///< how many words the entry holds (last_dword + 1)
};

class KeyVaultPort {
 public:
  virtual ~KeyVaultPort() = default;

  /// Reads entry `slot` for `use`. Fails, with all words 0, if the entry's lock_use is set or its
  /// dest_valid does not allow the use.
  virtual VaultData read_key(unsigned slot, KeyUse use) = 0;

  /// Writes an entry and sets its dest_valid and last_dword. Fails, changing nothing, if lock_wr or lock_use is set.
  /// No words: nothing changes.
  virtual VaultError write_key(unsigned slot, uint8_t dest_valid, std::span<const uint32_t> words) = 0;
};

/// How many of `words` an engine has delivered to a vault when its write would be done in `cycles_left` cycles: one a
/// cycle, then one cycle to end and one to say so (kv_fsm.sv). What cuts the write off leaves the vault with these; as
/// long as the last one is missing, the entry is valid for nobody (kv_write_client.sv).
[[nodiscard]] constexpr std::size_t vault_words_delivered(std::size_t words, uint64_t cycles_left) {
  return cycles_left > words + 1 ? 0 : std::min<std::size_t>(words, words + 1 - cycles_left);
}

class PcrVaultPort {
 public:
  virtual ~PcrVaultPort() = default;

  /// Reads PCR `slot` (12 words). Never fails.
  virtual VaultData read_pcr(unsigned slot) = 0;

  /// Writes PCR `slot` (12 words), as only the SHA-512 engine can, to extend it.
  virtual VaultError write_pcr(unsigned slot, std::span<const uint32_t> words) = 0;
};

}  // namespace caliptra
