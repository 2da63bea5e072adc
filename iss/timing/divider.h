// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The divider (el2_exu_div_ctl.sv with DIV_NEW, 4 bits a cycle). It works beside the pipeline: only an instruction that
// reads the result, or another division, waits.
//
// Measured: div_*, divu_*, remu_* of timing/rtl/microbench-results.txt (a division and one dependent instruction).

#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

namespace veer {

/// Bits of an operand that el2_exu_div_cls sees: without its leading zeros, or all but one of a negative one's leading
/// ones. 0 has 32.
constexpr int significant_bits(bool is_signed, uint32_t value) {
  if (is_signed && value >> 31 != 0) return std::bit_width(~value) + 1;
  return value == 0 ? 32 : std::bit_width(value);
}

/// Cycles from the decoding of a division to that of the first instruction that can read its result.
constexpr uint32_t division_cycles(bool remainder, bool is_signed, uint32_t dividend, uint32_t divisor) {
  constexpr uint32_t shortcut = 3;
  if (divisor == 0) return shortcut;
  if (!remainder && (dividend == 0 || (dividend < 16 && divisor < 16))) return shortcut;
  const int steps = std::max(0, significant_bits(is_signed, dividend) - significant_bits(is_signed, divisor) + 1);
  return steps >= 28 ? 11 : 5 + static_cast<uint32_t>(steps) / 4;
}

}  // namespace veer
