// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/differential/generator.h"

#include <algorithm>
#include <array>
#include <random>

#include "iss/csr_table.h"
#include "iss/decode.h"
#include "iss/encode.h"
#include "tools/differential/layout.h"

namespace caliptra::differential {
namespace {

using namespace veer;

// Registers that programs leave alone.
constexpr uint8_t ra = 1;
constexpr uint8_t sp = 2;  // data, for c.lwsp and c.swsp
constexpr uint8_t data_low = 8;
constexpr uint8_t data_middle = 9;
constexpr uint8_t code_pointer = 26;
constexpr uint8_t rounds = 27;
constexpr uint8_t last_data = 28;
constexpr uint8_t first_data = 29;
constexpr uint8_t iccm_data = 30;

bool is_free(uint8_t reg) { return reg != sp && reg != data_low && reg != data_middle && reg < code_pointer; }

constexpr uint32_t units = 400;
constexpr uint32_t labels_per_unit = 10;
constexpr uint32_t patchable_every = 16;
constexpr uint32_t straddling_at = 8;                  ///< of as many units
constexpr uint32_t nowhere = units * labels_per_unit;  // the end

constexpr uint32_t initial_rounds = 150;

bool writes_rd_alone(Format format) {
  return format == Format::register_register || format == Format::unary || format == Format::immediate ||
         format == Format::shift || format == Format::upper;
}

class Generator {
 public:
  explicit Generator(uint32_t seed) : random_(seed ^ 0x5eed5eed) { program_.seed = seed; }

  Program run() {
    for (unit_ = 1; unit_ < units; ++unit_) {
      joined_ = false;
      label_ = unit_ * labels_per_unit;
      if (unit_ % patchable_every == 0) {
        patchable();
      } else if (unit_ % patchable_every == straddling_at) {
        straddling();
      } else {
        unit();
      }
    }
    return std::move(program_);
  }

 private:
  uint32_t below(uint32_t limit) { return static_cast<uint32_t>(random_()) % limit; }
  bool one_in(uint32_t n) { return below(n) == 0; }

  void put(Line line) {
    line.label = label_++;
    line.joined = joined_;
    joined_ = true;
    program_.lines.push_back(line);
  }
  void put(uint32_t word, uint32_t target = 0) { put(Line{.word = word, .target = target}); }
  void put(const Decoded& instruction, uint32_t target = 0) { put(encode(instruction), target); }

  /// Few registers, so that instructions wait for one another.
  uint8_t destination() {
    if (!one_in(6)) return static_cast<uint8_t>(10 + below(6));
    for (;;) {
      const auto reg = static_cast<uint8_t>(below(26));
      if (is_free(reg)) return reg;
    }
  }
  uint8_t source() { return static_cast<uint8_t>(one_in(5) ? below(31) : 10 + below(6)); }
  uint8_t temporary() { return static_cast<uint8_t>(10 + below(6)); }

  int32_t immediate() {
    static constexpr int32_t corners[] = {0, 1, -1, 2, 4, 31, 2047, -2048};
    return one_in(2) ? corners[below(8)] : static_cast<int32_t>(below(4096)) - 2048;
  }

  template <typename Accept>
  Op any_op(Accept accept) {
    for (;;) {
      const auto op = static_cast<Op>(below(instruction_count));
      if (accept(op)) return op;
    }
  }
  Op any_of(Format format) {
    return any_op([format](Op op) { return description(op).format == format; });
  }

  uint32_t arithmetic() {
    const Op op = any_op([](Op candidate) { return writes_rd_alone(description(candidate).format); });
    Decoded instruction{.op = op, .rd = destination(), .rs1 = source(), .rs2 = source(), .imm = immediate()};
    if (description(op).format == Format::upper) instruction.imm = static_cast<int32_t>(random_());
    return encode(instruction);
  }

