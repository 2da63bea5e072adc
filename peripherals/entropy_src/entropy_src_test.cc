// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/entropy_src/entropy_src.h"

#include <doctest/doctest.h>

#include "iss/state_stream.h"
#include "peripherals/entropy_src/entropy_src_regs.h"
#include "peripherals/entropy_src/test_support.h"

namespace {

using namespace caliptra::entropy_src_regs;
using caliptra::EntropySrc;
using caliptra::Generation;
using caliptra::SeedWords;
using caliptra::testing::good_noise;
using caliptra::testing::Noise;
using caliptra::testing::repeating;
using caliptra::testing::window_with_ones;
using veer::Agent;
using veer::BusStatus;
using veer::TimingProfile;

constexpr uint32_t yes = caliptra::multi_bit_true;
constexpr uint32_t no = caliptra::multi_bit_false;

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
  explicit Bench(Noise the_noise, TimingProfile profile = TimingProfile::rtl, Generation generation = Generation::v1_1)
      : noise(std::move(the_noise)), block(clock, profile, generation, [this] { return draw(); }) {
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
  void enable() { write(MODULE_ENABLE::offset, yes); }
  void disable() { write(MODULE_ENABLE::offset, no); }
  void route_to_software(uint32_t bypass = no) {
    write(ENTROPY_CONTROL::offset, ENTROPY_CONTROL::ES_ROUTE.place(yes) | ENTROPY_CONTROL::ES_TYPE.place(bypass));
  }
  SeedWords read_seed() {
    SeedWords words{};
    for (uint32_t& word : words) word = read(ENTROPY_DATA::offset);
    return words;
  }

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
std::vector<uint8_t> pack(const std::vector<uint8_t>& symbols, std::size_t first, std::size_t last) {
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

SeedWords conditioned(const std::vector<uint8_t>& symbols, std::size_t first, std::size_t last) {
  caliptra::crypto::Sha3_384 hash;
  hash.absorb(pack(symbols, first, last));
  return words_of(hash.finish());
}

}  // namespace

TEST_CASE("after a reset the registers hold what the table says") {
  Bench bench(good_noise(1));
  for (const veer::Register& each : table) {
    uint32_t expected = 0;
    for (const veer::Field& field : each.fields) {
      if (field.core != veer::Access::wo) expected |= field.place(field.reset);
    }
    CAPTURE(each.name);
    CHECK(bench.read(each.offset) == expected);
  }
}

TEST_CASE("start-up: two windows, then a seed of both; boot takes as long as on the RTL") {
  Bench bench(good_noise(2));
  bench.configure(yes);
  bench.enable();
  CHECK(bench.state() == startup_phase1);
  bench.block.request(true);
  bench.run(512 * 5);
  CHECK(bench.state() == startup_pass1);
  bench.run(512 * 5);
  CHECK(bench.state() == conditioning);
  CHECK(bench.seeds.empty());
  bench.run(100);
  CHECK(bench.state() == continuous);
  REQUIRE(bench.seeds.size() == 1);
  CHECK(bench.seeds[0] == conditioned(bench.drawn, 0, 1024));
  CHECK(bench.fips_flags[0]);
  CHECK(bench.seed_cycles[0] >= 5150);
  CHECK(bench.seed_cycles[0] <= 5230);

  // From now on each window makes one; four are kept, the others are lost.
  bench.run(512 * 5 * 10);
  CHECK(DEBUG_STATUS::ENTROPY_FIFO_DEPTH.get(bench.read(DEBUG_STATUS::offset)) == 4);
  for (unsigned i = 0; i < 4; ++i) {
    bench.block.request(true);
    REQUIRE(bench.seeds.size() == 2 + i);
    CHECK(bench.seeds.back() == conditioned(bench.drawn, 1024 + 512 * i, 1024 + 512 * (i + 1)));
  }
  CHECK(bench.read(INTERRUPT_STATE::offset) == 0);
  CHECK(bench.read(RECOV_ALERT_STS::offset) == 0);
}

TEST_CASE("a request that waits is answered when the seed is there, not when someone looks") {
  Bench bench(good_noise(3));
  bench.configure(yes);
  bench.block.request(true);
  bench.run(1000);
  CHECK(bench.seeds.empty());
  bench.enable();
  bench.run(20'000);
  REQUIRE(bench.seeds.size() == 1);
  const uint64_t first = bench.seed_cycles[0];
  CHECK(first >= 1000 + 5150);
  CHECK(first <= 1000 + 5230);
}

TEST_CASE("the reference profile has seeds at once and takes no more noise than it needs") {
  Bench bench(good_noise(4), TimingProfile::reference);
  bench.configure(yes);
  bench.enable();
  CHECK(bench.state() == continuous);
  CHECK(bench.drawn.size() == 1024);
  bench.block.request(true);
  REQUIRE(bench.seeds.size() == 1);
  CHECK(bench.seeds[0] == conditioned(bench.drawn, 0, 1024));
  bench.run(1'000'000);
  CHECK(bench.drawn.size() == 1024);
  bench.block.request(true);
  REQUIRE(bench.seeds.size() == 2);
  CHECK(bench.seeds[1] == conditioned(bench.drawn, 1024, 1536));
  CHECK(bench.seed_cycles[1] == 1'000'000);
}

TEST_CASE("boot mode: one seed, straight from the noise") {
  for (const auto profile : {TimingProfile::rtl, TimingProfile::reference}) {
    Bench bench(good_noise(5), profile);
    bench.enable();
    if (profile == TimingProfile::rtl) CHECK(bench.state() == boot_running);
    bench.block.request(true);
    bench.run(96 * 5 + 10);
    CHECK(bench.state() == boot_done);
    CHECK(DEBUG_STATUS::MAIN_SM_BOOT_DONE.get(bench.read(DEBUG_STATUS::offset)) == 1);
    REQUIRE(bench.seeds.size() == 1);
    CHECK(bench.seeds[0] == words_of(pack(bench.drawn, 0, 96)));
    CHECK_FALSE(bench.fips_flags[0]);
    bench.block.request(true);
    bench.run(100'000);
    CHECK(bench.seeds.size() == 1);
    bench.disable();
    CHECK(bench.state() == idle);
    const std::size_t before = bench.drawn.size();
    bench.enable();
    bench.block.request(true);
    bench.run(1000);
    REQUIRE(bench.seeds.size() == 2);
    CHECK(bench.seeds[1] == words_of(pack(bench.drawn, before, before + 96)));
  }
}

TEST_CASE("software reads seeds word by word when they are routed to it") {
  Bench bench(good_noise(6));
  bench.configure(yes, yes);
  bench.route_to_software();
  bench.enable();
  CHECK(bench.read(ENTROPY_DATA::offset) == 0);
  bench.run(5300);
  CHECK(bench.read(INTERRUPT_STATE::offset) == INTERRUPT_STATE::ES_ENTROPY_VALID.mask());
  // The cause lasts, so the event comes back.
  bench.write(INTERRUPT_STATE::offset, INTERRUPT_STATE::ES_ENTROPY_VALID.mask());
  CHECK(bench.read(INTERRUPT_STATE::offset) == INTERRUPT_STATE::ES_ENTROPY_VALID.mask());
  CHECK(bench.block.peek(ENTROPY_DATA::offset) == bench.block.peek(ENTROPY_DATA::offset));
  CHECK(bench.read_seed() == conditioned(bench.drawn, 0, 1024));
  bench.write(INTERRUPT_STATE::offset, INTERRUPT_STATE::ES_ENTROPY_VALID.mask());
  CHECK(bench.read(INTERRUPT_STATE::offset) == 0);
  bench.run(512 * 5);
  const SeedWords second = bench.read_seed();
  CHECK(second == conditioned(bench.drawn, 1024, 1536));
  bench.block.request(true);
  bench.run(10'000);
  CHECK(bench.seeds.empty());

  SUBCASE("not while CONF forbids it") {
    bench.disable();
    bench.configure(yes, no);
    bench.write(INTERRUPT_STATE::offset, 0xf);
    bench.enable();
    bench.run(6000);
    CHECK(bench.read(ENTROPY_DATA::offset) == 0);
    CHECK(bench.read(INTERRUPT_STATE::offset) == 0);
  }
  SUBCASE("unconditioned if it wants") {
    bench.disable();
    bench.route_to_software(yes);
    const std::size_t before = bench.drawn.size();
    bench.enable();
    bench.run(96 * 5 + 10);
    CHECK(bench.state() == boot_done);
    CHECK(bench.read_seed() == words_of(pack(bench.drawn, before, before + 96)));
  }
}

TEST_CASE("stuck noise fails the start-up as on the RTL") {
  for (const auto profile : {TimingProfile::rtl, TimingProfile::reference}) {
    for (const std::vector<uint8_t>& symbols : {std::vector<uint8_t>{0xf}, {0}, {0b1011, 0b1010, 0b1000, 0b0000}}) {
      Bench bench(repeating(symbols), profile);
      bench.configure_as_rom();
      bench.enable();
      if (profile == TimingProfile::rtl) {
        bench.run(512 * 5 + 2);
        CHECK(bench.state() == startup_fail1);
        bench.run(512 * 5);
      }
      CHECK(bench.state() == alert_hang);
      CHECK(bench.read(INTERRUPT_STATE::offset) == INTERRUPT_STATE::ES_HEALTH_TEST_FAILED.mask());
      CHECK(bench.read(RECOV_ALERT_STS::offset) == RECOV_ALERT_STS::ES_MAIN_SM_ALERT.mask());
      const uint32_t counts = bench.read(ALERT_FAIL_COUNTS::offset);
      CHECK(ALERT_FAIL_COUNTS::REPCNT_FAIL_COUNT.get(counts) == 15);
      // 1024 symbols; the one that reaches 41 repeats is the first to fail.
      const uint32_t repeats_before = symbols[0] == 0 ? 39 : 40;
      if (symbols.size() == 1) CHECK(bench.read(REPCNT_TOTAL_FAILS::offset) == 1024 - repeats_before);
      CHECK(bench.read(ALERT_SUMMARY_FAIL_COUNTS::offset) == bench.read(REPCNT_TOTAL_FAILS::offset));
      bench.block.request(true);
      bench.run(100'000);
      CHECK(bench.seeds.empty());
      // Software starts it again.
      bench.disable();
      CHECK(bench.state() == idle);
      bench.noise = good_noise(7);
      bench.enable();
      bench.run(6000);
      CHECK(bench.state() == continuous);
      CHECK(bench.read(REPCNT_TOTAL_FAILS::offset) == 0);
      CHECK(bench.read(ALERT_SUMMARY_FAIL_COUNTS::offset) == 0);
    }
  }
}

TEST_CASE("as many repetitions as the threshold fail, one less does not") {
  for (const unsigned repeats : {40U, 41U}) {
    std::mt19937 random(11);
    std::vector<uint8_t> window(repeats, 0xf);
    window.push_back(0);
    while (window.size() < 511) window.push_back(random() & 0xf);
    window.push_back(0);
    Bench bench(repeating(window));
    bench.configure_as_rom();
    bench.enable();
    bench.run(6000);
    CHECK(bench.state() == (repeats < 41 ? continuous : alert_hang));
  }
}

TEST_CASE("the proportion of ones may reach its limits") {
  const auto end_state = [](unsigned ones, uint32_t high, uint32_t low) {
    Bench bench(repeating(window_with_ones(ones)));
    bench.write(ADAPTP_HI_THRESHOLDS::offset, 0xffff'0000 | high);
    bench.write(ADAPTP_LO_THRESHOLDS::offset, low);
    bench.configure(yes, no, yes);
    bench.enable();
    bench.run(5200);
    CHECK((bench.read(ADAPTP_HI_WATERMARKS::offset) & 0xffff) == ones);
    CHECK((bench.read(ADAPTP_LO_WATERMARKS::offset) & 0xffff) == ones);
    return bench.state();
  };
  CHECK(end_state(512, 1536, 512) == continuous);
  CHECK(end_state(1536, 1536, 512) == continuous);
  CHECK(end_state(511, 1536, 512) == alert_hang);
  CHECK(end_state(1537, 1536, 512) == alert_hang);
  CHECK(end_state(824, 1224, 824) == continuous);
  CHECK(end_state(1225, 1224, 824) == alert_hang);
}

TEST_CASE("one bad window of the first two is forgiven; the seed is made of all three") {
  std::vector<uint8_t> symbols(50, 0xf);
  symbols.push_back(0);
  std::mt19937 random(12);
  while (symbols.size() < 4096) symbols.push_back(random() & 0xf);
  Bench bench(repeating(symbols));
  bench.configure_as_rom();
  bench.enable();
  bench.block.request(true);
  bench.run(512 * 5 + 2);
  CHECK(bench.state() == startup_fail1);
  CHECK(bench.read(ALERT_SUMMARY_FAIL_COUNTS::offset) == 10);
  bench.run(512 * 5);
  CHECK(bench.state() == startup_pass1);
  CHECK(bench.read(ALERT_SUMMARY_FAIL_COUNTS::offset) == 0);
  CHECK(bench.read(REPCNT_TOTAL_FAILS::offset) == 10);
  bench.run(512 * 5 + 100);
  CHECK(bench.state() == continuous);
  REQUIRE(bench.seeds.size() == 1);
  CHECK(bench.seeds[0] == conditioned(bench.drawn, 0, 1536));
}

TEST_CASE("failures while it runs: below the alert threshold the window is kept, at it all stops") {
  std::mt19937 random(13);
  std::vector<uint8_t> symbols;
  while (symbols.size() < 1024) symbols.push_back(random() & 0xf);
  symbols.push_back(0);
  for (unsigned i = 0; i < 43; ++i) symbols.push_back(0xf);
  symbols.push_back(0);
  while (symbols.size() < 65536) symbols.push_back(random() & 0xf);
  const auto prepare = [&](Bench& bench, uint32_t threshold) {
    bench.write(ALERT_THRESHOLD::offset, ~threshold << 16 | threshold);
    bench.configure_as_rom();
    bench.enable();
    bench.run(5200);
    CHECK(bench.state() == continuous);
    bench.block.request(true);
    CHECK(bench.seeds.size() == 1);
    bench.block.request(true);
    bench.run(512 * 5 + 100);
  };
  Bench forgiving(repeating(symbols));
  prepare(forgiving, 5);
  CHECK(forgiving.state() == continuous);
  CHECK(forgiving.read(ALERT_SUMMARY_FAIL_COUNTS::offset) == 3);
  CHECK(forgiving.seeds.size() == 1);
  forgiving.run(512 * 5);
  REQUIRE(forgiving.seeds.size() == 2);
  CHECK(forgiving.seeds[1] == conditioned(forgiving.drawn, 1024, 2048));
  CHECK(forgiving.read(ALERT_SUMMARY_FAIL_COUNTS::offset) == 0);

  Bench strict(repeating(symbols));
  prepare(strict, 2);
  CHECK(strict.state() == alert_hang);
  CHECK(strict.seeds.size() == 1);
  CHECK(strict.read(INTERRUPT_STATE::offset) == INTERRUPT_STATE::ES_HEALTH_TEST_FAILED.mask());
}

TEST_CASE("boot mode tries again until the alert threshold is reached") {
  Bench bench(repeating({0}));
  bench.write(BUCKET_THRESHOLDS::offset, 0x0020'ffff);
  bench.write(ALERT_THRESHOLD::offset, 0xfffc'0003);
  bench.enable();
  bench.run(96 * 5);
  CHECK(bench.state() == boot_running);
  CHECK(bench.read(BUCKET_TOTAL_FAILS::offset) == 1);
  bench.run(96 * 5);
  CHECK(bench.state() == boot_running);
  bench.run(96 * 5);
  CHECK(bench.state() == alert_hang);
  CHECK(bench.read(BUCKET_HI_WATERMARKS::offset) == 96U << 16);
  CHECK(ALERT_FAIL_COUNTS::BUCKET_FAIL_COUNT.get(bench.read(ALERT_FAIL_COUNTS::offset)) == 3);
}

TEST_CASE("each test can raise the alert by itself and is counted in its own place") {
  struct Case {
    uint32_t threshold_offset;
    uint32_t threshold;
    uint32_t total_offset;
    veer::Field count;
  };
  const Case cases[] = {
      {REPCNT_THRESHOLDS::offset, 4, REPCNT_TOTAL_FAILS::offset, ALERT_FAIL_COUNTS::REPCNT_FAIL_COUNT},
      {REPCNTS_THRESHOLDS::offset, 2, REPCNTS_TOTAL_FAILS::offset, ALERT_FAIL_COUNTS::REPCNTS_FAIL_COUNT},
      {ADAPTP_HI_THRESHOLDS::offset, 10, ADAPTP_HI_TOTAL_FAILS::offset, ALERT_FAIL_COUNTS::ADAPTP_HI_FAIL_COUNT},
      {ADAPTP_LO_THRESHOLDS::offset, 500, ADAPTP_LO_TOTAL_FAILS::offset, ALERT_FAIL_COUNTS::ADAPTP_LO_FAIL_COUNT},
      {BUCKET_THRESHOLDS::offset, 10, BUCKET_TOTAL_FAILS::offset, ALERT_FAIL_COUNTS::BUCKET_FAIL_COUNT},
      {MARKOV_HI_THRESHOLDS::offset, 10, MARKOV_HI_TOTAL_FAILS::offset, ALERT_FAIL_COUNTS::MARKOV_HI_FAIL_COUNT},
      {MARKOV_LO_THRESHOLDS::offset, 250, MARKOV_LO_TOTAL_FAILS::offset, ALERT_FAIL_COUNTS::MARKOV_LO_FAIL_COUNT},
  };
  for (const Case& each : cases) {
    Bench bench(good_noise(14));
    const bool low =
        each.threshold_offset == ADAPTP_LO_THRESHOLDS::offset || each.threshold_offset == MARKOV_LO_THRESHOLDS::offset;
    bench.write(each.threshold_offset, (low ? 0 : 0xffff'0000) | each.threshold);
    CHECK((bench.read(each.threshold_offset) & 0xffff) == each.threshold);
    bench.configure(yes);
    bench.enable();
    bench.run(5200);
    CAPTURE(each.threshold_offset);
    CHECK(bench.state() == alert_hang);
    CHECK(bench.read(each.total_offset) >= 2);
    CHECK(each.count.get(bench.read(ALERT_FAIL_COUNTS::offset)) >= 2);
    CHECK((bench.read(ALERT_FAIL_COUNTS::offset) & ~each.count.mask()) == 0);
    CHECK(bench.read(EXTHT_FAIL_COUNTS::offset) == 0);
  }
}

TEST_CASE("one line alone can be the noise") {
  Bench bench(good_noise(15));
  bench.write(CONF::offset, CONF::FIPS_ENABLE.place(yes) | CONF::ENTROPY_DATA_REG_ENABLE.place(no) |
                                CONF::THRESHOLD_SCOPE.place(no) | CONF::RNG_BIT_ENABLE.place(yes) |
                                CONF::RNG_BIT_SEL.place(2));
  bench.enable();
  bench.block.request(true);
  bench.run(4 * 1024 * 5 + 100);
  REQUIRE(bench.seeds.size() == 1);
  CHECK_FALSE(bench.fips_flags[0]);
  std::vector<uint8_t> symbols(1024, 0);
  for (std::size_t i = 0; i < 4096; ++i) symbols[i / 4] |= static_cast<uint8_t>((bench.drawn[i] >> 2 & 1) << (i % 4));
  CHECK(bench.seeds[0] == conditioned(symbols, 0, 1024));
}

TEST_CASE("noise that stops is waited for") {
  for (const auto profile : {TimingProfile::rtl, TimingProfile::reference}) {
    Bench bench(good_noise(16), profile);
    const Noise good = bench.noise;
    unsigned left = 700;
    bench.noise = [&]() -> std::optional<uint8_t> {
      if (left == 0) return std::nullopt;
      --left;
      return good();
    };
    bench.configure(yes);
    bench.enable();
    bench.block.request(true);
    bench.run(50'000);
    CHECK(bench.state() == startup_pass1);
    CHECK(bench.seeds.empty());
    left = 100'000;
    bench.run(3000);
    REQUIRE(bench.seeds.size() == 1);
    CHECK(bench.seeds[0] == conditioned(bench.drawn, 0, 1024));
  }
}

TEST_CASE("disabling forgets seeds; what the conditioner has taken stays in it") {
  Bench bench(good_noise(17));
  bench.configure(yes);
  bench.enable();
  bench.run(100 * 5 + 1);
  bench.disable();
  const std::size_t before = bench.drawn.size();
  CHECK(before == 100);
  bench.run(10'000);
  CHECK(bench.drawn.size() == before);
  bench.enable();
  bench.block.request(true);
  bench.run(5300);
  REQUIRE(bench.seeds.size() == 1);
  // Of the first 100 symbols 96 made whole 64-bit words.
  std::vector<uint8_t> symbols(bench.drawn.begin(), bench.drawn.begin() + 96);
  symbols.insert(symbols.end(), bench.drawn.begin() + 100, bench.drawn.begin() + 100 + 1024);
  CHECK(bench.seeds[0] == conditioned(symbols, 0, symbols.size()));

  bench.run(5000);
  CHECK(DEBUG_STATUS::ENTROPY_FIFO_DEPTH.get(bench.read(DEBUG_STATUS::offset)) != 0);
  bench.disable();
  CHECK(DEBUG_STATUS::ENTROPY_FIFO_DEPTH.get(bench.read(DEBUG_STATUS::offset)) == 0);
}

TEST_CASE("disabled while it conditions, it finishes that, and the next seed is lost") {
  Bench bench(good_noise(18));
  bench.configure(yes);
  bench.enable();
  bench.run_until_state(conditioning);
  bench.disable();
  CHECK(bench.state() == conditioning);
  CHECK(bench.read(REGWEN::offset) == 1);
  bench.enable();
  CHECK(bench.state() == conditioning);
  bench.run(100);
  CHECK(bench.state() == startup_phase1);
  bench.block.request(true);
  bench.run(5200);
  CHECK(bench.state() == continuous);
  CHECK(bench.seeds.empty());
  bench.run(512 * 5 + 100);
  CHECK(bench.seeds.size() == 1);
}

TEST_CASE("the same seed twice raises the bus-compare alert") {
  std::mt19937 random(19);
  std::vector<uint8_t> symbols;
  while (symbols.size() < 512) symbols.push_back(random() & 0xf);
  Bench bench(repeating(symbols));
  bench.configure(yes);
  bench.enable();
  bench.run(20'000);
  for (unsigned i = 0; i < 2; ++i) bench.block.request(true);
  CHECK(bench.read(RECOV_ALERT_STS::offset) == 0);
  bench.block.request(true);
  CHECK(bench.read(RECOV_ALERT_STS::offset) == RECOV_ALERT_STS::ES_BUS_CMP_ALERT.mask());
  bench.write(RECOV_ALERT_STS::offset, 0);
  CHECK(bench.read(RECOV_ALERT_STS::offset) == 0);
}

TEST_CASE("firmware observes the noise on its way") {
  Bench bench(good_noise(20));
  bench.configure(yes);
  bench.write(FW_OV_CONTROL::offset,
              FW_OV_CONTROL::FW_OV_MODE.place(yes) | FW_OV_CONTROL::FW_OV_ENTROPY_INSERT.place(no));
  bench.write(OBSERVE_FIFO_THRESH::offset, 16);
  bench.enable();
  bench.run(15 * 8 * 5 + 1);
  CHECK(bench.read(OBSERVE_FIFO_DEPTH::offset) == 15);
  CHECK(bench.read(INTERRUPT_STATE::offset) == 0);
  bench.run(8 * 5);
  CHECK(bench.read(INTERRUPT_STATE::offset) == INTERRUPT_STATE::ES_OBSERVE_FIFO_READY.mask());
  CHECK(bench.block.peek(FW_OV_RD_DATA::offset) == bench.block.peek(FW_OV_RD_DATA::offset));
  const auto bytes = pack(bench.drawn, 0, 128);
  for (std::size_t i = 0; i < 16; ++i) {
    uint32_t expected = 0;
    for (unsigned byte = 0; byte < 4; ++byte) expected |= uint32_t{bytes[4 * i + byte]} << (8 * byte);
    CHECK(bench.read(FW_OV_RD_DATA::offset) == expected);
  }
  CHECK(bench.read(OBSERVE_FIFO_DEPTH::offset) == 0);

  // Seeds come all the same.
  bench.block.request(true);
  bench.run(6000);
  REQUIRE(bench.seeds.size() == 1);
  CHECK(bench.seeds[0] == conditioned(bench.drawn, 0, 1024));

  // Full: what follows is left out until all has been read, so that it stays in one piece.
  CHECK(bench.read(OBSERVE_FIFO_DEPTH::offset) == 64);
  CHECK(bench.read(FW_OV_RD_FIFO_OVERFLOW::offset) == 1);
  for (unsigned i = 0; i < 63; ++i) bench.read(FW_OV_RD_DATA::offset);
  bench.run(1000);
  CHECK(bench.read(OBSERVE_FIFO_DEPTH::offset) == 1);
  bench.read(FW_OV_RD_DATA::offset);
  CHECK(bench.read(FW_OV_RD_FIFO_OVERFLOW::offset) == 0);

  // Reading on is an error.
  CHECK(bench.read(ERR_CODE::offset) == 0);
  CHECK(bench.read(FW_OV_RD_DATA::offset) == 0);
  CHECK(bench.read(ERR_CODE::offset) == (ERR_CODE::SFIFO_OBSERVE_ERR.mask() | ERR_CODE::FIFO_READ_ERR.mask()));
  CHECK((bench.read(INTERRUPT_STATE::offset) & INTERRUPT_STATE::ES_FATAL_ERR.mask()) != 0);
  bench.run(1000);
  CHECK(bench.read(OBSERVE_FIFO_DEPTH::offset) > 1);
}

TEST_CASE("RTL 1.0 goes on observing after an overflow") {
  Bench bench(good_noise(21), TimingProfile::rtl, Generation::v1_0);
  bench.configure(yes);
  bench.write(FW_OV_CONTROL::offset,
              FW_OV_CONTROL::FW_OV_MODE.place(yes) | FW_OV_CONTROL::FW_OV_ENTROPY_INSERT.place(no));
  bench.enable();
  bench.run(10'000);
  CHECK(bench.read(OBSERVE_FIFO_DEPTH::offset) == 64);
  CHECK(bench.read(FW_OV_RD_FIFO_OVERFLOW::offset) == 0);
  bench.read(FW_OV_RD_DATA::offset);
  bench.run(50);
  CHECK(bench.read(OBSERVE_FIFO_DEPTH::offset) == 64);
}

TEST_CASE("without the override nothing is observed and nothing can be inserted") {
  Bench bench(good_noise(22));
  bench.configure(yes);
  bench.enable();
  bench.run(3000);
  CHECK(bench.read(OBSERVE_FIFO_DEPTH::offset) == 0);
  CHECK(bench.read(FW_OV_RD_DATA::offset) == 0);
  CHECK(bench.read(FW_OV_WR_FIFO_FULL::offset) == 0);
  CHECK(bench.read(ERR_CODE::offset) == 0);
  for (uint32_t i = 0; i < 40; ++i) bench.write(FW_OV_WR_DATA::offset, i);
  bench.block.request(true);
  bench.run(3000);
  REQUIRE(bench.seeds.size() == 1);
  CHECK(bench.seeds[0] == conditioned(bench.drawn, 0, 1024));
}

TEST_CASE("firmware inserts its own entropy, conditioned between start and stop") {
  Bench bench(good_noise(23));
  bench.configure(yes);
  bench.write(FW_OV_CONTROL::offset,
              FW_OV_CONTROL::FW_OV_MODE.place(yes) | FW_OV_CONTROL::FW_OV_ENTROPY_INSERT.place(yes));
  CHECK(bench.read(FW_OV_WR_FIFO_FULL::offset) == 1);  // it is disabled
  bench.write(FW_OV_WR_DATA::offset, 1);
  CHECK(bench.read(RECOV_ALERT_STS::offset) == RECOV_ALERT_STS::ES_FW_OV_WR_ALERT.mask());
  bench.write(RECOV_ALERT_STS::offset, 0);
  bench.enable();
  CHECK(bench.state() == insert_start);
  bench.block.request(true);
  for (uint32_t round = 0; round < 2; ++round) {
    bench.write(FW_OV_SHA3_START::offset, yes);
    CHECK(bench.state() == insert_message);
    std::vector<uint8_t> message;
    for (uint32_t i = 0; i < 3000; ++i) {
      CHECK(bench.read(FW_OV_WR_FIFO_FULL::offset) == 0);
      const uint32_t word = (i + round) * 0x9e37'79b9;
      bench.write(FW_OV_WR_DATA::offset, word);
      for (unsigned byte = 0; byte < 4; ++byte) message.push_back(static_cast<uint8_t>(word >> (8 * byte)));
    }
    CHECK(bench.seeds.size() == round);
    bench.write(FW_OV_SHA3_START::offset, no);
    CHECK(bench.state() == conditioning);
    bench.run(100);
    CHECK(bench.state() == insert_start);
    REQUIRE(bench.seeds.size() == round + 1);
    caliptra::crypto::Sha3_384 hash;
    hash.absorb(message);
    CHECK(bench.seeds[round] == words_of(hash.finish()));
    CHECK(bench.fips_flags[round]);
    bench.block.request(true);
  }
  CHECK(bench.read(RECOV_ALERT_STS::offset) == 0);
  // The noise is still tested.
  CHECK(bench.drawn.size() > 10);
  CHECK(bench.read(REPCNTS_HI_WATERMARKS::offset) != 0);
}

TEST_CASE("inserted entropy goes round the conditioner in boot mode") {
  Bench bench(good_noise(24));
  bench.write(FW_OV_CONTROL::offset,
              FW_OV_CONTROL::FW_OV_MODE.place(yes) | FW_OV_CONTROL::FW_OV_ENTROPY_INSERT.place(yes));
  bench.enable();
  CHECK(bench.state() == idle);
  bench.block.request(true);
  for (uint32_t i = 0; i < 12; ++i) {
    CHECK(bench.seeds.empty());
    bench.write(FW_OV_WR_DATA::offset, 100 + i);
  }
  REQUIRE(bench.seeds.size() == 1);
  for (uint32_t i = 0; i < 12; ++i) CHECK(bench.seeds[0][i] == 100 + i);
  CHECK_FALSE(bench.fips_flags[0]);
}

TEST_CASE("stopping the insertion while it is full spoils two seeds") {
  Bench bench(good_noise(25));
  bench.configure(yes);
  bench.write(FW_OV_CONTROL::offset,
              FW_OV_CONTROL::FW_OV_MODE.place(yes) | FW_OV_CONTROL::FW_OV_ENTROPY_INSERT.place(yes));
  bench.write(FW_OV_SHA3_START::offset, yes);
  bench.write(FW_OV_SHA3_START::offset, no);
  CHECK(bench.read(RECOV_ALERT_STS::offset) == RECOV_ALERT_STS::ES_FW_OV_DISABLE_ALERT.mask());
  bench.enable();
  bench.block.request(true);
  for (unsigned round = 0; round < 3; ++round) {
    CHECK(bench.seeds.empty());
    bench.write(FW_OV_SHA3_START::offset, yes);
    bench.write(FW_OV_WR_DATA::offset, round);
    bench.write(FW_OV_WR_DATA::offset, round);
    bench.write(FW_OV_SHA3_START::offset, no);
    bench.run(100);
  }
  CHECK(bench.seeds.size() == 1);
}

TEST_CASE("registers are locked while the module is enabled, and for good by SW_REGUPD") {
  const uint32_t locked_offsets[] = {CONF::offset,
                                     ENTROPY_CONTROL::offset,
                                     HEALTH_TEST_WINDOWS::offset,
                                     REPCNT_THRESHOLDS::offset,
                                     REPCNTS_THRESHOLDS::offset,
                                     ADAPTP_HI_THRESHOLDS::offset,
                                     ADAPTP_LO_THRESHOLDS::offset,
                                     BUCKET_THRESHOLDS::offset,
                                     MARKOV_HI_THRESHOLDS::offset,
                                     MARKOV_LO_THRESHOLDS::offset,
                                     EXTHT_HI_THRESHOLDS::offset,
                                     EXTHT_LO_THRESHOLDS::offset,
                                     ALERT_THRESHOLD::offset,
                                     FW_OV_CONTROL::offset,
                                     OBSERVE_FIFO_THRESH::offset};
  Bench bench(good_noise(26));
  const auto nothing_changes = [&] {
    CHECK(bench.read(REGWEN::offset) == 0);
    for (const uint32_t offset : locked_offsets) {
      const uint32_t before = bench.read(offset);
      bench.write(offset, before ^ 0x0012'0012);
      CAPTURE(offset);
      CHECK(bench.read(offset) == before);
    }
  };
  CHECK(bench.read(REGWEN::offset) == 1);
  bench.enable();
  nothing_changes();
  bench.disable();
  CHECK(bench.read(REGWEN::offset) == 1);
  bench.write(SW_REGUPD::offset, 1);
  CHECK(bench.read(REGWEN::offset) == 1);
  bench.write(SW_REGUPD::offset, 0);
  nothing_changes();
  bench.write(SW_REGUPD::offset, 1);
  nothing_changes();

  bench.write(ME_REGWEN::offset, 0);
  bench.enable();
  CHECK(bench.read(MODULE_ENABLE::offset) == no);
  bench.block.reset(veer::Reset::warm);
  CHECK(bench.read(REGWEN::offset) == 1);
  bench.enable();
  CHECK(bench.read(MODULE_ENABLE::offset) == yes);
}

TEST_CASE("switches that are neither on nor off raise their alert as long as they are") {
  Bench bench(good_noise(27));
  using Alert = RECOV_ALERT_STS;
  const auto check = [&](uint32_t offset, const veer::Field& field, const veer::Field& alert) {
    const uint32_t before = bench.read(offset);
    bench.write(offset, field.insert(before, 0x3));
    CHECK(bench.read(Alert::offset) == alert.mask());
    bench.write(Alert::offset, 0);
    CHECK(bench.read(Alert::offset) == alert.mask());
    bench.write(offset, before);
    CHECK(bench.read(Alert::offset) == alert.mask());
    bench.write(Alert::offset, ~alert.mask());
    CHECK(bench.read(Alert::offset) == 0);
  };
  check(CONF::offset, CONF::FIPS_ENABLE, Alert::FIPS_ENABLE_FIELD_ALERT);
  check(CONF::offset, CONF::ENTROPY_DATA_REG_ENABLE, Alert::ENTROPY_DATA_REG_EN_FIELD_ALERT);
  check(CONF::offset, CONF::THRESHOLD_SCOPE, Alert::THRESHOLD_SCOPE_FIELD_ALERT);
  check(CONF::offset, CONF::RNG_BIT_ENABLE, Alert::RNG_BIT_ENABLE_FIELD_ALERT);
  check(ENTROPY_CONTROL::offset, ENTROPY_CONTROL::ES_ROUTE, Alert::ES_ROUTE_FIELD_ALERT);
  check(ENTROPY_CONTROL::offset, ENTROPY_CONTROL::ES_TYPE, Alert::ES_TYPE_FIELD_ALERT);
  check(FW_OV_CONTROL::offset, FW_OV_CONTROL::FW_OV_MODE, Alert::FW_OV_MODE_FIELD_ALERT);
  check(FW_OV_CONTROL::offset, FW_OV_CONTROL::FW_OV_ENTROPY_INSERT, Alert::FW_OV_ENTROPY_INSERT_FIELD_ALERT);
  check(FW_OV_SHA3_START::offset, FW_OV_SHA3_START::FW_OV_INSERT_START, Alert::FW_OV_SHA3_START_FIELD_ALERT);
  check(MODULE_ENABLE::offset, MODULE_ENABLE::MODULE_ENABLE_, Alert::MODULE_ENABLE_FIELD_ALERT);
  check(ALERT_THRESHOLD::offset, ALERT_THRESHOLD::ALERT_THRESHOLD_INV, Alert::ES_THRESH_CFG_ALERT);
}

TEST_CASE("error codes on demand") {
  struct Case {
    uint32_t code;
    bool error;
    bool fatal_when_disabled;
  };
  const Case cases[] = {{0, true, false},  {1, true, false},  {2, true, false},  {3, false, false}, {19, false, false},
                        {20, true, true},  {21, true, true},  {23, true, true},  {24, true, true},  {25, false, false},
                        {28, true, false}, {29, true, false}, {30, true, false}, {31, false, false}};
  for (const Case& each : cases) {
    for (const bool enabled : {false, true}) {
      Bench bench(good_noise(28));
      if (enabled) bench.enable();
      bench.write(ERR_CODE_TEST::offset, each.code);
      CAPTURE(each.code);
      CHECK(bench.read(ERR_CODE_TEST::offset) == each.code);
      CHECK(bench.read(ERR_CODE::offset) == (each.error ? 1U << each.code : 0));
      const bool fatal = (bench.read(INTERRUPT_STATE::offset) & INTERRUPT_STATE::ES_FATAL_ERR.mask()) != 0;
      CHECK(fatal == (each.error && (enabled || each.fatal_when_disabled)));
      bench.write(INTERRUPT_STATE::offset, 0xf);
      CHECK(bench.read(INTERRUPT_STATE::offset) == 0);
    }
  }
}

TEST_CASE("a counter error stops the state machine until a reset") {
  Bench bench(good_noise(29));
  bench.configure(yes);
  bench.enable();
  bench.run(1000);
  bench.write(ERR_CODE_TEST::offset, 22);
  CHECK(bench.state() == failed);
  const uint32_t errors = ERR_CODE::ES_CNTR_ERR.mask() | ERR_CODE::ES_MAIN_SM_ERR.mask();
  CHECK(bench.read(ERR_CODE::offset) == errors);
  bench.write(INTERRUPT_STATE::offset, 0xf);
  CHECK(bench.read(INTERRUPT_STATE::offset) == INTERRUPT_STATE::ES_FATAL_ERR.mask());
  bench.disable();
  bench.enable();
  bench.block.request(true);
  bench.run(20'000);
  CHECK(bench.state() == failed);
  CHECK(bench.seeds.empty());
  bench.block.reset(veer::Reset::firmware_update);
  CHECK(bench.state() == failed);
  bench.block.reset(veer::Reset::warm);
  CHECK(bench.state() == idle);
  CHECK(bench.read(ERR_CODE::offset) == 0);
  bench.configure(yes);
  bench.enable();
  bench.block.request(true);
  bench.run(6000);
  CHECK(bench.seeds.size() == 1);
}

TEST_CASE("interrupt events can be tried out and are cleared by ones") {
  Bench bench(good_noise(30));
  bench.write(INTERRUPT_TEST::offset, 0xffff'fff5);
  CHECK(bench.read(INTERRUPT_TEST::offset) == 0);
  CHECK(bench.read(INTERRUPT_STATE::offset) == 5);
  bench.write(INTERRUPT_STATE::offset, 4);
  CHECK(bench.read(INTERRUPT_STATE::offset) == 1);
  bench.write(INTERRUPT_ENABLE::offset, 0xffff'ffff);
  CHECK(bench.read(INTERRUPT_ENABLE::offset) == 0xf);
  bench.write(ALERT_TEST::offset, 3);
  CHECK(bench.read(ALERT_TEST::offset) == 0);
}

TEST_CASE("addresses that are no register's are refused; the registers repeat every 256 bytes") {
  Bench bench(good_noise(31));
  for (uint32_t offset = 0; offset < 0x1000; ++offset) {
    const bool there = offset % 4 == 0 && (offset & 0xff) <= MAIN_SM_STATE::offset;
    const auto status = there ? BusStatus::ok : BusStatus::target_error;
    CHECK(bench.block.read(offset, 1, Agent::core).status == status);
    CHECK(bench.block.write(offset, 1, 1, Agent::core) == status);
  }
  Bench fresh(good_noise(31));
  CHECK(fresh.read(0xf00 + REV::offset) == 0x0001'0303);
  CHECK(fresh.block.read(REV::offset, 1, Agent::core).data == 0x03);
  fresh.write(0x300 + INTERRUPT_ENABLE::offset, 5);
  CHECK(fresh.read(INTERRUPT_ENABLE::offset) == 5);
}

TEST_CASE("a reset loses everything but what the SoC asks for") {
  Bench bench(good_noise(32));
  bench.configure_as_rom();
  bench.enable();
  bench.run(10'000);
  bench.block.reset(veer::Reset::firmware_update);
  CHECK(bench.state() == continuous);
  bench.block.reset(veer::Reset::warm);
  for (const veer::Register& each : table) {
    uint32_t expected = 0;
    for (const veer::Field& field : each.fields) {
      if (field.core != veer::Access::wo) expected |= field.place(field.reset);
    }
    CAPTURE(each.name);
    CHECK(bench.read(each.offset) == expected);
  }
  const std::size_t before = bench.drawn.size();
  bench.run(10'000);
  CHECK(bench.drawn.size() == before);
}

TEST_CASE("looking changes nothing: a run that is watched is like one that is not") {
  const auto outcome = [](unsigned step) {
    Bench bench(good_noise(33));
    bench.configure(yes);
    bench.enable();
    bench.block.request(true);
    for (unsigned cycle = 0; cycle < 30'000; cycle += step) {
      bench.run(step);
      if (step < 30'000) bench.block.read(MAIN_SM_STATE::offset, 4, Agent::debugger);
    }
    bench.block.synchronize();
    veer::StateStream save;
    bench.block.state(save);
    CHECK(bench.seeds.size() == 1);
    CHECK(bench.seed_cycles[0] == 512 * 5 * 2 + 64);
    return save.take_output();
  };
  CHECK(outcome(30'000) == outcome(10));
}

TEST_CASE("a snapshot at any time continues as the original does") {
  for (unsigned at = 0; at < 14'000; at += 611) {
    auto engine = std::make_shared<std::mt19937>(34);
    Bench bench(good_noise(engine));
    bench.configure_as_rom();
    bench.write(FW_OV_CONTROL::offset,
                FW_OV_CONTROL::FW_OV_MODE.place(yes) | FW_OV_CONTROL::FW_OV_ENTROPY_INSERT.place(no));
    bench.enable();
    bench.run(at);
    if (at % 2 == 0) bench.block.request(true);
    bench.block.synchronize();
    veer::StateStream save;
    bench.clock.state(save);
    bench.block.state(save);

    Bench other(good_noise(std::make_shared<std::mt19937>(*engine)));
    veer::StateStream restore(save.output());
    other.clock.state(restore);
    other.block.state(restore);
    restore.finish();
    REQUIRE(restore.ok());
    const auto taken = bench.seeds.size();
    for (Bench* each : {&bench, &other}) {
      each->run(8'000);
      each->block.request(true);
      each->run(8'000);
      each->block.synchronize();
    }
    CHECK(std::vector(bench.seeds.begin() + static_cast<std::ptrdiff_t>(taken), bench.seeds.end()) == other.seeds);
    veer::StateStream first;
    veer::StateStream second;
    bench.block.state(first);
    other.block.state(second);
    CHECK(first.output() == second.output());
  }
}

TEST_CASE("a damaged snapshot is refused") {
  Bench bench(good_noise(35));
  bench.enable();
  bench.run(777);
  veer::StateStream save;
  bench.block.state(save);
  std::mt19937 random(36);
  for (unsigned round = 0; round < 300; ++round) {
    auto bytes = save.output();
    for (unsigned i = 0; i < 3; ++i)
      bytes[0x1000 + random() % (bytes.size() - 0x1000)] = static_cast<uint8_t>(random());
    Bench other(good_noise(35));
    veer::StateStream restore(bytes);
    other.block.state(restore);
    // Whatever came of it, nothing that follows may go wrong.
    for (uint32_t offset = 0; offset <= MAIN_SM_STATE::offset; offset += 4) other.read(offset);
    other.disable();
    other.enable();
    other.run(100);
    other.read(MAIN_SM_STATE::offset);
  }
}
