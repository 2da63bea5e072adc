// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/common/interrupt_block.h"

#include "iss/state_stream.h"

namespace caliptra {
namespace {

// Offsets of intr_block_rf, the same in every block.
constexpr uint32_t global_intr_en_r = 0x800;
constexpr uint32_t error_intr_en_r = 0x804;
constexpr uint32_t notif_intr_en_r = 0x808;
constexpr uint32_t error_global_intr_r = 0x80c;
constexpr uint32_t notif_global_intr_r = 0x810;
constexpr uint32_t error_internal_intr_r = 0x814;
constexpr uint32_t notif_internal_intr_r = 0x818;
constexpr uint32_t error_intr_trig_r = 0x81c;
constexpr uint32_t notif_intr_trig_r = 0x820;
constexpr uint32_t error_counters = 0x900;
constexpr uint32_t notif_counters = 0x980;
constexpr uint32_t end = 0xb00;

constexpr uint32_t error_en = 1;
constexpr uint32_t notif_en = 2;

}  // namespace

void InterruptBlock::raise(uint32_t status, uint32_t counters, unsigned event) {
  registers_.store(status, registers_.stored(status) | (1U << event));
  const uint32_t counter = counters + 4 * event;
  if (const uint32_t count = registers_.stored(counter); count != 0xffff'ffff) registers_.store(counter, count + 1);
  update();
}

void InterruptBlock::raise_error(unsigned event) { raise(error_internal_intr_r, error_counters, event); }
void InterruptBlock::raise_notif(unsigned event) { raise(notif_internal_intr_r, notif_counters, event); }

bool InterruptBlock::after_write(const veer::RegisterRef& at, const veer::RegisterWrite& write) {
  if (at.base() < global_intr_en_r || at.base() >= end) return false;
  if (at.base() == error_intr_trig_r || at.base() == notif_intr_trig_r) {
    for (unsigned event = 0; event < 32; ++event) {
      if ((write.written >> event & 1) == 0) continue;
      at.base() == error_intr_trig_r ? raise_error(event) : raise_notif(event);
    }
    registers_.store(at.offset(), 0);
  }
  update();
  return true;
}

void InterruptBlock::update() {
  const bool errors = (registers_.stored(error_internal_intr_r) & registers_.stored(error_intr_en_r)) != 0;
  const bool notifs = (registers_.stored(notif_internal_intr_r) & registers_.stored(notif_intr_en_r)) != 0;
  registers_.store(error_global_intr_r, errors ? 1 : 0);
  registers_.store(notif_global_intr_r, notifs ? 1 : 0);
  const uint32_t enabled = registers_.stored(global_intr_en_r);
  error.set(errors && (enabled & error_en) != 0);
  notif.set(notifs && (enabled & notif_en) != 0);
}

void InterruptBlock::state(veer::StateStream& stream) {
  bool error_level = error.level();
  bool notif_level = notif.level();
  stream(error_level);
  stream(notif_level);
  error.restore(error_level);
  notif.restore(notif_level);
}

}  // namespace caliptra
