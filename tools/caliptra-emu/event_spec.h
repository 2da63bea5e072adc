// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// EVENT of --until and --at: what a run is waiting for.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "soc/core.h"

namespace caliptra::emu {

struct EventSpec {
  enum class Kind : uint8_t { ready_for_fw, runtime_ready, exit, fatal, boot_status, output, cycle };
  Kind kind = Kind::exit;
  uint32_t boot_status = 0;
  uint64_t cycle = 0;
  std::string output;   ///< the text that a console line must hold
  std::string written;  ///< as the user wrote it

  /// Understands `ready-for-fw`, `rt-ready`, `exit`, `fatal`, `boot-status=NUMBER`, `output=TEXT` and `cycle=NUMBER`.
  /// matches() and matches_line() know nothing of cycles.
  /// Nothing, and the reason in `error`, for anything else.
  [[nodiscard]] static std::optional<EventSpec> parse(std::string_view text, std::string& error);

  /// Whether an event of the core is the one.
  [[nodiscard]] bool matches(const Event& event) const;

  /// Whether a complete console line is the one.
  [[nodiscard]] bool matches_line(std::string_view line) const;
};

}  // namespace caliptra::emu
