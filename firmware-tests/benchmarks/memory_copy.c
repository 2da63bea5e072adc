// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Blocks of memory copied word by word and byte by byte, compared and cleared.

#include "benchmark.h"

enum { words = 1024 };

uint32_t benchmark(uint32_t* workspace, uint32_t repetitions, uint32_t on_caliptra) {
  (void)on_caliptra;
  volatile uint32_t* const from = workspace;
  volatile uint32_t* const to = workspace + words;
  uint32_t seed = 1;
  uint32_t result = 0;
  for (unsigned i = 0; i < words; ++i) from[i] = next_random(&seed);
  for (uint32_t i = 0; i < repetitions; ++i) {
    from[i % words] += i;
    for (unsigned j = 0; j < words; j += 4) {
      const uint32_t a = from[j];
      const uint32_t b = from[j + 1];
      const uint32_t c = from[j + 2];
      const uint32_t d = from[j + 3];
      to[j] = a;
      to[j + 1] = b;
      to[j + 2] = c;
      to[j + 3] = d;
    }
    volatile uint8_t* const bytes = (volatile uint8_t*)to;
    for (unsigned j = 0; j < words; ++j) bytes[j + 2 * words] = bytes[j];
    for (unsigned j = 0; j < words; ++j) result += to[j] != from[j] ? j : 0;
    for (unsigned j = 0; j < words; ++j) to[j] = 0;
  }
  return result;
}
