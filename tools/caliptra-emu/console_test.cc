// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/console.h"

#include <unistd.h>

#include "tools/caliptra-emu/testing.h"

namespace caliptra::emu {
namespace {

TEST_CASE("console: lines are known when they are complete, and written at once") {
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  Console console(ends[1]);
  const auto written = [&] {
    char buffer[256];
    const ssize_t size = ::read(ends[0], buffer, sizeof buffer);
    return std::string(buffer, size > 0 ? static_cast<std::size_t>(size) : 0);
  };
  for (const char each : std::string_view("one")) {
    console.put(each);
    CHECK(console.completed_line().empty());
  }
  console.flush();
  CHECK(written() == "one");
  console.put('!');
  console.put('\n');
  CHECK(console.completed_line() == "one!");
  CHECK(written() == "!\n");
  console.put('2');
  CHECK(console.completed_line().empty());
  console.print("ours\n");
  CHECK(written() == "2\nours\n");
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace
}  // namespace caliptra::emu
