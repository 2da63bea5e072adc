// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/options.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <cstdio>
#include <functional>
#include <map>

#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/numbers.h"
#include "tools/gdb-server/socket_transport.h"

namespace caliptra::emu {
namespace {

constexpr const char* version_text = "caliptra-emu " CALIPTRA_EMU_VERSION
                                     "\n"
                                     "hardware generations: 1.0 (RTL 1.0), 1.1 and 1.2 (RTL 1.1)";

constexpr const char* footer =
    "EVENT is ready-for-fw, rt-ready, exit, fatal, boot-status=NUMBER, output=TEXT or cycle=NUMBER.\n"
    "CMD is the name of a mailbox command of Caliptra 1.x or a number; FILE holds what follows the checksum.\n"
    "\n"
    "Exit status: 0 the event came or the firmware passed; 255 the firmware said failure; 2 usage; 3 an input\n"
    "file is missing, unreadable or of a wrong size; 4 a fatal error register was set; 5 a limit came first;\n"
    "6 the hart can make no progress; 7 host I/O failed.";

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char character) { return static_cast<char>(std::tolower(character)); });
  return text;
}

/// Options whose text is understood by a function, which says in `error` what it doesn't like.
class OptionGroup {
 public:
  OptionGroup(CLI::App& app, std::string name) : app_(app), name_(std::move(name)) {}

  CLI::Option* text(const std::string& flags, const std::string& type, std::optional<std::string>& target,
                    const std::string& description) {
    return parsed(
        flags, type,
        [&target](const std::string& text) {
          target = text;
          return std::string();
        },
        description);
  }

  template <typename Number>
  CLI::Option* number(const std::string& flags, std::optional<Number>& target, const std::string& description) {
    return parsed(
        flags, "N",
        [&target](const std::string& text) -> std::string {
          const auto value = parse_number(text, std::numeric_limits<Number>::max());
          if (!value) return fmt::format("takes a number of {} bits, not '{}'", 8 * sizeof(Number), text);
          target = static_cast<Number>(*value);
          return "";
        },
        description);
  }

  template <typename Value, typename Target>
  CLI::Option* choice(const std::string& flags, const std::map<std::string, Value>& choices, Target& target,
                      const std::string& description) {
    std::string names;
    for (const auto& [name, value] : choices) {
      if (!name.empty()) names += (names.empty() ? "" : "|") + name;
    }
    return parsed(
        flags, names,
        [&target, choices, names](const std::string& text) -> std::string {
          const auto found = choices.find(lower(text));
          if (found == choices.end()) return fmt::format("takes {}, not '{}'", names, text);
          target = found->second;
          return "";
        },
        description);
  }

  CLI::Option* parsed(const std::string& flags, const std::string& type,
                      const std::function<std::string(const std::string&)>& parse, const std::string& description) {
    const std::string name = flags.substr(0, flags.find(','));
    return app_
        .add_option_function<std::string>(
            flags,
            [parse, name](const std::string& text) {
              const std::string error = parse(text);
              if (!error.empty()) throw CLI::ValidationError(name, error);
            },
            description)
        ->group(name_)
        ->type_name(type);
  }

  /// An option that may be given again and again.
  CLI::Option* repeated(const std::string& flags, const std::string& type,
                        const std::function<std::string(const std::string&)>& parse, const std::string& description) {
    const std::string name = flags;
    return app_
        .add_option_function<std::vector<std::string>>(
            flags,
            [parse, name](const std::vector<std::string>& texts) {
              for (const std::string& text : texts) {
                const std::string error = parse(text);
                if (!error.empty()) throw CLI::ValidationError(name, error);
              }
            },
            description)
        ->group(name_)
        ->type_name(type)
        ->allow_extra_args(false);
  }

  CLI::Option* flag(const std::string& flags, bool& target, const std::string& description) {
    return app_.add_flag(flags, target, description)->group(name_)->disable_flag_override();
  }

 private:
  CLI::App& app_;
  std::string name_;
};

std::function<std::string(const std::string&)> hash_parser(std::string& target) {
  return [&target](const std::string& text) -> std::string {
    const bool digits = std::all_of(text.begin(), text.end(), [](unsigned char each) { return std::isxdigit(each); });
    if (!text.empty() && (text.size() != 96 || !digits)) {
      return "takes a SHA-384 hash: 96 hexadecimal digits";
    }
    target = text;
    return "";
  };
}

