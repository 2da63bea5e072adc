// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The entropy source and CSRNG together, wired as soc/ wires them and driven as the ROM drives them.

#include <doctest/doctest.h>

#include "peripherals/csrng/csrng.h"
#include "peripherals/csrng/csrng_regs.h"
#include "peripherals/entropy_src/entropy_src.h"
#include "peripherals/entropy_src/entropy_src_regs.h"
#include "peripherals/entropy_src/test_support.h"

namespace {

namespace es = caliptra::entropy_src_regs;
namespace cs = caliptra::csrng_regs;
using caliptra::Csrng;
using caliptra::EntropySrc;
using caliptra::Generation;
using caliptra::SeedWords;
using caliptra::testing::Noise;
using veer::Agent;
using veer::TimingProfile;

constexpr uint32_t alert_hang = 0x15c;
constexpr uint32_t continuous = 0x1a2;

struct Trng {
  Trng(Noise noise, TimingProfile profile)
      : source(clock, profile, Generation::v1_1, std::move(noise)), csrng(clock, profile, Generation::v1_1) {
    csrng.entropy_request.connect([this](bool level) { source.request(level); });
    source.connect([this](const SeedWords& bits, bool fips) { csrng.entropy(bits, fips); });
  }

  uint32_t read(veer::RegisterBlock& block, uint32_t offset) {
    run(10);
    return block.read(offset, 4, Agent::core).data;
  }
  void write(veer::RegisterBlock& block, uint32_t offset, uint32_t value) {
    run(10);
    block.write(offset, 4, value, Agent::core);
  }
  void run(uint64_t cycles) {
    const uint64_t end = clock.now() + cycles;
    while (clock.next_deadline() <= end) {
      clock.advance_to(clock.next_deadline());
      clock.run_due();
    }
    clock.advance_to(end);
  }

  uint32_t wait_for_source() {
    for (unsigned tries = 0; tries < 2000; ++tries) {
      const uint32_t state = read(source, es::MAIN_SM_STATE::offset);
      if (state == alert_hang || state == continuous) return state;
    }
    return 0;
  }

