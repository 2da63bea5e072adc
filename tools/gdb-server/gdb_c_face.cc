// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The gdb part of caliptra_emu.h.

#include <optional>
#include <string>
#include <utility>

#include "soc/c/instance.h"
#include "tools/gdb-server/gdb_server.h"
#include "tools/gdb-server/socket_transport.h"

namespace {

using namespace caliptra::c_face;
using caliptra::RunLimits;
using caliptra::StopReason;
using caliptra::gdb::GdbServer;
using caliptra::gdb::SocketTransport;
using State = GdbServer::State;

/// A gdb server for a core whose time is somebody else's.
class Debugging final : public RunControl {
 public:
  Debugging(caliptra::Core& core, caliptra::serve::Listener listener, bool wait)
      : core_(core), transport_(std::move(listener)), address_(transport_.address().text()) {
    server_.emplace(core_, transport_, nullptr, wait ? State::waiting : State::detached);
    transport_.set_accepting(false);
  }

  // The server runs in slices, to hear its debugger.
  std::optional<StopReason> run(const RunLimits& limits) override {
    for (;;) {
      const auto reason = server_->poll(limits);
      let_go_if_killed();
      if (!reason || state() == CALIPTRA_EMU_GDB_STOPPED) return std::nullopt;
      if (*reason != StopReason::cycle_limit || core_.cycles() >= limits.until_cycle) return reason;
    }
  }

  // Only here a connection is taken, so that a host that waits at the descriptor sees that it is another one.
  void serve() {
    transport_.set_accepting(true);
    server_->serve();
    transport_.set_accepting(false);
    let_go_if_killed();
  }

  [[nodiscard]] int state() const {
    switch (server_->state()) {
      case State::running: return CALIPTRA_EMU_GDB_RUNNING;
      case State::detached: return CALIPTRA_EMU_GDB_NOBODY;
      default: return CALIPTRA_EMU_GDB_STOPPED;
    }
  }

  [[nodiscard]] const SocketTransport& transport() const { return transport_; }
  [[nodiscard]] const std::string& address() const { return address_; }

 private:
  // The end of the simulation isn't the debugger's to decide.
  void let_go_if_killed() {
    if (server_->state() == State::killed) server_.emplace(core_, transport_, nullptr, State::detached);
  }

  caliptra::Core& core_;
  SocketTransport transport_;
  std::string address_;
  std::optional<GdbServer> server_;
};

Debugging* debugging(const caliptra_emu* emu) { return static_cast<Debugging*>(emu->run_control.get()); }

}  // namespace

int caliptra_emu_gdb_listen(caliptra_emu* emu, const char* address, bool wait) {
  return guarded_outside_run(emu, [&]() -> int {
    if (address == nullptr) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "address is null");
    if (emu->run_control != nullptr) return fail(emu, CALIPTRA_EMU_BUSY, "it listens already");
    std::string error;
    const auto parsed = caliptra::gdb::parse_address(address, error);
    if (!parsed) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "gdb: " + error);
    auto listener = caliptra::serve::Listener::open(*parsed, error);
    if (!listener) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "gdb: " + error);
    emu->run_control = std::make_unique<Debugging>(*emu->core, std::move(*listener), wait);
    return CALIPTRA_EMU_OK;
  });
}

const char* caliptra_emu_gdb_address(const caliptra_emu* emu) {
  return emu == nullptr || emu->run_control == nullptr ? "" : debugging(emu)->address().c_str();
}

int caliptra_emu_gdb_poll(caliptra_emu* emu, int* state) {
  return guarded_outside_run(emu, [&]() -> int {
    if (state != nullptr) *state = CALIPTRA_EMU_GDB_OFF;
    if (emu->run_control == nullptr) return CALIPTRA_EMU_OK;
    const Running running(*emu);
    debugging(emu)->serve();
    if (state != nullptr) *state = debugging(emu)->state();
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_gdb_descriptor(const caliptra_emu* emu, int* descriptor, bool* for_writing) {
  return guarded(emu, [&]() -> int {
    if (descriptor == nullptr || for_writing == nullptr) {
      return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "a pointer is null");
    }
    const bool listens = emu->run_control != nullptr;
    *descriptor = listens ? debugging(emu)->transport().descriptor() : -1;
    *for_writing = listens && debugging(emu)->transport().waits_to_write();
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_gdb_close(caliptra_emu* emu) {
  return guarded_outside_run(emu, [&]() -> int {
    emu->run_control.reset();
    return CALIPTRA_EMU_OK;
  });
}
