// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/image/keys.h"

#include <fmt/format.h>

#include <algorithm>

#include "peripherals/crypto/sha2.h"

namespace caliptra::image {
namespace {

// Bytes out of the seed, other ones for each label.
Digest derive(std::span<const uint8_t> seed, const std::string& label) {
  return crypto::hmac_sha384(seed, {reinterpret_cast<const uint8_t*>(label.data()), label.size()});
}

crypto::P384Key ecc_key(std::span<const uint8_t> seed, const std::string& label) {
  for (unsigned attempt = 0;; ++attempt) {
    const crypto::P384Number number = derive(seed, fmt::format("{} {}", label, attempt));
    if (const auto point = crypto::p384_public_key(number)) return {.public_key = *point, .private_key = number};
  }
}

LmsSlot lms_slot(std::span<const uint8_t> seed, const std::string& label, uint32_t real_leaves) {
  const Digest bytes = derive(seed, label);
  LmsPrivateKey key{.real_leaves = real_leaves};
  std::copy_n(bytes.begin(), key.identifier.size(), key.identifier.begin());
  std::copy_n(bytes.begin() + key.identifier.size(), key.seed.size(), key.seed.begin());
  return {.public_key = std::nullopt, .private_key = key};
}

}  // namespace

KeySet test_keys(std::span<const uint8_t> seed, uint32_t lms_real_leaves) {
  KeySet keys;
  for (std::size_t i = 0; i < keys.vendor_ecc.size(); ++i) {
    keys.vendor_ecc[i] = ecc_key(seed, fmt::format("vendor ECC {}", i));
  }
  for (std::size_t i = 0; i < keys.vendor_lms.size(); ++i) {
    keys.vendor_lms[i] = lms_slot(seed, fmt::format("vendor LMS {}", i), lms_real_leaves);
  }
  keys.owner_ecc = ecc_key(seed, "owner ECC");
  keys.owner_lms = lms_slot(seed, "owner LMS", lms_real_leaves);
  return keys;
}

KeySet test_keys(std::string_view seed, uint32_t lms_real_leaves) {
  return test_keys(std::span(reinterpret_cast<const uint8_t*>(seed.data()), seed.size()), lms_real_leaves);
}

Digest vendor_keys_hash(std::span<const uint8_t> manifest) {
  return crypto::sha384(manifest.subspan(vendor_keys_offset, vendor_keys_size));
}

Digest owner_keys_hash(std::span<const uint8_t> manifest) {
  return crypto::sha384(manifest.subspan(owner_keys_offset, owner_keys_size));
}

}  // namespace caliptra::image
