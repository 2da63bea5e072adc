// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Defaults, configuration file and command line, put together and with the images read.

#pragma once

#include "tools/caliptra-emu/configuration_file.h"
#include "tools/caliptra-emu/options.h"

namespace caliptra::emu {

/// Everything that a core and its SoC need. Later sources override earlier ones: the fuses of the reference
/// emulator's test device, the configuration file, the command line, and of that --fuse last. Throws Failure.
[[nodiscard]] Setup make_setup(const Options& options);

/// The contents of a mailbox request, read from its file. Throws Failure.
[[nodiscard]] std::vector<uint8_t> read_request_contents(const MailboxRequest& request);

}  // namespace caliptra::emu
