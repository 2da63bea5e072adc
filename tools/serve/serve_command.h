// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// `caliptra-emu serve`: boots a core to its runtime, then serves it.

#pragma once

#include "tools/caliptra-emu/setup.h"
#include "tools/serve/settings.h"

namespace caliptra::serve {

/// Boots and serves until SIGINT or SIGTERM. Returns the program's exit status; throws emu::Failure.
int serve(emu::Setup setup, const ServeOptions& options);

}  // namespace caliptra::serve
