// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Official ROMs reach ready_for_fw, and with production bundles the runtime, in every life cycle that matters.

#include <doctest/doctest.h>

#include "iss/testing/skip.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "soc/boot_tests/boot_rig.h"

namespace {

using namespace caliptra;
using namespace caliptra::boot_tests;

constexpr uint32_t command_fw_info = 0x494e'464f;
constexpr std::string_view no_images = "the official images are not there (CALIPTRA_IMAGES)";

void check_no_errors(const BootRig& rig) {
  using namespace soc_ifc_regs;
  CHECK(rig.soc_ifc(CPTRA_HW_ERROR_FATAL::offset) == 0);
  CHECK(rig.soc_ifc(CPTRA_HW_ERROR_NON_FATAL::offset) == 0);
  CHECK(rig.soc_ifc(CPTRA_FW_ERROR_FATAL::offset) == 0);
  CHECK(rig.soc_ifc(CPTRA_FW_ERROR_NON_FATAL::offset) == 0);
}

void boot_to_runtime(std::string_view rom, const Bundle& bundle, const Setup& setup) {
  CAPTURE(rom);
  CAPTURE(bundle.file);
  CAPTURE(static_cast<int>(setup.lifecycle));
  CAPTURE(setup.debug_locked);
  CAPTURE(setup.internal_trng);
  const auto rig = make_rig(rom, &bundle, setup);
  REQUIRE(rig != nullptr);
  const bool ready = rig->run_until(Event::Kind::runtime_ready);
  CAPTURE(rig->console);
  CAPTURE(rig->soc_ifc(soc_ifc_regs::CPTRA_FW_ERROR_FATAL::offset));
  REQUIRE(ready);
  rig->core->run({.until_cycle = rig->core->cycles() + 50'000'000});
  check_no_errors(*rig);
  const MailboxResult info = rig->command(command_fw_info);
  CHECK(info.outcome == MailboxResult::Outcome::data);
  CHECK(info.response.size() >= 64);
  check_no_errors(*rig);
}

void boot_matrix(const Bundle& bundle) {
  for (const std::string_view rom :
       {"images/rom/caliptra-rom-with-log-1.2.0-3b50c6a.bin", "images/rom/caliptra-rom-1.2.0-3b50c6a.bin",
        "images/rom/caliptra-rom-with-log-1.1.1-d6713db.bin", "images/rom/caliptra-rom-1.1.1-d6713db.bin"}) {
    for (const auto lifecycle : {DeviceLifecycle::unprovisioned, DeviceLifecycle::production}) {
      for (const bool locked : {false, true}) {
        for (const bool internal : {false, true}) {
          boot_to_runtime(rom, bundle, {.lifecycle = lifecycle, .debug_locked = locked, .internal_trng = internal});
        }
      }
    }
  }
}

}  // namespace

TEST_CASE("every official 1.x ROM reaches ready_for_fw") {
  for (const std::string_view rom :
       {"images/rom/caliptra-rom-1.0.3-e8e23d9.bin", "images/rom/caliptra-rom-with-log-1.0.3-e8e23d9.bin",
        "images/rom/caliptra-rom-1.1.1-d6713db.bin", "images/rom/caliptra-rom-with-log-1.1.1-d6713db.bin",
        "images/rom/caliptra-rom-1.2.0-3b50c6a.bin", "images/rom/caliptra-rom-with-log-1.2.0-3b50c6a.bin"}) {
    if (!test_data(rom)) return veer::testing::skip("every official 1.x ROM reaches ready_for_fw", no_images);
    CAPTURE(rom);
    const bool is_1_0 = rom.find("1.0.3") != std::string_view::npos;
    const auto rig = make_rig(rom, nullptr, {.generation = is_1_0 ? Generation::v1_0 : Generation::v1_1});
    REQUIRE(rig != nullptr);
    const bool ready = rig->run_until(Event::Kind::ready_for_fw);
    CAPTURE(rig->console);
    CHECK(ready);
    check_no_errors(*rig);
    const bool logs = rom.find("with-log") != std::string_view::npos;
    CHECK((rig->console.find("Running Caliptra ROM") != std::string::npos) == logs);
  }
}

TEST_CASE("a ROM whose TRNG requests nobody answers waits 250,000 polls and gives up") {
  constexpr auto name = "a ROM whose TRNG requests nobody answers waits 250,000 polls and gives up";
  constexpr uint32_t ROM_CFI_PANIC_TRNG_FAILURE = 0x0104'005b;
  constexpr uint64_t polls_of_the_rom = 250'000;
  if (!test_data(rom_1_2_with_log)) return veer::testing::skip(name, no_images);
  Configuration configuration;
  configuration.rom = read_file(*test_data(rom_1_2_with_log));
  SocPlan plan;
  plan.fuses = fuses_for(nullptr);
  plan.trng_delay = std::nullopt;
  BootRig rig(std::move(configuration), std::move(plan));
  CHECK(rig.run_until(Event::Kind::firmware_error_fatal));
  CAPTURE(rig.console);
  REQUIRE(rig.seen(Event::Kind::trng_request));
  REQUIRE(rig.seen(Event::Kind::firmware_error_fatal));
  CHECK(rig.last(Event::Kind::firmware_error_fatal)->cycle >
        rig.last(Event::Kind::trng_request)->cycle + polls_of_the_rom);
  CHECK_FALSE(rig.seen(Event::Kind::ready_for_fw));
  CHECK(rig.soc_ifc(soc_ifc_regs::CPTRA_FW_ERROR_FATAL::offset) == ROM_CFI_PANIC_TRNG_FAILURE);
  CHECK(rig.core->error_fatal());
}

TEST_CASE("bundle 20251023 boots to the runtime everywhere") {
  if (!test_data(bundle_20251023.file)) {
    return veer::testing::skip("bundle 20251023 boots to the runtime everywhere", no_images);
  }
  boot_matrix(bundle_20251023);
}

TEST_CASE("bundle 20251017 boots to the runtime everywhere") {
  if (!test_data(bundle_20251017.file)) {
    return veer::testing::skip("bundle 20251017 boots to the runtime everywhere", no_images);
  }
  boot_matrix(bundle_20251017);
}

TEST_CASE("bundle 20250414 with its 1.1-era runtime boots everywhere") {
  if (!test_data(bundle_20250414.file)) {
    return veer::testing::skip("bundle 20250414 with its 1.1-era runtime boots everywhere", no_images);
  }
  boot_matrix(bundle_20250414);
}
