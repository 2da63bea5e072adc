// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/csrng/ctr_drbg.h"

#include <algorithm>

#include "iss/state_stream.h"

namespace caliptra {

crypto::AesBlock CtrDrbg::generate_block() {
  for (unsigned byte = 15; byte >= 12 && ++v[byte] == 0; --byte) {
  }
  return crypto::aes256_encrypt_block(key, v);
}

void CtrDrbg::update(const DrbgData& provided) {
  DrbgData result;
  for (std::size_t at = 0; at < result.size(); at += v.size()) {
    const crypto::AesBlock block = generate_block();
    std::copy(block.begin(), block.end(), result.begin() + static_cast<std::ptrdiff_t>(at));
  }
  for (std::size_t i = 0; i < result.size(); ++i) result[i] ^= provided[i];
  std::copy_n(result.begin(), key.size(), key.begin());
  std::copy_n(result.begin() + key.size(), v.size(), v.begin());
}

void CtrDrbg::state(veer::StateStream& stream) {
  stream(key);
  stream(v);
  stream(reseed_counter);
  stream(fips);
  stream(instantiated);
}

}  // namespace caliptra
