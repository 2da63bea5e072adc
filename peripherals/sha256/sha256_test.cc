// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/sha256/sha256.h"

#include <doctest/doctest.h>

#include <vector>

#include "iss/state_stream.h"
#include "peripherals/crypto/bytes.h"
#include "peripherals/crypto/sha2.h"
#include "peripherals/crypto/test_support.h"
#include "peripherals/sha256/sha256_regs.h"

namespace {

using namespace caliptra;
using namespace caliptra::sha256_regs;
using crypto::testing::RandomBytes;
using veer::Agent;
using veer::Reset;
using Words = std::vector<uint32_t>;
using Bytes = std::vector<uint8_t>;

constexpr uint32_t init = SHA256_CTRL::INIT.mask();
constexpr uint32_t next = SHA256_CTRL::NEXT.mask();
constexpr uint32_t zeroize = SHA256_CTRL::ZEROIZE.mask();
constexpr uint32_t sha256 = SHA256_CTRL::MODE.place(1);
constexpr uint32_t sha224 = 0;
constexpr uint32_t chain = SHA256_CTRL::WNTZ_MODE.mask();
constexpr uint32_t width(unsigned w) { return SHA256_CTRL::WNTZ_W.place(w); }
constexpr uint32_t value_of_32 = SHA256_CTRL::WNTZ_N_MODE.mask();
constexpr uint32_t ready = SHA256_STATUS::READY.mask();
constexpr uint32_t valid = SHA256_STATUS::VALID.mask();
constexpr uint32_t chain_busy = SHA256_STATUS::WNTZ_BUSY.mask();

/// As FIPS 180-4 pads.
Bytes blocks_of(Bytes message) {
  const std::size_t bits = 8 * message.size();
  message.push_back(0x80);
  while (message.size() % 64 != 56) message.push_back(0);
  message.resize(message.size() + 4);
  for (int shift = 24; shift >= 0; shift -= 8) message.push_back(static_cast<uint8_t>(bits >> shift));
  return message;
}

struct Bench {
  explicit Bench(Generation generation = Generation::v1_1, veer::TimingProfile profile = veer::TimingProfile::reference)
      : timing(EngineTiming::of(profile, generation)), sha(clock, timing, generation) {}

  void write(uint32_t offset, uint32_t value) {
    REQUIRE(sha.write(offset, 4, value, Agent::core) == veer::BusStatus::ok);
  }
  uint32_t read(uint32_t offset) { return sha.read(offset, 4, Agent::core).data; }
  void run(uint64_t cycles) {
    const uint64_t end = clock.now() + cycles;
    while (clock.next_deadline() <= end) {
      clock.advance_to(clock.next_deadline());
      clock.run_due();
    }
    clock.advance_to(end);
  }
  void write_block(const uint8_t* bytes) {
    for (unsigned i = 0; i < 16; ++i) {
      write(SHA256_BLOCK::offset + 4 * i, static_cast<uint32_t>(bytes[4 * i] << 24 | bytes[4 * i + 1] << 16 |
                                                                bytes[4 * i + 2] << 8 | bytes[4 * i + 3]));
    }
  }
  Words digest() {
    Words result;
    for (unsigned i = 0; i < 8; ++i) result.push_back(read(SHA256_DIGEST::offset + 4 * i));
    return result;
  }
  Words hash(uint32_t mode, const Bytes& message) {
    const Bytes blocks = blocks_of(message);
    for (std::size_t at = 0; at < blocks.size(); at += 64) {
      write_block(blocks.data() + at);
      write(SHA256_CTRL::offset, mode | (at == 0 ? init : next));
      run(1000);
      REQUIRE(read(SHA256_STATUS::offset) == (ready | valid));
    }
    return digest();
  }

