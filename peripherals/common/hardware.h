// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The hardware generations that Caliptra's registers and behaviour differ by.

#pragma once

#include <cstdint>
#include <string_view>

namespace caliptra {

/// An RTL generation; usable as a bit mask in register tables. Firmware 1.2 runs on RTL 1.1.
enum class Generation : uint8_t { v1_0 = 1, v1_1 = 2, v2_0 = 4, v2_1 = 8 };

[[nodiscard]] constexpr uint8_t variant(Generation generation) { return static_cast<uint8_t>(generation); }

/// Masks for the `variants` of registers and fields.
inline constexpr uint8_t only_1_0 = 1;
inline constexpr uint8_t since_1_1 = 0xff & ~1;
inline constexpr uint8_t only_1_x = 3;
inline constexpr uint8_t since_2_0 = 0xff & ~3;

[[nodiscard]] constexpr std::string_view name(Generation generation) {
  switch (generation) {
    case Generation::v1_0: return "1.0";
    case Generation::v1_1: return "1.1";
    case Generation::v2_0: return "2.0";
    case Generation::v2_1: return "2.1";
  }
  return "?";
}

}  // namespace caliptra
