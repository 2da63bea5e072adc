// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Mailbox commands, the attached SoC, the TAP, and saving: the part of the C face that is more than one bus access.

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>

#include "iss/state_stream.h"
#include "soc/c/caliptra_emu.h"
#include "soc/c/instance.h"

namespace {

using caliptra::MailboxResult;
using Outcome = MailboxResult::Outcome;
using namespace caliptra::c_face;

constexpr std::size_t first_plan = offsetof(caliptra_emu_soc_plan, manufacturing_service) + sizeof(uint32_t);
constexpr std::size_t most_mailbox_users = 5;
constexpr std::size_t most_fuses = 1024;
constexpr std::size_t longest_payload = std::size_t{1} << 24;

bool payload_is_wrong(const uint8_t* payload, size_t size) {
  return (payload == nullptr && size != 0) || size > longest_payload;
}

int tap_refused(const caliptra_emu* emu, unsigned address) {
  return fail(emu, CALIPTRA_EMU_BUS_ERROR, fmt::format("the TAP doesn't get to DMI address 0x{:02x}", address));
}

int outcome_status(Outcome outcome) {
  switch (outcome) {
    case Outcome::data: return 1;
    case Outcome::complete: return 2;
    case Outcome::failure: return 3;
    default: return 0;
  }
}

int give_result(const caliptra_emu* emu, const MailboxResult& result, int* outcome, uint8_t* response, size_t* size) {
  *outcome = outcome_status(result.outcome);
  if (size != nullptr) {
    const int status = give_bytes(emu, result.response, response, size);
    if (status != CALIPTRA_EMU_OK) return status;
  }
  switch (result.outcome) {
    case Outcome::not_granted: return fail(emu, CALIPTRA_EMU_BUSY, "the mailbox lock was not granted");
    case Outcome::refused: return fail(emu, CALIPTRA_EMU_BUS_ERROR, "the user is not valid at the mailbox");
    case Outcome::failure: emu->error = fmt::format("CPTRA_FW_ERROR_NON_FATAL 0x{:08x}", result.firmware_error); break;
    default: break;
  }
  return CALIPTRA_EMU_OK;
}

// A text says what is wrong with the plan.
std::string translate(const caliptra_emu_soc_plan& plan, caliptra::Generation generation, caliptra::SocPlan& result) {
  if ((plan.firmware == nullptr && plan.firmware_size != 0) ||
      (plan.update_firmware == nullptr && plan.update_firmware_size != 0) ||
      (plan.fuses == nullptr && plan.fuse_count != 0) ||
      (plan.mailbox_users == nullptr && plan.mailbox_user_count != 0)) {
    return "a pointer is null";
  }
  if (plan.mailbox_user_count > most_mailbox_users) return "there are at most five mailbox users";
  if (plan.fuse_count > most_fuses || plan.firmware_size > longest_payload ||
      plan.update_firmware_size > longest_payload) {
    return "something is too long";
  }
  result.user = plan.user;
  if (plan.firmware_size != 0) result.firmware.assign(plan.firmware, plan.firmware + plan.firmware_size);
  if (plan.update_firmware_size != 0) {
    result.update_firmware.assign(plan.update_firmware, plan.update_firmware + plan.update_firmware_size);
  }
  for (size_t i = 0; i < plan.fuse_count; ++i) {
    const caliptra_emu_fuse& fuse = plan.fuses[i];
    if (fuse.name == nullptr || fuse.words == nullptr) return "a pointer is null";
    if (const auto problem = result.fuses.set(generation, fuse.name, {fuse.words, fuse.count})) return *problem;
  }
  result.mailbox_users = {plan.user};
  if (plan.mailbox_user_count != 0) {
    result.mailbox_users.assign(plan.mailbox_users, plan.mailbox_users + plan.mailbox_user_count);
  }
  result.trng_seed = plan.trng_seed;
  result.trng_delay = plan.answer_trng ? std::optional<uint64_t>(plan.trng_delay) : std::nullopt;
  result.upload_delay = plan.upload_delay;
  result.watchdog_timeout = plan.watchdog_timeout;
  result.manufacturing_service = plan.manufacturing_service;
  return {};
}

int attach(caliptra_emu* emu, caliptra::SocPlan plan) {
  if (emu->soc != nullptr) return fail(emu, CALIPTRA_EMU_BUSY, "a SoC is attached already");
  if (emu->core->cycles() != 0) return fail(emu, CALIPTRA_EMU_BUSY, "the core has run already");
  emu->soc = std::make_unique<caliptra::SocManager>(*emu->core, std::move(plan));
  return CALIPTRA_EMU_OK;
}

void save_or_restore(caliptra_emu& emu, veer::StateStream& stream) {
  stream.section("SoC", 1);
  bool attached = emu.soc != nullptr;
  stream(attached);
  if (attached != (emu.soc != nullptr)) {
    return stream.fail(attached ? "it was saved with a SoC attached" : "it was saved without a SoC attached");
  }
  emu.core->state(stream);
  emu.mailbox->state(stream);
  if (attached) emu.soc->state(stream);
}

// A debugger may have the core stand still; then the command goes on when it runs.
MailboxResult execute(caliptra_emu& emu, uint32_t command, std::span<const uint8_t> payload, uint32_t user,
                      uint64_t max_cycles) {
  if (emu.run_control == nullptr) return emu.mailbox->execute(command, payload, user, max_cycles);
  const uint64_t now = emu.core->cycles();
  const auto done = std::make_shared<std::optional<MailboxResult>>();
  emu.mailbox->begin(command, payload, user, [&emu, done](const MailboxResult& result) {
    *done = result;
    deliver(emu, CALIPTRA_EMU_EVENT_MAILBOX_DONE, 0);
  });
  const uint64_t until = max_cycles > veer::Clock::never - now ? veer::Clock::never : now + max_cycles;
  if (!*done) run(emu, {.until_cycle = until}, CALIPTRA_EMU_EVENT_MAILBOX_DONE, nullptr);
  return done->value_or(MailboxResult{});
}

void finish_command(caliptra_emu& emu, const MailboxResult& result) {
  emu.mailbox_result = result;
  deliver(emu, CALIPTRA_EMU_EVENT_MAILBOX_DONE, static_cast<uint32_t>(outcome_status(result.outcome)));
}

}  // namespace

