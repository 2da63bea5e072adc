// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/observation.h"

#include <fmt/format.h>

#include <utility>

#include "iss/hart.h"
#include "peripherals/crypto/sha2.h"
#include "tools/caliptra-emu/error_names.h"
#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/files.h"
#include "tools/caliptra-emu/merge_coverage.h"
#include "tools/coverage/coverage.h"
#include "tools/profile/flamegraph.h"
#include "tools/profile/profile.h"
#include "tools/profile/stacks.h"
#include "tools/report/report.h"
#include "tools/trace/access_names.h"
#include "tools/trace/boot_phases.h"
#include "tools/trace/call_stack.h"
#include "tools/trace/code_map.h"
#include "tools/trace/compact_trace.h"
#include "tools/trace/engine_spans.h"
#include "tools/trace/fan.h"
#include "tools/trace/filter.h"
#include "tools/trace/human_trace.h"
#include "tools/trace/mailbox_log.h"
#include "tools/trace/output.h"
#include "tools/trace/spike_trace.h"
#include "tools/trace/timeline.h"

namespace caliptra::emu {
namespace {

using Format = ObservationOptions::TraceFormat;

constexpr std::size_t hot_spot_rows = 40;
constexpr uint64_t default_shortest_call = 100;
constexpr std::size_t most_traps = 100'000;
constexpr std::size_t most_problems = 200;
constexpr std::size_t most_console = 1 << 20;

std::string digest_of(std::span<const uint8_t> bytes) {
  std::string text;
  for (const uint8_t byte : crypto::sha256(bytes)) text += fmt::format("{:02x}", byte);
  return text;
}

/// Tells a mailbox log what the hart does.
class MailboxObserver : public veer::Observer {
 public:
  explicit MailboxObserver(Core& core) : log(core), clock_(core.clock()) {}
  void load(uint32_t address, unsigned, uint32_t value) override {
    if (address >> 16 == 0x3002) log.core_load(address, value, clock_.now());
  }
  void store(uint32_t address, unsigned, uint32_t value) override {
    if (address >> 16 == 0x3002) log.core_store(address, value, clock_.now());
  }

  trace::MailboxLog log;

 private:
  const veer::Clock& clock_;
};

/// Keeps the traps of a run.
class TrapLog : public trace::CallStack::Listener {
 public:
  void pushed(const trace::CallStack::Frame&) override {}
  void popped(const trace::CallStack::Frame& frame, uint64_t end) override {
    if (frame.kind != trace::CallStack::Kind::trap || traps.size() >= most_traps) return;
    traps.push_back({frame.begin, end, frame.return_address, frame.cause, frame.detail});
  }

  std::vector<report::TakenTrap> traps;
};

}  // namespace

struct Observation::Parts {
  Parts(const ObservationOptions& the_options, Core& the_core, ObservedRun the_run,
        std::function<void()> the_on_failure)
      : options(the_options), core(the_core), run(std::move(the_run)), on_failure(std::move(the_on_failure)) {}

  /// A file that is written along the way.
  struct Stream {
    std::unique_ptr<OutputFile> file;
    std::unique_ptr<trace::Output> output;
  };

  const ObservationOptions& options;
  Core& core;
  ObservedRun run;
  std::function<void()> on_failure;
  std::string error;

  symbols::SymbolTable symbols;
  std::unique_ptr<trace::CodeMap> code;
  trace::Fan fan;
  trace::Filter filter;
  Stream trace_stream;
  Stream timeline_stream;
  std::unique_ptr<trace::Tracer> tracer;
  std::unique_ptr<trace::CallStack> calls;
  std::unique_ptr<trace::EngineSpans> engines;
  std::unique_ptr<trace::Timeline> timeline;
  std::unique_ptr<MailboxObserver> mailbox;
  std::unique_ptr<profile::Profiler> profiler;
  std::unique_ptr<profile::StackWatch> stacks;
  std::unique_ptr<coverage::Coverage> coverage;
  std::unique_ptr<coverage::CoverageObserver> coverage_observer;
  trace::BootPhases phases;
  TrapLog traps;
  std::vector<report::Problem> problems;
  std::string console;

