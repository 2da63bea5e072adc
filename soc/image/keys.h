// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The keys of a bundle: four ECC and 32 LMS keys of the vendor, of which one each signs, and one each of the owner.

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "peripherals/crypto/p384_keys.h"
#include "soc/image/lms.h"
#include "soc/image/manifest.h"

namespace caliptra::image {

/// A place for an LMS key. Without either it is empty, and stands in the manifest as zeros.
struct LmsSlot {
  std::optional<LmsPublicKey> public_key;
  std::optional<LmsPrivateKey> private_key;  ///< its public key is computed where public_key is not given
};

/// Keys that go into a manifest, and the private ones among them that sign.
struct KeySet {
  std::array<std::optional<crypto::P384Key>, vendor_ecc_key_count> vendor_ecc;
  std::array<LmsSlot, vendor_lms_key_count> vendor_lms;
  std::optional<crypto::P384Key> owner_ecc;
  LmsSlot owner_lms;
};

/// Keys for tests: all places filled with private keys that are made out of `seed`, the same for the same seed. Their
/// LMS trees have `lms_real_leaves` leaves, so that they are there at once; see LmsPrivateKey.
[[nodiscard]] KeySet test_keys(std::span<const uint8_t> seed, uint32_t lms_real_leaves = 32);
[[nodiscard]] KeySet test_keys(std::string_view seed, uint32_t lms_real_leaves = 32);

/// SHA-384 over the vendor's keys: what fuse_key_manifest_pk_hash must say.
[[nodiscard]] Digest vendor_keys_hash(std::span<const uint8_t> manifest);

/// SHA-384 over the owner's keys: what fuse_owner_pk_hash must say.
[[nodiscard]] Digest owner_keys_hash(std::span<const uint8_t> manifest);

}  // namespace caliptra::image