  /// A compressed instruction that neither jumps nor traps, or 0 if this time there is none.
  uint32_t compressed() {
    const auto half = static_cast<uint16_t>(random_());
    if (!is_compressed(half)) return 0;
    const Decoded decoded = decode(half);
    if (decoded.op == Op::illegal) return 0;
    const Format format = description(decoded.op).format;
    const bool to_data = decoded.rs1 == sp || decoded.rs1 == data_low || decoded.rs1 == data_middle;
    if (format == Format::store) return to_data ? half : 0;
    if (format == Format::load) return to_data && decoded.rd != 0 && is_free(decoded.rd) ? half : 0;
    // Reserved where VeeR is generous.
    const bool lui_zero = decoded.op == Op::lui && decoded.rd == 0;
    return writes_rd_alone(format) && is_free(decoded.rd) && !lui_zero ? half : 0;
  }

  uint32_t some_compressed() {
    uint32_t half = 0;
    while (half == 0) half = compressed();
    return half;
  }

  /// A word that other words are written over, and one that they may jump over.
  void patchable() {
    uint32_t word = arithmetic();
    if (one_in(3)) word = jump_over_the_next();
    put({.word = word, .aligned = true});
    put(arithmetic());
  }

  uint32_t jump_over_the_next() {
    if (one_in(2)) return encode({.op = any_of(Format::branch), .rs1 = source(), .rs2 = source(), .imm = 8});
    return encode({.op = Op::jal, .rd = one_in(2) ? ra : uint8_t{0}, .imm = 8});
  }

  /// c.j, c.beqz or c.bnez, by 8 bytes or 6.
  uint32_t compressed_jump(bool by_8) {
    if (one_in(2)) return by_8 ? 0xa021 : 0xa019;
    const uint32_t reg = below(8) << 7;
    return (one_in(2) ? 0xc001u : 0xe001u) | (by_8 ? 0x400u : 0x18u) | reg;
  }

  /// What is written over a patchable word.
  uint32_t patch() {
    switch (below(16)) {
      case 0: return illegal_word();
      case 1: return encode({.op = one_in(2) ? Op::ecall : Op::ebreak});
      case 2:
      case 3: {
        const uint32_t low = some_compressed();
        return some_compressed() << 16 | low;
      }
      case 4:
      case 5:
      case 6: return jump_over_the_next();
      case 7: {
        const uint32_t low = compressed_jump(true);
        return some_compressed() << 16 | low;
      }
      case 8: {
        const uint32_t low = some_compressed();
        return compressed_jump(false) << 16 | low;
      }
      case 9: return encode({.op = any_of(Format::load), .rd = destination(), .rs1 = data_low, .imm = immediate()});
      case 10: return encode({.op = any_of(Format::store), .rs1 = data_low, .rs2 = source(), .imm = immediate()});
      default: return arithmetic();
    }
  }

  /// Two words of three instructions, the second of which lies in both. They are rewritten one by one: any first half
  /// goes with any second half.
  void straddling() {
    const bool jumps = straddling_jumps(unit_ / patchable_every);
    put({.word = some_compressed(), .aligned = true});
    const uint32_t low = first_half(jumps);
    put(second_half(jumps) << 16 | low);
    put(some_compressed());
  }

  /// In every second place it is a jal, over nothing or over the third: the one after it may not have been decoded.
  static bool straddling_jumps(uint32_t place) { return place % 2 == 1; }
  uint32_t first_half(bool jumps) {
    if (jumps) return encode({.op = Op::jal, .rd = one_in(2) ? ra : uint8_t{0}}) & 0xffff;
    static constexpr Op ops[] = {Op::addi, Op::slti, Op::sltiu, Op::xori, Op::ori, Op::andi, Op::lui, Op::auipc};
    return encode({.op = ops[below(std::size(ops))], .rd = destination(), .rs1 = source()}) & 0xffff;
  }
  uint32_t second_half(bool jumps) {
    if (jumps) return encode({.op = Op::jal, .imm = one_in(2) ? 4 : 6}) >> 16;
    return random_() & 0xffff;
  }

