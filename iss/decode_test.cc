// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/decode.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "iss/disassemble.h"
#include "iss/encode.h"
#include "iss/testing/shared_data.h"
#include "iss/testing/skip.h"

namespace veer {
namespace {

TEST_CASE("The instruction table has no two lines for one encoding") {
  for (unsigned a = 0; a < instruction_count; ++a) {
    CHECK((instruction_table[a].match & ~instruction_table[a].mask) == 0);
    for (unsigned b = a + 1; b < instruction_count; ++b) {
      const uint32_t common = instruction_table[a].mask & instruction_table[b].mask;
      CHECK(((instruction_table[a].match ^ instruction_table[b].match) & common) != 0);
    }
  }
}

TEST_CASE("What encode makes, decode understands") {
  std::mt19937 random(1);
  for (unsigned index = 0; index < instruction_count; ++index) {
    const auto op = static_cast<Op>(index);
    CAPTURE(description(op).mnemonic);
    for (int i = 0; i < 200; ++i) {
      const Decoded given{.op = op,
                          .rd = static_cast<uint8_t>(random() & 31),
                          .rs1 = static_cast<uint8_t>(random() & 31),
                          .rs2 = static_cast<uint8_t>(random() & 31),
                          .imm = static_cast<int32_t>(random())};
      const uint32_t word = encode(given);
      const Decoded decoded = decode(word);
      REQUIRE(decoded.op == op);
      CHECK(decoded.length == 4);
      CHECK(encode(decoded) == word);
    }
  }
}

TEST_CASE("Immediates come out with their signs and scales") {
  CHECK(decode(0xfe000ee3).imm == -4);  // beq x0, x0, -4
  CHECK(decode(0xffdff06f).imm == -4);  // jal x0, -4
  CHECK(decode(0xfe112e23).imm == -4);  // sw x1, -4(x2)
  CHECK(decode(0xfffff0b7).imm == static_cast<int32_t>(0xfffff000));
  CHECK(decode(0x41f0d093).imm == 31);     // srai x1, x1, 31
  const Decoded csr = decode(0xfc0025f3);  // csrrs a1, 0xfc0, x0
  CHECK(csr.imm == 0xfc0);
}

TEST_CASE("Reserved compressed encodings are illegal, those that only hint are not") {
  CHECK(decode(0x0000).op == Op::illegal);
  CHECK(decode(0x6101).op == Op::illegal);  // c.addi16sp 0
  CHECK(decode(0x6081).op == Op::illegal);  // c.lui ra, 0
  CHECK(decode(0x8002).op == Op::illegal);  // c.jr x0
  CHECK(decode(0x1002).op == Op::illegal);  // c.slli with bit 5 of the shift
  CHECK(decode(0x9101).op == Op::illegal);  // c.srli with bit 5 of the shift
  CHECK(decode(0x9c01).op == Op::illegal);  // c.subw
  CHECK(decode(0x2000).op == Op::illegal);  // c.fld
  CHECK(decode(0x0001).op == Op::addi);     // c.nop
  CHECK(decode(0x4002).op == Op::lw);       // c.lwsp x0, as on the RTL
  CHECK(decode(0x6005).op == Op::lui);      // c.lui x0, 1
  CHECK(decode(0x9002).op == Op::ebreak);
}

TEST_CASE("Disassembly is what an assembler takes") {
  CHECK(disassemble(0x00412503, 0) == "lw a0, 4(sp)");
  CHECK(disassemble(0x02b50533, 0) == "mul a0, a0, a1");
  CHECK(disassemble(0xfe000ee3, 0x1000) == "beq zero, zero, 0xffc");
  CHECK(disassemble(0x30002573, 0) == "csrrs a0, mstatus, zero");
  CHECK(disassemble(0xc119, 0x100) == "c.beqz a0, 0x106");
  CHECK(disassemble(0x0000, 0) == ".half 0x0000");
  CHECK(disassemble(0xffffffff, 0) == ".word 0xffffffff");
}

/// What binutils makes of `bytes`: per instruction its mnemonic and operands, numbers as numbers.
struct Line {
  std::string mnemonic;  ///< empty if it is no instruction
  std::vector<std::string> operands;
};

Line parse(const std::string& text) {
  Line line;
  std::string word;
  const auto finish = [&] {
    if (word.empty()) return;
    char* end = nullptr;
    const long long number = std::strtoll(word.c_str(), &end, 0);
    const bool numeric = end != word.c_str() && *end == 0;
    if (numeric) word = std::to_string(static_cast<uint32_t>(number));
    if (line.mnemonic.empty()) {
      line.mnemonic = word;
    } else {
      line.operands.push_back(word);
    }
    word.clear();
  };
  for (const char c : text) {
    if (c == '#' || c == '<') break;
    if (c == ' ' || c == ',' || c == '(' || c == ')' || c == '\t' || c == '\n') {
      finish();
    } else {
      word += c;
    }
  }
  finish();
  if (line.mnemonic.starts_with(".")) return {};
  return line;
}

std::optional<std::vector<Line>> binutils(const std::vector<uint8_t>& bytes) {
  char path[] = "/tmp/decode_test_XXXXXX";
  const int file = mkstemp(path);
  if (file < 0) return std::nullopt;
  const bool written = write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  close(file);
  const std::string command =
      std::string("riscv64-unknown-elf-objdump -D -z -b binary -m riscv:rv32 -M no-aliases ") + path + " 2>/dev/null";
  std::vector<Line> lines;
  FILE* pipe = written ? popen(command.c_str(), "r") : nullptr;
  if (pipe != nullptr) {
    char buffer[512];
    while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) {
      // "   address:<tab>bits<tab>mnemonic<tab>operands"
      const char* colon = std::strchr(buffer, ':');
      if (colon == nullptr || colon[1] != '\t') continue;
      const char* text = std::strchr(colon + 2, '\t');
      if (text != nullptr) lines.push_back(parse(text));
    }
    pclose(pipe);
  }
  unlink(path);
  if (lines.empty()) return std::nullopt;
  return lines;
}

TEST_CASE("All compressed encodings decode as binutils' do") {
  std::vector<uint16_t> opcodes;
  std::vector<uint8_t> bytes;
  for (uint32_t opcode = 0; opcode < 0x10000; ++opcode) {
    if (!is_compressed(opcode)) continue;
    opcodes.push_back(static_cast<uint16_t>(opcode));
    bytes.push_back(static_cast<uint8_t>(opcode));
    bytes.push_back(static_cast<uint8_t>(opcode >> 8));
  }
  const auto lines = binutils(bytes);
  if (!lines) return testing::skip("compressed encodings", "riscv64-unknown-elf-objdump is not there");
  REQUIRE(lines->size() == opcodes.size());
  unsigned compared = 0;
  for (std::size_t i = 0; i < opcodes.size(); ++i) {
    const uint32_t opcode = opcodes[i];
    const Line& theirs = (*lines)[i];
    const Decoded decoded = decode(opcode);
    CAPTURE(opcode);
    CAPTURE(theirs.mnemonic);
    // Floating point, which VeeR lacks, and names for what is illegal.
    const bool foreign = theirs.mnemonic.empty() || theirs.mnemonic.starts_with("c.f") || theirs.mnemonic == "c.unimp";
    if (foreign) {
      // dec/cdecode takes c.lwsp to x0, which the specification reserves.
      const bool lwsp_zero = (opcode & 0xef83) == 0x4002;
      CHECK((decoded.op == Op::illegal || lwsp_zero));
      continue;
    }
    // Shifts by 32 and more, which binutils takes from RV64, and one reserved encoding that it takes for legal.
    if (decoded.op == Op::illegal) {
      const bool wide_shift =
          (theirs.mnemonic == "c.slli" || theirs.mnemonic == "c.srli" || theirs.mnemonic == "c.srai") &&
          (opcode & 0x1000) != 0;
      const bool zero = theirs.mnemonic == "c.addi16sp" && opcode == 0x6101;
      CHECK((wide_shift || zero));
      continue;
    }
    const Line ours = parse(disassemble(opcode, static_cast<uint32_t>(2 * i)));
    // Binutils has a name of its own for shifts by 0, which do nothing.
    if (theirs.mnemonic.ends_with("64")) {
      CHECK(theirs.mnemonic == ours.mnemonic + "64");
      continue;
    }
    ++compared;
    CHECK(ours.mnemonic == theirs.mnemonic);
    CHECK(ours.operands == theirs.operands);
  }
  CHECK(compared > 25'000);
}

TEST_CASE("A sweep of the 32-bit encodings decodes as binutils' do") {
  std::mt19937 random(2);
  std::vector<uint32_t> opcodes;
  const auto add = [&](uint32_t opcode) {
    // Five ones begin longer instructions.
    if ((opcode & 3) == 3 && (opcode & 0x1f) != 0x1f) opcodes.push_back(opcode);
  };
  for (unsigned index = 0; index < instruction_count; ++index) {
    const Instruction& instruction = instruction_table[index];
    for (int i = 0; i < 500; ++i) {
      const auto opcode = static_cast<uint32_t>(instruction.match | (random() & ~instruction.mask));
      add(opcode);
      add(opcode ^ 1u << (2 + random() % 30));
    }
  }
  for (int i = 0; i < 100'000; ++i) add(static_cast<uint32_t>(random()) | 3);
  std::vector<uint8_t> bytes;
  for (const uint32_t opcode : opcodes) {
    for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<uint8_t>(opcode >> (8 * i)));
  }
  const auto lines = binutils(bytes);
  if (!lines) return testing::skip("32-bit encodings", "riscv64-unknown-elf-objdump is not there");
  REQUIRE(lines->size() == opcodes.size());
  unsigned compared = 0;
  for (std::size_t i = 0; i < opcodes.size(); ++i) {
    const uint32_t opcode = opcodes[i];
    const Line& theirs = (*lines)[i];
    const Decoded decoded = decode(opcode);
    CAPTURE(opcode);
    CAPTURE(theirs.mnemonic);
    if (decoded.op == Op::illegal) {
      // Binutils knows more: floating point, atomics, RV64, cryptography, supervisor mode, every kind of fence.
      const uint32_t major = opcode & 0x7f;
      const bool floating = major == 0x07 || major == 0x27 || (major >= 0x43 && major <= 0x53);
      const bool atomic = major == 0x2f;
      const bool vector = major == 0x57 || major == 0x77;
      const bool fence = major == 0x0f;
      const bool system = major == 0x73 && (opcode & 0x7000) == 0;
      const bool hypervisor = major == 0x73 && (opcode & 0x7000) == 0x4000;
      static const std::vector<std::string> cryptography = {
          "pack",        "packh",       "brev8",       "zip",         "unzip",      "xperm4",      "xperm8",
          "sm3p0",       "sm3p1",       "sm4ed",       "sm4ks",       "aes32dsi",   "aes32dsmi",   "aes32esi",
          "aes32esmi",   "sha256sig0",  "sha256sig1",  "sha256sum0",  "sha256sum1", "sha512sig0h", "sha512sig0l",
          "sha512sig1h", "sha512sig1l", "sha512sum0r", "sha512sum1r", "unimp"};
      const bool other = std::find(cryptography.begin(), cryptography.end(), theirs.mnemonic) != cryptography.end() ||
                         theirs.mnemonic.starts_with("th.") || theirs.mnemonic.starts_with("prefetch") ||
                         theirs.mnemonic.starts_with("czero");
      const bool wide_shift = (opcode & 0x0200707f) == 0x02001013 || (opcode & 0x0200707f) == 0x02005013;
      CHECK((wide_shift || theirs.mnemonic.empty() || floating || atomic || vector || fence || system || hypervisor ||
             other));
      continue;
    }
    // Without an architecture attribute binutils knows no bit manipulation: see the next test.
    if (description(decoded.op).extension >= Extension::zba) continue;
    const Format format = description(decoded.op).format;
    Line ours = parse(disassemble(opcode, static_cast<uint32_t>(4 * i)));
    Line expected = theirs;
    if (format == Format::fence) ours.operands = expected.operands;
    if (format == Format::csr || format == Format::csr_immediate) {
      // They name other CSRs than we do.
      REQUIRE(expected.operands.size() == 3);
      expected.operands[1] = ours.operands[1];
    }
    if (expected.mnemonic.starts_with("prefetch")) continue;  // ori to x0
    ++compared;
    CHECK(ours.mnemonic == expected.mnemonic);
    CHECK(ours.operands == expected.operands);
  }
  CHECK(compared > 30'000);
}

TEST_CASE("Bit manipulation assembles back to what was disassembled") {
  std::mt19937 random(3);
  std::vector<uint32_t> opcodes;
  std::string source;
  for (unsigned index = 0; index < instruction_count; ++index) {
    const Instruction& instruction = instruction_table[index];
    if (instruction.extension < Extension::zba) continue;
    for (int i = 0; i < 100; ++i) {
      opcodes.push_back(static_cast<uint32_t>(instruction.match | (random() & ~instruction.mask)));
      source += disassemble(opcodes.back(), 0) + "\n";
    }
  }
  char path[] = "/tmp/decode_test_XXXXXX";
  const int file = mkstemp(path);
  REQUIRE(file >= 0);
  REQUIRE(write(file, source.data(), source.size()) == static_cast<ssize_t>(source.size()));
  close(file);
  const std::string name = path;
  const std::string command = "riscv64-unknown-elf-as -march=rv32im_zba_zbb_zbc_zbs -mabi=ilp32 -o " + name + ".o " +
                              name + " && riscv64-unknown-elf-objcopy -O binary -j .text " + name + ".o " + name +
                              ".bin";
  const bool assembled = std::system((command + " 2>/dev/null").c_str()) == 0;
  const auto bytes = testing::read_file(name + ".bin");
  for (const char* suffix : {"", ".o", ".bin"}) unlink((name + suffix).c_str());
  if (!assembled || !bytes) return testing::skip("bit manipulation", "riscv64-unknown-elf-as is not there");
  REQUIRE(bytes->size() >= 4 * opcodes.size());
  for (std::size_t i = 0; i < opcodes.size(); ++i) {
    uint32_t word;
    std::memcpy(&word, bytes->data() + 4 * i, sizeof word);
    CAPTURE(disassemble(opcodes[i], 0));
    CHECK(word == opcodes[i]);
  }
}

}  // namespace
}  // namespace veer
