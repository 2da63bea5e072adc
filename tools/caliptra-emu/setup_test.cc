// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/setup.h"

#include "tools/caliptra-emu/testing.h"

namespace caliptra::emu {
namespace {

using testing::failure_of;
using testing::TemporaryFolder;
using Words = std::vector<uint32_t>;

Options with_rom(const TemporaryFolder& folder) {
  Options options;
  options.rom = folder.write("rom", std::string(16, 'r'));
  return options;
}

Words fuse(const Setup& setup, const std::string& name) {
  const auto found = setup.plan.fuses.values().find(name);
  REQUIRE(found != setup.plan.fuses.values().end());
  return found->second;
}

TEST_CASE("setup: the reference's test device by default") {
  const TemporaryFolder folder;
  const Setup setup = make_setup(with_rom(folder));
  CHECK(setup.configuration.rom.size() == 16);
  CHECK(fuse(setup, "fuse_uds_seed")[0] == 0xf58c4c04);
  CHECK(fuse(setup, "fuse_uds_seed")[11] == 0x04231461);
  CHECK(fuse(setup, "fuse_field_entropy") == Words(8, 0xffff'ffff));
  Words attributes(24);
  attributes[6] = 1;
  for (int i = 7; i <= 10; ++i) attributes[i] = 0xffff'ffff;
  CHECK(fuse(setup, "fuse_idevid_cert_attr") == attributes);
  CHECK(setup.plan.watchdog_timeout == 20'000'000);
  CHECK(setup.plan.trng_seed == 0x1234'5678);
  CHECK_FALSE(setup.configuration.internal_trng);
}

TEST_CASE("setup: the command line overrides the file, and --fuse everything") {
  const TemporaryFolder folder;
  Options options = with_rom(folder);
  options.configuration = folder.write("c.toml", R"(
[core]
generation = "1.0"
[security]
device_lifecycle = "production"
[trng]
seed = 1
[soc]
watchdog_timeout = 2
[fuses]
fuse_uds_seed = ")" + std::string(96, '1') + R"("
fuse_owner_pk_hash = ")" + std::string(96, '2') + R"("
fuse_idevid_cert_attr = [9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]
)");
  Setup setup = make_setup(options);
  CHECK(setup.configuration.generation == Generation::v1_0);
  CHECK(setup.configuration.lifecycle == DeviceLifecycle::production);
  CHECK(setup.configuration.trng_seed == 1);
  CHECK(fuse(setup, "fuse_uds_seed") == Words(12, 0x1111'1111));
  CHECK(fuse(setup, "fuse_idevid_cert_attr")[0] == 9);
  CHECK(fuse(setup, "fuse_idevid_cert_attr")[7] == 2);

  options.generation = Generation::v1_1;
  options.lifecycle = DeviceLifecycle::manufacturing;
  options.seed = 3;
  options.watchdog_timeout = 4;
  options.timing = veer::TimingProfile::rtl;
  options.internal_trng = true;
  options.debug_locked = true;
  options.idevid_key_id_algorithm = 2;
  options.ueid = {1, 2, 3, 4};
  options.manufacturer_pk_hash = std::string(96, '3');
  options.owner_pk_hash = std::string(96, '4');
  options.request_idevid_csr = true;
  options.request_ldevid_certificate = true;
  options.fuses = {{"fuse_owner_pk_hash", std::string(96, '5')}};
  setup = make_setup(options);
  CHECK(setup.configuration.generation == Generation::v1_1);
  CHECK(setup.configuration.lifecycle == DeviceLifecycle::manufacturing);
  CHECK(setup.configuration.trng_seed == 3);
  CHECK(setup.plan.trng_seed == 3);
  CHECK(setup.plan.watchdog_timeout == 4);
  CHECK(setup.configuration.timing == veer::TimingProfile::rtl);
  CHECK(setup.configuration.internal_trng);
  CHECK(setup.configuration.debug_locked);
  CHECK(setup.plan.manufacturing_service == 3);
  CHECK(fuse(setup, "fuse_key_manifest_pk_hash") == Words(12, 0x3333'3333));
  CHECK(fuse(setup, "fuse_owner_pk_hash") == Words(12, 0x5555'5555));
  const Words attributes = fuse(setup, "fuse_idevid_cert_attr");
  CHECK(Words(attributes.begin(), attributes.begin() + 11) == Words{2, 8, 7, 6, 5, 4, 1, 1, 2, 3, 4});
}

TEST_CASE("setup: measurements become STASH_MEASUREMENT requests") {
  const TemporaryFolder folder;
  Options options = with_rom(folder);
  folder.write("m", std::string(measurement_size, '\0'));
  options.configuration = folder.write("c.toml", "[images]\nmeasurements = [\"m\", { svn = 1 }]");
  const Setup setup = make_setup(options);
  REQUIRE(setup.plan.measurements.size() == 2);
  // 0 - ('M' + 'E' + 'A' + 'S')
  CHECK(std::vector<uint8_t>(setup.plan.measurements[0].begin(), setup.plan.measurements[0].begin() + 4) ==
        std::vector<uint8_t>{0xda, 0xfe, 0xff, 0xff});
  CHECK(setup.plan.measurements[1][0] == 0xd9);
  CHECK(setup.plan.measurements[1].size() == measurement_size + 4);
}

TEST_CASE("setup: images of wrong sizes, and none") {
  const TemporaryFolder folder;
  const auto status = [](const Options& options) { return failure_of([&] { (void)make_setup(options); }); };
  Options options;
  CHECK(status(options) == std::pair<int, std::string>(exit_usage, "no ROM: give --rom FILE"));
  options.rom = folder.write("rom", std::string(48 * 1024, 'r'));
  CHECK(make_setup(options).configuration.rom.size() == 48 * 1024);
  options.rom = folder.write("rom", std::string(48 * 1024 + 1, 'r'));
  CHECK(status(options).first == exit_input_file);
  options.rom = folder.write("rom", "");
  CHECK(status(options).first == exit_input_file);

  options = with_rom(folder);
  options.firmware = folder.path("none");
  CHECK(status(options).first == exit_input_file);
  options = with_rom(folder);
  options.update_firmware = folder.write("empty", "");
  CHECK(status(options).first == exit_input_file);
  options = with_rom(folder);
  options.fuses = {{"fuse_nothing", "1"}};
  CHECK(status(options).first == exit_usage);
  options = with_rom(folder);
  options.configuration = folder.write("c.toml", "[images]\nmeasurements = [\"short\"]");
  folder.write("short", "x");
  CHECK(status(options).first == exit_input_file);
}

TEST_CASE("setup: the contents of requests") {
  const TemporaryFolder folder;
  MailboxRequest request;
  CHECK(read_request_contents(request).empty());
  request.path = folder.write("empty", "");
  CHECK(read_request_contents(request).empty());
  request.path = folder.write("large", std::string(128 * 1024 - 3, 'x'));
  CHECK(failure_of([&] { (void)read_request_contents(request); }).first == exit_input_file);
  request.command = firmware_load_command;
  CHECK(read_request_contents(request).size() == 128 * 1024 - 3);
}

}  // namespace
}  // namespace caliptra::emu
