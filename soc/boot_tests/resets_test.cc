// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What each kind of reset does to a running core with production firmware.

#include <doctest/doctest.h>

#include <algorithm>

#include "iss/testing/skip.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "soc/boot_tests/boot_rig.h"
#include "soc/boot_tests/openssl.h"
#include "soc/image/builder.h"

namespace {

using namespace caliptra;
using namespace caliptra::boot_tests;
using namespace caliptra::soc_ifc_regs;
using Outcome = MailboxResult::Outcome;

constexpr uint32_t FIRMWARE_LOAD = 0x4657'4c44;
constexpr uint32_t FW_INFO = 0x494e'464f;
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

std::vector<uint8_t> extend(std::vector<uint8_t> pcr, std::span<const uint8_t> measurement) {
  pcr.insert(pcr.end(), measurement.begin(), measurement.end());
  return sha384(pcr);
}

// What FMC measures into the runtime's PCRs: the runtime's digest and the manifest's.
struct Measurements {
  explicit Measurements(std::span<const uint8_t> bundle) : manifest(sha384(bundle.first(image::manifest_size))) {
    const auto digest = image::parse_manifest(bundle.first<image::manifest_size>()).runtime.digest;
    runtime.assign(digest.begin(), digest.end());
  }
  [[nodiscard]] std::vector<uint8_t> extended(std::vector<uint8_t> pcr) const {
    return extend(extend(std::move(pcr), runtime), manifest);
  }

  std::vector<uint8_t> runtime;
  std::vector<uint8_t> manifest;
};

}  // namespace

TEST_CASE("update reset runs a second bundle, with the right reason and journey PCRs") {
  constexpr auto name = "update reset runs a second bundle, with the right reason and journey PCRs";
  if (!test_data(rom_1_2_with_log) || !test_data(bundle_20251023.file)) return veer::testing::skip(name, no_images);
  // The same vendor and owner sign two bundles; the second one's runtime speaks otherwise.
  const image::KeySet keys = image::test_keys("update");
  auto contents = read_file(*test_data(bundle_20251023.file));
  const auto signed_with_keys = [&](std::vector<uint8_t> bundle) {
    std::string error;
    REQUIRE_MESSAGE(image::sign_bundle(bundle, keys, {}, error), error);
    return bundle;
  };
  const auto first = signed_with_keys(contents);
  constexpr std::string_view old_words = "RT listening";
  constexpr std::string_view new_words = "RT all ears!";
  const auto words = std::search(contents.begin(), contents.end(), old_words.begin(), old_words.end());
  REQUIRE(words != contents.end());
  std::copy(new_words.begin(), new_words.end(), words);
  const auto second = signed_with_keys(contents);

  Configuration configuration;
  configuration.rom = read_file(*test_data(rom_1_2_with_log));
  SocPlan plan;
  plan.fuses = fuses_for(nullptr);
  plan.user = ast2700_user;
  plan.mailbox_users = {ast2700_user};
  plan.firmware = first;
  BootRig rig(std::move(configuration), std::move(plan));
  REQUIRE(rig.run_until(Event::Kind::runtime_ready));
  CHECK(rig.console.find(old_words) != std::string::npos);

  const std::vector<uint8_t> zeros(pcr_size, 0);
  const auto journey = rig.pcr(runtime_journey_pcr);
  CHECK(rig.pcr(runtime_current_pcr) == Measurements(first).extended(zeros));
  CHECK(journey == Measurements(first).extended(zeros));
  CHECK(rig.soc_ifc(CPTRA_RESET_REASON::offset) == 0);

  rig.events.clear();
  CHECK(rig.soc->execute(FIRMWARE_LOAD, second, 400'000'000).outcome == Outcome::complete);
  CHECK(rig.seen(Event::Kind::firmware_update_reset));
  if (!rig.seen(Event::Kind::runtime_ready)) CHECK(rig.run_until(Event::Kind::runtime_ready));
  CHECK(rig.console.find(new_words) != std::string::npos);
  CHECK(rig.soc_ifc(CPTRA_RESET_REASON::offset) == CPTRA_RESET_REASON::FW_UPD_RESET.mask());
  CHECK(rig.pcr(runtime_current_pcr) == Measurements(second).extended(zeros));
  CHECK(rig.pcr(runtime_journey_pcr) == Measurements(second).extended(journey));
  CHECK(rig.soc_ifc(CPTRA_FW_ERROR_FATAL::offset) == 0);
  CHECK(rig.command(FW_INFO).outcome == Outcome::data);
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

// caliptra_top.sv captures the security state anew after cptra_noncore_rst_b, from "locked" on: where debug is unlocked
// that is a debug_lock_switch at every warm reset, and kv.sv answers it with a flush. The FMC then signs with a key
// that isn't the one it has the certificate for, and its check of the signature panics.
TEST_CASE("warm reset with debug unlocked costs the keys, and the FMC notices") {
  const auto rig = make_rig(rom_1_2_with_log, &bundle_20251023, {.lifecycle = DeviceLifecycle::unprovisioned});
  if (!rig) {
    return veer::testing::skip("warm reset with debug unlocked costs the keys, and the FMC notices", no_images);
  }
  constexpr uint32_t cfi_panic_words_differ = 0x0104'0055;
  REQUIRE(rig->run_until(Event::Kind::runtime_ready));
  rig->soc->warm_reset();
  CHECK(rig->run_until(Event::Kind::firmware_error_fatal));
  CHECK(rig->soc_ifc(CPTRA_FW_ERROR_FATAL::offset) == cfi_panic_words_differ);
  rig->soc->cold_reset();
  CHECK(rig->run_until(Event::Kind::runtime_ready));
}

TEST_CASE("cold reset starts over") {
  const auto rig = rig_at_runtime();
  if (!rig) return veer::testing::skip("cold reset starts over", no_images);
  const auto journey = rig->pcr(runtime_journey_pcr);
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
  CHECK(rig->pcr(runtime_journey_pcr) == journey);
}
