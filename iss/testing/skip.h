// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <cstdio>
#include <string_view>

namespace veer::testing {

/// Says that test case `name` is skipped, and why. The test runner counts these lines; return from the
/// test case right after.
inline void skip(std::string_view name, std::string_view reason) {
  std::printf("[skipped] %.*s: %.*s\n", static_cast<int>(name.size()), name.data(), static_cast<int>(reason.size()),
              reason.data());
}

}  // namespace veer::testing
