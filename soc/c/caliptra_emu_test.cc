// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/c/caliptra_emu.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include "iss/testing/skip.h"
#include "soc/c/testing.h"

namespace caliptra {
namespace {

using testing::greeting_rom;

constexpr uint32_t fuse_wr_done = 0x3003'00b0;
constexpr uint32_t boot_status = 0x3003'0038;
constexpr uint32_t mbox_lock = 0x3002'0000;
constexpr uint32_t fw_info = 0x494e'464f;
constexpr uint32_t user = 1;

struct Destroy {
  void operator()(caliptra_emu* emu) const { caliptra_emu_destroy(emu); }
};
using Emu = std::unique_ptr<caliptra_emu, Destroy>;

Emu make(const std::vector<uint8_t>& rom) {
  caliptra_emu_config config;
  caliptra_emu_config_init(&config);
  config.rom = rom.data();
  config.rom_size = rom.size();
  caliptra_emu* emu = nullptr;
  char message[200] = "x";
  const int status = caliptra_emu_create(&config, &emu, message, sizeof message);
  INFO(message);
  REQUIRE(status == CALIPTRA_EMU_OK);
  CHECK(std::string(message).empty());
  return Emu(emu);
}

// Through fuses to where the first instruction executes.
void start(caliptra_emu* emu) {
  int stop = -1;
  REQUIRE(caliptra_emu_power_on(emu) == CALIPTRA_EMU_OK);
  caliptra_emu_run(emu, 100, CALIPTRA_EMU_EVENT_READY_FOR_FUSES, &stop);
  bool ready = false;
  CHECK(caliptra_emu_get_wire(emu, CALIPTRA_EMU_READY_FOR_FUSES, &ready) == CALIPTRA_EMU_OK);
  REQUIRE(ready);
  REQUIRE(caliptra_emu_write(emu, fuse_wr_done, 4, user, 1) == CALIPTRA_EMU_OK);
}

TEST_CASE("versions and names") {
  CHECK(caliptra_emu_api_version() == (CALIPTRA_EMU_API_MAJOR << 16 | CALIPTRA_EMU_API_MINOR));
  CHECK(std::strlen(caliptra_emu_version()) > 0);
  CHECK((caliptra_emu_capabilities() & CALIPTRA_EMU_CAN_GENERATION_1_1) != 0);
  for (int status = 0; status >= CALIPTRA_EMU_INTERNAL_ERROR; --status) {
    CHECK(std::string(caliptra_emu_status_text(status)) != caliptra_emu_status_text(1));
  }
}

TEST_CASE("no null pointer does harm") {
  const auto rom = greeting_rom();
  const Emu emu = make(rom);
  uint32_t word = 0;
  int number = 0;
  size_t size = 0;
  bool level = false;
  const auto wrong = [](int status) { return status == CALIPTRA_EMU_INVALID_ARGUMENT; };
  caliptra_emu_config_init(nullptr);
  caliptra_emu_soc_plan_init(nullptr);
  caliptra_emu_destroy(nullptr);
  CHECK(std::string(caliptra_emu_error(nullptr)).empty());
  CHECK(wrong(caliptra_emu_create(nullptr, nullptr, nullptr, 0)));
  caliptra_emu* made = emu.get();
  CHECK(wrong(caliptra_emu_create(nullptr, &made, nullptr, 0)));
  CHECK(made == nullptr);
  CHECK(wrong(caliptra_emu_create_from_text(nullptr, rom.data(), rom.size(), &made, nullptr, 0)));
  CHECK(wrong(caliptra_emu_create_from_text("", nullptr, 0, &made, nullptr, 0)));
  CHECK(wrong(caliptra_emu_set_wire(nullptr, 0, true)));
  CHECK(wrong(caliptra_emu_set_wire(emu.get(), 99, true)));
  CHECK(wrong(caliptra_emu_get_wire(nullptr, 0, &level)));
  CHECK(wrong(caliptra_emu_get_wire(emu.get(), 0, nullptr)));
  CHECK(wrong(caliptra_emu_get_wire(emu.get(), 99, &level)));
  CHECK(wrong(caliptra_emu_on_wire(nullptr, nullptr, nullptr)));
  CHECK(wrong(caliptra_emu_on_trng_request(nullptr, nullptr, nullptr, 0, 0)));
  CHECK(wrong(caliptra_emu_set_security_state(nullptr, 0, false)));
  CHECK(wrong(caliptra_emu_set_security_state(emu.get(), 4, false)));
  CHECK(wrong(caliptra_emu_set_generic_input(nullptr, 0, 0)));
  CHECK(wrong(caliptra_emu_set_generic_input(emu.get(), 2, 0)));
  CHECK(wrong(caliptra_emu_get_generic_output(nullptr, 0, &word)));
  CHECK(wrong(caliptra_emu_get_generic_output(emu.get(), 2, &word)));
  CHECK(wrong(caliptra_emu_get_generic_output(emu.get(), 0, nullptr)));
  CHECK(wrong(caliptra_emu_tap_read(nullptr, 0x50, &word)));
  CHECK(wrong(caliptra_emu_tap_read(emu.get(), 0x50, nullptr)));
  CHECK(wrong(caliptra_emu_tap_write(nullptr, 0x60, 0)));
  CHECK(wrong(caliptra_emu_read(nullptr, 0, 4, 0, &word)));
  CHECK(wrong(caliptra_emu_read(emu.get(), 0, 4, 0, nullptr)));
  CHECK(wrong(caliptra_emu_write(nullptr, 0, 4, 0, 0)));
  CHECK(wrong(caliptra_emu_write_fuse(nullptr, "fuse_lms_verify", &word, 1, 0)));
  CHECK(wrong(caliptra_emu_write_fuse(emu.get(), nullptr, &word, 1, 0)));
  CHECK(wrong(caliptra_emu_write_fuse(emu.get(), "fuse_lms_verify", nullptr, 1, 0)));
  CHECK(caliptra_emu_fuse_name(nullptr, 0, nullptr) == nullptr);
  CHECK(wrong(caliptra_emu_run(nullptr, 1, 0, nullptr)));
  CHECK(wrong(caliptra_emu_step(nullptr, nullptr)));
  CHECK(wrong(caliptra_emu_stop(nullptr)));
  CHECK(caliptra_emu_cycles(nullptr) == 0);
  CHECK(caliptra_emu_instructions(nullptr) == 0);
  CHECK(caliptra_emu_next_event(nullptr) == UINT64_MAX);
  CHECK(wrong(caliptra_emu_on_event(nullptr, nullptr, nullptr)));
  CHECK(wrong(caliptra_emu_on_console(nullptr, nullptr, nullptr)));
  CHECK(wrong(caliptra_emu_on_log(nullptr, nullptr, nullptr)));
  CHECK(wrong(caliptra_emu_peek(nullptr, 0, &word)));
  CHECK(wrong(caliptra_emu_peek(emu.get(), 0, nullptr)));
  CHECK(wrong(caliptra_emu_read_memory(nullptr, 0, nullptr, 0)));
  CHECK(wrong(caliptra_emu_read_memory(emu.get(), 0, nullptr, 1)));
  CHECK(wrong(caliptra_emu_write_memory(emu.get(), 0, nullptr, 1)));
  CHECK(wrong(caliptra_emu_inject_ecc_error(nullptr, 0, true)));
  CHECK(wrong(caliptra_emu_inject_ecc_error(emu.get(), 0, true)));
  CHECK(wrong(caliptra_emu_mailbox(nullptr, 0, nullptr, 0, 0, 0, &number, nullptr, nullptr)));
  CHECK(wrong(caliptra_emu_mailbox(emu.get(), 0, nullptr, 0, 0, 0, nullptr, nullptr, nullptr)));
  CHECK(wrong(caliptra_emu_mailbox(emu.get(), 0, nullptr, 1, 0, 0, &number, nullptr, nullptr)));
  CHECK(wrong(caliptra_emu_mailbox_start(nullptr, 0, nullptr, 0, 0)));
  CHECK(wrong(caliptra_emu_mailbox_start(emu.get(), 0, nullptr, 1, 0)));
  CHECK(wrong(caliptra_emu_mailbox_result(nullptr, &number, nullptr, nullptr)));
  CHECK(wrong(caliptra_emu_mailbox_result(emu.get(), nullptr, nullptr, nullptr)));
  CHECK(wrong(caliptra_emu_mailbox_result(emu.get(), &number, nullptr, nullptr)));
  CHECK(wrong(caliptra_emu_attach_soc(nullptr, nullptr)));
  CHECK(wrong(caliptra_emu_attach_soc(emu.get(), nullptr)));
  CHECK(wrong(caliptra_emu_attach_configured_soc(emu.get(), nullptr, 0)));
  CHECK(wrong(caliptra_emu_upload_status(emu.get(), &number)));
  CHECK(wrong(caliptra_emu_upload_status(emu.get(), nullptr)));
  CHECK(wrong(caliptra_emu_downloaded_certificate(emu.get(), nullptr, &size)));
  CHECK(wrong(caliptra_emu_power_on(nullptr)));
  CHECK(wrong(caliptra_emu_cold_reset(nullptr)));
  CHECK(wrong(caliptra_emu_warm_reset(nullptr)));
  CHECK(wrong(caliptra_emu_save(nullptr, nullptr, &size)));
  CHECK(wrong(caliptra_emu_save(emu.get(), nullptr, nullptr)));
  CHECK(wrong(caliptra_emu_restore(nullptr, nullptr, 0)));
  CHECK(wrong(caliptra_emu_restore(emu.get(), nullptr, 0)));
  CHECK(caliptra_emu_mailbox_checksum(1, nullptr, 5) == 0xffff'ffff);
}

TEST_CASE("a configuration that can't be is refused with a reason") {
  const auto rom = greeting_rom();
  caliptra_emu_config config;
  caliptra_emu* emu = nullptr;
  char message[200];
  const auto status_with = [&](auto change) {
    caliptra_emu_config_init(&config);
    config.rom = rom.data();
    config.rom_size = rom.size();
    change();
    const int status = caliptra_emu_create(&config, &emu, message, sizeof message);
    CHECK(emu == nullptr);
    CHECK(std::strlen(message) > 0);
    return status;
  };
  CHECK(status_with([&] { config.generation = 0x20; }) == CALIPTRA_EMU_BAD_CONFIGURATION);
  CHECK(status_with([&] { config.timing = 2; }) == CALIPTRA_EMU_BAD_CONFIGURATION);
  CHECK(status_with([&] { config.lifecycle = 2; }) == CALIPTRA_EMU_BAD_CONFIGURATION);
  CHECK(status_with([&] { config.rom = nullptr; }) == CALIPTRA_EMU_BAD_CONFIGURATION);
  CHECK(status_with([&] { config.rom_size = 0; }) == CALIPTRA_EMU_BAD_CONFIGURATION);
  const std::vector<uint8_t> large(48 * 1024 + 1);
  CHECK(status_with([&] {
          config.rom = large.data();
          config.rom_size = large.size();
        }) == CALIPTRA_EMU_BAD_CONFIGURATION);
  CHECK(status_with([&] { config.size = 8; }) == CALIPTRA_EMU_INVALID_ARGUMENT);
  CHECK(status_with([&] { config.size = SIZE_MAX; }) == CALIPTRA_EMU_INVALID_ARGUMENT);
  CHECK(status_with([&] { config.size = 0; }) == CALIPTRA_EMU_INVALID_ARGUMENT);

  char short_message[5] = "xxxx";
  config.size = 0;
  caliptra_emu_create(&config, &emu, short_message, sizeof short_message);
  CHECK(std::strlen(short_message) == 4);
}

TEST_CASE("a caller built against a later header is served as long as it uses nothing new") {
  const auto rom = greeting_rom();
  struct Later {
    caliptra_emu_config known;
    uint64_t unknown;
  } later{};
  caliptra_emu_config_init(&later.known);
  later.known.size = sizeof later;
  later.known.rom = rom.data();
  later.known.rom_size = rom.size();
  caliptra_emu* emu = nullptr;
  CHECK(caliptra_emu_create(&later.known, &emu, nullptr, 0) == CALIPTRA_EMU_OK);
  caliptra_emu_destroy(emu);
  later.unknown = 1;
  CHECK(caliptra_emu_create(&later.known, &emu, nullptr, 0) == CALIPTRA_EMU_INVALID_ARGUMENT);
}

// What the callbacks saw.
struct Seen {
  explicit Seen(caliptra_emu* the_emu) : emu(the_emu) {}

  caliptra_emu* emu;
  std::string console;
  std::vector<std::string> log;
  std::vector<int> events;
  std::vector<std::pair<int, bool>> wires;
  std::vector<int> statuses_inside;
};

void listen(Seen& seen) {
  caliptra_emu_on_console(
      seen.emu, [](void* opaque, char character) { static_cast<Seen*>(opaque)->console += character; }, &seen);
  caliptra_emu_on_log(
      seen.emu, [](void* opaque, int, const char* text) { static_cast<Seen*>(opaque)->log.emplace_back(text); }, &seen);
  caliptra_emu_on_wire(
      seen.emu, [](void* opaque, int wire, bool level) { static_cast<Seen*>(opaque)->wires.emplace_back(wire, level); },
      &seen);
  caliptra_emu_on_event(
      seen.emu,
      [](void* opaque, const caliptra_emu_event_info* info) {
        static_cast<Seen*>(opaque)->events.push_back(info->event);
      },
      &seen);
}

TEST_CASE("a program is seen by all callbacks") {
  const auto rom = greeting_rom();
  const Emu emu = make(rom);
  Seen seen(emu.get());
  listen(seen);
  start(emu.get());
  int stop = -1;
  CHECK(caliptra_emu_run(emu.get(), 10'000, CALIPTRA_EMU_EVENT_READY_FOR_FW, &stop) == CALIPTRA_EMU_OK);
  CHECK(stop == CALIPTRA_EMU_STOP_EVENT);
  CHECK(seen.console == "hi");
  CHECK(std::find(seen.events.begin(), seen.events.end(), CALIPTRA_EMU_EVENT_BOOT_STATUS) != seen.events.end());
  REQUIRE_FALSE(seen.wires.empty());
  CHECK(seen.wires.back() == std::pair<int, bool>(CALIPTRA_EMU_READY_FOR_FW, true));
  CHECK(seen.wires.front() == std::pair<int, bool>(CALIPTRA_EMU_READY_FOR_FUSES, true));
  CHECK(std::any_of(seen.log.begin(), seen.log.end(),
                    [](const std::string& line) { return line.find("boot status 0x42") != std::string::npos; }));
  uint32_t value = 0;
  CHECK(caliptra_emu_read(emu.get(), boot_status, 4, user, &value) == CALIPTRA_EMU_OK);
  CHECK(value == 0x42);
  CHECK(caliptra_emu_get_generic_output(emu.get(), 0, &value) == CALIPTRA_EMU_OK);
  CHECK(value == 'i');

  const uint64_t cycles = caliptra_emu_cycles(emu.get());
  const uint64_t instructions = caliptra_emu_instructions(emu.get());
  CHECK(caliptra_emu_run(emu.get(), 1000, 0, &stop) == CALIPTRA_EMU_OK);
  CHECK(stop == CALIPTRA_EMU_STOP_CYCLES);
  CHECK(caliptra_emu_cycles(emu.get()) == cycles + 1000);
  CHECK(caliptra_emu_step(emu.get(), &stop) == CALIPTRA_EMU_OK);
  CHECK(caliptra_emu_instructions(emu.get()) >= instructions + 1);
}

TEST_CASE("a step ends, whatever the hart does") {
  const auto illegal = testing::rom_of({0});
  const Emu traps = make(illegal);
  start(traps.get());
  for (int i = 0; i < 3; ++i) CHECK(caliptra_emu_step(traps.get(), nullptr) == CALIPTRA_EMU_OK);

  const auto rom = greeting_rom();
  const Emu held = make(rom);
  REQUIRE(caliptra_emu_set_wire(held.get(), CALIPTRA_EMU_CPTRA_PWRGOOD, true) == CALIPTRA_EMU_OK);
  REQUIRE(caliptra_emu_set_wire(held.get(), CALIPTRA_EMU_CPTRA_RST_B, true) == CALIPTRA_EMU_OK);
  // Nobody writes FUSE_WR_DONE.
  for (int i = 0; i < 100; ++i) CHECK(caliptra_emu_step(held.get(), nullptr) == CALIPTRA_EMU_OK);
  CHECK(caliptra_emu_instructions(held.get()) == 0);
}

TEST_CASE("callbacks can stop a run, but not begin one") {
  const auto rom = greeting_rom();
  const Emu emu = make(rom);
  Seen seen(emu.get());
  caliptra_emu_on_console(
      emu.get(),
      [](void* opaque, char) {
        auto& all = *static_cast<Seen*>(opaque);
        size_t size = 0;
        all.statuses_inside = {caliptra_emu_run(all.emu, 1, 0, nullptr),   caliptra_emu_step(all.emu, nullptr),
                               caliptra_emu_save(all.emu, nullptr, &size), caliptra_emu_cold_reset(all.emu),
                               caliptra_emu_warm_reset(all.emu),           caliptra_emu_power_on(all.emu)};
        caliptra_emu_destroy(all.emu);
        uint32_t value = 0;
        CHECK(caliptra_emu_read(all.emu, boot_status, 4, user, &value) == CALIPTRA_EMU_OK);
        caliptra_emu_stop(all.emu);
      },
      &seen);
  start(emu.get());
  int stop = -1;
  CHECK(caliptra_emu_run(emu.get(), 10'000, 0, &stop) == CALIPTRA_EMU_OK);
  CHECK(stop == CALIPTRA_EMU_STOP_REQUESTED);
  CHECK(seen.statuses_inside == std::vector<int>(6, CALIPTRA_EMU_BUSY));
}

TEST_CASE("callbacks that come outside of a run can't begin one either") {
  const auto rom = greeting_rom();
  const Emu emu = make(rom);
  Seen seen(emu.get());
  caliptra_emu_on_log(
      emu.get(),
      [](void* opaque, int, const char*) {
        auto& all = *static_cast<Seen*>(opaque);
        all.statuses_inside.push_back(caliptra_emu_run(all.emu, 1, 0, nullptr));
        caliptra_emu_destroy(all.emu);
      },
      &seen);
  uint32_t value = 0;
  CHECK(caliptra_emu_read(emu.get(), boot_status, 4, user, &value) == CALIPTRA_EMU_BUS_ERROR);
  CHECK(seen.statuses_inside == std::vector<int>{CALIPTRA_EMU_BUSY});
  caliptra_emu_power_on(emu.get());
  CHECK(seen.statuses_inside.size() > 1);
  CHECK(std::all_of(seen.statuses_inside.begin(), seen.statuses_inside.end(),
                    [](int status) { return status == CALIPTRA_EMU_BUSY; }));
  CHECK(caliptra_emu_run(emu.get(), 1, 0, nullptr) == CALIPTRA_EMU_OK);
}

TEST_CASE("the bus refuses what the RTL refuses, and says why") {
  const auto rom = greeting_rom();
  const Emu emu = make(rom);
  Seen seen(emu.get());
  listen(seen);
  uint32_t value = 1;
  CHECK(caliptra_emu_read(emu.get(), boot_status, 4, user, &value) == CALIPTRA_EMU_BUS_ERROR);  // no power
  CHECK(value == 0);
  start(emu.get());
  CHECK(caliptra_emu_read(emu.get(), mbox_lock, 4, user, &value) == CALIPTRA_EMU_BUS_ERROR);
  CHECK(std::string(caliptra_emu_error(emu.get())).find("as user 0x1") != std::string::npos);
  CHECK(seen.log.back().find("as user 0x1") != std::string::npos);
  CHECK(caliptra_emu_read(emu.get(), mbox_lock, 4, 0xffff'ffff, &value) == CALIPTRA_EMU_OK);
  CHECK(std::string(caliptra_emu_error(emu.get())).empty());
  CHECK(caliptra_emu_read(emu.get(), boot_status, 2, user, &value) == CALIPTRA_EMU_BUS_ERROR);
  CHECK(caliptra_emu_read(emu.get(), boot_status + 2, 4, user, &value) == CALIPTRA_EMU_BUS_ERROR);
  CHECK(caliptra_emu_write(emu.get(), 0x3000'0000, 4, user, 1) == CALIPTRA_EMU_BUS_ERROR);
}

TEST_CASE("the TAP is open while debug is unlocked") {
  const auto rom = greeting_rom();
  const Emu emu = make(rom);
  uint32_t value = 1;
  CHECK(caliptra_emu_tap_read(emu.get(), 0x53, &value) == CALIPTRA_EMU_BUS_ERROR);  // no power
  CHECK(value == 0);
  CHECK(std::string(caliptra_emu_error(emu.get())).find("0x53") != std::string::npos);
  start(emu.get());
  CHECK(caliptra_emu_run(emu.get(), 1000, 0, nullptr) == CALIPTRA_EMU_OK);
  CHECK(caliptra_emu_tap_read(emu.get(), 0x53, &value) == CALIPTRA_EMU_OK);
  CHECK(value == 0x42);
  CHECK(caliptra_emu_tap_write(emu.get(), 0x60, 0x55aa) == CALIPTRA_EMU_OK);
  CHECK(caliptra_emu_tap_read(emu.get(), 0x60, &value) == CALIPTRA_EMU_OK);
  CHECK(value == 0x55aa);
  CHECK(caliptra_emu_tap_write(emu.get(), 0x53, 0) == CALIPTRA_EMU_BUS_ERROR);
  CHECK(caliptra_emu_tap_read(emu.get(), 0x153, &value) == CALIPTRA_EMU_BUS_ERROR);
  CHECK(caliptra_emu_tap_write(emu.get(), 0x160, 0) == CALIPTRA_EMU_BUS_ERROR);
}

TEST_CASE("fuses by name") {
  const auto rom = greeting_rom();
  const Emu emu = make(rom);
  caliptra_emu_power_on(emu.get());
  caliptra_emu_run(emu.get(), 100, CALIPTRA_EMU_EVENT_READY_FOR_FUSES, nullptr);
  const uint32_t words[] = {1, 2, 3, 4};
  CHECK(caliptra_emu_write_fuse(emu.get(), "fuse_runtime_svn", words, 4, user) == CALIPTRA_EMU_OK);
  CHECK(caliptra_emu_write_fuse(emu.get(), "fuse_runtime_svn", words, 3, user) == CALIPTRA_EMU_INVALID_ARGUMENT);
  CHECK(caliptra_emu_write_fuse(emu.get(), "fuse_nothing", words, 1, user) == CALIPTRA_EMU_INVALID_ARGUMENT);
  CHECK(std::string(caliptra_emu_error(emu.get())).find("fuse_nothing") != std::string::npos);
  size_t count = 0;
  size_t word_count = 0;
  bool found = false;
  while (const char* name = caliptra_emu_fuse_name(emu.get(), count, &word_count)) {
    if (std::string(name) == "fuse_runtime_svn") found = word_count == 4;
    ++count;
  }
  CHECK(found);
  CHECK(count > 10);
}

TEST_CASE("memory as a debugger sees it") {
  const auto rom = greeting_rom();
  const Emu emu = make(rom);
  std::vector<uint8_t> bytes(rom.size());
  CHECK(caliptra_emu_read_memory(emu.get(), 0, bytes.data(), bytes.size()) == CALIPTRA_EMU_OK);
  CHECK(bytes == rom);
  CHECK(caliptra_emu_write_memory(emu.get(), 0, bytes.data(), bytes.size()) == CALIPTRA_EMU_BUS_ERROR);
  const uint8_t three[] = {1, 2, 3};
  for (const uint32_t base : {0x3000'0000U, 0x4000'0000U, 0x5000'0000U}) {
    CHECK(caliptra_emu_write_memory(emu.get(), base + 1, three, 3) == CALIPTRA_EMU_OK);
    uint32_t value = 0;
    CHECK(caliptra_emu_peek(emu.get(), base, &value) == CALIPTRA_EMU_OK);
    CHECK(value == 0x0302'0100);
    CHECK(caliptra_emu_inject_ecc_error(emu.get(), base, false) == CALIPTRA_EMU_OK);
  }
  CHECK(caliptra_emu_read_memory(emu.get(), 0x4001'fffe, bytes.data(), 4) == CALIPTRA_EMU_BUS_ERROR);
  CHECK(caliptra_emu_read_memory(emu.get(), 0, bytes.data(), SIZE_MAX) == CALIPTRA_EMU_BUS_ERROR);
  CHECK(caliptra_emu_inject_ecc_error(emu.get(), 0x3002'0000, false) == CALIPTRA_EMU_INVALID_ARGUMENT);
}

TEST_CASE("an uncorrectable error in DCCM is a fatal hardware error") {
  using namespace testing;
  const auto rom = rom_of({lui(1, 0x5000'0000), lw(2, 1, 0), loop_forever});
  const Emu emu = make(rom);
  start(emu.get());
  REQUIRE(caliptra_emu_inject_ecc_error(emu.get(), 0x5000'0000, false) == CALIPTRA_EMU_OK);
  int stop = -1;
  caliptra_emu_run(emu.get(), 10'000, CALIPTRA_EMU_EVENT_HARDWARE_ERROR_FATAL, &stop);
  CHECK(stop == CALIPTRA_EMU_STOP_EVENT);
  bool fatal = false;
  CHECK(caliptra_emu_get_wire(emu.get(), CALIPTRA_EMU_CPTRA_ERROR_FATAL, &fatal) == CALIPTRA_EMU_OK);
  CHECK(fatal);
}

TEST_CASE("faults by name") {
  const auto rom = greeting_rom();
  const Emu emu = make(rom);
  caliptra_emu_fault fault = {};
  const auto wrong = [](int status) { return status == CALIPTRA_EMU_INVALID_ARGUMENT; };
  CHECK(wrong(caliptra_emu_inject_fault(nullptr, &fault)));
  CHECK(wrong(caliptra_emu_inject_fault(emu.get(), nullptr)));
  CHECK(wrong(caliptra_emu_inject_fault(emu.get(), &fault)));
  fault.size = sizeof fault;
  CHECK(wrong(caliptra_emu_inject_fault(emu.get(), &fault)));
  fault.kind = "gremlins";
  CHECK(wrong(caliptra_emu_inject_fault(emu.get(), &fault)));
  CHECK(std::string(caliptra_emu_error(emu.get())).find("gremlins") != std::string::npos);
  fault.kind = "ecc_uncorrectable";
  CHECK(wrong(caliptra_emu_inject_fault(emu.get(), &fault)));  // the ROM has no ECC

  // The greeting program's first store fails, and with it the program.
  fault.kind = "bus_error";
  fault.address = 0x3003'00cc;
  REQUIRE(caliptra_emu_inject_fault(emu.get(), &fault) == CALIPTRA_EMU_OK);
  std::string console;
  caliptra_emu_on_console(
      emu.get(), [](void* opaque, char character) { *static_cast<std::string*>(opaque) += character; }, &console);
  start(emu.get());
  caliptra_emu_run(emu.get(), 10'000, CALIPTRA_EMU_EVENT_BOOT_STATUS, nullptr);
  CHECK(console.empty());

  // A cold reset, and without the fault it greets.
  REQUIRE(caliptra_emu_clear_faults(emu.get()) == CALIPTRA_EMU_OK);
  CHECK(wrong(caliptra_emu_clear_faults(nullptr)));
  REQUIRE(caliptra_emu_cold_reset(emu.get()) == CALIPTRA_EMU_OK);
  start(emu.get());
  caliptra_emu_run(emu.get(), 10'000, CALIPTRA_EMU_EVENT_READY_FOR_FW, nullptr);
  CHECK(console == "hi");
}

std::vector<uint8_t> save(caliptra_emu* emu) {
  size_t size = 0;
  REQUIRE(caliptra_emu_save(emu, nullptr, &size) == CALIPTRA_EMU_OK);
  std::vector<uint8_t> state(size);
  size_t small = size - 1;
  CHECK(caliptra_emu_save(emu, state.data(), &small) == CALIPTRA_EMU_TOO_SMALL);
  CHECK(small == size);
  REQUIRE(caliptra_emu_save(emu, state.data(), &size) == CALIPTRA_EMU_OK);
  return state;
}

TEST_CASE("state is refused where it does not fit") {
  const auto rom = greeting_rom();
  const Emu emu = make(rom);
  start(emu.get());
  std::vector<uint8_t> state = save(emu.get());
  CHECK(caliptra_emu_restore(emu.get(), state.data(), state.size()) == CALIPTRA_EMU_OK);
  CHECK(caliptra_emu_restore(emu.get(), state.data(), state.size() - 1) == CALIPTRA_EMU_BAD_STATE);
  CHECK(std::strlen(caliptra_emu_error(emu.get())) > 0);
  const auto other_rom = testing::rom_of({testing::loop_forever});
  const Emu other = make(other_rom);
  CHECK(caliptra_emu_restore(other.get(), state.data(), state.size()) == CALIPTRA_EMU_BAD_STATE);
  CHECK(std::string(caliptra_emu_error(other.get())).find("ROM") != std::string::npos);
  state[0] ^= 1;
  CHECK(caliptra_emu_restore(emu.get(), state.data(), state.size()) == CALIPTRA_EMU_BAD_STATE);

  const Emu with_soc = make(rom);
  const std::vector<uint8_t> without = save(with_soc.get());
  caliptra_emu_soc_plan plan;
  caliptra_emu_soc_plan_init(&plan);
  REQUIRE(caliptra_emu_attach_soc(with_soc.get(), &plan) == CALIPTRA_EMU_OK);
  CHECK(caliptra_emu_restore(with_soc.get(), without.data(), without.size()) == CALIPTRA_EMU_BAD_STATE);
  CHECK(std::string(caliptra_emu_error(with_soc.get())).find("without a SoC") != std::string::npos);
}

TEST_CASE("a core from a text") {
  const auto rom = greeting_rom();
  caliptra_emu* raw = nullptr;
  char message[200];
  CHECK(caliptra_emu_create_from_text("[core]\nspeed = 1\n", rom.data(), rom.size(), &raw, message, sizeof message) ==
        CALIPTRA_EMU_BAD_CONFIGURATION);
  CHECK(std::string(message).starts_with("line 2: unknown key core.speed"));
  REQUIRE(caliptra_emu_create_from_text("[soc]\nuser = 5\nmailbox_users = [5]\n[fuses]\nfuse_lms_verify = 1\n",
                                        rom.data(), rom.size(), &raw, message, sizeof message) == CALIPTRA_EMU_OK);
  const Emu emu(raw);
  REQUIRE(caliptra_emu_attach_configured_soc(emu.get(), nullptr, 0) == CALIPTRA_EMU_OK);
  CHECK(caliptra_emu_attach_configured_soc(emu.get(), nullptr, 0) == CALIPTRA_EMU_BUSY);
  caliptra_emu_power_on(emu.get());
  caliptra_emu_run(emu.get(), 10'000, 0, nullptr);
  uint32_t value = 0;
  CHECK(caliptra_emu_peek(emu.get(), 0x3003'0340, &value) == CALIPTRA_EMU_OK);  // fuse_lms_verify
  CHECK(value == 1);
  CHECK(caliptra_emu_read(emu.get(), mbox_lock, 4, 5, &value) == CALIPTRA_EMU_OK);
  int upload = -1;
  CHECK(caliptra_emu_upload_status(emu.get(), &upload) == CALIPTRA_EMU_OK);
  CHECK(upload == CALIPTRA_EMU_UPLOAD_MISSING);
}

TEST_CASE("a plan that can't be is refused") {
  const auto rom = greeting_rom();
  const Emu emu = make(rom);
  caliptra_emu_soc_plan plan;
  const auto status_with = [&](auto change) {
    caliptra_emu_soc_plan_init(&plan);
    change();
    return caliptra_emu_attach_soc(emu.get(), &plan);
  };
  const uint32_t words[6] = {};
  const caliptra_emu_fuse wrong_size{"fuse_lms_verify", words, 2};
  const caliptra_emu_fuse nameless{nullptr, words, 1};
  CHECK(status_with([&] { plan.size = 1; }) == CALIPTRA_EMU_INVALID_ARGUMENT);
  CHECK(status_with([&] { plan.firmware_size = 1; }) == CALIPTRA_EMU_INVALID_ARGUMENT);
  CHECK(status_with([&] { plan.fuse_count = 1; }) == CALIPTRA_EMU_INVALID_ARGUMENT);
  CHECK(status_with([&] { plan.mailbox_user_count = 1; }) == CALIPTRA_EMU_INVALID_ARGUMENT);
  CHECK(status_with([&] {
          plan.mailbox_users = words;
          plan.mailbox_user_count = 6;
        }) == CALIPTRA_EMU_INVALID_ARGUMENT);
  for (const caliptra_emu_fuse* fuse : {&wrong_size, &nameless}) {
    CHECK(status_with([&] {
            plan.fuses = fuse;
            plan.fuse_count = 1;
          }) == CALIPTRA_EMU_INVALID_ARGUMENT);
  }
  CHECK(status_with([] {}) == CALIPTRA_EMU_OK);
}

// The official ROM and a production bundle.
struct Booted {
  Emu emu;
  std::vector<uint8_t> response;

  int mailbox(uint32_t command) {
    const uint32_t checksum = caliptra_emu_mailbox_checksum(command, nullptr, 0);
    uint8_t payload[4];
    for (unsigned i = 0; i < 4; ++i) payload[i] = static_cast<uint8_t>(checksum >> (8 * i));
    response.assign(4096, 0);
    size_t size = response.size();
    int outcome = -1;
    CHECK(caliptra_emu_mailbox(emu.get(), command, payload, 4, user, 50'000'000, &outcome, response.data(), &size) ==
          CALIPTRA_EMU_OK);
    response.resize(size);
    return outcome;
  }
};

constexpr uint32_t boot_end = CALIPTRA_EMU_EVENT_RUNTIME_READY | CALIPTRA_EMU_EVENT_FIRMWARE_ERROR_FATAL;

std::optional<Booted> boot(std::string_view name, bool own_trng) {
  const auto rom = testing::image(testing::rom_with_log);
  const auto bundle = testing::image(testing::bundle);
  if (!rom || !bundle) {
    veer::testing::skip(name, "the official images are not there");
    return std::nullopt;
  }
  Booted booted{.emu = make(*rom), .response = {}};
  caliptra_emu* const emu = booted.emu.get();
  caliptra_emu_soc_plan plan;
  caliptra_emu_soc_plan_init(&plan);
  plan.user = user;
  plan.firmware = bundle->data();
  plan.firmware_size = bundle->size();
  plan.answer_trng = !own_trng;
  REQUIRE(caliptra_emu_attach_soc(emu, &plan) == CALIPTRA_EMU_OK);
  return booted;
}

TEST_CASE("the official ROM boots a production bundle") {
  auto booted = boot("C face: boot", false);
  if (!booted) return;
  caliptra_emu* const emu = booted->emu.get();
  caliptra_emu_power_on(emu);
  int stop = -1;
  CHECK(caliptra_emu_run(emu, 100'000'000, boot_end, &stop) == CALIPTRA_EMU_OK);
  CHECK(stop == CALIPTRA_EMU_STOP_EVENT);
  int upload = -1;
  CHECK(caliptra_emu_upload_status(emu, &upload) == CALIPTRA_EMU_OK);
  CHECK(upload == CALIPTRA_EMU_UPLOAD_ACCEPTED);
  CHECK(booted->mailbox(fw_info) == 1);
  CHECK(booted->response.size() > 100);
  const std::vector<uint8_t> first = booted->response;

  // The same without waiting for the end, and with a response that does not fit.
  const uint32_t checksum = caliptra_emu_mailbox_checksum(fw_info, nullptr, 0);
  uint8_t payload[4];
  for (unsigned i = 0; i < 4; ++i) payload[i] = static_cast<uint8_t>(checksum >> (8 * i));
  REQUIRE(caliptra_emu_mailbox_start(emu, fw_info, payload, 4, user) == CALIPTRA_EMU_OK);
  int outcome = -1;
  CHECK(caliptra_emu_mailbox_result(emu, &outcome, nullptr, nullptr) == CALIPTRA_EMU_BUSY);
  CHECK(caliptra_emu_mailbox_start(emu, fw_info, payload, 4, user) == CALIPTRA_EMU_BUSY);
  CHECK(caliptra_emu_run(emu, 50'000'000, CALIPTRA_EMU_EVENT_MAILBOX_DONE, &stop) == CALIPTRA_EMU_OK);
  CHECK(stop == CALIPTRA_EMU_STOP_EVENT);
  std::vector<uint8_t> response(first.size());
  size_t size = 10;
  CHECK(caliptra_emu_mailbox_result(emu, &outcome, response.data(), &size) == CALIPTRA_EMU_TOO_SMALL);
  CHECK(size == first.size());
  CHECK(caliptra_emu_mailbox_result(emu, &outcome, response.data(), &size) == CALIPTRA_EMU_OK);
  CHECK(outcome == 1);
  CHECK(response == first);

  CHECK(caliptra_emu_warm_reset(emu) == CALIPTRA_EMU_OK);
  CHECK(caliptra_emu_run(emu, 100'000'000, CALIPTRA_EMU_EVENT_WARM_RESET | boot_end, &stop) == CALIPTRA_EMU_OK);
  CHECK(stop == CALIPTRA_EMU_STOP_EVENT);
}

TEST_CASE("a TRNG callback is asked") {
  auto booted = boot("C face: TRNG callback", true);
  if (!booted) return;
  caliptra_emu* const emu = booted->emu.get();
  uint32_t seed = 1;
  caliptra_emu_on_trng_request(
      emu,
      [](void* opaque, uint32_t words[12]) {
        for (unsigned i = 0; i < 12; ++i) words[i] = *static_cast<uint32_t*>(opaque) += 0x9e37'79b9;
        return true;
      },
      &seed, user, 10);
  caliptra_emu_power_on(emu);
  int stop = -1;
  CHECK(caliptra_emu_run(emu, 100'000'000, boot_end, &stop) == CALIPTRA_EMU_OK);
  CHECK(stop == CALIPTRA_EMU_STOP_EVENT);
  CHECK(seed != 1);
  CHECK(booted->mailbox(fw_info) == 1);
}

TEST_CASE("a boot goes on from saved state as if nothing had happened") {
  auto whole = boot("C face: state", false);
  auto halves = boot("C face: state", false);
  if (!whole || !halves) return;
  caliptra_emu_power_on(whole->emu.get());
  caliptra_emu_run(whole->emu.get(), 2'000'000, 0, nullptr);
  const std::vector<uint8_t> state = save(whole->emu.get());
  caliptra_emu_run(whole->emu.get(), 100'000'000, boot_end, nullptr);
  REQUIRE(caliptra_emu_restore(halves->emu.get(), state.data(), state.size()) == CALIPTRA_EMU_OK);
  int stop = -1;
  caliptra_emu_run(halves->emu.get(), 100'000'000, boot_end, &stop);
  CHECK(stop == CALIPTRA_EMU_STOP_EVENT);
  CHECK(caliptra_emu_cycles(whole->emu.get()) == caliptra_emu_cycles(halves->emu.get()));
  CHECK(save(whole->emu.get()) == save(halves->emu.get()));
}

}  // namespace
}  // namespace caliptra