void add_input_options(CLI::App& app, Options& options) {
  OptionGroup group(app, "Images");
  group.text("--rom", "FILE", options.rom, "Boot ROM, at most 48 KiB");
  group.text("--firmware", "FILE", options.firmware, "Firmware bundle, uploaded when the ROM is ready for it");
  group.text("--update-firmware", "FILE", options.update_firmware,
             "Firmware bundle for an update: run sends it once the first one's runtime is ready; without a "
             "subcommand it waits in the mailbox when firmware resets itself for an update");
  group.text("--config", "FILE.toml", options.configuration, "Configuration; the command line overrides it");
}

void add_hardware_options(CLI::App& app, Options& options) {
  OptionGroup group(app, "Hardware");
  group.choice<Generation>("--hw", {{"1.0", Generation::v1_0}, {"1.1", Generation::v1_1}, {"1.2", Generation::v1_1}},
                           options.generation,
                           "Hardware generation (default 1.1; 1.2 is firmware on the same hardware)");
  group.choice<veer::TimingProfile>(
      "--timing", {{"reference", veer::TimingProfile::reference}, {"rtl", veer::TimingProfile::rtl}}, options.timing,
      "Clock: one tick per instruction as the reference emulator, or the silicon's cycles (default reference)");
  group.choice<DeviceLifecycle>("--device-lifecycle",
                                {{"", DeviceLifecycle::unprovisioned},
                                 {"unprovisioned", DeviceLifecycle::unprovisioned},
                                 {"manufacturing", DeviceLifecycle::manufacturing},
                                 {"production", DeviceLifecycle::production}},
                                options.lifecycle, "Life cycle state (default unprovisioned)");
  group.flag("--debug-locked", options.debug_locked, "Debug is locked (default unlocked)");
  group.choice<bool>("--trng", {{"internal", true}, {"external", false}}, options.internal_trng,
                     "Where entropy comes from (default external)");
  group.number("--seed", options.seed, "Start of the TRNG feed (default 0x12345678)");
  group.repeated(
      "--fuse", "NAME=VALUE",
      [&options](const std::string& text) -> std::string {
        const std::size_t equals = text.find('=');
        if (equals == 0 || equals == std::string::npos) return fmt::format("takes NAME=VALUE, not '{}'", text);
        options.fuses.emplace_back(text.substr(0, equals), text.substr(equals + 1));
        return "";
      },
      "A fuse by the RTL's name; repeatable");
  group.number("--wdt-timeout", options.watchdog_timeout, "Watchdog timeout in cycles (default 20000000)");
}

void add_short_forms(CLI::App& app, Options& options) {
  OptionGroup group(app, "Fuses and requests as the reference emulator has them");
  group.parsed(
      "--ueid", "U128",
      [&options](const std::string& text) -> std::string {
        options.ueid = parse_number_128(text);
        return options.ueid ? "" : fmt::format("takes a number of 128 bits, not '{}'", text);
      },
      "Unique endpoint identifier: fuse_idevid_cert_attr, words 7 to 10 (default all ones)");
  group.choice<uint32_t>("--idevid-key-id-algo", {{"", 0}, {"sha1", 0}, {"sha256", 1}, {"sha384", 2}, {"fuse", 3}},
                         options.idevid_key_id_algorithm,
                         "Key identifier in the IDevID certificate: fuse_idevid_cert_attr, word 0 (default sha1)");
  group.parsed("--mfg-pk-hash", "HEX", hash_parser(options.manufacturer_pk_hash), "fuse_key_manifest_pk_hash");
  group.parsed("--owner-pk-hash", "HEX", hash_parser(options.owner_pk_hash), "fuse_owner_pk_hash");
  group.flag("--req-idevid-csr", options.request_idevid_csr,
             "Ask the ROM for the IDevID CSR; it goes to caliptra_ldevid_cert.der in the log directory");
  group.flag("--req-ldevid-cert", options.request_ldevid_certificate,
             "Ask the ROM for the LDevID certificate; it goes to the same file");
  group.parsed(
      "--log-dir", "DIR",
      [&options](const std::string& text) -> std::string {
        options.log_directory = text;
        return text.empty() ? "takes a directory" : "";
      },
      "Directory for what the run leaves (default /tmp)");
}