  veer::Clock clock;
  EngineTiming timing;
  Sha256 sha;
};

template <std::size_t size>
Words words_of(const std::array<uint8_t, size>& bytes) {
  const auto words = crypto::big_endian_words(bytes);
  return {words.begin(), words.end()};
}

/// Software's walk along a chain (RFC 8554, algorithm 4b, from the coefficient in the block to 2^w - 1).
Bytes walk(const Bytes& prefix, unsigned coefficient, unsigned w, Bytes value) {
  const std::size_t size = value.size();
  for (unsigned j = coefficient; j < (1U << w) - 1; ++j) {
    Bytes message = prefix;
    message.push_back(static_cast<uint8_t>(j));
    message.insert(message.end(), value.begin(), value.end());
    const auto digest = crypto::sha256(message);
    value.assign(digest.begin(), digest.begin() + static_cast<std::ptrdiff_t>(size));
  }
  return value;
}

Bytes chain_block(const Bytes& prefix, unsigned coefficient, const Bytes& value) {
  Bytes message = prefix;
  message.push_back(static_cast<uint8_t>(coefficient));
  message.insert(message.end(), value.begin(), value.end());
  return blocks_of(message);
}

Words chain_words(const Bytes& value) {
  Words words(8);
  for (std::size_t i = 0; i < value.size(); ++i) words[i / 4] = words[i / 4] << 8 | value[i];
  return words;
}

}  // namespace

