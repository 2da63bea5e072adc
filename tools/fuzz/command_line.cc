// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/fuzz/command_line.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <map>

#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/setup.h"

namespace caliptra::fuzz {

void Settings::add_to(CLI::App& app) {
  std::map<std::string, Target> targets;
  for (const Target each : all_targets()) targets[std::string(name(each))] = each;
  app.add_option("target", target, "what is attacked")
      ->required()
      ->type_name("TARGET")
      ->transform(CLI::CheckedTransformer(targets));
  app.add_option("--rom", options.rom, "the ROM image")->type_name("FILE");
  app.add_option("--firmware", options.firmware, "the firmware bundle")->type_name("FILE");
  app.add_option("--config", options.configuration, "hardware, fuses and images, as for caliptra-emu")
      ->type_name("FILE");
  app.add_option("--fuse", fuses, "a fuse, as for caliptra-emu; repeatable")
      ->type_name("NAME=VALUE")
      ->expected(1, 1000);
  app.add_flag_callback(
      "--internal-trng", [this] { options.internal_trng = true; }, "with entropy source and CSRNG");
  app.add_option("--rom-stack", stacks.rom, "lowest address of the ROM's stack")->type_name("ADDRESS");
  app.add_option("--stack", stacks.iccm, "lowest address of the firmware's stack")->type_name("ADDRESS");
  app.add_option("--input-cycles", input_cycles, "cycles that one input may take")->type_name("N");
}

Plan Settings::plan() const {
  emu::Options all = options;
  for (const std::string& each : fuses) {
    const std::size_t equals = each.find('=');
    if (equals == std::string::npos) throw emu::Failure(emu::exit_usage, "--fuse takes NAME=VALUE, not " + each);
    all.fuses.emplace_back(each.substr(0, equals), each.substr(equals + 1));
  }
  emu::Setup setup = emu::make_setup(all);
  Plan plan;
  plan.configuration = std::move(setup.configuration);
  plan.soc = std::move(setup.plan);
  plan.stacks = stacks;
  plan.input_cycles = input_cycles;
  return plan;
}

std::string Settings::replay_command(const std::string& input) const {
  std::string text = "caliptra-emu run";
  const auto add = [&](std::string_view option, const std::optional<std::string>& value) {
    if (value) text += fmt::format(" {} {}", option, *value);
  };
  add("--rom", options.rom);
  add("--firmware", options.firmware);
  add("--config", options.configuration);
  for (const std::string& each : fuses) text += " --fuse " + each;
  if (options.internal_trng) text += " --trng internal";
  return text + fmt::format(" --fuzz-input {}:{}", name(target), input);
}

}  // namespace caliptra::fuzz
