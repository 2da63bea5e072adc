// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/trace/trap_names.h"

#include <fmt/format.h>

#include <string_view>

namespace caliptra::trace {
namespace {

struct Name {
  uint32_t number;
  std::string_view text;
};

constexpr Name names[] = {
    {0, "instruction address misaligned"},
    {1, "instruction access fault"},
    {2, "illegal instruction"},
    {3, "breakpoint"},
    {4, "load address misaligned"},
    {5, "load access fault"},
    {6, "store address misaligned"},
    {7, "store access fault"},
    {11, "environment call"},
    {0x8000'0003, "software interrupt"},
    {0x8000'0007, "timer interrupt"},
    {0x8000'000b, "external interrupt"},
    {0x8000'001c, "internal timer 1 interrupt"},
    {0x8000'001d, "internal timer 0 interrupt"},
    {0x8000'001e, "correctable error interrupt"},
    {0xf000'0000, "NMI: bus error of a store"},
    {0xf000'0001, "NMI: bus error of a load"},
    {0xf000'1000, "NMI: fast interrupt, ECC error"},
    {0xf000'1001, "NMI: fast interrupt, vector not in DCCM"},
    {0xf000'1002, "NMI: fast interrupt, vector outside of a region"},
};

constexpr std::string_view fetch_causes[] = {"", "double-bit ECC error in ICCM", "unmapped address", "MPU"};
constexpr std::string_view access_causes[] = {
    "",          "double-bit ECC error in DCCM", "unmapped address in a local memory", "MPU", "", "region prediction",
    "PIC access"};

}  // namespace

std::string trap_name(uint32_t mcause, uint32_t mscause) {
  std::string text;
  for (const Name& each : names) {
    if (each.number == mcause) text = each.text;
  }
  if (text.empty()) {
    if (mcause == 0)
      text = "NMI";
    else
      text = fmt::format("{} 0x{:08x}", is_interrupt(mcause) ? "interrupt" : "exception", mcause);
  }
  std::string_view more;
  if (mcause == 1 && mscause < std::size(fetch_causes)) more = fetch_causes[mscause];
  if ((mcause == 5 || mcause == 7) && mscause < std::size(access_causes)) more = access_causes[mscause];
  return more.empty() ? text : fmt::format("{} ({})", text, more);
}

}  // namespace caliptra::trace
