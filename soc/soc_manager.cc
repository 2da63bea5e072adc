// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/soc_manager.h"

#include <utility>

#include "iss/state_stream.h"
#include "peripherals/mailbox/mailbox_regs.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"

namespace caliptra {
namespace {

using Outcome = MailboxResult::Outcome;

constexpr uint32_t mailbox_base = 0x3002'0000;
constexpr uint32_t soc_ifc_base = 0x3003'0000;
constexpr std::size_t mailbox_size = 128 * 1024;

constexpr uint32_t command_firmware_load = 0x4657'4c44;      // "FWLD"
constexpr uint32_t command_stash_measurement = 0x4d45'4153;  // "MEAS"
constexpr uint32_t cmd_complete = 2;                         // MBOX_STATUS.status

// The reference emulator's time between idevid_csr_ready and the download.
constexpr uint64_t certificate_delay = 100;

// As the RTL's test bench has it, from the command on the output wires to the reset.
constexpr uint64_t reset_command_delay = 10;

// Long enough for the synchronisers of soc_ifc_boot_fsm.sv to see cptra_rst_b.
constexpr uint64_t warm_reset_cycles = 16;

}  // namespace

struct SocManager::Parts {
  Parts(Core& the_core, SocPlan the_plan)
      : core(the_core), plan(std::move(the_plan)), trng(plan.trng_seed), mailbox(core) {
    veer::Clock& clock = core.clock();
    fuse_slot = clock.add_event("soc fuses", [this] { write_fuses(); });
    trng_slot = clock.add_event("soc trng answer", [this] { answer_trng(); });
    upload_slot = clock.add_event("soc upload", [this] { upload_next(); });
    certificate_slot = clock.add_event("soc certificate", [this] { download_certificate(); });
    reset_slot = clock.add_event("soc reset release", [this] { core.set_reset_b(true); });
    warm_reset_slot = clock.add_event("soc warm reset command", [this] { warm_reset(); });
    cold_reset_slot = clock.add_event("soc cold reset command", [this] { cold_reset(); });
    core.on_event([this](const Event& event) { notice(event); });
  }

  void write_ifc(uint32_t offset, uint32_t value) { core.soc_write(soc_ifc_base + offset, value, plan.user); }

  void write_fuses();
  void answer_trng();
  void upload_next();
  void uploaded(Outcome outcome);
  void download_certificate();
  void notice(const Event& event);
  void power_on();
  void cold_reset();
  void warm_reset();

  Core& core;
  SocPlan plan;
  TrngFeed trng;
  MailboxClient mailbox;

  veer::Clock::Slot fuse_slot, trng_slot, upload_slot, certificate_slot, reset_slot, warm_reset_slot, cold_reset_slot;

