// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/encode.h"

namespace veer {

uint32_t encode(const Decoded& instruction) {
  const Instruction& entry = description(instruction.op);
  const auto imm = static_cast<uint32_t>(instruction.imm);
  const auto bits = [imm](unsigned high, unsigned low) { return imm >> low & ((1u << (high - low + 1)) - 1); };
  const uint32_t rd = (instruction.rd & 31u) << 7;
  const uint32_t rs1 = (instruction.rs1 & 31u) << 15;
  const uint32_t rs2 = (instruction.rs2 & 31u) << 20;
  switch (entry.format) {
    case Format::none:
    case Format::fence: return entry.match;
    case Format::register_register: return entry.match | rd | rs1 | rs2;
    case Format::unary: return entry.match | rd | rs1;
    case Format::immediate:
    case Format::load:
    case Format::jump_register:
    case Format::csr:
    case Format::csr_immediate: return entry.match | rd | rs1 | imm << 20;
    case Format::shift: return entry.match | rd | rs1 | (imm & 31) << 20;
    case Format::store: return entry.match | rs1 | rs2 | bits(11, 5) << 25 | bits(4, 0) << 7;
    case Format::branch:
      return entry.match | rs1 | rs2 | bits(12, 12) << 31 | bits(10, 5) << 25 | bits(4, 1) << 8 | bits(11, 11) << 7;
    case Format::jump:
      return entry.match | rd | bits(20, 20) << 31 | bits(10, 1) << 21 | bits(11, 11) << 20 | bits(19, 12) << 12;
    case Format::upper: return entry.match | rd | (imm & 0xfffff000);
  }
  return 0;
}

}  // namespace veer
