// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/sha512_acc/sha512_acc.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <vector>

#include "iss/state_stream.h"
#include "peripherals/crypto/bytes.h"
#include "peripherals/crypto/sha2.h"
#include "peripherals/crypto/test_support.h"
#include "peripherals/sha512_acc/sha512_acc_regs.h"

namespace {

using namespace caliptra;
using namespace caliptra::sha512_acc_regs;
using crypto::testing::RandomBytes;
using veer::Agent;
using veer::Reset;
using Words = std::vector<uint32_t>;
using Bytes = std::vector<uint8_t>;

constexpr uint32_t stream_384 = 0;
constexpr uint32_t stream_512 = 1;
constexpr uint32_t mailbox_384 = 2;
constexpr uint32_t mailbox_512 = 3;
constexpr uint32_t toggle = MODE::ENDIAN_TOGGLE.mask();
constexpr uint32_t valid = STATUS::VALID.mask();
constexpr uint32_t soc_has_lock = STATUS::SOC_HAS_LOCK.mask();
constexpr uint32_t memory_size = 128 * 1024;

struct Bench {
  explicit Bench(Generation generation = Generation::v1_1, veer::TimingProfile profile = veer::TimingProfile::reference)
      : timing(EngineTiming::of(profile, generation)),
        sha(clock, timing, generation, [this](uint32_t index) { return memory.at(index); }) {
    RandomBytes random(99);
    for (uint32_t& word : memory) word = random.word();
  }

  void write(uint32_t offset, uint32_t value, Agent agent = Agent::core) {
    REQUIRE(sha.write(offset, 4, value, agent) == veer::BusStatus::ok);
  }
  uint32_t read(uint32_t offset, Agent agent = Agent::core) { return sha.read(offset, 4, agent).data; }
  void run(uint64_t cycles) {
    const uint64_t end = clock.now() + cycles;
    while (clock.next_deadline() <= end) {
      clock.advance_to(clock.next_deadline());
      clock.run_due();
    }
    clock.advance_to(end);
  }
  void run_all() {
    while (clock.next_deadline() != veer::Clock::never) run(clock.next_deadline() - clock.now());
  }
  /// Gives the lock back and takes it for `agent`.
  void take(Agent agent = Agent::core) {
    write(LOCK::offset, 1, sha.peek(STATUS::offset) & soc_has_lock ? Agent::soc : Agent::core);
    REQUIRE(read(LOCK::offset, agent) == 0);
    REQUIRE(read(LOCK::offset, agent) == 1);
  }
  Words digest(unsigned count, Agent agent = Agent::core) {
    Words result;
    for (unsigned i = 0; i < count; ++i) result.push_back(read(DIGEST::offset + 4 * i, agent));
    return result;
  }
  /// `size` bytes of the memory from `start` on, in memory order or as big-endian words.
  Bytes message(uint32_t start, uint32_t size, bool as_words) const {
    Bytes bytes;
    for (uint32_t i = 0; i < size; ++i) {
      const uint32_t at = start + i;
      bytes.push_back(static_cast<uint8_t>(memory[at / 4] >> 8 * (as_words ? 3 - at % 4 : at % 4)));
    }
    return bytes;
  }
  void start_mailbox(uint32_t mode, uint32_t start, uint32_t size) {
    write(MODE::offset, mode);
    write(START_ADDRESS::offset, start);
    write(DLEN::offset, size);
    write(EXECUTE::offset, 1);
  }
  void stream(const Bytes& message, Agent agent) {
    for (std::size_t at = 0; at == 0 || at < message.size(); at += 4) {
      uint32_t word = 0x7e7e'7e7e;
      for (std::size_t i = 0; i < 4 && at + i < message.size(); ++i) {
        const unsigned shift = static_cast<unsigned>(24 - 8 * i);
        word = (word & ~(0xffU << shift)) | static_cast<uint32_t>(message[at + i]) << shift;
      }
      write(DATAIN::offset, word, agent);
    }
  }

