// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Names for what the firmware and the hardware of Caliptra 1.x write into their error registers.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "peripherals/common/hardware.h"

namespace caliptra::emu {

struct ErrorName {
  uint32_t code;
  std::string_view name;
};

/// The documented codes of ROM, FMC and runtime 1.0 to 1.2, in ascending order (caliptra-sw error/).
[[nodiscard]] std::span<const ErrorName> firmware_error_names();

/// The name of a code in CPTRA_FW_ERROR_FATAL or CPTRA_FW_ERROR_NON_FATAL; "not documented" if it has none.
[[nodiscard]] std::string_view firmware_error_name(uint32_t code);

/// The names of the bits that are set in CPTRA_HW_ERROR_FATAL, joined by commas.
[[nodiscard]] std::string hardware_error_names(uint32_t bits, Generation generation);

}  // namespace caliptra::emu
