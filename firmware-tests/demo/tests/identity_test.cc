// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Who the device says it is: keys that others derived too, a chain that OpenSSL accepts, quotes that are signed.

#include <doctest/doctest.h>

#include <algorithm>

#include "firmware-tests/demo/tests/chain.h"
#include "firmware-tests/demo/tests/demo_rig.h"
#include "iss/testing/skip.h"
#include "soc/boot_tests/openssl.h"

namespace {

using namespace caliptra;
using namespace caliptra::boot_tests;
using namespace caliptra::demo;

constexpr uint32_t request_idevid_csr = 1;
constexpr std::string_view no_images = "the official images are not there (CALIPTRA_IMAGES)";

struct Chain {
  std::vector<uint8_t> request;
  std::vector<std::vector<uint8_t>> certificates;  ///< LDevID, FMC, runtime
};

Chain chain_of(BootRig& rig) {
  return {rig.soc->downloaded_certificate(),
          {certificate(rig, GET_LDEV_CERT), certificate(rig, GET_FMC_ALIAS_CERT), certificate(rig, GET_RT_ALIAS_CERT)}};
}

std::unique_ptr<BootRig> booted(Boot what) {
  what.plan.manufacturing_service = request_idevid_csr;
  auto rig = boot(what);
  const bool ready = rig->run_until(Event::Kind::runtime_ready);
  REQUIRE_MESSAGE(ready, rig->console);
  return rig;
}

void check_chain(BootRig& rig) {
  const Chain chain = chain_of(rig);
  CHECK(problem_of_chain(chain.request, chain.certificates) == "");
  const auto idevid_key = ask(rig, GET_IDEV_INFO);
  CHECK(signed_by_key(chain.certificates[0], idevid_key));
  // A verifier who looks must be able to refuse.
  auto other = chain.certificates;
  other[1][other[1].size() / 2] ^= 1;
  CHECK(problem_of_chain(chain.request, other) != "");
  other = chain.certificates;
  other.erase(other.begin() + 1);
  CHECK(problem_of_chain(chain.request, other) != "");
}

struct Quote {
  explicit Quote(std::span<const uint8_t> response)
      : pcrs(part(response, 0, 32 * 48)),
        nonce(part(response, 32 * 48, 32)),
        digest(part(response, 33 * 48 - 16, 48)),
        r(part(response, 34 * 48 - 16 + 128, 48)),
        s(part(response, 35 * 48 - 16 + 128, 48)) {
    CHECK(response.size() == 36 * 48 - 16 + 128);
  }
  std::vector<uint8_t> pcrs, nonce, digest, r, s;
};

/// What the RTL hashes: PCRs, and the nonce with its last word first (pv_gen_hash.sv).
std::vector<uint8_t> quoted(const Quote& quote) {
  auto message = quote.pcrs;
  for (int word = 7; word >= 0; --word) {
    const auto bytes = part(quote.nonce, static_cast<std::size_t>(4 * word), 4);
    message.insert(message.end(), bytes.begin(), bytes.end());
  }
  return sha384(message);
}

void check_quote(BootRig& rig) {
  std::vector<uint8_t> nonce;
  for (uint8_t i = 0; i < 32; ++i) nonce.push_back(static_cast<uint8_t>(0xa0 + i));
  const Quote quote(ask(rig, QUOTE_PCRS, nonce));
  CHECK(quote.nonce == nonce);
  CHECK(quote.digest == quoted(quote));
  const auto key = public_key_of(certificate(rig, GET_FMC_ALIAS_CERT));
  CHECK(verify_digest(key, quote.digest, quote.r, quote.s));
  for (unsigned index = 0; index < 32; ++index) CHECK(part(quote.pcrs, 48 * index, 48) == rig.pcr(index));
  // Another nonce, another signature.
  nonce[0] ^= 1;
  const Quote other(ask(rig, QUOTE_PCRS, nonce));
  CHECK(other.digest != quote.digest);
  CHECK(verify_digest(key, other.digest, other.r, other.s));
  CHECK_FALSE(verify_digest(key, other.digest, quote.r, quote.s));
}

}  // namespace

