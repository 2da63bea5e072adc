// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A random program as a list of instructions that can be taken out one by one, and as a file that replays.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace caliptra::differential {

/// One instruction.
struct Line {
  uint32_t label = 0;  ///< greater than that of the line before
  uint32_t word = 0;   ///< its encoding; 16 bits for a compressed one
  /// 0, or the label of the line whose address its immediate is made of: for branches and jumps relative to the pc, for
  /// all others relative to Layout::code_pointer; a store's own immediate is added. If that line is gone, the next one
  /// stands for it.
  uint32_t target = 0;
  bool joined = false;   ///< comes and goes with the line before
  bool aligned = false;  ///< stands at a multiple of 4

  bool operator==(const Line&) const = default;
};

struct Program {
  uint32_t seed = 0;  ///< of the registers and of the data it starts with
  std::vector<Line> lines;

  bool operator==(const Program&) const = default;
};

/// The code, or why there is none: too long, a target that an immediate can't reach, or a store into the code whose
/// target is gone. The end is a jump to `end`, an address.
std::variant<std::vector<uint8_t>, std::string> assemble(const Program& program, uint32_t end);

/// The text form, with the disassembly as comments.
std::string to_text(const Program& program);

/// The program, or what is wrong with the text, with the number of the line.
std::variant<Program, std::string> from_text(std::string_view text);

}  // namespace caliptra::differential
