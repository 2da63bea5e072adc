// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The decoder and the disassembler beside independent ones: binutils, LLVM, and capstone where it knows RISC-V.

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <string>
#include <vector>

#ifdef WITH_CAPSTONE
#include <capstone.h>
#endif

#include "iss/decode.h"
#include "iss/disassemble.h"
#include "iss/testing/shared_data.h"
#include "iss/testing/skip.h"

namespace veer {
namespace {

/// What somebody makes of an instruction: its mnemonic and operands, numbers in decimal without a sign.
struct Line {
  std::string mnemonic;  ///< empty if it is no instruction
  std::vector<std::string> operands;
  bool operands_known = true;
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

using Opcodes = std::vector<uint32_t>;
using Lines = std::vector<Line>;

/// A file that goes away.
class TemporaryFile {
 public:
  TemporaryFile() {
    const int file = mkstemp(path_);
    if (file >= 0) close(file);
  }
  ~TemporaryFile() { unlink(path_); }
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  [[nodiscard]] const char* path() const { return path_; }

 private:
  char path_[32] = "/tmp/decode_test_XXXXXX";
};

/// Calls `each` with every line that a command writes. False if the command fails.
template <typename Each>
bool run(const std::string& command, Each each) {
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return false;
  char buffer[512];
  while (std::fgets(buffer, sizeof buffer, pipe) != nullptr) each(buffer);
  return pclose(pipe) == 0;
}

/// An independent disassembler, and how far it goes with ours.
struct Oracle {
  const char* name;
  const char* missing;              ///< what to say where it isn't there
  bool bit_manipulation = true;     ///< it knows Zba, Zbb, Zbc and Zbs
  bool hints = true;                ///< it takes compressed instructions that write x0
  bool instruction_address = true;  ///< its targets are counted from the instruction's place in the list
  bool long_encodings = false;      ///< five ones begin an instruction of 48 or 64 bits
  /// Nothing if it isn't there.
  std::optional<Lines> (*disassemble)(const Opcodes& opcodes, unsigned length);
};

std::optional<Lines> with_binutils(const Opcodes& opcodes, unsigned length) {
  const TemporaryFile input;
  std::ofstream file(input.path(), std::ios::binary);
  for (const uint32_t opcode : opcodes) {
    for (unsigned i = 0; i < length; ++i) file.put(static_cast<char>(opcode >> (8 * i)));
  }
  file.close();
  Lines lines;
  const bool done = run(std::string("riscv64-unknown-elf-objdump -D -z -b binary -m riscv:rv32 -M no-aliases ") +
                            input.path() + " 2>/dev/null",
                        [&lines](const char* text) {
                          // "   address:<tab>bits<tab>mnemonic<tab>operands"
                          const char* colon = std::strchr(text, ':');
                          if (colon == nullptr || colon[1] != '\t') return;
                          text = std::strchr(colon + 2, '\t');
                          if (text != nullptr) lines.push_back(parse(text));
                        });
  if (!file || !done) return std::nullopt;
  return lines;
}

std::optional<Lines> with_llvm(const Opcodes& opcodes, unsigned length) {
  const TemporaryFile input;
  const TemporaryFile output;
  const TemporaryFile warnings;
  {
    // One to a line, so that a warning names the one it is about.
    std::ofstream file(input.path());
    char text[8];
    for (const uint32_t opcode : opcodes) {
      for (unsigned i = 0; i < length; ++i) {
        std::snprintf(text, sizeof text, "0x%02x ", opcode >> (8 * i) & 0xff);
        file << text;
      }
      file << '\n';
    }
    if (!file.flush()) return std::nullopt;
  }
  const std::string command = std::string(
                                  "$(command -v llvm-mc-14 llvm-mc | head -n 1) --disassemble -triple=riscv32 "
                                  "-mattr=+m,+c,+zba,+zbb,+zbc,+zbs -M no-aliases ") +
                              input.path() + " >" + output.path() + " 2>" + warnings.path();
  if (!run(command, [](const char*) {})) return std::nullopt;
  std::vector<bool> illegal(opcodes.size());
  std::ifstream refused(warnings.path());
  for (std::string text; std::getline(refused, text);) {
    if (text.find("invalid instruction encoding") == std::string::npos) continue;
    const std::size_t number = std::strtoul(text.c_str() + std::strlen(input.path()) + 1, nullptr, 10);
    if (number == 0 || number > opcodes.size()) return std::nullopt;
    illegal[number - 1] = true;
  }
  Lines lines;
  std::ifstream taken(output.path());
  for (std::string text; std::getline(taken, text);) {
    const Line line = parse(text);
    if (line.mnemonic.empty()) continue;
    while (lines.size() < illegal.size() && illegal[lines.size()]) lines.emplace_back();
    lines.push_back(line);
  }
  while (lines.size() < illegal.size() && illegal[lines.size()]) lines.emplace_back();
  return lines;
}

std::optional<Lines> with_capstone([[maybe_unused]] const Opcodes& opcodes, [[maybe_unused]] unsigned length) {
#ifdef WITH_CAPSTONE
  csh capstone = 0;
  if (cs_open(CS_ARCH_RISCV, static_cast<cs_mode>(CS_MODE_RISCV32 | CS_MODE_RISCVC), &capstone) != CS_ERR_OK) {
    return std::nullopt;
  }
  Lines lines;
  for (const uint32_t opcode : opcodes) {
    uint8_t bytes[4];
    std::memcpy(bytes, &opcode, sizeof bytes);
    cs_insn* instruction = nullptr;
    Line line;
    if (cs_disasm(capstone, bytes, length, 0, 1, &instruction) == 1) {
      line = parse(std::string(instruction->mnemonic) + ' ' + instruction->op_str);
      const char* name = cs_insn_name(capstone, instruction->id);
      if (name != nullptr) {
        // It prints aliases, with fewer operands, but knows what they stand for; jal and jalr without their ra.
        line.operands_known = line.mnemonic == name;
        line.mnemonic = name;
        const std::size_t operands = line.operands.size();
        if (line.mnemonic == "jal") line.operands_known = operands == 2;
        if (line.mnemonic == "jalr") {
          line.operands_known = operands == 3;
          if (operands == 3) std::swap(line.operands[1], line.operands[2]);
        }
      }
      cs_free(instruction, 1);
    }
    lines.push_back(line);
  }
  cs_close(&capstone);
  return lines;
#else
  return std::nullopt;
#endif
}

constexpr Oracle oracles[] = {
    {.name = "binutils",
     .missing = "riscv64-unknown-elf-objdump is not there",
     // It does, but not without an architecture attribute: see the last test.
     .bit_manipulation = false,
     .long_encodings = true,
     .disassemble = with_binutils},
    {.name = "LLVM",
     .missing = "there is no llvm-mc for RISC-V",
     .instruction_address = false,
     .disassemble = with_llvm},
    {.name = "capstone",
     .missing = "built without a capstone that knows RISC-V (5 or later)",
     .bit_manipulation = false,
     .hints = false,
     .instruction_address = false,
     .disassemble = with_capstone},
};

/// Encodings that VeeR doesn't have, and others do.
bool is_foreign(uint32_t opcode, const std::string& theirs) {
  if (is_compressed(opcode)) {
    const bool floating = theirs.starts_with("c.f");
    // Shifts by 32 and more are taken from RV64, and constants of 0 that are reserved.
    const bool wide_shift = (theirs == "c.slli" || theirs == "c.srli" || theirs == "c.srai") && (opcode & 0x1000) != 0;
    const bool zero = (theirs == "c.addi16sp" || theirs == "c.lui") && (opcode & 0x107c) == 0;
    return floating || wide_shift || zero || theirs == "c.unimp";
  }
  const uint32_t major = opcode & 0x7f;
  const bool floating = major == 0x07 || major == 0x27 || (major >= 0x43 && major <= 0x53);
  const bool atomic = major == 0x2f;
  const bool vector = major == 0x57 || major == 0x77;
  const bool fence = major == 0x0f;
  const bool system = major == 0x73 && (opcode & 0x7000) == 0;
  const bool hypervisor = major == 0x73 && (opcode & 0x7000) == 0x4000;
  static const std::vector<std::string> others = {
      "pack",        "packh",       "brev8",       "zip",         "unzip",      "xperm4",      "xperm8",
      "sm3p0",       "sm3p1",       "sm4ed",       "sm4ks",       "aes32dsi",   "aes32dsmi",   "aes32esi",
      "aes32esmi",   "sha256sig0",  "sha256sig1",  "sha256sum0",  "sha256sum1", "sha512sig0h", "sha512sig0l",
      "sha512sig1h", "sha512sig1l", "sha512sum0r", "sha512sum1r", "unimp"};
  const bool other = std::find(others.begin(), others.end(), theirs) != others.end() || theirs.starts_with("th.") ||
                     theirs.starts_with("prefetch") || theirs.starts_with("czero");
  // Amounts of 32 and more, as RV64 has them.
  static const std::vector<std::string> shifts = {"slli", "srli", "srai", "rori", "bseti", "bclri", "binvi", "bexti"};
  const bool wide_shift = (opcode & 0x02000000) != 0 && std::find(shifts.begin(), shifts.end(), theirs) != shifts.end();
  return floating || atomic || vector || fence || system || hypervisor || other || wide_shift;
}

/// Encodings that VeeR takes, by dec/decode and dec/cdecode, and the oracle does not.
bool is_unknown_to(const Oracle& oracle, uint32_t opcode, const Decoded& decoded) {
  if (!is_compressed(opcode)) {
    return !oracle.bit_manipulation && description(decoded.op).extension >= Extension::zba;
  }
  const bool lwsp_zero = (opcode & 0xef83) == 0x4002;  // reserved in the specification
  return lwsp_zero || (!oracle.hints && decoded.rd == 0 && description(decoded.op).format != Format::store);
}

struct Comparison {
  unsigned same = 0;
  std::vector<std::string> differences;  ///< the first of those that nothing explains
};

Comparison compare(const Oracle& oracle, const Opcodes& opcodes, const Lines& lines) {
  Comparison result;
  for (std::size_t i = 0; i < opcodes.size(); ++i) {
    const uint32_t opcode = opcodes[i];
    const Decoded decoded = decode(opcode);
    const auto address = static_cast<uint32_t>(decoded.length * i);
    const std::string text = disassemble(opcode, oracle.instruction_address ? address : 0);
    Line ours = parse(text);
    Line theirs = lines[i];
    bool agree = false;
    if (ours.mnemonic.empty() || theirs.mnemonic.empty()) {
      agree = ours.mnemonic == theirs.mnemonic ||
              (ours.mnemonic.empty() ? is_foreign(opcode, theirs.mnemonic) : is_unknown_to(oracle, opcode, decoded));
    } else {
      const Format format = description(decoded.op).format;
      const bool is_csr = format == Format::csr || format == Format::csr_immediate;
      // They name other CSRs than we do, and we don't name what a fence is for.
      if (is_csr && ours.operands.size() == 3 && theirs.operands.size() == 3) theirs.operands[1] = ours.operands[1];
      if (format == Format::fence) theirs.operands = ours.operands;
      // The upper 20 bits, to x0 with their sign extended.
      if (theirs.mnemonic == "c.lui" && theirs.operands.size() == 2 && theirs.operands[0] == "zero") {
        theirs.operands[1] = std::to_string(std::strtoul(theirs.operands[1].c_str(), nullptr, 10) & 0xfffff);
      }
      // Names for what does nothing: an addition to x0, a shift by 0, an ori to x0.
      const bool nop = theirs.mnemonic == "c.nop" && ours.mnemonic == "c.addi" && decoded.rd == 0;
      const bool shift_by_0 = theirs.mnemonic == ours.mnemonic + "64" && decoded.imm == 0;
      const bool prefetch = theirs.mnemonic.starts_with("prefetch") && decoded.op == Op::ori && decoded.rd == 0;
      // One CSR that can't be written, to make an illegal instruction of.
      const bool unimp = theirs.mnemonic == "unimp" && opcode == 0xc0001073;
      agree = (ours.mnemonic == theirs.mnemonic && (!theirs.operands_known || ours.operands == theirs.operands)) ||
              nop || shift_by_0 || prefetch || unimp;
      result.same += agree ? 1 : 0;
    }
    constexpr std::size_t enough = 10;
    if (agree || result.differences.size() == enough) continue;
    char number[16];
    std::snprintf(number, sizeof number, "%08x: ", opcode);
    std::string difference = number + text + ", " + oracle.name + " " + theirs.mnemonic;
    for (const std::string& operand : theirs.operands) difference += ' ' + operand;
    result.differences.push_back(difference);
  }
  return result;
}

void check(const Oracle& oracle, Opcodes opcodes, unsigned length, unsigned expected) {
  if (oracle.long_encodings) std::erase_if(opcodes, [](uint32_t opcode) { return (opcode & 0x1f) == 0x1f; });
  const auto lines = oracle.disassemble(opcodes, length);
  if (!lines) {
    return testing::skip(std::string(length == 2 ? "compressed" : "32-bit") + " encodings beside " + oracle.name,
                         oracle.missing);
  }
  CAPTURE(oracle.name);
  REQUIRE(lines->size() == opcodes.size());
  const Comparison comparison = compare(oracle, opcodes, *lines);
  for (const std::string& difference : comparison.differences) FAIL_CHECK(difference);
  CHECK(comparison.same > expected);
}

TEST_CASE("All compressed encodings decode as others' do") {
  Opcodes opcodes;
  for (uint32_t opcode = 0; opcode < 0x10000; ++opcode) {
    if (is_compressed(opcode)) opcodes.push_back(opcode);
  }
  for (const Oracle& oracle : oracles) check(oracle, opcodes, 2, 28'500);
}

TEST_CASE("A sweep of the 32-bit encodings decodes as others' do") {
  std::mt19937 random(2);
  Opcodes opcodes;
  // Every funct3, funct7 and rs2 field of the opcodes that there are, and an eighth of those of the others, with some
  // rd and rs1; system instructions and fences want zeros there.
  for (uint32_t fields = 0; fields < 1u << 20; ++fields) {
    const uint32_t major = (fields & 0x1f) << 2 | 3;
    const bool exists =
        std::any_of(std::begin(instruction_table), std::end(instruction_table),
                    [major](const Instruction& instruction) { return (instruction.match & 0x7f) == major; });
    if (!exists && random() % 8 != 0) continue;
    const uint32_t opcode = major | (fields >> 5 & 7) << 12 | fields >> 8 << 20;
    opcodes.push_back(opcode | (random() & 0x000f8f80));
    if (major == 0x73 || major == 0x0f) opcodes.push_back(opcode);
  }
  // Every instruction, and its neighbours by one bit.
  for (const Instruction& instruction : instruction_table) {
    for (int i = 0; i < 500; ++i) {
      const auto opcode = static_cast<uint32_t>(instruction.match | (random() & ~instruction.mask));
      opcodes.push_back(opcode);
      opcodes.push_back(opcode ^ 1u << (2 + random() % 30));
    }
  }
  for (const Oracle& oracle : oracles) check(oracle, opcodes, 4, oracle.bit_manipulation ? 250'000 : 230'000);
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
