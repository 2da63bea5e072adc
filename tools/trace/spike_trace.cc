// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/trace/spike_trace.h"

#include <fmt/format.h>

#include <cstring>
#include <string>

#include "iss/csr_table.h"
#include "tools/trace/spike_disassembly.h"
#include "tools/trace/text.h"

namespace caliptra::trace {

void SpikeTrace::prepare(Line& line, uint32_t pc, uint32_t opcode) {
  if (shown_ == &line) shown_ = nullptr;
  const veer::Decoded decoded = veer::decode(opcode);
  line.pc = pc;
  line.opcode = opcode;
  line.effects = effects_of(decoded);
  std::string text;
  if (symbols_ != nullptr) {
    const symbols::Function* const function = symbols_->function_at(pc);
    line.begins_function = function != nullptr && function->begin == pc;
    text = fmt::format("core   0: 0x{:08x} (0x{:08x}) {}", pc, opcode, spike_disassembly(opcode));
    // The longest that there are have 80 characters.
    text.resize(std::min<std::size_t>(text.size(), 90));
    text += '\n';
  }
  line.first_length = static_cast<uint8_t>(text.size());
  text += fmt::format("core   0: 3 0x{:08x} (0x{:0{}x})", pc, opcode, decoded.length * 2);
  if (line.effects.rd != 0) text += fmt::format(" x{:<2} 0x", line.effects.rd);
  line.length = static_cast<uint8_t>(text.size());
  std::memcpy(line.text, text.data(), text.size());
}

char* SpikeTrace::put_csr(char* at, unsigned number) const {
  const auto value = hart_.csr(number);
  if (!value) return at;
  at = put(at, " c");
  at = put_decimal(at, number);
  *at++ = '_';
  at = put(at, spike_csr_name(number));
  return put_word(put(at, " 0x"), *value);
}

/// How much of the line is left out: its disassembly, where an instruction jumps to itself. Writes what comes before
/// it.
std::size_t SpikeTrace::announce(const Line& line) {
  if (symbols_ == nullptr) return 0;
  if (shown_ == &line) {
    ++executions_;
    return line.first_length;
  }
  if (line.begins_function) {
    output_.put("core   0: >>>>  ");
    output_.put(symbols_->function_at(line.pc)->name);
    output_.put("\n");
  }
  if (executions_ != 1) output_.put(fmt::format("core   0: Executed {} times\n", executions_));
  executions_ = 1;
  return 0;
}

void SpikeTrace::issued(uint32_t pc, uint32_t opcode) {
  pc_ = pc;
  opcode_ = opcode;
  memory_ = Memory::none;
}

void SpikeTrace::load(uint32_t address, unsigned width, uint32_t) {
  memory_ = Memory::load;
  address_ = address;
  width_ = width;
}

void SpikeTrace::store(uint32_t address, unsigned width, uint32_t value) {
  memory_ = Memory::store;
  address_ = address;
  width_ = width;
  value_ = value;
}

void SpikeTrace::retired(uint32_t, uint32_t opcode, uint32_t) {
  const uint32_t pc = pc_;
  if (!filter_.takes_all()) {
    if (!filter_.takes(pc, clock_.now())) return;
    if (filter_.has_blocks() && (memory_ == Memory::none || !filter_.takes_access(address_))) return;
  }
  Line& line = lines_.at(pc);
  if (line.pc != pc || line.opcode != opcode) [[unlikely]]
    prepare(line, pc, opcode);
  std::size_t left_out = 0;
  if (shown_ == &line || line.begins_function || executions_ != 1) [[unlikely]]
    left_out = announce(line);
  shown_ = &line;
  char* at = output_.reserve();
  if (left_out == 0) [[likely]] {
    std::memcpy(at, line.text, text_size);
    at += line.length;
  } else {
    at = put(at, std::string_view(line.text, line.length).substr(left_out));
  }
  if (line.effects.rd != 0) at = put_word(at, hart_.x(line.effects.rd));
  if (line.effects.csr != 0) [[unlikely]]
    at = put_csr(at, line.effects.csr);
  if (memory_ != Memory::none) {
    at = put_word(put(at, " mem 0x"), address_);
    if (memory_ == Memory::store) at = put_hexadecimal(put(at, " 0x"), value_, width_);
  }
  *at++ = '\n';
  output_.commit(at);
}

void SpikeTrace::trapped(uint32_t pc, uint32_t mcause, uint32_t, uint32_t mtval, uint32_t) {
  // Spike knows only of its log of instructions when it takes a trap.
  if (symbols_ == nullptr || filter_.has_blocks() || !filter_.takes(pc, clock_.now())) return;
  constexpr uint32_t fetch_fault = 1;
  if ((mcause >> 31) == 0 && mcause != fetch_fault) {
    Line& line = lines_.at(pc);
    if (line.pc != pc || line.opcode != opcode_) prepare(line, pc, opcode_);
    if (announce(line) == 0) output_.put({line.text, line.first_length});
    shown_ = &line;
  }
  output_.put(fmt::format("core   0: exception {}, epc 0x{:08x}\n", spike_trap_name(mcause), pc));
  if (spike_trap_has_tval(mcause)) output_.put(fmt::format("core   0:           tval 0x{:08x}\n", mtval));
}

}  // namespace caliptra::trace
