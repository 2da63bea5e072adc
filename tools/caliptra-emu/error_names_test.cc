// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/caliptra-emu/error_names.h"

#include <doctest/doctest.h>

namespace caliptra::emu {
namespace {

TEST_CASE("error names: in ascending order, each code once") {
  uint32_t last = 0;
  for (const ErrorName& each : firmware_error_names()) {
    CHECK(each.code > last);
    CHECK_FALSE(each.name.empty());
    last = each.code;
  }
  CHECK(firmware_error_names().size() > 300);
}

TEST_CASE("error names: those that a boot is known to end in") {
  CHECK(firmware_error_name(0x000b'0003) == "IMAGE_VERIFIER_ERR_VENDOR_PUB_KEY_DIGEST_INVALID");
  CHECK(firmware_error_name(0x0102'0002) == "FW_PROC_INVALID_IMAGE_SIZE");
  CHECK(firmware_error_name(0x0105'000c) == "ROM_GLOBAL_WDT_EXPIRED");
  CHECK(firmware_error_name(0) == "not documented");
  CHECK(firmware_error_name(0xffff'ffff) == "not documented");
}

TEST_CASE("error names: bits of the hardware's register") {
  CHECK(hardware_error_names(4, Generation::v1_1) == "nmi_pin");
  CHECK(hardware_error_names(3, Generation::v1_1) == "iccm_ecc_unc, dccm_ecc_unc");
  CHECK(hardware_error_names(8, Generation::v1_1) == "crypto_err");
  CHECK(hardware_error_names(8, Generation::v1_0) == "not documented");
}

}  // namespace
}  // namespace caliptra::emu
