// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The exit register at 0x2000f000 that the reference emulator has and Caliptra's RTL has not.

#pragma once

#include <cstdint>
#include <functional>
#include <utility>

#include "iss/registers/register_block.h"

namespace caliptra {

/// One register of 32 bits, at offset 0: writing it ends the run with that status. It reads 0. Any access that is
/// not to the whole of it is refused.
class EmulatorControl : public veer::RegisterBlock {
 public:
  EmulatorControl();

  /// Who ends the run.
  void connect(std::function<void(uint32_t status)> exit) { exit_ = std::move(exit); }

  veer::BusResult read(uint32_t offset, unsigned width, veer::Agent agent) override;
  veer::BusStatus write(uint32_t offset, unsigned width, uint32_t data, veer::Agent agent) override;

 protected:
  void after_write(const veer::RegisterRef& at, veer::Agent agent, const veer::RegisterWrite& write) override;

 private:
  std::function<void(uint32_t)> exit_;
};

}  // namespace caliptra