void add_run_options(CLI::App& app, Options& options, bool& trace_to_log_directory) {
  OptionGroup group(app, "Run");
  group.parsed(
      "--until", "EVENT",
      [&options](const std::string& text) {
        std::string error;
        options.until = EventSpec::parse(text, error);
        return error;
      },
      "Stop when the event comes");
  group.number("--max-cycles", options.max_cycles, "Stop at this cycle at the latest (default: no limit)");
  group.number("--max-instructions", options.max_instructions,
               "Stop after this many instructions at the latest (default: no limit)");
  group.repeated(
      "--mailbox", "CMD[:FILE]",
      [&options](const std::string& text) {
        std::string error;
        if (auto request = MailboxRequest::parse(text, error)) options.mailbox.push_back(std::move(*request));
        return error;
      },
      "Send a command once the runtime is ready, and print its answer; repeatable");
  group.parsed(
      "--fuzz-input", "TARGET:FILE",
      [&options](const std::string& text) -> std::string {
        const std::size_t colon = text.find(':');
        const auto target = fuzz::target_named(std::string_view(text).substr(0, colon));
        if (!target || colon == std::string::npos) {
          return fmt::format("takes a target of caliptra-fuzz and a file, not '{}'", text);
        }
        options.fuzz_input = FuzzInputFile{*target, text.substr(colon + 1)};
        return "";
      },
      "Do what an input of caliptra-fuzz does");
  const auto gdb = [&options](const std::string& text) {
    std::string error;
    options.gdb = gdb::parse_address(text, error);
    return error;
  };
  group.parsed("--gdb,--gdb-port", "PORT|unix:PATH", gdb,
               "Hold the core at reset until gdb connects, and serve it; a port is one of 127.0.0.1");

  OptionGroup snapshots(app, "Snapshots");
  snapshots.text("--save-snapshot", "FILE", options.snapshots.save,
                 "Save the whole state when the event of --at comes, or at the end of the run");
  snapshots.parsed(
      "--at", "EVENT",
      [&options](const std::string& text) {
        std::string error;
        options.snapshots.at = EventSpec::parse(text, error);
        return error;
      },
      "When to save the snapshot");
  snapshots.text("--load-snapshot", "FILE", options.snapshots.load,
                 "Begin in a saved state; images, hardware, fuses and seeds must be those that it was saved with");

  OptionGroup output(app, "Output");
  output.flag("-t,--trace-instr", trace_to_log_directory,
              "Write the trace to caliptra_instr_trace.txt in the log directory");
  output.text("--stats", "FILE", options.stats, "Write statistics as JSON; - is standard output");
  output.text("--time-table", "FILE", options.time_table,
              "Write a table of where the cycles went in each boot phase; - is standard output");
}

void add_observation_options(CLI::App& app, ObservationOptions& options) {
  using Format = ObservationOptions::TraceFormat;
  const auto keep_in = [](std::vector<std::string>& list) {
    return [&list](const std::string& text) -> std::string {
      list.push_back(text);
      return "";
    };
  };
  OptionGroup traces(app, "Traces");
  traces.repeated("--symbols", "FILE.elf[@ADDRESS]", keep_in(options.symbols),
                  "Take names and source lines from an ELF file, moved to the address; repeatable");
  traces.text("--trace", "FILE", options.trace, "Write every instruction; - is standard output");
  traces.choice<Format>("--trace-format",
                        {{"compact", Format::compact},
                         {"spike", Format::spike},
                         {"spike-commits", Format::spike_commits},
                         {"human", Format::human}},
                        options.trace_format,
                        "compact: address and encoding, as the reference emulator; spike: as spike -l --log-commits; "
                        "spike-commits: without the disassembly; human: to read (default compact)");
  traces.repeated("--trace-filter", "CONDITION", keep_in(options.trace_filters),
                  "Write only what is wanted: pc=FIRST..END, symbol=NAME, block=NAME, cycles=FROM..TO; repeatable");
  traces.text(
      "--timeline", "FILE.json", options.timeline,
      "Write calls, engines, mailbox transactions, interrupts and boot phases for Perfetto or chrome://tracing");
  traces.number("--timeline-shortest", options.timeline_shortest,
                "Leave calls of fewer cycles out of the timeline (default 100)");

  OptionGroup profiles(app, "Profiles and coverage");
  profiles.text("--profile", "FILE", options.profile, "Write the functions and lines that take most cycles");
  profiles.text("--flamegraph", "FILE.svg", options.flamegraph, "Write a flamegraph, by cycles");
  profiles.text("--collapsed", "FILE", options.collapsed, "Write collapsed stacks, as flamegraph tools take them");
  profiles.text("--stacks", "FILE", options.stacks, "Write how deep the stacks got, and which ones overflowed");
  profiles.repeated("--stack-room", "[IMAGE=]BOTTOM..TOP", keep_in(options.stack_rooms),
                    "Where a stack's room ends, for --stacks; of ROM, FMC, runtime; repeatable");
  profiles.text("--coverage", "FILE", options.coverage, "Write which instructions ran, and how often");
  profiles.text("--lcov", "FILE.info", options.lcov, "Write the coverage of source lines as lcov's tracefile");
  profiles.text("--report", "FILE.html", options.report, "Write a report as one HTML page");
}

