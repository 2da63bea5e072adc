// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/report/mailbox_layouts.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "tools/caliptra-emu/mailbox_commands.h"

namespace caliptra::report {
namespace {

enum class Kind : uint8_t { number, bytes, text, rest };

struct Field {
  std::string_view name;
  uint32_t size;  // bytes; of `rest` nothing
  Kind kind = Kind::bytes;
};

struct Layout {
  std::string_view command;
  std::span<const Field> request;
  std::span<const Field> response;
};

constexpr Field word(std::string_view name) { return {name, 4, Kind::number}; }

constexpr Field measurement[] = {{"metadata", 4, Kind::text}, {"measurement", 48}, {"context", 48}, word("SVN")};
constexpr Field dpe_result[] = {word("DPE result")};
constexpr Field firmware_info[] = {word("PL0 PAUSER"),       word("runtime SVN"),          word("lowest runtime SVN"),
                                   word("FMC manifest SVN"), word("attestation disabled"), {"ROM revision", 20},
                                   {"FMC revision", 20},     {"runtime revision", 20},     {"ROM SHA-256", 32},
                                   {"FMC SHA-384", 48},      {"runtime SHA-384", 48}};
constexpr Field capabilities[] = {{"capabilities", 16}};
constexpr Field version[] = {word("mode"), {"FIPS revision", 12}, {"name", 12, Kind::text}};
constexpr Field public_key[] = {{"public key x", 48}, {"public key y", 48}};
constexpr Field sized[] = {word("size"), {"data", 0, Kind::rest}};
constexpr Field quote_request[] = {{"nonce", 32}};
constexpr Field quote[] = {{"PCRs 0 to 31", 32 * 48}, {"nonce", 32},       {"digest", 48},
                           {"reset counters", 128},   {"signature r", 48}, {"signature s", 48}};
constexpr Field extend[] = {word("PCR"), {"data", 48}};
constexpr Field index[] = {word("index")};
constexpr Field tag[] = {{"handle", 16}, word("tag")};
constexpr Field tagged[] = {word("tag")};
constexpr Field tci[] = {{"cumulative TCI", 48}, {"current TCI", 48}};
constexpr Field verify[] = {{"public key x", 48}, {"public key y", 48}, {"signature r", 48}, {"signature s", 48}};

constexpr Layout layouts[] = {
    {"STASH_MEASUREMENT", measurement, dpe_result},
    {"FW_INFO", {}, firmware_info},
    {"CAPABILITIES", {}, capabilities},
    {"FIPS_VERSION", {}, version},
    {"GET_IDEV_INFO", {}, public_key},
    {"GET_IDEV_CERT", {}, sized},
    {"GET_IDEV_CSR", {}, sized},
    {"GET_LDEV_CERT", {}, sized},
    {"GET_FMC_ALIAS_CERT", {}, sized},
    {"GET_FMC_ALIAS_CSR", {}, sized},
    {"GET_RT_ALIAS_CERT", {}, sized},
    {"INVOKE_DPE", sized, sized},
    {"QUOTE_PCRS", quote_request, quote},
    {"EXTEND_PCR", extend, {}},
    {"INCREMENT_PCR_RESET_COUNTER", index, {}},
    {"DPE_TAG_TCI", tag, {}},
    {"DPE_GET_TAGGED_TCI", tagged, tci},
    {"ECDSA384_VERIFY", verify, {}},
};

// More is no help for a reader.
constexpr std::size_t shown_bytes = 96;

std::string hexadecimal(std::span<const uint8_t> bytes, std::size_t whole) {
  std::string text;
  for (std::size_t i = 0; i < std::min(bytes.size(), shown_bytes); ++i) text += fmt::format("{:02x}", bytes[i]);
  if (whole > shown_bytes) text += fmt::format(" and {} bytes more", whole - shown_bytes);
  return text;
}

uint32_t little(std::span<const uint8_t> bytes) {
  return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<uint32_t>(bytes[3]) << 24;
}

/// `whole` is the length of which `bytes` are the first.
void decode(std::span<const uint8_t> bytes, std::size_t whole, std::span<const Field> fields,
            std::vector<DecodedField>& decoded) {
  for (const Field& field : fields) {
    if (bytes.empty()) return;
    const std::size_t size = field.kind == Kind::rest ? bytes.size() : field.size;
    if (bytes.size() < size) break;
    const auto part = bytes.first(size);
    std::string value;
    switch (field.kind) {
      case Kind::number: value = fmt::format("0x{:x}", little(part)); break;
      case Kind::text:
        for (const uint8_t each : part) value += each >= 0x20 && each < 0x7f ? static_cast<char>(each) : '.';
        break;
      case Kind::bytes: value = hexadecimal(part, size); break;
      case Kind::rest: value = hexadecimal(part, whole); break;
    }
    decoded.push_back({std::string(field.name), std::move(value)});
    bytes = bytes.subspan(size);
    whole -= std::min(whole, size);
  }
  if (!bytes.empty()) decoded.push_back({"data", hexadecimal(bytes, whole)});
}

const Layout* find(uint32_t command) {
  const auto name = emu::mailbox_command_name(command);
  if (!name) return nullptr;
  for (const Layout& each : layouts) {
    if (each.command == *name) return &each;
  }
  return nullptr;
}

}  // namespace

std::vector<DecodedField> decode_request(const trace::MailboxTransaction& t) {
  std::vector<DecodedField> decoded;
  const std::span<const uint8_t> bytes = t.request;
  if (t.command == emu::firmware_load_command || !t.by_soc) {
    if (!bytes.empty()) decoded.push_back({"data", hexadecimal(bytes, t.request_length)});
    return decoded;
  }
  static constexpr Field head[] = {word("checksum")};
  const Layout* const layout = find(t.command);
  std::vector<Field> fields(std::begin(head), std::end(head));
  if (layout != nullptr) fields.insert(fields.end(), layout->request.begin(), layout->request.end());
  decode(bytes, t.request_length, fields, decoded);
  return decoded;
}

std::vector<DecodedField> decode_response(const trace::MailboxTransaction& t) {
  std::vector<DecodedField> decoded;
  static constexpr Field head[] = {word("checksum"), word("FIPS status")};
  const Layout* const layout = find(t.command);
  std::vector<Field> fields(std::begin(head), std::end(head));
  if (layout != nullptr) fields.insert(fields.end(), layout->response.begin(), layout->response.end());
  decode(t.response, t.response_length, fields, decoded);
  return decoded;
}

}  // namespace caliptra::report
