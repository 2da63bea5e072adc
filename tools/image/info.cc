// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/image/info.h"

#include <fmt/format.h>

#include <algorithm>

#include "peripherals/crypto/sha2.h"
#include "soc/image/keys.h"
#include "soc/image/rom_info.h"
#include "tools/caliptra-emu/error_names.h"
#include "tools/image/arguments.h"

namespace caliptra::image_tool {
namespace {

using image::Check;
using image::Manifest;
using nlohmann::ordered_json;
using Outcome = Check::Outcome;

/// Collects lines for people and values for machines side by side.
class Report {
 public:
  void section(const std::string& title) { text += title + "\n"; }
  void line(const std::string& name, const std::string& value) { text += fmt::format("  {:<32} {}\n", name, value); }

  std::string text;
};

std::string date_text(const image::Date& date) {
  if (date == image::Date{}) return "not given";
  const bool printable = std::all_of(date.begin(), date.end(), [](uint8_t c) { return c > 0x20 && c < 0x7f; });
  return printable ? std::string(date.begin(), date.end()) : hexadecimal_text(date);
}

// A revision is a commit's hash, or 20 characters that say there was none.
std::string revision_text(std::span<const uint8_t> revision) {
  const bool printable = std::all_of(revision.begin(), revision.end(), [](uint8_t c) { return c > 0x20 && c < 0x7f; });
  return printable ? fmt::format("'{}'", std::string(revision.begin(), revision.end())) : hexadecimal_text(revision);
}

std::string lms_key_text(const image::LmsPublicKey& key) {
  if (key == image::LmsPublicKey{}) return "none";
  return fmt::format("identifier {}, root {}", hexadecimal_text(key.identifier), hexadecimal_text(key.root));
}

template <typename Keys>
std::string filled_text(const Keys& keys) {
  const auto filled =
      std::count_if(keys.begin(), keys.end(), [](const auto& key) { return key != typename Keys::value_type{}; });
  return fmt::format("{} of {} places filled", filled, keys.size());
}

void toc_lines(Report& report, const std::string& name, const image::TocEntry& entry) {
  report.section(name);
  report.line("identifier, type", fmt::format("{}, {}", entry.id, entry.type));
  report.line("revision", revision_text(entry.revision));
  report.line("version", fmt::format("{} (0x{:08x})", entry.version, entry.version));
  report.line("SVN", fmt::format("{}", entry.svn));
  report.line("load address", fmt::format("0x{:08x}", entry.load_address));
  report.line("entry point", fmt::format("0x{:08x}", entry.entry_point));
  report.line("place in the file",
              fmt::format("{} to {}, {} bytes", entry.offset, uint64_t{entry.offset} + entry.size, entry.size));
  report.line("digest", hexadecimal_text(entry.digest));
}

ordered_json fields_json(std::span<const uint8_t> manifest) {
  ordered_json fields;
  for (const image::Field& field : image::manifest_fields()) fields[field.name] = field_text(field, manifest);
  return fields;
}

std::string outcome_text(Outcome outcome) {
  if (outcome == Outcome::passed) return "good";
  return outcome == Outcome::failed ? "BAD" : "not checked";
}

Info describe_bundle(std::span<const uint8_t> file) {
  const Manifest m = image::parse_manifest(file.first<image::manifest_size>());
  // What the bundle says about itself: nothing is known of a device.
  image::DevicePolicy policy;
  policy.lms_keys_optional = true;
  const auto checks = image::verify(file, policy);
  const uint32_t error = image::first_error(checks);
  const auto vendor_hash = hexadecimal_text(image::vendor_keys_hash(file));
  const auto owner_hash = hexadecimal_text(image::owner_keys_hash(file));

  Report report;
  report.section(fmt::format("Firmware bundle of Caliptra 1.x, {} bytes", file.size()));
  report.line("manifest", fmt::format("{} bytes", m.size));
  report.line("SHA-384", hexadecimal_text(crypto::sha384(file)));
  report.section("Keys");
  report.line("vendor's hash", vendor_hash);
  report.line("vendor's ECC keys",
              fmt::format("{}; number {} signs", filled_text(m.vendor_ecc_keys), m.vendor_ecc_key_index));
  if (m.vendor_ecc_key_index < m.vendor_ecc_keys.size()) {
    const auto& key = m.vendor_ecc_keys[m.vendor_ecc_key_index];
    report.line("", "x " + hexadecimal_text(key.x));
    report.line("", "y " + hexadecimal_text(key.y));
  }
  report.line("vendor's LMS keys",
              fmt::format("{}; number {} signs", filled_text(m.vendor_lms_keys), m.vendor_lms_key_index));
  if (m.vendor_lms_key_index < m.vendor_lms_keys.size()) {
    report.line("", lms_key_text(m.vendor_lms_keys[m.vendor_lms_key_index]));
  }
  report.line("owner's hash", owner_hash);
  report.line("owner's ECC key", "x " + hexadecimal_text(m.owner_ecc_key.x));
  report.line("", "y " + hexadecimal_text(m.owner_ecc_key.y));
  report.line("owner's LMS key", lms_key_text(m.owner_lms_key));
  report.section("Header");
  report.line("revision", fmt::format("0x{:08x} 0x{:08x}", m.header.revision[0], m.header.revision[1]));
  report.line("vendor's keys",
              fmt::format("ECC {}, LMS {}", m.header.vendor_ecc_key_index, m.header.vendor_lms_key_index));
  report.line("flags", fmt::format("0x{:08x}", m.header.flags));
  report.line("privilege level 0",
              (m.header.flags & 1) != 0 ? fmt::format("user 0x{:08x}", m.header.pl0_pauser) : "no user");
  report.line("vendor's validity",
              fmt::format("{} to {}", date_text(m.header.vendor_not_before), date_text(m.header.vendor_not_after)));
  report.line("owner's validity",
              fmt::format("{} to {}", date_text(m.header.owner_not_before), date_text(m.header.owner_not_after)));
  report.line("epoch", hexadecimal_text(m.header.epoch));
  report.line("table of contents",
              fmt::format("{} entries, digest {}", m.header.toc_entries, hexadecimal_text(m.header.toc_digest)));
  toc_lines(report, "FMC", m.fmc);
  toc_lines(report, "Runtime", m.runtime);
  report.section("Signatures and digests");
  for (const Check& check : checks) {
    const bool shown = check.what.find("signature") != std::string::npos || check.what.ends_with("digest") ||
                       check.what.starts_with("digest") || check.outcome == Outcome::failed;
    if (!shown) continue;
    const std::string problem =
        check.outcome == Outcome::failed
            ? fmt::format(": 0x{:08x} {}{}{}", check.error, emu::firmware_error_name(check.error),
                          check.detail.empty() ? "" : "; ", check.detail)
            : "";
    report.line(check.what, outcome_text(check.outcome) + problem);
  }

  ordered_json json;
  json["kind"] = "bundle";
  json["size"] = file.size();
  json["sha384"] = hexadecimal_text(crypto::sha384(file));
  json["vendor_keys_hash"] = vendor_hash;
  json["owner_keys_hash"] = owner_hash;
  json["manifest"] = fields_json(file);
  json["checks"] = checks_json(checks);
  return {.recognised = true, .good = error == 0, .text = report.text, .json = json};
}

Info describe_rom(std::span<const uint8_t> file, const image::RomInfo& rom) {
  const image::RomRelease* release = image::find_rom_release(file);
  const std::string version = image::rom_version_text(rom.version);
  std::string known = "none";
  if (release != nullptr) {
    known = fmt::format("Caliptra ROM {}{}{}", release->version, release->with_log ? ", with log" : "",
                        release->with_revision ? "" : ", built from its sources");
  }
  Report report;
  report.section(fmt::format("Boot ROM of Caliptra, {} bytes", file.size()));
  report.line("version", version);
  report.line("revision", revision_text(rom.revision));
  report.line("flags", fmt::format("0x{:08x}", rom.flags));
  report.line("record at", fmt::format("0x{:04x}; the digest of what is before it is right", rom.offset));
  report.line("digest", hexadecimal_text(rom.digest));
  report.line("SHA-384", hexadecimal_text(crypto::sha384(file)));
  report.line("known release", known);

  ordered_json json;
  json["kind"] = "rom";
  json["size"] = file.size();
  json["version"] = version;
  json["revision"] = hexadecimal_text(rom.revision);
  json["flags"] = rom.flags;
  json["record_offset"] = rom.offset;
  json["digest"] = hexadecimal_text(rom.digest);
  json["sha384"] = hexadecimal_text(crypto::sha384(file));
  if (release != nullptr) {
    json["release"] = {
        {"version", release->version}, {"with_log", release->with_log}, {"with_revision", release->with_revision}};
  } else {
    json["release"] = nullptr;
  }
  return {.recognised = true, .good = true, .text = report.text, .json = json};
}

Info unknown(std::string why) {
  ordered_json json;
  json["kind"] = "unknown";
  json["reason"] = why;
  return {.recognised = false, .good = false, .text = std::move(why), .json = json};
}

}  // namespace

Info describe(std::span<const uint8_t> file) {
  uint32_t marker = 0;
  for (std::size_t i = 0; i < 4 && i < file.size(); ++i) marker |= uint32_t{file[i]} << 8 * i;
  if (marker == image::manifest_marker) {
    if (file.size() >= image::manifest_size) return describe_bundle(file);
    return unknown(fmt::format("begins like a firmware bundle of 1.x, but its {} bytes are less than a manifest ({})",
                               file.size(), image::manifest_size));
  }
  if (marker == image::manifest_marker_2_x) {
    return unknown("a firmware bundle of Caliptra 2.x ('CMN2'); only those of 1.x ('CMAN') are understood");
  }
  if (const auto rom = image::find_rom_info(file)) return describe_rom(file, *rom);
  return unknown(
      "neither a firmware bundle (it doesn't begin with 'CMAN') nor a boot ROM (there is no record with the right "
      "digest in it)");
}

std::string checks_text(std::span<const Check> checks) {
  std::string text;
  for (const Check& check : checks) {
    text += fmt::format("  {:<36} {}", check.what, outcome_text(check.outcome));
    if (check.outcome == Outcome::failed) {
      text += fmt::format(": 0x{:08x} {}", check.error, emu::firmware_error_name(check.error));
    }
    if (!check.detail.empty()) text += fmt::format("{} {}", check.outcome == Outcome::failed ? ";" : ":", check.detail);
    text += "\n";
  }
  return text;
}

nlohmann::ordered_json checks_json(std::span<const Check> checks) {
  ordered_json all = ordered_json::array();
  for (const Check& check : checks) {
    ordered_json one;
    one["what"] = check.what;
    one["outcome"] = check.outcome == Outcome::passed   ? "passed"
                     : check.outcome == Outcome::failed ? "failed"
                                                        : "left out";
    if (check.outcome == Outcome::failed) {
      one["error"] = fmt::format("0x{:08x}", check.error);
      one["error_name"] = emu::firmware_error_name(check.error);
    }
    if (!check.detail.empty()) one["detail"] = check.detail;
    all.push_back(one);
  }
  return all;
}

}  // namespace caliptra::image_tool
