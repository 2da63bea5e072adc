// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/symbols/elf_file.h"

#include <cxxabi.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>

#if CALIPTRA_HAVE_LIBDW
#include <dwarf.h>
#include <elfutils/libdw.h>
#include <gelf.h>
#endif

namespace caliptra::symbols {

#if CALIPTRA_HAVE_LIBDW
namespace {

constexpr std::size_t largest_file = std::size_t{512} << 20;

/// Reads a whole file; false, and the reason in `error`.
bool read_whole(const std::string& path, std::vector<char>& bytes, std::string& error) {
  struct Closer {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  const std::unique_ptr<std::FILE, Closer> file(std::fopen(path.c_str(), "rb"));
  if (!file) {
    error = std::strerror(errno);
    return false;
  }
  struct stat status {};
  if (fstat(fileno(file.get()), &status) != 0 || !S_ISREG(status.st_mode)) {
    error = "it is no regular file";
    return false;
  }
  if (static_cast<std::size_t>(status.st_size) > largest_file) {
    error = fmt::format("it is larger than {} bytes", largest_file);
    return false;
  }
  bytes.resize(static_cast<std::size_t>(status.st_size));
  if (std::fread(bytes.data(), 1, bytes.size(), file.get()) != bytes.size()) {
    error = "it cannot be read";
    return false;
  }
  return true;
}

/// A name as its source has it.
std::string demangle(const char* name) {
  std::string text = name;
  if (text.starts_with("_Z")) {
    int status = 0;
    char* const plain = abi::__cxa_demangle(name, nullptr, nullptr, &status);
    if (plain != nullptr && status == 0) text = plain;
    std::free(plain);
  }
  // rustc's older names end in `::h` and 16 digits, and write what can't be in a symbol as $…$.
  if (text.size() > 19 && text.compare(text.size() - 19, 3, "::h") == 0 &&
      text.find_first_not_of("0123456789abcdef", text.size() - 16) == std::string::npos) {
    text.resize(text.size() - 19);
    static constexpr std::pair<std::string_view, std::string_view> escapes[] = {
        {"$LT$", "<"},  {"$GT$", ">"},  {"$RF$", "&"},  {"$BP$", "*"},  {"$LP$", "("},  {"$RP$", ")"},  {"$C$", ","},
        {"$u20$", " "}, {"$u7b$", "{"}, {"$u7d$", "}"}, {"$u5b$", "["}, {"$u5d$", "]"}, {"$u27$", "'"}, {"..", "::"}};
    for (const auto& [from, to] : escapes) {
      for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
      }
    }
  }
  return text;
}

struct Section {
  uint32_t begin = 0;
  uint32_t end = 0;
  bool executable = false;
};

/// A symbol before it is known how far it reaches.
struct Candidate {
  std::string name;
  uint32_t address = 0;
  uint32_t size = 0;
  uint32_t section_end = 0;
  int rank = 0;  // of several at one address the highest names it
};

/// Names for whole ranges: sized symbols as they say, others up to the next symbol or the section's end.
std::vector<Function> ranges_of(std::vector<Candidate> candidates) {
  std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
    if (a.address != b.address) return a.address < b.address;
    if (a.rank != b.rank) return a.rank > b.rank;
    return a.name < b.name;
  });
  std::vector<Function> ranges;
  for (const Candidate& each : candidates) {
    if (!ranges.empty() && each.address < ranges.back().end) {
      // Labels in the middle of a function, and other names of the same code.
      if (each.rank < 4 || each.address == ranges.back().begin) continue;
      ranges.back().end = each.address;
    }
    const uint32_t end =
        each.size != 0 ? each.address + std::min(each.size, each.section_end - each.address) : each.section_end;
    ranges.push_back({each.name, each.address, end});
    if (each.size != 0) continue;
    const auto next = std::upper_bound(candidates.begin(), candidates.end(), each.address,
                                       [](uint32_t address, const Candidate& c) { return address < c.address; });
    if (next != candidates.end()) ranges.back().end = std::min(end, next->address);
  }
  return ranges;
}

}  // namespace

struct ElfFile::Handles {
  std::vector<char> bytes;
  ::Elf* elf = nullptr;
  Dwarf* dwarf = nullptr;
  Dwarf_CFI* eh_frame = nullptr;     // ours to end
  Dwarf_CFI* debug_frame = nullptr;  // the Dwarf's
  uint32_t bias = 0;
  std::vector<Section> sections;

