// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/disassemble.h"

#include <fmt/format.h>

#include "iss/csr_table.h"
#include "iss/decode.h"

namespace veer {
namespace {

std::string csr_operand(uint32_t number) {
  const std::string_view name = csr_name(number);
  return name.empty() ? fmt::format("{:#x}", number) : std::string(name);
}

std::string_view compressed_mnemonic(uint32_t opcode) {
  for (const CompressedInstruction& instruction : compressed_table) {
    if ((opcode & instruction.mask) == instruction.match) return instruction.mnemonic;
  }
  return {};
}

std::string compressed(const Decoded& decoded, uint32_t opcode, uint32_t pc) {
  const std::string_view mnemonic = compressed_mnemonic(opcode);
  const std::string_view rd = register_name(decoded.rd);
  const std::string_view rs1 = register_name(decoded.rs1);
  const std::string_view rs2 = register_name(decoded.rs2);
  const uint32_t target = pc + static_cast<uint32_t>(decoded.imm);
  switch (decoded.op) {
    case Op::jal: return fmt::format("{} {:#x}", mnemonic, target);
    case Op::jalr: return fmt::format("{} {}", mnemonic, rs1);
    case Op::beq:
    case Op::bne: return fmt::format("{} {}, {:#x}", mnemonic, rs1, target);
    case Op::lw: return fmt::format("{} {}, {}({})", mnemonic, rd, decoded.imm, rs1);
    case Op::sw: return fmt::format("{} {}, {}({})", mnemonic, rs2, decoded.imm, rs1);
    case Op::ebreak: return std::string(mnemonic);
    case Op::lui: return fmt::format("{} {}, {:#x}", mnemonic, rd, static_cast<uint32_t>(decoded.imm) >> 12);
    case Op::add:
    case Op::sub:
    case Op::xor_:
    case Op::or_:
    case Op::and_: return fmt::format("{} {}, {}", mnemonic, rd, rs2);
    default: break;
  }
  if (mnemonic == "c.addi4spn") return fmt::format("{} {}, sp, {}", mnemonic, rd, decoded.imm);
  return fmt::format("{} {}, {}", mnemonic, rd, decoded.imm);
}

}  // namespace

std::string_view register_name(unsigned index) {
  static constexpr std::string_view names[] = {"zero", "ra", "sp", "gp", "tp",  "t0",  "t1", "t2", "s0", "s1", "a0",
                                               "a1",   "a2", "a3", "a4", "a5",  "a6",  "a7", "s2", "s3", "s4", "s5",
                                               "s6",   "s7", "s8", "s9", "s10", "s11", "t3", "t4", "t5", "t6"};
  return names[index & 31];
}

std::string disassemble(uint32_t opcode, uint32_t pc) {
  const Decoded decoded = decode(opcode);
  if (decoded.op == Op::illegal) {
    return decoded.length == 2 ? fmt::format(".half {:#06x}", opcode & 0xffff) : fmt::format(".word {:#010x}", opcode);
  }
  if (decoded.length == 2) return compressed(decoded, opcode & 0xffff, pc);
  const Instruction& instruction = description(decoded.op);
  const std::string_view mnemonic = instruction.mnemonic;
  const std::string_view rd = register_name(decoded.rd);
  const std::string_view rs1 = register_name(decoded.rs1);
  const std::string_view rs2 = register_name(decoded.rs2);
  const uint32_t target = pc + static_cast<uint32_t>(decoded.imm);
  switch (instruction.format) {
    case Format::none:
    case Format::fence: return std::string(mnemonic);
    case Format::register_register: return fmt::format("{} {}, {}, {}", mnemonic, rd, rs1, rs2);
    case Format::unary: return fmt::format("{} {}, {}", mnemonic, rd, rs1);
    case Format::immediate:
    case Format::shift: return fmt::format("{} {}, {}, {}", mnemonic, rd, rs1, decoded.imm);
    case Format::load:
    case Format::jump_register: return fmt::format("{} {}, {}({})", mnemonic, rd, decoded.imm, rs1);
    case Format::store: return fmt::format("{} {}, {}({})", mnemonic, rs2, decoded.imm, rs1);
    case Format::branch: return fmt::format("{} {}, {}, {:#x}", mnemonic, rs1, rs2, target);
    case Format::jump: return fmt::format("{} {}, {:#x}", mnemonic, rd, target);
    case Format::upper: return fmt::format("{} {}, {:#x}", mnemonic, rd, static_cast<uint32_t>(decoded.imm) >> 12);
    case Format::csr:
      return fmt::format("{} {}, {}, {}", mnemonic, rd, csr_operand(static_cast<uint32_t>(decoded.imm)), rs1);
    case Format::csr_immediate:
      return fmt::format("{} {}, {}, {}", mnemonic, rd, csr_operand(static_cast<uint32_t>(decoded.imm)), decoded.rs1);
  }
  return {};
}

}  // namespace veer
