// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// AES-256, as the deobfuscation engine (CBC) and CSRNG's CTR_DRBG (single blocks) need it. From FIPS 197.

#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace caliptra::crypto {

using AesBlock = std::array<uint8_t, 16>;
using Aes256Key = std::array<uint8_t, 32>;

/// Encrypts one block.
[[nodiscard]] AesBlock aes256_encrypt_block(const Aes256Key& key, const AesBlock& block);

/// Decrypts `ciphertext` into `plaintext`, without any padding rule. False, and nothing done, unless both
/// have the same length and that is a multiple of 16 bytes. The two may be the same memory.
[[nodiscard]] bool aes256_cbc_decrypt(const Aes256Key& key, const AesBlock& initial_vector,
                                      std::span<const uint8_t> ciphertext, std::span<uint8_t> plaintext);

/// The inverse, under the same rules.
[[nodiscard]] bool aes256_cbc_encrypt(const Aes256Key& key, const AesBlock& initial_vector,
                                      std::span<const uint8_t> plaintext, std::span<uint8_t> ciphertext);

}  // namespace caliptra::crypto
