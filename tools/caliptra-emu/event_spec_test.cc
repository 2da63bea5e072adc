// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/event_spec.h"

#include <doctest/doctest.h>

namespace caliptra::emu {
namespace {

EventSpec good(std::string_view text) {
  std::string error;
  const auto spec = EventSpec::parse(text, error);
  REQUIRE_MESSAGE(spec.has_value(), error);
  CHECK(spec->written == text);
  return *spec;
}

TEST_CASE("event: each kind matches its own event only") {
  using Kind = Event::Kind;
  CHECK(good("ready-for-fw").matches({.kind = Kind::ready_for_fw}));
  CHECK(good("rt-ready").matches({.kind = Kind::runtime_ready}));
  CHECK_FALSE(good("rt-ready").matches({.kind = Kind::ready_for_runtime}));
  CHECK(good("exit").matches({.kind = Kind::exit}));
  CHECK(good("fatal").matches({.kind = Kind::firmware_error_fatal}));
  CHECK(good("fatal").matches({.kind = Kind::hardware_error_fatal}));
  CHECK(good("boot-status=0x600").matches({.kind = Kind::boot_status, .value = 0x600}));
  CHECK(good("boot-status=257").matches({.kind = Kind::boot_status, .value = 0x101}));
  CHECK_FALSE(good("boot-status=0x600").matches({.kind = Kind::boot_status, .value = 0x601}));
  CHECK_FALSE(good("exit").matches({.kind = Kind::cold_reset}));
}

TEST_CASE("event: console text within a line") {
  const EventSpec spec = good("output=RT listening = now");
  CHECK(spec.matches_line("[rt] RT listening = now ..."));
  CHECK_FALSE(spec.matches_line("[rt] RT listening"));
  CHECK_FALSE(spec.matches({.kind = Event::Kind::exit}));
  CHECK_FALSE(good("exit").matches_line("exit"));
}

TEST_CASE("event: rubbish is refused with the reason") {
  for (const char* bad : {"", "ready", "rt-ready=1", "boot-status", "boot-status=", "boot-status=0x100000000",
                          "boot-status=-1", "output", "output=", "output=a\nb", "EXIT"}) {
    CAPTURE(bad);
    std::string error;
    CHECK_FALSE(EventSpec::parse(bad, error).has_value());
    CHECK_FALSE(error.empty());
  }
}

}  // namespace
}  // namespace caliptra::emu
