// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A core's configuration and its SoC's plan out of a text, for hosts that have no TOML library: the sections and keys
// of caliptra-emu's configuration file (docs/caliptra-emu.md) but [images] and [[faults]], in a small part of TOML's
// syntax.

#pragma once

#include <string>
#include <string_view>

#include "soc/configuration.h"
#include "soc/soc_manager.h"

namespace caliptra {

/// Reads `text` into `configuration` and `plan`; keys that are absent leave them as they are. Values are true, false,
/// numbers (decimal, 0x, 0b, with _ between digits), "texts" without escapes, and arrays of numbers, which may span
/// lines. Returns an error that begins with `line N: `, or an empty text.
[[nodiscard]] std::string read_configuration_text(std::string_view text, Configuration& configuration, SocPlan& plan);

}  // namespace caliptra
