// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The instruction trace in the reference emulator's format: a line `0xPC 0xOPCODE` per instruction that is issued, in
// lower-case hexadecimal, 16-bit opcodes with 4 digits and others with 8.

#pragma once

#include "tools/trace/tracer.h"

namespace caliptra::trace {

class CompactTrace : public Tracer {
 public:
  using Tracer::Tracer;

  void issued(uint32_t pc, uint32_t opcode) override;
  void load(uint32_t address, unsigned width, uint32_t value) override;
  void store(uint32_t address, unsigned width, uint32_t value) override;

 private:
  void write(uint32_t pc, uint32_t opcode);

  // Where only accesses to some blocks are wanted, an instruction is known to make one after it was issued.
  uint32_t pc_ = 0;
  uint32_t opcode_ = 0;
};

}  // namespace caliptra::trace
