// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/image/builder.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "peripherals/crypto/sha2.h"

namespace {

using namespace caliptra;
using namespace caliptra::image;

Contents contents() {
  Contents result;
  result.fmc = {.code = std::vector<uint8_t>(64, 0x13), .load_address = 0x4000'0000, .entry_point = 0x4000'0004};
  result.runtime = {.code = std::vector<uint8_t>(128, 0x17), .load_address = 0x4000'0040, .entry_point = 0x4000'0040};
  return result;
}

Manifest manifest_of(const std::vector<uint8_t>& bundle) {
  return parse_manifest(std::span(bundle).first<manifest_size>());
}

std::vector<uint8_t> build(const Contents& what, const SigningOptions& options = {}) {
  std::string error;
  const auto bundle = build_bundle(what, test_keys("unit"), options, error);
  REQUIRE_MESSAGE(bundle.has_value(), error);
  return *bundle;
}

}  // namespace

TEST_CASE("a built bundle holds its contents, their digests, and signatures that verify") {
  Contents what = contents();
  what.vendor_ecc_key_index = 2;
  what.vendor_lms_key_index = 31;
  what.pl0_pauser = 7;
  what.fmc.svn = 3;
  const auto bundle = build(what, {.lms_leaf = 5});
  CHECK(bundle.size() == manifest_size + 64 + 128);
  const Manifest manifest = manifest_of(bundle);
  CHECK(manifest.marker == manifest_marker);
  CHECK(manifest.size == manifest_size);
  CHECK(manifest.fmc.offset == manifest_size);
  CHECK(manifest.fmc.svn == 3);
  CHECK(manifest.fmc.entry_point == 0x4000'0004);
  CHECK(manifest.runtime.offset == manifest_size + 64);
  CHECK(manifest.runtime.digest == crypto::sha384(what.runtime.code));
  CHECK(manifest.header.flags == 1);
  CHECK(manifest.header.pl0_pauser == 7);

  const auto part = [&](std::size_t at, std::size_t size) {
    return crypto::sha384(std::span(bundle).subspan(at, size));
  };
  CHECK(manifest.header.toc_digest == part(toc_offset, toc_size));
  const Digest vendor_digest = part(header_offset, header_size_vendor);
  const Digest owner_digest = part(header_offset, header_size);
  CHECK(crypto::p384_verify(manifest.vendor_ecc_keys[2], vendor_digest, manifest.vendor_signatures.ecc).valid);
  CHECK(lms_verify(manifest.vendor_lms_keys[31], vendor_digest, manifest.vendor_signatures.lms));
  CHECK(crypto::p384_verify(manifest.owner_ecc_key, owner_digest, manifest.owner_signatures.ecc).valid);
  CHECK(lms_verify(manifest.owner_lms_key, owner_digest, manifest.owner_signatures.lms));
  CHECK(manifest.owner_signatures.lms.leaf == 5);
}

TEST_CASE("the same seed gives the same bundle, another seed another one") {
  CHECK(build(contents()) == build(contents()));
  std::string error;
  CHECK(build_bundle(contents(), test_keys("other"), {}, error) != build(contents()));
}

TEST_CASE("contents that no ROM would take are refused with the reason") {
  const auto refused = [](auto change) {
    Contents what = contents();
    change(what);
    std::string error;
    CHECK_FALSE(build_bundle(what, test_keys("unit", 1), {}, error).has_value());
    return error;
  };
  CHECK(refused([](Contents& c) { c.fmc.code.clear(); }) == "the FMC is empty");
  CHECK(refused([](Contents& c) { c.fmc.load_address = 0x3fff'fffc; }).find("is not within the ICCM") !=
        std::string::npos);
  CHECK(refused([](Contents& c) { c.runtime.load_address = 0x4001'fffc; }).find("is not within the ICCM") !=
        std::string::npos);
  CHECK(refused([](Contents& c) { c.runtime.load_address = 0xffff'fffc; }).find("is not within the ICCM") !=
        std::string::npos);
  CHECK(refused([](Contents& c) { c.runtime.load_address = 0x4000'0042; }).find("no multiple of 4") !=
        std::string::npos);
  CHECK(refused([](Contents& c) { c.runtime.load_address = 0x4000'003c; }).find("overlap") != std::string::npos);
  CHECK(refused([](Contents& c) { c.fmc.entry_point = 0x4000'0040; }).find("is not within it") != std::string::npos);
  CHECK(refused([](Contents& c) { c.fmc.entry_point = 0x4000'0002; }).find("no multiple of 4") != std::string::npos);
  CHECK(refused([](Contents& c) { c.fmc.svn = 33; }) == "the FMC's SVN 33 is greater than 32");
  CHECK(refused([](Contents& c) { c.runtime.svn = 129; }) == "the runtime's SVN 129 is greater than 128");
  CHECK(refused([](Contents& c) { c.vendor_ecc_key_index = 4; }) == "the vendor has no ECC key 4, only 0 to 3");
  CHECK(refused([](Contents& c) { c.vendor_lms_key_index = 32; }) == "the vendor has no LMS key 32, only 0 to 31");
  CHECK(refused([](Contents& c) { c.vendor_not_before.fill('1'); }).find("is not a time") != std::string::npos);
  const auto time = [](std::string_view text) {
    Date date;
    std::copy(text.begin(), text.end(), date.begin());
    return date;
  };
  for (const char* text : {"20261301000000Z", "20260132000000Z", "20260001000000Z", "20260101240000Z",
                           "20260101006000Z", "20260101000060Z"}) {
    CHECK(refused([&](Contents& c) { c.owner_not_after = time(text); }) ==
          "the owner's end is a time that there is not");
  }
  CHECK(refused([&](Contents& c) {
          c.owner_not_before = time("20270101000000Z");
          c.owner_not_after = time("20261231235959Z");
        }) == "the owner's end is before the owner's start");
  CHECK(refused([](Contents& c) {
          c.runtime.code.resize(bundle_size_limit - manifest_size - 60);
        }).find("the mailbox holds 131072") != std::string::npos);
}

TEST_CASE("keys that must sign and aren't there are named") {
  std::string error;
  KeySet keys = test_keys("unit", 1);
  keys.vendor_ecc[0]->private_key.reset();
  CHECK_FALSE(build_bundle(contents(), keys, {}, error).has_value());
  CHECK(error == "there is no private key of the vendor's ECC key 0");
  keys = test_keys("unit", 1);
  keys.owner_ecc.reset();
  CHECK_FALSE(build_bundle(contents(), keys, {}, error).has_value());
  CHECK(error == "there is no private ECC key of the owner");
  keys = test_keys("unit", 1);
  CHECK_FALSE(build_bundle(contents(), keys, {.lms_leaf = 1}, error).has_value());
  CHECK(error == "the vendor's LMS key has no leaf 1");
}

TEST_CASE("without LMS keys their places stay empty") {
  KeySet keys = test_keys("unit", 1);
  keys.vendor_lms = {};
  keys.owner_lms = {};
  std::string error;
  const auto bundle = build_bundle(contents(), keys, {}, error);
  REQUIRE_MESSAGE(bundle.has_value(), error);
  CHECK(manifest_of(*bundle).vendor_lms_keys[0] == LmsPublicKey{});
  CHECK(manifest_of(*bundle).owner_signatures.lms == LmsSignature{});
}

TEST_CASE("what changes between the steps of signing is hashed and signed by those behind it") {
  auto bundle = build(contents());
  std::string error;
  SigningOptions options;
  options.between_steps = [](std::span<uint8_t> bytes) { bytes[header_offset + header_size + 48] = 1; };
  REQUIRE(sign_bundle(bundle, test_keys("unit"), options, error));
  const Manifest manifest = manifest_of(bundle);
  CHECK(manifest.header.toc_digest == crypto::sha384(std::span(bundle).subspan(toc_offset, toc_size)));
  CHECK(manifest.fmc.offset != manifest_size);
  CHECK_FALSE(sign_bundle(std::span(bundle).first(100), test_keys("unit"), {}, error));
  CHECK(sign_bundle(std::span(bundle).first(manifest_size + 10), test_keys("unit"), {}, error));
}
