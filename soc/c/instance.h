// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What a caliptra_emu is, for the files that make up its C face.

#pragma once

#include <array>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "soc/c/caliptra_emu.h"
#include "soc/core.h"
#include "soc/mailbox_client.h"
#include "soc/soc_manager.h"

namespace caliptra::c_face {

/// Somebody who has a say in when the core runs: a debugger.
class RunControl {
 public:
  virtual ~RunControl() = default;

  /// Does what Core::run() does, or nothing, in no time, if the core has to stand still.
  virtual std::optional<StopReason> run(const RunLimits& limits) = 0;
};

}  // namespace caliptra::c_face

struct caliptra_emu {
  std::unique_ptr<caliptra::Core> core;
  std::unique_ptr<caliptra::MailboxClient> mailbox;
  std::unique_ptr<caliptra::SocManager> soc;
  std::unique_ptr<caliptra::c_face::RunControl> run_control;

  std::optional<caliptra::SocPlan> configured_plan;  // of the configuration text
  std::optional<caliptra::MailboxResult> mailbox_result;
  std::vector<std::string> fuse_names;

  caliptra_emu_event_callback event_callback = nullptr;
  void* event_opaque = nullptr;
  caliptra_emu_console_callback console_callback = nullptr;
  void* console_opaque = nullptr;
  caliptra_emu_log_callback log_callback = nullptr;
  void* log_opaque = nullptr;
  caliptra_emu_wire_callback wire_callback = nullptr;
  void* wire_opaque = nullptr;

  caliptra_emu_trng_callback trng_callback = nullptr;
  void* trng_opaque = nullptr;
  uint32_t trng_user = 0;
  uint64_t trng_delay = 0;
  veer::Clock::Slot trng_slot{};

  uint32_t awaited = 0;
  bool event_came = false;
  bool running = false;
  mutable std::string error;
};

namespace caliptra::c_face {

int fail(const caliptra_emu* emu, int status, std::string reason);

/// Every function's body runs in here, so that nothing is ever thrown across the C face.
template <typename Body>
int guarded(const caliptra_emu* emu, Body body) noexcept {
  if (emu == nullptr) return CALIPTRA_EMU_INVALID_ARGUMENT;
  try {
    emu->error.clear();
    return body();
  } catch (const std::bad_alloc&) {
    return CALIPTRA_EMU_NO_MEMORY;
  } catch (...) {
    return CALIPTRA_EMU_INTERNAL_ERROR;
  }
}

/// The same for functions that a callback must not call.
template <typename Body>
int guarded_outside_run(const caliptra_emu* emu, Body body) noexcept {
  return guarded(emu, [&]() -> int {
    if (emu->running) return fail(emu, CALIPTRA_EMU_BUSY, "the core is running: this is a callback");
    return body();
  });
}

/// Marks the time in which callbacks come: runs, and whatever else the core answers at once.
class Running {
 public:
  explicit Running(caliptra_emu& emu) : emu_(emu), before_(std::exchange(emu.running, true)) {}
  ~Running() { emu_.running = before_; }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

 private:
  caliptra_emu& emu_;
  bool before_;
};

/// guarded() for functions whose body makes callbacks come.
template <typename Body>
int guarded_with_callbacks(caliptra_emu* emu, Body body) noexcept {
  return guarded(emu, [&]() -> int {
    const Running running(*emu);
    return body();
  });
}

/// Runs the core, or asks the run control to, until the limits or an event of the mask. `stop` may be null.
int run(caliptra_emu& emu, const RunLimits& limits, uint32_t events, int* stop);

/// Hands an event to whoever waits for it or listens.
void deliver(caliptra_emu& emu, uint32_t bit, uint32_t value);

/// Copies `text` into the caller's buffer, which may be null.
void copy_text(const std::string& text, char* out, size_t size) noexcept;

/// Copies a caller's struct of `size` bytes over `target`, which holds the defaults. False if it is shorter than the
/// first version of the struct, or if a field that this library does not know is used.
bool take_struct(const void* source, size_t size, size_t first_version, void* target, size_t target_size);

/// Answers a caller that wants bytes: *size is the room that there is, then the number that there are.
int give_bytes(const caliptra_emu* emu, const std::vector<uint8_t>& bytes, uint8_t* buffer, size_t* size);

}  // namespace caliptra::c_face
