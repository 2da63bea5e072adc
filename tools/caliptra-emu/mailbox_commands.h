// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The mailbox commands of Caliptra 1.x by name and number.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caliptra::emu {

struct MailboxCommand {
  std::string_view name;
  uint32_t number;
};

inline constexpr uint32_t firmware_load_command = 0x4657'4c44;  // "FWLD"

/// All of them, in the order of the runtime's documentation.
[[nodiscard]] std::span<const MailboxCommand> mailbox_commands();

/// The name of a command, or nothing if it has none.
[[nodiscard]] std::optional<std::string_view> mailbox_command_name(uint32_t number);

/// The bytes that go into the mailbox: `contents` after the checksum word that the firmware wants before
/// every request. FIRMWARE_LOAD alone takes a bare bundle.
[[nodiscard]] std::vector<uint8_t> mailbox_payload(uint32_t command, std::span<const uint8_t> contents);

/// What --mailbox says: CMD[:FILE].
struct MailboxRequest {
  std::string label;  ///< the command's name; its number in hexadecimal if it has none
  uint32_t command = 0;
  std::optional<std::string> path;  ///< of the request's contents; without, there are none

  /// CMD is a name, in any case, or a number of 32 bits; FILE is the rest after the first colon. Nothing,
  /// and the reason in `error`, for anything else.
  [[nodiscard]] static std::optional<MailboxRequest> parse(std::string_view text, std::string& error);
};

}  // namespace caliptra::emu
