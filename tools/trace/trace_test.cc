// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <doctest/doctest.h>

#include <functional>
#include <sstream>

#include "tools/trace/access_names.h"
#include "tools/trace/boot_phases.h"
#include "tools/trace/compact_trace.h"
#include "tools/trace/human_trace.h"
#include "tools/trace/mailbox_log.h"
#include "tools/trace/spike_disassembly.h"
#include "tools/trace/spike_trace.h"
#include "tools/trace/testing.h"
#include "tools/trace/text.h"

namespace caliptra::trace {
namespace {

using testing::Machine;
using testing::program;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

using Maker = std::function<std::unique_ptr<Tracer>(Core&, const Filter&, Output&)>;

std::string trace_of(const Maker& make, const std::vector<std::string>& conditions = {}, uint64_t instructions = 14,
                     std::span<const uint32_t> words = program) {
  Machine machine(words);
  const symbols::SymbolTable none;
  Filter filter;
  std::string error;
  for (const std::string& each : conditions) REQUIRE_MESSAGE(filter.add(each, *machine.core, none, error), error);
  std::string text;
  Output output(
      [&text](std::string_view part) {
        text += part;
        return true;
      },
      [] { FAIL("no failure here"); });
  const auto tracer = make(*machine.core, filter, output);
  machine.core->on_event([&](const Event& event) { tracer->event(event); });
  machine.core->on_soc_access([&](const SocAccess& access) { tracer->soc_access(access); });
  machine.core->hart().set_observer(tracer.get());
  machine.run(instructions);
  machine.core->hart().set_observer(nullptr);
  tracer->finish();
  CHECK(output.close());
  return text;
}

std::unique_ptr<Tracer> make_spike(Core& core, const Filter& filter, Output& output) {
  static const symbols::SymbolTable none;
  return std::make_unique<SpikeTrace>(core, filter, output, none);
}
std::unique_ptr<Tracer> make_commits(Core& core, const Filter& filter, Output& output) {
  return std::make_unique<SpikeTrace>(core, filter, output);
}
std::unique_ptr<Tracer> make_compact(Core& core, const Filter& filter, Output& output) {
  return std::make_unique<CompactTrace>(core, filter, output);
}
std::unique_ptr<Tracer> make_human(Core& core, const Filter& filter, Output& output) {
  static const symbols::SymbolTable none;
  return std::make_unique<HumanTrace>(core, filter, output, none);
}

bool contains(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("Spike's log, both lines") {
  CHECK(trace_of(make_spike) ==
        "core   0: 0x00000000 (0x50000537) lui     a0, 0x50000\n"
        "core   0: 3 0x00000000 (0x50000537) x10 0x50000000\n"
        "core   0: 0x00000004 (0x00500593) li      a1, 5\n"
        "core   0: 3 0x00000004 (0x00500593) x11 0x00000005\n"
        "core   0: 0x00000008 (0x00b52823) sw      a1, 16(a0)\n"
        "core   0: 3 0x00000008 (0x00b52823) mem 0x50000010 0x00000005\n"
        "core   0: 0x0000000c (0x01054603) lbu     a2, 16(a0)\n"
        "core   0: 3 0x0000000c (0x01054603) x12 0x00000005 mem 0x50000010\n"
        "core   0: 0x00000010 (0x00000605) c.addi  a2, 1\n"
        "core   0: 3 0x00000010 (0x0605) x12 0x00000006\n"
        "core   0: 0x00000012 (0x00000001) c.nop\n"
        "core   0: 3 0x00000012 (0x0001)\n"
        "core   0: 0x00000014 (0x34059073) csrw    mscratch, a1\n"
        "core   0: 3 0x00000014 (0x34059073) c832_mscratch 0x00000005\n"
        "core   0: 0x00000018 (0x300306b7) lui     a3, 0x30030\n"
        "core   0: 3 0x00000018 (0x300306b7) x13 0x30030000\n"
        "core   0: 0x0000001c (0x02b6ac23) sw      a1, 56(a3)\n"
        "core   0: 3 0x0000001c (0x02b6ac23) mem 0x30030038 0x00000005\n"
        "core   0: 0x00000020 (0x008000ef) jal     pc + 0x8\n"
        "core   0: 3 0x00000020 (0x008000ef) x1  0x00000024\n"
        "core   0: 0x00000028 (0x00059463) bnez    a1, pc + 8\n"
        "core   0: 3 0x00000028 (0x00059463)\n"
        "core   0: 0x00000030 (0x00000073) ecall\n"
        "core   0: exception trap_machine_ecall, epc 0x00000030\n"
        "core   0: 0x00000000 (0x50000537) lui     a0, 0x50000\n"
        "core   0: 3 0x00000000 (0x50000537) x10 0x50000000\n"
        "core   0: 0x00000004 (0x00500593) li      a1, 5\n"
        "core   0: 3 0x00000004 (0x00500593) x11 0x00000005\n");
  CHECK(lines_of(trace_of(make_commits)).at(1) == "core   0: 3 0x00000004 (0x00500593) x11 0x00000005");
}

TEST_CASE("Spike's log where an instruction returns from a trap, and where one jumps to itself") {
  // csrwi mepc, 8; mret; at 8: c.j .
  constexpr uint32_t words[] = {0x34145073, 0x30200073, 0x0000a001};
  CHECK(trace_of(make_spike, {}, 5, words) ==
        "core   0: 0x00000000 (0x34145073) csrwi   mepc, 8\n"
        "core   0: 3 0x00000000 (0x34145073) c833_mepc 0x00000008\n"
        "core   0: 0x00000004 (0x30200073) mret\n"
        "core   0: 3 0x00000004 (0x30200073) c768_mstatus 0x00001880\n"
        "core   0: 0x00000008 (0x0000a001) c.j     pc + 0\n"
        "core   0: 3 0x00000008 (0xa001)\n"
        "core   0: 3 0x00000008 (0xa001)\n"
        "core   0: 3 0x00000008 (0xa001)\n");
  CHECK(contains(trace_of(make_human, {}, 5, words), "  00000004  30200073  mret"));

  // li t0, 3; addi t0, t0, -1; bnez t0, pc - 4; nop
  constexpr uint32_t loop[] = {0x00300293, 0xfff28293, 0xfe029ee3, 0x00000013};
  CHECK(trace_of(make_spike, {"pc=4", "pc=12"}, 8, loop) ==
        "core   0: 0x00000004 (0xfff28293) addi    t0, t0, -1\n"
        "core   0: 3 0x00000004 (0xfff28293) x5  0x00000002\n"
        "core   0: 3 0x00000004 (0xfff28293) x5  0x00000001\n"
        "core   0: 3 0x00000004 (0xfff28293) x5  0x00000000\n"
        "core   0: Executed 3 times\n"
        "core   0: 0x0000000c (0x00000013) nop\n"
        "core   0: 3 0x0000000c (0x00000013)\n");
}

TEST_CASE("What Spike calls instructions and traps") {
  CHECK(spike_disassembly(0xfa62d2e3) == "bge     t0, t1, pc - 92");
  CHECK(spike_disassembly(0x8202) == "c.jr    tp");
  CHECK(spike_disassembly(0x8082) == "c.ret");
  CHECK(spike_disassembly(0x00008067) == "ret");
  CHECK(spike_disassembly(0xf1402573) == "csrr    a0, mhartid");
  CHECK(spike_disassembly(0x7179) == "c.addi16sp sp, -48");
  CHECK(spike_disassembly(0x02028593) == "addi    a1, t0, 32");
  CHECK(spike_disassembly(0x00000297) == "auipc   t0, 0x0");
  CHECK(spike_disassembly(0) == "c.unimp");
  CHECK(spike_disassembly(0xc0001073) == "unimp");
  CHECK(spike_disassembly(0xffffffff) == "unknown");
  // Spike has fewer short forms than assemblers.
  CHECK(spike_disassembly(0x406002b3) == "sub     t0, zero, t1");
  CHECK(spike_disassembly(0x0ff37293) == "andi    t0, t1, 255");
  CHECK(spike_disassembly(0x00604363) == "blt     zero, t1, pc + 6");
  CHECK(spike_disassembly(0x0330000f) == "fence   rw,rw");
  CHECK(spike_disassembly(0x0210000f) == "fence   r,w");
  CHECK(spike_disassembly(0x0ff0000f) == "fence   iorw,iorw");
  CHECK(spike_disassembly(0x0100000f) == "pause");
  CHECK(spike_disassembly(0x4a066013) == "prefetch.i 1184(a2)");
  CHECK(spike_disassembly(0x64326013) == "prefetch.w 1600(tp)");
  // The standard's names of what VeeR calls mcyclel, mhpme4 and mtdata2; unknown ones by number; VeeR's own.
  CHECK(spike_disassembly(0xb0046bf3) == "csrrsi  s7, mcycle, 8");
  CHECK(spike_disassembly(0x32402273) == "csrr    tp, mhpmevent4");
  CHECK(spike_disassembly(0x7a2c95f3) == "csrrw   a1, tdata2, s9");
  CHECK(spike_disassembly(0x0d1ff4f3) == "csrrci  s1, unknown_0d1, 31");
  CHECK(spike_disassembly(0x7c031073) == "csrw    mrac, t1");
  CHECK(spike_trap_name(5) == "trap_load_access_fault");
  CHECK(spike_trap_name(0x80000007) == "interrupt #7");
  CHECK(spike_trap_has_tval(2));
  CHECK_FALSE(spike_trap_has_tval(11));
}

TEST_CASE("A trace to read: effects, register names, what the SoC does, traps") {
  const std::string text = trace_of(make_human);
  CHECK(contains(text, "  00000004  00500593  addi a1, zero, 5            a1=00000005\n"));
  CHECK(contains(text, "sw a1, 16(a0)               [50000010] <- 00000005\n"));
  CHECK(contains(text, "lbu a2, 16(a0)              a2=00000005 <- [50000010]\n"));
  CHECK(contains(text, "mscratch=00000005\n"));
  CHECK(contains(text, "[30030038] <- 00000005 soc_ifc.CPTRA_BOOT_STATUS\n"));
  CHECK(contains(text, "-- boot status 0x5: IDevID: key pair derived\n"));
  CHECK(contains(text, "ecall                       trapped\n"));
  CHECK(contains(
      text, "-- environment call at 0x00000030: mcause 0000000b, mscause 0, mtval 00000000; goes on at 0x00000000\n"));
  CHECK(contains(text, "-- SoC writes soc_ifc.CPTRA_FUSE_WR_DONE = 0x00000001 done=0x1 by user 0x1\n"));
  CHECK(contains(text, "-- ready for fuses\n"));
}

TEST_CASE("Filters by address, block and time") {
  CHECK(trace_of(make_compact, {"pc=0x8..0x10"}) == "0x00000008 0x00b52823\n0x0000000c 0x01054603\n");
  CHECK(trace_of(make_compact, {"pc=8", "pc=0x10"}) == "0x00000008 0x00b52823\n0x00000010 0x0605\n");
  CHECK(trace_of(make_compact, {"block=soc_ifc"}) == "0x0000001c 0x02b6ac23\n");
  CHECK(trace_of(make_compact, {"block=dccm", "pc=0xc"}) == "0x0000000c 0x01054603\n");
  CHECK(trace_of(make_commits, {"block=dccm"}) ==
        "core   0: 3 0x00000008 (0x00b52823) mem 0x50000010 0x00000005\n"
        "core   0: 3 0x0000000c (0x01054603) x12 0x00000005 mem 0x50000010\n");

  const auto all = lines_of(trace_of(make_human, {"pc=0..0x1000"}));
  const uint64_t third = std::stoull(all.at(2));
  const auto window = lines_of(
      trace_of(make_human, {"cycles=" + std::to_string(third) + ".." + std::to_string(third + 2), "pc=0..0x1000"}));
  REQUIRE(window.size() == 2);
  CHECK(window[0] == all[2]);
  CHECK(window[1] == all[3]);

  const std::string soc_ifc = trace_of(make_human, {"block=soc_ifc"});
  CHECK(contains(soc_ifc, "CPTRA_FUSE_WR_DONE"));
  CHECK(contains(soc_ifc, "[30030038] <- 00000005"));
  CHECK_FALSE(contains(soc_ifc, "lui"));
}

TEST_CASE("Wrong conditions are refused with a reason") {
  Machine machine(program);
  const symbols::SymbolTable none;
  const auto refusal = [&](const std::string& condition) {
    Filter filter;
    std::string error;
    CHECK_FALSE(filter.add(condition, *machine.core, none, error));
    CHECK(filter.takes_all());
    return error;
  };
  CHECK(contains(refusal("block=sha3"), "there is no block 'sha3'; there are"));
  CHECK(contains(refusal("block=sha3"), "sha512"));
  CHECK(contains(refusal("symbol=main"), "there are no symbols"));
  for (const char* wrong :
       {"pc=", "pc=x", "pc=4..2", "pc=..4", "cycles=4", "cycles=7..7", "cycles=a..b", "", "pc", "color=red"}) {
    CHECK_FALSE(refusal(wrong).empty());
  }
}

TEST_CASE("Looking on changes nothing") {
  Machine alone(program);
  alone.run(10'000);
  for (const Maker& make : {Maker(make_spike), Maker(make_human), Maker(make_compact)}) {
    Machine watched(program);
    Filter filter;
    Output output([](std::string_view) { return true; }, [] {});
    const auto tracer = make(*watched.core, filter, output);
    watched.core->hart().set_observer(tracer.get());
    watched.core->on_soc_access([&](const SocAccess& access) { tracer->soc_access(access); });
    watched.run(10'000);
    CHECK(watched.core->cycles() == alone.core->cycles());
    CHECK(watched.core->instructions() == alone.core->instructions());
    CHECK(watched.core->hart().pc() == alone.core->hart().pc());
    watched.core->hart().set_observer(nullptr);
  }
}

TEST_CASE("Output: nothing is lost between buffers, and a failure is told once") {
  std::string text;
  std::string expected;
  {
    Output output(
        [&text](std::string_view part) {
          text += part;
          return true;
        },
        [] { FAIL("no failure here"); });
    for (uint32_t i = 0; i < 200'000; ++i) {
      char* at = put_decimal(output.reserve(), i);
      *at++ = '\n';
      output.commit(at);
      expected += std::to_string(i) + '\n';
    }
    output.put(std::string(10'000, 'x'));
    expected += std::string(10'000, 'x');
    CHECK(output.close());
    CHECK(output.close());
  }
  CHECK(text == expected);

  int told = 0;
  int written = 0;
  Output full(
      [&written](std::string_view) {
        ++written;
        return false;
      },
      [&told] { ++told; });
  for (uint32_t i = 0; i < 3'000'000; ++i) full.put("a line\n");
  CHECK_FALSE(full.close());
  CHECK(told == 1);
  CHECK(written == 1);
}

TEST_CASE("Numbers as text") {
  char buffer[64];
  const auto text = [&](char* end) { return std::string(buffer, end); };
  CHECK(text(put_decimal(buffer, 0)) == "0");
  CHECK(text(put_decimal(buffer, 18446744073709551615U)) == "18446744073709551615");
  CHECK(text(put_decimal(buffer, 123, 6)) == "   123");
  CHECK(text(put_short_hexadecimal(buffer, 0)) == "0x0");
  CHECK(text(put_short_hexadecimal(buffer, 0xabc)) == "0xabc");
  CHECK(text(put_short_hexadecimal(buffer, 0xffffffff)) == "0xffffffff");
  CHECK(text(put_hexadecimal(buffer, 0x1234, 2)) == "1234");
  CHECK(text(put_hexadecimal(buffer, 0x34, 1)) == "34");
  Counter counter;
  for (const uint64_t value : {0U, 7U, 99U, 100U, 101U, 9999U, 10000U, 4294967295U}) {
    char expected[32];
    CHECK(text(counter.put(buffer, value)) == std::string(expected, put_decimal(expected, value, 10)));
  }
  CHECK(text(counter.put(buffer, 123456789012345)) == "123456789012345");
}

TEST_CASE("Mailbox transactions of the SoC, put together from its accesses") {
  Machine machine(program);
  machine.run(10);
  Core& core = *machine.core;
  MailboxLog log(core);
  core.on_soc_access([&](const SocAccess& access) { log.soc_access(access); });
  constexpr uint32_t mailbox = 0x30020000;
  CHECK(core.soc_read(mailbox, 1).data == 0);
  core.soc_write(mailbox + 0x8, 0x494e464f, 1);
  core.soc_write(mailbox + 0xc, 4, 1);
  core.soc_write(mailbox + 0x10, 0x44332211, 1);
  core.soc_write(mailbox + 0x18, 1, 1);
  CHECK(log.transactions().empty());
  core.soc_write(mailbox + 0x18, 0, 1);
  log.finish(core.cycles());
  REQUIRE(log.transactions().size() == 1);
  const MailboxTransaction& t = log.transactions()[0];
  CHECK(t.by_soc);
  CHECK(t.user == 1);
  CHECK(t.command == 0x494e464f);
  CHECK(t.request_length == 4);
  CHECK(t.request == std::vector<uint8_t>{0x11, 0x22, 0x33, 0x44});
  CHECK(t.aborted);
  CHECK(describe_transaction(t) == "mailbox: SoC user 0x1 sends FW_INFO with 4 bytes, not answered (broken off)");
}

TEST_CASE("Boot phases and their steps") {
  BootPhases phases;
  const auto tell = [&](Event::Kind kind, uint32_t value, uint64_t cycle) {
    phases.event({.kind = kind, .value = value, .cycle = cycle, .instructions = cycle / 2});
  };
  tell(Event::Kind::boot_status, 386, 100);
  tell(Event::Kind::boot_status, 387, 900);
  tell(Event::Kind::boot_status, 9999, 1000);
  tell(Event::Kind::boot_status, 1, 1100);
  tell(Event::Kind::boot_status, 10, 1500);
  phases.finish(1600, 800);
  REQUIRE(phases.steps().size() == 6);
  CHECK(phases.steps()[1].name == "KAT complete");
  CHECK(phases.steps()[1].begin == 100);
  CHECK(phases.steps()[1].end == 900);
  CHECK(phases.steps()[1].instructions == 400);
  CHECK(phases.steps()[2].name == "boot status 0x270f");
  REQUIRE(phases.phases().size() == 5);
  CHECK(phases.phases()[3].name == "IDevID");
  CHECK(phases.phases()[3].begin == 1000);
  CHECK(phases.phases()[3].end == 1500);
  CHECK(phases.phases()[4].name == "unfinished");
}

}  // namespace caliptra::trace
