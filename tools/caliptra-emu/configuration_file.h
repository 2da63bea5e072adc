// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The configuration file of --config (TOML). docs/caliptra-emu.md shows every key.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "soc/configuration.h"
#include "soc/soc_manager.h"

namespace caliptra::emu {

/// The hardware, what the SoC does with it, and the images that have still to be read.
struct Setup {
  /// The SoC is user 1, and the core takes it as its default mailbox user, so that none needs to be programmed.
  Setup() {
    plan.user = 1;
    plan.mailbox_users.clear();
    configuration.default_mailbox_user = plan.user;
  }

  Configuration configuration;
  SocPlan plan;

  std::optional<std::string> rom;
  std::optional<std::string> firmware;
  std::optional<std::string> update_firmware;

  /// Each a file that holds a STASH_MEASUREMENT request without its checksum, or the request itself.
  std::vector<std::variant<std::string, std::vector<uint8_t>>> measurements;
};

/// Size of a STASH_MEASUREMENT request without its checksum: metadata, measurement, context and SVN.
inline constexpr std::size_t measurement_size = 4 + 48 + 48 + 4;

/// Reads `path` into `setup`; keys that are absent leave it as it is. Paths in the file are relative to the
/// file's directory. `generation`, if given, overrides the file's, and decides which fuses there are.
/// Throws Failure: exit_input_file if the file can't be read; exit_usage, with file and line, for anything
/// wrong in it.
void read_configuration_file(const std::string& path, std::optional<Generation> generation, Setup& setup);

/// The same for the text of a file; `path` is for errors and for relative paths.
void read_configuration(std::string_view text, const std::string& path, std::optional<Generation> generation,
                        Setup& setup);

}  // namespace caliptra::emu
