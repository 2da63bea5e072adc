// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/csrng/csrng.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "iss/state_stream.h"
#include "peripherals/csrng/csrng_regs.h"

namespace {

using namespace caliptra::csrng_regs;
using caliptra::Csrng;
using caliptra::CtrDrbg;
using caliptra::DrbgData;
using caliptra::Generation;
using veer::Agent;
using veer::BusStatus;
using veer::TimingProfile;
using Words = std::vector<uint32_t>;

constexpr uint32_t yes = caliptra::multi_bit_true;
constexpr uint32_t no = caliptra::multi_bit_false;
constexpr TimingProfile both_profiles[] = {TimingProfile::rtl, TimingProfile::reference};

// CMD_REQ.acmd.
constexpr uint32_t instantiate = 1;
constexpr uint32_t reseed = 2;
constexpr uint32_t generate = 3;
constexpr uint32_t update = 4;
constexpr uint32_t uninstantiate = 5;

// MAIN_SM_STATE.
constexpr uint32_t idle = 0x4e;
constexpr uint32_t parse_command = 0xbb;
constexpr uint32_t instantiate_prepare = 0xc1;
constexpr uint32_t reseed_prepare = 0xdd;
constexpr uint32_t complete_wait = 0xbc;
constexpr uint32_t failed = 0x78;

constexpr uint32_t header(uint32_t command, uint32_t data_words, uint32_t flag0, uint32_t blocks) {
  return CMD_REQ::acmd.place(command) | CMD_REQ::clen.place(data_words) | CMD_REQ::flag0.place(flag0) |
         CMD_REQ::glen.place(blocks);
}

struct Bench {
  explicit Bench(TimingProfile profile = TimingProfile::rtl) : block(clock, profile, Generation::v1_1) {
    block.entropy_request.connect([this](bool level) {
      requests.push_back(level);
      if (level && answer_at_once) block.entropy(seed, true);
    });
  }

  uint32_t read(uint32_t offset) {
    const auto result = block.read(offset, 4, Agent::core);
    CHECK(result.ok());
    return result.data;
  }
  void write(uint32_t offset, uint32_t value) { CHECK(block.write(offset, 4, value, Agent::core) == BusStatus::ok); }
  uint32_t state() { return read(MAIN_SM_STATE::offset); }
  bool ready() { return SW_CMD_STS::CMD_RDY.get(read(SW_CMD_STS::offset)) != 0; }
  bool valid() { return GENBITS_VLD::GENBITS_VLD_.get(read(GENBITS_VLD::offset)) != 0; }

  void run(uint64_t cycles) {
    const uint64_t end = clock.now() + cycles;
    while (clock.next_deadline() <= end) {
      clock.advance_to(clock.next_deadline());
      clock.run_due();
    }
    clock.advance_to(end);
  }

  void enable() {
    write(CTRL::offset, CTRL::ENABLE.place(yes) | CTRL::SW_APP_ENABLE.place(yes) | CTRL::READ_INT_STATE.place(yes));
  }

  void wait_until_ready() {
    for (unsigned tries = 0; !ready() && tries < 100; ++tries) run(10);
    REQUIRE(ready());
  }
  void command(uint32_t command, uint32_t flag0 = no, const Words& data = {}, uint32_t blocks = 0) {
    wait_until_ready();
    write(CMD_REQ::offset, header(command, static_cast<uint32_t>(data.size()), flag0, blocks));
    for (const uint32_t word : data) {
      wait_until_ready();
      write(CMD_REQ::offset, word);
    }
    wait_until_ready();
  }
  Words read_blocks(unsigned blocks) {
    Words words;
    for (unsigned block_number = 0; block_number < blocks; ++block_number) {
      for (unsigned tries = 0; !valid() && tries < 100; ++tries) run(10);
      REQUIRE(valid());
      for (unsigned i = 0; i < 4; ++i) words.push_back(read(GENBITS::offset));
    }
    return words;
  }
  Words generate_blocks(unsigned blocks, const Words& data = {}) {
    command(generate, no, data, blocks);
    return read_blocks(blocks);
  }
  /// Counter, V, key and flags of the software instance.
  Words internal_state(uint32_t instance = 2) {
    write(INT_STATE_NUM::offset, instance);
    Words words(14);
    for (uint32_t& word : words) word = read(INT_STATE_VAL::offset);
    return words;
  }

