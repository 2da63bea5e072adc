// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/c/caliptra_emu.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <cstring>

#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "soc/c/configuration_text.h"
#include "soc/c/instance.h"

namespace caliptra::c_face {

int fail(const caliptra_emu* emu, int status, std::string reason) {
  emu->error = std::move(reason);
  return status;
}

void deliver(caliptra_emu& emu, uint32_t bit, uint32_t value) {
  if ((emu.awaited & bit) != 0) {
    emu.event_came = true;
    emu.core->stop();
  }
  if (emu.event_callback == nullptr) return;
  const caliptra_emu_event_info info = {static_cast<int>(bit), value, emu.core->cycles(), emu.core->instructions()};
  emu.event_callback(emu.event_opaque, &info);
}

void copy_text(const std::string& text, char* out, size_t size) noexcept {
  if (out == nullptr || size == 0) return;
  const size_t count = std::min(text.size(), size - 1);
  std::memcpy(out, text.data(), count);
  out[count] = '\0';
}

bool take_struct(const void* source, size_t size, size_t first_version, void* target, size_t target_size) {
  constexpr size_t largest = 4096;
  if (size < first_version || size > largest) return false;
  const auto* bytes = static_cast<const uint8_t*>(source);
  for (size_t i = target_size; i < size; ++i) {
    if (bytes[i] != 0) return false;
  }
  std::memcpy(target, source, std::min(size, target_size));
  return true;
}

int give_bytes(const caliptra_emu* emu, const std::vector<uint8_t>& bytes, uint8_t* buffer, size_t* size) {
  if (size == nullptr) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "size is null");
  const size_t room = std::exchange(*size, bytes.size());
  if (buffer == nullptr) return CALIPTRA_EMU_OK;
  std::copy_n(bytes.begin(), std::min(room, bytes.size()), buffer);
  if (room < bytes.size()) return fail(emu, CALIPTRA_EMU_TOO_SMALL, "the buffer is too small");
  return CALIPTRA_EMU_OK;
}

int run(caliptra_emu& emu, const RunLimits& limits, uint32_t events, int* stop) {
  emu.awaited = events;
  emu.event_came = false;
  std::optional<StopReason> reason;
  {
    const Running running(emu);
    reason = emu.run_control != nullptr ? emu.run_control->run(limits) : emu.core->run(limits);
  }
  emu.awaited = 0;
  if (stop == nullptr) return CALIPTRA_EMU_OK;
  switch (reason.value_or(StopReason::breakpoint)) {
    case StopReason::stopped: *stop = emu.event_came ? CALIPTRA_EMU_STOP_EVENT : CALIPTRA_EMU_STOP_REQUESTED; break;
    case StopReason::cycle_limit:
    case StopReason::instruction_limit: *stop = CALIPTRA_EMU_STOP_CYCLES; break;
    case StopReason::no_progress: *stop = CALIPTRA_EMU_STOP_NO_PROGRESS; break;
    case StopReason::breakpoint:
    case StopReason::watchpoint: *stop = CALIPTRA_EMU_STOP_DEBUGGER; break;
  }
  return CALIPTRA_EMU_OK;
}

}  // namespace caliptra::c_face

