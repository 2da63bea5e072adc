// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the subcommands' options have in common.

#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "soc/image/manifest.h"
#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/files.h"
#include "tools/caliptra-emu/numbers.h"

namespace caliptra::image_tool {

/// The largest image file that is read or written; far more than a ROM or the mailbox holds.
inline constexpr std::size_t image_file_limit = 16 * 1024 * 1024;

/// An option that takes a number of 32 bits, decimal or 0x.
template <typename Target>
CLI::Option* add_number(CLI::App& app, const std::string& flags, Target& target, const std::string& description) {
  return app
      .add_option_function<std::string>(
          flags,
          [&target, flags](const std::string& text) {
            const auto value = emu::parse_number(text, UINT32_MAX);
            if (!value) throw CLI::ValidationError(flags, "takes a number of 32 bits, not '" + text + "'");
            target = static_cast<uint32_t>(*value);
          },
          description)
      ->type_name("N");
}

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

using emu::write_file;

}  // namespace caliptra::image_tool
