// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What a server does with one connection's bytes, apart from sockets.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace caliptra::serve {

/// One connection's side of a protocol. Bytes come in pieces of any size; answers are appended to a buffer.
class Protocol {
 public:
  virtual ~Protocol() = default;

  /// Takes what has come in, and answers all requests that are complete, as long as `output` stays below a
  /// bound of the protocol's; what is left waits for pump(). False: the peer broke the protocol, and the
  /// connection ends once `output` is sent.
  virtual bool receive(std::span<const uint8_t> bytes, std::vector<uint8_t>& output) = 0;

  /// Goes on with what was received earlier, after `output` has been sent.
  virtual bool pump(std::vector<uint8_t>& output) = 0;

  /// A request has begun and not ended: the peer owes bytes.
  [[nodiscard]] virtual bool within_request() const = 0;

  /// Why receive() or pump() was false.
  [[nodiscard]] const std::string& violation() const { return violation_; }

 protected:
  bool violate(std::string reason) {
    violation_ = std::move(reason);
    return false;
  }

 private:
  std::string violation_;
};

/// How much output may wait for a slow peer before no more requests of its are answered.
inline constexpr std::size_t output_bound = 1024 * 1024;

}  // namespace caliptra::serve
