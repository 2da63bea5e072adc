// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Numbers as text, written by hand: traces are limited by this.

#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace caliptra::trace {

namespace detail {

inline constexpr auto hexadecimal_pairs = [] {
  std::array<std::array<char, 2>, 256> pairs{};
  for (unsigned i = 0; i < 256; ++i) pairs[i] = {"0123456789abcdef"[i >> 4], "0123456789abcdef"[i & 15]};
  return pairs;
}();

inline constexpr auto decimal_pairs = [] {
  std::array<std::array<char, 2>, 100> pairs{};
  for (unsigned i = 0; i < 100; ++i) pairs[i] = {static_cast<char>('0' + i / 10), static_cast<char>('0' + i % 10)};
  return pairs;
}();

}  // namespace detail

// Each of these writes at `at` and returns where it ended.

inline char* put(char* at, std::string_view text) {
  std::memcpy(at, text.data(), text.size());
  return at + text.size();
}

/// The same for literals, whose size is known.
template <std::size_t size>
inline char* put(char* at, const char (&text)[size]) {
  std::memcpy(at, text, size - 1);
  return at + size - 1;
}

inline char* put_byte(char* at, uint32_t value) {
  std::memcpy(at, detail::hexadecimal_pairs[value & 0xff].data(), 2);
  return at + 2;
}
inline char* put_half(char* at, uint32_t value) { return put_byte(put_byte(at, value >> 8), value); }
inline char* put_word(char* at, uint32_t value) { return put_half(put_half(at, value >> 16), value); }

/// `width` bytes as hexadecimal digits with leading zeros.
inline char* put_hexadecimal(char* at, uint32_t value, unsigned width) {
  if (width == 4) return put_word(at, value);
  return width == 2 ? put_half(at, value) : put_byte(at, value);
}

/// Hexadecimal digits without leading zeros, after `0x`.
inline char* put_short_hexadecimal(char* at, uint32_t value) {
  *at++ = '0';
  *at++ = 'x';
  for (int shift = value == 0 ? 0 : (31 - std::countl_zero(value)) & ~3; shift >= 0; shift -= 4) {
    *at++ = "0123456789abcdef"[value >> shift & 15];
  }
  return at;
}

inline char* put_decimal(char* at, uint64_t value) {
  char digits[20];
  char* first = digits + sizeof digits;
  while (value >= 100) {
    first -= 2;
    std::memcpy(first, detail::decimal_pairs[value % 100].data(), 2);
    value /= 100;
  }
  if (value >= 10) {
    first -= 2;
    std::memcpy(first, detail::decimal_pairs[value].data(), 2);
  } else {
    *--first = static_cast<char>('0' + value);
  }
  const auto length = static_cast<std::size_t>(digits + sizeof digits - first);
  std::memcpy(at, first, length);
  return at + length;
}

/// At least `width` columns, right-aligned.
inline char* put_decimal(char* at, uint64_t value, unsigned width) {
  char digits[20];
  const auto length = static_cast<unsigned>(put_decimal(digits, value) - digits);
  for (unsigned i = length; i < width; ++i) *at++ = ' ';
  std::memcpy(at, digits, length);
  return at + length;
}

/// Numbers that grow slowly, right-aligned in 10 columns: most of the digits are those of the one before.
class Counter {
 public:
  char* put(char* at, uint64_t value) {
    const uint64_t hundreds = value / 100;
    if (hundreds != hundreds_) [[unlikely]] {
      hundreds_ = hundreds;
      length_ = static_cast<unsigned>(put_decimal(digits_, hundreds, 8) - digits_);
    }
    if (hundreds == 0) [[unlikely]]
      return put_decimal(at, value, 10);
    std::memcpy(at, digits_, sizeof digits_);
    std::memcpy(at + length_, detail::decimal_pairs[value - hundreds * 100].data(), 2);
    return at + length_ + 2;
  }

 private:
  uint64_t hundreds_ = UINT64_MAX;
  unsigned length_ = 0;
  char digits_[24] = {};
};

}  // namespace caliptra::trace
