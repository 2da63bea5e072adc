// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/image/arguments.h"

#include <algorithm>
#include <charconv>

#include "tools/caliptra-emu/files.h"

namespace caliptra::image_tool {

void parse_hexadecimal(const std::string& what, const std::string& text, std::span<uint8_t> bytes) {
  bool good = text.size() == 2 * bytes.size();
  for (std::size_t i = 0; good && i < bytes.size(); ++i) {
    const char* at = text.data() + 2 * i;
    const auto [end, error] = std::from_chars(at, at + 2, bytes[i], 16);
    good = error == std::errc() && end == at + 2;
  }
  if (!good) {
    throw emu::Failure(emu::exit_usage,
                       fmt::format("{} takes {} hexadecimal digits, not '{}'", what, 2 * bytes.size(), text));
  }
}

std::string hexadecimal_text(std::span<const uint8_t> bytes) {
  std::string text;
  for (const uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

image::Date date(const std::string& what, const std::string& text) {
  image::Date date{};
  if (text.empty()) return date;
  if (text.size() != date.size()) {
    throw emu::Failure(emu::exit_usage, fmt::format("{} takes YYYYMMDDHHMMSSZ, not '{}'", what, text));
  }
  std::copy(text.begin(), text.end(), date.begin());
  return date;
}

std::vector<uint8_t> read_bundle(const std::string& path) {
  return emu::read_file("bundle", path, {.minimum = image::manifest_size, .maximum = image_file_limit});
}

}  // namespace caliptra::image_tool
