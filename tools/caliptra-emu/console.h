// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The firmware's console on standard output.

#pragma once

#include <unistd.h>

#include <string>
#include <string_view>

#include "tools/caliptra-emu/files.h"

namespace caliptra::emu {

class Console {
 public:
  explicit Console(int descriptor = STDOUT_FILENO);

  /// Takes a character. A line is written as soon as it is complete.
  void put(char character);

  /// The line that the last character completed, without its end; empty if it completed none.
  [[nodiscard]] std::string_view completed_line() const { return completed_; }

  /// Writes what there is of an incomplete line.
  void flush();

  /// Writes whole lines of our own.
  void print(std::string_view lines);

  [[nodiscard]] const OutputFile& file() const { return file_; }

 private:
  OutputFile file_;
  std::string line_;
  std::string completed_;
  std::size_t written_ = 0;  // of the line
};

}  // namespace caliptra::emu
