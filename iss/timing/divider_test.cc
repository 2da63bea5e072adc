// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/timing/divider.h"

#include <doctest/doctest.h>

#include "iss/timing/csr_sync.h"

TEST_CASE("a division takes what it took on the RTL") {
  // Cycles of a division and one dependent instruction, from microbench-results.txt.
  struct {
    bool remainder, is_signed;
    uint32_t dividend, divisor, cycles;
  } const measured[] = {
      {false, true, 0, 1, 4},
      {false, true, 1, 1, 4},
      {false, true, 7, 3, 4},
      {false, true, 255, 3, 7},
      {false, true, 255, 255, 6},
      {false, true, 0xffff, 3, 9},
      {false, true, 0xffffff, 3, 11},
      {false, true, 0x7fffffff, 1, 12},
      {false, true, 0x7fffffff, 0x10, 12},
      {false, true, 0x7fffffff, 0x100, 11},
      {false, true, 0x7fffffff, 0xffff, 10},
      {false, true, 0x7fffffff, 0x7ffffffe, 6},
      {false, true, 3, 0x7fffffff, 6},
      {false, true, 0x7fffffff, 0, 4},
      {false, true, 0xffffffff, 0xffffffff, 6},
      {false, true, 0xffffff9c, 7, 7},
      {false, true, 0x12345678, 10, 12},
      {false, true, 1000, 10, 7},
      {false, false, 0xffffffff, 3, 12},
      {true, false, 0xffffffff, 0xffff, 10},
      {true, false, 100, 10, 7},
      // Of 2,800 random ones on the RTL: 0 has all its bits, and a negative number one more than it needs.
      {true, true, 0, 6, 12},
      {true, false, 0, 0x01bc7e3f, 8},
      {true, true, 0, 0xfffffff6, 12},
      {true, true, 0xfffffff1, 3, 7},
      {true, true, 0xfc647eb1, 0xa08, 10},
      {true, true, 0xfd0d0d23, 0xa, 12},
      {true, true, 0x679, 0xffffff5b, 6},
      {true, true, 0xa6a8, 0xffffffef, 8},
      {true, true, 0xfffffff0, 2, 7},
  };
  for (const auto& m : measured) {
    CAPTURE(m.dividend);
    CAPTURE(m.divisor);
    CHECK(veer::division_cycles(m.remainder, m.is_signed, m.dividend, m.divisor) + 1 == m.cycles);
  }
}

TEST_CASE("CSR instructions synchronize as decode does") {
  const auto check = [](uint32_t number, bool reads, bool writes, bool before, bool after) {
    CAPTURE(number);
    const veer::CsrSync sync = veer::csr_sync(number, reads, writes);
    CHECK(sync.before == before);
    CHECK(sync.after == after);
  };
  check(0xb00, true, false, false, false);  // csrr mcycle: 1 cycle
  check(0xb02, true, false, true, false);   // csrr minstret: 3
  check(0xb83, true, false, true, false);   // csrr mhpmcounter3h
  check(0x300, true, false, false, true);   // csrr mstatus: 3
  check(0x340, true, false, false, false);  // csrr mscratch: 1
  check(0x340, false, true, false, false);  // csrw mscratch: 1
  check(0x340, true, true, true, true);     // csrrw: 3
  check(0x304, false, true, false, false);  // csrw mie: 1
  check(0x305, false, true, false, true);   // csrw mtvec: 3
  check(0x7c0, false, true, false, true);   // csrw mrac: 3
  check(0x7f9, true, false, true, true);    // csrr mfdc: 3
  check(0x7f9, false, true, false, true);
  check(0x7f8, true, false, false, false);  // csrr mcgc: 1
  check(0xbcc, true, false, false, false);  // csrr meicurpl: 1
}