namespace {

using caliptra::Configuration;
using caliptra::Core;
using caliptra::Event;
using caliptra::OutputWire;
using namespace caliptra::c_face;

constexpr uint32_t soc_ifc_base = 0x3003'0000;
constexpr std::size_t first_config = offsetof(caliptra_emu_config, generic_input) + 2 * sizeof(uint32_t);

constexpr std::size_t first_fault = offsetof(caliptra_emu_fault, count) + sizeof(uint32_t);

// More than any memory of a core has.
constexpr std::size_t largest_memory = 1024 * 1024;

constexpr uint64_t capabilities = CALIPTRA_EMU_CAN_GENERATION_1_0 | CALIPTRA_EMU_CAN_GENERATION_1_1 |
                                  CALIPTRA_EMU_CAN_TIMING_REFERENCE | CALIPTRA_EMU_CAN_TIMING_RTL |
                                  CALIPTRA_EMU_CAN_INTERNAL_TRNG | CALIPTRA_EMU_CAN_STATE |
                                  CALIPTRA_EMU_CAN_ERROR_INJECTION | CALIPTRA_EMU_CAN_SOC |
                                  CALIPTRA_EMU_CAN_CONFIGURATION_TEXT | CALIPTRA_EMU_CAN_GDB;

constexpr uint32_t bit_of(Event::Kind kind) {
  switch (kind) {
    case Event::Kind::boot_status: return CALIPTRA_EMU_EVENT_BOOT_STATUS;
    case Event::Kind::flow_status: return CALIPTRA_EMU_EVENT_FLOW_STATUS;
    case Event::Kind::ready_for_fuses: return CALIPTRA_EMU_EVENT_READY_FOR_FUSES;
    case Event::Kind::ready_for_fw: return CALIPTRA_EMU_EVENT_READY_FOR_FW;
    case Event::Kind::ready_for_runtime: return CALIPTRA_EMU_EVENT_READY_FOR_RUNTIME;
    case Event::Kind::runtime_ready: return CALIPTRA_EMU_EVENT_RUNTIME_READY;
    case Event::Kind::cold_reset: return CALIPTRA_EMU_EVENT_COLD_RESET;
    case Event::Kind::warm_reset: return CALIPTRA_EMU_EVENT_WARM_RESET;
    case Event::Kind::firmware_update_reset: return CALIPTRA_EMU_EVENT_FIRMWARE_UPDATE_RESET;
    case Event::Kind::exit: return CALIPTRA_EMU_EVENT_EXIT;
    case Event::Kind::firmware_error_fatal: return CALIPTRA_EMU_EVENT_FIRMWARE_ERROR_FATAL;
    case Event::Kind::hardware_error_fatal: return CALIPTRA_EMU_EVENT_HARDWARE_ERROR_FATAL;
    case Event::Kind::trng_request: return CALIPTRA_EMU_EVENT_TRNG_REQUEST;
    case Event::Kind::mailbox_status: return CALIPTRA_EMU_EVENT_MAILBOX_STATUS;
    case Event::Kind::idevid_csr_ready: return CALIPTRA_EMU_EVENT_IDEVID_CSR_READY;
    case Event::Kind::reset_command: return 0;
  }
  return 0;
}

void log(const caliptra_emu& emu, int level, const std::string& text) {
  if (emu.log_callback != nullptr) emu.log_callback(emu.log_opaque, level, text.c_str());
}

void log_event(const caliptra_emu& emu, const Event& event) {
  if (emu.log_callback == nullptr) return;
  const auto say = [&](int level, std::string_view what) {
    log(emu, level, fmt::format("cycle {}: {}", event.cycle, what));
  };
  switch (event.kind) {
    case Event::Kind::boot_status: return say(CALIPTRA_EMU_LOG_INFO, fmt::format("boot status 0x{:x}", event.value));
    case Event::Kind::ready_for_fuses: return say(CALIPTRA_EMU_LOG_INFO, "ready for fuses");
    case Event::Kind::ready_for_fw: return say(CALIPTRA_EMU_LOG_INFO, "ready for firmware");
    case Event::Kind::ready_for_runtime: return say(CALIPTRA_EMU_LOG_INFO, "ready for runtime");
    case Event::Kind::runtime_ready: return say(CALIPTRA_EMU_LOG_INFO, "the runtime takes commands");
    case Event::Kind::cold_reset: return say(CALIPTRA_EMU_LOG_INFO, "cold reset");
    case Event::Kind::warm_reset: return say(CALIPTRA_EMU_LOG_INFO, "warm reset");
    case Event::Kind::firmware_update_reset: return say(CALIPTRA_EMU_LOG_INFO, "firmware update reset");
    case Event::Kind::idevid_csr_ready: return say(CALIPTRA_EMU_LOG_INFO, "the IDevID CSR is in the mailbox");
    case Event::Kind::reset_command:
      return say(CALIPTRA_EMU_LOG_GUEST, event.value == 0 ? "asks for a warm reset" : "asks for a cold reset");
    case Event::Kind::exit:
      return say(event.value == 0 ? CALIPTRA_EMU_LOG_INFO : CALIPTRA_EMU_LOG_GUEST,
                 fmt::format("the firmware ended with status {}", event.value));
    case Event::Kind::firmware_error_fatal:
      return say(CALIPTRA_EMU_LOG_ERROR, fmt::format("CPTRA_FW_ERROR_FATAL 0x{:08x}", event.value));
    case Event::Kind::hardware_error_fatal:
      return say(CALIPTRA_EMU_LOG_ERROR, fmt::format("CPTRA_HW_ERROR_FATAL 0x{:08x}", event.value));
    case Event::Kind::flow_status:
    case Event::Kind::trng_request:
    case Event::Kind::mailbox_status: break;
  }
}

void notice(caliptra_emu& emu, const Event& event) {
  log_event(emu, event);
  if (event.kind == Event::Kind::trng_request && emu.trng_callback != nullptr) {
    emu.core->clock().schedule_in(emu.trng_slot, emu.trng_delay);
  }
  if (const uint32_t bit = bit_of(event.kind); bit != 0) deliver(emu, bit, event.value);
}

void answer_trng(const caliptra_emu& emu) {
  using namespace caliptra::soc_ifc_regs;
  uint32_t words[12] = {};
  if (emu.trng_callback == nullptr || !emu.trng_callback(emu.trng_opaque, words)) return;
  for (uint32_t i = 0; i < 12; ++i) {
    emu.core->soc_write(soc_ifc_base + CPTRA_TRNG_DATA::offset + 4 * i, words[i], emu.trng_user);
  }
  emu.core->soc_write(soc_ifc_base + CPTRA_TRNG_STATUS::offset, CPTRA_TRNG_STATUS::DATA_WR_DONE.mask(), emu.trng_user);
}

constexpr int wire_number(OutputWire wire) {
  switch (wire) {
    case OutputWire::ready_for_fuses: return CALIPTRA_EMU_READY_FOR_FUSES;
    case OutputWire::ready_for_fw: return CALIPTRA_EMU_READY_FOR_FW;
    case OutputWire::ready_for_runtime: return CALIPTRA_EMU_READY_FOR_RUNTIME;
    case OutputWire::mailbox_data_available: return CALIPTRA_EMU_MAILBOX_DATA_AVAIL;
    case OutputWire::error_fatal: return CALIPTRA_EMU_CPTRA_ERROR_FATAL;
    case OutputWire::error_non_fatal: return CALIPTRA_EMU_CPTRA_ERROR_NON_FATAL;
    case OutputWire::mailbox_flow_done: return CALIPTRA_EMU_MAILBOX_FLOW_DONE;
    case OutputWire::trng_request: break;
  }
  return CALIPTRA_EMU_ETRNG_REQ;
}

// A configuration out of the C struct; a text says what is wrong with it.
std::string translate(const caliptra_emu_config& config, Configuration& result) {
  switch (config.generation) {
    case CALIPTRA_EMU_GENERATION_1_0: result.generation = caliptra::Generation::v1_0; break;
    case CALIPTRA_EMU_GENERATION_1_1:
    case CALIPTRA_EMU_GENERATION_1_2: result.generation = caliptra::Generation::v1_1; break;
    default: return fmt::format("there is no hardware generation 0x{:x}", config.generation);
  }
  switch (config.timing) {
    case CALIPTRA_EMU_TIMING_REFERENCE: result.timing = veer::TimingProfile::reference; break;
    case CALIPTRA_EMU_TIMING_RTL: result.timing = veer::TimingProfile::rtl; break;
    default: return fmt::format("there is no timing profile {}", config.timing);
  }
  switch (config.lifecycle) {
    case CALIPTRA_EMU_UNPROVISIONED:
    case CALIPTRA_EMU_MANUFACTURING:
    case CALIPTRA_EMU_PRODUCTION: result.lifecycle = static_cast<caliptra::DeviceLifecycle>(config.lifecycle); break;
    default: return fmt::format("there is no life cycle {}", config.lifecycle);
  }
  if (config.rom == nullptr) return "there is no ROM image";
  result.rom.assign(config.rom, config.rom + config.rom_size);
  result.debug_locked = config.debug_locked;
  result.internal_trng = config.internal_trng;
  result.emulator_devices = config.emulator_devices;
  result.boot_fsm_breakpoint = config.boot_fsm_breakpoint;
  if (config.obf_key != nullptr) std::copy_n(config.obf_key, 8, result.obfuscation_key.begin());
  result.trng_seed = config.trng_seed;
  result.scan_mode = config.scan_mode;
  std::copy_n(config.generic_input, 2, result.generic_input_wires.begin());
  return {};
}

int create(const Configuration& configuration, std::optional<caliptra::SocPlan> plan, caliptra_emu** emu,
           std::string& reason) {
  auto made = std::make_unique<caliptra_emu>();
  made->core = Core::create(configuration, reason);
  if (made->core == nullptr) return CALIPTRA_EMU_BAD_CONFIGURATION;
  caliptra_emu* const raw = made.get();
  made->mailbox = std::make_unique<caliptra::MailboxClient>(*made->core);
  made->configured_plan = std::move(plan);
  made->trng_slot = made->core->clock().add_event("trng callback", [raw] { answer_trng(*raw); });
  made->core->on_event([raw](const Event& event) { notice(*raw, event); });
  made->core->on_console([raw](char character) {
    if (raw->console_callback != nullptr) raw->console_callback(raw->console_opaque, character);
  });
  made->core->on_output([raw](OutputWire wire, bool level) {
    if (raw->wire_callback != nullptr) raw->wire_callback(raw->wire_opaque, wire_number(wire), level);
  });
  for (const caliptra::FuseName& fuse : caliptra::Fuses::names(configuration.generation)) {
    made->fuse_names.emplace_back(fuse.name);
  }
  *emu = made.release();
  return CALIPTRA_EMU_OK;
}

// The frame of both functions that create.
template <typename Body>
int create_guarded(caliptra_emu** emu, char* message, size_t message_size, Body body) noexcept {
  copy_text("", message, message_size);
  if (emu == nullptr) return CALIPTRA_EMU_INVALID_ARGUMENT;
  *emu = nullptr;
  try {
    std::string reason;
    const int status = body(reason);
    copy_text(reason, message, message_size);
    return status;
  } catch (const std::bad_alloc&) {
    return CALIPTRA_EMU_NO_MEMORY;
  } catch (...) {
    return CALIPTRA_EMU_INTERNAL_ERROR;
  }
}

int check_access(const caliptra_emu* emu, uint32_t address, unsigned width) {
  if (width != 4) return fail(emu, CALIPTRA_EMU_BUS_ERROR, fmt::format("the bus has no accesses of {} bytes", width));
  if (address % 4 != 0) return fail(emu, CALIPTRA_EMU_BUS_ERROR, fmt::format("address 0x{:x} is not aligned", address));
  return CALIPTRA_EMU_OK;
}

int refused(const caliptra_emu* emu, veer::BusStatus status, uint32_t address, uint32_t user) {
  if (status == veer::BusStatus::ok) return CALIPTRA_EMU_OK;
  const char* why = status == veer::BusStatus::decode_error ? "nothing is there" : "the core refused it";
  const std::string text = fmt::format("bus error at 0x{:x} as user 0x{:x}: {}", address, user, why);
  log(*emu, CALIPTRA_EMU_LOG_GUEST, text);
  return fail(emu, CALIPTRA_EMU_BUS_ERROR, text);
}

}  // namespace

