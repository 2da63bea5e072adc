// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A timeline in Chrome's trace event format (JSON object format), which Perfetto and chrome://tracing show: calls by
// symbol, traps and interrupts, engines, mailbox transactions, boot phases and their steps. One cycle is shown as one
// nanosecond.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "tools/trace/boot_phases.h"
#include "tools/trace/call_stack.h"
#include "tools/trace/engine_spans.h"
#include "tools/trace/mailbox_log.h"
#include "tools/trace/output.h"

namespace caliptra::trace {

class Timeline : public CallStack::Listener {
 public:
  /// Calls of fewer than `shortest_call` cycles are left out. Both must outlive it.
  Timeline(const CodeMap& code, Output& output, uint64_t shortest_call);

  void pushed(const CallStack::Frame& frame) override;
  void popped(const CallStack::Frame& frame, uint64_t end) override;

  void engine(std::string_view name, const EngineSpan& span);
  void transaction(const MailboxTransaction& transaction);
  void event(const Event& event);

  /// The rest: phases, and the end of the file.
  void finish(const BootPhases& phases);

 private:
  enum Track : unsigned {
    phases_track = 1,
    steps_track,
    calls_track,
    traps_track,
    mailbox_track,
    first_engine_track = 16
  };

  void slice(unsigned track, std::string_view category, std::string_view name, uint64_t begin, uint64_t end,
             std::string_view arguments = {});
  void name_track(unsigned track, std::string_view name);
  const std::string& name_of(uint32_t entry);

  const CodeMap& code_;
  Output& output_;
  uint64_t shortest_call_;
  std::array<bool, 32> named_{};
  std::unordered_map<uint32_t, std::string> names_;  // escaped
};

/// A text as the inside of a JSON string.
std::string json_escaped(std::string_view text);

}  // namespace caliptra::trace