void add_merge_coverage_options(CLI::App& app, MergeCoverageOptions& options) {
  OptionGroup group(app, "Coverage");
  app.add_option("FILE", options.files, "Coverage of runs of the same code, from --coverage")
      ->required()
      ->group("Coverage")
      ->type_name("");
  group.repeated(
      "--symbols", "FILE.elf[@ADDRESS]",
      [&options](const std::string& text) -> std::string {
        options.symbols.push_back(text);
        return "";
      },
      "Take source lines from an ELF file; repeatable");
  group.text("--output", "FILE", options.output, "Write all of it as one such file");
  group.text("--lcov", "FILE.info", options.lcov, "Write it as lcov's tracefile");
}

void add_serve_options(CLI::App& app, serve::ServeOptions& options, std::optional<uint64_t>& max_cycles,
                       std::optional<uint32_t>& most_clients) {
  OptionGroup group(app, "Server");
  group
      .parsed(
          "--socket", "unix:PATH|tcp:HOST:PORT",
          [&options](const std::string& text) -> std::string {
            options.socket = text;
            return text.empty() ? "takes an address" : "";
          },
          "Where to listen; port 0 takes a free one")
      ->required();
  group.choice<serve::ProtocolKind>("--protocol",
                                    {{"cptr", serve::ProtocolKind::cptr}, {"json", serve::ProtocolKind::json}},
                                    options.settings.protocol, "What to speak (default cptr)");
  group.flag("--allow-remote", options.allow_remote, "Listen on addresses that other machines reach, too");
  group.parsed(
      "--max-clients", "N",
      [&most_clients](const std::string& text) -> std::string {
        constexpr uint64_t most = 1000;  // what a process may have open, usually
        const auto value = parse_number(text, most);
        if (value.value_or(0) == 0) return fmt::format("takes a number from 1 to {}, not '{}'", most, text);
        most_clients = static_cast<uint32_t>(*value);
        return "";
      },
      "Connections at the same time (default 8; json: 1)");
  group.number("--max-cycles", max_cycles, "Give the boot up after this many cycles (default 400000000)");
}

/// One line, as long as the library's text may be.
std::string one_line(std::string text) {
  std::replace(text.begin(), text.end(), '\n', ' ');
  return text;
}

/// The arguments as CLI11 takes them: the last one first, and an empty value (`--name=`) as one of its own.
std::vector<std::string> arguments_of(int argc, const char* const* argv) {
  std::vector<std::string> arguments;
  for (int i = 1; i < argc; ++i) {
    std::string text = argv[i];
    const bool empty_value = text.starts_with("--") && text.find('=') == text.size() - 1;
    if (empty_value) text.pop_back();
    arguments.push_back(std::move(text));
    if (empty_value) arguments.emplace_back();
  }
  std::reverse(arguments.begin(), arguments.end());
  return arguments;
}

