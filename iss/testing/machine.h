// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A hart on its own, for tests: a program in its ICCM and a bus that remembers what came by.

#pragma once

#include <cstring>
#include <functional>
#include <map>
#include <vector>

#include "iss/csr_table.h"
#include "iss/encode.h"
#include "iss/hart.h"

namespace veer::testing {

/// Every access of the hart, with the time and count it saw.
struct BusAccess {
  bool is_write;
  uint32_t address;
  unsigned width;
  uint32_t data;
  Clock::Cycle now;
  uint64_t instructions;
  uint32_t pc;
  bool operator==(const BusAccess&) const = default;
};

/// Memory from 0x10000000 to 0x1fffffff, and from 0x30000000 on; errors elsewhere.
class RecordingBus : public Bus {
 public:
  Clock* clock = nullptr;
  Hart* hart = nullptr;
  std::vector<BusAccess> accesses;
  std::map<uint32_t, uint8_t> memory;
  std::function<void(const BusAccess&)> on_access;
  std::function<bool(uint32_t)> is_steady;
  std::function<bool(uint32_t)> is_missing;

  BusResult read(uint32_t address, unsigned width) override {
    if (!exists(address)) return {.status = BusStatus::decode_error};
    uint32_t data = 0;
    for (unsigned i = 0; i < width; ++i) data |= static_cast<uint32_t>(memory[address + i]) << (8 * i);
    record(false, address, width, data);
    return {.data = data};
  }

  BusStatus write(uint32_t address, unsigned width, uint32_t data) override {
    if (!exists(address)) return BusStatus::decode_error;
    for (unsigned i = 0; i < width; ++i) memory[address + i] = static_cast<uint8_t>(data >> (8 * i));
    record(true, address, width, data);
    return BusStatus::ok;
  }

  bool steady(uint32_t address) const override { return is_steady && is_steady(address); }

 private:
  bool exists(uint32_t address) const {
    return (address >> 28 == 1 || address >> 28 == 3) && !(is_missing && is_missing(address));
  }
  void record(bool is_write, uint32_t address, unsigned width, uint32_t data) {
    accesses.push_back({is_write, address, width, data, clock->now(), hart->instructions(), hart->pc()});
    if (on_access) on_access(accesses.back());
  }
};

/// The hart starts at the beginning of the ICCM, where the program is.
struct Machine {
  static constexpr uint32_t code = 0x40000000;
  static constexpr uint32_t data = 0x50000000;

  Clock clock;
  RecordingBus bus;
  Hart hart;

  explicit Machine(const std::vector<uint32_t>& program = {}, TimingProfile timing = TimingProfile::reference,
                   bool skip_polling = true)
      : hart(config(timing, skip_polling), clock, bus) {
    bus.clock = &clock;
    bus.hart = &hart;
    load(code, program);
  }

  static HartConfig config(TimingProfile timing, bool skip_polling) {
    HartConfig result;
    result.timing = timing;
    result.skip_polling = skip_polling;
    result.reset_vector = code;
    return result;
  }

  void load(uint32_t address, const std::vector<uint32_t>& words) {
    std::vector<uint8_t> bytes(words.size() * 4);
    if (!words.empty()) std::memcpy(bytes.data(), words.data(), bytes.size());
    hart.poke(address, bytes);
  }

  RunResult run(uint64_t instructions) { return hart.run(Clock::never, instructions); }

  [[nodiscard]] uint32_t word(uint32_t address) const {
    uint8_t bytes[4] = {};
    if (!hart.peek(address, bytes)) return 0xdeadbeef;
    return bytes[0] | static_cast<uint32_t>(bytes[1]) << 8 | static_cast<uint32_t>(bytes[2]) << 16 |
           static_cast<uint32_t>(bytes[3]) << 24;
  }

  [[nodiscard]] uint32_t csr(Csr number) const { return hart.csr(static_cast<unsigned>(number)).value(); }
};

// Assembly, for short programs
inline uint32_t rrr(Op op, uint8_t rd, uint8_t rs1, uint8_t rs2) {
  return encode({.op = op, .rd = rd, .rs1 = rs1, .rs2 = rs2});
}
inline uint32_t rri(Op op, uint8_t rd, uint8_t rs1, int32_t imm) {
  return encode({.op = op, .rd = rd, .rs1 = rs1, .imm = imm});
}
inline uint32_t store(Op op, uint8_t rs2, int32_t imm, uint8_t rs1) {
  return encode({.op = op, .rs1 = rs1, .rs2 = rs2, .imm = imm});
}
inline uint32_t load(Op op, uint8_t rd, int32_t imm, uint8_t rs1) { return rri(op, rd, rs1, imm); }
inline uint32_t branch(Op op, uint8_t rs1, uint8_t rs2, int32_t offset) {
  return encode({.op = op, .rs1 = rs1, .rs2 = rs2, .imm = offset});
}
inline uint32_t jal(uint8_t rd, int32_t offset) { return encode({.op = Op::jal, .rd = rd, .imm = offset}); }
inline uint32_t lui(uint8_t rd, uint32_t value) {
  return encode({.op = Op::lui, .rd = rd, .imm = static_cast<int32_t>(value)});
}
inline uint32_t csrw(Csr csr, uint8_t rs1) { return rri(Op::csrrw, 0, rs1, static_cast<int32_t>(csr)); }
inline uint32_t csrr(uint8_t rd, Csr csr) { return rri(Op::csrrs, rd, 0, static_cast<int32_t>(csr)); }
inline uint32_t plain(Op op) { return encode({.op = op}); }
inline uint32_t nop() { return rri(Op::addi, 0, 0, 0); }

}  // namespace veer::testing
