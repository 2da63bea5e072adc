// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/trace/compact_trace.h"

#include "tools/trace/text.h"

namespace caliptra::trace {

void CompactTrace::write(uint32_t pc, uint32_t opcode) {
  char* at = output_.reserve();
  at = put_word(put(at, "0x"), pc);
  at = put(at, " 0x");
  at = (opcode & 3) == 3 ? put_word(at, opcode) : put_half(at, opcode);
  *at++ = '\n';
  output_.commit(at);
}

void CompactTrace::issued(uint32_t pc, uint32_t opcode) {
  if (filter_.takes_all()) return write(pc, opcode);
  pc_ = pc;
  opcode_ = opcode;
  if (!filter_.has_blocks() && filter_.takes(pc, clock_.now())) write(pc, opcode);
}

void CompactTrace::load(uint32_t address, unsigned, uint32_t) {
  if (filter_.has_blocks() && filter_.takes(pc_, clock_.now()) && filter_.takes_access(address)) write(pc_, opcode_);
}

void CompactTrace::store(uint32_t address, unsigned width, uint32_t value) { load(address, width, value); }

}  // namespace caliptra::trace
