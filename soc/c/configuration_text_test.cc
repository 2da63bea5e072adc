// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/c/configuration_text.h"

#include <doctest/doctest.h>

namespace caliptra {
namespace {

std::string error_of(std::string_view text) {
  Configuration configuration;
  SocPlan plan;
  return read_configuration_text(text, configuration, plan);
}

TEST_CASE("a SoC that never answers for entropy doesn't do so after a delay either") {
  for (const std::string_view text : {"[trng]\nabsent = true\ndelay = 3\n", "[trng]\ndelay = 3\nabsent = true\n"}) {
    Configuration configuration;
    SocPlan plan;
    CHECK(read_configuration_text(text, configuration, plan) == "");
    CHECK_FALSE(plan.trng_delay.has_value());
  }
  Configuration configuration;
  SocPlan plan;
  CHECK(read_configuration_text("[trng]\ndelay = 3\nabsent = false\n", configuration, plan) == "");
  CHECK(plan.trng_delay == 3U);
}

TEST_CASE("every kind of value is read") {
  constexpr std::string_view text = R"(# a comment
[core]
generation = "1.0"   # with a comment behind it
timing = "rtl"
[security]
device_lifecycle = "production"
debug_locked = true
scan_mode = false
[straps]
obfuscation_key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
generic_input_wires = [ 1,
  0xffff_ffff ]
internal_trng = true
[trng]
seed = 0x1234
generator = "xorshift64"
delay = 50
entropy_config = [7, 8,]
[soc]
user = 0b11
default_mailbox_user = 6
mailbox_users = [1, 2]
fuse_user = 9
watchdog_timeout = 0x1_0000_0000
[fuses]
fuse_lms_verify = 1
fuse_runtime_svn = [1, 2, 3, 4]
fuse_key_manifest_pk_hash = "428d18b0b49192c0163b4e0b2e231d20eef3ae37f8046c09a31911e3f6875a9a287342c58c7f8d68b69fafe1dd27b2dc"
)";
  Configuration configuration;
  SocPlan plan;
  CHECK(read_configuration_text(text, configuration, plan) == "");
  CHECK(configuration.generation == Generation::v1_0);
  CHECK(configuration.timing == veer::TimingProfile::rtl);
  CHECK(configuration.lifecycle == DeviceLifecycle::production);
  CHECK(configuration.debug_locked);
  CHECK_FALSE(configuration.scan_mode);
  CHECK(configuration.obfuscation_key[0] == 0x0001'0203);
  CHECK(configuration.obfuscation_key[7] == 0x1c1d'1e1f);
  CHECK(configuration.generic_input_wires[1] == 0xffff'ffff);
  CHECK(configuration.internal_trng);
  CHECK(configuration.trng_seed == 0x1234);
  CHECK(configuration.trng_generator == TrngGenerator::xorshift64);
  CHECK(plan.trng_seed == 0x1234);
  CHECK(plan.trng_delay == 50U);
  CHECK(plan.itrng_entropy_config[1] == 8);
  CHECK(plan.user == 3);
  CHECK(configuration.default_mailbox_user == 6);
  CHECK(plan.mailbox_users == std::vector<uint32_t>{1, 2});
  CHECK(plan.fuse_user == 9U);
  CHECK(plan.watchdog_timeout == 0x1'0000'0000);
  CHECK(plan.fuses.values().at("fuse_lms_verify") == std::vector<uint32_t>{1});
  CHECK(plan.fuses.values().at("fuse_runtime_svn")[3] == 4);
  CHECK(plan.fuses.values().at("fuse_key_manifest_pk_hash")[0] == 0x428d'18b0);
}

TEST_CASE("an empty text changes nothing") {
  CHECK(error_of("") == "");
  CHECK(error_of("\n\n  # only a comment") == "");
  CHECK(error_of("[core]\r\ntiming = \"rtl\"\r\n") == "");
}

TEST_CASE("errors name the line") {
  CHECK(error_of("\n[core]\nspeed = 1").starts_with("line 3: unknown key core.speed"));
  CHECK(error_of("[cores]\nspeed = 1").starts_with("line 2: unknown key cores.speed"));
  CHECK(error_of("speed = 1").starts_with("line 1: unknown key speed"));
  CHECK(error_of("[core]\ntiming = \"slow\"").starts_with("line 2: core.timing takes one of \"reference\""));
  CHECK(error_of("[core]\ntiming = 1").starts_with("line 2: core.timing takes one of"));
  CHECK(error_of("[core]\ntiming \"rtl\"").starts_with("line 2: there is no '='"));
  CHECK(error_of("[core]\ntiming = \"rtl\" x").starts_with("line 2: something follows"));
  CHECK(error_of("[core]\ntiming = \"rtl").starts_with("line 2: a text ends"));
  CHECK(error_of("[core").starts_with("line 1: a section's name ends"));
  CHECK(error_of("[]").starts_with("line 1: a section's name is missing"));
  CHECK(error_of("[core]\ntiming = \"rtl\"\ntiming = \"rtl\"") == "line 3: core.timing is there twice");
  CHECK(error_of("[soc]\nuser = 0x1_0000_0000").starts_with("line 2: soc.user takes a number up to"));
  CHECK(error_of("[soc]\nuser = 12monkeys").starts_with("line 2: '12monkeys' is not a number"));
  CHECK(error_of("[soc]\nuser = 0x").starts_with("line 2: '0x' is not a number"));
  CHECK(error_of("[soc]\nuser =").starts_with("line 2: a value is missing"));
  CHECK(error_of("[soc]\nmailbox_users = [1, 2, 3, 4, 5, 6]").starts_with("line 2: soc.mailbox_users takes at most"));
  CHECK(error_of("[soc]\nmailbox_users = [1,\n2").starts_with("line 3: in an array"));
  CHECK(error_of("[soc]\nmailbox_users = [1 2]").starts_with("line 2: in an array"));
  CHECK(error_of("[soc]\nmailbox_users = [").starts_with("line 2: an array ends"));
  CHECK(error_of("[straps]\nobfuscation_key = \"00\"").starts_with("line 2: straps.obfuscation_key takes 64"));
  CHECK(error_of("[security]\ndebug_locked = 1").starts_with("line 2: security.debug_locked takes true or false"));
  CHECK(error_of("[security]\ndebug_locked = truer").starts_with("line 2: something follows"));
  CHECK(error_of("[fuses]\nfuse_nothing = 1").starts_with("line 2: there is no fuse 'fuse_nothing'"));
  CHECK(error_of("[fuses]\nfuse_runtime_svn = [1]").starts_with("line 2: fuse_runtime_svn has 4 words"));
  CHECK(error_of("[fuses]\nfuse_lms_verify = true").starts_with("line 2: fuses.fuse_lms_verify takes an array"));
}

}  // namespace
}  // namespace caliptra
