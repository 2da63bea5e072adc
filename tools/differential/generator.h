// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Random programs out of the instruction table, of what VeeR EL2 and QEMU both define.

#pragma once

#include <cstdint>

#include "tools/differential/program.h"

namespace caliptra::differential {

/// A program that ends: backward branches count down x27. It has every instruction but wfi (QEMU would sleep), hazards
/// between few registers, loads and stores in DCCM and ICCM and around their ends, traps of every kind that QEMU has
/// too, and code that is rewritten while it runs, with fence.i: into and out of jumps, pairs of compressed instructions
/// and traps, and one half of an instruction alone. The same seed gives the same program everywhere.
Program generate(uint32_t seed);

/// What register 1..30 starts with, out of a random number.
uint32_t initial_register(unsigned index, uint32_t random);

}  // namespace caliptra::differential
