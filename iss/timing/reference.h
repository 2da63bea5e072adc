// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What a timing policy is, and the simplest one. The interpreter's loops are instantiated with a policy. Every
// instruction costs one cycle; what it costs beyond that, the policy's hooks say (see rtl.h). Those of a policy with
// unit_cost are never called.

#pragma once

#include <cstdint>

#include "iss/clock.h"

namespace veer {

/// One tick per instruction, and per interrupt or NMI taken.
struct ReferenceTiming {
  static constexpr bool unit_cost = true;

  /// From a change of an interrupt or NMI pin until the hart can take it.
  static constexpr Clock::Cycle pin_delay = 2;
  /// From leaving reset to the first instruction.
  static constexpr Clock::Cycle reset_delay = 1;
  /// To take an interrupt or NMI.
  static constexpr Clock::Cycle interrupt_entry = 1;
};

}  // namespace veer
