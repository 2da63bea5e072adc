// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace veer {

/// Where the cycles beyond one per instruction went, since reset of the counters. Each such cycle is counted once.
struct TimingStatistics {
  uint64_t fetch = 0;       ///< the next instruction had not come from memory
  uint64_t load_use = 0;    ///< an operand was still being loaded over the bus
  uint64_t bus_full = 0;    ///< four bus accesses were under way
  uint64_t mispredict = 0;  ///< refetch after a branch or jump that was not predicted
  uint64_t stale_branch =
      0;                ///< replay of an instruction that a stale entry of the branch target buffer took for a branch
  uint64_t divide = 0;  ///< waiting for the divider
  uint64_t synchronize = 0;  ///< CSR instructions, fences, mret
  uint64_t trap = 0;         ///< entry into handlers

  /// Every counter and its name.
  static const std::array<std::pair<std::string_view, uint64_t TimingStatistics::*>, 8> members;

  [[nodiscard]] uint64_t total() const {
    return fetch + load_use + bus_full + mispredict + stale_branch + divide + synchronize + trap;
  }
};

inline constexpr std::array<std::pair<std::string_view, uint64_t TimingStatistics::*>, 8> TimingStatistics::members = {{
    {"fetch", &TimingStatistics::fetch},
    {"load_use", &TimingStatistics::load_use},
    {"bus_full", &TimingStatistics::bus_full},
    {"mispredict", &TimingStatistics::mispredict},
    {"stale_branch", &TimingStatistics::stale_branch},
    {"divide", &TimingStatistics::divide},
    {"synchronize", &TimingStatistics::synchronize},
    {"trap", &TimingStatistics::trap},
}};

}  // namespace veer
