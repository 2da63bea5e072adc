// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/c/caliptra_model.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "soc/core.h"
#include "soc/mailbox_client.h"
#include "soc/trng_feed.h"

namespace {

using caliptra::Configuration;
using caliptra::Core;
using caliptra::Event;
using caliptra::MailboxResult;
using namespace caliptra::soc_ifc_regs;

constexpr uint32_t soc_ifc_base = 0x3003'0000;
constexpr uint32_t iccm_base = 0x4000'0000;
constexpr uint32_t dccm_base = 0x5000'0000;
constexpr uint32_t firmware_load = 0x4657'4c44;  // "FWLD"
constexpr std::size_t mailbox_size = 128 * 1024;

// What the reference's model accesses as when nobody says otherwise.
constexpr uint32_t default_user = 1;

constexpr std::array<uint32_t, 8> default_obfuscation_key = {0xa0a1a2a3, 0xb0b1b2b3, 0xc0c1c2c3, 0xd0d1d2d3,
                                                             0xe0e1e2e3, 0xf0f1f2f3, 0xa4a5a6a7, 0xb4b5b6b7};

constexpr uint64_t power_on_cycles = 1'000;
constexpr uint64_t longest_boot = 400'000'000;
constexpr uint32_t watchdog_timeout = 20'000'000;

}  // namespace

struct caliptra_model {
  std::unique_ptr<Core> core;
  std::unique_ptr<caliptra::MailboxClient> mailbox;
  caliptra::TrngFeed trng{Configuration{}.trng_seed};
  veer::Clock::Slot trng_slot{};
  uint32_t user = 0;
  std::string console;
  bool exit_requested = false;
  bool fatal = false;
  std::optional<Event::Kind> awaited;
  std::optional<uint32_t> awaited_boot_status;

  void notice(const Event& event);
  void answer_trng();
  veer::BusResult read(uint32_t address) { return core->soc_read(address, user); }
  veer::BusStatus write(uint32_t address, uint32_t data) { return core->soc_write(address, data, user); }
  void lock_mailbox_user(uint32_t index);
  uint32_t soc_ifc(uint32_t offset) const { return core->peek_register(soc_ifc_base + offset); }
  bool run_until_boot_status(uint32_t status);
  int boot(std::span<const uint8_t> firmware, uint32_t status);
};

void caliptra_model::notice(const Event& event) {
  switch (event.kind) {
    case Event::Kind::trng_request: core->clock().schedule_in(trng_slot, 0); break;
    case Event::Kind::exit: exit_requested = true; break;
    case Event::Kind::firmware_error_fatal:
    case Event::Kind::hardware_error_fatal:
      fatal = true;
      if (awaited || awaited_boot_status) core->stop();
      break;
    case Event::Kind::boot_status:
      if (awaited_boot_status == event.value) core->stop();
      break;
    default: break;
  }
  if (awaited == event.kind) core->stop();
}

// The RTL's CPTRA_TRNG_VALID_PAUSER is open until a program locks it for the user that it gave us.
void caliptra_model::answer_trng() {
  const auto words = trng.block();
  for (uint32_t i = 0; i < words.size(); ++i) write(soc_ifc_base + CPTRA_TRNG_DATA::offset + 4 * i, words[i]);
  write(soc_ifc_base + CPTRA_TRNG_STATUS::offset, CPTRA_TRNG_STATUS::DATA_WR_DONE.mask());
}

void caliptra_model::lock_mailbox_user(uint32_t index) {
  write(soc_ifc_base + CPTRA_MBOX_VALID_PAUSER::offset + 4 * index, user);
  write(soc_ifc_base + CPTRA_MBOX_PAUSER_LOCK::offset + 4 * index, 1);
}

bool caliptra_model::run_until_boot_status(uint32_t status) {
  if (soc_ifc(CPTRA_BOOT_STATUS::offset) == status) return true;
  fatal = false;
  awaited_boot_status = status;
  core->run({.until_cycle = core->cycles() + longest_boot});
  awaited_boot_status.reset();
  return soc_ifc(CPTRA_BOOT_STATUS::offset) == status;
}

