// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/gdb-server/socket_transport.h"

#include <fmt/format.h>
#include <poll.h>
#include <sys/socket.h>

#include <cerrno>

namespace caliptra::gdb {

std::optional<serve::Address> parse_address(std::string_view text, std::string& error) {
  if (text.starts_with("unix:")) return serve::Address::parse(text, error);
  const auto address = serve::Address::parse(fmt::format("tcp:127.0.0.1:{}", text), error);
  if (!address || text.find(':') != std::string_view::npos) {
    error = fmt::format("takes a port from 0 to 65535 or unix:PATH, not '{}'", text);
    return std::nullopt;
  }
  return address;
}

SocketTransport::~SocketTransport() { disconnect(); }

bool SocketTransport::accept() {
  if (connection_.open() || !accepting_) return false;
  connection_ = listener_.accept();
  output_.clear();
  return connection_.open();
}

std::size_t SocketTransport::receive(std::span<uint8_t> into) {
  flush();
  // No more is read from a peer that doesn't take its answers.
  if (!connection_.open() || !output_.empty()) return 0;
  for (;;) {
    const ssize_t count = ::recv(connection_.number(), into.data(), into.size(), 0);
    if (count > 0) return static_cast<std::size_t>(count);
    if (count < 0 && errno == EINTR) continue;
    if (count == 0 || (errno != EAGAIN && errno != EWOULDBLOCK)) connection_.close();
    return 0;
  }
}

void SocketTransport::send(std::string_view bytes) {
  if (!connection_.open()) return;
  output_ += bytes;
  flush();
}

void SocketTransport::flush() {
  while (connection_.open() && !output_.empty()) {
    const ssize_t count = ::send(connection_.number(), output_.data(), output_.size(), MSG_NOSIGNAL);
    if (count >= 0) {
      output_.erase(0, static_cast<std::size_t>(count));
    } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
      return;
    } else if (errno != EINTR) {
      connection_.close();
    }
  }
}

void SocketTransport::disconnect() {
  if (!connection_.open()) return;
  flush();
  ::shutdown(connection_.number(), SHUT_WR);
  connection_.close();
  output_.clear();
}

void SocketTransport::wait(int milliseconds) const {
  pollfd polled{};
  polled.fd = descriptor();
  polled.events = static_cast<short>(waits_to_write() ? POLLOUT : POLLIN);
  ::poll(&polled, 1, milliseconds);
}

}  // namespace caliptra::gdb
