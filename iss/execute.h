// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The interpreter's loop: one body, instantiated per timing policy as the fast loop and as the observed one.
//
// Fast: each handler ends by jumping to the next entry's handler. `left` is what remains of the time until limit_ once
// the whole superblock has run; jumping into one takes its length off, jumping out gives the unexecuted rest back. So
// the time at any instruction is limit_ - left - rest, and is worked out only by those who need it. Observed: every
// instruction goes through `next_observed`, with the clock and pc_ brought up to date.

#pragma once

#include <bit>

#include "iss/arithmetic.h"
#include "iss/hart_core.h"

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wgnu-label-as-value"
#endif

namespace veer {

template <class Timing, bool observed>
void HartCore::execute([[maybe_unused]] Timing& timing, HandlerTable* table) {
  static_assert(std::endian::native == std::endian::little);
  static const void* const handlers[] = {
#define HANDLERS(name)                                                                                          \
  &&op_##name##_4, &&op_##name##_2, &&op_##name##_4_chained, &&op_##name##_2_chained, &&op_##name##_4_in_place, \
      &&op_##name##_2_in_place,
#define INSTRUCTION(name, mnemonic, mask, match, format, extension) HANDLERS(name)
#include "iss/instructions/instructions.inc"
#undef INSTRUCTION
      HANDLERS(illegal) HANDLERS(nop) HANDLERS(li) HANDLERS(mv) HANDLERS(beqz) HANDLERS(bnez) HANDLERS(j) HANDLERS(jr)
          HANDLERS(far_branch) HANDLERS(fetch_fault) HANDLERS(undecoded) HANDLERS(step) HANDLERS(outside)
#undef HANDLERS
  };
  static_assert(std::size(handlers) == handlers_per_op * op_count);
  if (table != nullptr) {
    *table = handlers;
    return;
  }

  uint32_t* const x = x_;
  CodeRegion* region;
  Entry* entries;
  uint32_t region_base;
  uint32_t region_size;
  Entry* e;
  int64_t left;
  // What the last instruction that writes a register wrote. A chained handler takes it for rs1, so that a value needs
  // no way through memory from one instruction to the next. Whoever jumps to an entry sets it to that entry's rs1.
  uint32_t latest;
  // For the paths that handlers share.
  uint32_t address;
  uint32_t value;
  uint32_t target;
  unsigned width;
  unsigned length_now;
  bool sign;
  // Observed only.
  uint32_t opcode = 0;
  uint32_t next_pc = 0;
  [[maybe_unused]] Cycle begins = 0;  // when the instruction really begins: see SHOW

#define PC_OF(entry) (region_base + static_cast<uint32_t>((entry)-entries) * 2)
// Cycles from an entry to its superblock's end, and those beyond the instruction itself.
#define REST(entry) static_cast<int64_t>((entry)->rest)
#define REST_AFTER(entry) (static_cast<int64_t>((entry)->rest) - 1)
// Brings the clock and pc_ to the beginning of this instruction.
#define SETTLE()                                                         \
  do {                                                                   \
    if constexpr (!observed) {                                           \
      pc_ = PC_OF(e);                                                    \
      clock_.advance_to(limit_ - static_cast<uint64_t>(left + REST(e))); \
    } else if constexpr (!Timing::unit_cost) {                           \
      clock_.advance_to(limit_ - static_cast<uint64_t>(left + 1));       \
    }                                                                    \
  } while (0)
// Leaves the loop after this instruction.
#define LEAVE(pc_value)                                                        \
  do {                                                                         \
    if constexpr (observed) {                                                  \
      next_pc = (pc_value);                                                    \
      attention_ = true;                                                       \
      goto retire;                                                             \
    } else {                                                                   \
      pc_ = (pc_value);                                                        \
      clock_.advance_to(limit_ - static_cast<uint64_t>(left + REST_AFTER(e))); \
      return;                                                                  \
    }                                                                          \
  } while (0)
#define NEXT(length)                 \
  do {                               \
    if constexpr (observed) {        \
      next_pc = PC_OF(e) + (length); \
      goto retire;                   \
    } else {                         \
      e += (length) / 2;             \
      goto * e->handler;             \
    }                                \
  } while (0)
// Cycles beyond those that instructions always cost.
#define ADD(cycles)                                                   \
  do {                                                                \
    if constexpr (!Timing::unit_cost) {                               \
      if (const uint32_t added = (cycles); added != 0) [[unlikely]] { \
        left -= added;                                                \
        idle_ += added;                                               \
      }                                                               \
    }                                                                 \
  } while (0)
// Those that pass before this instruction begins: then events may be due first.
#define BEFORE(cycles)                  \
  do {                                  \
    if constexpr (!Timing::unit_cost) { \
      ADD(cycles);                      \
      if (left < 0) goto postponed;     \
    }                                   \
  } while (0)
#define DYNAMIC(length, cycles)                              \
  do {                                                       \
    if constexpr (!Timing::unit_cost) {                      \
      ADD(cycles);                                           \
      if (!observed && left < 0) LEAVE(PC_OF(e) + (length)); \
    }                                                        \
  } while (0)
// Straight code is charged for its waiting where the next instruction that tells the timing begins, in both loops, so
// that events meet both at the same instructions. Observers see the clock as it will turn out to have been.
// `counted`: 1 once the instruction itself is counted.
#define SHOW(call, counted)                                                              \
  do {                                                                                   \
    if constexpr (Timing::unit_cost) {                                                   \
      call;                                                                              \
    } else {                                                                             \
      const Cycle charged_clock = clock_.now();                                          \
      const uint64_t charged_idle = idle_;                                               \
      const uint64_t retired = limit_ - static_cast<uint64_t>(left) - idle_ - (counted); \
      clock_.advance_to(begins);                                                         \
      idle_ = begins - retired;                                                          \
      call;                                                                              \
      clock_.advance_to(charged_clock);                                                  \
      idle_ = charged_idle;                                                              \
    }                                                                                    \
  } while (0)
#define TELL(call)                      \
  do {                                  \
    if constexpr (!Timing::unit_cost) { \
      call;                             \
    }                                   \
  } while (0)
#define TAKE(entry)                     \
  do {                                  \
    Entry* const to = (entry);          \
    if constexpr (observed) {           \
      next_pc = PC_OF(to);              \
      goto retire;                      \
    } else {                            \
      left += REST_AFTER(e) - REST(to); \
      e = to;                           \
      latest = x[e->rs1];               \
      if (left < 0) [[unlikely]]        \
        goto out_of_budget;             \
      goto * e->handler;                \
    }                                   \
  } while (0)
// Handlers for both lengths, or one for both. Those of OP and OP4 differ in where rs1 comes from; PLAIN_OP's don't ask.
#define HANDLER(label, its_length, its_source, ...)                \
  label : {                                                        \
    [[maybe_unused]] constexpr unsigned length = its_length;       \
    [[maybe_unused]] constexpr Source source = Source::its_source; \
    __VA_ARGS__                                                    \
  }
#define LABELS(name)                                                                                     \
  op_##name##_4 : op_##name##_2 : op_##name##_4_chained : op_##name##_2_chained : op_##name##_4_in_place \
      : op_##name##_2_in_place:
#define OP4(name, ...)                                                                  \
  op_##name##_2 : HANDLER(op_##name##_4, 4, fetched, __VA_ARGS__) op_##name##_2_chained \
      : HANDLER(op_##name##_4_chained, 4, chained, __VA_ARGS__) op_##name##_2_in_place  \
      : HANDLER(op_##name##_4_in_place, 4, in_place, __VA_ARGS__)
#define OP(name, ...)                                       \
  HANDLER(op_##name##_4, 4, fetched, __VA_ARGS__)           \
  HANDLER(op_##name##_2, 2, fetched, __VA_ARGS__)           \
  HANDLER(op_##name##_4_chained, 4, chained, __VA_ARGS__)   \
  HANDLER(op_##name##_2_chained, 2, chained, __VA_ARGS__)   \
  HANDLER(op_##name##_4_in_place, 4, in_place, __VA_ARGS__) \
  HANDLER(op_##name##_2_in_place, 2, in_place, __VA_ARGS__)
#define PLAIN_OP(name, ...)                                                                           \
  op_##name##_4_chained : op_##name##_4_in_place : HANDLER(op_##name##_4, 4, fetched, __VA_ARGS__)    \
                                                       op_##name##_2_chained : op_##name##_2_in_place \
      : HANDLER(op_##name##_2, 2, fetched, __VA_ARGS__)
#define PLAIN_OP4(name, ...)                                                                                      \
  op_##name##_2 : op_##name##_4_chained : op_##name##_2_chained : op_##name##_4_in_place : op_##name##_2_in_place \
      : HANDLER(op_##name##_4, 4, fetched, __VA_ARGS__)
#define RS1 (!observed && source == Source::chained ? latest : x[source == Source::in_place ? e->rd : e->rs1])
#define RS2 x[e->rs2]
#define RD x[e->rd]
// To what is kept for the next instruction as well.
#define WRITE_RD(value) RD = latest = (value)
#define IMM static_cast<uint32_t>(e->imm)
#define TARGET reinterpret_cast<Entry*>(reinterpret_cast<uint8_t*>(e) + e->imm)
#define SIGNED(value) static_cast<int32_t>(value)
#define ALU(name, expression) OP(name, WRITE_RD(expression); NEXT(length);)
#define ALU4(name, expression) OP4(name, WRITE_RD(expression); NEXT(length);)
#define BRANCH(name, condition)                                                 \
  OP(                                                                           \
      name,                                                                     \
      if (condition) {                                                          \
        ADD(timing.branch(PC_OF(e), length, PC_OF(TARGET), true));              \
        TAKE(TARGET);                                                           \
      } DYNAMIC(length, timing.branch(PC_OF(e), length, PC_OF(TARGET), false)); \
      NEXT(length);)
// Within the DCCM, with a base register that points into the same region: see update_dccm_window.
#define IN_DCCM                                       \
  (address - dccm_window_base_ < dccm_window_size_ || \
   (~(address - dccm_window_base_) < dccm_window_low_ && detail::region_of(RS1) == detail::region_of(address)))
#define DCCM_BYTES reinterpret_cast<uint8_t*>(dccm_origin_ + address)
#define LOAD(name, type)                                                                              \
  OP(                                                                                                 \
      name, address = RS1 + IMM; if (!observed && IN_DCCM) {                                          \
        WRITE_RD(static_cast<uint32_t>(static_cast<int32_t>(detail::load_little<type>(DCCM_BYTES)))); \
        NEXT(length);                                                                                 \
      } width = sizeof(type);                                                                         \
      sign = std::is_signed_v<type>; length_now = length; goto slow_load;)
#define STORE(name, type)                                                    \
  OP(                                                                        \
      name, address = RS1 + IMM; if (!observed && IN_DCCM) {                 \
        detail::store_little<type>(DCCM_BYTES, static_cast<type>(RS2));      \
        DYNAMIC(length, timing.dccm_store(PC_OF(e), address, sizeof(type))); \
        NEXT(length);                                                        \
      } width = sizeof(type);                                                \
      length_now = length; goto slow_store;)

enter:
  region = find_region(pc_);
  if (region == nullptr) [[unlikely]] {
    fetch_fault();
    goto trapped;
  }
  entries = region->entries();
  region_base = region->base();
  region_size = region->size();
  e = region->entry(pc_);
  latest = x[e->rs1];
  left = static_cast<int64_t>(limit_ - clock_.now());
  if constexpr (observed) {
    goto next_observed;
  } else {
    left -= REST(e);
    if (left < 0) return;
    goto * e->handler;
  }

  PLAIN_OP4(lui, WRITE_RD(IMM); NEXT(length);)
  PLAIN_OP4(auipc, WRITE_RD(IMM); NEXT(length);)
  PLAIN_OP(li, WRITE_RD(IMM); NEXT(length);)
  ALU(mv, RS1)
  ALU(addi, RS1 + IMM)
  ALU4(slti, SIGNED(RS1) < e->imm ? 1 : 0)
  ALU4(sltiu, RS1 < IMM ? 1 : 0)
  ALU4(xori, RS1 ^ IMM)
  ALU4(ori, RS1 | IMM)
  ALU(andi, RS1 & IMM)
  ALU(slli, RS1 << (e->imm & 31))
  ALU(srli, RS1 >> (e->imm & 31))
  ALU(srai, static_cast<uint32_t>(SIGNED(RS1) >> (e->imm & 31)))
  ALU(add, RS1 + RS2)
  ALU(sub, RS1 - RS2)
  ALU4(sll, RS1 << (RS2 & 31))
  ALU4(slt, SIGNED(RS1) < SIGNED(RS2) ? 1 : 0)
  ALU4(sltu, RS1 < RS2 ? 1 : 0)
  ALU(xor_, RS1 ^ RS2)
  ALU4(srl, RS1 >> (RS2 & 31))
  ALU4(sra, static_cast<uint32_t>(SIGNED(RS1) >> (RS2 & 31)))
  ALU(or_, RS1 | RS2)
  ALU(and_, RS1 & RS2)

  ALU4(mul, RS1 * RS2)
  ALU4(mulh, static_cast<uint32_t>((int64_t{SIGNED(RS1)} * SIGNED(RS2)) >> 32))
  ALU4(mulhsu, static_cast<uint32_t>((int64_t{SIGNED(RS1)} * static_cast<int64_t>(RS2)) >> 32))
  ALU4(mulhu, static_cast<uint32_t>((uint64_t{RS1} * RS2) >> 32))
#define DIVISION(name, remainder, is_signed, expression)                                                 \
  OP4(name, const uint32_t a = RS1; const uint32_t b = RS2; WRITE_RD(static_cast<uint32_t>(expression)); \
      DYNAMIC(length, timing.divide(PC_OF(e), remainder, is_signed, a, b)); NEXT(length);)
  DIVISION(div, false, true, detail::divide(SIGNED(a), SIGNED(b)))
  DIVISION(divu, false, false, b == 0 ? ~0u : a / b)
  DIVISION(rem, true, true, detail::remainder(SIGNED(a), SIGNED(b)))
  DIVISION(remu, true, false, b == 0 ? a : a % b)

  ALU4(sh1add, (RS1 << 1) + RS2)
  ALU4(sh2add, (RS1 << 2) + RS2)
  ALU4(sh3add, (RS1 << 3) + RS2)
  ALU4(andn, RS1 & ~RS2)
  ALU4(orn, RS1 | ~RS2)
  ALU4(xnor, ~(RS1 ^ RS2))
  ALU4(clz, static_cast<uint32_t>(std::countl_zero(RS1)))
  ALU4(ctz, static_cast<uint32_t>(std::countr_zero(RS1)))
  ALU4(cpop, static_cast<uint32_t>(std::popcount(RS1)))
  ALU4(sext_b, static_cast<uint32_t>(int32_t{static_cast<int8_t>(RS1)}))
  ALU4(sext_h, static_cast<uint32_t>(int32_t{static_cast<int16_t>(RS1)}))
  ALU4(min, SIGNED(RS1) < SIGNED(RS2) ? RS1 : RS2)
  ALU4(minu, RS1 < RS2 ? RS1 : RS2)
  ALU4(max, SIGNED(RS1) < SIGNED(RS2) ? RS2 : RS1)
  ALU4(maxu, RS1 < RS2 ? RS2 : RS1)
  ALU4(zext_h, RS1 & 0xffff)
  ALU4(rol, std::rotl(RS1, static_cast<int>(RS2 & 31)))
  ALU4(ror, std::rotr(RS1, static_cast<int>(RS2 & 31)))
  ALU4(rori, std::rotr(RS1, e->imm))
  ALU4(orc_b, detail::or_combine(RS1))
  ALU4(rev8, __builtin_bswap32(RS1))
  ALU4(clmul, static_cast<uint32_t>(detail::carryless_multiply(RS1, RS2)))
  ALU4(clmulh, static_cast<uint32_t>(detail::carryless_multiply(RS1, RS2) >> 32))
  ALU4(clmulr, static_cast<uint32_t>(detail::carryless_multiply(RS1, RS2) >> 31))
  ALU4(bset, RS1 | 1u << (RS2 & 31))
  ALU4(bclr, RS1 & ~(1u << (RS2 & 31)))
  ALU4(binv, RS1 ^ 1u << (RS2 & 31))
  ALU4(bext, RS1 >> (RS2 & 31) & 1)
  ALU4(bseti, RS1 | 1u << e->imm)
  ALU4(bclri, RS1 & ~(1u << e->imm))
  ALU4(binvi, RS1 ^ 1u << e->imm)
  ALU4(bexti, RS1 >> e->imm & 1)

  BRANCH(beqz, RS1 == 0)
  BRANCH(bnez, RS1 != 0)
  BRANCH(beq, RS1 == RS2)
  BRANCH(bne, RS1 != RS2)
  BRANCH(blt, SIGNED(RS1) < SIGNED(RS2))
  BRANCH(bge, SIGNED(RS1) >= SIGNED(RS2))
  BRANCH(bltu, RS1 < RS2)
  BRANCH(bgeu, RS1 >= RS2)

  PLAIN_OP(j, ADD(timing.jump(PC_OF(e), length, PC_OF(TARGET), false)); TAKE(TARGET);)
  PLAIN_OP(jal, RD = PC_OF(e) + length; ADD(timing.jump(PC_OF(e), length, PC_OF(TARGET), (e->rd | 4) == 5));
           TAKE(TARGET);)
#define INDIRECT(name, returns, link)                                                                      \
  OP(name, target = (RS1 + IMM) & ~1u; link; ADD(timing.indirect_jump(PC_OF(e), length, target, returns)); \
     if (target - region_base < region_size) [[likely]] TAKE(entries + (target - region_base) / 2);        \
     length_now = length; goto jump_out;)
  INDIRECT(jr, (e->rs1 | 4) == 5, (void)0)
  INDIRECT(jalr, false, RD = PC_OF(e) + length)

  LOAD(lb, int8_t)
  LOAD(lh, int16_t)
  LOAD(lw, int32_t)
  LOAD(lbu, uint8_t)
  LOAD(lhu, uint16_t)
  STORE(sb, uint8_t)
  STORE(sh, uint16_t)
  STORE(sw, uint32_t)

  PLAIN_OP(nop, NEXT(length);)
  PLAIN_OP4(fence, BEFORE(timing.issue(PC_OF(e))); TELL(timing.fenced(PC_OF(e))); NEXT(length);)
  PLAIN_OP4(wfi, NEXT(length);)
  PLAIN_OP4(fence_i, BEFORE(timing.issue(PC_OF(e))); TELL(timing.left(PC_OF(e) + length)); TAKE(e + length / 2);)

  PLAIN_OP4(ecall, BEFORE(timing.issue(PC_OF(e))); SETTLE(); exception(11, 0, 0); goto trapped;)
  PLAIN_OP(ebreak, BEFORE(timing.issue(PC_OF(e))); SETTLE(); exception(3, 2, PC_OF(e)); goto trapped;)
  PLAIN_OP(illegal, BEFORE(timing.issue(PC_OF(e))); SETTLE(); illegal_instruction(region->opcode(e)); goto trapped;)
  PLAIN_OP(fetch_fault, BEFORE(timing.issue(PC_OF(e))); SETTLE(); fetch_fault(); goto trapped;)
  PLAIN_OP4(mret, BEFORE(timing.issue(PC_OF(e))); SETTLE(); mret(); target = pc_;
            pc_ = PC_OF(e);  // observers see it where it is
            TELL(timing.left(target)); attention_ = true; LEAVE(target);)

  LABELS(csrrw)
  LABELS(csrrs)
  LABELS(csrrc)
  LABELS(csrrwi)
  LABELS(csrrsi)
  LABELS(csrrci) {
    BEFORE(timing.issue(PC_OF(e)));
    SETTLE();
    value = region->opcode(e);
    if (!csr_instruction(decode(value), value)) {
      illegal_instruction(value);
      goto trapped;
    }
    TELL(timing.csr_done(PC_OF(e), reg(Csr::mrac)));
    if (attention_ || clock_.next_deadline() < limit_) LEAVE(PC_OF(e) + 4);
    NEXT(4);
  }

slow_load : {
  constexpr Source source = Source::fetched;
  Access access;
  if (observed && !Timing::unit_cost && IN_DCCM) {
    SHOW(access = load(RS1, address, width, value), 1);
  } else {
    BEFORE(timing.issue_load(PC_OF(e), address));
    SETTLE();
    access = load(RS1, address, width, value);
  }
  if (access == Access::trapped) goto trapped;
  if (access == Access::done) {
    if (sign && width != 4)
      value = static_cast<uint32_t>(static_cast<int32_t>(value << (32 - 8 * width)) >> (32 - 8 * width));
    RD = value;
  }
  latest = RD;
  ADD(timing.loaded(PC_OF(e), address));
  if ((!Timing::unit_cost && !observed && left < 0) || attention_ || clock_.next_deadline() < limit_)
    LEAVE(PC_OF(e) + length_now);
  NEXT(length_now);
}

slow_store : {
  constexpr Source source = Source::fetched;
  if (observed && !Timing::unit_cost && IN_DCCM) {
    Access access;
    SHOW(access = store(RS1, address, width, RS2), 1);
    if (access == Access::trapped) goto trapped;
    DYNAMIC(length_now, timing.dccm_store(PC_OF(e), address, width));
    NEXT(length_now);
  }
  BEFORE(timing.issue_store(PC_OF(e), address, width));
  SETTLE();
  // A store into this very superblock makes its entries forget how many instructions are left.
  [[maybe_unused]] const int64_t rest_after = REST_AFTER(e);
  const Access access = store(RS1, address, width, RS2);
  if (access == Access::trapped) goto trapped;
  TELL(timing.stored(PC_OF(e), address, width));
  if (attention_ || clock_.next_deadline() < limit_) {
    if constexpr (observed) {
      LEAVE(PC_OF(e) + length_now);
    } else {
      pc_ = PC_OF(e) + length_now;
      clock_.advance_to(limit_ - static_cast<uint64_t>(left + rest_after));
      return;
    }
  }
  NEXT(length_now);
}

  PLAIN_OP(far_branch, {
    const Decoded decoded = decode(region->opcode(e));
    target = PC_OF(e) + static_cast<uint32_t>(decoded.imm);
    length_now = length;
    const bool taken = detail::branch_taken(decoded.op, x[decoded.rs1], x[decoded.rs2]);
    if (taken) {
      ADD(timing.control(PC_OF(e), target, true));
      if (decoded.op == Op::jal) RD = PC_OF(e) + length;
      goto jump_out;
    }
    DYNAMIC(length, timing.branch(PC_OF(e), length, target, false));
    NEXT(length);
  })

jump_out:
  if constexpr (observed) {
    next_pc = target;
    goto retire;
  } else {
    pc_ = target;
    clock_.advance_to(limit_ - static_cast<uint64_t>(left + REST_AFTER(e)));
    if (clock_.now() >= limit_) return;
    goto enter;
  }

  LABELS(undecoded)
  if constexpr (!observed) {
    clock_.advance_to(limit_ - static_cast<uint64_t>(left));
    pc_ = PC_OF(e);
    decode_block(*region, e);
    left -= REST(e);
    if (left < 0) goto out_of_budget;
    goto * e->handler;
  }

  LABELS(step)
  if constexpr (!observed) {
    SETTLE();
    step_ = true;
    return;
  }

  LABELS(outside)
  pc_ = PC_OF(e);
  if constexpr (!observed) clock_.advance_to(limit_ - static_cast<uint64_t>(left));
  if (clock_.now() >= limit_) return;
  goto enter;

out_of_budget:
  __attribute__((unused));
  left += REST(e);
  pc_ = PC_OF(e);
  clock_.advance_to(limit_ - static_cast<uint64_t>(left));
  return;

postponed:
  __attribute__((unused));
  if constexpr (!observed) goto out_of_budget;
  postponed_ = pc_;
  ++left;
  clock_.advance_to(limit_ - static_cast<uint64_t>(left));
  return;

trapped:
  // The handler is in pc_, the clock at the instruction that didn't retire.
  {
    uint32_t cycles = 1;
    TELL(cycles += timing.trapped(reg(Csr::mepc), pc_));
    idle_ += cycles;
    clock_.advance_to(clock_.now() + cycles);
    return;
  }

next_observed:
  __attribute__((unused));
  if constexpr (observed) {
    pc_ = PC_OF(e);
    if (left <= 0) return;
    if (region->op(e) == Op::outside) goto op_outside_4;
    if (region->op(e) == Op::undecoded) decode_block(*region, e);
    opcode = region->opcode(e);
    if constexpr (!Timing::unit_cost) {
      begins = limit_ - static_cast<uint64_t>(left) + timing.observe(pc_);
    }
    if (pc_ != postponed_) {
      if (guarded_ && !before_instruction()) {
        if (pc_ != PC_OF(e)) TELL(idle_to(clock_.now() + timing.trapped(PC_OF(e), pc_)));
        return;
      }
      if (observer_ != nullptr) {
        SHOW(observer_->issued(pc_, opcode), 0);
        if (stop_requested_) return;
      }
    }
    postponed_ = 1;
    --left;
    goto* handlers[handler_index(region->op(e), is_compressed(opcode), Source::fetched)];
  }

retire:
  __attribute__((unused));
  if constexpr (observed) {
    if (observer_ != nullptr) SHOW(observer_->retired(pc_, opcode, next_pc), 1);
    if (counting_) count_instruction(opcode, next_pc);
    clock_.advance_to(limit_ - static_cast<uint64_t>(left));
    pc_ = next_pc;
    if (attention_ || left <= 0) return;
    if (next_pc - region_base >= region_size) goto enter;
    e = region->entry(next_pc);
    goto next_observed;
  }

#undef PC_OF
#undef REST
#undef REST_AFTER
#undef SETTLE
#undef LEAVE
#undef NEXT
#undef ADD
#undef BEFORE
#undef DYNAMIC
#undef SHOW
#undef TELL
#undef TAKE
#undef HANDLER
#undef LABELS
#undef OP4
#undef OP
#undef PLAIN_OP
#undef PLAIN_OP4
#undef RS1
#undef RS2
#undef RD
#undef WRITE_RD
#undef IMM
#undef TARGET
#undef SIGNED
#undef ALU
#undef ALU4
#undef BRANCH
#undef DIVISION
#undef INDIRECT
#undef IN_DCCM
#undef DCCM_BYTES
#undef LOAD
#undef STORE
}

}  // namespace veer
