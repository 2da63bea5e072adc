// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/gdb-server/gdb_server.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <random>
#include <vector>

#include "iss/csr_table.h"
#include "soc/history.h"
#include "soc/soc_manager.h"
#include "tools/gdb-server/target_description.h"

namespace caliptra::gdb {
namespace {

using State = GdbServer::State;

constexpr uint32_t loop_address = 0x10;

// Counts in x1, and stores it.
constexpr uint32_t program[] = {
    0x50000137,  // 00 lui  x2, 0x50000
    0x00500093,  // 04 addi x1, x0, 5
    0x00112823,  // 08 sw   x1, 16(x2)
    0x01012183,  // 0c lw   x3, 16(x2)
    0x00108093,  // 10 addi x1, x1, 1
    0x00110923,  // 14 sb   x1, 18(x2)
    0xff9ff06f,  // 18 j    10
};

std::vector<uint8_t> rom() {
  std::vector<uint8_t> bytes;
  for (const uint32_t word : program) {
    for (unsigned shift = 0; shift < 32; shift += 8) bytes.push_back(static_cast<uint8_t>(word >> shift));
  }
  return bytes;
}

/// A debugger without a socket.
struct FakeTransport final : Transport {
  bool waits = false;  ///< a connection can be accepted
  bool open = false;
  std::string input;
  std::string output;

  bool accept() override {
    if (!waits || open) return false;
    waits = false;
    return open = true;
  }
  [[nodiscard]] bool connected() const override { return open; }
  [[nodiscard]] std::size_t receive(std::span<uint8_t> into) override {
    const std::size_t count = std::min(into.size(), input.size());
    std::copy_n(input.begin(), count, into.begin());
    input.erase(0, count);
    return count;
  }
  void send(std::string_view bytes) override { output += bytes; }
  void disconnect() override { open = false; }
};

struct Rig {
  std::unique_ptr<Core> core;
  std::unique_ptr<SocManager> soc;
  std::unique_ptr<History> history;
  FakeTransport transport;
  std::unique_ptr<GdbServer> server;

  explicit Rig(bool remembers = true) {
    Configuration configuration;
    configuration.rom = rom();
    std::string error;
    core = Core::create(configuration, error);
    REQUIRE(core);
    soc = std::make_unique<SocManager>(*core, SocPlan{});
    soc->power_on();
    if (remembers) history = std::make_unique<History>(*core, soc.get());
    server = std::make_unique<GdbServer>(*core, transport, soc.get(), State::waiting, history.get());
    connect();
  }

  void connect() {
    transport.waits = true;
    transport.input.clear();
    transport.output.clear();
    server->poll();
    CHECK(transport.open);
    CHECK(ask("QStartNoAckMode") == "OK");
    transport.output.clear();
  }

  void lose_connection() {
    transport.open = false;
    server->poll();
  }

  /// The payload of the first packet in the output, which is taken off.
  std::string take_packet() {
    const std::size_t begin = transport.output.find('$');
    const std::size_t end = transport.output.find('#', begin);
    if (begin == std::string::npos || end == std::string::npos) return "no packet";
    const std::string payload = transport.output.substr(begin + 1, end - begin - 1);
    transport.output.erase(0, end + 3);
    return payload;
  }

  /// What the server answers, which may have to run the core first.
  std::string ask(std::string_view payload, unsigned polls = 50) {
    transport.input += frame(payload);
    for (unsigned i = 0; i < polls && transport.output.find('#') == std::string::npos; ++i) server->poll();
    return take_packet();
  }

  std::string monitor(std::string_view line) {
    std::string text;
    for (std::string answer = ask("qRcmd," + to_hex(line)); answer != "OK"; answer = take_packet()) {
      REQUIRE(answer.starts_with("O"));
      const auto bytes = from_hex(answer.substr(1));
      REQUIRE(bytes);
      text.append(bytes->begin(), bytes->end());
    }
    return text;
  }

  std::string document(std::string_view name, uint32_t chunk) {
    std::string text;
    for (;;) {
      const std::string part = ask(fmt::format("qXfer:{}:{:x},{:x}", name, text.size(), chunk));
      REQUIRE((part.starts_with("m") || part.starts_with("l")));
      const auto bytes = unescape(std::string_view(part).substr(1));
      text.append(bytes.begin(), bytes.end());
      if (part.front() == 'l') return text;
    }
  }

