// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/trace/human_trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <string>

#include "iss/csr_table.h"
#include "iss/disassemble.h"
#include "tools/trace/boot_phases.h"
#include "tools/trace/text.h"
#include "tools/trace/trap_names.h"

namespace caliptra::trace {
namespace {

constexpr std::size_t longest_symbol = 44;

constexpr bool is_mailbox(uint32_t address) { return address >> 16 == 0x3002; }

}  // namespace

void HumanTrace::prepare(Line& line, uint32_t pc, uint32_t opcode) const {
  const veer::Decoded decoded = veer::decode(opcode);
  line.pc = pc;
  line.opcode = opcode;
  line.effects = effects_of(decoded);
  std::string text = fmt::format("  {:08x}  {:<8}  {:<26}", pc, fmt::format("{:0{}x}", opcode, decoded.length * 2),
                                 veer::disassemble(opcode, pc));
  if (!symbols_.empty()) {
    std::string symbol = symbols_.function_at(pc) == nullptr ? "" : symbols_.describe(pc);
    // What tells functions with long names apart stands at their end.
    if (symbol.size() > longest_symbol) symbol = "..." + symbol.substr(symbol.size() - longest_symbol + 3);
    text += fmt::format(" {:<22}", symbol);
  }
  text += ' ';
  text.resize(std::min(text.size(), text_size - 8));
  if (line.effects.rd != 0) text += fmt::format(" {}=", veer::register_name(line.effects.rd));
  line.length = static_cast<uint8_t>(text.size());
  std::memcpy(line.text, text.data(), text.size());
}

void HumanTrace::issued(uint32_t pc, uint32_t opcode) {
  pc_ = pc;
  opcode_ = opcode;
  memory_ = Memory::none;
}

void HumanTrace::load(uint32_t address, unsigned width, uint32_t value) {
  memory_ = Memory::load;
  address_ = address;
  width_ = width;
  value_ = value;
  if (is_mailbox(address)) mailbox_.core_load(address, value, clock_.now());
}

void HumanTrace::store(uint32_t address, unsigned width, uint32_t value) {
  memory_ = Memory::store;
  address_ = address;
  width_ = width;
  value_ = value;
  if (is_mailbox(address)) mailbox_.core_store(address, value, clock_.now());
}

char* HumanTrace::put_access(char* at) {
  if (memory_ == Memory::load) {
    at = put_word(put(at, " <- ["), address_);
    *at++ = ']';
  } else {
    at = put_word(put(at, " ["), address_);
    at = put_hexadecimal(put(at, "] <- "), value_, width_);
  }
  // ROM, ICCM and DCCM hold what programs put there: an address says all.
  const uint32_t region = address_ >> 28;
  if (region != 1 && region != 2 && region != 3 && region != 6) {
    if (symbols_.empty()) return at;
    if (const symbols::Function* object = symbols_.object_at(address_)) {
      *at++ = ' ';
      at = put(at, std::string_view(object->name).substr(0, 200));
      if (address_ != object->begin) at = put_short_hexadecimal(put(at, "+"), address_ - object->begin);
    }
    return at;
  }
  const AccessNames::Place& place = names_.place(address_);
  *at++ = ' ';
  return put(at, AccessNames::text(place, value_ << 8 * (address_ & 3)));
}

void HumanTrace::retired(uint32_t, uint32_t opcode, uint32_t) {
  const uint32_t pc = pc_;
  if (!filter_.takes_all()) {
    if (!filter_.takes(pc, clock_.now())) return;
    if (filter_.has_blocks() && (memory_ == Memory::none || !filter_.takes_access(address_))) return;
  }
  Line& line = lines_.at(pc);
  if (line.pc != pc || line.opcode != opcode) [[unlikely]]
    prepare(line, pc, opcode);
  char* at = cycle_.put(output_.reserve(), clock_.now());
  std::memcpy(at, line.text, text_size);
  at += line.length;
  if (line.effects.rd != 0) at = put_word(at, hart_.x(line.effects.rd));
  if (line.effects.csr != 0) [[unlikely]] {
    if (const auto value = hart_.csr(line.effects.csr)) {
      *at++ = ' ';
      at = put(at, veer::csr_name(line.effects.csr));
      at = put_word(put(at, "="), *value);
    }
  }
  if (memory_ != Memory::none) at = put_access(at);
  *at++ = '\n';
  output_.commit(at);
}

void HumanTrace::put_note(std::string_view text) {
  char* at = cycle_.put(output_.reserve(), clock_.now());
  at = put(at, "  -- ");
  output_.commit(put(at, text.substr(0, Output::longest - 64)));
  output_.put("\n");
}

void HumanTrace::trapped(uint32_t pc, uint32_t mcause, uint32_t mscause, uint32_t mtval, uint32_t handler) {
  if (filter_.has_blocks() || !filter_.takes(pc, clock_.now())) return;
  constexpr uint32_t fetch_fault = 1;
  if ((mcause >> 31) == 0 && mcause != fetch_fault) {
    Line& line = lines_.at(pc);
    if (line.pc != pc || line.opcode != opcode_) prepare(line, pc, opcode_);
    std::string_view text(line.text, line.length);
    // It has not come to its register.
    if (line.effects.rd != 0) text = text.substr(0, text.rfind(' '));
    char* const at = cycle_.put(output_.reserve(), clock_.now());
    output_.commit(put(put(at, text), " trapped\n"));
  }
  put_note(fmt::format("{} at {}: mcause {:08x}, mscause {:x}, mtval {:08x}; goes on at {}", trap_name(mcause, mscause),
                       symbols_.describe(pc), mcause, mscause, mtval, symbols_.describe(handler)));
}

void HumanTrace::soc_access(const SocAccess& access) {
  const bool wanted =
      filter_.takes_soc() && filter_.takes_cycle(clock_.now()) && filter_.takes_access(core_address_of(access.address));
  if (wanted) {
    const AccessNames::Place& place = names_.soc_place(access.address);
    char* at = cycle_.put(output_.reserve(), clock_.now());
    at = put(at, std::string_view(access.write ? "  -- SoC writes " : "  -- SoC reads "));
    at = place.name.empty() ? put_short_hexadecimal(at, access.address) : put(at, place.name);
    at = put_word(put(at, " = 0x"), access.data);
    at = put(at, AccessNames::text(place, access.data).substr(place.name.size()));
    at = put_short_hexadecimal(put(at, " by user "), access.user);
    if (access.status != veer::BusStatus::ok) at = put(at, ": refused");
    *at++ = '\n';
    output_.commit(at);
  }
  mailbox_.soc_access(access);
}

void HumanTrace::finish() { mailbox_.finish(clock_.now()); }

void HumanTrace::event(const Event& event) {
  mailbox_.event(event);
  if (!filter_.takes_soc() || filter_.has_blocks() || !filter_.takes_cycle(clock_.now())) return;
  const std::string text = describe_event(event);
  if (!text.empty()) put_note(text);
}

void HumanTrace::transaction(const MailboxTransaction& transaction) {
  if (!filter_.takes_soc() || !filter_.takes_cycle(clock_.now())) return;
  constexpr uint32_t mailbox_base = 0x3002'0000;
  if (!filter_.takes_access(mailbox_base)) return;
  put_note(describe_transaction(transaction));
}

}  // namespace caliptra::trace
