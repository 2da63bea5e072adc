// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/trace/call_stack.h"

namespace caliptra::trace {
namespace {

// A stack of 128 KiB has fewer frames of 16 bytes.
constexpr std::size_t deepest = 8192;
constexpr uint32_t no_return = 1;  // odd: no pc
constexpr uint32_t mret_opcode = 0x3020'0073;
constexpr uint32_t memory_size = 0x2'0000;

/// ra and t0 hold return addresses.
constexpr bool is_link(uint32_t index) { return index == 1 || index == 5; }

enum class Flow : uint8_t { other, call, jump, returns };

Flow flow_of(uint32_t opcode) {
  if ((opcode & 3) == 3) {
    const uint32_t rd = opcode >> 7 & 31;
    if ((opcode & 0x7f) == 0x6f) return is_link(rd) ? Flow::call : Flow::jump;
    if ((opcode & 0x707f) != 0x67) return Flow::other;
    if (is_link(rd)) return Flow::call;
    return is_link(opcode >> 15 & 31) ? Flow::returns : Flow::jump;
  }
  switch (opcode & 0xe003) {
    case 0x2001: return Flow::call;  // c.jal
    case 0xa001: return Flow::jump;  // c.j
    case 0x8002: {
      const uint32_t rs1 = opcode >> 7 & 31;
      if ((opcode & 0x7c) != 0 || rs1 == 0) return Flow::other;
      if ((opcode & 0x1000) != 0) return Flow::call;  // c.jalr
      return is_link(rs1) ? Flow::returns : Flow::jump;
    }
    default: return Flow::other;
  }
}

}  // namespace

CallStack::CallStack(const CodeMap& code, const veer::Clock& clock) : code_(code), clock_(clock) {
  for (auto& each : entries_) each.resize(memory_size / 2);
}

void CallStack::note_entry(uint32_t address) {
  const uint32_t offset = address & 0x0fff'ffff;
  const uint32_t region = address >> 28;
  if ((region == 0 || region == 4) && offset < memory_size) entries_[region / 4][offset / 2] = true;
}

bool CallStack::is_entry(uint32_t address) const {
  const uint32_t offset = address & 0x0fff'ffff;
  const uint32_t region = address >> 28;
  return (region == 0 || region == 4) && offset < memory_size && entries_[region / 4][offset / 2];
}

void CallStack::push(const Frame& frame) {
  if (frames_.size() >= deepest) {
    ++too_deep_;
    return;
  }
  frames_.push_back(frame);
  for (Listener* each : listeners_) each->pushed(frame);
}

void CallStack::pop_to(std::size_t depth) {
  const uint64_t now = clock_.now();
  while (frames_.size() > depth) {
    const Frame frame = frames_.back();
    frames_.pop_back();
    for (Listener* each : listeners_) each->popped(frame, now);
  }
}

void CallStack::enter_image(uint32_t pc) {
  pop_to(0);
  push({.kind = Kind::image, .entry = pc, .return_address = no_return, .begin = clock_.now()});
  note_entry(pc);
  push({.kind = Kind::call, .entry = pc, .return_address = no_return, .begin = clock_.now()});
}

void CallStack::reset() {
  pop_to(0);
  starts_ = true;
}

void CallStack::issued(uint32_t pc, uint32_t) {
  if (!starts_) return;
  starts_ = false;
  enter_image(pc);
}

void CallStack::call(uint32_t target, uint32_t return_address) {
  note_entry(target);
  push({.kind = Kind::call, .entry = target, .return_address = return_address, .begin = clock_.now()});
}

/// Whether a jump leaves the function that is on top.
bool CallStack::is_other_function(uint32_t target) const {
  if (const symbols::Function* function = code_.function_at(target)) {
    return function->begin == target && function != code_.function_at(frames_.back().entry);
  }
  return is_entry(target) && target != frames_.back().entry;
}

void CallStack::jump(uint32_t target) {
  if (frames_.empty()) return;
  if (code_.image_at(target) != code_.image_at(frames_.front().entry) && frames_.back().kind != Kind::trap) {
    // One image hands over to the next for good, unless this is the end of a call from there.
    for (std::size_t i = frames_.size(); i-- > 0;) {
      if (frames_[i].kind == Kind::call && frames_[i].return_address == target) return pop_to(i);
    }
    return enter_image(target);
  }
  if (!is_other_function(target)) return;
  // The last act of the function on top: who called it gets the result from the one that it jumps to.
  Frame frame = frames_.back();
  if (frame.kind == Kind::trap) {
    return push({.kind = Kind::call, .entry = target, .return_address = no_return, .begin = clock_.now()});
  }
  pop_to(frames_.size() - 1);
  frame.entry = target;
  frame.begin = clock_.now();
  push(frame);
}

void CallStack::return_to(uint32_t target) {
  for (std::size_t i = frames_.size(); i-- > 0;) {
    // What lies under a trap goes on only after it.
    if (frames_[i].kind == Kind::trap) break;
    if (frames_[i].return_address == target) return pop_to(i);
  }
  if (too_deep_ > 0) {
    --too_deep_;
    return;
  }
  jump(target);
}

void CallStack::return_from_trap() {
  for (std::size_t i = frames_.size(); i-- > 0;) {
    if (frames_[i].kind == Kind::trap) return pop_to(i);
  }
}

void CallStack::retired(uint32_t pc, uint32_t opcode, uint32_t next_pc) {
  const uint32_t length = (opcode & 3) == 3 ? 4 : 2;
  if (next_pc == pc + length && opcode != mret_opcode) return;
  switch (flow_of(opcode)) {
    case Flow::call: return call(next_pc, pc + length);
    case Flow::jump: return jump(next_pc);
    case Flow::returns: return return_to(next_pc);
    case Flow::other:
      if (opcode == mret_opcode) return_from_trap();
      return;
  }
}

void CallStack::trapped(uint32_t pc, uint32_t mcause, uint32_t mscause, uint32_t, uint32_t handler) {
  note_entry(handler);
  push({.kind = Kind::trap,
        .entry = handler,
        .return_address = pc,
        .cause = mcause,
        .detail = mscause,
        .begin = clock_.now()});
}

}  // namespace caliptra::trace