  void unit() {
    // Drawn here, since a compiler may evaluate a call's arguments in any order.
    const uint32_t distance = one_in(4) ? 8 : 2;
    forward_ = std::min(nowhere, (unit_ + 1 + below(distance)) * labels_per_unit);
    backward_ = (unit_ - std::min(unit_ - 1, 1 + below(10))) * labels_per_unit;
    const uint32_t kind = below(100);
    if (kind < 31) {
      put(arithmetic());
    } else if (kind < 45) {
      put(some_compressed());
    } else if (kind < 61) {
      access();
    } else if (kind < 67) {
      computed_access();
    } else if (kind < 74) {
      put(Decoded{.op = any_of(Format::branch), .rs1 = source(), .rs2 = source()}, forward_);
    } else if (kind < 77) {
      loop(backward_);
    } else if (kind < 84) {
      jump();
    } else if (kind < 88) {
      csr();
    } else if (kind < 94) {
      rewrite();
    } else if (kind < 98) {
      trap();
    } else {
      put(Decoded{.op = one_in(2) ? Op::fence : Op::fence_i});
    }
  }

  void access() {
    const Op op = any_of(one_in(2) ? Format::load : Format::store);
    const bool is_store = description(op).format == Format::store;
    Decoded instruction{.op = op};
    (is_store ? instruction.rs2 : instruction.rd) = is_store ? source() : destination();
    switch (below(8)) {
      case 0:  // around the end of the DCCM; accesses across it fault
        instruction.rs1 = last_data;
        instruction.imm = static_cast<int32_t>(below(64)) - 32;
        break;
      case 1:  // the beginning: before it, aligned only, since VeeR calls accesses across regions misaligned
        instruction.rs1 = first_data;
        instruction.imm = one_in(4) ? -4 * static_cast<int32_t>(1 + below(8)) : static_cast<int32_t>(below(64));
        break;
      case 2:  // the ICCM takes whole words
        instruction.rs1 = iccm_data;
        instruction.imm = is_store ? 4 * static_cast<int32_t>(below(128)) : static_cast<int32_t>(below(512));
        if (is_store) instruction.op = Op::sw;
        break;
      case 3:
        instruction.rs1 = data_low;
        instruction.imm = immediate();
        break;
      default:
        instruction.rs1 = one_in(2) ? data_low : data_middle;
        instruction.imm = static_cast<int32_t>(below(one_in(2) ? 8 : 64));
        break;
    }
    put(instruction);
  }

  void computed_access() {
    const uint8_t address = temporary();
    const Op op = any_of(one_in(2) ? Format::load : Format::store);
    put(Decoded{.op = Op::andi, .rd = address, .rs1 = source(), .imm = static_cast<int32_t>(below(1024))});
    put(Decoded{.op = Op::add, .rd = address, .rs1 = address, .rs2 = data_low});
    put(Decoded{.op = op, .rd = destination(), .rs1 = address, .rs2 = source(), .imm = immediate() / 2});
  }

  /// Back to `label`, now and then on instead, and to the end when all rounds are over.
  void loop(uint32_t label) {
    const uint8_t reg = temporary();
    put(Decoded{.op = Op::addi, .rd = rounds, .rs1 = rounds, .imm = -1});
    put(Decoded{.op = Op::blt, .rs1 = rounds, .rs2 = 0}, nowhere);
    put(Decoded{.op = Op::andi, .rd = reg, .rs1 = rounds, .imm = 3});
    put(Decoded{.op = Op::beq, .rs1 = reg, .rs2 = 0}, forward_);
    if (one_in(4)) {
      put(Decoded{.op = Op::jal, .rd = one_in(2) ? ra : uint8_t{0}}, label);
    } else {
      put(Decoded{.op = any_of(Format::branch), .rs1 = source(), .rs2 = source()}, label);
    }
  }

