// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/fuzz/fuzz_input.h"

#include <algorithm>
#include <array>

#include "soc/fuzz/byte_reader.h"
#include "soc/image/builder.h"
#include "tools/caliptra-emu/mailbox_commands.h"

namespace caliptra::fuzz {
namespace {

constexpr struct {
  Target target;
  std::string_view name;
} target_names[] = {
    {Target::mailbox, "mailbox"},   {Target::rom_mailbox, "rom-mailbox"},
    {Target::firmware, "firmware"}, {Target::measurements, "measurements"},
    {Target::trng, "trng"},
};

constexpr std::size_t most_records = 16;
constexpr std::size_t most_changes = 64;
constexpr std::size_t measurement_size = 4 + 48 + 48 + 4;  // metadata, digest, context, SVN
constexpr uint32_t stash_measurement = 0x4d45'4153;

// Of a mailbox record's first byte.
constexpr uint8_t by_number = 0x1f;
constexpr uint8_t checksum_given = 0x80;

// Of a change's first byte.
constexpr uint8_t sign_again = 8;

/// Manifest and TOC of every 1.x bundle end before this.
constexpr std::size_t manifest_limit = 20 * 1024;

/// Commands that a record can name by its index. Firmware loads are another target's.
std::span<const emu::MailboxCommand> named_commands() {
  return emu::mailbox_commands().subspan(1, std::min<std::size_t>(emu::mailbox_commands().size() - 1, by_number));
}

/// One command in the bytes of an input.
struct Record {
  uint8_t kind = 0;
  uint32_t number = 0;  ///< where its kind doesn't name it
  std::span<const uint8_t> contents;

