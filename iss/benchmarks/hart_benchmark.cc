// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Million instructions per second of the hart on small loops, by loop and timing profile. The figures are of CPU time.

#include <benchmark/benchmark.h>

#include <cstdint>
#include <vector>

#include "iss/encode.h"
#include "iss/hart.h"

namespace veer {
namespace {

constexpr uint32_t code = 0x40000000;
constexpr uint32_t data = 0x50001000;

uint32_t rrr(Op op, uint8_t rd, uint8_t rs1, uint8_t rs2) {
  return encode({.op = op, .rd = rd, .rs1 = rs1, .rs2 = rs2});
}
uint32_t rri(Op op, uint8_t rd, uint8_t rs1, int32_t imm) {
  return encode({.op = op, .rd = rd, .rs1 = rs1, .imm = imm});
}
uint32_t store(uint8_t rs2, int32_t imm, uint8_t rs1) {
  return encode({.op = Op::sw, .rs1 = rs1, .rs2 = rs2, .imm = imm});
}
uint32_t branch(Op op, uint8_t rs1, uint8_t rs2, int32_t offset) {
  return encode({.op = op, .rs1 = rs1, .rs2 = rs2, .imm = offset});
}
uint32_t jal(uint8_t rd, int32_t offset) { return encode({.op = Op::jal, .rd = rd, .imm = offset}); }

/// Devices that only have one status register, which is never ready.
class StatusBus : public Bus {
 public:
  BusResult read(uint32_t, unsigned) override { return {}; }
  BusStatus write(uint32_t, unsigned, uint32_t) override { return BusStatus::ok; }
};

/// CRC bits, a multiply-accumulate over an array, a walk along a list, a few bit operations.
std::vector<uint32_t> integer_mix() {
  return {
      // CRC of x10, eight bits
      rri(Op::addi, 11, 0, 8),
      rrr(Op::xor_, 12, 10, 13),
      rri(Op::andi, 12, 12, 1),
      rri(Op::srli, 13, 13, 1),
      branch(Op::beq, 12, 0, 8),
      rrr(Op::xor_, 13, 13, 20),
      rri(Op::srli, 10, 10, 1),
      rri(Op::addi, 11, 11, -1),
      branch(Op::bne, 11, 0, -28),
      // dot product of 8 words
      rri(Op::addi, 14, 5, 0),
      rri(Op::addi, 15, 5, 32),
      rri(Op::lw, 16, 14, 0),
      rri(Op::lw, 17, 14, 64),
      rri(Op::addi, 14, 14, 4),
      rrr(Op::mul, 16, 16, 17),
      rrr(Op::add, 18, 18, 16),
      branch(Op::bne, 14, 15, -20),
      // a list of four
      rri(Op::addi, 14, 6, 0),
      rri(Op::lw, 16, 14, 4),
      rri(Op::lw, 14, 14, 0),
      rrr(Op::add, 19, 19, 16),
      branch(Op::bne, 14, 0, -12),
      rrr(Op::sh2add, 10, 18, 13),
      rri(Op::rev8, 16, 10, 0),
      rrr(Op::xor_, 13, 13, 16),
      store(13, 128, 5),
      rri(Op::addi, 21, 21, 1),
      jal(0, -27 * 4),
  };
}

std::vector<uint32_t> memory_copy() {
  return {rri(Op::addi, 10, 5, 0), rri(Op::addi, 11, 5, 1024),   rri(Op::lw, 12, 10, 0),
          rri(Op::lw, 13, 10, 4),  rri(Op::addi, 10, 10, 8),     store(12, 1024, 10),
          store(13, 1028, 10),     branch(Op::bne, 10, 11, -20), jal(0, -32)};
}

std::vector<uint32_t> branches() {
  // A linear congruential generator decides.
  return {rrr(Op::mul, 10, 10, 20), rri(Op::addi, 10, 10, 1013), rri(Op::srli, 11, 10, 20),
          rri(Op::andi, 12, 11, 1), branch(Op::beq, 12, 0, 8),   rri(Op::addi, 13, 13, 1),
          rri(Op::andi, 12, 11, 2), branch(Op::bne, 12, 0, 8),   rri(Op::addi, 14, 14, 1),
          rri(Op::andi, 12, 11, 4), branch(Op::beq, 12, 0, -40), jal(0, -44)};
}

std::vector<uint32_t> calls() {
  return {jal(1, 16), rri(Op::addi, 10, 10, 1), jal(1, 8 + 12), jal(0, -12),
          // +16: a function that calls another
          rri(Op::addi, 8, 1, 0), jal(1, 8), rri(Op::jalr, 0, 8, 0),
          // +28
          rri(Op::addi, 11, 11, 1), rri(Op::jalr, 0, 1, 0)};
}

std::vector<uint32_t> polling() {
  return {rri(Op::lw, 10, 7, 0), rri(Op::andi, 10, 10, 1), branch(Op::beq, 10, 0, -8), jal(0, -12)};
}

std::vector<uint32_t> hash() {
  // FNV-1a.
  return {rri(Op::addi, 10, 5, 0),   rri(Op::addi, 11, 5, 1024), rri(Op::lbu, 12, 10, 0),      rri(Op::addi, 10, 10, 1),
          rrr(Op::xor_, 12, 12, 13), rrr(Op::mul, 13, 12, 20),   branch(Op::bne, 11, 10, -16), jal(0, -28)};
}

std::vector<uint8_t> bytes_of(const std::vector<uint32_t>& words) {
  std::vector<uint8_t> bytes;
  for (const uint32_t word : words) {
    for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<uint8_t>(word >> (8 * i)));
  }
  return bytes;
}

enum class Loop : uint8_t { fast, observed };

void run(benchmark::State& state, const std::vector<uint32_t>& program, TimingProfile timing, Loop loop) {
  Clock clock;
  StatusBus bus;
  HartConfig config;
  config.reset_vector = code;
  config.timing = timing;
  Hart hart(config, clock, bus);
  hart.poke(code, bytes_of(program));
  // Forty words, then a list of four.
  std::vector<uint32_t> words(40, 12345);
  for (uint32_t i = 0; i < 4; ++i) {
    words.push_back(i == 3 ? 0 : data + 160 + 8 * (i + 1));
    words.push_back(i);
  }
  hart.poke(data, bytes_of(words));
  hart.set_x(5, data);
  hart.set_x(6, data + 160);
  hart.set_x(7, 0x10000000);
  hart.set_x(10, 0x1234);
  hart.set_x(20, 0x41c64e6d);
  Observer observer;
  if (loop == Loop::observed) hart.set_observer(&observer);
  constexpr uint64_t instructions = 10'000'000;
  for (auto _ : state) hart.run(Clock::never, instructions);
  state.counters["MIPS"] =
      benchmark::Counter(static_cast<double>(hart.instructions()) / 1e6, benchmark::Counter::kIsRate);
}

#define PROGRAM(name)                                                         \
  BENCHMARK_CAPTURE(run, name, name(), TimingProfile::reference, Loop::fast); \
  BENCHMARK_CAPTURE(run, name##_rtl, name(), TimingProfile::rtl, Loop::fast); \
  BENCHMARK_CAPTURE(run, name##_observed, name(), TimingProfile::reference, Loop::observed)

PROGRAM(integer_mix);
PROGRAM(memory_copy);
PROGRAM(hash);
PROGRAM(branches);
PROGRAM(calls);
PROGRAM(polling);

void start(benchmark::State& state) {
  Clock clock;
  StatusBus bus;
  for (auto _ : state) {
    Clock own;
    Hart hart(HartConfig{}, own, bus);
    benchmark::DoNotOptimize(hart.pc());
  }
}
BENCHMARK(start);

}  // namespace
}  // namespace veer

BENCHMARK_MAIN();
