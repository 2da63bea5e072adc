// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "tools/gdb-server/transport.h"
#include "tools/serve/address.h"

namespace caliptra::gdb {

/// Where a user says that gdb will connect: PORT (127.0.0.1 only), or unix:PATH. Nothing, and the reason in `error`,
/// for anything else. Port 0 takes a free one.
[[nodiscard]] std::optional<serve::Address> parse_address(std::string_view text, std::string& error);

/// Connections over a socket. A peer that goes, or that doesn't read, harms nobody.
class SocketTransport final : public Transport {
 public:
  explicit SocketTransport(serve::Listener listener) : listener_(std::move(listener)) {}
  ~SocketTransport() override;

  [[nodiscard]] const serve::Address& address() const { return listener_.address(); }

  /// Whether accept() takes connections; it does from the beginning.
  void set_accepting(bool accepting) { accepting_ = accepting; }

  bool accept() override;
  [[nodiscard]] bool connected() const override { return connection_.open(); }
  [[nodiscard]] std::size_t receive(std::span<uint8_t> into) override;
  void send(std::string_view bytes) override;
  void disconnect() override;

  /// What to wait for before the next poll: the descriptor, and whether for room to write or for something to read.
  [[nodiscard]] int descriptor() const { return connection_.open() ? connection_.number() : listener_.number(); }
  [[nodiscard]] bool waits_to_write() const { return connection_.open() && !output_.empty(); }

  /// Blocks until something comes, a signal does, or the time is over.
  void wait(int milliseconds) const;

 private:
  void flush();

  serve::Listener listener_;
  bool accepting_ = true;
  serve::Descriptor connection_;
  std::string output_;
};

}  // namespace caliptra::gdb
