// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/emulator_control/emulator_control.h"

#include <doctest/doctest.h>

#include <vector>

using veer::Agent;
using veer::BusStatus;

TEST_CASE("a word written to the exit register ends the run with that status") {
  caliptra::EmulatorControl control;
  std::vector<uint32_t> statuses;
  CHECK(control.write(0, 4, 7, Agent::core) == BusStatus::ok);
  control.connect([&](uint32_t status) { statuses.push_back(status); });
  CHECK(control.read(0, 4, Agent::core).ok());
  CHECK(statuses.empty());
  control.write(0, 4, 0, Agent::core);
  control.write(0, 4, 0xffff'ffff, Agent::core);
  CHECK(statuses == std::vector<uint32_t>{0, 0xffff'ffff});
  CHECK(control.read(0, 4, Agent::core).data == 0);
}

TEST_CASE("any other access is refused") {
  caliptra::EmulatorControl control;
  int exits = 0;
  control.connect([&](uint32_t) { ++exits; });
  for (uint32_t offset = 0; offset < 16; ++offset) {
    for (const unsigned width : {1U, 2U, 4U}) {
      if (offset == 0 && width == 4) continue;
      CHECK(control.read(offset, width, Agent::core).status == BusStatus::target_error);
      CHECK(control.write(offset, width, 1, Agent::core) == BusStatus::target_error);
    }
  }
  CHECK(exits == 0);
}

TEST_CASE("a debugger's write ends nothing") {
  caliptra::EmulatorControl control;
  int exits = 0;
  control.connect([&](uint32_t) { ++exits; });
  control.write(0, 4, 1, Agent::debugger);
  CHECK(exits == 0);
}
