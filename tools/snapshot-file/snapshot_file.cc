// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/snapshot-file/snapshot_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <string_view>

#include "peripherals/crypto/sha2.h"

#ifdef CALIPTRA_HAVE_ZSTD
#include <zstd.h>
#endif

namespace caliptra::snapshot_file {
namespace {

constexpr std::string_view magic = "CaliptraSnapshot";
constexpr uint32_t format = 1;
constexpr std::size_t checksum_at = 40;
constexpr std::size_t checksum_size = 32;
constexpr std::size_t header_size = checksum_at + checksum_size;
constexpr std::size_t longest_identity = 1 << 20;

void put(std::vector<uint8_t>& bytes, uint64_t value, unsigned size) {
  for (unsigned i = 0; i < size; ++i) bytes.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

uint64_t number_at(std::span<const uint8_t> bytes, std::size_t at, unsigned size) {
  uint64_t value = 0;
  for (unsigned i = 0; i < size; ++i) value |= uint64_t{bytes[at + i]} << (8 * i);
  return value;
}

std::array<uint8_t, checksum_size> checksum_of(std::span<const uint8_t> file) {
  std::vector<uint8_t> rest(file.begin(), file.begin() + checksum_at);
  rest.insert(rest.end(), file.begin() + header_size, file.end());
  return crypto::sha256(rest);
}

std::string hash_text(std::span<const uint8_t> bytes) {
  if (bytes.empty()) return "none";
  std::string text;
  for (const uint8_t byte : crypto::sha256(bytes)) text += fmt::format("{:02x}", byte);
  return text;
}

std::string text_of(const Identity& identity) {
  std::string text;
  for (const auto& [name, value] : identity) text += fmt::format("{}={}\n", name, value);
  return text;
}

Identity identity_in(std::string_view text) {
  Identity identity;
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const std::size_t equals = std::min(line.find('='), line.size());
    identity[std::string(line.substr(0, equals))] = line.substr(std::min(line.size(), equals + 1));
  }
  return identity;
}

/// What two identities differ in first; empty where they don't.
std::string difference(const Identity& theirs, const Identity& ours) {
  const auto value = [](const Identity& identity, const std::string& name) {
    const auto found = identity.find(name);
    return found == identity.end() ? std::string("nothing") : found->second;
  };
  Identity all = theirs;
  all.insert(ours.begin(), ours.end());
  for (const auto& [name, any] : all) {
    const std::string there = value(theirs, name);
    const std::string here = value(ours, name);
    if (there != here) return fmt::format("its {} is {}, here it is {}", name, there, here);
  }
  return "";
}

}  // namespace

bool available() {
#ifdef CALIPTRA_HAVE_ZSTD
  return true;
#else
  return false;
#endif
}

Identity identity_of(const Configuration& configuration, const SocPlan& plan) {
  const auto optional = [](const auto& value) { return value ? fmt::format("{}", *value) : std::string("none"); };
  std::vector<uint8_t> fuses;
  for (const auto& [name, words] : plan.fuses.values()) {
    fuses.insert(fuses.end(), name.begin(), name.end());
    for (const uint32_t word : words) put(fuses, word, 4);
  }
  std::vector<uint8_t> faults;
  for (const Fault& fault : configuration.faults) {
    put(faults, static_cast<uint64_t>(fault.kind), 4);
    for (const uint32_t each : {fault.address, fault.size, fault.value, fault.percent, fault.slots, fault.count}) {
      put(faults, each, 4);
    }
    put(faults, fault.cycle, 8);
  }
  std::vector<uint8_t> measurements;
  for (const auto& each : plan.measurements) {
    put(measurements, each.size(), 8);
    measurements.insert(measurements.end(), each.begin(), each.end());
  }
  std::vector<uint8_t> obfuscation_key;
  for (const uint32_t word : configuration.obfuscation_key) put(obfuscation_key, word, 4);
  std::string users;
  for (const uint32_t user : plan.mailbox_users) users += fmt::format("{:#x} ", user);
  return {
      {"hardware generation", std::string(name(configuration.generation))},
      {"timing", configuration.timing == veer::TimingProfile::reference ? "reference" : "rtl"},
      {"ROM", hash_text(configuration.rom)},
      {"life cycle", fmt::format("{}", static_cast<unsigned>(configuration.lifecycle))},
      {"debug_locked", fmt::format("{}", configuration.debug_locked)},
      {"scan_mode", fmt::format("{}", configuration.scan_mode)},
      {"TRNG", configuration.internal_trng ? "internal" : "external"},
      {"obfuscation key", hash_text(obfuscation_key)},
      {"default mailbox user", fmt::format("{:#x}", configuration.default_mailbox_user)},
      {"boot FSM breakpoint", fmt::format("{}", configuration.boot_fsm_breakpoint)},
      {"generic input wires",
       fmt::format("{:#x} {:#x}", configuration.generic_input_wires[0], configuration.generic_input_wires[1])},
      {"emulator devices", fmt::format("{}", configuration.emulator_devices)},
      {"planned faults", hash_text(faults)},
      {"seed", fmt::format("{:#x} {:#x}", configuration.trng_seed, plan.trng_seed)},
      {"noise", configuration.trng_generator == TrngGenerator::xorshift32 ? "xorshift32" : "xorshift64"},
      {"fuses", hash_text(fuses)},
      {"user", fmt::format("{:#x}", plan.user)},
      {"users", users + optional(plan.fuse_user) + " " + optional(plan.trng_user)},
      {"watchdog timeout", fmt::format("{}", plan.watchdog_timeout)},
      {"manufacturing service", fmt::format("{:#x}", plan.manufacturing_service)},
      {"entropy configuration", fmt::format("{:#x} {:#x}", plan.itrng_entropy_config[0], plan.itrng_entropy_config[1])},
      {"firmware", hash_text(plan.firmware)},
      {"update firmware", hash_text(plan.update_firmware)},
      {"measurements", hash_text(measurements)},
      {"TRNG delay", optional(plan.trng_delay)},
      {"upload delay", fmt::format("{}", plan.upload_delay)},
  };
}

#ifdef CALIPTRA_HAVE_ZSTD

std::vector<uint8_t> pack(const Identity& identity, std::span<const uint8_t> state, std::string& error) {
  if (state.size() > largest_state) {
    error = fmt::format("a state of {} bytes is too large", state.size());
    return {};
  }
  std::vector<uint8_t> compressed(ZSTD_compressBound(state.size()));
  const std::size_t size =
      ZSTD_compress(compressed.data(), compressed.size(), state.data(), state.size(), ZSTD_CLEVEL_DEFAULT);
  if (ZSTD_isError(size) != 0) {
    error = fmt::format("zstd: {}", ZSTD_getErrorName(size));
    return {};
  }
  compressed.resize(size);
  const std::string text = text_of(identity);
  std::vector<uint8_t> file(magic.begin(), magic.end());
  put(file, format, 4);
  put(file, text.size(), 4);
  put(file, state.size(), 8);
  put(file, compressed.size(), 8);
  file.resize(header_size);
  file.insert(file.end(), text.begin(), text.end());
  file.insert(file.end(), compressed.begin(), compressed.end());
  const auto checksum = checksum_of(file);
  std::copy(checksum.begin(), checksum.end(), file.begin() + checksum_at);
  return file;
}

std::optional<std::vector<uint8_t>> unpack(std::span<const uint8_t> contents, const Identity& identity,
                                           std::string& error) {
  const auto refuse = [&error](std::string why) {
    error = std::move(why);
    return std::nullopt;
  };
  const std::size_t known = std::min(contents.size(), magic.size());
  if (known == 0 || std::memcmp(contents.data(), magic.data(), known) != 0) return refuse("it is no snapshot");
  if (contents.size() < header_size) return refuse("it is cut short");
  const uint64_t its_format = number_at(contents, 16, 4);
  if (its_format != format) return refuse(fmt::format("its format is {}, and only {} is known", its_format, format));
  const uint64_t identity_size = number_at(contents, 20, 4);
  const uint64_t state_size = number_at(contents, 24, 8);
  const uint64_t compressed_size = number_at(contents, 32, 8);
  if (identity_size > longest_identity || state_size > largest_state || compressed_size > largest_file) {
    return refuse("it is damaged: its sizes can't be");
  }
  const uint64_t size = header_size + identity_size + compressed_size;
  if (contents.size() < size) return refuse(fmt::format("it is cut short: {} of {} bytes", contents.size(), size));
  if (contents.size() > size) return refuse(fmt::format("it has {} bytes too many", contents.size() - size));
  const auto checksum = checksum_of(contents);
  if (!std::equal(checksum.begin(), checksum.end(), contents.begin() + checksum_at)) {
    return refuse("it is damaged: its checksum is wrong");
  }
  const auto text = contents.subspan(header_size, identity_size);
  const std::string different =
      difference(identity_in({reinterpret_cast<const char*>(text.data()), text.size()}), identity);
  if (!different.empty()) return refuse(different);
  std::vector<uint8_t> state(state_size);
  const std::size_t given =
      ZSTD_decompress(state.data(), state.size(), contents.data() + header_size + identity_size, compressed_size);
  if (ZSTD_isError(given) != 0) return refuse(fmt::format("it is damaged: zstd: {}", ZSTD_getErrorName(given)));
  if (given != state_size) return refuse("it is damaged: its state has another size");
  return state;
}

#else

constexpr const char* without_zstd = "this program was built without zstd, which snapshot files need";

std::vector<uint8_t> pack(const Identity&, std::span<const uint8_t>, std::string& error) {
  error = without_zstd;
  return {};
}

std::optional<std::vector<uint8_t>> unpack(std::span<const uint8_t>, const Identity&, std::string& error) {
  error = without_zstd;
  return std::nullopt;
}

#endif

}  // namespace caliptra::snapshot_file
