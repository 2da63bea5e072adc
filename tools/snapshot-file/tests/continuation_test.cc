// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A boot that is saved to a file and loaded again goes on as if nothing had happened, wherever that is.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "iss/state_stream.h"
#include "iss/testing/skip.h"
#include "soc/boot_tests/boot_rig.h"
#include "tools/snapshot-file/snapshot_file.h"

namespace caliptra::snapshot_file {
namespace {

using boot_tests::BootRig;

/// Runs until a cycle, or until nothing can happen any more.
void run_to(BootRig& rig, uint64_t cycle) {
  while (rig.core->cycles() < cycle && rig.core->run({.until_cycle = cycle}) != StopReason::no_progress) {
  }
}

std::vector<uint8_t> state_of(BootRig& rig) {
  veer::StateStream stream;
  rig.core->state(stream);
  rig.soc->state(stream);
  return stream.take_output();
}

void check_continuation(const Configuration& configuration, const SocPlan& plan, unsigned points) {
  const Identity identity = identity_of(configuration, plan);
  BootRig whole(configuration, plan);
  whole.soc->power_on();
  REQUIRE(whole.run_until(Event::Kind::runtime_ready));
  run_to(whole, whole.core->cycles() + 20'000);
  const uint64_t end = whole.core->cycles();
  const auto last = state_of(whole);

  std::mt19937_64 random(2026);
  std::vector<uint64_t> cycles(points);
  for (uint64_t& cycle : cycles) cycle = 1 + random() % (end - 1);
  std::sort(cycles.begin(), cycles.end());
  BootRig first(configuration, plan);
  first.soc->power_on();
  for (const uint64_t cycle : cycles) {
    run_to(first, cycle);
    std::string error;
    const auto file = pack(identity, state_of(first), error);
    REQUIRE(error.empty());

    BootRig second(configuration, plan);
    const auto state = unpack(file, identity, error);
    REQUIRE_MESSAGE(state, error);
    veer::StateStream stream(*state);
    second.core->state(stream);
    second.soc->state(stream);
    stream.finish();
    REQUIRE_MESSAGE(stream.ok(), stream.error());
    run_to(second, end);
    CHECK(state_of(second) == last);
    CHECK(second.core->instructions() == whole.core->instructions());
    CHECK(first.console + second.console == whole.console);
  }
}

constexpr veer::TimingProfile profiles[] = {veer::TimingProfile::reference, veer::TimingProfile::rtl};

}  // namespace

TEST_CASE("a boot of the demonstration firmware goes on identically after 100 snapshots") {
  if (!available()) return veer::testing::skip("continuation", "built without zstd");
  const char* const folder = std::getenv("DEMO_FIRMWARE");
  if (folder == nullptr) return veer::testing::skip("continuation", "DEMO_FIRMWARE names no folder");
  for (const auto timing : profiles) {
    Configuration configuration;
    configuration.rom = boot_tests::read_file(std::filesystem::path(folder) / "rom.bin");
    configuration.timing = timing;
    SocPlan plan;
    plan.firmware = boot_tests::read_file(std::filesystem::path(folder) / "bundle.bin");
    check_continuation(configuration, plan, timing == veer::TimingProfile::reference ? 100 : 20);
  }
}

TEST_CASE("a boot of official firmware goes on identically after snapshots") {
  if (!available()) return veer::testing::skip("continuation", "built without zstd");
  const auto rom = boot_tests::test_data(boot_tests::rom_1_2_with_log);
  const auto bundle = boot_tests::test_data(boot_tests::bundle_20251023.file);
  if (!rom || !bundle) return veer::testing::skip("continuation of official firmware", "the images are not there");
  Configuration configuration;
  configuration.rom = boot_tests::read_file(*rom);
  configuration.lifecycle = DeviceLifecycle::production;
  SocPlan plan;
  plan.fuses = boot_tests::fuses_for(&boot_tests::bundle_20251023);
  plan.firmware = boot_tests::read_file(*bundle);
  check_continuation(configuration, plan, 100);
}

}  // namespace caliptra::snapshot_file
