// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <cstdint>

namespace veer {

/// Which clock a core keeps.
enum class TimingProfile : uint8_t {
  reference,  ///< one tick per instruction and the reference emulator's constants, for lockstep with its traces
  rtl,        ///< the silicon's cycles, as measured on the RTL
};

}  // namespace veer
