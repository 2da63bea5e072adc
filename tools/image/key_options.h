// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Keys on the command line, and in the folder that `caliptra-image keys` writes.

#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <string>
#include <vector>

#include "soc/image/keys.h"

namespace caliptra::image_tool {

/// The options that say which keys a bundle has. Later kinds override earlier ones: test keys, a folder, single files.
class KeyOptions {
 public:
  void add_to(CLI::App& app);

  /// Reads the keys. Throws emu::Failure: exit_input_file for files, exit_usage for options.
  [[nodiscard]] image::KeySet load() const;

  /// Whether any option names keys.
  [[nodiscard]] bool given() const;

 private:
  std::optional<std::string> test_seed_;
  bool fresh_ = false;
  std::string folder_;
  std::vector<std::string> vendor_ecc_;
  std::vector<std::string> vendor_lms_;
  std::string owner_ecc_;
  std::string owner_lms_;
};

/// 32 bytes of the host's randomness. Only keys are made of it, never anything that a run depends on.
[[nodiscard]] std::vector<uint8_t> fresh_seed();

/// The name of a key's file in a folder of keys: vendor-ecc-0.pem … owner-lms.key.
[[nodiscard]] std::string vendor_ecc_file(std::size_t index);
[[nodiscard]] std::string vendor_lms_file(std::size_t index);
inline constexpr const char* owner_ecc_file = "owner-ecc.pem";
inline constexpr const char* owner_lms_file = "owner-lms.key";

}  // namespace caliptra::image_tool
