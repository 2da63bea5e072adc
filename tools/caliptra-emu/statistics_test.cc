// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/statistics.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

namespace caliptra::emu {
namespace {

TEST_CASE("statistics: the keys and their order") {
  Statistics statistics;
  statistics.stop_reason = "event";
  statistics.cycles = 5'000'000'000;
  statistics.instructions = 3'000'000;
  statistics.host_seconds = 0.5;
  statistics.boot_status = 0x600;
  statistics.notice({.kind = Event::Kind::cold_reset});
  statistics.notice({.kind = Event::Kind::boot_status, .value = 0x1c, .cycle = 7, .instructions = 6});
  statistics.notice({.kind = Event::Kind::trng_request});
  statistics.notice({.kind = Event::Kind::ready_for_fw});
  statistics.notice({.kind = Event::Kind::runtime_ready});
  statistics.notice({.kind = Event::Kind::firmware_update_reset});
  statistics.notice({.kind = Event::Kind::warm_reset});
  const auto json = nlohmann::ordered_json::parse(statistics.json());
  std::vector<std::string> keys;
  for (const auto& [key, value] : json.items()) keys.push_back(key);
  CHECK(keys == std::vector<std::string>{"stop_reason", "cycles", "instructions", "host_seconds", "mips", "boot_status",
                                         "flow_status", "fw_error_fatal", "fw_error_non_fatal", "hw_error_fatal",
                                         "timing", "milestones", "phases"});
  CHECK(json["cycles"] == 5'000'000'000);
  CHECK(json["mips"] == 6.0);
  CHECK(json["boot_status"] == 0x600);
  CHECK(json["timing"] == "reference");
  std::string events;
  for (const auto& each : json["milestones"]) events += each["event"].get<std::string>() + " ";
  CHECK(events == "cold-reset boot-status=0x1c ready-for-fw rt-ready update-reset warm-reset ");
  CHECK(json["milestones"][1]["cycle"] == 7);
  CHECK(json["milestones"][1]["instructions"] == 6);
}

TEST_CASE("statistics: a guest can't fill the memory, and no time is no rate") {
  Statistics statistics;
  for (uint32_t i = 0; i < 200'000; ++i) statistics.notice({.kind = Event::Kind::boot_status, .value = i});
  CHECK(statistics.milestones.size() == 100'000);
  CHECK(nlohmann::json::parse(Statistics().json())["mips"] == 0.0);
}

}  // namespace
}  // namespace caliptra::emu
