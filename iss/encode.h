// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <cstdint>

#include "iss/decode.h"

namespace veer {

/// The 32-bit encoding of an architectural instruction: the inverse of decode() for length 4. Operands that its format
/// lacks are ignored, others cut to their width. For fence, `imm` is not encoded; for the CSR formats it is the number.
uint32_t encode(const Decoded& instruction);

}  // namespace veer
