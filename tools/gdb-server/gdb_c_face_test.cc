// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <doctest/doctest.h>
#include <poll.h>
#include <sys/socket.h>

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "soc/c/caliptra_emu.h"
#include "soc/c/testing.h"
#include "tools/gdb-server/packet.h"
#include "tools/serve/address.h"

namespace {

using namespace caliptra::testing;

constexpr uint32_t user = 1;
constexpr uint32_t fuse_wr_done = 0x3003'00b0;
constexpr uint32_t boot_status = 0x3003'0038;
constexpr uint64_t plenty = 100'000;

struct Deleter {
  void operator()(caliptra_emu* emu) const { caliptra_emu_destroy(emu); }
};
using Emu = std::unique_ptr<caliptra_emu, Deleter>;

// greeting_rom(), at its first instruction.
Emu started() {
  const auto rom = greeting_rom();
  caliptra_emu_config config;
  caliptra_emu_config_init(&config);
  config.rom = rom.data();
  config.rom_size = rom.size();
  caliptra_emu* emu = nullptr;
  REQUIRE(caliptra_emu_create(&config, &emu, nullptr, 0) == CALIPTRA_EMU_OK);
  caliptra_emu_power_on(emu);
  caliptra_emu_run(emu, 100, CALIPTRA_EMU_EVENT_READY_FOR_FUSES, nullptr);
  REQUIRE(caliptra_emu_write(emu, fuse_wr_done, 4, user, 1) == CALIPTRA_EMU_OK);
  return Emu(emu);
}

int state_of(const Emu& emu) {
  int state = -1;
  CHECK(caliptra_emu_gdb_poll(emu.get(), &state) == CALIPTRA_EMU_OK);
  return state;
}

int run(const Emu& emu, uint64_t cycles = plenty, uint32_t events = 0) {
  int stop = -1;
  CHECK(caliptra_emu_run(emu.get(), cycles, events, &stop) == CALIPTRA_EMU_OK);
  return stop;
}

/// A debugger's end of the connection, without acknowledgements.
class Debugger {
 public:
  explicit Debugger(const Emu& emu) : emu_(emu) {
    std::string error;
    const auto address = caliptra::serve::Address::parse(caliptra_emu_gdb_address(emu.get()), error);
    REQUIRE_MESSAGE(address, error);
    socket_ = caliptra::serve::connect_to(*address, error);
    REQUIRE_MESSAGE(socket_.open(), error);
  }

