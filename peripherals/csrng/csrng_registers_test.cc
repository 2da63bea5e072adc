// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <doctest/doctest.h>

#include "iss/state_stream.h"
#include "peripherals/csrng/bench.h"
#include "peripherals/csrng/csrng.h"

using namespace caliptra;
using namespace caliptra::testing;

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
    CHECK(bench.ready() == (when == collecting));  // what it collects, it still takes
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
