// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// How deep the stacks get: per image, and whether one has grown over its end.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "iss/clock.h"
#include "iss/hart.h"
#include "iss/observer.h"
#include "tools/trace/code_map.h"

namespace caliptra::profile {

/// A stack as one image used it. It grows down from `top`.
struct StackUse {
  std::string image;
  uint32_t top = 0;
  std::optional<uint32_t> bottom;  ///< where its room ends, if that is known
  uint32_t lowest = 0;             ///< the lowest value of sp
  uint32_t lowest_pc = 0;          ///< the function that took it there
  uint64_t lowest_cycle = 0;
  bool overflow = false;     ///< sp was below the bottom
  uint32_t overflow_pc = 0;  ///< the first instruction behind it
  uint64_t overflow_cycle = 0;

  [[nodiscard]] uint32_t used() const { return top - lowest; }
};

/// Room for a stack.
struct StackRoom {
  std::string image;  ///< empty: any
  uint32_t bottom = 0;
  uint32_t top = 0;
};

/// What ELF files say of their stacks (`_sstack` and `_estack`, as caliptra-sw's linker scripts; `stack_bottom`, or
/// `bss_end`, and `stack_top`, as ours), and of the official ROMs, whose stack is at the same place in all of 1.x.
std::vector<StackRoom> stack_rooms(const symbols::SymbolTable& symbols);

/// `IMAGE=BOTTOM..TOP` (ROM, FMC, runtime or ICCM), or `BOTTOM..TOP` for any image. Nothing, and the reason in `error`.
std::optional<StackRoom> parse_stack_room(std::string_view text, std::string& error);

class StackWatch : public veer::Observer {
 public:
  /// All must outlive it.
  StackWatch(const trace::CodeMap& code, const veer::Hart& hart, const veer::Clock& clock,
             std::vector<StackRoom> rooms);

  void retired(uint32_t pc, uint32_t opcode, uint32_t next_pc) override {
    (void)next_pc;
    // rd, or what stands there in compressed instructions; where it is something else nothing has changed.
    if ((opcode >> 7 & 31) == 2) moved(pc, opcode);
  }

  /// Those on which anything was put.
  [[nodiscard]] std::vector<StackUse> stacks() const;

 private:
  void moved(uint32_t pc, uint32_t opcode);
  void settle(const std::string& image, uint32_t sp);
  [[nodiscard]] std::optional<uint32_t> bottom_of(const std::string& image, uint32_t top) const;

  const trace::CodeMap& code_;
  const veer::Hart& hart_;
  const veer::Clock& clock_;
  std::vector<StackRoom> rooms_;
  std::vector<StackUse> stacks_;
  std::size_t current_ = SIZE_MAX;
  uint32_t sp_ = 0;
};

/// A table for people, with a line for each overflow.
std::string stack_table(std::span<const StackUse> stacks, const trace::CodeMap& code);

}  // namespace caliptra::profile
