// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/statistics.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "peripherals/soc_ifc/soc_ifc_regs.h"

namespace caliptra::emu {
namespace {

constexpr std::size_t most_milestones = 100'000;
constexpr uint32_t soc_ifc_base = 0x3003'0000;

/// What was lost, slept and waited for; what is 0 is left out.
nlohmann::ordered_json json_of(const TimeBreakdown::Counts& counts) {
  nlohmann::ordered_json lost = nlohmann::ordered_json::object();
  for (const auto& [name, member] : veer::TimingStatistics::members) {
    if (counts.lost.*member != 0) lost[std::string(name)] = counts.lost.*member;
  }
  if (counts.asleep != 0) lost["asleep"] = counts.asleep;
  nlohmann::ordered_json waiting = nlohmann::ordered_json::object();
  for (std::size_t i = 0; i < counts.waiting.size(); ++i) {
    if (counts.waiting[i] != 0) waiting[std::string(TimeBreakdown::engine_names[i])] = counts.waiting[i];
  }
  return {{"cycles", counts.cycles},
          {"instructions", counts.instructions},
          {"lost", std::move(lost)},
          {"waiting", std::move(waiting)}};
}

}  // namespace

void Statistics::notice(const Event& event) {
  std::string name;
  switch (event.kind) {
    case Event::Kind::boot_status: name = fmt::format("boot-status=0x{:x}", event.value); break;
    case Event::Kind::ready_for_fw: name = "ready-for-fw"; break;
    case Event::Kind::runtime_ready: name = "rt-ready"; break;
    case Event::Kind::cold_reset: name = "cold-reset"; break;
    case Event::Kind::warm_reset: name = "warm-reset"; break;
    case Event::Kind::firmware_update_reset: name = "update-reset"; break;
    default: return;
  }
  if (milestones.size() < most_milestones) milestones.push_back({std::move(name), event.cycle, event.instructions});
}

void Statistics::sample(const Core& core) {
  using namespace soc_ifc_regs;
  cycles = core.cycles();
  instructions = core.instructions();
  boot_status = core.peek_register(soc_ifc_base + CPTRA_BOOT_STATUS::offset);
  flow_status = core.peek_register(soc_ifc_base + CPTRA_FLOW_STATUS::offset);
  firmware_error_fatal = core.peek_register(soc_ifc_base + CPTRA_FW_ERROR_FATAL::offset);
  firmware_error_non_fatal = core.peek_register(soc_ifc_base + CPTRA_FW_ERROR_NON_FATAL::offset);
  hardware_error_fatal = core.peek_register(soc_ifc_base + CPTRA_HW_ERROR_FATAL::offset);
  timing = core.configuration().timing;
}

std::string Statistics::json() const {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Milestone& each : milestones) {
    list.push_back({{"event", each.event}, {"cycle", each.cycle}, {"instructions", each.instructions}});
  }
  nlohmann::ordered_json breakdown = nlohmann::ordered_json::array();
  for (const TimeBreakdown::Phase& phase : phases) {
    nlohmann::ordered_json entry = {{"begins_with", phase.begins_with}};
    entry.update(json_of(phase.counts));
    breakdown.push_back(std::move(entry));
  }
  const nlohmann::ordered_json object = {
      {"stop_reason", stop_reason},
      {"cycles", cycles},
      {"instructions", instructions},
      {"host_seconds", host_seconds},
      {"mips", host_seconds > 0 ? static_cast<double>(instructions) / host_seconds / 1e6 : 0.0},
      {"boot_status", boot_status},
      {"flow_status", flow_status},
      {"fw_error_fatal", firmware_error_fatal},
      {"fw_error_non_fatal", firmware_error_non_fatal},
      {"hw_error_fatal", hardware_error_fatal},
      {"timing", timing == veer::TimingProfile::rtl ? "rtl" : "reference"},
      {"milestones", std::move(list)},
      {"phases", std::move(breakdown)},
  };
  return object.dump(2) + "\n";
}

}  // namespace caliptra::emu
