// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "tools/report/html.h"
#include "tools/trace/trap_names.h"

namespace caliptra::report {
namespace {

constexpr double left = 120;
constexpr double width = 1180;
constexpr double lane_height = 20;
constexpr double lane_step = 28;

/// A chart of lanes over the run's time.
class Lanes {
 public:
  explicit Lanes(uint64_t cycles)
      : scale_((width - left) / static_cast<double>(std::max<uint64_t>(cycles, 1))), cycles_(cycles) {}

  void lane(std::string_view name) {
    flush();
    if (!body_.empty()) y_ += lane_step;
    body_ += fmt::format(
        "<text x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text><rect class=\"lane\" x=\"{}\" y=\"{}\" width=\"{}\" "
        "height=\"{}\" rx=\"3\"/>\n",
        left - 10, y_ + 14, xml_escaped(name), left, y_, width - left, lane_height);
  }

  /// A bar with a name of its own, if there is room for it.
  void named(std::string_view name, std::string_view tip, uint64_t begin, uint64_t end, unsigned colour) {
    const double x = at(begin);
    const double w = std::max(at(end) - x - 1, 0.6);
    body_ += fmt::format(
        "<g><title>{}</title><rect class=\"p{}\" x=\"{:.2f}\" y=\"{}\" width=\"{:.2f}\" height=\"{}\" rx=\"2\"/>",
        xml_escaped(tip), colour % 8, x, y_, w, lane_height);
    const auto letters = static_cast<std::size_t>(std::max(0.0, (w - 8) / 6.4));
    if (name.size() <= letters)
      body_ += fmt::format("<text class=\"in\" x=\"{:.2f}\" y=\"{}\">{}</text>", x + 5, y_ + 14, xml_escaped(name));
    body_ += "</g>\n";
  }

  /// One of very many: those that touch on the screen become one bar.
  void dense(std::string_view tip, uint64_t begin, uint64_t end, unsigned colour) {
    const double from = at(begin);
    const double to = std::max(at(end), from + 0.5);
    if (count_ != 0 && colour == colour_ && from <= to_ + 0.4) {
      to_ = std::max(to_, to);
      ++count_;
      last_ = std::max(last_, end);
      return;
    }
    flush();
    from_ = from;
    to_ = to;
    tip_ = tip;
    colour_ = colour;
    first_ = begin;
    last_ = end;
    count_ = 1;
  }

  [[nodiscard]] std::string svg(std::string_view label) {
    flush();
    const double bottom = y_ + lane_step;
    std::string axis;
    double step = std::pow(10, std::floor(std::log10(std::max<double>(static_cast<double>(cycles_), 10) / 5)));
    while (static_cast<double>(cycles_) / step > 8) step *= static_cast<double>(cycles_) / step > 16 ? 5 : 2;
    for (double tick = 0; tick <= static_cast<double>(cycles_); tick += step) {
      const double x = left + tick * scale_;
      axis += fmt::format(
          "<line x1=\"{0:.1f}\" y1=\"4\" x2=\"{0:.1f}\" y2=\"{1}\"/><text class=\"soft\" x=\"{0:.1f}\" y=\"{2}\" "
          "text-anchor=\"{3}\">{4}</text>\n",
          x, bottom, bottom + 14,
          tick == 0        ? "start"
          : x > width - 50 ? "end"
                           : "middle",
          grouped(static_cast<uint64_t>(tick)));
    }
    return fmt::format("<svg class=\"chart\" role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {} {}\">\n{}{}</svg>\n",
                       label, width, bottom + 20, axis, body_);
  }

 private:
  [[nodiscard]] double at(uint64_t cycle) const {
    return left + static_cast<double>(std::min(cycle, cycles_)) * scale_;
  }

  void flush() {
    if (count_ == 0) return;
    const std::string tip =
        count_ == 1 ? fmt::format("{}: {} cycles at {}", xml_escaped(tip_), grouped(last_ - first_), grouped(first_))
                    : fmt::format("{} stretches between {} and {}", count_, grouped(first_), grouped(last_));
    body_ += fmt::format(
        "<g><title>{}</title><rect class=\"p{}\" x=\"{:.2f}\" y=\"{}\" width=\"{:.2f}\" height=\"{}\"/></g>\n", tip,
        colour_ % 8, from_, y_, to_ - from_, lane_height);
    count_ = 0;
  }

