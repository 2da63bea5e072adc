// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The demonstration firmware boots on everything that is modelled, runs nothing that is not signed, and comes through
// resets.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "firmware-tests/demo/tests/demo_rig.h"
#include "iss/testing/skip.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "soc/boot_tests/openssl.h"
#include "soc/image/manifest.h"

namespace {

using namespace caliptra;
using namespace caliptra::boot_tests;
using namespace caliptra::demo;
using namespace caliptra::soc_ifc_regs;
using Outcome = MailboxResult::Outcome;

constexpr std::string_view no_images = "the official images are not there (CALIPTRA_IMAGES)";
constexpr uint64_t long_enough = 400'000'000;

uint32_t fatal_error(const BootRig& rig) { return rig.soc_ifc(CPTRA_FW_ERROR_FATAL::offset); }

std::unique_ptr<BootRig> at_runtime(const Boot& what) {
  auto rig = boot(what);
  const bool ready = rig->run_until(Event::Kind::runtime_ready);
  REQUIRE_MESSAGE(ready, rig->console);
  return rig;
}

/// What the ROM says to a bundle that it must not run; 0 where it runs it.
uint32_t refusal(const Boot& what) {
  const auto rig = boot(what);
  const bool refused = rig->run_until(Event::Kind::firmware_error_fatal, 20'000'000);
  rig->core->run({.until_cycle = rig->core->cycles() + 1'000'000});
  CHECK(rig->seen(Event::Kind::runtime_ready) != refused);
  if (refused) CHECK(rig->soc->upload_outcome() == Outcome::failure);
  return fatal_error(*rig);
}

void replace(std::vector<uint8_t>& bytes, std::string_view from, std::string_view to) {
  REQUIRE(from.size() == to.size());
  const auto at = std::search(bytes.begin(), bytes.end(), from.begin(), from.end());
  REQUIRE(at != bytes.end());
  std::copy(to.begin(), to.end(), at);
}

/// The bundle with another runtime beside the same FMC, signed by the same keys.
std::vector<uint8_t> update_bundle() {
  auto bundle = built("bundle.bin");
  replace(bundle, "[runtime] ready", "[runtime] anew!");
  return sign_again(std::move(bundle));
}

void put_word(std::vector<uint8_t>& bytes, std::size_t at, uint32_t word) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<uint8_t>(word >> (8 * i));
}

}  // namespace

TEST_CASE("the demonstration boots on all hardware, in all life cycles and timing profiles") {
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    for (const auto timing : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
      for (const bool internal_trng : {false, true}) {
        for (const auto lifecycle :
             {DeviceLifecycle::unprovisioned, DeviceLifecycle::manufacturing, DeviceLifecycle::production}) {
          // The slow profile goes through the one life cycle that has watchdog, fuses and LMS.
          if (timing == veer::TimingProfile::rtl && lifecycle != DeviceLifecycle::production) continue;
          const auto rig = at_runtime(
              {.generation = generation, .timing = timing, .lifecycle = lifecycle, .internal_trng = internal_trng});
          const auto information = ask(*rig, FW_INFO);
          CHECK(information.size() == 256);
          CHECK(fatal_error(*rig) == 0);
          CHECK(rig->soc->upload_outcome() == Outcome::complete);
          CHECK(rig->soc_ifc(CPTRA_BOOT_STATUS::offset) == 0x600);
        }
      }
    }
  }
}

TEST_CASE("the FMC and the runtime start behind the official ROMs, and take updates there") {
  constexpr auto name = "the FMC and the runtime start behind the official ROMs, and take updates there";
  for (const auto rom : official_roms) {
    const auto file = test_data(rom);
    if (!file) return veer::testing::skip(name, no_images);
    CAPTURE(rom);
    const auto rig = at_runtime({.rom = read_file(*file)});
    const auto before = ask(*rig, FW_INFO);
    rig->events.clear();
    CHECK(rig->soc->execute(FIRMWARE_LOAD, update_bundle(), long_enough).outcome == Outcome::complete);
    if (!rig->seen(Event::Kind::runtime_ready)) CHECK(rig->run_until(Event::Kind::runtime_ready));
    CHECK(rig->console.find("[runtime] anew!") != std::string::npos);
    CHECK(ask(*rig, FW_INFO) != before);
    CHECK(fatal_error(*rig) == 0);
  }
}

