// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/image/keys.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <memory>

#include "tools/image/arguments.h"
#include "tools/image/commands.h"
#include "tools/image/key_options.h"

namespace caliptra::image_tool {
namespace {

// Nobody else may read what is written from here on.
void write_secret(const char* what, const std::filesystem::path& path, std::span<const uint8_t> bytes) {
  const int descriptor = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor >= 0) ::close(descriptor);
  write_file(what, path.string(), bytes);
}

void write_secret(const char* what, const std::filesystem::path& path, const std::string& text) {
  write_secret(what, path, std::span(reinterpret_cast<const uint8_t*>(text.data()), text.size()));
}

struct Keys {
  std::string folder;
  std::string seed;
  uint32_t leaves = 32;
  bool force = false;

  int run() const {
    if (leaves == 0 || leaves > image::lms_leaves || (leaves & (leaves - 1)) != 0) {
      throw emu::Failure(emu::exit_usage,
                         fmt::format("--lms-leaves takes a power of two up to {}, not {}", image::lms_leaves, leaves));
    }
    const std::filesystem::path path(folder);
    std::error_code problem;
    if (std::filesystem::exists(path, problem) && !std::filesystem::is_directory(path, problem)) {
      throw emu::Failure(emu::exit_host_io, fmt::format("'{}' is not a folder", folder));
    }
    if (!force && std::filesystem::exists(path, problem) && !std::filesystem::is_empty(path, problem)) {
      throw emu::Failure(emu::exit_host_io, fmt::format("'{}' is there and not empty; --force writes into it", folder));
    }
    std::filesystem::create_directories(path, problem);
    if (problem) throw emu::Failure(emu::exit_host_io, fmt::format("folder '{}': {}", folder, problem.message()));

    const image::KeySet keys = seed.empty() ? image::test_keys(std::span<const uint8_t>(fresh_seed()), leaves)
                                            : image::test_keys(std::string_view(seed), leaves);
    for (std::size_t i = 0; i < keys.vendor_ecc.size(); ++i) write_ecc(path / vendor_ecc_file(i), *keys.vendor_ecc[i]);
    for (std::size_t i = 0; i < keys.vendor_lms.size(); ++i) write_lms(path / vendor_lms_file(i), keys.vendor_lms[i]);
    write_ecc(path / owner_ecc_file, *keys.owner_ecc);
    write_lms(path / owner_lms_file, keys.owner_lms);
    return emu::exit_success;
  }

 private:
  static void write_ecc(const std::filesystem::path& path, const crypto::P384Key& key) {
    write_secret("key", path, crypto::p384_private_key_pem(*key.private_key));
    write_file("key", path.string() + ".pub", crypto::p384_public_key_pem(key.public_key));
  }

  static void write_lms(const std::filesystem::path& path, const image::LmsSlot& slot) {
    write_secret("key", path, std::span<const uint8_t>(image::lms_private_key_bytes(*slot.private_key)));
    const image::LmsTree tree(*slot.private_key);
    write_file("key", path.string() + ".pub", std::span<const uint8_t>(image::lms_public_key_bytes(tree.public_key())));
  }
};

}  // namespace

Action add_keys(CLI::App& app) {
  const auto keys = std::make_shared<Keys>();
  app.add_option("DIR", keys->folder, "the folder to write into, for --keys of create and mutate")->required();
  app.add_option("--seed", keys->seed, "make the keys out of this text: those of --test-keys SEED")->type_name("SEED");
  add_number(app, "--lms-leaves", keys->leaves,
             "how many leaves of the LMS keys there are: 32768 for real keys, which takes seconds per key (32)");
  app.add_flag("--force", keys->force, "write into a folder that is not empty");
  return [keys] { return keys->run(); };
}

}  // namespace caliptra::image_tool
