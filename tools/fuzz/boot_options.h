// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What programs that boot a core again and again are told about it: a few of caliptra-emu's options, with the same
// meaning.

#pragma once

#include <string>
#include <vector>

#include "tools/caliptra-emu/configuration_file.h"
#include "tools/caliptra-emu/options.h"

namespace CLI {
class App;
}

namespace caliptra::fuzz {

/// `text` as one word of a shell command.
[[nodiscard]] std::string shell_word(const std::string& text);

struct BootOptions {
  emu::Options options;
  std::vector<std::string> fuses;  ///< NAME=VALUE

  /// Adds --rom, --firmware, --config, --fuse and --internal-trng.
  void add_to(CLI::App& app);

  /// Reads the files. Throws emu::Failure.
  [[nodiscard]] emu::Setup setup() const;

  /// `caliptra-emu run` with the same core, for a shell.
  [[nodiscard]] std::string emulator_command() const;
};

}  // namespace caliptra::fuzz