  ~Handles() {
    if (eh_frame != nullptr) dwarf_cfi_end(eh_frame);
    if (dwarf != nullptr) dwarf_end(dwarf);
    if (elf != nullptr) elf_end(elf);
  }

  bool check_header(std::string& error);
  bool find_sections(std::optional<uint32_t> base, ElfContents& contents, std::string& error);
  bool read_symbols(ElfContents& contents, std::string& error);
  void read_lines(ElfContents& contents);
  [[nodiscard]] bool names_code_at_zero(Dwarf_Die& unit, const ElfContents& contents) const;
  [[nodiscard]] bool executable(uint32_t address) const;
};

bool ElfFile::Handles::check_header(std::string& error) {
  if (bytes.size() < SELFMAG || std::memcmp(bytes.data(), ELFMAG, SELFMAG) != 0) {
    error = "it is no ELF file";
    return false;
  }
  elf_version(EV_CURRENT);
  elf = elf_memory(bytes.data(), bytes.size());
  GElf_Ehdr header;
  if (elf == nullptr || elf_kind(elf) != ELF_K_ELF || gelf_getehdr(elf, &header) == nullptr) {
    error = fmt::format("it is a damaged ELF file: {}", elf_errmsg(-1));
    return false;
  }
  if (header.e_machine != EM_RISCV) {
    error = fmt::format("it is for machine {}, not for RISC-V ({})", header.e_machine, EM_RISCV);
    return false;
  }
  if (gelf_getclass(elf) != ELFCLASS32 || header.e_ident[EI_DATA] != ELFDATA2LSB) {
    error = "it is not for a little-endian machine of 32 bits";
    return false;
  }
  if (header.e_type != ET_EXEC && header.e_type != ET_DYN) {
    error = "it is not linked";
    return false;
  }
  std::size_t section_count = 0;
  if (elf_getshdrnum(elf, &section_count) != 0 || section_count == 0) {
    error = "it has no sections, or is cut off";
    return false;
  }
  return true;
}

bool ElfFile::Handles::find_sections(std::optional<uint32_t> base, ElfContents& contents, std::string& error) {
  uint32_t lowest = UINT32_MAX;
  std::size_t segments = 0;
  elf_getphdrnum(elf, &segments);
  for (std::size_t i = 0; i < segments; ++i) {
    GElf_Phdr segment;
    if (gelf_getphdr(elf, static_cast<int>(i), &segment) == nullptr) break;
    if (segment.p_type == PT_LOAD && segment.p_filesz != 0) {
      lowest = std::min(lowest, static_cast<uint32_t>(segment.p_vaddr));
    }
  }
  uint32_t begin = UINT32_MAX;
  uint32_t end = 0;
  for (Elf_Scn* scan = nullptr; (scan = elf_nextscn(elf, scan)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(scan, &header) == nullptr) {
      error = fmt::format("it is a damaged ELF file: {}", elf_errmsg(-1));
      return false;
    }
    if (header.sh_type != SHT_NOBITS &&
        (header.sh_offset > bytes.size() || header.sh_size > bytes.size() - header.sh_offset)) {
      error = "it is cut off: a section lies behind its end";
      return false;
    }
    const uint32_t index = static_cast<uint32_t>(elf_ndxscn(scan));
    if (index >= sections.size()) sections.resize(index + 1);
    if ((header.sh_flags & SHF_ALLOC) == 0 || header.sh_size == 0) continue;
    Section section{static_cast<uint32_t>(header.sh_addr), static_cast<uint32_t>(header.sh_addr + header.sh_size),
                    (header.sh_flags & SHF_EXECINSTR) != 0};
    if (section.end < section.begin) {
      error = "it is a damaged ELF file: a section reaches over the end of memory";
      return false;
    }
    if (lowest == UINT32_MAX) lowest = section.begin;
    sections[index] = section;
    if (!section.executable) continue;
    begin = std::min(begin, section.begin);
    end = std::max(end, section.end);
  }
  if (begin >= end) {
    error = "it has no code";
    return false;
  }
  bias = base ? *base - lowest : 0;
  contents.begin = begin + bias;
  contents.end = end + bias;
  if (contents.end < contents.begin) {
    error = fmt::format("at 0x{:08x} it reaches over the end of memory", *base);
    return false;
  }
  return true;
}

