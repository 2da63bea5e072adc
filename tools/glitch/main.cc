// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// caliptra-glitch: runs glitch campaigns, in one go or in shards, and shows what came of them.

#include <fmt/format.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <thread>

#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/files.h"
#include "tools/caliptra-emu/number_option.h"
#include "tools/fuzz/boot_options.h"
#include "tools/glitch/results.h"
#include "tools/symbols/symbols.h"

namespace caliptra::glitch {
namespace {

using emu::Failure;
using SteadyClock = std::chrono::steady_clock;

constexpr int exit_accepted = 1;
constexpr std::size_t largest_results = std::size_t{4} << 30;

volatile std::sig_atomic_t interrupted = 0;

struct Settings {
  fuzz::BootOptions boot;
  std::string from = "ready-for-fw";
  std::string pc_range;
  std::vector<std::string> faults = {"skip"};
  uint32_t variants = 1;
  std::optional<uint64_t> sample;
  uint32_t seed = 1;
  std::optional<uint64_t> flip;

  void add_to(CLI::App& app);
  [[nodiscard]] Plan plan() const;
};

void Settings::add_to(CLI::App& app) {
  boot.add_to(app);
  app.add_option("--from", from, "where the window begins: an event of caliptra-emu, or power-on")
      ->type_name("EVENT")
      ->capture_default_str();
  app.add_option("--pc", pc_range, "only instructions at these addresses")->type_name("LOW:HIGH");
  app.add_option("--fault", faults, "skip, register, memory, opcode, branch, or all")
      ->delimiter(',')
      ->type_name("FAULT,...")
      ->capture_default_str();
  app.add_option("--variants", variants, "register, memory and opcode faults at each instruction")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  emu::add_number(app, "--sample", sample, "a random sample of this many experiments; without, all");
  emu::add_number(app, "--seed", seed, "of the random sample (1)");
  emu::add_number(app, "--flip", flip, "tamper with the bundle: invert the lowest bit of the byte at OFFSET")
      ->type_name("OFFSET");
}

Plan Settings::plan() const {
  emu::Setup setup = boot.setup();
  Plan plan;
  plan.configuration = std::move(setup.configuration);
  plan.soc = std::move(setup.plan);
  if (flip) {
    if (*flip >= plan.soc.firmware.size()) throw Failure(emu::exit_usage, "--flip: the bundle is not that long");
    plan.soc.firmware[*flip] ^= 1;
  }
  if (from != "power-on") {
    std::string error;
    plan.from = emu::EventSpec::parse(from, error);
    if (!plan.from) throw Failure(emu::exit_usage, "--from: " + error);
  }
  if (!pc_range.empty()) {
    const std::size_t colon = pc_range.find(':');
    const auto low = emu::parse_number(pc_range.substr(0, colon), UINT32_MAX);
    const auto high =
        colon == std::string::npos ? std::nullopt : emu::parse_number(pc_range.substr(colon + 1), UINT32_MAX);
    if (!low || !high || *low >= *high) throw Failure(emu::exit_usage, "--pc takes LOW:HIGH, not " + pc_range);
    plan.low_pc = static_cast<uint32_t>(*low);
    plan.high_pc = static_cast<uint32_t>(*high);
  }
  plan.faults.clear();
  for (const std::string& each : faults) {
    if (each == "all") {
      plan.faults.assign(all_faults().begin(), all_faults().end());
      break;
    }
    const auto fault = fault_named(each);
    if (!fault) throw Failure(emu::exit_usage, "--fault: there is none called " + each);
    if (std::find(plan.faults.begin(), plan.faults.end(), *fault) == plan.faults.end()) plan.faults.push_back(*fault);
  }
  plan.variants = variants;
  if (sample == 0U) throw Failure(emu::exit_usage, "--sample takes at least 1");
  plan.sample = sample;
  plan.seed = seed;
  return plan;
}

/// What is written in the end.
struct Outputs {
  std::string results;
  std::string csv;
  std::string html;
  std::vector<std::string> symbol_files;
  symbols::SymbolTable symbols;

