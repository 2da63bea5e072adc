// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/sha512/sha512.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "iss/state_stream.h"
#include "peripherals/common/fake_vaults.h"
#include "peripherals/crypto/bytes.h"
#include "peripherals/crypto/sha2.h"
#include "peripherals/crypto/test_support.h"
#include "peripherals/sha512/sha512_regs.h"

namespace {

using namespace caliptra;
using namespace caliptra::sha512_regs;
using crypto::testing::RandomBytes;
using veer::Agent;
using veer::Reset;
using Words = std::vector<uint32_t>;

constexpr uint32_t init = SHA512_CTRL::INIT.mask();
constexpr uint32_t next = SHA512_CTRL::NEXT.mask();
constexpr uint32_t zeroize = SHA512_CTRL::ZEROIZE.mask();
constexpr uint32_t last = SHA512_CTRL::LAST.mask();
constexpr uint32_t mode(unsigned number) { return SHA512_CTRL::MODE.place(number); }
constexpr uint32_t ready = SHA512_STATUS::READY.mask();
constexpr uint32_t valid = SHA512_STATUS::VALID.mask();
constexpr uint32_t extend = SHA512_VAULT_RD_CTRL::pcr_hash_extend.mask();
constexpr uint32_t enable = 1;  // read_en, write_en

struct Bench {
  explicit Bench(Generation generation = Generation::v1_1, veer::TimingProfile profile = veer::TimingProfile::reference)
      : timing(EngineTiming::of(profile, generation)), sha(clock, timing, generation, keys, pcrs) {}

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
    for (unsigned i = 0; i < 32; ++i) {
      write(SHA512_BLOCK::offset + 4 * i, static_cast<uint32_t>(bytes[4 * i] << 24 | bytes[4 * i + 1] << 16 |
                                                                bytes[4 * i + 2] << 8 | bytes[4 * i + 3]));
    }
  }
  Words words(uint32_t offset, unsigned count) {
    Words result;
    for (unsigned i = 0; i < count; ++i) result.push_back(read(offset + 4 * i));
    return result;
  }
  Words digest() { return words(SHA512_DIGEST::offset, 16); }

  /// As firmware hashes a whole message.
  Words hash(unsigned number, const std::vector<uint8_t>& message) {
    std::vector<uint8_t> blocks = message;
    blocks.push_back(0x80);
    while (blocks.size() % 128 != 112) blocks.push_back(0);
    blocks.resize(blocks.size() + 12);
    for (int shift = 24; shift >= 0; shift -= 8) blocks.push_back(static_cast<uint8_t>(8 * message.size() >> shift));
    for (std::size_t at = 0; at < blocks.size(); at += 128) {
      write_block(blocks.data() + at);
      write(SHA512_CTRL::offset, mode(number) | (at == 0 ? init : next) | (at + 128 == blocks.size() ? last : 0));
      run(timing[EngineOperation::sha512_block]);
      REQUIRE((read(SHA512_STATUS::offset) & ready) != 0);
    }
    return digest();
  }

  void begin_extend(unsigned slot) {
    write(SHA512_VAULT_RD_CTRL::offset, enable | SHA512_VAULT_RD_CTRL::read_entry.place(slot) | extend);
  }

  veer::Clock clock;
  EngineTiming timing;
  testing::FakeKeyVault keys;
  testing::FakePcrVault pcrs;
  Sha512 sha;
};

Words words_of(const crypto::Sha512State& state, unsigned count) {
  Words result;
  for (unsigned i = 0; i < 16; ++i) {
    result.push_back(i < count ? static_cast<uint32_t>(state[i / 2] >> (i % 2 == 0 ? 32 : 0)) : 0);
  }
  return result;
}

template <std::size_t size>
Words words_of(const std::array<uint8_t, size>& bytes) {
  const auto words = crypto::big_endian_words(bytes);
  return {words.begin(), words.end()};
}

Words first(Words words, std::size_t count) {
  words.resize(count);
  return words;
}

std::vector<uint8_t> bytes_of(const std::array<uint32_t, 12>& words) {
  const auto bytes = crypto::big_endian_bytes(words);
  return {bytes.begin(), bytes.end()};
}

Words as_words(const std::array<uint32_t, 12>& words) { return {words.begin(), words.end()}; }

template <typename Function>
void in_both_generations(Function function) {
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    CAPTURE(name(generation));
    function(generation);
  }
}

}  // namespace

