// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <cstdint>

#include "iss/instructions/table.h"

namespace veer {

/// An instruction's operands. Fields that its format lacks are 0.
struct Decoded {
  Op op = Op::illegal;
  uint8_t rd = 0;
  uint8_t rs1 = 0;  ///< for csr_immediate, the 5-bit value
  uint8_t rs2 = 0;
  uint8_t length = 4;  ///< in bytes: 2 or 4
  int32_t imm = 0;     ///< sign-extended; for the CSR formats the CSR's number
};

/// True if the parcel at the pc begins a 16-bit instruction.
constexpr bool is_compressed(uint32_t opcode) { return (opcode & 3) != 3; }

/// Decodes what VeeR EL2 decodes as Caliptra configures it (dec/decode, dec/cdecode in the RTL); anything else is
/// Op::illegal. Of a compressed instruction only the lower 16 bits are looked at; the result is the 32-bit one it
/// stands for, with length 2. Whether a CSR exists is not the decoder's business.
Decoded decode(uint32_t opcode);

}  // namespace veer
