// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where randomness comes from: nothing in a core is random but what a feed gives, so a run can be repeated.

#pragma once

#include <array>
#include <cstdint>

#include "iss/state_stream.h"

namespace caliptra {

/// xorshift32 (Marsaglia's 13, 17, 5). A seed of 0 gives zeros for ever, which health tests should notice.
class TrngFeed {
 public:
  explicit TrngFeed(uint32_t seed) : state_(seed) {}

  /// The next 32 bits.
  uint32_t word() {
    state_ ^= state_ << 13;
    state_ ^= state_ >> 17;
    state_ ^= state_ << 5;
    return state_;
  }

  /// The next 4 bits of noise, as the entropy source takes them.
  uint8_t nibble() { return static_cast<uint8_t>(word() >> 7 & 0xf); }

  /// The answer to one request of the external TRNG protocol.
  std::array<uint32_t, 12> block() {
    std::array<uint32_t, 12> words{};
    for (uint32_t& each : words) each = word();
    return words;
  }

  void state(veer::StateStream& stream) { stream(state_); }

 private:
  uint32_t state_;
};

}  // namespace caliptra