  veer::Clock clock;
  EngineTiming timing;
  std::vector<uint32_t> memory = Words(memory_size / 4);
  Sha512Accelerator sha;
};

template <std::size_t size>
Words words_of(const std::array<uint8_t, size>& bytes) {
  const auto words = crypto::big_endian_words(bytes);
  return {words.begin(), words.end()};
}

}  // namespace

TEST_CASE("sha512_acc: what a reset leaves") {
  Bench bench;
  CHECK(bench.read(LOCK::offset) == 1);
  CHECK(bench.read(USER::offset) == 0);
  CHECK(bench.read(STATUS::offset) == 0);
  CHECK(bench.read(EXECUTE::offset) == 0);
  CHECK(bench.digest(16) == Words(16));
}

TEST_CASE("sha512_acc: the lock and who may write") {
  Bench bench;
  bench.sha.set_requesting_user(0x10);
  // The core holds it out of reset: the SoC can change nothing, nor release it.
  bench.write(MODE::offset, 1, Agent::soc);
  bench.write(DLEN::offset, 1, Agent::soc);
  bench.write(LOCK::offset, 1, Agent::soc);
  CHECK(bench.read(LOCK::offset, Agent::soc) == 1);
  CHECK(bench.read(MODE::offset) == 0);
  CHECK(bench.read(DLEN::offset) == 0);
  bench.write(DLEN::offset, 5);
  CHECK(bench.read(DLEN::offset, Agent::soc) == 5);
  // Writing 0 does not release; nor does a debugger's look take it.
  bench.write(LOCK::offset, 0);
  CHECK(bench.read(LOCK::offset) == 1);
  bench.write(LOCK::offset, 1);
  CHECK(bench.sha.read(LOCK::offset, 4, Agent::debugger).data == 0);
  // Nobody holds it: nobody can write.
  bench.write(DLEN::offset, 6);
  CHECK(bench.read(DLEN::offset) == 5);
  // Reading anything else does not take it.
  CHECK(bench.read(STATUS::offset, Agent::soc) == 0);

  CHECK(bench.read(LOCK::offset, Agent::soc) == 0);
  CHECK(bench.read(STATUS::offset) == soc_has_lock);
  CHECK(bench.read(USER::offset) == 0x10);
  CHECK(bench.read(LOCK::offset) == 1);
  bench.write(DLEN::offset, 7);
  CHECK(bench.read(DLEN::offset) == 5);
  bench.sha.set_requesting_user(0x11);
  CHECK(bench.read(LOCK::offset, Agent::soc) == 1);
  bench.write(DLEN::offset, 7, Agent::soc);
  bench.write(LOCK::offset, 1, Agent::soc);
  CHECK(bench.read(USER::offset) == 0x10);
  CHECK(bench.read(DLEN::offset) == 5);
  bench.sha.set_requesting_user(0x10);
  bench.write(DLEN::offset, 7, Agent::soc);
  CHECK(bench.read(DLEN::offset) == 7);
  bench.write(LOCK::offset, 1, Agent::soc);
  CHECK(bench.read(STATUS::offset) == 0);

  CHECK(bench.read(LOCK::offset) == 0);
  CHECK(bench.read(USER::offset) == Sha512Accelerator::core_user);
  CHECK(bench.read(STATUS::offset) == 0);
}

TEST_CASE("sha512_acc: messages in the mailbox, every size, both orders") {
  for (const auto profile : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
    Bench bench(Generation::v1_1, profile);
    RandomBytes random(1);
    std::vector<uint32_t> sizes;
    for (uint32_t size = 0; size <= 300; ++size) sizes.push_back(size);
    for (const uint32_t middle : {65'536U, 131'072U - 128}) {
      for (uint32_t size = middle - 129; size <= middle + 128; size += 17) sizes.push_back(size);
    }
    sizes.push_back(memory_size);
    for (const uint32_t size : sizes) {
      CAPTURE(size);
      const uint32_t start = random.below((memory_size - size) / 4 + 1) * 4;
      const bool as_words = random.below(2) != 0;
      const Bytes message = bench.message(start, size, as_words);
      bench.take();
      bench.start_mailbox(mailbox_512 | (as_words ? toggle : 0), start, size);
      CHECK(bench.read(STATUS::offset) == 0);
      bench.run_all();
      REQUIRE(bench.read(STATUS::offset) == valid);
      REQUIRE(bench.digest(16) == words_of(crypto::sha512(message)));
      bench.take();
      CHECK(bench.read(EXECUTE::offset) == 0);
      bench.start_mailbox(mailbox_384 | (as_words ? toggle : 0), start, size);
      bench.run_all();
      REQUIRE(bench.digest(12) == words_of(crypto::sha384(message)));
    }
  }
}

