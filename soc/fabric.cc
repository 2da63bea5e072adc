// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/fabric.h"

#include <utility>

#include "iss/hart.h"

namespace caliptra {

using veer::Agent;
using veer::BusResult;
using veer::BusStatus;

void Fabric::map(uint32_t base, uint32_t end, uint32_t decoded, veer::RegisterBlock& block,
                 std::function<void()> written) {
  slots_.push_back({base, end, decoded - 1, &block, {}, std::move(written)});
}

void Fabric::map(uint32_t base, uint32_t end, Window window) {
  slots_.push_back({base, end, 0xffff'ffff, nullptr, std::move(window), nullptr});
}

const Fabric::Slot* Fabric::find(uint32_t address) const {
  const auto holds = [address](const Slot& slot) { return address >= slot.base && address <= slot.end; };
  if (last_ < slots_.size() && holds(slots_[last_])) return &slots_[last_];
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    if (!holds(slots_[i])) continue;
    last_ = i;
    return &slots_[i];
  }
  return nullptr;
}

BusResult Fabric::read(uint32_t address, unsigned width) {
  const Slot* slot = find(address);
  if (slot == nullptr) return {BusStatus::decode_error, 0};
  if (fault && fault(address)) return {BusStatus::target_error, 0};
  if (slot->block == nullptr) return slot->window.read(address - slot->base, width);
  if (on_read) on_read(*slot->block);
  return slot->block->read((address - slot->base) & slot->mask, width, Agent::core);
}

BusStatus Fabric::write(uint32_t address, unsigned width, uint32_t data) {
  const Slot* slot = find(address);
  if (slot == nullptr) return BusStatus::decode_error;
  if (fault && fault(address)) return BusStatus::target_error;
  if (slot->block == nullptr) return slot->window.write(address - slot->base, width, data);
  if (clock_ != nullptr) clock_->set_lag(hart_->store_lag());
  const BusStatus status = slot->block->write((address - slot->base) & slot->mask, width, data, Agent::core);
  if (slot->written && status == BusStatus::ok) slot->written();
  if (clock_ != nullptr) clock_->set_lag(0);
  return status;
}

bool Fabric::steady(uint32_t address) const {
  const Slot* slot = find(address);
  return slot != nullptr && slot->block != nullptr && !fault && slot->block->steady();
}

Fabric::Target Fabric::find_block(uint32_t address) const {
  const Slot* slot = find(address);
  if (slot == nullptr || slot->block == nullptr) return {};
  return {slot->block, (address - slot->base) & slot->mask};
}

}  // namespace caliptra
