// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
#pragma once

#include <stdint.h>

/// The work of one benchmark. `workspace` has 64 KiB, zero; the result depends on all that was done, and on nothing
/// else.
uint32_t benchmark(uint32_t* workspace, uint32_t repetitions, uint32_t on_caliptra);

static inline uint32_t next_random(uint32_t* state) {
  *state = *state * 1664525u + 1013904223u;
  return *state >> 8;
}
