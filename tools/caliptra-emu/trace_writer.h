// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The instruction trace in the reference emulator's format: a line `0xPC 0xOPCODE` per instruction, in
// lower-case hexadecimal, 16-bit opcodes with 4 digits and others with 8.

#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "iss/observer.h"
#include "tools/caliptra-emu/files.h"

namespace caliptra::emu {

class TraceWriter : public veer::Observer {
 public:
  /// Creates `path`; throws Failure. `on_failure` is called once when the file can't be written; nothing is
  /// written after that.
  TraceWriter(const std::string& path, std::function<void()> on_failure);

  void issued(uint32_t pc, uint32_t opcode) override;

  /// Writes what is left, and closes the file. False if anything has failed.
  bool close();

  [[nodiscard]] const OutputFile& file() const { return file_; }

 private:
  void flush();

  OutputFile file_;
  std::function<void()> on_failure_;
  std::vector<char> buffer_;
  std::size_t used_ = 0;
};

}  // namespace caliptra::emu
