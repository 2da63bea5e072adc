// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/snapshot-file/snapshot_file.h"

#include <doctest/doctest.h>

#include <memory>
#include <random>

#include "iss/state_stream.h"
#include "iss/testing/skip.h"
#include "peripherals/crypto/sha2.h"

namespace caliptra::snapshot_file {
namespace {

const Identity identity{{"color", "green"}, {"size", "3"}};

std::vector<uint8_t> some_state(std::size_t size) {
  std::mt19937 random(5);
  std::vector<uint8_t> state(size);
  for (std::size_t i = 0; i < size; ++i) state[i] = i % 64 < 32 ? static_cast<uint8_t>(random()) : 0;
  return state;
}

std::string reason(std::span<const uint8_t> file, const Identity& mine = identity) {
  std::string error;
  return unpack(file, mine, error) ? "" : error;
}

/// Makes the checksum right again.
void seal(std::vector<uint8_t>& file) {
  std::vector<uint8_t> rest(file.begin(), file.begin() + 40);
  rest.insert(rest.end(), file.begin() + 72, file.end());
  const auto sum = crypto::sha256(rest);
  std::copy(sum.begin(), sum.end(), file.begin() + 40);
}

}  // namespace

TEST_CASE("snapshot files: what goes in comes out") {
  if (!available()) return veer::testing::skip("snapshot files", "built without zstd");
  for (const std::size_t size : {0, 1, 1000, 500'000}) {
    std::string error;
    const auto state = some_state(size);
    const auto file = pack(identity, state, error);
    CHECK(error.empty());
    CHECK(file.size() < size + 200);
    CHECK(unpack(file, identity, error) == state);
    CHECK(error.empty());
  }
}

TEST_CASE("snapshot files: each refusal says why") {
  if (!available()) return veer::testing::skip("snapshot files", "built without zstd");
  std::string error;
  const auto file = pack(identity, some_state(5000), error);
  CHECK(reason({}) == "it is no snapshot");
  const std::vector<uint8_t> elf{0x7f, 'E', 'L', 'F'};
  CHECK(reason(elf) == "it is no snapshot");
  for (std::size_t size = 1; size < file.size(); ++size) {
    const std::string why = reason(std::span(file).first(size));
    CHECK(why.starts_with("it is cut short"));
  }
  auto changed = file;
  changed.push_back(0);
  CHECK(reason(changed) == "it has 1 bytes too many");
  changed = file;
  changed[16] = 2;
  seal(changed);
  CHECK(reason(changed) == "its format is 2, and only 1 is known");
  CHECK(reason(file, {{"color", "red"}, {"size", "3"}}) == "its color is green, here it is red");
  CHECK(reason(file, {{"color", "green"}}) == "its size is 3, here it is nothing");
  CHECK(reason(file, {{"age", "1"}, {"color", "green"}, {"size", "3"}}) == "its age is nothing, here it is 1");
  // Sizes that lie, and a checksum that fits them.
  changed = file;
  changed[24] ^= 1;
  seal(changed);
  CHECK(reason(changed).starts_with("it is damaged: "));
  changed = file;
  changed[30] = 1;
  seal(changed);
  CHECK(reason(changed) == "it is damaged: its sizes can't be");
  changed = file;
  changed[changed.size() - 20] ^= 0x55;
  seal(changed);
  CHECK(reason(changed).starts_with("it is damaged: "));
}

TEST_CASE("snapshot files: no damage goes unnoticed") {
  if (!available()) return veer::testing::skip("snapshot files", "built without zstd");
  std::string error;
  const auto file = pack(identity, some_state(3000), error);
  std::mt19937 random(11);
  for (int round = 0; round < 20'000; ++round) {
    auto damaged = file;
    switch (random() % 4) {
      case 0: damaged[random() % damaged.size()] ^= static_cast<uint8_t>(1U << random() % 8); break;
      case 1: damaged.resize(random() % damaged.size()); break;
      case 2:
        damaged.insert(damaged.begin() + static_cast<std::ptrdiff_t>(random() % damaged.size()), 1 + random() % 9,
                       0x5a);
        break;
      default: {
        const std::size_t at = random() % damaged.size();
        for (std::size_t i = at; i < std::min(damaged.size(), at + 1 + random() % 64); ++i)
          damaged[i] ^= static_cast<uint8_t>(random() | 1);
      }
    }
    CHECK_FALSE(reason(damaged).empty());
  }
}

TEST_CASE("snapshot files: damage behind a right checksum harms nobody") {
  if (!available()) return veer::testing::skip("snapshot files", "built without zstd");
  Configuration configuration;
  configuration.rom = {0x6f, 0, 0, 0};  // a loop
  std::string error;
  const auto make = [&] {
    auto core = Core::create(configuration, error);
    REQUIRE(core);
    return core;
  };
  const auto core = make();
  SocManager soc(*core, {});
  soc.power_on();
  core->run({.until_cycle = 1000});
  veer::StateStream saved;
  core->state(saved);
  soc.state(saved);
  const std::vector<uint8_t> state = saved.take_output();
  // What differs from a good state is restored, or refused with a reason; the core runs on in any case.
  const auto victim = make();
  SocManager victim_soc(*victim, {});
  std::mt19937 random(13);
  unsigned refused = 0;
  for (int round = 0; round < 2000; ++round) {
    auto damaged = state;
    const unsigned count = 1 + random() % 8;
    // Most of a state is memory: where the rest is, damage tells more.
    for (unsigned i = 0; i < count; ++i)
      damaged[random() % (random() % 2 == 0 ? damaged.size() : 4000)] ^= static_cast<uint8_t>(random() | 1);
    if (round % 16 == 0) damaged.resize(random() % damaged.size());
    veer::StateStream stream{std::span<const uint8_t>(damaged)};
    victim->state(stream);
    victim_soc.state(stream);
    stream.finish();
    if (!stream.ok()) {
      ++refused;
      CHECK_FALSE(stream.error().empty());
    }
    victim->run({.until_cycle = victim->cycles() + 50, .most_executed = 50});
  }
  CHECK(refused > 100);
}

TEST_CASE("snapshot files: every setting counts") {
  const Configuration plain;
  const SocPlan plan;
  const Identity base = identity_of(plain, plan);
  const auto differs = [&](auto change) {
    Configuration configuration = plain;
    SocPlan other = plan;
    change(configuration, other);
    return identity_of(configuration, other) != base;
  };
  CHECK(identity_of(plain, plan) == base);
  CHECK(differs([](auto& c, auto&) { c.rom = {1}; }));
  CHECK(differs([](auto& c, auto&) { c.generation = Generation::v1_0; }));
  CHECK(differs([](auto& c, auto&) { c.timing = veer::TimingProfile::rtl; }));
  CHECK(differs([](auto& c, auto&) { c.lifecycle = DeviceLifecycle::production; }));
  CHECK(differs([](auto& c, auto&) { c.debug_locked = true; }));
  CHECK(differs([](auto& c, auto&) { c.internal_trng = true; }));
  CHECK(differs([](auto& c, auto&) { c.obfuscation_key[7] = 0; }));
  CHECK(differs([](auto& c, auto&) { c.faults.push_back({}); }));
  CHECK(differs([](auto& c, auto&) { c.trng_seed = 0; }));
  CHECK(differs([](auto& c, auto&) { c.trng_generator = TrngGenerator::xorshift64; }));
  CHECK(differs([](auto&, auto& p) { p.firmware = {1}; }));
  CHECK(differs([](auto&, auto& p) { p.update_firmware = {1}; }));
  CHECK(differs([](auto&, auto& p) { p.measurements = {{}}; }));
  CHECK(differs([](auto&, auto& p) { p.trng_delay = std::nullopt; }));
  CHECK(differs([](auto&, auto& p) { p.mailbox_users = {2}; }));
  CHECK(differs([](auto&, auto& p) { p.fuse_user = 7; }));
  CHECK(differs(
      [](auto&, auto& p) { (void)p.fuses.set_text(Generation::v1_1, "fuse_runtime_svn", std::string(32, '1')); }));
}

}  // namespace caliptra::snapshot_file
