// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/trace/mailbox_log.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "peripherals/mailbox/mailbox_regs.h"
#include "tools/caliptra-emu/mailbox_commands.h"

namespace caliptra::trace {
namespace {

constexpr uint32_t sram = 0x3000'0000;
constexpr uint32_t registers = 0x3002'0000;
constexpr uint32_t window = 0x1000;
constexpr uint32_t sram_size = 0x2'0000;

}  // namespace

std::string command_name(uint32_t command) {
  const auto name = emu::mailbox_command_name(command);
  return name ? std::string(*name) : fmt::format("0x{:08x}", command);
}

std::string_view mailbox_status_name(uint32_t status) {
  static constexpr std::array<std::string_view, 4> names = {"CMD_BUSY", "DATA_READY", "CMD_COMPLETE", "CMD_FAILURE"};
  return names[status & 3];
}

std::string describe_transaction(const MailboxTransaction& t) {
  std::string text = fmt::format("mailbox: {} {} with {} bytes",
                                 t.by_soc ? fmt::format("SoC user 0x{:x} sends", t.user) : "the core uses it for",
                                 command_name(t.command), t.request_length);
  if (t.executed == 0) {
    text += ", never executed";
  } else if (t.answered == 0) {
    text += ", not answered";
  } else {
    text += fmt::format(": {}", mailbox_status_name(t.status));
    if (t.response_length != 0) text += fmt::format(", {} bytes", t.response_length);
    text += fmt::format(", after {} cycles", t.answered - t.executed);
  }
  if (t.aborted) text += " (broken off)";
  return text;
}

std::vector<uint8_t> MailboxLog::contents(uint32_t length) const {
  std::vector<uint8_t> bytes(std::min({length, kept_bytes, sram_size}));
  if (!core_.peek(sram, bytes)) bytes.clear();
  return bytes;
}

void MailboxLog::lock(bool by_soc, uint32_t user, uint64_t cycle) {
  if (open_) end(cycle, true);
  open_ = true;
  now_ = {};
  now_.by_soc = by_soc;
  now_.user = user;
  now_.locked = cycle;
}

void MailboxLog::end(uint64_t cycle, bool aborted) {
  if (!open_) return;
  open_ = false;
  now_.released = cycle;
  now_.aborted = aborted;
  if (ended) ended(now_);
  if (transactions_.size() < most_transactions) transactions_.push_back(std::move(now_));
}

void MailboxLog::write(uint32_t offset, uint32_t value, bool by_soc, uint64_t cycle) {
  using namespace mailbox_regs;
  if (!open_) return;
  switch (offset) {
    case mbox_cmd::offset:
      if (by_soc == now_.by_soc && now_.executed == 0) now_.command = value;
      break;
    case mbox_execute::offset:
      if (by_soc != now_.by_soc) break;
      if ((value & 1) == 0) return end(cycle, now_.answered == 0);
      if (now_.executed != 0) break;
      now_.executed = cycle;
      now_.request_length = core_.peek_register(registers + mbox_dlen::offset);
      now_.request = contents(now_.request_length);
      break;
    case mbox_status::offset: {
      // Only who was asked answers.
      if (by_soc == now_.by_soc || now_.executed == 0) break;
      now_.status = mbox_status::status.get(value);
      if (now_.status == 0) break;
      now_.answered = cycle;
      constexpr uint32_t data_ready = 1;
      if (now_.status != data_ready) break;
      now_.response_length = core_.peek_register(registers + mbox_dlen::offset);
      now_.response = contents(now_.response_length);
      break;
    }
    case mbox_unlock::offset:
      if (!by_soc && (value & 1) != 0) end(cycle, true);
      break;
    default: break;
  }
}

void MailboxLog::core_load(uint32_t address, uint32_t value, uint64_t cycle) {
  if (address == registers + mailbox_regs::mbox_lock::offset && (value & 1) == 0) lock(false, 0, cycle);
}

void MailboxLog::core_store(uint32_t address, uint32_t value, uint64_t cycle) {
  if (address - registers < window) write(address - registers, value, false, cycle);
}

void MailboxLog::soc_access(const SocAccess& access) {
  constexpr uint32_t soc_registers = 0x2'0000;
  const uint32_t offset = (access.address & 0x3'ffff) - soc_registers;
  if (offset >= window || access.status != veer::BusStatus::ok) return;
  if (access.write) return write(offset, access.data, true, access.cycle);
  if (offset == mailbox_regs::mbox_lock::offset && (access.data & 1) == 0) lock(true, access.user, access.cycle);
}

void MailboxLog::event(const Event& event) {
  // A firmware update doesn't reach the mailbox.
  if (event.kind == Event::Kind::cold_reset || event.kind == Event::Kind::warm_reset) end(event.cycle, true);
}

void MailboxLog::finish(uint64_t cycle) { end(cycle, true); }

}  // namespace caliptra::trace
