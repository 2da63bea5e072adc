// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Random programs out of the instruction table.

#pragma once

#include <random>
#include <vector>

#include "iss/testing/machine.h"

namespace veer::testing {

/// Makes programs of all instructions, with operands that often meet: few registers, branches that stay near, base
/// registers that point into every kind of memory, immediates at the corners. The program begins in the ICCM, at
/// Machine::code, or in a ROM; it has its trap handlers at fixed places; it never ends.
class RandomProgram {
 public:
  static constexpr uint32_t words = 512;
  static constexpr uint32_t handler = 0x4000;
  static constexpr uint32_t nmi_handler = 0x4100;
  static constexpr uint32_t rom_base = 0;
  static constexpr uint32_t rom_size = 0x4200;

  explicit RandomProgram(uint32_t seed) : random_(seed) {
    while (code_.size() < words * 2) append();
  }

  void load_into_iccm(Machine& machine) const {
    machine.hart.poke(Machine::code, image(Machine::code));
    prepare(machine, Machine::code);
  }

  /// The ROM is `memory`, which must outlive the machine.
  void load_into_rom(Machine& machine, std::vector<uint8_t>& memory) const {
    memory = image(rom_base);
    machine.hart.map_rom(rom_base, memory);
    prepare(machine, rom_base);
  }

 private:
  [[nodiscard]] std::vector<uint8_t> image(uint32_t base) const {
    std::vector<uint8_t> bytes;
    for (const uint16_t half : code_) {
      bytes.push_back(static_cast<uint8_t>(half));
      bytes.push_back(static_cast<uint8_t>(half >> 8));
    }
    bytes.resize(rom_size);
    const auto put = [&bytes](uint32_t offset, const std::vector<uint32_t>& words_there) {
      std::memcpy(bytes.data() + offset, words_there.data(), 4 * words_there.size());
    };
    // Back to the beginning at the end; traps go on one word later, x31 is theirs.
    put(words * 4, {jal(0, -static_cast<int32_t>(words * 4)), jal(0, -static_cast<int32_t>(words * 4))});
    const std::vector<uint32_t> skip = {
        csrr(31, Csr::mepc),      rri(Op::andi, 31, 31, 0x7fc), lui(30, base),       rrr(Op::or_, 31, 31, 30),
        rri(Op::addi, 31, 31, 4), csrw(Csr::mepc, 31),          csrw(Csr::mdeau, 0), plain(Op::mret)};
    put(handler, skip);
    put(nmi_handler, skip);
    return bytes;
  }

  static void prepare(Machine& machine, uint32_t base) {
    machine.hart.set_pc(base);
    machine.hart.set_csr(static_cast<unsigned>(Csr::mtvec), base + handler);
    machine.hart.set_nmi_vector(base + nmi_handler);
    for (unsigned i = 0; i < 32; ++i) machine.hart.set_x(i, initial_register(i));
  }

  uint32_t below(uint32_t limit) { return static_cast<uint32_t>(random_()) % limit; }

  /// x8..x15 are mostly left alone as bases.
  static uint32_t initial_register(unsigned index) {
    static constexpr uint32_t bases[] = {0x50000000, 0x50001000, 0x5001fff0, 0x10000000,
                                         0x40000100, 0x60002000, 0x50010000, 0x40010000};
    if (index >= 8 && index < 16) return bases[index - 8];
    return index * 0x9e3779b9u;
  }

  uint8_t destination() { return static_cast<uint8_t>(below(16) == 0 ? below(30) : below(8)); }
  uint8_t source() { return static_cast<uint8_t>(below(4) == 0 ? below(30) : below(8)); }

  int32_t immediate() {
    static constexpr int32_t corners[] = {0, 1, -1, 2, 4, 31, 2047, -2048};
    return below(2) == 0 ? corners[below(8)] : static_cast<int32_t>(below(4096)) - 2048;
  }

  void append() {
    if (below(4) == 0) {
      const auto half = static_cast<uint16_t>(random_());
      // Any 16 bits: most are legal, some trap. Those that change sp are the only ones not wanted.
      if (is_compressed(half) && decode(half).op != Op::jalr) code_.push_back(half);
      return;
    }
    Decoded instruction;
    instruction.op = static_cast<Op>(below(instruction_count));
    instruction.rd = destination();
    instruction.rs1 = source();
    instruction.rs2 = source();
    instruction.imm = immediate();
    switch (description(instruction.op).format) {
      case Format::load:
      case Format::store:
        instruction.rs1 = static_cast<uint8_t>(8 + below(8));
        if (below(8) != 0) instruction.imm = static_cast<int32_t>(below(64)) * 4;
        break;
      case Format::branch:
      case Format::jump: instruction.imm = (static_cast<int32_t>(below(64)) - 30) * 2; break;
      case Format::jump_register:
        instruction.op = Op::jal;
        instruction.imm = (static_cast<int32_t>(below(64)) - 30) * 2;
        break;
      case Format::csr:
      case Format::csr_immediate: {
        static constexpr Csr numbers[] = {Csr::mscratch, Csr::mcyclel, Csr::minstretl, Csr::mstatus,       Csr::mie,
                                          Csr::mip,      Csr::mitcnt0, Csr::mitb0,     Csr::mitctl1,       Csr::mcause,
                                          Csr::mtval,    Csr::mscause, Csr::meipt,     Csr::mcountinhibit, Csr::mdseac,
                                          Csr::mfdc,     Csr::mcycleh, Csr::micect,    Csr::mrac};
        // Seldom, since counters and triggers leave nothing to the fast loop.
        static constexpr Csr watching[] = {Csr::mhpme3,  Csr::mhpme6,  Csr::mhpmc3, Csr::mhpmc6,
                                           Csr::mhpmc6h, Csr::mtdata1, Csr::mtsel,  Csr::mtdata2};
        const bool watches = below(8) == 0;
        const Csr number = watches ? watching[below(std::size(watching))] : numbers[below(std::size(numbers))];
        instruction.imm = static_cast<int32_t>(number);
        break;
      }
      default:
        if (instruction.op == Op::mret) return;
        break;
    }
    const uint32_t word = below(64) == 0 ? static_cast<uint32_t>(random_()) | 3 : encode(instruction);
    code_.push_back(static_cast<uint16_t>(word));
    code_.push_back(static_cast<uint16_t>(word >> 16));
  }

  std::mt19937 random_;
  std::vector<uint16_t> code_;
};

}  // namespace veer::testing
