// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/time_breakdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "iss/hart.h"
#include "iss/registers/register_block.h"
#include "peripherals/entropy_src/entropy_src.h"

namespace caliptra {
namespace {

constexpr std::size_t most_phases = 10'000;

using Engine = TimeBreakdown::Engine;
using Counts = TimeBreakdown::Counts;

/// Blocks and the clock's events, by the beginning of their names.
struct Name {
  std::string_view begins;
  Engine engine;
};
constexpr Name block_names[] = {
    {"sha512_acc", Engine::sha512_acc},
    {"sha256", Engine::sha256},
    {"sha512", Engine::sha512},
    {"hmac", Engine::hmac384},
    {"ecc", Engine::ecc384},
    {"doe", Engine::doe},
    {"csrng", Engine::trng},
    {"entropy_src", Engine::trng},
    {"soc_ifc", Engine::soc},
    {"mailbox", Engine::soc},
    {"mbox", Engine::soc},
};
constexpr Name event_names[] = {
    {"sha512_acc", Engine::sha512_acc},
    {"sha256", Engine::sha256},
    {"sha512", Engine::sha512},
    {"hmac384", Engine::hmac384},
    {"ecc384", Engine::ecc384},
    {"doe", Engine::doe},
    {"csrng", Engine::trng},
    {"entropy_src", Engine::trng},
    {"soc ", Engine::soc},
};

std::optional<Engine> engine_of(std::string_view name, std::span<const Name> names) {
  for (const Name& each : names) {
    if (name.starts_with(each.begins)) return each.engine;
  }
  return std::nullopt;
}

/// `combine` for each pair of counters.
template <typename Combine>
Counts combined(const Counts& a, const Counts& b, Combine combine) {
  Counts result;
  result.cycles = combine(a.cycles, b.cycles);
  result.instructions = combine(a.instructions, b.instructions);
  result.asleep = combine(a.asleep, b.asleep);
  for (const auto& [name, member] : veer::TimingStatistics::members) {
    result.lost.*member = combine(a.lost.*member, b.lost.*member);
  }
  for (std::size_t i = 0; i < result.waiting.size(); ++i) result.waiting[i] = combine(a.waiting[i], b.waiting[i]);
  return result;
}

}  // namespace

Counts TimeBreakdown::difference(const Counts& from, const Counts& to) {
  // Counters of a restored snapshot may begin anew.
  return combined(from, to, [](uint64_t before, uint64_t after) { return after < before ? 0 : after - before; });
}

Counts TimeBreakdown::sum(const Counts& a, const Counts& b) {
  return combined(a, b, [](uint64_t x, uint64_t y) { return x + y; });
}

TimeBreakdown::TimeBreakdown(Core& core) : core_(core) {
  for (const Core::MappedBlock& mapped : core.blocks()) {
    if (const auto engine = engine_of(mapped.block->name(), block_names)) {
      blocks_.push_back({mapped.block, *engine, dynamic_cast<const EntropySrc*>(mapped.block)});
    }
  }
  const veer::Clock& clock = core.clock();
  for (veer::Clock::Slot slot = 0; slot < clock.slot_count(); ++slot) {
    if (const auto engine = engine_of(clock.name(slot), event_names)) {
      slots_[static_cast<std::size_t>(*engine)].push_back(slot);
    }
  }
  begun_ = now();
  core.on_core_read([this](const veer::RegisterBlock& block) { read(block); });
  core.on_event([this](const Event& event) { notice(event); });
}

/// Firmware looks at a block. If something there is to end later, it waits for that.
void TimeBreakdown::read(const veer::RegisterBlock& block) {
  const auto found = std::find_if(blocks_.begin(), blocks_.end(), [&](const Block& b) { return b.block == &block; });
  if (found == blocks_.end()) return;
  const auto engine = static_cast<std::size_t>(found->engine);
  const veer::Clock& clock = core_.clock();
  uint64_t until = 0;
  for (const veer::Clock::Slot slot : slots_[engine]) {
    if (clock.pending(slot)) until = std::max(until, clock.deadline(slot));
  }
  if (found->entropy_src != nullptr) until = std::max(until, found->entropy_src->first_seed_due());
  const uint64_t from = std::max(clock.now(), counted_until_[engine]);
  if (until <= from) return;
  waiting_[engine] += until - from;
  counted_until_[engine] = until;
}

void TimeBreakdown::notice(const Event& event) {
  std::string name;
  switch (event.kind) {
    case Event::Kind::boot_status: name = fmt::format("boot-status=0x{:x}", event.value); break;
    case Event::Kind::ready_for_fw: name = "ready-for-fw"; break;
    case Event::Kind::runtime_ready: name = "rt-ready"; break;
    case Event::Kind::warm_reset: name = "warm-reset"; break;
    case Event::Kind::firmware_update_reset: name = "update-reset"; break;
    default: return;
  }
  if (done_.size() >= most_phases) return;
  const Counts at = now();
  const Counts passed = difference(begun_, at);
  if (passed.cycles != 0) {
    done_.push_back({phase_, passed});
    phase_ = std::move(name);
  } else {
    // Two names for one moment.
    phase_ = done_.empty() ? std::move(name) : phase_ + ", " + name;
  }
  begun_ = at;
}

TimeBreakdown::Counts TimeBreakdown::now() const {
  Counts counts;
  counts.cycles = core_.cycles();
  counts.instructions = core_.instructions();
  if (const veer::TimingStatistics* lost = core_.hart().timing_statistics()) counts.lost = *lost;
  counts.asleep = core_.hart().cycles_asleep();
  counts.waiting = waiting_;
  // What has been counted in advance.
  for (std::size_t i = 0; i < counts.waiting.size(); ++i) {
    if (counted_until_[i] > counts.cycles)
      counts.waiting[i] -= std::min(counts.waiting[i], counted_until_[i] - counts.cycles);
  }
  return counts;
}

std::vector<TimeBreakdown::Phase> TimeBreakdown::phases() const {
  std::vector<Phase> all = done_;
  all.push_back({phase_, difference(begun_, now())});
  return all;
}

TimeBreakdown::Counts TimeBreakdown::total() const {
  Counts all;
  for (const Phase& phase : phases()) all = sum(all, phase.counts);
  return all;
}

std::string TimeBreakdown::table(const std::vector<Phase>& phases, uint64_t least) {
  std::string text = fmt::format("{:30}{:>12}{:>12}", "phase begins with", "cycles", "instr.");
  for (const auto& [name, member] : veer::TimingStatistics::members) text += fmt::format("{:>13}", name);
  text += fmt::format("{:>10} | waiting for\n", "asleep");
  const auto line = [&text](std::string_view name, const Counts& counts) {
    text += fmt::format("{:30}{:>12}{:>12}", name.substr(0, 29), counts.cycles, counts.instructions);
    for (const auto& [unused, member] : veer::TimingStatistics::members)
      text += fmt::format("{:>13}", counts.lost.*member);
    text += fmt::format("{:>10} |", counts.asleep);
    for (std::size_t i = 0; i < counts.waiting.size(); ++i) {
      if (counts.waiting[i] != 0) text += fmt::format(" {} {}", engine_names[i], counts.waiting[i]);
    }
    text += '\n';
  };
  Counts all;
  Counts small;
  for (const Phase& phase : phases) {
    all = sum(all, phase.counts);
    if (phase.counts.cycles >= least) {
      line(phase.begins_with, phase.counts);
    } else {
      small = sum(small, phase.counts);
    }
  }
  if (small.cycles != 0) line("all shorter phases", small);
  line("sum", all);
  return text;
}

}  // namespace caliptra