bool ElfFile::Handles::executable(uint32_t address) const {
  return std::any_of(sections.begin(), sections.end(), [address](const Section& each) {
    return each.executable && address >= each.begin && address < each.end;
  });
}

bool ElfFile::Handles::read_symbols(ElfContents& contents, std::string& error) {
  std::vector<Candidate> code;
  std::vector<Candidate> data;
  for (Elf_Scn* scan = nullptr; (scan = elf_nextscn(elf, scan)) != nullptr;) {
    GElf_Shdr header;
    if (gelf_getshdr(scan, &header) == nullptr || header.sh_type != SHT_SYMTAB || header.sh_entsize == 0) continue;
    Elf_Data* const table = elf_getdata(scan, nullptr);
    if (table == nullptr) {
      error = fmt::format("its symbols are damaged: {}", elf_errmsg(-1));
      return false;
    }
    const int count = static_cast<int>(std::min<uint64_t>(header.sh_size / header.sh_entsize, 1 << 24));
    for (int i = 1; i < count; ++i) {
      GElf_Sym symbol;
      if (gelf_getsym(table, i, &symbol) == nullptr) break;
      const char* const name = elf_strptr(elf, header.sh_link, symbol.st_name);
      if (name == nullptr || *name == '\0' || *name == '$' || std::strncmp(name, ".L", 2) == 0) continue;
      if (symbol.st_shndx == SHN_UNDEF) continue;
      const auto address = static_cast<uint32_t>(symbol.st_value);
      const int type = GELF_ST_TYPE(symbol.st_info);
      if (type != STT_FUNC && type != STT_OBJECT && type != STT_NOTYPE) continue;
      contents.addresses.emplace_back(name, symbol.st_shndx == SHN_ABS ? address : address + bias);
      if (symbol.st_shndx >= sections.size()) continue;
      const Section& section = sections[symbol.st_shndx];
      if (address < section.begin || address >= section.end) continue;
      const bool global = GELF_ST_BIND(symbol.st_info) != STB_LOCAL;
      const int rank = (type == STT_NOTYPE ? 0 : 4) + (symbol.st_size != 0 ? 2 : 0) + (global ? 1 : 0);
      Candidate candidate{demangle(name), address + bias, static_cast<uint32_t>(symbol.st_size), section.end + bias,
                          rank};
      if (section.executable && type != STT_OBJECT) {
        code.push_back(std::move(candidate));
      } else if (type == STT_OBJECT) {
        data.push_back(std::move(candidate));
      }
    }
  }
  if (code.empty()) {
    error = "it has no symbols (is it stripped?)";
    return false;
  }
  contents.functions = ranges_of(std::move(code));
  contents.objects = ranges_of(std::move(data));
  return true;
}

/// Linkers leave the lines of functions that they discard, at address 0. Where real code begins there (a ROM's), only
/// the unit that this code is from may speak of it.
bool ElfFile::Handles::names_code_at_zero(Dwarf_Die& unit, const ElfContents& contents) const {
  Dwarf_Attribute attribute;
  Dwarf_Word language = 0;
  if (dwarf_attr(&unit, DW_AT_language, &attribute) != nullptr && dwarf_formudata(&attribute, &language) == 0 &&
      language == DW_LANG_Mips_Assembler) {
    return true;
  }
  std::set<std::string> names;
  for (const auto& [name, address] : contents.addresses) {
    if (address == bias) names.insert(name);
  }
  struct Search {
    const std::set<std::string>& names;
    bool found = false;
  } search{names};
  dwarf_getfuncs(
      &unit,
      [](Dwarf_Die* function, void* argument) -> int {
        auto& wanted = *static_cast<Search*>(argument);
        Dwarf_Addr low = 1;
        Dwarf_Attribute linkage;
        const char* name = dwarf_formstring(dwarf_attr_integrate(function, DW_AT_linkage_name, &linkage));
        if (name == nullptr) name = dwarf_diename(function);
        if (dwarf_lowpc(function, &low) == 0 && low == 0 && name != nullptr && wanted.names.contains(name)) {
          wanted.found = true;
        }
        return wanted.found ? DWARF_CB_ABORT : DWARF_CB_OK;
      },
      &search, 0);
  return search.found;
}

