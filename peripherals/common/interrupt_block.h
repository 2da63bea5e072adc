// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The interrupt registers that every Caliptra block has at offset 0x800 (intr_block_rf): global and
// per-event enables, sticky status, software triggers and counters. From libs/rtl/interrupt_regs.rdl.

#pragma once

#include <cstdint>

#include "iss/registers/register_block.h"
#include "iss/wire.h"

namespace caliptra {

/// Runs the intr_block_rf of one block and drives its two interrupt lines. It keeps no state but the
/// levels of the wires: the rest is in the block's registers. Event numbers are bit numbers in
/// error_internal_intr_r and notif_internal_intr_r.
class InterruptBlock {
 public:
  explicit InterruptBlock(veer::RegisterBlock& registers) : registers_(registers) {}

  /// To the PIC's *_ERROR and *_NOTIF sources.
  veer::Wire error;
  veer::Wire notif;

  /// Hardware raises an event: sets its sticky status and counts it.
  void raise_error(unsigned event);
  void raise_notif(unsigned event);

  /// Call from after_write(); true if the register was one of the interrupt block's.
  bool after_write(const veer::RegisterRef& at, const veer::RegisterWrite& write);

  /// Drives the wires from the registers. Call after a reset.
  void update();

  /// Saves or restores the levels of the wires. Call after the registers have been restored.
  void state(veer::StateStream& stream);

 private:
  void raise(uint32_t status, uint32_t counters, unsigned event);

  veer::RegisterBlock& registers_;
};

}  // namespace caliptra
