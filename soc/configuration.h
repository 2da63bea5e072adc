// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Everything that decides what a core is and what its straps and fuses say, before any of it runs.

#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "iss/timing_profile.h"
#include "peripherals/common/hardware.h"
#include "soc/error_injection.h"
#include "soc/trng_feed.h"

namespace caliptra {

/// CPTRA_SECURITY_STATE.device_lifecycle.
enum class DeviceLifecycle : uint8_t { unprovisioned = 0, manufacturing = 1, production = 3 };

/// CPTRA_DEF_MBOX_VALID_PAUSER as the RTL sets it: the user of SoC bus accesses that is always valid at the mailbox.
inline constexpr uint32_t default_soc_user = 0xffff'ffff;

/// One fuse register or array of them.
struct FuseName {
  std::string_view name;  ///< the RTL's, for example fuse_uds_seed
  uint32_t offset;        ///< in soc_ifc
  uint32_t words;
};

/// Values for the fuse registers, by the RTL's register names. Word 0 is the register at the lowest
/// address; where a fuse is a byte string (seeds, hashes), byte 0 is the top byte of word 0.
class Fuses {
 public:
  /// The fuses of a generation, in address order.
  [[nodiscard]] static std::vector<FuseName> names(Generation generation);

  /// Sets a fuse from words. Returns an error text, or nothing: an unknown name or another number of words.
  [[nodiscard]] std::optional<std::string> set(Generation generation, std::string_view name,
                                               std::span<const uint32_t> words);

  /// Sets a fuse from text: hexadecimal digits, two per byte, exactly as many as the fuse has bytes (an
  /// optional 0x in front); or, for a fuse of one word, any number (decimal, 0x, 0b).
  [[nodiscard]] std::optional<std::string> set_text(Generation generation, std::string_view name,
                                                    std::string_view text);

  /// The values that have been set. Fuses not among them stay 0.
  [[nodiscard]] const std::map<std::string, std::vector<uint32_t>, std::less<>>& values() const { return values_; }

 private:
  std::map<std::string, std::vector<uint32_t>, std::less<>> values_;
};

/// The hardware: what a core is built of, and its straps. All of it is fixed for the life of a Core.
struct Configuration {
  Generation generation = Generation::v1_1;
  veer::TimingProfile timing = veer::TimingProfile::reference;

  /// The boot ROM image; at most 48 KiB in 1.x. Shorter ones are filled up with zeros.
  std::vector<uint8_t> rom;

  DeviceLifecycle lifecycle = DeviceLifecycle::unprovisioned;
  bool debug_locked = false;
  bool scan_mode = false;

  /// Whether CSRNG and the entropy source are there (CPTRA_HW_CONFIG.iTRNG_en); otherwise the SoC answers TRNG
  /// requests.
  bool internal_trng = false;

  /// cptra_obf_key, word 0 first.
  std::array<uint32_t, 8> obfuscation_key = {0x603deb10, 0x15ca71be, 0x2b73aef0, 0x857d7781,
                                             0x1f352c07, 0x3b6108d7, 0x2d9810a3, 0x0914dff4};

  /// CPTRA_DEF_MBOX_VALID_PAUSER, a parameter of the RTL: the SoC user that is valid at the mailbox without having been
  /// programmed. ROM 1.2 takes no firmware from 0xffffffff, which stands for Caliptra itself.
  uint32_t default_mailbox_user = default_soc_user;

  /// The BootFSM_BrkPoint strap: hold the core in reset after the fuses until CPTRA_BOOTFSM_GO.
  bool boot_fsm_breakpoint = false;

  /// generic_input_wires at power-on.
  std::array<uint32_t, 2> generic_input_wires = {};

  /// Whether the console UART (0x20001000) and the exit register (0x2000f000), which only emulators have, are mapped.
  bool emulator_devices = true;

  /// Faults that come at their cycles. Those whose address is impossible are left out.
  std::vector<Fault> faults;

  /// Seeds the noise that the entropy source sees.
  uint32_t trng_seed = 0x1234'5678;
  TrngGenerator trng_generator = TrngGenerator::xorshift32;
};

}  // namespace caliptra
