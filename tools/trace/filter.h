// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Which part of a run a trace is about.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "soc/core.h"
#include "tools/symbols/symbols.h"

namespace caliptra::trace {

/// Conditions of four kinds. Of those of one kind one has to hold, of each kind that is there: `symbol=main` and
/// `symbol=finish` and `block=sha512` take the accesses to sha512 that main and finish make.
class Filter {
 public:
  /// Adds one condition. False, and the reason in `error`, if it is none:
  ///   pc=ADDRESS[..ADDRESS]   from the first up to, without, the second; one address alone is one instruction
  ///   symbol=NAME             a function of `symbols`
  ///   block=NAME              instructions that access a register block or memory of `core` ("sha512", "mbox_csr",
  ///                           "mailbox_sram", "dccm", "iccm"), and the SoC's accesses to it
  ///   cycles=FROM..TO         from the first up to, without, the second; either may be left out
  bool add(std::string_view condition, const Core& core, const symbols::SymbolTable& symbols, std::string& error);

  [[nodiscard]] bool takes_all() const { return takes_all_; }
  [[nodiscard]] bool has_blocks() const { return !blocks_.empty(); }

  /// By address and time. Whether it is enough: see has_blocks().
  [[nodiscard]] bool takes(uint32_t pc, uint64_t cycle) const {
    return (pcs_.empty() || inside(pcs_, pc)) && takes_cycle(cycle);
  }
  [[nodiscard]] bool takes_cycle(uint64_t cycle) const { return windows_.empty() || in_window(cycle); }
  /// Whether an access to `address` is one to the blocks.
  [[nodiscard]] bool takes_access(uint32_t address) const { return blocks_.empty() || inside(blocks_, address); }
  /// Whether conditions on the pc leave room for what the SoC does.
  [[nodiscard]] bool takes_soc() const { return pcs_.empty(); }

 private:
  struct Range {
    uint32_t first;
    uint32_t last;  // inclusive
  };
  struct Window {
    uint64_t from;
    uint64_t to;
  };
  [[nodiscard]] static bool inside(const std::vector<Range>& ranges, uint32_t address) {
    for (const Range& each : ranges) {
      if (address >= each.first && address <= each.last) return true;
    }
    return false;
  }
  [[nodiscard]] bool in_window(uint64_t cycle) const;

  bool takes_all_ = true;
  std::vector<Range> pcs_;
  std::vector<Range> blocks_;
  std::vector<Window> windows_;
};

}  // namespace caliptra::trace
