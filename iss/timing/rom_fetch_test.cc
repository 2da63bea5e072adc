// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/timing/rom_fetch.h"

#include <doctest/doctest.h>

namespace {

using veer::RomFetch;
constexpr auto never = RomFetch::never;

}  // namespace

TEST_CASE("nine packets follow the beats of a line, and the next request leaves 14 cycles after the first") {
  RomFetch rom;
  // The request is on the bus in cycle 101.
  uint64_t next = 100;
  for (uint32_t i = 0; i < 9; ++i) {
    const uint64_t at = rom.fetch(0x100 + 4 * i, next, true, never, never);
    CHECK(at == 104 + i);
    next = rom.arrived(0x100 + 4 * i, at, false);
  }
  // The tenth comes with a request of its own, in cycle 115.
  CHECK(rom.fetch(0x124, next, true, never, never) == 118);
}

TEST_CASE("a jump to another line waits for the last beat, one into the same line two cycles more") {
  for (const bool same : {false, true}) {
    RomFetch rom;
    const uint64_t at = rom.fetch(0x100, 100, true, never, never);
    const uint64_t next = rom.arrived(0x100, at, true);
    CHECK(next == at + 1);
    CHECK(rom.fetch(same ? 0x110 : 0x200, next, true, never, never) == (same ? 118 : 116));
  }
}

TEST_CASE("an instruction across two beats waits for the second") {
  RomFetch rom;
  CHECK(rom.fetch(0x106, 100, true, never, never) == 105);
}

TEST_CASE("the next line follows a line's end after 12 cycles, or after 14 if the end came first") {
  RomFetch rom;
  uint64_t next = 100;
  for (uint32_t i = 0; i < 4; ++i)
    next = rom.arrived(0x130 + 4 * i, rom.fetch(0x130 + 4 * i, next, true, never, never), false);
  CHECK(rom.fetch(0x140, next, true, never, never) == 116);

  RomFetch other;
  next = other.arrived(0x13c, other.fetch(0x13c, 100, true, never, never), false);
  CHECK(other.fetch(0x140, next, true, never, never) == 118);
}

TEST_CASE("a load from the ROM delays the line by a cycle") {
  RomFetch rom;
  const uint64_t at = rom.fetch(0x100, 100, true, never, never);
  rom.data_read(106);
  CHECK(rom.fetch(0x200, rom.arrived(0x100, at, true), true, never, never) == 117);
}

TEST_CASE("without caching every packet has a request of its own, 7 or 8 cycles apart") {
  RomFetch rom;
  // percycle-0-4000: requests in 36, 44, 52, 59, 66, 74.
  uint64_t next = 35;
  const uint64_t requests[] = {36, 44, 52, 59, 66, 74};
  for (uint32_t i = 0; i < 6; ++i) {
    const uint64_t at = rom.fetch(4 * i, next, false, never, never);
    CHECK(at == requests[i] + 3);
    next = rom.arrived(4 * i, at, false);
  }
}

TEST_CASE("what a flush overtakes is not fetched") {
  RomFetch rom;
  CHECK(rom.fetch(0x100, 100, true, 100, never) == never);  // not even asked for
  CHECK(rom.fetch(0x100, 100, true, 103, never) == never);  // asked for, and comes in for nothing
  CHECK(rom.flush(103) == 104);
  CHECK(rom.fetch(0x200, 104, true, never, never) == 116);
}
