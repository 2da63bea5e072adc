// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/uart/uart.h"

#include <doctest/doctest.h>

#include <string>

#include "iss/state_stream.h"

using veer::Agent;
using veer::BusStatus;

TEST_CASE("characters go out, each as it is written, zeros too") {
  caliptra::Uart uart;
  std::string text;
  uart.connect([&](char character) { text += character; });
  for (const char character : std::string("Hi\0\xff", 4)) {
    CHECK(uart.read(0x40, 1, Agent::core).data == 1);
    CHECK(uart.write(0x41, 1, static_cast<unsigned char>(character), Agent::core) == BusStatus::ok);
  }
  CHECK(text == std::string("Hi\0\xff", 4));
  CHECK(uart.read(0x40, 1, Agent::core).data == 1);
}

TEST_CASE("without anyone to hear it, it is still there") {
  caliptra::Uart uart;
  CHECK(uart.write(0x41, 1, 'x', Agent::core) == BusStatus::ok);
}

TEST_CASE("line settings are kept byte by byte, reset and saved") {
  caliptra::Uart uart;
  CHECK(uart.read(0x10, 1, Agent::core).data == 0);
  CHECK(uart.read(0x11, 1, Agent::core).data == 8);
  CHECK(uart.read(0x12, 1, Agent::core).data == 1);
  uart.write(0x11, 1, 0x107, Agent::core);
  uart.write(0x10, 1, 0x42, Agent::core);
  CHECK(uart.read(0x10, 1, Agent::core).data == 0x42);
  CHECK(uart.read(0x11, 1, Agent::core).data == 0x07);
  CHECK(uart.read(0x12, 1, Agent::core).data == 1);

  veer::StateStream save;
  uart.state(save);
  caliptra::Uart other;
  veer::StateStream restore(save.output());
  other.state(restore);
  restore.finish();
  CHECK(restore.ok());
  CHECK(other.read(0x10, 1, Agent::core).data == 0x42);

  uart.reset(veer::Reset::warm);
  CHECK(uart.read(0x11, 1, Agent::core).data == 8);
}

TEST_CASE("any other access is refused and changes nothing") {
  caliptra::Uart uart;
  int characters = 0;
  uart.connect([&](char) { ++characters; });
  for (uint32_t offset = 0; offset < 0x100; ++offset) {
    for (const unsigned width : {1U, 2U, 4U}) {
      const bool readable = width == 1 && (offset == 0x40 || (offset >= 0x10 && offset <= 0x12));
      const bool writable = width == 1 && (offset == 0x41 || (offset >= 0x10 && offset <= 0x12));
      CHECK(uart.read(offset, width, Agent::core).ok() == readable);
      CHECK((uart.write(offset, width, 0, Agent::core) == BusStatus::ok) == writable);
    }
  }
  CHECK(characters == 1);
}
