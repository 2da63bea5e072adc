// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Hashes over a block of memory: FNV-1a by bytes, and a mix of multiplications and rotations by words.

#include "benchmark.h"

enum { words = 512 };

static uint32_t rotate(uint32_t value, unsigned by) { return value << by | value >> (32 - by); }

uint32_t benchmark(uint32_t* workspace, uint32_t repetitions, uint32_t on_caliptra) {
  (void)on_caliptra;
  uint32_t seed = 7;
  for (unsigned i = 0; i < words; ++i) workspace[i] = next_random(&seed);
  uint32_t result = 2166136261u;
  for (uint32_t i = 0; i < repetitions; ++i) {
    const uint8_t* const bytes = (const uint8_t*)workspace;
    for (unsigned j = 0; j < 4 * words; ++j) result = (result ^ bytes[j]) * 16777619u;
    uint32_t a = result;
    uint32_t b = i;
    for (unsigned j = 0; j < words; j += 2) {
      a = rotate(a + workspace[j] * 0x85ebca77u, 13) * 0x9e3779b1u;
      b = rotate(b ^ workspace[j + 1], 7) + (a & b) + (~a | b);
    }
    result = a ^ b;
    workspace[i % words] ^= result;
  }
  return result;
}
