// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// LMS signatures with the one set of parameters that Caliptra 1.x takes for firmware: SHA-256/192, Winternitz 4, height
// 15 (RFC 8554 and NIST SP 800-208: LMS_SHA256_M24_H15, LMOTS_SHA256_N24_W4).

#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace caliptra::image {

inline constexpr uint32_t lms_tree_type = 12;  ///< LMS_SHA256_M24_H15
inline constexpr uint32_t lms_ots_type = 7;    ///< LMOTS_SHA256_N24_W4
inline constexpr unsigned lms_height = 15;
inline constexpr uint32_t lms_leaves = 1U << lms_height;
inline constexpr unsigned lms_chains = 51;

using LmsNode = std::array<uint8_t, 24>;
using LmsIdentifier = std::array<uint8_t, 16>;

struct LmsPublicKey {
  uint32_t tree_type = 0;
  uint32_t ots_type = 0;
  LmsIdentifier identifier{};
  LmsNode root{};
  bool operator==(const LmsPublicKey&) const = default;
};

struct LmsSignature {
  uint32_t leaf = 0;
  uint32_t ots_type = 0;
  LmsNode randomizer{};
  std::array<LmsNode, lms_chains> chains{};
  uint32_t tree_type = 0;
  std::array<LmsNode, lms_height> path{};
  bool operator==(const LmsSignature&) const = default;
};

/// The secrets of all leaves come from the seed as in RFC 8554, appendix A.
struct LmsPrivateKey {
  LmsIdentifier identifier{};
  LmsNode seed{};

  /// How many leaves, from leaf 0 on, there really are: a power of two up to lms_leaves. The whole tree takes 27
  /// million hashes. A key for tests has fewer leaves; the nodes above the others are made up out of the seed, which
  /// no verifier can tell.
  uint32_t real_leaves = lms_leaves;
  bool operator==(const LmsPrivateKey&) const = default;
};

/// A private key in the form that caliptra-sw's tools read: both types, identifier, seed (48 bytes). A key with fewer
/// real leaves has their number behind that, as a big-endian word.
[[nodiscard]] std::vector<uint8_t> lms_private_key_bytes(const LmsPrivateKey& key);

/// Reads that form. Nothing, and the reason in `error`, for another size, other types or a wrong number of leaves.
[[nodiscard]] std::optional<LmsPrivateKey> parse_lms_private_key(std::span<const uint8_t> bytes, std::string& error);

/// A public key of 48 bytes: both types, identifier, root.
[[nodiscard]] std::vector<uint8_t> lms_public_key_bytes(const LmsPublicKey& key);
[[nodiscard]] std::optional<LmsPublicKey> parse_lms_public_key(std::span<const uint8_t> bytes, std::string& error);

/// A private key ready to sign. Making one with all leaves takes seconds; it uses all processors.
class LmsTree {
 public:
  explicit LmsTree(const LmsPrivateKey& key);

  [[nodiscard]] LmsPublicKey public_key() const;

  /// Signs with one leaf. The randomizer comes from the seed, the leaf and the message, so that the same call gives the
  /// same signature. A leaf must sign one message only. Nothing if there is no such leaf.
  [[nodiscard]] std::optional<LmsSignature> sign(uint32_t leaf, std::span<const uint8_t> message) const;

 private:
  LmsPrivateKey key_;
  std::vector<std::vector<LmsNode>> levels_;  // the tree over the real leaves, leaves first
};

/// The root that a signature leads to, whatever its types say: it equals the key's if the key signed the message. The
/// leaf must be one of lms_leaves.
[[nodiscard]] LmsNode lms_candidate(const LmsPublicKey& key, std::span<const uint8_t> message,
                                    const LmsSignature& signature);

/// Whether the key signed the message. False for any other type or an impossible leaf.
[[nodiscard]] bool lms_verify(const LmsPublicKey& key, std::span<const uint8_t> message, const LmsSignature& signature);

}  // namespace caliptra::image
