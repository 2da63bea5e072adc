// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/hmac384/hmac384.h"

#include <doctest/doctest.h>

#include <vector>

#include "iss/state_stream.h"
#include "peripherals/common/fake_vaults.h"
#include "peripherals/crypto/bytes.h"
#include "peripherals/crypto/sha2.h"
#include "peripherals/crypto/test_support.h"
#include "peripherals/hmac384/hmac384_regs.h"

namespace {

using namespace caliptra;
using namespace caliptra::hmac384_regs;
using crypto::testing::RandomBytes;
using veer::Agent;
using veer::Reset;
using Words = std::vector<uint32_t>;
using Bytes = std::vector<uint8_t>;

constexpr uint32_t init = HMAC384_CTRL::INIT.mask();
constexpr uint32_t next = HMAC384_CTRL::NEXT.mask();
constexpr uint32_t zeroize = HMAC384_CTRL::ZEROIZE.mask();
constexpr uint32_t ready = HMAC384_STATUS::READY.mask();
constexpr uint32_t valid = HMAC384_STATUS::VALID.mask();
constexpr uint32_t enable = 1;  // read_en, write_en
constexpr uint32_t entry(unsigned slot) { return slot << 1; }
constexpr uint8_t use(KeyUse bit) { return static_cast<uint8_t>(1U << static_cast<unsigned>(bit)); }

Words to_words(const Bytes& bytes) {
  Words words(bytes.size() / 4);
  for (std::size_t i = 0; i < bytes.size(); ++i) words[i / 4] = words[i / 4] << 8 | bytes[i];
  return words;
}

Words tag_of(const Bytes& key, const Bytes& message) {
  const auto words = crypto::big_endian_words(crypto::hmac_sha384(key, message));
  return {words.begin(), words.end()};
}

Bytes to_bytes(const VaultData& data) {
  Bytes bytes;
  for (unsigned i = 0; i < data.count; ++i) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<uint8_t>(data.words[i] >> shift));
  }
  return bytes;
}

/// The message as the engine wants it: padded, with the key's block counted in the length.
Bytes padded(Bytes message) {
  const std::size_t bits = 8 * (message.size() + 128);
  message.push_back(0x80);
  while (message.size() % 128 != 112) message.push_back(0);
  message.resize(message.size() + 12);
  for (int shift = 24; shift >= 0; shift -= 8) message.push_back(static_cast<uint8_t>(bits >> shift));
  return message;
}

struct Bench {
  explicit Bench(Generation generation = Generation::v1_1, veer::TimingProfile profile = veer::TimingProfile::reference)
      : timing(EngineTiming::of(profile, generation)), hmac(clock, timing, generation, keys) {}

  void write(uint32_t offset, uint32_t value) {
    REQUIRE(hmac.write(offset, 4, value, Agent::core) == veer::BusStatus::ok);
  }
  void write(uint32_t offset, const Words& words) {
    for (std::size_t i = 0; i < words.size(); ++i) write(offset + 4 * static_cast<uint32_t>(i), words[i]);
  }
  uint32_t read(uint32_t offset) { return hmac.read(offset, 4, Agent::core).data; }
  void run(uint64_t cycles) {
    const uint64_t end = clock.now() + cycles;
    while (clock.next_deadline() <= end) {
      clock.advance_to(clock.next_deadline());
      clock.run_due();
    }
    clock.advance_to(end);
  }
  Words tag() {
    Words result;
    for (unsigned i = 0; i < 12; ++i) result.push_back(read(HMAC384_TAG::offset + 4 * i));
    return result;
  }
  void write_block(const Bytes& message, std::size_t at) {
    write(HMAC384_BLOCK::offset, to_words(Bytes(message.begin() + static_cast<std::ptrdiff_t>(at),
                                                message.begin() + static_cast<std::ptrdiff_t>(at) + 128)));
  }
  Words compute(const Bytes& key, const Bytes& message) {
    const Bytes blocks = padded(message);
    write(HMAC384_KEY::offset, to_words(key));
    for (std::size_t at = 0; at < blocks.size(); at += 128) {
      write_block(blocks, at);
      write(HMAC384_CTRL::offset, at == 0 ? init : next);
      run(1000);
      REQUIRE(read(HMAC384_STATUS::offset) == (ready | valid));
    }
    return tag();
  }
  void set_entry(unsigned slot, RandomBytes& random, unsigned count, uint8_t dest_valid) {
    auto& each = keys.entries[slot];
    each.data = {};
    for (unsigned i = 0; i < count; ++i) each.data.words[i] = random.word();
    each.data.count = count;
    each.dest_valid = dest_valid;
  }

