// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the whole-boot tests share: the official images, and a core with its SoC that records what happens.

#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "soc/core.h"
#include "soc/soc_manager.h"

namespace caliptra::boot_tests {

/// A file below the folder that CALIPTRA_IMAGES names (default: ../shared/images beside the project), or below
/// one of its sisters: `images/…`, `golden/…`, `traces/…`. Nothing if it isn't there.
[[nodiscard]] std::optional<std::filesystem::path> test_data(std::string_view path);

/// The bytes of a file that exists.
[[nodiscard]] std::vector<uint8_t> read_file(const std::filesystem::path& path);

/// One of the production bundles, with the fuses that make it valid in production life cycle.
struct Bundle {
  std::string_view file;
  std::string_view vendor_pk_hash;
  std::string_view owner_pk_hash;
};
inline constexpr Bundle bundle_20251023{
    "images/bundle/ast2700-fw-1.2-20251023.bin",
    "428d18b0b49192c0163b4e0b2e231d20eef3ae37f8046c09a31911e3f6875a9a287342c58c7f8d68b69fafe1dd27b2dc",
    "7c6d2e51463b1da3aac7082ec17bca667ee7f40448901ad47880a7c175dec3d2eb2d1ef775cdb6aeaaeaf9d9548b01e5"};
inline constexpr Bundle bundle_20251017{
    "images/bundle/ast2700-fw-1.2-20251017.bin",
    "428d18b0b49192c0163b4e0b2e231d20eef3ae37f8046c09a31911e3f6875a9a287342c58c7f8d68b69fafe1dd27b2dc",
    "81f12486b44ed36560cd5b6348636ac39365e081e61428e8703a9e28db33795a4a7e1dde0452a6f4dd126ea041869ff7"};
inline constexpr Bundle bundle_20250414{
    "images/bundle/ast2700-fw-20250414.bin",
    "cf30deebce37b1a0c474d6c0d49f3370cb7972cf44f8eab960101495ba94c94ea65e9fe3901b626b20404fc42b2ba286",
    "d9b44536814447e604e6794d9353274afc670fac124da4b5ae4d1c94ed0aabae6c892a9d188e7d5fbd6a3b8d3769dfdb"};

/// PAUSER of the AST2700's boot microcontroller: the one that the bundles give the runtime's PL0 privileges.
inline constexpr uint32_t ast2700_user = 0x2121'2121;

inline constexpr std::string_view rom_1_2_with_log = "images/rom/caliptra-rom-with-log-1.2.0-3b50c6a.bin";

/// A core, its SoC, and a record of what they did.
class BootRig {
 public:
  /// Fails the test case if the core can't be made.
  BootRig(Configuration configuration, SocPlan plan);

  /// Runs until an event of that kind, `limit` more cycles, or until no progress is possible; true if the event came.
  bool run_until(Event::Kind kind, uint64_t limit = 400'000'000);

  /// A register of soc_ifc, by its RTL offset.
  [[nodiscard]] uint32_t soc_ifc(uint32_t offset) const;

  /// A PCR as the firmware's hashes see it: words are big-endian.
  [[nodiscard]] std::vector<uint8_t> pcr(unsigned index) const;

  [[nodiscard]] bool seen(Event::Kind kind) const;
  [[nodiscard]] const Event* last(Event::Kind kind) const;

  /// A runtime command with its checksum put in front of `payload`.
  MailboxResult command(uint32_t number, std::span<const uint8_t> payload = {});

  std::unique_ptr<Core> core;
  std::unique_ptr<SocManager> soc;
  std::string console;
  std::vector<Event> events;

 private:
  std::optional<Event::Kind> awaited_;
  bool came_ = false;
};

/// The security-relevant set-up of one boot.
struct Setup {
  DeviceLifecycle lifecycle = DeviceLifecycle::unprovisioned;
  bool debug_locked = false;
  bool internal_trng = false;
  Generation generation = Generation::v1_1;
};

/// A rig with an official ROM and, unless it is null, a bundle with its fuses. Nothing if a file isn't there.
[[nodiscard]] std::unique_ptr<BootRig> make_rig(std::string_view rom, const Bundle* bundle, const Setup& setup);

/// Fuses for a boot: seeds that are not all equal, and the bundle's key hashes.
[[nodiscard]] Fuses fuses_for(const Bundle* bundle);

// Payloads and responses; words are little-endian.
void put_word(std::vector<uint8_t>& bytes, uint32_t word);
void put_bytes(std::vector<uint8_t>& bytes, std::span<const uint8_t> more);
[[nodiscard]] uint32_t word_at(std::span<const uint8_t> bytes, std::size_t at);

}  // namespace caliptra::boot_tests
