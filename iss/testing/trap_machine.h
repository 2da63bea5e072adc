// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <doctest/doctest.h>

#include <vector>

#include "iss/testing/machine.h"

namespace veer::testing {

inline constexpr uint32_t handler = Machine::code + 0x1000;
inline constexpr uint32_t nmi_handler = Machine::code + 0x2000;

/// A machine whose trap and NMI handlers are loops of their own.
struct TrapMachine : Machine {
  explicit TrapMachine(const std::vector<uint32_t>& program, TimingProfile timing = TimingProfile::reference)
      : Machine(program, timing) {
    load(handler, {jal(0, 0)});
    load(nmi_handler, {jal(0, 0)});
    hart.set_csr(static_cast<unsigned>(Csr::mtvec), handler);
    hart.set_csr(static_cast<unsigned>(Csr::mrac), 0xaaaaa0a9);
    hart.set_nmi_vector(nmi_handler);
  }

  void expect(uint32_t pc, uint32_t cause, uint32_t mscause, uint32_t mtval, uint32_t mepc) const {
    CHECK(hart.pc() == pc);
    CHECK(csr(Csr::mcause) == cause);
    CHECK(csr(Csr::mscause) == mscause);
    CHECK(csr(Csr::mtval) == mtval);
    CHECK(csr(Csr::mepc) == mepc);
  }
};

}  // namespace veer::testing
