// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Looks at status registers that are ready at once, and counts. Nothing here can be skipped. On a Caliptra core it is
// the SHA-512 engine's, on QEMU's machine the interrupt controller's.

#include "benchmark.h"

uint32_t benchmark(uint32_t* workspace, uint32_t repetitions, uint32_t on_caliptra) {
  (void)workspace;
  volatile const uint32_t* const status = (volatile const uint32_t*)(on_caliptra ? 0x10020018u : 0x0c000004u);
  const uint32_t ready = on_caliptra ? 1 : 0;
  uint32_t looks = 0;
  for (uint32_t i = 0; i < repetitions; ++i) {
    for (unsigned j = 0; j < 1000; ++j) {
      do {
        ++looks;
      } while ((*status & 1) != ready);
    }
  }
  return looks;
}
