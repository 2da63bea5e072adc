// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Spike's log, as `spike -l --log-commits` writes it for RV32 (riscv-isa-sim, riscv/processor.cc and
// riscv/execute.cc): for each instruction a line with its disassembly and one with what it changed,
//
//   core   0: 0x40000130 (0x00004505) c.li    a0, 1
//   core   0: 3 0x40000130 (0x4505) x10 0x00000001
//
// and for traps "core   0: exception trap_load_access_fault, epc 0x40000130" and its tval.

#pragma once

#include "tools/symbols/symbols.h"
#include "tools/trace/line_cache.h"
#include "tools/trace/tracer.h"

namespace caliptra::trace {

class SpikeTrace : public Tracer {
 public:
  /// As from `spike -l --log-commits`, with a line where a function of `symbols` begins.
  SpikeTrace(Core& core, const Filter& filter, Output& output, const symbols::SymbolTable& symbols)
      : Tracer(core, filter, output), symbols_(&symbols) {}

  /// Only what an instruction did, as from `spike --log-commits`.
  SpikeTrace(Core& core, const Filter& filter, Output& output) : Tracer(core, filter, output) {}

  void issued(uint32_t pc, uint32_t opcode) override;
  void retired(uint32_t pc, uint32_t opcode, uint32_t next_pc) override;
  void load(uint32_t address, unsigned width, uint32_t value) override;
  void store(uint32_t address, unsigned width, uint32_t value) override;
  void trapped(uint32_t pc, uint32_t mcause, uint32_t mscause, uint32_t mtval, uint32_t handler) override;

 private:
  /// Copied whole: the text, and what else its length is then.
  static constexpr std::size_t text_size = 160;
  struct Line {
    uint32_t pc = 1;
    uint32_t opcode = 0;
    Effects effects;
    uint8_t length = 0;        // of the text
    uint8_t first_length = 0;  // of its first line
    bool begins_function = false;
    char text[text_size] = {};
  };
  enum class Memory : uint8_t { none, load, store };

  void prepare(Line& line, uint32_t pc, uint32_t opcode);
  char* put_csr(char* at, unsigned number) const;
  std::size_t announce(const Line& line);

  const symbols::SymbolTable* symbols_ = nullptr;  // null: no disassembly
  LineCache<Line> lines_;
  // The instruction whose disassembly came last, and how often it has executed since.
  const Line* shown_ = nullptr;
  uint64_t executions_ = 1;
  uint32_t pc_ = 0;
  uint32_t opcode_ = 0;
  Memory memory_ = Memory::none;
  unsigned width_ = 0;
  uint32_t address_ = 0;
  uint32_t value_ = 0;
};

}  // namespace caliptra::trace