  /// What the ROM does before its first random number. False if the health tests fail.
  bool start() {
    write(source, es::REPCNT_THRESHOLDS::offset, 0xffff'0029);
    write(source, es::ADAPTP_HI_THRESHOLDS::offset, 0xffff'0600);
    write(source, es::ADAPTP_LO_THRESHOLDS::offset, 0x0000'0200);
    write(source, es::CONF::offset, 0x0090'6096);
    write(source, es::MODULE_ENABLE::offset, 6);
    if (wait_for_source() != continuous) return false;
    write(csrng, cs::CTRL::offset, 0x666);
    command(0x905);
    command(0x901);
    return true;
  }
  void command(uint32_t header) {
    write(csrng, cs::CMD_REQ::offset, header);
    while (read(csrng, cs::SW_CMD_STS::offset) != 1) {
    }
    CHECK(read(csrng, cs::ERR_CODE::offset) == 0);
  }
  std::vector<uint32_t> generate() {
    CHECK(wait_for_source() == continuous);
    command(0x903 | 3 << 12);
    std::vector<uint32_t> words;
    while (words.size() < 12) {
      unsigned tries = 0;
      while ((read(csrng, cs::GENBITS_VLD::offset) & 1) == 0 && ++tries < 10'000) {
      }
      REQUIRE(tries < 10'000);
      for (unsigned i = 0; i < 4; ++i) words.push_back(read(csrng, cs::GENBITS::offset));
    }
    return words;
  }

  veer::Clock clock;
  EntropySrc source;
  Csrng csrng;
};

// The noise and the words of the Caliptra drivers' tests, which pass on RTL too.
const char* const known_noise =
    "749ED7B4E3DE4E72D5CF367FD9D137113493B80AAA65CD17ABEBCE4FB4E8150105CC347E06539656786DA75F56B36F33";

}  // namespace

TEST_CASE("known noise gives the words that the RTL gives") {
  for (const TimingProfile profile : {TimingProfile::rtl, TimingProfile::reference}) {
    Trng trng(caliptra::testing::repeating(caliptra::testing::symbols_of(known_noise)), profile);
    REQUIRE(trng.start());
    const auto first = trng.generate();
    CHECK(first[0] == 0xca3d'3c2f);
    CHECK(first[1] == 0x552a'db53);
    CHECK(first[2] == 0xa974'9c5d);
    CHECK(first[3] == 0xdabb'e4c3);
    CHECK(trng.generate()[0] == 0x7d63'f096);
    CHECK(trng.generate()[0] == 0x2484'74c6);
    CHECK(trng.read(trng.source, es::ALERT_SUMMARY_FAIL_COUNTS::offset) == 0);
    CHECK(trng.read(trng.source, es::ALERT_FAIL_COUNTS::offset) == 0);
    CHECK((trng.read(trng.csrng, cs::GENBITS_VLD::offset) & 2) != 0);
  }
}

// Taken from RTL 1.1: csrng.sv and entropy_src.sv with this noise.
TEST_CASE("xorshift noise gives the words that the RTL gives, also from the second seed") {
  for (const TimingProfile profile : {TimingProfile::rtl, TimingProfile::reference}) {
    Trng trng(
        [state = 0x1234'5678U]() mutable {
          state ^= state << 13;
          state ^= state >> 17;
          state ^= state << 5;
          return static_cast<uint8_t>(state >> 7 & 0xf);
        },
        profile);
    REQUIRE(trng.start());
    CHECK(trng.generate() == std::vector<uint32_t>{0x4906'e181, 0x0a61'ff57, 0x1446'3578, 0xe94f'1374, 0x669c'98aa,
                                                   0x7a03'6f54, 0x10d4'4bf9, 0x13fc'979d, 0xa78a'7eff, 0xdeeb'90a7,
                                                   0x3954'652b, 0xe334'd40d});
    trng.command(0x902);
    const auto second = trng.generate();
    CHECK(second[0] == 0x3fe3'7724);
    CHECK(second[1] == 0xfe1e'8ae0);
    CHECK(second[2] == 0x1ae3'ab2b);
    CHECK(second[3] == 0x7afd'e642);
  }
}

TEST_CASE("the ROM's way ends in the alert when the noise is bad") {
  for (const TimingProfile profile : {TimingProfile::rtl, TimingProfile::reference}) {
    using caliptra::testing::repeating;
    CHECK_FALSE(Trng(repeating({0xf}), profile).start());
    CHECK_FALSE(Trng(repeating({0x0}), profile).start());
    CHECK_FALSE(Trng(repeating({0b1011, 0b1010, 0b1000, 0b0000}), profile).start());
    CHECK_FALSE(Trng(repeating(caliptra::testing::window_with_ones(511)), profile).start());
    CHECK_FALSE(Trng(repeating(caliptra::testing::window_with_ones(1537)), profile).start());
    CHECK(Trng(repeating(caliptra::testing::window_with_ones(512)), profile).start());
    CHECK(Trng(repeating(caliptra::testing::window_with_ones(1536)), profile).start());
  }
}

TEST_CASE("both profiles give the same words, seed after seed") {
  std::vector<std::vector<uint32_t>> outcomes;
  for (const TimingProfile profile : {TimingProfile::rtl, TimingProfile::reference}) {
    Trng trng(caliptra::testing::good_noise(40), profile);
    REQUIRE(trng.start());
    std::vector<uint32_t> words;
    for (unsigned round = 0; round < 6; ++round) {
      const auto some = trng.generate();
      words.insert(words.end(), some.begin(), some.end());
      trng.command(0x902);  // reseed
    }
    outcomes.push_back(words);
  }
  CHECK(outcomes[0] == outcomes[1]);
}

TEST_CASE("noise that turns bad later is seen before the next words") {
  for (const TimingProfile profile : {TimingProfile::rtl}) {
    bool bad = false;
    auto good = caliptra::testing::good_noise(41);
    Trng trng([&]() -> std::optional<uint8_t> { return bad ? uint8_t{7} : good(); }, profile);
    REQUIRE(trng.start());
    trng.generate();
    trng.source.synchronize();
    bad = true;
    trng.run(512 * 5 * 2);
    CHECK(trng.wait_for_source() == alert_hang);
  }
}