  // What the transaction under way is for.
  enum class Purpose : uint8_t { none, measurement, firmware, caller } purpose = Purpose::none;
  uint32_t next_measurement = 0;
  bool missing_firmware = false;
  std::optional<Outcome> upload_result;
  std::optional<MailboxResult> caller_result;
  std::vector<uint8_t> certificate;
};

void SocManager::Parts::write_fuses() {
  using namespace soc_ifc_regs;
  const auto lock_user = [&](uint32_t user_register, uint32_t lock_register, uint32_t user) {
    write_ifc(user_register, user);
    write_ifc(lock_register, 1);
  };
  for (std::size_t i = 0; i < plan.mailbox_users.size() && i < CPTRA_MBOX_VALID_PAUSER::count; ++i) {
    const auto at = static_cast<uint32_t>(4 * i);
    lock_user(CPTRA_MBOX_VALID_PAUSER::offset + at, CPTRA_MBOX_PAUSER_LOCK::offset + at, plan.mailbox_users[i]);
  }
  if (plan.trng_user) lock_user(CPTRA_TRNG_VALID_PAUSER::offset, CPTRA_TRNG_PAUSER_LOCK::offset, *plan.trng_user);
  if (plan.fuse_user) lock_user(CPTRA_FUSE_VALID_PAUSER::offset, CPTRA_FUSE_PAUSER_LOCK::offset, *plan.fuse_user);
  write_ifc(CPTRA_WDT_CFG::offset, static_cast<uint32_t>(plan.watchdog_timeout));
  write_ifc(CPTRA_WDT_CFG::offset + 4, static_cast<uint32_t>(plan.watchdog_timeout >> 32));
  write_ifc(CPTRA_iTRNG_ENTROPY_CONFIG_0::offset, plan.itrng_entropy_config[0]);
  write_ifc(CPTRA_iTRNG_ENTROPY_CONFIG_1::offset, plan.itrng_entropy_config[1]);
  write_ifc(CPTRA_DBG_MANUF_SERVICE_REG::offset, plan.manufacturing_service);

  const uint32_t fuse_user = plan.fuse_user.value_or(plan.user);
  const auto& values = plan.fuses.values();
  for (const FuseName& fuse : Fuses::names(core.configuration().generation)) {
    const auto value = values.find(fuse.name);
    if (value == values.end()) continue;
    for (std::size_t i = 0; i < value->second.size(); ++i) {
      core.soc_write(soc_ifc_base + fuse.offset + static_cast<uint32_t>(4 * i), value->second[i], fuse_user);
    }
  }
  write_ifc(CPTRA_FUSE_WR_DONE::offset, 1);
}

void SocManager::Parts::answer_trng() {
  using namespace soc_ifc_regs;
  const auto words = trng.block();
  const uint32_t user = plan.trng_user.value_or(plan.user);
  for (std::size_t i = 0; i < words.size(); ++i) {
    core.soc_write(soc_ifc_base + CPTRA_TRNG_DATA::offset + static_cast<uint32_t>(4 * i), words[i], user);
  }
  core.soc_write(soc_ifc_base + CPTRA_TRNG_STATUS::offset, CPTRA_TRNG_STATUS::DATA_WR_DONE.mask(), user);
}

void SocManager::Parts::upload_next() {
  if (mailbox.busy()) return;
  if (next_measurement < plan.measurements.size()) {
    purpose = Purpose::measurement;
    mailbox.begin(command_stash_measurement, plan.measurements[next_measurement++], plan.user,
                  [this](const MailboxResult& result) { uploaded(result.outcome); });
  } else if (!plan.firmware.empty()) {
    purpose = Purpose::firmware;
    mailbox.begin(command_firmware_load, plan.firmware, plan.user,
                  [this](const MailboxResult& result) { uploaded(result.outcome); });
  } else {
    missing_firmware = true;
  }
}

void SocManager::Parts::uploaded(Outcome outcome) {
  const Purpose ended = std::exchange(purpose, Purpose::none);
  if (outcome == Outcome::no_answer) return;  // a reset: everything starts over
  if (ended == Purpose::measurement) {
    core.clock().schedule_in(upload_slot, 0);
  } else {
    upload_result = outcome;
  }
}

// The ROM hands out the certificate as a mailbox request of its own, and waits for it to be fetched.
void SocManager::Parts::download_certificate() {
  certificate = mailbox.take_data(plan.user);
  core.soc_write(mailbox_base + mailbox_regs::mbox_status::offset, cmd_complete, plan.user);
  // One request has been served: the lowest. An LDevID request, bit 1, may follow the IDevID's, bit 0.
  constexpr uint32_t requests = soc_ifc_regs::CPTRA_DBG_MANUF_SERVICE_REG::offset;
  const uint32_t pending = core.soc_read(soc_ifc_base + requests, plan.user).data;
  write_ifc(requests, pending & (pending - 1));
}

void SocManager::Parts::notice(const Event& event) {
  veer::Clock& clock = core.clock();
  switch (event.kind) {
    case Event::Kind::ready_for_fuses: clock.schedule_in(fuse_slot, 0); break;
    case Event::Kind::trng_request:
      if (plan.trng_delay) clock.schedule_in(trng_slot, *plan.trng_delay);
      break;
    case Event::Kind::ready_for_fw: clock.schedule_in(upload_slot, plan.upload_delay); break;
    case Event::Kind::idevid_csr_ready: clock.schedule_in(certificate_slot, certificate_delay); break;
    case Event::Kind::firmware_update_reset:
      // Firmware that asks for the reset by itself finds its update in the mailbox.
      if (!mailbox.busy() && !plan.update_firmware.empty()) {
        purpose = Purpose::firmware;
        mailbox.begin(command_firmware_load, plan.update_firmware, plan.user,
                      [this](const MailboxResult& result) { uploaded(result.outcome); });
      }
      break;
    case Event::Kind::warm_reset:
    case Event::Kind::cold_reset:
      for (const auto slot : {upload_slot, certificate_slot, trng_slot}) clock.cancel(slot);
      next_measurement = 0;
      missing_firmware = false;
      break;
    case Event::Kind::reset_command:
      clock.schedule_in(event.value == 0 ? warm_reset_slot : cold_reset_slot, reset_command_delay);
      break;
    default: break;
  }
}

void SocManager::Parts::power_on() {
  core.set_power_good(true);
  core.set_reset_b(true);
}

void SocManager::Parts::cold_reset() {
  core.set_reset_b(false);
  core.set_power_good(false);
  upload_result.reset();
  power_on();
}

void SocManager::Parts::warm_reset() {
  core.set_reset_b(false);
  if (core.configuration().timing == veer::TimingProfile::reference) {
    core.set_reset_b(true);
  } else {
    core.clock().schedule_in(reset_slot, warm_reset_cycles);
  }
}

SocManager::SocManager(Core& core, SocPlan plan) : parts_(std::make_unique<Parts>(core, std::move(plan))) {}
SocManager::~SocManager() = default;

void SocManager::power_on() { parts_->power_on(); }
void SocManager::cold_reset() { parts_->cold_reset(); }
void SocManager::warm_reset() { parts_->warm_reset(); }

MailboxResult SocManager::execute(uint32_t command, std::span<const uint8_t> payload, uint64_t max_cycles) {
  return parts_->mailbox.execute(command, payload, parts_->plan.user, max_cycles);
}

bool SocManager::start(uint32_t command, std::span<const uint8_t> payload) {
  Parts& parts = *parts_;
  if (parts.mailbox.busy()) return false;
  parts.purpose = Parts::Purpose::caller;
  parts.caller_result.reset();
  parts.mailbox.begin(command, payload, parts.plan.user, [&parts](const MailboxResult& result) {
    parts.purpose = Parts::Purpose::none;
    parts.caller_result = result;
    parts.core.stop();
  });
  return true;
}

SocPlan& SocManager::plan() { return parts_->plan; }
void SocManager::reseed_trng(uint32_t seed) { parts_->trng = TrngFeed(seed); }
std::optional<MailboxResult> SocManager::result() const { return parts_->caller_result; }
std::optional<Outcome> SocManager::upload_outcome() const { return parts_->upload_result; }
bool SocManager::waits_for_missing_firmware() const { return parts_->missing_firmware; }
const std::vector<uint8_t>& SocManager::downloaded_certificate() const { return parts_->certificate; }

void SocManager::state(veer::StateStream& stream) {
  Parts& parts = *parts_;
  stream.section("soc manager", 1);
  parts.trng.state(stream);
  parts.mailbox.state(stream);
  stream(parts.purpose);
  stream(parts.next_measurement);
  stream(parts.missing_firmware);
  bool uploaded = parts.upload_result.has_value();
  auto outcome = parts.upload_result.value_or(Outcome::no_answer);
  stream(uploaded);
  stream(outcome);
  stream.vector(parts.certificate, mailbox_size);
  if (!stream.restoring() || !stream.ok()) return;
  parts.upload_result = uploaded ? std::optional(outcome) : std::nullopt;
  parts.caller_result.reset();
  parts.mailbox.on_finished([&parts](const MailboxResult& result) {
    if (parts.purpose != Parts::Purpose::caller) return parts.uploaded(result.outcome);
    parts.purpose = Parts::Purpose::none;
    parts.caller_result = result;
    parts.core.stop();
  });
}

}  // namespace caliptra
