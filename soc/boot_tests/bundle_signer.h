// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Signs a firmware bundle of Caliptra 1.x anew, so that tests can change what is in it.

#pragma once

#include <cstdint>
#include <vector>

#include "soc/boot_tests/openssl.h"

namespace caliptra::boot_tests {

/// `bundle` with the digests of its contents, the vendor's key (that of its key index) and the owner's key, and
/// their ECDSA signatures made anew. The LMS signatures become wrong: fuse_lms_verify must be 0.
[[nodiscard]] std::vector<uint8_t> sign_bundle(std::vector<uint8_t> bundle, const SigningKey& vendor,
                                               const SigningKey& owner);

}  // namespace caliptra::boot_tests
