// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include <doctest/doctest.h>

#include <array>
#include <cstring>
#include <random>

#include "iss/testing/machine.h"
#include "peripherals/mailbox/mailbox_regs.h"
#include "peripherals/soc_ifc/soc_ifc_regs.h"
#include "soc/image/manifest.h"
#include "soc/image/verify.h"
#include "tools/fuzz/snapshot_fuzzer.h"

namespace caliptra::fuzz {
namespace {

using namespace veer::testing;
using veer::Op;

constexpr uint32_t undocumented = 0x12345000;
constexpr uint32_t documented = 0x01020000;  // with its low bits: FW_PROC_MAILBOX_INVALID_COMMAND

// What the guest below does for a command.
enum : uint32_t { good, illegal, overflow, hang, undocumented_error, documented_error, sleep, fault };

/// A ROM that answers mailbox commands, some of them badly.
std::vector<uint8_t> bad_rom() {
  constexpr uint8_t mailbox = 8, soc_ifc = 9, value = 5, command = 6, number = 7;
  const auto ifc = [](uint32_t offset) { return static_cast<int32_t>(offset); };
  std::vector<uint32_t> code = {
      lui(mailbox, 0x30020000),
      lui(soc_ifc, 0x30030000),
      lui(2, 0x5001f000),
      lui(value, soc_ifc_regs::CPTRA_FLOW_STATUS::ready_for_fw.mask()),
      store(Op::sw, value, ifc(soc_ifc_regs::CPTRA_FLOW_STATUS::offset), soc_ifc),
  };
  const auto jump_to = [&](std::size_t target) {
    code.push_back(jal(0, 4 * (static_cast<int32_t>(target) - static_cast<int32_t>(code.size()))));
  };
  const std::size_t wait = code.size();
  code.push_back(load(Op::lw, value, mailbox_regs::mbox_execute::offset, mailbox));
  code.push_back(branch(Op::beq, value, 0, -4));
  code.push_back(load(Op::lw, command, mailbox_regs::mbox_cmd::offset, mailbox));
  const auto on = [&](uint32_t which, const std::vector<uint32_t>& body) {
    code.push_back(rri(Op::addi, number, 0, static_cast<int32_t>(which)));
    code.push_back(branch(Op::bne, command, number, 4 + 4 * static_cast<int32_t>(body.size())));
    code.insert(code.end(), body.begin(), body.end());
  };
  const auto fail_with = [&](uint32_t high, int32_t low) {
    return std::vector{lui(value, high), rri(Op::addi, value, value, low),
                       store(Op::sw, value, ifc(soc_ifc_regs::CPTRA_FW_ERROR_FATAL::offset), soc_ifc), jal(0, 0)};
  };
  on(illegal, {0});
  on(overflow, {lui(2, 0x50001000)});
  on(hang, {jal(0, 0)});
  on(undocumented_error, fail_with(undocumented, 0));
  on(documented_error, fail_with(documented, 4));
  on(fault, {lui(value, 0x50040000), load(Op::lw, value, 0, value)});
  code.push_back(rri(Op::addi, value, 0, 2));  // CMD_COMPLETE
  code.push_back(store(Op::sw, value, mailbox_regs::mbox_status::offset, mailbox));
  jump_to(wait);
  std::vector<uint8_t> bytes(4 * code.size());
  std::memcpy(bytes.data(), code.data(), bytes.size());
  return bytes;
}

struct Guest {
  explicit Guest(veer::TimingProfile timing = veer::TimingProfile::reference) {
    Plan plan;
    plan.configuration.rom = bad_rom();
    plan.configuration.timing = timing;
    plan.input_cycles = 200'000;
    std::string error;
    fuzzer = SnapshotFuzzer::create(Target::rom_mailbox, plan, edges, error);
    REQUIRE_MESSAGE(fuzzer, error);
  }
  Verdict run(std::initializer_list<Command> commands) { return fuzzer->run(mailbox_bytes(commands)); }

