// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/c/caliptra_bootmcu.h"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "iss/testing/skip.h"
#include "soc/c/testing.h"

namespace caliptra {
namespace {

using Bytes = std::vector<uint8_t>;

constexpr uint64_t entry = 0x4'0000'0000;
constexpr uint32_t application_user = 7;
constexpr uint32_t mbox_lock = 0x3002'0000;

// The PK hashes that make testing::bundle valid in production (images/README.md), in the words of the fuse registers.
constexpr const char* production_text =
    "[security]\n"
    "device_lifecycle = \"production\"\n"
    "debug_locked = true\n"
    "[fuses]\n"
    "fuse_key_manifest_pk_hash = "
    "\"428d18b0b49192c0163b4e0b2e231d20eef3ae37f8046c09a31911e3f6875a9a287342c58c7f8d68b69fafe1dd27b2dc\"\n"
    "fuse_owner_pk_hash = "
    "\"7c6d2e51463b1da3aac7082ec17bca667ee7f40448901ad47880a7c175dec3d2eb2d1ef775cdb6aeaaeaf9d9548b01e5\"\n";

constexpr const char* wrong_hash_text =
    "[security]\n"
    "device_lifecycle = \"production\"\n"
    "debug_locked = true\n"
    "[fuses]\n"
    "fuse_key_manifest_pk_hash = "
    "\"528d18b0b49192c0163b4e0b2e231d20eef3ae37f8046c09a31911e3f6875a9a287342c58c7f8d68b69fafe1dd27b2dc\"\n";

struct Board {
  struct Destroy {
    void operator()(caliptra_bootmcu* mcu) const { caliptra_bootmcu_destroy(mcu); }
  };
  std::unique_ptr<caliptra_bootmcu, Destroy> mcu;
  std::vector<std::pair<uint64_t, uint32_t>> writes;
  std::vector<int> phases;

  Board(const Bytes& rom, const Bytes& firmware, const char* text = nullptr, uint64_t timeout = 0) {
    caliptra_bootmcu_config config;
    caliptra_bootmcu_config_init(&config);
    config.rom = rom.data();
    config.rom_size = rom.size();
    config.firmware = firmware.empty() ? nullptr : firmware.data();
    config.firmware_size = firmware.size();
    config.configuration = text;
    config.mailbox_users = &application_user;
    config.mailbox_user_count = 1;
    config.entry = entry;
    config.boot_timeout = timeout;
    char message[200];
    caliptra_bootmcu* made = nullptr;
    const int status = caliptra_bootmcu_create(&config, &made, message, sizeof message);
    INFO(message);
    REQUIRE(status == CALIPTRA_EMU_OK);
    mcu.reset(made);
    caliptra_bootmcu_on_write(
        made,
        [](void* opaque, uint64_t address, uint32_t value) {
          auto& board = *static_cast<Board*>(opaque);
          board.writes.emplace_back(address, value);
          // A callback must not drive what called it.
          CHECK(caliptra_bootmcu_run(board.mcu.get(), 1, nullptr) == CALIPTRA_EMU_BUSY);
        },
        this);
    caliptra_bootmcu_on_phase(
        made, [](void* opaque, int phase) { static_cast<Board*>(opaque)->phases.push_back(phase); }, this);
  }
  Board(const Board&) = delete;
  Board& operator=(const Board&) = delete;

  caliptra_bootmcu_status status() const {
    caliptra_bootmcu_status result{};
    result.size = sizeof result;
    REQUIRE(caliptra_bootmcu_get_status(mcu.get(), &result) == CALIPTRA_EMU_OK);
    return result;
  }

  /// Runs in slices, as a simulator does, until the boot is over.
  int boot(uint64_t slice = 20'000, uint64_t limit = 60'000'000) {
    int stop = CALIPTRA_EMU_STOP_CYCLES;
    for (uint64_t passed = 0; passed < limit && status().phase < CALIPTRA_BOOTMCU_RELEASED; passed += slice) {
      REQUIRE(caliptra_bootmcu_run(mcu.get(), slice, &stop) == CALIPTRA_EMU_OK);
      if (stop == CALIPTRA_EMU_STOP_NO_PROGRESS) break;
    }
    return status().phase;
  }

  bool released() const {
    for (const auto& [address, value] : writes) {
      if (address == CALIPTRA_BOOTMCU_SCU0_CA35_REL && value == 1) return true;
    }
    return false;
  }

