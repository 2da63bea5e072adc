// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/fuzz/command_line.h"

#include <fmt/format.h>

#include <map>

#include "tools/caliptra-emu/number_option.h"

namespace caliptra::fuzz {

void Settings::add_to(CLI::App& app) {
  std::map<std::string, Target> targets;
  for (const Target each : all_targets()) targets[std::string(name(each))] = each;
  app.add_option("target", target, "what is attacked")
      ->required()
      ->type_name("TARGET")
      ->transform(CLI::CheckedTransformer(targets));
  boot.add_to(app);
  emu::add_number(app, "--rom-stack", stacks.rom, "lowest address of the ROM's stack")->type_name("ADDRESS");
  emu::add_number(app, "--stack", stacks.iccm, "lowest address of the firmware's stack")->type_name("ADDRESS");
  emu::add_number(app, "--input-cycles", input_cycles, "cycles that one input may take");
}

Plan Settings::plan() const {
  emu::Setup setup = boot.setup();
  Plan plan;
  plan.configuration = std::move(setup.configuration);
  plan.soc = std::move(setup.plan);
  plan.stacks = stacks;
  plan.input_cycles = input_cycles;
  return plan;
}

std::string Settings::replay_command(const std::string& input, const Verdict& verdict) const {
  std::string command =
      boot.emulator_command() + " --fuzz-input " + shell_word(fmt::format("{}:{}", name(target), input));
  if (verdict.kind == Verdict::Kind::no_answer) command += fmt::format(" --max-cycles {}", verdict.last_cycle);
  return command;
}

}  // namespace caliptra::fuzz
