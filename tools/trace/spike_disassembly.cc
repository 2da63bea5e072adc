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
  const std::string_view name = spike_csr_name(static_cast<uint32_t>(number));
  return name.empty() ? fmt::format("unknown_{:03x}", number) : std::string(name);
}

/// What a fence orders: "iorw,iorw".
std::string ordered_accesses(uint32_t opcode) {
  std::string text;
  for (unsigned bit = 28; bit-- != 20;) {
    if ((opcode >> bit & 1) != 0) text += "wroi"[bit & 3];
    if (bit == 24 && !text.empty()) text += ',';
  }
  return text;
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
    case Op::ori: {
      // Hints about the data cache that there isn't.
      const int32_t hint = d.imm & 31;
      if (d.rd != 0 || (hint != 0 && hint != 1 && hint != 3)) break;
      return columns(fmt::format("prefetch.{}", "ir-w"[hint]), fmt::format("{}({})", d.imm & ~31, rs1));
    }
    case Op::sltiu:
      if (d.imm == 1) return columns("seqz", fmt::format("{}, {}", rd, rs1));
      break;
    case Op::sltu:
      if (d.rs1 == 0) return columns("snez", fmt::format("{}, {}", rd, rs2));
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
      return columns(mnemonic, fmt::format("{}, {}, {}", rs1, rs2, to));
    }
    case Op::csrrs:
    case Op::csrrw:
    case Op::csrrc:
    case Op::csrrsi:
    case Op::csrrwi:
    case Op::csrrci: {
      if (opcode == 0xc000'1073) return "unimp";
      const std::string csr = csr_operand(d.imm);
      if (d.op == Op::csrrs && d.rs1 == 0) return columns("csrr", fmt::format("{}, {}", rd, csr));
      const bool immediate = d.op == Op::csrrsi || d.op == Op::csrrwi || d.op == Op::csrrci;
      const std::string operand = immediate ? fmt::format("{}", d.rs1) : std::string(rs1);
      std::string mnemonic(veer::description(d.op).mnemonic);
      if (d.rd != 0) return columns(mnemonic, fmt::format("{}, {}, {}", rd, csr, operand));
      // Without a register to read to: csrw, csrsi.
      mnemonic.erase(3, 1);
      return columns(mnemonic, fmt::format("{}, {}", csr, operand));
    }
    case Op::fence: return opcode == 0x0100'000f ? "pause" : columns("fence", ordered_accesses(opcode));
    default: break;
  }
  return {};
}

}  // namespace

std::string_view spike_csr_name(uint32_t number) {
  struct Name {
    uint32_t number;
    std::string_view name;
  };
  // VeeR's manual calls these otherwise than the standard does.
  static constexpr Name standard[] = {
      {0x323, "mhpmevent3"},    {0x324, "mhpmevent4"},    {0x325, "mhpmevent5"},    {0x326, "mhpmevent6"},
      {0x7a0, "tselect"},       {0x7a1, "tdata1"},        {0x7a2, "tdata2"},        {0xb00, "mcycle"},
      {0xb02, "minstret"},      {0xb03, "mhpmcounter3"},  {0xb04, "mhpmcounter4"},  {0xb05, "mhpmcounter5"},
      {0xb06, "mhpmcounter6"},  {0xb83, "mhpmcounter3h"}, {0xb84, "mhpmcounter4h"}, {0xb85, "mhpmcounter5h"},
      {0xb86, "mhpmcounter6h"},
  };
  for (const Name& each : standard) {
    if (each.number == number) return each.name;
  }
  return veer::csr_name(number);
}

std::string spike_disassembly(uint32_t opcode) {
  const Decoded decoded = veer::decode(opcode);
  if (veer::is_compressed(opcode) && (opcode & 0xffff) == 0) return "c.unimp";
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
        if (decoded.rd == 0 && decoded.rs1 == 1) return "c.ret";
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
