// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/doe/doe.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <vector>

#include "iss/state_stream.h"
#include "peripherals/crypto/aes.h"
#include "peripherals/crypto/bytes.h"
#include "peripherals/doe/doe_regs.h"

namespace {

using namespace caliptra;
using namespace caliptra::doe_regs;
using veer::Agent;
using veer::Reset;

constexpr uint32_t uds = 1;
constexpr uint32_t field_entropy = 2;
constexpr uint32_t clear_obf_secrets = 3;

constexpr uint32_t ready = 1;
constexpr uint32_t valid = 2;
constexpr uint32_t uds_flow_done = 4;
constexpr uint32_t fe_flow_done = 8;
constexpr uint32_t secrets_cleared = 16;

using Vector = std::array<uint32_t, 4>;
constexpr Vector rom_iv = {0xfb10365b, 0xa1179741, 0xfba193a1, 0x0f406d7e};

struct Fixture {
  veer::Clock clock;
  DoeSecrets secrets;
  std::array<std::array<uint32_t, 12>, 32> vault{};
  std::array<unsigned, 32> last_dword{};
  uint8_t dest_valid = 0;
  unsigned blocks = 0;
  unsigned cleared = 0;
  Doe engine;

  explicit Fixture(veer::TimingProfile profile = veer::TimingProfile::reference)
      : engine(Generation::v1_1, clock, EngineTiming::of(profile, Generation::v1_1),
               {.secrets = [this] { return secrets; },
                .clear_obf_secrets =
                    [this] {
                      ++cleared;
                      secrets = {};
                    },
                .kv_write =
                    [this](unsigned slot, unsigned first, uint8_t valid_for, std::span<const uint32_t> words) {
                      ++blocks;
                      dest_valid = valid_for;
                      std::copy(words.begin(), words.end(), vault[slot].begin() + first);
                      last_dword[slot] = first + static_cast<unsigned>(words.size()) - 1;
                    }}) {
    secrets.obf_key = {0xa0a1a2a3, 0xb0b1b2b3, 0xc0c1c2c3, 0xd0d1d2d3, 0xe0e1e2e3, 0xf0f1f2f3, 0xa4a5a6a7, 0xb4b5b6b7};
    for (uint32_t i = 0; i < 12; ++i) secrets.obf_uds_seed[i] = 0x0001'0203 + 0x0404'0404 * i;
    for (uint32_t i = 0; i < 8; ++i) secrets.obf_field_entropy[i] = 0x8081'8283 + 0x0404'0404 * i;
  }

  void write(uint32_t offset, uint32_t data) { engine.write(offset, 4, data, Agent::core); }
  uint32_t read(uint32_t offset) { return engine.read(offset, 4, Agent::core).data; }
  uint32_t status() { return read(DOE_STATUS::offset); }
  void load(const Vector& vector) {
    for (uint32_t i = 0; i < 4; ++i) write(DOE_IV::offset + 4 * i, vector[i]);
  }
  void start(uint32_t command, uint32_t slot) { write(DOE_CTRL::offset, command | slot << 2); }
  void run(uint64_t cycles) {
    for (const uint64_t end = clock.now() + cycles; clock.now() < end;) {
      clock.advance_to(std::min(end, clock.next_deadline()));
      clock.run_due();
    }
  }
  void complete(uint32_t command, uint32_t slot) {
    start(command, slot);
    run(1000);
  }

  template <std::size_t size>
  std::array<uint32_t, size> decrypt(const std::array<uint32_t, size>& text, const Vector& vector) {
    auto bytes = crypto::big_endian_bytes(text);
    REQUIRE(crypto::aes256_cbc_decrypt(crypto::big_endian_bytes(secrets.obf_key), crypto::big_endian_bytes(vector),
                                       bytes, bytes));
    return crypto::big_endian_words(bytes);
  }

