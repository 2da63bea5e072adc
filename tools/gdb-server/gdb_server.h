// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A gdb server for a core: gdb's remote serial protocol (appendix E of gdb's manual), all-stop, one thread. It is
// polled: the host calls poll() in its loop where it would call Core::run().

#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tuple>

#include "iss/hart.h"
#include "soc/core.h"
#include "tools/gdb-server/monitor.h"
#include "tools/gdb-server/packet.h"
#include "tools/gdb-server/transport.h"

namespace caliptra {
class History;
class SocManager;
}  // namespace caliptra

namespace caliptra::gdb {

/// Signals of stop replies, by the numbers of the protocol.
enum class Signal : uint8_t {
  interrupt = 2,  ///< the debugger's Ctrl-C
  trap = 5,       ///< a breakpoint, a watchpoint, the end of a step, or a new connection
  abort = 6,      ///< the core set a fatal error register
};

/// Serves one core to one debugger at a time. While nobody but this server runs the core, the core stands still as long
/// as a debugger has it stopped. Reading the core for a debugger has no side effects. Belongs to the core's thread.
class GdbServer {
 public:
  enum class State : uint8_t {
    waiting,   ///< stopped, and no debugger is there: the beginning, and after one was lost
    stopped,   ///< a debugger looks at the core
    running,   ///< a debugger has let the core run, and waits for it to stop
    detached,  ///< no debugger wants anything of the core: it runs
    killed,    ///< a debugger has asked for the end; poll() does nothing any more
  };

  /// `soc` does the resets of `monitor reset`; without it they are refused. All of them must outlive the server.
  /// Begins `waiting`, or, where the core should run until a debugger comes, `detached`. With `history` the debugger
  /// can run the core backwards.
  GdbServer(Core& core, Transport& transport, SocManager* soc = nullptr, State begin = State::waiting,
            History* history = nullptr);
  ~GdbServer();
  GdbServer(const GdbServer&) = delete;
  GdbServer& operator=(const GdbServer&) = delete;

  /// Answers what the debugger has sent, then runs the core, if it may run, until the limits, until the debugger
  /// wants it stopped, or for slice_cycles, whatever comes first. Nothing if the core may not run. It stays `running`
  /// when nothing can happen any more (StopReason::no_progress): a debugger may still interrupt it.
  std::optional<StopReason> poll(const RunLimits& limits = {});

  /// Only answers what the debugger has sent; nothing runs.
  void serve();

  [[nodiscard]] State state() const { return state_; }

  /// What answers `monitor`: a program adds commands of its own.
  [[nodiscard]] Monitor& monitor() { return monitor_; }

  /// Stops a running core as if by itself, and tells the debugger. Nothing happens in any other state.
  void halt(Signal signal);

  /// The run is over: tells a debugger that waits for the core the exit status, and ends the connection.
  void finish(uint8_t status);

  /// How long the core runs without a look at what the debugger sends, in cycles.
  static constexpr uint64_t slice_cycles = 100'000;

 private:
  enum class Motion : uint8_t { go, step, range };

  // gdb_server.cc: connections, running and stopping
  void begin_session();
  void end_session();
  void take(const Received& received);
  void resume(Motion motion);
  StopReason run(const RunLimits& limits);
  RunResult run_core(const RunLimits& limits);
  std::string run_back(bool step);
  void changed();
  [[nodiscard]] bool moved() const;
  [[nodiscard]] bool at_breakpoint() const;
  void stop(std::string reply);
  [[nodiscard]] std::string breakpoint_reply() const;
  [[nodiscard]] std::string watchpoint_reply(uint32_t touched, veer::WatchKind how) const;
  void remove_points();
  void reply(std::string_view payload);
  void print(std::string_view text);

  // commands.cc: what packets ask for. Nothing: the answer comes when the core stops.
  using Answer = std::optional<std::string>;
  void command(std::string_view packet);
  [[nodiscard]] Answer answer(char kind, std::string_view rest);
  [[nodiscard]] std::string query(std::string_view packet);
  [[nodiscard]] std::string transfer(std::string_view rest);
  [[nodiscard]] std::string read_registers() const;
  [[nodiscard]] std::string write_registers(std::string_view text);
  [[nodiscard]] std::string read_register(std::string_view text) const;
  [[nodiscard]] std::string write_register(std::string_view text);
  [[nodiscard]] std::string read_memory(std::string_view text) const;
  [[nodiscard]] std::string write_memory(std::string_view text, bool binary);
  [[nodiscard]] bool poke(uint32_t address, std::span<const uint8_t> bytes);
  [[nodiscard]] std::string change_point(std::string_view text, bool insert);
  [[nodiscard]] std::string change_breakpoint(uint32_t address, uint8_t kind, bool insert);
  [[nodiscard]] std::string change_watchpoint(uint32_t address, uint32_t length, veer::WatchKind kind, bool insert);
  [[nodiscard]] Answer resume_at(std::string_view text, Motion motion, bool has_signal);
  [[nodiscard]] Answer resume_threads(std::string_view actions);
  [[nodiscard]] std::string run_monitor(std::string_view text);

  Core& core_;
  Transport& transport_;
  History* history_;
  Monitor monitor_;

  State state_ = State::waiting;
  State state_before_session_ = State::waiting;
  bool in_session_ = false;
  bool heard_ = false;  // the debugger of this session has sent a packet
  bool acknowledges_ = true;
  PacketReader reader_;
  std::string last_sent_;
  std::string last_stop_;

  Motion motion_ = Motion::go;
  uint32_t range_begin_ = 0;
  uint32_t range_end_ = 0;
  uint32_t resumed_pc_ = 0;
  uint64_t resumed_executed_ = 0;

  std::map<uint32_t, uint8_t> breakpoints_;  // address -> bit 0 software, bit 1 hardware
  std::set<std::tuple<uint32_t, uint32_t, veer::WatchKind>> watchpoints_;
};

}  // namespace caliptra::gdb
