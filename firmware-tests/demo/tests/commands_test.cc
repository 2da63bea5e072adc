// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The runtime's commands, and its sleep between them.

#include <doctest/doctest.h>

#include "firmware-tests/demo/tests/demo_rig.h"
#include "iss/hart.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "soc/image/manifest.h"

namespace {

using namespace caliptra;
using namespace caliptra::boot_tests;
using namespace caliptra::demo;
using Outcome = MailboxResult::Outcome;

constexpr uint64_t long_enough = 400'000'000;

std::unique_ptr<BootRig> at_runtime(veer::TimingProfile timing = veer::TimingProfile::reference) {
  auto rig = boot({.timing = timing, .internal_trng = true});
  const bool ready = rig->run_until(Event::Kind::runtime_ready);
  REQUIRE_MESSAGE(ready, rig->console);
  return rig;
}

/// What a command without the header of requests fails with.
uint32_t failure(BootRig& rig, uint32_t command, std::span<const uint8_t> request) {
  const auto result = rig.soc->execute(command, request, long_enough);
  CHECK(result.outcome == Outcome::failure);
  return result.firmware_error;
}

}  // namespace

TEST_CASE("FW_INFO says what was loaded") {
  const auto rig = at_runtime();
  const auto bundle = built("bundle.bin");
  const auto rom = built("rom.bin");
  const auto information = ask(*rig, FW_INFO);
  constexpr std::size_t digests = 20 + 3 * 20;
  CHECK(part(information, 20, 20) == part(rom, rom.size() - 28, 20));       // the ROM's revision
  CHECK(part(information, digests, 32) == part(rom, rom.size() - 60, 32));  // and SHA-256
  const std::size_t fmc_digest = image::toc_offset + 56;
  CHECK(part(information, digests + 32, 48) == part(bundle, fmc_digest, 48));        // the FMC's SHA-384
  CHECK(part(information, digests + 80, 48) == part(bundle, fmc_digest + 104, 48));  // the runtime's
}

TEST_CASE("CAPABILITIES and VERSION") {
  const auto rig = at_runtime();
  std::vector<uint8_t> capabilities(16);
  capabilities[7] = 1;   // bit 64: the runtime
  capabilities[15] = 1;  // bit 0: the ROM
  CHECK(ask(*rig, CAPABILITIES) == capabilities);
  const auto version = ask(*rig, VERSION);
  CHECK(word_at(version, 0) == 0x4649'5053);
  CHECK(word_at(version, 4) == rig->soc_ifc(soc_ifc_regs::CPTRA_HW_REV_ID::offset));
  CHECK(std::string(version.begin() + 16, version.end()) == "Caliptra dem");
}

TEST_CASE("ECHO gives back what it got, whatever its size") {
  const auto rig = at_runtime();
  std::vector<uint8_t> payload;
  for (const std::size_t size : {0U, 1U, 2U, 3U, 4U, 5U, 63U, 64U, 1000U, 4099U, 131'064U}) {
    while (payload.size() < size) payload.push_back(static_cast<uint8_t>(payload.size() * 37 >> 2));
    CHECK(ask(*rig, ECHO, payload) == payload);
  }
}

TEST_CASE("the self test runs when it is asked for") {
  const auto rig = at_runtime();
  std::vector<uint8_t> request;
  put_word(request, mailbox_checksum(SELF_TEST_GET_RESULTS, {}));
  CHECK(failure(*rig, SELF_TEST_GET_RESULTS, request) == 0x000e'0012);
  CHECK(ask(*rig, SELF_TEST_START).empty());
  CHECK(ask(*rig, SELF_TEST_GET_RESULTS).empty());
  CHECK(failure(*rig, SELF_TEST_GET_RESULTS, request) == 0x000e'0012);
  // The engines are as good as before, and after a quote again.
  for (int i = 0; i < 2; ++i) {
    CHECK(ask(*rig, QUOTE_PCRS, std::vector<uint8_t>(32)).size() == 36 * 48 - 16 + 128);
    CHECK(ask(*rig, SELF_TEST_START).empty());
  }
}

TEST_CASE("a request that is wrong fails with its reason, and the next one is answered") {
  const auto rig = at_runtime();
  const std::vector<uint8_t> zeros(4);
  CHECK(failure(*rig, 0x4141'4141, zeros) == 0x000e'0002);
  CHECK(failure(*rig, FW_INFO, zeros) == 0x000e'0005);
  CHECK(failure(*rig, FW_INFO, {}) == 0x000e'0009);
  CHECK(failure(*rig, FW_INFO, std::vector<uint8_t>(8)) == 0x000e'0009);
  CHECK(failure(*rig, QUOTE_PCRS, std::vector<uint8_t>(35)) == 0x000e'0009);
  CHECK(failure(*rig, ECHO, std::vector<uint8_t>(3)) == 0x000e'0009);
  CHECK(failure(*rig, ECHO, std::vector<uint8_t>(131'072, 0xff)) == 0x000e'0005);
  CHECK(ask(*rig, FW_INFO).size() == 256);
  CHECK(rig->soc_ifc(soc_ifc_regs::CPTRA_FW_ERROR_NON_FATAL::offset) == 0);
}

TEST_CASE("the runtime sleeps until the mailbox wakes it") {
  for (const auto timing : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
    const auto rig = at_runtime(timing);
    CHECK(ask(*rig, FW_INFO).size() == 256);
    // A little to fall asleep, then nothing, however long.
    rig->core->run({.until_cycle = rig->core->cycles() + 20'000});
    const uint64_t asleep = rig->core->instructions();
    CHECK(rig->core->hart().halted());
    rig->core->run({.until_cycle = rig->core->cycles() + 500'000'000});
    CHECK(rig->core->instructions() == asleep);
    CHECK(ask(*rig, FW_INFO).size() == 256);
    CHECK(rig->core->instructions() > asleep);
    // Not much runs for a command: it is what a fuzzer of the mailbox waits for.
    CHECK(rig->core->instructions() < asleep + 5'000);
  }
}
