// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// One JSON object a line, for scripts. docs/server.md lists the requests. Time passes only in the requests that say so,
// so a script's run is the same every time.

#pragma once

#include <functional>
#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "tools/serve/machine.h"
#include "tools/serve/protocol.h"

namespace caliptra::serve {

class JsonProtocol : public Protocol {
 public:
  static constexpr std::size_t longest_line = 512 * 1024;
  static constexpr std::size_t most_snapshots = 4;

  /// Snapshots by name. They outlive a connection.
  using Snapshots = std::map<std::string, std::vector<uint8_t>, std::less<>>;

  /// A request must end in a time that a peer can wait for.
  static constexpr uint64_t longest_run = 1'000'000'000;

  /// Both must outlive it, and no more than one protocol at a time listens to a machine's events. No request
  /// takes more than `most_cycles`.
  JsonProtocol(Machine& machine, Snapshots& snapshots, uint64_t most_cycles = longest_run);
  ~JsonProtocol() override;
  JsonProtocol(const JsonProtocol&) = delete;
  JsonProtocol& operator=(const JsonProtocol&) = delete;

  bool receive(std::span<const uint8_t> bytes, std::vector<uint8_t>& output) override;
  bool pump(std::vector<uint8_t>& output) override;
  [[nodiscard]] bool within_request() const override { return !input_.empty(); }

 private:
  nlohmann::json answer(std::string_view line);
  nlohmann::json perform(const nlohmann::json& request);
  nlohmann::json mailbox(const nlohmann::json& request);
  nlohmann::json run(const nlohmann::json& request);
  nlohmann::json reset(const nlohmann::json& request);
  nlohmann::json access(const nlohmann::json& request, bool write);
  [[nodiscard]] uint64_t cycles_of(const nlohmann::json& request) const;
  nlohmann::json fuses() const;
  nlohmann::json status() const;
  nlohmann::json snapshot(const nlohmann::json& request);
  nlohmann::json take_events();

  Machine& machine_;
  Snapshots& snapshots_;
  uint64_t most_cycles_;
  std::string input_;
  std::vector<Event> events_;
  std::size_t lost_events_ = 0;
};

}  // namespace caliptra::serve