TEST_CASE("sha512_acc: status changes exactly when the profile says") {
  struct Case {
    uint32_t size;
    uint32_t rtl_cycles;
  };
  for (const Case& each : {Case{0, 85}, Case{7, 87}, Case{111, 28 + 85}, Case{112, 28 + 2 * 85}, Case{128, 32 + 2 * 85},
                           Case{1000, 32 + 8 * 85}}) {
    for (const auto profile : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
      CAPTURE(each.size);
      Bench bench(Generation::v1_1, profile);
      bench.start_mailbox(mailbox_384, 64, each.size);
      const uint32_t cycles = profile == veer::TimingProfile::rtl ? each.rtl_cycles : 1000;
      bench.run(cycles - 1);
      CHECK(bench.read(STATUS::offset) == 0);
      bench.run(1);
      CHECK(bench.read(STATUS::offset) == valid);
    }
  }
}

TEST_CASE("sha512_acc: streaming, by core and SoC, every size") {
  for (const auto profile : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
    Bench bench(Generation::v1_1, profile);
    RandomBytes random(2);
    for (std::size_t size = 0; size <= 520; ++size) {
      CAPTURE(size);
      const Bytes message = random.bytes(size);
      const Agent agent = size % 2 == 0 ? Agent::core : Agent::soc;
      bench.take(agent);
      // The mailbox bit does nothing for the SoC.
      bench.write(MODE::offset, size % 4 == 1 ? mailbox_512 | toggle : stream_512, agent);
      bench.write(DLEN::offset, static_cast<uint32_t>(size), agent);
      bench.stream(message, agent);
      CHECK((bench.read(STATUS::offset, agent) & valid) == 0);
      bench.write(EXECUTE::offset, 1, agent);
      // The reference profile has it at once.
      CHECK(((bench.read(STATUS::offset, agent) & valid) != 0) == (profile == veer::TimingProfile::reference));
      bench.run_all();
      REQUIRE((bench.read(STATUS::offset, agent) & valid) != 0);
      REQUIRE(bench.digest(16, agent) == words_of(crypto::sha512(message)));
    }
    bench.take(Agent::soc);
    const Bytes message = random.bytes(1001);
    bench.write(MODE::offset, stream_384, Agent::soc);
    bench.write(DLEN::offset, 1001, Agent::soc);
    bench.stream(message, Agent::soc);
    bench.write(EXECUTE::offset, 1, Agent::soc);
    bench.run_all();
    CHECK(bench.digest(12) == words_of(crypto::sha384(message)));
  }
}

TEST_CASE("sha512_acc: EXECUTE without data waits for it; foreign data is not taken") {
  Bench bench;
  bench.write(EXECUTE::offset, 1);
  bench.run(5000);
  CHECK(bench.read(STATUS::offset) == 0);
  bench.write(DATAIN::offset, 5, Agent::soc);
  CHECK(bench.read(STATUS::offset) == 0);
  bench.write(DATAIN::offset, 5);
  CHECK(bench.read(STATUS::offset) == valid);
  CHECK(bench.digest(12) == words_of(crypto::sha384({})));
  // Done is done, until the lock is given back.
  bench.write(DATAIN::offset, 5);
  bench.write(EXECUTE::offset, 1);
  CHECK(bench.digest(12) == words_of(crypto::sha384({})));
}

