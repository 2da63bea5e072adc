// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Between the 32-bit registers of the engines, whose element 0 is the most significant, and byte strings.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace caliptra::crypto {

template <std::size_t words>
[[nodiscard]] constexpr std::array<uint8_t, 4 * words> big_endian_bytes(const std::array<uint32_t, words>& number) {
  std::array<uint8_t, 4 * words> bytes{};
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<uint8_t>(number[i / 4] >> (24 - 8 * (i % 4)));
  return bytes;
}

template <std::size_t size>
requires(size % 4 == 0)
    [[nodiscard]] constexpr std::array<uint32_t, size / 4> big_endian_words(const std::array<uint8_t, size>& bytes) {
  std::array<uint32_t, size / 4> number{};
  for (std::size_t i = 0; i < size; ++i) number[i / 4] = number[i / 4] << 8 | bytes[i];
  return number;
}

}  // namespace caliptra::crypto