  [[nodiscard]] bool is_named() const {
    return (kind & by_number) != by_number && (kind & by_number) < named_commands().size();
  }
};

Record read_record(ByteReader& reader) {
  Record record;
  record.kind = reader.byte();
  if (!record.is_named()) record.number = reader.number(4);
  record.contents = reader.bytes(reader.number(2));
  return record;
}

Command read_command(ByteReader& reader) {
  const Record record = read_record(reader);
  Command command;
  command.number = record.is_named() ? named_commands()[record.kind & by_number].number : record.number;
  command.payload = (record.kind & checksum_given) != 0
                        ? std::vector<uint8_t>(record.contents.begin(), record.contents.end())
                        : emu::mailbox_payload(command.number, record.contents);
  return command;
}

/// Carries out one change, and returns its first byte.
uint8_t change(std::vector<uint8_t>& firmware, ByteReader& reader) {
  const uint8_t kind = reader.byte();
  const std::size_t limit = (kind & 4) != 0 ? std::min(firmware.size(), manifest_limit) : firmware.size();
  const std::size_t at = limit == 0 ? 0 : reader.number(3) % limit;
  switch (kind & 3) {
    case 2: firmware.resize(at); break;
    case 3: {
      const std::size_t from = limit == 0 ? 0 : reader.number(3) % limit;
      const std::size_t size = std::min<std::size_t>(reader.number(2), firmware.size() - std::max(at, from));
      const std::vector<uint8_t> copied(firmware.begin() + static_cast<std::ptrdiff_t>(from),
                                        firmware.begin() + static_cast<std::ptrdiff_t>(from + size));
      std::copy(copied.begin(), copied.end(), firmware.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    }
    default: {
      const auto bytes = reader.bytes(reader.byte());
      const std::size_t size = std::min(bytes.size(), firmware.size() - at);
      std::copy_n(bytes.begin(), size, firmware.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    }
  }
  return kind;
}

/// A changed manifest with right digests, keys and signatures (of test keys, which a device takes whose fuses hold no
/// hashes), and the code as it was: it is the ROM's checks that are to be reached, not whatever changed code does.
/// False if not even a manifest is left.
bool sign(std::vector<uint8_t>& firmware, std::span<const uint8_t> original) {
  for (std::size_t at = image::manifest_size; at < firmware.size() && at < original.size(); ++at) {
    firmware[at] = original[at];
  }
  if (firmware.size() < image::manifest_size) return false;
  image::KeySet keys = image::test_keys("fuzz", 1);
  // Computing public keys that don't sign takes longer than all else.
  const auto signs = image::parse_manifest(std::span(firmware).first<image::manifest_size>()).vendor_lms_key_index;
  for (std::size_t i = 0; i < keys.vendor_lms.size(); ++i) {
    if (i != signs % keys.vendor_lms.size()) keys.vendor_lms[i] = {};
  }
  std::string error;
  return image::sign_bundle(firmware, keys, {}, error);
}

Fault read_fault(ByteReader& reader, uint64_t& cycle) {
  Fault fault;
  fault.kind = (reader.byte() & 1) != 0 ? Fault::Kind::noise_stopped : Fault::Kind::noise_stuck;
  fault.value = reader.byte() & 0xf;
  cycle += reader.number(3);
  fault.cycle = cycle;
  return fault;
}

void append(std::vector<uint8_t>& bytes, uint32_t value, std::size_t size) {
  for (std::size_t i = 0; i < size; ++i) bytes.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

}  // namespace

std::optional<Target> target_named(std::string_view name) {
  for (const auto& each : target_names) {
    if (each.name == name) return each.target;
  }
  return std::nullopt;
}

std::string_view name(Target target) { return target_names[static_cast<std::size_t>(target)].name; }

std::span<const Target> all_targets() {
  static constexpr std::array targets = {Target::mailbox, Target::rom_mailbox, Target::firmware, Target::measurements,
                                         Target::trng};
  return targets;
}

Input understand(Target target, std::span<const uint8_t> bytes, std::span<const uint8_t> firmware) {
  ByteReader reader(bytes);
  Input input;
  switch (target) {
    case Target::mailbox:
    case Target::rom_mailbox:
      while (!reader.empty() && input.commands.size() < most_records) input.commands.push_back(read_command(reader));
      break;
    case Target::measurements:
      while (!reader.empty() && input.measurements.size() < most_records) {
        input.measurements.push_back(emu::mailbox_payload(stash_measurement, reader.bytes(measurement_size)));
      }
      break;
    case Target::firmware: {
      input.firmware.emplace(firmware.begin(), firmware.end());
      uint8_t kinds = 0;
      for (std::size_t i = 0; i < most_changes && !reader.empty(); ++i) kinds |= change(*input.firmware, reader);
      if ((kinds & sign_again) != 0) input.signed_again = sign(*input.firmware, firmware);
      break;
    }
    case Target::trng: {
      const bool answered = (reader.byte() & 1) == 0;
      input.trng_seed = reader.number(4);
      if (answered) input.trng_delay = 0;
      uint64_t cycle = 0;
      while (!reader.empty() && input.faults.size() < most_records) input.faults.push_back(read_fault(reader, cycle));
      break;
    }
  }
  return input;
}

std::vector<uint8_t> mailbox_bytes(std::span<const Command> commands_without_checksum) {
  const auto names = named_commands();
  std::vector<uint8_t> bytes;
  for (const Command& each : commands_without_checksum) {
    const auto found = std::find_if(names.begin(), names.end(),
                                    [&](const emu::MailboxCommand& named) { return named.number == each.number; });
    if (found != names.end()) {
      bytes.push_back(static_cast<uint8_t>(found - names.begin()));
    } else {
      bytes.push_back(by_number);
      append(bytes, each.number, 4);
    }
    const std::size_t size = std::min<std::size_t>(each.payload.size(), 0xffff);
    append(bytes, static_cast<uint32_t>(size), 2);
    bytes.insert(bytes.end(), each.payload.begin(), each.payload.begin() + static_cast<std::ptrdiff_t>(size));
  }
  return bytes;
}

std::vector<std::vector<uint8_t>> shortened(Target target, std::span<const uint8_t> bytes) {
  if (target != Target::mailbox && target != Target::rom_mailbox) return {};
  std::vector<Record> records;
  ByteReader reader(bytes);
  while (!reader.empty() && records.size() < most_records) records.push_back(read_record(reader));
  const auto join = [](std::span<const Record> all) {
    std::vector<uint8_t> joined;
    for (const Record& each : all) {
      joined.push_back(each.kind);
      if (!each.is_named()) append(joined, each.number, 4);
      append(joined, static_cast<uint32_t>(each.contents.size()), 2);
      joined.insert(joined.end(), each.contents.begin(), each.contents.end());
    }
    return joined;
  };
  std::vector<std::vector<uint8_t>> results;
  const auto offer = [&](const std::vector<Record>& changed) {
    auto joined = join(changed);
    if (joined.size() < bytes.size()) results.push_back(std::move(joined));
  };
  for (std::size_t i = 0; i < records.size(); ++i) {
    std::vector<Record> fewer = records;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    offer(fewer);
  }
  for (std::size_t i = 0; i < records.size(); ++i) {
    const std::size_t size = records[i].contents.size();
    for (const std::size_t kept : {std::size_t{0}, size / 2, size - std::min<std::size_t>(size, 1)}) {
      std::vector<Record> smaller = records;
      smaller[i].contents = smaller[i].contents.first(kept);
      offer(smaller);
    }
  }
  return results;
}

std::vector<Seed> seeds(Target target) {
  std::vector<Seed> seeds;
  const auto add_commands = [&](const std::string& name, std::vector<Command> commands) {
    seeds.push_back({name, mailbox_bytes(commands)});
  };
  switch (target) {
    case Target::mailbox:
    case Target::rom_mailbox: {
      // Sizes of most requests of 1.x: none, a handle or index, a measurement, a DPE command, a signature.
      constexpr std::size_t sizes[] = {0, 4, 56, 100, 512};
      for (const emu::MailboxCommand& each : named_commands()) {
        for (const std::size_t size : sizes) {
          add_commands(std::string(each.name) + "-" + std::to_string(size),
                       {{each.number, std::vector<uint8_t>(size)}});
        }
      }
      break;
    }
    case Target::measurements:
      seeds.push_back({"none", {}});
      seeds.push_back({"one", std::vector<uint8_t>(measurement_size, 1)});
      seeds.push_back({"too-many", std::vector<uint8_t>(measurement_size * 9, 2)});
      break;
    case Target::firmware:
      seeds.push_back({"unchanged", {}});
      seeds.push_back({"marker", {4, 0, 0, 0, 1, 0}});
      seeds.push_back({"signed-again", {8, 0, 0, 0, 0}});
      seeds.push_back({"signed-load-address", {12, 0x54, 0x16, 0, 4, 0, 0, 0, 0x30}});
      seeds.push_back({"truncated", {2, 0, 0x10, 0}});
      seeds.push_back({"copied", {7, 0x10, 0, 0, 0x20, 0, 0, 0x10, 0}});
      break;
    case Target::trng:
      seeds.push_back({"good", {0, 1, 0, 0, 0}});
      seeds.push_back({"silent", {1}});
      seeds.push_back({"zeros", {0, 0, 0, 0, 0}});
      seeds.push_back({"stuck", {0, 1, 0, 0, 0, 0, 5, 0, 1, 0}});
      seeds.push_back({"stops", {0, 1, 0, 0, 0, 1, 0, 0, 1, 0}});
      break;
  }
  return seeds;
}

}  // namespace caliptra::fuzz
