// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <fmt/format.h>

#include "iss/decode.h"
#include "iss/disassemble.h"
#include "tools/glitch/results.h"

namespace caliptra::glitch {
namespace {

/// What came of the faults at one instruction.
struct Place {
  uint32_t opcode = 0;
  std::array<uint64_t, outcome_count> counts{};
};

constexpr uint32_t bytes_per_row = 64;

// From harmless to worst: what a place shows is the last of these that happened there.
constexpr Outcome by_weight[] = {Outcome::same, Outcome::rom_error, Outcome::hang, Outcome::altered, Outcome::accepted};

constexpr std::string_view head = R"(<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Glitch campaign</title>
<style>
:root{color-scheme:light dark;--same:#8fb8de;--rom-error:#7fbf7b;--hang:#e6a23c;--altered:#b455c8;--accepted:#d92525;--none:#8882}
body{font:14px/1.45 system-ui,sans-serif;margin:2em auto;max-width:70em;padding:0 1em}
h1{font-size:1.4em}h2{font-size:1.1em;margin-top:2em}
table{border-collapse:collapse}td,th{padding:.15em .8em;text-align:left}td.n{text-align:right;font-variant-numeric:tabular-nums}
.key{display:inline-block;width:.9em;height:.9em;border-radius:2px;vertical-align:-.1em;margin-right:.4em}
.map{font:11px/1 ui-monospace,monospace;overflow-x:auto}
.row{display:flex;align-items:center;height:13px;white-space:nowrap}
.row b{font-weight:normal;width:7.5em;opacity:.7}
.row i{display:inline-block;height:11px;width:11px;margin-right:1px;background:var(--none);border-radius:1px}
.row i.w{width:23px}
.row i:hover{outline:2px solid}
.gap{opacity:.5;padding:.3em 0}
)";

std::string escaped(std::string_view text) {
  std::string result;
  for (const char each : text) {
    switch (each) {
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '&': result += "&amp;"; break;
      case '"': result += "&quot;"; break;
      default: result += each;
    }
  }
  return result;
}

Outcome worst(const Place& place) {
  Outcome result = Outcome::same;
  for (const Outcome each : by_weight) {
    if (place.counts[static_cast<std::size_t>(each)] != 0) result = each;
  }
  return result;
}

std::string tooltip(uint32_t pc, const Place& place, const std::string& where) {
  std::string text = fmt::format("0x{:08x} {}", pc, veer::disassemble(place.opcode, pc));
  if (!where.empty()) text += " · " + where;
  for (const Outcome each : by_weight) {
    const uint64_t count = place.counts[static_cast<std::size_t>(each)];
    if (count != 0) text += fmt::format(" · {} {}", count, name(each));
  }
  return escaped(text);
}

std::string outcome_table(const Results& results) {
  std::string html = "<table><tr><th>outcome</th><th>experiments</th><th></th></tr>";
  const auto counts = results.counts();
  for (const Outcome each : by_weight) {
    const uint64_t count = counts[static_cast<std::size_t>(each)];
    html += fmt::format(
        "<tr><td><span class=key style='background:var(--{0})'></span>{0}</td><td class=n>{1}</td><td class=n>{2:.3f} "
        "%</td></tr>",
        name(each), count,
        100.0 * static_cast<double>(count) / static_cast<double>(std::max<std::size_t>(results.lines.size(), 1)));
  }
  return html + "</table>\n";
}

}  // namespace

std::string heat_map(const Results& results, const std::function<std::string(uint32_t pc)>& where) {
  std::map<uint32_t, Place> places;
  for (const auto& [number, line] : results.lines) {
    Place& place = places[line.pc];
    place.opcode = line.opcode;
    ++place.counts[static_cast<std::size_t>(line.result.outcome)];
  }

  std::string html(head);
  for (const Outcome each : by_weight) html += fmt::format(".{0}{{background:var(--{0})!important}}\n", name(each));
  html += fmt::format(
      "</style></head><body>\n<h1>Glitch campaign {}</h1>\n<p>{} of {} experiments at {} instructions of "
      "the code. Undisturbed: {}.</p>\n",
      escaped(results.header.campaign), results.lines.size(), results.header.experiments, places.size(),
      escaped(results.header.ending));
  html += outcome_table(results);

  constexpr std::size_t most_listed = 500;
  std::size_t listed = 0;
  for (const auto& [number, line] : results.lines) {
    const bool bad = line.result.outcome == Outcome::accepted || line.result.outcome == Outcome::altered;
    if (!bad || listed == most_listed) continue;
    if (listed++ == 0) {
      html +=
          "<h2>Wrongly accepted or altered</h2><table><tr><th>experiment</th><th>address</th><th>instruction</th>"
          "<th>fault</th><th>outcome</th><th>where</th></tr>";
    }
    html += fmt::format("<tr><td class=n>{}</td><td>0x{:08x}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                        number, line.pc, escaped(veer::disassemble(line.opcode, line.pc)), name(line.experiment.fault),
                        name(line.result.outcome), escaped(where(line.pc)));
  }
  if (listed != 0) html += "</table>\n";

  html +=
      "<h2>Heat map</h2><p>Each cell is an instruction, coloured by the worst that came of a fault there; point at one "
      "to read it.</p>\n<div class=map>";
  uint32_t row = UINT32_MAX;
  uint32_t expected = 0;
  for (const auto& [pc, place] : places) {
    if (pc / bytes_per_row != row) {
      if (row != UINT32_MAX) html += "</div>\n";
      if (row != UINT32_MAX && pc / bytes_per_row > row + 1) html += "<div class=gap>⋮</div>";
      row = pc / bytes_per_row;
      expected = row * bytes_per_row;
      html += fmt::format("<div class=row><b>0x{:08x}</b>", expected);
    }
    for (; expected < pc; expected += 2) html += "<i></i>";
    const bool wide = !veer::is_compressed(place.opcode);
    html += fmt::format("<i class=\"{}{}\" title=\"{}\"></i>", name(worst(place)), wide ? " w" : "",
                        tooltip(pc, place, where(pc)));
    expected = pc + (wide ? 4 : 2);
  }
  if (row != UINT32_MAX) html += "</div>\n";
  return html + "</div>\n</body></html>\n";
}

}  // namespace caliptra::glitch