  void jump() {
    static constexpr uint8_t links[] = {0, ra, 5, 14};
    const uint8_t link = links[below(4)];
    const uint32_t near = std::min(nowhere, (unit_ + 1 + below(3)) * labels_per_unit);
    switch (below(6)) {
      case 0: put(Decoded{.op = Op::jal, .rd = link}, forward_); break;
      case 1: put(Decoded{.op = Op::jalr, .rd = link, .rs1 = code_pointer}, forward_); break;
      case 2: {
        // c.jr or c.jalr
        const uint8_t address = temporary();
        put(Decoded{.op = Op::addi, .rd = address, .rs1 = code_pointer}, forward_);
        put((one_in(2) ? 0x8002u : 0x9002u) | static_cast<uint32_t>(address) << 7);
        break;
      }
      case 3: put(one_in(2) ? 0xa001 : 0x2001, near); break;  // c.j, c.jal
      case 4: {
        // c.beqz or c.bnez
        const uint32_t reg = below(8) << 7;
        put((one_in(2) ? 0xc001u : 0xe001u) | reg, near);
        break;
      }
      default: {
        // A call: over the jump to what follows, and back to it.
        put(Decoded{.op = Op::jal, .rd = ra, .imm = 8});
        put(Decoded{.op = Op::jal}, (unit_ + 1) * labels_per_unit);
        Decoded body{.op = Op::mul, .rd = temporary(), .rs1 = source(), .rs2 = source()};
        put(body);
        put(one_in(2) ? 0x8082 : encode({.op = Op::jalr, .rs1 = ra}));
        break;
      }
    }
  }

  void csr() {
    static constexpr Csr common[] = {Csr::mscratch, Csr::mscratch, Csr::mcause, Csr::mtval};
    const Op op = any_of(one_in(2) ? Format::csr : Format::csr_immediate);
    Decoded instruction{.op = op, .rd = destination(), .rs1 = source()};
    switch (below(8)) {
      case 0:
        // MIE and MPIE alone, and what else is in mstatus is not looked at.
        instruction.op = one_in(2) ? Op::csrrsi : Op::csrrci;
        instruction.rd = 0;
        instruction.rs1 = 8;
        instruction.imm = static_cast<int32_t>(Csr::mstatus);
        break;
      case 1: {
        // Numbers that neither has, and writes to what can only be read.
        static constexpr uint16_t foreign[] = {0x5c0, 0x5ff, 0x800, 0x8ff, 0x9c0, 0xbd0, 0xbff, 0xcc0, 0xfd0};
        static constexpr uint16_t read_only[] = {0xf11, 0xf12, 0xf13, 0xf14};
        if (one_in(2)) {
          instruction.imm = foreign[below(std::size(foreign))];
        } else {
          instruction.op = Op::csrrw;
          instruction.imm = read_only[below(std::size(read_only))];
        }
        break;
      }
      case 2:
        instruction.op = Op::csrrs;
        instruction.rs1 = 0;
        instruction.imm = static_cast<int32_t>(one_in(2) ? Csr::mtvec : static_cast<Csr>(0xf14));
        break;
      case 3: {
        // Even, since QEMU keeps bit 0.
        const uint8_t address = temporary();
        put(Decoded{.op = Op::andi, .rd = address, .rs1 = source(), .imm = -2});
        instruction = {.op = Op::csrrw, .rd = destination(), .rs1 = address, .imm = static_cast<int32_t>(Csr::mepc)};
        break;
      }
      default: instruction.imm = static_cast<int32_t>(common[below(std::size(common))]); break;
    }
    put(instruction);
  }

  /// Writes other instructions over a patchable word, or over one of two with an instruction across them, and maybe
  /// goes back to them.
  void rewrite() {
    const uint32_t places = units / patchable_every;
    const bool across = one_in(3);
    const bool second = across && one_in(2);
    const uint32_t at = across ? straddling_at : 0;
    uint32_t place = 1 + below(places - 1);
    // Mostly what was executed just before, or will be soon.
    const uint32_t before = (unit_ + patchable_every - at) / patchable_every - 1;
    if (!one_in(4)) place = std::clamp(before + below(3) / 2, 1u, places - 1);
    uint32_t word = 0;
    if (second) {
      word = second_half(straddling_jumps(place));
      word |= (one_in(6) ? 0x9002 : some_compressed()) << 16;  // c.ebreak
    } else if (across) {
      word = one_in(3) ? compressed_jump(true) : some_compressed();
      word |= first_half(straddling_jumps(place)) << 16;
    } else {
      word = patch();
    }
    const uint8_t reg = temporary();
    const auto low = static_cast<int32_t>(word << 20) >> 20;
    const uint32_t target = (place * patchable_every + at) * labels_per_unit;
    put(Decoded{.op = Op::lui, .rd = reg, .imm = static_cast<int32_t>(word - static_cast<uint32_t>(low))});
    put(Decoded{.op = Op::addi, .rd = reg, .rs1 = reg, .imm = low});
    put(Decoded{.op = Op::sw, .rs1 = code_pointer, .rs2 = reg, .imm = second ? 4 : 0}, target);
    put(Decoded{.op = Op::fence_i});
    if (target < unit_ * labels_per_unit && one_in(2)) {
      // The last instruction may come without those before it.
      loop(second && one_in(2) ? target + 2 : target);
    }
  }

