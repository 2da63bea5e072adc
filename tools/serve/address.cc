// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/serve/address.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <utility>

namespace caliptra::serve {
namespace {

constexpr int backlog = 16;

/// The operating system's form of an address.
struct SocketAddress {
  union {
    sockaddr any;
    sockaddr_un unix_socket;
    sockaddr_in tcp;
  };
  socklen_t size = 0;

  explicit SocketAddress(const Address& address) : unix_socket{} {
    if (address.kind == Address::Kind::unix_socket) {
      unix_socket.sun_family = AF_UNIX;
      address.path.copy(unix_socket.sun_path, sizeof unix_socket.sun_path - 1);
      size = sizeof unix_socket;
    } else {
      tcp = {};
      tcp.sin_family = AF_INET;
      tcp.sin_port = htons(address.port);
      inet_pton(AF_INET, address.host.c_str(), &tcp.sin_addr);
      size = sizeof tcp;
    }
  }
};

Descriptor make_socket(const Address& address) {
  const int family = address.kind == Address::Kind::unix_socket ? AF_UNIX : AF_INET;
  return Descriptor(::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

void answer_at_once(const Descriptor& descriptor) {
  const int on = 1;
  setsockopt(descriptor.number(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

// A peer whose machine has died says nothing any more; its place is free after two minutes.
void notice_death(const Descriptor& descriptor) {
  const int on = 1;
  const int idle_seconds = 60;
  const int interval_seconds = 20;
  const int probes = 3;
  setsockopt(descriptor.number(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
  setsockopt(descriptor.number(), IPPROTO_TCP, TCP_KEEPIDLE, &idle_seconds, sizeof idle_seconds);
  setsockopt(descriptor.number(), IPPROTO_TCP, TCP_KEEPINTVL, &interval_seconds, sizeof interval_seconds);
  setsockopt(descriptor.number(), IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
}

// An earlier server that was killed leaves its socket behind. False, and the reason, if something else is there.
bool clear_path(const Address& address, std::string& error) {
  struct stat status {};
  if (lstat(address.path.c_str(), &status) != 0) return true;
  if (!S_ISSOCK(status.st_mode)) {
    error = fmt::format("{} exists and is no socket", address.path);
    return false;
  }
  const Descriptor probe = make_socket(address);
  const SocketAddress system_address(address);
  if (::connect(probe.number(), &system_address.any, system_address.size) == 0) {
    error = fmt::format("a server listens on {} already", address.path);
    return false;
  }
  if (errno == ECONNREFUSED) unlink(address.path.c_str());
  return true;
}

}  // namespace

std::optional<Address> Address::parse(std::string_view text, std::string& error) {
  Address address;
  if (text.starts_with("unix:")) {
    address.path = text.substr(5);
    const std::size_t room = sizeof(sockaddr_un{}.sun_path) - 1;
    if (address.path.empty() || address.path.size() > room) {
      error = fmt::format("the path of a unix socket has 1 to {} characters", room);
      return std::nullopt;
    }
    return address;
  }
  const std::size_t colon = text.rfind(':');
  if (!text.starts_with("tcp:") || colon < 5) {
    error = fmt::format("'{}' is neither unix:PATH nor tcp:HOST:PORT", text);
    return std::nullopt;
  }
  address.kind = Kind::tcp;
  address.host = text.substr(4, colon - 4);
  if (address.host == "localhost") address.host = "127.0.0.1";
  const std::string_view port = text.substr(colon + 1);
  const auto [end, problem] = std::from_chars(port.data(), port.data() + port.size(), address.port);
  in_addr ignored{};
  if (problem != std::errc() || end != port.data() + port.size() ||
      inet_pton(AF_INET, address.host.c_str(), &ignored) != 1) {
    error = fmt::format("'{}' takes a numeric IPv4 address and a port", text);
    return std::nullopt;
  }
  return address;
}

bool Address::is_loopback() const { return kind == Kind::unix_socket || host.starts_with("127."); }

std::string Address::text() const {
  return kind == Kind::unix_socket ? "unix:" + path : fmt::format("tcp:{}:{}", host, port);
}

int Descriptor::release() { return std::exchange(number_, -1); }

void Descriptor::close() {
  if (number_ >= 0) ::close(release());
}

std::optional<Listener> Listener::open(const Address& address, std::string& error) {
  if (address.kind == Address::Kind::unix_socket && !clear_path(address, error)) return std::nullopt;
  Descriptor descriptor = make_socket(address);
  const auto failed = [&] {
    error = fmt::format("cannot listen on {}: {}", address.text(), std::strerror(errno));
    return std::nullopt;
  };
  if (!descriptor.open()) return failed();
  const SocketAddress system_address(address);
  if (address.kind == Address::Kind::tcp) {
    const int on = 1;
    setsockopt(descriptor.number(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  }
  // The mode has to be right from the moment on at which the path is there.
  const mode_t old_mask = umask(0177);
  const int bound = ::bind(descriptor.number(), &system_address.any, system_address.size);
  umask(old_mask);
  if (bound != 0) return failed();

  Listener listener(std::move(descriptor), address);
  if (::listen(listener.number(), backlog) != 0) return failed();
  fcntl(listener.number(), F_SETFL, O_NONBLOCK);
  if (address.kind == Address::Kind::tcp) {
    sockaddr_in chosen{};
    socklen_t size = sizeof chosen;
    if (getsockname(listener.number(), reinterpret_cast<sockaddr*>(&chosen), &size) == 0) {
      listener.address_.port = ntohs(chosen.sin_port);
    }
  }
  return listener;
}

Listener::~Listener() {
  if (descriptor_.open() && address_.kind == Address::Kind::unix_socket) unlink(address_.path.c_str());
}

Descriptor Listener::accept() const {
  Descriptor connection(::accept4(descriptor_.number(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
  if (connection.open() && address_.kind == Address::Kind::tcp) {
    answer_at_once(connection);
    notice_death(connection);
  }
  return connection;
}

Descriptor connect_to(const Address& address, std::string& error) {
  Descriptor descriptor = make_socket(address);
  const SocketAddress system_address(address);
  if (!descriptor.open() || ::connect(descriptor.number(), &system_address.any, system_address.size) != 0) {
    error = fmt::format("cannot connect to {}: {}", address.text(), std::strerror(errno));
    return {};
  }
  if (address.kind == Address::Kind::tcp) answer_at_once(descriptor);
  return descriptor;
}

}  // namespace caliptra::serve
