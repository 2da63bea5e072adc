// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What a boot ROM of Caliptra says about itself, and which releases are known.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "soc/image/manifest.h"

namespace caliptra::image {

/// The record behind a ROM's code (RomInfo in image/types of caliptra-sw).
struct RomInfo {
  std::size_t offset = 0;              ///< where it stands, in bytes
  std::array<uint8_t, 32> digest{};    ///< SHA-256 over what is before it, each word's bytes reversed
  std::array<uint8_t, 20> revision{};  ///< the commit it was built from
  uint32_t flags = 0;
  uint16_t version = 0;  ///< 5 bits major, 5 bits minor, 6 bits patch
};

/// A version number as text: "1.2.0".
[[nodiscard]] std::string rom_version_text(uint16_t version);

/// Finds the record: the first place, of those where it may stand (multiples of 64), whose digest is right for what is
/// before it. Nothing if there is none: no ROM, or a changed one.
[[nodiscard]] std::optional<RomInfo> find_rom_info(std::span<const uint8_t> rom);

struct RomRelease {
  std::string_view sha384;   ///< of the whole file, hexadecimal
  std::string_view version;  ///< "1.2.0"
  bool with_log;             ///< prints a console
  bool with_revision;        ///< as released; otherwise as the sources build it, with a place holder for the commit
};

/// The releases 1.0.0 to 2.1.2 (their SHA-384 sums are published with caliptra-sw).
[[nodiscard]] std::span<const RomRelease> rom_releases();

/// The release that a file is, or nullptr.
[[nodiscard]] const RomRelease* find_rom_release(std::span<const uint8_t> rom);

}  // namespace caliptra::image
