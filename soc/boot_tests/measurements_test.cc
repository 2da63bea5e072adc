// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Measurements that the SoC stashes with the ROM, before there is firmware.

#include <doctest/doctest.h>

#include "iss/testing/skip.h"
#include "soc/boot_tests/boot_rig.h"
#include "soc/boot_tests/openssl.h"

using namespace caliptra;
using namespace caliptra::boot_tests;

TEST_CASE("measurements are stashed before the firmware, and PCR31 tells their order") {
  constexpr auto name = "measurements are stashed before the firmware, and PCR31 tells their order";
  const auto rom = test_data(rom_1_2_with_log);
  const auto bundle = test_data(bundle_20251023.file);
  if (!rom || !bundle) return veer::testing::skip(name, "the official images are not there (CALIPTRA_IMAGES)");
  constexpr uint32_t STASH_MEASUREMENT = 0x4d45'4153;

  Configuration configuration;
  configuration.rom = read_file(*rom);
  SocPlan plan;
  plan.fuses = fuses_for(nullptr);
  plan.firmware = read_file(*bundle);
  std::vector<uint8_t> expected(48, 0);
  for (const uint8_t seed : {0x11, 0x22, 0x33}) {
    const std::vector<uint8_t> measurement(48, seed);
    std::vector<uint8_t> request;
    put_word(request, seed);  // metadata
    put_bytes(request, measurement);
    put_bytes(request, std::vector<uint8_t>(48, 0));  // context
    put_word(request, 0);                             // SVN
    std::vector<uint8_t> payload;
    put_word(payload, mailbox_checksum(STASH_MEASUREMENT, request));
    put_bytes(payload, request);
    plan.measurements.push_back(payload);
    put_bytes(expected, measurement);
    expected = sha384(expected);
  }
  BootRig rig(std::move(configuration), std::move(plan));
  REQUIRE(rig.run_until(Event::Kind::runtime_ready));

  CHECK(rig.pcr(31) == expected);
}
