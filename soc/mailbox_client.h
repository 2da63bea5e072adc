// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// One mailbox command after the other, from the SoC's side: lock, command, length, data, execute, answer.

#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

#include "soc/core.h"

namespace caliptra {

/// The end of a mailbox command.
struct MailboxResult {
  enum class Outcome : uint8_t {
    complete,     ///< CMD_COMPLETE: done, no data
    data,         ///< DATA_READY: done, `response` holds the data
    failure,      ///< CMD_FAILURE, or the mailbox lost the command
    not_granted,  ///< the lock was taken by someone else
    refused,      ///< the bus refused an access: not a valid user
    no_answer,    ///< a limit or a reset came first, or the core can make no progress
  };
  Outcome outcome = Outcome::no_answer;
  std::vector<uint8_t> response;
  uint32_t firmware_error = 0;  ///< CPTRA_FW_ERROR_NON_FATAL after a failure
};

/// complete, data, failure, not-granted, refused, no-answer: for people and for scripts.
[[nodiscard]] std::string_view name(MailboxResult::Outcome outcome);

/// Carries commands out from the core's own clock: what it does is part of the run.
class MailboxClient {
 public:
  /// `core` must outlive the client. Registers an event with the core's clock.
  explicit MailboxClient(Core& core);

  /// Starts a command as PAUSER `user`. Call only when not busy(). The payload is sent as it is. While
  /// someone else holds the lock, it is tried again every 1000 cycles. `finished`, if given, is called at the end.
  void begin(uint32_t command, std::span<const uint8_t> payload, uint32_t user,
             std::function<void(const MailboxResult&)> finished = nullptr);

  /// Starts a command and runs the core until its end or `max_cycles` more cycles. A core that was stopped by
  /// somebody else answers no_answer; the command then goes on as the core runs. One that is still under way comes to
  /// its end first, out of the same cycles.
  MailboxResult execute(uint32_t command, std::span<const uint8_t> payload, uint32_t user, uint64_t max_cycles);

  /// A command has begun and not ended.
  [[nodiscard]] bool busy() const { return phase_ != Phase::idle; }

  /// Reads what the core put into the mailbox for the SoC: DLEN bytes of DATAOUT.
  [[nodiscard]] std::vector<uint8_t> take_data(uint32_t user);

  /// Saves or restores a command under way, but not its `finished`.
  void state(veer::StateStream& stream);

  /// For the owner of a restored client.
  void on_finished(std::function<void(const MailboxResult&)> finished) { finished_ = std::move(finished); }

 private:
  enum class Phase : uint8_t { idle, locking, waiting };

  uint32_t read(uint32_t offset);
  void write(uint32_t offset, uint32_t value);
  void step();
  void send();
  void finish(MailboxResult::Outcome outcome);
  void notice(const Event& event);

  Core& core_;
  veer::Clock::Slot slot_;
  Phase phase_ = Phase::idle;
  bool refused_ = false;
  bool stop_at_end_ = false;
  uint32_t command_ = 0;
  uint32_t user_ = default_soc_user;
  std::vector<uint8_t> payload_;
  MailboxResult result_;
  std::function<void(const MailboxResult&)> finished_;
};

/// The checksum that a runtime command begins with: 0 minus the bytes of the command number and of the
/// payload that follows it.
[[nodiscard]] uint32_t mailbox_checksum(uint32_t command, std::span<const uint8_t> payload);

}  // namespace caliptra
