// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/profile/profile.h"

#include <fmt/format.h>

#include <algorithm>

#include "tools/trace/trap_names.h"

namespace caliptra::profile {
namespace {

using Kind = trace::CallStack::Kind;

constexpr uint32_t memory_size = 0x2'0000;
// Recursion without end makes paths without end.
constexpr std::size_t most_places = 2'000'000;

std::string base_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return std::string(slash == std::string_view::npos ? path : path.substr(slash + 1));
}

double percent(uint64_t part, uint64_t whole) {
  return whole == 0 ? 0 : 100.0 * static_cast<double>(part) / static_cast<double>(whole);
}

}  // namespace

Profiler::Profiler(const trace::CodeMap& code, const veer::Clock& clock) : code_(code), clock_(clock), places_(1) {
  for (auto& each : cells_) each.resize(memory_size / 2);
}

Profiler::Cell* Profiler::cell(uint32_t pc) {
  const uint32_t offset = pc & 0x0fff'ffff;
  const uint32_t region = pc >> 28;
  if ((region != 0 && region != 4) || offset >= memory_size) return nullptr;
  return &cells_[region / 4][offset / 2];
}

/// The cycles since the last instruction began are its own, whatever it called.
void Profiler::account(uint64_t now) {
  if (!running_) return;
  const uint64_t passed = now - last_cycle_;
  places_[last_place_].self += passed;
  if (last_cell_ != nullptr) last_cell_->cycles += passed;
  cycles_ += passed;
}

void Profiler::issued(uint32_t pc, uint32_t) {
  const uint64_t now = clock_.now();
  account(now);
  running_ = true;
  last_cycle_ = now;
  last_place_ = current_;
  ++places_[current_].instructions;
  last_cell_ = cell(pc);
  if (last_cell_ != nullptr) ++last_cell_->instructions;
}

void Profiler::pushed(const trace::CallStack::Frame& frame) {
  const uint32_t key = frame.kind == Kind::image ? code_.image_at(frame.entry) : frame.entry;
  auto& alike = children_[uint64_t{current_} << 32 | key];
  for (const uint32_t each : alike) {
    Place& place = places_[each];
    if (place.kind == frame.kind && (frame.kind != Kind::trap || place.cause == frame.cause)) {
      ++place.calls;
      current_ = each;
      return;
    }
  }
  if (places_.size() >= most_places) {
    // popped() goes back to the parent: a place that stands for the rest.
    places_.push_back(places_[current_]);
    places_.back().parent = current_;
  } else {
    places_.push_back({current_, frame.entry, frame.kind, frame.cause, frame.detail, 0, 0, 0});
  }
  current_ = static_cast<uint32_t>(places_.size() - 1);
  ++places_.back().calls;
  alike.push_back(current_);
}

void Profiler::popped(const trace::CallStack::Frame&, uint64_t) { current_ = places_[current_].parent; }

void Profiler::finish() {
  account(clock_.now());
  running_ = false;
}

std::string Profiler::name_of(const Place& place) const {
  switch (place.kind) {
    case Kind::image: return code_.image_name(place.entry);
    case Kind::trap: return trace::trap_name(place.cause, place.detail);
    case Kind::call: break;
  }
  return code_.function_name(place.entry);
}

std::vector<Node> Profiler::tree() const {
  std::vector<Node> nodes(places_.size());
  for (std::size_t i = 0; i < places_.size(); ++i) {
    const Place& place = places_[i];
    nodes[i] = {place.parent,       i == 0 ? "all" : name_of(place), place.self, place.self, place.calls,
                place.instructions, place.kind == Kind::trap};
  }
  for (std::size_t i = nodes.size(); i-- > 1;) nodes[nodes[i].parent].total += nodes[i].total;
  return nodes;
}