  veer::Clock clock;
  bool answer_at_once = true;
  std::array<uint32_t, 12> seed{};
  std::vector<bool> requests;
  Csrng block;
};

DrbgData bytes_of(const Words& words) {
  DrbgData bytes{};
  for (std::size_t i = 0; i < 4 * words.size() && i < bytes.size(); ++i) {
    bytes[47 - i] = static_cast<uint8_t>(words[i / 4] >> (8 * (i % 4)));
  }
  return bytes;
}

DrbgData mixed(const DrbgData& first, const DrbgData& second) {
  DrbgData result;
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = first[i] ^ second[i];
  return result;
}

Words block_words(const caliptra::crypto::AesBlock& block) {
  Words words(4, 0);
  for (unsigned i = 0; i < 16; ++i) words[i / 4] |= uint32_t{block[15 - i]} << (8 * (i % 4));
  return words;
}

/// What a generate command gives, by the standard.
Words expected_blocks(CtrDrbg& drbg, unsigned blocks, const Words& data = {}) {
  const DrbgData additional = bytes_of(data);
  if (additional != DrbgData{}) drbg.update(additional);
  Words words;
  for (unsigned i = 0; i < blocks; ++i) {
    for (const uint32_t word : block_words(drbg.generate_block())) words.push_back(word);
  }
  drbg.update(additional);
  return words;
}

Words random_words(std::mt19937& random, std::size_t count) {
  Words words(count);
  for (uint32_t& word : words) word = static_cast<uint32_t>(random());
  return words;
}

const Words nist_seed = {0x73bec010, 0x9262474c, 0x16a30f76, 0x531b51de, 0x2ee494e5, 0xdfec9db3,
                         0xcb7a879d, 0x5600419c, 0xca79b0b0, 0xdda33b5c, 0xa468649e, 0xdf5d73fa};

}  // namespace

TEST_CASE("after a reset the registers hold what the table says") {
  Bench bench;
  for (const veer::Register& each : table) {
    uint32_t expected = 0;
    for (const veer::Field& field : each.fields) {
      if (field.core != veer::Access::wo) expected |= field.place(field.reset);
    }
    CAPTURE(each.name);
    CHECK(bench.read(each.offset) == expected);
  }
}

// The known answer of OpenTitan's csrng_smoketest.c, which the Caliptra drivers test on RTL as well: the
// second three blocks from NIST's seed.
TEST_CASE("NIST's seed gives the words that the RTL gives") {
  for (const TimingProfile profile : both_profiles) {
    Bench bench(profile);
    bench.enable();
    bench.command(uninstantiate);
    bench.command(instantiate, yes, nist_seed);
    bench.generate_blocks(3);
    CHECK(bench.generate_blocks(3) == Words{0x725eda90, 0xc79b4a14, 0xe43b74ac, 0x9d9a938b, 0xc395a610, 0x4c5a1483,
                                            0xa45f15e8, 0x2708cbef, 0x89eb63a9, 0x70cdc6bc, 0x710daba1, 0xed39808c});
    CHECK(bench.requests.empty());
    CHECK(GENBITS_VLD::GENBITS_FIPS.get(bench.read(GENBITS_VLD::offset)) == 0);
    CHECK(bench.read(ERR_CODE::offset) == 0);
    CHECK(bench.read(RECOV_ALERT_STS::offset) == 0);
    CHECK(bench.read(SW_CMD_STS::offset) == 1);
  }
}

