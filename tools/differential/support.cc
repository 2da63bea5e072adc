// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/differential/support.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <random>

#include "iss/disassemble.h"
#include "iss/testing/machine.h"
#include "tools/differential/generator.h"
#include "tools/differential/layout.h"

namespace caliptra::differential {
namespace {

using namespace veer;
using namespace veer::testing;

constexpr uint8_t area = 31;
constexpr uint8_t a = 5;
constexpr uint8_t b = 6;
constexpr uint8_t c = 7;

uint32_t load_word(uint8_t rd, int32_t offset, uint8_t base) { return load(Op::lw, rd, offset, base); }
uint32_t store_word(uint8_t rs2, int32_t offset, uint8_t base) {
  return veer::testing::store(Op::sw, rs2, offset, base);
}

std::vector<uint32_t> entry() {
  std::vector<uint32_t> code = {
      lui(area, trap_handler & 0xfffff000),
      rri(Op::addi, area, area, trap_handler & 0xfff),
      csrw(Csr::mtvec, area),
      lui(area, 0x2000),
      rri(Op::addi, area, area, -0x800),  // MPP is machine mode in mstatus
      csrw(Csr::mstatus, area),
      csrw(Csr::mie, 0),
      csrw(Csr::mscratch, 0),
      csrw(Csr::mepc, 0),
      csrw(Csr::mcause, 0),
      csrw(Csr::mtval, 0),
      lui(area, Layout::area),
  };
  for (uint8_t i = 1; i < 31; ++i) code.push_back(load_word(i, Layout::registers + 4 * i, area));
  const auto here = static_cast<int32_t>(entry_point + 4 * code.size());
  code.push_back(jal(0, static_cast<int32_t>(Layout::code) - here));
  return code;
}

std::vector<uint32_t> handler() {
  return {
      store_word(a, Layout::saved, area),
      store_word(b, Layout::saved + 4, area),
      store_word(c, Layout::saved + 8, area),
      load_word(a, Layout::trap_count, area),
      rri(Op::addi, a, a, 1),
      store_word(a, Layout::trap_count, area),
      load_word(a, Layout::log_next, area),
      load_word(b, Layout::log_end, area),
      branch(Op::bgeu, a, b, 4 * 12),
      csrr(b, Csr::mcause),
      store_word(b, 0, a),
      csrr(b, Csr::mepc),
      store_word(b, 4, a),
      csrr(b, Csr::mtval),
      store_word(b, 8, a),
      csrr(b, Csr::mstatus),
      rri(Op::andi, b, b, 0x88),
      store_word(b, 12, a),
      rri(Op::addi, a, a, 16),
      store_word(a, Layout::log_next, area),
      // What an ebreak leaves in mtval is not the same everywhere.
      csrw(Csr::mtval, 0),
      csrr(a, Csr::mcause),
      rri(Op::addi, a, a, -1),
      branch(Op::beq, a, 0, 4 * 8),
      // On with the next instruction.
      csrr(b, Csr::mepc),
      load(Op::lhu, a, 0, b),
      rri(Op::andi, a, a, 3),
      rri(Op::sltiu, a, a, 3),
      rri(Op::xori, a, a, 1),
      rrr(Op::sh1add, b, a, b),
      jal(0, 4 * 2),
      // Where it can't be fetched, ra says where it came from.
      rri(Op::addi, b, 1, -2),
      rri(Op::addi, b, b, 2),
      csrw(Csr::mepc, b),
      load_word(a, Layout::saved, area),
      load_word(b, Layout::saved + 4, area),
      load_word(c, Layout::saved + 8, area),
      plain(Op::mret),
  };
}

std::vector<uint32_t> end() {
  std::vector<uint32_t> code;
  for (uint8_t i = 1; i < 32; ++i) code.push_back(store_word(i, Layout::registers + 4 * i, area));
  int32_t offset = Layout::csrs;
  for (const Csr csr : {Csr::mscratch, Csr::mepc, Csr::mcause, Csr::mtval}) {
    code.push_back(csrr(a, csr));
    code.push_back(store_word(a, offset, area));
    offset += 4;
  }
  code.push_back(csrr(a, Csr::mstatus));
  code.push_back(rri(Op::andi, a, a, 0x88));
  code.push_back(store_word(a, offset, area));
  code.push_back(load_word(a, Layout::return_address, area));
  code.push_back(rri(Op::jalr, 0, a, 0));
  return code;
}

std::vector<uint32_t> stop() { return {lui(a, stop_register), store_word(0, 0, a), jal(0, 0)}; }

}  // namespace

uint32_t word_at(const Image& image, uint32_t address) {
  uint32_t value = 0;
  std::memcpy(&value, image.data() + offset_in_image(address), sizeof value);
  return value;
}

void set_word(Image& image, uint32_t address, uint32_t value) {
  std::memcpy(image.data() + offset_in_image(address), &value, sizeof value);
}

std::variant<Image, std::string> make_image(const Program& program) {
  Image image(image_size);
  auto code = assemble(program, end_point);
  if (const auto* error = std::get_if<std::string>(&code)) return *error;
  const auto& bytes = std::get<0>(code);
  std::copy(bytes.begin(), bytes.end(), image.begin() + offset_in_image(Layout::code));
  const auto put = [&image](uint32_t address, const std::vector<uint32_t>& words) {
    for (const uint32_t word : words) {
      set_word(image, address, word);
      address += 4;
    }
  };
  put(entry_point, entry());
  put(trap_handler, handler());
  put(end_point, end());
  put(stop_point, stop());

  std::mt19937 random(program.seed);
  for (const Block& block : {Block{Layout::iccm_data, Layout::iccm_data_size}, blocks[1], blocks[2]}) {
    for (uint32_t at = 0; at < block.size; at += 4) {
      set_word(image, block.address + at, static_cast<uint32_t>(random()));
    }
  }
  for (unsigned i = 1; i < 31; ++i) {
    const uint32_t value = initial_register(i, static_cast<uint32_t>(random()));
    set_word(image, Layout::area + Layout::registers + 4 * i, value);
  }
  set_word(image, Layout::area + Layout::log_next, Layout::area + Layout::log);
  set_word(image, Layout::area + Layout::log_end, Layout::area + Layout::log + Layout::log_size);
  set_word(image, Layout::area + Layout::return_address, stop_point);
  return image;
}

void normalize(Image& image) {
  for (const int32_t offset : {Layout::saved, Layout::saved + 4, Layout::saved + 8, Layout::return_address}) {
    set_word(image, Layout::area + static_cast<uint32_t>(offset), 0);
  }
  for (uint32_t at = 0; at < Layout::log_size; at += 16) {
    const uint32_t entry = Layout::area + Layout::log + at;
    const uint32_t mcause = word_at(image, entry);
    const uint32_t mtval = word_at(image, entry + 8);
    if (mcause == 3) set_word(image, entry + 8, 0);
    // Of an access across the end of the DCCM, VeeR names the address and QEMU the part that fails.
    constexpr uint32_t end = Layout::last_data + Layout::last_data_size;
    if ((mcause == 5 || mcause == 7) && end - mtval < 4) set_word(image, entry + 8, end);
  }
}

std::string describe_difference(const Image& ours, const Image& theirs) {
  if (ours == theirs) return {};
  constexpr std::size_t enough = 20;
  std::vector<std::string> differences;
  for (const Block& block : blocks) {
    for (uint32_t address = block.address; address < block.address + block.size; address += 4) {
      const uint32_t our_word = word_at(ours, address);
      const uint32_t their_word = word_at(theirs, address);
      if (our_word == their_word) continue;
      std::string what = fmt::format("[{:08x}]", address);
      const uint32_t offset = address - Layout::area;
      static constexpr std::string_view csrs[] = {"mscratch", "mepc", "mcause", "mtval", "mstatus"};
      static constexpr std::string_view logged[] = {"mcause", "mepc", "mtval", "mstatus"};
      if (offset >= Layout::log && offset < Layout::log + Layout::log_size) {
        what = fmt::format("trap {} {}", (offset - Layout::log) / 16, logged[offset / 4 % 4]);
      } else if (offset >= Layout::registers && offset < Layout::registers + 128) {
        what = register_name((offset - Layout::registers) / 4);
      } else if (offset >= Layout::csrs && offset < Layout::csrs + 20) {
        what = csrs[(offset - Layout::csrs) / 4];
      } else if (offset == Layout::trap_count) {
        what = "traps";
      }
      differences.push_back(fmt::format("{}: {:08x}, QEMU {:08x}", what, our_word, their_word));
    }
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(differences.size(), enough); ++i) text += differences[i] + '\n';
  if (differences.size() > enough) text += fmt::format("and {} more\n", differences.size() - enough);
  return text;
}

}  // namespace caliptra::differential
