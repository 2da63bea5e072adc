// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/observation.h"

#include <utility>

#include "iss/hart.h"
#include "tools/caliptra-emu/exit_status.h"
#include "tools/caliptra-emu/files.h"
#include "tools/trace/compact_trace.h"
#include "tools/trace/fan.h"
#include "tools/trace/filter.h"
#include "tools/trace/human_trace.h"
#include "tools/trace/output.h"
#include "tools/trace/spike_trace.h"

namespace caliptra::emu {
namespace {

using Format = ObservationOptions::TraceFormat;

}  // namespace

struct Observation::Parts {
  Parts(const ObservationOptions& the_options, Core& the_core, std::function<void()> the_on_failure)
      : options(the_options), core(the_core), on_failure(std::move(the_on_failure)) {}

  const ObservationOptions& options;
  Core& core;
  std::function<void()> on_failure;
  std::string error;

  trace::Fan fan;
  trace::Filter filter;
  std::unique_ptr<OutputFile> trace_file;
  std::unique_ptr<trace::Output> trace_output;
  std::unique_ptr<trace::Tracer> tracer;
  bool paused = false;

  void add_trace(const symbols::SymbolTable& symbols);
  void open_trace(const std::string& path, const symbols::SymbolTable& symbols);
  void close_trace();
  void observe() { core.hart().set_observer(paused ? nullptr : fan.best()); }
  void listen();
};

void Observation::Parts::add_trace(const symbols::SymbolTable& symbols) {
  std::string why;
  for (const std::string& each : options.trace_filters) {
    if (!filter.add(each, core, symbols, why)) throw Failure(exit_usage, "--trace-filter: " + why);
  }
  if (options.trace) open_trace(*options.trace, symbols);
}

void Observation::Parts::open_trace(const std::string& path, const symbols::SymbolTable& symbols) {
  trace_file = std::make_unique<OutputFile>("trace", path);
  trace_output = std::make_unique<trace::Output>([this](std::string_view text) { return trace_file->write(text); },
                                                 [this] {
                                                   error = trace_file->error();
                                                   on_failure();
                                                 });
  switch (options.trace_format) {
    case Format::compact: tracer = std::make_unique<trace::CompactTrace>(core, filter, *trace_output); break;
    case Format::spike: tracer = std::make_unique<trace::SpikeTrace>(core, filter, *trace_output, true); break;
    case Format::spike_commits: tracer = std::make_unique<trace::SpikeTrace>(core, filter, *trace_output, false); break;
    case Format::human: tracer = std::make_unique<trace::HumanTrace>(core, filter, *trace_output, symbols); break;
  }
  fan.add(*tracer);
}

void Observation::Parts::close_trace() {
  if (!tracer) return;
  tracer->finish();
  fan.remove(*tracer);
  observe();
  const bool written = trace_output->close();
  if ((!trace_file->close() || !written) && error.empty()) error = trace_file->error();
  tracer.reset();
  trace_output.reset();
  trace_file.reset();
}

void Observation::Parts::listen() {
  observe();
  core.on_event([this](const Event& event) {
    if (tracer && !paused) tracer->event(event);
  });
  core.on_soc_access([this](const SocAccess& access) {
    if (tracer && !paused) tracer->soc_access(access);
  });
}

Observation::Observation(const ObservationOptions& options, Core& core, std::function<void()> on_failure)
    : parts_(std::make_unique<Parts>(options, core, std::move(on_failure))) {
  std::string why;
  for (const std::string& each : options.symbols) {
    if (!symbols_.load(each, why)) throw Failure(exit_input_file, why);
  }
  parts_->add_trace(symbols_);
  parts_->listen();
}

Observation::~Observation() { parts_->core.hart().set_observer(nullptr); }

std::string Observation::error() const { return parts_->error; }

void Observation::pause(bool paused) {
  parts_->paused = paused;
  parts_->observe();
}

std::string Observation::start_trace(const std::string& path) {
  if (parts_->tracer) return "a trace is being written already";
  try {
    parts_->open_trace(path, symbols_);
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

void Observation::finish(std::string_view) {
  Parts& parts = *parts_;
  parts.close_trace();
  parts.core.hart().set_observer(nullptr);
}

}  // namespace caliptra::emu
