// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include "tools/caliptra-emu/options.h"

namespace caliptra::emu {

/// Runs a core as the options say, from power-on to whatever comes first of what ends a run, and says on
/// standard error why it ended. Returns the exit status. Throws Failure where the run can't begin.
[[nodiscard]] int run(const Options& options);

}  // namespace caliptra::emu
