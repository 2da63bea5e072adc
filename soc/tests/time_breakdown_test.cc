// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/time_breakdown.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "iss/encode.h"
#include "iss/hart.h"
#include "soc/soc_manager.h"

namespace caliptra {
namespace {

using veer::encode;
using veer::Op;

constexpr uint32_t sha256 = 0x1002'8000;
constexpr uint32_t boot_status = 0x3003'0038;

void put(std::vector<uint8_t>& rom, uint32_t word) {
  for (unsigned i = 0; i < 4; ++i) rom.push_back(static_cast<uint8_t>(word >> (8 * i)));
}
void load_constant(std::vector<uint8_t>& rom, uint8_t rd, uint32_t value) {
  const uint32_t upper = (value + 0x800) & 0xffff'f000;
  put(rom, encode({.op = Op::lui, .rd = rd, .imm = static_cast<int32_t>(upper)}));
  put(rom, encode({.op = Op::addi, .rd = rd, .rs1 = rd, .imm = static_cast<int32_t>(value - upper)}));
}

/// Hashes one block, waiting for it, between two reports; then divides a lot.
std::vector<uint8_t> program() {
  std::vector<uint8_t> rom;
  load_constant(rom, 5, sha256);
  load_constant(rom, 6, boot_status);
  load_constant(rom, 7, 0x101);
  put(rom, encode({.op = Op::sw, .rs1 = 6, .rs2 = 7, .imm = 0}));
  load_constant(rom, 8, 5);  // INIT, SHA-256
  put(rom, encode({.op = Op::sw, .rs1 = 5, .rs2 = 8, .imm = 0x10}));
  put(rom, encode({.op = Op::lw, .rd = 9, .rs1 = 5, .imm = 0x18}));
  put(rom, encode({.op = Op::andi, .rd = 9, .rs1 = 9, .imm = 2}));  // VALID
  put(rom, encode({.op = Op::beq, .rs1 = 9, .rs2 = 0, .imm = -8}));
  put(rom, encode({.op = Op::addi, .rd = 7, .rs1 = 7, .imm = 1}));
  put(rom, encode({.op = Op::sw, .rs1 = 6, .rs2 = 7, .imm = 0}));
  load_constant(rom, 10, 0x7fff'ffff);
  for (unsigned i = 0; i < 20; ++i) {
    put(rom, encode({.op = Op::div, .rd = 11, .rs1 = 10, .rs2 = 7}));
    put(rom, encode({.op = Op::add, .rd = 11, .rs1 = 11, .rs2 = 11}));
  }
  put(rom, encode({.op = Op::addi, .rd = 7, .rs1 = 7, .imm = 1}));
  put(rom, encode({.op = Op::sw, .rs1 = 6, .rs2 = 7, .imm = 0}));
  put(rom, encode({.op = Op::jal, .rd = 0, .imm = 0}));
  return rom;
}

struct Subject {
  std::unique_ptr<Core> core;
  std::unique_ptr<SocManager> soc;
  std::unique_ptr<TimeBreakdown> breakdown;

  explicit Subject(veer::TimingProfile timing) {
    Configuration configuration;
    configuration.timing = timing;
    configuration.rom = program();
    std::string error;
    core = Core::create(configuration, error);
    REQUIRE(core);
    soc = std::make_unique<SocManager>(*core, SocPlan{});
    breakdown = std::make_unique<TimeBreakdown>(*core);
    core->on_event([this](const Event& event) {
      if (event.kind == Event::Kind::boot_status && event.value == 0x103) core->stop();
    });
    soc->power_on();
    REQUIRE(core->run({.until_cycle = 100'000}) == StopReason::stopped);
  }
};

TEST_CASE("Each phase knows what its time was spent on") {
  for (const auto timing : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
    CAPTURE(static_cast<int>(timing));
    const bool rtl = timing == veer::TimingProfile::rtl;
    Subject subject(timing);
    const auto phases = subject.breakdown->phases();
    REQUIRE(phases.size() == 4);
    CHECK(phases[0].begins_with == "power-on");
    CHECK(phases[1].begins_with == "boot-status=0x101");
    CHECK(phases[2].begins_with == "boot-status=0x102");
    CHECK(phases[3].begins_with == "boot-status=0x103");
    CHECK(phases[3].counts.instructions == 1);

    const auto& hashing = phases[1].counts;
    const auto waited = hashing.waiting[static_cast<std::size_t>(TimeBreakdown::Engine::sha256)];
    // One block takes 68 cycles on the RTL, 1000 on the reference emulator; the first look comes some cycles later.
    CHECK(waited > (rtl ? 40 : 990));
    CHECK(waited <= (rtl ? 68 : 1000));
    CHECK(waited <= hashing.cycles);
    for (std::size_t i = 1; i < hashing.waiting.size(); ++i) CHECK(hashing.waiting[i] == 0);

    const auto& dividing = phases[2].counts;
    CHECK(dividing.instructions == 44);
    // Each takes 10 cycles; most of that passes while the next instructions come from ROM.
    CHECK(dividing.lost.divide >= (rtl ? 20u : 0u));
    if (!rtl) CHECK(dividing.lost.total() == 0);
    if (rtl) CHECK(dividing.cycles == dividing.instructions + dividing.lost.total());

    uint64_t cycles = 0;
    for (const auto& phase : phases) cycles += phase.counts.cycles;
    CHECK(cycles == subject.core->cycles());
    CHECK(subject.breakdown->total().instructions == subject.core->instructions());
  }
}

TEST_CASE("The firmware waits for the entropy source's start-up tests") {
  constexpr uint32_t entropy_src = 0x2000'3000;
  Configuration configuration;
  configuration.timing = veer::TimingProfile::rtl;
  configuration.internal_trng = true;
  std::vector<uint8_t>& rom = configuration.rom;
  load_constant(rom, 5, entropy_src);
  load_constant(rom, 6, 0x0090'6096);  // FIPS mode, as the official ROM sets it
  put(rom, encode({.op = Op::sw, .rs1 = 5, .rs2 = 6, .imm = 0x24}));
  load_constant(rom, 6, 6);
  put(rom, encode({.op = Op::sw, .rs1 = 5, .rs2 = 6, .imm = 0x20}));
  load_constant(rom, 7, 0x1a2);  // continuous tests: the first seed has been made
  put(rom, encode({.op = Op::lw, .rd = 8, .rs1 = 5, .imm = 0xe0}));
  put(rom, encode({.op = Op::bne, .rs1 = 8, .rs2 = 7, .imm = -4}));
  load_constant(rom, 6, boot_status);
  put(rom, encode({.op = Op::sw, .rs1 = 6, .rs2 = 7, .imm = 0}));
  put(rom, encode({.op = Op::jal, .rd = 0, .imm = 0}));
  std::string error;
  const auto core = Core::create(configuration, error);
  REQUIRE(core);
  SocManager soc(*core, SocPlan{});
  TimeBreakdown breakdown(*core);
  core->on_event([&](const Event& event) {
    if (event.kind == Event::Kind::boot_status) core->stop();
  });
  soc.power_on();
  REQUIRE(core->run({.until_cycle = 100'000}) == StopReason::stopped);
  const auto waited = breakdown.total().waiting[static_cast<std::size_t>(TimeBreakdown::Engine::trng)];
  // Two windows of 512 nibbles, one in five cycles, and 44 cycles of SHA-3.
  CHECK(waited > 5120);
  CHECK(waited < 5200);
}

TEST_CASE("The table has a line for each phase, and adds up") {
  Subject subject(veer::TimingProfile::rtl);
  const auto phases = subject.breakdown->phases();
  const std::string all = TimeBreakdown::table(phases);
  CHECK(std::count(all.begin(), all.end(), '\n') == 1 + 4 + 1);
  CHECK(all.find("boot-status=0x102") != std::string::npos);
  CHECK(all.find("| sha256 ") != std::string::npos);
  const std::string large = TimeBreakdown::table(phases, subject.core->cycles());
  CHECK(large.find("boot-status=0x102") == std::string::npos);
  CHECK(large.find("all shorter phases") != std::string::npos);
  CHECK(all.substr(all.rfind("sum")) == large.substr(large.rfind("sum")));
}

TEST_CASE("What was slept is told apart") {
  Configuration configuration;
  configuration.rom = {};
  load_constant(configuration.rom, 5, 1000);
  put(configuration.rom, encode({.op = Op::csrrw, .rd = 0, .rs1 = 5, .imm = 0x7c2}));  // mcpc: pauses
  put(configuration.rom, encode({.op = Op::jal, .rd = 0, .imm = 0}));
  std::string error;
  const auto core = Core::create(configuration, error);
  REQUIRE(core);
  SocManager soc(*core, SocPlan{});
  TimeBreakdown breakdown(*core);
  soc.power_on();
  core->run({.until_cycle = 10'000});
  CHECK(breakdown.total().asleep >= 999);
  CHECK(breakdown.total().asleep <= 1001);
  CHECK(core->hart().cycles_asleep() == breakdown.total().asleep);
}

}  // namespace
}  // namespace caliptra
