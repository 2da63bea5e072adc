// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What a timing policy is, and the simplest one. The interpreter's loops are instantiated with a policy: instructions
// cost what static_cost says when they are decoded, plus what the hooks return when they execute. The hooks of a policy
// with unit_cost are never called.

#pragma once

#include <cstdint>

#include "iss/clock.h"
#include "iss/code_cache.h"

namespace veer {

/// One tick per instruction, and per interrupt or NMI taken.
struct ReferenceTiming {
  static constexpr bool unit_cost = true;
  static constexpr StaticCost static_cost = nullptr;

  /// From a change of an interrupt or NMI pin until the hart can take it.
  static constexpr Clock::Cycle pin_delay = 2;
  /// From leaving reset to the first instruction.
  static constexpr Clock::Cycle reset_delay = 1;
  /// To take an interrupt or NMI.
  static constexpr Clock::Cycle interrupt_entry = 1;

  // Further cycles of the instruction at `pc`, beyond its static cost.
  static uint32_t dccm_load(uint32_t, uint32_t, unsigned) { return 0; }   // pc, address, width
  static uint32_t dccm_store(uint32_t, uint32_t, unsigned) { return 0; }  // pc, address, width
  static uint32_t slow_load(uint32_t, uint32_t, unsigned) { return 0; }   // pc, address, width: ROM, ICCM, PIC, bus
  static uint32_t slow_store(uint32_t, uint32_t, unsigned) { return 0; }
  static uint32_t branch(uint32_t, uint32_t, bool) { return 0; }      // pc, target, taken: conditional branches
  static uint32_t jump(uint32_t, uint32_t) { return 0; }              // pc, target: jal
  static uint32_t indirect_jump(uint32_t, uint32_t) { return 0; }     // pc, target: jalr
  static uint32_t divide(uint32_t, uint32_t, uint32_t) { return 0; }  // pc, dividend, divisor
  static uint32_t csr(uint32_t, uint32_t, bool) { return 0; }         // pc, number, writes
  static uint32_t trap(uint32_t, uint32_t) { return 0; }              // pc, handler: exceptions, interrupts, mret
};

}  // namespace veer
