// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace veer {

/// The ABI name of x0..x31.
std::string_view register_name(unsigned index);

/// The instruction in assembler syntax: "lw a0, 4(sp)", "c.beqz a0, 0x1234", "csrrs a0, mstatus, zero". Branch targets
/// are absolute for `pc`. What VeeR does not decode is ".word 0x…" or ".half 0x…".
std::string disassemble(uint32_t opcode, uint32_t pc);

}  // namespace veer
