// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <string>
#include <string_view>

#include "soc/mailbox_client.h"

namespace caliptra::emu {

/// What came of a command, for people: a line, and the answer's bytes below it. `label` is the command's name.
std::string describe(std::string_view label, const MailboxResult& result);

}  // namespace caliptra::emu
