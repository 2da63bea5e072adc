// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The boot microcontroller is a state machine over the C face of a core with an attached SoC: that one writes users and
// fuses, answers TRNG requests and uploads; here is the order of the phases, and when a boot has failed.

#include "soc/c/caliptra_bootmcu.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>

#include "iss/state_stream.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "soc/c/configuration_text.h"
#include "soc/c/instance.h"

struct caliptra_bootmcu {
  struct CoreDeleter {
    void operator()(caliptra_emu* core) const { caliptra_emu_destroy(core); }
  };
  std::unique_ptr<caliptra_emu, CoreDeleter> core;
  std::array<uint32_t, 8> obf_key{};
  uint32_t security_state = 0;
  uint32_t user = 0;
  uint64_t entry = 0;
  uint64_t boot_timeout = 0;

  caliptra_bootmcu_write_callback write_callback = nullptr;
  void* write_opaque = nullptr;
  caliptra_bootmcu_read_callback read_callback = nullptr;
  void* read_opaque = nullptr;
  caliptra_bootmcu_phase_callback phase_callback = nullptr;
  void* phase_opaque = nullptr;

  // What save and restore carry.
  caliptra_bootmcu_phase phase = CALIPTRA_BOOTMCU_OFF;
  bool disabled = false;
  bool released = false;
  uint64_t boot_start = 0;
  std::vector<uint8_t> firmware_info;
  std::string failure;

  bool calling_back = false;
  mutable std::string error;
};