  template <std::size_t size>
  bool holds(unsigned slot, const std::array<uint32_t, size>& words) {
    return std::equal(words.begin(), words.end(), vault[slot].begin());
  }
};

TEST_CASE_FIXTURE(Fixture, "doe: UDS and field entropy, in the reference's time") {
  const auto uds_text = decrypt(secrets.obf_uds_seed, rom_iv);
  const auto fe_text = decrypt(secrets.obf_field_entropy, rom_iv);
  write(global_intr_en_r::offset, 3);
  write(notif_intr_en_r::offset, 1);
  CHECK(status() == ready);
  load(rom_iv);
  start(uds, 0);
  CHECK(status() == 0);
  CHECK(read(DOE_CTRL::offset) == uds);
  CHECK(engine.busy());
  run(999);
  CHECK(status() == 0);
  CHECK(blocks == 0);
  run(1);
  CHECK(status() == (ready | valid | uds_flow_done));
  CHECK(read(DOE_CTRL::offset) == 0);
  CHECK(!engine.busy());
  CHECK(engine.interrupts.notif.level());
  // Known independently of any emulator.
  CHECK(vault[0][0] == 0x3685c0f6);
  CHECK(vault[0][1] == 0x196d3462);
  CHECK(holds(0, uds_text));
  CHECK(last_dword[0] == 11);
  CHECK(dest_valid == 3);

  write(notif_internal_intr_r::offset, 1);
  load(rom_iv);
  start(field_entropy, 31);
  CHECK(status() == uds_flow_done);
  run(1000);
  CHECK(status() == (ready | valid | uds_flow_done | fe_flow_done));
  CHECK(holds(31, fe_text));
  CHECK(last_dword[31] == 7);
  CHECK(vault[31][8] == 0);
  CHECK(engine.interrupts.notif.level());
  CHECK(read(notif_cmd_done_intr_count_r::offset) == 2);
}

TEST_CASE_FIXTURE(Fixture, "doe: a flow runs once") {
  load(rom_iv);
  complete(uds, 2);
  start(uds, 3);
  CHECK(status() == (ready | valid | uds_flow_done));
  CHECK(read(DOE_CTRL::offset) == 3U << 2);
  CHECK(read(notif_cmd_done_intr_count_r::offset) == 2);
  run(2000);
  CHECK(blocks == 3);
  CHECK(vault[3][0] == 0);

  engine.reset(Reset::warm);
  CHECK(status() == (ready | uds_flow_done));
  complete(uds, 3);
  CHECK(blocks == 3);
  engine.reset(Reset::cold);
  CHECK(status() == ready);
  load(rom_iv);
  complete(uds, 3);
  CHECK(vault[3][0] == 0x3685c0f6);
}

TEST_CASE_FIXTURE(Fixture, "doe: clearing the secrets") {
  load(rom_iv);
  start(clear_obf_secrets, 0);
  CHECK(status() == 0);
  CHECK(cleared == 0);
  run(1000);
  CHECK(status() == (ready | valid | secrets_cleared));
  CHECK(cleared == 1);
  CHECK(read(DOE_CTRL::offset) == 0);
  CHECK(read(DOE_IV::offset) == 0);
  CHECK(read(notif_cmd_done_intr_count_r::offset) == 0);  // not a flow

  // The engine still works, on what there is.
  complete(field_entropy, 1);
  CHECK(status() == (ready | valid | secrets_cleared | fe_flow_done));
  CHECK(holds(1, decrypt(std::array<uint32_t, 8>{}, Vector{})));

  engine.reset(Reset::warm);
  CHECK(status() == (ready | secrets_cleared | fe_flow_done));
  engine.reset(Reset::cold);
  CHECK(status() == ready);
}

TEST_CASE_FIXTURE(Fixture, "doe: clearing stops a flow") {
  load(rom_iv);
  start(uds, 4);
  run(500);
  start(clear_obf_secrets, 4);
  run(3000);
  CHECK(blocks == 0);
  CHECK(status() == (ready | valid | secrets_cleared));

  secrets.obf_uds_seed.fill(1);
  start(uds, 4);
  run(500);
  engine.clear_obf_secrets();  // debug unlock
  CHECK(status() == (ready | valid | secrets_cleared));
  CHECK(cleared == 2);
  run(3000);
  CHECK(blocks == 0);
}

TEST_CASE_FIXTURE(Fixture, "doe: without a new IV the chain goes on") {
  const auto& uds_words = secrets.obf_uds_seed;
  const auto expected = decrypt(secrets.obf_field_entropy, {uds_words[8], uds_words[9], uds_words[10], uds_words[11]});
  load(rom_iv);
  complete(uds, 0);
  complete(field_entropy, 1);
  CHECK(holds(1, expected));
}

TEST_CASE_FIXTURE(Fixture, "doe: the UDS after field entropy begins at word 8") {
  const auto text = decrypt(secrets.obf_uds_seed, rom_iv);
  load(rom_iv);
  complete(field_entropy, 1);
  load(rom_iv);
  complete(uds, 2);
  for (unsigned word = 0; word < 12; ++word) CHECK(vault[2][(word + 8) % 12] == text[word]);
  CHECK(last_dword[2] == 7);
}

TEST_CASE("doe: the silicon's time, block by block") {
  Fixture doe(veer::TimingProfile::rtl);
  doe.load(rom_iv);
  doe.start(uds, 0);
  doe.run(100);
  CHECK(doe.blocks == 0);
  doe.run(1);
  CHECK(doe.blocks == 1);
  CHECK(doe.last_dword[0] == 3);
  doe.run(167);
  CHECK(doe.status() == 0);
  doe.run(1);
  CHECK(doe.status() == (ready | valid | uds_flow_done));
  CHECK(doe.vault[0][0] == 0x3685c0f6);
  doe.load(rom_iv);
  doe.start(field_entropy, 1);
  doe.run(184);
  CHECK(doe.engine.busy());
  doe.run(1);
  CHECK(!doe.engine.busy());
  doe.start(clear_obf_secrets, 0);
  doe.run(3);
  CHECK((doe.status() & (ready | valid | secrets_cleared)) == (ready | valid | secrets_cleared));
}

TEST_CASE("doe: resets in the middle of a flow") {
  Fixture doe(veer::TimingProfile::rtl);
  doe.load(rom_iv);
  doe.start(uds, 0);
  doe.run(150);
  doe.engine.reset(Reset::firmware_update);
  doe.run(35);
  CHECK(doe.blocks == 2);
  doe.engine.reset(Reset::warm);
  CHECK(doe.status() == ready);
  doe.run(1000);
  CHECK(doe.blocks == 2);  // the rest is lost
  doe.load(rom_iv);
  doe.complete(uds, 0);
  CHECK(doe.holds(0, doe.decrypt(doe.secrets.obf_uds_seed, rom_iv)));
}

TEST_CASE("doe: a command changed in the middle of a flow changes the blocks that follow") {
  Fixture doe(veer::TimingProfile::rtl);
  doe.load(rom_iv);
  doe.start(uds, 0);
  doe.run(120);
  doe.start(0, 9);
  doe.run(1000);
  // Two blocks, as nothing but the UDS has three; no flow is marked as done.
  CHECK(doe.blocks == 2);
  CHECK(doe.vault[9][0] == 0);
  CHECK(doe.status() == (ready | valid));
}

TEST_CASE("doe: in debug and scan mode the secrets are all ones") {
  const DoeSecrets secrets = DoeSecrets::debug_mode();
  CHECK(secrets.obf_key[7] == 0xffff'ffff);
  CHECK(secrets.obf_uds_seed[11] == 0xffff'ffff);
  CHECK(secrets.obf_field_entropy[0] == 0xffff'ffff);
}

TEST_CASE("doe: a snapshot in the middle of a flow runs on to the same end") {
  for (const uint64_t cycles : {5, 110, 250}) {
    Fixture first(veer::TimingProfile::rtl);
    first.load(rom_iv);
    first.start(uds, 0);
    first.run(cycles);
    veer::StateStream save;
    first.clock.state(save);
    first.engine.state(save);
    Fixture second(veer::TimingProfile::rtl);
    second.vault = first.vault;
    veer::StateStream restore(save.output());
    second.clock.state(restore);
    second.engine.state(restore);
    restore.finish();
    REQUIRE(restore.ok());
    first.run(1000);
    second.run(1000);
    CHECK(second.vault == first.vault);
    CHECK(second.holds(0, second.decrypt(second.secrets.obf_uds_seed, rom_iv)));
    veer::StateStream one, other;
    first.engine.state(one);
    second.engine.state(other);
    CHECK(one.output() == other.output());
  }
}

}  // namespace
