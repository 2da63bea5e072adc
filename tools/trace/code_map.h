// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the code at an address is called, with symbols and without.

#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "tools/symbols/symbols.h"

namespace caliptra::trace {

/// Code that is loaded as a whole: "ROM", "FMC", "runtime".
struct CodeImage {
  std::string name;
  uint32_t begin = 0;
  uint32_t end = 0;
};

class CodeMap {
 public:
  static constexpr unsigned no_image = UINT32_MAX;

  /// `symbols` must outlive it. Images may not overlap; what lies in none of them is an image of its own per memory.
  CodeMap(const symbols::SymbolTable& symbols, std::vector<CodeImage> images);

  [[nodiscard]] std::span<const CodeImage> images() const { return images_; }
  /// The image's number, or no_image.
  [[nodiscard]] unsigned image_at(uint32_t address) const;
  [[nodiscard]] std::string image_name(uint32_t address) const;

  /// Where the function at `address` begins, if its symbol is known; otherwise nothing is known of it.
  [[nodiscard]] const symbols::Function* function_at(uint32_t address) const { return symbols_.function_at(address); }

  /// "main"; without a symbol "ROM:0x0000031a".
  [[nodiscard]] std::string function_name(uint32_t address) const;

  [[nodiscard]] const symbols::SymbolTable& symbols() const { return symbols_; }

 private:
  const symbols::SymbolTable& symbols_;
  std::vector<CodeImage> images_;
};

/// The images of a core: its ROM, what a 1.x bundle's table of contents says of FMC and runtime, and the rest of ICCM.
/// A bundle that is none leaves ICCM as a whole. `rom_size` in bytes.
std::vector<CodeImage> code_images(std::size_t rom_size, std::span<const uint8_t> bundle);

}  // namespace caliptra::trace
