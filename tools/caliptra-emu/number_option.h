// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Options that take a number, for the programs beside caliptra-emu. (CLI11's own wrap -1 to 18446744073709551615.)

#pragma once

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <limits>
#include <optional>
#include <string>

#include "tools/caliptra-emu/numbers.h"

namespace caliptra::emu {

template <typename T>
struct NumberOf {
  using Type = T;
};
template <typename T>
struct NumberOf<std::optional<T>> {
  using Type = T;
};

/// An option that takes a number as parse_number() reads it. `target` is an unsigned integer of 32 or 64 bits, which
/// limits it, or an optional one.
template <typename Target>
CLI::Option* add_number(CLI::App& app, const std::string& flags, Target& target, const std::string& description) {
  using Number = typename NumberOf<Target>::Type;
  return app
      .add_option_function<std::string>(
          flags,
          [&target, flags](const std::string& text) {
            const auto value = parse_number(text, std::numeric_limits<Number>::max());
            if (!value) {
              throw CLI::ValidationError(
                  flags, fmt::format("takes a number of {} bits, not '{}'", std::numeric_limits<Number>::digits, text));
            }
            target = static_cast<Number>(*value);
          },
          description)
      ->type_name("N");
}

}  // namespace caliptra::emu
