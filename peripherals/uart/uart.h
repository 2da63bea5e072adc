// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The console UART at 0x20001000 that the reference emulator has and Caliptra's RTL has not. Firmware that is
// built for an emulator prints through it.

#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "iss/registers/register_block.h"

namespace caliptra {

/// Bit rate at 0x10, data bits at 0x11, stop bits at 0x12, transmit status at 0x40 and transmit data at 0x41: each
/// is a byte, and any access that is not to exactly one of them is refused.
class Uart : public veer::RegisterBlock {
 public:
  Uart();

  /// Where the characters go.
  void connect(std::function<void(char)> output) { output_ = std::move(output); }

  veer::BusResult read(uint32_t offset, unsigned width, veer::Agent agent) override;
  veer::BusStatus write(uint32_t offset, unsigned width, uint32_t data, veer::Agent agent) override;

 protected:
  void after_write(const veer::RegisterRef& at, veer::Agent agent, const veer::RegisterWrite& write) override;

 private:
  std::function<void(char)> output_;
};

}  // namespace caliptra
