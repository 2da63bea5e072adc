// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "iss/registers/register_block.h"

#include <utility>

#include "iss/state_stream.h"

namespace veer {
namespace {

/// Column of the access rules. The TAP uses the core's; a debugger reads whatever anyone can.
constexpr unsigned column(Agent agent) { return agent == Agent::soc ? 1 : 0; }

constexpr bool can_read(Access access) { return access == Access::ro || access == Access::rw; }
constexpr bool can_write(Access access) { return access == Access::wo || access == Access::rw; }

constexpr uint32_t width_mask(unsigned width) { return width >= 4 ? 0xffff'ffffU : (1U << (8 * width)) - 1; }

}  // namespace

RegisterBlock::RegisterBlock(std::string name, std::span<const Register> table, uint8_t variant, uint32_t size)
    : name_(std::move(name)),
      table_(table),
      variant_(variant),
      size_(size),
      rules_(table.size()),
      row_(size / 4, no_register),
      words_(size / 4, 0) {
  for (std::size_t row = 0; row < table.size(); ++row) {
    const Register& description = table[row];
    if ((description.variants & variant) == 0) continue;
    for (uint32_t element = 0; element < description.count; ++element) {
      row_[description.offset / 4 + element] = static_cast<uint16_t>(row);
    }
    Rules& rules = rules_[row];
    for (const Field& field : description.fields) {
      if ((field.variants & variant) == 0) continue;
      const uint32_t mask = field.mask();
      if (can_read(field.core)) rules.readable[0] |= mask;
      if (can_read(field.soc)) rules.readable[1] |= mask;
      if (can_write(field.core)) rules.writable[0] |= mask;
      if (can_write(field.soc)) rules.writable[1] |= mask;
      if (field.live) rules.live |= mask;
      if (field.single_pulse) rules.single_pulse |= mask;
      if (!field.live && !field.single_pulse) rules.stored |= mask;
      if (field.on_write == OnWrite::w1c) rules.w1c |= mask;
      if (field.on_write == OnWrite::w1s) rules.w1s |= mask;
      if (field.on_write == OnWrite::w0c) rules.w0c |= mask;
      if (field.on_read == OnRead::set) rules.set_by_read |= mask;
      if (field.lock != 0) rules.locks.push_back({field.lock, mask});
      rules.reset_value |= field.place(field.reset);
      rules.reset_mask[static_cast<unsigned>(field.domain)] |= mask;
    }
  }
  RegisterBlock::reset(Reset::cold);
}

std::optional<RegisterRef> RegisterBlock::find(uint32_t offset) const {
  const uint32_t word = offset / 4;
  if (word >= row_.size() || row_[word] == no_register) return std::nullopt;
  const Register& description = table_[row_[word]];
  return RegisterRef{&description, word - description.offset / 4};
}

uint32_t RegisterBlock::value(const RegisterRef& at, Agent agent) const {
  const Rules& rules = rules_[static_cast<std::size_t>(at.description - table_.data())];
  uint32_t word = words_[at.offset() / 4] & ~rules.single_pulse;
  if (rules.live != 0) word = (word & ~rules.live) | (live(at, agent) & rules.live);
  if (agent == Agent::debugger) return word & (rules.readable[0] | rules.readable[1]);
  return word & rules.readable[column(agent)];
}

uint32_t RegisterBlock::peek(uint32_t offset, Agent agent) const {
  const auto at = find(offset);
  return at ? value(*at, agent) : 0;
}

BusResult RegisterBlock::read(uint32_t offset, unsigned width, Agent agent) {
  const auto at = offset % 4 == 0 || agent == Agent::debugger ? find(offset) : std::nullopt;
  if (!at) return {};
  if (agent != Agent::debugger) {
    if (const BusStatus status = check(*at, agent, false); status != BusStatus::ok) return {status, 0};
  }
  const uint32_t word = value(*at, agent);
  if (agent != Agent::debugger) {
    words_[at->offset() / 4] |= rules_[row_[offset / 4]].set_by_read;
    after_read(*at, agent);
  }
  return {BusStatus::ok, (word >> (8 * (offset % 4))) & width_mask(width)};
}

BusStatus RegisterBlock::write(uint32_t offset, unsigned width, uint32_t data, Agent agent) {
  const auto at = offset % 4 == 0 || agent == Agent::debugger ? find(offset) : std::nullopt;
  if (!at) return BusStatus::ok;
  const Rules& rules = rules_[row_[offset / 4]];
  uint32_t& word = words_[offset / 4];
  if (agent == Agent::debugger) {
    const unsigned shift = 8 * (offset % 4);
    const uint32_t bytes = (width_mask(width) << shift) & rules.stored;
    word = (word & ~bytes) | (data << shift & bytes);
    return BusStatus::ok;
  }
  if (const BusStatus status = check(*at, agent, true); status != BusStatus::ok) return status;

  RegisterWrite write{.data = data & width_mask(width), .before = word};

  uint32_t mask = rules.writable[column(agent)];
  for (const LockedBits& bits : rules.locks) {
    if ((mask & bits.mask) != 0 && locked(bits.lock, *at, agent)) mask &= ~bits.mask;
  }
  write.written = write.data & mask;

  const uint32_t special = rules.w1c | rules.w1s | rules.w0c | rules.single_pulse | rules.live;
  const uint32_t plain = mask & ~special;
  word = (word & ~plain) | (write.data & plain);
  word &= ~(write.written & rules.w1c);
  word |= write.written & rules.w1s;
  word &= ~(~write.data & mask & rules.w0c);
  write.after = word;
  after_write(*at, agent, write);
  return BusStatus::ok;
}

void RegisterBlock::reset(Reset reset) {
  for (std::size_t word = 0; word < words_.size(); ++word) {
    if (row_[word] == no_register) continue;
    const Rules& rules = rules_[row_[word]];
    uint32_t mask = 0;
    for (unsigned domain = 0; domain < 3; ++domain) {
      if (reaches(reset, static_cast<ResetDomain>(domain))) mask |= rules.reset_mask[domain];
    }
    words_[word] = (words_[word] & ~mask) | (rules.reset_value & mask);
  }
}

void RegisterBlock::state(StateStream& stream) {
  stream.section(name_, 1);
  for (uint32_t& word : words_) stream(word);
}

BusStatus RegisterBlock::check(const RegisterRef&, Agent, bool) const { return BusStatus::ok; }
uint32_t RegisterBlock::live(const RegisterRef&, Agent) const { return 0; }
bool RegisterBlock::locked(uint8_t, const RegisterRef&, Agent) const { return false; }
void RegisterBlock::after_read(const RegisterRef&, Agent) {}
void RegisterBlock::after_write(const RegisterRef&, Agent, const RegisterWrite&) {}

}  // namespace veer
