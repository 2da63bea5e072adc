// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/trace_writer.h"

#include "tools/caliptra-emu/testing.h"

namespace caliptra::emu {
namespace {

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("trace: the reference's format") {
  const testing::TemporaryFolder folder;
  TraceWriter trace(folder.path("trace"), [] { FAIL("no failure here"); });
  trace.issued(0x00000000, 0x00001117);
  trace.issued(0x40001afe, 0x8082);
  trace.issued(0xabcdef00, 0x30200073);
  trace.issued(2, 0x0001);
  CHECK(trace.close());
  CHECK(contents(folder.path("trace")) ==
        "0x00000000 0x00001117\n0x40001afe 0x8082\n0xabcdef00 0x30200073\n0x00000002 0x0001\n");
}

TEST_CASE("trace: nothing is lost between buffers") {
  const testing::TemporaryFolder folder;
  TraceWriter trace(folder.path("trace"), [] { FAIL("no failure here"); });
  constexpr uint32_t count = 50'000;
  for (uint32_t i = 0; i < count; ++i) trace.issued(4 * i, (i & 1) != 0 ? 0x13 : 0x0001);
  CHECK(trace.close());
  std::ifstream file(folder.path("trace"));
  std::string line;
  uint32_t lines = 0;
  bool equal = true;
  while (std::getline(file, line)) {
    char expected[32];
    std::snprintf(expected, sizeof expected, (lines & 1) != 0 ? "0x%08x 0x%08x" : "0x%08x 0x%04x", 4 * lines,
                  (lines & 1) != 0 ? 0x13 : 0x0001);
    equal &= line == expected;
    ++lines;
  }
  CHECK(equal);
  CHECK(lines == count);
}

TEST_CASE("trace: a full disk is noticed once, and stops the run") {
  int failures = 0;
  TraceWriter trace("/dev/full", [&] { ++failures; });
  for (uint32_t i = 0; i < 100'000; ++i) trace.issued(i, 0x13);
  CHECK(failures == 1);
  CHECK_FALSE(trace.close());
  CHECK(trace.file().error().find("No space left") != std::string::npos);
}

}  // namespace
}  // namespace caliptra::emu
