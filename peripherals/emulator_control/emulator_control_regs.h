// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The emulator's exit register, at 0x2000f000.

#pragma once

#include "iss/registers/register_table.h"

namespace caliptra::emulator_control_regs {

struct EXIT {
  static constexpr std::string_view name = "EXIT";
  static constexpr uint32_t offset = 0x0;
  static constexpr veer::Field STATUS{.name = "STATUS", .single_pulse = true};
  static constexpr veer::Field fields[] = {STATUS};
};

inline constexpr veer::Register table[] = {veer::describe<EXIT>()};

}  // namespace caliptra::emulator_control_regs
