// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/mailbox_results.h"

#include <fmt/format.h>

#include "tools/caliptra-emu/error_names.h"

namespace caliptra::emu {

std::string describe(std::string_view label, const MailboxResult& result) {
  std::string text = fmt::format("{}: ", label);
  switch (result.outcome) {
    case MailboxResult::Outcome::data:
      text += fmt::format("complete, {} bytes (MBOX_STATUS 0x1 DATA_READY)", result.response.size());
      break;
    case MailboxResult::Outcome::complete: text += "complete, no data (MBOX_STATUS 0x2 CMD_COMPLETE)"; break;
    case MailboxResult::Outcome::failure:
      text += fmt::format("failed, CPTRA_FW_ERROR_NON_FATAL 0x{:08x} {} (MBOX_STATUS 0x3 CMD_FAILURE)",
                          result.firmware_error, firmware_error_name(result.firmware_error));
      break;
    case MailboxResult::Outcome::not_granted: text += "not sent, the mailbox is locked"; break;
    case MailboxResult::Outcome::refused: text += "refused by the bus"; break;
    case MailboxResult::Outcome::no_answer: text += "no answer"; break;
  }
  text += '\n';
  constexpr std::size_t bytes_per_line = 32;
  for (std::size_t at = 0; at < result.response.size(); ++at) {
    const bool first = at % bytes_per_line == 0;
    const bool last = at % bytes_per_line == bytes_per_line - 1 || at + 1 == result.response.size();
    text += fmt::format("{}{:02x}{}", first ? "  " : "", result.response[at], last ? "\n" : "");
  }
  return text;
}

}  // namespace caliptra::emu
