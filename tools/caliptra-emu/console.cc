// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/console.h"

namespace caliptra::emu {
namespace {

// A guest that never ends its line must not fill the host's memory.
constexpr std::size_t longest_line = 64 * 1024;

}  // namespace

Console::Console(int descriptor) : file_("console", descriptor) {}

void Console::put(char character) {
  completed_.clear();
  line_ += character;
  if (character != '\n' && line_.size() < longest_line) return;
  flush();
  if (character == '\n') line_.pop_back();
  completed_.swap(line_);
  line_.clear();
  written_ = 0;
}

void Console::flush() {
  if (written_ == line_.size()) return;
  file_.write(std::string_view(line_).substr(written_));
  written_ = line_.size();
}

void Console::print(std::string_view lines) {
  flush();
  if (!line_.empty()) file_.write("\n");
  file_.write(lines);
}

}  // namespace caliptra::emu