  double scale_;
  uint64_t cycles_;
  std::string body_;
  double y_ = 8;
  double from_ = 0;
  double to_ = 0;
  std::string tip_;
  unsigned colour_ = 0;
  uint64_t first_ = 0;
  uint64_t last_ = 0;
  std::size_t count_ = 0;
};

struct CoverageCell {
  uint32_t bytes = 0;  // of instructions that ran
  uint64_t most = 0;   // how often the one that ran most did
};

}  // namespace

std::string timeline_section(const Data& data) {
  Lanes lanes(data.cycles);
  unsigned colour = 0;
  lanes.lane("phases");
  for (const trace::Phase& each : data.phases) {
    lanes.named(each.name,
                fmt::format("{}: {} cycles, {} instructions, from {}", each.name, each.end - each.begin,
                            each.instructions, each.begin),
                each.begin, each.end, colour++);
  }
  lanes.lane("boot status");
  colour = 0;
  for (const trace::Phase& each : data.steps) {
    lanes.named(each.name,
                fmt::format("up to \"{}\": {} cycles, from {}", each.name, each.end - each.begin, each.begin),
                each.begin, each.end, colour++);
  }
  for (unsigned i = 0; i < data.engines.size(); ++i) {
    if (data.engines[i].operations == 0) continue;
    lanes.lane(data.engines[i].name);
    for (const trace::EngineSpan& each : data.engine_spans) {
      if (each.engine != i) continue;
      lanes.dense(each.operation.empty() ? std::string_view(data.engines[i].name) : each.operation, each.begin,
                  each.end, i);
    }
  }
  lanes.lane("mailbox");
  for (const trace::MailboxTransaction& each : data.transactions) {
    const std::string name = trace::command_name(each.command);
    lanes.named(name, trace::describe_transaction(each), each.locked, each.released, each.by_soc ? 1 : 7);
  }
  if (!data.traps.empty()) {
    lanes.lane("traps");
    std::vector<TakenTrap> traps(data.traps.begin(), data.traps.end());
    std::sort(traps.begin(), traps.end(), [](const TakenTrap& a, const TakenTrap& b) { return a.begin < b.begin; });
    for (const TakenTrap& each : traps) {
      lanes.dense(trace::trap_name(each.cause, each.detail), each.begin, each.end,
                  trace::is_interrupt(each.cause) ? 2 : 6);
    }
  }
  return "<section id=\"timeline\"><h2>Boot timeline</h2><p class=\"note\">In cycles since power-on. Point at a bar to "
         "see what it "
         "is.</p>\n" +
         lanes.svg("Boot timeline") + "</section>\n";
}

std::string coverage_section(const Data& data) {
  if (data.coverage == nullptr || data.code == nullptr) return {};
  constexpr uint32_t cell_bytes = 32;
  constexpr unsigned per_row = 96;
  constexpr unsigned size = 11;
  constexpr unsigned gap = 1;
  std::string html =
      "<section id=\"coverage\"><h2>Coverage map</h2><p class=\"note\">One cell is 32 bytes of code; the darker (in "
      "the dark: "
      "the brighter), the more often its busiest instruction ran.</p>\n<div class=\"legend\">";
  constexpr std::string_view names[] = {"never", "once", "up to 100 times",
                                        "up to 10\xe2\x80\xaf"
                                        "000 times",
                                        "more"};
  constexpr std::string_view colours[] = {"cell", "h1", "h2", "h3", "h4"};
  for (unsigned i = 0; i < 5; ++i)
    html += fmt::format("<span><i style=\"background:var(--{})\"></i>{}</span>", colours[i], names[i]);
  html += "</div>\n";
  for (const trace::CodeImage& image : data.code->images()) {
    std::vector<CoverageCell> cells((image.end - image.begin + cell_bytes - 1) / cell_bytes);
    uint64_t bytes = 0;
    uint64_t instructions = 0;
    for (const coverage::Region& region : data.coverage->regions()) {
      for (std::size_t i = 0; i < region.executed.size(); ++i) {
        const auto address = region.base + static_cast<uint32_t>(2 * i);
        if (region.executed[i] == 0 || address < image.begin || address >= image.end) continue;
        CoverageCell& cell = cells[(address - image.begin) / cell_bytes];
        cell.bytes += region.length[i];
        cell.most = std::max(cell.most, region.executed[i]);
        bytes += region.length[i];
        ++instructions;
      }
    }
    std::string note;
    std::size_t functions = 0;
    std::size_t called = 0;
    for (const symbols::Function& each : data.code->symbols().functions()) {
      if (each.begin < image.begin || each.begin >= image.end) continue;
      ++functions;
      called += data.coverage->executed(each.begin) != 0;
    }
    if (functions != 0) note = fmt::format("; {} of {} functions", called, functions);
    html += fmt::format("<p class=\"map\">{}: {} of {} bytes ({}), {} instructions{}</p>\n", xml_escaped(image.name),
                        grouped(bytes), grouped(image.end - image.begin), percent(bytes, image.end - image.begin),
                        grouped(instructions), note);
    const std::size_t rows = (cells.size() + per_row - 1) / per_row;
    html += fmt::format("<svg class=\"chart\" role=\"img\" aria-label=\"Coverage of {}\" viewBox=\"0 0 {} {}\">\n",
                        xml_escaped(image.name), static_cast<unsigned>(width), rows * (size + gap));
    // Neighbours alike are one rectangle; what they stand for is in the title.
    const auto shade = [&cells](std::size_t i) {
      const uint64_t most = cells[i].most;
      return most == 0 ? 0U : most == 1 ? 1U : most <= 100 ? 2U : most <= 10'000 ? 3U : 4U;
    };
    for (std::size_t i = 0; i < cells.size();) {
      std::size_t next = i + 1;
      while (next < cells.size() && next % per_row != 0 && shade(next) == shade(i) && next - i < 8) ++next;
      const uint32_t address = image.begin + static_cast<uint32_t>(i) * cell_bytes;
      html += fmt::format(
          "<g><title>0x{:08x}{}</title><rect class=\"v{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"/></g>\n",
          address,
          data.code->function_at(address) != nullptr
              ? fmt::format(" {}", xml_escaped(data.code->function_name(address)))
              : "",
          shade(i), (i % per_row) * (size + gap), i / per_row * (size + gap), (next - i) * (size + gap) - gap, size);
      i = next;
    }
    html += "</svg>\n";
  }
  return html + "</section>\n";
}

}  // namespace caliptra::report
