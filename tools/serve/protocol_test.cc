// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/serve/protocol.h"

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "soc/c/testing.h"
#include "tools/serve/address.h"
#include "tools/serve/cptr_protocol.h"
#include "tools/serve/json_protocol.h"

namespace caliptra::serve {
namespace {

using Bytes = std::vector<uint8_t>;

std::unique_ptr<Machine> machine_with_greeting_rom() {
  Configuration configuration;
  configuration.rom = testing::greeting_rom();
  std::string error;
  auto machine = Machine::create(configuration, {}, error);
  REQUIRE(machine != nullptr);
  CHECK(machine->boot(10'000) != RunEnd::event);
  return machine;
}

TEST_CASE("addresses") {
  std::string error;
  const auto tcp = Address::parse("tcp:localhost:80", error);
  REQUIRE(tcp);
  CHECK(tcp->text() == "tcp:127.0.0.1:80");
  CHECK(tcp->is_loopback());
  CHECK_FALSE(Address::parse("tcp:10.0.0.1:80", error)->is_loopback());
  CHECK(Address::parse("unix:/a:b", error)->path == "/a:b");
  for (const char* wrong : {"", "unix:", "tcp:", "tcp:80", "tcp::80", "tcp:host:80",
                            "tcp:127.0.0.1:", "tcp:127.0.0.1:65536", "tcp:127.0.0.1:8 0", "udp:127.0.0.1:80"}) {
    CAPTURE(wrong);
    error.clear();
    CHECK_FALSE(Address::parse(wrong, error));
    CHECK_FALSE(error.empty());
  }
  CHECK_FALSE(Address::parse("unix:" + std::string(200, 'x'), error));
}

// magic, version, command, length and payload, as a simulator would send them
const Bytes read_boot_status = {0x52, 0x54, 0x50, 0x43, 1, 0, 3, 0, 4, 0, 0, 0, 0x38, 0, 0x03, 0x30};
const Bytes boot_status_0x42 = {0x52, 0x54, 0x50, 0x43, 1, 0, 4, 0, 4, 0, 0, 0, 0x42, 0, 0, 0};

TEST_CASE("cptr: a frame is answered when it is whole") {
  const auto machine = machine_with_greeting_rom();
  CptrProtocol protocol(*machine);
  Bytes output;
  for (std::size_t i = 0; i < read_boot_status.size(); ++i) {
    CHECK(output.empty());
    CHECK(protocol.receive({&read_boot_status[i], 1}, output));
    CHECK(protocol.within_request() == (i + 1 < read_boot_status.size()));
  }
  CHECK(output == boot_status_0x42);
}

TEST_CASE("cptr: writes and refusals") {
  const auto machine = machine_with_greeting_rom();
  CptrProtocol protocol(*machine);
  Bytes write = {0x52, 0x54, 0x50, 0x43, 1, 0, 5, 0, 8, 0, 0, 0, 0xbc, 0, 0x03, 0x30, 1, 2, 3, 4};
  Bytes output;
  CHECK(protocol.receive(write, output));
  CHECK(output == Bytes{0x52, 0x54, 0x50, 0x43, 1, 0, 6, 0, 0, 0, 0, 0});
  CHECK(machine->read(0x3003'00bc).data == 0x0403'0201);

  Bytes outside = read_boot_status;
  outside[14] = 0x04;
  output.clear();
  CHECK(protocol.receive(outside, output));
  CHECK(Bytes(output.begin() + 12, output.end()) == Bytes{0xef, 0xbe, 0xad, 0xde});
}

TEST_CASE("cptr: what no simulator sends ends the connection at once") {
  const auto machine = machine_with_greeting_rom();
  const auto refused = [&](std::size_t at, uint8_t value) {
    CptrProtocol protocol(*machine);
    Bytes header(read_boot_status.begin(), read_boot_status.begin() + 12);
    header[at] = value;
    Bytes output;
    const bool taken = protocol.receive(header, output);
    return !taken && !protocol.violation().empty() && output.empty();
  };
  CHECK(refused(0, 0));
  CHECK(refused(4, 2));
  CHECK(refused(6, 4));
  CHECK(refused(8, 3));
  CHECK(refused(11, 1));
}

TEST_CASE("cptr: a peer that takes no answers is not answered without end") {
  const auto machine = machine_with_greeting_rom();
  CptrProtocol protocol(*machine);
  Bytes requests;
  const std::size_t count = output_bound / boot_status_0x42.size() + 1000;
  for (std::size_t i = 0; i < count; ++i)
    requests.insert(requests.end(), read_boot_status.begin(), read_boot_status.end());
  Bytes output;
  CHECK(protocol.receive(requests, output));
  CHECK(output.size() < output_bound + 100);
  CHECK(protocol.within_request());
  std::size_t answered = output.size();
  while (protocol.within_request()) {
    output.clear();
    REQUIRE(protocol.pump(output));
    REQUIRE_FALSE(output.empty());
    answered += output.size();
  }
  CHECK(answered == count * boot_status_0x42.size());
}

TEST_CASE("json: a long run can be abandoned, and doesn't end early otherwise") {
  const auto machine = machine_with_greeting_rom();
  JsonProtocol::Snapshots snapshots;
  JsonProtocol protocol(*machine, snapshots);
  const auto run = [&] {
    const std::string_view line = "{\"do\":\"run\",\"cycles\":30000000}\n";
    Bytes output;
    CHECK(protocol.receive({reinterpret_cast<const uint8_t*>(line.data()), line.size()}, output));
    return nlohmann::json::parse(output.begin(), output.end());
  };
  const uint64_t before = machine->core().cycles();
  unsigned asked = 0;
  machine->abandon_if([&asked] { return ++asked == 2; });
  const auto abandoned = run();
  CHECK(abandoned["end"] == "abandoned");
  CHECK(abandoned["cycles"] < before + 30'000'000);
  machine->abandon_if([] { return false; });
  const uint64_t cycles = abandoned["cycles"];
  const auto whole = run();
  CHECK(whole["end"] == "cycles");
  CHECK(whole["cycles"] == cycles + 30'000'000);
}

TEST_CASE("json: requests and refusals") {
  const auto machine = machine_with_greeting_rom();
  JsonProtocol::Snapshots snapshots;
  JsonProtocol protocol(*machine, snapshots);
  const auto ask = [&](std::string_view line) {
    Bytes output;
    const std::string with_end = std::string(line) + "\n";
    CHECK(protocol.receive({reinterpret_cast<const uint8_t*>(with_end.data()), with_end.size()}, output));
    return nlohmann::json::parse(output.begin(), output.end());
  };
  CHECK(ask(R"({"id":7,"do":"read","address":"0x30030038"})") ==
        nlohmann::json{{"id", 7}, {"ok", true}, {"data", 0x42}});
  CHECK(ask(R"({"do":"status"})")["boot_status"] == 0x42);
  const uint64_t cycles = ask(R"({"do":"status"})")["cycles"];
  CHECK(ask(R"({"do":"run","cycles":100})")["cycles"] == cycles + 100);
  CHECK(ask(R"({"do":"snapshot","action":"save","name":"a"})")["ok"] == true);
  ask(R"({"do":"run","cycles":100})");
  CHECK(ask(R"({"do":"snapshot","action":"restore","name":"a"})")["ok"] == true);
  CHECK(ask(R"({"do":"status"})")["cycles"] == cycles + 100);
  for (const char* name : {"b", "c", "d"}) ask(fmt::format(R"({{"do":"snapshot","action":"save","name":"{}"}})", name));
  CHECK(ask(R"({"do":"snapshot","action":"save","name":"e"})")["error"] == "there are too many snapshots");
  CHECK(ask(R"({"do":"snapshot","action":"save","name":"a"})")["ok"] == true);
  CHECK(ask(R"({"do":"mailbox","command":"FW_INFO","cycles":1000})")["status"] == "no-answer");
  CHECK(ask(R"({"do":"dance"})")["error"] == "there is no request 'dance'");
  CHECK(ask("nonsense")["ok"] == false);
}

}  // namespace
}  // namespace caliptra::serve
