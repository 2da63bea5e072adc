// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The commands behind gdb's `monitor`: what a core is like inside, resets, faults and snapshots.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "soc/core.h"

namespace caliptra {
class History;
class SocManager;
}  // namespace caliptra

namespace caliptra::gdb {

class Monitor {
 public:
  /// Without `soc` there are no resets. What changes the core is told to `history`, if there is one.
  Monitor(Core& core, SocManager* soc, History* history) : core_(core), soc_(soc), history_(history) {}

  /// Does what a line says. The answer is text for the user, in whole lines; a wrong line's answer says what is wrong.
  [[nodiscard]] std::string execute(std::string_view line);

  /// What a command does with the words behind its name.
  using Command = std::function<std::string(std::string_view arguments)>;

  /// Adds a command of the program's. `usage` and `summary` are for help: "trace on FILE|off", "what it does".
  void add(std::string name, std::string usage, std::string summary, Command command);

 private:
  struct Added {
    std::string usage;
    std::string summary;
    Command command;
  };

  // monitor.cc: looking
  [[nodiscard]] std::string help() const;
  [[nodiscard]] std::string registers(std::string_view block_name) const;
  [[nodiscard]] std::string fuses() const;
  [[nodiscard]] std::string keys() const;
  [[nodiscard]] std::string pcrs() const;
  [[nodiscard]] std::string mailbox() const;
  [[nodiscard]] std::string interrupts() const;
  [[nodiscard]] std::string cycles() const;
  [[nodiscard]] std::string timing() const;

  // monitor_actions.cc: changing
  [[nodiscard]] std::string reset(std::string_view kind);
  [[nodiscard]] std::string inject(std::string_view arguments);
  [[nodiscard]] std::string snapshot(std::string_view arguments);
  RunResult run(const RunLimits& limits);
  void changed();

  Core& core_;
  SocManager* soc_;
  History* history_;
  std::map<std::string, Added, std::less<>> added_;
  std::map<std::string, std::vector<uint8_t>, std::less<>> snapshots_;
};

/// The next word of `line`, taken off its front; empty at the end.
[[nodiscard]] std::string_view take_word(std::string_view& line);

}  // namespace caliptra::gdb
