// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/crypto/sha3.h"

#include <bit>

namespace caliptra::crypto {
namespace {

constexpr unsigned round_count = 24;

/// The round constants come from a shift register over x^8 + x^6 + x^5 + x^4 + 1 (FIPS 202, 3.2.5).
constexpr std::array<uint64_t, round_count> round_constants = [] {
  std::array<uint64_t, round_count> constants{};
  unsigned shift = 1;
  for (uint64_t& constant : constants) {
    for (unsigned power = 0; power <= 6; ++power) {
      if ((shift & 1) != 0) constant |= uint64_t{1} << ((1U << power) - 1);
      shift = (shift << 1) ^ ((shift >> 7) * 0x171);
    }
  }
  return constants;
}();

/// Where pi moves the lanes, and by how much rho turns each on its way, as one walk from lane 1 (FIPS 202,
/// 3.2.2 and 3.2.3).
struct Step {
  unsigned lane;
  int rotation;
};
constexpr std::array<Step, 24> walk = [] {
  std::array<Step, 24> steps{};
  unsigned x = 1;
  unsigned y = 0;
  for (unsigned t = 0; t < 24; ++t) {
    const unsigned next = (2 * x + 3 * y) % 5;
    x = y;
    y = next;
    steps[t] = {x + 5 * y, static_cast<int>((t + 1) * (t + 2) / 2 % 64)};
  }
  return steps;
}();

}  // namespace

void keccak_permute(std::array<uint64_t, 25>& lanes) {
  for (const uint64_t constant : round_constants) {
    std::array<uint64_t, 5> column;
    for (unsigned x = 0; x < 5; ++x) {
      column[x] = lanes[x] ^ lanes[x + 5] ^ lanes[x + 10] ^ lanes[x + 15] ^ lanes[x + 20];
    }
    for (unsigned x = 0; x < 5; ++x) {
      const uint64_t parity = column[(x + 4) % 5] ^ std::rotl(column[(x + 1) % 5], 1);
      for (unsigned y = 0; y < 25; y += 5) lanes[x + y] ^= parity;
    }
    uint64_t carried = lanes[1];
    for (const Step& step : walk) {
      const uint64_t next = lanes[step.lane];
      lanes[step.lane] = std::rotl(carried, step.rotation);
      carried = next;
    }
    for (unsigned y = 0; y < 25; y += 5) {
      const std::array<uint64_t, 5> row = {lanes[y], lanes[y + 1], lanes[y + 2], lanes[y + 3], lanes[y + 4]};
      for (unsigned x = 0; x < 5; ++x) lanes[y + x] = row[x] ^ (~row[(x + 1) % 5] & row[(x + 2) % 5]);
    }
    lanes[0] ^= constant;
  }
}

void Sha3_384::absorb(std::span<const uint8_t> bytes) {
  for (const uint8_t byte : bytes) {
    lanes[position / 8] ^= uint64_t{byte} << (8 * (position % 8));
    if (++position == rate) {
      keccak_permute(lanes);
      position = 0;
    }
  }
}

std::array<uint8_t, 48> Sha3_384::finish() {
  lanes[position / 8] ^= uint64_t{0x06} << (8 * (position % 8));
  lanes[(rate - 1) / 8] ^= uint64_t{0x80} << (8 * ((rate - 1) % 8));
  keccak_permute(lanes);
  std::array<uint8_t, 48> digest;
  for (unsigned i = 0; i < digest.size(); ++i) digest[i] = static_cast<uint8_t>(lanes[i / 8] >> (8 * (i % 8)));
  *this = {};
  return digest;
}

}  // namespace caliptra::crypto
