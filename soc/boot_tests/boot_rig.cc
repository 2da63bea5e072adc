// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/boot_tests/boot_rig.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <utility>

namespace caliptra::boot_tests {

std::optional<std::filesystem::path> test_data(std::string_view path) {
  const char* images = std::getenv("CALIPTRA_IMAGES");
  const char* source = std::getenv("CALIPTRA_SOURCE_ROOT");
  std::filesystem::path folder = images != nullptr ? images : "";
  if (images == nullptr) folder = std::filesystem::path(source != nullptr ? source : ".") / "../shared/images";
  auto file = folder.parent_path() / path;
  if (path.starts_with("images/")) file = folder / path.substr(7);
  if (!std::filesystem::is_regular_file(file)) return std::nullopt;
  return file;
}

std::vector<uint8_t> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  REQUIRE(file.good());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

BootRig::BootRig(Configuration configuration, SocPlan plan) {
  std::string error;
  core = Core::create(configuration, error);
  REQUIRE_MESSAGE(core != nullptr, error);
  core->on_console([this](char character) { console += character; });
  core->on_event([this](const Event& event) {
    events.push_back(event);
    if (awaited_ == event.kind) {
      came_ = true;
      core->stop();
    }
  });
  soc = std::make_unique<SocManager>(*core, std::move(plan));
  soc->power_on();
}

bool BootRig::run_until(Event::Kind kind, uint64_t limit) {
  awaited_ = kind;
  came_ = false;
  const uint64_t until = core->cycles() + limit;
  while (!came_ && core->run({.until_cycle = until}) == StopReason::stopped) {
  }
  awaited_.reset();
  return came_;
}

uint32_t BootRig::soc_ifc(uint32_t offset) const { return core->peek_register(0x3003'0000 + offset); }

std::vector<uint8_t> BootRig::pcr(unsigned index) const {
  constexpr uint32_t entries = 0x1001'a600;
  constexpr uint32_t words = 12;
  std::vector<uint8_t> bytes;
  for (uint32_t i = 0; i < words; ++i) {
    const uint32_t word = core->peek_register(entries + 4 * (words * index + i));
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<uint8_t>(word >> shift));
  }
  return bytes;
}

bool BootRig::seen(Event::Kind kind) const { return last(kind) != nullptr; }

const Event* BootRig::last(Event::Kind kind) const {
  for (auto event = events.rbegin(); event != events.rend(); ++event) {
    if (event->kind == kind) return &*event;
  }
  return nullptr;
}

MailboxResult BootRig::command(uint32_t number, std::span<const uint8_t> payload) {
  std::vector<uint8_t> request;
  put_word(request, mailbox_checksum(number, payload));
  put_bytes(request, payload);
  return soc->execute(number, request, 200'000'000);
}

Fuses fuses_for(const Bundle* bundle) {
  constexpr auto generation = Generation::v1_1;
  Fuses fuses;
  const auto set = [&](std::string_view name, std::string_view text) {
    const auto problem = fuses.set_text(generation, name, text);
    REQUIRE_MESSAGE(!problem, problem.value_or(""));
  };
  set("fuse_uds_seed",
      "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f202122232425262728292a2b2c2d2e2f");
  set("fuse_field_entropy", "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f");
  if (bundle != nullptr) {
    set("fuse_key_manifest_pk_hash", bundle->vendor_pk_hash);
    set("fuse_owner_pk_hash", bundle->owner_pk_hash);
  }
  return fuses;
}

std::unique_ptr<BootRig> make_rig(std::string_view rom, const Bundle* bundle, const Setup& setup) {
  const auto rom_file = test_data(rom);
  const auto bundle_file = bundle != nullptr ? test_data(bundle->file) : std::nullopt;
  if (!rom_file || (bundle != nullptr && !bundle_file)) return nullptr;
  Configuration configuration;
  configuration.generation = setup.generation;
  configuration.rom = read_file(*rom_file);
  configuration.lifecycle = setup.lifecycle;
  configuration.debug_locked = setup.debug_locked;
  configuration.internal_trng = setup.internal_trng;
  SocPlan plan;
  plan.fuses = fuses_for(bundle);
  plan.user = ast2700_user;
  plan.mailbox_users = {ast2700_user};
  if (bundle_file) plan.firmware = read_file(*bundle_file);
  return std::make_unique<BootRig>(std::move(configuration), std::move(plan));
}

void put_word(std::vector<uint8_t>& bytes, uint32_t word) {
  for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<uint8_t>(word >> shift));
}

void put_bytes(std::vector<uint8_t>& bytes, std::span<const uint8_t> more) {
  for (const uint8_t byte : more) bytes.push_back(byte);
}

uint32_t word_at(std::span<const uint8_t> bytes, std::size_t at) {
  REQUIRE(at + 4 <= bytes.size());
  return static_cast<uint32_t>(bytes[at]) | static_cast<uint32_t>(bytes[at + 1]) << 8 |
         static_cast<uint32_t>(bytes[at + 2]) << 16 | static_cast<uint32_t>(bytes[at + 3]) << 24;
}

}  // namespace caliptra::boot_tests
