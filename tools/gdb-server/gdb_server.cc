// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/gdb-server/gdb_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

namespace caliptra::gdb {
namespace {

constexpr std::string_view corrupt_reply = "E01";
constexpr std::string_view oversize_reply = "E07";
constexpr std::size_t receive_size = 4096;

// Longer texts for the debugger's user are sent in pieces.
constexpr std::size_t print_size = 1024;

std::string stop_reply(Signal signal, std::string_view reason = "") {
  return fmt::format("T{:02x}{}thread:1;", static_cast<unsigned>(signal), reason);
}

StopReason reason_of(veer::StopReason reason) {
  switch (reason) {
    case veer::StopReason::cycle_limit: return StopReason::cycle_limit;
    case veer::StopReason::instruction_limit: return StopReason::instruction_limit;
    case veer::StopReason::stopped: return StopReason::stopped;
    case veer::StopReason::breakpoint: return StopReason::breakpoint;
    case veer::StopReason::watchpoint: return StopReason::watchpoint;
    case veer::StopReason::halted_forever: return StopReason::no_progress;
  }
  return StopReason::stopped;
}

}  // namespace

GdbServer::GdbServer(Core& core, Transport& transport, SocManager* soc, State begin)
    : core_(core), transport_(transport), monitor_(core, soc), state_(begin), last_stop_(stop_reply(Signal::trap)) {}

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
  resumed_instructions_ = core_.instructions();
  state_ = State::running;
}

StopReason GdbServer::run(const RunLimits& limits) {
  RunLimits slice = limits;
  slice.until_cycle = std::min(limits.until_cycle, core_.cycles() + slice_cycles);
  if (slice.until_instructions <= core_.instructions()) return StopReason::instruction_limit;
  const veer::RunResult result = run_hart(slice);
  if (state_ == State::running) {
    if (result.reason == veer::StopReason::watchpoint) {
      stop_at_watchpoint(result);
    } else if (result.reason == veer::StopReason::breakpoint || (moved() && at_breakpoint())) {
      // The hart passes a breakpoint that it finds itself at when it begins: so does a slice that ended there.
      stop_at_breakpoint();
    } else if (motion_ == Motion::step && moved()) {
      stop(stop_reply(Signal::trap));
    } else if (motion_ == Motion::range && moved() && core_.hart().pc() - range_begin_ >= range_end_ - range_begin_) {
      stop(stop_reply(Signal::trap));
    }
  }
  return reason_of(result.reason);
}

veer::RunResult GdbServer::run_hart(const RunLimits& limits) {
  veer::Hart& hart = core_.hart();
  const auto left = [&] {
    return limits.until_instructions == veer::Clock::never ? UINT64_MAX
                                                           : limits.until_instructions - hart.instructions();
  };
  if (state_ == State::detached || motion_ == Motion::go) return hart.run(limits.until_cycle, left());
  if (motion_ == Motion::step) return hart.run(limits.until_cycle, std::min<uint64_t>(left(), 1));
  for (;;) {
    const veer::RunResult result = hart.run(limits.until_cycle, std::min<uint64_t>(left(), 1));
    const bool inside = hart.pc() - range_begin_ < range_end_ - range_begin_;
    if (result.reason != veer::StopReason::instruction_limit || !inside || at_breakpoint() || left() == 0)
      return result;
  }
}

bool GdbServer::moved() const {
  return core_.instructions() != resumed_instructions_ || core_.hart().pc() != resumed_pc_;
}

bool GdbServer::at_breakpoint() const {
  return breakpoints_.contains(core_.hart().pc()) && !core_.hart().held_in_reset();
}

void GdbServer::stop(std::string reply_text) {
  state_ = State::stopped;
  last_stop_ = std::move(reply_text);
  reply(last_stop_);
}

void GdbServer::stop_at_breakpoint() {
  const auto found = breakpoints_.find(core_.hart().pc());
  const bool software = found != breakpoints_.end() && (found->second & 1) != 0;
  stop(stop_reply(Signal::trap, software ? "swbreak:;" : "hwbreak:;"));
}

void GdbServer::stop_at_watchpoint(const veer::RunResult& result) {
  const auto hit = [&](const auto& watchpoint) {
    const auto& [address, length, kind] = watchpoint;
    return result.address - address < length && (static_cast<int>(kind) & static_cast<int>(result.kind)) != 0;
  };
  const auto found = std::find_if(watchpoints_.begin(), watchpoints_.end(), hit);
  const veer::WatchKind kind = found != watchpoints_.end() ? std::get<veer::WatchKind>(*found) : result.kind;
  const char* const name = kind == veer::WatchKind::write  ? "watch"
                           : kind == veer::WatchKind::read ? "rwatch"
                                                           : "awatch";
  stop(stop_reply(Signal::trap, fmt::format("{}:{:x};", name, result.address)));
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
