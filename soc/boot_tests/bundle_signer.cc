// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/boot_tests/bundle_signer.h"

#include "soc/boot_tests/boot_rig.h"
#include "soc/boot_tests/manifest.h"

namespace caliptra::boot_tests {
namespace {

using namespace manifest;

constexpr std::size_t owner_data = header_size - 40;  // in the header; the vendor signs what is before it
constexpr std::size_t toc_offset = 48;
constexpr std::size_t toc_size = 52;
constexpr std::size_t toc_entry_digest = 56;

// The manifest holds numbers and digests as the hardware's words, each stored little-endian.
void put_words(std::vector<uint8_t>& bundle, std::size_t at, std::span<const uint8_t> big_endian) {
  for (std::size_t i = 0; i < big_endian.size(); ++i) bundle[at + (i ^ 3)] = big_endian[i];
}

void put_signature(std::vector<uint8_t>& bundle, std::size_t at, const Signature& signature) {
  put_words(bundle, at, signature.r);
  put_words(bundle, at + 48, signature.s);
}

}  // namespace

std::vector<uint8_t> sign_bundle(std::vector<uint8_t> bundle, const SigningKey& vendor, const SigningKey& owner) {
  const auto part = [&](std::size_t at, std::size_t bytes) { return std::span(bundle).subspan(at, bytes); };
  for (const std::size_t entry : {fmc_entry, runtime_entry}) {
    const auto digest = sha384(part(word_at(bundle, entry + toc_offset), word_at(bundle, entry + toc_size)));
    put_words(bundle, entry + toc_entry_digest, digest);
  }
  put_words(bundle, toc_digest, sha384(part(fmc_entry, 2 * toc_entry_size)));

  put_words(bundle, vendor_ecc_keys + 96 * word_at(bundle, vendor_ecc_key_index), vendor.public_key());
  put_words(bundle, owner_ecc_key, owner.public_key());
  put_signature(bundle, vendor_ecc_signature, vendor.sign(sha384(part(preamble_end, owner_data))));
  put_signature(bundle, owner_ecc_signature, owner.sign(sha384(part(preamble_end, header_size))));
  return bundle;
}

}  // namespace caliptra::boot_tests
