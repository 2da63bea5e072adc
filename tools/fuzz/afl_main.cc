// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// caliptra-fuzz-afl: the same targets under AFL++, in its persistent mode: one process boots once and runs inputs from
// its snapshot. Interface: AFL++ instrumentation/README.persistent_mode.md and its afl-compiler-rt.o.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <cstring>

#include "tools/caliptra-emu/exit_status.h"
#include "tools/fuzz/command_line.h"
#include "tools/fuzz/snapshot_fuzzer.h"

extern "C" {
// NOLINTBEGIN: AFL++'s names.
int __afl_persistent_loop(unsigned int count);
void __afl_manual_init();
extern uint8_t* __afl_area_ptr;
extern uint8_t* __afl_fuzz_ptr;
extern uint32_t* __afl_fuzz_len;
// 1 asks for inputs in shared memory.
int __afl_sharedmem_fuzzing = 1;
// NOLINTEND
}

// By these afl-fuzz knows what the program can do.
__attribute__((used)) static const char persistent_mark[] = "##SIG_AFL_PERSISTENT##";
__attribute__((used)) static const char deferred_mark[] = "##SIG_AFL_DEFER_FORKSRV##";

namespace caliptra::fuzz {
namespace {

constexpr unsigned inputs_per_process = 100'000;

int main(int argc, char** argv) {
  CLI::App app{"Fuzzes Caliptra firmware under AFL++: afl-fuzz -i SEEDS -o OUT -- caliptra-fuzz-afl TARGET ...",
               "caliptra-fuzz-afl"};
  Settings settings;
  settings.add_to(app);
  static uint8_t edges[edge_counters];
  std::unique_ptr<SnapshotFuzzer> fuzzer;
  try {
    app.parse(argc, argv);
    std::string error;
    fuzzer = SnapshotFuzzer::create(settings.target, settings.plan(), edges, error);
    if (!fuzzer) throw emu::Failure(emu::exit_usage, error);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : emu::exit_usage;
  } catch (const emu::Failure& failure) {
    fmt::print(stderr, "caliptra-fuzz-afl: {}\n", failure.what());
    return failure.status();
  }

  __afl_manual_init();
  if (__afl_fuzz_ptr == nullptr) {
    fmt::print(stderr, "caliptra-fuzz-afl: run me by afl-fuzz; to run one input: caliptra-fuzz replay\n");
    return emu::exit_usage;
  }
  while (__afl_persistent_loop(inputs_per_process) != 0) {
    const Verdict verdict = fuzzer->run({__afl_fuzz_ptr, *__afl_fuzz_len});
    // AFL++ counts what changed, so a byte that is zero stays zero.
    for (std::size_t i = 0; i < edge_counters; ++i) __afl_area_ptr[i] |= edges[i];
    if (verdict.is_finding()) {
      fmt::print(stderr, "FINDING: {}\n", verdict.text);
      std::abort();
    }
  }
  return 0;
}

}  // namespace
}  // namespace caliptra::fuzz

int main(int argc, char** argv) { return caliptra::fuzz::main(argc, argv); }
