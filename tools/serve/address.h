// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where a server listens, and the socket that does.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace caliptra::serve {

/// unix:PATH or tcp:HOST:PORT.
struct Address {
  enum class Kind : uint8_t { unix_socket, tcp };
  Kind kind = Kind::unix_socket;
  std::string path;  ///< unix_socket
  std::string host;  ///< tcp: a numeric IPv4 address, or localhost
  uint16_t port = 0;

  /// Nothing, and the reason in `error`, for anything else.
  [[nodiscard]] static std::optional<Address> parse(std::string_view text, std::string& error);

  [[nodiscard]] bool is_loopback() const;
  [[nodiscard]] std::string text() const;
};

/// A file descriptor that is closed in the end.
class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() { close(); }
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    if (this != &other) {
      close();
      number_ = other.release();
    }
    return *this;
  }
  [[nodiscard]] int number() const { return number_; }
  [[nodiscard]] bool open() const { return number_ >= 0; }
  int release();
  void close();

 private:
  int number_ = -1;
};

/// A listening socket. A unix socket can be used by its owner alone (mode 0600) and is removed in the end.
class Listener {
 public:
  /// Listens; nothing, and the reason in `error`, if that fails. What an earlier server left at a path is
  /// removed, if it is a socket that nobody listens on.
  [[nodiscard]] static std::optional<Listener> open(const Address& address, std::string& error);
  ~Listener();
  Listener(Listener&&) = default;
  Listener& operator=(Listener&&) = default;

  [[nodiscard]] int number() const { return descriptor_.number(); }

  /// With the port that was chosen, where the address had 0.
  [[nodiscard]] const Address& address() const { return address_; }

  /// The next connection, not blocking; closed if there is none.
  [[nodiscard]] Descriptor accept() const;

 private:
  Listener(Descriptor descriptor, Address address) : descriptor_(std::move(descriptor)), address_(std::move(address)) {}
  Descriptor descriptor_;
  Address address_;
};

/// Connects to a server, blocking; closed, and the reason in `error`, if that fails.
[[nodiscard]] Descriptor connect_to(const Address& address, std::string& error);

}  // namespace caliptra::serve
