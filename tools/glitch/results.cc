// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/glitch/results.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "iss/disassemble.h"
#include "tools/caliptra-emu/error_names.h"

namespace caliptra::glitch {
namespace {

using nlohmann::json;

std::optional<Line> line_of(const json& value) {
  if (!value.is_object()) return std::nullopt;
  const auto number = [&](const char* key) -> std::optional<uint32_t> {
    const auto found = value.find(key);
    if (found == value.end() || !found->is_number_unsigned() || *found > UINT32_MAX) return std::nullopt;
    return found->get<uint32_t>();
  };
  const auto text = [&](const char* key) {
    const auto found = value.find(key);
    return found != value.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto experiment = number("experiment");
  const auto point = number("point");
  const auto variant = number("variant");
  const auto pc = number("pc");
  const auto opcode = number("opcode");
  const auto code = number("code");
  const auto fault = fault_named(text("fault"));
  const auto outcome = outcome_named(text("outcome"));
  if (!experiment || !point || !variant || !pc || !opcode || !code || !fault || !outcome) return std::nullopt;
  return Line{*experiment, {*point, *fault, *variant}, *pc, *opcode, {*outcome, *code}};
}

/// False, and the reason in `error`, if another line about the same number is there.
bool take(Results& results, const Line& line, std::string& error) {
  const auto [at, added] = results.lines.emplace(line.number, line);
  if (added) return true;
  if (!at->second.is_same_experiment(line)) {
    error = fmt::format("experiment {} is another one there", line.number);
    return false;
  }
  if (at->second.result == line.result) return true;
  error = fmt::format("experiment {} has another result there", line.number);
  return false;
}

}  // namespace

std::array<uint64_t, outcome_count> Results::counts() const {
  std::array<uint64_t, outcome_count> counts{};
  for (const auto& [number, line] : lines) ++counts[static_cast<std::size_t>(line.result.outcome)];
  return counts;
}

std::string text_of(const Header& header) {
  return json{{"campaign", header.campaign}, {"experiments", header.experiments}, {"ending", header.ending}}.dump() +
         '\n';
}

std::string text_of(const Line& line) {
  return fmt::format(
      R"({{"experiment":{},"point":{},"pc":{},"opcode":{},"fault":"{}","variant":{},"outcome":"{}","code":{}}})"
      "\n",
      line.number, line.experiment.point, line.pc, line.opcode, name(line.experiment.fault), line.experiment.variant,
      name(line.result.outcome), line.result.code);
}

std::optional<Results> read_results(const std::string& text, std::size_t& whole_bytes, std::string& error) {
  Results results;
  whole_bytes = 0;
  const auto refuse = [&](std::string reason) {
    error = std::move(reason);
    return std::nullopt;
  };
  for (std::size_t number = 1; whole_bytes < text.size(); ++number) {
    const std::size_t end = text.find('\n', whole_bytes);
    if (end == std::string::npos) break;
    const json value = json::parse(text.begin() + static_cast<std::ptrdiff_t>(whole_bytes),
                                   text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, false);
    if (number == 1) {
      if (!value.is_object() || !value.contains("campaign") || !value["campaign"].is_string() ||
          !value.contains("experiments") || !value["experiments"].is_number_unsigned() || !value.contains("ending") ||
          !value["ending"].is_string()) {
        return refuse("it does not begin with a campaign");
      }
      results.header = {value["campaign"], value["experiments"], value["ending"]};
    } else {
      const auto line = line_of(value);
      if (!line || line->number >= results.header.experiments)
        return refuse(fmt::format("line {} is no result", number));
      if (!take(results, *line, error)) return std::nullopt;
    }
    whole_bytes = end + 1;
  }
  if (whole_bytes == 0) return refuse("it does not begin with a campaign");
  return results;
}

bool merge(Results& results, const Results& more, std::string& error) {
  if (results.header != more.header) {
    error = fmt::format("it is of campaign {}, not {}", more.header.campaign, results.header.campaign);
    return false;
  }
  return std::all_of(more.lines.begin(), more.lines.end(),
                     [&](const auto& each) { return take(results, each.second, error); });
}

std::string json_lines(const Results& results) {
  std::string text = text_of(results.header);
  for (const auto& [number, line] : results.lines) text += text_of(line);
  return text;
}

std::string csv(const Results& results) {
  std::string text = "experiment,point,pc,opcode,instruction,fault,variant,outcome,code\n";
  for (const auto& [number, line] : results.lines) {
    text += fmt::format("{},{},0x{:08x},0x{:08x},\"{}\",{},{},{},0x{:08x}\n", number, line.experiment.point, line.pc,
                        line.opcode, veer::disassemble(line.opcode, line.pc), name(line.experiment.fault),
                        line.experiment.variant, name(line.result.outcome), line.result.code);
  }
  return text;
}

std::string summary(const Results& results) {
  std::string text = fmt::format("campaign {}: {} of {} experiments; undisturbed: {}\n", results.header.campaign,
                                 results.lines.size(), results.header.experiments, results.header.ending);
  const auto counts = results.counts();
  const auto total = static_cast<double>(std::max<std::size_t>(results.lines.size(), 1));
  for (std::size_t i = 0; i < outcome_count; ++i) {
    text += fmt::format("{:>10} {:>9} {:7.3f} %\n", name(static_cast<Outcome>(i)), counts[i],
                        100.0 * static_cast<double>(counts[i]) / total);
  }
  std::map<uint32_t, uint64_t> codes;
  for (const auto& [number, line] : results.lines) {
    if (line.result.outcome == Outcome::rom_error) ++codes[line.result.code];
  }
  std::vector<std::pair<uint32_t, uint64_t>> sorted(codes.begin(), codes.end());
  std::stable_sort(sorted.begin(), sorted.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
  if (!sorted.empty()) text += "other error codes:\n";
  for (const auto& [code, count] : sorted) {
    text += fmt::format("{:>10} 0x{:08x} {}\n", count, code, emu::firmware_error_name(code));
  }
  for (const auto& [number, line] : results.lines) {
    if (line.result.outcome != Outcome::accepted) continue;
    text += fmt::format("WRONGLY ACCEPTED: experiment {}, {} at 0x{:08x}: {}\n", number, name(line.experiment.fault),
                        line.pc, veer::disassemble(line.opcode, line.pc));
  }
  return text;
}

}  // namespace caliptra::glitch