TEST_CASE("sha512: identity and what a reset leaves") {
  Bench bench;
  CHECK(bench.words(SHA512_NAME::offset, 2) == Words{0x6132'7368, 0x3132'2d35});
  CHECK(bench.words(SHA512_VERSION::offset, 2) == Words{0x3830'302e, 0});
  CHECK(bench.read(SHA512_STATUS::offset) == ready);
  CHECK(bench.read(SHA512_VAULT_RD_STATUS::offset) == 1);
  CHECK(bench.read(SHA512_KV_WR_STATUS::offset) == 1);
  CHECK(bench.read(SHA512_GEN_PCR_HASH_STATUS::offset) == 1);
  CHECK(bench.digest() == Words(16));
  CHECK(bench.read(SHA512_CTRL::offset) == 0);
  bench.write(SHA512_BLOCK::offset, 5);
  CHECK(bench.read(SHA512_BLOCK::offset) == 0);
}

TEST_CASE("sha512: whole messages in every mode") {
  in_both_generations([](Generation generation) {
    Bench bench(generation);
    RandomBytes random(1);
    for (unsigned size = 0; size < 300; size += size < 140 ? 1 : 13) {
      CAPTURE(size);
      const auto message = random.bytes(size);
      CHECK(bench.hash(3, message) == words_of(crypto::sha512(message)));
      CHECK(first(bench.hash(2, message), 12) == words_of(crypto::sha384(message)));
    }
    const std::vector<uint8_t> abc = {'a', 'b', 'c'};
    CHECK(bench.hash(0, abc) == Words{0x4634'270f, 0x707b'6a54, 0xdaae'7530, 0x4608'42e2, 0x0e37'ed26, 0x5cee'e9a4,
                                      0x3e89'24aa, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    CHECK(bench.hash(1, abc) == Words{0x5304'8e26, 0x8194'1ef9, 0x9b2e'29b7, 0x6b4c'7dab, 0xe4c2'd0c6, 0x34fc'6d46,
                                      0xe0e2'f131, 0x07e7'af23, 0, 0, 0, 0, 0, 0, 0, 0});
    CHECK(bench.hash(2, abc)[12] == 0);
  });
}

TEST_CASE("sha512: random blocks, modes and orders, against the compression function") {
  Bench bench(Generation::v1_1, veer::TimingProfile::rtl);
  RandomBytes random(2);
  crypto::Sha512State state{};
  const crypto::Sha512State* initials[] = {&crypto::sha512_224_initial, &crypto::sha512_256_initial,
                                           &crypto::sha384_initial, &crypto::sha512_initial};
  const unsigned counts[] = {7, 8, 12, 16};
  for (int round = 0; round < 2000; ++round) {
    const auto block = random.array<128>();
    const unsigned number = random.below(4);
    const bool fresh = random.below(2) == 0;
    bench.write_block(block.data());
    // INIT and NEXT together are INIT.
    bench.write(SHA512_CTRL::offset, mode(number) | (fresh ? init | (random.below(4) == 0 ? next : 0) : next));
    if (fresh) state = *initials[number];
    crypto::sha512_compress(state, block);
    bench.run(84);
    REQUIRE(bench.digest() == words_of(state, counts[number]));
  }
}

TEST_CASE("sha512: status changes exactly when the profile says") {
  for (const auto profile : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
    Bench bench(Generation::v1_1, profile);
    const unsigned cycles = profile == veer::TimingProfile::rtl ? 84 : 1000;
    bench.write(SHA512_CTRL::offset, mode(2) | init);
    CHECK(bench.read(SHA512_STATUS::offset) == 0);
    bench.run(cycles - 1);
    CHECK(bench.read(SHA512_STATUS::offset) == 0);
    CHECK(bench.digest() == Words(16));
    bench.run(1);
    CHECK(bench.read(SHA512_STATUS::offset) == (ready | valid));
    const Words digest = bench.digest();
    bench.write(SHA512_CTRL::offset, mode(2) | next);
    CHECK(bench.read(SHA512_STATUS::offset) == 0);
    CHECK(bench.digest() == digest);
    bench.run(cycles);
    CHECK(bench.digest() != digest);
  }
}

TEST_CASE("sha512: what is written while it is busy") {
  Bench bench, undisturbed;
  RandomBytes random(3);
  const auto block = random.array<128>(), other = random.array<128>();
  undisturbed.write_block(block.data());
  undisturbed.write(SHA512_CTRL::offset, mode(3) | init);
  undisturbed.run(1000);

  bench.write_block(block.data());
  bench.write(SHA512_CTRL::offset, mode(3) | init);
  bench.run(500);
  bench.write_block(other.data());
  bench.write(SHA512_CTRL::offset, mode(3) | next);
  bench.run(500);
  CHECK(bench.read(SHA512_STATUS::offset) == (ready | valid));
  CHECK(bench.digest() == undisturbed.digest());

  // MODE is not held: it decides how much of the digest is shown.
  bench.write_block(block.data());
  bench.write(SHA512_CTRL::offset, mode(3) | init);
  bench.write(SHA512_CTRL::offset, mode(1));
  bench.run(1000);
  CHECK(first(bench.digest(), 8) == first(undisturbed.digest(), 8));
  CHECK(bench.digest()[8] == 0);
}

TEST_CASE("sha512: ZEROIZE") {
  Bench bench;
  RandomBytes random(4);
  bench.hash(3, random.bytes(10));
  bench.write(SHA512_CTRL::offset, zeroize);
  CHECK(bench.digest() == Words(16));
  CHECK(bench.read(SHA512_STATUS::offset) == ready);

  // In the middle of a block: nothing comes of it, and the block registers are empty.
  const auto block = random.array<128>();
  bench.write_block(block.data());
  bench.write(SHA512_CTRL::offset, mode(3) | init);
  bench.run(500);
  bench.write(SHA512_CTRL::offset, zeroize | init);
  CHECK(bench.read(SHA512_STATUS::offset) == ready);
  bench.run(2000);
  CHECK(bench.read(SHA512_STATUS::offset) == ready);
  CHECK(bench.digest() == Words(16));
  bench.write(SHA512_CTRL::offset, mode(3) | init);
  bench.run(1000);
  auto state = crypto::sha512_initial;
  crypto::sha512_compress(state, std::array<uint8_t, 128>{});
  CHECK(bench.digest() == words_of(state, 16));
}

TEST_CASE("sha512: extending a PCR") {
  in_both_generations([](Generation generation) {
    for (const auto profile : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
      Bench bench(generation, profile);
      RandomBytes random(5);
      for (uint32_t& word : bench.pcrs.pcrs[31]) word = random.word();
      for (int round = 0; round < 20; ++round) {
        const auto measurement = random.bytes(48);
        auto message = bytes_of(bench.pcrs.pcrs[31]);
        message.insert(message.end(), measurement.begin(), measurement.end());
        const Words before = bench.digest();

        bench.begin_extend(31);
        CHECK(bench.read(SHA512_VAULT_RD_STATUS::offset) == 0);
        CHECK(bench.read(SHA512_GEN_PCR_HASH_STATUS::offset) == 0);
        bench.run(bench.timing[EngineOperation::key_vault_read] - 1);
        CHECK(bench.read(SHA512_VAULT_RD_STATUS::offset) == 0);
        bench.run(1);
        CHECK(bench.read(SHA512_VAULT_RD_STATUS::offset) == 3);
        // As firmware does: it writes the whole block, and the hardware keeps the PCR's part.
        bench.hash(2, [&] {
          auto zeros = message;
          std::fill_n(zeros.begin(), 48, 0);
          return zeros;
        }());
        CHECK(bench.digest() == before);
        bench.run(bench.timing[EngineOperation::pcr_vault_write]);
        CHECK(bench.read(SHA512_KV_WR_STATUS::offset) == 3);
        CHECK(bench.read(SHA512_GEN_PCR_HASH_STATUS::offset) == 1);
        CHECK(as_words(bench.pcrs.pcrs[31]) == words_of(crypto::sha384(message)));
      }
      CHECK(bench.pcrs.writes == 20);
      CHECK(bench.keys.writes == 0);
      const std::vector<uint8_t> abc = {'a', 'b', 'c'};
      CHECK(first(bench.hash(2, abc), 12) == words_of(crypto::sha384(abc)));
    }
  });
}

TEST_CASE("sha512: an extension without LAST ends in nothing") {
  Bench bench;
  bench.begin_extend(3);
  bench.run(100);
  bench.write(SHA512_CTRL::offset, mode(2) | init);
  bench.run(2000);
  CHECK(bench.pcrs.writes == 0);
  CHECK(bench.digest() == Words(16));
  // It is still pending: the last block delivers.
  bench.write(SHA512_CTRL::offset, mode(2) | next | last);
  bench.run(1000);
  CHECK(bench.pcrs.writes == 1);
}

TEST_CASE("sha512: vault dwords survive writes and ZEROIZE until a command") {
  for (const bool zeroized : {false, true}) {
    Bench bench;
    bench.pcrs.pcrs[1].fill(0x2222'2222);
    bench.begin_extend(1);
    bench.run(100);
    bench.write(SHA512_BLOCK::offset + 4 * 31, 0x3333'3333);
    if (zeroized) bench.write(SHA512_CTRL::offset, zeroize);
    for (unsigned i = 0; i < 13; ++i) bench.write(SHA512_BLOCK::offset + 4 * i, 0x1111'1111);
    bench.write(SHA512_CTRL::offset, mode(2) | init | last);
    bench.run(1000);
    std::array<uint32_t, 32> block{};
    std::fill_n(block.begin(), 12, 0x2222'2222);
    block[12] = 0x1111'1111;
    if (!zeroized) block[31] = 0x3333'3333;
    auto state = crypto::sha384_initial;
    crypto::sha512_compress(state, crypto::big_endian_bytes(block));
    CHECK(as_words(bench.pcrs.pcrs[1]) == first(words_of(state, 12), 12));
  }
}

TEST_CASE("sha512: commands while the vault is read") {
  Bench old(Generation::v1_0), current(Generation::v1_1);
  for (Bench* bench : {&old, &current}) {
    bench->begin_extend(0);
    bench->run(50);
    bench->write(SHA512_CTRL::offset, mode(2) | init);
  }
  CHECK(old.read(SHA512_STATUS::offset) == 0);
  CHECK(current.read(SHA512_STATUS::offset) == ready);
}

TEST_CASE("sha512: the PCR hash that the RTL's own test expects, with the nonce's last word first") {
  // integration/test_suites/pv_hash_and_sign: PCR 31 was extended twice by 48 bytes 0.
  constexpr std::array<uint32_t, 12> pcr_31 = {0x11143121, 0xbeb365e6, 0x3826e7de, 0x89f9c76a, 0xe1100411, 0xfb9643d1,
                                               0x98e730b7, 0x603a83a4, 0x977c76ee, 0xe6ddf74f, 0xa0b43fbf, 0x49897978};
  constexpr std::array<uint32_t, 8> nonce = {0x01234567, 0x11111111, 0x22222222, 0x33333333,
                                             0x44444444, 0x55555555, 0x66666666, 0x77777777};
  const Words expected = {0x2ab50775, 0xdab80928, 0xb8de848c, 0xabbdfa56, 0x897ed7b1, 0x45be930e,
                          0x1e340ce0, 0x8c5bfc73, 0x1d997144, 0x0c43f5a5, 0xaa48ac99, 0x8dbe6bb9};
  in_both_generations([&](Generation generation) {
    Bench bench(generation, veer::TimingProfile::reference);
    std::ranges::copy(pcr_31, bench.pcrs.pcrs[31].begin());
    for (unsigned i = 0; i < nonce.size(); ++i) bench.write(SHA512_GEN_PCR_HASH_NONCE::offset + 4 * i, nonce[i]);
    bench.write(SHA512_GEN_PCR_HASH_CTRL::offset, 1);
    bench.run(1000);
    CHECK(bench.words(SHA512_GEN_PCR_HASH_DIGEST::offset, 12) == expected);
  });
}

TEST_CASE("sha512: hashing all PCRs with a nonce") {
  in_both_generations([](Generation generation) {
    for (const auto profile : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
      Bench bench(generation, profile);
      RandomBytes random(7);
      std::vector<uint8_t> message;
      for (auto& pcr : bench.pcrs.pcrs) {
        for (uint32_t& word : pcr) word = random.word();
        const auto bytes = bytes_of(pcr);
        message.insert(message.end(), bytes.begin(), bytes.end());
      }
      std::array<uint32_t, 8> nonce, reversed;
      for (unsigned i = 0; i < 8; ++i) {
        nonce[i] = reversed[7 - i] = random.word();
        bench.write(SHA512_GEN_PCR_HASH_NONCE::offset + 4 * i, nonce[i]);
      }
      for (const uint8_t byte : crypto::big_endian_bytes(reversed)) message.push_back(byte);

      unsigned calls = 0;
      bench.sha.on_pcr_hash = [&](const Sha512::Digest&) { ++calls; };
      bench.write(SHA512_GEN_PCR_HASH_CTRL::offset, 1);
      CHECK(bench.read(SHA512_GEN_PCR_HASH_STATUS::offset) == 0);
      bench.write(SHA512_CTRL::offset, mode(3) | init);
      const uint64_t duration = profile == veer::TimingProfile::rtl ? 33 + 13 * 84 : 1000;
      bench.run(duration - 1);
      CHECK(bench.read(SHA512_GEN_PCR_HASH_STATUS::offset) == 0);
      CHECK(calls == 0);
      bench.run(1);
      CHECK(bench.read(SHA512_GEN_PCR_HASH_STATUS::offset) == 3);
      CHECK(calls == 1);
      const Words expected = words_of(crypto::sha384(message));
      CHECK(bench.words(SHA512_GEN_PCR_HASH_DIGEST::offset, 12) == expected);
      CHECK(as_words(bench.sha.pcr_hash()) == expected);
      CHECK(first(bench.digest(), 12) == expected);
      // Each of the 13 blocks counts as a command.
      CHECK(bench.read(notif_cmd_done_intr_count_r::offset) == 13);

      // The block stays locked until a command has come.
      bench.write(SHA512_BLOCK::offset, 1);
      bench.write(SHA512_CTRL::offset, mode(2) | init);
      bench.run(1000);
      const std::vector<uint8_t> abc = {'a', 'b', 'c'};
      CHECK(first(bench.hash(2, abc), 12) == words_of(crypto::sha384(abc)));

      bench.write(SHA512_CTRL::offset, zeroize);
      CHECK(bench.words(SHA512_GEN_PCR_HASH_DIGEST::offset, 12) == Words(12));
      CHECK(calls == 2);
    }
  });
}

TEST_CASE("sha512: a PCR hash waits for the block before it, and ZEROIZE spoils it") {
  Bench bench(Generation::v1_1, veer::TimingProfile::rtl);
  bench.write(SHA512_CTRL::offset, mode(3) | init | last);
  bench.run(40);
  bench.write(SHA512_GEN_PCR_HASH_CTRL::offset, 1);
  bench.run(44 + 13 * 84);
  CHECK(bench.read(SHA512_GEN_PCR_HASH_STATUS::offset) == 3);
  std::vector<uint8_t> zeros(32 * 48 + 32);
  CHECK(bench.words(SHA512_GEN_PCR_HASH_DIGEST::offset, 12) == words_of(crypto::sha384(zeros)));

  bench.write(SHA512_GEN_PCR_HASH_CTRL::offset, 1);
  bench.run(33 + 84 + 40);
  bench.write(SHA512_CTRL::offset, zeroize);
  CHECK(bench.read(SHA512_GEN_PCR_HASH_STATUS::offset) == 0);
  bench.run(11 * 84);
  CHECK(bench.read(SHA512_GEN_PCR_HASH_STATUS::offset) == 3);
  CHECK(bench.words(SHA512_GEN_PCR_HASH_DIGEST::offset, 12) != words_of(crypto::sha384(zeros)));

  // In the last block it leaves the generator waiting; only a reset helps.
  bench.write(SHA512_GEN_PCR_HASH_CTRL::offset, 1);
  bench.run(33 + 12 * 84 + 40);
  bench.write(SHA512_CTRL::offset, zeroize);
  bench.run(5000);
  CHECK(bench.read(SHA512_GEN_PCR_HASH_STATUS::offset) == 0);
  bench.write(SHA512_CTRL::offset, mode(2) | init);
  CHECK(bench.read(SHA512_STATUS::offset) == ready);
  bench.sha.reset(Reset::warm);
  CHECK(bench.read(SHA512_GEN_PCR_HASH_STATUS::offset) == 1);
}

TEST_CASE("sha512: RTL 1.0 hashes from the key vault into the key vault") {
  Bench bench(Generation::v1_0);
  RandomBytes random(8);
  auto& entry = bench.keys.entries[5];
  for (const unsigned count : {12U, 3U, 1U}) {
    for (unsigned i = 0; i < 12; ++i) entry.data.words[i] = random.word();
    entry.data.count = count;
    entry.dest_valid = 1U << static_cast<unsigned>(KeyUse::sha_block);
    bench.write(SHA512_VAULT_RD_CTRL::offset, enable | SHA512_VAULT_RD_CTRL::read_entry.place(5));
    bench.write(SHA512_KV_WR_CTRL::offset,
                enable | SHA512_KV_WR_CTRL::write_entry.place(9) | SHA512_KV_WR_CTRL::ecc_seed_dest_valid.mask());
    bench.run(100);
    CHECK(bench.read(SHA512_VAULT_RD_STATUS::offset) == 3);
    bench.write(SHA512_CTRL::offset, mode(2) | init | last);
    bench.run(1000);
    CHECK((bench.read(SHA512_KV_WR_STATUS::offset) & 1) == 0);
    bench.run(100);
    CHECK(bench.read(SHA512_KV_WR_STATUS::offset) == 3);
    CHECK((bench.read(SHA512_KV_WR_CTRL::offset) & enable) == 0);
    std::vector<uint8_t> message;
    for (unsigned i = 0; i < count; ++i) {
      for (int shift = 24; shift >= 0; shift -= 8)
        message.push_back(static_cast<uint8_t>(entry.data.words[i] >> shift));
    }
    const Words expected = words_of(crypto::sha384(message));
    CHECK(Words(bench.keys.entries[9].data.words.begin(), bench.keys.entries[9].data.words.begin() + 12) == expected);
    CHECK(bench.keys.entries[9].dest_valid == 1U << 4);
    CHECK(bench.digest() == Words(16));
  }

  SUBCASE("errors") {
    entry.lock_use = true;
    bench.write(SHA512_VAULT_RD_CTRL::offset, enable | SHA512_VAULT_RD_CTRL::read_entry.place(5));
    bench.run(100);
    CHECK(bench.read(SHA512_VAULT_RD_STATUS::offset) == (3 | 1U << 2));
    bench.keys.entries[9].lock_wr = true;
    bench.write(SHA512_KV_WR_CTRL::offset, enable | SHA512_KV_WR_CTRL::write_entry.place(9));
    bench.write(SHA512_CTRL::offset, mode(2) | init | last);
    bench.run(1100);
    CHECK(bench.read(SHA512_KV_WR_STATUS::offset) == (3 | 2U << 2));
    bench.write(SHA512_CTRL::offset, zeroize);
    CHECK(bench.read(SHA512_VAULT_RD_STATUS::offset) == 3);
    CHECK(bench.read(SHA512_KV_WR_STATUS::offset) == 3);
  }
  SUBCASE("what came from the vault never shows") {
    bench.write(SHA512_VAULT_RD_CTRL::offset, enable | SHA512_VAULT_RD_CTRL::read_entry.place(5));
    bench.run(100);
    bench.write(SHA512_CTRL::offset, mode(2) | init | last);
    bench.run(1000);
    CHECK(bench.digest() == Words(16));
    // The block is cleared with it.
    bench.write(SHA512_CTRL::offset, mode(3) | init);
    bench.run(1000);
    auto state = crypto::sha512_initial;
    crypto::sha512_compress(state, std::array<uint8_t, 128>{});
    CHECK(bench.digest() == words_of(state, 16));
  }
}

TEST_CASE("sha512: RTL 1.1 has no way to the key vault") {
  Bench bench(Generation::v1_1);
  bench.pcrs.pcrs[0][0] = 0x1234'5678;
  bench.write(SHA512_VAULT_RD_CTRL::offset, enable | SHA512_VAULT_RD_CTRL::read_entry.place(5));
  bench.run(100'000);
  CHECK(bench.read(SHA512_VAULT_RD_STATUS::offset) == 0);
  bench.write(SHA512_CTRL::offset, mode(3) | init);
  CHECK(bench.read(SHA512_STATUS::offset) == ready);
  bench.write(SHA512_CTRL::offset, zeroize);
  CHECK(bench.read(SHA512_VAULT_RD_STATUS::offset) == 1);
  bench.write(SHA512_CTRL::offset, mode(3) | init);
  bench.run(1000);
  std::array<uint32_t, 32> block;
  block.fill(0x1234'5678);
  auto state = crypto::sha512_initial;
  crypto::sha512_compress(state, crypto::big_endian_bytes(block));
  CHECK(bench.digest() == words_of(state, 16));

  bench.write(SHA512_KV_WR_CTRL::offset, enable | SHA512_KV_WR_CTRL::write_entry.place(9));
  bench.write(SHA512_CTRL::offset, mode(2) | init | last);
  bench.run(1100);
  CHECK(bench.read(SHA512_KV_WR_STATUS::offset) == 3);
  CHECK(bench.keys.reads == 0);
  CHECK(bench.keys.writes == 0);
  CHECK(bench.pcrs.writes == 0);
}

TEST_CASE("sha512: interrupts") {
  Bench bench;
  bool notif = false, error = false;
  bench.sha.interrupts.notif.connect([&](bool level) { notif = level; });
  bench.sha.interrupts.error.connect([&](bool level) { error = level; });
  bench.write(global_intr_en_r::offset, 3);
  bench.write(notif_intr_en_r::offset, 1);
  bench.write(error_intr_en_r::offset, 0xf);
  bench.write(SHA512_CTRL::offset, mode(2) | init);
  CHECK_FALSE(notif);
  bench.run(1000);
  CHECK(notif);
  CHECK(bench.read(notif_internal_intr_r::offset) == 1);
  CHECK(bench.read(notif_cmd_done_intr_count_r::offset) == 1);
  bench.write(notif_internal_intr_r::offset, 1);
  CHECK_FALSE(notif);
  bench.write(notif_intr_trig_r::offset, 1);
  CHECK(notif);
  CHECK_FALSE(error);
  bench.write(error_intr_trig_r::offset, 4);
  CHECK(error);
  CHECK(bench.read(error2_intr_count_r::offset) == 1);
  bench.sha.reset(Reset::warm);
  CHECK_FALSE(notif);
  CHECK_FALSE(error);
  CHECK(bench.read(error_internal_intr_r::offset) == 4);
  bench.sha.reset(Reset::cold);
  CHECK(bench.read(error_internal_intr_r::offset) == 0);
}

TEST_CASE("sha512: resets") {
  Bench bench;
  RandomBytes random(9);
  const Words digest = bench.hash(3, random.bytes(5));
  bench.write(SHA512_CTRL::offset, mode(3) | next);
  bench.run(10);
  bench.sha.reset(Reset::firmware_update);
  CHECK(bench.digest() == digest);
  CHECK(bench.read(SHA512_STATUS::offset) == 0);
  bench.begin_extend(2);
  bench.sha.reset(Reset::warm);
  CHECK(bench.digest() == Words(16));
  CHECK(bench.read(SHA512_STATUS::offset) == ready);
  CHECK(bench.read(SHA512_VAULT_RD_STATUS::offset) == 1);
  CHECK(bench.read(SHA512_GEN_PCR_HASH_STATUS::offset) == 1);
  CHECK(bench.clock.next_deadline() == veer::Clock::never);
}

TEST_CASE("sha512: a snapshot in the middle of anything runs on the same") {
  RandomBytes random(10);
  for (int round = 0; round < 60; ++round) {
    Bench bench(round % 2 == 0 ? Generation::v1_0 : Generation::v1_1, veer::TimingProfile::rtl);
    for (auto& pcr : bench.pcrs.pcrs) pcr.fill(random.word());
    const auto block = random.array<128>();
    bench.write_block(block.data());
    switch (round % 3) {
      case 0: bench.write(SHA512_CTRL::offset, mode(random.below(4)) | init | last); break;
      case 1:
        bench.begin_extend(7);
        bench.run(20);
        bench.write(SHA512_CTRL::offset, mode(2) | init | last);
        break;
      default: bench.write(SHA512_GEN_PCR_HASH_CTRL::offset, 1); break;
    }
    bench.run(random.below(round % 3 == 2 ? 1100 : 110));

    veer::StateStream saved;
    bench.clock.state(saved);
    bench.sha.state(saved);
    Bench copy(round % 2 == 0 ? Generation::v1_0 : Generation::v1_1, veer::TimingProfile::rtl);
    copy.pcrs = bench.pcrs;
    veer::StateStream loaded(saved.output());
    copy.clock.state(loaded);
    copy.sha.state(loaded);
    loaded.finish();
    REQUIRE(loaded.ok());

    for (Bench* each : {&bench, &copy}) {
      each->run(2000);
      each->write(SHA512_CTRL::offset, mode(3) | next);
      each->run(2000);
    }
    REQUIRE(copy.digest() == bench.digest());
    REQUIRE(copy.sha.pcr_hash() == bench.sha.pcr_hash());
    REQUIRE(copy.pcrs.pcrs == bench.pcrs.pcrs);
    veer::StateStream end, copy_end;
    bench.sha.state(end);
    copy.sha.state(copy_end);
    REQUIRE(end.output() == copy_end.output());
  }
}