  uint32_t illegal_word() {
    for (;;) {
      const uint32_t word = static_cast<uint32_t>(random_()) | 3;
      const uint32_t opcode = word & 0x7f;
      // QEMU takes fences and SFENCE.VMA more generously.
      if (opcode == 0x0f || opcode == 0x73) continue;
      if (decode(word).op == Op::illegal) return word;
    }
  }

  void trap() {
    switch (below(7)) {
      case 0: put(Decoded{.op = Op::ecall}); break;
      case 1: put(Decoded{.op = Op::ebreak}); break;
      case 2: put(0x9002); break;  // c.ebreak
      case 3: put(illegal_word()); break;
      case 4: {
        uint32_t half = 3;
        while (is_compressed(half) ? decode(half).op != Op::illegal : true) half = random_() & 0xffff;
        put(half);
        break;
      }
      case 5: {
        // Out of the ICCM, or into data.
        static constexpr uint32_t outside[] = {Layout::iccm_end, 0x4fff0000, Layout::data, 0x50030000};
        const uint8_t address = temporary();
        put(Decoded{.op = Op::lui, .rd = address, .imm = static_cast<int32_t>(outside[below(4)])});
        put(Decoded{.op = Op::jalr, .rd = ra, .rs1 = address, .imm = static_cast<int32_t>(below(512))});
        break;
      }
      default: {
        const uint8_t address = temporary();
        // mret leaves user mode in QEMU's MPP; on VeeR that is always machine mode.
        put(Decoded{.op = Op::lui, .rd = address, .imm = 0x2000});
        put(Decoded{.op = Op::addi, .rd = address, .rs1 = address, .imm = -0x800});
        put(Decoded{.op = Op::csrrs, .rs1 = address, .imm = static_cast<int32_t>(Csr::mstatus)});
        put(Decoded{.op = Op::addi, .rd = address, .rs1 = code_pointer}, forward_);
        put(Decoded{.op = Op::csrrw, .rs1 = address, .imm = static_cast<int32_t>(Csr::mepc)});
        put(Decoded{.op = Op::mret});
        break;
      }
    }
  }

  std::mt19937 random_;
  Program program_;
  uint32_t unit_ = 0;
  uint32_t label_ = 0;
  uint32_t forward_ = 0;  ///< labels for this unit to go to
  uint32_t backward_ = 0;
  bool joined_ = false;
};

}  // namespace

Program generate(uint32_t seed) { return Generator(seed).run(); }

uint32_t initial_register(unsigned index, uint32_t random) {
  switch (index) {
    case sp: return Layout::data + 0x200;
    case data_low: return Layout::data + 0x800;
    case data_middle: return Layout::data + 0x900;
    case code_pointer: return Layout::code_pointer;
    case rounds: return initial_rounds;
    case last_data: return Layout::last_data + Layout::last_data_size - 16;
    case first_data: return Layout::data;
    case iccm_data: return Layout::iccm_data;
    default: {
      static constexpr uint32_t corners[] = {0, 1, 0xffffffff, 0x80000000, 0x7fffffff, 31};
      return random % 3 == 0 ? corners[random / 3 % 6] : random;
    }
  }
}

}  // namespace caliptra::differential
