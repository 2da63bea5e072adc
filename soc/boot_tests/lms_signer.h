// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A one-time LMS signer (RFC 8554, NIST SP 800-208: SHA-256/192, W = 4, height 15), enough to make a
// signature that the firmware must accept.

#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace caliptra::boot_tests {

struct LmsSignature {
  static constexpr uint32_t tree_type = 12;  // LMS_SHA256_M24_H15
  static constexpr uint32_t ots_type = 7;    // LMOTS_SHA256_N24_W4
  std::array<uint8_t, 16> identifier{};
  std::array<uint8_t, 24> root{};
  uint32_t leaf = 0;
  std::vector<uint8_t> ots;   ///< type, randomizer, 51 chain values: 1252 bytes
  std::vector<uint8_t> path;  ///< 15 nodes of 24 bytes
};

/// Signs a message with a key of which only one leaf exists: the other nodes of its path are arbitrary.
[[nodiscard]] LmsSignature lms_sign(std::span<const uint8_t> message);

}  // namespace caliptra::boot_tests
