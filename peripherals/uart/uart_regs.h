// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The emulator's console UART, at 0x20001000. Its registers are bytes: here, fields of the words they lie in.

#pragma once

#include "iss/registers/register_table.h"

namespace caliptra::uart_regs {

using veer::Access;
using veer::Field;

struct LINE_CONTROL {
  static constexpr std::string_view name = "LINE_CONTROL";
  static constexpr uint32_t offset = 0x10;
  static constexpr Field BIT_RATE{.name = "BIT_RATE", .width = 8};
  static constexpr Field DATA_BITS{.name = "DATA_BITS", .lsb = 8, .width = 8, .reset = 8};
  static constexpr Field STOP_BITS{.name = "STOP_BITS", .lsb = 16, .width = 8, .reset = 1};
  static constexpr Field fields[] = {BIT_RATE, DATA_BITS, STOP_BITS};
};

struct TRANSMIT {
  static constexpr std::string_view name = "TRANSMIT";
  static constexpr uint32_t offset = 0x40;
  /// 1: ready for a character. It always is.
  static constexpr Field TX_STATUS{.name = "TX_STATUS", .width = 8, .core = Access::ro, .reset = 1};
  static constexpr Field TX_DATA{.name = "TX_DATA", .lsb = 8, .width = 8, .core = Access::wo, .single_pulse = true};
  static constexpr Field fields[] = {TX_STATUS, TX_DATA};
};

inline constexpr veer::Register table[] = {
    veer::describe<LINE_CONTROL>(),
    veer::describe<TRANSMIT>(),
};

}  // namespace caliptra::uart_regs
