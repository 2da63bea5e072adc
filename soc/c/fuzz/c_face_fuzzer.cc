// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Calls the C face in any order, with any arguments that C allows, also from callbacks. The first bytes choose a core;
// then each byte is a call. Whatever comes: a status, no crash, no hang, and every status has words.

#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "soc/c/caliptra_emu.h"
#include "soc/c/caliptra_model.h"
#include "soc/c/testing.h"
#include "soc/fuzz/byte_reader.h"
#include "tools/gdb-server/packet.h"

namespace {

class Input : public caliptra::fuzz::ByteReader {
 public:
  using ByteReader::ByteReader;

  uint32_t word() {
    uint32_t value = 0;
    for (unsigned i = 0; i < 4; ++i) value = value << 8 | byte();
    return value;
  }
  std::vector<uint8_t> some(std::size_t most) {
    std::vector<uint8_t> result(std::min<std::size_t>(byte(), most));
    for (uint8_t& each : result) each = byte();
    return result;
  }

  // Addresses that lead somewhere come more often than others.
  uint32_t soc_address() {
    switch (byte() % 4) {
      case 0: return 0x3002'0000 + 4 * (byte() % 16);
      case 1: return 0x3002'1000 + 4 * (byte() % 128);
      case 2: return 0x3003'0000 + 4 * (word() % 0x300);
      default: return word();
    }
  }
  uint32_t core_address() {
    constexpr std::array<uint32_t, 6> bases = {0, 0x3000'0000, 0x4000'0000, 0x5000'0000, 0x3003'0000, 0x1000'0000};
    return byte() % 8 == 0 ? word() : bases[byte() % bases.size()] + word() % 0x2'0010;
  }
  uint32_t user() {
    constexpr std::array<uint32_t, 4> users = {0, 1, 2, 0xffff'ffff};
    return users[byte() % users.size()];
  }
};

constexpr uint64_t most_cycles = 3'000;

void check(int status) {
  if (std::string(caliptra_emu_status_text(status)) == "an unknown status") std::abort();
  if (status == CALIPTRA_EMU_INTERNAL_ERROR) std::abort();
}

/// One instance and what its callbacks draw on.
struct World {
  explicit World(std::span<const uint8_t> bytes) : input(bytes) {}

  Input input;
  caliptra_emu* emu = nullptr;
  std::vector<uint8_t> state;
  unsigned callbacks = 0;
  int peer = -1;  // a debugger's end of its connection

  void call(bool inside);
  void create();
  void attach();
  void listen();
  void called_back();
  void gdb();
  ~World() {
    if (peer >= 0) close(peer);
  }
};

void World::called_back() {
  // Enough of them that they matter, not so many that nothing else does.
  if (++callbacks % 16 == 0 && !input.empty()) call(true);
}

// A debugger comes, says anything, and goes.
void World::gdb() {
  int number = 0;
  bool for_writing = false;
  switch (input.byte() % 8) {
    case 0: {
      const std::string address = "unix:/tmp/caliptra-c-face-fuzzer-" + std::to_string(getpid());
      check(caliptra_emu_gdb_listen(emu, address.c_str(), input.byte() % 2 != 0));
      break;
    }
    case 1: {
      auto text = input.some(8);
      text.push_back(0);
      // Ports are for others.
      if (text[0] == 'x') check(caliptra_emu_gdb_listen(emu, reinterpret_cast<const char*>(text.data()), false));
      break;
    }
    case 2: check(caliptra_emu_gdb_close(emu)); break;
    case 3: check(caliptra_emu_gdb_descriptor(emu, &number, &for_writing)); break;
    case 4: {
      const std::string address = caliptra_emu_gdb_address(emu);
      if (peer >= 0) close(std::exchange(peer, -1));
      if (address.empty()) break;
      peer = socket(AF_UNIX, SOCK_STREAM, 0);
      sockaddr_un target{};
      target.sun_family = AF_UNIX;
      address.copy(target.sun_path, sizeof target.sun_path - 1, std::strlen("unix:"));
      connect(peer, reinterpret_cast<const sockaddr*>(&target), sizeof target);
      break;
    }
    case 5:
    case 6: {
      const auto payload = input.some(64);
      const std::string packet = caliptra::gdb::frame({reinterpret_cast<const char*>(payload.data()), payload.size()});
      if (peer >= 0) send(peer, packet.data(), packet.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
      break;
    }
    default: break;
  }
  check(caliptra_emu_gdb_poll(emu, &number));
}

void World::listen() {
  check(caliptra_emu_on_event(
      emu, [](void* opaque, const caliptra_emu_event_info*) { static_cast<World*>(opaque)->called_back(); }, this));
  check(caliptra_emu_on_console(
      emu, [](void* opaque, char) { static_cast<World*>(opaque)->called_back(); }, this));
  check(caliptra_emu_on_wire(
      emu, [](void* opaque, int, bool) { static_cast<World*>(opaque)->called_back(); }, this));
  check(caliptra_emu_on_log(
      emu,
      [](void* opaque, int, const char* text) {
        if (std::strlen(text) == 0) std::abort();
        static_cast<World*>(opaque)->called_back();
      },
      this));
  check(caliptra_emu_on_trng_request(
      emu,
      [](void* opaque, uint32_t words[12]) {
        auto& world = *static_cast<World*>(opaque);
        words[0] = world.input.byte();
        return words[0] % 2 == 0;
      },
      this, input.user(), input.byte()));
}

void World::create() {
  using namespace caliptra::testing;
  // A ROM that touches registers, and whatever the input holds.
  std::vector<uint8_t> rom = greeting_rom();
  if (input.byte() % 2 == 0) {
    const auto more = input.some(128);
    rom.insert(rom.begin() + 36, more.begin(), more.end());
  }
  if (input.byte() % 4 == 0) {
    auto text = input.some(200);
    text.push_back(0);
    check(caliptra_emu_create_from_text(reinterpret_cast<const char*>(text.data()), rom.data(), rom.size(), &emu,
                                        nullptr, 0));
  } else {
    caliptra_emu_config config;
    caliptra_emu_config_init(&config);
    config.rom = rom.data();
    config.rom_size = rom.size();
    config.generation = 0x10 + input.byte() % 4;
    config.timing = input.byte() % 3;
    config.lifecycle = input.byte() % 4;
    config.debug_locked = input.byte() % 2 != 0;
    config.internal_trng = input.byte() % 2 != 0;
    config.emulator_devices = input.byte() % 2 != 0;
    config.boot_fsm_breakpoint = input.byte() % 8 == 0;
    config.scan_mode = input.byte() % 16 == 0;
    char message[20];
    check(caliptra_emu_create(&config, &emu, message, sizeof message));
  }
}

void World::attach() {
  caliptra_emu_soc_plan plan;
  caliptra_emu_soc_plan_init(&plan);
  const auto firmware = input.some(64);
  const std::array<uint32_t, 2> users = {input.user(), input.user()};
  plan.firmware = firmware.data();
  plan.firmware_size = firmware.size();
  plan.user = input.user();
  plan.mailbox_users = users.data();
  plan.mailbox_user_count = input.byte() % 3;
  plan.answer_trng = input.byte() % 2 != 0;
  plan.trng_delay = input.byte();
  plan.upload_delay = input.byte();
  check(caliptra_emu_attach_soc(emu, &plan));
}

void World::call(bool inside) {
  uint32_t value = 0;
  int number = 0;
  bool level = false;
  std::array<uint8_t, 64> bytes{};
  std::size_t size = input.byte() % bytes.size();
  switch (input.byte() % 32) {
    case 0: check(caliptra_emu_set_wire(emu, input.byte() % 5, input.byte() % 2 != 0)); break;
    case 1: check(caliptra_emu_get_wire(emu, input.byte() % 8, &level)); break;
    case 2: check(caliptra_emu_set_security_state(emu, input.byte() % 5, input.byte() % 2 != 0)); break;
    case 3: check(caliptra_emu_set_generic_input(emu, input.byte() % 3, input.word())); break;
    case 4:
      check(caliptra_emu_get_generic_output(emu, input.byte() % 3, &value));
      check(caliptra_emu_tap_read(emu, input.byte(), &value));
      check(caliptra_emu_tap_write(emu, input.byte(), value));
      break;
    case 5:
    case 6:
      check(
          caliptra_emu_read(emu, input.soc_address(), input.byte() % 8 == 0 ? input.byte() : 4, input.user(), &value));
      break;
    case 7:
    case 8:
    case 9: check(caliptra_emu_write(emu, input.soc_address(), 4, input.user(), input.word())); break;
    case 10: {
      size_t words = 0;
      const char* name = caliptra_emu_fuse_name(emu, input.byte() % 20, &words);
      const std::vector<uint32_t> values(words, input.word());
      if (name != nullptr) check(caliptra_emu_write_fuse(emu, name, values.data(), words, input.user()));
      break;
    }
    case 11:
    case 12:
    case 13: {
      const int status = caliptra_emu_run(emu, input.word() % most_cycles, input.word(), &number);
      if (inside && status != CALIPTRA_EMU_BUSY) std::abort();
      check(status);
      break;
    }
    case 14: check(caliptra_emu_step(emu, &number)); break;
    case 15: check(caliptra_emu_stop(emu)); break;
    case 16: check(caliptra_emu_peek(emu, input.core_address(), &value)); break;
    case 17: check(caliptra_emu_read_memory(emu, input.core_address(), bytes.data(), size)); break;
    case 18: check(caliptra_emu_write_memory(emu, input.core_address(), bytes.data(), size)); break;
    case 19: check(caliptra_emu_inject_ecc_error(emu, input.core_address(), input.byte() % 2 != 0)); break;
    case 20: {
      const auto payload = input.some(32);
      size_t response_size = size;
      check(caliptra_emu_mailbox(emu, input.word(), payload.data(), payload.size(), input.user(),
                                 input.word() % most_cycles, &number, bytes.data(), &response_size));
      break;
    }
    case 21: {
      const auto payload = input.some(32);
      check(caliptra_emu_mailbox_start(emu, input.word(), payload.data(), payload.size(), input.user()));
      break;
    }
    case 22: check(caliptra_emu_mailbox_result(emu, &number, bytes.data(), &size)); break;
    case 23:
      attach();
      state.clear();  // what was saved before has no SoC
      break;
    case 24:
      check(caliptra_emu_attach_configured_soc(emu, bytes.data(), size));
      state.clear();
      break;
    case 25: check(caliptra_emu_upload_status(emu, &number)); break;
    case 26: check(caliptra_emu_power_on(emu)); break;
    case 27: check(caliptra_emu_cold_reset(emu)); break;
    case 28: check(caliptra_emu_warm_reset(emu)); break;
    case 29: {
      size_t needed = 0;
      if (caliptra_emu_save(emu, nullptr, &needed) != CALIPTRA_EMU_OK) break;
      state.resize(needed);
      check(caliptra_emu_save(emu, state.data(), &needed));
      break;
    }
    case 30: {
      if (inside) break;
      // A damaged state is refused; what it left is put right by a whole one.
      std::vector<uint8_t> damaged = state;
      if (!damaged.empty()) damaged[input.word() % damaged.size()] ^= input.byte();
      if (caliptra_emu_restore(emu, damaged.data(), damaged.size()) != CALIPTRA_EMU_OK && !state.empty()) {
        if (caliptra_emu_restore(emu, state.data(), state.size()) != CALIPTRA_EMU_OK) std::abort();
      }
      break;
    }
    default:
      if (size % 4 != 0) return gdb();
      check(caliptra_emu_downloaded_certificate(emu, bytes.data(), &size));
      break;
  }
}

// The same for the reference's binding.
void model_calls(Input input) {
  using namespace caliptra::testing;
  const std::vector<uint8_t> rom = greeting_rom();
  const auto memory = input.some(64);
  caliptra_model_init_params params{};
  params.rom = {rom.data(), rom.size()};
  params.iccm = {memory.data(), memory.size()};
  params.security_state = input.byte();
  params.soc_user = input.user();
  caliptra_model* model = nullptr;
  if (caliptra_model_init_default(params, &model) != CALIPTRA_MODEL_STATUS_OK) return;
  while (!input.empty()) {
    unsigned value = 0;
    switch (input.byte() % 8) {
      case 0: caliptra_model_apb_read_u32(model, input.soc_address(), &value); break;
      case 1: caliptra_model_apb_write_u32(model, input.soc_address(), input.word()); break;
      case 2: caliptra_model_set_apb_pauser(model, input.user()); break;
      case 3: caliptra_model_output_peek(model); break;
      case 4: caliptra_model_apb_write_u32(model, 0x3003'00b0, 1); break;
      case 5: caliptra_model_apb_write_u32(model, 0x3003'00b8, 1); break;
      default:
        for (unsigned i = input.byte(); i > 0; --i) caliptra_model_step(model);
        break;
    }
  }
  caliptra_model_destroy(model);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, std::size_t size) {
  constexpr std::size_t longest = 2048;
  World world({data, std::min(size, longest)});
  if (world.input.byte() % 8 == 0) {
    model_calls(world.input);
    return 0;
  }
  world.create();
  if (world.emu == nullptr) return 0;
  world.listen();
  if (world.input.byte() % 2 == 0) world.attach();
  if (world.input.byte() % 4 != 0) caliptra_emu_power_on(world.emu);
  while (!world.input.empty()) world.call(false);
  caliptra_emu_destroy(world.emu);
  return 0;
}
