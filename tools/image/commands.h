// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The subcommands of caliptra-image. Each adds its options to `app` and returns what to do once they are parsed: a
// function that gives the exit status, and throws emu::Failure.

#pragma once

#include <CLI/CLI.hpp>
#include <functional>

namespace caliptra::image_tool {

using Action = std::function<int()>;

/// Exit status of `verify` and `info` for an image that is not as it should be.
inline constexpr int exit_refused = 1;

[[nodiscard]] Action add_info(CLI::App& app);
[[nodiscard]] Action add_create(CLI::App& app);
[[nodiscard]] Action add_keys(CLI::App& app);
[[nodiscard]] Action add_hash(CLI::App& app);
[[nodiscard]] Action add_verify(CLI::App& app);
[[nodiscard]] Action add_mutate(CLI::App& app);

}  // namespace caliptra::image_tool
