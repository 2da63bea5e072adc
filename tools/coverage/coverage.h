// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Which instructions ran, how often, and which way their branches went.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "iss/observer.h"
#include "tools/symbols/symbols.h"
#include "tools/trace/code_map.h"

namespace caliptra::coverage {

/// What ran of one memory with code. By halfword from `base`, as instructions begin.
struct Region {
  std::string name;    ///< "rom", "iccm"
  std::string digest;  ///< of the code that it held, in hexadecimal: runs of other code don't merge
  uint32_t base = 0;
  std::vector<uint64_t> executed;  ///< how often the instruction there was issued
  std::vector<uint64_t> taken;     ///< of a conditional branch: how often it was taken
  std::vector<uint8_t> length;     ///< of the instruction in bytes; 0 where none ran
  std::vector<uint8_t> branch;     ///< 1 for a conditional branch
};

class Coverage {
 public:
  Coverage();

  [[nodiscard]] std::span<const Region> regions() const { return regions_; }
  /// What the code is: ROM and firmware bundle.
  void set_digests(std::string rom, std::string firmware);

  /// How often the instruction at `address` ran; 0 where there is no code.
  [[nodiscard]] uint64_t executed(uint32_t address) const;

  /// As a file: JSON with, for each region, a bitmap of the addresses that ran (a bit per halfword, the lowest first,
  /// in hexadecimal bytes) and the counts behind it.
  [[nodiscard]] std::string json() const;
  /// Reads such a file. False, and the reason in `error`.
  [[nodiscard]] bool parse(std::string_view text, std::string& error);
  /// Adds the counts of another run. False, and the reason in `error`, if that was of other code.
  [[nodiscard]] bool merge(const Coverage& other, std::string& error);

  /// As a tracefile of lcov (geninfo(1), "FILES"), by the symbols' source lines: lines, functions, branches.
  [[nodiscard]] std::string lcov(const symbols::SymbolTable& symbols, std::string_view test_name) const;

  /// One instruction more.
  void count(uint32_t pc, uint32_t opcode) {
    Region* const region = find(pc);
    if (region == nullptr) return;
    const uint32_t index = (pc - region->base) / 2;
    ++region->executed[index];
    region->length[index] = (opcode & 3) == 3 ? 4 : 2;
  }
  void count_branch(uint32_t pc, bool taken) {
    Region* const region = find(pc);
    if (region == nullptr) return;
    const uint32_t index = (pc - region->base) / 2;
    region->branch[index] = 1;
    region->taken[index] += taken ? 1 : 0;
  }

 private:
  [[nodiscard]] Region* find(uint32_t pc) {
    for (Region& each : regions_) {
      if (pc - each.base < 2 * each.executed.size()) return &each;
    }
    return nullptr;
  }

  std::vector<Region> regions_;
};

/// Fills a Coverage while a hart runs.
class CoverageObserver : public veer::Observer {
 public:
  explicit CoverageObserver(Coverage& coverage) : coverage_(coverage) {}

  void issued(uint32_t pc, uint32_t opcode) override { coverage_.count(pc, opcode); }
  void retired(uint32_t pc, uint32_t opcode, uint32_t next_pc) override {
    const bool branches = (opcode & 3) == 3 ? (opcode & 0x7f) == 0x63 : (opcode & 0xc003) == 0xc001;
    if (branches) coverage_.count_branch(pc, next_pc != pc + ((opcode & 3) == 3 ? 4 : 2));
  }

 private:
  Coverage& coverage_;
};

}  // namespace caliptra::coverage
