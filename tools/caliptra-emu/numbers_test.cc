// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/numbers.h"

#include <doctest/doctest.h>

namespace caliptra::emu {
namespace {

TEST_CASE("numbers: bases, limits and rubbish") {
  CHECK(parse_number("0") == 0);
  CHECK(parse_number("010") == 10);
  CHECK(parse_number("0x600") == 0x600);
  CHECK(parse_number("0XfF") == 255);
  CHECK(parse_number("0b101") == 5);
  CHECK(parse_number("0o17") == 15);
  CHECK(parse_number("20_000_000") == 20'000'000);
  CHECK(parse_number("18446744073709551615") == 0xffff'ffff'ffff'ffff);
  CHECK(parse_number("255", 255) == 255);
  for (const char* bad : {"", " ", "-1", "+1", "1 ", " 1", "0x", "0b", "0b2", "08x", "1.0", "1e3", "ten", "0xg", "_1",
                          "1_", "1__2", "18446744073709551616", "0x10000000000000000"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_number(bad).has_value());
  }
  CHECK_FALSE(parse_number("256", 255).has_value());
}

TEST_CASE("numbers: 128 bits, least significant word first") {
  using Words = std::array<uint32_t, 4>;
  CHECK(parse_number_128("340282366920938463463374607431768211455") ==
        Words{0xffff'ffff, 0xffff'ffff, 0xffff'ffff, 0xffff'ffff});
  CHECK(parse_number_128("0x00112233445566778899aabbccddeeff") ==
        Words{0xccdd'eeff, 0x8899'aabb, 0x4455'6677, 0x0011'2233});
  CHECK(parse_number_128("4294967296") == Words{0, 1, 0, 0});
  CHECK_FALSE(parse_number_128("340282366920938463463374607431768211456").has_value());
  CHECK_FALSE(parse_number_128("").has_value());
}

}  // namespace
}  // namespace caliptra::emu