TEST_CASE("sha256: identity and what a reset leaves") {
  Bench bench;
  CHECK(bench.read(SHA256_NAME::offset) == 0x6132'7368);
  CHECK(bench.read(SHA256_NAME::offset + 4) == 0x3536'2d32);
  CHECK(bench.read(SHA256_VERSION::offset) == 0x3830'312e);
  CHECK(bench.read(SHA256_STATUS::offset) == ready);
  CHECK(bench.digest() == Words(8));
  CHECK(bench.read(SHA256_CTRL::offset) == 0);
  CHECK(bench.read(SHA256_BLOCK::offset) == 0);
}

TEST_CASE("sha256: whole messages") {
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    Bench bench(generation);
    RandomBytes random(1);
    for (int round = 0; round < 3000; ++round) {
      const Bytes message = random.bytes(round < 300 ? static_cast<std::size_t>(round) : random.below(300));
      REQUIRE(bench.hash(sha256, message) == words_of(crypto::sha256(message)));
    }
    // FIPS 180-4's example for SHA-224; RTL 1.0 shows one word more.
    Words abc = bench.hash(sha224, {'a', 'b', 'c'});
    if (generation == Generation::v1_0) {
      CHECK(abc[7] != 0);
      abc[7] = 0;
    }
    CHECK(abc == Words{0x2309'7d22, 0x3405'd822, 0x8642'a477, 0xbda2'55b3, 0x2aad'bce4, 0xbda0'b3f7, 0xe36c'9da7, 0});
  }
}

TEST_CASE("sha256: status changes exactly when the profile says") {
  for (const auto profile : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
    Bench bench(Generation::v1_1, profile);
    const unsigned cycles = profile == veer::TimingProfile::rtl ? 68 : 1000;
    for (const uint32_t command : {init, next}) {
      bench.write(SHA256_CTRL::offset, sha256 | command);
      CHECK(bench.read(SHA256_STATUS::offset) == 0);
      bench.run(cycles - 1);
      CHECK(bench.read(SHA256_STATUS::offset) == 0);
      bench.run(1);
      CHECK(bench.read(SHA256_STATUS::offset) == (ready | valid));
    }
  }
}

TEST_CASE("sha256: Winternitz chains") {
  RandomBytes random(2);
  for (const auto profile : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
    Bench bench(Generation::v1_1, profile);
    for (const unsigned w : {1U, 2U, 4U, 8U}) {
      for (const std::size_t size : {24U, 32U}) {
        for (int round = 0; round < 60; ++round) {
          CAPTURE(w);
          const unsigned coefficient = round < 3 ? 0 : random.below((1U << w) - 1);
          const Bytes prefix = random.bytes(22), value = random.bytes(size);
          bench.write_block(chain_block(prefix, coefficient, value).data());
          bench.write(SHA256_CTRL::offset, sha256 | init | chain | width(w) | (size == 32 ? value_of_32 : 0));
          CHECK(bench.read(SHA256_STATUS::offset) == chain_busy);
          const unsigned hashes = (1U << w) - 1 - coefficient;
          const unsigned cycles = profile == veer::TimingProfile::rtl ? 68 * hashes : 1000;
          bench.run(cycles - 1);
          CHECK(bench.read(SHA256_STATUS::offset) == chain_busy);
          bench.run(1);
          CHECK(bench.read(SHA256_STATUS::offset) == (ready | valid));
          REQUIRE(bench.digest() == chain_words(walk(prefix, coefficient, w, value)));
        }
      }
    }
    CHECK(bench.read(error_internal_intr_r::offset) == 0);
    const Bytes message = random.bytes(100);
    CHECK(bench.hash(sha256, message) == words_of(crypto::sha256(message)));
  }
}

TEST_CASE("sha256: Winternitz mistakes") {
  Bench bench;
  RandomBytes random(3);
  const Bytes prefix = random.bytes(22), value = random.bytes(32);
  Bytes whole = prefix;
  SUBCASE("a coefficient at the end of the chain is hashed once, with an error") {
    bench.write_block(chain_block(prefix, 15, value).data());
    bench.write(SHA256_CTRL::offset, sha256 | init | chain | width(4) | value_of_32);
    CHECK(bench.read(error_internal_intr_r::offset) == 1);
    CHECK(bench.read(SHA256_STATUS::offset) == 0);
    whole.push_back(15);
  }
  SUBCASE("a width that does not exist makes a chain of one hash, with an error") {
    bench.write_block(chain_block(prefix, 0, value).data());
    bench.write(SHA256_CTRL::offset, sha256 | init | chain | width(3) | value_of_32);
    CHECK(bench.read(error_internal_intr_r::offset) == 1);
    CHECK(bench.read(SHA256_STATUS::offset) == chain_busy);
    whole.push_back(0);
  }
  SUBCASE("without INIT there is no chain") {
    bench.write_block(chain_block(prefix, 3, value).data());
    bench.write(SHA256_CTRL::offset, sha256 | chain | width(4) | value_of_32);
    CHECK(bench.read(SHA256_STATUS::offset) == ready);
    CHECK(bench.read(error_internal_intr_r::offset) == 0);
    bench.write(SHA256_CTRL::offset, sha256 | init);
    whole.push_back(3);
  }
  bench.run(1000);
  CHECK(bench.read(SHA256_STATUS::offset) == (ready | valid));
  whole.insert(whole.end(), value.begin(), value.end());
  CHECK(bench.digest() == words_of(crypto::sha256(whole)));
}

TEST_CASE("sha256: a chain in SHA-224 mode starts with its initial value and goes on with SHA-256's") {
  Bench bench;
  RandomBytes random(4);
  const Bytes prefix = random.bytes(22), value = random.bytes(32);
  const Bytes block = chain_block(prefix, 1, value);
  bench.write_block(block.data());
  bench.write(SHA256_CTRL::offset, sha224 | init | chain | width(2) | value_of_32);
  CHECK(bench.read(error_internal_intr_r::offset) == 1);
  bench.run(1000);
  auto state = crypto::sha224_initial;
  crypto::sha256_compress(state, std::span<const uint8_t, 64>(block.data(), 64));
  const auto first = crypto::big_endian_bytes(state);
  CHECK(bench.digest() == chain_words(walk(prefix, 2, 2, Bytes(first.begin(), first.end()))));
}

TEST_CASE("sha256: RTL 1.0 has no Winternitz mode") {
  Bench bench(Generation::v1_0);
  RandomBytes random(5);
  const Bytes message = random.bytes(55);
  bench.write_block(blocks_of(message).data());
  bench.write(SHA256_CTRL::offset, sha256 | init | next | chain | width(4));
  CHECK(bench.read(SHA256_STATUS::offset) == 0);
  CHECK(bench.read(error_internal_intr_r::offset) == 0);
  bench.run(1000);
  CHECK(bench.digest() == words_of(crypto::sha256(message)));
}

TEST_CASE("sha256: what is written while it is busy") {
  Bench bench;
  RandomBytes random(6);
  const Bytes message = random.bytes(20);
  bench.write_block(blocks_of(message).data());
  bench.write(SHA256_CTRL::offset, sha256 | init);
  bench.run(500);
  for (unsigned i = 0; i < 16; ++i) bench.write(SHA256_BLOCK::offset + 4 * i, random.word());
  bench.write(SHA256_CTRL::offset, sha224 | next);
  bench.run(500);
  CHECK(bench.digest() == words_of(crypto::sha256(message)));
  // MODE was not taken over: a command that names no mode would change it only now.
  CHECK(bench.sha.stored(SHA256_CTRL::offset, SHA256_CTRL::MODE) == 1);
  CHECK(bench.read(error_internal_intr_r::offset) == 0);
  bench.write(SHA256_CTRL::offset, sha256 | init | next);
  CHECK(bench.read(error_internal_intr_r::offset) == 2);

  Bench old(Generation::v1_0);
  old.write(SHA256_CTRL::offset, sha256 | init);
  old.write(SHA256_CTRL::offset, sha224);
  CHECK(old.sha.stored(SHA256_CTRL::offset, SHA256_CTRL::MODE) == 0);
}

TEST_CASE("sha256: ZEROIZE") {
  Bench bench;
  RandomBytes random(7);
  bench.hash(sha256, random.bytes(30));
  bench.write(SHA256_CTRL::offset, sha256 | zeroize | init);
  CHECK(bench.digest() == Words(8));
  CHECK(bench.read(SHA256_STATUS::offset) == ready);
  bench.write(SHA256_CTRL::offset, sha256 | init);
  bench.run(10);
  bench.write(SHA256_CTRL::offset, sha256 | zeroize);
  bench.run(1000);
  CHECK(bench.read(SHA256_STATUS::offset) == ready);

  // In a chain it leaves the engine unusable until a reset.
  bench.write(SHA256_CTRL::offset, sha256 | init | chain | width(8));
  bench.run(10);
  bench.write(SHA256_CTRL::offset, zeroize);
  bench.run(100'000);
  CHECK(bench.read(SHA256_STATUS::offset) == chain_busy);
  bench.write(SHA256_CTRL::offset, sha256 | init);
  bench.run(1000);
  CHECK(bench.read(SHA256_STATUS::offset) == chain_busy);
  bench.sha.reset(Reset::warm);
  CHECK(bench.read(SHA256_STATUS::offset) == ready);
}

TEST_CASE("sha256: interrupts and resets") {
  Bench bench;
  bool notif = false, error = false;
  bench.sha.interrupts.notif.connect([&](bool level) { notif = level; });
  bench.sha.interrupts.error.connect([&](bool level) { error = level; });
  bench.write(global_intr_en_r::offset, 3);
  bench.write(notif_intr_en_r::offset, 1);
  bench.write(error_intr_en_r::offset, 0xf);
  bench.write(SHA256_CTRL::offset, sha256 | init);
  bench.run(1000);
  CHECK(notif);
  CHECK(bench.read(notif_cmd_done_intr_count_r::offset) == 1);
  bench.write(notif_internal_intr_r::offset, 1);
  CHECK_FALSE(notif);
  bench.write(SHA256_CTRL::offset, sha256 | init | next);
  CHECK(error);
  CHECK(bench.read(error1_intr_count_r::offset) == 1);
  bench.sha.reset(Reset::firmware_update);
  CHECK(bench.read(SHA256_STATUS::offset) == 0);
  bench.sha.reset(Reset::warm);
  CHECK_FALSE(error);
  CHECK(bench.read(SHA256_STATUS::offset) == ready);
  CHECK(bench.digest() == Words(8));
  CHECK(bench.read(error_internal_intr_r::offset) == 2);
  bench.sha.reset(Reset::cold);
  CHECK(bench.read(error_internal_intr_r::offset) == 0);
}

TEST_CASE("sha256: a snapshot in the middle of a block or a chain runs on the same") {
  RandomBytes random(8);
  for (int round = 0; round < 40; ++round) {
    Bench bench(Generation::v1_1, veer::TimingProfile::rtl);
    bench.write_block(chain_block(random.bytes(22), random.below(200), random.bytes(24)).data());
    bench.write(SHA256_CTRL::offset, sha256 | init | (round % 2 == 0 ? chain | width(8) : 0));
    bench.run(random.below(3000));
    veer::StateStream saved;
    bench.clock.state(saved);
    bench.sha.state(saved);
    Bench copy(Generation::v1_1, veer::TimingProfile::rtl);
    veer::StateStream loaded(saved.output());
    copy.clock.state(loaded);
    copy.sha.state(loaded);
    loaded.finish();
    REQUIRE(loaded.ok());
    for (Bench* each : {&bench, &copy}) {
      each->run(20'000);
      each->write(SHA256_CTRL::offset, sha256 | next);
      each->run(1000);
      CHECK(each->read(SHA256_STATUS::offset) == (ready | valid));
    }
    REQUIRE(copy.digest() == bench.digest());
    veer::StateStream end, copy_end;
    bench.sha.state(end);
    copy.sha.state(copy_end);
    REQUIRE(end.output() == copy_end.output());
  }
}
