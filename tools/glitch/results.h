// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A campaign's results: a file that grows while experiments run, and what is made of it in the end.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "tools/glitch/campaign.h"

namespace caliptra::glitch {

/// What results say about the campaign that they belong to.
struct Header {
  std::string campaign;      ///< Campaign::digest()
  uint64_t experiments = 0;  ///< of all shards together
  std::string ending;        ///< of the undisturbed run
  bool operator==(const Header&) const = default;
};

/// One line: an experiment, the instruction that it hits, and what came of it.
struct Line {
  uint32_t number = 0;  ///< of the experiment
  Experiment experiment;
  uint32_t pc = 0;
  uint32_t opcode = 0;
  Result result;

  /// Whether it is about the same fault as `other`, whatever came of that.
  [[nodiscard]] bool is_same_experiment(const Line& other) const {
    return number == other.number && experiment == other.experiment && pc == other.pc && opcode == other.opcode;
  }
};

/// Results of one campaign, by experiment number.
struct Results {
  Header header;
  std::map<uint32_t, Line> lines;

  [[nodiscard]] bool complete() const { return lines.size() == header.experiments; }
  [[nodiscard]] std::array<uint64_t, outcome_count> counts() const;
};

/// One line of the results file, which is JSON lines: the header first.
[[nodiscard]] std::string text_of(const Header& header);
[[nodiscard]] std::string text_of(const Line& line);

/// Reads a results file. A last line that isn't whole, as a killed run leaves it, is left out, and `whole_bytes` says
/// where it begins. Nothing, and the reason in `error`, for what is no results file or contradicts itself.
[[nodiscard]] std::optional<Results> read_results(const std::string& text, std::size_t& whole_bytes,
                                                  std::string& error);

/// Takes `more` in. False, and the reason in `error`: another campaign, another experiment with the same number, or
/// another result of it.
bool merge(Results& results, const Results& more, std::string& error);

/// All of it, in the order of the experiments.
[[nodiscard]] std::string json_lines(const Results& results);
[[nodiscard]] std::string csv(const Results& results);

/// For people, as text: how many of each outcome, the error codes, and every experiment that was wrongly accepted.
[[nodiscard]] std::string summary(const Results& results);

/// One HTML page without anything from elsewhere: the summary, and the code with each instruction coloured by the worst
/// that came of a fault there. `where` names the place of an address, or is empty.
[[nodiscard]] std::string heat_map(const Results& results, const std::function<std::string(uint32_t pc)>& where);

}  // namespace caliptra::glitch
