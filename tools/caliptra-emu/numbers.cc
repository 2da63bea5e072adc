// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/numbers.h"

namespace caliptra::emu {
namespace {

unsigned take_base(std::string_view& text) {
  if (text.size() < 2 || text[0] != '0') return 10;
  unsigned base = 10;
  switch (text[1]) {
    case 'x':
    case 'X': base = 16; break;
    case 'o': base = 8; break;
    case 'b':
    case 'B': base = 2; break;
    default: return 10;
  }
  text.remove_prefix(2);
  return base;
}

unsigned digit(char character) {
  if (character >= '0' && character <= '9') return static_cast<unsigned>(character - '0');
  if (character >= 'a' && character <= 'f') return static_cast<unsigned>(character - 'a') + 10;
  if (character >= 'A' && character <= 'F') return static_cast<unsigned>(character - 'A') + 10;
  return 99;
}

}  // namespace

std::optional<std::array<uint32_t, 4>> parse_number_128(std::string_view text) {
  const unsigned base = take_base(text);
  std::array<uint32_t, 4> words{};
  bool after_digit = false;
  for (const char character : text) {
    if (character == '_' && after_digit) {
      after_digit = false;
      continue;
    }
    if (digit(character) >= base) return std::nullopt;
    after_digit = true;
    uint64_t carry = digit(character);
    for (uint32_t& word : words) {
      carry += uint64_t{word} * base;
      word = static_cast<uint32_t>(carry);
      carry >>= 32;
    }
    if (carry != 0) return std::nullopt;
  }
  if (!after_digit) return std::nullopt;
  return words;
}

std::optional<uint64_t> parse_number(std::string_view text, uint64_t maximum) {
  const auto words = parse_number_128(text);
  if (!words || (*words)[2] != 0 || (*words)[3] != 0) return std::nullopt;
  const uint64_t value = uint64_t{(*words)[1]} << 32 | (*words)[0];
  return value <= maximum ? std::optional(value) : std::nullopt;
}

}  // namespace caliptra::emu
