// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/symbols/symbols.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <iterator>
#include <utility>

#include "tools/symbols/elf_file.h"

namespace caliptra::symbols {
namespace {

/// The address behind the last @, if what stands there is a number.
std::optional<uint32_t> split_address(const std::string& specification, std::string& path) {
  path = specification;
  const std::size_t at = specification.rfind('@');
  if (at == std::string::npos || at == 0) return std::nullopt;
  std::string_view digits = std::string_view(specification).substr(at + 1);
  int base = 10;
  if (digits.starts_with("0x") || digits.starts_with("0X")) {
    digits.remove_prefix(2);
    base = 16;
  }
  uint32_t value = 0;
  const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
  if (failure != std::errc() || end != digits.data() + digits.size() || digits.empty()) return std::nullopt;
  path = specification.substr(0, at);
  return value;
}

std::string plain_name(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  std::string name = slash == std::string::npos ? path : path.substr(slash + 1);
  const std::size_t dot = name.rfind('.');
  if (dot != std::string::npos && dot != 0) name.resize(dot);
  return name;
}

template <typename Range>
const Function* find(const Range& ranges, uint32_t address) {
  auto after = std::upper_bound(ranges.begin(), ranges.end(), address,
                                [](uint32_t wanted, const Function& each) { return wanted < each.begin; });
  if (after == ranges.begin()) return nullptr;
  --after;
  return address < after->end ? &*after : nullptr;
}

void add_sorted(std::vector<Function>& to, std::vector<Function> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  std::sort(to.begin(), to.end(), [](const Function& a, const Function& b) { return a.begin < b.begin; });
}

/// Whether a call stands right before `address`: jal or jalr with ra (or c.jal, c.jalr).
bool behind_a_call(uint32_t address, const ReadMemory& read) {
  if ((address & 1) != 0 || address < 4) return false;
  std::array<uint8_t, 4> bytes{};
  if (!read(address - 4, bytes)) return false;
  const uint32_t word = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<uint32_t>(bytes[3]) << 24;
  const bool jal = (word & 0xfff) == 0x0ef;
  const bool jalr = (word & 0x7fff) == 0x00e7;
  const uint32_t half = word >> 16;
  const bool compressed_jal = (half & 0xe003) == 0x2001;
  const bool compressed_jalr = (half & 0xf07f) == 0x9002 && (half & 0xf80) != 0;
  return jal || jalr || compressed_jal || compressed_jalr;
}

}  // namespace

struct SymbolTable::Elf : ElfFile {};

SymbolTable::SymbolTable() = default;
SymbolTable::~SymbolTable() = default;
SymbolTable::SymbolTable(SymbolTable&&) noexcept = default;
SymbolTable& SymbolTable::operator=(SymbolTable&&) noexcept = default;

bool SymbolTable::load(const std::string& specification, std::string& error) {
  std::string path;
  const std::optional<uint32_t> base = split_address(specification, path);
  auto elf = std::make_unique<Elf>();
  ElfContents contents;
  std::string why;
  if (!elf->open(path, base, contents, why)) {
    error = fmt::format("cannot take symbols from {}: {}", path, why);
    return false;
  }
  for (const Image& other : images_) {
    if (contents.begin < other.end && other.begin < contents.end) {
      error = fmt::format("the code of {} (0x{:08x}..0x{:08x}) lies where that of {} does (0x{:08x}..0x{:08x})", path,
                          contents.begin, contents.end, other.path, other.begin, other.end);
      return false;
    }
  }
  images_.push_back({plain_name(path), path, contents.begin, contents.end});
  elves_.push_back(std::move(elf));
  add_sorted(functions_, std::move(contents.functions));
  add_sorted(objects_, std::move(contents.objects));
  addresses_.insert(addresses_.end(), contents.addresses.begin(), contents.addresses.end());
  std::stable_sort(addresses_.begin(), addresses_.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  const auto first_file = static_cast<uint32_t>(files_.size());
  files_.insert(files_.end(), std::make_move_iterator(contents.files.begin()),
                std::make_move_iterator(contents.files.end()));
  for (LineRow& row : contents.lines) row.file += first_file;
  lines_.insert(lines_.end(), contents.lines.begin(), contents.lines.end());
  // Images don't overlap, so their rows don't mix.
  std::stable_sort(lines_.begin(), lines_.end(), [](const LineRow& a, const LineRow& b) {
    if (a.address != b.address) return a.address < b.address;
    return (a.line == 0) > (b.line == 0);
  });
  return true;
}

const Function* SymbolTable::function_at(uint32_t address) const { return find(functions_, address); }
const Function* SymbolTable::object_at(uint32_t address) const { return find(objects_, address); }

const Image* SymbolTable::image_at(uint32_t address) const {
  for (const Image& each : images_) {
    if (address >= each.begin && address < each.end) return &each;
  }
  return nullptr;
}

const Function* SymbolTable::function_named(std::string_view name) const {
  for (const Function& each : functions_) {
    if (each.name == name) return &each;
  }
  for (const Function& each : functions_) {
    if (each.name.size() > name.size() + 2 && each.name.ends_with(name) &&
        each.name.compare(each.name.size() - name.size() - 2, 2, "::") == 0) {
      return &each;
    }
  }
  return nullptr;
}

std::optional<uint32_t> SymbolTable::address_of(std::string_view name) const {
  const auto found = std::lower_bound(addresses_.begin(), addresses_.end(), name,
                                      [](const auto& each, std::string_view wanted) { return each.first < wanted; });
  if (found == addresses_.end() || found->first != name) return std::nullopt;
  return found->second;
}

std::optional<SourceLine> SymbolTable::source(uint32_t address) const {
  auto after = std::upper_bound(lines_.begin(), lines_.end(), address,
                                [](uint32_t wanted, const LineRow& row) { return wanted < row.address; });
  if (after == lines_.begin()) return std::nullopt;
  --after;
  if (after->line == 0) return std::nullopt;
  return SourceLine{files_[after->file], after->line};
}

std::string SymbolTable::describe(uint32_t address) const {
  const Function* symbol = function_at(address);
  if (symbol == nullptr) symbol = object_at(address);
  if (symbol == nullptr) return fmt::format("0x{:08x}", address);
  if (address == symbol->begin) return symbol->name;
  return fmt::format("{}+0x{:x}", symbol->name, address - symbol->begin);
}

const SymbolTable::Elf* SymbolTable::unwinder_at(uint32_t address) const {
  for (std::size_t i = 0; i < images_.size(); ++i) {
    if (address >= images_[i].begin && address < images_[i].end) return elves_[i].get();
  }
  return nullptr;
}

std::vector<Frame> SymbolTable::backtrace(uint32_t pc, const std::array<uint32_t, 32>& x, const ReadMemory& read,
                                          unsigned limit) const {
  // How far a frame may be from the next one, where only looks tell.
  constexpr uint32_t farthest = 4096;

  std::vector<Frame> frames;
  std::array<uint32_t, 32> registers = x;
  bool guessed = false;
  bool return_register_counts = true;  // ra holds the way back only until another call
  while (frames.size() < limit) {
    frames.push_back({pc, registers[2], guessed});
    // Inside a caller the call itself says which rules hold, not what comes behind it.
    const uint32_t rules_at = frames.size() == 1 ? pc : pc - 1;
    const Elf* const elf = unwinder_at(rules_at);
    const auto caller = elf != nullptr ? elf->unwind(rules_at, registers, read) : std::nullopt;
    if (caller) {
      const bool stuck = caller->x[2] == registers[2] && caller->pc == pc;
      if (stuck || caller->pc == 0 || caller->x[2] < registers[2]) break;
      // An outermost function has a return address that leads nowhere.
      if (!behind_a_call(caller->pc, read)) break;
      pc = caller->pc;
      registers = caller->x;
      guessed = false;
      return_register_counts = false;
      continue;
    }
    guessed = true;
    if (return_register_counts && registers[1] != pc && behind_a_call(registers[1], read)) {
      return_register_counts = false;
      pc = registers[1];
      continue;
    }
    return_register_counts = false;
    bool found = false;
    for (uint32_t at = registers[2] & ~3U; at - registers[2] + 4 <= farthest; at += 4) {
      std::array<uint8_t, 4> bytes{};
      if (!read(at, bytes)) break;
      const uint32_t word = bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<uint32_t>(bytes[3]) << 24;
      if (word == 0 || word == pc || !behind_a_call(word, read)) continue;
      pc = word;
      registers[2] = at + 4;
      found = true;
      break;
    }
    if (!found) break;
  }
  return frames;
}

std::string SymbolTable::backtrace_text(uint32_t pc, const std::array<uint32_t, 32>& x, const ReadMemory& read,
                                        unsigned limit) const {
  std::string text;
  unsigned number = 0;
  for (const Frame& frame : backtrace(pc, x, read, limit)) {
    const uint32_t at = number == 0 ? frame.pc : frame.pc - 1;
    text += fmt::format("#{:<3}0x{:08x}", number, frame.pc);
    if (const Function* function = function_at(at)) {
      text += fmt::format(" {}+0x{:x}", function->name, frame.pc - function->begin);
    }
    if (const auto line = source(at)) text += fmt::format(" at {}:{}", line->file, line->line);
    if (frame.guessed) text += " (guessed)";
    text += '\n';
    ++number;
  }
  return text;
}

}  // namespace caliptra::symbols
