// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The core that a server serves, with the SoC that booted it.

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soc/core.h"
#include "soc/soc_manager.h"

namespace caliptra::serve {

/// How a stretch of time ended.
enum class RunEnd : uint8_t { event, cycle_limit, no_progress, fatal_error, abandoned };

/// One core. All of its time passes in calls of this class.
class Machine {
 public:
  /// Null, and the reason in `error`, if the core can't be made.
  [[nodiscard]] static std::unique_ptr<Machine> create(const Configuration& configuration, SocPlan plan,
                                                       std::string& error);

  /// Power on, and run until the runtime takes commands.
  RunEnd boot(uint64_t max_cycles);

  /// Runs until an event of that kind (nothing: none), a limit in cycles from now, a fatal error, or until the run is
  /// abandoned.
  RunEnd run(std::optional<Event::Kind> until, uint64_t max_cycles);

  /// Lets time pass, if anything can happen at all. False if nothing can, or only a clock ticks for a hart that sleeps.
  bool idle(uint64_t cycles);

  void cold_reset();
  void warm_reset();

  /// An access over APB as the plan's user.
  [[nodiscard]] veer::BusResult read(uint32_t address);
  [[nodiscard]] veer::BusStatus write(uint32_t address, uint32_t data);

  MailboxResult mailbox(uint32_t command, std::span<const uint8_t> payload, uint64_t max_cycles);

  [[nodiscard]] std::vector<uint8_t> save();
  /// An error text, or nothing.
  [[nodiscard]] std::optional<std::string> restore(std::span<const uint8_t> state);

  [[nodiscard]] Core& core() const { return *core_; }
  [[nodiscard]] const SocManager& soc() const { return *soc_; }
  [[nodiscard]] uint32_t user() const { return user_; }
  [[nodiscard]] uint32_t boot_status() const;

  void on_event(std::function<void(const Event&)> listener) { listener_ = std::move(listener); }
  /// Asked now and then in boot() and run(): true abandons them.
  void abandon_if(std::function<bool()> condition) { abandoned_ = std::move(condition); }
  void on_console(std::function<void(char)> listener) { core_->on_console(std::move(listener)); }

 private:
  Machine() = default;
  void notice(const Event& event);

  std::unique_ptr<Core> core_;
  std::unique_ptr<SocManager> soc_;
  uint32_t user_ = 0;
  std::function<void(const Event&)> listener_;
  std::function<bool()> abandoned_;
  std::optional<Event::Kind> awaited_;
  bool waits_ = false;
  bool came_ = false;
  bool fatal_ = false;
};

}  // namespace caliptra::serve
