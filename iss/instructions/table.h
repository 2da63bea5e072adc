// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The one description of the instruction set. The decoder, the disassembler and whoever generates or counts
// instructions read these tables.

#pragma once

#include <array>
#include <cstdint>
#include <string_view>

namespace veer {

/// Where an instruction belongs.
enum class Extension : uint8_t { i, m, zicsr, zifencei, zba, zbb, zbc, zbs };

/// How the operands of a 32-bit instruction are encoded.
enum class Format : uint8_t {
  none,               ///< no operands
  fence,              ///< predecessor and successor sets, which VeeR ignores
  register_register,  ///< rd, rs1, rs2
  unary,              ///< rd, rs1
  immediate,          ///< rd, rs1, signed 12 bits
  shift,              ///< rd, rs1, 5 bits
  load,               ///< rd, signed 12 bits (rs1)
  store,              ///< rs2, signed 12 bits (rs1)
  branch,             ///< rs1, rs2, signed 13 bits from pc
  jump,               ///< rd, signed 21 bits from pc
  jump_register,      ///< rd, signed 12 bits (rs1)
  upper,              ///< rd, upper 20 bits
  csr,                ///< rd, CSR, rs1
  csr_immediate,      ///< rd, CSR, unsigned 5 bits
};

/// How the operands of a 16-bit instruction are encoded (RISC-V unprivileged specification, chapter "C").
enum class CompressedFormat : uint8_t {
  reserved,
  none,
  addi4spn,
  addi16sp,
  load_word,
  store_word,
  load_word_sp,
  store_word_sp,
  immediate,
  load_immediate,
  load_upper,
  shift_right,
  shift_left,
  and_immediate,
  arithmetic,
  jump,
  branch,
  jump_register,
  move,
  add,
};

/// What an instruction does. Those after `first_internal` are not in the architecture: the decoder makes them.
enum class Op : uint8_t {
#define INSTRUCTION(name, mnemonic, mask, match, format, extension) name,
#include "iss/instructions/instructions.inc"
#undef INSTRUCTION
  illegal,
  first_internal,
  nop = first_internal,  ///< anything whose only effect would be on x0
  li,                    ///< rd = imm: lui, auipc, c.li
  mv,                    ///< rd = rs1
  beqz,                  ///< beq and bne with x0
  bnez,
  j,            ///< jal without a link
  jr,           ///< jalr without a link
  far_branch,   ///< a branch or jal out of its code region
  fetch_fault,  ///< fetching this instruction, or its second half, fails
  undecoded,
  step,     ///< a superblock ends with this instruction although it falls through: the observed loop executes it
  outside,  ///< past the end of the code region
  count,
};

struct Instruction {
  std::string_view mnemonic;
  uint32_t mask;
  uint32_t match;
  Format format;
  Extension extension;
};

struct CompressedInstruction {
  std::string_view mnemonic;
  uint16_t mask;
  uint16_t match;
  CompressedFormat format;
  Op instruction;  ///< what it stands for
};

/// Indexed by Op, up to Op::illegal.
inline constexpr Instruction instruction_table[] = {
#define INSTRUCTION(name, mnemonic, mask, match, format, extension) \
  {mnemonic, mask, match, Format::format, Extension::extension},
#include "iss/instructions/instructions.inc"
#undef INSTRUCTION
};

/// In order: the first that matches counts; what matches none is illegal.
inline constexpr CompressedInstruction compressed_table[] = {
#define COMPRESSED(name, mnemonic, mask, match, format, instruction) \
  {mnemonic, mask, match, CompressedFormat::format, Op::instruction},
#include "iss/instructions/compressed.inc"
#undef COMPRESSED
};

inline constexpr unsigned instruction_count = static_cast<unsigned>(Op::illegal);
inline constexpr unsigned op_count = static_cast<unsigned>(Op::count);
static_assert(std::size(instruction_table) == instruction_count);

/// The table's line for an architectural op.
constexpr const Instruction& description(Op op) { return instruction_table[static_cast<unsigned>(op)]; }

}  // namespace veer
