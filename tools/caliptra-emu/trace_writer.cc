// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/trace_writer.h"

#include <array>
#include <cstring>
#include <utility>

namespace caliptra::emu {
namespace {

constexpr std::size_t buffer_size = 256 * 1024;
constexpr std::size_t longest_line = sizeof "0x01234567 0x01234567\n" - 1;

constexpr auto hexadecimal_pairs = [] {
  std::array<std::array<char, 2>, 256> pairs{};
  for (unsigned i = 0; i < 256; ++i) pairs[i] = {"0123456789abcdef"[i >> 4], "0123456789abcdef"[i & 15]};
  return pairs;
}();

char* put_byte(char* at, uint32_t value) {
  std::memcpy(at, hexadecimal_pairs[value & 0xff].data(), 2);
  return at + 2;
}

char* put_half(char* at, uint32_t value) { return put_byte(put_byte(at, value >> 8), value); }
char* put_word(char* at, uint32_t value) { return put_half(put_half(at, value >> 16), value); }

char* put_prefix(char* at) {
  std::memcpy(at, "0x", 2);
  return at + 2;
}

}  // namespace

TraceWriter::TraceWriter(const std::string& path, std::function<void()> on_failure)
    : file_("trace", path), on_failure_(std::move(on_failure)), buffer_(buffer_size) {}

void TraceWriter::issued(uint32_t pc, uint32_t opcode) {
  if (used_ + longest_line > buffer_size) flush();
  char* at = buffer_.data() + used_;
  at = put_word(put_prefix(at), pc);
  *at++ = ' ';
  at = put_prefix(at);
  at = (opcode & 3) == 3 ? put_word(at, opcode) : put_half(at, opcode);
  *at++ = '\n';
  used_ = static_cast<std::size_t>(at - buffer_.data());
}

void TraceWriter::flush() {
  const bool failed_before = file_.failed();
  const bool written = file_.write({buffer_.data(), used_});
  used_ = 0;
  if (!written && !failed_before) on_failure_();
}

bool TraceWriter::close() {
  flush();
  return file_.close();
}

}  // namespace caliptra::emu