namespace {

using namespace caliptra::c_face;
using caliptra::Configuration;
using caliptra::SocPlan;

constexpr uint32_t soc_ifc_base = 0x3003'0000;
constexpr uint32_t command_fw_info = 0x494e'464f;  // "INFO"
constexpr int data_ready = 1;                      // MBOX_STATUS.status
constexpr std::size_t most_extra_users = 4;
constexpr unsigned application_cores = 4;
constexpr std::size_t first_config = offsetof(caliptra_bootmcu_config, boot_timeout) + sizeof(uint64_t);
constexpr std::size_t first_status = offsetof(caliptra_bootmcu_status, instructions) + sizeof(uint64_t);

// As long as the synchronisers of soc_ifc_boot_fsm.sv may take to see cptra_rst_b.
constexpr uint64_t reset_cycles = 16;

// Whatever may end a phase.
constexpr uint32_t awaited_events = CALIPTRA_EMU_EVENT_READY_FOR_FW | CALIPTRA_EMU_EVENT_READY_FOR_RUNTIME |
                                    CALIPTRA_EMU_EVENT_RUNTIME_READY | CALIPTRA_EMU_EVENT_FIRMWARE_ERROR_FATAL |
                                    CALIPTRA_EMU_EVENT_HARDWARE_ERROR_FATAL | CALIPTRA_EMU_EVENT_MAILBOX_STATUS |
                                    CALIPTRA_EMU_EVENT_MAILBOX_DONE;

int refuse(const caliptra_bootmcu* mcu, int status, std::string reason) {
  mcu->error = std::move(reason);
  return status;
}

// The last call on the core failed: its reason is ours.
int core_failed(const caliptra_bootmcu* mcu, int status) {
  return refuse(mcu, status, caliptra_emu_error(mcu->core.get()));
}

template <typename Body>
int guarded(const caliptra_bootmcu* mcu, Body body) noexcept {
  if (mcu == nullptr) return CALIPTRA_EMU_INVALID_ARGUMENT;
  try {
    mcu->error.clear();
    return body();
  } catch (const std::bad_alloc&) {
    return CALIPTRA_EMU_NO_MEMORY;
  } catch (...) {
    return CALIPTRA_EMU_INTERNAL_ERROR;
  }
}

template <typename Body>
int guarded_outside_callbacks(const caliptra_bootmcu* mcu, Body body) noexcept {
  return guarded(mcu, [&]() -> int {
    if (mcu->calling_back || mcu->core->running) return refuse(mcu, CALIPTRA_EMU_BUSY, "this is a callback");
    return body();
  });
}

bool wire(const caliptra_bootmcu& mcu, int which) {
  bool level = false;
  caliptra_emu_get_wire(mcu.core.get(), which, &level);
  return level;
}

uint32_t soc_ifc(const caliptra_bootmcu& mcu, uint32_t offset) {
  uint32_t value = 0;
  caliptra_emu_peek(mcu.core.get(), soc_ifc_base + offset, &value);
  return value;
}

bool booting(const caliptra_bootmcu& mcu) {
  return mcu.phase >= CALIPTRA_BOOTMCU_ROM && mcu.phase <= CALIPTRA_BOOTMCU_FW_INFO;
}

void tell_write(caliptra_bootmcu& mcu, uint64_t address, uint32_t value) {
  if (mcu.write_callback == nullptr) return;
  mcu.calling_back = true;
  mcu.write_callback(mcu.write_opaque, address, value);
  mcu.calling_back = false;
}

bool reads_bit(caliptra_bootmcu& mcu, uint64_t address, uint32_t bit) {
  if (mcu.read_callback == nullptr) return false;
  mcu.calling_back = true;
  const uint32_t value = mcu.read_callback(mcu.read_opaque, address);
  mcu.calling_back = false;
  return (value & bit) != 0;
}

void enter(caliptra_bootmcu& mcu, caliptra_bootmcu_phase phase) {
  if (mcu.phase == phase) return;
  mcu.phase = phase;
  if (mcu.phase_callback == nullptr) return;
  mcu.calling_back = true;
  mcu.phase_callback(mcu.phase_opaque, phase);
  mcu.calling_back = false;
}

void fail_boot(caliptra_bootmcu& mcu, std::string reason) {
  using namespace caliptra::soc_ifc_regs;
  mcu.failure = std::move(reason);
  const struct {
    std::string_view name;
    uint32_t offset;
  } errors[] = {{CPTRA_FW_ERROR_FATAL::name, CPTRA_FW_ERROR_FATAL::offset},
                {CPTRA_FW_ERROR_NON_FATAL::name, CPTRA_FW_ERROR_NON_FATAL::offset},
                {CPTRA_HW_ERROR_FATAL::name, CPTRA_HW_ERROR_FATAL::offset}};
  for (const auto& each : errors) {
    if (const uint32_t value = soc_ifc(mcu, each.offset); value != 0) {
      mcu.failure += fmt::format(", {} 0x{:08x}", each.name, value);
    }
  }
  enter(mcu, CALIPTRA_BOOTMCU_FAILED);
}

void ask_firmware_info(caliptra_bootmcu& mcu) {
  const uint32_t checksum = caliptra_emu_mailbox_checksum(command_fw_info, nullptr, 0);
  uint8_t payload[4];
  for (unsigned i = 0; i < 4; ++i) payload[i] = static_cast<uint8_t>(checksum >> (8 * i));
  mcu.firmware_info.clear();
  if (caliptra_emu_mailbox_start(mcu.core.get(), command_fw_info, payload, sizeof payload, mcu.user) !=
      CALIPTRA_EMU_OK) {
    return fail_boot(mcu, fmt::format("FW_INFO: {}", caliptra_emu_error(mcu.core.get())));
  }
  enter(mcu, CALIPTRA_BOOTMCU_FW_INFO);
}

// The responses of the runtime begin with a checksum that makes the sum of all their bytes 0 (runtime README).
bool checksum_is_right(const std::vector<uint8_t>& response) {
  if (response.size() < 4) return false;
  uint32_t stored = 0;
  for (unsigned i = 0; i < 4; ++i) stored |= uint32_t{response[i]} << (8 * i);
  return stored == caliptra_emu_mailbox_checksum(0, response.data() + 4, response.size() - 4);
}

void release(caliptra_bootmcu& mcu) {
  if (!mcu.released) {
    for (unsigned i = 0; i < application_cores; ++i) {
      tell_write(mcu, CALIPTRA_BOOTMCU_SCU0_CA35_RVBAR + 4 * i, static_cast<uint32_t>(mcu.entry >> 4));
    }
    for (unsigned i = 1; i < application_cores; ++i) {
      tell_write(mcu, CALIPTRA_BOOTMCU_SCU0_SMP_EP + 8 * i, 0);
      tell_write(mcu, CALIPTRA_BOOTMCU_SCU0_SMP_EP + 8 * i + 4, 0);
    }
    tell_write(mcu, CALIPTRA_BOOTMCU_SCU0_CA35_REL, 1);
  }
  mcu.released = true;
  enter(mcu, mcu.disabled ? CALIPTRA_BOOTMCU_DISABLED : CALIPTRA_BOOTMCU_RELEASED);
}

void take_firmware_info(caliptra_bootmcu& mcu) {
  caliptra_emu* const core = mcu.core.get();
  int outcome = 0;
  std::size_t size = 0;
  const int status = caliptra_emu_mailbox_result(core, &outcome, nullptr, &size);
  if (status == CALIPTRA_EMU_BUSY && core->mailbox->busy()) return;
  if (status != CALIPTRA_EMU_OK) return fail_boot(mcu, fmt::format("FW_INFO: {}", caliptra_emu_error(core)));
  mcu.firmware_info.resize(size);
  caliptra_emu_mailbox_result(core, &outcome, mcu.firmware_info.data(), &size);
  if (outcome != data_ready) return fail_boot(mcu, "the runtime refused FW_INFO");
  if (!checksum_is_right(mcu.firmware_info)) return fail_boot(mcu, "the answer to FW_INFO has a wrong checksum");
  release(mcu);
}

void watch_upload(caliptra_bootmcu& mcu) {
  int upload = CALIPTRA_EMU_UPLOAD_PENDING;
  caliptra_emu_upload_status(mcu.core.get(), &upload);
  switch (upload) {
    case CALIPTRA_EMU_UPLOAD_ACCEPTED: return enter(mcu, CALIPTRA_BOOTMCU_RUNTIME);
    case CALIPTRA_EMU_UPLOAD_FAILED: return fail_boot(mcu, "the ROM refused the firmware");
    case CALIPTRA_EMU_UPLOAD_REFUSED: return fail_boot(mcu, "the mailbox refused the user of the upload");
    case CALIPTRA_EMU_UPLOAD_MISSING: return fail_boot(mcu, "the ROM waits for firmware, and there is none");
    default: break;
  }
}

// One step of the sequence, if it is time for one.
void advance(caliptra_bootmcu& mcu) {
  using namespace caliptra::soc_ifc_regs;
  if (!booting(mcu)) return;
  if (soc_ifc(mcu, CPTRA_FW_ERROR_FATAL::offset) != 0) return fail_boot(mcu, "the firmware gave up");
  if (soc_ifc(mcu, CPTRA_HW_ERROR_FATAL::offset) != 0) return fail_boot(mcu, "the hardware gave up");
  switch (mcu.phase) {
    case CALIPTRA_BOOTMCU_ROM:
      // After a warm reset the firmware is there already.
      if (wire(mcu, CALIPTRA_EMU_READY_FOR_RUNTIME)) return ask_firmware_info(mcu);
      if (wire(mcu, CALIPTRA_EMU_READY_FOR_FW)) return enter(mcu, CALIPTRA_BOOTMCU_UPLOAD);
      break;
    case CALIPTRA_BOOTMCU_UPLOAD: return watch_upload(mcu);
    case CALIPTRA_BOOTMCU_RUNTIME:
      if (wire(mcu, CALIPTRA_EMU_READY_FOR_RUNTIME)) return ask_firmware_info(mcu);
      break;
    case CALIPTRA_BOOTMCU_FW_INFO: return take_firmware_info(mcu);
    default: break;
  }
}

void advance_all(caliptra_bootmcu& mcu) {
  caliptra_bootmcu_phase before{};
  do {
    before = mcu.phase;
    advance(mcu);
  } while (mcu.phase != before);
}

void start_boot(caliptra_bootmcu& mcu) {
  mcu.boot_start = caliptra_emu_cycles(mcu.core.get());
  enter(mcu, CALIPTRA_BOOTMCU_ROM);
}

// The most cycles that may pass before this has to look again.
uint64_t next_limit(caliptra_bootmcu& mcu, uint64_t end) {
  const uint64_t now = caliptra_emu_cycles(mcu.core.get());
  const uint64_t left = end - now;
  if (mcu.boot_timeout == 0 || !booting(mcu)) return left;
  const uint64_t passed = now - mcu.boot_start;
  return std::min(left, mcu.boot_timeout - std::min(passed, mcu.boot_timeout));
}

int run(caliptra_bootmcu& mcu, uint64_t cycles, int& stop) {
  caliptra_emu* const core = mcu.core.get();
  const uint64_t start = caliptra_emu_cycles(core);
  const uint64_t end = cycles > UINT64_MAX - start ? UINT64_MAX : start + cycles;
  stop = CALIPTRA_EMU_STOP_NO_PROGRESS;
  if (mcu.disabled && !mcu.released) release(mcu);
  if (mcu.phase < CALIPTRA_BOOTMCU_ROM || mcu.disabled) return CALIPTRA_EMU_OK;
  for (;;) {
    advance_all(mcu);
    stop = CALIPTRA_EMU_STOP_CYCLES;
    if (caliptra_emu_cycles(core) >= end) return CALIPTRA_EMU_OK;
    const uint64_t limit = next_limit(mcu, end);
    if (limit == 0) {
      const char* const phase = caliptra_bootmcu_phase_text(mcu.phase);
      fail_boot(mcu, fmt::format("timeout in phase {} with boot status 0x{:x}", phase,
                                 soc_ifc(mcu, caliptra::soc_ifc_regs::CPTRA_BOOT_STATUS::offset)));
      continue;
    }
    const caliptra_bootmcu_phase before = mcu.phase;
    const int status = caliptra_emu_run(core, limit, booting(mcu) ? awaited_events : 0, &stop);
    if (status != CALIPTRA_EMU_OK) return core_failed(&mcu, status);
    if (stop == CALIPTRA_EMU_STOP_NO_PROGRESS) {
      advance_all(mcu);
      if (mcu.phase != before) continue;
      if (booting(mcu)) fail_boot(mcu, "Caliptra sleeps, and nothing can wake it");
      return CALIPTRA_EMU_OK;
    }
    if (stop == CALIPTRA_EMU_STOP_REQUESTED || stop == CALIPTRA_EMU_STOP_DEBUGGER) {
      advance_all(mcu);
      return CALIPTRA_EMU_OK;
    }
  }
}

void save_or_restore(caliptra_bootmcu& mcu, veer::StateStream& stream, std::vector<uint8_t>& core_state) {
  constexpr std::size_t longest_answer = 128 * 1024;
  constexpr std::size_t longest_text = 4096;
  constexpr std::size_t longest_state = std::size_t{1} << 28;
  stream.section("boot microcontroller", 2);
  auto phase = mcu.phase;
  stream(phase);
  if (phase < CALIPTRA_BOOTMCU_OFF || phase > CALIPTRA_BOOTMCU_DISABLED) return stream.fail("there is no such phase");
  mcu.phase = phase;
  stream(mcu.disabled);
  stream(mcu.released);
  stream(mcu.boot_start);
  stream.vector(mcu.firmware_info, longest_answer);
  std::vector<uint8_t> failure(mcu.failure.begin(), mcu.failure.end());
  stream.vector(failure, longest_text);
  mcu.failure.assign(failure.begin(), failure.end());
  uint64_t size = core_state.size();
  stream(size);
  if (size > longest_state) return stream.fail("the core's state is longer than it can be");
  core_state.resize(size);
  stream.bytes(core_state);
}

// Everything that the properties and the text say, for the core and for its SoC. A text says what is wrong.
std::string translate(const caliptra_bootmcu_config& config, Configuration& core, SocPlan& plan) {
  plan.user = CALIPTRA_BOOTMCU_USER;
  plan.mailbox_users.clear();
  if (config.configuration != nullptr) {
    std::string problem = caliptra::read_configuration_text(config.configuration, core, plan);
    if (!problem.empty()) return problem;
  }
  if (plan.mailbox_users.empty()) {
    plan.mailbox_users = {plan.user};
    if (config.mailbox_users == nullptr && config.mailbox_user_count != 0) return "mailbox_users is null";
    if (config.mailbox_user_count > most_extra_users) return "there are at most four further mailbox users";
    for (std::size_t i = 0; i < config.mailbox_user_count; ++i) plan.mailbox_users.push_back(config.mailbox_users[i]);
  }
  if (core.default_mailbox_user != Configuration{}.default_mailbox_user) {
    return "soc.default_mailbox_user is fixed in the AST2700";
  }
  // The silicon's boot ROM locks them all.
  if (!plan.fuse_user) plan.fuse_user = plan.user;
  if (!plan.trng_user) plan.trng_user = plan.user;
  if (config.rom == nullptr) return "there is no ROM image";
  if (config.firmware == nullptr && config.firmware_size != 0) return "firmware is null";
  if (config.firmware != nullptr) plan.firmware.assign(config.firmware, config.firmware + config.firmware_size);
  if (config.entry % 16 != 0) return "the entry of the Cortex-A35s is not a multiple of 16";
  return {};
}

int create_core(const caliptra_bootmcu_config& config, const Configuration& core, caliptra_emu** emu, char* message,
                std::size_t message_size) {
  caliptra_emu_config made;
  caliptra_emu_config_init(&made);
  const auto chosen = [](int asked, int configured) {
    return asked == CALIPTRA_BOOTMCU_AS_CONFIGURED ? configured : asked;
  };
  made.generation =
      core.generation == caliptra::Generation::v1_0 ? CALIPTRA_EMU_GENERATION_1_0 : CALIPTRA_EMU_GENERATION_1_1;
  made.timing = chosen(
      config.timing, core.timing == veer::TimingProfile::rtl ? CALIPTRA_EMU_TIMING_RTL : CALIPTRA_EMU_TIMING_REFERENCE);
  made.rom = config.rom;
  made.rom_size = config.rom_size;
  made.lifecycle = chosen(config.lifecycle, static_cast<int>(core.lifecycle));
  made.debug_locked = chosen(config.debug_locked, core.debug_locked ? 1 : 0) != 0;
  made.internal_trng = core.internal_trng;
  made.boot_fsm_breakpoint = core.boot_fsm_breakpoint;
  made.obf_key = core.obfuscation_key.data();
  made.trng_seed = core.trng_seed;
  made.scan_mode = core.scan_mode;
  std::copy(core.generic_input_wires.begin(), core.generic_input_wires.end(), made.generic_input);
  return caliptra_emu_create(&made, emu, message, message_size);
}

int create(const caliptra_bootmcu_config& config, caliptra_bootmcu** mcu, char* message, std::size_t message_size) {
  Configuration core_configuration;
  SocPlan plan;
  const std::string problem = translate(config, core_configuration, plan);
  if (!problem.empty()) {
    copy_text(problem, message, message_size);
    return CALIPTRA_EMU_BAD_CONFIGURATION;
  }
  auto made = std::make_unique<caliptra_bootmcu>();
  caliptra_emu* core = nullptr;
  const int status = create_core(config, core_configuration, &core, message, message_size);
  if (status != CALIPTRA_EMU_OK) return status;
  made->core.reset(core);
  const Configuration& real = core->core->configuration();
  made->obf_key = real.obfuscation_key;
  made->security_state = static_cast<uint32_t>(real.lifecycle) | (real.debug_locked ? 4U : 0U);
  made->user = plan.user;
  made->entry = config.entry;
  made->boot_timeout = config.boot_timeout;
  core->configured_plan = std::move(plan);
  const int attached = caliptra_emu_attach_configured_soc(core, nullptr, 0);
  if (attached != CALIPTRA_EMU_OK) {
    copy_text(caliptra_emu_error(core), message, message_size);
    return attached;
  }
  *mcu = made.release();
  return CALIPTRA_EMU_OK;
}

}  // namespace

