// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where randomness comes from: nothing in a core is random but what a feed gives, so a run can be repeated.

#pragma once

#include <array>
#include <cstdint>

#include "iss/state_stream.h"

namespace caliptra {

/// Both are Marsaglia's.
enum class TrngGenerator : uint8_t {
  xorshift32,  ///< shifts by 13, 17, 5; a nibble is bits 10:7
  xorshift64,  ///< shifts by 13, 7, 17; a nibble is bits 23:20, a word bits 31:0
};

/// A seed of 0 gives zeros for ever, which health tests should notice.
class TrngFeed {
 public:
  explicit TrngFeed(uint32_t seed, TrngGenerator generator = TrngGenerator::xorshift32)
      : generator_(generator), state_(seed) {}

  /// The next 32 bits.
  uint32_t word() {
    if (generator_ == TrngGenerator::xorshift64) {
      state_ ^= state_ << 13;
      state_ ^= state_ >> 7;
      state_ ^= state_ << 17;
      return static_cast<uint32_t>(state_);
    }
    auto state = static_cast<uint32_t>(state_);
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    state_ = state;
    return state;
  }

  /// The next 4 bits of noise, as the entropy source takes them.
  uint8_t nibble() {
    const unsigned lowest = generator_ == TrngGenerator::xorshift64 ? 20 : 7;
    return static_cast<uint8_t>(word() >> lowest & 0xf);
  }

  /// The answer to one request of the external TRNG protocol.
  std::array<uint32_t, 12> block() {
    std::array<uint32_t, 12> words{};
    for (uint32_t& each : words) each = word();
    return words;
  }

  void state(veer::StateStream& stream) { stream(state_); }

 private:
  TrngGenerator generator_;
  uint64_t state_;
};

}  // namespace caliptra
