// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Serves one core to the clients of a socket, from one thread.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/serve/address.h"
#include "tools/serve/json_protocol.h"
#include "tools/serve/machine.h"
#include "tools/serve/protocol.h"
#include "tools/serve/settings.h"

namespace caliptra::serve {

/// With cptr the core's time passes as long as there is a client; without one it stands still. A hart that sleeps
/// costs next to no host time.
class Server {
 public:
  Server(Machine& machine, Listener listener, const ServerSettings& settings);
  ~Server();
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;

  /// Serves until a byte can be read from `stop` (a pipe's end), or the listening socket fails: false then.
  bool serve(int stop);

  /// Told of connections that end before their time, one line each.
  void on_log(std::function<void(const std::string&)> log) { log_ = std::move(log); }

  [[nodiscard]] const Address& address() const { return listener_.address(); }

 private:
  using Clock = std::chrono::steady_clock;
  struct Client;

  void accept_client();
  void receive_from(Client& client);
  void send_to(Client& client);
  void check_patience(Client& client, Clock::time_point now);
  void end(Client& client, std::string reason);
  int let_time_pass(bool busy);

  Machine& machine_;
  Listener listener_;
  ServerSettings settings_;
  JsonProtocol::Snapshots snapshots_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::function<void(const std::string&)> log_;
  uint64_t slice_ = 0;
};

}  // namespace caliptra::serve
