// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Branches, easy and hard to guess: a sieve, searches in a sorted table, sequences of 3n + 1.

#include "benchmark.h"

enum { numbers = 2048, table = 256 };

uint32_t benchmark(uint32_t* workspace, uint32_t repetitions, uint32_t on_caliptra) {
  (void)on_caliptra;
  uint8_t* const composite = (uint8_t*)workspace;
  uint32_t* const sorted = workspace + numbers;
  uint32_t seed = 3;
  uint32_t result = 0;
  for (unsigned i = 0; i < table; ++i) sorted[i] = i * 997 + (next_random(&seed) & 255);
  for (uint32_t i = 0; i < repetitions; ++i) {
    for (unsigned j = 0; j < numbers; ++j) composite[j] = 0;
    for (unsigned j = 2; j < numbers; ++j) {
      if (composite[j]) continue;
      ++result;
      for (unsigned k = j * 2; k < numbers; k += j) composite[k] = 1;
    }
    for (unsigned j = 0; j < 200; ++j) {
      const uint32_t wanted = next_random(&seed) % (table * 997);
      unsigned low = 0;
      unsigned high = table;
      while (low < high) {
        const unsigned middle = (low + high) / 2;
        if (sorted[middle] < wanted) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      result += low;
    }
    for (uint32_t n = 1 + (i & 63); n < 100 + (i & 63); ++n) {
      for (uint32_t value = n; value != 1; ++result) value = (value & 1) != 0 ? value * 3 + 1 : value / 2;
    }
  }
  return result;
}