TEST_CASE("production firmware runs behind our ROM") {
  constexpr auto name = "production firmware runs behind our ROM";
  for (const Bundle& bundle : {bundle_20251023, bundle_20251017}) {
    const auto what = production_boot(bundle);
    if (!what) return veer::testing::skip(name, no_images);
    CAPTURE(bundle.file);
    const auto rig = at_runtime(*what);
    const auto information = ask(*rig, FW_INFO);
    CHECK(part(information, 20, 16) == part(built("rom.bin"), built("rom.bin").size() - 28, 16));
    CHECK(fatal_error(*rig) == 0);
    rig->events.clear();
    CHECK(rig->soc->execute(FIRMWARE_LOAD, what->firmware, long_enough).outcome == Outcome::complete);
    if (!rig->seen(Event::Kind::runtime_ready)) CHECK(rig->run_until(Event::Kind::runtime_ready));
    CHECK(ask(*rig, FW_INFO) == information);
  }
}

TEST_CASE("the ROM runs nothing that its keys don't vouch for") {
  using namespace caliptra::image;
  constexpr std::size_t vendor_signature = 0x7b0 - 0x18;  // behind the key indices
  constexpr std::size_t fmc_toc = toc_offset;
  constexpr std::size_t runtime_toc = toc_offset + 104;
  struct Case {
    const char* what;
    uint32_t error;
    bool sign;  ///< by the right keys, after the change
    std::function<void(std::vector<uint8_t>&)> change;
  };
  const auto flip = [](std::size_t at) { return [at](std::vector<uint8_t>& bundle) { bundle[at] ^= 1; }; };
  const auto put = [](std::size_t at, uint32_t word) {
    return [at, word](std::vector<uint8_t>& bundle) { put_word(bundle, at, word); };
  };
  const Case cases[] = {
      {"nothing", 0, true, [](auto&) {}},
      {"marker", 0x000b'0001, true, flip(0)},
      {"size", 0x000b'0002, true, flip(4)},
      {"a vendor ECC key", 0x000b'0005, false, flip(vendor_keys_offset + 96 + 5)},
      {"a vendor LMS key", 0x000b'0005, false, flip(vendor_keys_offset + 4 * 96 + 48 * 31 + 40)},
      {"the owner's keys", 0x000b'0007, false, flip(owner_keys_offset + 100)},
      {"vendor ECC key index", 0x000b'0008, false, put(vendor_keys_offset + vendor_keys_size, 4)},
      {"vendor LMS key index", 0x000b'0032, false, put(vendor_keys_offset + vendor_keys_size + 4, 32)},
      {"another vendor ECC key's signature", 0x000b'000c, false, put(vendor_keys_offset + vendor_keys_size, 1)},
      {"the vendor's ECC signature", 0x000b'000c, false, flip(vendor_signature + 0x20)},
      {"the vendor's LMS signature", 0x000b'0033, false, flip(vendor_signature + 96 + 600)},
      {"the owner's ECC signature", 0x000b'000f, false, flip(owner_keys_offset + owner_keys_size + 20)},
      {"the owner's LMS signature", 0x000b'0038, false, flip(owner_keys_offset + owner_keys_size + 96 + 600)},
      {"the header", 0x000b'000c, false, flip(header_offset)},
      {"the owner's data", 0x000b'000f, false, flip(header_offset + header_size - 1)},
      {"the header's vendor key index", 0x000b'000d, true, put(header_offset + 8, 1)},
      {"the number of TOC entries", 0x000b'0010, true, put(header_offset + 20, 3)},
      {"the TOC", 0x000b'0012, false, flip(fmc_toc)},
      {"the FMC", 0x000b'0014, false, flip(manifest_size + 10)},
      {"the runtime", 0x000b'0016, false, [](auto& bundle) { bundle.back() ^= 1; }},
      {"an FMC of no bytes", 0x000b'003b, true, put(fmc_toc + 52, 0)},
      {"a runtime of no bytes", 0x000b'003c, true, put(runtime_toc + 52, 0)},
      {"a runtime on top of the FMC", 0x000b'0017, true, put(runtime_toc + 48, manifest_size + 8)},
      {"an FMC outside of ICCM", 0x000b'0021, true, put(fmc_toc + 40, 0x3fff'0000)},
      {"an FMC at an odd place", 0x000b'0022, true, put(fmc_toc + 40, 0x4000'0002)},
      {"an FMC entered outside", 0x000b'0023, true, put(fmc_toc + 44, 0x5000'0000)},
      {"an FMC entered within a word", 0x000b'0024, true, put(fmc_toc + 44, 0x4000'0002)},
      {"too high an SVN of the FMC", 0x000b'0025, true, put(fmc_toc + 32, 33)},
      {"a runtime outside of ICCM", 0x000b'0028, true, put(runtime_toc + 40, 0x4001'fff0)},
      {"a runtime at an odd place", 0x000b'0029, true, put(runtime_toc + 40, 0x4000'4001)},
      {"a runtime entered outside", 0x000b'002a, true, put(runtime_toc + 44, 0)},
      {"a runtime entered within a word", 0x000b'002b, true, put(runtime_toc + 44, 0x4000'4003)},
      {"too high an SVN of the runtime", 0x000b'002c, true, put(runtime_toc + 32, 129)},
      {"a runtime loaded on top of the FMC", 0x000b'0034, true, put(runtime_toc + 40, 0x4000'0100)},
      {"a bundle that ends early", 0x000b'002f, false, [](auto& bundle) { bundle.resize(bundle.size() - 4); }},
  };
  const auto official = test_data(official_roms[2]);
  for (const Case& c : cases) {
    CAPTURE(c.what);
    auto bundle = built("bundle.bin");
    c.change(bundle);
    if (c.sign) bundle = sign_again(std::move(bundle));
    CHECK(fmt::format("{:#x}", refusal({.firmware = bundle})) == fmt::format("{:#x}", c.error));
    if (official) {
      CHECK(fmt::format("{:#x}", refusal({.rom = read_file(*official), .firmware = bundle})) ==
            fmt::format("{:#x}", c.error));
    }
  }
  if (!official) veer::testing::skip("the same codes as the official ROM", no_images);
}

TEST_CASE("fuses revoke keys and old versions, and the life cycle decides whether they count") {
  const std::string no_hash(96, '0');
  CHECK(refusal({.fuses = {{"fuse_key_manifest_pk_hash", no_hash}}}) == 0x000b'0003);
  CHECK(refusal({.lifecycle = DeviceLifecycle::unprovisioned, .fuses = {{"fuse_key_manifest_pk_hash", no_hash}}}) == 0);
  CHECK(refusal({.owner_fused = false}) == 0);
  CHECK(refusal({.fuses = {{"fuse_key_manifest_pk_hash_mask", "1"}}}) == 0x000b'0009);
  CHECK(refusal({.fuses = {{"fuse_key_manifest_pk_hash_mask", "2"}}}) == 0);
  CHECK(refusal({.fuses = {{"fuse_lms_revocation", "1"}}}) == 0x00b0'003a);
  CHECK(refusal({.lms = false, .fuses = {{"fuse_lms_revocation", "1"}}}) == 0);
  CHECK(refusal({.fuses = {{"fuse_fmc_key_manifest_svn", "1"}}}) == 0x000b'0027);
  const std::string first_bit = "00000001" + std::string(24, '0');
  CHECK(refusal({.fuses = {{"fuse_runtime_svn", first_bit}}}) == 0x000b'002e);
  CHECK(refusal({.fuses = {{"fuse_runtime_svn", first_bit}, {"fuse_anti_rollback_disable", "1"}}}) == 0);
  CHECK(refusal({.lifecycle = DeviceLifecycle::unprovisioned, .fuses = {{"fuse_runtime_svn", first_bit}}}) == 0);
}

TEST_CASE("a bundle of impossible size, a command that nobody knows, and absent entropy end the boot") {
  CHECK(refusal({.firmware = std::vector<uint8_t>(100, 1)}) == 0x0102'0002);
  const auto rig = boot({.firmware = {}});
  REQUIRE(rig->run_until(Event::Kind::ready_for_fw));
  CHECK(rig->soc->execute(0x1234'5678, {}, long_enough).outcome == Outcome::failure);
  CHECK(fatal_error(*rig) == 0x0102'0004);
  // From then on everything fails, but is answered.
  CHECK(rig->soc->execute(FIRMWARE_LOAD, built("bundle.bin"), long_enough).outcome == Outcome::failure);

  Boot silent;
  silent.plan.trng_delay.reset();
  const auto without_entropy = boot(silent);
  CHECK(without_entropy->run_until(Event::Kind::firmware_error_fatal));
  CHECK(fatal_error(*without_entropy) == 0x0010'0001);
}

TEST_CASE("a ROM that has changed does not boot") {
  Boot what;
  replace(what.rom, "Demonstration ROM", "demonstration ROM");
  const auto rig = boot(what);
  CHECK(rig->run_until(Event::Kind::firmware_error_fatal));
  CHECK(fatal_error(*rig) == 0x9008'0001);
}

TEST_CASE("the ROM takes measurements before the bundle") {
  Boot with;
  std::vector<uint8_t> measurement(4 + 48 + 48 + 4);
  for (std::size_t i = 0; i < measurement.size(); ++i) measurement[i] = static_cast<uint8_t>(3 * i);
  std::vector<uint8_t> request;
  boot_tests::put_word(request, mailbox_checksum(STASH_MEASUREMENT, measurement));
  put_bytes(request, measurement);
  with.plan.measurements = {request, request};
  const auto rig = at_runtime(with);
  std::vector<uint8_t> pcr(48, 0);
  for (int i = 0; i < 2; ++i) {
    put_bytes(pcr, std::span(measurement).subspan(4, 48));
    pcr = sha384(pcr);
  }
  CHECK(rig->pcr(31) == pcr);
  constexpr uint32_t measurement_log = 0x5000'4c00;
  std::vector<uint8_t> entry(116);
  REQUIRE(rig->core->peek(measurement_log + 116, entry));
  CHECK(part(entry, 8, 48) == part(measurement, 4, 48));
  CHECK(part(entry, 56, 4) == part(measurement, 0, 4));
  CHECK(part(entry, 60, 52) == part(measurement, 52, 52));

  with.plan.measurements.assign(9, request);
  const auto too_many = boot(with);
  CHECK(too_many->run_until(Event::Kind::firmware_error_fatal));
  CHECK(fatal_error(*too_many) == 0x0102'0008);
}

TEST_CASE("an update runs another runtime beside the same FMC, and its journey shows") {
  for (const auto timing : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
    const auto rig = at_runtime({.timing = timing});
    const auto before = ask(*rig, FW_INFO);
    const auto fmc_certificate = certificate(*rig, GET_FMC_ALIAS_CERT);
    const auto runtime_key = public_key_of(certificate(*rig, GET_RT_ALIAS_CERT));
    const auto fmc_pcr = rig->pcr(0);
    const auto runtime_pcr = rig->pcr(2);
    CHECK(rig->pcr(0) == rig->pcr(1));
    CHECK(rig->pcr(2) == rig->pcr(3));
    rig->events.clear();
    CHECK(rig->soc->execute(FIRMWARE_LOAD, update_bundle(), long_enough).outcome == Outcome::complete);
    CHECK(rig->seen(Event::Kind::firmware_update_reset));
    if (!rig->seen(Event::Kind::runtime_ready)) CHECK(rig->run_until(Event::Kind::runtime_ready));
    CHECK(rig->console.find("[runtime] anew!") != std::string::npos);
    CHECK(rig->soc_ifc(CPTRA_RESET_REASON::offset) == CPTRA_RESET_REASON::FW_UPD_RESET.mask());
    CHECK(ask(*rig, FW_INFO) != before);
    CHECK(certificate(*rig, GET_FMC_ALIAS_CERT) == fmc_certificate);
    CHECK(public_key_of(certificate(*rig, GET_RT_ALIAS_CERT)) != runtime_key);
    CHECK(rig->pcr(0) == fmc_pcr);
    CHECK(rig->pcr(1) != fmc_pcr);
    CHECK(rig->pcr(2) != runtime_pcr);
    CHECK(rig->pcr(3) != rig->pcr(2));
    CHECK(fatal_error(*rig) == 0);
  }
}

TEST_CASE("an update that may not run is refused, and the firmware goes on") {
  using namespace caliptra::image;
  struct Case {
    const char* what;
    uint32_t error;
    std::vector<uint8_t> bundle;
  };
  auto damaged = built("bundle.bin");
  damaged.back() ^= 1;
  auto other_fmc = built("bundle.bin");
  replace(other_fmc, "[fmc] demonstration", "[fmc] anotheronetoo");
  auto other_key = built("bundle.bin");
  put_word(other_key, vendor_keys_offset + vendor_keys_size, 1);
  put_word(other_key, header_offset + 8, 1);
  const Case cases[] = {
      {"too short", 0x0102'0002, std::vector<uint8_t>(100, 1)},
      {"damaged", 0x000b'0016, damaged},
      {"another FMC", 0x000b'001f, sign_again(other_fmc)},
      {"another vendor key", 0x000b'001e, sign_again(other_key)},
  };
  const auto rig = at_runtime({});
  const auto before = ask(*rig, FW_INFO);
  const auto key = public_key_of(certificate(*rig, GET_RT_ALIAS_CERT));
  for (const Case& c : cases) {
    CAPTURE(c.what);
    rig->events.clear();
    const auto result = rig->soc->execute(FIRMWARE_LOAD, c.bundle, long_enough);
    CHECK(result.outcome == Outcome::failure);
    CHECK(result.firmware_error == c.error);
    if (!rig->seen(Event::Kind::runtime_ready)) CHECK(rig->run_until(Event::Kind::runtime_ready));
    CHECK(ask(*rig, FW_INFO) == before);
    CHECK(public_key_of(certificate(*rig, GET_RT_ALIAS_CERT)) == key);
    CHECK(fatal_error(*rig) == 0);
  }
  // And a good one may follow.
  CHECK(rig->soc->execute(FIRMWARE_LOAD, update_bundle(), long_enough).outcome == Outcome::complete);
}

TEST_CASE("a warm reset goes on with what is there, a cold one starts over") {
  for (const auto timing : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
    for (const bool internal_trng : {false, true}) {
      const auto rig = at_runtime({.timing = timing, .internal_trng = internal_trng});
      const auto before = ask(*rig, FW_INFO);
      const auto key = public_key_of(certificate(*rig, GET_RT_ALIAS_CERT));
      const auto journey = rig->pcr(3);
      rig->events.clear();
      rig->soc->warm_reset();
      const bool ready = rig->run_until(Event::Kind::runtime_ready);
      CHECK_MESSAGE(ready, rig->console);
      CHECK_FALSE(rig->seen(Event::Kind::ready_for_fw));
      CHECK(rig->soc_ifc(CPTRA_RESET_REASON::offset) == CPTRA_RESET_REASON::WARM_RESET.mask());
      CHECK(ask(*rig, FW_INFO) == before);
      CHECK(public_key_of(certificate(*rig, GET_RT_ALIAS_CERT)) == key);
      CHECK(rig->pcr(3) == journey);

      rig->events.clear();
      rig->soc->cold_reset();
      CHECK(rig->run_until(Event::Kind::runtime_ready));
      CHECK(rig->seen(Event::Kind::ready_for_fw));
      CHECK(ask(*rig, FW_INFO) == before);
      CHECK(rig->pcr(3) == journey);
      CHECK(fatal_error(*rig) == 0);
    }
  }
}

TEST_CASE("a warm reset before there is firmware is an error") {
  const auto rig = boot({.firmware = {}});
  REQUIRE(rig->run_until(Event::Kind::ready_for_fw));
  rig->soc->warm_reset();
  CHECK(rig->run_until(Event::Kind::firmware_error_fatal));
  CHECK(fatal_error(*rig) == 0x0104'0010);
}

TEST_CASE("each stage tells of its traps and of the watchdog") {
  // A word of the hand-off table, which FW_INFO reads, that can't be corrected any more
  const auto rig = at_runtime({});
  constexpr uint32_t manifest_address = 0x5000'3408;
  REQUIRE(rig->core->inject_ecc_error(manifest_address, false));
  std::vector<uint8_t> request;
  boot_tests::put_word(request, mailbox_checksum(FW_INFO, {}));
  CHECK(rig->soc->execute(FW_INFO, request, long_enough).outcome == Outcome::failure);
  CHECK(fatal_error(*rig) == 0x000e'000b);
  CHECK(rig->soc_ifc(CPTRA_FW_EXTENDED_ERROR_INFO::offset) == 5);  // mcause: load access fault

  Boot hasty;
  hasty.plan.watchdog_timeout = 10'000;
  const auto watched = boot(hasty);
  CHECK(watched->run_until(Event::Kind::firmware_error_fatal));
  CHECK(fatal_error(*watched) == 0x0105'000c);
}
