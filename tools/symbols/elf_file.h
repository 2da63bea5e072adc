// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// One ELF file, read through libelf and libdw. A build without them reads none.

#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/symbols/symbols.h"

namespace caliptra::symbols {

/// What a file says, at the addresses at which it runs.
struct ElfContents {
  uint32_t begin = 0;  ///< of the executable sections
  uint32_t end = 0;
  std::vector<Function> functions;
  std::vector<Function> objects;
  std::vector<std::pair<std::string, uint32_t>> addresses;
  std::vector<LineRow> lines;  ///< their files count from this file's first
  std::vector<std::string> files;
};

class ElfFile {
 public:
  ElfFile();
  ~ElfFile();
  ElfFile(const ElfFile&) = delete;
  ElfFile& operator=(const ElfFile&) = delete;

  /// Reads a file, and moves it to `base` if there is one. False, and the reason in `error`.
  bool open(const std::string& path, std::optional<uint32_t> base, ElfContents& contents, std::string& error);

  /// One step outwards by the unwinding rules at `pc`: the caller's registers, and where it goes on. Nothing where no
  /// rule is, or memory that it names is not there.
  struct Caller {
    uint32_t pc = 0;
    std::array<uint32_t, 32> x{};
  };
  [[nodiscard]] std::optional<Caller> unwind(uint32_t pc, const std::array<uint32_t, 32>& x,
                                             const ReadMemory& read) const;

 private:
  struct Handles;
  std::unique_ptr<Handles> handles_;
};

}  // namespace caliptra::symbols