  std::array<uint8_t, edge_counters> edges{};
  std::unique_ptr<SnapshotFuzzer> fuzzer;
};

TEST_CASE("each kind of finding is told from what is fine") {
  using Kind = Verdict::Kind;
  for (const auto timing : {veer::TimingProfile::reference, veer::TimingProfile::rtl}) {
    CAPTURE(static_cast<int>(timing));
    Guest guest(timing);
    CHECK(guest.run({}).kind == Kind::fine);
    const Verdict fine = guest.run({{good, {}}, {good, {1, 2, 3}}});
    CHECK(fine.kind == Kind::fine);
    CHECK(fine.text == "0x00000000 complete, 0x00000000 complete");
    CHECK(fine.signature.empty());
    const Verdict trap = guest.run({{good, {}}, {illegal, {}}});
    CHECK(trap.kind == Kind::trap);
    CHECK(trap.text.find("mcause 0x00000002") != std::string::npos);
    CHECK(guest.run({{overflow, {}}}).kind == Kind::stack_overflow);
    CHECK(guest.run({{overflow, {}}}).text.find("x2 0x50001000") != std::string::npos);
    CHECK(guest.run({{hang, {}}}).kind == Kind::no_answer);
    CHECK(guest.run({{undocumented_error, {}}}).kind == Kind::undocumented_fatal);
    const Verdict refused = guest.run({{documented_error, {}}});
    CHECK(refused.kind == Kind::fine);
    CHECK(refused.text == "CPTRA_FW_ERROR_FATAL 0x01020004 FW_PROC_MAILBOX_INVALID_COMMAND");
    const Verdict fault_found = guest.run({{fault, {}}});
    CHECK(fault_found.kind == Kind::trap);
    CHECK(fault_found.text.find("mcause 0x00000005") != std::string::npos);
  }
}

TEST_CASE("the same input gives the same verdict and the same edges, whatever ran before") {
  Guest guest;
  const std::vector<uint8_t> input = mailbox_bytes(std::vector<Command>{{good, {9}}, {sleep, {}}, {good, {}}});
  const Verdict first = guest.fuzzer->run(input);
  const auto edges = guest.edges;
  CHECK(std::any_of(edges.begin(), edges.end(), [](uint8_t count) { return count != 0; }));
  for (const uint32_t other : {illegal, overflow, hang, undocumented_error, fault}) {
    (void)guest.run({{other, {}}});
    CHECK(guest.edges != edges);
    const Verdict again = guest.fuzzer->run(input);
    CHECK(again.text == first.text);
    CHECK(again.instructions == first.instructions);
    CHECK(again.cycles == first.cycles);
    CHECK(guest.edges == edges);
  }
}

TEST_CASE("a finding gets shorter and stays what it is") {
  Guest guest;
  const auto input = mailbox_bytes(std::vector<Command>{
      {good, std::vector<uint8_t>(200, 7)}, {good, {1}}, {illegal, std::vector<uint8_t>(50, 3)}, {good, {}}});
  const std::string signature = guest.fuzzer->run(input).signature;
  const auto shorter = guest.fuzzer->minimize(input);
  CHECK(guest.fuzzer->run(shorter).signature == signature);
  CHECK(shorter.size() <= 5);
  const auto fine = mailbox_bytes(std::vector<Command>{{good, {}}});
  CHECK(guest.fuzzer->minimize(fine) == fine);
}

TEST_CASE("commands come back from their bytes, with a right checksum") {
  const std::vector<Command> commands = {{0x494e464f, {}}, {0x4d454153, {1, 2, 3, 4}}, {0x12345678, {5}}};
  const Input input = understand(Target::mailbox, mailbox_bytes(commands), {});
  REQUIRE(input.commands.size() == 3);
  for (std::size_t i = 0; i < 3; ++i) {
    CHECK(input.commands[i].number == commands[i].number);
    const auto& payload = input.commands[i].payload;
    REQUIRE(payload.size() == commands[i].payload.size() + 4);
    CHECK(std::equal(payload.begin() + 4, payload.end(), commands[i].payload.begin()));
    uint32_t checksum = 0;
    std::memcpy(&checksum, payload.data(), 4);
    CHECK(checksum == mailbox_checksum(commands[i].number, commands[i].payload));
  }
}

TEST_CASE("any bytes mean something, and nothing more than they may") {
  std::mt19937 random(1);
  const std::vector<uint8_t> firmware(30'000, 0x55);
  for (const Target target : all_targets()) {
    CHECK(target_named(name(target)) == target);
    const unsigned rounds = target == Target::firmware ? 200 : 2000;  // signing takes its time
    for (unsigned i = 0; i < rounds; ++i) {
      std::vector<uint8_t> bytes(random() % 300);
      for (uint8_t& each : bytes) each = static_cast<uint8_t>(random());
      const Input input = understand(target, bytes, i % 2 == 0 ? firmware : std::vector<uint8_t>{});
      CHECK(input.commands.size() <= 16);
      CHECK(input.measurements.size() <= 16);
      CHECK(input.faults.size() <= 16);
      if (input.firmware) CHECK(input.firmware->size() <= firmware.size());
    }
    CHECK(!seeds(target).empty());
  }
  CHECK_FALSE(target_named("nothing"));
}

TEST_CASE("a core that never gets to the event is an error with a reason") {
  std::array<uint8_t, edge_counters> edges{};
  Plan plan;
  plan.configuration.rom = {0x6f, 0, 0, 0};  // j .
  plan.boot_cycles = 10'000;
  std::string error;
  CHECK(SnapshotFuzzer::create(Target::mailbox, plan, edges, error) == nullptr);
  CHECK(error.find("the boot ended at cycle 10000") == 0);
  plan.configuration.rom.resize(1 << 20);
  CHECK(SnapshotFuzzer::create(Target::mailbox, plan, edges, error) == nullptr);
  CHECK(!error.empty());
}

}  // namespace

TEST_CASE("a bundle that is signed again keeps the changes of its manifest, and its code") {
  std::vector<uint8_t> firmware(image::manifest_size + 64, 0x55);
  const auto field = [](std::string_view name) {
    for (image::Field& each : image::manifest_fields()) {
      if (each.name == name) return each;
    }
    return image::Field{};
  };
  const auto set = [&](std::string_view name, uint32_t value) {
    REQUIRE(image::set_field(field(name), std::to_string(value), firmware).empty());
  };
  set("fmc.offset", image::manifest_size);
  set("fmc.size", 32);
  set("runtime.offset", image::manifest_size + 32);
  set("runtime.size", 32);
  set("vendor_ecc_key_index", 1);
  set("vendor_lms_key_index", 30);
  const auto svn = static_cast<uint8_t>(field("fmc.svn").offset);
  const auto svn_page = static_cast<uint8_t>(field("fmc.svn").offset >> 8);
  const uint8_t code_page = image::manifest_size >> 8;
  const std::vector<uint8_t> bytes = {8, svn, svn_page, 0, 1, 9, 0, 0xff, code_page, 0, 1, 0};
  const Input input = understand(Target::firmware, bytes, firmware);
  REQUIRE(input.firmware.has_value());
  CHECK(input.signed_again);
  const image::Manifest manifest = image::parse_manifest(std::span(*input.firmware).first<image::manifest_size>());
  CHECK((manifest.fmc.svn & 0xff) == 9);
  CHECK(std::equal(firmware.begin() + image::manifest_size, firmware.end(),
                   input.firmware->begin() + image::manifest_size));
  for (const image::Check& check : image::verify(*input.firmware, {})) {
    CAPTURE(check.what);
    const bool signs =
        check.what.find("signature") != std::string::npos || check.what.find("digest") != std::string::npos;
    if (signs) CHECK(check.outcome == image::Check::Outcome::passed);
  }
  const Input cut = understand(Target::firmware, std::vector<uint8_t>{10, 0, 1, 0}, firmware);
  CHECK_FALSE(cut.signed_again);
  CHECK(cut.firmware->size() == 0x100);
}

}  // namespace caliptra::fuzz
