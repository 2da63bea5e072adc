// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "firmware-tests/demo/tests/demo_rig.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdlib>
#include <numeric>

#include "soc/image/builder.h"

namespace caliptra::demo {
namespace {

std::string hexadecimal(std::span<const uint8_t> bytes) {
  std::string text;
  for (const uint8_t byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

}  // namespace

std::vector<uint8_t> built(std::string_view name) {
  const char* folder = std::getenv("DEMO_FIRMWARE");
  REQUIRE_MESSAGE(folder != nullptr, "DEMO_FIRMWARE names the folder with rom.bin and bundle.bin");
  return boot_tests::read_file(std::filesystem::path(folder) / name);
}

std::vector<uint8_t> sign_again(std::vector<uint8_t> bundle) {
  static const image::KeySet keys = image::test_keys("demonstration");
  std::string error;
  const bool good = image::sign_bundle(bundle, keys, {}, error);
  REQUIRE_MESSAGE(good, error);
  return bundle;
}

std::unique_ptr<BootRig> boot(const Boot& boot) {
  Configuration configuration;
  configuration.rom = boot.rom;
  configuration.generation = boot.generation;
  configuration.timing = boot.timing;
  configuration.lifecycle = boot.lifecycle;
  configuration.debug_locked = boot.lifecycle == DeviceLifecycle::production;
  configuration.internal_trng = boot.internal_trng;
  configuration.obfuscation_key = golden_key;
  SocPlan plan = boot.plan;
  plan.fuses = boot_tests::fuses_for(nullptr);
  plan.firmware = boot.firmware;
  const auto set = [&](std::string_view name, const std::string& value) {
    const auto problem = plan.fuses.set_text(boot.generation, name, value);
    REQUIRE_MESSAGE(!problem, problem.value_or(""));
  };
  const auto bundle = built("bundle.bin");  // what the fuses say stays, whatever the firmware is
  set("fuse_key_manifest_pk_hash", hexadecimal(image::vendor_keys_hash(bundle)));
  if (boot.owner_fused) set("fuse_owner_pk_hash", hexadecimal(image::owner_keys_hash(bundle)));
  if (boot.lms) set("fuse_lms_verify", "1");
  for (const auto& [name, value] : boot.fuses) set(name, value);
  return std::make_unique<BootRig>(std::move(configuration), std::move(plan));
}

std::optional<Boot> production_boot(const boot_tests::Bundle& bundle) {
  const auto file = boot_tests::test_data(bundle.file);
  if (!file) return std::nullopt;
  Boot boot{.firmware = boot_tests::read_file(*file),
            .fuses = {{"fuse_key_manifest_pk_hash", std::string(bundle.vendor_pk_hash)},
                      {"fuse_owner_pk_hash", std::string(bundle.owner_pk_hash)}}};
  boot.plan.user = boot_tests::ast2700_user;
  boot.plan.mailbox_users = {boot_tests::ast2700_user};
  return boot;
}

std::vector<uint8_t> ask(BootRig& rig, uint32_t command, std::span<const uint8_t> payload) {
  const MailboxResult result = rig.command(command, payload);
  CAPTURE(result.firmware_error);
  REQUIRE(result.outcome == MailboxResult::Outcome::data);
  REQUIRE(result.response.size() >= 8);
  const auto behind_checksum = std::span(result.response).subspan(4);
  const uint32_t sum = std::accumulate(behind_checksum.begin(), behind_checksum.end(), 0U);
  CHECK(boot_tests::word_at(result.response, 0) + sum == 0);
  CHECK(boot_tests::word_at(result.response, 4) == 0);
  return part(result.response, 8, result.response.size() - 8);
}

std::vector<uint8_t> certificate(BootRig& rig, uint32_t command) {
  const auto response = ask(rig, command);
  const uint32_t size = boot_tests::word_at(response, 0);
  CHECK(response.size() == 4 + size);
  return part(response, 4, size);
}

std::vector<uint8_t> part(std::span<const uint8_t> bytes, std::size_t at, std::size_t count) {
  REQUIRE(at + count <= bytes.size());
  return {bytes.begin() + static_cast<std::ptrdiff_t>(at), bytes.begin() + static_cast<std::ptrdiff_t>(at + count)};
}

}  // namespace caliptra::demo
