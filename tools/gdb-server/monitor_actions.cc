// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The monitor commands that change a core.

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "iss/hart.h"
#include "iss/state_stream.h"
#include "soc/error_injection.h"
#include "soc/history.h"
#include "soc/soc_manager.h"
#include "tools/gdb-server/monitor.h"

namespace caliptra::gdb {
namespace {

// A reset ends within this many cycles, or the core is held by its SoC.
constexpr uint64_t longest_reset = 100'000;

// Of about 0.4 MB each.
constexpr std::size_t most_snapshots = 32;

constexpr const char* look_again = "'maintenance flush register-cache' makes gdb look again\n";

/// A decimal number, or a hexadecimal one after 0x.
std::optional<uint32_t> number(std::string_view text) {
  const bool hexadecimal = text.starts_with("0x") || text.starts_with("0X");
  if (hexadecimal) text.remove_prefix(2);
  uint32_t value = 0;
  const char* const end = text.data() + text.size();
  const auto [stopped, error] = std::from_chars(text.data(), end, value, hexadecimal ? 16 : 10);
  if (text.empty() || stopped != end || error != std::errc{}) return std::nullopt;
  return value;
}

std::string kinds_of_faults() {
  std::string text = "inject KIND [address=N] [size=N] [value=N] [percent=N] [slots=MASK] [count=N]; inject clear\n";
  for (unsigned i = 0; i <= static_cast<unsigned>(Fault::Kind::bus_error); ++i) {
    text += fmt::format("  {}\n", name(static_cast<Fault::Kind>(i)));
  }
  return text;
}

}  // namespace

RunResult Monitor::run(const RunLimits& limits) {
  return history_ != nullptr ? history_->run(limits) : core_.run(limits);
}

void Monitor::changed() {
  if (history_ != nullptr) history_->changed();
}

std::string Monitor::reset(std::string_view kind) {
  if (kind != "cold" && kind != "warm") return "'reset' takes 'cold' or 'warm'\n";
  if (soc_ == nullptr) return "the SoC of this core does its resets\n";
  kind == "cold" ? soc_->cold_reset() : soc_->warm_reset();
  changed();
  // Time goes on by single cycles until the hart is let go, and one further where the reset has not reached pc yet:
  // then it stands at the reset vector, and has executed nothing.
  const uint64_t end = core_.cycles() + longest_reset;
  veer::Hart& hart = core_.hart();
  while (hart.held_in_reset() && core_.cycles() < end) {
    if (run({.until_cycle = core_.cycles() + 1}).reason == StopReason::no_progress) break;
  }
  if (hart.held_in_reset()) return fmt::format("{} reset; the hart is still held in reset\n", kind);
  if (hart.pc() != veer::HartConfig{}.reset_vector) run({.until_cycle = core_.cycles() + 1});
  return fmt::format("{} reset; pc 0x{:08x}. {}", kind, hart.pc(), look_again);
}

std::string Monitor::inject(std::string_view arguments) {
  const std::string_view kind = take_word(arguments);
  if (kind.empty()) return kinds_of_faults();
  if (kind == "clear") {
    if (!take_word(arguments).empty()) return "'inject clear' takes nothing more\n";
    core_.clear_faults();
    changed();
    return "no fault lasts any longer\n";
  }
  const auto known = fault_kind(kind);
  if (!known) return fmt::format("there is no fault '{}'; 'monitor inject' lists them\n", kind);
  Fault fault{.kind = *known};
  for (std::string_view word = take_word(arguments); !word.empty(); word = take_word(arguments)) {
    const std::size_t equals = word.find('=');
    const std::string_view name = word.substr(0, equals);
    uint32_t* const member = name == "address"   ? &fault.address
                             : name == "size"    ? &fault.size
                             : name == "value"   ? &fault.value
                             : name == "percent" ? &fault.percent
                             : name == "slots"   ? &fault.slots
                             : name == "count"   ? &fault.count
                                                 : nullptr;
    if (member == nullptr) return fmt::format("a fault has no '{}'; 'monitor inject' lists what it has\n", name);
    const auto value = equals == std::string_view::npos ? std::nullopt : number(word.substr(equals + 1));
    if (!value) return fmt::format("'{}' takes a number of 32 bits: {}=N\n", name, name);
    *member = *value;
  }
  if (!core_.inject(fault)) return fmt::format("{} cannot be at 0x{:08x}\n", kind, fault.address);
  changed();
  return fmt::format("injected {}\n", kind);
}

std::string Monitor::snapshot(std::string_view arguments) {
  const std::string_view action = take_word(arguments);
  const std::string_view name = take_word(arguments);
  if (action.empty()) {
    std::string text;
    for (const auto& [each, state] : snapshots_) text += each + "\n";
    return text.empty() ? "there are no snapshots; 'monitor snapshot save NAME' takes one\n" : text;
  }
  if ((action != "save" && action != "restore") || name.empty() || !take_word(arguments).empty()) {
    return "'snapshot' takes 'save NAME' or 'restore NAME'\n";
  }
  // Without a SoC of ours half of what such a state would need is the host's.
  if (soc_ == nullptr) return "the host of this core does its snapshots\n";
  if (action == "save") {
    if (!snapshots_.contains(name) && snapshots_.size() == most_snapshots) {
      return fmt::format("there are {} snapshots already\n", most_snapshots);
    }
    veer::StateStream stream;
    core_.state(stream);
    soc_->state(stream);
    snapshots_[std::string(name)] = stream.take_output();
    return fmt::format("saved '{}' at cycle {}, pc 0x{:08x}\n", name, core_.cycles(), core_.hart().pc());
  }
  const auto found = snapshots_.find(name);
  if (found == snapshots_.end()) return fmt::format("there is no snapshot '{}'\n", name);
  veer::StateStream stream(found->second);
  core_.state(stream);
  soc_->state(stream);
  // Time has jumped: what came before is not what the history knows.
  if (history_ != nullptr) history_->forget();
  if (!stream.ok()) return fmt::format("'{}' cannot be restored: {}\n", name, stream.error());
  return fmt::format("restored '{}': cycle {}, pc 0x{:08x}. {}", name, core_.cycles(), core_.hart().pc(), look_again);
}

}  // namespace caliptra::gdb
