// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/gdb-server/gdb_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "soc/history.h"

namespace caliptra::gdb {
namespace {

constexpr std::string_view corrupt_reply = "E01";
constexpr std::string_view oversize_reply = "E07";
constexpr std::size_t receive_size = 4096;
constexpr uint8_t interrupt_byte = 0x03;

// Longer texts for the debugger's user are sent in pieces.
constexpr std::size_t print_size = 1024;

std::string stop_reply(Signal signal, std::string_view reason = "") {
  return fmt::format("T{:02x}{}thread:1;", static_cast<unsigned>(signal), reason);
}

}  // namespace

GdbServer::GdbServer(Core& core, Transport& transport, SocManager* soc, State begin, History* history)
    : core_(core),
      transport_(transport),
      history_(history),
      monitor_(core, soc, history),
      state_(begin),
      last_stop_(stop_reply(Signal::trap)) {}

GdbServer::~GdbServer() { remove_points(); }

std::optional<StopReason> GdbServer::poll(const RunLimits& limits) {
  serve();
  if (state_ != State::running && state_ != State::detached) return std::nullopt;
  return run(limits);
}

void GdbServer::serve() {
  if (state_ == State::killed) return;
  if (!in_session_ && transport_.accept()) begin_session();
  if (!in_session_) return;
  std::array<uint8_t, receive_size> bytes;
  const std::size_t count = transport_.receive(bytes);
  for (std::size_t i = 0; i < count && in_session_; ++i) {
    if (const auto received = reader_.take(bytes[i])) take(*received);
  }
  if (in_session_ && !transport_.connected()) end_session();
}

void GdbServer::begin_session() {
  in_session_ = true;
  heard_ = false;
  acknowledges_ = true;
  reader_.clear();
  last_sent_.clear();
  state_before_session_ = state_;
  state_ = State::stopped;
  last_stop_ = stop_reply(Signal::trap);
}

// A connection that is lost leaves the core as it is, stopped or running. One that never said anything was not a
// debugger's, and changes nothing.
void GdbServer::end_session() {
  in_session_ = false;
  remove_points();
  if (state_ == State::stopped) state_ = heard_ ? State::waiting : state_before_session_;
  if (state_ == State::running) state_ = State::detached;
}

void GdbServer::take(const Received& received) {
  switch (received.kind) {
    case Received::Kind::acknowledge: return;
    case Received::Kind::retransmit:
      if (acknowledges_) transport_.send(last_sent_);
      return;
    case Received::Kind::interrupt: return halt(Signal::interrupt);
    case Received::Kind::corrupt: return acknowledges_ ? transport_.send("-") : reply(corrupt_reply);
    case Received::Kind::oversize:
      if (acknowledges_) transport_.send("+");
      return reply(oversize_reply);
    case Received::Kind::packet: break;
  }
  heard_ = true;
  if (acknowledges_) transport_.send("+");
  command(received.payload);
}

void GdbServer::reply(std::string_view payload) {
  last_sent_ = frame(payload);
  transport_.send(last_sent_);
}

void GdbServer::print(std::string_view text) {
  for (; !text.empty(); text.remove_prefix(std::min(text.size(), print_size))) {
    reply(fmt::format("O{}", to_hex(text.substr(0, print_size))));
  }
}

void GdbServer::resume(Motion motion) {
  motion_ = motion;
  resumed_pc_ = core_.hart().pc();
  resumed_executed_ = core_.hart().executed();
  // The debugger has seen where it stands.
  core_.hart().pass_breakpoint();
  state_ = State::running;
}

StopReason GdbServer::run(const RunLimits& limits) {
  RunLimits slice = limits;
  slice.until_cycle = std::min(limits.until_cycle, core_.cycles() + slice_cycles);
  const RunResult result = run_core(slice);
  if (state_ == State::running) {
    if (result.reason == StopReason::watchpoint) {
      stop(watchpoint_reply(result.address, result.kind));
    } else if (result.reason == StopReason::breakpoint || (motion_ != Motion::go && moved() && at_breakpoint())) {
      stop(breakpoint_reply());
    } else if (motion_ == Motion::step && moved()) {
      stop(stop_reply(Signal::trap));
    } else if (motion_ == Motion::range && moved() && core_.hart().pc() - range_begin_ >= range_end_ - range_begin_) {
      stop(stop_reply(Signal::trap));
    }
  }
  return result.reason;
}

RunResult GdbServer::run_core(const RunLimits& limits) {
  const auto go = [this](const RunLimits& part) { return history_ != nullptr ? history_->run(part) : core_.run(part); };
  if (state_ == State::detached || motion_ == Motion::go) return go(limits);
  RunLimits step = limits;
  step.most_executed = std::min<uint64_t>(limits.most_executed, 1);
  for (;;) {
    const RunResult result = go(step);
    if (motion_ == Motion::step || result.reason != StopReason::instruction_limit) return result;
    const bool inside = core_.hart().pc() - range_begin_ < range_end_ - range_begin_;
    if (!inside || at_breakpoint() || core_.instructions() >= limits.until_instructions) return result;
  }
}

/// Undoes one instruction, or runs back to what stops the core; why it stopped.
std::string GdbServer::run_back(bool step) {
  // A debugger that waits says nothing but that it doesn't want to any longer.
  const auto interrupted = [this] {
    std::array<uint8_t, 1> byte;
    return transport_.receive(byte) != 0 && byte[0] == interrupt_byte;
  };
  const History::Back back = step ? history_->step_back() : history_->run_back(interrupted);
  switch (back.reason) {
    case History::Back::Reason::moved: return at_breakpoint() ? breakpoint_reply() : stop_reply(Signal::trap);
    case History::Back::Reason::breakpoint: return breakpoint_reply();
    case History::Back::Reason::watchpoint:
      // gdb knows that RISC-V stops on this side of the access, and goes over it by one step: forwards by a stop before
      // the instruction, backwards by one behind it.
      history_->go_to(core_.hart().executed() + 1);
      return watchpoint_reply(back.address, back.kind);
    case History::Back::Reason::beginning: return stop_reply(Signal::trap, "replaylog:begin;");
    case History::Back::Reason::interrupted: return stop_reply(Signal::interrupt);
  }
  return stop_reply(Signal::trap);
}

/// The debugger has changed the core.
void GdbServer::changed() {
  if (history_ != nullptr) history_->changed();
}

bool GdbServer::moved() const {
  return core_.hart().executed() != resumed_executed_ || core_.hart().pc() != resumed_pc_;
}

bool GdbServer::at_breakpoint() const {
  return breakpoints_.contains(core_.hart().pc()) && !core_.hart().held_in_reset();
}

void GdbServer::stop(std::string reply_text) {
  state_ = State::stopped;
  last_stop_ = std::move(reply_text);
  reply(last_stop_);
}

std::string GdbServer::breakpoint_reply() const {
  const auto found = breakpoints_.find(core_.hart().pc());
  const bool software = found != breakpoints_.end() && (found->second & 1) != 0;
  return stop_reply(Signal::trap, software ? "swbreak:;" : "hwbreak:;");
}

/// gdb takes the reply for those of its watchpoints that the address is in; its name is that of the first of them.
std::string GdbServer::watchpoint_reply(uint32_t touched, veer::WatchKind how) const {
  const auto hit = [&](const auto& watchpoint) {
    const auto& [address, length, kind] = watchpoint;
    return touched - address < length && (static_cast<int>(kind) & static_cast<int>(how)) != 0;
  };
  const auto found = std::find_if(watchpoints_.begin(), watchpoints_.end(), hit);
  const veer::WatchKind kind = found != watchpoints_.end() ? std::get<veer::WatchKind>(*found) : how;
  const char* const name = kind == veer::WatchKind::write  ? "watch"
                           : kind == veer::WatchKind::read ? "rwatch"
                                                           : "awatch";
  return stop_reply(Signal::trap, fmt::format("{}:{:x};", name, touched));
}

void GdbServer::halt(Signal signal) {
  if (state_ == State::running) stop(stop_reply(signal));
}

void GdbServer::finish(uint8_t status) {
  if (!in_session_) return;
  if (state_ == State::running) reply(fmt::format("W{:02x}", status));
  transport_.disconnect();
  end_session();
}

void GdbServer::remove_points() {
  for (const auto& [address, kinds] : breakpoints_) core_.hart().remove_breakpoint(address);
  for (const auto& [address, length, kind] : watchpoints_) core_.hart().remove_watchpoint(address, length, kind);
  breakpoints_.clear();
  watchpoints_.clear();
}

}  // namespace caliptra::gdb