TEST_CASE("IDevID and LDevID have the keys that the golden certificates have") {
  const auto rig = booted({});
  // Derived apart from any emulator.
  const auto idevid = ask(*rig, GET_IDEV_INFO);
  CHECK(word_at(idevid, 0) == 0xf285'b4d7);
  const auto ldevid = public_key_of(certificate(*rig, GET_LDEV_CERT));
  REQUIRE(ldevid.size() == 96);
  CHECK(word_at(ldevid, 0) == 0xaf00'2c84);
  if (const auto golden = test_data("golden/ldevid_cert_1x.der")) CHECK(ldevid == public_key_of(read_file(*golden)));
}

TEST_CASE("OpenSSL accepts the chain, and the quote is signed by it") {
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    for (const auto lifecycle : {DeviceLifecycle::unprovisioned, DeviceLifecycle::production}) {
      const auto rig = booted({.generation = generation, .lifecycle = lifecycle});
      check_chain(*rig);
      check_quote(*rig);
    }
  }
}

TEST_CASE("behind the official ROMs OpenSSL accepts the chain too, and all keys are the same") {
  constexpr auto name = "behind the official ROMs OpenSSL accepts the chain too, and all keys are the same";
  for (const auto rom : official_roms) {
    const auto file = test_data(rom);
    if (!file) return veer::testing::skip(name, no_images);
    CAPTURE(rom);
    for (const bool internal_trng : {false, true}) {
      const auto ours = booted({.internal_trng = internal_trng});
      const auto theirs = booted({.rom = read_file(*file), .internal_trng = internal_trng});
      check_chain(*theirs);
      check_quote(*theirs);
      CHECK(ask(*ours, GET_IDEV_INFO) == ask(*theirs, GET_IDEV_INFO));
      for (const uint32_t command : {GET_LDEV_CERT, GET_FMC_ALIAS_CERT, GET_RT_ALIAS_CERT}) {
        CHECK(public_key_of(certificate(*ours, command)) == public_key_of(certificate(*theirs, command)));
      }
      for (unsigned pcr = 0; pcr < 32; ++pcr) CHECK(ours->pcr(pcr) == theirs->pcr(pcr));
    }
  }
}

TEST_CASE("production firmware goes on with our ROM's chain") {
  constexpr auto name = "production firmware goes on with our ROM's chain";
  for (const Bundle& bundle : {bundle_20251023, bundle_20251017}) {
    const auto what = production_boot(bundle);
    if (!what) return veer::testing::skip(name, no_images);
    CAPTURE(bundle.file);
    const auto rig = booted(*what);
    check_chain(*rig);
    check_quote(*rig);
  }
}

TEST_CASE("another FMC or state makes other aliases, another runtime only another runtime's") {
  const auto usual = booted({});
  const auto fmc_key = public_key_of(certificate(*usual, GET_FMC_ALIAS_CERT));
  const auto runtime_key = public_key_of(certificate(*usual, GET_RT_ALIAS_CERT));
  auto firmware = built("bundle.bin");
  constexpr std::string_view words = "[runtime] ready";
  const auto at = std::search(firmware.begin(), firmware.end(), words.begin(), words.end());
  REQUIRE(at != firmware.end());
  at[11] = 'R';
  const auto changed = booted({.firmware = sign_again(firmware)});
  CHECK(public_key_of(certificate(*changed, GET_FMC_ALIAS_CERT)) == fmc_key);
  CHECK(public_key_of(certificate(*changed, GET_RT_ALIAS_CERT)) != runtime_key);
  const auto without_lms = booted({.lms = false});
  CHECK(public_key_of(certificate(*without_lms, GET_LDEV_CERT)) == public_key_of(certificate(*usual, GET_LDEV_CERT)));
  CHECK(public_key_of(certificate(*without_lms, GET_FMC_ALIAS_CERT)) != fmc_key);
}

TEST_CASE("firmware can't use the FMC's key after the FMC") {
  const auto rig = booted({});
  constexpr uint32_t key_ctrl_of_fmc = 0x1001'8000 + 4 * 7;
  constexpr uint32_t lock_use = 2;
  CHECK((rig->core->peek_register(key_ctrl_of_fmc) & lock_use) != 0);
}