void caliptra_bootmcu_config_init(caliptra_bootmcu_config* config) {
  if (config == nullptr) return;
  *config = {};
  config->size = sizeof *config;
  config->lifecycle = CALIPTRA_BOOTMCU_AS_CONFIGURED;
  config->debug_locked = CALIPTRA_BOOTMCU_AS_CONFIGURED;
  config->timing = CALIPTRA_BOOTMCU_AS_CONFIGURED;
}

int caliptra_bootmcu_create(const caliptra_bootmcu_config* config, caliptra_bootmcu** mcu, char* message,
                            size_t message_size) {
  copy_text("", message, message_size);
  if (config == nullptr || mcu == nullptr) return CALIPTRA_EMU_INVALID_ARGUMENT;
  *mcu = nullptr;
  try {
    caliptra_bootmcu_config whole;
    caliptra_bootmcu_config_init(&whole);
    if (!take_struct(config, config->size, first_config, &whole, sizeof whole)) return CALIPTRA_EMU_INVALID_ARGUMENT;
    return create(whole, mcu, message, message_size);
  } catch (const std::bad_alloc&) {
    return CALIPTRA_EMU_NO_MEMORY;
  } catch (...) {
    return CALIPTRA_EMU_INTERNAL_ERROR;
  }
}

void caliptra_bootmcu_destroy(caliptra_bootmcu* mcu) {
  if (mcu != nullptr && !mcu->calling_back && !mcu->core->running) delete mcu;
}

