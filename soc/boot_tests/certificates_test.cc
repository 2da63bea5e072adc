// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the official ROM signs: byte for byte the golden certificates, and a chain that OpenSSL verifies.

#include <doctest/doctest.h>

#include "iss/testing/skip.h"
#include "soc/boot_tests/boot_rig.h"
#include "soc/boot_tests/openssl.h"

namespace {

using namespace caliptra;
using namespace caliptra::boot_tests;

constexpr uint32_t command_get_idev_info = 0x4944'4549;
constexpr uint32_t command_get_ldev_cert = 0x4c44'4556;
constexpr uint32_t command_get_fmc_alias_cert = 0x4345'5246;
constexpr uint32_t command_get_rt_alias_cert = 0x4345'5252;
constexpr uint32_t generate_idevid_csr = 1;
constexpr std::string_view no_data = "the official images or the golden certificates are not there";

// cptra_obf_key of the golden certificates.
constexpr std::array<uint32_t, 8> golden_key = {0xa0a1a2a3, 0xb0b1b2b3, 0xc0c1c2c3, 0xd0d1d2d3,
                                                0xe0e1e2e3, 0xf0f1f2f3, 0xa4a5a6a7, 0xb4b5b6b7};

std::unique_ptr<BootRig> golden_rig(const Bundle* bundle, uint32_t manufacturing_service) {
  Configuration configuration;
  configuration.rom = read_file(*test_data(rom_1_2_with_log));
  configuration.debug_locked = true;
  configuration.lifecycle = bundle != nullptr ? DeviceLifecycle::production : DeviceLifecycle::unprovisioned;
  configuration.obfuscation_key = golden_key;
  SocPlan plan;
  plan.fuses = fuses_for(bundle);
  plan.manufacturing_service = manufacturing_service;
  if (bundle != nullptr) plan.firmware = read_file(*test_data(bundle->file));
  return std::make_unique<BootRig>(std::move(configuration), std::move(plan));
}

// A certificate response: checksum, FIPS status, size, data.
std::vector<uint8_t> certificate(BootRig& rig, uint32_t command) {
  const MailboxResult result = rig.command(command);
  REQUIRE(result.outcome == MailboxResult::Outcome::data);
  const uint32_t size = word_at(result.response, 8);
  REQUIRE(12 + size <= result.response.size());
  return {result.response.begin() + 12, result.response.begin() + 12 + size};
}

}  // namespace

TEST_CASE("the IDevID CSR equals the golden one") {
  const auto golden = test_data("golden/idevid_csr_1x.der");
  if (!golden || !test_data(rom_1_2_with_log)) {
    return veer::testing::skip("the IDevID CSR equals the golden one", no_data);
  }
  const auto rig = golden_rig(nullptr, generate_idevid_csr);
  CHECK(rig->run_until(Event::Kind::ready_for_fw));
  CHECK(rig->soc->downloaded_certificate() == read_file(*golden));
}

TEST_CASE("the certificate chain: golden LDevID, and OpenSSL verifies it from the IDevID key on") {
  constexpr auto name = "the certificate chain: golden LDevID, and OpenSSL verifies it from the IDevID key on";
  const auto golden = test_data("golden/ldevid_cert_1x.der");
  if (!golden || !test_data(rom_1_2_with_log) || !test_data(bundle_20251023.file)) {
    return veer::testing::skip(name, no_data);
  }
  const auto rig = golden_rig(&bundle_20251023, 0);
  REQUIRE(rig->run_until(Event::Kind::runtime_ready));

  const auto ldevid = certificate(*rig, command_get_ldev_cert);
  CHECK(ldevid == read_file(*golden));
  const auto fmc_alias = certificate(*rig, command_get_fmc_alias_cert);
  const auto rt_alias = certificate(*rig, command_get_rt_alias_cert);

  const MailboxResult info = rig->command(command_get_idev_info);
  REQUIRE(info.outcome == MailboxResult::Outcome::data);
  REQUIRE(info.response.size() == 8 + 96);
  const std::span<const uint8_t> idevid_key = std::span(info.response).subspan(8);

  CHECK(signed_by_key(ldevid, idevid_key));
  CHECK(signed_by_certificate(fmc_alias, ldevid));
  CHECK(signed_by_certificate(rt_alias, fmc_alias));
  CHECK_FALSE(signed_by_certificate(rt_alias, ldevid));
}
