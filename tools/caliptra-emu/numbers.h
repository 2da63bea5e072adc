// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Numbers as users write them.

#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace caliptra::emu {

/// A whole number: decimal digits, or 0x, 0o or 0b and digits of that base, without sign, with '_' allowed
/// between digits. Nothing if it is anything else, or greater than `maximum`.
[[nodiscard]] std::optional<uint64_t> parse_number(std::string_view text,
                                                   uint64_t maximum = std::numeric_limits<uint64_t>::max());

/// The same, of 128 bits: word 0 is the least significant.
[[nodiscard]] std::optional<std::array<uint32_t, 4>> parse_number_128(std::string_view text);

}  // namespace caliptra::emu
