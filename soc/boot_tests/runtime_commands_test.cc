// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The production runtime's mailbox commands answer as its documentation says (caliptra-sw runtime/README.md).

#include <doctest/doctest.h>

#include <algorithm>

#include "iss/testing/skip.h"
#include "peripherals/mailbox/mailbox_regs.h"
#include "peripherals/sha512_acc/sha512_acc_regs.h"
#include "soc/boot_tests/boot_rig.h"
#include "soc/boot_tests/openssl.h"
#include "soc/image/lms.h"

namespace {

using namespace caliptra;
using namespace caliptra::boot_tests;
using Outcome = MailboxResult::Outcome;

constexpr uint32_t FW_INFO = 0x494e'464f;
constexpr uint32_t FIPS_VERSION = 0x4650'5652;
constexpr uint32_t CAPABILITIES = 0x4341'5053;
constexpr uint32_t GET_IDEV_INFO = 0x4944'4549;
constexpr uint32_t GET_RT_ALIAS_CERT = 0x4345'5252;
constexpr uint32_t GET_FMC_ALIAS_CERT = 0x4345'5246;
constexpr uint32_t ECDSA384_VERIFY = 0x5349'4756;
constexpr uint32_t LMS_VERIFY = 0x4c4d'5356;
constexpr uint32_t STASH_MEASUREMENT = 0x4d45'4153;
constexpr uint32_t QUOTE_PCRS = 0x5043'5251;
constexpr uint32_t EXTEND_PCR = 0x5043'5245;
constexpr uint32_t INCREMENT_PCR_RESET_COUNTER = 0x5043'5252;
constexpr uint32_t SELF_TEST_START = 0x4650'4c54;
constexpr uint32_t SELF_TEST_GET_RESULTS = 0x4650'4c67;
constexpr uint32_t INVOKE_DPE = 0x4450'4543;

constexpr uint32_t RUNTIME_UNIMPLEMENTED_COMMAND = 0x000e'0002;
constexpr uint32_t RUNTIME_ECDSA_VERIFY_FAILED = 0x000e'0004;
constexpr uint32_t RUNTIME_INVALID_CHECKSUM = 0x000e'0005;
constexpr uint32_t RUNTIME_PCR_RESERVED = 0x000e'003c;
constexpr uint32_t RUNTIME_LMS_VERIFY_FAILED = 0x000e'0042;

constexpr std::size_t header = 8;  // checksum and FIPS status
constexpr std::size_t pcr_size = 48;

std::unique_ptr<BootRig> runtime_rig(std::string_view test) {
  auto rig =
      make_rig(rom_1_2_with_log, &bundle_20251023, {.lifecycle = DeviceLifecycle::production, .debug_locked = true});
  if (!rig) {
    veer::testing::skip(test, "the official images are not there (CALIPTRA_IMAGES)");
    return nullptr;
  }
  REQUIRE(rig->run_until(Event::Kind::runtime_ready));
  return rig;
}

// A response of fixed size: its checksum is right and the FIPS status says approved (0).
void check_header(const MailboxResult& result) {
  REQUIRE(result.outcome == Outcome::data);
  REQUIRE(result.response.size() >= header);
  CHECK(word_at(result.response, 0) == mailbox_checksum(0, std::span(result.response).subspan(4)));
  CHECK(word_at(result.response, 4) == 0);
}

// The SoC hashes a message with the SHA accelerator in streaming mode; the digest stays for the verify commands.
void accelerate(BootRig& rig, std::span<const uint8_t> message) {
  using namespace sha512_acc_regs;
  constexpr uint32_t base = 0x3002'1000;
  const auto write = [&](uint32_t offset, uint32_t value) {
    REQUIRE(rig.core->soc_write(base + offset, value) == veer::BusStatus::ok);
  };
  const auto read = [&](uint32_t offset) { return rig.core->soc_read(base + offset).data; };
  REQUIRE(read(LOCK::offset) == 0);
  write(MODE::offset, MODE::ENDIAN_TOGGLE.place(1));  // SHA-384, streaming, bytes in memory order
  write(DLEN::offset, static_cast<uint32_t>(message.size()));
  for (std::size_t at = 0; at < message.size(); at += 4) write(DATAIN::offset, word_at(message, at));
  write(EXECUTE::offset, 1);
  for (int i = 0; i < 100 && STATUS::VALID.get(read(STATUS::offset)) == 0; ++i) {
    rig.core->run({.until_cycle = rig.core->cycles() + 1000});
  }
  REQUIRE(STATUS::VALID.get(read(STATUS::offset)) == 1);
}

void release_accelerator(BootRig& rig) {
  REQUIRE(rig.core->soc_write(0x3002'1000 + sha512_acc_regs::LOCK::offset, 1) == veer::BusStatus::ok);
}

struct Quote {
  std::vector<uint8_t> pcrs, digest, r, s;
  std::vector<uint8_t> nonce;
  std::vector<uint32_t> counters;

  std::span<const uint8_t> pcr(unsigned index) const { return std::span(pcrs).subspan(index * pcr_size, pcr_size); }
};

Quote quote(BootRig& rig) {
  std::vector<uint8_t> nonce(32, 0x77);
  const MailboxResult result = rig.command(QUOTE_PCRS, nonce);
  check_header(result);
  const auto& bytes = result.response;
  REQUIRE(bytes.size() == header + 32 * pcr_size + 32 + 48 + 32 * 4 + 96);
  Quote quote;
  auto at = bytes.begin() + header;
  const auto take = [&](std::size_t size) {
    std::vector<uint8_t> part(at, at + static_cast<std::ptrdiff_t>(size));
    at += static_cast<std::ptrdiff_t>(size);
    return part;
  };
  quote.pcrs = take(32 * pcr_size);
  quote.nonce = take(32);
  quote.digest = take(48);
  const auto counters = take(128);
  for (std::size_t i = 0; i < counters.size(); i += 4) quote.counters.push_back(word_at(counters, i));
  quote.r = take(48);
  quote.s = take(48);
  CHECK(quote.nonce == nonce);
  return quote;
}

}  // namespace

TEST_CASE("information commands") {
  const auto rig = runtime_rig("information commands");
  if (!rig) return;
  const auto bundle = read_file(*test_data(bundle_20251023.file));

  const MailboxResult info = rig->command(FW_INFO);
  check_header(info);
  // The revisions stand in the TOC entries of the bundle: the FMC's first, 0x68 bytes each.
  const auto toc = std::span(bundle).subspan(0x16fc - 2 * 0x68);
  const auto revision = [&](std::size_t at) { return std::span(info.response).subspan(at, 20); };
  CHECK(std::ranges::equal(revision(header + 20 + 20), toc.subspan(8, 20)));
  CHECK(std::ranges::equal(revision(header + 20 + 40), toc.subspan(0x68 + 8, 20)));

  const MailboxResult version = rig->command(FIPS_VERSION);
  check_header(version);
  REQUIRE(version.response.size() == header + 4 + 12 + 12);
  CHECK(std::string(version.response.begin() + 24, version.response.end()) == "Caliptra RTM");

  const MailboxResult capabilities = rig->command(CAPABILITIES);
  check_header(capabilities);
  CHECK(capabilities.response.size() == header + 16);
  CHECK(std::ranges::any_of(std::span(capabilities.response).subspan(header), [](uint8_t byte) { return byte != 0; }));

  const MailboxResult idevid = rig->command(GET_IDEV_INFO);
  check_header(idevid);
  CHECK(idevid.response.size() == header + 96);
}

TEST_CASE("an unknown command and a wrong checksum fail with the documented errors") {
  const auto rig = runtime_rig("an unknown command and a wrong checksum fail with the documented errors");
  if (!rig) return;
  const MailboxResult unknown = rig->command(0xaaaa'aaaa);
  CHECK(unknown.outcome == Outcome::failure);
  CHECK(unknown.firmware_error == RUNTIME_UNIMPLEMENTED_COMMAND);

  const std::vector<uint8_t> wrong(4, 0x11);
  const MailboxResult bad = rig->soc->execute(FW_INFO, wrong, 100'000'000);
  CHECK(bad.outcome == Outcome::failure);
  CHECK(bad.firmware_error == RUNTIME_INVALID_CHECKSUM);
  CHECK(rig->command(FW_INFO).outcome == Outcome::data);
}

TEST_CASE("a command that ran out of cycles comes to its end before the next one") {
  const auto rig = runtime_rig("a command that ran out of cycles comes to its end before the next one");
  if (!rig) return;
  std::vector<uint8_t> request(4);
  const uint32_t sum = mailbox_checksum(FW_INFO, {});
  for (unsigned i = 0; i < 4; ++i) request[i] = static_cast<uint8_t>(sum >> (8 * i));
  CHECK(rig->soc->execute(FW_INFO, request, 100).outcome == Outcome::no_answer);
  const uint64_t before = rig->core->cycles();
  CHECK(rig->soc->execute(FW_INFO, request, 100).outcome == Outcome::not_granted);
  CHECK(rig->core->cycles() <= before + 200);
  CHECK(rig->soc->execute(FW_INFO, request, 100'000'000).outcome == Outcome::data);
}

TEST_CASE("ECDSA384_VERIFY accepts a right signature and refuses a wrong one") {
  const auto rig = runtime_rig("ECDSA384_VERIFY accepts a right signature and refuses a wrong one");
  if (!rig) return;
  const std::vector<uint8_t> message(64, 0x5c);
  accelerate(*rig, message);
  const SigningKey key;
  const Signature good = key.sign(sha384(message));
  const auto verify = [&](const std::vector<uint8_t>& r) {
    std::vector<uint8_t> payload;
    put_bytes(payload, key.public_key());
    put_bytes(payload, r);
    put_bytes(payload, good.s);
    return rig->command(ECDSA384_VERIFY, payload);
  };
  CHECK(verify(good.r).outcome == Outcome::data);
  auto wrong = good.r;
  wrong[47] ^= 1;
  const MailboxResult refused = verify(wrong);
  CHECK(refused.outcome == Outcome::failure);
  CHECK(refused.firmware_error == RUNTIME_ECDSA_VERIFY_FAILED);
  release_accelerator(*rig);
}

TEST_CASE("LMS_VERIFY accepts a right signature and refuses a wrong one") {
  const auto rig = runtime_rig("LMS_VERIFY accepts a right signature and refuses a wrong one");
  if (!rig) return;
  const std::vector<uint8_t> message(128, 0xc3);
  accelerate(*rig, message);
  const image::LmsTree tree({.real_leaves = 8});
  const image::LmsPublicKey key = tree.public_key();
  const auto good = tree.sign(5, sha384(message));
  REQUIRE(good.has_value());
  const auto verify = [&](const image::LmsSignature& signature) {
    std::vector<uint8_t> payload;
    put_word(payload, key.tree_type);
    put_word(payload, key.ots_type);
    put_bytes(payload, key.identifier);
    put_bytes(payload, key.root);
    put_word(payload, signature.leaf);
    for (const unsigned shift : {24, 16, 8, 0}) payload.push_back(static_cast<uint8_t>(signature.ots_type >> shift));
    put_bytes(payload, signature.randomizer);
    for (const image::LmsNode& node : signature.chains) put_bytes(payload, node);
    put_word(payload, signature.tree_type);
    for (const image::LmsNode& node : signature.path) put_bytes(payload, node);
    return rig->command(LMS_VERIFY, payload);
  };
  CHECK(verify(*good).outcome == Outcome::data);
  auto wrong = *good;
  wrong.path[0][0] ^= 1;
  const MailboxResult refused = verify(wrong);
  CHECK(refused.outcome == Outcome::failure);
  CHECK(refused.firmware_error == RUNTIME_LMS_VERIFY_FAILED);
  release_accelerator(*rig);
}

TEST_CASE("PCR commands: quote, extend, reset counter, reserved PCRs") {
  const auto rig = runtime_rig("PCR commands: quote, extend, reset counter, reserved PCRs");
  if (!rig) return;
  constexpr unsigned index = 10;
  const Quote before = quote(*rig);

  // The signature is by the FMC alias key, over the hash of all PCRs and the nonce.
  const MailboxResult response = rig->command(GET_FMC_ALIAS_CERT);
  REQUIRE(response.outcome == Outcome::data);
  const std::span<const uint8_t> certificate = std::span(response.response).subspan(12, word_at(response.response, 8));
  auto message = before.pcrs;
  put_bytes(message, before.nonce);
  CHECK(before.digest == sha384(message));
  CHECK(verify_digest(public_key_of(certificate), before.digest, before.r, before.s));

  std::vector<uint8_t> value(pcr_size, 0x3c);
  std::vector<uint8_t> payload;
  put_word(payload, index);
  put_bytes(payload, value);
  CHECK(rig->command(EXTEND_PCR, payload).outcome == Outcome::data);
  std::vector<uint8_t> extended(before.pcr(index).begin(), before.pcr(index).end());
  put_bytes(extended, value);
  const Quote after = quote(*rig);
  CHECK(std::ranges::equal(after.pcr(index), sha384(extended)));
  CHECK(std::ranges::equal(after.pcr(index + 1), before.pcr(index + 1)));

  std::vector<uint8_t> counter;
  put_word(counter, index);
  CHECK(rig->command(INCREMENT_PCR_RESET_COUNTER, counter).outcome == Outcome::data);
  CHECK(quote(*rig).counters[index] == before.counters[index] + 1);

  std::vector<uint8_t> reserved;
  put_word(reserved, 3);
  put_bytes(reserved, value);
  const MailboxResult refused = rig->command(EXTEND_PCR, reserved);
  CHECK(refused.outcome == Outcome::failure);
  CHECK(refused.firmware_error == RUNTIME_PCR_RESERVED);
}

TEST_CASE("STASH_MEASUREMENT and the self test") {
  const auto rig = runtime_rig("STASH_MEASUREMENT and the self test");
  if (!rig) return;
  std::vector<uint8_t> payload;
  put_word(payload, 0x5453'4554);  // "TEST"
  put_bytes(payload, std::vector<uint8_t>(48, 0x21));
  put_bytes(payload, std::vector<uint8_t>(48, 0x00));
  put_word(payload, 0);
  const MailboxResult stash = rig->command(STASH_MEASUREMENT, payload);
  check_header(stash);
  REQUIRE(stash.response.size() == header + 4);
  CHECK(word_at(stash.response, header) == 0);

  // The AST2700's builds of the runtime leave the FIPS self test out: it is a feature of the source.
  for (const uint32_t command : {SELF_TEST_START, SELF_TEST_GET_RESULTS}) {
    const MailboxResult self_test = rig->command(command);
    CHECK(self_test.outcome == Outcome::failure);
    CHECK(self_test.firmware_error == RUNTIME_UNIMPLEMENTED_COMMAND);
  }
}

TEST_CASE("INVOKE_DPE: GetProfile, DeriveContext, CertifyKey and Sign") {
  const auto rig = runtime_rig("INVOKE_DPE: GetProfile, DeriveContext, CertifyKey and Sign");
  if (!rig) return;
  constexpr uint32_t request_magic = 0x4450'4543;   // "DPEC"
  constexpr uint32_t response_magic = 0x4450'4552;  // "DPER"
  constexpr uint32_t profile_p384_sha384 = 4;
  constexpr uint32_t get_profile = 1, derive_context = 8, certify_key = 9, sign = 10;
  constexpr std::size_t response_header = 12;

  const auto dpe = [&](uint32_t command, const std::vector<uint8_t>& arguments) {
    std::vector<uint8_t> message;
    put_word(message, request_magic);
    put_word(message, command);
    put_word(message, profile_p384_sha384);
    put_bytes(message, arguments);
    std::vector<uint8_t> payload;
    put_word(payload, static_cast<uint32_t>(message.size()));
    put_bytes(payload, message);
    const MailboxResult result = rig->command(INVOKE_DPE, payload);
    CAPTURE(result.firmware_error);
    check_header(result);
    const uint32_t size = word_at(result.response, header);
    REQUIRE(header + 4 + size <= result.response.size());
    std::vector<uint8_t> answer(result.response.begin() + header + 4, result.response.begin() + header + 4 + size);
    CHECK(word_at(answer, 0) == response_magic);
    CHECK(word_at(answer, 4) == 0);
    CHECK(word_at(answer, 8) == profile_p384_sha384);
    return answer;
  };

  const auto profile = dpe(get_profile, {});
  REQUIRE(profile.size() == response_header + 20);
  CHECK(word_at(profile, response_header + 12) > 0);  // max_tci_nodes

  const std::vector<uint8_t> default_handle(16, 0);
  std::vector<uint8_t> derive;
  put_bytes(derive, default_handle);
  put_bytes(derive, std::vector<uint8_t>(48, 0x99));
  put_word(derive, 1U << 28 | 1U << 25);  // MAKE_DEFAULT, INPUT_ALLOW_X509
  put_word(derive, 0x5445'5354);
  put_word(derive, ast2700_user);
  CHECK(dpe(derive_context, derive).size() == response_header + 32);

  const std::vector<uint8_t> label(48, 0x31);
  std::vector<uint8_t> certify;
  put_bytes(certify, default_handle);
  put_word(certify, 0);
  put_word(certify, 0);  // X.509
  put_bytes(certify, label);
  const auto certified = dpe(certify_key, certify);
  const std::size_t key_at = response_header + 16;
  REQUIRE(certified.size() > key_at + 100);
  const std::vector<uint8_t> key(certified.begin() + key_at, certified.begin() + key_at + 96);
  const uint32_t size = word_at(certified, key_at + 96);
  const std::span<const uint8_t> certificate = std::span(certified).subspan(key_at + 100, size);
  CHECK(public_key_of(certificate) == key);

  const MailboxResult rt_alias = rig->command(GET_RT_ALIAS_CERT);
  REQUIRE(rt_alias.outcome == Outcome::data);
  CHECK(signed_by_certificate(certificate, std::span(rt_alias.response).subspan(12, word_at(rt_alias.response, 8))));

  const std::vector<uint8_t> digest(48, 0x64);
  std::vector<uint8_t> request;
  put_bytes(request, default_handle);
  put_bytes(request, label);
  put_word(request, 0);
  put_bytes(request, digest);
  const auto signature = dpe(sign, request);
  REQUIRE(signature.size() == response_header + 16 + 96);
  const std::span<const uint8_t> r = std::span(signature).subspan(response_header + 16, 48);
  const std::span<const uint8_t> s = std::span(signature).subspan(response_header + 64, 48);
  CHECK(verify_digest(key, digest, r, s));
}