void ElfFile::Handles::read_lines(ElfContents& contents) {
  dwarf = dwarf_begin_elf(elf, DWARF_C_READ, nullptr);
  eh_frame = dwarf_getcfi_elf(elf);
  if (dwarf == nullptr) return;
  debug_frame = dwarf_getcfi(dwarf);
  std::map<std::string, uint32_t> file_numbers;
  std::filesystem::path folder;  // where the unit was compiled
  const auto number_of = [&](const char* name) {
    const auto [found, added] =
        file_numbers.try_emplace(folder.string() + '\n' + name, static_cast<uint32_t>(contents.files.size()));
    if (added) contents.files.push_back((folder / name).lexically_normal().string());
    return found->second;
  };
  Dwarf_Off offset = 0;
  Dwarf_Off next = 0;
  std::size_t header_size = 0;
  for (; dwarf_nextcu(dwarf, offset, &next, &header_size, nullptr, nullptr, nullptr) == 0; offset = next) {
    Dwarf_Die unit;
    Dwarf_Lines* table = nullptr;
    std::size_t count = 0;
    if (dwarf_offdie(dwarf, offset + header_size, &unit) == nullptr) continue;
    if (dwarf_getsrclines(&unit, &table, &count) != 0) continue;
    Dwarf_Attribute attribute;
    const char* const name = dwarf_formstring(dwarf_attr(&unit, DW_AT_comp_dir, &attribute));
    folder = name == nullptr ? "" : name;
    std::optional<bool> zero_is_ours;
    bool accepted = false;
    bool at_start = true;
    for (std::size_t i = 0; i < count; ++i) {
      Dwarf_Line* const line = dwarf_onesrcline(table, i);
      Dwarf_Addr address = 0;
      int number = 0;
      bool ends = false;
      bool statement = false;
      if (dwarf_lineaddr(line, &address) != 0 || dwarf_lineno(line, &number) != 0 ||
          dwarf_lineendsequence(line, &ends) != 0 || dwarf_linebeginstatement(line, &statement) != 0) {
        continue;
      }
      if (at_start) {
        accepted = executable(static_cast<uint32_t>(address));
        if (accepted && address == 0) {
          if (!zero_is_ours) zero_is_ours = names_code_at_zero(unit, contents);
          accepted = *zero_is_ours;
        }
      }
      at_start = ends;
      if (!accepted) continue;
      const char* const file = dwarf_linesrc(line, nullptr, nullptr);
      contents.lines.push_back({static_cast<uint32_t>(address) + bias, number_of(file == nullptr ? "?" : file),
                                ends ? 0 : static_cast<uint32_t>(std::max(number, 0)), statement && !ends});
    }
  }
  // The end of one piece comes before the beginning of the next at the same address.
  std::stable_sort(contents.lines.begin(), contents.lines.end(), [](const LineRow& a, const LineRow& b) {
    if (a.address != b.address) return a.address < b.address;
    return (a.line == 0) > (b.line == 0);
  });
}

ElfFile::ElfFile() : handles_(std::make_unique<Handles>()) {}
ElfFile::~ElfFile() = default;

bool ElfFile::open(const std::string& path, std::optional<uint32_t> base, ElfContents& contents, std::string& error) {
  Handles& file = *handles_;
  if (!read_whole(path, file.bytes, error) || !file.check_header(error) || !file.find_sections(base, contents, error) ||
      !file.read_symbols(contents, error)) {
    return false;
  }
  file.read_lines(contents);
  return true;
}

namespace {

/// The few operations of DWARF that unwinding rules of compilers come with.
struct Evaluator {
  const std::array<uint32_t, 32>& x;
  const ReadMemory& read;
  std::optional<uint32_t> frame;  // the canonical frame address

  [[nodiscard]] std::optional<uint32_t> load(uint32_t address) const {
    std::array<uint8_t, 4> bytes{};
    if (!read(address, bytes)) return std::nullopt;
    return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | static_cast<uint32_t>(bytes[3]) << 24;
  }