uint32_t caliptra_emu_api_version(void) { return CALIPTRA_EMU_API_MAJOR << 16 | CALIPTRA_EMU_API_MINOR; }

const char* caliptra_emu_version(void) { return CALIPTRA_EMU_VERSION; }
uint64_t caliptra_emu_capabilities(void) { return capabilities; }

const char* caliptra_emu_status_text(int status) {
  switch (status) {
    case CALIPTRA_EMU_OK: return "done";
    case CALIPTRA_EMU_INVALID_ARGUMENT: return "an argument is wrong";
    case CALIPTRA_EMU_BUS_ERROR: return "the core refused a bus access";
    case CALIPTRA_EMU_NO_MEMORY: return "there is not enough memory";
    case CALIPTRA_EMU_BAD_CONFIGURATION: return "the configuration is wrong";
    case CALIPTRA_EMU_BAD_STATE: return "the state is damaged or of another configuration";
    case CALIPTRA_EMU_TOO_SMALL: return "the buffer is too small";
    case CALIPTRA_EMU_BUSY: return "this is not possible now";
    case CALIPTRA_EMU_UNSUPPORTED: return "this is not supported";
    case CALIPTRA_EMU_INTERNAL_ERROR: return "an error of the library";
    default: return "an unknown status";
  }
}

