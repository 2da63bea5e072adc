// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What every fuzzing program is told: target, images, hardware.

#pragma once

#include <string>

#include "tools/fuzz/boot_options.h"
#include "tools/fuzz/snapshot_fuzzer.h"

namespace caliptra::fuzz {

struct Settings {
  Target target = Target::mailbox;
  BootOptions boot;
  StackLimits stacks;
  uint64_t input_cycles = Plan{}.input_cycles;

  /// Adds TARGET and the options.
  void add_to(CLI::App& app);

  /// Reads the files. Throws emu::Failure.
  [[nodiscard]] Plan plan() const;

  /// The shell command that runs one input, with this verdict, in caliptra-emu, with everything a developer has there.
  /// It ends where the fuzzer gave up.
  [[nodiscard]] std::string replay_command(const std::string& input, const Verdict& verdict) const;
};

}  // namespace caliptra::fuzz
