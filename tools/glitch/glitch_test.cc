// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "iss/decode.h"
#include "iss/testing/machine.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "tools/glitch/results.h"

namespace caliptra::glitch {
namespace {

using namespace veer::testing;
using veer::Op;

constexpr uint8_t soc_ifc = 9, secret = 10, given = 11, value = 5, pointer = 12;

/// What the guard of a ROM looks like.
enum class Guard {
  single,   ///< one comparison decides
  doubled,  ///< two, with their operands read again
};

/// A ROM that compares two words, and starts the "firmware" in the ICCM if they are the same, or else refuses with
/// 0x1000. The two differ, or not, by `good`.
std::vector<uint8_t> guarded_rom(Guard guard, bool good) {
  const auto fatal = static_cast<int32_t>(soc_ifc_regs::CPTRA_FW_ERROR_FATAL::offset);
  std::vector<uint32_t> code = {
      lui(soc_ifc, 0x30030000),
      lui(pointer, 0x50000000),
      lui(value, 0x40000000),
  };
  // The firmware: it says that it is ready for commands, and stays there.
  const uint32_t firmware[] = {lui(given, soc_ifc_regs::CPTRA_FLOW_STATUS::ready_for_runtime.mask()),
                               store(Op::sw, given, soc_ifc_regs::CPTRA_FLOW_STATUS::offset, soc_ifc), jal(0, 0)};
  for (std::size_t i = 0; i < std::size(firmware); ++i) {
    // lui and addi make any word: addi's constant is signed.
    code.push_back(lui(secret, firmware[i] + 0x800));
    code.push_back(rri(Op::addi, secret, secret, static_cast<int32_t>(firmware[i] << 20) >> 20));
    code.push_back(store(Op::sw, secret, static_cast<int32_t>(4 * i), value));
  }
  code.insert(code.end(), {
                              rri(Op::addi, secret, 0, 7),
                              store(Op::sw, secret, 0, pointer),
                              rri(Op::addi, given, 0, good ? 7 : 6),
                              store(Op::sw, given, 4, pointer),
                          });
  const int comparisons = guard == Guard::single ? 1 : 2;
  constexpr int comparison_size = 3;
  for (int i = 0; i < comparisons; ++i) {
    code.push_back(load(Op::lw, secret, 0, pointer));
    code.push_back(load(Op::lw, given, 4, pointer));
    // Over the other comparisons and the jump, to the refusal.
    code.push_back(branch(Op::bne, secret, given, 4 * (comparison_size * (comparisons - 1 - i) + 2)));
  }
  code.push_back(rri(Op::jalr, 0, value, 0));
  code.insert(code.end(), {lui(value, 0x1000), store(Op::sw, value, fatal, soc_ifc), jal(0, 0)});
  std::vector<uint8_t> bytes(4 * code.size());
  std::memcpy(bytes.data(), code.data(), bytes.size());
  return bytes;
}

Plan plan_for(Guard guard, bool good, std::vector<FaultKind> faults) {
  Plan plan;
  plan.configuration.rom = guarded_rom(guard, good);
  plan.configuration.debug_locked = true;  // then the wire alone says that the runtime is ready
  plan.faults = std::move(faults);
  return plan;
}

Results run_everything(const std::shared_ptr<const Campaign>& campaign, unsigned threads) {
  Results results{{campaign->digest(), campaign->experiments().size(), campaign->ending()}, {}};
  std::vector<uint32_t> numbers(campaign->experiments().size());
  for (uint32_t i = 0; i < numbers.size(); ++i) numbers[i] = i;
  run_all(
      campaign, numbers, threads,
      [&](uint32_t number, const Result& result) {
        const Experiment& experiment = campaign->experiments()[number];
        const Point& point = campaign->points()[experiment.point];
        results.lines[number] = {number, experiment, point.pc, point.opcode, result};
      },
      [] { return false; });
  return results;
}

uint64_t count(const Results& results, Outcome outcome) { return results.counts()[static_cast<std::size_t>(outcome)]; }

TEST_CASE("a single comparison falls to a skip and to a forced branch, a doubled one to neither") {
  for (const FaultKind fault : {FaultKind::skip, FaultKind::branch}) {
    CAPTURE(name(fault));
    for (const Guard guard : {Guard::single, Guard::doubled}) {
      std::string error;
      const auto campaign = Campaign::prepare(plan_for(guard, false, {fault}), error);
      REQUIRE_MESSAGE(campaign, error);
      CHECK_FALSE(campaign->accepted());
      CHECK(campaign->code() == 0x1000);
      const Results results = run_everything(campaign, 1);
      CHECK(results.complete());
      // Of a skip, the loads of the comparison are no way round it; the store of the wrong word is.
      const bool skips = fault == FaultKind::skip;
      CHECK(count(results, Outcome::accepted) == (guard == Guard::single ? 1 : 0));
      if (skips) CHECK(count(results, Outcome::hang) >= 1);
      for (const auto& [number, line] : results.lines) {
        if (line.result.outcome == Outcome::accepted) CHECK(veer::decode(line.opcode).op == Op::bne);
      }
    }
  }
}

TEST_CASE("register, memory and opcode faults find ways of their own, and every experiment can be repeated") {
  std::string error;
  Plan plan = plan_for(Guard::doubled, false, {all_faults().begin(), all_faults().end()});
  plan.variants = 40;
  const auto campaign = Campaign::prepare(plan, error);
  REQUIRE_MESSAGE(campaign, error);
  const Results results = run_everything(campaign, 1);
  std::set<FaultKind> seen;
  std::set<FaultKind> successful;
  for (const auto& [number, line] : results.lines) {
    seen.insert(line.experiment.fault);
    if (line.result.outcome == Outcome::accepted) successful.insert(line.experiment.fault);
  }
  CHECK(seen.size() == all_faults().size());
  // Bit 0 of the word that is compared makes 7 of 6 for good.
  CHECK(successful.contains(FaultKind::memory_flip));
  CHECK_FALSE(successful.contains(FaultKind::skip));
  CHECK_FALSE(successful.contains(FaultKind::branch));

  Laboratory laboratory(campaign);
  for (uint32_t i = static_cast<uint32_t>(campaign->experiments().size()); i-- > 0;) {
    REQUIRE(laboratory.run(campaign->experiments()[i]) == results.lines.at(i).result);
  }
}

TEST_CASE("threads, shards and their merging don't change the results") {
  std::string error;
  Plan plan = plan_for(Guard::single, false, {FaultKind::skip, FaultKind::opcode_flip});
  plan.variants = 4;
  const auto campaign = Campaign::prepare(plan, error);
  REQUIRE_MESSAGE(campaign, error);
  const Results one = run_everything(campaign, 1);
  CHECK(json_lines(run_everything(campaign, 3)) == json_lines(one));
  Results even{one.header, {}};
  Results odd{one.header, {}};
  for (const auto& [number, line] : one.lines) (number % 2 == 0 ? even : odd).lines[number] = line;
  CHECK_FALSE(even.complete());
  REQUIRE(merge(even, odd, error));
  CHECK(even.complete());
  CHECK(json_lines(even) == json_lines(one));

  odd.lines.begin()->second.result.outcome = Outcome::altered;
  CHECK_FALSE(merge(even, odd, error));
  CHECK(error.find("another result") != std::string::npos);
  ++odd.lines.begin()->second.experiment.variant;
  CHECK_FALSE(merge(even, odd, error));
  CHECK(error.find("is another one there") != std::string::npos);
  odd.header.campaign.clear();
  CHECK_FALSE(merge(even, odd, error));
  CHECK(error.find("of campaign ,") != std::string::npos);
}

TEST_CASE("a good image: the same, refused or altered, but never wrongly accepted") {
  std::string error;
  const auto campaign = Campaign::prepare(plan_for(Guard::single, true, {FaultKind::skip}), error);
  REQUIRE_MESSAGE(campaign, error);
  CHECK(campaign->accepted());
  CHECK(campaign->ending() == "accepted");
  // The firmware's own instructions are not attacked.
  for (const Experiment& each : campaign->experiments()) CHECK(campaign->points()[each.point].pc < 0x40000000);
  const Results results = run_everything(campaign, 1);
  CHECK(count(results, Outcome::accepted) == 0);
  CHECK(count(results, Outcome::same) > 0);
  CHECK(count(results, Outcome::rom_error) > 0);
}

TEST_CASE("a sample is a part of the whole, and the same for the same seed") {
  std::string error;
  Plan plan = plan_for(Guard::doubled, false, {FaultKind::skip, FaultKind::register_flip});
  plan.variants = 8;
  const auto whole = Campaign::prepare(plan, error);
  plan.sample = 20;
  const auto sample = Campaign::prepare(plan, error);
  const auto again = Campaign::prepare(plan, error);
  plan.seed = 2;
  const auto other = Campaign::prepare(plan, error);
  REQUIRE(whole);
  REQUIRE(sample);
  CHECK(sample->experiments().size() == 20);
  CHECK(sample->digest() == again->digest());
  CHECK(sample->digest() != other->digest());
  CHECK(sample->digest() != whole->digest());
  for (const Experiment& each : sample->experiments()) {
    CHECK(std::any_of(whole->experiments().begin(), whole->experiments().end(), [&](const Experiment& one) {
      return one.point == each.point && one.fault == each.fault && one.variant == each.variant;
    }));
  }
}

TEST_CASE("another ROM makes another campaign, also where only a fault would show it") {
  std::string error;
  Plan plan = plan_for(Guard::single, false, {FaultKind::skip});
  const auto campaign = Campaign::prepare(plan, error);
  plan.configuration.rom.push_back(1);
  const auto other = Campaign::prepare(plan, error);
  REQUIRE(campaign);
  REQUIRE(other);
  CHECK(other->experiments().size() == campaign->experiments().size());
  CHECK(other->digest() != campaign->digest());
}

TEST_CASE("a plan that can't be carried out is refused with the reason") {
  std::string error;
  Plan plan = plan_for(Guard::single, false, {FaultKind::skip});
  plan.low_pc = 0x9000;
  CHECK_FALSE(Campaign::prepare(plan, error));
  CHECK(error == "no instruction of the window fits the plan");
  plan = plan_for(Guard::single, false, {FaultKind::skip});
  plan.longest_window = 5;
  CHECK_FALSE(Campaign::prepare(plan, error));
  CHECK(error == "the window is longer than 5 instructions");
  plan.configuration.rom = {0x6f, 0, 0, 0};  // j .
  plan.longest_window = 1000;
  plan.from = emu::EventSpec::parse("ready-for-fw", error);
  CHECK_FALSE(Campaign::prepare(plan, error));
  CHECK(error.find("the boot ends before ready-for-fw") == 0);
  plan.configuration.rom.resize(1 << 20);
  CHECK_FALSE(Campaign::prepare(plan, error));
}

TEST_CASE("results come back from their text, and what is none is refused") {
  std::string error;
  const auto campaign = Campaign::prepare(plan_for(Guard::single, false, {FaultKind::skip}), error);
  REQUIRE(campaign);
  const Results results = run_everything(campaign, 1);
  const std::string text = json_lines(results);
  std::size_t whole = 0;
  const auto read = read_results(text, whole, error);
  REQUIRE(read);
  CHECK(whole == text.size());
  CHECK(json_lines(*read) == text);
  // Cut off anywhere behind the header, all whole lines are there.
  const std::size_t header = text.find('\n') + 1;
  for (std::size_t size = header; size < text.size(); size += 7) {
    const auto part = read_results(text.substr(0, size), whole, error);
    REQUIRE(part);
    CHECK(whole == text.rfind('\n', size - 1) + 1);
  }
  const std::string begin = text.substr(0, header);
  for (const std::string& bad : {std::string(), std::string("x\n"), text.substr(header), text.substr(0, header - 1),
                                 fmt::format("{}{{}}\n", begin), fmt::format("{}[1]\n", begin)}) {
    CHECK_FALSE(read_results(bad, whole, error));
    CHECK(!error.empty());
  }
  // The same line twice does no harm; two that differ do.
  Line line = results.lines.begin()->second;
  CHECK(read_results(text + text_of(line), whole, error));
  line.result.code ^= 1;
  CHECK_FALSE(read_results(text + text_of(line), whole, error));
  CHECK(error == "experiment 0 has another result there");
  const std::string table = csv(results);
  CHECK(static_cast<std::size_t>(std::count(table.begin(), table.end(), '\n')) == results.lines.size() + 1);
  CHECK(summary(results).find("WRONGLY ACCEPTED: experiment") != std::string::npos);
  const std::string page = heat_map(results, [](uint32_t) { return "a<b"; });
  CHECK(page.find("a&lt;b") != std::string::npos);
  CHECK(page.find("class=\"accepted w\"") != std::string::npos);
  CHECK(page.find("http") == std::string::npos);
}

}  // namespace
}  // namespace caliptra::glitch
