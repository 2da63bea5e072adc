// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/fuzz/boot_options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>

#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/setup.h"

namespace caliptra::fuzz {

std::string shell_word(const std::string& text) {
  constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,+@%";
  if (!text.empty() && text.find_first_not_of(plain) == std::string::npos) return text;
  std::string quoted = "'";
  for (const char each : text) quoted += each == '\'' ? "'\\''" : std::string(1, each);
  return quoted + "'";
}

void BootOptions::add_to(CLI::App& app) {
  app.add_option("--rom", options.rom, "the ROM image")->type_name("FILE");
  app.add_option("--firmware", options.firmware, "the firmware bundle")->type_name("FILE");
  app.add_option("--config", options.configuration, "hardware, fuses and images, as for caliptra-emu")
      ->type_name("FILE");
  app.add_option("--fuse", fuses, "a fuse, as for caliptra-emu; repeatable")
      ->type_name("NAME=VALUE")
      ->expected(1)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  app.add_flag_callback(
      "--internal-trng", [this] { options.internal_trng = true; }, "with entropy source and CSRNG");
}

emu::Setup BootOptions::setup() const {
  emu::Options all = options;
  for (const std::string& each : fuses) {
    const std::size_t equals = each.find('=');
    if (equals == std::string::npos) throw emu::Failure(emu::exit_usage, "--fuse takes NAME=VALUE, not " + each);
    all.fuses.emplace_back(each.substr(0, equals), each.substr(equals + 1));
  }
  return emu::make_setup(all);
}

std::string BootOptions::emulator_command() const {
  std::string text = "caliptra-emu run";
  const auto add = [&](std::string_view option, const std::optional<std::string>& value) {
    if (value) text += fmt::format(" {} {}", option, shell_word(*value));
  };
  add("--rom", options.rom);
  add("--firmware", options.firmware);
  add("--config", options.configuration);
  for (const std::string& each : fuses) text += " --fuse " + shell_word(each);
  if (options.internal_trng) text += " --trng internal";
  return text;
}

}  // namespace caliptra::fuzz
