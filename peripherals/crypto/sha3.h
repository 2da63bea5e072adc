// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// SHA3-384, with which the entropy source conditions noise. From FIPS 202. The state is open, so that it
// can be saved in the middle of a message.

#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace caliptra::crypto {

/// A message on its way. Value-initialised, it has absorbed nothing.
struct Sha3_384 {
  static constexpr std::size_t rate = 104;  ///< bytes absorbed between two permutations

  std::array<uint64_t, 25> lanes{};
  uint32_t position = 0;  ///< bytes absorbed since the last permutation; less than `rate`

  void absorb(std::span<const uint8_t> bytes);

  /// The digest of what has been absorbed. Starts over.
  [[nodiscard]] std::array<uint8_t, 48> finish();
};

/// Keccak-f[1600].
void keccak_permute(std::array<uint64_t, 25>& lanes);

}  // namespace caliptra::crypto
