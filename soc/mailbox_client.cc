// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/mailbox_client.h"

#include <algorithm>
#include <utility>

#include "iss/state_stream.h"
#include "peripherals/mailbox/mailbox_regs.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"

namespace caliptra {
namespace {

using namespace mailbox_regs;

constexpr uint32_t mailbox_base = 0x3002'0000;
constexpr uint32_t soc_ifc_base = 0x3003'0000;
constexpr uint32_t mailbox_size = 128 * 1024;
constexpr uint64_t lock_retry_cycles = 1000;
constexpr std::size_t longest_payload = std::size_t{1} << 24;

// MBOX_STATUS.status and .mbox_fsm_ps
constexpr uint32_t cmd_busy = 0;
constexpr uint32_t data_ready = 1;
constexpr uint32_t cmd_complete = 2;
constexpr uint32_t mbox_idle = 0;
constexpr uint32_t mbox_execute_soc = 4;
constexpr uint32_t mbox_error = 7;

}  // namespace

std::string_view name(MailboxResult::Outcome outcome) {
  switch (outcome) {
    case MailboxResult::Outcome::complete: return "complete";
    case MailboxResult::Outcome::data: return "data";
    case MailboxResult::Outcome::failure: return "failure";
    case MailboxResult::Outcome::not_granted: return "not-granted";
    case MailboxResult::Outcome::refused: return "refused";
    case MailboxResult::Outcome::no_answer: return "no-answer";
  }
  return "?";
}

MailboxClient::MailboxClient(Core& core)
    : core_(core), slot_(core.clock().add_event("soc mailbox", [this] { step(); })) {
  core.on_event([this](const Event& event) { notice(event); });
}

uint32_t MailboxClient::read(uint32_t offset) {
  const veer::BusResult result = core_.soc_read(mailbox_base + offset, user_);
  refused_ |= !result.ok();
  return result.data;
}

void MailboxClient::write(uint32_t offset, uint32_t value) {
  refused_ |= core_.soc_write(mailbox_base + offset, value, user_) != veer::BusStatus::ok;
}

void MailboxClient::begin(uint32_t command, std::span<const uint8_t> payload, uint32_t user,
                          std::function<void(const MailboxResult&)> finished) {
  command_ = command;
  user_ = user;
  payload_.assign(payload.begin(),
                  payload.begin() + static_cast<std::ptrdiff_t>(std::min(payload.size(), longest_payload)));
  finished_ = std::move(finished);
  result_ = {};
  refused_ = false;
  phase_ = Phase::locking;
  send();
}

void MailboxClient::send() {
  if (read(mbox_lock::offset) != 0 && !refused_) {
    core_.clock().schedule_in(slot_, lock_retry_cycles);
    return;
  }
  write(mbox_cmd::offset, command_);
  write(mbox_dlen::offset, static_cast<uint32_t>(payload_.size()));
  // More than the mailbox holds is announced by DLEN and cut off by the hardware: no need to push it all.
  const std::size_t size = std::min<std::size_t>(payload_.size(), mailbox_size);
  for (std::size_t at = 0; at < size; at += 4) {
    uint32_t word = 0;
    for (std::size_t i = 0; i < 4 && at + i < size; ++i) word |= static_cast<uint32_t>(payload_[at + i]) << (8 * i);
    write(mbox_datain::offset, word);
  }
  payload_ = {};
  if (refused_) return finish(MailboxResult::Outcome::refused);
  phase_ = Phase::waiting;
  write(mbox_execute::offset, 1);
}

void MailboxClient::step() {
  if (phase_ == Phase::locking) return send();
  if (phase_ != Phase::waiting) return;
  const uint32_t word = read(mbox_status::offset);
  const uint32_t status = mbox_status::status.get(word);
  const uint32_t state = mbox_status::mbox_fsm_ps.get(word);
  if (refused_) return finish(MailboxResult::Outcome::refused);
  if (state == mbox_error || state == mbox_idle) return finish(MailboxResult::Outcome::failure);
  if (status == cmd_busy || state != mbox_execute_soc) return;
  if (status == data_ready) result_.response = take_data(user_);
  write(mbox_execute::offset, 0);
  if (status == data_ready) return finish(MailboxResult::Outcome::data);
  finish(status == cmd_complete ? MailboxResult::Outcome::complete : MailboxResult::Outcome::failure);
}

std::vector<uint8_t> MailboxClient::take_data(uint32_t user) {
  user_ = user;
  const uint32_t size = std::min(read(mbox_dlen::offset), mailbox_size);
  std::vector<uint8_t> data;
  for (uint32_t at = 0; at < size; at += 4) {
    const uint32_t word = read(mbox_dataout::offset);
    for (uint32_t i = 0; i < 4 && at + i < size; ++i) data.push_back(static_cast<uint8_t>(word >> (8 * i)));
  }
  return data;
}

void MailboxClient::finish(MailboxResult::Outcome outcome) {
  phase_ = Phase::idle;
  core_.clock().cancel(slot_);
  result_.outcome = outcome;
  if (outcome == MailboxResult::Outcome::failure) {
    result_.firmware_error = core_.peek_register(soc_ifc_base + soc_ifc_regs::CPTRA_FW_ERROR_NON_FATAL::offset);
  }
  if (stop_at_end_) core_.stop();
  if (const auto finished = std::exchange(finished_, nullptr)) finished(result_);
}

void MailboxClient::notice(const Event& event) {
  switch (event.kind) {
    case Event::Kind::mailbox_status:
      if (phase_ == Phase::waiting) core_.clock().schedule_in(slot_, 0);
      break;
    case Event::Kind::warm_reset:
    case Event::Kind::cold_reset:
      if (busy()) finish(MailboxResult::Outcome::no_answer);
      break;
    default: break;
  }
}

MailboxResult MailboxClient::execute(uint32_t command, std::span<const uint8_t> payload, uint32_t user,
                                     uint64_t max_cycles) {
  const uint64_t now = core_.cycles();
  const uint64_t until = max_cycles > veer::Clock::never - now ? veer::Clock::never : now + max_cycles;
  stop_at_end_ = true;
  if (busy()) core_.run({.until_cycle = until});
  const bool free = !busy();
  if (free) begin(command, payload, user);
  if (free && busy()) core_.run({.until_cycle = until});
  stop_at_end_ = false;
  if (!free) return {.outcome = MailboxResult::Outcome::not_granted, .response = {}};
  if (!busy()) return result_;
  if (phase_ == Phase::waiting) return {.outcome = MailboxResult::Outcome::no_answer, .response = {}};
  phase_ = Phase::idle;
  core_.clock().cancel(slot_);
  return {.outcome = MailboxResult::Outcome::not_granted, .response = {}};
}

void MailboxClient::state(veer::StateStream& stream) {
  stream.section("mailbox client", 1);
  stream(phase_);
  stream(refused_);
  stream(command_);
  stream(user_);
  stream.vector(payload_, longest_payload);
  stream(result_.outcome);
  stream.vector(result_.response, mailbox_size);
  stream(result_.firmware_error);
}

uint32_t mailbox_checksum(uint32_t command, std::span<const uint8_t> payload) {
  uint32_t sum = 0;
  for (unsigned shift = 0; shift < 32; shift += 8) sum += command >> shift & 0xff;
  for (const uint8_t byte : payload) sum += byte;
  return 0U - sum;
}

}  // namespace caliptra
