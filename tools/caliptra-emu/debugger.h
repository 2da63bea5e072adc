// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The gdb server of a run, with what the program adds to it: backtraces with symbols, and traces.

#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "soc/history.h"
#include "tools/caliptra-emu/observation.h"
#include "tools/gdb-server/gdb_server.h"
#include "tools/gdb-server/socket_transport.h"

namespace caliptra::emu {

class Debugger {
 public:
  /// Listens; the core waits for a debugger. Everything must outlive this. Throws Failure.
  Debugger(const serve::Address& address, Core& core, SocManager& soc, Observation& observation);

  [[nodiscard]] gdb::GdbServer& server() { return *server_; }
  [[nodiscard]] const gdb::GdbServer& server() const { return *server_; }
  [[nodiscard]] History& history() { return history_; }
  [[nodiscard]] const History& history() const { return history_; }
  [[nodiscard]] const gdb::SocketTransport& transport() const { return *transport_; }

 private:
  [[nodiscard]] std::string backtrace(std::string_view arguments) const;
  [[nodiscard]] std::string trace(std::string_view arguments);

  Core& core_;
  Observation& observation_;
  std::optional<gdb::SocketTransport> transport_;
  History history_;
  std::optional<gdb::GdbServer> server_;
};

}  // namespace caliptra::emu