  void send(std::string_view bytes) const {
    CHECK(::send(socket_.number(), bytes.data(), bytes.size(), 0) == static_cast<ssize_t>(bytes.size()));
    // Until it has arrived.
    int descriptor = -1;
    bool for_writing = true;
    REQUIRE(caliptra_emu_gdb_descriptor(emu_.get(), &descriptor, &for_writing) == CALIPTRA_EMU_OK);
    CHECK_FALSE(for_writing);
    pollfd polled{descriptor, POLLIN, 0};
    CHECK(::poll(&polled, 1, 10'000) == 1);
  }

  void say(std::string_view payload) const { send(caliptra::gdb::frame(payload)); }

  // The payload of the next packet.
  std::string hear() const {
    std::string text;
    char character = 0;
    pollfd polled{socket_.number(), POLLIN, 0};
    while (text.find('#') == std::string::npos || text.size() < text.find('#') + 3) {
      if (::poll(&polled, 1, 10'000) != 1 || ::recv(socket_.number(), &character, 1, 0) != 1) return "(nothing)";
      if (character != '+' || !text.empty()) text += character;
    }
    return text.substr(1, text.find('#') - 1);
  }

  // A question that is answered at once.
  std::string ask(std::string_view payload) const {
    say(payload);
    for (int i = 0; i < 2; ++i) state_of(emu_);  // one may take the connection
    return hear();
  }

 private:
  const Emu& emu_;
  caliptra::serve::Descriptor socket_;
};

// How the server has text printed by gdb.
std::string printed(std::string_view text) { return std::string("O").append(caliptra::gdb::to_hex(text)); }

}  // namespace

TEST_CASE("the C face listens for gdb where it is told to, and says why not") {
  const Emu emu = started();
  CHECK((caliptra_emu_capabilities() & CALIPTRA_EMU_CAN_GDB) != 0);
  CHECK(state_of(emu) == CALIPTRA_EMU_GDB_OFF);
  CHECK(std::string(caliptra_emu_gdb_address(emu.get())).empty());
  CHECK(std::string(caliptra_emu_gdb_address(nullptr)).empty());
  int descriptor = 0;
  bool for_writing = true;
  CHECK(caliptra_emu_gdb_descriptor(emu.get(), &descriptor, &for_writing) == CALIPTRA_EMU_OK);
  CHECK(descriptor == -1);
  CHECK(caliptra_emu_gdb_descriptor(emu.get(), nullptr, &for_writing) == CALIPTRA_EMU_INVALID_ARGUMENT);
  for (const char* const wrong : {"", "70000", "tcp:0.0.0.0:0", "unix:", "unix:/nonexistent/folder/socket", "x"}) {
    CAPTURE(wrong);
    CHECK(caliptra_emu_gdb_listen(emu.get(), wrong, false) == CALIPTRA_EMU_INVALID_ARGUMENT);
    CHECK(std::string(caliptra_emu_error(emu.get())).starts_with("gdb: "));
  }
  CHECK(caliptra_emu_gdb_listen(emu.get(), nullptr, false) == CALIPTRA_EMU_INVALID_ARGUMENT);
  CHECK(caliptra_emu_gdb_listen(nullptr, "0", false) == CALIPTRA_EMU_INVALID_ARGUMENT);
  CHECK(caliptra_emu_gdb_poll(nullptr, nullptr) == CALIPTRA_EMU_INVALID_ARGUMENT);
  CHECK(caliptra_emu_gdb_close(nullptr) == CALIPTRA_EMU_INVALID_ARGUMENT);

  CHECK(caliptra_emu_gdb_listen(emu.get(), "0", false) == CALIPTRA_EMU_OK);
  CHECK(std::string(caliptra_emu_gdb_address(emu.get())).starts_with("tcp:127.0.0.1:"));
  CHECK(caliptra_emu_gdb_listen(emu.get(), "0", false) == CALIPTRA_EMU_BUSY);
  CHECK(caliptra_emu_gdb_close(emu.get()) == CALIPTRA_EMU_OK);
  CHECK(caliptra_emu_gdb_close(emu.get()) == CALIPTRA_EMU_OK);

  const auto path = std::filesystem::temp_directory_path() / ("caliptra-gdb-" + std::to_string(getpid()));
  CHECK(caliptra_emu_gdb_listen(emu.get(), ("unix:" + path.string()).c_str(), false) == CALIPTRA_EMU_OK);
  CHECK(std::filesystem::is_socket(path));
  CHECK(caliptra_emu_gdb_close(emu.get()) == CALIPTRA_EMU_OK);
  CHECK_FALSE(std::filesystem::exists(path));
}

TEST_CASE("a core waits for its debugger, and goes where that one lets it") {
  const Emu emu = started();
  REQUIRE(caliptra_emu_gdb_listen(emu.get(), "0", true) == CALIPTRA_EMU_OK);
  const uint64_t beginning = caliptra_emu_cycles(emu.get());
  CHECK(state_of(emu) == CALIPTRA_EMU_GDB_STOPPED);
  CHECK(run(emu) == CALIPTRA_EMU_STOP_DEBUGGER);
  int stop = -1;
  CHECK(caliptra_emu_step(emu.get(), &stop) == CALIPTRA_EMU_OK);
  CHECK(stop == CALIPTRA_EMU_STOP_DEBUGGER);
  CHECK(caliptra_emu_cycles(emu.get()) == beginning);

  const Debugger debugger(emu);
  CHECK(debugger.ask("?").starts_with("T05"));
  CHECK(debugger.ask("Z1,14,2") == "OK");
  debugger.say("c");
  CHECK(run(emu) == CALIPTRA_EMU_STOP_DEBUGGER);
  CHECK(debugger.hear().starts_with("T05hwbreak"));
  CHECK(debugger.ask("p20") == "14000000");
  const uint64_t there = caliptra_emu_cycles(emu.get());
  CHECK(run(emu) == CALIPTRA_EMU_STOP_DEBUGGER);
  CHECK(caliptra_emu_cycles(emu.get()) == there);

  // The bus is there all the while.
  uint32_t value = 1;
  CHECK(caliptra_emu_read(emu.get(), boot_status, 4, user, &value) == CALIPTRA_EMU_OK);
  CHECK(value == 0);

  // A command of the mailbox waits.
  int outcome = -1;
  CHECK(caliptra_emu_mailbox(emu.get(), 1, nullptr, 0, 0xffff'ffff, plenty, &outcome, nullptr, nullptr) ==
        CALIPTRA_EMU_OK);
  CHECK(outcome == 0);
  CHECK(caliptra_emu_cycles(emu.get()) == there);

  debugger.say("s");
  CHECK(run(emu) == CALIPTRA_EMU_STOP_DEBUGGER);
  CHECK(debugger.hear().starts_with("T05"));
  CHECK(debugger.ask("p20") == "18000000");

  // A run of the host ends at its event, and the debugger waits on.
  debugger.say("c");
  CHECK(run(emu, plenty, CALIPTRA_EMU_EVENT_READY_FOR_FW) == CALIPTRA_EMU_STOP_EVENT);
  CHECK(state_of(emu) == CALIPTRA_EMU_GDB_RUNNING);
  debugger.send("\3");
  CHECK(run(emu) == CALIPTRA_EMU_STOP_DEBUGGER);
  CHECK(debugger.hear().starts_with("T02"));
  CHECK(debugger.ask("D") == "OK");
  CHECK(state_of(emu) == CALIPTRA_EMU_GDB_NOBODY);
  const uint64_t before = caliptra_emu_cycles(emu.get());
  CHECK(run(emu, 1'000'000) == CALIPTRA_EMU_STOP_CYCLES);
  CHECK(caliptra_emu_cycles(emu.get()) == before + 1'000'000);
}

TEST_CASE("a debugger comes to a core that runs, and cannot end it or turn it back") {
  const Emu emu = started();
  REQUIRE(caliptra_emu_gdb_listen(emu.get(), "0", false) == CALIPTRA_EMU_OK);
  CHECK(run(emu) == CALIPTRA_EMU_STOP_CYCLES);
  CHECK(state_of(emu) == CALIPTRA_EMU_GDB_NOBODY);
  for (const std::string_view end : {"k", "vKill;1"}) {
    const Debugger debugger(emu);
    CHECK(debugger.ask("?").starts_with("T05"));
    CHECK(run(emu) == CALIPTRA_EMU_STOP_DEBUGGER);
    const std::string refusal = debugger.ask("qRcmd," + caliptra::gdb::to_hex("reset cold"));
    CHECK(refusal == printed("the SoC of this core does its resets\n"));
    CHECK(debugger.hear() == "OK");
    CHECK(debugger.ask("qRcmd," + caliptra::gdb::to_hex("snapshot save x")) ==
          printed("the host of this core does its snapshots\n"));
    CHECK(debugger.hear() == "OK");
    CHECK(debugger.ask("bs") == "");
    debugger.say(end);
    CHECK(state_of(emu) == CALIPTRA_EMU_GDB_NOBODY);
    CHECK(run(emu) == CALIPTRA_EMU_STOP_CYCLES);
  }
  {
    const Debugger lost(emu);
    CHECK(lost.ask("?").starts_with("T05"));
    CHECK(lost.ask("Z1,24,2") == "OK");
  }
  // One that is lost leaves the core as it is; the end of listening lets it go.
  CHECK(run(emu) == CALIPTRA_EMU_STOP_DEBUGGER);
  CHECK(caliptra_emu_gdb_close(emu.get()) == CALIPTRA_EMU_OK);
  CHECK(run(emu) == CALIPTRA_EMU_STOP_CYCLES);
}
