// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <doctest/doctest.h>

#include "peripherals/entropy_src/bench.h"
#include "peripherals/entropy_src/entropy_src.h"

using namespace caliptra;
using namespace caliptra::testing;

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
      while (bench.read(FW_OV_WR_FIFO_FULL::offset) != 0) bench.run(1);
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

TEST_CASE("inserted words that don't wait for a block to be absorbed are lost") {
  for (const unsigned wait : {28U, 29U}) {
    Bench bench(good_noise(26));
    bench.configure(yes);
    bench.write(FW_OV_CONTROL::offset,
                FW_OV_CONTROL::FW_OV_MODE.place(yes) | FW_OV_CONTROL::FW_OV_ENTROPY_INSERT.place(yes));
    bench.enable();
    bench.block.request(true);
    bench.write(FW_OV_SHA3_START::offset, yes);
    std::vector<uint8_t> message;
    const auto insert = [&](uint32_t word, bool taken) {
      bench.write(FW_OV_WR_DATA::offset, word);
      for (unsigned byte = 0; taken && byte < 4; ++byte) message.push_back(static_cast<uint8_t>(word >> (8 * byte)));
    };
    for (uint32_t i = 0; i < 28; ++i) {
      CHECK(bench.read(FW_OV_WR_FIFO_FULL::offset) == 0);
      insert(i, true);
    }
    CHECK(bench.read(FW_OV_WR_FIFO_FULL::offset) == 1);
    bench.run(wait);
    const bool taken = wait == 29;
    CHECK(bench.read(FW_OV_WR_FIFO_FULL::offset) == (taken ? 0 : 1));
    insert(100, taken);
    CHECK(bench.read(RECOV_ALERT_STS::offset) == (taken ? 0 : RECOV_ALERT_STS::ES_FW_OV_WR_ALERT.mask()));
    bench.run(100);
    if (taken) insert(101, true);
    bench.write(FW_OV_SHA3_START::offset, no);
    bench.run(100);
    caliptra::crypto::Sha3_384 hash;
    hash.absorb(message);
    REQUIRE(bench.seeds.size() == 1);
    CHECK(bench.seeds[0] == words_of(hash.finish()));
  }
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
