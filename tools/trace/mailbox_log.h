// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Mailbox transactions, put together from the accesses to its registers (mbox_csr): who took the lock, what it asked,
// what the answer was, and how long each took.

#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "soc/core.h"

namespace caliptra::trace {

struct MailboxTransaction {
  bool by_soc = false;  ///< the core itself takes the mailbox, too
  uint32_t user = 0;    ///< PAUSER, where the SoC asks
  uint32_t command = 0;
  uint32_t request_length = 0;   ///< MBOX_DLEN at execute, bytes
  uint32_t response_length = 0;  ///< MBOX_DLEN with the answer; 0 where it has no data
  uint32_t status = 0;           ///< MBOX_STATUS.status: 0 busy, 1 data ready, 2 complete, 3 failure
  uint64_t locked = 0;           ///< cycles; `executed` and `answered` are 0 for what did not happen
  uint64_t executed = 0;
  uint64_t answered = 0;
  uint64_t released = 0;
  bool aborted = false;           ///< by a reset, an unlock, or the run's end
  std::vector<uint8_t> request;   ///< the first bytes
  std::vector<uint8_t> response;  ///< the first bytes
};

/// "FW_INFO", or the number in hexadecimal.
std::string command_name(uint32_t command);
std::string_view mailbox_status_name(uint32_t status);

/// In one line.
std::string describe_transaction(const MailboxTransaction& transaction);

class MailboxLog {
 public:
  /// Requests and responses are kept up to this many bytes.
  static constexpr uint32_t kept_bytes = 4096;
  static constexpr std::size_t most_transactions = 10'000;

  /// `core` must outlive it.
  explicit MailboxLog(const Core& core) : core_(core) {}

  /// Told each transaction when it is over.
  std::function<void(const MailboxTransaction&)> ended;

  // What the core does, at any address, and what the SoC does. Loads are told after they are done, stores before.
  void core_load(uint32_t address, uint32_t value, uint64_t cycle);
  void core_store(uint32_t address, uint32_t value, uint64_t cycle);
  void soc_access(const SocAccess& access);
  void event(const Event& event);
  void finish(uint64_t cycle);

  /// Those that are over; of very many the first.
  [[nodiscard]] std::span<const MailboxTransaction> transactions() const { return transactions_; }

 private:
  void lock(bool by_soc, uint32_t user, uint64_t cycle);
  void write(uint32_t offset, uint32_t value, bool by_soc, uint64_t cycle);
  void end(uint64_t cycle, bool aborted);
  [[nodiscard]] std::vector<uint8_t> contents(uint32_t length) const;

  const Core& core_;
  bool open_ = false;
  MailboxTransaction now_;
  std::vector<MailboxTransaction> transactions_;
};

}  // namespace caliptra::trace