void caliptra_emu_config_init(caliptra_emu_config* config) {
  if (config == nullptr) return;
  *config = {};
  config->size = sizeof *config;
  config->generation = CALIPTRA_EMU_GENERATION_1_1;
  config->timing = CALIPTRA_EMU_TIMING_REFERENCE;
  config->lifecycle = CALIPTRA_EMU_UNPROVISIONED;
  config->emulator_devices = true;
  config->trng_seed = Configuration{}.trng_seed;
}

int caliptra_emu_create(const caliptra_emu_config* config, caliptra_emu** emu, char* message, size_t message_size) {
  return create_guarded(emu, message, message_size, [&](std::string& reason) -> int {
    if (config == nullptr) return CALIPTRA_EMU_INVALID_ARGUMENT;
    caliptra_emu_config whole;
    caliptra_emu_config_init(&whole);
    if (!take_struct(config, config->size, first_config, &whole, sizeof whole)) {
      reason = "the size of the configuration is wrong, or it asks for something that this version does not know";
      return CALIPTRA_EMU_INVALID_ARGUMENT;
    }
    Configuration configuration;
    reason = translate(whole, configuration);
    if (!reason.empty()) return CALIPTRA_EMU_BAD_CONFIGURATION;
    return create(configuration, std::nullopt, emu, reason);
  });
}

