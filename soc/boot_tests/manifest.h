// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where things lie in a firmware bundle of Caliptra 1.0 to 1.2: the CMAN manifest, in bytes from its start.

#pragma once

#include <cstddef>

namespace caliptra::boot_tests::manifest {

inline constexpr std::size_t size = 0x16fc;
inline constexpr std::size_t vendor_ecc_keys = 8;
inline constexpr std::size_t vendor_lms_keys = vendor_ecc_keys + 4 * 96;
inline constexpr std::size_t vendor_ecc_key_index = vendor_lms_keys + 32 * 48;
inline constexpr std::size_t vendor_lms_key_index = vendor_ecc_key_index + 4;
inline constexpr std::size_t vendor_ecc_signature = vendor_lms_key_index + 4;
inline constexpr std::size_t vendor_lms_signature = vendor_ecc_signature + 96;
inline constexpr std::size_t lms_signature_size = 4 + 4 + 24 + 51 * 24 + 4 + 15 * 24;
inline constexpr std::size_t owner_ecc_key = vendor_lms_signature + lms_signature_size;
inline constexpr std::size_t owner_lms_key = owner_ecc_key + 96;
inline constexpr std::size_t owner_ecc_signature = owner_lms_key + 48;
inline constexpr std::size_t owner_lms_signature = owner_ecc_signature + 96;
inline constexpr std::size_t preamble_end = owner_lms_signature + lms_signature_size + 8;
inline constexpr std::size_t header_size = 2 * 4 + 5 * 4 + 48 + 40 + 40;
inline constexpr std::size_t toc_entry_size = 4 + 4 + 20 + 4 * 7 + 48;
static_assert(preamble_end + header_size + 2 * toc_entry_size == size);
inline constexpr std::size_t toc_digest = preamble_end + 28;
inline constexpr std::size_t fmc_entry = preamble_end + header_size;
inline constexpr std::size_t runtime_entry = fmc_entry + toc_entry_size;

}  // namespace caliptra::boot_tests::manifest
