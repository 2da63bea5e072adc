// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/run.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <memory>
#include <utility>

#include "iss/hart.h"
#include "iss/state_stream.h"
#include "soc/core.h"
#include "soc/soc_manager.h"
#include "tools/caliptra-emu/console.h"
#include "tools/caliptra-emu/debugger.h"
#include "tools/caliptra-emu/error_names.h"
#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/files.h"
#include "tools/caliptra-emu/heartbeat.h"
#include "tools/caliptra-emu/mailbox_results.h"
#include "tools/caliptra-emu/observation.h"
#include "tools/caliptra-emu/setup.h"
#include "tools/caliptra-emu/signal_guard.h"
#include "tools/caliptra-emu/snapshots.h"
#include "tools/caliptra-emu/statistics.h"

namespace caliptra::emu {
namespace {

// How often a run looks for signals and shows incomplete console lines.
constexpr uint64_t slice_cycles = 4'000'000;

// After a fatal hardware error the firmware still gets this long to report what it makes of it.
constexpr uint64_t report_cycles = 100'000;

// How long a ROM may wait for firmware that nobody has, where the user gave no limit.
constexpr uint64_t missing_firmware_cycles = 10'000'000;

constexpr std::size_t largest_fuzz_input = 1 << 20;

constexpr uint64_t never = veer::Clock::never;

void say(std::string_view message) { fmt::print(stderr, "caliptra-emu: {}\n", message); }

/// Why a run has ended, and what the program makes of it.
struct Ending {
  std::string_view reason;  ///< as in the statistics
  int status = exit_success;
  std::string message;  ///< for standard error; empty where there is nothing to say
};

class Run {
 public:
  explicit Run(const Options& options);
  int go();

 private:
  [[nodiscard]] ObservedRun observed_run() const;
  void notice(const Event& event);
  void take_console(char character);
  /// What comes has come before: a debugger has gone back.
  [[nodiscard]] bool repeats() const { return debugger_ && debugger_->history().replaying(); }

  StopReason advance();
  /// --until cycle=NUMBER, and it is not there yet.
  [[nodiscard]] bool awaits_cycle() const {
    return options_.until && options_.until->kind == EventSpec::Kind::cycle && !event_came_;
  }
  [[nodiscard]] bool debugger_looks(const Ending& ending);
  bool advance_until(const std::function<bool()>& done);
  MailboxResult send(const std::string& label, uint32_t command, std::span<const uint8_t> payload);
  void boot_and_talk();

  [[nodiscard]] std::optional<Ending> must_end() const;
  [[nodiscard]] RunLimits next_limits() const;
  [[nodiscard]] Ending fatal_ending() const;
  [[nodiscard]] Ending no_progress_ending() const;
  [[nodiscard]] std::string wanted() const;
  void state(veer::StateStream& stream);
  void save_certificate();
  void report_refused_upload();
  int finish(double host_seconds);

  const Options& options_;
  Setup setup_;
  struct Request {
    std::string label;
    uint32_t command;
    std::vector<uint8_t> payload;
  };
  void take_fuzz_input(const FuzzInputFile& file);

  std::vector<Request> requests_;
  bool requests_to_rom_ = false;  // they don't wait for the runtime, but for ready_for_fw
  bool has_firmware_ = false;
  bool updates_ = false;  // the SoC sends the update

  std::unique_ptr<Core> core_;
  std::unique_ptr<SocManager> manager_;
  Console console_;
  std::unique_ptr<Observation> observation_;
  std::unique_ptr<OutputFile> stats_file_;
  std::unique_ptr<OutputFile> time_table_file_;
  std::unique_ptr<TimeBreakdown> breakdown_;
  std::unique_ptr<Debugger> debugger_;
  std::unique_ptr<Snapshots> snapshots_;
  std::unique_ptr<Heartbeat> heartbeat_;
  bool debugger_saw_fatal_ = false;
  Statistics statistics_;