int caliptra_emu_create_from_text(const char* text, const uint8_t* rom, size_t rom_size, caliptra_emu** emu,
                                  char* message, size_t message_size) {
  return create_guarded(emu, message, message_size, [&](std::string& reason) -> int {
    if (text == nullptr || rom == nullptr) return CALIPTRA_EMU_INVALID_ARGUMENT;
    Configuration configuration;
    caliptra::SocPlan plan;
    reason = caliptra::read_configuration_text(text, configuration, plan);
    if (!reason.empty()) return CALIPTRA_EMU_BAD_CONFIGURATION;
    configuration.rom.assign(rom, rom + rom_size);
    return create(configuration, std::move(plan), emu, reason);
  });
}

void caliptra_emu_destroy(caliptra_emu* emu) {
  if (emu != nullptr && !emu->running) delete emu;
}

const char* caliptra_emu_error(const caliptra_emu* emu) { return emu == nullptr ? "" : emu->error.c_str(); }

int caliptra_emu_set_wire(caliptra_emu* emu, int wire_in, bool level) {
  return guarded_with_callbacks(emu, [&]() -> int {
    switch (wire_in) {
      case CALIPTRA_EMU_CPTRA_PWRGOOD: emu->core->set_power_good(level); break;
      case CALIPTRA_EMU_CPTRA_RST_B: emu->core->set_reset_b(level); break;
      case CALIPTRA_EMU_BOOTFSM_BRKPOINT: emu->core->set_boot_fsm_breakpoint(level); break;
      case CALIPTRA_EMU_SCAN_MODE: emu->core->set_scan_mode(level); break;
      default: return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, fmt::format("there is no input wire {}", wire_in));
    }
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_get_wire(const caliptra_emu* emu, int wire_out, bool* level) {
  return guarded(emu, [&]() -> int {
    if (level == nullptr) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "level is null");
    switch (wire_out) {
      case CALIPTRA_EMU_READY_FOR_FUSES: *level = emu->core->ready_for_fuses(); break;
      case CALIPTRA_EMU_READY_FOR_FW: *level = emu->core->ready_for_fw(); break;
      case CALIPTRA_EMU_READY_FOR_RUNTIME: *level = emu->core->ready_for_runtime(); break;
      case CALIPTRA_EMU_MAILBOX_DATA_AVAIL: *level = emu->core->mailbox_data_available(); break;
      case CALIPTRA_EMU_CPTRA_ERROR_FATAL: *level = emu->core->error_fatal(); break;
      case CALIPTRA_EMU_CPTRA_ERROR_NON_FATAL: *level = emu->core->error_non_fatal(); break;
      case CALIPTRA_EMU_ETRNG_REQ: *level = emu->core->trng_request(); break;
      case CALIPTRA_EMU_MAILBOX_FLOW_DONE: *level = emu->core->output(OutputWire::mailbox_flow_done); break;
      default: return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, fmt::format("there is no output wire {}", wire_out));
    }
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_on_wire(caliptra_emu* emu, caliptra_emu_wire_callback callback, void* opaque) {
  return guarded(emu, [&]() -> int {
    emu->wire_callback = callback;
    emu->wire_opaque = opaque;
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_on_trng_request(caliptra_emu* emu, caliptra_emu_trng_callback callback, void* opaque, uint32_t user,
                                 uint64_t delay) {
  return guarded(emu, [&]() -> int {
    emu->trng_callback = callback;
    emu->trng_opaque = opaque;
    emu->trng_user = user;
    emu->trng_delay = delay;
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_set_security_state(caliptra_emu* emu, int lifecycle, bool debug_locked) {
  return guarded_with_callbacks(emu, [&]() -> int {
    if (lifecycle < 0 || lifecycle > 3) {
      return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, fmt::format("there is no life cycle {}", lifecycle));
    }
    emu->core->set_security_state(static_cast<caliptra::DeviceLifecycle>(lifecycle), debug_locked);
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_set_generic_input(caliptra_emu* emu, unsigned word, uint32_t value) {
  return guarded_with_callbacks(emu, [&]() -> int {
    if (word > 1) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "there are words 0 and 1");
    emu->core->set_generic_input_wires(word, value);
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_get_generic_output(const caliptra_emu* emu, unsigned word, uint32_t* value) {
  return guarded(emu, [&]() -> int {
    if (word > 1 || value == nullptr) {
      return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "there are words 0 and 1, and value must not be null");
    }
    *value =
        emu->core->peek_register(soc_ifc_base + caliptra::soc_ifc_regs::CPTRA_GENERIC_OUTPUT_WIRES::offset + 4 * word);
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_read(caliptra_emu* emu, uint32_t address, unsigned width, uint32_t user, uint32_t* data) {
  return guarded_with_callbacks(emu, [&]() -> int {
    if (data == nullptr) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "data is null");
    *data = 0;
    if (const int status = check_access(emu, address, width); status != CALIPTRA_EMU_OK) return status;
    const veer::BusResult result = emu->core->soc_read(address, user);
    *data = result.data;
    return refused(emu, result.status, address, user);
  });
}

int caliptra_emu_write(caliptra_emu* emu, uint32_t address, unsigned width, uint32_t user, uint32_t data) {
  return guarded_with_callbacks(emu, [&]() -> int {
    if (const int status = check_access(emu, address, width); status != CALIPTRA_EMU_OK) return status;
    return refused(emu, emu->core->soc_write(address, data, user), address, user);
  });
}

int caliptra_emu_write_fuse(caliptra_emu* emu, const char* name, const uint32_t* words, size_t count, uint32_t user) {
  return guarded_with_callbacks(emu, [&]() -> int {
    if (name == nullptr || words == nullptr) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "a pointer is null");
    caliptra::Fuses fuses;
    const auto generation = emu->core->configuration().generation;
    if (const auto problem = fuses.set(generation, name, {words, count})) {
      return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, *problem);
    }
    for (const caliptra::FuseName& fuse : caliptra::Fuses::names(generation)) {
      if (fuse.name != name) continue;
      for (size_t i = 0; i < count; ++i) {
        const uint32_t address = soc_ifc_base + fuse.offset + static_cast<uint32_t>(4 * i);
        const int status = refused(emu, emu->core->soc_write(address, words[i], user), address, user);
        if (status != CALIPTRA_EMU_OK) return status;
      }
    }
    return CALIPTRA_EMU_OK;
  });
}

const char* caliptra_emu_fuse_name(caliptra_emu* emu, size_t index, size_t* words) {
  const char* name = nullptr;
  guarded(emu, [&]() -> int {
    if (index >= emu->fuse_names.size()) return CALIPTRA_EMU_INVALID_ARGUMENT;
    const auto fuses = caliptra::Fuses::names(emu->core->configuration().generation);
    if (words != nullptr) *words = fuses[index].words;
    name = emu->fuse_names[index].c_str();
    return CALIPTRA_EMU_OK;
  });
  return name;
}

int caliptra_emu_run(caliptra_emu* emu, uint64_t cycles, uint32_t events, int* stop) {
  return guarded_outside_run(emu, [&]() -> int {
    const uint64_t now = emu->core->cycles();
    const uint64_t until = cycles > veer::Clock::never - now ? veer::Clock::never : now + cycles;
    return run(*emu, {.until_cycle = until}, events, stop);
  });
}

int caliptra_emu_step(caliptra_emu* emu, int* stop) {
  return guarded_outside_run(emu, [&]() -> int {
    // A hart that sleeps, or is held in reset, may do so for ever while events come round.
    const uint64_t event = std::max(emu->core->clock().next_deadline(), emu->core->cycles());
    return run(*emu, {.until_cycle = event == veer::Clock::never ? event : event + 1, .most_executed = 1}, 0, stop);
  });
}

int caliptra_emu_stop(caliptra_emu* emu) {
  return guarded(emu, [&]() -> int {
    emu->core->stop();
    return CALIPTRA_EMU_OK;
  });
}

uint64_t caliptra_emu_cycles(const caliptra_emu* emu) { return emu == nullptr ? 0 : emu->core->cycles(); }
uint64_t caliptra_emu_instructions(const caliptra_emu* emu) { return emu == nullptr ? 0 : emu->core->instructions(); }
uint64_t caliptra_emu_next_event(const caliptra_emu* emu) {
  return emu == nullptr ? UINT64_MAX : emu->core->clock().next_deadline();
}

int caliptra_emu_on_event(caliptra_emu* emu, caliptra_emu_event_callback callback, void* opaque) {
  return guarded(emu, [&]() -> int {
    emu->event_callback = callback;
    emu->event_opaque = opaque;
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_on_console(caliptra_emu* emu, caliptra_emu_console_callback callback, void* opaque) {
  return guarded(emu, [&]() -> int {
    emu->console_callback = callback;
    emu->console_opaque = opaque;
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_on_log(caliptra_emu* emu, caliptra_emu_log_callback callback, void* opaque) {
  return guarded(emu, [&]() -> int {
    emu->log_callback = callback;
    emu->log_opaque = opaque;
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_peek(const caliptra_emu* emu, uint32_t address, uint32_t* value) {
  return guarded(emu, [&]() -> int {
    if (value == nullptr) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "value is null");
    uint8_t bytes[4] = {};
    *value = 0;
    if (!emu->core->peek(address, bytes)) {
      return fail(emu, CALIPTRA_EMU_BUS_ERROR, fmt::format("nothing can be read at 0x{:x}", address));
    }
    for (unsigned i = 0; i < 4; ++i) *value |= static_cast<uint32_t>(bytes[i]) << (8 * i);
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_read_memory(const caliptra_emu* emu, uint32_t address, uint8_t* bytes, size_t size) {
  return guarded(emu, [&]() -> int {
    if (bytes == nullptr && size != 0) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "bytes is null");
    if (size == 0) return CALIPTRA_EMU_OK;
    if (size <= largest_memory && emu->core->peek(address, {bytes, size})) return CALIPTRA_EMU_OK;
    return fail(emu, CALIPTRA_EMU_BUS_ERROR, fmt::format("{} bytes can't be read at 0x{:x}", size, address));
  });
}

int caliptra_emu_write_memory(caliptra_emu* emu, uint32_t address, const uint8_t* bytes, size_t size) {
  return guarded(emu, [&]() -> int {
    if (bytes == nullptr && size != 0) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "bytes is null");
    if (size == 0) return CALIPTRA_EMU_OK;
    if (size <= largest_memory && emu->core->poke(address, {bytes, size})) return CALIPTRA_EMU_OK;
    return fail(emu, CALIPTRA_EMU_BUS_ERROR, fmt::format("{} bytes can't be written at 0x{:x}", size, address));
  });
}

int caliptra_emu_inject_ecc_error(caliptra_emu* emu, uint32_t address, bool correctable) {
  return guarded_with_callbacks(emu, [&]() -> int {
    if (emu->core->inject_ecc_error(address, correctable)) return CALIPTRA_EMU_OK;
    return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, fmt::format("no memory with ECC is at 0x{:x}", address));
  });
}

int caliptra_emu_inject_fault(caliptra_emu* emu, const caliptra_emu_fault* fault) {
  return guarded_with_callbacks(emu, [&]() -> int {
    caliptra_emu_fault whole = {};
    if (fault == nullptr || !take_struct(fault, fault->size, first_fault, &whole, sizeof whole) ||
        whole.kind == nullptr) {
      return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "the fault is null, has no kind, or its size is wrong");
    }
    const auto kind = caliptra::fault_kind(whole.kind);
    if (!kind) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, fmt::format("there is no fault '{}'", whole.kind));
    caliptra::Fault result{.kind = *kind};
    result.address = whole.address;
    if (whole.length != 0) result.size = whole.length;
    result.value = whole.value;
    if (whole.percent != 0) result.percent = whole.percent;
    if (whole.slots != 0) result.slots = whole.slots;
    result.count = whole.count;
    if (emu->core->inject(result)) return CALIPTRA_EMU_OK;
    return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT,
                fmt::format("this hardware has no {} at 0x{:x}", whole.kind, whole.address));
  });
}

int caliptra_emu_clear_faults(caliptra_emu* emu) {
  return guarded_with_callbacks(emu, [&]() -> int {
    emu->core->clear_faults();
    return CALIPTRA_EMU_OK;
  });
}
