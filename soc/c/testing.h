// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the tests of the C faces share: test data, and a ROM of a few hand-made instructions.

#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <string_view>
#include <vector>

namespace caliptra::testing {

/// A file below the folder that CALIPTRA_IMAGES names, or nothing.
inline std::optional<std::vector<uint8_t>> image(std::string_view path) {
  const char* const variable = std::getenv("CALIPTRA_IMAGES");
  const char* const source = std::getenv("CALIPTRA_SOURCE_ROOT");
  std::filesystem::path folder = variable != nullptr
                                     ? std::filesystem::path(variable)
                                     : std::filesystem::path(source != nullptr ? source : ".") / "../shared/images";
  std::ifstream file(folder / path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::vector<uint8_t>(std::istreambuf_iterator<char>(file), {});
}

inline constexpr std::string_view rom_with_log = "rom/caliptra-rom-with-log-1.2.0-3b50c6a.bin";
inline constexpr std::string_view bundle = "bundle/ast2700-fw-1.2-20251023.bin";

inline std::vector<uint8_t> rom_of(std::initializer_list<uint32_t> instructions) {
  std::vector<uint8_t> bytes;
  for (const uint32_t each : instructions) {
    for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<uint8_t>(each >> shift));
  }
  return bytes;
}

// Instructions (RISC-V unprivileged specification, 2.2).
constexpr uint32_t lui(uint32_t rd, uint32_t value) { return (value & 0xffff'f000) | rd << 7 | 0x37; }
constexpr uint32_t addi(uint32_t rd, uint32_t rs1, uint32_t value) { return value << 20 | rs1 << 15 | rd << 7 | 0x13; }
constexpr uint32_t lw(uint32_t rd, uint32_t rs1, uint32_t at) {
  return at << 20 | rs1 << 15 | 2 << 12 | rd << 7 | 0x03;
}
constexpr uint32_t sw(uint32_t rs2, uint32_t rs1, uint32_t at) {
  return (at >> 5) << 25 | rs2 << 20 | rs1 << 15 | 2 << 12 | (at & 0x1f) << 7 | 0x23;
}
inline constexpr uint32_t loop_forever = 0x0000'006f;  // jal x0, 0

/// Says "hi" on GENERIC_OUTPUT_WIRES, writes 0x42 to CPTRA_BOOT_STATUS, raises ready_for_fw, and loops.
inline std::vector<uint8_t> greeting_rom() {
  constexpr uint32_t boot_status = 0x38;
  constexpr uint32_t flow_status = 0x3c;
  constexpr uint32_t output_wires = 0xcc;
  return rom_of({lui(1, 0x3003'0000), addi(2, 0, 'h'), sw(2, 1, output_wires), addi(2, 0, 'i'), sw(2, 1, output_wires),
                 addi(2, 0, 0x42), sw(2, 1, boot_status), lui(2, 0x1000'0000), sw(2, 1, flow_status), loop_forever});
}

}  // namespace caliptra::testing
