// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A trace to read: cycle, address, opcode, disassembly, where in the source that is, and what it did; accesses to
// blocks with register and field names; what the SoC does; mailbox transactions as a whole; traps; events.
//
//     8231  0000031a  0005a503  lw a0, 0(a1)   main+0x12   a0=00000003 <- [50001f00]
//     8232  0000031e  00a62023  sw a0, 0(a2)   main+0x16   [30030038] <- 00000003 soc_ifc.CPTRA_BOOT_STATUS
//     8300  -- SoC writes mailbox.mbox_cmd = 0x494e464f by user 0x1

#pragma once

#include "tools/symbols/symbols.h"
#include "tools/trace/access_names.h"
#include "tools/trace/line_cache.h"
#include "tools/trace/mailbox_log.h"
#include "tools/trace/text.h"
#include "tools/trace/tracer.h"

namespace caliptra::trace {

class HumanTrace : public Tracer {
 public:
  HumanTrace(Core& core, const Filter& filter, Output& output, const symbols::SymbolTable& symbols)
      : Tracer(core, filter, output), symbols_(symbols), names_(core), mailbox_(core) {
    mailbox_.ended = [this](const MailboxTransaction& each) { transaction(each); };
  }

  void issued(uint32_t pc, uint32_t opcode) override;
  void retired(uint32_t pc, uint32_t opcode, uint32_t next_pc) override;
  void load(uint32_t address, unsigned width, uint32_t value) override;
  void store(uint32_t address, unsigned width, uint32_t value) override;
  void trapped(uint32_t pc, uint32_t mcause, uint32_t mscause, uint32_t mtval, uint32_t handler) override;

  void soc_access(const SocAccess& access) override;
  void event(const Event& event) override;
  void finish() override;

 private:
  static constexpr std::size_t text_size = 128;
  struct Line {
    uint32_t pc = 1;
    uint32_t opcode = 0;
    Effects effects;
    uint8_t length = 0;
    char text[text_size] = {};
  };
  enum class Memory : uint8_t { none, load, store };

  void prepare(Line& line, uint32_t pc, uint32_t opcode) const;
  char* put_access(char* at);
  void put_note(std::string_view text);
  void transaction(const MailboxTransaction& transaction);

  const symbols::SymbolTable& symbols_;
  AccessNames names_;
  MailboxLog mailbox_;
  LineCache<Line> lines_;
  Counter cycle_;
  uint32_t pc_ = 0;
  uint32_t opcode_ = 0;
  Memory memory_ = Memory::none;
  unsigned width_ = 0;
  uint32_t address_ = 0;
  uint32_t value_ = 0;
};

}  // namespace caliptra::trace
