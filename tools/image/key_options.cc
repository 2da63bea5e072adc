// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/image/key_options.h"

#include <fmt/format.h>

#include <filesystem>
#include <random>

#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/files.h"
#include "tools/caliptra-emu/numbers.h"

namespace caliptra::image_tool {
namespace {

constexpr std::size_t key_file_limit = 64 * 1024;

std::vector<uint8_t> read_key(const char* what, const std::string& path) {
  return emu::read_file(what, path, {.maximum = key_file_limit});
}

[[noreturn]] void refuse(const char* what, const std::string& path, const std::string& why) {
  throw emu::Failure(emu::exit_input_file, fmt::format("{} '{}': {}", what, path, why));
}

crypto::P384Key read_ecc(const char* what, const std::string& path) {
  std::string error;
  const auto key = crypto::p384_key_from_file(read_key(what, path), error);
  if (!key) refuse(what, path, error);
  return *key;
}

// A public and a private key have the same form. A name ending in .pub means a public one.
image::LmsSlot read_lms(const char* what, const std::string& path) {
  const auto bytes = read_key(what, path);
  std::string error;
  image::LmsSlot slot;
  if (path.ends_with(".pub")) {
    slot.public_key = image::parse_lms_public_key(bytes, error);
  } else {
    slot.private_key = image::parse_lms_private_key(bytes, error);
  }
  if (!error.empty()) refuse(what, path, error);
  return slot;
}

// "N:FILE", or "FILE" for key 0.
std::pair<std::size_t, std::string> numbered(const std::string& text, std::size_t count, const char* option) {
  const auto colon = text.find(':');
  if (colon == std::string::npos) return {0, text};
  const auto index = emu::parse_number(text.substr(0, colon), count - 1);
  if (!index) {
    throw emu::Failure(emu::exit_usage,
                       fmt::format("{} takes N:FILE with N from 0 to {}, not '{}'", option, count - 1, text));
  }
  return {*index, text.substr(colon + 1)};
}

}  // namespace

void KeyOptions::add_to(CLI::App& app) {
  const char* group = "Keys";
  app.add_option("--test-keys", test_seed_, "keys for tests, made out of the text SEED: the same for the same SEED")
      ->type_name("SEED")
      ->group(group);
  app.add_flag("--fresh-test-keys", fresh_, "other keys for tests each time")->group(group);
  app.add_option("--keys", folder_, "a folder that `caliptra-image keys` has written")->type_name("DIR")->group(group);
  app.add_option("--vendor-ecc-key", vendor_ecc_,
                 "the vendor's ECC key N (0 to 3; 0 without N:), private or public PEM")
      ->type_name("[N:]FILE")
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--vendor-lms-key", vendor_lms_,
                 "the vendor's LMS key N (0 to 31): a private key of 48 bytes, or a public one if FILE ends in .pub")
      ->type_name("[N:]FILE")
      ->allow_extra_args(false)
      ->group(group);
  app.add_option("--owner-ecc-key", owner_ecc_, "the owner's ECC key, PEM")->type_name("FILE")->group(group);
  app.add_option("--owner-lms-key", owner_lms_, "the owner's LMS key")->type_name("FILE")->group(group);
}

bool KeyOptions::given() const {
  return test_seed_ || fresh_ || !folder_.empty() || !vendor_ecc_.empty() || !vendor_lms_.empty() ||
         !owner_ecc_.empty() || !owner_lms_.empty();
}

image::KeySet KeyOptions::load() const {
  if (test_seed_ && fresh_) throw emu::Failure(emu::exit_usage, "give either --test-keys or --fresh-test-keys");
  image::KeySet keys;
  if (test_seed_) keys = image::test_keys(std::string_view(*test_seed_));
  if (fresh_) keys = image::test_keys(std::span<const uint8_t>(fresh_seed()));

  const auto in_folder = [&](const std::string& name, auto read) {
    const auto path = std::filesystem::path(folder_) / name;
    if (std::filesystem::exists(path)) read(path.string());
  };
  if (!folder_.empty()) {
    if (!std::filesystem::is_directory(folder_)) refuse("folder of keys", folder_, "is not a folder");
    for (std::size_t i = 0; i < keys.vendor_ecc.size(); ++i) {
      in_folder(vendor_ecc_file(i), [&](const auto& path) { keys.vendor_ecc[i] = read_ecc("vendor ECC key", path); });
    }
    for (std::size_t i = 0; i < keys.vendor_lms.size(); ++i) {
      in_folder(vendor_lms_file(i), [&](const auto& path) { keys.vendor_lms[i] = read_lms("vendor LMS key", path); });
      // The public keys of those that don't sign, which would take long to compute.
      in_folder(vendor_lms_file(i) + ".pub",
                [&](const auto& path) { keys.vendor_lms[i].public_key = read_lms("vendor LMS key", path).public_key; });
    }
    in_folder(owner_ecc_file, [&](const auto& path) { keys.owner_ecc = read_ecc("owner ECC key", path); });
    in_folder(owner_lms_file, [&](const auto& path) { keys.owner_lms = read_lms("owner LMS key", path); });
  }
  for (const std::string& text : vendor_ecc_) {
    const auto [index, path] = numbered(text, keys.vendor_ecc.size(), "--vendor-ecc-key");
    keys.vendor_ecc[index] = read_ecc("vendor ECC key", path);
  }
  for (const std::string& text : vendor_lms_) {
    const auto [index, path] = numbered(text, keys.vendor_lms.size(), "--vendor-lms-key");
    keys.vendor_lms[index] = read_lms("vendor LMS key", path);
  }
  if (!owner_ecc_.empty()) keys.owner_ecc = read_ecc("owner ECC key", owner_ecc_);
  if (!owner_lms_.empty()) keys.owner_lms = read_lms("owner LMS key", owner_lms_);
  return keys;
}

std::vector<uint8_t> fresh_seed() {
  std::random_device device;
  std::vector<uint8_t> seed(32);
  for (uint8_t& byte : seed) byte = static_cast<uint8_t>(device());
  return seed;
}

std::string vendor_ecc_file(std::size_t index) { return fmt::format("vendor-ecc-{}.pem", index); }
std::string vendor_lms_file(std::size_t index) { return fmt::format("vendor-lms-{}.key", index); }

}  // namespace caliptra::image_tool
