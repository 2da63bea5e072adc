// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Calls and returns: recursion, small functions, and some through pointers.

#include "benchmark.h"

#define not_inlined __attribute__((noinline, noclone))

static not_inlined uint32_t fibonacci(uint32_t n) { return n < 2 ? n : fibonacci(n - 1) + fibonacci(n - 2); }

static not_inlined int32_t takeuchi(int32_t x, int32_t y, int32_t z) {
  return y < x ? takeuchi(takeuchi(x - 1, y, z), takeuchi(y - 1, z, x), takeuchi(z - 1, x, y)) : z;
}

static not_inlined uint32_t add(uint32_t a, uint32_t b) { return a + b; }
static not_inlined uint32_t exclusive(uint32_t a, uint32_t b) { return a ^ b; }

uint32_t benchmark(uint32_t* workspace, uint32_t repetitions, uint32_t on_caliptra) {
  (void)workspace;
  (void)on_caliptra;
  uint32_t result = 0;
  for (uint32_t i = 0; i < repetitions; ++i) {
    result += fibonacci(12 + (i & 3));
    result += (uint32_t)takeuchi(8, 4, (int32_t)(i & 1));
    uint32_t (*const function)(uint32_t, uint32_t) = (i & 1) != 0 ? add : exclusive;
    for (uint32_t j = 0; j < 100; ++j) result = add(function(result, j), i);
  }
  return result;
}