/// What would be taken and do nothing.
void refuse_without_effect(const Options& options) {
  const ObservationOptions& seen = options.observation;
  const auto need = [](bool given, bool used, std::string_view what) {
    if (given && !used) throw Failure(exit_usage, std::string(what) + " (see --help)");
  };
  need(!seen.trace_filters.empty(), seen.trace || options.gdb, "--trace-filter takes a part of a trace: --trace FILE");
  need(seen.timeline_shortest.has_value(), seen.timeline.has_value(),
       "--timeline-shortest leaves calls out of a timeline: --timeline FILE");
  need(!seen.stack_rooms.empty(), seen.stacks || seen.report, "--stack-room is for the table of stacks: --stacks FILE");
  need(seen.lcov.has_value(), !seen.symbols.empty(), "--lcov takes source lines from --symbols FILE.elf");
  if (!options.merge_coverage) return;
  const MergeCoverageOptions& merge = *options.merge_coverage;
  need(true, merge.output || merge.lcov, "merge-coverage writes to --output FILE or --lcov FILE");
  need(merge.lcov.has_value(), !merge.symbols.empty(), "--lcov takes source lines from --symbols FILE.elf");
}

}  // namespace

std::optional<Options> parse_command_line(int argc, const char* const* argv) {
  CLI::App app(
      "Runs Caliptra 1.x boot ROMs and firmware on an emulated core.\n"
      "Without a subcommand it takes the command line of the reference emulator 1.x.",
      "caliptra-emu");
  app.footer(footer);
  app.set_version_flag("--version", version_text);
  CLI::App& run = *app.add_subcommand("run", "Runs a ROM and firmware");
  run.footer(footer);
  CLI::App& serve = *app.add_subcommand("serve", "Boots a ROM and firmware and serves their core on a socket");
  serve.footer(footer);
  CLI::App& report =
      *app.add_subcommand("report", "Runs a ROM and firmware, and writes a report on the boot as an HTML page");
  report.footer(footer);
  CLI::App& merge = *app.add_subcommand("merge-coverage", "Adds up the coverage of several runs");

  Options options;
  serve::ServeOptions serve_options;
  std::optional<uint64_t> max_boot_cycles;
  std::optional<uint32_t> most_clients;
  bool trace_to_log_directory = false;
  for (CLI::App* each : {&app, &run, &report}) {
    add_input_options(*each, options);
    add_hardware_options(*each, options);
    add_short_forms(*each, options);
    add_run_options(*each, options, trace_to_log_directory);
    add_observation_options(*each, options.observation);
  }

  report.get_option("--report")->required();
  MergeCoverageOptions merge_options;
  add_merge_coverage_options(merge, merge_options);

  add_input_options(serve, options);
  add_hardware_options(serve, options);
  add_short_forms(serve, options);
  add_serve_options(serve, serve_options, max_boot_cycles, most_clients);

  try {
    app.parse(arguments_of(argc, argv));
  } catch (const CLI::CallForHelp&) {
    // Not by fmt, which throws where the output is full: main() says so.
    std::fputs(app.help().c_str(), stdout);
    return std::nullopt;
  } catch (const CLI::CallForVersion&) {
    fmt::print("{}\n", version_text);
    return std::nullopt;
  } catch (const CLI::ParseError& error) {
    throw Failure(exit_usage, one_line(error.what()) + " (see --help)");
  }

  if (serve.parsed()) {
    serve_options.max_boot_cycles = max_boot_cycles.value_or(serve_options.max_boot_cycles);
    serve_options.settings.most_clients = most_clients.value_or(serve_options.settings.most_clients);
    options.serve = serve_options;
  }
  if (merge.parsed()) options.merge_coverage = std::move(merge_options);
  // A report is of a whole boot, where nothing else is said.
  if (report.parsed() && !options.until && options.firmware && options.mailbox.empty()) {
    std::string error;
    options.until = EventSpec::parse("rt-ready", error);
  }
  options.reference_command_line = app.get_subcommands().empty();
  if (!options.reference_command_line) {
    for (const CLI::Option* option : app.get_options()) {
      if (option->count() > 0) {
        throw Failure(exit_usage, fmt::format("{} belongs behind the subcommand", option->get_name()));
      }
    }
  }
  if (trace_to_log_directory) {
    if (options.observation.trace) throw Failure(exit_usage, "give either --trace or --trace-instr");
    options.observation.trace = options.log_directory + "/caliptra_instr_trace.txt";
  }
  refuse_without_effect(options);
  return options;
}

}  // namespace caliptra::emu
