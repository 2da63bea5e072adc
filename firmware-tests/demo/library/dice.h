// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The steps that all DICE layers are made of. Secrets stay in the key vault.

#pragma once

#include <stdint.h>

#include "demo/library/crypto.h"

/// HMAC-384 over the counter 1, the label, and, if there is one, 0 and the context: SP 800-108 in counter mode. The
/// result goes into `entry`, as a key for further derivations.
void dice_derive(unsigned key_entry, const char* label, const void* context, uint32_t context_bytes, unsigned entry);

/// A key pair out of a layer's secret. Uses KEY_TEMPORARY.
void dice_make_key(unsigned cdi_entry, const char* label, unsigned private_entry, struct ecc_point* public_key);

/// Signs the SHA-384 of bytes, and checks the signature: false if that fails.
bool dice_sign(unsigned private_entry, const struct ecc_point* public_key, const void* bytes, uint32_t count,
               struct ecc_signature* signature);
