// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/mailbox_results.h"

#include <doctest/doctest.h>

namespace caliptra::emu {

TEST_CASE("mailbox results: a line for each outcome, and the answer in lines of 32 bytes") {
  using Outcome = MailboxResult::Outcome;
  MailboxResult result;
  result.outcome = Outcome::data;
  result.response.assign(33, 0xa5);
  result.response.back() = 0x01;
  std::string line = "  ";
  for (int i = 0; i < 32; ++i) line += "a5";
  CHECK(describe("FW_INFO", result) ==
        "FW_INFO: complete, 33 bytes (MBOX_STATUS 0x1 DATA_READY)\n" + line + "\n  01\n");
  result.response.resize(32);
  CHECK(describe("X", result) == "X: complete, 32 bytes (MBOX_STATUS 0x1 DATA_READY)\n" + line + "\n");
  result.response.clear();
  CHECK(describe("X", result) == "X: complete, 0 bytes (MBOX_STATUS 0x1 DATA_READY)\n");

  const auto text = [](Outcome outcome) {
    MailboxResult each;
    each.outcome = outcome;
    each.firmware_error = 0x0105'0001;
    return describe("X", each);
  };
  CHECK(text(Outcome::complete) == "X: complete, no data (MBOX_STATUS 0x2 CMD_COMPLETE)\n");
  CHECK(text(Outcome::failure) ==
        "X: failed, CPTRA_FW_ERROR_NON_FATAL 0x01050001 ROM_GLOBAL_NMI (MBOX_STATUS 0x3 CMD_FAILURE)\n");
  CHECK(text(Outcome::not_granted) == "X: not sent, the mailbox is locked\n");
  CHECK(text(Outcome::refused) == "X: refused by the bus\n");
  CHECK(text(Outcome::no_answer) == "X: no answer\n");
}

}  // namespace caliptra::emu
