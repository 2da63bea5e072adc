// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What addresses are called: symbols, source lines and unwinding rules out of ELF files (RISC-V ELF psABI, DWARF), as
// many as there are images: ROM, FMC and runtime lie at different addresses of one core.

#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caliptra::symbols {

/// A piece of code: a function, or an assembler's label up to the next one.
struct Function {
  std::string name;  ///< demangled, without the hash at the end of Rust's names
  uint32_t begin = 0;
  uint32_t end = 0;  ///< the first address behind it
};

/// A row of the line table: the line that code from here on comes from.
struct LineRow {
  uint32_t address = 0;
  uint32_t file = 0;  ///< index into files()
  uint32_t line = 0;  ///< from 1; 0: code of no line, or the end of a piece of code
  bool statement = false;
};

struct SourceLine {
  std::string_view file;
  uint32_t line = 0;
};

/// What one ELF file occupies.
struct Image {
  std::string name;  ///< the file's name without folder and ending
  std::string path;
  uint32_t begin = 0;  ///< of its code; the data it uses may lie elsewhere
  uint32_t end = 0;
};

/// A call that has not returned.
struct Frame {
  uint32_t pc = 0;  ///< in the innermost frame where the hart is, in the others where the call returns to
  uint32_t sp = 0;
  bool guessed = false;  ///< found by its looks on the stack, not by the unwinding rules
};

/// Copies memory as a debugger does; false where there is none.
using ReadMemory = std::function<bool(uint32_t address, std::span<uint8_t> bytes)>;

/// The symbols of any number of images. The references that it hands out stay good until the next load().
class SymbolTable {
 public:
  SymbolTable();
  ~SymbolTable();
  SymbolTable(SymbolTable&&) noexcept;
  SymbolTable& operator=(SymbolTable&&) noexcept;

  /// Adds what `FILE.elf[@ADDRESS]` has. With an address (a C number), the first loaded byte of the file lies there,
  /// wherever it was linked to. False, with nothing added, and the reason in `error`: no such file, no RISC-V ELF file
  /// of 32 bits, damaged, without symbols, code where another image's is, or a build without libdw.
  bool load(const std::string& specification, std::string& error);

  [[nodiscard]] bool empty() const { return functions_.empty(); }
  [[nodiscard]] std::span<const Image> images() const { return images_; }
  /// By address; no two overlap.
  [[nodiscard]] std::span<const Function> functions() const { return functions_; }
  /// By address. A row holds up to the next one.
  [[nodiscard]] std::span<const LineRow> lines() const { return lines_; }
  [[nodiscard]] std::span<const std::string> files() const { return files_; }

  [[nodiscard]] const Function* function_at(uint32_t address) const;
  /// Data with a name; null where there is none.
  [[nodiscard]] const Function* object_at(uint32_t address) const;
  [[nodiscard]] const Image* image_at(uint32_t address) const;
  /// A function by its whole demangled name, or by what stands behind its last `::`.
  [[nodiscard]] const Function* function_named(std::string_view name) const;
  /// Any symbol's address, of those that linkers define, too ("stack_top").
  [[nodiscard]] std::optional<uint32_t> address_of(std::string_view name) const;
  [[nodiscard]] std::optional<SourceLine> source(uint32_t address) const;

  /// "main+0x12", "main" at its first byte, or the address in hexadecimal where nothing has a name.
  [[nodiscard]] std::string describe(uint32_t address) const;

  /// The calls that lead to where the hart is, the innermost first, by the files' unwinding rules (.debug_frame,
  /// .eh_frame). Where there are none, words on the stack that point behind a call instruction are taken for return
  /// addresses, and marked as guessed; this works without any file. `x` are the hart's registers.
  [[nodiscard]] std::vector<Frame> backtrace(uint32_t pc, const std::array<uint32_t, 32>& x, const ReadMemory& read,
                                             unsigned limit = 64) const;

  /// The same as text, a line a frame: "#1  0x00000123 main+0x12 at main.c:34".
  [[nodiscard]] std::string backtrace_text(uint32_t pc, const std::array<uint32_t, 32>& x, const ReadMemory& read,
                                           unsigned limit = 64) const;

 private:
  struct Elf;
  [[nodiscard]] const Elf* unwinder_at(uint32_t address) const;

  std::vector<Image> images_;
  std::vector<Function> functions_;
  std::vector<Function> objects_;
  std::vector<std::pair<std::string, uint32_t>> addresses_;  // by name
  std::vector<LineRow> lines_;
  std::vector<std::string> files_;
  std::vector<std::unique_ptr<Elf>> elves_;  // one per image
};

}  // namespace caliptra::symbols