int caliptra_model::boot(std::span<const uint8_t> firmware, uint32_t status) {
  if (!core->ready_for_fuses()) return CALIPTRA_MODEL_NOT_READY;
  lock_mailbox_user(0);
  write(soc_ifc_base + CPTRA_WDT_CFG::offset, watchdog_timeout);
  write(soc_ifc_base + CPTRA_WDT_CFG::offset + 4, 0);
  write(soc_ifc_base + CPTRA_FUSE_WR_DONE::offset, 1);
  write(soc_ifc_base + CPTRA_BOOTFSM_GO::offset, 1);
  if (!core->ready_for_fw()) {
    awaited = Event::Kind::ready_for_fw;
    core->run({.until_cycle = core->cycles() + longest_boot});
    awaited.reset();
  }
  if (!core->ready_for_fw()) return fatal ? CALIPTRA_MODEL_FATAL_ERROR : CALIPTRA_MODEL_NOT_READY;
  switch (mailbox->execute(firmware_load, firmware, user, longest_boot).outcome) {
    case MailboxResult::Outcome::complete:
    case MailboxResult::Outcome::data: break;
    case MailboxResult::Outcome::refused: return CALIPTRA_MODEL_BUS_ERROR;
    default: return CALIPTRA_MODEL_FATAL_ERROR;
  }
  if (run_until_boot_status(status)) return CALIPTRA_MODEL_STATUS_OK;
  return fatal ? CALIPTRA_MODEL_FATAL_ERROR : CALIPTRA_MODEL_NOT_READY;
}

namespace {

/// Every function's body runs in here: nothing is ever thrown across the C face.
template <typename Result, typename Body>
Result guarded(const caliptra_model* model, Result otherwise, Body body) noexcept {
  if (model == nullptr) return otherwise;
  try {
    return body();
  } catch (...) {
    return otherwise;
  }
}

bool is_null(const caliptra_buffer& buffer) { return buffer.data == nullptr; }

bool load(Core& core, uint32_t base, const caliptra_buffer& image) {
  if (is_null(image) || image.len == 0) return true;
  return image.len <= mailbox_size && core.poke(base, {image.data, image.len});
}

int create(const caliptra_model_init_params& params, caliptra_model** model) {
  Configuration configuration;
  auto& key = configuration.obfuscation_key;
  key = default_obfuscation_key;
  if (!is_null(params.optional_obf_key)) {
    if (params.optional_obf_key.len != sizeof key) return CALIPTRA_MODEL_INVALID_OBF_KEY_SIZE;
    std::memcpy(key.data(), params.optional_obf_key.data, sizeof key);
  }
  if (is_null(params.rom)) return CALIPTRA_MODEL_INVALID_ARGUMENT;
  if (params.rom.len > mailbox_size) return CALIPTRA_MODEL_INVALID_IMAGE;
  configuration.rom.assign(params.rom.data, params.rom.data + params.rom.len);
  configuration.lifecycle = static_cast<caliptra::DeviceLifecycle>(params.security_state & 0b11);
  configuration.debug_locked = (params.security_state & 0b100) != 0;
  // The reference starts nothing before CPTRA_BOOTFSM_GO.
  configuration.boot_fsm_breakpoint = true;

  std::string error;
  auto made = std::make_unique<caliptra_model>();
  made->core = Core::create(configuration, error);
  if (made->core == nullptr) return CALIPTRA_MODEL_INVALID_IMAGE;
  caliptra_model* const raw = made.get();
  made->user = params.soc_user != 0 ? params.soc_user : default_user;
  made->mailbox = std::make_unique<caliptra::MailboxClient>(*made->core);
  made->trng_slot = made->core->clock().add_event("model trng answer", [raw] { raw->answer_trng(); });
  made->core->on_event([raw](const Event& event) { raw->notice(event); });
  made->core->on_console([raw](char character) { raw->console += character; });

  made->core->set_power_good(true);
  made->core->set_reset_b(true);
  if (!made->core->ready_for_fuses()) {
    made->awaited = Event::Kind::ready_for_fuses;
    made->core->run({.until_cycle = power_on_cycles});
    made->awaited.reset();
  }
  // Programs that give no user know nothing of users: theirs takes the last place on the list of valid ones.
  if (params.soc_user == 0) made->lock_mailbox_user(CPTRA_MBOX_VALID_PAUSER::count - 1);
  if (!load(*made->core, dccm_base, params.dccm) || !load(*made->core, iccm_base, params.iccm)) {
    return CALIPTRA_MODEL_INVALID_IMAGE;
  }
  *model = made.release();
  return CALIPTRA_MODEL_STATUS_OK;
}

// The parameters of the 2.x form, which the header has under a macro only.
struct init_params_2x {
  int hw_version;
  caliptra_model_init_params rest;
};

}  // namespace

