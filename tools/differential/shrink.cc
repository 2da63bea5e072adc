// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/differential/shrink.h"

#include <algorithm>

namespace caliptra::differential {
namespace {

using Units = std::vector<std::vector<Line>>;

Units units_of(const Program& program) {
  Units units;
  for (const Line& line : program.lines) {
    if (!line.joined || units.empty()) units.emplace_back();
    units.back().push_back(line);
  }
  return units;
}

/// Without the units from..from+count, for every `from` that is set.
Program without(const Program& program, const Units& units, const std::vector<std::size_t>& froms, std::size_t count) {
  Program result{.seed = program.seed, .lines = {}};
  for (std::size_t i = 0; i < units.size(); ++i) {
    const bool gone =
        std::any_of(froms.begin(), froms.end(), [&](std::size_t from) { return i >= from && i < from + count; });
    if (!gone) result.lines.insert(result.lines.end(), units[i].begin(), units[i].end());
  }
  return result;
}

}  // namespace

Program shrink(Program program, const Judge& fails) {
  for (std::size_t size = std::max<std::size_t>(units_of(program).size() / 2, 1); size != 0;) {
    const Units units = units_of(program);
    std::vector<std::size_t> froms;
    std::vector<Program> candidates;
    for (std::size_t from = 0; from < units.size(); from += size) {
      froms.push_back(from);
      candidates.push_back(without(program, units, {from}, size));
    }
    const std::vector<bool> failing = fails(candidates);
    std::vector<std::size_t> removable;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      if (failing[i]) removable.push_back(froms[i]);
    }
    if (removable.empty()) {
      size /= 2;
      continue;
    }
    // All of them, or as many of the first as can go together.
    for (std::size_t count = removable.size(); count != 0; count /= 2) {
      removable.resize(count);
      Program smaller = without(program, units, removable, size);
      if (count == 1 || fails(std::span(&smaller, 1))[0]) {
        program = std::move(smaller);
        break;
      }
    }
    size = std::min(size, std::max<std::size_t>(units_of(program).size() / 2, 1));
  }
  return program;
}

}  // namespace caliptra::differential
