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
  // Labels end with the number of the copy. What a program seldom does has one copy.
#define PASTE(label, copy) label##_##copy
#define LABEL(label, copy) PASTE(label, copy)
#define HANDLERS(name, copy)                                                                        \
  &&LABEL(op_##name##_4, copy), &&LABEL(op_##name##_2, copy), &&LABEL(op_##name##_4_chained, copy), \
      &&LABEL(op_##name##_2_chained, copy), &&LABEL(op_##name##_4_in_place, copy),                  \
      &&LABEL(op_##name##_2_in_place, copy),
#define COPY_OF_upper COPY
#define COPY_OF_immediate COPY
#define COPY_OF_shift COPY
#define COPY_OF_register_register COPY
#define COPY_OF_unary COPY
#define COPY_OF_load COPY
#define COPY_OF_store COPY
#define COPY_OF_branch COPY
#define COPY_OF_jump COPY
#define COPY_OF_jump_register COPY
#define COPY_OF_csr 0
#define COPY_OF_csr_immediate 0
#define COPY_OF_fence 0
#define COPY_OF_none 0
#define INSTRUCTION(name, mnemonic, mask, match, format, extension) HANDLERS(name, COPY_OF_##format)
  static const void* const handlers[] = {
#define COPY 0
#include "iss/handler_table.inc"
#undef COPY
#if VEER_HANDLER_COPIES == 4
#define COPY 1
#include "iss/handler_table.inc"
#undef COPY
#define COPY 2
#include "iss/handler_table.inc"
#undef COPY
#define COPY 3
#include "iss/handler_table.inc"
#undef COPY
#endif
  };
#undef INSTRUCTION
  static_assert(std::size(handlers) == handler_copies * handlers_per_op * op_count);
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
// `copied`: whether the copy is really one.
#define HANDLER(label, copied, its_length, its_source, ...)          \
  LABEL(label, COPY) : {                                             \
    if constexpr (COPY == 0 || (copied)) {                           \
      [[maybe_unused]] constexpr unsigned length = its_length;       \
      [[maybe_unused]] constexpr Source source = Source::its_source; \
      __VA_ARGS__                                                    \
    } else {                                                         \
      goto LABEL(label, 0);                                          \
    }                                                                \
  }
#define ALSO(label) LABEL(label, COPY) :
#define ONLY(name)                                                                                                 \
  op_##name##_4_0 : op_##name##_2_0 : op_##name##_4_chained_0 : op_##name##_2_chained_0 : op_##name##_4_in_place_0 \
      : op_##name##_2_in_place_0:
#define OP4(name, ...)                                               \
  ALSO(op_##name##_2)                                                \
  HANDLER(op_##name##_4, !observed, 4, fetched, __VA_ARGS__)         \
  ALSO(op_##name##_2_chained)                                        \
  HANDLER(op_##name##_4_chained, !observed, 4, chained, __VA_ARGS__) \
  ALSO(op_##name##_2_in_place) HANDLER(op_##name##_4_in_place, !observed, 4, in_place, __VA_ARGS__)
#define COPIED_OP(name, copied, ...)                                \
  HANDLER(op_##name##_4, copied, 4, fetched, __VA_ARGS__)           \
  HANDLER(op_##name##_2, copied, 2, fetched, __VA_ARGS__)           \
  HANDLER(op_##name##_4_chained, copied, 4, chained, __VA_ARGS__)   \
  HANDLER(op_##name##_2_chained, copied, 2, chained, __VA_ARGS__)   \
  HANDLER(op_##name##_4_in_place, copied, 4, in_place, __VA_ARGS__) \
  HANDLER(op_##name##_2_in_place, copied, 2, in_place, __VA_ARGS__)
#define OP(name, ...) COPIED_OP(name, !observed, __VA_ARGS__)
// Branches and jumps. With a policy they are long.
#define CONTROL_OP(name, ...) COPIED_OP(name, !observed && Timing::unit_cost, __VA_ARGS__)
#define COPIED_PLAIN_OP(name, copied, ...)                \
  ALSO(op_##name##_4_chained)                             \
  ALSO(op_##name##_4_in_place)                            \
  HANDLER(op_##name##_4, copied, 4, fetched, __VA_ARGS__) \
  ALSO(op_##name##_2_chained) ALSO(op_##name##_2_in_place) HANDLER(op_##name##_2, copied, 2, fetched, __VA_ARGS__)
#define PLAIN_OP(name, ...) COPIED_PLAIN_OP(name, !observed, __VA_ARGS__)
#define JUMP(name, ...) COPIED_PLAIN_OP(name, !observed && Timing::unit_cost, __VA_ARGS__)
#define PLAIN_OP4(name, ...)  \
  ALSO(op_##name##_2)         \
  ALSO(op_##name##_4_chained) \
  ALSO(op_##name##_2_chained) \
  ALSO(op_##name##_4_in_place) ALSO(op_##name##_2_in_place) HANDLER(op_##name##_4, !observed, 4, fetched, __VA_ARGS__)
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
// What the timing needs for a branch or jump in the simple case, which adds `cycles`; goes to `otherwise` in others.
#define SIMPLY(call, otherwise)             \
  do {                                      \
    if constexpr (!Timing::unit_cost) {     \
      const uint32_t cycles = (call);       \
      if (cycles != 0) [[unlikely]] {       \
        if (cycles == Timing::not_simple) { \
          length_now = length;              \
          goto otherwise;                   \
        }                                   \
        left -= cycles;                     \
        idle_ += cycles;                    \
      }                                     \
    }                                       \
  } while (0)
#define BRANCH(name, condition)                                                          \
  CONTROL_OP(                                                                            \
      name,                                                                              \
      if (condition) {                                                                   \
        SIMPLY(timing.simple_branch(PC_OF(e), length, PC_OF(TARGET), true), taken);      \
        TAKE(TARGET);                                                                    \
      } SIMPLY(timing.simple_branch(PC_OF(e), length, PC_OF(TARGET), false), not_taken); \
      DYNAMIC(length, 0); NEXT(length);)
// Within the DCCM, with a base register that points into the same region: see update_dccm_window.
#define IN_DCCM                                       \
  (address - dccm_window_base_ < dccm_window_size_ || \
   (~(address - dccm_window_base_) < dccm_window_low_ && detail::region_of(RS1) == detail::region_of(address)))
#define DCCM_BYTES reinterpret_cast<uint8_t*>(dccm_origin_ + address)
#define DIVISION(name, remainder, is_signed, expression)                                                 \
  OP4(name, const uint32_t a = RS1; const uint32_t b = RS2; WRITE_RD(static_cast<uint32_t>(expression)); \
      DYNAMIC(length, timing.divide(PC_OF(e), remainder, is_signed, a, b)); NEXT(length);)
#define TAKE_TARGET()                                \
  if (target - region_base < region_size) [[likely]] \
    TAKE(entries + (target - region_base) / 2);      \
  goto jump_out
#define INDIRECT(name, returns, link)                \
  CONTROL_OP(name, target = (RS1 + IMM) & ~1u; link; \
             SIMPLY(timing.simple_indirect_jump(PC_OF(e), length, target, returns), jumped_to_target); TAKE_TARGET();)
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
    if constexpr (observed) {
      // Breakpoints and triggers come before the fault.
      const uint32_t from = pc_;
      if (guarded_ && !before_instruction()) {
        if (pc_ != from) TELL(idle_to(clock_.now() + timing.trapped(from, pc_)));
        return;
      }
    }
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

#if VEER_HANDLER_COPIES == 4
#define COPY 1
#include "iss/handlers.inc"
#undef COPY
#define COPY 2
#include "iss/handlers.inc"
#undef COPY
#define COPY 3
#include "iss/handlers.inc"
#undef COPY
#endif
#define COPY 0
#include "iss/handlers.inc"

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

  ONLY(csrrw)
  ONLY(csrrs)
  ONLY(csrrc)
  ONLY(csrrwi)
  ONLY(csrrsi)
  ONLY(csrrci) {
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

// What was not simple, in length_now bytes.
taken:
  __attribute__((unused));
  TELL(ADD(timing.branch(PC_OF(e), length_now, PC_OF(TARGET), true)));
  TAKE(TARGET);
not_taken:
  __attribute__((unused));
  DYNAMIC(length_now, timing.branch(PC_OF(e), length_now, PC_OF(TARGET), false));
  NEXT(length_now);
jumped:
  __attribute__((unused));
  TELL(ADD(timing.jump(PC_OF(e), length_now, PC_OF(TARGET), (e->rd | 4) == 5)));
  TAKE(TARGET);
jumped_to_target:
  __attribute__((unused));
  TELL(ADD(timing.indirect_jump(PC_OF(e), length_now, target, e->rd == 32 && (e->rs1 | 4) == 5)));
  TAKE_TARGET();

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

  ONLY(undecoded)
  if constexpr (!observed) {
    clock_.advance_to(limit_ - static_cast<uint64_t>(left));
    pc_ = PC_OF(e);
    decode_block(*region, e);
    left -= REST(e);
    if (left < 0) goto out_of_budget;
    goto * e->handler;
  }

  ONLY(step)
  if constexpr (!observed) {
    SETTLE();
    step_ = true;
    return;
  }

  ONLY(outside)
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
    if (region->op(e) == Op::outside) goto op_outside_4_0;
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
    goto* handlers[handler_index(region->op(e), is_compressed(opcode), Source::fetched, 0)];
  }

retire:
  __attribute__((unused));
  if constexpr (observed) {
    if (observer_ != nullptr) SHOW(observer_->retired(pc_, opcode, next_pc), 1);
    if (counting_) count_instruction(opcode);
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
#undef ONLY
#undef ALSO
#undef COPIED_OP
#undef COPIED_PLAIN_OP
#undef CONTROL_OP
#undef JUMP
#undef COPY
#undef LABEL
#undef PASTE
#undef HANDLERS
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
#undef SIMPLY
#undef BRANCH
#undef DIVISION
#undef TAKE_TARGET
#undef INDIRECT
#undef IN_DCCM
#undef DCCM_BYTES
#undef LOAD
#undef STORE
}

}  // namespace veer
