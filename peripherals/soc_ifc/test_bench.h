// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the tests of this folder share: a soc_ifc with its clock, and a SoC that brings it up.

#pragma once

#include <algorithm>
#include <vector>

#include "iss/clock.h"
#include "peripherals/soc_ifc/soc_ifc.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"

namespace caliptra::test {

inline constexpr uint8_t unprovisioned = 0;
inline constexpr uint8_t manufacturing = 1;
inline constexpr uint8_t production = 3;

/// Runs the clock for `cycles` with nothing but its events.
inline void run(veer::Clock& clock, uint64_t cycles) {
  const uint64_t end = clock.now() + cycles;
  clock.run_due();
  while (clock.next_deadline() <= end) {
    clock.advance_to(std::max(clock.now(), clock.next_deadline()));
    clock.run_due();
  }
  clock.advance_to(end);
}

struct Bench {
  explicit Bench(veer::TimingProfile timing = veer::TimingProfile::reference, Generation generation = Generation::v1_1,
                 const SocIfcStraps& straps = {})
      : soc_ifc(clock, generation, timing, straps) {
    soc_ifc.reset_reached = [this](veer::Reset reset) { resets.push_back(reset); };
    soc_ifc.register_changed = [this](uint32_t offset, uint32_t value) { changes.push_back({offset, value}); };
    soc_ifc.cptra_uc_rst_b.connect([this](bool level) {
      if (level) started_at.push_back(clock.now());
      if (!level) stopped_at.push_back(clock.now());
    });
  }

  /// Power and reset, as far as the fuses.
  void power_up(uint8_t lifecycle = production, bool debug_locked = true) {
    soc_ifc.set_security_state(lifecycle, debug_locked);
    soc_ifc.set_cptra_pwrgood(true);
    soc_ifc.set_cptra_rst_b(true);
    test::run(clock, 20);
  }

  /// Until the core runs.
  void boot(uint8_t lifecycle = production, bool debug_locked = true) {
    power_up(lifecycle, debug_locked);
    soc_write(soc_ifc_regs::CPTRA_FUSE_WR_DONE::offset, 1);
    test::run(clock, 20);
  }

  void warm_reset() {
    soc_ifc.set_cptra_rst_b(false);
    test::run(clock, 20);
    soc_ifc.set_cptra_rst_b(true);
    test::run(clock, 20);
  }

  void run(uint64_t cycles) { test::run(clock, cycles); }

  uint32_t read(uint32_t offset) { return soc_ifc.read(offset, 4, veer::Agent::core).data; }
  void write(uint32_t offset, uint32_t data) { soc_ifc.write(offset, 4, data, veer::Agent::core); }
  veer::BusResult soc_result(uint32_t offset, uint32_t user = 0xffff'ffff) {
    soc_ifc.set_requesting_user(user);
    return soc_ifc.read(offset, 4, veer::Agent::soc);
  }
  uint32_t soc_read(uint32_t offset, uint32_t user = 0xffff'ffff) { return soc_result(offset, user).data; }
  veer::BusStatus soc_write(uint32_t offset, uint32_t data, uint32_t user = 0xffff'ffff) {
    soc_ifc.set_requesting_user(user);
    return soc_ifc.write(offset, 4, data, veer::Agent::soc);
  }

  struct Change {
    uint32_t offset;
    uint32_t value;
    bool operator==(const Change&) const = default;
  };

  veer::Clock clock;
  SocIfc soc_ifc;
  std::vector<veer::Reset> resets;
  std::vector<Change> changes;
  std::vector<uint64_t> started_at;
  std::vector<uint64_t> stopped_at;
};

}  // namespace caliptra::test
