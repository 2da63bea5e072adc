// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/code_cache.h"

#include <algorithm>
#include <array>
#include <utility>

namespace veer {
namespace {

constexpr unsigned longest_block = 128;
constexpr unsigned no_register = 255;

/// Instructions after which execution never goes on with the next one.
bool ends_block(Op op) {
  switch (op) {
    case Op::jal:
    case Op::jalr:
    case Op::j:
    case Op::jr:
    case Op::ecall:
    case Op::ebreak:
    case Op::mret:
    case Op::fence_i:
    case Op::illegal:
    case Op::fetch_fault: return true;
    default: return false;
  }
}

/// Branches and jumps. In a timed region they have one handler each: see execute.h.
bool control(Op op) {
  switch (op) {
    case Op::jal:
    case Op::jalr:
    case Op::j:
    case Op::jr:
    case Op::beqz:
    case Op::bnez: return true;
    default: return static_cast<unsigned>(op) < instruction_count && description(op).format == Format::branch;
  }
}

bool commutes(Op op) {
  switch (op) {
    case Op::add:
    case Op::xor_:
    case Op::or_:
    case Op::and_:
    case Op::mul:
    case Op::mulh:
    case Op::mulhu:
    case Op::xnor:
    case Op::min:
    case Op::minu:
    case Op::max:
    case Op::maxu:
    case Op::beq:
    case Op::bne: return true;
    default: return false;
  }
}

bool writes_only_rd(Format format) {
  return format == Format::register_register || format == Format::unary || format == Format::immediate ||
         format == Format::shift || format == Format::upper;
}

/// The register that an instruction leaves at hand for the next one. Only what it writes itself: it may have been
/// jumped to.
unsigned register_at_hand(Op op, unsigned rd) {
  if (op == Op::li || op == Op::mv) return rd;
  if (static_cast<unsigned>(op) >= instruction_count) return no_register;
  const Format format = description(op).format;
  return writes_only_rd(format) || format == Format::load ? rd : no_register;
}

}  // namespace

CodeRegion::CodeRegion(uint32_t base, std::span<const uint8_t> bytes, HandlerTable handlers, bool timed)
    : base_(base),
      bytes_(bytes.first(bytes.size() & ~std::size_t{1})),
      handlers_(handlers),
      timed_(timed),
      entries_(std::make_unique_for_overwrite<Entry[]>(count() + 1)),
      ops_(count() + 1, Op::undecoded),
      decoded_low_(count() + 1),
      decoded_high_(0) {
  std::fill_n(entries_.get(), count(),
              Entry{.handler = handlers_[handler_index(Op::undecoded, false, Source::fetched, 0)],
                    .imm = 0,
                    .rd = 0,
                    .rs1 = 0,
                    .rs2 = 0,
                    .rest = 0});
  entries_[count()] = Entry{};
  set_op(count(), Op::outside);
}

Decoded CodeRegion::decode_at(uint32_t index) const { return decode(opcode(entries_.get() + index)); }

/// For the op that the entry has.
void CodeRegion::set_handler(uint32_t index, Source source) {
  const Op op = ops_[index];
  const bool compressed = index < count() && is_compressed_at(index);
  uint8_t& next_copy = next_copy_[static_cast<std::size_t>(op)];
  next_copy = (next_copy + 1) % handler_copies;
  const unsigned copy = timed_ && control(op) ? 0 : next_copy;
  entries_[index].handler = handlers_[handler_index(op, compressed, source, copy)];
}

/// Whether the entry's handler takes rs1 from the instruction before.
bool CodeRegion::chained(uint32_t index) const {
  const bool compressed = index < count() && is_compressed_at(index);
  for (unsigned copy = 0; copy < handler_copies; ++copy) {
    if (entries_[index].handler == handlers_[handler_index(ops_[index], compressed, Source::chained, copy)])
      return true;
  }
  return false;
}

void CodeRegion::set_op(uint32_t index, Op op, Source source) {
  ops_[index] = op;
  set_handler(index, source);
}

Op CodeRegion::translate(uint32_t index, Entry& entry) const {
  if (!is_compressed_at(index) && index + 1 >= count()) return Op::fetch_fault;
  const Decoded decoded = decode_at(index);
  entry.imm = decoded.imm;
  entry.rd = decoded.rd == 0 ? 32 : decoded.rd;
  entry.rs1 = decoded.rs1;
  entry.rs2 = decoded.rs2;
  const Op op = decoded.op;
  if (op == Op::illegal) return op;
  const uint32_t pc = base_ + index * 2;
  const Format format = description(op).format;
  if (format == Format::branch || format == Format::jump) {
    if (!contains(pc + static_cast<uint32_t>(decoded.imm))) return Op::far_branch;
    entry.imm = decoded.imm / 2 * static_cast<int32_t>(sizeof(Entry));
    if (op == Op::jal && decoded.rd == 0) return Op::j;
    if (decoded.rs2 == 0 && op == Op::beq) return Op::beqz;
    if (decoded.rs2 == 0 && op == Op::bne) return Op::bnez;
    return op;
  }
  if (op == Op::jalr) return decoded.rd == 0 ? Op::jr : op;
  if (writes_only_rd(format) && decoded.rd == 0) return Op::nop;
  switch (op) {
    case Op::fence: return timed_ ? op : Op::nop;
    case Op::wfi: return Op::nop;
    case Op::auipc: entry.imm = static_cast<int32_t>(pc + static_cast<uint32_t>(decoded.imm)); return Op::li;
    case Op::lui: return Op::li;
    case Op::addi:
      if (decoded.rs1 == 0) return Op::li;
      return decoded.imm == 0 ? Op::mv : op;
    case Op::add:
      if (decoded.rs1 == 0) {
        entry.rs1 = decoded.rs2;
        return Op::mv;
      }
      return op;
    default: return op;
  }
}

void CodeRegion::decode_block(Entry* first, const std::function<bool(uint32_t)>& stop) {
  std::array<uint32_t, longest_block> block;
  unsigned size = 0;
  uint32_t next = index(first);
  bool falls_through = true;
  unsigned latest = no_register;
  while (falls_through && size < longest_block && next < count() && ops_[next] == Op::undecoded) {
    if (size != 0 && stop && stop(base_ + next * 2)) break;
    Entry& entry = entries_[next];
    const Op op = translate(next, entry);
    if (commutes(op) && entry.rs2 == latest) std::swap(entry.rs1, entry.rs2);
    set_op(next, op,
           entry.rs1 == latest     ? Source::chained
           : entry.rs1 == entry.rd ? Source::in_place
                                   : Source::fetched);
    latest = register_at_hand(op, entry.rd);
    block[size++] = next;
    falls_through = !ends_block(op);
    next = std::min(next + (is_compressed_at(next) ? 1 : 2), count());
  }

  unsigned rest = 0;
  if (falls_through && next < count()) {
    // Whatever led to this entry before, from here on it is reached with another register at hand.
    if (entries_[next].rs1 != latest && chained(next)) set_handler(next, Source::fetched);
    rest = entries_[next].rest;
    if (rest == 0 || rest + size > 255) {
      // The chain is cut here; whoever executes its last instruction comes in anew at the next.
      rest = 0;
      entries_[block[size - 1]].handler = handlers_[handler_index(Op::step, false, Source::fetched, 0)];
    }
  }
  for (unsigned i = size; i-- > 0;) {
    entries_[block[i]].rest = static_cast<uint8_t>(++rest);
  }
  decoded_low_ = std::min(decoded_low_, block[0]);
  decoded_high_ = std::max(decoded_high_, std::min(next + 1, count()));
}

void CodeRegion::set_fetch_fault(Entry* entry) {
  const uint32_t at = index(entry);
  set_op(at, Op::fetch_fault);
  entry->rest = 1;
  decoded_low_ = std::min(decoded_low_, at);
  decoded_high_ = std::max(decoded_high_, at + 1);
}

bool CodeRegion::written(uint32_t address, uint32_t size) {
  const uint32_t low = (address - base_) / 2;
  const uint32_t high = (address - base_ + size - 1) / 2;
  if (low > decoded_high_ || high + 1 < decoded_low_) return false;
  bool decoded = low > 0 && ops_[low - 1] != Op::undecoded && !is_compressed_at(low - 1);
  for (uint32_t i = low; i <= high && i < count(); ++i) decoded |= ops_[i] != Op::undecoded;
  if (decoded) flush();
  return decoded;
}

void CodeRegion::flush() {
  for (uint32_t i = decoded_low_; i < decoded_high_; ++i) {
    if (ops_[i] == Op::undecoded) continue;
    ops_[i] = Op::undecoded;
    entries_[i].handler = handlers_[handler_index(Op::undecoded, false, Source::fetched, 0)];
    entries_[i].rest = 0;
  }
  decoded_low_ = count() + 1;
  decoded_high_ = 0;
}

}  // namespace veer