  [[nodiscard]] uint32_t pc() const { return core->hart().pc(); }
};

std::vector<Received> read(PacketReader& reader, std::string_view bytes) {
  std::vector<Received> all;
  for (const char each : bytes) {
    if (auto received = reader.take(static_cast<uint8_t>(each))) all.push_back(*received);
  }
  return all;
}

TEST_CASE("packets: framing") {
  PacketReader reader;
  CHECK(frame("OK") == "$OK#9a");
  CHECK(frame("") == "$#00");
  auto all = read(reader, "rubbish+-$OK#9a$OK#9b\x03$m0,4#fd$m$OK#9A$x#zz$a\x03#64");
  using Kind = Received::Kind;
  const Kind expected[] = {Kind::acknowledge, Kind::retransmit, Kind::packet, Kind::corrupt, Kind::interrupt,
                           Kind::packet,      Kind::corrupt,    Kind::packet, Kind::corrupt, Kind::packet};
  REQUIRE(all.size() == std::size(expected));
  for (std::size_t i = 0; i < all.size(); ++i) CHECK(all[i].kind == expected[i]);
  CHECK(all[2].payload == "OK");
  CHECK(all[5].payload == "m0,4");
  CHECK(all[9].payload == "a\x03");

  all = read(reader, frame(std::string(packet_size, 'a')) + frame(std::string(packet_size + 1, 'a')) + "$OK#9a");
  REQUIRE(all.size() == 3);
  CHECK(all[0].payload.size() == packet_size);
  CHECK(all[1].kind == Kind::oversize);
  CHECK(all[2].payload == "OK");
}

TEST_CASE("packets: numbers and binary data") {
  std::string bytes;
  for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
  const auto back = unescape(escape(bytes));
  CHECK(std::string(back.begin(), back.end()) == bytes);
  CHECK(escape("a#$}*") == "a}\x03}\x04}]}\x0a");
  CHECK(unescape("a}").size() == 1);
  CHECK(word_to_hex(0x12345678) == "78563412");
  CHECK(word_from_hex("78563412") == 0x12345678);
  CHECK_FALSE(word_from_hex("7856341"));
  CHECK_FALSE(from_hex("0g"));
  std::string_view text = "ffffffff,100000000";
  CHECK(take_number(text) == 0xffffffff);
  CHECK(take_character(text, ','));
  CHECK_FALSE(take_number(text));
  CHECK(text == "100000000");
}

TEST_CASE("gdb: acknowledgements until they are given up") {
  Rig rig;
  rig.lose_connection();
  rig.transport.waits = true;
  rig.transport.input = "$?#3f";
  rig.server->poll();
  CHECK(rig.transport.output == "+$T05thread:1;#d7");
  rig.transport.output.clear();
  rig.transport.input = "$?#00-";
  rig.server->poll();
  CHECK(rig.transport.output == "-$T05thread:1;#d7");
  rig.transport.output.clear();
  CHECK(rig.ask("QStartNoAckMode") == "OK");
  rig.transport.input = "+$?#3f$?#00";
  rig.transport.output.clear();
  rig.server->poll();
  CHECK(rig.transport.output == "$T05thread:1;#d7$E01#a6");
}

TEST_CASE("gdb: what a debugger asks at first") {
  Rig rig;
  CHECK(rig.server->state() == State::stopped);
  const std::string supported = rig.ask("qSupported:multiprocess+;swbreak+;xmlRegisters=i386");
  for (const char* each : {"PacketSize=4000", "QStartNoAckMode+", "swbreak+", "hwbreak+", "qXfer:features:read+",
                           "qXfer:memory-map:read+", "vContSupported+"}) {
    CHECK_MESSAGE(supported.find(each) != std::string::npos, each);
  }
  CHECK(rig.ask("vMustReplyEmpty").empty());
  CHECK(rig.ask("vCont?") == "vCont;c;C;s;S;r");
  CHECK(rig.ask("?") == "T05thread:1;");
  CHECK(rig.ask("qC") == "QC1");
  CHECK(rig.ask("qfThreadInfo") == "m1");
  CHECK(rig.ask("qsThreadInfo") == "l");
  CHECK(rig.ask("qAttached") == "1");
  CHECK(rig.ask("qThreadExtraInfo,1") == to_hex(std::string_view("VeeR EL2")));
  CHECK(rig.ask("Hg0") == "OK");
  CHECK(rig.ask("Hc-1") == "OK");
  CHECK(rig.ask("Hgp1.1") == "OK");
  CHECK(rig.ask("Hg2") == "E22");
  CHECK(rig.ask("T1") == "OK");
  CHECK(rig.ask("T2") == "E22");
}

TEST_CASE("gdb: the target's description and memory map, in pieces of any size") {
  Rig rig;
  const std::string target = rig.document("features:read:target.xml", 0x3000);
  CHECK(target == target_xml());
  CHECK(rig.document("features:read:target.xml", 100) == target);
  for (const veer::CsrDescription& csr : veer::csr_table) {
    const std::string line = fmt::format("name=\"{}\" bitsize=\"32\" regnum=\"{}\"", csr.name, 65 + csr.number);
    CHECK_MESSAGE(target.find(line) != std::string::npos, line);
  }
  CHECK(target.find("name=\"x31\"") != std::string::npos);
  const std::string map = rig.document("memory-map:read:", 64);
  CHECK(map.find("<memory type=\"rom\" start=\"0x0\" length=\"0xc000\"/>") != std::string::npos);
  CHECK(map.find("<memory type=\"ram\" start=\"0x40000000\" length=\"0x20000\"/>") != std::string::npos);
  CHECK(map.find("<memory type=\"ram\" start=\"0x30020000\"") != std::string::npos);
  CHECK(rig.ask("qXfer:features:read:other.xml:0,10") == "E00");
  CHECK(rig.ask("qXfer:features:read:target.xml:fffff,10") == "E22");
  CHECK(rig.ask("qXfer:auxv:read::0,10").empty());
}

TEST_CASE("gdb: registers") {
  Rig rig;
  CHECK(rig.ask("g") == std::string(33 * 8, '0'));
  CHECK(rig.ask("P5=78563412") == "OK");
  CHECK(rig.ask("p5") == "78563412");
  CHECK(rig.core->hart().x(5) == 0x12345678);
  CHECK(rig.ask("P20=08000000") == "OK");
  CHECK(rig.ask("p20") == "08000000");
  CHECK(rig.pc() == 8);
  std::string all;
  for (uint32_t i = 0; i < 32; ++i) all += word_to_hex(0x01010100 + i);
  CHECK(rig.ask("G" + all + word_to_hex(0x14)) == "OK");
  CHECK(rig.ask("g") == "00000000" + all.substr(8) + word_to_hex(0x14));

  const auto number = [](veer::Csr csr) { return 65 + static_cast<unsigned>(csr); };
  CHECK(rig.ask(fmt::format("p{:x}", number(veer::Csr::mstatus))) == word_to_hex(0x1800));
  CHECK(rig.ask(fmt::format("P{:x}={}", number(veer::Csr::mscratch), word_to_hex(0xcafe))) == "OK");
  CHECK(rig.ask(fmt::format("p{:x}", number(veer::Csr::mscratch))) == word_to_hex(0xcafe));
  CHECK(rig.ask(fmt::format("P{:x}={}", 65 + 0xf11, word_to_hex(1))) == "E13");
  for (const char* wrong : {"p", "pffffff", "p22", "p1x", "P5", "P5=123", "Pfff0=00000000", "G00", "p2041"}) {
    CHECK_MESSAGE(rig.ask(wrong) == "E22", wrong);
  }
}

TEST_CASE("gdb: memory") {
  Rig rig;
  CHECK(rig.ask("m0,8") == "3701005093005000");
  CHECK(rig.ask("M50000100,4:01020304") == "OK");
  CHECK(rig.ask("m50000101,2") == "0203");
  CHECK(rig.ask(fmt::format("X40000000,4:{}", escape("$#}*"))) == "OK");
  CHECK(rig.ask("m40000000,4") == "24237d2a");
  CHECK(rig.ask("X40000000,0:") == "OK");
  CHECK(rig.ask("M30000000,2:abcd") == "OK");
  CHECK(rig.ask("m30000000,2") == "abcd");

  CHECK(rig.ask("M0,1:00") == "E14");      // ROM
  CHECK(rig.ask("m80000000,4") == "E14");  // nothing
  CHECK(rig.ask("M80000000,1:00") == "E14");
  CHECK(rig.ask("m5001fffc,8") == "00000000");  // up to the end
  CHECK(rig.ask("M5001fffc,8:0102030405060708") == "E14");
  CHECK(rig.ask("m5001fffc,4") == "00000000");
  CHECK(rig.ask("mfffffffe,8") == "E14");
  CHECK(rig.ask("m50000000,ffffffff").size() == packet_size - 16);
  for (const char* wrong : {"m", "m0", "m0,", "mx,1", "m0,1,", "M0,1", "M50000000,2:00", "M50000000,1:0",
                            "X50000000,2:a", "X", "m123456789,1"}) {
    CHECK_MESSAGE(rig.ask(wrong) == "E22", wrong);
  }
}

TEST_CASE("gdb: a look at registers of devices does nothing to them") {
  Rig rig;
  constexpr uint32_t mbox_lock = 0x3002'0000;
  rig.ask("s");
  for (int i = 0; i < 3; ++i) CHECK(rig.ask("m30020000,4") == "00000000");
  CHECK(rig.core->soc_read(mbox_lock, 1).data == 0);
  CHECK(rig.ask("m30020000,4") == "01000000");
  // A write puts bits into flip-flops, in whole words.
  CHECK(rig.ask("M30030038,4:78563412") == "OK");
  CHECK(rig.ask("m30030038,4") == "78563412");
  CHECK(rig.ask("M30030038,2:0000") == "E14");
  CHECK(rig.ask("M30030039,4:00000000") == "E14");
}

TEST_CASE("gdb: breakpoints in ROM") {
  Rig rig;
  CHECK(rig.ask("Z0,c,4") == "OK");
  CHECK(rig.ask("Z1,14,4") == "OK");
  CHECK(rig.ask("c") == "T05swbreak:;thread:1;");
  CHECK(rig.pc() == 0xc);
  CHECK(rig.core->hart().x(1) == 5);
  CHECK(rig.ask("vCont;c") == "T05hwbreak:;thread:1;");
  CHECK(rig.pc() == 0x14);
  CHECK(rig.ask("c") == "T05hwbreak:;thread:1;");
  CHECK(rig.core->hart().x(1) == 7);
  CHECK(rig.ask("?") == "T05hwbreak:;thread:1;");
  CHECK(rig.ask("z1,14,4") == "OK");
  CHECK(rig.ask("z1,14,4") == "OK");
  CHECK(rig.ask("Z0,18,2") == "OK");
  CHECK(rig.ask("Z1,18,2") == "OK");
  CHECK(rig.ask("z0,18,2") == "OK");
  CHECK(rig.ask("c") == "T05hwbreak:;thread:1;");
  CHECK(rig.pc() == 0x18);
  CHECK(rig.ask("c8") == "T05swbreak:;thread:1;");  // from another address
  CHECK(rig.ask("Z5,0,4").empty());
  for (const char* wrong : {"Z0", "Z0,0", "Zx,0,4", "Z0,0,4;X1,0", "Z2,50000000,0"}) {
    CHECK_MESSAGE(rig.ask(wrong) == "E22", wrong);
  }
}

TEST_CASE("gdb: a breakpoint isn't missed where a slice of time ends") {
  for (const uint64_t slice : {1, 2, 3}) {
    Rig rig;
    CHECK(rig.ask("Z0,18,4") == "OK");
    rig.transport.input = frame("c");
    for (int i = 0; i < 100'000 && rig.transport.output.empty(); ++i) {
      rig.server->poll({.until_cycle = rig.core->cycles() + slice});
    }
    CHECK(rig.take_packet() == "T05swbreak:;thread:1;");
    CHECK(rig.core->hart().x(1) == 6);
  }
}

TEST_CASE("gdb: watchpoints, with length and overlap") {
  Rig rig;
  CHECK(rig.ask("Z2,50000010,4") == "OK");
  CHECK(rig.ask("c") == "T05watch:50000010;thread:1;");
  CHECK(rig.pc() == 0x8);
  CHECK(rig.ask("c") == "T05watch:50000012;thread:1;");
  CHECK(rig.pc() == 0x14);
  CHECK(rig.ask("z2,50000010,4") == "OK");

  CHECK(rig.ask("Z3,50000011,1") == "OK");
  CHECK(rig.ask("C05;8") == "T05rwatch:50000011;thread:1;");
  CHECK(rig.pc() == 0xc);
  CHECK(rig.ask("z3,50000011,1") == "OK");

  CHECK(rig.ask("Z4,5000000e,80") == "OK");
  CHECK(rig.ask("Z4,5000000e,80") == "OK");
  CHECK(rig.ask("c8") == "T05awatch:50000010;thread:1;");
  CHECK(rig.ask("c") == "T05awatch:50000010;thread:1;");
  CHECK(rig.pc() == 0xc);
  CHECK(rig.ask("z4,5000000e,80") == "OK");
  CHECK(rig.ask("Z2,50000013,1") == "OK");
  CHECK(rig.ask("Z0,18,4") == "OK");
  CHECK(rig.ask("c") == "T05swbreak:;thread:1;");
  for (unsigned i = 0; i < 63; ++i) CHECK(rig.ask(fmt::format("Z2,{:x},4", 0x50001000 + 4 * i)) == "OK");
  CHECK(rig.ask("Z2,50002000,4") == "E12");
}

TEST_CASE("gdb: steps") {
  Rig rig;
  CHECK(rig.ask("s") == "T05thread:1;");
  CHECK(rig.pc() == 4);
  CHECK(rig.core->instructions() == 1);
  CHECK(rig.ask("vCont;s:1;c") == "T05thread:1;");
  CHECK(rig.pc() == 8);
  CHECK(rig.ask("vCont;c:2;S05") == "T05thread:1;");
  CHECK(rig.pc() == 0xc);
  CHECK(rig.ask("vCont;r8,14:1") == "T05thread:1;");
  CHECK(rig.pc() == 0x14);
  CHECK(rig.ask("Z0,10,4") == "OK");
  CHECK(rig.ask("vCont;r0,1c:p1.1") == "T05swbreak:;thread:1;");
  CHECK(rig.pc() == loop_address);
  CHECK(rig.ask("s4") == "T05thread:1;");
  CHECK(rig.pc() == 8);
  CHECK(rig.ask("vCont;r8,8") == "T05thread:1;");
  CHECK(rig.pc() == 0xc);
  for (const char* wrong : {"vCont;", "vCont;x", "vCont;r", "vCont;c:7", "vCont;s5", "C", "Cx", "sx", "c0;"}) {
    CHECK_MESSAGE(rig.ask(wrong) == "E22", wrong);
  }
}

TEST_CASE("gdb: interrupt") {
  Rig rig;
  rig.transport.input = frame("c");
  for (int i = 0; i < 3; ++i) CHECK(rig.server->poll() == StopReason::cycle_limit);
  CHECK(rig.server->state() == State::running);
  CHECK(rig.transport.output.empty());
  rig.transport.input.assign(1, '\x03');
  CHECK_FALSE(rig.server->poll());
  CHECK(rig.take_packet() == "T02thread:1;");
  rig.transport.input.assign(1, '\x03');
  rig.server->poll();
  CHECK(rig.transport.output.empty());
  rig.transport.input = frame("vCont;r0,1000");
  for (int i = 0; i < 3; ++i) rig.server->poll();
  rig.transport.input.assign(1, '\x03');
  rig.server->poll();
  CHECK(rig.take_packet() == "T02thread:1;");
}

TEST_CASE("gdb: running backwards") {
  Rig rig;
  CHECK(rig.ask("qSupported").find(";ReverseStep+;ReverseContinue+") != std::string::npos);
  CHECK(rig.ask("bs") == "T05replaylog:begin;thread:1;");
  CHECK(rig.ask("bc") == "T05replaylog:begin;thread:1;");
  CHECK(rig.ask("Z0,18,4") == "OK");
  for (int i = 0; i < 3; ++i) CHECK(rig.ask("c") == "T05swbreak:;thread:1;");
  CHECK(rig.core->hart().x(1) == 8);
  CHECK(rig.ask("bc") == "T05swbreak:;thread:1;");
  CHECK(rig.core->hart().x(1) == 7);
  CHECK(rig.ask("?") == "T05swbreak:;thread:1;");
  CHECK(rig.ask("bs") == "T05thread:1;");
  CHECK(rig.pc() == 0x14);
  CHECK(rig.ask("vCont;s:1") == "T05swbreak:;thread:1;");
  CHECK(rig.ask("Z2,50000012,1") == "OK");
  CHECK(rig.ask("bc") == "T05watch:50000012;thread:1;");
  // Backwards, this side of the access is behind it; gdb goes over it by a step.
  CHECK(rig.pc() == 0x18);
  CHECK(rig.ask("m50000012,1") == "07");
  CHECK(rig.ask("bs") == "T05thread:1;");
  CHECK(rig.pc() == 0x14);
  CHECK(rig.ask("m50000012,1") == "06");
  CHECK(rig.ask("c") == "T05watch:50000012;thread:1;");
  CHECK(rig.pc() == 0x14);
  CHECK(rig.ask("m50000012,1") == "06");
  CHECK(rig.ask("s") == "T05swbreak:;thread:1;");
  CHECK(rig.ask("m50000012,1") == "07");
  CHECK(rig.ask("z2,50000012,1") == "OK");
  CHECK(rig.ask("z0,18,4") == "OK");
  CHECK(rig.ask("bc") == "T05replaylog:begin;thread:1;");
  CHECK(rig.pc() == 0);
  CHECK(rig.core->instructions() == 0);

  // What the debugger did on the way is done again.
  CHECK(rig.ask("Z0,18,4") == "OK");
  CHECK(rig.ask("c") == "T05swbreak:;thread:1;");
  CHECK(rig.ask("P1=00010000") == "OK");
  CHECK(rig.ask("c") == "T05swbreak:;thread:1;");
  CHECK(rig.core->hart().x(1) == 0x101);
  CHECK(rig.ask("bc") == "T05swbreak:;thread:1;");
  CHECK(rig.core->hart().x(1) == 0x100);
  CHECK(rig.ask("bs") == "T05thread:1;");
  CHECK(rig.core->hart().x(1) == 6);
  CHECK(rig.ask("s") == "T05swbreak:;thread:1;");
  CHECK(rig.core->hart().x(1) == 0x100);
  CHECK(rig.ask("X50000020,1:Z") == "OK");
  CHECK(rig.ask("s") == "T05thread:1;");
  CHECK(rig.ask("bs") == "T05swbreak:;thread:1;");
  CHECK(rig.ask("m50000020,1") == "5a");
  CHECK(rig.ask("bs") == "T05thread:1;");
  CHECK(rig.ask("m50000020,1") == "00");
  CHECK(rig.ask("bx").empty());

  Rig forgetful(false);
  CHECK(forgetful.ask("qSupported").find("Reverse") == std::string::npos);
  CHECK(forgetful.ask("bs").empty());
  CHECK(forgetful.ask("bc").empty());
}

TEST_CASE("gdb: connections one after the other") {
  Rig rig;
  rig.ask("Z0,14,4");
  CHECK(rig.ask("D") == "OK");
  CHECK(rig.server->state() == State::detached);
  rig.lose_connection();
  for (int i = 0; i < 3; ++i) CHECK(rig.server->poll() == StopReason::cycle_limit);

  // One that says nothing is no debugger's.
  rig.transport.waits = true;
  CHECK_FALSE(rig.server->poll());
  rig.lose_connection();
  CHECK(rig.server->state() == State::detached);

  rig.connect();
  CHECK(rig.ask("?") == "T05thread:1;");
  const uint64_t cycles = rig.core->cycles();
  CHECK_FALSE(rig.server->poll());
  CHECK(rig.core->cycles() == cycles);
  rig.lose_connection();
  CHECK(rig.server->state() == State::waiting);
  CHECK_FALSE(rig.server->poll());

  rig.connect();
  rig.ask("Z0,14,4");
  CHECK(rig.ask("c") == "T05swbreak:;thread:1;");
  rig.ask("z0,14,4");
  rig.transport.input = frame("c");
  rig.server->poll();
  rig.lose_connection();
  CHECK(rig.server->state() == State::detached);
}

TEST_CASE("gdb: kill, and the end of a run") {
  for (const char* packet : {"k", "vKill;1"}) {
    Rig rig;
    CHECK(rig.ask(packet, 3) == (packet[0] == 'k' ? "no packet" : "OK"));
    CHECK(rig.server->state() == State::killed);
    CHECK_FALSE(rig.transport.open);
    CHECK_FALSE(rig.server->poll());
  }
  Rig rig;
  rig.transport.input = frame("c");
  rig.server->poll();
  rig.server->halt(Signal::abort);
  CHECK(rig.take_packet() == "T06thread:1;");
  rig.transport.input = frame("c");
  rig.server->poll();
  rig.server->finish(4);
  CHECK(rig.take_packet() == "W04");
  CHECK_FALSE(rig.transport.open);
}

TEST_CASE("gdb: monitor") {
  Rig rig;
  CHECK(rig.monitor("help").find("reset cold|warm") != std::string::npos);
  CHECK(rig.monitor("") == rig.monitor("help"));
  rig.ask("Z0,14,4");
  CHECK(rig.ask("c") == "T05swbreak:;thread:1;");
  CHECK(rig.monitor("cycles").find(fmt::format("cycles {}\ninstructions 5\n", rig.core->cycles())) == 0);
  CHECK(rig.monitor("timing") == "reference\n");
  const std::string blocks = rig.monitor("regs");
  for (const Core::MappedBlock& each : rig.core->blocks()) {
    const std::string name = blocks.substr(blocks.find(fmt::format("{:08x}", each.base)) + 9);
    CHECK(rig.monitor("regs " + name.substr(0, name.find('\n'))).size() > 20);
  }
  rig.ask("M30030038,4:78563412");
  CHECK(rig.monitor("regs soc_ifc").find("CPTRA_BOOT_STATUS                        12345678") != std::string::npos);
  CHECK(rig.monitor("fuses").find("fuse_uds_seed") != std::string::npos);
  CHECK(rig.monitor("keys").find("dest_valid") != std::string::npos);
  const std::string pcrs = rig.monitor("pcrs");
  CHECK(std::count(pcrs.begin(), pcrs.end(), '\n') == 33);
  CHECK(rig.monitor("mailbox").starts_with("idle\n"));
  CHECK(rig.core->soc_read(0x3002'0000, 1).data == 0);
  CHECK(rig.monitor("mailbox").find("locked by the SoC") != std::string::npos);
  CHECK(rig.monitor("interrupts").find("mstatus.mie 0") == 0);

  for (const char* kind : {"cold", "warm"}) {
    CHECK(rig.ask("c") == "T05swbreak:;thread:1;");
    const uint64_t before = rig.core->instructions();
    CHECK(rig.monitor(fmt::format("reset {}", kind)).starts_with(fmt::format("{} reset; pc 0x00000000", kind)));
    CHECK(rig.pc() == 0);
    CHECK(rig.core->instructions() == before);
    CHECK(rig.ask("s") == "T05thread:1;");
    CHECK(rig.pc() == 4);
    CHECK(rig.core->instructions() == before + 1);
  }
  CHECK(rig.monitor("snapshot").starts_with("there are no snapshots"));
  CHECK(rig.monitor("snapshot save here").starts_with("saved 'here' at cycle"));
  CHECK(rig.monitor("snapshot") == "here\n");
  const uint64_t saved = rig.core->instructions();
  CHECK(rig.ask("c") == "T05swbreak:;thread:1;");
  CHECK(rig.core->instructions() > saved);
  CHECK(rig.monitor("snapshot restore here").starts_with("restored 'here': cycle"));
  CHECK(rig.core->instructions() == saved);
  CHECK(rig.pc() == 4);
  CHECK(rig.ask("bc") == "T05replaylog:begin;thread:1;");
  CHECK(rig.monitor("snapshot restore there") == "there is no snapshot 'there'\n");
  for (const char* wrong : {"snapshot save", "snapshot keep x", "snapshot save a b"}) {
    CHECK(rig.monitor(wrong) == "'snapshot' takes 'save NAME' or 'restore NAME'\n");
  }
  for (int i = 0; i < 31; ++i) CHECK(rig.monitor(fmt::format("snapshot save s{}", i)).starts_with("saved"));
  CHECK(rig.monitor("snapshot save more") == "there are 32 snapshots already\n");

  CHECK(rig.monitor("inject").find("ecc_uncorrectable\n") != std::string::npos);
  CHECK(rig.monitor("inject ecc_uncorrectable address=0x50000010") == "injected ecc_uncorrectable\n");
  CHECK(rig.monitor("inject ecc_correctable address=0x10") == "ecc_correctable cannot be at 0x00000010\n");
  CHECK(rig.monitor("inject crypto_error") == "injected crypto_error\n");
  CHECK(rig.monitor("regs soc_ifc").find(" crypto_err=1") != std::string::npos);
  CHECK(rig.monitor("inject clear") == "no fault lasts any longer\n");
  CHECK(rig.monitor("inject gamma_ray").starts_with("there is no fault 'gamma_ray'"));
  CHECK(rig.monitor("inject crypto_error color=3").starts_with("a fault has no 'color'"));
  for (const char* wrong : {"address", "address=", "address=0x", "address=12z", "address=0x100000000", "address=-1"}) {
    CHECK(rig.monitor(fmt::format("inject bus_error {}", wrong)) == "'address' takes a number of 32 bits: address=N\n");
  }

  rig.server->monitor().add("echo", "echo WORDS", "says it again",
                            [](std::string_view words) { return fmt::format("<{}>\n", words); });
  CHECK(rig.monitor("echo a b") == "< a b>\n");
  CHECK(rig.monitor("help").find("echo WORDS                  says it again\n") != std::string::npos);
  CHECK(rig.monitor("reset hot").find("takes 'cold' or 'warm'") != std::string::npos);
  CHECK(rig.monitor("regs nothing").find("there is no block") != std::string::npos);
  CHECK(rig.monitor("nothing").find("there is no command") != std::string::npos);
  CHECK(rig.monitor("help me").find("takes nothing") != std::string::npos);
  CHECK(rig.ask("qRcmd,6") == "E22");
}

TEST_CASE("gdb: whatever comes, there is an answer, and no harm") {
  constexpr int packets = 20'000;
  constexpr std::string_view kinds = "?gGpPmMXcCsSzZHTDqvkQ!jRt_";
  constexpr std::string_view characters = "0123456789abcdefABCDEF,;:=-+pcsr5040*}\x03\x80";
  constexpr const char* openings[] = {"qXfer:features:read:target.xml:",
                                      "qXfer:memory-map:read::",
                                      "qRcmd,",
                                      "vCont;",
                                      "m5000",
                                      "M5000",
                                      "X5000",
                                      "Z0,",
                                      "Z2,5000",
                                      "z4,",
                                      "G",
                                      "P",
                                      "qSupported:",
                                      "vKill;",
                                      "vFlash",
                                      "qRcmd,7265677320646f65"};
  std::mt19937 random(20260101);
  const auto below = [&random](std::size_t end) { return random() % end; };
  Rig rig;
  int kills = 0;
  for (int i = 0; i < packets; ++i) {
    std::string text;
    if (below(2) == 0) {
      text = openings[below(std::size(openings))];
    } else {
      text = kinds[below(kinds.size())];
    }
    for (std::size_t left = below(24); left != 0; --left) text += characters[below(characters.size())];
    std::string bytes = frame(text);
    if (below(8) == 0) bytes[below(bytes.size())] = static_cast<char>(random());
    if (below(64) == 0) bytes = frame(std::string(packet_size + below(100), 'm'));
    rig.transport.input += bytes;
    rig.transport.output.clear();
    rig.server->poll({.until_cycle = rig.core->cycles() + 50});
    if (rig.server->state() == State::running) rig.transport.input.push_back('\x03');
    if (rig.server->state() == State::killed) {
      ++kills;
      rig.server = std::make_unique<GdbServer>(*rig.core, rig.transport, rig.soc.get());
      rig.connect();
    }
    REQUIRE(rig.transport.input.size() < 2 * packet_size);
  }
  CHECK(kills > 10);
  rig.lose_connection();
  rig.connect();
  CHECK(rig.ask("?") == "T05thread:1;");
  CHECK(rig.ask("m0,4") == "37010050");
}

}  // namespace
}  // namespace caliptra::gdb
