// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/serve/machine.h"

#include <algorithm>
#include <utility>

#include "iss/hart.h"
#include "iss/state_stream.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"

namespace caliptra::serve {
namespace {

constexpr uint32_t soc_ifc_base = 0x3003'0000;

// Cycles between two questions whether to go on: some hundredths of a second.
constexpr uint64_t longest_stretch = 5'000'000;

}  // namespace

std::unique_ptr<Machine> Machine::create(const Configuration& configuration, SocPlan plan, std::string& error) {
  std::unique_ptr<Machine> machine(new Machine());
  machine->core_ = Core::create(configuration, error);
  if (!machine->core_) return nullptr;
  machine->user_ = plan.user;
  machine->soc_ = std::make_unique<SocManager>(*machine->core_, std::move(plan));
  machine->core_->on_event([raw = machine.get()](const Event& event) { raw->notice(event); });
  return machine;
}

void Machine::notice(const Event& event) {
  const bool fatal = event.kind == Event::Kind::firmware_error_fatal || event.kind == Event::Kind::hardware_error_fatal;
  fatal_ |= fatal;
  came_ |= awaited_ == event.kind;
  if (waits_ && (fatal || awaited_ == event.kind)) core_->stop();
  if (listener_) listener_(event);
}

RunEnd Machine::boot(uint64_t max_cycles) {
  soc_->power_on();
  return run(Event::Kind::runtime_ready, max_cycles);
}

RunEnd Machine::run(std::optional<Event::Kind> until, uint64_t max_cycles) {
  const uint64_t now = core_->cycles();
  const uint64_t end = max_cycles > veer::Clock::never - now ? veer::Clock::never : now + max_cycles;
  awaited_ = until;
  came_ = fatal_ = false;
  waits_ = true;
  StopReason reason = StopReason::cycle_limit;
  bool abandoned = false;
  do {
    reason = core_->run({.until_cycle = core_->cycles() + std::min(longest_stretch, end - core_->cycles())});
    abandoned = abandoned_ && abandoned_();
  } while (reason == StopReason::cycle_limit && core_->cycles() < end && !abandoned);
  waits_ = false;
  awaited_.reset();
  if (came_) return RunEnd::event;
  if (fatal_) return RunEnd::fatal_error;
  if (reason == StopReason::no_progress) return RunEnd::no_progress;
  return abandoned ? RunEnd::abandoned : RunEnd::cycle_limit;
}

bool Machine::idle(uint64_t cycles) {
  const StopReason reason = core_->run({.until_cycle = core_->cycles() + cycles});
  return reason != StopReason::no_progress && !core_->hart().halted() && !core_->hart().held_in_reset();
}

void Machine::cold_reset() { soc_->cold_reset(); }
void Machine::warm_reset() { soc_->warm_reset(); }

veer::BusResult Machine::read(uint32_t address) {
  if (address % 4 != 0) return {veer::BusStatus::decode_error, 0};
  return core_->soc_read(address, user_);
}

veer::BusStatus Machine::write(uint32_t address, uint32_t data) {
  if (address % 4 != 0) return veer::BusStatus::decode_error;
  return core_->soc_write(address, data, user_);
}

MailboxResult Machine::mailbox(uint32_t command, std::span<const uint8_t> payload, uint64_t max_cycles) {
  return soc_->execute(command, payload, max_cycles);
}

std::vector<uint8_t> Machine::save() {
  veer::StateStream stream;
  core_->state(stream);
  soc_->state(stream);
  return stream.take_output();
}

std::optional<std::string> Machine::restore(std::span<const uint8_t> state) {
  veer::StateStream stream(state);
  core_->state(stream);
  soc_->state(stream);
  stream.finish();
  return stream.ok() ? std::nullopt : std::optional(stream.error());
}

uint32_t Machine::boot_status() const {
  return core_->peek_register(soc_ifc_base + soc_ifc_regs::CPTRA_BOOT_STATUS::offset);
}

}  // namespace caliptra::serve
