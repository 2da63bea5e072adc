// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/decode.h"

#include <array>
#include <cstddef>

namespace veer {
namespace {

/// Candidates by a few opcode bits, so that decoding doesn't search the whole table.
template <std::size_t buckets, std::size_t depth>
struct Index {
  std::array<std::array<uint8_t, depth>, buckets> candidates{};
  std::array<uint8_t, buckets> size{};

  constexpr void add(std::size_t bucket, uint8_t entry) { candidates[bucket][size[bucket]++] = entry; }
};

constexpr uint32_t bucket_bits(uint32_t opcode) { return (opcode >> 2 & 0x1f) | (opcode >> 7 & 0xe0); }
constexpr uint32_t compressed_bucket_bits(uint32_t opcode) { return (opcode & 3) | (opcode >> 11 & 0x1c); }

constexpr auto make_index() {
  Index<256, 12> index;
  for (uint32_t bucket = 0; bucket < 256; ++bucket) {
    const uint32_t opcode = 3 | (bucket & 0x1f) << 2 | (bucket & 0xe0) << 7;
    for (uint8_t entry = 0; entry < instruction_count; ++entry) {
      const Instruction& instruction = instruction_table[entry];
      if (((opcode ^ instruction.match) & instruction.mask & 0x707f) == 0) index.add(bucket, entry);
    }
  }
  return index;
}

constexpr auto make_compressed_index() {
  Index<32, 10> index;
  for (uint32_t bucket = 0; bucket < 32; ++bucket) {
    const uint32_t opcode = (bucket & 3) | (bucket & 0x1c) << 11;
    for (uint8_t entry = 0; entry < std::size(compressed_table); ++entry) {
      const CompressedInstruction& instruction = compressed_table[entry];
      if (((opcode ^ instruction.match) & instruction.mask & 0xe003) == 0) index.add(bucket, entry);
    }
  }
  return index;
}

constexpr auto instruction_index = make_index();
constexpr auto compressed_index = make_compressed_index();

constexpr uint32_t bits(uint32_t word, unsigned high, unsigned low) {
  return word >> low & ((1u << (high - low + 1)) - 1);
}

constexpr int32_t sign_extend(uint32_t value, unsigned width) {
  return static_cast<int32_t>(value << (32 - width)) >> (32 - width);
}

constexpr uint8_t rd_of(uint32_t word) { return static_cast<uint8_t>(bits(word, 11, 7)); }
constexpr uint8_t rs1_of(uint32_t word) { return static_cast<uint8_t>(bits(word, 19, 15)); }
constexpr uint8_t rs2_of(uint32_t word) { return static_cast<uint8_t>(bits(word, 24, 20)); }
constexpr int32_t immediate_of(uint32_t word) { return static_cast<int32_t>(word) >> 20; }

Decoded operands(Op op, uint32_t word) {
  Decoded decoded{.op = op};
  switch (description(op).format) {
    case Format::none:
    case Format::fence: break;
    case Format::register_register:
      decoded.rd = rd_of(word);
      decoded.rs1 = rs1_of(word);
      decoded.rs2 = rs2_of(word);
      break;
    case Format::unary:
      decoded.rd = rd_of(word);
      decoded.rs1 = rs1_of(word);
      break;
    case Format::immediate:
    case Format::load:
    case Format::jump_register:
      decoded.rd = rd_of(word);
      decoded.rs1 = rs1_of(word);
      decoded.imm = immediate_of(word);
      break;
    case Format::shift:
      decoded.rd = rd_of(word);
      decoded.rs1 = rs1_of(word);
      decoded.imm = rs2_of(word);
      break;
    case Format::store:
      decoded.rs1 = rs1_of(word);
      decoded.rs2 = rs2_of(word);
      decoded.imm = sign_extend(bits(word, 31, 25) << 5 | bits(word, 11, 7), 12);
      break;
    case Format::branch:
      decoded.rs1 = rs1_of(word);
      decoded.rs2 = rs2_of(word);
      decoded.imm = sign_extend(
          bits(word, 31, 31) << 12 | bits(word, 7, 7) << 11 | bits(word, 30, 25) << 5 | bits(word, 11, 8) << 1, 13);
      break;
    case Format::jump:
      decoded.rd = rd_of(word);
      decoded.imm = sign_extend(
          bits(word, 31, 31) << 20 | bits(word, 19, 12) << 12 | bits(word, 20, 20) << 11 | bits(word, 30, 21) << 1, 21);
      break;
    case Format::upper:
      decoded.rd = rd_of(word);
      decoded.imm = static_cast<int32_t>(word & 0xfffff000);
      break;
    case Format::csr:
    case Format::csr_immediate:
      decoded.rd = rd_of(word);
      decoded.rs1 = rs1_of(word);
      decoded.imm = static_cast<int32_t>(word >> 20);
      break;
  }
  return decoded;
}

Decoded compressed_operands(const CompressedInstruction& instruction, uint32_t word) {
  Decoded decoded{.op = instruction.instruction, .length = 2};
  const auto rd = rd_of(word);
  const auto rs2 = static_cast<uint8_t>(bits(word, 6, 2));
  const auto rd_short = static_cast<uint8_t>(8 + bits(word, 9, 7));
  const auto rs2_short = static_cast<uint8_t>(8 + bits(word, 4, 2));
  const int32_t imm6 = sign_extend(bits(word, 12, 12) << 5 | bits(word, 6, 2), 6);
  switch (instruction.format) {
    case CompressedFormat::reserved: decoded.op = Op::illegal; break;
    case CompressedFormat::none: break;
    case CompressedFormat::addi4spn:
      decoded.rd = rs2_short;
      decoded.rs1 = 2;
      decoded.imm = static_cast<int32_t>(bits(word, 10, 7) << 6 | bits(word, 12, 11) << 4 | bits(word, 5, 5) << 3 |
                                         bits(word, 6, 6) << 2);
      break;
    case CompressedFormat::addi16sp:
      decoded.rd = decoded.rs1 = 2;
      decoded.imm = sign_extend(bits(word, 12, 12) << 9 | bits(word, 4, 3) << 7 | bits(word, 5, 5) << 6 |
                                    bits(word, 2, 2) << 5 | bits(word, 6, 6) << 4,
                                10);
      break;
    case CompressedFormat::load_word:
    case CompressedFormat::store_word:
      (instruction.format == CompressedFormat::load_word ? decoded.rd : decoded.rs2) = rs2_short;
      decoded.rs1 = rd_short;
      decoded.imm = static_cast<int32_t>(bits(word, 5, 5) << 6 | bits(word, 12, 10) << 3 | bits(word, 6, 6) << 2);
      break;
    case CompressedFormat::load_word_sp:
      decoded.rd = rd;
      decoded.rs1 = 2;
      decoded.imm = static_cast<int32_t>(bits(word, 3, 2) << 6 | bits(word, 12, 12) << 5 | bits(word, 6, 4) << 2);
      break;
    case CompressedFormat::store_word_sp:
      decoded.rs1 = 2;
      decoded.rs2 = rs2;
      decoded.imm = static_cast<int32_t>(bits(word, 8, 7) << 6 | bits(word, 12, 9) << 2);
      break;
    case CompressedFormat::immediate:
      decoded.rd = decoded.rs1 = rd;
      decoded.imm = imm6;
      break;
    case CompressedFormat::load_immediate:
      decoded.rd = rd;
      decoded.imm = imm6;
      break;
    case CompressedFormat::load_upper:
      decoded.rd = rd;
      decoded.imm = static_cast<int32_t>(static_cast<uint32_t>(imm6) << 12);
      break;
    case CompressedFormat::shift_right:
      decoded.rd = decoded.rs1 = rd_short;
      decoded.imm = rs2;
      break;
    case CompressedFormat::shift_left:
      decoded.rd = decoded.rs1 = rd;
      decoded.imm = rs2;
      break;
    case CompressedFormat::and_immediate:
      decoded.rd = decoded.rs1 = rd_short;
      decoded.imm = imm6;
      break;
    case CompressedFormat::arithmetic:
      decoded.rd = decoded.rs1 = rd_short;
      decoded.rs2 = rs2_short;
      break;
    case CompressedFormat::jump:
      decoded.rd = bits(word, 15, 15) != 0 ? 0 : 1;
      decoded.imm = sign_extend(bits(word, 12, 12) << 11 | bits(word, 8, 8) << 10 | bits(word, 10, 9) << 8 |
                                    bits(word, 6, 6) << 7 | bits(word, 7, 7) << 6 | bits(word, 2, 2) << 5 |
                                    bits(word, 11, 11) << 4 | bits(word, 5, 3) << 1,
                                12);
      break;
    case CompressedFormat::branch:
      decoded.rs1 = rd_short;
      decoded.imm = sign_extend(bits(word, 12, 12) << 8 | bits(word, 6, 5) << 6 | bits(word, 2, 2) << 5 |
                                    bits(word, 11, 10) << 3 | bits(word, 4, 3) << 1,
                                9);
      break;
    case CompressedFormat::jump_register:
      decoded.rd = static_cast<uint8_t>(bits(word, 12, 12));
      decoded.rs1 = rd;
      break;
    case CompressedFormat::move:
      decoded.rd = rd;
      decoded.rs2 = rs2;
      break;
    case CompressedFormat::add:
      decoded.rd = decoded.rs1 = rd;
      decoded.rs2 = rs2;
      break;
  }
  return decoded;
}

}  // namespace

Decoded decode(uint32_t opcode) {
  if (is_compressed(opcode)) {
    const uint32_t bucket = compressed_bucket_bits(opcode & 0xffff);
    for (unsigned i = 0; i < compressed_index.size[bucket]; ++i) {
      const CompressedInstruction& instruction = compressed_table[compressed_index.candidates[bucket][i]];
      if ((opcode & instruction.mask) == instruction.match) return compressed_operands(instruction, opcode & 0xffff);
    }
    return Decoded{.length = 2};
  }
  const uint32_t bucket = bucket_bits(opcode);
  for (unsigned i = 0; i < instruction_index.size[bucket]; ++i) {
    const uint8_t entry = instruction_index.candidates[bucket][i];
    const Instruction& instruction = instruction_table[entry];
    if ((opcode & instruction.mask) == instruction.match) return operands(static_cast<Op>(entry), opcode);
  }
  return Decoded{};
}

}  // namespace veer
