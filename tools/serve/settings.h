// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the command line of `caliptra-emu serve` says beside the core's own options.

#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace caliptra::serve {

enum class ProtocolKind : uint8_t { cptr, json };

struct ServerSettings {
  ProtocolKind protocol = ProtocolKind::cptr;

  /// Connections at the same time; further ones are closed at once. JSON has one at a time, since it is a dialogue.
  uint32_t most_clients = 8;

  /// How long a peer may take to end a request that it began, or to take an answer.
  std::chrono::milliseconds patience{10'000};
};

struct ServeOptions {
  std::string socket;
  ServerSettings settings;
  bool allow_remote = false;  ///< addresses other than loopback
  uint64_t max_boot_cycles = 400'000'000;
};

}  // namespace caliptra::serve