caliptra_emu* caliptra_bootmcu_core(caliptra_bootmcu* mcu) { return mcu == nullptr ? nullptr : mcu->core.get(); }

int caliptra_bootmcu_on_write(caliptra_bootmcu* mcu, caliptra_bootmcu_write_callback callback, void* opaque) {
  return guarded(mcu, [&]() -> int {
    mcu->write_callback = callback;
    mcu->write_opaque = opaque;
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_bootmcu_on_read(caliptra_bootmcu* mcu, caliptra_bootmcu_read_callback callback, void* opaque) {
  return guarded(mcu, [&]() -> int {
    mcu->read_callback = callback;
    mcu->read_opaque = opaque;
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_bootmcu_on_phase(caliptra_bootmcu* mcu, caliptra_bootmcu_phase_callback callback, void* opaque) {
  return guarded(mcu, [&]() -> int {
    mcu->phase_callback = callback;
    mcu->phase_opaque = opaque;
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_bootmcu_power_off(caliptra_bootmcu* mcu) {
  return guarded_outside_callbacks(mcu, [&]() -> int {
    caliptra_emu_set_wire(mcu->core.get(), CALIPTRA_EMU_CPTRA_RST_B, false);
    caliptra_emu_set_wire(mcu->core.get(), CALIPTRA_EMU_CPTRA_PWRGOOD, false);
    mcu->disabled = false;
    mcu->released = false;
    mcu->firmware_info.clear();
    mcu->failure.clear();
    enter(*mcu, CALIPTRA_BOOTMCU_OFF);
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_bootmcu_power_on(caliptra_bootmcu* mcu) {
  return guarded_outside_callbacks(mcu, [&]() -> int {
    const int off = caliptra_bootmcu_power_off(mcu);
    if (off != CALIPTRA_EMU_OK) return off;
    mcu->disabled = reads_bit(*mcu, CALIPTRA_BOOTMCU_SCU1_STRAP, CALIPTRA_BOOTMCU_STRAP_DISABLED) ||
                    reads_bit(*mcu, CALIPTRA_BOOTMCU_SCU1_FUSE, CALIPTRA_BOOTMCU_FUSE_DISABLED);
    if (mcu->disabled) return CALIPTRA_EMU_OK;
    const int status = caliptra_emu_cold_reset(mcu->core.get());
    if (status != CALIPTRA_EMU_OK) return core_failed(mcu, status);
    const uint32_t security = mcu->security_state << CALIPTRA_BOOTMCU_CPTRA_CTRL_SECURITY_STATE_SHIFT;
    tell_write(*mcu, CALIPTRA_BOOTMCU_SCU1_CPTRA_CTRL, 0);
    tell_write(*mcu, CALIPTRA_BOOTMCU_SCU1_RESET_CONTROL, CALIPTRA_BOOTMCU_RESET_CALIPTRA);
    for (unsigned i = 0; i < mcu->obf_key.size(); ++i) {
      tell_write(*mcu, CALIPTRA_BOOTMCU_SCU1_OBF_KEY + 4 * i, mcu->obf_key[i]);
    }
    tell_write(*mcu, CALIPTRA_BOOTMCU_SCU1_CPTRA_CTRL, security);
    tell_write(*mcu, CALIPTRA_BOOTMCU_SCU1_CPTRA_CTRL, security | CALIPTRA_BOOTMCU_CPTRA_CTRL_PWRGOOD);
    tell_write(*mcu, CALIPTRA_BOOTMCU_SCU1_RESET_CLEAR, CALIPTRA_BOOTMCU_RESET_CALIPTRA);
    start_boot(*mcu);
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_bootmcu_set_reset_b(caliptra_bootmcu* mcu, bool level) {
  return guarded_outside_callbacks(mcu, [&]() -> int {
    caliptra_emu* const core = mcu->core.get();
    if (mcu->phase == CALIPTRA_BOOTMCU_OFF || mcu->disabled) return CALIPTRA_EMU_OK;
    if (level == (mcu->phase != CALIPTRA_BOOTMCU_RESET)) return CALIPTRA_EMU_OK;
    if (!level) {
      caliptra_emu_set_wire(core, CALIPTRA_EMU_CPTRA_RST_B, false);
      enter(*mcu, CALIPTRA_BOOTMCU_RESET);
      return CALIPTRA_EMU_OK;
    }
    caliptra_emu_run(core, reset_cycles, 0, nullptr);
    caliptra_emu_set_wire(core, CALIPTRA_EMU_CPTRA_RST_B, true);
    if (!mcu->failure.empty()) {
      enter(*mcu, CALIPTRA_BOOTMCU_FAILED);
    } else {
      start_boot(*mcu);
    }
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_bootmcu_run(caliptra_bootmcu* mcu, uint64_t cycles, int* stop) {
  return guarded_outside_callbacks(mcu, [&]() -> int {
    int reason = CALIPTRA_EMU_STOP_CYCLES;
    const int status = run(*mcu, cycles, reason);
    if (stop != nullptr) *stop = reason;
    return status;
  });
}

int caliptra_bootmcu_get_status(const caliptra_bootmcu* mcu, caliptra_bootmcu_status* status) {
  return guarded(mcu, [&]() -> int {
    using namespace caliptra::soc_ifc_regs;
    if (status == nullptr || status->size < first_status) {
      return refuse(mcu, CALIPTRA_EMU_INVALID_ARGUMENT, "status is null, or its size is wrong");
    }
    status->phase = mcu->phase;
    caliptra_emu_upload_status(mcu->core.get(), &status->upload);
    status->boot_status = soc_ifc(*mcu, CPTRA_BOOT_STATUS::offset);
    status->flow_status = soc_ifc(*mcu, CPTRA_FLOW_STATUS::offset);
    status->firmware_error_fatal = soc_ifc(*mcu, CPTRA_FW_ERROR_FATAL::offset);
    status->firmware_error_non_fatal = soc_ifc(*mcu, CPTRA_FW_ERROR_NON_FATAL::offset);
    status->hardware_error_fatal = soc_ifc(*mcu, CPTRA_HW_ERROR_FATAL::offset);
    status->hardware_error_non_fatal = soc_ifc(*mcu, CPTRA_HW_ERROR_NON_FATAL::offset);
    status->cycles = caliptra_emu_cycles(mcu->core.get());
    status->instructions = caliptra_emu_instructions(mcu->core.get());
    return CALIPTRA_EMU_OK;
  });
}

const char* caliptra_bootmcu_phase_text(int phase) {
  switch (phase) {
    case CALIPTRA_BOOTMCU_OFF: return "off";
    case CALIPTRA_BOOTMCU_RESET: return "reset";
    case CALIPTRA_BOOTMCU_ROM: return "rom";
    case CALIPTRA_BOOTMCU_UPLOAD: return "upload";
    case CALIPTRA_BOOTMCU_RUNTIME: return "runtime";
    case CALIPTRA_BOOTMCU_FW_INFO: return "fw-info";
    case CALIPTRA_BOOTMCU_RELEASED: return "released";
    case CALIPTRA_BOOTMCU_FAILED: return "failed";
    case CALIPTRA_BOOTMCU_DISABLED: return "disabled";
    default: return "unknown";
  }
}

const char* caliptra_bootmcu_failure(const caliptra_bootmcu* mcu) { return mcu == nullptr ? "" : mcu->failure.c_str(); }

const char* caliptra_bootmcu_error(const caliptra_bootmcu* mcu) { return mcu == nullptr ? "" : mcu->error.c_str(); }

int caliptra_bootmcu_firmware_info(const caliptra_bootmcu* mcu, uint8_t* buffer, size_t* size) {
  return guarded(mcu, [&]() -> int { return give_bytes(mcu->core.get(), mcu->firmware_info, buffer, size); });
}

int caliptra_bootmcu_save(caliptra_bootmcu* mcu, uint8_t* buffer, size_t* size) {
  return guarded_outside_callbacks(mcu, [&]() -> int {
    if (size == nullptr) return refuse(mcu, CALIPTRA_EMU_INVALID_ARGUMENT, "size is null");
    std::size_t core_size = 0;
    int status = caliptra_emu_save(mcu->core.get(), nullptr, &core_size);
    if (status != CALIPTRA_EMU_OK) return core_failed(mcu, status);
    std::vector<uint8_t> core_state(core_size);
    status = caliptra_emu_save(mcu->core.get(), core_state.data(), &core_size);
    if (status != CALIPTRA_EMU_OK) return core_failed(mcu, status);
    veer::StateStream stream;
    save_or_restore(*mcu, stream, core_state);
    return give_bytes(mcu->core.get(), stream.output(), buffer, size);
  });
}

int caliptra_bootmcu_restore(caliptra_bootmcu* mcu, const uint8_t* state, size_t size) {
  return guarded_outside_callbacks(mcu, [&]() -> int {
    if (state == nullptr) return refuse(mcu, CALIPTRA_EMU_INVALID_ARGUMENT, "state is null");
    veer::StateStream stream(std::span<const uint8_t>{state, size});
    std::vector<uint8_t> core_state;
    save_or_restore(*mcu, stream, core_state);
    stream.finish();
    if (!stream.ok()) return refuse(mcu, CALIPTRA_EMU_BAD_STATE, stream.error());
    const int status = caliptra_emu_restore(mcu->core.get(), core_state.data(), core_state.size());
    return status == CALIPTRA_EMU_OK ? status : core_failed(mcu, status);
  });
}
