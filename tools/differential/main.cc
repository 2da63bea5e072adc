// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <iterator>

#include "iss/decode.h"
#include "tools/differential/campaign.h"

using namespace caliptra::differential;

namespace {

constexpr int skipped = 77;

std::optional<veer::Op> op_named(std::string_view mnemonic) {
  for (unsigned i = 0; i < veer::instruction_count; ++i) {
    if (veer::instruction_table[i].mnemonic == mnemonic) return static_cast<veer::Op>(i);
  }
  return std::nullopt;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Random programs on caliptra-emu's hart, in both timing profiles and both loops, and on QEMU.");
  CampaignOptions options;
  std::string program = "qemu-system-riscv32";
  std::string file_name;
  std::string broken;
  app.add_option("--instructions", options.instructions, "How many to execute at least")->capture_default_str();
  app.add_option("--seed", options.first_seed, "The first program's")->capture_default_str();
  app.add_option("--keep", options.keep, "The folder for failing programs, shrunk")->capture_default_str();
  app.add_option("--replay", file_name, "Runs one program that was kept");
  app.add_option("--qemu", program, "Which QEMU")->capture_default_str();
  app.add_option("--break", broken, "Makes an instruction do nothing on our hart, to see it found");
  CLI11_PARSE(app, argc, argv);

  if (!broken.empty()) {
    options.broken = op_named(broken);
    if (!options.broken) {
      std::cerr << "there is no instruction " << broken << '\n';
      return 2;
    }
  }
  const Qemu qemu(program);
  if (!qemu.found()) {
    std::cout << "[skipped] differential: " << program << " is not installed\n";
    return skipped;
  }
  if (file_name.empty()) return campaign(qemu, options, std::cout);

  std::ifstream file(file_name);
  if (!file) {
    std::cerr << file_name << " can't be read\n";
    return 2;
  }
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto parsed = from_text(text);
  if (const auto* error = std::get_if<std::string>(&parsed)) {
    std::cerr << file_name << ": " << *error << '\n';
    return 2;
  }
  return replay(std::get<Program>(parsed), qemu, options, std::cout);
}
