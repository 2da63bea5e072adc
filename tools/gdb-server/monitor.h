// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The commands behind gdb's `monitor`: what a core is like inside, and resets.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "soc/core.h"

namespace caliptra {
class SocManager;
}

namespace caliptra::gdb {

class Monitor {
 public:
  /// Without `soc` there are no resets.
  Monitor(Core& core, SocManager* soc) : core_(core), soc_(soc) {}

  /// Does what a line says. The answer is text for the user, in whole lines; a wrong line's answer says what is wrong.
  [[nodiscard]] std::string execute(std::string_view line);

 private:
  [[nodiscard]] std::string reset(std::string_view kind);
  [[nodiscard]] std::string registers(std::string_view block_name) const;
  [[nodiscard]] std::string fuses() const;
  [[nodiscard]] std::string keys() const;
  [[nodiscard]] std::string pcrs() const;
  [[nodiscard]] std::string mailbox() const;
  [[nodiscard]] std::string interrupts() const;
  [[nodiscard]] std::string cycles() const;
  [[nodiscard]] std::string timing() const;

  Core& core_;
  SocManager* soc_;
};

}  // namespace caliptra::gdb
