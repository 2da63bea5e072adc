// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// LMS signatures (RFC 8554, SP 800-208) of the one kind that bundles have: SHA-256/192, W = 4, height 15.

#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "demo/contract/manifest.h"

bool lms_verify(const struct lms_public_key* key, const uint8_t* message, uint32_t message_bytes,
                const struct lms_signature* signature);
