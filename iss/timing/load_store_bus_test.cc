// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/timing/load_store_bus.h"

#include <doctest/doctest.h>

namespace {

using veer::LoadStoreBus;

LoadStoreBus::Target device(uint32_t address) {
  return {.address = address, .side_effects = true, .iccm = false, .rom = false};
}
LoadStoreBus::Target rom(uint32_t address) {
  return {.address = address, .side_effects = false, .iccm = false, .rom = true};
}

}  // namespace

TEST_CASE("a load's user is decoded seven cycles after it") {
  LoadStoreBus bus;
  const auto timing = bus.load(device(0x10028000), 100);
  CHECK(timing.on_bus == 103);
  CHECK(timing.usable == 107);
}

TEST_CASE("loads of one doubleword follow each other after four cycles, of several after one") {
  LoadStoreBus same;
  same.load(device(0x10028000), 100);
  CHECK(same.load(device(0x10028004), 101).on_bus == 107);

  LoadStoreBus other;
  other.load(device(0x10028000), 100);
  CHECK(other.load(device(0x10028008), 101).on_bus == 104);
  CHECK(other.take_early_answer() == 106);
  CHECK(other.take_early_answer() == 0);
}

TEST_CASE("a load from the ROM serves others of its doubleword") {
  LoadStoreBus bus;
  CHECK(bus.load(rom(0x100), 100).usable == 107);
  const auto second = bus.load(rom(0x104), 101);
  CHECK(second.on_bus == 0);
  CHECK(second.usable == 108);
  // It has held the output buffer for two cycles, so the third cannot stream behind the first.
  CHECK(bus.load(rom(0x108), 102).on_bus == 107);
}

TEST_CASE("a store alone is on the bus after six cycles, before a load after four") {
  // The load behind it leaves three cycles later (percycle-0-4000: 264, 267).
  LoadStoreBus alone;
  alone.store(device(0x3003062c), 258);
  CHECK(alone.load(device(0x30030040), 261).on_bus == 267);

  // sw, lw, add: 12 cycles.
  LoadStoreBus pair;
  pair.store(device(0x10028080), 100);
  CHECK(pair.load(device(0x10028080), 101).usable == 111);
}

TEST_CASE("stores in a row: four cycles to one doubleword, two to the next") {
  LoadStoreBus bus;
  // ift2: six stores from 0x390 on, decoded in 448..; the fifth waits for the first until 456, the sixth until 460.
  uint64_t at = 448;
  for (uint32_t i = 0; i < 6; ++i) {
    at = bus.room(at);
    if (i == 4) CHECK(at == 456);
    if (i == 5) CHECK(at == 460);
    bus.store(device(0x10028080 + 4 * i), at++);
  }
  CHECK(bus.room(461) == 462);
}

TEST_CASE("a store to the ICCM serves a load that follows") {
  LoadStoreBus bus;
  const LoadStoreBus::Target iccm = {.address = 0x40010000, .side_effects = false, .iccm = true, .rom = false};
  bus.store(iccm, 100);
  CHECK(bus.load(iccm, 101).usable == 102);
  CHECK(bus.port().asks() == 108);
  CHECK(bus.load(iccm, 200).usable == 214);
}
