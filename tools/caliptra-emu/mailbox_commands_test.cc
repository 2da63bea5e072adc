// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/mailbox_commands.h"

#include <doctest/doctest.h>

#include <set>

namespace caliptra::emu {
namespace {

TEST_CASE("mailbox commands: names and numbers are unique") {
  std::set<std::string_view> names;
  std::set<uint32_t> numbers;
  for (const MailboxCommand& each : mailbox_commands()) {
    CHECK(names.insert(each.name).second);
    CHECK(numbers.insert(each.number).second);
    CHECK(mailbox_command_name(each.number) == each.name);
  }
  CHECK(names.size() == 31);
  CHECK_FALSE(mailbox_command_name(1).has_value());
}

TEST_CASE("mailbox commands: CMD[:FILE]") {
  std::string error;
  auto request = MailboxRequest::parse("fw_info", error);
  REQUIRE(request.has_value());
  CHECK(request->command == 0x494e464f);
  CHECK(request->label == "FW_INFO");
  CHECK_FALSE(request->path.has_value());

  request = MailboxRequest::parse("0x46505652:dir/a:b.bin", error);
  REQUIRE(request.has_value());
  CHECK(request->label == "FIPS_VERSION");
  CHECK(request->path == "dir/a:b.bin");

  request = MailboxRequest::parse("3735928559", error);
  REQUIRE(request.has_value());
  CHECK(request->label == "0xdeadbeef");

  for (const char* bad : {"", ":file", "FW_INFO:", "NO_SUCH_COMMAND", "0x100000000", "-1"}) {
    CAPTURE(bad);
    error.clear();
    CHECK_FALSE(MailboxRequest::parse(bad, error).has_value());
    CHECK_FALSE(error.empty());
  }
}

TEST_CASE("mailbox commands: a request begins with its checksum, a bundle doesn't") {
  const uint8_t contents[] = {1, 2, 3};
  const auto payload = mailbox_payload(0x0102'0304, contents);
  // 0 - (4 + 3 + 2 + 1 + 1 + 2 + 3)
  CHECK(payload == std::vector<uint8_t>{0xf0, 0xff, 0xff, 0xff, 1, 2, 3});
  CHECK(mailbox_payload(firmware_load_command, contents) == std::vector<uint8_t>{1, 2, 3});
}

}  // namespace
}  // namespace caliptra::emu
