// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// caliptra-fuzz: fuzzes firmware from a snapshot, and runs, shortens and counts inputs by hand.

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/files.h"
#include "tools/fuzz/command_line.h"
#include "tools/fuzz/snapshot_fuzzer.h"

#if CALIPTRA_HAS_LIBFUZZER
extern "C" int LLVMFuzzerRunDriver(int* argc, char*** argv, int (*callback)(const uint8_t* data, std::size_t size));
#endif

namespace caliptra::fuzz {
namespace {

using emu::Failure;

constexpr std::size_t largest_input = 1 << 20;
constexpr int exit_finding = 1;

// libFuzzer reads its map from a section with this name; it can't be told of one.
__attribute__((section("__libfuzzer_extra_counters"))) uint8_t edges[edge_counters];

std::unique_ptr<SnapshotFuzzer> fuzzer;
Settings settings;
std::string engine_directory = ".";

std::vector<std::string> files_in(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    if (!std::filesystem::is_directory(path)) {
      files.push_back(path);
      continue;
    }
    std::vector<std::string> found;
    for (const auto& entry : std::filesystem::directory_iterator(path)) {
      if (entry.is_regular_file()) found.push_back(entry.path().string());
    }
    std::sort(found.begin(), found.end());
    files.insert(files.end(), found.begin(), found.end());
  }
  return files;
}

std::vector<uint8_t> read_input(const std::string& path) {
  return emu::read_file("input", path, {.minimum = 0, .maximum = largest_input});
}

void boot() {
  std::string error;
  fuzzer = SnapshotFuzzer::create(settings.target, settings.plan(), edges, error);
  if (!fuzzer) throw Failure(emu::exit_usage, error);
}

int replay(const std::vector<std::string>& paths) {
  boot();
  unsigned findings = 0;
  const auto files = files_in(paths);
  for (const std::string& path : files) {
    const Verdict verdict = fuzzer->run(read_input(path));
    fmt::print("{}: {}{} ({} instructions)\n", path, verdict.is_finding() ? "FINDING: " : "", verdict.text,
               verdict.instructions);
    findings += verdict.is_finding() ? 1 : 0;
  }
  fmt::print("{} inputs, {} findings\n", files.size(), findings);
  return findings == 0 ? 0 : exit_finding;
}

int minimize(const std::string& path, const std::string& output) {
  boot();
  const auto bytes = read_input(path);
  const Verdict verdict = fuzzer->run(bytes);
  if (!verdict.is_finding()) throw Failure(emu::exit_usage, path + " is no finding: " + verdict.text);
  const auto shorter = fuzzer->minimize(bytes);
  emu::write_file("output", output, shorter);
  fmt::print("{}\n{} bytes instead of {}: {}\n{}\n", verdict.text, shorter.size(), bytes.size(), output,
             settings.replay_command(output, fuzzer->run(shorter)));
  return 0;
}

/// Seconds of one core that this process has had.
double processor_seconds() { return static_cast<double>(std::clock()) / CLOCKS_PER_SEC; }

/// Runs the inputs over and over, and says how many a second of one core.
int rate(const std::vector<std::string>& paths, double seconds) {
  std::vector<std::vector<uint8_t>> inputs;
  for (const std::string& path : files_in(paths)) inputs.push_back(read_input(path));
  if (inputs.empty()) {
    for (Seed& each : seeds(settings.target)) inputs.push_back(std::move(each.bytes));
  }
  const double start = processor_seconds();
  boot();
  const double begin = processor_seconds();
  uint64_t runs = 0;
  uint64_t instructions = 0;
  double time = 0;
  do {
    for (const auto& each : inputs) instructions += fuzzer->run(each).instructions;
    runs += inputs.size();
    time = processor_seconds() - begin;
  } while (time < seconds);
  fmt::print("{}: {:.0f} inputs a second of one core, {:.0f} instructions each; {} inputs, boot {:.3f} s\n",
             name(settings.target), static_cast<double>(runs) / std::max(time, 1e-6),
             static_cast<double>(instructions) / static_cast<double>(runs), inputs.size(), begin - start);
  return 0;
}

int write_seeds(const std::string& directory) {
  std::filesystem::create_directories(directory);
  const auto all = seeds(settings.target);
  for (const Seed& each : all) emu::write_file("output", directory + "/" + each.name, each.bytes);
  fmt::print("{} seeds in {}\n", all.size(), directory);
  return 0;
}

#if CALIPTRA_HAS_LIBFUZZER
int one_input(const uint8_t* data, std::size_t size) {
  const std::span<const uint8_t> bytes(data, size);
  const Verdict verdict = fuzzer->run(bytes);
  if (!verdict.is_finding()) return 0;
  const std::string path = engine_directory + "/finding-" + verdict.signature;
  if (std::filesystem::exists(path)) return 0;
  const auto shorter = fuzzer->minimize(bytes);
  emu::write_file("output", path, shorter);
  fmt::print(stderr, "FINDING: {}\n  {} bytes in {}; see it happen:\n  {}\n", verdict.text, shorter.size(), path,
             settings.replay_command(path, fuzzer->run(shorter)));
  return 0;
}

int run_engine(const std::string& findings, std::vector<std::string> arguments) {
  engine_directory = findings;
  std::filesystem::create_directories(findings);
  boot();
  std::vector<char*> argv;
  std::string program = "caliptra-fuzz";
  argv.push_back(program.data());
  for (std::string& each : arguments) argv.push_back(each.data());
  argv.push_back(nullptr);
  int argc = static_cast<int>(argv.size()) - 1;
  char** values = argv.data();
  return LLVMFuzzerRunDriver(&argc, &values, one_input);
}
#else
int run_engine(const std::string&, const std::vector<std::string>&) {
  throw Failure(emu::exit_usage, "built without libFuzzer: install clang and libclang-rt-dev, and configure again");
}
#endif

int main(int argc, char** argv) {
  CLI::App app{"Fuzzes Caliptra firmware: boots once, and runs each input from a snapshot", "caliptra-fuzz"};
  app.require_subcommand(1);
  app.footer(
      "TARGET is mailbox, rom-mailbox, firmware, measurements or trng: see docs/fuzzing.md.\n"
      "Exit status: 0 nothing was found; 1 an input is a finding; 2 usage; 3 an input file; 7 host I/O.");
  std::vector<std::string> paths;
  std::string findings = ".";
  std::string output;
  double seconds = 5;

  const auto add = [&](const std::string& name, const std::string& what) {
    CLI::App* command = app.add_subcommand(name, what);
    settings.add_to(*command);
    return command;
  };
  CLI::App* run = add("run", "fuzz with libFuzzer; what stands after -- is for libFuzzer");
  run->add_option("--findings", findings, "where shortened findings go")->type_name("DIR");
  run->add_option("arguments", paths, "corpus folders and libFuzzer's options");
  CLI::App* replay_command = add("replay", "run inputs and say what comes of them");
  replay_command->add_option("files", paths, "inputs, or folders of them")->required();
  CLI::App* minimize_command = add("minimize", "shorten a finding");
  minimize_command->add_option("file", paths, "the finding")->required()->expected(1);
  minimize_command->add_option("-o,--output", output, "where the shorter one goes")->required()->type_name("FILE");
  CLI::App* rate_command = add("rate", "say how many inputs a second run");
  rate_command->add_option("--seconds", seconds, "for about so long")->check(CLI::Range(0.0, 3600.0));
  rate_command->add_option("files", paths, "inputs, or folders of them; without, the seeds");
  CLI::App* seeds_command = add("seeds", "write inputs to begin with");
  seeds_command->add_option("directory", output, "where to")->required();

  try {
    app.parse(argc, argv);
    if (*run) return run_engine(findings, paths);
    if (*replay_command) return replay(paths);
    if (*minimize_command) return minimize(paths.front(), output);
    if (*rate_command) return rate(paths, seconds);
    return write_seeds(output);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : emu::exit_usage;
  } catch (const Failure& failure) {
    fmt::print(stderr, "caliptra-fuzz: {}\n", failure.what());
    return failure.status();
  } catch (const std::filesystem::filesystem_error& error) {
    fmt::print(stderr, "caliptra-fuzz: {}\n", error.what());
    return emu::exit_host_io;
  }
}

}  // namespace
}  // namespace caliptra::fuzz

int main(int argc, char** argv) { return caliptra::fuzz::main(argc, argv); }