  std::string failure() const { return caliptra_bootmcu_failure(mcu.get()); }

  Bytes save() const {
    std::size_t size = 0;
    REQUIRE(caliptra_bootmcu_save(mcu.get(), nullptr, &size) == CALIPTRA_EMU_OK);
    Bytes state(size);
    REQUIRE(caliptra_bootmcu_save(mcu.get(), state.data(), &size) == CALIPTRA_EMU_OK);
    return state;
  }
};

struct Images {
  Bytes rom, firmware;
};

std::optional<Images> images(std::string_view test) {
  auto rom = testing::image(testing::rom_with_log);
  auto firmware = testing::image(testing::bundle);
  if (!rom || !firmware) {
    veer::testing::skip(test, "the official images are not there; CALIPTRA_IMAGES names their folder");
    return std::nullopt;
  }
  return Images{std::move(*rom), std::move(*firmware)};
}

TEST_CASE("wrong arguments are answered") {
  caliptra_bootmcu_config config;
  caliptra_bootmcu_config_init(&config);
  caliptra_bootmcu* mcu = nullptr;
  char message[100];
  CHECK(caliptra_bootmcu_create(nullptr, &mcu, nullptr, 0) == CALIPTRA_EMU_INVALID_ARGUMENT);
  CHECK(caliptra_bootmcu_create(&config, nullptr, nullptr, 0) == CALIPTRA_EMU_INVALID_ARGUMENT);
  CHECK(caliptra_bootmcu_create(&config, &mcu, message, sizeof message) == CALIPTRA_EMU_BAD_CONFIGURATION);
  CHECK(std::string(message) == "there is no ROM image");
  const Bytes rom = testing::greeting_rom();
  config.rom = rom.data();
  config.rom_size = rom.size();
  config.configuration = "[fuses]\nno_such_fuse = 1\n";
  CHECK(caliptra_bootmcu_create(&config, &mcu, message, sizeof message) == CALIPTRA_EMU_BAD_CONFIGURATION);
  CHECK(std::string(message).find("line 2") == 0);
  config.configuration = nullptr;
  config.entry = 4;
  CHECK(caliptra_bootmcu_create(&config, &mcu, message, sizeof message) == CALIPTRA_EMU_BAD_CONFIGURATION);
  CHECK(mcu == nullptr);
  config.entry = 0;
  config.lifecycle = 2;
  CHECK(caliptra_bootmcu_create(&config, &mcu, message, sizeof message) == CALIPTRA_EMU_BAD_CONFIGURATION);

  CHECK(caliptra_bootmcu_power_on(nullptr) == CALIPTRA_EMU_INVALID_ARGUMENT);
  CHECK(caliptra_bootmcu_run(nullptr, 1, nullptr) == CALIPTRA_EMU_INVALID_ARGUMENT);
  CHECK(caliptra_bootmcu_core(nullptr) == nullptr);
  CHECK(std::string(caliptra_bootmcu_failure(nullptr)).empty());
  CHECK(std::string(caliptra_bootmcu_phase_text(99)) == "unknown");
  caliptra_bootmcu_destroy(nullptr);
}

TEST_CASE("a ROM that waits for firmware that is not there fails the boot") {
  Board board(testing::greeting_rom(), {});
  CHECK(board.status().phase == CALIPTRA_BOOTMCU_OFF);
  REQUIRE(caliptra_bootmcu_power_on(board.mcu.get()) == CALIPTRA_EMU_OK);
  CHECK(board.boot() == CALIPTRA_BOOTMCU_FAILED);
  CHECK(board.failure() == "the ROM waits for firmware, and there is none");
  CHECK(board.phases == std::vector<int>{CALIPTRA_BOOTMCU_ROM, CALIPTRA_BOOTMCU_UPLOAD, CALIPTRA_BOOTMCU_FAILED});
  CHECK_FALSE(board.released());

  // The registers of the SoC tell of power, key and reset in the silicon's order.
  REQUIRE(board.writes.size() == 13);
  CHECK(board.writes.front() == std::pair<uint64_t, uint32_t>{CALIPTRA_BOOTMCU_SCU1_CPTRA_CTRL, 0});
  CHECK(board.writes[1].first == CALIPTRA_BOOTMCU_SCU1_RESET_CONTROL);
  CHECK(board.writes[2] == std::pair<uint64_t, uint32_t>{CALIPTRA_BOOTMCU_SCU1_OBF_KEY, 0x603d'eb10});
  CHECK(board.writes[11].second == CALIPTRA_BOOTMCU_CPTRA_CTRL_PWRGOOD);
  CHECK(board.writes[12].first == CALIPTRA_BOOTMCU_SCU1_RESET_CLEAR);
}

TEST_CASE("a ROM that never gets ready runs into the timeout") {
  Board board(testing::rom_of({testing::loop_forever}), {}, nullptr, 1'000'000);
  REQUIRE(caliptra_bootmcu_power_on(board.mcu.get()) == CALIPTRA_EMU_OK);
  CHECK(board.boot() == CALIPTRA_BOOTMCU_FAILED);
  CHECK(board.failure() == "timeout in phase rom with boot status 0x0");
  CHECK(board.status().cycles >= 1'000'000);
  CHECK(board.status().cycles <= 1'020'000);
  // Power makes it new.
  REQUIRE(caliptra_bootmcu_power_on(board.mcu.get()) == CALIPTRA_EMU_OK);
  CHECK(board.status().phase == CALIPTRA_BOOTMCU_ROM);
  CHECK(board.failure().empty());
}

TEST_CASE("power off and a held reset stop time") {
  Board board(testing::greeting_rom(), {});
  int stop = -1;
  CHECK(caliptra_bootmcu_run(board.mcu.get(), 1000, &stop) == CALIPTRA_EMU_OK);
  CHECK(stop == CALIPTRA_EMU_STOP_NO_PROGRESS);
  REQUIRE(caliptra_bootmcu_power_on(board.mcu.get()) == CALIPTRA_EMU_OK);
  caliptra_bootmcu_run(board.mcu.get(), 20, &stop);
  REQUIRE(caliptra_bootmcu_set_reset_b(board.mcu.get(), false) == CALIPTRA_EMU_OK);
  CHECK(board.status().phase == CALIPTRA_BOOTMCU_RESET);
  caliptra_bootmcu_run(board.mcu.get(), 1000, &stop);
  CHECK(stop == CALIPTRA_EMU_STOP_NO_PROGRESS);
  REQUIRE(caliptra_bootmcu_set_reset_b(board.mcu.get(), true) == CALIPTRA_EMU_OK);
  CHECK(board.boot() == CALIPTRA_BOOTMCU_FAILED);
  REQUIRE(caliptra_bootmcu_power_off(board.mcu.get()) == CALIPTRA_EMU_OK);
  CHECK(board.status().phase == CALIPTRA_BOOTMCU_OFF);
}

TEST_CASE("where a strap or a fuse disables Caliptra the Cortex-A35s run without it") {
  constexpr uint64_t disabling[] = {CALIPTRA_BOOTMCU_SCU1_STRAP, CALIPTRA_BOOTMCU_SCU1_FUSE};
  for (const uint64_t which : disabling) {
    CAPTURE(which);
    Board board(testing::greeting_rom(), {});
    uint64_t address = which;
    const caliptra_bootmcu_read_callback read = [](void* opaque, uint64_t read_address) -> uint32_t {
      if (read_address != *static_cast<uint64_t*>(opaque)) return 0;
      return read_address == CALIPTRA_BOOTMCU_SCU1_STRAP ? CALIPTRA_BOOTMCU_STRAP_DISABLED
                                                         : CALIPTRA_BOOTMCU_FUSE_DISABLED;
    };
    REQUIRE(caliptra_bootmcu_on_read(board.mcu.get(), read, &address) == CALIPTRA_EMU_OK);
    REQUIRE(caliptra_bootmcu_power_on(board.mcu.get()) == CALIPTRA_EMU_OK);
    CHECK(board.writes.empty());
    const Bytes before = board.save();
    CHECK(board.boot() == CALIPTRA_BOOTMCU_DISABLED);
    CHECK(board.phases == std::vector<int>{CALIPTRA_BOOTMCU_DISABLED});
    CHECK(board.released());
    REQUIRE(board.writes.size() == 4 + 6 + 1);
    CHECK(board.writes.front() == std::pair<uint64_t, uint32_t>{CALIPTRA_BOOTMCU_SCU0_CA35_RVBAR, entry >> 4});
    CHECK(board.status().cycles == 0);
    uint32_t value = 0;
    CHECK(caliptra_emu_read(caliptra_bootmcu_core(board.mcu.get()), mbox_lock, 4, CALIPTRA_BOOTMCU_USER, &value) ==
          CALIPTRA_EMU_BUS_ERROR);
    REQUIRE(caliptra_bootmcu_set_reset_b(board.mcu.get(), false) == CALIPTRA_EMU_OK);
    CHECK(board.status().phase == CALIPTRA_BOOTMCU_DISABLED);
    // The state knows.
    Board other(testing::greeting_rom(), {});
    REQUIRE(caliptra_bootmcu_restore(other.mcu.get(), before.data(), before.size()) == CALIPTRA_EMU_OK);
    CHECK(other.boot() == CALIPTRA_BOOTMCU_DISABLED);
    // What is read counts at the next power-on.
    address = 0;
    REQUIRE(caliptra_bootmcu_power_on(board.mcu.get()) == CALIPTRA_EMU_OK);
    CHECK(board.status().phase == CALIPTRA_BOOTMCU_ROM);
  }
}

TEST_CASE("a boot waits for the debugger that has the core stopped") {
  Board board(testing::greeting_rom(), {}, nullptr, 1'000'000);
  caliptra_emu* const core = caliptra_bootmcu_core(board.mcu.get());
  REQUIRE(caliptra_emu_gdb_listen(core, "0", true) == CALIPTRA_EMU_OK);
  REQUIRE(caliptra_bootmcu_power_on(board.mcu.get()) == CALIPTRA_EMU_OK);
  int stop = -1;
  for (int i = 0; i < 3; ++i) {
    CHECK(caliptra_bootmcu_run(board.mcu.get(), 2'000'000, &stop) == CALIPTRA_EMU_OK);
    CHECK(stop == CALIPTRA_EMU_STOP_DEBUGGER);
    CHECK(board.status().phase == CALIPTRA_BOOTMCU_ROM);
  }
  REQUIRE(caliptra_emu_gdb_close(core) == CALIPTRA_EMU_OK);
  CHECK(board.boot() == CALIPTRA_BOOTMCU_FAILED);
}

TEST_CASE("a damaged state is refused") {
  Board board(testing::greeting_rom(), {});
  REQUIRE(caliptra_bootmcu_power_on(board.mcu.get()) == CALIPTRA_EMU_OK);
  caliptra_bootmcu_run(board.mcu.get(), 50, nullptr);
  Bytes state = board.save();
  Board other(testing::greeting_rom(), {});
  for (const std::size_t size : {std::size_t{0}, std::size_t{10}, state.size() / 2, state.size() - 1}) {
    CHECK(caliptra_bootmcu_restore(other.mcu.get(), state.data(), size) == CALIPTRA_EMU_BAD_STATE);
  }
  CHECK(caliptra_bootmcu_restore(other.mcu.get(), state.data(), state.size()) == CALIPTRA_EMU_OK);
  state[0] ^= 0xff;
  CHECK(caliptra_bootmcu_restore(other.mcu.get(), state.data(), state.size()) == CALIPTRA_EMU_BAD_STATE);
}

TEST_CASE("production firmware: the release comes after FW_INFO") {
  const auto real = images("bootmcu: release");
  if (!real) return;
  Board board(real->rom, real->firmware, production_text);
  REQUIRE(caliptra_bootmcu_power_on(board.mcu.get()) == CALIPTRA_EMU_OK);
  REQUIRE_MESSAGE(board.boot() == CALIPTRA_BOOTMCU_RELEASED, board.failure());
  CHECK(board.phases == std::vector<int>{CALIPTRA_BOOTMCU_ROM, CALIPTRA_BOOTMCU_UPLOAD, CALIPTRA_BOOTMCU_RUNTIME,
                                         CALIPTRA_BOOTMCU_FW_INFO, CALIPTRA_BOOTMCU_RELEASED});
  CHECK(board.status().upload == CALIPTRA_EMU_UPLOAD_ACCEPTED);
  CHECK(board.status().firmware_error_fatal == 0);

  std::size_t size = 0;
  CHECK(caliptra_bootmcu_firmware_info(board.mcu.get(), nullptr, &size) == CALIPTRA_EMU_OK);
  CHECK(size > 40);

  // Reset vectors, secondary entries, then the release, and nothing after it.
  REQUIRE(board.writes.size() == 13 + 4 + 6 + 1);
  CHECK(board.writes[13] == std::pair<uint64_t, uint32_t>{CALIPTRA_BOOTMCU_SCU0_CA35_RVBAR, entry >> 4});
  CHECK(board.writes[17] == std::pair<uint64_t, uint32_t>{CALIPTRA_BOOTMCU_SCU0_SMP_EP + 8, 0});
  CHECK(board.writes.back() == std::pair<uint64_t, uint32_t>{CALIPTRA_BOOTMCU_SCU0_CA35_REL, 1});

  // Only the users that were programmed get at the mailbox.
  caliptra_emu* const core = caliptra_bootmcu_core(board.mcu.get());
  uint32_t lock = 1;
  CHECK(caliptra_emu_read(core, mbox_lock, 4, 99, &lock) == CALIPTRA_EMU_BUS_ERROR);
  CHECK(caliptra_emu_read(core, mbox_lock, 4, application_user, &lock) == CALIPTRA_EMU_OK);
  CHECK(lock == 0);

  // A warm reset of Caliptra alone gets ready again, and releases nobody twice.
  REQUIRE(caliptra_bootmcu_set_reset_b(board.mcu.get(), false) == CALIPTRA_EMU_OK);
  REQUIRE(caliptra_bootmcu_set_reset_b(board.mcu.get(), true) == CALIPTRA_EMU_OK);
  REQUIRE_MESSAGE(board.boot() == CALIPTRA_BOOTMCU_RELEASED, board.failure());
  CHECK(board.writes.size() == 13 + 4 + 6 + 1);
}

TEST_CASE("firmware that is not the owner's: Caliptra's error code, and no release") {
  const auto real = images("bootmcu: refusals");
  if (!real) return;
  SUBCASE("wrong PK hash") {
    Board board(real->rom, real->firmware, wrong_hash_text);
    REQUIRE(caliptra_bootmcu_power_on(board.mcu.get()) == CALIPTRA_EMU_OK);
    CHECK(board.boot() == CALIPTRA_BOOTMCU_FAILED);
    CHECK(board.failure() == "the firmware gave up, CPTRA_FW_ERROR_FATAL 0x000b0005");
    CHECK_FALSE(board.released());
  }
  SUBCASE("one flipped bit in the runtime") {
    Images flipped = *real;
    flipped.firmware[flipped.firmware.size() - 100] ^= 0x10;
    Board board(flipped.rom, flipped.firmware, production_text);
    REQUIRE(caliptra_bootmcu_power_on(board.mcu.get()) == CALIPTRA_EMU_OK);
    CHECK(board.boot() == CALIPTRA_BOOTMCU_FAILED);
    CHECK(board.status().firmware_error_fatal != 0);
    CHECK(board.failure().find("CPTRA_FW_ERROR_") != std::string::npos);
    CHECK_FALSE(board.released());
  }
}

TEST_CASE("a boot saved anywhere goes on elsewhere as if nothing had been") {
  const auto real = images("bootmcu: saving");
  if (!real) return;
  Board straight(real->rom, real->firmware);
  REQUIRE(caliptra_bootmcu_power_on(straight.mcu.get()) == CALIPTRA_EMU_OK);
  REQUIRE(straight.boot() == CALIPTRA_BOOTMCU_RELEASED);

  auto board = std::make_unique<Board>(real->rom, real->firmware);
  REQUIRE(caliptra_bootmcu_power_on(board->mcu.get()) == CALIPTRA_EMU_OK);
  int moves = 0;
  while (board->status().phase < CALIPTRA_BOOTMCU_RELEASED && moves < 40) {
    REQUIRE(caliptra_bootmcu_run(board->mcu.get(), 199'999, nullptr) == CALIPTRA_EMU_OK);
    const Bytes state = board->save();
    auto next = std::make_unique<Board>(real->rom, real->firmware);
    REQUIRE(caliptra_bootmcu_restore(next->mcu.get(), state.data(), state.size()) == CALIPTRA_EMU_OK);
    CHECK(next->status().phase == board->status().phase);
    board = std::move(next);
    ++moves;
  }
  CHECK(moves > 5);
  REQUIRE(board->status().phase == CALIPTRA_BOOTMCU_RELEASED);
  const uint64_t later = straight.status().cycles + 3'000'000;
  for (Board* each : {&straight, board.get()}) {
    REQUIRE(caliptra_bootmcu_run(each->mcu.get(), later - each->status().cycles, nullptr) == CALIPTRA_EMU_OK);
  }
  CHECK(board->status().instructions == straight.status().instructions);
  CHECK(board->save() == straight.save());
}

}  // namespace
}  // namespace caliptra
