// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/trace/spike_disassembly.h"

#include <fmt/format.h>

#include <array>
#include <cstdlib>

#include "iss/csr_table.h"
#include "iss/decode.h"
#include "iss/disassemble.h"

namespace caliptra::trace {
namespace {

using veer::Decoded;
using veer::Op;

std::string columns(std::string_view mnemonic, std::string_view operands) {
  if (operands.empty()) return std::string(mnemonic);
  return fmt::format("{:<7} {}", mnemonic, operands);
}

std::string target(int32_t offset, bool hexadecimal) {
  const char sign = offset >= 0 ? '+' : '-';
  const int32_t distance = std::abs(offset);
  return hexadecimal ? fmt::format("pc {} {:#x}", sign, distance) : fmt::format("pc {} {}", sign, distance);
}

std::string csr_operand(int32_t number) {
  const std::string_view name = veer::csr_name(static_cast<uint32_t>(number));
  return name.empty() ? fmt::format("unknown_{:03x}", number) : std::string(name);
}

/// The short forms of 32-bit instructions, or nothing.
std::string short_form(const Decoded& d, uint32_t opcode) {
  const std::string_view rd = veer::register_name(d.rd);
  const std::string_view rs1 = veer::register_name(d.rs1);
  const std::string_view rs2 = veer::register_name(d.rs2);
  switch (d.op) {
    case Op::addi:
      if (opcode == 0x13) return "nop";
      if (d.rs1 == 0) return columns("li", fmt::format("{}, {}", rd, d.imm));
      if (d.imm == 0) return columns("mv", fmt::format("{}, {}", rd, rs1));
      break;
    case Op::xori:
      if (d.imm == -1) return columns("not", fmt::format("{}, {}", rd, rs1));
      break;
    case Op::andi:
      if (d.imm == 255) return columns("zext.b", fmt::format("{}, {}", rd, rs1));
      break;
    case Op::sltiu:
      if (d.imm == 1) return columns("seqz", fmt::format("{}, {}", rd, rs1));
      break;
    case Op::sltu:
      if (d.rs1 == 0) return columns("snez", fmt::format("{}, {}", rd, rs2));
      break;
    case Op::sub:
      if (d.rs1 == 0) return columns("neg", fmt::format("{}, {}", rd, rs2));
      break;
    case Op::jal:
      return d.rd == 0   ? columns("j", target(d.imm, true))
             : d.rd == 1 ? columns("jal", target(d.imm, true))
                         : columns("jal", fmt::format("{}, {}", rd, target(d.imm, true)));
    case Op::jalr:
      if (d.rd == 0 && d.rs1 == 1 && d.imm == 0) return "ret";
      if (d.rd == 0 && d.imm == 0) return columns("jr", rs1);
      if (d.rd == 1 && d.imm == 0) return columns("jalr", rs1);
      return columns("jalr", fmt::format("{}, {}, {}", rd, rs1, d.imm));
    case Op::beq:
    case Op::bne:
    case Op::blt:
    case Op::bge:
    case Op::bltu:
    case Op::bgeu: {
      const std::string to = target(d.imm, false);
      const std::string_view mnemonic = veer::description(d.op).mnemonic;
      const bool equality = d.op == Op::beq || d.op == Op::bne;
      const bool is_signed = d.op == Op::blt || d.op == Op::bge;
      if (d.rs2 == 0 && (equality || is_signed))
        return columns(fmt::format("{}z", mnemonic), fmt::format("{}, {}", rs1, to));
      if (d.rs1 == 0 && is_signed) return columns(d.op == Op::blt ? "bgtz" : "blez", fmt::format("{}, {}", rs2, to));
      return columns(mnemonic, fmt::format("{}, {}, {}", rs1, rs2, to));
    }
    case Op::csrrs:
      if (d.rs1 == 0) return columns("csrr", fmt::format("{}, {}", rd, csr_operand(d.imm)));
      if (d.rd == 0) return columns("csrs", fmt::format("{}, {}", csr_operand(d.imm), rs1));
      break;
    case Op::csrrw:
      if (d.rd == 0) return columns("csrw", fmt::format("{}, {}", csr_operand(d.imm), rs1));
      break;
    case Op::csrrc:
      if (d.rd == 0) return columns("csrc", fmt::format("{}, {}", csr_operand(d.imm), rs1));
      break;
    case Op::csrrwi:
      if (d.rd == 0) return columns("csrwi", fmt::format("{}, {}", csr_operand(d.imm), d.rs1));
      break;
    case Op::csrrsi:
      if (d.rd == 0) return columns("csrsi", fmt::format("{}, {}", csr_operand(d.imm), d.rs1));
      break;
    case Op::csrrci:
      if (d.rd == 0) return columns("csrci", fmt::format("{}, {}", csr_operand(d.imm), d.rs1));
      break;
    case Op::fence: return columns("fence", "iorw,iorw");
    default: break;
  }
  return {};
}

}  // namespace

std::string spike_disassembly(uint32_t opcode) {
  const Decoded decoded = veer::decode(opcode);
  if (decoded.op == Op::illegal) return "unknown";
  if (decoded.length == 4) {
    const std::string text = short_form(decoded, opcode);
    if (!text.empty()) return text;
  }
  if (decoded.length == 2 && (opcode & 0xffff) == 0x0001) return "c.nop";
  const std::string text = veer::disassemble(opcode, 0);
  const std::size_t space = text.find(' ');
  if (space == std::string::npos) return text;
  const std::string_view mnemonic = std::string_view(text).substr(0, space);
  const std::string_view operands = std::string_view(text).substr(space + 1);
  if (decoded.length == 2) {
    const std::string_view rs1 = veer::register_name(decoded.rs1);
    switch (decoded.op) {
      case Op::jal: return columns(mnemonic, target(decoded.imm, false));
      case Op::beq:
      case Op::bne: return columns(mnemonic, fmt::format("{}, {}", rs1, target(decoded.imm, false)));
      case Op::jalr:
        if (decoded.rd == 0 && decoded.rs1 == 1) return "ret";
        break;
      default: break;
    }
  }
  return columns(mnemonic, operands);
}

std::string spike_trap_name(uint32_t mcause) {
  static constexpr std::array<std::string_view, 12> names = {"instruction_address_misaligned",
                                                             "instruction_access_fault",
                                                             "illegal_instruction",
                                                             "breakpoint",
                                                             "load_address_misaligned",
                                                             "load_access_fault",
                                                             "store_address_misaligned",
                                                             "store_access_fault",
                                                             "user_ecall",
                                                             "supervisor_ecall",
                                                             "reserved.10",
                                                             "machine_ecall"};
  if (mcause >= 0xf000'0000) return fmt::format("nmi {:#010x}", mcause);
  if ((mcause >> 31) != 0) return fmt::format("interrupt #{}", mcause & 0x7fff'ffff);
  return mcause < names.size() ? fmt::format("trap_{}", names[mcause]) : fmt::format("trap #{}", mcause);
}

bool spike_trap_has_tval(uint32_t mcause) { return mcause < 8; }

}  // namespace caliptra::trace