int caliptra_emu_mailbox(caliptra_emu* emu, uint32_t command, const uint8_t* payload, size_t payload_size,
                         uint32_t user, uint64_t max_cycles, int* outcome, uint8_t* response, size_t* response_size) {
  return guarded_outside_run(emu, [&]() -> int {
    if (outcome == nullptr || payload_is_wrong(payload, payload_size) ||
        (response != nullptr && response_size == nullptr)) {
      return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "a pointer is null or the payload is too long");
    }
    *outcome = 0;
    if (emu->mailbox->busy()) return fail(emu, CALIPTRA_EMU_BUSY, "another command is under way");
    const Running running(*emu);
    const MailboxResult result = execute(*emu, command, {payload, payload_size}, user, max_cycles);
    return give_result(emu, result, outcome, response, response_size);
  });
}

int caliptra_emu_mailbox_start(caliptra_emu* emu, uint32_t command, const uint8_t* payload, size_t payload_size,
                               uint32_t user) {
  return guarded_with_callbacks(emu, [&]() -> int {
    if (payload_is_wrong(payload, payload_size)) {
      return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "payload is null or too long");
    }
    if (emu->mailbox->busy()) return fail(emu, CALIPTRA_EMU_BUSY, "another command is under way");
    emu->mailbox_result.reset();
    emu->mailbox->begin(command, {payload, payload_size}, user,
                        [emu](const MailboxResult& result) { finish_command(*emu, result); });
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_mailbox_result(caliptra_emu* emu, int* outcome, uint8_t* response, size_t* response_size) {
  return guarded(emu, [&]() -> int {
    if (outcome == nullptr || (response != nullptr && response_size == nullptr)) {
      return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "a pointer is null");
    }
    *outcome = 0;
    if (emu->mailbox->busy()) return fail(emu, CALIPTRA_EMU_BUSY, "the command is under way");
    if (!emu->mailbox_result) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "no command was started");
    return give_result(emu, *emu->mailbox_result, outcome, response, response_size);
  });
}

uint32_t caliptra_emu_mailbox_checksum(uint32_t command, const uint8_t* payload, size_t payload_size) {
  if (payload == nullptr) payload_size = 0;
  return caliptra::mailbox_checksum(command, {payload, payload_size});
}

void caliptra_emu_soc_plan_init(caliptra_emu_soc_plan* plan) {
  if (plan == nullptr) return;
  const caliptra::SocPlan defaults;
  *plan = {};
  plan->size = sizeof *plan;
  plan->user = defaults.user;
  plan->answer_trng = defaults.trng_delay.has_value();
  plan->trng_seed = defaults.trng_seed;
  plan->trng_delay = defaults.trng_delay.value_or(0);
  plan->upload_delay = defaults.upload_delay;
  plan->watchdog_timeout = defaults.watchdog_timeout;
  plan->manufacturing_service = defaults.manufacturing_service;
}

int caliptra_emu_attach_soc(caliptra_emu* emu, const caliptra_emu_soc_plan* plan) {
  return guarded_outside_run(emu, [&]() -> int {
    caliptra_emu_soc_plan whole;
    caliptra_emu_soc_plan_init(&whole);
    if (plan == nullptr || !take_struct(plan, plan->size, first_plan, &whole, sizeof whole)) {
      return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "the plan is null, or its size is wrong");
    }
    caliptra::SocPlan translated;
    std::string problem = translate(whole, emu->core->configuration().generation, translated);
    if (!problem.empty()) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, std::move(problem));
    return attach(emu, std::move(translated));
  });
}

