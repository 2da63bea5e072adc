// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/state_stream.h"

#include <doctest/doctest.h>

namespace {

struct Sample {
  uint8_t small = 0;
  uint64_t large = 0;
  bool flag = false;
  std::array<uint32_t, 3> words{};
  std::vector<uint16_t> list;

  void state(veer::StateStream& stream) {
    stream.section("sample", 3);
    stream(small);
    stream(large);
    stream(flag);
    stream(words);
    stream.vector(list, 8);
  }
};

}  // namespace

TEST_CASE("what is saved is restored") {
  Sample saved{.small = 7, .large = 0x1122334455667788, .flag = true, .words = {1, 2, 3}, .list = {9, 8}};
  veer::StateStream save;
  saved.state(save);
  Sample restored;
  veer::StateStream restore(save.output());
  restored.state(restore);
  restore.finish();
  REQUIRE(restore.ok());
  CHECK(restored.small == 7);
  CHECK(restored.large == 0x1122334455667788);
  CHECK(restored.flag);
  CHECK(restored.words == saved.words);
  CHECK(restored.list == saved.list);
}

TEST_CASE("truncated, foreign and overlong snapshots are refused with a reason") {
  Sample sample{.small = 1, .list = {1, 2, 3}};
  veer::StateStream save;
  sample.state(save);
  const auto bytes = save.output();
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    Sample target;
    veer::StateStream restore(std::span<const uint8_t>(bytes).first(size));
    target.state(restore);
    CHECK_FALSE(restore.ok());
    CHECK(restore.error().find("snapshot, part") == 0);
  }
  auto foreign = bytes;
  foreign[1] ^= 1;
  Sample target;
  veer::StateStream restore(foreign);
  target.state(restore);
  CHECK_FALSE(restore.ok());

  auto longer = bytes;
  longer.push_back(0);
  veer::StateStream rest(longer);
  target.state(rest);
  CHECK(rest.ok());
  rest.finish();
  CHECK_FALSE(rest.ok());
}

TEST_CASE("a list longer than its limit is refused") {
  Sample sample;
  sample.list.assign(9, 0);
  veer::StateStream save;
  sample.state(save);
  CHECK_FALSE(save.ok());
}

TEST_CASE("restoring a memory writes the pages that differ, and tells of them") {
  constexpr std::size_t page = veer::StateStream::page_size;
  std::vector<uint8_t> memory(3 * page + 5, 0x11);
  veer::StateStream save;
  save.memory(memory);
  const auto bytes = save.output();
  REQUIRE(bytes == memory);
  memory[page] = 0;
  memory[2 * page - 1] = 0;
  memory.back() = 0;
  std::vector<std::pair<std::size_t, std::size_t>> told;
  veer::StateStream restore(bytes);
  restore.memory(memory, [&](std::size_t at, std::size_t size) { told.emplace_back(at, size); });
  restore.finish();
  REQUIRE(restore.ok());
  CHECK(memory == bytes);
  CHECK(told == std::vector<std::pair<std::size_t, std::size_t>>{{page, page}, {3 * page, 5}});

  veer::StateStream truncated(std::span<const uint8_t>(bytes).first(bytes.size() - 1));
  memory[0] = 0;
  truncated.memory(memory);
  CHECK_FALSE(truncated.ok());
  CHECK(memory[0] == 0);
}