  void add_to(CLI::App& app, bool results_required) {
    auto* option = app.add_option("--out", results, "results as JSON lines")->type_name("FILE");
    if (results_required) option->required();
    app.add_option("--csv", csv, "results as a table")->type_name("FILE");
    app.add_option("--html", html, "a heat map over the code")->type_name("FILE");
    app.add_option("--symbols", symbol_files, "names for the heat map; repeatable")->type_name("FILE.elf[@ADDRESS]");
  }
  /// Reads the files with names. Throws Failure.
  void load_symbols();
  void write_reports(const Results& all) const;
};

/// Replaces a file in one step, so that there is always a whole one.
void replace_file(const std::string& path, std::string_view text) {
  emu::write_file("output", path + ".new", text);
  std::filesystem::rename(path + ".new", path);
}

void Outputs::load_symbols() {
  for (const std::string& each : symbol_files) {
    std::string error;
    if (!symbols.load(each, error)) throw Failure(emu::exit_input_file, error);
  }
}

void Outputs::write_reports(const Results& all) const {
  if (!csv.empty()) emu::write_file("output", csv, glitch::csv(all));
  if (html.empty()) return;
  emu::write_file("output", html,
                  heat_map(all, [&](uint32_t pc) { return symbols.empty() ? std::string() : symbols.describe(pc); }));
}

Results read_results_file(const std::string& path, std::size_t& whole_bytes) {
  const auto bytes = emu::read_file("results", path, {.minimum = 1, .maximum = largest_results});
  std::string error;
  auto results = read_results(std::string(bytes.begin(), bytes.end()), whole_bytes, error);
  if (!results) throw Failure(emu::exit_input_file, path + ": " + error);
  return std::move(*results);
}

int status_of(const Results& results) {
  const auto counts = results.counts();
  const bool bad = counts[static_cast<std::size_t>(Outcome::accepted)] != 0 ||
                   counts[static_cast<std::size_t>(Outcome::altered)] != 0;
  return bad ? exit_accepted : 0;
}

/// A line on a terminal that says how far the work is.
class Progress {
 public:
  explicit Progress(std::size_t total) : total_(total), shown_(isatty(STDERR_FILENO) != 0) {}
  ~Progress() {
    if (shown_ && last_ != SteadyClock::time_point()) fmt::print(stderr, "\r\033[K");
  }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void show(std::size_t done, const std::array<uint64_t, outcome_count>& counts) {
    const auto now = SteadyClock::now();
    if (!shown_ || now - last_ < std::chrono::milliseconds(200)) return;
    last_ = now;
    const double seconds = std::chrono::duration<double>(now - begin_).count();
    const double rate = static_cast<double>(done) / std::max(seconds, 0.001);
    constexpr std::size_t width = 24;
    const std::size_t filled = done * width / std::max<std::size_t>(total_, 1);
    fmt::print(stderr, "\r\033[K[{:<{}}] {}/{}  {:.0f}/s  {:.0f} s left", std::string(filled, '#'), width, done, total_,
               rate, static_cast<double>(total_ - done) / std::max(rate, 0.001));
    for (std::size_t i = 0; i < outcome_count; ++i) {
      if (counts[i] != 0) fmt::print(stderr, "  {} {}", name(static_cast<Outcome>(i)), counts[i]);
    }
    std::fflush(stderr);
  }