  veer::Clock clock;
  EngineTiming timing;
  testing::FakeKeyVault keys;
  Hmac384 hmac;
};

}  // namespace

TEST_CASE("hmac384: identity and what a reset leaves") {
  Bench bench;
  CHECK(bench.read(HMAC384_NAME::offset) == 0x6163'686d);
  CHECK(bench.read(HMAC384_NAME::offset + 4) == 0x6132'7368);
  CHECK(bench.read(HMAC384_VERSION::offset) == 0x3030'312e);
  CHECK(bench.read(HMAC384_VERSION::offset + 4) == 0);
  CHECK(bench.read(HMAC384_STATUS::offset) == ready);
  CHECK(bench.read(HMAC384_KV_RD_KEY_STATUS::offset) == 1);
  CHECK(bench.read(HMAC384_KV_RD_BLOCK_STATUS::offset) == 1);
  CHECK(bench.read(HMAC384_KV_WR_STATUS::offset) == 1);
  CHECK(bench.tag() == Words(12));
  // The key can't be read back.
  bench.write(HMAC384_KEY::offset, 1);
  CHECK(bench.read(HMAC384_KEY::offset) == 0);
}

TEST_CASE("hmac384: whole messages") {
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    Bench bench(generation);
    RandomBytes random(1);
    for (int round = 0; round < 1500; ++round) {
      const Bytes key = random.bytes(48);
      const Bytes message = random.bytes(round < 300 ? static_cast<std::size_t>(round) : random.below(600));
      bench.write(HMAC384_LFSR_SEED::offset, random.word());
      REQUIRE(bench.compute(key, message) == tag_of(key, message));
    }
  }
}

TEST_CASE("hmac384: status changes exactly when the profile says") {
  for (const auto profile : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
    Bench bench(Generation::v1_1, profile);
    const bool rtl = profile == veer::TimingProfile::rtl;
    for (const auto& [command, cycles] : {std::pair{init, rtl ? 280U : 1000U}, std::pair{next, rtl ? 188U : 1000U}}) {
      bench.write(HMAC384_CTRL::offset, command);
      CHECK(bench.read(HMAC384_STATUS::offset) == 0);
      CHECK(bench.hmac.busy.level());
      bench.run(cycles - 1);
      CHECK(bench.read(HMAC384_STATUS::offset) == 0);
      bench.run(1);
      CHECK(bench.read(HMAC384_STATUS::offset) == (ready | valid));
      CHECK_FALSE(bench.hmac.busy.level());
    }
  }
}

TEST_CASE("hmac384: key, block and tag through the key vault") {
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    Bench bench(generation);
    RandomBytes random(2);
    for (const unsigned count : {12U, 7U, 1U}) {
      bench.set_entry(1, random, 12, use(KeyUse::hmac_key));
      bench.set_entry(2, random, count, use(KeyUse::hmac_block));
      bench.write(HMAC384_KV_RD_KEY_CTRL::offset, enable | entry(1));
      CHECK(bench.read(HMAC384_KV_RD_KEY_STATUS::offset) == 0);
      CHECK(bench.hmac.busy.level());
      bench.run(99);
      CHECK(bench.read(HMAC384_KV_RD_KEY_STATUS::offset) == 0);
      bench.run(1);
      CHECK(bench.read(HMAC384_KV_RD_KEY_STATUS::offset) == 3);
      bench.write(HMAC384_KV_RD_BLOCK_CTRL::offset, enable | entry(2));
      bench.run(100);
      CHECK(bench.read(HMAC384_KV_RD_BLOCK_STATUS::offset) == 3);
      bench.write(HMAC384_KV_WR_CTRL::offset, enable | entry(3) | HMAC384_KV_WR_CTRL::ecc_seed_dest_valid.mask() |
                                                  HMAC384_KV_WR_CTRL::hmac_key_dest_valid.mask());
      bench.write(HMAC384_CTRL::offset, init);
      bench.run(1000);
      CHECK(bench.read(HMAC384_STATUS::offset) == (ready | valid));
      CHECK(bench.read(HMAC384_KV_WR_STATUS::offset) == 0);
      bench.run(100);
      CHECK(bench.read(HMAC384_KV_WR_STATUS::offset) == 3);
      const auto& result = bench.keys.entries[3];
      CHECK(to_words(to_bytes(result.data)) ==
            tag_of(to_bytes(bench.keys.entries[1].data), to_bytes(bench.keys.entries[2].data)));
      CHECK(result.dest_valid == (use(KeyUse::ecc_seed) | use(KeyUse::hmac_key)));
      CHECK(bench.tag() == Words(12));
      // write_en has been used up, and nothing of the key is left.
      CHECK((bench.read(HMAC384_KV_WR_CTRL::offset) & enable) == 0);
      const Bytes message = random.bytes(5);
      bench.write_block(padded(message), 0);
      bench.write(HMAC384_CTRL::offset, init);
      bench.run(1000);
      CHECK(bench.tag() == tag_of(Bytes(48), message));
      bench.write(HMAC384_CTRL::offset, zeroize);
    }
  }
}

TEST_CASE("hmac384: several blocks under a key from the vault") {
  Bench bench;
  RandomBytes random(3);
  bench.set_entry(1, random, 12, use(KeyUse::hmac_key));
  const Bytes message = random.bytes(300);
  const Bytes blocks = padded(message);
  for (std::size_t at = 0; at < blocks.size(); at += 128) {
    bench.write(HMAC384_KV_RD_KEY_CTRL::offset, enable | entry(1));
    bench.run(100);
    bench.write(HMAC384_KV_WR_CTRL::offset, enable | entry(9));
    bench.write_block(blocks, at);
    bench.write(HMAC384_CTRL::offset, at == 0 ? init : next);
    bench.run(1100);
  }
  CHECK(to_words(to_bytes(bench.keys.entries[9].data)) == tag_of(to_bytes(bench.keys.entries[1].data), message));
  CHECK(bench.tag() == Words(12));
}

TEST_CASE("hmac384: a tag made of vault data never shows") {
  Bench bench;
  RandomBytes random(4);
  bench.set_entry(2, random, 12, use(KeyUse::hmac_block));
  bench.write(HMAC384_KEY::offset, Words(12, 1));
  bench.write(HMAC384_KV_RD_BLOCK_CTRL::offset, enable | entry(2));
  bench.run(100);
  bench.write(HMAC384_CTRL::offset, init);
  bench.run(1000);
  CHECK(bench.read(HMAC384_STATUS::offset) == (ready | valid));
  CHECK(bench.tag() == Words(12));
  CHECK(bench.keys.writes == 0);
}

TEST_CASE("hmac384: a block read like a PCR is not padded") {
  Bench bench;
  RandomBytes random(5);
  bench.set_entry(2, random, 12, use(KeyUse::hmac_block));
  bench.set_entry(1, random, 12, use(KeyUse::hmac_key));
  Bytes message = to_bytes(bench.keys.entries[2].data);
  const Bytes tail = random.bytes(20);
  message.insert(message.end(), tail.begin(), tail.end());
  bench.write(HMAC384_KV_RD_KEY_CTRL::offset, enable | entry(1));
  bench.write(HMAC384_KV_RD_BLOCK_CTRL::offset, enable | entry(2) | HMAC384_KV_RD_BLOCK_CTRL::pcr_hash_extend.mask());
  bench.run(100);
  Bytes rest = padded(message);
  std::fill_n(rest.begin(), 48, 0xee);
  bench.write_block(rest, 0);
  bench.write(HMAC384_KV_WR_CTRL::offset, enable | entry(3));
  bench.write(HMAC384_CTRL::offset, init);
  bench.run(1100);
  CHECK(to_words(to_bytes(bench.keys.entries[3].data)) == tag_of(to_bytes(bench.keys.entries[1].data), message));
}

TEST_CASE("hmac384: locks since RTL 1.1") {
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    Bench bench(generation);
    RandomBytes random(6);
    bench.set_entry(1, random, 12, use(KeyUse::hmac_key));
    bench.set_entry(2, random, 12, use(KeyUse::hmac_block));
    const Bytes key = to_bytes(bench.keys.entries[1].data), block = to_bytes(bench.keys.entries[2].data);
    bench.write(HMAC384_KV_RD_KEY_CTRL::offset, enable | entry(1));
    bench.write(HMAC384_KV_RD_BLOCK_CTRL::offset, enable | entry(2));
    bench.write(HMAC384_CTRL::offset, init);
    // RTL 1.0 starts on half a key; 1.1 ignores the command.
    CHECK(bench.read(HMAC384_STATUS::offset) == (generation == Generation::v1_0 ? 0 : ready));
    bench.run(1000);
    if (generation == Generation::v1_0) continue;
    bench.write(HMAC384_KEY::offset, Words(12, 0x5555'5555));
    bench.write(HMAC384_BLOCK::offset, Words(32, 0x5555'5555));
    bench.write(HMAC384_KV_WR_CTRL::offset, enable | entry(3));
    bench.write(HMAC384_CTRL::offset, init);
    bench.run(1100);
    CHECK(to_words(to_bytes(bench.keys.entries[3].data)) == tag_of(key, block));
  }
}

TEST_CASE("hmac384: refused reads and writes") {
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    Bench bench(generation);
    RandomBytes random(7);
    bench.set_entry(1, random, 12, use(KeyUse::hmac_block));
    bench.set_entry(2, random, 12, use(KeyUse::hmac_key));
    bench.write(HMAC384_KEY::offset, Words(12, 0x7777'7777));
    bench.write(HMAC384_KV_RD_KEY_CTRL::offset, enable | entry(1));
    bench.write(HMAC384_KV_RD_BLOCK_CTRL::offset, enable | entry(2));
    bench.run(100);
    CHECK(bench.read(HMAC384_KV_RD_KEY_STATUS::offset) == (3 | 1U << 2));
    CHECK(bench.read(HMAC384_KV_RD_BLOCK_STATUS::offset) == (3 | 1U << 2));
    bench.keys.entries[3].lock_use = true;
    bench.write(HMAC384_KV_WR_CTRL::offset, enable | entry(3));
    bench.write(HMAC384_CTRL::offset, init);
    bench.run(1100);
    CHECK(bench.read(HMAC384_KV_WR_STATUS::offset) == (3 | 2U << 2));
    CHECK(bench.keys.entries[3].data.count == 0);

    // RTL 1.1 keeps key and block at 0 as long as the error stands.
    const Bytes message = random.bytes(3);
    const bool held = generation != Generation::v1_0;
    bench.write(HMAC384_KEY::offset, Words(12, 0x7777'7777));
    bench.write_block(padded(message), 0);
    bench.write(HMAC384_CTRL::offset, init);
    bench.run(1000);
    CHECK((bench.tag() == tag_of(Bytes(48, 0x77), message)) != held);
    bench.write(HMAC384_CTRL::offset, zeroize);
    CHECK(bench.read(HMAC384_KV_RD_KEY_STATUS::offset) == 3);
    CHECK(bench.read(HMAC384_KV_WR_STATUS::offset) == 3);
    CHECK(bench.compute(Bytes(48, 0x77), message) == tag_of(Bytes(48, 0x77), message));
  }
}

TEST_CASE("hmac384: what is written while it is busy, and ZEROIZE") {
  Bench bench;
  RandomBytes random(8);
  const Bytes key = random.bytes(48), message = random.bytes(20);
  bench.write(HMAC384_KEY::offset, to_words(key));
  bench.write_block(padded(message), 0);
  bench.write(HMAC384_CTRL::offset, init);
  bench.run(500);
  bench.write(HMAC384_CTRL::offset, init);
  bench.run(500);
  CHECK(bench.tag() == tag_of(key, message));

  bench.write(HMAC384_CTRL::offset, init | zeroize);
  CHECK(bench.read(HMAC384_STATUS::offset) == ready);
  CHECK(bench.tag() == Words(12));
  bench.write(HMAC384_CTRL::offset, init);
  bench.run(500);
  bench.write(HMAC384_CTRL::offset, zeroize);
  CHECK_FALSE(bench.hmac.busy.level());
  bench.run(1000);
  CHECK(bench.read(HMAC384_STATUS::offset) == ready);
  CHECK(bench.tag() == Words(12));
  CHECK(bench.clock.next_deadline() == veer::Clock::never);
}

TEST_CASE("hmac384: interrupts and resets") {
  Bench bench;
  bool notif = false;
  bench.hmac.interrupts.notif.connect([&](bool level) { notif = level; });
  bench.write(global_intr_en_r::offset, 3);
  bench.write(notif_intr_en_r::offset, 1);
  bench.write(HMAC384_CTRL::offset, init);
  bench.run(1000);
  CHECK(notif);
  CHECK(bench.read(notif_cmd_done_intr_count_r::offset) == 1);
  bench.write(notif_internal_intr_r::offset, 1);
  CHECK_FALSE(notif);
  bench.write(error_intr_trig_r::offset, 2);
  CHECK(bench.read(error_internal_intr_r::offset) == 2);

  bench.write(HMAC384_CTRL::offset, init);
  bench.hmac.reset(Reset::firmware_update);
  CHECK(bench.read(HMAC384_STATUS::offset) == 0);
  bench.hmac.reset(Reset::warm);
  CHECK(bench.read(HMAC384_STATUS::offset) == ready);
  CHECK(bench.read(error_internal_intr_r::offset) == 2);
  CHECK(bench.tag() == Words(12));
  bench.hmac.reset(Reset::cold);
  CHECK(bench.read(error_internal_intr_r::offset) == 0);
}

TEST_CASE("hmac384: a write to the vault that is cut off leaves what it has delivered, valid for nobody") {
  // kv_fsm.sv: the first word is in two cycles after the tag, then one a cycle.
  const Bytes key(48, 0x0b);
  const Bytes message(20, 0x5a);
  const Words tag = tag_of(key, message);
  for (const bool by_reset : {false, true}) {
    for (unsigned after = 0; after < 14; ++after) {
      CAPTURE(after);
      Bench bench(Generation::v1_1, veer::TimingProfile::rtl);
      auto& entry_5 = bench.keys.entries[5];
      entry_5.data.words.fill(0xeeee'eeee);
      entry_5.data.count = 12;
      entry_5.dest_valid = 1;
      bench.write(HMAC384_KEY::offset, to_words(key));
      bench.write(HMAC384_BLOCK::offset, to_words(padded(message)));
      bench.write(HMAC384_KV_WR_CTRL::offset, enable | entry(5) | HMAC384_KV_WR_CTRL::hmac_block_dest_valid.mask());
      bench.write(HMAC384_CTRL::offset, init);
      bench.run(280 + after);
      if (by_reset) {
        bench.hmac.reset(Reset::warm);
      } else {
        bench.write(HMAC384_CTRL::offset, zeroize);
      }
      bench.run(1000);
      const unsigned delivered = after < 2 ? 0 : std::min(after - 1, 12U);
      for (unsigned i = 0; i < 12; ++i) {
        CHECK(entry_5.data.words[i] == (i < delivered ? tag[i] : 0xeeee'eeee));
      }
      CHECK(entry_5.dest_valid == (delivered == 0 ? 1 : delivered < 12 ? 0 : use(KeyUse::hmac_block)));
      CHECK(entry_5.data.count == (delivered == 0 ? 12 : delivered));
    }
  }
}

TEST_CASE("hmac384: a snapshot in the middle of anything runs on the same") {
  RandomBytes random(9);
  for (int round = 0; round < 60; ++round) {
    const Generation generation = round % 2 == 0 ? Generation::v1_0 : Generation::v1_1;
    Bench bench(generation, veer::TimingProfile::rtl);
    bench.set_entry(1, random, 12, use(KeyUse::hmac_key));
    bench.write_block(padded(random.bytes(60)), 0);
    bench.write(HMAC384_KV_RD_KEY_CTRL::offset, enable | entry(1));
    bench.run(random.below(30));
    bench.write(HMAC384_KV_WR_CTRL::offset, enable | entry(2));
    bench.write(HMAC384_CTRL::offset, init);
    bench.run(random.below(320));

    veer::StateStream saved;
    bench.clock.state(saved);
    bench.hmac.state(saved);
    Bench copy(generation, veer::TimingProfile::rtl);
    copy.keys = bench.keys;
    veer::StateStream loaded(saved.output());
    copy.clock.state(loaded);
    copy.hmac.state(loaded);
    loaded.finish();
    REQUIRE(loaded.ok());
    CHECK(copy.hmac.busy.level() == bench.hmac.busy.level());
    for (Bench* each : {&bench, &copy}) {
      each->run(1000);
      each->write(HMAC384_CTRL::offset, next);
      each->run(1000);
    }
    REQUIRE(copy.tag() == bench.tag());
    REQUIRE(copy.keys.entries[2].data.words == bench.keys.entries[2].data.words);
    veer::StateStream end, copy_end;
    bench.hmac.state(end);
    copy.hmac.state(copy_end);
    REQUIRE(end.output() == copy_end.output());
  }
}