TEST_CASE("long random sequences of commands agree with the standard") {
  for (const TimingProfile profile : both_profiles) {
    std::mt19937 random(1);
    Bench bench(profile);
    bench.enable();
    CtrDrbg drbg;
    for (unsigned round = 0; round < 300; ++round) {
      bench.run(400);  // what waits for the present seed gets it
      for (uint32_t& word : bench.seed) word = static_cast<uint32_t>(random());
      const Words seed(bench.seed.begin(), bench.seed.end());
      const Words data = random_words(random, random() % 13);
      const bool own = random() % 2 == 0;
      const DrbgData material = own ? bytes_of(data) : mixed(bytes_of(seed), bytes_of(data));
      switch (random() % 6) {
        case 0:
          bench.command(instantiate, own ? yes : no, data);
          drbg = {};
          drbg.update(material);
          break;
        case 1:
          bench.command(reseed, own ? yes : no, data);
          drbg.update(material);
          break;
        case 2:
          bench.command(update, no, data);
          drbg.update(bytes_of(data));
          break;
        case 3:
          if (round % 5 != 0) break;
          bench.command(uninstantiate);
          drbg = {};
          break;
        default: {
          const unsigned blocks = 1 + random() % 9;
          REQUIRE(bench.generate_blocks(blocks, data) == expected_blocks(drbg, blocks, data));
          break;
        }
      }
    }
  }
}

TEST_CASE("more than twelve words of additional data: the rest is taken and lost") {
  std::mt19937 random(2);
  Bench bench(TimingProfile::reference);
  bench.enable();
  const Words data = random_words(random, 15);
  bench.command(instantiate, yes, data);
  CtrDrbg drbg;
  drbg.update(bytes_of(Words(data.begin(), data.begin() + 12)));
  CHECK(bench.generate_blocks(1) == expected_blocks(drbg, 1));
  CHECK(bench.state() == idle);
}

TEST_CASE("one bit of acmd is not looked at") {
  Bench bench(TimingProfile::reference);
  bench.enable();
  bench.command(8 + instantiate, yes, nist_seed);
  CHECK(bench.internal_state()[0] == 1);
}

TEST_CASE("the words of a block come out as there is room for them, and the command ends with the last") {
  Bench bench;
  bench.enable();
  bench.command(instantiate, yes, nist_seed);
  bench.run(200);
  bench.write(INTERRUPT_STATE::offset, 0xf);
  bench.write(CMD_REQ::offset, header(generate, 0, no, 4));
  CHECK_FALSE(bench.valid());
  CHECK(bench.state() == complete_wait);
  bench.run(49);
  CHECK(bench.valid());
  bench.run(1000);
  // One block can be read, one waits, two are not made yet.
  CtrDrbg drbg;
  drbg.update(bytes_of(nist_seed));
  const Words expected = expected_blocks(drbg, 4);
  CHECK((bench.read(INTERRUPT_STATE::offset) & INTERRUPT_STATE::CS_CMD_REQ_DONE.mask()) == 0);
  CHECK(bench.block.peek(GENBITS::offset) == expected[0]);
  CHECK(bench.block.peek(GENBITS::offset) == expected[0]);
  for (unsigned i = 0; i < 8; ++i) CHECK(bench.read(GENBITS::offset) == expected[i]);
  CHECK_FALSE(bench.valid());
  CHECK(bench.read(GENBITS::offset) == expected[4]);  // not valid: what the packer happens to hold
  bench.run(200);
  CHECK(bench.valid());
  CHECK((bench.read(INTERRUPT_STATE::offset) & INTERRUPT_STATE::CS_CMD_REQ_DONE.mask()) == 0);
  for (unsigned i = 8; i < 12; ++i) CHECK(bench.read(GENBITS::offset) == expected[i]);
  bench.run(200);
  CHECK((bench.read(INTERRUPT_STATE::offset) & INTERRUPT_STATE::CS_CMD_REQ_DONE.mask()) != 0);
  for (unsigned i = 12; i < 16; ++i) CHECK(bench.read(GENBITS::offset) == expected[i]);
  CHECK_FALSE(bench.valid());
}

