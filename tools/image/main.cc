// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <csignal>
#include <cstdio>
#include <exception>
#include <utility>
#include <vector>

#include "tools/caliptra-emu/exit_status.h"
#include "tools/image/commands.h"

namespace {

using namespace caliptra;

int run(int argc, char** argv) {
  CLI::App app("Builds, signs, inspects and changes firmware bundles of Caliptra 1.x, and tells ROMs apart.",
               "caliptra-image");
  app.set_version_flag("--version", "caliptra-image " CALIPTRA_EMU_VERSION);
  app.require_subcommand(1);
  std::vector<std::pair<CLI::App*, image_tool::Action>> commands;
  const auto add = [&](const char* name, const char* description, auto add_options) {
    CLI::App* command = app.add_subcommand(name, description);
    commands.emplace_back(command, add_options(*command));
  };
  add("info", "tells what a firmware bundle or a boot ROM is, and whether its signatures are good",
      image_tool::add_info);
  add("create", "builds a bundle out of an FMC and a runtime, and signs it", image_tool::add_create);
  add("keys", "writes a folder of keys for tests, or of real ones", image_tool::add_keys);
  add("hash", "prints the fuses that go with a bundle's keys, as options of caliptra-emu", image_tool::add_hash);
  add("verify", "judges a bundle as a ROM with given fuses does", image_tool::add_verify);
  add("mutate", "changes fields of a bundle, and signs it again or not", image_tool::add_mutate);
  try {
    app.parse(argc, argv);
  } catch (const CLI::Success& success) {
    return app.exit(success);
  } catch (const CLI::ParseError& error) {
    throw emu::Failure(emu::exit_usage, error.what());
  }
  for (const auto& [command, action] : commands) {
    if (command->parsed()) return action();
  }
  return emu::exit_usage;
}

}  // namespace

int main(int argc, char** argv) {
  // A closed pipe is an error of write(), which has a message and a status of its own.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const int status = run(argc, argv);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) {
      throw emu::Failure(emu::exit_host_io, "cannot write the output");
    }
    return status;
  } catch (const emu::Failure& failure) {
    std::fprintf(stderr, "caliptra-image: %s\n", failure.what());
    return failure.status();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "caliptra-image: %s\n", error.what());
    return emu::exit_host_io;
  }
}