TEST_CASE("sha512_acc: SHA-384 shows the whole state, and intermediate digests show") {
  Bench bench;
  const Bytes message(200, 0x42);
  bench.write(DLEN::offset, 200);
  bench.stream(Bytes(message.begin(), message.begin() + 128), Agent::core);
  auto state = crypto::sha384_initial;
  crypto::sha512_compress(state, std::span<const uint8_t, 128>(message.data(), 128));
  CHECK(bench.read(DIGEST::offset) == static_cast<uint32_t>(state[0] >> 32));
  bench.stream(Bytes(message.begin() + 128, message.end()), Agent::core);
  bench.write(EXECUTE::offset, 1);
  CHECK(bench.digest(12) == words_of(crypto::sha384(message)));
  CHECK(bench.digest(16)[12] != 0);
}

TEST_CASE("sha512_acc: lengths beyond the memory") {
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    Bench bench(generation);
    // Reads to the end, then pads by the length as given.
    const auto expect = [&](uint32_t start, uint32_t length, uint32_t words_read) {
      CAPTURE(length);
      std::array<uint32_t, 32> block{};
      auto state = crypto::sha512_initial;
      uint32_t written = 0;
      for (uint32_t i = 0; i < words_read; ++i) {
        block[i % 32] = bench.memory[(start / 4 + i) % (memory_size / 4)];
        written += 4;
        if (i % 32 == 31 && written <= length) crypto::sha512_compress(state, crypto::big_endian_bytes(block));
      }
      auto bytes = crypto::big_endian_bytes(block);
      const uint32_t used = length % 128;
      std::fill(bytes.begin() + used, bytes.end(), uint8_t{0});
      bytes[used] = 0x80;
      if (used >= 112) {
        crypto::sha512_compress(state, bytes);
        bytes.fill(0);
      }
      for (unsigned i = 0; i < 8; ++i) bytes[120 + i] = static_cast<uint8_t>(uint64_t{length} * 8 >> (56 - 8 * i));
      crypto::sha512_compress(state, bytes);
      bench.take();
      bench.start_mailbox(mailbox_512 | toggle, start, length);
      bench.run_all();
      CHECK(bench.read(STATUS::offset) == valid);
      CHECK(bench.read(DIGEST::offset) == static_cast<uint32_t>(state[0] >> 32));
      CHECK(bench.read(DIGEST::offset + 4 * 15) == static_cast<uint32_t>(state[7]));
    };
    expect(memory_size - 64, 100, 16);
    expect(memory_size - 4, 256, 1);
    expect(memory_size - 256, 1000, 64);
    expect(0, memory_size + 5, memory_size / 4);
    expect(64, 2 * memory_size, 0);
    // The end of such a length lies before the start: reading wraps around.
    expect(memory_size / 2, 2 * memory_size - 64, memory_size / 4 - 16);
  }
}

