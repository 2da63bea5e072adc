// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/coverage/coverage.h"

#include <doctest/doctest.h>

#include "tools/trace/testing.h"

namespace caliptra::coverage {
namespace {

Coverage covered(uint64_t instructions) {
  trace::testing::Machine machine(trace::testing::program);
  Coverage coverage;
  coverage.set_digests("rom digest", "");
  CoverageObserver observer(coverage);
  machine.core->hart().set_observer(&observer);
  machine.run(instructions);
  machine.core->hart().set_observer(nullptr);
  return coverage;
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("Counts, branches and bitmaps") {
  const Coverage coverage = covered(14);
  CHECK(coverage.executed(0x0) == 2);
  CHECK(coverage.executed(0x30) == 1);
  CHECK(coverage.executed(0x2c) == 0);  // jumped over
  CHECK(coverage.executed(0x2) == 0);   // inside an instruction
  CHECK(coverage.executed(0x7000'0000) == 0);
  const Region& rom = coverage.regions()[0];
  CHECK(rom.length[0x10 / 2] == 2);
  CHECK(rom.length[0] == 4);
  CHECK(rom.branch[0x28 / 2] == 1);
  CHECK(rom.taken[0x28 / 2] == 1);
  // A bit per halfword: 0x0, 0x4, 0x8, 0xc, then 0x10, 0x12, 0x14, 0x18, 0x1c.
  CHECK(contains(coverage.json(), "\"bitmap\":\"555711"));
}

TEST_CASE("Files come back as they were written, and add up") {
  const Coverage one = covered(14);
  Coverage copy;
  std::string error;
  REQUIRE_MESSAGE(copy.parse(one.json(), error), error);
  CHECK(copy.json() == one.json());

  Coverage all;
  REQUIRE(all.merge(one, error));
  CHECK(all.json() == one.json());
  REQUIRE(all.merge(covered(3), error));
  CHECK(all.executed(0x0) == 3);
  CHECK(all.executed(0x30) == 1);

  Coverage other = covered(3);
  other.set_digests("another", "");
  CHECK_FALSE(all.merge(other, error));
  CHECK(contains(error, "other code in rom"));
  CHECK(all.executed(0x0) == 3);
}

TEST_CASE("Wrong files are refused with a reason, and change nothing") {
  const std::string good = covered(14).json();
  Coverage coverage = covered(3);
  std::string error;
  const auto refusal = [&](const std::string& text) {
    error.clear();
    CHECK_FALSE(coverage.parse(text, error));
    CHECK(coverage.executed(0) == 1);
    return error;
  };
  CHECK(contains(refusal(""), "no coverage file"));
  CHECK(contains(refusal("[]"), "no coverage file"));
  CHECK(contains(refusal("{\"format\":7}"), ""));
  CHECK(contains(refusal("{\"format\":\"caliptra-coverage\"}"), "damaged"));
  CHECK(contains(refusal("{\"format\":\"caliptra-coverage\",\"version\":2}"), "another version"));
  for (std::size_t size = 1; size < good.size() - 2; size += 1 + good.size() / 50)
    CHECK_FALSE(refusal(good.substr(0, size)).empty());
  std::string moved = good;
  moved.replace(moved.find("[0,4,2]"), 7, "[9999999999,4,2]");
  CHECK(contains(refusal(moved), "cannot be"));
}

}  // namespace caliptra::coverage
