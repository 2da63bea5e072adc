// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/timing/predictor.h"

#include <doctest/doctest.h>

namespace {

using veer::BranchPredictor;
using veer::BranchRecord;

constexpr uint32_t base = 0x40000000;

BranchRecord record(uint32_t pc, int32_t distance, bool wide) {
  BranchRecord branch;
  branch.tag = BranchPredictor::tag_of(pc + (wide ? 2 : 0));
  branch.valid = true;
  branch.pc4 = wide;
  branch.odd_start = (pc & 2) != 0;
  branch.offset = static_cast<uint16_t>(distance / 2) & 0xfff;
  return branch;
}

}  // namespace

TEST_CASE("a counter moves as el2_exu_alu_ctl moves it") {
  CHECK(BranchPredictor::updated(0, true) == 2);
  CHECK(BranchPredictor::updated(1, true) == 0);
  CHECK(BranchPredictor::updated(2, true) == 3);
  CHECK(BranchPredictor::updated(3, true) == 3);
  CHECK(BranchPredictor::updated(0, false) == 1);
  CHECK(BranchPredictor::updated(1, false) == 1);
  CHECK(BranchPredictor::updated(2, false) == 0);
  CHECK(BranchPredictor::updated(3, false) == 2);
}

TEST_CASE("a written branch is found from the cycle on in which the RTL sees it") {
  BranchPredictor predictor;
  const uint32_t pc = base + 0x100;
  predictor.write_branch(pc + 2, 1, record(pc, -16, true), 12);
  predictor.write_counter(pc + 2, 0, 3, 13);
  CHECK_FALSE(predictor.predict(pc, 0, false, 11, 0).slot[1].hit);
  const auto known = predictor.predict(pc, 0, false, 12, 0);
  CHECK(known.slot[1].hit);
  CHECK(known.slot[1].way == 1);
  CHECK_FALSE(known.taken);
  const auto taken = predictor.predict(pc, 0, false, 13, 0);
  CHECK(taken.taken);
  CHECK(taken.selected == 1);
  CHECK(taken.target == pc - 16);
  CHECK_FALSE(predictor.predict(pc, 1, false, 13, 0).taken);  // another history, another counter
}

TEST_CASE("a packet that begins at an odd halfword sees the branch of the next word") {
  BranchPredictor predictor;
  const uint32_t pc = base + 0x202;  // ends in the next word's first halfword
  predictor.write_branch(pc + 2, 0, record(pc, 64, true), 1);
  predictor.write_counter(pc + 2, 0, 3, 1);
  const auto prediction = predictor.predict(pc, 0, false, 2, 0);
  CHECK(prediction.taken);
  CHECK(prediction.selected == 1);
  CHECK(prediction.target == pc + 64);
  CHECK_FALSE(predictor.predict(pc, 0, true, 2, 0).taken);  // cut off by the line's end
}

TEST_CASE("tags are short: code elsewhere hits the same entry, and the maps know it") {
  BranchPredictor predictor;
  predictor.add_region(base, 128 * 1024);
  const uint32_t pc = base + 0x100;
  predictor.write_branch(pc, 0, record(pc, 32, false), 1);
  predictor.settle(1);
  const BranchPredictor::Region* region = predictor.region(base);
  REQUIRE(region != nullptr);
  unsigned others = 0;
  for (uint32_t word = 0; word < 32 * 1024; ++word) {
    const uint32_t address = base + 4 * word;
    const bool same = BranchPredictor::set_of(address) == BranchPredictor::set_of(pc) &&
                      BranchPredictor::tag_of(address) == BranchPredictor::tag_of(pc);
    CHECK(((region->hits[word / 4] >> (2 * word % 8)) & 3) == (same ? 1 : 0));
    if (same && address != pc) ++others;
  }
  CHECK(others == 3);
  BranchRecord gone;
  gone.tag = BranchPredictor::tag_of(pc);
  predictor.write_branch(pc, 0, gone, 2);
  predictor.settle(2);
  for (const uint8_t bits : region->hits) CHECK(bits == 0);
}

TEST_CASE("the return stack moves in every cycle in which a packet waits") {
  BranchPredictor predictor;
  const uint32_t call = base + 0x40;
  BranchRecord branch = record(call, 0x100, false);
  branch.call = true;
  predictor.write_branch(call, 0, branch, 1);
  CHECK(predictor.predict(call, 0, false, 2, 0).taken);
  CHECK(predictor.return_address() == call + 2);
  const uint32_t back = base + 0x140;
  BranchRecord ret = record(back, 0, false);
  ret.ret = true;
  predictor.write_branch(back, 0, ret, 3);
  CHECK(predictor.predict(back, 0, false, 4, 0).target == call + 2);
  CHECK_FALSE(predictor.return_valid());
  predictor.predict(call, 0, false, 5, 2);
  predictor.predict(back, 0, false, 6, 0);
  CHECK(predictor.return_valid());  // pushed three times
}

TEST_CASE("the predictor's state survives a snapshot") {
  BranchPredictor predictor;
  predictor.add_region(base, 128 * 1024);
  const uint32_t pc = base + 0x100;
  predictor.write_branch(pc + 2, 1, record(pc, -16, true), 12);
  predictor.write_counter(pc + 2, 0, 3, 500);
  predictor.settle(12);
  veer::StateStream saved;
  predictor.state(saved);
  BranchPredictor other;
  other.add_region(base, 128 * 1024);
  veer::StateStream restored(saved.output());
  other.state(restored);
  restored.finish();
  REQUIRE(restored.ok());
  CHECK(other.region(base)->hits == predictor.region(base)->hits);
  CHECK_FALSE(other.predict(pc, 0, false, 499, 0).taken);
  CHECK(other.predict(pc, 0, false, 500, 0).taken);
}