TEST_CASE("generating nothing gives a block, without the update that ends a generate") {
  Bench bench(TimingProfile::reference);
  bench.enable();
  bench.command(instantiate, yes, nist_seed);
  CtrDrbg drbg;
  drbg.update(bytes_of(nist_seed));
  CHECK(bench.generate_blocks(0 + 1) == expected_blocks(drbg, 1));
  bench.command(generate, no, {}, 0);
  CHECK(bench.read_blocks(1) == block_words(drbg.generate_block()));
  CHECK(bench.internal_state()[0] == 2);
  CHECK(bench.generate_blocks(2) == expected_blocks(drbg, 2));
}

TEST_CASE("all 4096 blocks that glen can ask for") {
  Bench bench(TimingProfile::reference);
  bench.enable();
  bench.command(instantiate, yes, nist_seed);
  CtrDrbg drbg;
  drbg.update(bytes_of(nist_seed));
  CHECK(bench.generate_blocks(4096) == expected_blocks(drbg, 4096));
}

TEST_CASE("the software queue: two words wait, a third is lost") {
  Bench bench;
  bench.enable();
  bench.write(CMD_REQ::offset, header(instantiate, 0, yes, 0));
  CHECK(bench.state() == complete_wait);
  bench.write(CMD_REQ::offset, header(update, 1, no, 0));
  CHECK(bench.ready());
  bench.write(CMD_REQ::offset, 0x1111'1111);
  CHECK_FALSE(bench.ready());
  bench.write(CMD_REQ::offset, 0x2222'2222);
  bench.run(1000);
  CHECK(bench.ready());
  CHECK(bench.state() == idle);
  CtrDrbg drbg;
  drbg.update({});
  drbg.update(bytes_of({0x1111'1111}));
  CHECK(bench.generate_blocks(1) == expected_blocks(drbg, 1));
  CHECK(bench.read(ERR_CODE::offset) == 0);
}

TEST_CASE("a seed is asked for and waited for") {
  Bench bench;
  bench.answer_at_once = false;
  bench.enable();
  bench.seed = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  bench.write(CMD_REQ::offset, header(instantiate, 0, no, 0));
  CHECK(bench.block.entropy_request.level());
  CHECK(bench.state() == instantiate_prepare);
  CHECK(bench.read(INTERRUPT_STATE::offset) == INTERRUPT_STATE::CS_ENTROPY_REQ.mask());
  bench.write(INTERRUPT_STATE::offset, 0xf);
  CHECK(bench.read(INTERRUPT_STATE::offset) == INTERRUPT_STATE::CS_ENTROPY_REQ.mask());
  bench.run(10'000);
  CHECK(bench.state() == instantiate_prepare);
  bench.block.entropy(bench.seed, true);
  CHECK_FALSE(bench.block.entropy_request.level());
  CHECK(bench.state() == complete_wait);
  bench.run(100);
  CHECK(bench.state() == idle);
  bench.write(INTERRUPT_STATE::offset, 0xf);
  CHECK(bench.read(INTERRUPT_STATE::offset) == 0);

  CtrDrbg drbg;
  drbg.update(bytes_of(Words(bench.seed.begin(), bench.seed.end())));
  CHECK(bench.generate_blocks(1) == expected_blocks(drbg, 1));
  CHECK(GENBITS_VLD::GENBITS_FIPS.get(bench.read(GENBITS_VLD::offset)) == 1);

  // A seed that nobody waits for is not taken.
  bench.block.entropy({}, false);
  CHECK(bench.generate_blocks(1) == expected_blocks(drbg, 1));

  bench.write(CMD_REQ::offset, header(reseed, 1, no, 0));
  CHECK_FALSE(bench.block.entropy_request.level());
  CHECK(bench.state() == parse_command);
  bench.write(CMD_REQ::offset, 0xabcd);
  CHECK(bench.block.entropy_request.level());
  CHECK(bench.state() == reseed_prepare);
  bench.block.entropy(bench.seed, false);
  bench.run(200);
  drbg.update(mixed(bytes_of(Words(bench.seed.begin(), bench.seed.end())), bytes_of({0xabcd})));
  CHECK(bench.generate_blocks(2) == expected_blocks(drbg, 2));
  CHECK(GENBITS_VLD::GENBITS_FIPS.get(bench.read(GENBITS_VLD::offset)) == 0);
}

TEST_CASE("commands it does not know hang it until it is disabled; they are no crash and no error code") {
  for (const TimingProfile profile : both_profiles) {
    for (const uint32_t command : {0U, 6U, 7U, 8U, 14U, 15U}) {
      Bench bench(profile);
      bench.enable();
      bench.command(instantiate, yes, nist_seed);
      bench.run(200);
      bench.write(INTERRUPT_STATE::offset, 0xf);
      bench.write(CMD_REQ::offset, header(command, 1, no, 1));
      const uint32_t alert = RECOV_ALERT_STS::CS_MAIN_SM_ALERT.mask();
      CHECK(bench.read(RECOV_ALERT_STS::offset) == alert);
      bench.write(CMD_REQ::offset, 5);
      CHECK(bench.state() == parse_command);
      bench.write(RECOV_ALERT_STS::offset, 0);
      CHECK(bench.read(RECOV_ALERT_STS::offset) == alert);
      CHECK(bench.ready());
      bench.write(CMD_REQ::offset, header(generate, 0, no, 1));
      bench.write(CMD_REQ::offset, header(generate, 0, no, 1));
      bench.run(10'000);
      CHECK_FALSE(bench.ready());
      CHECK_FALSE(bench.valid());
      CHECK(bench.read(ERR_CODE::offset) == 0);
      CHECK(bench.read(INTERRUPT_STATE::offset) == 0);

      bench.write(CTRL::offset, 0x999);
      CHECK(bench.ready());
      CHECK(bench.state() == idle);
      bench.write(RECOV_ALERT_STS::offset, 0);
      CHECK(bench.read(RECOV_ALERT_STS::offset) == 0);
      bench.enable();
      bench.command(instantiate, yes, nist_seed);
      CtrDrbg drbg;
      drbg.update(bytes_of(nist_seed));
      CHECK(bench.generate_blocks(1) == expected_blocks(drbg, 1));
    }
  }
}

TEST_CASE("an instance that never was gives blocks from nothing, as in the RTL") {
  Bench bench(TimingProfile::reference);
  bench.enable();
  CtrDrbg drbg;
  CHECK(bench.generate_blocks(2) == expected_blocks(drbg, 2));
  const Words state = bench.internal_state();
  CHECK(state[0] == 1);
  CHECK(state[13] == 1);
}

TEST_CASE("the internal state can be read while CTRL allows it") {
  Bench bench(TimingProfile::reference);
  bench.enable();
  bench.seed = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
  bench.command(instantiate, no);
  CtrDrbg drbg;
  drbg.update(bytes_of(Words(bench.seed.begin(), bench.seed.end())));
  const auto expected = [&](uint32_t counter, uint32_t flags) {
    Words words = {counter};
    for (const uint32_t word : block_words(drbg.v)) words.push_back(word);
    for (unsigned half : {1U, 0U}) {
      caliptra::crypto::AesBlock part;
      std::copy_n(drbg.key.begin() + 16 * half, 16, part.begin());
      for (const uint32_t word : block_words(part)) words.push_back(word);
    }
    words.push_back(flags);
    return words;
  };
  CHECK(bench.internal_state() == expected(1, 3));
  // It goes round.
  CHECK(bench.read(INT_STATE_VAL::offset) == 1);
  bench.generate_blocks(3);
  for (unsigned i = 0; i < 3; ++i) (void)drbg.generate_block();
  drbg.update({});
  CHECK(bench.internal_state() == expected(2, 3));
  CHECK(bench.block.peek(INT_STATE_VAL::offset) == 2);
  CHECK(bench.block.peek(INT_STATE_VAL::offset) == 2);
  for (const uint32_t other : {0U, 1U, 3U, 15U}) CHECK(bench.internal_state(other) == Words(14, 0));

  bench.command(uninstantiate);
  CHECK(bench.internal_state() == Words(14, 0));
  bench.command(instantiate, no);
  bench.write(CTRL::offset, CTRL::ENABLE.place(yes) | CTRL::SW_APP_ENABLE.place(yes) | CTRL::READ_INT_STATE.place(no));
  CHECK(bench.internal_state() == Words(14, 0));
}

TEST_CASE("GENBITS reads 0 without SW_APP_ENABLE, and the words are gone") {
  Bench bench(TimingProfile::reference);
  bench.write(CTRL::offset, CTRL::ENABLE.place(yes) | CTRL::SW_APP_ENABLE.place(no) | CTRL::READ_INT_STATE.place(no));
  bench.command(instantiate, yes, nist_seed);
  bench.command(generate, no, {}, 1);
  CHECK(bench.valid());
  for (unsigned i = 0; i < 4; ++i) CHECK(bench.read(GENBITS::offset) == 0);
  CHECK_FALSE(bench.valid());
}

TEST_CASE("disabling forgets everything, also what is under way") {
  Bench bench;
  bench.answer_at_once = false;
  bench.write(CMD_REQ::offset, header(instantiate, 0, yes, 0));  // ignored: it is disabled
  bench.enable();
  CHECK(bench.state() == idle);
  bench.command(instantiate, yes, nist_seed);
  bench.command(generate, no, {}, 3);
  bench.run(20);
  bench.write(CTRL::offset, 0x999);
  bench.run(1000);
  CHECK_FALSE(bench.valid());
  CHECK(bench.read(GENBITS::offset) == 0);
  bench.enable();
  CHECK(bench.internal_state() == Words(14, 0));
  bench.write(CMD_REQ::offset, header(instantiate, 0, no, 0));
  CHECK(bench.block.entropy_request.level());
  bench.write(CTRL::offset, 0x999);
  CHECK_FALSE(bench.block.entropy_request.level());
  bench.block.entropy(bench.seed, true);
  bench.enable();
  CHECK(bench.internal_state() == Words(14, 0));
}

TEST_CASE("the same block twice raises the bus-compare alert") {
  Bench bench(TimingProfile::reference);
  bench.enable();
  bench.command(instantiate, yes, nist_seed);
  bench.generate_blocks(1);
  CHECK(bench.read(RECOV_ALERT_STS::offset) == 0);
  bench.command(instantiate, yes, nist_seed);
  bench.generate_blocks(1);
  CHECK(bench.read(RECOV_ALERT_STS::offset) == RECOV_ALERT_STS::CS_BUS_CMP_ALERT.mask());
  bench.write(RECOV_ALERT_STS::offset, ~RECOV_ALERT_STS::CS_BUS_CMP_ALERT.mask());
  CHECK(bench.read(RECOV_ALERT_STS::offset) == 0);
}

TEST_CASE("switches that are neither on nor off raise their alert as long as they are") {
  Bench bench(TimingProfile::reference);
  const auto check = [&](const veer::Field& field, const veer::Field& alert) {
    bench.write(CTRL::offset, field.insert(0x999, 0x3));
    bench.write(RECOV_ALERT_STS::offset, 0);
    CHECK(bench.read(RECOV_ALERT_STS::offset) == alert.mask());
    bench.write(CTRL::offset, 0x999);
    bench.write(RECOV_ALERT_STS::offset, 0);
    CHECK(bench.read(RECOV_ALERT_STS::offset) == 0);
  };
  check(CTRL::ENABLE, RECOV_ALERT_STS::ENABLE_FIELD_ALERT);
  check(CTRL::SW_APP_ENABLE, RECOV_ALERT_STS::SW_APP_ENABLE_FIELD_ALERT);
  check(CTRL::READ_INT_STATE, RECOV_ALERT_STS::READ_INT_STATE_FIELD_ALERT);

  bench.enable();
  const uint32_t flag_alert = RECOV_ALERT_STS::ACMD_FLAG0_FIELD_ALERT.mask();
  bench.command(update, 0x3);  // flag0 is looked at for seeds only
  CHECK(bench.read(RECOV_ALERT_STS::offset) == 0);
  bench.command(instantiate, 0x3);
  CHECK(bench.requests.size() == 2);  // whatever is not "true" asks for a seed
  bench.write(RECOV_ALERT_STS::offset, 0);
  CHECK(bench.read(RECOV_ALERT_STS::offset) == flag_alert);
  bench.command(reseed, no);
  bench.write(RECOV_ALERT_STS::offset, 0);
  CHECK(bench.read(RECOV_ALERT_STS::offset) == 0);
}

TEST_CASE("error codes on demand") {
  for (uint32_t code = 0; code < 32; ++code) {
    for (const bool enabled : {false, true}) {
      if (code == 26) continue;
      Bench bench;
      if (enabled) bench.enable();
      bench.write(ERR_CODE_TEST::offset, code);
      const bool fifo = code <= 15 || (code >= 28 && code <= 30);
      const bool machine = code >= 20 && code <= 25;
      CAPTURE(code);
      CHECK(bench.read(ERR_CODE::offset) == ((fifo || machine) && enabled ? 1U << code : 0));
      const bool fatal = bench.read(INTERRUPT_STATE::offset) == INTERRUPT_STATE::CS_FATAL_ERR.mask();
      CHECK(fatal == (machine || (fifo && enabled)));
      bench.write(INTERRUPT_STATE::offset, 0xf);
      CHECK(bench.read(INTERRUPT_STATE::offset) == 0);
      CHECK(bench.state() == idle);
    }
  }
}

TEST_CASE("a counter error stops the main state machine until a reset") {
  enum When { before, asking, collecting, computing };
  for (const When when : {before, asking, collecting, computing}) {
    Bench bench;
    bench.answer_at_once = false;
    bench.enable();
    if (when == asking) bench.write(CMD_REQ::offset, header(instantiate, 0, no, 0));
    if (when == collecting) bench.write(CMD_REQ::offset, header(instantiate, 2, yes, 0));
    if (when == computing) bench.write(CMD_REQ::offset, header(instantiate, 0, yes, 0));
    bench.write(ERR_CODE_TEST::offset, 26);
    CHECK(bench.state() == failed);
    CHECK(bench.read(ERR_CODE::offset) == (ERR_CODE::CMD_GEN_CNT_ERR.mask() | ERR_CODE::MAIN_SM_ERR.mask()));
    bench.write(INTERRUPT_STATE::offset, 0xf);
    CHECK(bench.read(INTERRUPT_STATE::offset) == INTERRUPT_STATE::CS_FATAL_ERR.mask());
    CHECK_FALSE(bench.block.entropy_request.level());
    bench.write(CMD_REQ::offset, header(generate, 0, no, 1));
    bench.write(CMD_REQ::offset, header(generate, 0, no, 1));
    bench.run(1000);
    CHECK_FALSE(bench.valid());
    CHECK_FALSE(bench.ready());
    bench.write(CTRL::offset, 0x999);
    CHECK(bench.state() == failed);
    bench.block.reset(veer::Reset::firmware_update);
    CHECK(bench.state() == failed);
    bench.block.reset(veer::Reset::warm);
    CHECK(bench.state() == idle);
    CHECK(bench.read(ERR_CODE::offset) == 0);
    bench.enable();
    bench.command(instantiate, yes, nist_seed);
    CHECK(bench.generate_blocks(1).size() == 4);
  }
}

TEST_CASE("REGWEN locks CTRL and ERR_CODE_TEST until a reset") {
  Bench bench;
  bench.enable();
  bench.write(REGWEN::offset, 0);
  bench.write(REGWEN::offset, 1);
  CHECK(bench.read(REGWEN::offset) == 0);
  bench.write(CTRL::offset, 0x999);
  CHECK(bench.read(CTRL::offset) == 0x666);
  bench.write(ERR_CODE_TEST::offset, 26);
  CHECK(bench.read(ERR_CODE_TEST::offset) == 0);
  CHECK(bench.read(ERR_CODE::offset) == 0);
  CHECK(bench.state() == idle);
  bench.command(instantiate, yes, nist_seed);
  bench.block.reset(veer::Reset::cold);
  bench.write(CTRL::offset, 0x996);
  CHECK(bench.read(CTRL::offset) == 0x996);
}

TEST_CASE("interrupt events can be tried out and are cleared by ones; HW_EXC_STS stays 0") {
  Bench bench;
  bench.write(INTERRUPT_TEST::offset, 0xffff'fff5);
  CHECK(bench.read(INTERRUPT_TEST::offset) == 0);
  CHECK(bench.read(INTERRUPT_STATE::offset) == 5);
  bench.write(INTERRUPT_STATE::offset, 4);
  CHECK(bench.read(INTERRUPT_STATE::offset) == 1);
  bench.write(HW_EXC_STS::offset, 0xffff);
  CHECK(bench.read(HW_EXC_STS::offset) == 0);
}

TEST_CASE("addresses that are no register's are refused; the registers repeat every 128 bytes") {
  Bench bench;
  for (uint32_t offset = 0; offset < 0x1000; ++offset) {
    const bool there = offset % 4 == 0 && (offset & 0x7f) <= MAIN_SM_STATE::offset;
    const auto status = there ? BusStatus::ok : BusStatus::target_error;
    CHECK(bench.block.read(offset, 1, Agent::core).status == status);
    CHECK(bench.block.write(offset, 1, 0, Agent::core) == status);
  }
  CHECK(Bench().read(0x80 + MAIN_SM_STATE::offset) == idle);
}

TEST_CASE("a snapshot at any time continues as the original does") {
  for (unsigned at = 0; at < 700; at += 7) {
    Bench bench;
    bench.answer_at_once = false;
    bench.seed = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    Bench other;
    other.answer_at_once = false;
    const auto go_on = [&](Bench& each, unsigned from, unsigned to) {
      Words output;
      for (unsigned step = from; step < to; ++step) {
        each.run(1);
        if (step == 10) each.enable();
        if (step == 11) each.write(CMD_REQ::offset, header(instantiate, 2, no, 0));
        if (step == 30) each.write(CMD_REQ::offset, 0x1234);
        if (step == 50) each.write(CMD_REQ::offset, 0x5678);
        if (step == 90) each.block.entropy(bench.seed, true);
        if (step == 100) each.write(CMD_REQ::offset, header(generate, 1, no, 3));
        if (step == 101) each.write(CMD_REQ::offset, 0x9abc);
        if (step >= 300 && step % 20 == 0 && each.valid()) output.push_back(each.read(GENBITS::offset));
      }
      return output;
    };
    go_on(bench, 0, at);
    veer::StateStream save;
    bench.clock.state(save);
    bench.block.state(save);
    veer::StateStream restore(save.output());
    other.clock.state(restore);
    other.block.state(restore);
    restore.finish();
    REQUIRE(restore.ok());
    CHECK(other.block.entropy_request.level() == bench.block.entropy_request.level());
    const Words first = go_on(bench, at, 1000);
    const Words second = go_on(other, at, 1000);
    if (at < 300) CHECK(first.size() == 12);
    CHECK(first == second);
    veer::StateStream first_state;
    veer::StateStream second_state;
    bench.block.state(first_state);
    other.block.state(second_state);
    CHECK(first_state.output() == second_state.output());
  }
}

TEST_CASE("a damaged snapshot is refused or harmless") {
  Bench bench;
  bench.enable();
  bench.command(instantiate, yes, nist_seed);
  bench.command(generate, no, {}, 3);
  bench.run(300);
  veer::StateStream save;
  bench.block.state(save);
  std::mt19937 random(36);
  for (unsigned round = 0; round < 300; ++round) {
    auto bytes = save.output();
    for (unsigned i = 0; i < 3; ++i) {
      bytes[0x1000 + random() % (bytes.size() - 0x1000)] = static_cast<uint8_t>(random());
    }
    Bench other;
    veer::StateStream restore(bytes);
    other.block.state(restore);
    for (uint32_t offset = 0; offset <= MAIN_SM_STATE::offset; offset += 4) other.read(offset);
    for (uint32_t i = 0; i < 20; ++i) {
      other.write(CMD_REQ::offset, i);
      other.run(50);
      other.read(GENBITS::offset);
    }
  }
}