  /// The result, and whether it is a value rather than a place in memory.
  [[nodiscard]] std::optional<std::pair<uint32_t, bool>> run(const Dwarf_Op* ops, std::size_t count) const {
    std::vector<uint32_t> stack;
    bool value = false;
    const auto pop = [&stack]() -> std::optional<uint32_t> {
      if (stack.empty()) return std::nullopt;
      const uint32_t top = stack.back();
      stack.pop_back();
      return top;
    };
    for (std::size_t i = 0; i < count; ++i) {
      const Dwarf_Op& op = ops[i];
      const auto number = static_cast<uint32_t>(op.number);
      if (op.atom >= DW_OP_breg0 && op.atom <= DW_OP_breg31) {
        stack.push_back(x[op.atom - DW_OP_breg0] + number);
        continue;
      }
      if (op.atom >= DW_OP_reg0 && op.atom <= DW_OP_reg31) {
        stack.push_back(x[op.atom - DW_OP_reg0]);
        value = true;
        continue;
      }
      switch (op.atom) {
        case DW_OP_bregx:
          if (number >= 32) return std::nullopt;
          stack.push_back(x[number] + static_cast<uint32_t>(op.number2));
          break;
        case DW_OP_call_frame_cfa:
          if (!frame) return std::nullopt;
          stack.push_back(*frame);
          break;
        case DW_OP_plus_uconst:
          if (stack.empty()) return std::nullopt;
          stack.back() += number;
          break;
        case DW_OP_constu:
        case DW_OP_consts: stack.push_back(number); break;
        case DW_OP_plus: {
          const auto a = pop();
          if (!a || stack.empty()) return std::nullopt;
          stack.back() += *a;
          break;
        }
        case DW_OP_deref: {
          const auto address = pop();
          const auto loaded = address ? load(*address) : std::nullopt;
          if (!loaded) return std::nullopt;
          stack.push_back(*loaded);
          break;
        }
        case DW_OP_stack_value: value = true; break;
        default: return std::nullopt;
      }
    }
    const auto top = pop();
    if (!top) return std::nullopt;
    return std::pair{*top, value};
  }
};

}  // namespace

std::optional<ElfFile::Caller> ElfFile::unwind(uint32_t pc, const std::array<uint32_t, 32>& x,
                                               const ReadMemory& read) const {
  struct Freer {
    void operator()(Dwarf_Frame* frame) const { std::free(frame); }
  };
  std::unique_ptr<Dwarf_Frame, Freer> frame;
  for (Dwarf_CFI* rules : {handles_->debug_frame, handles_->eh_frame}) {
    Dwarf_Frame* found = nullptr;
    if (rules == nullptr || dwarf_cfi_addrframe(rules, pc - handles_->bias, &found) != 0) continue;
    frame.reset(found);
    break;
  }
  if (!frame) return std::nullopt;

  Evaluator evaluator{x, read, std::nullopt};
  Dwarf_Op* ops = nullptr;
  std::size_t count = 0;
  if (dwarf_frame_cfa(frame.get(), &ops, &count) != 0 || count == 0) return std::nullopt;
  const auto address = evaluator.run(ops, count);
  if (!address) return std::nullopt;
  evaluator.frame = address->first;

  Caller caller;
  caller.x = x;
  caller.x[2] = address->first;
  for (int i = 1; i < 32; ++i) {
    if (i == 2) continue;
    Dwarf_Op place[3];
    if (dwarf_frame_register(frame.get(), i, place, &ops, &count) != 0) continue;
    if (count == 0) continue;  // the same as here, or lost
    const auto result = evaluator.run(ops, count);
    const auto value = !result          ? std::nullopt
                       : result->second ? std::optional(result->first)
                                        : evaluator.load(result->first);
    if (!value) return std::nullopt;
    caller.x[static_cast<unsigned>(i)] = *value;
  }
  caller.pc = caller.x[1];
  return caller;
}

#else

struct ElfFile::Handles {};
ElfFile::ElfFile() = default;
ElfFile::~ElfFile() = default;

bool ElfFile::open(const std::string&, std::optional<uint32_t>, ElfContents&, std::string& error) {
  error = "this build cannot read ELF files (it was made without libdw)";
  return false;
}

std::optional<ElfFile::Caller> ElfFile::unwind(uint32_t, const std::array<uint32_t, 32>&, const ReadMemory&) const {
  return std::nullopt;
}

#endif

}  // namespace caliptra::symbols