extern "C" {

int caliptra_model_init_default(caliptra_model_init_params params, caliptra_model** model) {
  if (model == nullptr) return CALIPTRA_MODEL_INVALID_ARGUMENT;
  *model = nullptr;
  try {
    return create(params, model);
  } catch (...) {
    return CALIPTRA_MODEL_INTERNAL_ERROR;
  }
}

CALIPTRA_MODEL_API int caliptra_model_init_default_2x(init_params_2x, caliptra_model** model) {
  if (model == nullptr) return CALIPTRA_MODEL_INVALID_ARGUMENT;
  *model = nullptr;
  return CALIPTRA_MODEL_UNSUPPORTED;
}

void caliptra_model_destroy(caliptra_model* model) { delete model; }

int caliptra_model_apb_read_u32(caliptra_model* model, unsigned addr, unsigned* data) {
  if (data == nullptr) return CALIPTRA_MODEL_INVALID_ARGUMENT;
  *data = 0;
  return guarded(model, CALIPTRA_MODEL_INVALID_ARGUMENT, [&] {
    if (addr % 4 != 0) return CALIPTRA_MODEL_BUS_ERROR;
    const veer::BusResult result = model->read(addr);
    *data = result.data;
    return result.ok() ? CALIPTRA_MODEL_STATUS_OK : CALIPTRA_MODEL_BUS_ERROR;
  });
}

int caliptra_model_apb_write_u32(caliptra_model* model, unsigned addr, unsigned data) {
  return guarded(model, CALIPTRA_MODEL_INVALID_ARGUMENT, [&] {
    if (addr % 4 != 0) return CALIPTRA_MODEL_BUS_ERROR;
    return model->write(addr, data) == veer::BusStatus::ok ? CALIPTRA_MODEL_STATUS_OK : CALIPTRA_MODEL_BUS_ERROR;
  });
}

bool caliptra_model_ready_for_fuses(caliptra_model* model) {
  return guarded(model, false, [&] { return (model->soc_ifc(CPTRA_FUSE_WR_DONE::offset) & 1) == 0; });
}

bool caliptra_model_ready_for_fw(caliptra_model* model) {
  return guarded(model, false, [&] { return model->core->ready_for_fw(); });
}

int caliptra_model_step(caliptra_model* model) {
  return guarded(model, CALIPTRA_MODEL_INVALID_ARGUMENT, [&] {
    model->core->run({.until_cycle = model->core->cycles() + 1});
    return CALIPTRA_MODEL_STATUS_OK;
  });
}

bool caliptra_model_exit_requested(caliptra_model* model) {
  return guarded(model, false, [&] { return model->exit_requested; });
}

caliptra_buffer caliptra_model_output_peek(caliptra_model* model) {
  return guarded(model, caliptra_buffer{reinterpret_cast<const uint8_t*>(""), 0}, [&] {
    return caliptra_buffer{reinterpret_cast<const uint8_t*>(model->console.data()), model->console.size()};
  });
}

void caliptra_model_step_until_boot_status(caliptra_model* model, unsigned boot_status) {
  guarded(model, false, [&] { return model->run_until_boot_status(boot_status); });
}

void caliptra_model_set_apb_pauser(caliptra_model* model, unsigned pauser) {
  if (model != nullptr) model->user = pauser;
}

CALIPTRA_MODEL_API void caliptra_model_set_axi_user(caliptra_model* model, unsigned user) {
  if (model != nullptr) model->user = user;
}

int caliptra_model_boot_default(caliptra_model* model, caliptra_buffer fw, unsigned boot_status) {
  return guarded(model, CALIPTRA_MODEL_INVALID_ARGUMENT, [&] {
    if (is_null(fw)) return CALIPTRA_MODEL_INVALID_ARGUMENT;
    return model->boot({fw.data, fw.len}, boot_status);
  });
}

}  // extern "C"
