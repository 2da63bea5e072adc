// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What is at an address of the bus: block, register, fields.

#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>

#include "iss/registers/register_table.h"
#include "soc/core.h"

namespace caliptra::trace {

/// Names for the accesses of a core and its SoC. `core` must outlive it.
class AccessNames {
 public:
  explicit AccessNames(const Core& core) : core_(core) {}

  /// What stands at an address.
  struct Place {
    std::string name;                     ///< "soc_ifc.CPTRA_FUSE_VALID_PAUSER", "mailbox SRAM"; empty for none
    const veer::Register* row = nullptr;  ///< null where it is no register
    uint8_t variant = 0xff;               ///< which of its fields exist
    const veer::RegisterBlock* block = nullptr;
    bool has_fields = false;  ///< more than one, or one of less than 32 bits

   private:
    friend class AccessNames;
    // What text() last said: firmware that waits reads the same again and again.
    mutable uint32_t value = 0;
    mutable std::string text;
  };
  /// By the core's address. The reference stays good.
  [[nodiscard]] const Place& place(uint32_t address) const;

  /// The same by an address of the SoC's bus (Core::soc_read).
  [[nodiscard]] const Place& soc_place(uint32_t address) const;

  /// Name and fields of a value there: "soc_ifc.CPTRA_FLOW_STATUS ready_for_fw=0x1", at most 1024 bytes. Good until the
  /// next call.
  [[nodiscard]] static std::string_view text(const Place& place, uint32_t value);

  /// "soc_ifc.CPTRA_FLOW_STATUS = 0x40000000 ready_for_fw=0x1", for messages.
  [[nodiscard]] std::string describe(uint32_t address, uint32_t value) const;

 private:
  const Core& core_;
  struct Recent {
    uint32_t address = 1;
    const Place* place = nullptr;
  };
  mutable std::array<Recent, 256> recent_;  // firmware stays with few registers for a while
  mutable std::unordered_map<uint32_t, Place> places_;
};

/// The core's address of what the SoC sees at `address`: 0x30020000 and on.
[[nodiscard]] constexpr uint32_t core_address_of(uint32_t soc_address) {
  return 0x3000'0000 | (soc_address & 0x3'ffff);
}

}  // namespace caliptra::trace
