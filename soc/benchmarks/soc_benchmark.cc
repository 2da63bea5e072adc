// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Whole cores: programs beside QEMU, boots, snapshots, and what a second core costs. tools/bench runs this and makes
// tables of it. Times are CPU time; docs/performance.md has the figures.
//
// usage: soc_benchmark FOLDER_OF_PROGRAMS [google-benchmark's options]

#include <benchmark/benchmark.h>
#include <malloc.h>

#include <cstdio>
#include <ctime>
#include <map>

#include "iss/hart.h"
#include "iss/observer.h"
#include "iss/state_stream.h"
#include "soc/benchmarks/benchmark_machines.h"

namespace caliptra::benchmarks {
namespace {

using veer::TimingProfile;

/// So that each takes about a fifth of a second here and a tenth on QEMU.
const std::map<std::string, uint32_t> programs = {{"integer_mix", 4000}, {"memory_copy", 8000}, {"hash_loops", 12000},
                                                  {"branches", 2000},    {"calls", 4000},       {"polling", 8000}};
// What start.S does before the work: moving the program, filling the DCCM.
constexpr uint64_t preparation = 140'000;

double cpu_now() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct Program {
  std::string name;
  std::vector<uint8_t> image;
};

void report_rate(benchmark::State& state, uint64_t instructions) {
  state.counters["instructions"] = static_cast<double>(instructions);
  state.counters["MIPS"] =
      benchmark::Counter(static_cast<double>(instructions) / 1e6, benchmark::Counter::kIsIterationInvariantRate);
}

enum class Loop : uint8_t { fast, observed };

void run_program(benchmark::State& state, const Program& program, TimingProfile timing, Loop loop) {
  uint64_t instructions = 0;
  for (auto _ : state) {
    const uint32_t repetitions =
        programs.at(program.name) / (loop == Loop::observed || timing == TimingProfile::rtl ? 4 : 1);
    const auto subject = machine(with_repetitions(program.image, repetitions), timing);
    if (!subject) return state.SkipWithError("the program is no ROM");
    veer::Observer discards;
    subject->core->run({.until_instructions = preparation});
    if (loop == Loop::observed) subject->core->hart().set_observer(&discards);
    const uint64_t before = subject->core->instructions();
    const double begin = cpu_now();
    subject->core->run({});
    state.SetIterationTime(cpu_now() - begin);
    instructions = subject->core->instructions() - before;
    if (subject->last_boot_status == 0 && program.name != "memory_copy")
      return state.SkipWithError("the program came to no result");
    subject->core->hart().set_observer(nullptr);
  }
  report_rate(state, instructions);
}

/// The instructions are those of our run; what QEMU takes to start is taken off.
void run_on_qemu(benchmark::State& state, const Program& program) {
  const uint32_t repetitions = programs.at(program.name) * 4;
  const auto image = with_repetitions(program.image, repetitions);
  const auto ours = machine(image, TimingProfile::reference);
  const auto nothing = machine(with_repetitions(program.image, 0), TimingProfile::reference);
  if (!ours || !nothing) return state.SkipWithError("the program is no ROM");
  ours->core->run({});
  nothing->core->run({});
  const uint64_t instructions = ours->core->instructions() - nothing->core->instructions();
  for (auto _ : state) {
    const auto start = run_qemu(with_repetitions(program.image, 0));
    const auto run = run_qemu(image);
    if (!start || !run) return state.SkipWithError("qemu-system-riscv32 is not there, or fails");
    if (std::strtoul(run->output.c_str(), nullptr, 16) != ours->last_boot_status) {
      return state.SkipWithError("QEMU comes to another result");
    }
    state.SetIterationTime(std::max(run->cpu_seconds - start->cpu_seconds, 1e-6));
  }
  report_rate(state, instructions);
}

struct Boot {
  std::vector<uint8_t> rom;
  std::vector<uint8_t> bundle;
};

void boot(benchmark::State& state, const Boot& images, TimingProfile timing, Event::Kind stop_at) {
  uint64_t instructions = 0;
  uint64_t cycles = 0;
  for (auto _ : state) {
    state.PauseTiming();
    const auto firmware = stop_at == Event::Kind::runtime_ready ? images.bundle : std::vector<uint8_t>{};
    const auto subject = machine(images.rom, timing, stop_at, firmware);
    if (!subject) return state.SkipWithError("the official images are not there");
    state.ResumeTiming();
    if (subject->core->run({.until_cycle = 400'000'000}) != StopReason::stopped) {
      return state.SkipWithError("the boot does not come to its end");
    }
    state.PauseTiming();
    instructions = subject->core->instructions();
    cycles = subject->core->cycles();
    state.ResumeTiming();
  }
  state.counters["cycles"] = static_cast<double>(cycles);
  report_rate(state, instructions);
}

std::unique_ptr<Machine> booted(benchmark::State& state, const Boot& images) {
  auto subject = machine(images.rom, TimingProfile::reference, Event::Kind::runtime_ready, images.bundle);
  if (!subject || subject->core->run({.until_cycle = 400'000'000}) != StopReason::stopped) {
    state.SkipWithError("the official images are not there");
    return nullptr;
  }
  return subject;
}

void take_snapshot(benchmark::State& state, const Boot& images) {
  const auto subject = booted(state, images);
  if (!subject) return;
  for (auto _ : state) {
    veer::StateStream stream;
    subject->core->state(stream);
    benchmark::DoNotOptimize(stream.output().data());
    state.counters["bytes"] = static_cast<double>(stream.output().size());
  }
}

/// After having run on for a moment, as a fuzzer does.
void restore_snapshot(benchmark::State& state, const Boot& images) {
  const auto subject = booted(state, images);
  if (!subject) return;
  veer::StateStream saved;
  subject->core->state(saved);
  for (auto _ : state) {
    state.PauseTiming();
    subject->core->run({.until_cycle = subject->core->cycles() + 10'000});
    state.ResumeTiming();
    veer::StateStream stream(saved.output());
    subject->core->state(stream);
    if (!stream.ok()) return state.SkipWithError("the snapshot is refused");
  }
}

/// What a core that has booted keeps on the heap, beyond the memories that the hardware has and the bundle that its SoC
/// holds ready.
void second_core(benchmark::State& state, const Boot& images, TimingProfile timing) {
  constexpr double memories = (48 + 128 + 128 + 128) * 1024.0;
  double taken = 0;
  for (auto _ : state) {
    const std::size_t before = mallinfo2().uordblks + mallinfo2().hblkhd;
    const auto second = machine(images.rom, timing, Event::Kind::runtime_ready, images.bundle);
    if (!second || second->core->run({.until_cycle = 400'000'000}) != StopReason::stopped) {
      return state.SkipWithError("the official images are not there");
    }
    taken = static_cast<double>(mallinfo2().uordblks + mallinfo2().hblkhd - before);
  }
  state.counters["KiB beyond its memories"] = (taken - memories - static_cast<double>(images.bundle.size())) / 1024;
}

void register_programs(const std::filesystem::path& folder) {
  for (const auto& [name, repetitions] : programs) {
    const auto image = read_file(folder / (name + ".bin"));
    if (!image) {
      std::fprintf(stderr, "soc_benchmark: skipped: %s is not in %s\n", name.c_str(), folder.c_str());
      continue;
    }
    const Program program = {name, *image};
    const auto add = [&](const char* kind, auto&& function) {
      benchmark::RegisterBenchmark(("program/" + program.name + "/" + kind).c_str(), function)
          ->UseManualTime()
          ->MinTime(0.2);
    };
    for (const auto timing : {TimingProfile::reference, TimingProfile::rtl}) {
      const bool rtl = timing == TimingProfile::rtl;
      add(rtl ? "rtl" : "reference", [=](benchmark::State& state) { run_program(state, program, timing, Loop::fast); });
      add(rtl ? "rtl observed" : "reference observed",
          [=](benchmark::State& state) { run_program(state, program, timing, Loop::observed); });
    }
    add("qemu", [=](benchmark::State& state) { run_on_qemu(state, program); });
  }
}

void register_boots() {
  const auto rom = read_file(official_image("rom/caliptra-rom-1.2.0-3b50c6a.bin"));
  const auto bundle = read_file(official_image("bundle/ast2700-fw-1.2-20251023.bin"));
  if (!rom || !bundle) {
    std::fprintf(stderr, "soc_benchmark: skipped: boots of official images, which are not there\n");
    return;
  }
  const Boot images = {*rom, *bundle};
  const auto add = [](const std::string& name, auto&& function) {
    return benchmark::RegisterBenchmark(name.c_str(), function)->Unit(benchmark::kMillisecond);
  };
  for (const auto timing : {TimingProfile::reference, TimingProfile::rtl}) {
    const std::string profile = timing == TimingProfile::rtl ? "rtl" : "reference";
    add("boot/ready-for-fw/" + profile,
        [=](benchmark::State& state) { boot(state, images, timing, Event::Kind::ready_for_fw); });
    add("boot/rt-ready/" + profile,
        [=](benchmark::State& state) { boot(state, images, timing, Event::Kind::runtime_ready); });
    add("memory/second core/" + profile, [=](benchmark::State& state) {
      second_core(state, images, timing);
    })->Iterations(1);
  }
  add("snapshot/take", [=](benchmark::State& state) { take_snapshot(state, images); });
  add("snapshot/restore", [=](benchmark::State& state) { restore_snapshot(state, images); });
}

}  // namespace
}  // namespace caliptra::benchmarks

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (argc != 2) {
    std::fprintf(stderr, "usage: soc_benchmark FOLDER_OF_PROGRAMS\n");
    return 2;
  }
  caliptra::benchmarks::register_programs(argv[1]);
  caliptra::benchmarks::register_boots();
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
