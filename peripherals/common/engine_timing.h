// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// How long the engines take, by timing profile.

#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include "iss/timing_profile.h"
#include "peripherals/common/hardware.h"

namespace caliptra {

enum class EngineOperation : uint8_t {
  sha256_block,
  sha512_block,
  hmac384_init,
  hmac384_next,
  ecc384_keygen,
  ecc384_sign,
  ecc384_verify,
  doe_uds,
  doe_field_entropy,
  doe_clear_secrets,
  sha512_acc_block,
  key_vault_read,   ///< an engine fetches a key, block or seed
  key_vault_write,  ///< an engine delivers its result
  count,
};

/// Clock cycles from the write that starts an operation to the status that says it is done.
class EngineTiming {
 public:
  /// `reference` is the reference emulator's: engines 1000, key vault 100. `rtl` was measured on RTL 1.1
  /// (Verilator, caliptra_top); the ECC of RTL 1.0 is the older radix-32 core, from its documentation.
  [[nodiscard]] static constexpr EngineTiming of(veer::TimingProfile profile, Generation generation) {
    EngineTiming timing;
    if (profile == veer::TimingProfile::reference) {
      timing.cycles_.fill(1000);
      timing.set(EngineOperation::key_vault_read, 100);
      timing.set(EngineOperation::key_vault_write, 100);
      return timing;
    }
    timing.set(EngineOperation::sha256_block, 68);
    timing.set(EngineOperation::sha512_block, 84);
    timing.set(EngineOperation::hmac384_init, 280);
    timing.set(EngineOperation::hmac384_next, 188);
    const bool radix32 = generation == Generation::v1_0;
    timing.set(EngineOperation::ecc384_keygen, radix32 ? 909'648 : 718'920);
    timing.set(EngineOperation::ecc384_sign, radix32 ? 932'990 : 736'625);
    timing.set(EngineOperation::ecc384_verify, radix32 ? 1'223'938 : 960'341);
    timing.set(EngineOperation::doe_uds, 269);
    timing.set(EngineOperation::doe_field_entropy, 185);
    timing.set(EngineOperation::doe_clear_secrets, 3);
    timing.set(EngineOperation::sha512_acc_block, 85);
    timing.set(EngineOperation::key_vault_read, 14);
    timing.set(EngineOperation::key_vault_write, 14);
    return timing;
  }

  [[nodiscard]] constexpr uint32_t operator[](EngineOperation operation) const {
    return cycles_[static_cast<std::size_t>(operation)];
  }

 private:
  constexpr void set(EngineOperation operation, uint32_t cycles) {
    cycles_[static_cast<std::size_t>(operation)] = cycles;
  }

  std::array<uint32_t, static_cast<std::size_t>(EngineOperation::count)> cycles_{};
};

}  // namespace caliptra
