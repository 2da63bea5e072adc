// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <fmt/format.h>

#include <algorithm>

#include "tools/report/html.h"
#include "tools/report/mailbox_layouts.h"
#include "tools/trace/trap_names.h"

namespace caliptra::report {
namespace {

std::string meter(uint64_t part, uint64_t whole) {
  const double share = whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
  return fmt::format("<div class=\"meter\"><i style=\"width:{:.2f}%\"></i></div>", std::min(share, 100.0));
}

std::string fields_table(std::string_view what, const std::vector<DecodedField>& fields) {
  std::string text;
  for (const DecodedField& each : fields) {
    text += fmt::format("<tr><td>{}</td><td>{}</td><td class=\"mono\">{}</td></tr>\n", what, xml_escaped(each.name),
                        xml_escaped(each.value));
    what = "";
  }
  return text;
}

}  // namespace

std::string grouped(uint64_t number) {
  std::string digits = fmt::format("{}", number);
  for (std::size_t at = digits.size(); at > 3;) {
    at -= 3;
    digits.insert(at, "\xe2\x80\xaf");
  }
  return digits;
}

std::string percent(uint64_t part, uint64_t whole) {
  if (whole == 0) return "0 %";
  return fmt::format("{:.1f} %", 100.0 * static_cast<double>(part) / static_cast<double>(whole));
}

uint64_t busy_cycles(std::span<const trace::EngineSpan> spans, uint64_t begin, uint64_t end) {
  std::vector<std::pair<uint64_t, uint64_t>> inside;
  for (const trace::EngineSpan& each : spans) {
    if (each.end > begin && each.begin < end) inside.emplace_back(std::max(each.begin, begin), std::min(each.end, end));
  }
  std::sort(inside.begin(), inside.end());
  uint64_t busy = 0;
  uint64_t until = begin;
  for (const auto& [from, to] : inside) {
    if (to <= until) continue;
    busy += to - std::max(from, until);
    until = to;
  }
  return busy;
}

std::string cycles_section(const Data& data) {
  std::string html =
      "<section id=\"cycles\"><h2>Where the cycles went</h2><p class=\"note\">By phase of the boot, and by function: "
      "what a "
      "function spends itself, and with all that it calls.</p>\n<table><tr><th>Phase</th><th "
      "class=\"n\">Cycles</th><th "
      "class=\"n\">Share</th><th></th><th class=\"n\">Instructions</th><th class=\"n\">An engine is busy</th></tr>\n";
  for (const trace::Phase& each : data.phases) {
    const uint64_t length = each.end - each.begin;
    html += fmt::format(
        "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"bar\">{}</td><td "
        "class=\"n\">{}</td><td "
        "class=\"n\">{}</td></tr>\n",
        xml_escaped(each.name), grouped(length), percent(length, data.cycles), meter(length, data.cycles),
        grouped(each.instructions), percent(busy_cycles(data.engine_spans, each.begin, each.end), length));
  }
  html += "</table>\n";
  if (data.timing) {
    const veer::TimingStatistics& t = *data.timing;
    const std::pair<const char*, uint64_t> rows[] = {{"instruction fetch", t.fetch},   {"load-use", t.load_use},
                                                     {"bus full", t.bus_full},         {"mispredict", t.mispredict},
                                                     {"stale branch", t.stale_branch}, {"divide", t.divide},
                                                     {"synchronize", t.synchronize},   {"trap", t.trap}};
    html +=
        "<p class=\"map\">Stalls of the pipeline</p><table><tr><th>Waiting for</th><th class=\"n\">Cycles</th><th "
        "class=\"n\">Share</th><th></th></tr>\n";
    for (const auto& [name, cycles] : rows) {
      html +=
          fmt::format("<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"bar\">{}</td></tr>\n",
                      name, grouped(cycles), percent(cycles, data.cycles), meter(cycles, data.cycles));
    }
    html += "</table>\n";
  }
  if (data.profiler != nullptr) {
    html +=
        "<p class=\"map\">Hot spots</p><table id=\"hotspots\"><tr><th>Function</th><th class=\"n\">Self</th><th "
        "class=\"n\">Share</th><th></th><th "
        "class=\"n\">Total</th><th class=\"n\">Calls</th></tr>\n";
    std::size_t left = 20;
    for (const profile::HotSpot& each : data.profiler->functions()) {
      if (left-- == 0) break;
      html += fmt::format(
          "<tr><td class=\"mono\">{}{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"bar\">{}</td><td "
          "class=\"n\">{}</td><td class=\"n\">{}</td></tr>\n",
          xml_escaped(each.name), each.place.empty() ? "" : fmt::format(" ({})", xml_escaped(each.place)),
          grouped(each.self), percent(each.self, data.profiler->cycles()), meter(each.self, data.profiler->cycles()),
          grouped(each.total), grouped(each.calls));
    }
    html += "</table>\n";
  }
  return html + "</section>\n";
}

std::string engines_section(const Data& data) {
  std::string html =
      "<section id=\"engines\"><h2>Engine use</h2><p class=\"note\">An operation is one stretch in which the engine is "
      "busy.</p>\n"
      "<table><tr><th>Engine</th><th class=\"n\">Operations</th><th class=\"n\">Busy cycles</th><th class=\"n\">Share "
      "of the "
      "run</th><th></th><th class=\"n\">Cycles per operation</th></tr>\n";
  for (const trace::EngineSpans::Engine& each : data.engines) {
    html += fmt::format(
        "<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
        "class=\"bar\">{}</td><td "
        "class=\"n\">{}</td></tr>\n",
        xml_escaped(each.name), grouped(each.operations), grouped(each.busy_cycles),
        percent(each.busy_cycles, data.cycles), meter(each.busy_cycles, data.cycles),
        each.operations == 0 ? "\xe2\x80\x93" : grouped(each.busy_cycles / each.operations));
  }
  return html + "</table></section>\n";
}

std::string mailbox_section(const Data& data) {
  constexpr std::size_t most = 500;
  std::string html = fmt::format(
      "<section id=\"mailbox\"><h2>Mailbox log</h2><p class=\"note\">{} transactions, in the order of their "
      "ends.</p>\n",
      data.transactions.size());
  if (data.transactions.empty()) return html + "<p>The mailbox was not used.</p></section>\n";
  html +=
      "<table><tr><th class=\"n\">Cycle</th><th>Requester</th><th>Command</th><th "
      "class=\"n\">Request</th><th>Status</th><th "
      "class=\"n\">Response</th><th class=\"n\">Cycles to the answer</th><th>Contents</th></tr>\n";
  for (std::size_t i = 0; i < std::min(data.transactions.size(), most); ++i) {
    const trace::MailboxTransaction& t = data.transactions[i];
    constexpr uint32_t failed = 3;
    const std::string contents =
        fields_table("request", decode_request(t)) + fields_table("response", decode_response(t));
    html += fmt::format(
        "<tr><td class=\"n\">{}</td><td>{}</td><td class=\"mono\">{}</td><td class=\"n\">{}</td><td{}>{}{}</td><td "
        "class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td></tr>\n",
        grouped(t.locked), t.by_soc ? fmt::format("SoC, user 0x{:x}", t.user) : "core",
        t.executed == 0 && !t.by_soc ? "(its own use)" : xml_escaped(trace::command_name(t.command)),
        grouped(t.request_length), t.status == failed ? " class=\"bad\"" : "",
        t.executed == 0 ? "not executed" : trace::mailbox_status_name(t.status),
        t.aborted && t.executed != 0 ? ", broken off" : "",
        t.response_length == 0 ? "\xe2\x80\x93" : grouped(t.response_length),
        t.answered == 0 ? "\xe2\x80\x93" : grouped(t.answered - t.executed),
        contents.empty() ? "" : fmt::format("<details><summary>show</summary><table>{}</table></details>", contents));
  }
  html += "</table>\n";
  if (data.transactions.size() > most)
    html += fmt::format("<p class=\"note\">{} more are not shown.</p>", data.transactions.size() - most);
  return html + "</section>\n";
}

std::string problems_section(const Data& data) {
  std::string html = "<section id=\"errors\"><h2>Errors</h2>\n";
  std::size_t exceptions = 0;
  std::string rows;
  for (const Problem& each : data.problems) {
    rows += fmt::format("<tr><td class=\"n\">{}</td><td>{}</td></tr>\n", grouped(each.cycle), xml_escaped(each.text));
  }
  constexpr std::size_t most = 50;
  for (const TakenTrap& each : data.traps) {
    if (trace::is_interrupt(each.cause) && each.cause < 0xf000'0000) continue;
    if (++exceptions > most) continue;
    rows += fmt::format(
        "<tr><td class=\"n\">{}</td><td>{} at <span class=\"mono\">{}</span></td></tr>\n", grouped(each.begin),
        xml_escaped(trace::trap_name(each.cause, each.detail)),
        xml_escaped(data.code == nullptr ? fmt::format("0x{:08x}", each.pc)
                                         : fmt::format("0x{:08x} {}", each.pc, data.code->function_name(each.pc))));
  }
  if (rows.empty())
    return html +
           "<p class=\"good\">None: no error register was set, no command failed, no exception was "
           "taken.</p></section>\n";
  html += "<table><tr><th class=\"n\">Cycle</th><th>What</th></tr>\n" + rows + "</table>\n";
  if (exceptions > most)
    html += fmt::format("<p class=\"note\">{} more exceptions are not shown.</p>\n", exceptions - most);
  return html + "</section>\n";
}

std::string stacks_section(const Data& data) {
  std::string html =
      "<section id=\"stacks\"><h2>Stacks</h2><table><tr><th>Image</th><th>Top</th><th class=\"n\">Used, bytes</th><th "
      "class=\"n\">Room</th><th></th><th>Deepest in</th></tr>\n";
  for (const profile::StackUse& each : data.stacks) {
    const uint32_t room = each.bottom ? each.top - *each.bottom : 0;
    html += fmt::format(
        "<tr><td>{}</td><td class=\"mono\">0x{:08x}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
        "class=\"bar\">{}</td><td class=\"mono\">{}{}</td></tr>\n",
        xml_escaped(each.image), each.top, grouped(each.used()), each.bottom ? grouped(room) : "unknown",
        each.bottom ? meter(each.used(), room) : "",
        each.used() == 0 || data.code == nullptr ? "" : xml_escaped(data.code->function_name(each.lowest_pc)),
        each.overflow ? " <b class=\"bad\">overflow</b>" : "");
  }
  return html + "</table></section>\n";
}

}  // namespace caliptra::report
