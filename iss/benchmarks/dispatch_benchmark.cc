// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Ways from one instruction to the next in an interpreter: a switch, computed goto, tail calls, and computed goto with
// four copies of each handler. A small machine with entries like those of iss/code_cache.h runs the same program in
// all; the hart's loop uses the fastest.

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
std::array<Entry, 19> program() {
  return {{
      {nullptr, 0, 5, 0, 0, addi},        // x5: index
      {nullptr, 0, 6, 5, 0, load},        // next word
      {nullptr, 16, 7, 0, 0, addi},       // bits
      {nullptr, 0, 8, 6, 10, exclusive},  // crc loop
      {nullptr, 1, 8, 8, 0, andi},        //
      {nullptr, 1, 10, 10, 0, srli},      //
      {nullptr, 2, 0, 8, 0, beq},         //
      {nullptr, 0, 10, 10, 11, exclusive}, {nullptr, 1, 6, 6, 0, srli},    {nullptr, -1, 7, 7, 0, addi},
      {nullptr, -7, 0, 7, 0, bne},         {nullptr, 0, 12, 10, 11, mul},  {nullptr, 0, 13, 13, 12, add},
      {nullptr, 128, 14, 5, 0, addi},      {nullptr, 0, 0, 14, 13, store}, {nullptr, 1, 5, 5, 0, addi},
      {nullptr, 64, 15, 0, 0, addi},       {nullptr, -16, 0, 5, 15, bne},  {nullptr, -18, 0, 0, 0, jump},
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

constexpr int64_t branches = 2'000'000;

/// Returns the instructions, if it `counts`.
template <bool counts>
__attribute__((noinline)) int64_t run_switch(Machine& machine, const Entry* e, int64_t left) {
  uint32_t* const x = machine.x.data();
  uint32_t* const memory = machine.memory.data();
  for (int64_t count = 0;;) {
    if constexpr (counts) ++count;
    switch (e->op) {
#define DO(name, action) \
  case name:             \
    action;              \
    ++e;                 \
    break;
      PLAIN(DO)
#undef DO
#define DO(name, condition)        \
  case name:                       \
    e += (condition) ? e->imm : 1; \
    if (--left == 0) return count; \
    break;
      BRANCHES(DO)
#undef DO
      default: __builtin_unreachable();
    }
  }
}

/// With `copies` 1 or 4 only prepares: instructions of a kind take the copies of their handler in turn.
__attribute__((noinline)) void run_goto(Machine& machine, Entry* e, const Entry* end, int64_t left, unsigned copies) {
  uint32_t* const x = machine.x.data();
  uint32_t* const memory = machine.memory.data();
#define LABELS(copy)                                                                                             \
  &&op_addi_##copy, &&op_andi_##copy, &&op_srli_##copy, &&op_add_##copy, &&op_exclusive_##copy, &&op_mul_##copy, \
      &&op_load_##copy, &&op_store_##copy, &&op_beq_##copy, &&op_bne_##copy, &&op_jump_##copy
  static const void* const labels[] = {LABELS(0), LABELS(1), LABELS(2), LABELS(3)};
  static_assert(std::size(labels) == 4 * op_count);
  if (copies != 0) {
    std::array<unsigned, op_count> uses{};
    for (; e != end; ++e) e->handler = labels[op_count * (uses[e->op]++ % copies) + e->op];
    return;
  }
  goto * e->handler;
#define HANDLERS(plain, branch) PLAIN(plain) BRANCHES(branch)
#define DO(name, copy, action) \
  op_##name##_##copy : action; \
  ++e;                         \
  goto * e->handler;
#define PLAIN_0(name, action) DO(name, 0, action)
#define PLAIN_1(name, action) DO(name, 1, action)
#define PLAIN_2(name, action) DO(name, 2, action)
#define PLAIN_3(name, action) DO(name, 3, action)
#define GO(name, copy, condition)                     \
  op_##name##_##copy : e += (condition) ? e->imm : 1; \
  if (--left == 0) return;                            \
  goto * e->handler;
#define BRANCH_0(name, condition) GO(name, 0, condition)
#define BRANCH_1(name, condition) GO(name, 1, condition)
#define BRANCH_2(name, condition) GO(name, 2, condition)
#define BRANCH_3(name, condition) GO(name, 3, condition)
  HANDLERS(PLAIN_0, BRANCH_0)
  HANDLERS(PLAIN_1, BRANCH_1)
  HANDLERS(PLAIN_2, BRANCH_2)
  HANDLERS(PLAIN_3, BRANCH_3)
#undef HANDLERS
#undef LABELS
#undef DO
#undef GO
}

using Handler = void (*)(Entry* e, uint32_t* x, uint32_t* memory, int64_t left);

#define GO_ON() TAIL reinterpret_cast<Handler>(reinterpret_cast<uintptr_t>(e->handler))(e, x, memory, left)
#define DO(name, action)                                                                     \
  void call_##name(Entry* e, uint32_t* x, [[maybe_unused]] uint32_t* memory, int64_t left) { \
    action;                                                                                  \
    ++e;                                                                                     \
    GO_ON();                                                                                 \
  }
PLAIN(DO)
#undef DO
#define DO(name, condition)                                                 \
  void call_##name(Entry* e, uint32_t* x, uint32_t* memory, int64_t left) { \
    e += (condition) ? e->imm : 1;                                          \
    if (--left == 0) return;                                                \
    GO_ON();                                                                \
  }
BRANCHES(DO)
#undef DO

Machine prepared() {
  Machine machine;
  machine.x[11] = 0xa001;
  for (uint32_t i = 0; i < 64; ++i) machine.memory[i] = i * 40503 + 7;
  return machine;
}

void report(benchmark::State& state, const Machine& machine) {
  static const int64_t instructions = [] {
    Machine counted = prepared();
    return run_switch<true>(counted, program().data(), branches);
  }();
  state.counters["MIPS"] =
      benchmark::Counter(static_cast<double>(instructions) / 1e6, benchmark::Counter::kIsIterationInvariantRate);
  state.counters["result"] = machine.x[13];
}

void by_switch(benchmark::State& state) {
  auto code = program();
  Machine machine = prepared();
  for (auto _ : state) {
    machine = prepared();
    run_switch<false>(machine, code.data(), branches);
  }
  report(state, machine);
}
void by_goto(benchmark::State& state) {
  auto code = program();
  Machine machine = prepared();
  run_goto(machine, code.data(), code.data() + code.size(), 0, static_cast<unsigned>(state.range(0)));
  for (auto _ : state) {
    machine = prepared();
    run_goto(machine, code.data(), code.data() + code.size(), branches, 0);
  }
  report(state, machine);
}
void by_tail_calls(benchmark::State& state) {
  auto code = program();
  Machine machine = prepared();
  const Handler handlers[] = {call_addi, call_andi,  call_srli, call_add, call_exclusive, call_mul,
                              call_load, call_store, call_beq,  call_bne, call_jump};
  for (Entry& entry : code) entry.handler = reinterpret_cast<const void*>(handlers[entry.op]);
  for (auto _ : state) {
    machine = prepared();
    handlers[code[0].op](code.data(), machine.x.data(), machine.memory.data(), branches);
  }
  report(state, machine);
}

BENCHMARK(by_switch);
BENCHMARK(by_goto)->ArgName("copies")->Arg(1)->Arg(4);
BENCHMARK(by_tail_calls);

}  // namespace

BENCHMARK_MAIN();
