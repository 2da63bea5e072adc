// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The reference profile keeps step with the reference emulator: a whole boot, instruction by instruction.

#include <doctest/doctest.h>
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>

#include "iss/hart.h"
#include "iss/testing/skip.h"
#include "soc/boot_tests/boot_rig.h"

namespace {

using namespace caliptra;
using namespace caliptra::boot_tests;

constexpr std::string_view trace_file = "traces/rom-1.2.0-log__ast2700-fw-1.2-20251023.trace.xz";
constexpr uint64_t trace_lines = 3'193'999;

/// Holds every instruction against the next line of the trace.
class Comparison : public veer::Observer {
 public:
  Comparison(veer::Hart& hart, std::FILE* trace) : hart_(hart), trace_(trace) {}

  void issued(uint32_t pc, uint32_t opcode) override {
    char expected[32];
    if (std::fgets(expected, sizeof expected, trace_) == nullptr) {
      hart_.stop();
      return;
    }
    const bool compressed = (opcode & 3) != 3;
    const auto ours = fmt::format("0x{:08x} 0x{:0{}x}\n", pc, opcode, compressed ? 4 : 8);
    if (ours == expected) {
      ++lines;
      return;
    }
    difference = fmt::format("line {}: ours {}reference {}", lines + 1, ours, expected);
    hart_.stop();
  }

  uint64_t lines = 0;
  std::string difference;

 private:
  veer::Hart& hart_;
  std::FILE* trace_;
};

}  // namespace

TEST_CASE("a whole boot equals the reference emulator's trace line by line") {
  constexpr auto name = "a whole boot equals the reference emulator's trace line by line";
  const auto trace = test_data(trace_file);
  const auto rom = test_data(rom_1_2_with_log);
  const auto bundle = test_data(bundle_20251023.file);
  if (!trace || !rom || !bundle) return veer::testing::skip(name, "the trace or the images are not there");
  if (std::system("command -v xz >/dev/null") != 0) return veer::testing::skip(name, "xz is not installed");

  Configuration configuration;
  configuration.rom = read_file(*rom);
  // The reference emulator checks no user: user 1 gets to the mailbox although none was programmed.
  configuration.default_mailbox_user = 1;
  SocPlan plan;
  plan.mailbox_users.clear();
  constexpr auto generation = Generation::v1_1;
  const auto set = [&](std::string_view fuse, std::string_view text) {
    REQUIRE_FALSE(plan.fuses.set_text(generation, fuse, text).has_value());
  };
  set("fuse_uds_seed",
      "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d39f23369a9d9bacfa530e26304231461");
  set("fuse_field_entropy", std::string(64, 'f'));
  std::vector<uint32_t> attributes(24, 0);
  attributes[6] = 1;
  for (unsigned i = 7; i <= 10; ++i) attributes[i] = 0xffff'ffff;
  REQUIRE_FALSE(plan.fuses.set(generation, "fuse_idevid_cert_attr", attributes).has_value());
  plan.firmware = read_file(*bundle);
  BootRig rig(configuration, plan);

  std::FILE* lines = popen(fmt::format("xz -dc '{}'", trace->string()).c_str(), "r");
  REQUIRE(lines != nullptr);
  Comparison comparison(rig.core->hart(), lines);
  rig.core->hart().set_observer(&comparison);
  while (comparison.difference.empty() && comparison.lines < trace_lines &&
         rig.core->run({.until_cycle = 20'000'000}) == StopReason::stopped) {
  }
  rig.core->hart().set_observer(nullptr);
  pclose(lines);
  CAPTURE(rig.console);
  CHECK(comparison.difference == "");
  CHECK(comparison.lines == trace_lines);
}
