// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/emulator_control/emulator_control.h"

#include "peripherals/emulator_control/emulator_control_regs.h"

namespace caliptra {
namespace {

constexpr uint32_t decoded_size = 4;

constexpr bool responds(uint32_t offset, unsigned width) {
  return offset == emulator_control_regs::EXIT::offset && width == 4;
}

}  // namespace

EmulatorControl::EmulatorControl() : RegisterBlock("emulator_control", emulator_control_regs::table, 1, decoded_size) {}

veer::BusResult EmulatorControl::read(uint32_t offset, unsigned width, veer::Agent agent) {
  if (!responds(offset, width)) return {veer::BusStatus::target_error, 0};
  return RegisterBlock::read(offset, width, agent);
}

veer::BusStatus EmulatorControl::write(uint32_t offset, unsigned width, uint32_t data, veer::Agent agent) {
  if (!responds(offset, width)) return veer::BusStatus::target_error;
  return RegisterBlock::write(offset, width, data, agent);
}

void EmulatorControl::after_write(const veer::RegisterRef&, veer::Agent, const veer::RegisterWrite& write) {
  if (exit_) exit_(write.data);
}

}  // namespace caliptra
