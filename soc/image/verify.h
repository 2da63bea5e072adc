// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Judges a firmware bundle as the boot ROMs 1.0.3, 1.1.1 and 1.2.0 do at a cold reset: the same checks in the same
// order, with the same error codes (image/verify of caliptra-sw). But for a ROM, one failed check doesn't end it.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "soc/configuration.h"
#include "soc/image/manifest.h"

namespace caliptra::image {

/// What fuses and straps say about firmware. By default a device that takes any key and checks LMS signatures.
struct DevicePolicy {
  bool provisioned = false;  ///< the life cycle isn't unprovisioned: the vendor's keys and SVNs count
  Digest vendor_keys_hash{};
  Digest owner_keys_hash{};         ///< zero: any owner
  uint32_t vendor_ecc_revoked = 0;  ///< bit N: key N
  uint32_t vendor_lms_revoked = 0;
  uint32_t fmc_svn = 0;
  uint32_t runtime_svn = 0;
  bool anti_rollback_disabled = false;
  bool lms_verify = true;
  bool lms_keys_optional = false;  ///< no ROM's policy: an LMS key of zeros means that there is nothing to check
};

/// What fuses of hardware generation 1.x amount to. Fuses that aren't given are 0.
[[nodiscard]] DevicePolicy policy_of(const Fuses& fuses, DeviceLifecycle lifecycle);

struct Check {
  enum class Outcome : uint8_t {
    passed,
    failed,
    left_out,  ///< the policy doesn't ask for it, or an earlier failure took away what it looks at
  };
  std::string what;  ///< for example "vendor ECC signature"
  Outcome outcome = Outcome::passed;
  uint32_t error = 0;  ///< the code that a ROM would write into CPTRA_FW_ERROR_FATAL; 0 unless it failed
  std::string detail;  ///< values that explain the outcome; may be empty
};

/// All checks of a bundle, in the ROM's order. Any bytes are allowed.
[[nodiscard]] std::vector<Check> verify(std::span<const uint8_t> bundle, const DevicePolicy& policy);

/// The error of the first failed check: the ROM's answer; 0 if all is well.
[[nodiscard]] uint32_t first_error(std::span<const Check> checks);

}  // namespace caliptra::image
