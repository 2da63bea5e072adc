// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/differential/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>

#include "iss/decode.h"
#include "iss/disassemble.h"
#include "iss/encode.h"
#include "tools/differential/layout.h"

namespace caliptra::differential {
namespace {

using namespace veer;

constexpr std::string_view first_line = "caliptra-emu random program 1";
constexpr std::size_t most_lines = 10'000;
constexpr uint16_t compressed_nop = 0x0001;

bool fits(int32_t value, unsigned bits) { return value >= -(1 << (bits - 1)) && value < 1 << (bits - 1); }

/// c.j, c.jal, c.beqz and c.bnez with another offset.
std::optional<uint32_t> with_compressed_offset(uint32_t word, int32_t offset) {
  const auto bits = [value = static_cast<uint32_t>(offset)](unsigned high, unsigned low, unsigned to) {
    return (value >> low & ((1u << (high - low + 1)) - 1)) << to;
  };
  if ((word & 0x6003) == 0x2001) {
    if (!fits(offset, 12)) return std::nullopt;
    return (word & 0xe003) | bits(11, 11, 12) | bits(4, 4, 11) | bits(9, 8, 9) | bits(10, 10, 8) | bits(6, 6, 7) |
           bits(7, 7, 6) | bits(3, 1, 3) | bits(5, 5, 2);
  }
  if (!fits(offset, 9)) return std::nullopt;
  return (word & 0xe383) | bits(8, 8, 12) | bits(4, 3, 10) | bits(7, 6, 5) | bits(2, 1, 3) | bits(5, 5, 2);
}

std::optional<uint32_t> with_target(uint32_t word, uint32_t pc, uint32_t target) {
  Decoded decoded = decode(word);
  const Format format = description(decoded.op).format;
  const bool relative_to_pc = format == Format::branch || format == Format::jump;
  // A store may be to the word after.
  const uint32_t beyond = format == Format::store ? static_cast<uint32_t>(decoded.imm) : 0;
  decoded.imm = static_cast<int32_t>(target + beyond - (relative_to_pc ? pc : Layout::code_pointer));
  if (is_compressed(word)) return with_compressed_offset(word, decoded.imm);
  if (!fits(decoded.imm, format == Format::jump ? 21 : format == Format::branch ? 13 : 12)) return std::nullopt;
  return encode(decoded);
}

std::string_view trim(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r") - first + 1);
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!(line = trim(line)).empty()) {
    const std::size_t end = std::min(line.find_first_of(" \t"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

std::optional<uint32_t> number(std::string_view text, int base) {
  uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value, base);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

std::variant<std::vector<uint8_t>, std::string> assemble(const Program& program, uint32_t end) {
  std::vector<uint32_t> addresses;
  uint32_t address = Layout::code;
  for (const Line& line : program.lines) {
    if (line.aligned && address % 4 != 0) address += 2;
    addresses.push_back(address);
    address += is_compressed(line.word) ? 2 : 4;
  }
  const uint32_t after = address;
  if (after + 4 - Layout::code > Layout::code_size) return "the program is too long";

  std::vector<uint8_t> code;
  const auto put = [&code](uint32_t word, unsigned size) {
    for (unsigned i = 0; i < size; ++i) code.push_back(static_cast<uint8_t>(word >> (8 * i)));
  };
  for (std::size_t i = 0; i < program.lines.size(); ++i) {
    const Line& line = program.lines[i];
    if (Layout::code + code.size() != addresses[i]) put(compressed_nop, 2);
    uint32_t word = line.word;
    if (line.target != 0) {
      const auto found = std::lower_bound(program.lines.begin(), program.lines.end(), line.target,
                                          [](const Line& a, uint32_t label) { return a.label < label; });
      const bool exact = found != program.lines.end() && found->label == line.target;
      if (description(decode(word).op).format == Format::store && !(exact && found->aligned)) {
        return fmt::format("line {} stores into code that is not there", line.label);
      }
      const uint32_t target =
          found == program.lines.end() ? after : addresses[static_cast<std::size_t>(found - program.lines.begin())];
      const std::optional<uint32_t> patched = with_target(word, addresses[i], target);
      if (!patched) return fmt::format("line {} is too far from its target", line.label);
      word = *patched;
    }
    put(word, is_compressed(word) ? 2 : 4);
  }
  put(encode({.op = Op::jal, .imm = static_cast<int32_t>(end - after)}), 4);
  return code;
}

std::string to_text(const Program& program) {
  std::string text = fmt::format("{}\nseed {}\n# label, + joined to the one before, = aligned, encoding, target\n",
                                 first_line, program.seed);
  for (const Line& line : program.lines) {
    const std::string flags = std::string(line.joined ? "+" : "") + (line.aligned ? "=" : "");
    std::string entry = fmt::format("{} {} {:0{}x}", line.label, flags.empty() ? "-" : flags, line.word,
                                    is_compressed(line.word) ? 4 : 8);
    if (line.target != 0) entry += fmt::format(" -> {}", line.target);
    text += fmt::format("{:<28} # {}\n", entry, disassemble(line.word, 0));
  }
  return text;
}

std::variant<Program, std::string> from_text(std::string_view text) {
  Program program;
  unsigned at = 0;
  bool begun = false;
  bool seeded = false;
  while (!text.empty()) {
    ++at;
    const std::size_t length = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, length);
    text.remove_prefix(std::min(length + 1, text.size()));
    line = trim(line.substr(0, line.find('#')));
    if (line.empty()) continue;
    if (!begun) {
      if (line != first_line) return fmt::format("line {}: this is no random program (\"{}\")", at, first_line);
      begun = true;
      continue;
    }
    const std::vector<std::string_view> words = words_of(line);
    if (!seeded) {
      const auto seed = words.size() == 2 && words[0] == "seed" ? number(words[1], 10) : std::nullopt;
      if (!seed) return fmt::format("line {}: expected \"seed NUMBER\"", at);
      program.seed = *seed;
      seeded = true;
      continue;
    }
    Line entry;
    const auto label = number(words[0], 10);
    const uint32_t last = program.lines.empty() ? 0 : program.lines.back().label;
    if (!label || *label <= last) return fmt::format("line {}: labels are ascending numbers", at);
    entry.label = *label;
    if (words.size() < 3) return fmt::format("line {}: expected a label, flags and an encoding", at);
    if (words[1].find_first_not_of("-+=") != std::string_view::npos) {
      return fmt::format("line {}: \"{}\" is no flag", at, words[1]);
    }
    entry.joined = words[1].find('+') != std::string_view::npos;
    entry.aligned = words[1].find('=') != std::string_view::npos;
    const auto word = number(words[2], 16);
    if (!word || (words[2].size() != 4 && words[2].size() != 8) || is_compressed(*word) != (words[2].size() == 4)) {
      return fmt::format("line {}: an encoding has 4 or 8 hexadecimal digits", at);
    }
    entry.word = *word;
    if (words.size() > 3) {
      const auto target = words.size() == 5 && words[3] == "->" ? number(words[4], 10) : std::nullopt;
      if (!target || *target == 0) return fmt::format("line {}: expected \"-> LABEL\"", at);
      if (decode(entry.word).op == Op::illegal) return fmt::format("line {}: no instruction with a target", at);
      entry.target = *target;
    }
    if (program.lines.size() >= most_lines) return fmt::format("line {}: too many instructions", at);
    program.lines.push_back(entry);
  }
  if (!seeded) return std::string("the text ends before the seed");
  return program;
}

}  // namespace caliptra::differential
