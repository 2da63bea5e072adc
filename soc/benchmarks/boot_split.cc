// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where the CPU time of boots goes: samples the program counter while a core boots again and again, and tells how much
// lies in the interpreter, in the cryptography and in the rest.

#include <dlfcn.h>
#include <signal.h>
#include <sys/time.h>
#include <ucontext.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <string_view>

#include "soc/benchmarks/benchmark_machines.h"

namespace {

using namespace caliptra;
using namespace caliptra::benchmarks;

constexpr std::size_t most_samples = 100'000;
std::array<void*, most_samples> samples;
volatile std::size_t sample_count = 0;

void sample(int, siginfo_t*, void* context) {
#if defined(__x86_64__)
  const auto pc = static_cast<ucontext_t*>(context)->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
  const auto pc = static_cast<ucontext_t*>(context)->uc_mcontext.pc;
#else
  const unsigned long pc = 0;
#endif
  if (sample_count < most_samples) {
    samples[sample_count] = reinterpret_cast<void*>(pc);
    sample_count = sample_count + 1;
  }
}

enum Part : unsigned { interpreter, cryptography, blocks, others, parts };

Part part_of(void* address) {
  Dl_info info{};
  if (dladdr(address, &info) == 0) return others;
  const std::string_view file = info.dli_fname != nullptr ? info.dli_fname : "";
  const std::string_view symbol = info.dli_sname != nullptr ? info.dli_sname : "";
  for (const std::string_view library : {"nettle", "hogweed", "gmp", "mbedcrypto"}) {
    if (file.find(library) != std::string_view::npos) return cryptography;
  }
  if (symbol.find("caliptra6crypto") != std::string_view::npos || symbol.find("mbedtls") != std::string_view::npos) {
    return cryptography;
  }
  if (symbol.find("4veer8HartCore") != std::string_view::npos || symbol.find("Timing") != std::string_view::npos ||
      symbol.find("4veer8Pipeline") != std::string_view::npos || symbol.find("4veer5Fetch") != std::string_view::npos ||
      symbol.find("Predictor") != std::string_view::npos || symbol.find("LoadStoreBus") != std::string_view::npos ||
      symbol.find("CodeRegion") != std::string_view::npos || symbol.find("4veer6decode") != std::string_view::npos) {
    return interpreter;
  }
  if (symbol.find("caliptra") != std::string_view::npos || symbol.find("4veer") != std::string_view::npos)
    return blocks;
  return others;
}

void measure(const std::vector<uint8_t>& rom, const std::vector<uint8_t>& bundle, veer::TimingProfile timing,
             const char* name) {
  constexpr unsigned boots = 60;
  sample_count = 0;
  const std::clock_t begin = std::clock();
  const itimerval every_millisecond = {{0, 1000}, {0, 1000}};
  setitimer(ITIMER_PROF, &every_millisecond, nullptr);
  for (unsigned i = 0; i < boots; ++i) {
    const auto subject = machine(rom, timing, Event::Kind::runtime_ready, bundle);
    if (!subject || subject->core->run({.until_cycle = 400'000'000}) != StopReason::stopped) break;
  }
  const itimerval off = {};
  setitimer(ITIMER_PROF, &off, nullptr);
  const double milliseconds = 1000.0 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / boots;
  std::array<std::size_t, parts> counts{};
  for (std::size_t i = 0; i < sample_count; ++i) ++counts[part_of(samples[i])];
  const auto share = [&](Part part) {
    return sample_count == 0 ? 0 : milliseconds * static_cast<double>(counts[part]) / static_cast<double>(sample_count);
  };
  std::printf("%-10s%9.2f%14.2f%14.2f%10.2f%10.2f%10zu\n", name, milliseconds, share(interpreter), share(cryptography),
              share(blocks), share(others), static_cast<std::size_t>(sample_count));
}

}  // namespace

int main() {
  const auto rom = read_file(official_image("rom/caliptra-rom-1.2.0-3b50c6a.bin"));
  const auto bundle = read_file(official_image("bundle/ast2700-fw-1.2-20251023.bin"));
  if (!rom || !bundle) {
    std::printf("boot_split: skipped: the official images are not there\n");
    return 0;
  }
  struct sigaction action {};
  action.sa_sigaction = sample;
  action.sa_flags = SA_SIGINFO | SA_RESTART;
  sigaction(SIGPROF, &action, nullptr);
  std::printf("A core made and booted to rt-ready, CPU ms:\n%-10s%9s%14s%14s%10s%10s%10s\n", "", "whole", "interpreter",
              "cryptography", "blocks", "rest", "samples");
  measure(*rom, *bundle, veer::TimingProfile::reference, "reference");
  measure(*rom, *bundle, veer::TimingProfile::rtl, "rtl");
  return 0;
}
