// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/report/report.h"

#include <fmt/format.h>

#include "tools/report/html.h"

namespace caliptra::report {
namespace {

std::string tile(std::string_view value, std::string_view name) {
  return fmt::format("<div class=\"tile\"><b>{}</b><span>{}</span></div>\n", value, name);
}

}  // namespace

std::string report_html(const Data& data) {
  std::string html = fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" "
      "content=\"width=device-width,initial-scale=1\"><meta http-equiv=\"Content-Security-Policy\" "
      "content=\"default-src 'none'; "
      "style-src 'unsafe-inline'; script-src "
      "'unsafe-inline'\">\n<title>{}</title><style>{}</style></head><body><main>\n",
      xml_escaped(data.title), style());
  html += fmt::format("<h1>{}</h1>\n<p class=\"verdict {}\">{}</p>\n", xml_escaped(data.title),
                      data.good ? "good" : "bad", xml_escaped(data.result));
  html += "<div class=\"tiles\">\n";
  html += tile(grouped(data.cycles), "cycles");
  html += tile(grouped(data.instructions), "instructions retired");
  html += tile(percent(busy_cycles(data.engine_spans, 0, data.cycles), data.cycles), "of the time an engine is busy");
  html += tile(grouped(data.transactions.size()), "mailbox transactions");
  html += tile(grouped(data.traps.size()), "traps and interrupts");
  html += tile(grouped(data.problems.size()), "errors");
  html += "</div>\n";
  html += timeline_section(data);
  html += problems_section(data);
  html += cycles_section(data);
  html += engines_section(data);
  html += mailbox_section(data);
  if (data.profiler != nullptr) {
    html +=
        "<section id=\"flamegraph\"><h2>Flamegraph</h2><p class=\"note\">By cycles. Click on a function to make it as "
        "wide as "
        "the picture, on the lowest box to see all again; blue are traps.</p>\n" +
        profile::flamegraph_svg(data.profiler->tree(), "") + "</section>\n";
  }
  html += coverage_section(data);
  html += stacks_section(data);
  html += "<section id=\"setup\"><h2>Set-up</h2><table>\n";
  for (const auto& [name, value] : data.setup) {
    html += fmt::format("<tr><td>{}</td><td class=\"mono\">{}</td></tr>\n", xml_escaped(name), xml_escaped(value));
  }
  html += "</table></section>\n";
  if (!data.console.empty()) {
    std::string console;
    for (std::size_t at = 0; at < data.console.size();) {
      const std::size_t end = std::min(data.console.find('\n', at), data.console.size());
      console += xml_escaped(std::string_view(data.console).substr(at, end - at)) + "\n";
      at = end + 1;
    }
    html += "<section id=\"console\"><h2>Console</h2><pre>" + console + "</pre></section>\n";
  }
  return html + "</main></body></html>\n";
}

}  // namespace caliptra::report
