// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "soc/image/verify.h"

#include <doctest/doctest.h>

#include "soc/image/builder.h"

namespace {

using namespace caliptra;
using namespace caliptra::image;

std::vector<uint8_t> bundle() {
  Contents contents;
  contents.fmc.code.assign(16, 0x13);
  contents.fmc.load_address = contents.fmc.entry_point = iccm_address;
  contents.fmc.svn = 4;
  contents.runtime.code.assign(16, 0x17);
  contents.runtime.load_address = contents.runtime.entry_point = iccm_address + 16;
  contents.runtime.svn = 70;
  std::string error;
  const auto bytes = build_bundle(contents, test_keys("verify", 1), {}, error);
  REQUIRE_MESSAGE(bytes.has_value(), error);
  return *bytes;
}

DevicePolicy device_for(const std::vector<uint8_t>& bytes) {
  DevicePolicy policy;
  policy.provisioned = true;
  policy.vendor_keys_hash = vendor_keys_hash(bytes);
  policy.owner_keys_hash = owner_keys_hash(bytes);
  return policy;
}

void set(Fuses& fuses, std::string_view name, std::string_view value) {
  const auto problem = fuses.set_text(Generation::v1_1, name, value);
  REQUIRE_MESSAGE(!problem, problem.value_or(""));
}

}  // namespace

TEST_CASE("a device takes the bundle that it was made for, and names what is wrong with others") {
  const auto good = bundle();
  const DevicePolicy device = device_for(good);
  const auto checks = verify(good, device);
  CHECK(first_error(checks) == 0);
  for (const Check& check : checks) {
    CAPTURE(check.what);
    CHECK(check.outcome == Check::Outcome::passed);
  }
  const auto error_of = [&](auto change) {
    DevicePolicy other = device;
    change(other);
    return first_error(verify(good, other));
  };
  CHECK(error_of([](DevicePolicy& p) { p.vendor_keys_hash = {}; }) == 0x000b'0003);
  CHECK(error_of([](DevicePolicy& p) { p.vendor_keys_hash[0] ^= 1; }) == 0x000b'0005);
  CHECK(error_of([](DevicePolicy& p) { p.owner_keys_hash[0] ^= 1; }) == 0x000b'0007);
  CHECK(error_of([](DevicePolicy& p) { p.owner_keys_hash = {}; }) == 0);
  CHECK(error_of([](DevicePolicy& p) { p.vendor_ecc_revoked = 1; }) == 0x000b'0009);
  CHECK(error_of([](DevicePolicy& p) { p.vendor_lms_revoked = 1; }) == 0x00b0'003a);
  CHECK(error_of([](DevicePolicy& p) { p.fmc_svn = 5; }) == 0x000b'0027);
  CHECK(error_of([](DevicePolicy& p) { p.runtime_svn = 71; }) == 0x000b'002e);
  CHECK(error_of([](DevicePolicy& p) { p.provisioned = false, p.vendor_keys_hash = {}, p.fmc_svn = 5; }) == 0);
}

TEST_CASE("fuses mean what the firmware reads into them") {
  Fuses fuses;
  DevicePolicy policy = policy_of(fuses, DeviceLifecycle::unprovisioned);
  CHECK_FALSE(policy.provisioned);
  CHECK_FALSE(policy.lms_verify);
  CHECK(policy.vendor_keys_hash == Digest{});
  CHECK(policy.runtime_svn == 0);

  set(fuses, "fuse_owner_pk_hash", "0102030405060708" + std::string(80, '0'));
  set(fuses, "fuse_lms_verify", "1");
  set(fuses, "fuse_anti_rollback_disable", "1");
  set(fuses, "fuse_key_manifest_pk_hash_mask", "2");
  set(fuses, "fuse_lms_revocation", "0x80000001");
  set(fuses, "fuse_fmc_key_manifest_svn", "0x1f");
  set(fuses, "fuse_runtime_svn", "ffffffffffffffff0000003f00000000");
  policy = policy_of(fuses, DeviceLifecycle::manufacturing);
  CHECK(policy.provisioned);
  CHECK(policy.lms_verify);
  CHECK(policy.anti_rollback_disabled);
  CHECK(policy.owner_keys_hash[0] == 1);
  CHECK(policy.owner_keys_hash[7] == 8);
  CHECK(policy.vendor_ecc_revoked == 2);
  CHECK(policy.vendor_lms_revoked == 0x8000'0001);
  CHECK(policy.fmc_svn == 5);
  CHECK(policy.runtime_svn == 70);
}

TEST_CASE("any bytes have a verdict") {
  for (const std::size_t size : {0, 1, 4, 5883, 5884, 5885, 131'072, 131'073}) {
    CAPTURE(size);
    CHECK(first_error(verify(std::vector<uint8_t>(size, 0xff), {})) != 0);
  }
}
