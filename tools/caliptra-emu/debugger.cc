// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/debugger.h"

#include <fmt/format.h>

#include <array>
#include <span>

#include "iss/hart.h"
#include "tools/caliptra-emu/exit_status.h"

namespace caliptra::emu {

Debugger::Debugger(const serve::Address& address, Core& core, SocManager& soc, Observation& observation)
    : core_(core), observation_(observation), history_(core, &soc) {
  std::string error;
  auto listener = serve::Listener::open(address, error);
  if (!listener) throw Failure(exit_host_io, error);
  transport_.emplace(std::move(*listener));
  server_.emplace(core, *transport_, &soc, gdb::GdbServer::State::waiting, &history_);
  // What is repeated has been seen already.
  history_.on_replay([this](bool repeats) { observation_.pause(repeats); });
  gdb::Monitor& monitor = server_->monitor();
  monitor.add("backtrace", "backtrace", "the calls that led here, with the names that --symbols gave",
              [this](std::string_view arguments) { return backtrace(arguments); });
  monitor.add("trace", "trace on FILE|off", "writes a trace, as --trace-format and --trace-filter say",
              [this](std::string_view arguments) { return trace(arguments); });
}

std::string Debugger::backtrace(std::string_view arguments) const {
  if (!gdb::take_word(arguments).empty()) return "'backtrace' takes nothing\n";
  const veer::Hart& hart = core_.hart();
  std::array<uint32_t, 32> x;
  for (unsigned i = 0; i < x.size(); ++i) x[i] = hart.x(i);
  return observation_.symbols().backtrace_text(
      hart.pc(), x, [this](uint32_t at, std::span<uint8_t> bytes) { return core_.peek(at, bytes); });
}

std::string Debugger::trace(std::string_view arguments) {
  const std::string_view action = gdb::take_word(arguments);
  const std::string_view file = gdb::take_word(arguments);
  const bool on = action == "on" && !file.empty();
  if ((!on && (action != "off" || !file.empty())) || !gdb::take_word(arguments).empty()) {
    return "'trace' takes 'on FILE' or 'off'\n";
  }
  const std::string wrong = on ? observation_.start_trace(std::string(file)) : observation_.stop_trace();
  if (!wrong.empty()) return wrong + "\n";
  return on ? fmt::format("tracing into '{}'\n", file) : "the trace is written\n";
}

}  // namespace caliptra::emu
