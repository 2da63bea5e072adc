// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/configuration_file.h"

#include "tools/caliptra-emu/testing.h"

namespace caliptra::emu {
namespace {

using testing::failure_of;

Setup read(std::string_view text, std::optional<Generation> generation = std::nullopt) {
  Setup setup;
  read_configuration(text, "dir/file.toml", generation, setup);
  return setup;
}

void refuses(std::string_view text, std::string_view reason) {
  const auto failure = failure_of([&] { read(text); });
  const int status = failure.first;
  const std::string& message = failure.second;
  CAPTURE(text);
  CAPTURE(message);
  CHECK(status == exit_usage);
  CHECK(message.find(reason) != std::string::npos);
  CHECK(message.find('\n') == std::string::npos);
}

TEST_CASE("configuration: everything") {
  const Setup setup = read(R"(
[core]
generation = "1.0"
timing = "rtl"

[security]
device_lifecycle = "production"
debug_locked = true
scan_mode = true

[straps]
obfuscation_key = "a0a1a2a3b0b1b2b3c0c1c2c3d0d1d2d3e0e1e2e3f0f1f2f3a4a5a6a7b4b5b6b7"
boot_fsm_breakpoint = true
generic_input_wires = [1, 0xffffffff]
internal_trng = true

[trng]
seed = 0x1234
generator = "xorshift64"
delay = 77
entropy_config = [3, 4]

[soc]
user = 0x11
mailbox_users = [0x11, 0x22]
default_mailbox_user = 0x77
fuse_user = 0x33
trng_user = 0x44
watchdog_timeout = 0x1_0000_0000
manufacturing_service = 3
upload_delay = 5

[images]
rom = "rom.bin"
firmware = "/absolute/fw.bin"
update_firmware = "../update.bin"
measurements = ["m0.bin", { metadata = "01020304", svn = 0x05060708 }]

[fuses]
fuse_runtime_svn = [1, 2, 3, 4]
fuse_lms_verify = 1
fuse_key_manifest_pk_hash_mask = "0xf"
fuse_field_entropy = "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f"
)");
  const Configuration& configuration = setup.configuration;
  CHECK(configuration.generation == Generation::v1_0);
  CHECK(configuration.timing == veer::TimingProfile::rtl);
  CHECK(configuration.lifecycle == DeviceLifecycle::production);
  CHECK(configuration.debug_locked);
  CHECK(configuration.scan_mode);
  CHECK(configuration.obfuscation_key[0] == 0xa0a1a2a3);
  CHECK(configuration.obfuscation_key[7] == 0xb4b5b6b7);
  CHECK(configuration.boot_fsm_breakpoint);
  CHECK(configuration.generic_input_wires == std::array<uint32_t, 2>{1, 0xffff'ffff});
  CHECK(configuration.internal_trng);
  CHECK(configuration.trng_seed == 0x1234);
  CHECK(configuration.trng_generator == TrngGenerator::xorshift64);
  CHECK(setup.plan.trng_seed == 0x1234);
  CHECK(setup.plan.trng_delay == 77);
  CHECK(setup.plan.itrng_entropy_config[1] == 4);
  CHECK(setup.plan.user == 0x11);
  CHECK(setup.plan.mailbox_users == std::vector<uint32_t>{0x11, 0x22});
  CHECK(configuration.default_mailbox_user == 0x77);
  CHECK(setup.plan.fuse_user == 0x33);
  CHECK(setup.plan.trng_user == 0x44);
  CHECK(setup.plan.watchdog_timeout == 0x1'0000'0000);
  CHECK(setup.plan.manufacturing_service == 3);
  CHECK(setup.plan.upload_delay == 5);
  CHECK(setup.rom == "dir/rom.bin");
  CHECK(setup.firmware == "/absolute/fw.bin");
  CHECK(setup.update_firmware == "dir/../update.bin");
  REQUIRE(setup.measurements.size() == 2);
  CHECK(std::get<std::string>(setup.measurements[0]) == "dir/m0.bin");
  const auto& measurement = std::get<std::vector<uint8_t>>(setup.measurements[1]);
  REQUIRE(measurement.size() == measurement_size);
  CHECK(measurement[0] == 1);
  CHECK(measurement[100] == 8);
  const auto& fuses = setup.plan.fuses.values();
  CHECK(fuses.at("fuse_runtime_svn") == std::vector<uint32_t>{1, 2, 3, 4});
  CHECK(fuses.at("fuse_lms_verify")[0] == 1);
  CHECK(fuses.at("fuse_key_manifest_pk_hash_mask")[0] == 15);
  CHECK(fuses.at("fuse_field_entropy")[0] == 0x80818283);
}

TEST_CASE("configuration: every fuse of every generation can be set") {
  for (const Generation generation : {Generation::v1_0, Generation::v1_1}) {
    for (const FuseName& fuse : Fuses::names(generation)) {
      CAPTURE(fuse.name);
      std::string words = "0";
      for (uint32_t i = 1; i < fuse.words; ++i) words += ", 1";
      const std::string value = fuse.words > 1 ? "[" + words + "]" : words;
      const Setup setup = read("[fuses]\n" + std::string(fuse.name) + " = " + value, generation);
      CHECK(setup.plan.fuses.values().at(std::string(fuse.name)).size() == fuse.words);
    }
  }
}

TEST_CASE("configuration: absent keys leave everything as it is") {
  Setup setup;
  setup.plan.user = 9;
  setup.configuration.trng_seed = 8;
  read_configuration("", "empty.toml", std::nullopt, setup);
  read_configuration("[trng]\n[soc]\n", "empty.toml", std::nullopt, setup);
  CHECK(setup.plan.user == 9);
  CHECK(setup.plan.trng_delay == 0);
}

TEST_CASE("configuration: the SoC's user is the core's default mailbox user unless that is given") {
  CHECK(read("").plan.user == 1);
  CHECK(read("").plan.mailbox_users.empty());
  CHECK(read("").configuration.default_mailbox_user == 1);
  CHECK(read("[soc]\nuser = 5").configuration.default_mailbox_user == 5);
  CHECK(read("[soc]\ndefault_mailbox_user = 5").plan.user == 1);
}

TEST_CASE("configuration: a TRNG that never answers") {
  CHECK_FALSE(read("[trng]\nabsent = true").plan.trng_delay.has_value());
  CHECK(read("[trng]\nabsent = false").plan.trng_delay.has_value());
  CHECK_FALSE(read("[trng]\ndelay = 1\nabsent = true").plan.trng_delay.has_value());
  CHECK(read("[trng]\nabsent = false\ndelay = 1").plan.trng_delay == 1);
}

TEST_CASE("configuration: the command line's generation decides which fuses there are") {
  CHECK(read("[core]\ngeneration = \"1.0\"", Generation::v1_1).configuration.generation == Generation::v1_1);
  CHECK(read("", Generation::v1_0).configuration.generation == Generation::v1_0);
}

TEST_CASE("configuration: what is wrong is named with its line") {
  refuses("\n\nhardware = 1", "dir/file.toml:3: unknown key hardware; known are core, ");
  refuses("[core]\ngeneration = \"1.0\"\nspeed = 3", "file.toml:3: unknown key core.speed");
  refuses("[core]\ngeneration = \"2.0\"", "file.toml:2: core.generation takes one of \"1.0\", \"1.1\", \"1.2\"");
  refuses("[core]\ntiming = 3", "file.toml:2: core.timing takes a text, not a number");
  refuses("core = 3", "file.toml:1: core is a section, not a number");
  refuses("[security]\ndebug_locked = 1", "file.toml:2: security.debug_locked is true or false, not a number");
  refuses("[security]\ndevice_lifecycle = \"Production\"", "file.toml:2: security.device_lifecycle");
  refuses("[straps]\n\nobfuscation_key = \"00\"",
          "file.toml:3: straps.obfuscation_key takes 64 hexadecimal digits, not 2");
  refuses("[straps]\nobfuscation_key = [1, 2]", "file.toml:2: straps.obfuscation_key takes 8 numbers, not 2");
  refuses("[straps]\ngeneric_input_wires = [\n1,\n-2]",
          "file.toml:4: straps.generic_input_wires takes a number from 0");
  refuses("[straps]\ngeneric_input_wires = 1", "file.toml:2: straps.generic_input_wires takes an array");
  refuses("[trng]\nseed = 0x100000000", "file.toml:2: trng.seed takes a number from 0 to 0xffffffff");
  refuses("[trng]\nseed = 1.5", "file.toml:2: trng.seed takes a number, not a fraction");
  refuses("[trng]\ndelay = -1", "file.toml:2: trng.delay");
  refuses("[soc]\nuser = \"me\"", "file.toml:2: soc.user takes a number, not a text");
  refuses("[soc]\nmailbox_users = [1, 2, 3, 4, 5, 6]", "file.toml:2: soc.mailbox_users takes at most 5 users, not 6");
  refuses("[images]\nrom = \"\"", "file.toml:2: images.rom names no file");
  refuses("[images]\nmeasurements = \"x\"", "file.toml:2: images.measurements takes an array");
  refuses("[images]\nmeasurements = [{ svn = 1, size = 2 }]", "file.toml:2: unknown key images.measurements.size");
  refuses("[fuses]\nfuse_runtime_svn = [1, 2, 3]", "file.toml:2: fuse_runtime_svn has 4 words, not 3");
  refuses("[fuses]\n\n\nfuse_nothing = 1", "file.toml:4: there is no fuse 'fuse_nothing' in Caliptra 1.1");
  refuses("[fuses]\nfuse_uds_seed = \"12\"", "file.toml:2: fuse_uds_seed takes 96 hexadecimal digits, not 2");
  refuses("[fuses]\nfuse_field_entropy = \"" + std::string(64, 'g') + "\"",
          "file.toml:2: fuse_field_entropy takes hex");
  refuses("[fuses]\nfuse_lms_verify = 2", "file.toml:2: fuse_lms_verify");
  refuses("[fuses]\nfuse_lms_verify = true", "file.toml:2: fuses.fuse_lms_verify takes hexadecimal digits");
  refuses("[fuses]\nfuse_lms_revocation = 0x100000000", "file.toml:2: fuses.fuse_lms_revocation");
  refuses("a = 1\na = 2", "file.toml:2:");
  refuses("[core\n", "file.toml:1:");
  refuses("x\n= 1", "file.toml:");
  refuses("[core]\ntiming = \"\xff\xfe\"", "file.toml:2:");
  refuses(std::string_view("\0\1\2", 3), "file.toml:1:");
}

TEST_CASE("configuration: faults") {
  const Setup setup = read(R"(
[[faults]]
kind = "ecc_uncorrectable"
cycle = 1000
address = 0x50000010

[[faults]]
kind = "bus_error"
address = 0x10010000
size = 0x100
count = 3

[[faults]]
kind = "noise_stuck"
value = 5
)");
  const auto& faults = setup.configuration.faults;
  REQUIRE(faults.size() == 3);
  CHECK(faults[0].kind == Fault::Kind::ecc_uncorrectable);
  CHECK(faults[0].cycle == 1000);
  CHECK(faults[0].address == 0x5000'0010);
  CHECK(faults[1].kind == Fault::Kind::bus_error);
  CHECK(faults[1].size == 0x100);
  CHECK(faults[1].count == 3);
  CHECK(faults[2].value == 5);
  refuses("[[faults]]\ncycle = 1", "file.toml:1: faults.kind is missing");
  refuses("[[faults]]\nkind = \"x\"", "file.toml:2: faults.kind \"x\" is no kind of fault");
  refuses("[[faults]]\nkind = \"crypto_error\"\nslot = 1", "file.toml:3: unknown key faults.slot");
  refuses("faults = 3", "file.toml:1: faults is written as [[faults]]");
}

TEST_CASE("configuration: files that can't be read") {
  const testing::TemporaryFolder folder;
  for (const std::string& path : {folder.path("none.toml"), folder.path("")}) {
    Setup setup;
    CHECK(failure_of([&] { read_configuration_file(path, std::nullopt, setup); }).first == exit_input_file);
  }
  Setup setup;
  read_configuration_file(folder.write("good.toml", "[images]\nrom = \"x\""), std::nullopt, setup);
  CHECK(setup.rom == folder.path("x"));
}

}  // namespace
}  // namespace caliptra::emu
