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
  sha256_winternitz_next,  ///< each hash of a Winternitz chain after the first
  sha512_block,
  pcr_hash_start,  ///< GEN_PCR_HASH: the first block is filled
  pcr_hash_block,  ///< GEN_PCR_HASH: each of its 13 blocks
  hmac384_init,
  hmac384_next,
  ecc384_keygen,
  ecc384_sign,
  ecc384_verify,
  ecc384_setup,             ///< loading constants after a reset or ZEROIZE, before it is ready again
  ecc384_private_key,       ///< of keygen: until the private key is known and goes on to the key vault
  ecc384_public_key_check,  ///< of verify: until a public key is found not to be on the curve
  doe_uds,
  doe_field_entropy,
  doe_clear_secrets,
  sha512_acc_start,  ///< the accelerator in mailbox mode: besides what follows
  sha512_acc_word,   ///< each word of the first block, read from the mailbox
  sha512_acc_block,
  key_vault_read,   ///< an engine fetches a key, block or seed
  key_vault_write,  ///< an engine delivers its result
  pcr_vault_write,  ///< SHA-512 delivers an extended PCR
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
      timing.set(EngineOperation::ecc384_setup, 0);
      timing.set(EngineOperation::key_vault_read, 100);
      timing.set(EngineOperation::key_vault_write, 100);
      // There, what has several blocks takes as long as one block, and a PCR is written with the digest.
      timing.set(EngineOperation::sha256_winternitz_next, 0);
      timing.set(EngineOperation::pcr_hash_block, 0);
      timing.set(EngineOperation::sha512_acc_word, 0);
      timing.set(EngineOperation::sha512_acc_block, 0);
      timing.set(EngineOperation::pcr_vault_write, 0);
      return timing;
    }
    timing.set(EngineOperation::sha256_block, 68);
    timing.set(EngineOperation::sha256_winternitz_next, 68);
    timing.set(EngineOperation::sha512_block, 84);
    // Not measured: counted in pv_gen_hash.sv.
    timing.set(EngineOperation::pcr_hash_start, 33);
    timing.set(EngineOperation::pcr_hash_block, 84);
    timing.set(EngineOperation::hmac384_init, 280);
    timing.set(EngineOperation::hmac384_next, 188);
    const bool radix32 = generation == Generation::v1_0;
    timing.set(EngineOperation::ecc384_keygen, radix32 ? 909'648 : 718'920);
    timing.set(EngineOperation::ecc384_sign, radix32 ? 932'990 : 736'625);
    timing.set(EngineOperation::ecc384_verify, radix32 ? 1'223'938 : 960'341);
    timing.set(EngineOperation::ecc384_setup, 48);
    // Not measured: four runs of the DRBG by the figures for HMAC, and some ten field multiplications.
    timing.set(EngineOperation::ecc384_private_key, 7'200);
    timing.set(EngineOperation::ecc384_public_key_check, 400);
    timing.set(EngineOperation::doe_uds, 269);
    timing.set(EngineOperation::doe_field_entropy, 185);
    timing.set(EngineOperation::doe_clear_secrets, 3);
    timing.set(EngineOperation::sha512_acc_start, 0);
    timing.set(EngineOperation::sha512_acc_word, 1);
    timing.set(EngineOperation::sha512_acc_block, 85);
    timing.set(EngineOperation::key_vault_read, 14);
    timing.set(EngineOperation::key_vault_write, 14);
    timing.set(EngineOperation::pcr_vault_write, 14);
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