 private:
  const std::size_t total_;
  const bool shown_;
  const SteadyClock::time_point begin_ = SteadyClock::now();
  SteadyClock::time_point last_;
};

struct Shard {
  uint64_t index = 0;
  uint64_t count = 1;
};

Shard parse_shard(const std::string& text) {
  if (text.empty()) return {};
  const std::size_t slash = text.find('/');
  const auto index = emu::parse_number(text.substr(0, slash), UINT32_MAX);
  const auto count = slash == std::string::npos ? std::nullopt : emu::parse_number(text.substr(slash + 1), UINT32_MAX);
  if (!index || !count || *index >= *count) throw Failure(emu::exit_usage, "--shard takes K/N, K from 0 to N - 1");
  return {*index, *count};
}

std::shared_ptr<const Campaign> prepare(const Settings& settings) {
  std::string error;
  auto campaign = Campaign::prepare(settings.plan(), error);
  if (!campaign) throw Failure(emu::exit_usage, error);
  return campaign;
}

Line line_of(const Campaign& campaign, uint32_t number, const Result& result) {
  const Experiment& experiment = campaign.experiments()[number];
  const Point& point = campaign.points()[experiment.point];
  return {number, experiment, point.pc, point.opcode, result};
}

/// Whether results are those of the campaign's experiments; otherwise which one isn't, in `error`.
bool belongs(const Campaign& campaign, const Results& results, std::string& error) {
  for (const auto& [number, line] : results.lines) {
    if (line.is_same_experiment(line_of(campaign, number, {}))) continue;
    error = fmt::format("experiment {} is another one there", number);
    return false;
  }
  return true;
}

int run(const Settings& settings, const Outputs& outputs, const std::string& shard_text, unsigned jobs) {
  const Shard shard = parse_shard(shard_text);
  const auto campaign = prepare(settings);
  Results results{{campaign->digest(), campaign->experiments().size(), campaign->ending()}, {}};
  if (std::filesystem::exists(outputs.results)) {
    std::size_t whole_bytes = 0;
    std::string error;
    const Results before = read_results_file(outputs.results, whole_bytes);
    if (!merge(results, before, error) || !belongs(*campaign, before, error)) {
      throw Failure(emu::exit_usage, outputs.results + " can't be continued: " + error);
    }
    std::filesystem::resize_file(outputs.results, whole_bytes);
  } else {
    replace_file(outputs.results, text_of(results.header));
  }
  std::vector<uint32_t> numbers;
  uint64_t in_shard = 0;
  for (uint64_t at = shard.index; at < campaign->experiments().size(); at += shard.count) {
    ++in_shard;
    if (!results.lines.contains(static_cast<uint32_t>(at))) numbers.push_back(static_cast<uint32_t>(at));
  }
  fmt::print(stderr, "campaign {}: {} instructions, {} experiments; undisturbed: {}\n", campaign->digest(),
             campaign->points().size(), campaign->experiments().size(), campaign->ending());
  if (in_shard != numbers.size()) fmt::print(stderr, "{} experiments are done already\n", in_shard - numbers.size());

  std::FILE* file = std::fopen(outputs.results.c_str(), "ab");
  if (file == nullptr) throw Failure(emu::exit_host_io, "cannot write " + outputs.results);
  bool write_failed = false;
  std::signal(SIGINT, [](int) { interrupted = 1; });
  std::signal(SIGTERM, [](int) { interrupted = 1; });
  const auto begin = SteadyClock::now();
  std::size_t done = 0;
  {
    Progress progress(numbers.size());
    auto counts = results.counts();
    run_all(
        campaign, numbers, jobs,
        [&](uint32_t number, const Result& result) {
          const Line line = line_of(*campaign, number, result);
          const std::string text = text_of(line);
          write_failed |= std::fwrite(text.data(), 1, text.size(), file) != text.size();
          results.lines[number] = line;
          ++counts[static_cast<std::size_t>(result.outcome)];
          progress.show(++done, counts);
        },
        [&] { return interrupted != 0 || write_failed; });
  }
  const double seconds = std::chrono::duration<double>(SteadyClock::now() - begin).count();
  write_failed |= std::fclose(file) != 0;
  if (write_failed) throw Failure(emu::exit_host_io, "cannot write " + outputs.results);
  fmt::print(stderr, "{} experiments in {:.1f} s on {} threads: {:.0f} experiments a second\n", done, seconds, jobs,
             static_cast<double>(done) / std::max(seconds, 0.001));
  if (interrupted != 0) {
    fmt::print(stderr, "interrupted; the same command goes on with the {} that are left\n", numbers.size() - done);
    return emu::exit_limit;
  }
  replace_file(outputs.results, json_lines(results));
  outputs.write_reports(results);
  fmt::print("{}", summary(results));
  return status_of(results);
}

int merge_files(const std::vector<std::string>& paths, const Outputs& outputs) {
  std::optional<Results> all;
  for (const std::string& path : paths) {
    std::size_t whole_bytes = 0;
    Results each = read_results_file(path, whole_bytes);
    std::string error;
    if (!all) {
      all = std::move(each);
    } else if (!merge(*all, each, error)) {
      throw Failure(emu::exit_input_file, path + ": " + error);
    }
  }
  if (!outputs.results.empty()) replace_file(outputs.results, json_lines(*all));
  outputs.write_reports(*all);
  fmt::print("{}", summary(*all));
  if (!all->complete()) fmt::print(stderr, "{} experiments are missing\n", all->header.experiments - all->lines.size());
  return status_of(*all);
}

int replay(const Settings& settings, uint64_t number) {
  const auto campaign = prepare(settings);
  if (number >= campaign->experiments().size()) {
    throw Failure(emu::exit_usage, fmt::format("the campaign has {} experiments", campaign->experiments().size()));
  }
  Laboratory laboratory(campaign);
  std::string what;
  const auto index = static_cast<uint32_t>(number);
  const Result result = laboratory.run(campaign->experiments()[index], &what);
  Results one{{campaign->digest(), campaign->experiments().size(), campaign->ending()}, {}};
  one.lines[index] = line_of(*campaign, index, result);
  fmt::print("{}\n{}", what, csv(one));
  return status_of(one);
}

int main(int argc, char** argv) {
  CLI::App app{"Glitch campaigns: re-runs a window of a boot with one fault each", "caliptra-glitch"};
  app.require_subcommand(1);
  app.footer(
      "See docs/glitching.md. Exit status: 0 nothing was wrongly accepted or altered; 1 something was; 2 usage;\n"
      "3 an input file; 5 interrupted, and can be continued; 7 host I/O.");
  Settings settings;
  Outputs outputs;
  Outputs merged;
  std::string shard;
  unsigned jobs = std::max(1U, std::thread::hardware_concurrency());
  std::vector<std::string> files;
  uint64_t number = 0;

  CLI::App* run_command = app.add_subcommand("run", "run a campaign, or go on with one");
  settings.add_to(*run_command);
  outputs.add_to(*run_command, true);
  run_command->add_option("--shard", shard, "only every Nth experiment, from the Kth on, counted from 0")
      ->type_name("K/N");
  run_command->add_option("--jobs", jobs, "threads")->check(CLI::Range(1, 1024))->capture_default_str();
  CLI::App* merge_command = app.add_subcommand("merge", "put the results of shards together");
  merge_command->add_option("files", files, "results")->required();
  merged.add_to(*merge_command, false);
  CLI::App* replay_command = app.add_subcommand("replay", "run one experiment and say what was done");
  replay_command->add_option("number", number, "of the experiment")->required();
  settings.add_to(*replay_command);

  try {
    app.parse(argc, argv);
    // Not first after a campaign of hours.
    outputs.load_symbols();
    merged.load_symbols();
    if (*run_command) return run(settings, outputs, shard, jobs);
    if (*merge_command) return merge_files(files, merged);
    return replay(settings, number);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : emu::exit_usage;
  } catch (const Failure& failure) {
    fmt::print(stderr, "caliptra-glitch: {}\n", failure.what());
    return failure.status();
  } catch (const std::filesystem::filesystem_error& error) {
    fmt::print(stderr, "caliptra-glitch: {}\n", error.what());
    return emu::exit_host_io;
  }
}

}  // namespace
}  // namespace caliptra::glitch

int main(int argc, char** argv) { return caliptra::glitch::main(argc, argv); }
