// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/serve/server.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include "tools/serve/cptr_protocol.h"

namespace caliptra::serve {
namespace {

// Cycles between two looks at the sockets: few after a request, since a client that waits for the core's answer asks
// again at once; then more and more.
constexpr uint64_t first_slice = 500;
constexpr uint64_t longest_slice = 200'000;

constexpr int pause_ms = 1;

constexpr std::size_t read_size = 64 * 1024;

}  // namespace

struct Server::Client {
  Descriptor descriptor;
  std::unique_ptr<Protocol> protocol;
  std::vector<uint8_t> output;
  std::size_t sent = 0;
  bool ending = false;  // once the output is sent
  bool ended = false;
  std::optional<Clock::time_point> deadline;  // of what the peer owes

  [[nodiscard]] bool has_output() const { return sent < output.size(); }
};

Server::Server(Machine& machine, Listener listener, const ServerSettings& settings)
    : machine_(machine), listener_(std::move(listener)), settings_(settings), slice_(first_slice) {
  if (settings_.protocol == ProtocolKind::json) settings_.most_clients = 1;
}

Server::~Server() = default;

void Server::end(Client& client, std::string reason) {
  if (!reason.empty() && log_) log_(reason);
  client.ended = true;
}

void Server::accept_client() {
  Descriptor descriptor = listener_.accept();
  if (!descriptor.open()) return;
  if (clients_.size() >= settings_.most_clients) {
    if (log_) log_(fmt::format("a connection was closed: there are {} already", clients_.size()));
    return;
  }
  auto client = std::make_unique<Client>();
  client->descriptor = std::move(descriptor);
  if (settings_.protocol == ProtocolKind::cptr) {
    client->protocol = std::make_unique<CptrProtocol>(machine_);
  } else {
    client->protocol = std::make_unique<JsonProtocol>(machine_, snapshots_);
  }
  clients_.push_back(std::move(client));
}

void Server::receive_from(Client& client) {
  std::array<uint8_t, read_size> bytes;
  const ssize_t count = ::recv(client.descriptor.number(), bytes.data(), bytes.size(), 0);
  if (count < 0) {
    if (errno != EAGAIN && errno != EINTR) end(client, "");
    return;
  }
  if (count == 0) {
    // Requests that were sent before still have their answers under way.
    client.ending = true;
    if (client.protocol->within_request()) end(client, "a connection ended within a request");
    if (!client.has_output()) end(client, "");
    return;
  }
  slice_ = first_slice;
  if (!client.protocol->receive({bytes.data(), static_cast<std::size_t>(count)}, client.output)) {
    client.ending = true;
    if (log_) log_("a connection is closed: " + client.protocol->violation());
  }
  send_to(client);
}

void Server::send_to(Client& client) {
  while (client.has_output()) {
    const ssize_t count = ::send(client.descriptor.number(), client.output.data() + client.sent,
                                 client.output.size() - client.sent, MSG_NOSIGNAL);
    if (count < 0) {
      if (errno == EINTR) continue;
      if (errno != EAGAIN) end(client, "");
      return;
    }
    client.sent += static_cast<std::size_t>(count);
    client.deadline.reset();
  }
  client.output.clear();
  client.sent = 0;
  if (client.ending) return end(client, "");
  // Requests may have waited for room.
  if (client.protocol->within_request()) {
    if (!client.protocol->pump(client.output)) {
      client.ending = true;
      if (log_) log_("a connection is closed: " + client.protocol->violation());
    }
  }
}

void Server::check_patience(Client& client, Clock::time_point now) {
  if (!client.has_output() && !client.protocol->within_request()) {
    client.deadline.reset();
  } else if (!client.deadline) {
    client.deadline = now + settings_.patience;
  } else if (now >= *client.deadline) {
    end(client, client.has_output() ? "a connection is closed: its peer takes no answers"
                                    : "a connection is closed: its peer does not end its request");
  }
}

// Returns how long poll() may wait, in milliseconds.
int Server::let_time_pass(bool busy) {
  constexpr int look_round_ms = 1000;
  if (settings_.protocol == ProtocolKind::json || clients_.empty()) return busy ? 0 : look_round_ms;
  // Also while requests come without a pause: a client that polls a register waits for this.
  const bool awake = machine_.idle(slice_);
  // A server that never rests is last in the host's queue when a request comes.
  const bool rest = !awake || slice_ == longest_slice;
  slice_ = std::min(2 * slice_, longest_slice);
  return busy || !rest ? 0 : pause_ms;
}

bool Server::serve(int stop) {
  std::vector<pollfd> polled;
  int timeout = 0;
  for (;;) {
    polled.clear();
    polled.push_back({stop, POLLIN, 0});
    polled.push_back({listener_.number(), POLLIN, 0});
    for (const auto& client : clients_) {
      // No more is read from a peer that doesn't take its answers.
      const auto events = static_cast<short>(client->has_output() ? POLLOUT : POLLIN);
      polled.push_back({client->descriptor.number(), events, 0});
    }
    const int ready = ::poll(polled.data(), polled.size(), timeout);
    if (ready < 0 && errno != EINTR) return false;
    if (polled[0].revents != 0) return true;
    if ((polled[1].revents & (POLLERR | POLLNVAL)) != 0) return false;

    bool busy = false;
    bool hung_up = false;
    const Clock::time_point now = Clock::now();
    for (std::size_t i = 0; i < clients_.size(); ++i) {
      Client& client = *clients_[i];
      const short events = ready > 0 ? polled[i + 2].revents : short{0};
      if ((events & POLLOUT) != 0) {
        send_to(client);
      } else if (events != 0) {
        receive_from(client);
      }
      busy |= events != 0;
      hung_up |= !client.ended && (events & (POLLHUP | POLLERR)) != 0;
      if (!client.ended) check_patience(client, now);
    }
    std::erase_if(clients_, [](const auto& client) { return client->ended; });
    // One at a time, and first those are let go that have gone, so that they take nobody's place.
    if (ready > 0 && polled[1].revents != 0 && !hung_up) accept_client();
    timeout = let_time_pass(busy);
  }
}

}  // namespace caliptra::serve
