// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// For the tests of the entropy source: the block with a clock, noise and someone who takes its seeds.

#pragma once

#include <doctest/doctest.h>

#include "peripherals/entropy_src/entropy_src.h"
#include "peripherals/entropy_src/entropy_src_regs.h"
#include "peripherals/entropy_src/test_support.h"

namespace caliptra::testing {

using namespace entropy_src_regs;
using veer::Agent;
using veer::BusStatus;
using veer::TimingProfile;

constexpr uint32_t yes = multi_bit_true;
constexpr uint32_t no = multi_bit_false;

// MAIN_SM_STATE.
constexpr uint32_t idle = 0xf5;
constexpr uint32_t startup_phase1 = 0x101;
constexpr uint32_t startup_pass1 = 0x1a5;
constexpr uint32_t startup_fail1 = 0x17;
constexpr uint32_t conditioning = 0x171;
constexpr uint32_t continuous = 0x1a2;
constexpr uint32_t boot_running = 0x1d2;
constexpr uint32_t boot_done = 0x8e;
constexpr uint32_t insert_start = 0xc3;
constexpr uint32_t insert_message = 0x59;
constexpr uint32_t alert_hang = 0x15c;
constexpr uint32_t failed = 0x13d;

struct Bench {
  explicit Bench(Noise the_noise, TimingProfile the_profile = TimingProfile::rtl,
                 Generation generation = Generation::v1_1)
      : profile(the_profile),
        noise(std::move(the_noise)),
        block(clock, profile, generation, [this] { return draw(); }) {
    block.connect([this](const SeedWords& bits, bool fips) {
      seeds.push_back(bits);
      fips_flags.push_back(fips);
      seed_cycles.push_back(clock.now());
      if (drop_request) block.request(false);
    });
  }

  std::optional<uint8_t> draw() {
    const auto symbol = noise();
    if (symbol) drawn.push_back(*symbol);
    return symbol;
  }

  uint32_t read(uint32_t offset) {
    const auto result = block.read(offset, 4, Agent::core);
    CHECK(result.ok());
    return result.data;
  }
  void write(uint32_t offset, uint32_t value) { CHECK(block.write(offset, 4, value, Agent::core) == BusStatus::ok); }
  uint32_t state() { return read(MAIN_SM_STATE::offset); }

  void run(uint64_t cycles) {
    const uint64_t end = clock.now() + cycles;
    while (clock.next_deadline() <= end) {
      clock.advance_to(clock.next_deadline());
      clock.run_due();
    }
    clock.advance_to(end);
  }
  void run_until_state(uint32_t wanted, uint64_t limit = 100'000) {
    for (uint64_t waited = 0; state() != wanted && waited < limit; waited += 5) run(5);
    REQUIRE(state() == wanted);
  }

  void configure(uint32_t fips, uint32_t software_reads = no, uint32_t sum_of_lines = no) {
    write(CONF::offset, CONF::FIPS_ENABLE.place(fips) | CONF::ENTROPY_DATA_REG_ENABLE.place(software_reads) |
                            CONF::THRESHOLD_SCOPE.place(sum_of_lines) | CONF::RNG_BIT_ENABLE.place(no));
  }
  /// As the ROM does it.
  void configure_as_rom() {
    write(REPCNT_THRESHOLDS::offset, 0xffff'0029);
    write(ADAPTP_HI_THRESHOLDS::offset, 0xffff'0600);
    write(ADAPTP_LO_THRESHOLDS::offset, 0x0000'0200);
    configure(yes, no, yes);
  }
  /// Leaves five cycles to the first symbol.
  void enable() {
    write(MODULE_ENABLE::offset, yes);
    if (profile == TimingProfile::rtl) run(1);
  }
  void disable() {
    write(MODULE_ENABLE::offset, no);
    run(5);
  }
  void route_to_software(uint32_t bypass = no) {
    write(ENTROPY_CONTROL::offset, ENTROPY_CONTROL::ES_ROUTE.place(yes) | ENTROPY_CONTROL::ES_TYPE.place(bypass));
  }
  SeedWords read_seed() {
    SeedWords words{};
    for (uint32_t& word : words) word = read(ENTROPY_DATA::offset);
    return words;
  }

  TimingProfile profile;
  veer::Clock clock;
  Noise noise;
  bool drop_request = true;
  std::vector<uint8_t> drawn;
  std::vector<SeedWords> seeds;
  std::vector<bool> fips_flags;
  std::vector<uint64_t> seed_cycles;
  EntropySrc block;
};

/// Symbols [first, last) as the hardware packs them: the first in the lowest bits.
inline std::vector<uint8_t> pack(const std::vector<uint8_t>& symbols, std::size_t first, std::size_t last) {
  std::vector<uint8_t> bytes((last - first) / 2);
  for (std::size_t i = first; i < last; ++i) bytes[(i - first) / 2] |= static_cast<uint8_t>(symbols[i] << (i % 2 * 4));
  return bytes;
}

template <typename Bytes>
SeedWords words_of(const Bytes& bytes) {
  SeedWords words{};
  for (std::size_t i = 0; i < 48; ++i) words[i / 4] |= uint32_t{bytes[i]} << (8 * (i % 4));
  return words;
}

inline SeedWords conditioned(const std::vector<uint8_t>& symbols, std::size_t first, std::size_t last) {
  crypto::Sha3_384 hash;
  hash.absorb(pack(symbols, first, last));
  return words_of(hash.finish());
}

}  // namespace caliptra::testing