TEST_CASE("sha512_acc: giving the lock back stops everything") {
  Bench bench(Generation::v1_1, veer::TimingProfile::rtl);
  bench.start_mailbox(mailbox_384, 0, 10'000);
  bench.run(500);
  bench.write(LOCK::offset, 1);
  CHECK(bench.read(EXECUTE::offset) == 0);
  bench.run(20'000);
  CHECK(bench.read(STATUS::offset) == 0);
  CHECK(bench.read(notif_internal_intr_r::offset) == 0);
  CHECK(bench.read(LOCK::offset) == 0);
  // What MODE, address and length were, they still are.
  CHECK(bench.read(DLEN::offset) == 10'000);
  bench.write(EXECUTE::offset, 1);
  bench.run_all();
  CHECK(bench.digest(12) == words_of(crypto::sha384(bench.message(0, 10'000, false))));
}

TEST_CASE("sha512_acc: ZEROIZE") {
  Bench bench(Generation::v1_1, veer::TimingProfile::rtl);
  const Words right = words_of(crypto::sha384(bench.message(0, 1000, false)));
  SUBCASE("leaves the digest") {
    bench.start_mailbox(mailbox_384, 0, 1000);
    bench.run_all();
    bench.write(CONTROL::offset, 1, Agent::soc);
    CHECK(bench.digest(12) == right);
    CHECK(bench.read(STATUS::offset) == valid);
  }
  SUBCASE("spoils the message under way") {
    bench.start_mailbox(mailbox_384, 0, 1000);
    bench.run(32 + 2 * 85 + 10);
    bench.write(CONTROL::offset, 1, Agent::soc);
    bench.run_all();
    CHECK(bench.read(STATUS::offset) == valid);
    CHECK(bench.digest(12) != right);
  }
  SUBCASE("in the last block leaves it without an end") {
    bench.start_mailbox(mailbox_384, 0, 1000);
    bench.run(32 + 7 * 85 + 10);
    bench.write(CONTROL::offset, 1);
    bench.run(10'000);
    CHECK(bench.read(STATUS::offset) == 0);
    bench.take();
    bench.start_mailbox(mailbox_384, 0, 1000);
    bench.run_all();
    CHECK(bench.digest(12) == right);
  }
}

TEST_CASE("sha512_acc: interrupts and resets") {
  Bench bench;
  bool notif = false;
  bench.sha.interrupts.notif.connect([&](bool level) { notif = level; });
  bench.write(global_intr_en_r::offset, 3);
  bench.write(notif_intr_en_r::offset, 1);
  // The SoC sees these, but can't change them.
  bench.write(notif_intr_en_r::offset, 0, Agent::soc);
  bench.start_mailbox(mailbox_384, 0, 4);
  bench.run_all();
  CHECK(notif);
  CHECK(bench.read(notif_cmd_done_intr_count_r::offset) == 1);
  bench.write(notif_internal_intr_r::offset, 1);
  CHECK_FALSE(notif);
  // Messages of the SoC don't interrupt the core.
  bench.take(Agent::soc);
  bench.write(DATAIN::offset, 1, Agent::soc);
  bench.write(EXECUTE::offset, 1, Agent::soc);
  CHECK(bench.read(STATUS::offset) == (valid | soc_has_lock));
  CHECK_FALSE(notif);
  bench.write(error_intr_trig_r::offset, 1);
  CHECK(bench.read(error_internal_intr_r::offset) == 1);

  bench.sha.reset(Reset::firmware_update);
  CHECK(bench.read(STATUS::offset) == (valid | soc_has_lock));
  bench.sha.reset(Reset::warm);
  CHECK(bench.read(STATUS::offset) == 0);
  CHECK(bench.digest(16) == Words(16));
  CHECK(bench.read(error_internal_intr_r::offset) == 1);
  bench.write(DLEN::offset, 3);
  CHECK(bench.read(DLEN::offset) == 3);
  bench.sha.reset(Reset::cold);
  CHECK(bench.read(error_internal_intr_r::offset) == 0);
}

TEST_CASE("sha512_acc: a snapshot in the middle of anything runs on the same") {
  RandomBytes random(5);
  for (int round = 0; round < 40; ++round) {
    Bench bench(Generation::v1_1, veer::TimingProfile::rtl), copy(Generation::v1_1, veer::TimingProfile::rtl);
    const bool mailbox = round % 2 == 0;
    const Bytes data = random.bytes(700);
    if (mailbox) {
      bench.start_mailbox(mailbox_512, 128, 700);
    } else {
      bench.take(Agent::soc);
      bench.write(MODE::offset, stream_512, Agent::soc);
      bench.write(DLEN::offset, 700, Agent::soc);
      bench.stream(Bytes(data.begin(), data.begin() + 400), Agent::soc);
    }
    bench.run(random.below(700));
    veer::StateStream saved;
    bench.clock.state(saved);
    bench.sha.state(saved);
    veer::StateStream loaded(saved.output());
    copy.clock.state(loaded);
    copy.sha.state(loaded);
    loaded.finish();
    REQUIRE(loaded.ok());
    for (Bench* each : {&bench, &copy}) {
      if (!mailbox) {
        each->stream(Bytes(data.begin() + 400, data.end()), Agent::soc);
        each->write(EXECUTE::offset, 1, Agent::soc);
      }
      each->run_all();
      REQUIRE(each->digest(16) == words_of(crypto::sha512(mailbox ? bench.message(128, 700, false) : data)));
    }
    CHECK(copy.clock.now() == bench.clock.now());
    veer::StateStream end, copy_end;
    bench.sha.state(end);
    copy.sha.state(copy_end);
    REQUIRE(end.output() == copy_end.output());
  }
}
