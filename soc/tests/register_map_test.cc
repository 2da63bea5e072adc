// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Walks the register maps of the RTL (shared/registers) and holds them against our tables.

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "iss/hart.h"
#include "iss/registers/register_block.h"
#include "iss/testing/shared_data.h"
#include "iss/testing/skip.h"
#include "soc/core.h"

namespace caliptra {
namespace {

using nlohmann::json;
using veer::Access;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;
using veer::Register;
using veer::ResetDomain;

/// Blocks that no core of ours has, as docs/device-status.md says.
const std::map<std::string, std::string> absent_blocks = {
    {"spi_host", "CALIPTRA_INTERNAL_QSPI is off in the RTL's default configuration"},
    {"uart", "CALIPTRA_INTERNAL_UART is off in the RTL's default configuration"},
};

uint32_t number(const json& value) {
  return value.is_string() ? static_cast<uint32_t>(std::stoul(value.get<std::string>(), nullptr, 0))
                           : value.get<uint32_t>();
}

std::string text(Access access) {
  switch (access) {
    case Access::none: return "none";
    case Access::ro: return "ro";
    case Access::wo: return "wo";
    case Access::rw: return "rw";
  }
  return "?";
}

std::string text(OnWrite on_write) {
  switch (on_write) {
    case OnWrite::store: return "none";
    case OnWrite::w1c: return "w1c";
    case OnWrite::w1s: return "w1s";
    case OnWrite::w0c: return "w0c";
  }
  return "?";
}

std::string text(OnRead on_read) { return on_read == OnRead::set ? "set" : "none"; }

/// The reset signals of the maps, as the domain that they are.
std::optional<ResetDomain> domain_of(const json& field) {
  if (!field.contains("reset_domain") || field["reset_domain"].is_null()) return std::nullopt;
  const std::string signal = field["reset_domain"];
  if (signal == "cptra_pwrgood" || signal == "error_reset_b" || signal == "hard_reset_b") {
    return ResetDomain::power_good;
  }
  if (signal == "core_rst_l" || signal == "core_only_rst_b") return ResetDomain::core;
  CHECK_MESSAGE((signal == "cptra_rst_b" || signal == "reset_b" || signal == "rst_ni"), signal);
  return ResetDomain::noncore;
}

std::unique_ptr<Core> core_of(Generation generation) {
  Configuration configuration;
  configuration.generation = generation;
  configuration.rom = {0x6f, 0, 0, 0};  // j .
  configuration.internal_trng = true;
  configuration.emulator_devices = false;
  std::string error;
  auto core = Core::create(configuration, error);
  REQUIRE_MESSAGE(core, error);
  return core;
}

/// Generation and map, or nothing where the maps are absent.
std::optional<json> map_of(Generation generation) {
  const char* folder = std::getenv("CALIPTRA_REGISTERS");
  const std::string file = "caliptra-" + std::string(name(generation)) + ".json";
  const auto bytes = veer::testing::read_file(
      (folder != nullptr ? std::filesystem::path(folder) : veer::testing::shared_folder("registers")) / file);
  if (!bytes) {
    veer::testing::skip("register maps", file + " is not there");
    return std::nullopt;
  }
  return json::parse(*bytes);
}

veer::RegisterBlock* block_at(const Core& core, uint32_t base) {
  for (const Core::MappedBlock& mapped : core.blocks()) {
    if (mapped.base == base) return mapped.block;
  }
  return nullptr;
}

void compare_field(const json& expected, const Field& field) {
  CHECK(number(expected["lsb"]) == field.lsb);
  CHECK(number(expected["width"]) == field.width);
  CHECK(expected["access_uc"] == text(field.core));
  CHECK(expected["access_soc"] == text(field.soc));
  CHECK(expected["on_write"] == text(field.on_write));
  CHECK(expected["on_read"] == text(field.on_read));
  CHECK(expected["single_pulse"] == field.single_pulse);
  // A wire, not a flip-flop: what software writes there must not stay. How hardware's part of it is kept is ours.
  const bool wire = expected.contains("storage") && expected["storage"] == false;
  if (wire && field.core == Access::rw) CHECK((field.live || field.single_pulse));
  if (!expected["reset"].is_null()) CHECK(number(expected["reset"]) == field.reset);
  if (const auto domain = domain_of(expected)) CHECK(static_cast<int>(*domain) == static_cast<int>(field.domain));
}

void compare_register(const json& expected, const Register& ours, uint8_t variant) {
  CHECK(number(expected["offset"]) == ours.offset);
  CHECK(expected["width"] == 32);
  CHECK(number(expected["count"]) == ours.count);
  CHECK(number(expected["stride"]) == 4);
  CHECK(expected.value("is_array", ours.count > 1) == (ours.always_indexed || ours.count > 1));
  CHECK(expected.value("index_base", 0) == ours.first_index);
  std::set<std::string_view> known;
  for (const json& field : expected["fields"]) {
    const std::string field_name = field["name"];
    CAPTURE(field_name);
    const auto found = std::ranges::find_if(
        ours.fields, [&](const Field& each) { return each.name == field_name && (each.variants & variant) != 0; });
    CHECK_MESSAGE(found != ours.fields.end(), "not in our table");
    if (found == ours.fields.end()) continue;
    known.insert(found->name);
    compare_field(field, *found);
  }
  for (const Field& field : ours.fields) {
    if ((field.variants & variant) != 0) CHECK_MESSAGE(known.count(field.name) == 1, "not in the map: " << field.name);
  }
}

void compare_block(const json& expected, const veer::RegisterBlock& block) {
  std::set<std::string_view> known;
  for (const json& expected_register : expected["registers"]) {
    const std::string register_name = expected_register["name"];
    CAPTURE(register_name);
    const auto found = std::ranges::find_if(block.descriptions(), [&](const Register& each) {
      return each.name == register_name && (each.variants & block.variant()) != 0;
    });
    CHECK_MESSAGE(found != block.descriptions().end(), "not in our table");
    if (found == block.descriptions().end()) continue;
    known.insert(found->name);
    compare_register(expected_register, *found, block.variant());
    if (expected_register.contains("values")) {
      uint32_t offset = found->offset;
      for (const json& value : expected_register["values"]) {
        CHECK(block.peek(offset) == number(value));
        offset += 4;
      }
    }
  }
  for (const Register& ours : block.descriptions()) {
    if ((ours.variants & block.variant()) != 0) {
      CHECK_MESSAGE(known.count(ours.name) == 1, "not in the map: " << ours.name);
    }
  }
}

/// The PIC is a part of the hart: its registers are seen through its memory.
void compare_pic(const json& expected, Core& core) {
  const uint32_t base = number(expected["base"]);
  const auto read = [&](uint32_t address) {
    uint32_t value = 0;
    CHECK(core.hart().peek(address, {reinterpret_cast<uint8_t*>(&value), 4}));
    return value;
  };
  for (const json& each : expected["registers"]) {
    const std::string register_name = each["name"];
    CAPTURE(register_name);
    uint32_t mask = 0;
    for (const json& field : each["fields"]) {
      if (field["access_uc"] != "rw") continue;
      mask |= (number(field["width"]) == 32 ? 0xffff'ffff : (1U << number(field["width"])) - 1) << number(field["lsb"]);
    }
    for (uint32_t element = 0; element < number(each["count"]); ++element) {
      const uint32_t address = base + number(each["offset"]) + 4 * element;
      CAPTURE(address);
      CHECK(read(address) == number(each["reset"]));
      const uint32_t ones = 0xffff'ffff;
      CHECK(core.poke(address, {reinterpret_cast<const uint8_t*>(&ones), 4}));
      CHECK(read(address) == mask);
      const uint32_t zero = 0;
      CHECK(core.poke(address, {reinterpret_cast<const uint8_t*>(&zero), 4}));
      CHECK(read(address) == 0);
    }
  }
}

TEST_CASE("every register of the RTL's maps is in our tables, the same in every respect") {
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    const auto map = map_of(generation);
    if (!map) return;
    const auto core = core_of(generation);
    CAPTURE(name(generation));
    std::size_t found = 0;
    for (const json& expected : (*map)["blocks"]) {
      const std::string block_name = expected["name"];
      CAPTURE(block_name);
      if (block_name == "pic") {
        compare_pic(expected, *core);
        continue;
      }
      veer::RegisterBlock* block = block_at(*core, number(expected["base"]));
      if (absent_blocks.contains(block_name)) {
        CHECK(block == nullptr);
        continue;
      }
      CHECK(block != nullptr);
      if (block == nullptr) continue;
      ++found;
      compare_block(expected, *block);
    }
    CHECK(found == core->blocks().size());
  }
}

TEST_CASE("the RTL ignores writes where our tables have a lock or an access rule, and nowhere else") {
  // These are expressed by the access rules, which the first test compares.
  const std::set<std::string> by_access = {"Caliptra only", "SoC only", "software writes never take effect"};
  // RTL 1.0 lacks these conditions; the blocks ignore the lock there.
  const std::set<std::string> since_1_1_in_code = {"hmac384.HMAC384_KEY.KEY", "hmac384.HMAC384_BLOCK.BLOCK",
                                                   "sha256.SHA256_CTRL.MODE"};
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    const auto map = map_of(generation);
    if (!map) return;
    const auto core = core_of(generation);
    CAPTURE(name(generation));
    for (const json& expected : (*map)["blocks"]) {
      veer::RegisterBlock* block = block_at(*core, number(expected["base"]));
      if (block == nullptr) continue;
      for (const json& each : expected["registers"]) {
        const auto ours = block->find(number(each["offset"]));
        REQUIRE(ours.has_value());
        for (const json& field : each["fields"]) {
          const std::string place =
              block->name() + "." + each["name"].get<std::string>() + "." + field["name"].get<std::string>();
          CAPTURE(place);
          if (generation == Generation::v1_0 && since_1_1_in_code.contains(place)) continue;
          const bool conditional =
              field.contains("write_condition") && !by_access.contains(field["write_condition"].get<std::string>());
          for (const Field& our_field : ours->description->fields) {
            if (our_field.name != field["name"] || (our_field.variants & block->variant()) == 0) continue;
            CHECK((our_field.lock != 0) == conditional);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace caliptra
