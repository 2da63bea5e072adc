// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/profile/profile.h"

#include <doctest/doctest.h>

#include "tools/profile/flamegraph.h"
#include "tools/profile/stacks.h"
#include "tools/trace/fan.h"
#include "tools/trace/testing.h"

namespace caliptra::profile {
namespace {

// Calls 0x1c three times; each call takes eight instructions, two of them for the stack.
constexpr uint32_t program[] = {
    0x50001137,  // 00 lui sp, 0x50001
    0x00300493,  // 04 li s1, 3
    0x014000ef,  // 08 jal 0x1c
    0xfff48493,  // 0c addi s1, s1, -1
    0xfe049ce3,  // 10 bnez s1, 0x08
    0x00000013,  // 14 nop
    0x0000006f,  // 18 j .
    0xfe010113,  // 1c addi sp, sp, -32
    0x00112023,  // 20 sw ra, 0(sp)
    0x00000013,  // 24 nop
    0x00000013,  // 28 nop
    0x00012083,  // 2c lw ra, 0(sp)
    0x02010113,  // 30 addi sp, sp, 32
    0x00000013,  // 34 nop
    0x00008067,  // 38 ret
};
constexpr uint64_t instructions = 2 + 3 * (3 + 8) + 1;

struct Profiled {
  trace::testing::Machine machine{program};
  symbols::SymbolTable none;
  trace::CodeMap code{none, {{"ROM", 0, sizeof program}}};
  trace::CallStack calls{code, machine.core->clock()};
  Profiler profiler{code, machine.core->clock()};
  StackWatch stacks;
  trace::Fan fan;

  explicit Profiled(std::vector<StackRoom> rooms = {})
      : stacks(code, machine.core->hart(), machine.core->clock(), std::move(rooms)) {
    calls.add(profiler);
    fan.add(calls);
    fan.add(profiler);
    fan.add(stacks);
    machine.core->hart().set_observer(fan.best());
    machine.run(instructions);
    machine.core->hart().set_observer(nullptr);
    profiler.finish();
    calls.finish();
  }
};

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("Cycles by call path, function and line") {
  const Profiled run;
  CHECK(run.profiler.cycles() == instructions);
  // The first instruction is issued when nothing is on the stack but its image.
  CHECK(collapsed_stacks(run.profiler.tree()) == "ROM;ROM:0x00000000 12\nROM;ROM:0x00000000;ROM:0x0000001c 24\n");

  const auto functions = run.profiler.functions();
  REQUIRE(functions.size() == 2);
  CHECK(functions[0].name == "ROM:0x0000001c");
  CHECK(functions[0].self == 24);
  CHECK(functions[0].total == 24);
  CHECK(functions[0].calls == 3);
  CHECK(functions[0].instructions == 24);
  CHECK(functions[1].self == 12);
  CHECK(functions[1].total == 36);

  const auto lines = run.profiler.lines();
  REQUIRE_FALSE(lines.empty());
  CHECK(lines[0].self == 3);
  uint64_t sum = 0;
  for (const HotSpot& each : lines) sum += each.self;
  CHECK(sum == run.profiler.cycles());

  const std::string table = hot_spot_table(run.profiler, 5);
  CHECK(contains(table, "36 cycles\n"));
  CHECK(contains(table, "ROM:0x0000001c"));
}

TEST_CASE("A flamegraph is whole XML with every function in it") {
  const Profiled run;
  const std::string svg = flamegraph_svg(run.profiler.tree(), "A <title> & more");
  CHECK(svg.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
  CHECK(svg.ends_with("</svg>\n"));
  CHECK(contains(svg, "A &lt;title&gt; &amp; more"));
  CHECK(contains(svg, "<title>ROM:0x0000001c: 24 cycles (66.67 %), 24 of its own, 3 calls</title>"));
  CHECK_FALSE(contains(svg, "http://www.w3.org/1999"));
  CHECK(xml_escaped("a<b>&\"'\n") == "a&lt;b&gt;&amp;&quot;&#39;?");
  CHECK(contains(flamegraph_svg({}, ""), "</svg>"));
}

TEST_CASE("How deep a stack got, and where it overflowed") {
  const Profiled run({{"ROM", 0x5000'0ff0, 0x5000'1000}});
  const auto stacks = run.stacks.stacks();
  REQUIRE(stacks.size() == 1);
  CHECK(stacks[0].image == "ROM");
  CHECK(stacks[0].top == 0x5000'1000);
  CHECK(stacks[0].used() == 32);
  CHECK(stacks[0].lowest_pc == 0x1c);
  CHECK(stacks[0].overflow);
  const std::string table = stack_table(stacks, run.code);
  CHECK(contains(table, "OVERFLOW: the stack of ROM grew below 0x50000ff0"));
  CHECK(contains(table, "200.0"));

  const Profiled enough({{"", 0x5000'0000, 0x5000'1000}});
  CHECK_FALSE(enough.stacks.stacks().at(0).overflow);
  CHECK(contains(stack_table(enough.stacks.stacks(), enough.code), "4096"));
  const Profiled unknown;
  CHECK_FALSE(unknown.stacks.stacks().at(0).bottom);
}

TEST_CASE("Rooms for stacks as users write them") {
  std::string error;
  const auto room = parse_stack_room("runtime=0x5000a400..0x5001f800", error);
  REQUIRE(room);
  CHECK(room->image == "runtime");
  CHECK(room->bottom == 0x5000'a400);
  CHECK(room->top == 0x5001'f800);
  CHECK(parse_stack_room("16..32", error)->image.empty());
  for (const char* wrong : {"", "x", "ROM=", "ROM=5", "ROM=9..3", "ROM=a..b"}) {
    CHECK_FALSE(parse_stack_room(wrong, error));
    CHECK(contains(error, "takes [IMAGE=]BOTTOM..TOP"));
  }
  CHECK_FALSE(parse_stack_room("rom=1..2", error));
  CHECK(contains(error, "ROM, FMC, runtime or ICCM"));
}

}  // namespace caliptra::profile
