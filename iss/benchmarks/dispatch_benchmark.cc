// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Ways from one instruction to the next in an interpreter: a switch, computed goto, tail calls. A small machine with
// entries like those of iss/code_cache.h runs the same program in all three; the hart's loop uses the fastest.

#include <benchmark/benchmark.h>

#include <array>
#include <cstdint>

#if defined(__clang__)
#pragma clang diagnostic ignored "-Wgnu-label-as-value"
#define TAIL [[clang::musttail]] return
#else
#define TAIL return
#endif

namespace {

enum Op : uint8_t { addi, andi, srli, add, exclusive, mul, load, store, beq, bne, jump, op_count };

struct Entry {
  const void* handler;
  int32_t imm;  // branches: distance in entries
  uint8_t rd, rs1, rs2;
  Op op;
};

struct Machine {
  std::array<uint32_t, 32> x{};
  std::array<uint32_t, 256> memory{};
};

/// A CRC over words of memory, and a product of each: the loop of an integer mix.
std::array<Entry, 18> program() {
  return {{
      {nullptr, 0, 5, 0, 0, addi},        // x5: index
      {nullptr, 0, 6, 5, 0, load},        // next word
      {nullptr, 16, 7, 0, 0, addi},       // bits
      {nullptr, 0, 8, 6, 10, exclusive},  // crc loop
      {nullptr, 1, 8, 8, 0, andi},        //
      {nullptr, 1, 10, 10, 0, srli},      //
      {nullptr, 2, 0, 8, 0, beq},         //
      {nullptr, 0, 10, 10, 11, exclusive},
      {nullptr, 1, 6, 6, 0, srli},
      {nullptr, -1, 7, 7, 0, addi},
      {nullptr, -7, 0, 7, 0, bne},
      {nullptr, 0, 12, 10, 11, mul},
      {nullptr, 0, 13, 13, 12, add},
      {nullptr, 128, 14, 5, 0, addi},
      {nullptr, 0, 0, 14, 13, store},
      {nullptr, 1, 5, 5, 0, addi},
      {nullptr, 64, 15, 0, 0, addi},
      {nullptr, -16, 0, 5, 15, bne},
  }};
}

#define RS1 x[e->rs1]
#define RS2 x[e->rs2]
#define RD x[e->rd]
#define IMM static_cast<uint32_t>(e->imm)
#define PLAIN(DO)                          \
  DO(addi, RD = RS1 + IMM)                 \
  DO(andi, RD = RS1 & IMM)                 \
  DO(srli, RD = RS1 >> IMM)                \
  DO(add, RD = RS1 + RS2)                  \
  DO(exclusive, RD = RS1 ^ RS2)            \
  DO(mul, RD = RS1 * RS2)                  \
  DO(load, RD = memory[(RS1 + IMM) & 255]) \
  DO(store, memory[(RS1 + IMM) & 255] = RS2)
#define BRANCHES(DO)  \
  DO(beq, RS1 == RS2) \
  DO(bne, RS1 != RS2) \
  DO(jump, true)

constexpr int64_t instructions = 10'000'000;

__attribute__((noinline)) void run_switch(Machine& machine, const Entry* e, const Entry* end, int64_t left) {
  const Entry* const begin = e;
  uint32_t* const x = machine.x.data();
  uint32_t* const memory = machine.memory.data();
  for (; left > 0; --left) {
    switch (e->op) {
#define DO(name, action) \
  case name:             \
    action;              \
    ++e;                 \
    break;
      PLAIN(DO)
#undef DO
#define DO(name, condition) \
  case name: e += (condition) ? e->imm : 1; break;
      BRANCHES(DO)
#undef DO
      default: break;
    }
    if (e == end) e = begin;
  }
}

__attribute__((noinline)) void run_goto(Machine& machine, Entry* e, const Entry* end, int64_t left, bool prepare) {
  Entry* const begin = e;
  uint32_t* const x = machine.x.data();
  uint32_t* const memory = machine.memory.data();
  static const void* const labels[] = {&&op_addi, &&op_andi,  &&op_srli, &&op_add, &&op_exclusive, &&op_mul,
                                       &&op_load, &&op_store, &&op_beq,  &&op_bne, &&op_jump};
  static_assert(std::size(labels) == op_count);
  if (prepare) {
    for (; e != end; ++e) e->handler = labels[e->op];
    return;
  }
#define NEXT()             \
  if (e == end) e = begin; \
  if (--left <= 0) return; \
  goto * e->handler
  goto * e->handler;
#define DO(name, action) \
  op_##name : action;    \
  ++e;                   \
  NEXT();
  PLAIN(DO)
#undef DO
#define DO(name, condition)                  \
  op_##name : e += (condition) ? e->imm : 1; \
  NEXT();
  BRANCHES(DO)
#undef DO
#undef NEXT
}

struct Context {
  Entry* begin;
  const Entry* end;
};
using Handler = void (*)(Entry* e, uint32_t* x, uint32_t* memory, int64_t left, const Context* context);

#define NEXT()                               \
  if (e == context->end) e = context->begin; \
  if (--left <= 0) return;                   \
  TAIL reinterpret_cast<Handler>(reinterpret_cast<uintptr_t>(e->handler))(e, x, memory, left, context)
#define DO(name, action)                                                                                             \
  void call_##name(Entry* e, uint32_t* x, [[maybe_unused]] uint32_t* memory, int64_t left, const Context* context) { \
    action;                                                                                                          \
    ++e;                                                                                                             \
    NEXT();                                                                                                          \
  }
PLAIN(DO)
#undef DO
#define DO(name, condition)                                                                         \
  void call_##name(Entry* e, uint32_t* x, uint32_t* memory, int64_t left, const Context* context) { \
    e += (condition) ? e->imm : 1;                                                                  \
    NEXT();                                                                                         \
  }
BRANCHES(DO)
#undef DO

void report(benchmark::State& state, const Machine& machine) {
  state.counters["MIPS"] =
      benchmark::Counter(static_cast<double>(instructions) / 1e6, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["result"] = machine.x[13];
}

Machine prepared() {
  Machine machine;
  machine.x[11] = 0xa001;
  for (uint32_t i = 0; i < 64; ++i) machine.memory[i] = i * 40503 + 7;
  return machine;
}

void by_switch(benchmark::State& state) {
  auto code = program();
  Machine machine = prepared();
  for (auto _ : state) {
    machine = prepared();
    run_switch(machine, code.data(), code.data() + code.size(), instructions);
  }
  report(state, machine);
}
void by_goto(benchmark::State& state) {
  auto code = program();
  Machine machine = prepared();
  run_goto(machine, code.data(), code.data() + code.size(), 0, true);
  for (auto _ : state) {
    machine = prepared();
    run_goto(machine, code.data(), code.data() + code.size(), instructions, false);
  }
  report(state, machine);
}
void by_tail_calls(benchmark::State& state) {
  auto code = program();
  Machine machine = prepared();
  const Handler handlers[] = {call_addi, call_andi,  call_srli, call_add, call_exclusive, call_mul,
                              call_load, call_store, call_beq,  call_bne, call_jump};
  for (Entry& entry : code) entry.handler = reinterpret_cast<const void*>(handlers[entry.op]);
  const Context context = {code.data(), code.data() + code.size()};
  for (auto _ : state) {
    machine = prepared();
    handlers[code[0].op](code.data(), machine.x.data(), machine.memory.data(), instructions, &context);
  }
  report(state, machine);
}

BENCHMARK(by_switch);
BENCHMARK(by_goto);
BENCHMARK(by_tail_calls);

}  // namespace

BENCHMARK_MAIN();
