// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <cstdint>
#include <string>

namespace caliptra::trace {

/// A trap in words: mcause and VeeR's mscause (VeeR EL2 PRM, "Standard RISC-V CSRs with core-specific adaptations").
std::string trap_name(uint32_t mcause, uint32_t mscause);

/// Whether it comes from outside of the program: an interrupt or an NMI.
constexpr bool is_interrupt(uint32_t mcause) { return (mcause >> 31) != 0; }

}  // namespace caliptra::trace
