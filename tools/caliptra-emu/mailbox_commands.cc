// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/mailbox_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "soc/soc_manager.h"
#include "tools/caliptra-emu/numbers.h"

namespace caliptra::emu {
namespace {

constexpr MailboxCommand commands[] = {
    {"FIRMWARE_LOAD", firmware_load_command},
    {"GET_IDEV_CERT", 0x4944'4543},
    {"GET_IDEV_INFO", 0x4944'4549},
    {"POPULATE_IDEV_CERT", 0x4944'4550},
    {"GET_LDEV_CERT", 0x4c44'4556},
    {"GET_FMC_ALIAS_CERT", 0x4345'5246},
    {"GET_RT_ALIAS_CERT", 0x4345'5252},
    {"ECDSA384_VERIFY", 0x5349'4756},
    {"LMS_VERIFY", 0x4c4d'5356},
    {"STASH_MEASUREMENT", 0x4d45'4153},
    {"INVOKE_DPE", 0x4450'4543},
    {"DISABLE_ATTESTATION", 0x4453'424c},
    {"FW_INFO", 0x494e'464f},
    {"DPE_TAG_TCI", 0x5451'4754},
    {"DPE_GET_TAGGED_TCI", 0x4754'4744},
    {"INCREMENT_PCR_RESET_COUNTER", 0x5043'5252},
    {"QUOTE_PCRS", 0x5043'5251},
    {"EXTEND_PCR", 0x5043'5245},
    {"ADD_SUBJECT_ALT_NAME", 0x414c'544e},
    {"CERTIFY_KEY_EXTENDED", 0x434b'4558},
    {"FIPS_VERSION", 0x4650'5652},
    {"SELF_TEST_START", 0x4650'4c54},
    {"SELF_TEST_GET_RESULTS", 0x4650'4c67},
    {"SHUTDOWN", 0x4650'5344},
    {"CAPABILITIES", 0x4341'5053},
    {"SET_AUTH_MANIFEST", 0x4154'4d4e},
    {"AUTHORIZE_AND_STASH", 0x4154'5348},
    {"GET_IDEV_CSR", 0x4944'4352},
    {"GET_FMC_ALIAS_CSR", 0x464d'4352},
    {"SIGN_WITH_EXPORTED_ECDSA", 0x5357'4545},
    {"REVOKE_EXPORTED_CDI_HANDLE", 0x5256'4348},
};

// Names that the runtime's own sources and documentation use beside those above.
constexpr MailboxCommand other_names[] = {
    {"VERSION", 0x4650'5652},
    {"FIPS_SELF_TEST", 0x4650'4c54},
    {"SELF_TEST", 0x4650'4c54},
    {"SELF_TEST_RESULTS", 0x4650'4c67},
    {"CALIPTRA_FW_LOAD", firmware_load_command},
    {"ECDSA384_SIGNATURE_VERIFY", 0x5349'4756},
    {"LMS_SIGNATURE_VERIFY", 0x4c4d'5356},
    {"INVOKE_DPE_COMMAND", 0x4450'4543},
    {"GET_TAGGED_TCI", 0x4754'4744},
    {"TAG_TCI", 0x5451'4754},
};

std::optional<uint32_t> find(std::string_view name) {
  std::string upper(name);
  std::transform(upper.begin(), upper.end(), upper.begin(),
                 [](unsigned char character) { return static_cast<char>(std::toupper(character)); });
  for (const MailboxCommand& each : commands) {
    if (each.name == upper) return each.number;
  }
  for (const MailboxCommand& each : other_names) {
    if (each.name == upper) return each.number;
  }
  return std::nullopt;
}

}  // namespace

std::span<const MailboxCommand> mailbox_commands() { return commands; }

std::optional<std::string_view> mailbox_command_name(uint32_t number) {
  for (const MailboxCommand& each : commands) {
    if (each.number == number) return each.name;
  }
  return std::nullopt;
}

std::vector<uint8_t> mailbox_payload(uint32_t command, std::span<const uint8_t> contents) {
  std::vector<uint8_t> payload;
  if (command != firmware_load_command) {
    const uint32_t checksum = mailbox_checksum(command, contents);
    for (unsigned shift = 0; shift < 32; shift += 8) payload.push_back(static_cast<uint8_t>(checksum >> shift));
  }
  payload.insert(payload.end(), contents.begin(), contents.end());
  return payload;
}

std::optional<MailboxRequest> MailboxRequest::parse(std::string_view text, std::string& error) {
  MailboxRequest request;
  const std::size_t colon = text.find(':');
  const std::string_view command = text.substr(0, colon);
  if (const auto number = find(command)) {
    request.command = *number;
  } else if (const auto value = parse_number(command, 0xffff'ffff)) {
    request.command = static_cast<uint32_t>(*value);
  } else {
    error = fmt::format("'{}' is neither the name of a mailbox command nor a number of 32 bits", command);
    return std::nullopt;
  }
  if (colon != std::string_view::npos) {
    request.path = text.substr(colon + 1);
    if (request.path->empty()) {
      error = fmt::format("'{}' names no file after the colon", text);
      return std::nullopt;
    }
  }
  const auto name = mailbox_command_name(request.command);
  request.label = name ? std::string(*name) : fmt::format("0x{:08x}", request.command);
  return request;
}

}  // namespace caliptra::emu
