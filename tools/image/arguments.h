// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the subcommands' options have in common.

#pragma once

#include <fmt/format.h>

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "soc/image/manifest.h"
#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/files.h"
#include "tools/caliptra-emu/number_option.h"

namespace caliptra::image_tool {

/// The largest image file that is read or written; far more than a ROM or the mailbox holds.
inline constexpr std::size_t image_file_limit = 16 * 1024 * 1024;

/// Bytes from exactly as many hexadecimal digits. Throws emu::Failure with exit_usage, naming `what`.
void parse_hexadecimal(const std::string& what, const std::string& text, std::span<uint8_t> bytes);

template <std::size_t size>
[[nodiscard]] std::array<uint8_t, size> hexadecimal(const std::string& what, const std::string& text) {
  std::array<uint8_t, size> bytes{};
  parse_hexadecimal(what, text, bytes);
  return bytes;
}

/// Lower-case hexadecimal digits.
[[nodiscard]] std::string hexadecimal_text(std::span<const uint8_t> bytes);

/// The 15 characters of a date; all zeros if there are none. Throws emu::Failure with exit_usage.
[[nodiscard]] image::Date date(const std::string& what, const std::string& text);

/// Reads a file of at least a manifest's size. Throws emu::Failure with exit_input_file.
[[nodiscard]] std::vector<uint8_t> read_bundle(const std::string& path);

using emu::add_number;
using emu::write_file;

}  // namespace caliptra::image_tool
