// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/glitch/fault.h"

#include <fmt/format.h>

#include <array>

#include "iss/decode.h"
#include "iss/disassemble.h"

namespace caliptra::glitch {
namespace {

using veer::Decoded;
using veer::Op;

constexpr struct {
  FaultKind kind;
  std::string_view name;
} fault_names[] = {
    {FaultKind::skip, "skip"},          {FaultKind::register_flip, "register"}, {FaultKind::memory_flip, "memory"},
    {FaultKind::opcode_flip, "opcode"}, {FaultKind::branch, "branch"},
};

/// Well mixed bits out of a number (the finalizer of MurmurHash3).
uint32_t mix(uint32_t value) {
  value ^= value >> 16;
  value *= 0x85eb'ca6b;
  value ^= value >> 13;
  value *= 0xc2b2'ae35;
  return value ^ value >> 16;
}

bool is_branch(Op op) { return op < Op::illegal && veer::description(op).format == veer::Format::branch; }

bool taken(Op op, uint32_t a, uint32_t b) {
  const auto left = static_cast<int32_t>(a);
  const auto right = static_cast<int32_t>(b);
  switch (op) {
    case Op::beq: return a == b;
    case Op::bne: return a != b;
    case Op::blt: return left < right;
    case Op::bge: return left >= right;
    case Op::bltu: return a < b;
    default: return a >= b;
  }
}

/// Registers that an instruction reads; x0 can't be flipped.
std::vector<uint8_t> registers_read(const Decoded& decoded) {
  std::vector<uint8_t> registers;
  if (decoded.op < Op::illegal && veer::description(decoded.op).format == veer::Format::csr_immediate) return registers;
  if (decoded.rs1 != 0) registers.push_back(decoded.rs1);
  if (decoded.rs2 != 0 && decoded.rs2 != decoded.rs1) registers.push_back(decoded.rs2);
  return registers;
}

/// Changes code, in the ROM or in the ICCM.
void write_code(const Point& point, uint32_t opcode, veer::Hart& hart, std::span<uint8_t> rom) {
  std::array<uint8_t, 4> bytes{};
  const std::size_t length = veer::is_compressed(point.opcode) ? 2 : 4;
  for (std::size_t i = 0; i < length; ++i) bytes[i] = static_cast<uint8_t>(opcode >> (8 * i));
  if (point.pc < rom.size()) {
    for (std::size_t i = 0; i < length && point.pc + i < rom.size(); ++i) rom[point.pc + i] = bytes[i];
    hart.map_rom(0, rom);
  } else {
    hart.poke(point.pc, std::span(bytes).first(length));
  }
}

}  // namespace

std::optional<FaultKind> fault_named(std::string_view name) {
  for (const auto& each : fault_names) {
    if (each.name == name) return each.kind;
  }
  return std::nullopt;
}

std::string_view name(FaultKind kind) { return fault_names[static_cast<std::size_t>(kind)].name; }

std::span<const FaultKind> all_faults() {
  static constexpr std::array kinds = {FaultKind::skip, FaultKind::register_flip, FaultKind::memory_flip,
                                       FaultKind::opcode_flip, FaultKind::branch};
  return kinds;
}

bool applies(FaultKind kind, const Point& point) {
  const Decoded decoded = veer::decode(point.opcode);
  switch (kind) {
    case FaultKind::register_flip: return !registers_read(decoded).empty();
    case FaultKind::memory_flip: return point.loaded != 0;
    case FaultKind::branch: return is_branch(decoded.op);
    default: return true;
  }
}

std::string apply(FaultKind kind, uint32_t variant, const Point& point, veer::Hart& hart, std::span<uint8_t> rom) {
  const Decoded decoded = veer::decode(point.opcode);
  const uint32_t random = mix(variant * 0x9e37'79b9 + point.pc);
  switch (kind) {
    case FaultKind::skip: hart.set_pc(point.pc + decoded.length); return "skipped";
    case FaultKind::register_flip: {
      const auto registers = registers_read(decoded);
      const unsigned index = registers[random % registers.size()];
      const unsigned bit = random >> 8 & 31;
      hart.set_x(index, hart.x(index) ^ 1u << bit);
      return fmt::format("bit {} of {}", bit, veer::register_name(index));
    }
    case FaultKind::memory_flip: {
      std::array<uint8_t, 4> word{};
      const uint32_t address = point.loaded & ~3u;
      const unsigned bit = random & 31;
      if (!hart.peek(address, word)) return "nothing";
      word[bit / 8] ^= static_cast<uint8_t>(1u << bit % 8);
      hart.poke(address, word);
      return fmt::format("bit {} of 0x{:08x}", bit, address);
    }
    case FaultKind::opcode_flip: {
      const unsigned bit = random % (8u * decoded.length);
      const uint32_t opcode = point.opcode ^ 1u << bit;
      write_code(point, opcode, hart, rom);
      return fmt::format("bit {}: {}", bit, veer::disassemble(opcode, point.pc));
    }
    case FaultKind::branch: {
      const bool goes = taken(decoded.op, hart.x(decoded.rs1), hart.x(decoded.rs2));
      hart.set_pc(goes ? point.pc + decoded.length : point.pc + static_cast<uint32_t>(decoded.imm));
      return goes ? "not taken" : "taken";
    }
  }
  return "";
}

void undo(FaultKind kind, const Point& point, veer::Hart& hart, std::span<uint8_t> rom) {
  if (kind == FaultKind::opcode_flip) write_code(point, point.opcode, hart, rom);
}

}  // namespace caliptra::glitch
