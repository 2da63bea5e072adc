// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// For the tests of the entropy source: noise with known properties.

#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <random>
#include <string_view>
#include <vector>

namespace caliptra::testing {

using Noise = std::function<std::optional<uint8_t>()>;

/// Noise as good as it gets, the same in each run. The generator is shared with the caller.
inline Noise good_noise(std::shared_ptr<std::mt19937> engine) {
  return [engine] { return static_cast<uint8_t>((*engine)() >> 9 & 0xf); };
}
inline Noise good_noise(uint32_t seed) { return good_noise(std::make_shared<std::mt19937>(seed)); }

/// These symbols over and over.
inline Noise repeating(std::vector<uint8_t> symbols) {
  return [symbols = std::move(symbols), at = std::size_t{0}]() mutable { return symbols[at++ % symbols.size()]; };
}

/// One symbol per hexadecimal digit.
inline std::vector<uint8_t> symbols_of(std::string_view digits) {
  std::vector<uint8_t> symbols;
  for (const char digit : digits) {
    symbols.push_back(static_cast<uint8_t>(digit <= '9' ? digit - '0' : digit - 'A' + 10));
  }
  return symbols;
}

/// A window of 512 symbols with `ones` ones among its 2048 bits and no line that stays the same for long.
inline std::vector<uint8_t> window_with_ones(unsigned ones) {
  std::vector<uint8_t> bits(2048, 0);
  // Spread evenly along each line.
  for (unsigned i = 0; i < 2048; ++i) {
    bits[i] = (uint64_t{i} + 1) * ones / 2048 != uint64_t{i} * ones / 2048 ? 1 : 0;
  }
  std::vector<uint8_t> symbols(512, 0);
  for (unsigned i = 0; i < 2048; ++i) symbols[i % 512] |= static_cast<uint8_t>(bits[i] << (i / 512));
  return symbols;
}

}  // namespace caliptra::testing
