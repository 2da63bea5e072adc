// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// SHA-2 and HMAC-SHA-384. The engines of Caliptra hash raw blocks, which their software has padded, so
// the compression function on a state that the caller keeps is what they use. From FIPS 180-4, RFC 2104.

#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace caliptra::crypto {

/// A hash state: word 0 holds the first bytes of the digest, as a number (A of FIPS 180-4).
using Sha512State = std::array<uint64_t, 8>;
using Sha256State = std::array<uint32_t, 8>;

inline constexpr std::size_t sha512_block_size = 128;  ///< bytes, also of SHA-384, 512/224 and 512/256
inline constexpr std::size_t sha256_block_size = 64;   ///< bytes, also of SHA-224

// Initial values (FIPS 180-4, 5.3).
extern const Sha512State sha512_initial;
extern const Sha512State sha384_initial;
extern const Sha512State sha512_256_initial;
extern const Sha512State sha512_224_initial;
extern const Sha256State sha256_initial;
extern const Sha256State sha224_initial;

/// Takes one block of message bytes, in message order, into `state`.
void sha512_compress(Sha512State& state, std::span<const uint8_t, sha512_block_size> block);
void sha256_compress(Sha256State& state, std::span<const uint8_t, sha256_block_size> block);

/// Digests of whole messages; padding included.
[[nodiscard]] std::array<uint8_t, 48> sha384(std::span<const uint8_t> message);
[[nodiscard]] std::array<uint8_t, 64> sha512(std::span<const uint8_t> message);
[[nodiscard]] std::array<uint8_t, 32> sha256(std::span<const uint8_t> message);

/// The tag of a whole message under a key of any length.
[[nodiscard]] std::array<uint8_t, 48> hmac_sha384(std::span<const uint8_t> key, std::span<const uint8_t> message);

}  // namespace caliptra::crypto
