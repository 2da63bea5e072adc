// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// FMC and runtime as a linker or objcopy leaves them.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "soc/image/builder.h"

namespace caliptra::image_tool {

/// With a load address, the file is a plain binary, and begins at its load address unless `entry_point` is given.
/// Without, it is a 32-bit RISC-V ELF file: its loadable segments at their physical addresses, gaps as zeros. The code
/// is filled up with zeros to a multiple of 4 bytes. Nothing, and the reason in `error`, for a damaged ELF file, one of
/// another machine, one without anything to load, or more than fits into a bundle.
[[nodiscard]] std::optional<image::Executable> load_executable(std::span<const uint8_t> file,
                                                               std::optional<uint32_t> load_address,
                                                               std::optional<uint32_t> entry_point, std::string& error);

}  // namespace caliptra::image_tool
