// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Firmware that must not run: each is refused by the official ROM with the error code its documentation
// names, and the runtime never starts.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <functional>

#include "iss/testing/skip.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "soc/boot_tests/boot_rig.h"
#include "soc/boot_tests/manifest.h"

namespace {

using namespace caliptra;
using namespace caliptra::boot_tests;
using namespace caliptra::boot_tests::manifest;

constexpr std::string_view no_images = "the official images are not there (CALIPTRA_IMAGES)";

struct Refusal {
  const char* what;
  std::function<void(std::vector<uint8_t>& firmware, SocPlan& plan)> change;
  uint32_t error;
};

std::function<void(std::vector<uint8_t>&, SocPlan&)> flip(std::size_t at) {
  return [at](std::vector<uint8_t>& firmware, SocPlan&) { firmware[at] ^= 1; };
}

// Boots production firmware with one change; returns the ROM's fatal error code.
uint32_t boot_with(const Refusal& refusal, const Bundle& bundle) {
  Configuration configuration;
  configuration.rom = read_file(*test_data(rom_1_2_with_log));
  configuration.lifecycle = DeviceLifecycle::production;
  configuration.debug_locked = true;
  SocPlan plan;
  plan.fuses = fuses_for(&bundle);
  REQUIRE_FALSE(plan.fuses.set_text(Generation::v1_1, "fuse_lms_verify", "1"));
  plan.firmware = read_file(*test_data(bundle.file));
  refusal.change(plan.firmware, plan);
  BootRig rig(std::move(configuration), std::move(plan));
  const bool refused = rig.run_until(Event::Kind::firmware_error_fatal);
  CAPTURE(rig.console);
  CHECK(refused);
  CHECK_FALSE(rig.seen(Event::Kind::runtime_ready));
  rig.core->run({.until_cycle = rig.core->cycles() + 1'000'000});
  CHECK_FALSE(rig.seen(Event::Kind::runtime_ready));
  return rig.soc_ifc(soc_ifc_regs::CPTRA_FW_ERROR_FATAL::offset);
}

void clear_fuse(SocPlan& plan, std::string_view name) {
  REQUIRE_FALSE(plan.fuses.set_text(Generation::v1_1, name, std::string(96, '0')));
}

}  // namespace

TEST_CASE("the ROM refuses changed, cut and outdated firmware with its own error codes") {
  constexpr auto name = "the ROM refuses changed, cut and outdated firmware with its own error codes";
  if (!test_data(rom_1_2_with_log) || !test_data(bundle_20251023.file)) return veer::testing::skip(name, no_images);
  const std::size_t fmc_code = size + 100;
  const Refusal refusals[] = {
      {"no PK hash fuse", [](auto&, SocPlan& plan) { clear_fuse(plan, "fuse_key_manifest_pk_hash"); }, 0x000b'0003},
      {"marker", flip(0), 0x000b'0001},
      {"manifest size", flip(4), 0x000b'0002},
      {"vendor ECC keys", flip(vendor_ecc_keys), 0x000b'0005},
      {"vendor LMS keys", flip(vendor_lms_keys), 0x000b'0005},
      {"vendor ECC key index", [](auto& firmware, SocPlan&) { firmware[vendor_ecc_key_index] ^= 1; }, 0},
      {"vendor LMS key index", [](auto& firmware, SocPlan&) { firmware[vendor_lms_key_index] ^= 1; }, 0},
      {"vendor ECC signature", flip(vendor_ecc_signature + 40), 0x000b'000c},
      {"vendor LMS signature", flip(vendor_lms_signature + 100), 0x000b'0033},
      {"owner ECC key", flip(owner_ecc_key), 0x000b'0007},
      {"owner LMS key", flip(owner_lms_key + 30), 0x000b'0007},
      {"owner ECC signature", flip(owner_ecc_signature + 40), 0x000b'000f},
      {"owner LMS signature", flip(owner_lms_signature + 100), 0x000b'0038},
      {"header revision", flip(preamble_end), 0x000b'000c},
      {"TOC digest", flip(toc_digest), 0x000b'000c},
      {"FMC entry", flip(fmc_entry + 8), 0x000b'0012},
      {"runtime entry", flip(runtime_entry + 8), 0x000b'0012},
      {"FMC", flip(fmc_code), 0x000b'0014},
      {"runtime", [](auto& firmware, SocPlan&) { firmware.back() ^= 1; }, 0x000b'0016},
      {"truncated bundle", [](auto& firmware, SocPlan&) { firmware.resize(firmware.size() / 2); }, 0x000b'002f},
      {"cut inside the manifest", [](auto& firmware, SocPlan&) { firmware.resize(0x1000); }, 0x000b'000c},
      {"over the mailbox size", [](auto& firmware, SocPlan&) { firmware.resize(128 * 1024 + 4); }, 0x0102'0002},
      {"runtime SVN below the fuse",
       [](auto&, SocPlan& plan) {
         REQUIRE_FALSE(plan.fuses.set_text(Generation::v1_1, "fuse_runtime_svn", std::string(32, 'f')));
       },
       0x000b'002e},
      {"FMC SVN below the fuse",
       [](auto&, SocPlan& plan) {
         REQUIRE_FALSE(plan.fuses.set_text(Generation::v1_1, "fuse_fmc_key_manifest_svn", "0xffffffff"));
       },
       0x000b'0027},
  };
  for (const Refusal& refusal : refusals) {
    CAPTURE(refusal.what);
    const uint32_t error = boot_with(refusal, bundle_20251023);
    const std::string code = fmt::format("0x{:08x}", error);
    if (refusal.error != 0) CHECK(code == fmt::format("0x{:08x}", refusal.error));
  }
}
