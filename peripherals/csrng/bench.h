// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// For the tests of CSRNG: the block with a clock and someone who gives it seeds.

#pragma once

#include <doctest/doctest.h>

#include <random>
#include <vector>

#include "peripherals/csrng/csrng.h"
#include "peripherals/csrng/csrng_regs.h"

namespace caliptra::testing {

using namespace csrng_regs;
using veer::Agent;
using veer::BusStatus;
using veer::TimingProfile;
using Words = std::vector<uint32_t>;

constexpr uint32_t yes = multi_bit_true;
constexpr uint32_t no = multi_bit_false;
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

inline DrbgData bytes_of(const Words& words) {
  DrbgData bytes{};
  for (std::size_t i = 0; i < 4 * words.size() && i < bytes.size(); ++i) {
    bytes[47 - i] = static_cast<uint8_t>(words[i / 4] >> (8 * (i % 4)));
  }
  return bytes;
}

inline DrbgData mixed(const DrbgData& first, const DrbgData& second) {
  DrbgData result;
  for (std::size_t i = 0; i < result.size(); ++i) result[i] = first[i] ^ second[i];
  return result;
}

inline Words block_words(const crypto::AesBlock& block) {
  Words words(4, 0);
  for (unsigned i = 0; i < 16; ++i) words[i / 4] |= uint32_t{block[15 - i]} << (8 * (i % 4));
  return words;
}

/// What a generate command gives, by the standard.
inline Words expected_blocks(CtrDrbg& drbg, unsigned blocks, const Words& data = {}) {
  const DrbgData additional = bytes_of(data);
  if (additional != DrbgData{}) drbg.update(additional);
  Words words;
  for (unsigned i = 0; i < blocks; ++i) {
    for (const uint32_t word : block_words(drbg.generate_block())) words.push_back(word);
  }
  drbg.update(additional);
  return words;
}

inline Words random_words(std::mt19937& random, std::size_t count) {
  Words words(count);
  for (uint32_t& word : words) word = static_cast<uint32_t>(random());
  return words;
}

inline const Words nist_seed = {0x73bec010, 0x9262474c, 0x16a30f76, 0x531b51de, 0x2ee494e5, 0xdfec9db3,
                                0xcb7a879d, 0x5600419c, 0xca79b0b0, 0xdda33b5c, 0xa468649e, 0xdf5d73fa};

}  // namespace caliptra::testing
