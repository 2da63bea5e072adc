// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The HMAC-DRBG that makes the ECC engine's private keys and nonces. From RTL: hmac_drbg/rtl/hmac_drbg.sv, whose
// steps are those of RFC 6979, section 3.2.

#pragma once

#include "peripherals/crypto/p384.h"

namespace caliptra {

/// The first output in 1 .. order - 1 of an HMAC-DRBG (SHA-384) that was seeded with `entropy` and `nonce`.
/// Key generation: the seed and ECC_NONCE. Signing: the private key and the digest modulo the order.
[[nodiscard]] crypto::P384Number hmac_drbg(const crypto::P384Number& entropy, const crypto::P384Number& nonce);

}  // namespace caliptra
