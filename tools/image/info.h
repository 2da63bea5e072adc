// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What can be told about a file that may be a firmware bundle or a boot ROM.

#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <vector>

#include "soc/image/verify.h"

namespace caliptra::image_tool {

struct Info {
  bool recognised = false;  ///< it is a bundle of 1.x or a ROM
  bool good = false;        ///< and nothing is wrong with it
  std::string text;         ///< for people, whole lines; the reason where it wasn't recognised
  nlohmann::ordered_json json;
};

/// Any bytes are allowed.
[[nodiscard]] Info describe(std::span<const uint8_t> file);

/// One line per check, with the ROM's error code and name where it failed.
[[nodiscard]] std::string checks_text(std::span<const image::Check> checks);
[[nodiscard]] nlohmann::ordered_json checks_json(std::span<const image::Check> checks);

}  // namespace caliptra::image_tool
