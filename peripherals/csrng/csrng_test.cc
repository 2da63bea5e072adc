// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/csrng/csrng.h"

#include <doctest/doctest.h>

#include "peripherals/csrng/bench.h"

using namespace caliptra;
using namespace caliptra::testing;

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