  bool talking_ = false;  // commands or an update are still to be sent: EVENT doesn't end the run yet
  bool event_came_ = false;
  bool runtime_ready_ = false;
  bool rom_ready_ = false;  // only where requests go to the ROM
  std::optional<uint32_t> exit_code_;
  std::optional<uint64_t> fatal_deadline_;
  std::optional<uint64_t> missing_firmware_deadline_;
  bool upload_refused_ = false;
  std::vector<uint8_t> saved_certificate_;
  std::string certificate_error_;
  std::optional<Ending> ending_;
};

Run::Run(const Options& options) : options_(options), setup_(make_setup(options)) {
  for (const MailboxRequest& each : options.mailbox) {
    requests_.push_back({each.label, each.command, mailbox_payload(each.command, read_request_contents(each))});
  }
  if (options.fuzz_input) take_fuzz_input(*options.fuzz_input);
  has_firmware_ = !setup_.plan.firmware.empty();
  updates_ = !options.reference_command_line && !setup_.plan.update_firmware.empty();

  std::string error;
  core_ = Core::create(setup_.configuration, error);
  if (!core_) throw Failure(exit_usage, error);
  manager_ = std::make_unique<SocManager>(*core_, setup_.plan);

  observation_ = std::make_unique<Observation>(options.observation, *core_, observed_run(), [this] { core_->stop(); });
  if (options.stats) stats_file_ = std::make_unique<OutputFile>("statistics", *options.stats);
  if (options.time_table) time_table_file_ = std::make_unique<OutputFile>("time table", *options.time_table);
  if (stats_file_ || time_table_file_) breakdown_ = std::make_unique<TimeBreakdown>(*core_);
  if (options.gdb) debugger_ = std::make_unique<Debugger>(*options.gdb, *core_, *manager_, *observation_);
  snapshots_ =
      std::make_unique<Snapshots>(options.snapshots, snapshot_file::identity_of(setup_.configuration, setup_.plan),
                                  *core_, *manager_, [this](veer::StateStream& stream) { state(stream); });
  heartbeat_ = std::make_unique<Heartbeat>(*core_);
  core_->on_event([this](const Event& event) { notice(event); });
  core_->on_console([this](char character) { take_console(character); });
}

void Run::take_fuzz_input(const FuzzInputFile& file) {
  const auto bytes = read_file("fuzz input", file.path, {.minimum = 0, .maximum = largest_fuzz_input});
  SocPlan& plan = setup_.plan;
  fuzz::Input input = fuzz::understand(file.target, bytes, plan.firmware);
  for (fuzz::Command& each : input.commands) {
    const auto name = mailbox_command_name(each.number);
    requests_.push_back(
        {name ? std::string(*name) : fmt::format("0x{:08x}", each.number), each.number, std::move(each.payload)});
  }
  requests_to_rom_ = file.target == fuzz::Target::rom_mailbox;
  if (requests_to_rom_) plan.firmware.clear();
  if (input.firmware) plan.firmware = std::move(*input.firmware);
  plan.measurements.insert(plan.measurements.end(), input.measurements.begin(), input.measurements.end());
  setup_.configuration.faults.insert(setup_.configuration.faults.end(), input.faults.begin(), input.faults.end());
  if (input.trng_seed) {
    plan.trng_seed = *input.trng_seed;
    plan.trng_delay = input.trng_delay;
  }
}

ObservedRun Run::observed_run() const {
  const Configuration& hardware = setup_.configuration;
  constexpr std::string_view lifecycles[] = {"unprovisioned", "manufacturing", "reserved", "production"};
  ObservedRun run;
  run.firmware = setup_.plan.firmware;
  run.setup = {{"ROM", setup_.rom.value_or("")},
               {"firmware", setup_.firmware.value_or("none")},
               {"hardware", hardware.generation == Generation::v1_0 ? "1.0" : "1.1"},
               {"timing", hardware.timing == veer::TimingProfile::rtl ? "rtl" : "reference"},
               {"life cycle", std::string(lifecycles[static_cast<unsigned>(hardware.lifecycle) & 3])},
               {"debug", hardware.debug_locked ? "locked" : "unlocked"},
               {"TRNG", hardware.internal_trng ? "internal" : "external"}};
  for (const std::string& each : options_.observation.symbols) run.setup.emplace_back("symbols", each);
  return run;
}

void Run::notice(const Event& event) {
  if (repeats()) return;
  statistics_.notice(event);
  if (snapshots_->notice(event)) core_->stop();
  // Exits and fatal errors end every run in their own way.
  const bool ends_anyway = event.kind == Event::Kind::exit || event.kind == Event::Kind::firmware_error_fatal ||
                           event.kind == Event::Kind::hardware_error_fatal;
  if (options_.until && options_.until->matches(event) && !ends_anyway) {
    event_came_ = true;
    core_->stop();
  }
  switch (event.kind) {
    case Event::Kind::runtime_ready:
      runtime_ready_ = true;
      core_->stop();
      break;
    case Event::Kind::cold_reset:
    case Event::Kind::warm_reset: runtime_ready_ = false; break;
    case Event::Kind::firmware_update_reset:
      runtime_ready_ = false;
      // An event of the first firmware isn't the update's.
      if (talking_) event_came_ = false;
      break;
    case Event::Kind::exit:
      exit_code_ = event.value;
      core_->stop();
      break;
    case Event::Kind::firmware_error_fatal:
      fatal_deadline_ = event.cycle;
      core_->stop();
      break;
    case Event::Kind::hardware_error_fatal:
      if (!fatal_deadline_) fatal_deadline_ = event.cycle + report_cycles;
      core_->stop();
      break;
    case Event::Kind::ready_for_fw:
      if (requests_to_rom_) {
        rom_ready_ = true;
        core_->stop();
        break;
      }
      if (has_firmware_ || missing_firmware_deadline_) break;
      missing_firmware_deadline_ =
          options_.max_cycles || options_.max_instructions ? never : event.cycle + missing_firmware_cycles;
      core_->stop();
      break;
    default: break;
  }
}

void Run::take_console(char character) {
  if (repeats()) return;
  heartbeat_->clear();
  console_.put(character);
  if (snapshots_->notice_line(console_.completed_line())) core_->stop();
  if (options_.until && options_.until->matches_line(console_.completed_line())) {
    event_came_ = true;
    core_->stop();
  }
  if (console_.file().failed()) core_->stop();
}

std::string Run::wanted() const {
  if (talking_) return runtime_ready_ ? "the last mailbox command was answered" : "the runtime was ready";
  return options_.until ? options_.until->written + " came" : "the firmware ended";
}

Ending Run::fatal_ending() const {
  Statistics now;
  now.sample(*core_);
  std::string message;
  if (now.hardware_error_fatal != 0) {
    message += fmt::format("CPTRA_HW_ERROR_FATAL 0x{:08x} {}", now.hardware_error_fatal,
                           hardware_error_names(now.hardware_error_fatal, setup_.configuration.generation));
  }
  if (now.firmware_error_fatal != 0) {
    message += fmt::format("{}CPTRA_FW_ERROR_FATAL 0x{:08x} {}", message.empty() ? "" : "; ", now.firmware_error_fatal,
                           firmware_error_name(now.firmware_error_fatal));
  }
  return {.reason = "fatal", .status = exit_fatal_error, .message = "fatal error: " + message};
}

Ending Run::no_progress_ending() const {
  if (missing_firmware_deadline_) {
    return {.reason = "no-firmware", .status = exit_limit, .message = "the core sleeps and waits for firmware"};
  }
  std::string why = "the hart sleeps";
  if (core_->hart().held_in_reset()) {
    why = setup_.configuration.boot_fsm_breakpoint ? "the boot FSM stands at its breakpoint" : "the hart is in reset";
  } else if (runtime_ready_) {
    why = "the runtime sleeps until it gets a mailbox command";
  }
  return {.reason = "no-progress",
          .status = exit_no_progress,
          .message = fmt::format("no progress: {} at cycle {}, pc 0x{:08x}, and nothing is pending that could wake it, "
                                 "before {}",
                                 why, core_->cycles(), core_->hart().pc(), wanted())};
}

std::optional<Ending> Run::must_end() const {
  for (const std::string& each : {console_.file().error(), observation_->error(), certificate_error_}) {
    if (!each.empty()) return Ending{.reason = "host-io", .status = exit_host_io, .message = each};
  }
  if (exit_code_) {
    const bool passed = *exit_code_ == 0;
    return Ending{.reason = "exit",
                  .status = passed ? exit_success : exit_firmware_failed,
                  .message = passed ? "" : "the firmware says that it failed"};
  }
  const uint64_t cycle = core_->cycles();
  if (fatal_deadline_ && cycle >= *fatal_deadline_) return fatal_ending();
  if (options_.max_cycles && cycle >= *options_.max_cycles) {
    return Ending{.reason = "max-cycles",
                  .status = exit_limit,
                  .message = fmt::format("{} cycles are over before {}", *options_.max_cycles, wanted())};
  }
  if (options_.max_instructions && core_->instructions() >= *options_.max_instructions) {
    return Ending{.reason = "max-instructions",
                  .status = exit_limit,
                  .message = fmt::format("{} instructions are over before {}", *options_.max_instructions, wanted())};
  }
  if (missing_firmware_deadline_ && cycle >= *missing_firmware_deadline_) {
    return Ending{.reason = "no-firmware", .status = exit_limit, .message = "the core still waits for firmware"};
  }
  if (debugger_ && debugger_->server().state() == gdb::GdbServer::State::killed) {
    return Ending{.reason = "killed", .status = exit_success, .message = ""};
  }
  if (const int number = SignalGuard::caught(); number != 0) {
    return Ending{.reason = "interrupted", .status = 128 + number, .message = "interrupted"};
  }
  return std::nullopt;
}

RunLimits Run::next_limits() const {
  RunLimits limits;
  limits.until_cycle = core_->cycles() + slice_cycles;
  if (snapshots_->deadline() > core_->cycles())
    limits.until_cycle = std::min(limits.until_cycle, snapshots_->deadline());
  if (awaits_cycle()) limits.until_cycle = std::min(limits.until_cycle, options_.until->cycle);
  for (const auto& each : {options_.max_cycles, fatal_deadline_, missing_firmware_deadline_}) {
    if (each) limits.until_cycle = std::min(limits.until_cycle, *each);
  }
  if (options_.max_instructions) limits.until_instructions = *options_.max_instructions;
  return limits;
}

/// Runs the core, or lets a debugger have it.
StopReason Run::advance() {
  // How long a stopped core waits for its debugger before a look at signals.
  constexpr int pause_ms = 100;
  if (!debugger_) return core_->run(next_limits());
  const auto reason = debugger_->server().poll(next_limits());
  if (debugger_->server().state() == gdb::GdbServer::State::killed) return StopReason::stopped;
  if (reason && *reason != StopReason::no_progress) return *reason;
  if (reason && debugger_->server().state() == gdb::GdbServer::State::detached) return *reason;
  // A core that makes no progress under a debugger can be interrupted and looked at.
  debugger_->transport().wait(pause_ms);
  return StopReason::stopped;
}

/// A fatal error stops the core in its debugger before it ends the run.
bool Run::debugger_looks(const Ending& ending) {
  if (!debugger_ || ending.reason != "fatal") return false;
  if (!debugger_saw_fatal_ && debugger_->server().state() == gdb::GdbServer::State::running) {
    debugger_saw_fatal_ = true;
    heartbeat_->clear();
    say(ending.message);
    debugger_->server().halt(gdb::Signal::abort);
  }
  return debugger_->server().state() == gdb::GdbServer::State::stopped ||
         debugger_->server().state() == gdb::GdbServer::State::waiting;
}

/// Runs until `done`, or until the run has to end: then `ending_` says why, and the answer is false.
bool Run::advance_until(const std::function<bool()>& done) {
  bool told_missing_firmware = missing_firmware_deadline_.has_value();
  for (;;) {
    if (done()) return true;
    ending_ = must_end();
    if (ending_ && debugger_looks(*ending_)) ending_.reset();
    if (ending_) return false;
    const StopReason reason = advance();
    snapshots_->save_if_due();
    if (awaits_cycle() && core_->cycles() >= options_.until->cycle) event_came_ = true;
    console_.flush();
    save_certificate();
    report_refused_upload();
    if (missing_firmware_deadline_ && !told_missing_firmware && !done()) {
      told_missing_firmware = true;
      say("the ROM is ready for firmware, and none was given (--firmware)");
    }
    if (reason == StopReason::no_progress && !done() && !must_end()) {
      ending_ = fatal_deadline_ ? fatal_ending() : no_progress_ending();
      return false;
    }
    if (reason == StopReason::cycle_limit) heartbeat_->beat();
  }
}

MailboxResult Run::send(const std::string& label, uint32_t command, std::span<const uint8_t> payload) {
  std::optional<MailboxResult> result;
  const bool started = manager_->start(command, payload);
  if (debugger_) debugger_->history().changed();
  if (started) {
    const bool over = advance_until([&] {
      result = manager_->result();
      return result.has_value();
    });
    if (!over) result = MailboxResult{};
  } else {
    result = MailboxResult{.outcome = MailboxResult::Outcome::not_granted, .response = {}};
  }
  heartbeat_->clear();
  console_.print(describe(label, *result));
  if (result->outcome == MailboxResult::Outcome::refused && !ending_) {
    ending_ = Ending{.reason = "refused",
                     .status = exit_usage,
                     .message = fmt::format("the core refuses user 0x{:08x} at its mailbox", setup_.plan.user)};
  }
  return *result;
}

void Run::boot_and_talk() {
  const auto ready = [this] { return requests_to_rom_ ? rom_ready_ : runtime_ready_; };
  talking_ = updates_ || !requests_.empty();
  if (talking_) {
    if (!advance_until(ready)) return;
    if (updates_) {
      const MailboxResult result = send("FIRMWARE_LOAD", firmware_load_command, setup_.plan.update_firmware);
      if (result.outcome == MailboxResult::Outcome::failure) {
        say(fmt::format("the core refuses the update: 0x{:08x} {}", result.firmware_error,
                        firmware_error_name(result.firmware_error)));
      }
      if (ending_ || !advance_until(ready)) return;
    }
    for (const Request& each : requests_) {
      send(each.label, each.command, each.payload);
      // A command may have reset the core.
      if (ending_ || !advance_until(ready)) return;
    }
    talking_ = false;
  }
  if (!requests_.empty() && !options_.until) {
    ending_ = Ending{.reason = "commands-done", .status = exit_success, .message = ""};
    return;
  }
  if (advance_until([this] { return event_came_; })) {
    ending_ = Ending{.reason = "event", .status = exit_success, .message = ""};
  }
}

/// The ROM hands its certificates out in turn; the file holds the last one, as with the reference emulator.
void Run::save_certificate() {
  if (!options_.request_idevid_csr && !options_.request_ldevid_certificate) return;
  const std::vector<uint8_t>& certificate = manager_->downloaded_certificate();
  if (certificate.empty() || certificate == saved_certificate_) return;
  saved_certificate_ = certificate;
  try {
    OutputFile file("certificate", options_.log_directory + "/caliptra_ldevid_cert.der");
    file.write({reinterpret_cast<const char*>(certificate.data()), certificate.size()});
    file.close();
    certificate_error_ = file.error();
  } catch (const Failure& failure) {
    certificate_error_ = failure.what();
  }
}

/// What a snapshot keeps beside the core and its SoC.
void Run::state(veer::StateStream& stream) {
  stream.section("run", 1);
  const auto optional = [&stream](auto& value) {
    auto there = value.has_value();
    auto number = value.value_or(0);
    stream(there);
    stream(number);
    if (there) {
      value = number;
    } else {
      value.reset();
    }
  };
  stream(runtime_ready_);
  stream(rom_ready_);
  stream(upload_refused_);
  optional(exit_code_);
  optional(fatal_deadline_);
  optional(missing_firmware_deadline_);
}

void Run::report_refused_upload() {
  if (upload_refused_ || manager_->upload_outcome() != MailboxResult::Outcome::refused) return;
  upload_refused_ = true;
  say(fmt::format("the core refuses the firmware from user 0x{:08x}", setup_.plan.user));
}

int Run::go() {
  const SignalGuard signals;
  const auto begin = std::chrono::steady_clock::now();
  if (snapshots_->loads()) {
    snapshots_->load();
  } else {
    manager_->power_on();
  }
  if (debugger_) say("gdb server listens on " + debugger_->transport().address().text());
  boot_and_talk();
  const std::chrono::duration<double> host_time = std::chrono::steady_clock::now() - begin;
  return finish(host_time.count());
}

int Run::finish(double host_seconds) {
  Ending ending = ending_.value_or(Ending{.reason = "event", .status = exit_success, .message = ""});
  const bool fatal_was_awaited = options_.until && options_.until->kind == EventSpec::Kind::fatal;
  if (ending.reason == "fatal" && fatal_was_awaited) ending.status = exit_success;
  heartbeat_->clear();
  if (!ending.message.empty() && !(ending.reason == "fatal" && debugger_saw_fatal_)) say(ending.message);
  if (debugger_) debugger_->server().finish(static_cast<uint8_t>(ending.status));

  const auto host_failure = [&](const std::string& error) {
    if (ending.reason == "host-io") return;
    ending = {.reason = "host-io", .status = exit_host_io, .message = error};
    say(ending.message);
  };
  console_.flush();
  snapshots_->finish();
  if (snapshots_->missed()) {
    say(snapshots_->error());
    if (ending.status == exit_success) ending.status = exit_limit;
  } else if (!snapshots_->error().empty()) {
    host_failure(snapshots_->error());
  }
  std::string result = ending.message;
  if (result.empty() && ending.reason == "commands-done") {
    result = "All mailbox commands have been answered.";
  } else if (result.empty()) {
    result = fmt::format("The run ended as wanted: {}",
                         options_.until ? std::string_view(options_.until->written) : ending.reason);
  }
  observation_->finish(result, ending.status == exit_success);
  if (!observation_->error().empty()) host_failure(observation_->error());
  if (console_.file().failed()) host_failure(console_.file().error());

  if (stats_file_) {
    statistics_.sample(*core_);
    statistics_.stop_reason = ending.reason;
    statistics_.host_seconds = host_seconds;
    statistics_.phases = breakdown_->phases();
    const bool written = stats_file_->write(statistics_.json());
    if (!stats_file_->close() || !written) host_failure(stats_file_->error());
  }
  if (time_table_file_) {
    // What takes less than a thousandth of the run is told together.
    const bool written = time_table_file_->write(TimeBreakdown::table(breakdown_->phases(), core_->cycles() / 1000));
    if (!time_table_file_->close() || !written) host_failure(time_table_file_->error());
  }
  return ending.status;
}

}  // namespace

int run(const Options& options) { return Run(options).go(); }

}  // namespace caliptra::emu
