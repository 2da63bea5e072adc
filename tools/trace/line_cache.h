// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The parts of a trace's lines that depend only on an instruction and where it is.

#pragma once

#include <cstdint>
#include <vector>

#include "iss/csr_table.h"
#include "iss/decode.h"

namespace caliptra::trace {

/// What an instruction leaves behind besides memory accesses.
struct Effects {
  uint8_t rd = 0;    ///< 0: none
  uint16_t csr = 0;  ///< 0: none is written
};

inline Effects effects_of(const veer::Decoded& decoded) {
  using veer::Op;
  Effects effects{.rd = decoded.rd, .csr = 0};
  switch (decoded.op) {
    case Op::csrrw:
    case Op::csrrwi: effects.csr = static_cast<uint16_t>(decoded.imm); break;
    case Op::csrrs:
    case Op::csrrc:
    case Op::csrrsi:
    case Op::csrrci:
      if (decoded.rs1 != 0) effects.csr = static_cast<uint16_t>(decoded.imm);
      break;
    case Op::mret: effects.csr = static_cast<uint16_t>(veer::Csr::mstatus); break;
    default: break;
  }
  return effects;
}

/// A direct-mapped cache of prepared lines. `Line` has pc and opcode, which tell whether it is the one.
template <typename Line>
class LineCache {
 public:
  /// The line's place, and whether it holds it already.
  [[nodiscard]] Line& at(uint32_t pc) { return lines_[pc >> 1 & (size - 1)]; }

 private:
  static constexpr std::size_t size = 1 << 14;
  std::vector<Line> lines_ = std::vector<Line>(size);
};

}  // namespace caliptra::trace