std::vector<HotSpot> Profiler::functions() const {
  const std::vector<Node> nodes = tree();
  std::map<std::string, HotSpot> by_name;
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    const Place& place = places_[i];
    if (place.kind == Kind::image && nodes[i].self == 0) continue;
    HotSpot& spot = by_name[nodes[i].name];
    spot.name = nodes[i].name;
    spot.self += nodes[i].self;
    spot.calls += nodes[i].calls;
    spot.instructions += nodes[i].instructions;
    if (spot.place.empty()) {
      if (const auto line = code_.symbols().source(place.entry)) {
        spot.place = fmt::format("{}:{}", base_name(line->file), line->line);
      }
    }
    // What a function calls itself is in the total of the outermost call already.
    bool inner = false;
    for (std::size_t at = nodes[i].parent; at != 0 && !inner; at = nodes[at].parent)
      inner = nodes[at].name == nodes[i].name;
    if (!inner) spot.total += nodes[i].total;
  }
  std::vector<HotSpot> spots;
  spots.reserve(by_name.size());
  for (auto& [name, spot] : by_name) spots.push_back(std::move(spot));
  std::stable_sort(spots.begin(), spots.end(), [](const HotSpot& a, const HotSpot& b) { return a.self > b.self; });
  return spots;
}

std::vector<HotSpot> Profiler::lines() const {
  std::map<std::string, HotSpot> by_place;
  for (unsigned region = 0; region < 2; ++region) {
    for (uint32_t i = 0; i < memory_size / 2; ++i) {
      const Cell& each = cells_[region][i];
      if (each.instructions == 0) continue;
      const uint32_t pc = (region << 30) + 2 * i;
      const auto line = code_.symbols().source(pc);
      const std::string place =
          line ? fmt::format("{}:{}", base_name(line->file), line->line) : fmt::format("0x{:08x}", pc);
      HotSpot& spot = by_place[place];
      spot.place = place;
      spot.self += each.cycles;
      spot.instructions += each.instructions;
      if (spot.name.empty())
        spot.name = code_.function_at(pc) != nullptr ? code_.function_name(pc) : code_.image_name(pc);
    }
  }
  std::vector<HotSpot> spots;
  spots.reserve(by_place.size());
  for (auto& [place, spot] : by_place) spots.push_back(std::move(spot));
  std::stable_sort(spots.begin(), spots.end(), [](const HotSpot& a, const HotSpot& b) { return a.self > b.self; });
  return spots;
}

std::string collapsed_stacks(std::span<const Node> tree) {
  std::vector<std::string> paths(tree.size());
  std::string text;
  for (std::size_t i = 1; i < tree.size(); ++i) {
    std::string name = tree[i].name;
    std::replace(name.begin(), name.end(), ';', ':');
    paths[i] = tree[i].parent == 0 ? name : paths[tree[i].parent] + ";" + name;
    if (tree[i].self != 0) text += fmt::format("{} {}\n", paths[i], tree[i].self);
  }
  return text;
}

std::string hot_spot_table(const Profiler& profiler, std::size_t rows) {
  const uint64_t all = profiler.cycles();
  std::string text = fmt::format("{} cycles\n\n{:>12} {:>6} {:>12} {:>6} {:>9} {:>12}  {}\n", all, "self", "%", "total",
                                 "%", "calls", "instructions", "function");
  std::size_t left = rows;
  for (const HotSpot& each : profiler.functions()) {
    if (left-- == 0) break;
    text += fmt::format("{:>12} {:>6.2f} {:>12} {:>6.2f} {:>9} {:>12}  {}{}\n", each.self, percent(each.self, all),
                        each.total, percent(each.total, all), each.calls, each.instructions, each.name,
                        each.place.empty() ? "" : fmt::format(" ({})", each.place));
  }
  text += fmt::format("\n{:>12} {:>6} {:>12}  {}\n", "cycles", "%", "instructions", "line");
  left = rows;
  for (const HotSpot& each : profiler.lines()) {
    if (left-- == 0) break;
    text += fmt::format("{:>12} {:>6.2f} {:>12}  {} in {}\n", each.self, percent(each.self, all), each.instructions,
                        each.place, each.name);
  }
  return text;
}

}  // namespace caliptra::profile
