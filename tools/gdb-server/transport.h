// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// How bytes get to a debugger and back.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace caliptra::gdb {

/// Connections of debuggers, one after the other. No call blocks.
class Transport {
 public:
  virtual ~Transport() = default;

  /// Takes the next connection, if there is none now and one waits. True if it took one.
  virtual bool accept() = 0;

  /// Whether there is a connection. It ends when the peer goes, which receive() notices, or by disconnect().
  [[nodiscard]] virtual bool connected() const = 0;

  /// Fills `into` from its beginning with what the peer has sent; how many bytes: 0 if there is nothing now.
  [[nodiscard]] virtual std::size_t receive(std::span<uint8_t> into) = 0;

  /// Sends, as soon as the peer takes it. Without a connection the bytes are dropped.
  virtual void send(std::string_view bytes) = 0;

  /// Ends the connection, once what was sent is under way.
  virtual void disconnect() = 0;
};

}  // namespace caliptra::gdb
