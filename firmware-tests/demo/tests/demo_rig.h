// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Boots of the demonstration firmware: behind its own ROM, or an official one.

#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "soc/boot_tests/boot_rig.h"

namespace caliptra::demo {

using boot_tests::BootRig;

// Mailbox commands, as contract/commands.h has them.
inline constexpr uint32_t FIRMWARE_LOAD = 0x4657'4c44;
inline constexpr uint32_t VERSION = 0x4650'5652;
inline constexpr uint32_t SELF_TEST_START = 0x4650'4c54;
inline constexpr uint32_t SELF_TEST_GET_RESULTS = 0x4650'4c67;
inline constexpr uint32_t SHUTDOWN = 0x4650'5344;
inline constexpr uint32_t CAPABILITIES = 0x4341'5053;
inline constexpr uint32_t STASH_MEASUREMENT = 0x4d45'4153;
inline constexpr uint32_t FW_INFO = 0x494e'464f;
inline constexpr uint32_t GET_IDEV_INFO = 0x4944'4549;
inline constexpr uint32_t GET_LDEV_CERT = 0x4c44'4556;
inline constexpr uint32_t GET_FMC_ALIAS_CERT = 0x4345'5246;
inline constexpr uint32_t GET_RT_ALIAS_CERT = 0x4345'5252;
inline constexpr uint32_t QUOTE_PCRS = 0x5043'5251;
inline constexpr uint32_t ECHO = 0x4543'484f;

/// The secrets of the golden certificates, whose keys are known.
inline constexpr std::array<uint32_t, 8> golden_key = {0xa0a1a2a3, 0xb0b1b2b3, 0xc0c1c2c3, 0xd0d1d2d3,
                                                       0xe0e1e2e3, 0xf0f1f2f3, 0xa4a5a6a7, 0xb4b5b6b7};

/// The frozen ROMs that must start our FMC.
inline constexpr std::string_view official_roms[] = {
    "images/rom/caliptra-rom-1.0.3-e8e23d9.bin",
    "images/rom/caliptra-rom-1.1.1-d6713db.bin",
    "images/rom/caliptra-rom-1.2.0-3b50c6a.bin",
};

/// A file that the build made beside this: rom.bin, bundle.bin.
[[nodiscard]] std::vector<uint8_t> built(std::string_view name);

/// The bundle with its digests and signatures made anew, by the same keys.
[[nodiscard]] std::vector<uint8_t> sign_again(std::vector<uint8_t> bundle);

/// How a boot differs from that of a device in the field: production, debug locked, all of the bundle's fuses, LMS.
struct Boot {
  std::vector<uint8_t> rom = built("rom.bin");
  std::vector<uint8_t> firmware = built("bundle.bin");
  Generation generation = Generation::v1_1;
  veer::TimingProfile timing = veer::TimingProfile::reference;
  DeviceLifecycle lifecycle = DeviceLifecycle::production;
  bool internal_trng = false;
  bool lms = true;
  bool owner_fused = true;
  std::vector<std::pair<std::string_view, std::string>> fuses = {};  ///< beside or instead of those
  SocPlan plan = {};                                                 ///< the rest of what the SoC does
};
[[nodiscard]] std::unique_ptr<BootRig> boot(const Boot& boot);

/// The boot of a production bundle behind our ROM; nothing where the bundle isn't there.
[[nodiscard]] std::optional<Boot> production_boot(const boot_tests::Bundle& bundle);

/// The data of a command that must succeed, behind checksum and FIPS status, which must be right.
[[nodiscard]] std::vector<uint8_t> ask(BootRig& rig, uint32_t command, std::span<const uint8_t> payload = {});

/// The certificate that a command answers with.
[[nodiscard]] std::vector<uint8_t> certificate(BootRig& rig, uint32_t command);

/// `count` bytes from `at` on, which must be there.
[[nodiscard]] std::vector<uint8_t> part(std::span<const uint8_t> bytes, std::size_t at, std::size_t count);

}  // namespace caliptra::demo
