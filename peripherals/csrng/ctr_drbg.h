// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// CTR_DRBG with AES-256 and no derivation function (NIST SP 800-90A, 10.2.1), as csrng_ctr_drbg_upd.sv and
// csrng_ctr_drbg_gen.sv compute it: only the low 32 bits of V count.

#pragma once

#include <array>
#include <cstdint>

#include "peripherals/crypto/aes.h"

namespace veer {
class StateStream;
}

namespace caliptra {

/// Seed material and additional data: 384 bits, the most significant byte first.
using DrbgData = std::array<uint8_t, 48>;

/// The working state of one instance, as csrng_state_db.sv keeps it.
struct CtrDrbg {
  crypto::Aes256Key key{};
  crypto::AesBlock v{};
  uint32_t reseed_counter = 0;
  bool fips = false;
  bool instantiated = false;

  /// CTR_DRBG_Update.
  void update(const DrbgData& provided);

  /// The next block of output; V moves on, the key stays.
  [[nodiscard]] crypto::AesBlock generate_block();

  void state(veer::StateStream& stream);
};

}  // namespace caliptra