  struct Document {
    std::unique_ptr<OutputFile> file;
    std::function<std::string()> contents;
  };
  std::vector<Document> documents;

  void open(Stream& stream, std::string_view what, const std::string& path);
  void close(Stream& stream);
  void add_document(std::string_view what, const std::optional<std::string>& path,
                    std::function<std::string()> contents);
  bool paused = false;

  void observe() { core.hart().set_observer(paused ? nullptr : fan.best()); }
  void add_trace();
  void open_trace(const std::string& path);
  void close_trace();
  void add_observers();
  void add_documents();
  void listen();
  void hear(const Event& event);
  void hear(const SocAccess& access);
  void note_problem(uint64_t cycle, std::string text);
  [[nodiscard]] std::string page(std::string_view result, bool good);
  std::string result;
  bool good = true;
};

void Observation::Parts::open(Stream& stream, std::string_view what, const std::string& path) {
  stream.file = std::make_unique<OutputFile>(what, path);
  stream.output =
      std::make_unique<trace::Output>([file = stream.file.get()](std::string_view text) { return file->write(text); },
                                      [this, file = stream.file.get()] {
                                        if (error.empty()) error = file->error();
                                        on_failure();
                                      });
}

void Observation::Parts::close(Stream& stream) {
  if (!stream.output) return;
  const bool written = stream.output->close();
  if ((!stream.file->close() || !written) && error.empty()) error = stream.file->error();
}

void Observation::Parts::add_document(std::string_view what, const std::optional<std::string>& path,
                                      std::function<std::string()> contents) {
  if (path) documents.push_back({std::make_unique<OutputFile>(what, *path), std::move(contents)});
}

void Observation::Parts::add_trace() {
  std::string why;
  for (const std::string& each : options.trace_filters) {
    if (!filter.add(each, core, symbols, why)) throw Failure(exit_usage, "--trace-filter: " + why);
  }
  if (options.trace) open_trace(*options.trace);
}

void Observation::Parts::open_trace(const std::string& path) {
  open(trace_stream, "trace", path);
  trace::Output& output = *trace_stream.output;
  switch (options.trace_format) {
    case Format::compact: tracer = std::make_unique<trace::CompactTrace>(core, filter, output); break;
    case Format::spike: tracer = std::make_unique<trace::SpikeTrace>(core, filter, output, symbols); break;
    case Format::spike_commits: tracer = std::make_unique<trace::SpikeTrace>(core, filter, output); break;
    case Format::human: tracer = std::make_unique<trace::HumanTrace>(core, filter, output, symbols); break;
  }
  fan.add(*tracer);
}

void Observation::Parts::close_trace() {
  if (!tracer) return;
  tracer->finish();
  fan.remove(*tracer);
  observe();
  close(trace_stream);
  tracer.reset();
  trace_stream = {};
}

void Observation::Parts::add_observers() {
  const bool reports = options.report.has_value();
  const bool profiles = reports || options.profile || options.flamegraph || options.collapsed;
  const veer::Clock& clock = core.clock();
  if (profiles || options.timeline) calls = std::make_unique<trace::CallStack>(*code, clock);
  if (profiles) profiler = std::make_unique<profile::Profiler>(*code, clock);
  if (reports || options.timeline) {
    engines = std::make_unique<trace::EngineSpans>(core);
    mailbox = std::make_unique<MailboxObserver>(core);
  }
  if (options.timeline) {
    open(timeline_stream, "timeline", *options.timeline);
    timeline = std::make_unique<trace::Timeline>(*code, *timeline_stream.output,
                                                 options.timeline_shortest.value_or(default_shortest_call));
    engines->ended = [this](const trace::EngineSpan& span) {
      timeline->engine(engines->engines()[span.engine].name, span);
    };
  }
  if (mailbox) {
    mailbox->log.ended = [this](const trace::MailboxTransaction& each) {
      if (timeline) timeline->transaction(each);
      constexpr uint32_t failed = 3;
      if (each.status != failed) return;
      const uint32_t why = core.peek_register(0x3003'000c);  // CPTRA_FW_ERROR_NON_FATAL
      note_problem(each.answered, fmt::format("mailbox command {} failed: CPTRA_FW_ERROR_NON_FATAL 0x{:08x} {}",
                                              trace::command_name(each.command), why, firmware_error_name(why)));
    };
  }
  if (reports || options.stacks) {
    std::vector<profile::StackRoom> rooms;
    std::string why;
    for (const std::string& each : options.stack_rooms) {
      const auto room = profile::parse_stack_room(each, why);
      if (!room) throw Failure(exit_usage, "--stack-room " + why);
      rooms.push_back(*room);
    }
    const auto known = profile::stack_rooms(symbols);
    rooms.insert(rooms.end(), known.begin(), known.end());
    stacks = std::make_unique<profile::StackWatch>(*code, core.hart(), clock, std::move(rooms));
  }
  if (options.lcov && symbols.lines().empty()) throw Failure(exit_input_file, no_source_lines);
  if (reports || options.coverage || options.lcov) {
    coverage = std::make_unique<coverage::Coverage>();
    coverage->set_digests(digest_of(core.configuration().rom), run.firmware.empty() ? "" : digest_of(run.firmware));
    coverage_observer = std::make_unique<coverage::CoverageObserver>(*coverage);
  }
  // The profiler counts for the function that the call stack has on top by then.
  if (calls) {
    fan.add(*calls);
    if (profiler) calls->add(*profiler);
    if (timeline) calls->add(*timeline);
    if (reports) calls->add(traps);
  }
  if (profiler) fan.add(*profiler);
  if (engines) fan.add(*engines);
  if (mailbox) fan.add(*mailbox);
  if (stacks) fan.add(*stacks);
  if (coverage_observer) fan.add(*coverage_observer);
}

void Observation::Parts::add_documents() {
  add_document("profile", options.profile, [this] { return profile::hot_spot_table(*profiler, hot_spot_rows); });
  add_document("flamegraph", options.flamegraph,
               [this] { return profile::flamegraph_svg(profiler->tree(), "Cycles by call path"); });
  add_document("collapsed stacks", options.collapsed, [this] { return profile::collapsed_stacks(profiler->tree()); });
  add_document("stacks", options.stacks, [this] { return profile::stack_table(stacks->stacks(), *code); });
  add_document("coverage", options.coverage, [this] { return coverage->json(); });
  add_document("lcov tracefile", options.lcov, [this] { return coverage->lcov(symbols, "caliptra_emu"); });
  add_document("report", options.report, [this] { return page(result, good); });
}

void Observation::Parts::note_problem(uint64_t cycle, std::string text) {
  if (problems.size() < most_problems) problems.push_back({cycle, std::move(text)});
}

void Observation::Parts::hear(const Event& event) {
  if (tracer) tracer->event(event);
  if (mailbox) mailbox->log.event(event);
  if (timeline) timeline->event(event);
  phases.event(event);
  switch (event.kind) {
    case Event::Kind::cold_reset:
    case Event::Kind::warm_reset:
    case Event::Kind::firmware_update_reset:
      if (calls) calls->reset();
      break;
    case Event::Kind::firmware_error_fatal:
      note_problem(event.cycle,
                   fmt::format("CPTRA_FW_ERROR_FATAL 0x{:08x} {}", event.value, firmware_error_name(event.value)));
      break;
    case Event::Kind::hardware_error_fatal:
      note_problem(event.cycle, fmt::format("CPTRA_HW_ERROR_FATAL 0x{:08x} {}", event.value,
                                            hardware_error_names(event.value, core.configuration().generation)));
      break;
    default: break;
  }
}

void Observation::Parts::hear(const SocAccess& access) {
  if (tracer) tracer->soc_access(access);
  if (engines) engines->soc_access(access);
  if (mailbox) mailbox->log.soc_access(access);
  if (access.status != veer::BusStatus::ok && options.report) {
    note_problem(access.cycle, fmt::format("the SoC's {} of 0x{:08x} as user 0x{:x} was refused",
                                           access.write ? "write" : "read", access.address, access.user));
  }
}

void Observation::Parts::listen() {
  observe();
  core.on_event([this](const Event& event) {
    if (!paused) hear(event);
  });
  core.on_soc_access([this](const SocAccess& access) {
    if (!paused) hear(access);
  });
  if (!options.report) return;
  core.on_console([this](char character) {
    if (!paused && console.size() < most_console) console += character;
  });
}

std::string Observation::Parts::page(std::string_view why, bool as_wanted) {
  for (const profile::StackUse& each : stacks->stacks()) {
    if (!each.overflow) continue;
    note_problem(each.overflow_cycle,
                 fmt::format("the stack of {} overflows in {}: sp 0x{:08x} is below 0x{:08x}", each.image,
                             code->function_name(each.overflow_pc), each.lowest, *each.bottom));
  }
  report::Data data;
  data.title = "Caliptra boot report";
  data.result = why;
  data.good = as_wanted;
  data.setup = run.setup;
  data.cycles = core.cycles();
  data.instructions = core.instructions();
  data.phases = phases.phases();
  data.steps = phases.steps();
  data.engines = engines->engines();
  data.engine_spans = engines->spans();
  data.transactions = mailbox->log.transactions();
  data.traps = traps.traps;
  data.problems = problems;
  data.profiler = profiler.get();
  data.stacks = stacks->stacks();
  data.coverage = coverage.get();
  data.code = code.get();
  if (const veer::TimingStatistics* timing = core.hart().timing_statistics()) data.timing = *timing;
  data.console = console;
  return report::report_html(data);
}

Observation::Observation(const ObservationOptions& options, Core& core, ObservedRun run,
                         std::function<void()> on_failure)
    : parts_(std::make_unique<Parts>(options, core, std::move(run), std::move(on_failure))) {
  Parts& parts = *parts_;
  std::string why;
  for (const std::string& each : options.symbols) {
    if (!parts.symbols.load(each, why)) throw Failure(exit_input_file, why);
  }
  parts.code = std::make_unique<trace::CodeMap>(
      parts.symbols, trace::code_images(core.configuration().rom.size(), parts.run.firmware));
  parts.add_observers();
  parts.add_trace();
  parts.add_documents();
  parts.listen();
}

Observation::~Observation() { parts_->core.hart().set_observer(nullptr); }

const symbols::SymbolTable& Observation::symbols() const { return parts_->symbols; }

const std::string& Observation::error() const { return parts_->error; }

void Observation::pause(bool paused) {
  parts_->paused = paused;
  parts_->observe();
}

std::string Observation::start_trace(const std::string& path) {
  if (parts_->tracer) return "a trace is being written already";
  try {
    parts_->open_trace(path);
  } catch (const Failure& failure) {
    return failure.what();
  }
  parts_->observe();
  return "";
}

std::string Observation::stop_trace() {
  if (!parts_->tracer) return "no trace is being written";
  parts_->close_trace();
  return parts_->error;
}

void Observation::finish(std::string_view result, bool good) {
  Parts& parts = *parts_;
  parts.close_trace();
  parts.core.hart().set_observer(nullptr);
  if (parts.profiler) parts.profiler->finish();
  if (parts.calls) parts.calls->finish();
  if (parts.engines) parts.engines->finish();
  if (parts.mailbox) parts.mailbox->log.finish(parts.core.cycles());
  parts.phases.finish(parts.core.cycles(), parts.core.instructions());
  if (parts.timeline) parts.timeline->finish(parts.phases);
  parts.close(parts.timeline_stream);
  parts.result = result;
  parts.good = good;
  for (Parts::Document& each : parts.documents) {
    const bool written = each.file->write(each.contents());
    if ((!each.file->close() || !written) && parts.error.empty()) parts.error = each.file->error();
  }
}

}  // namespace caliptra::emu
