// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What each kind of reset does to a running core with production firmware.

#include <doctest/doctest.h>

#include <algorithm>

#include "iss/testing/skip.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "soc/boot_tests/boot_rig.h"
#include "soc/boot_tests/openssl.h"

namespace {

using namespace caliptra;
using namespace caliptra::boot_tests;
using namespace caliptra::soc_ifc_regs;
using Outcome = MailboxResult::Outcome;

constexpr uint32_t FIRMWARE_LOAD = 0x4657'4c44;
constexpr uint32_t FW_INFO = 0x494e'464f;
constexpr uint32_t pcr_base = 0x1001'a600;
constexpr std::size_t pcr_size = 48;
constexpr unsigned runtime_current_pcr = 2;
constexpr unsigned runtime_journey_pcr = 3;
constexpr std::string_view no_images = "the official images are not there (CALIPTRA_IMAGES)";

std::unique_ptr<BootRig> rig_at_runtime(bool internal_trng = false) {
  auto rig = make_rig(rom_1_2_with_log, &bundle_20251023,
                      {.lifecycle = DeviceLifecycle::production, .debug_locked = true, .internal_trng = internal_trng});
  if (rig) REQUIRE(rig->run_until(Event::Kind::runtime_ready));
  return rig;
}

// A PCR as the firmware's hashes see it: words are big-endian.
std::vector<uint8_t> pcr(const BootRig& rig, unsigned index) {
  std::vector<uint8_t> bytes;
  for (unsigned i = 0; i < pcr_size / 4; ++i) {
    const uint32_t word = rig.core->peek_register(pcr_base + pcr_size * index + 4 * i);
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<uint8_t>(word >> shift));
  }
  return bytes;
}

std::vector<uint8_t> extend(std::vector<uint8_t> pcr, std::span<const uint8_t> measurement) {
  pcr.insert(pcr.end(), measurement.begin(), measurement.end());
  return sha384(pcr);
}

}  // namespace

TEST_CASE("update reset runs the new firmware, with the right reason and journey PCRs") {
  const auto rig = rig_at_runtime();
  if (!rig)
    return veer::testing::skip("update reset runs the new firmware, with the right reason and journey PCRs", no_images);
  const auto bundle = read_file(*test_data(bundle_20251023.file));
  // FMC measures the runtime's digest (the last 48 bytes of the manifest, as little-endian words) and the manifest's.
  constexpr std::size_t manifest_size = 0x16fc;
  std::vector<uint8_t> runtime_digest(bundle.begin() + manifest_size - 48, bundle.begin() + manifest_size);
  for (std::size_t i = 0; i < 48; i += 4) std::reverse(runtime_digest.begin() + i, runtime_digest.begin() + i + 4);
  const auto manifest_digest = sha384(std::span(bundle).first(manifest_size));

  const auto current = pcr(*rig, runtime_current_pcr);
  const auto journey = pcr(*rig, runtime_journey_pcr);
  CHECK(current == extend(extend(std::vector<uint8_t>(pcr_size, 0), runtime_digest), manifest_digest));
  CHECK(journey == current);
  CHECK(rig->soc_ifc(CPTRA_RESET_REASON::offset) == 0);

  rig->events.clear();
  const MailboxResult result = rig->soc->execute(FIRMWARE_LOAD, bundle, 400'000'000);
  CHECK(result.outcome == Outcome::complete);
  CHECK(rig->seen(Event::Kind::firmware_update_reset));
  if (!rig->seen(Event::Kind::runtime_ready)) CHECK(rig->run_until(Event::Kind::runtime_ready));
  CHECK(rig->soc_ifc(CPTRA_RESET_REASON::offset) == CPTRA_RESET_REASON::FW_UPD_RESET.mask());
  CHECK(pcr(*rig, runtime_current_pcr) == current);
  CHECK(pcr(*rig, runtime_journey_pcr) == extend(extend(journey, runtime_digest), manifest_digest));
  CHECK(rig->soc_ifc(CPTRA_FW_ERROR_FATAL::offset) == 0);
  CHECK(rig->command(FW_INFO).outcome == Outcome::data);
}

TEST_CASE("an update to something that isn't firmware is refused and the old firmware runs on") {
  const auto rig = rig_at_runtime();
  if (!rig)
    return veer::testing::skip("an update to something that isn't firmware is refused and the old firmware runs on",
                               no_images);
  auto bundle = read_file(*test_data(bundle_20251023.file));
  bundle.back() ^= 1;
  rig->events.clear();
  CHECK(rig->soc->execute(FIRMWARE_LOAD, bundle, 400'000'000).outcome == Outcome::failure);
}

TEST_CASE("warm reset reaches the runtime without a new upload") {
  for (const bool internal_trng : {false, true}) {
    const auto rig = rig_at_runtime(internal_trng);
    if (!rig) return veer::testing::skip("warm reset reaches the runtime without a new upload", no_images);
    rig->events.clear();
    rig->soc->warm_reset();
    const bool ready = rig->run_until(Event::Kind::runtime_ready);
    CAPTURE(rig->console);
    CHECK(ready);
    CHECK(rig->seen(Event::Kind::warm_reset));
    CHECK_FALSE(rig->seen(Event::Kind::ready_for_fw));
    CHECK(rig->soc_ifc(CPTRA_RESET_REASON::offset) == CPTRA_RESET_REASON::WARM_RESET.mask());
    CHECK(rig->soc_ifc(CPTRA_FW_ERROR_FATAL::offset) == 0);
    CHECK(rig->command(FW_INFO).outcome == Outcome::data);
  }
}

TEST_CASE("cold reset starts over") {
  const auto rig = rig_at_runtime();
  if (!rig) return veer::testing::skip("cold reset starts over", no_images);
  const auto journey = pcr(*rig, runtime_journey_pcr);
  const auto bundle = read_file(*test_data(bundle_20251023.file));
  REQUIRE(rig->soc->execute(FIRMWARE_LOAD, bundle, 400'000'000).outcome == Outcome::complete);
  rig->events.clear();
  rig->console.clear();
  rig->soc->cold_reset();
  CHECK(rig->soc_ifc(CPTRA_RESET_REASON::offset) == 0);
  CHECK(rig->run_until(Event::Kind::runtime_ready));
  CHECK(rig->seen(Event::Kind::cold_reset));
  CHECK(rig->seen(Event::Kind::ready_for_fw));
  CHECK(rig->console.find("[cold-reset]") != std::string::npos);
  CHECK(rig->soc_ifc(CPTRA_RESET_REASON::offset) == 0);
  CHECK(pcr(*rig, runtime_journey_pcr) == journey);
}