int caliptra_emu_attach_configured_soc(caliptra_emu* emu, const uint8_t* firmware, size_t firmware_size) {
  return guarded_outside_run(emu, [&]() -> int {
    if (payload_is_wrong(firmware, firmware_size)) {
      return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "firmware is null or too long");
    }
    if (!emu->configured_plan) {
      return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "the core was not created from a text");
    }
    caliptra::SocPlan plan = *emu->configured_plan;
    if (firmware != nullptr) plan.firmware.assign(firmware, firmware + firmware_size);
    return attach(emu, std::move(plan));
  });
}

int caliptra_emu_upload_status(const caliptra_emu* emu, int* upload) {
  return guarded(emu, [&]() -> int {
    if (upload == nullptr) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "upload is null");
    *upload = CALIPTRA_EMU_UPLOAD_PENDING;
    if (emu->soc == nullptr) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "no SoC is attached");
    if (emu->soc->waits_for_missing_firmware()) *upload = CALIPTRA_EMU_UPLOAD_MISSING;
    const auto outcome = emu->soc->upload_outcome();
    if (!outcome) return CALIPTRA_EMU_OK;
    switch (*outcome) {
      case Outcome::complete:
      case Outcome::data: *upload = CALIPTRA_EMU_UPLOAD_ACCEPTED; break;
      case Outcome::refused: *upload = CALIPTRA_EMU_UPLOAD_REFUSED; break;
      default: *upload = CALIPTRA_EMU_UPLOAD_FAILED; break;
    }
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_downloaded_certificate(const caliptra_emu* emu, uint8_t* buffer, size_t* size) {
  return guarded(emu, [&]() -> int {
    if (emu->soc == nullptr) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "no SoC is attached");
    return give_bytes(emu, emu->soc->downloaded_certificate(), buffer, size);
  });
}

int caliptra_emu_power_on(caliptra_emu* emu) {
  return guarded_outside_run(emu, [&]() -> int {
    const Running running(*emu);
    emu->core->set_power_good(true);
    emu->core->set_reset_b(true);
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_cold_reset(caliptra_emu* emu) {
  return guarded_outside_run(emu, [&]() -> int {
    const Running running(*emu);
    if (emu->soc != nullptr) {
      emu->soc->cold_reset();
      return CALIPTRA_EMU_OK;
    }
    emu->core->set_reset_b(false);
    emu->core->set_power_good(false);
    emu->core->set_power_good(true);
    emu->core->set_reset_b(true);
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_warm_reset(caliptra_emu* emu) {
  return guarded_outside_run(emu, [&]() -> int {
    const Running running(*emu);
    if (emu->soc != nullptr) {
      emu->soc->warm_reset();
      return CALIPTRA_EMU_OK;
    }
    // As long as the synchronisers of soc_ifc_boot_fsm.sv may take to see it.
    constexpr uint64_t reset_cycles = 16;
    emu->core->set_reset_b(false);
    emu->core->run({.until_cycle = emu->core->cycles() + reset_cycles});
    emu->core->set_reset_b(true);
    return CALIPTRA_EMU_OK;
  });
}

int caliptra_emu_tap_read(caliptra_emu* emu, unsigned address, uint32_t* data) {
  return guarded_with_callbacks(emu, [&]() -> int {
    if (data == nullptr) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "data is null");
    const auto value = address <= 0xff ? emu->core->tap_read(static_cast<uint8_t>(address)) : std::nullopt;
    *data = value.value_or(0);
    return value ? CALIPTRA_EMU_OK : tap_refused(emu, address);
  });
}

int caliptra_emu_tap_write(caliptra_emu* emu, unsigned address, uint32_t data) {
  return guarded_with_callbacks(emu, [&]() -> int {
    const bool written = address <= 0xff && emu->core->tap_write(static_cast<uint8_t>(address), data);
    return written ? CALIPTRA_EMU_OK : tap_refused(emu, address);
  });
}

int caliptra_emu_save(caliptra_emu* emu, uint8_t* buffer, size_t* size) {
  return guarded_outside_run(emu, [&]() -> int {
    if (size == nullptr) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "size is null");
    veer::StateStream stream;
    save_or_restore(*emu, stream);
    if (!stream.ok()) return fail(emu, CALIPTRA_EMU_INTERNAL_ERROR, stream.error());
    const size_t room = *size;
    if (buffer != nullptr && room < stream.output().size()) {
      *size = stream.output().size();
      return fail(emu, CALIPTRA_EMU_TOO_SMALL, "the state does not fit");
    }
    return give_bytes(emu, stream.output(), buffer, size);
  });
}

int caliptra_emu_restore(caliptra_emu* emu, const uint8_t* state, size_t size) {
  return guarded_outside_run(emu, [&]() -> int {
    if (state == nullptr) return fail(emu, CALIPTRA_EMU_INVALID_ARGUMENT, "state is null");
    veer::StateStream stream(std::span<const uint8_t>{state, size});
    save_or_restore(*emu, stream);
    stream.finish();
    if (!stream.ok()) return fail(emu, CALIPTRA_EMU_BAD_STATE, stream.error());
    emu->mailbox_result.reset();
    emu->mailbox->on_finished([emu](const MailboxResult& result) { finish_command(*emu, result); });
    return CALIPTRA_EMU_OK;
  });
}
