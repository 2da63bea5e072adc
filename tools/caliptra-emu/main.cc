// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <csignal>
#include <cstdio>
#include <exception>

#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/merge_coverage.h"
#include "tools/caliptra-emu/options.h"
#include "tools/caliptra-emu/run.h"
#include "tools/caliptra-emu/setup.h"
#include "tools/serve/serve_command.h"

int main(int argc, char** argv) {
  using namespace caliptra::emu;
  // A closed pipe is an error of write(), which has a message and a status of its own.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    const auto options = parse_command_line(argc, argv);
    if (options && options->serve) return caliptra::serve::serve(make_setup(*options), *options->serve);
    if (options && options->merge_coverage) return merge_coverage(*options->merge_coverage);
    if (options) return run(*options);
    if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0) throw Failure(exit_host_io, "cannot write the output");
    return exit_success;
  } catch (const Failure& failure) {
    std::fprintf(stderr, "caliptra-emu: %s\n", failure.what());
    return failure.status();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "caliptra-emu: %s\n", error.what());
    return exit_host_io;
  }
}
