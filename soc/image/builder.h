// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Makes firmware bundles of Caliptra 1.x, and signs them (again).

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "soc/image/keys.h"
#include "soc/image/manifest.h"

namespace caliptra::image {

/// An FMC or a runtime, ready to be copied to its place in the ICCM.
struct Executable {
  std::vector<uint8_t> code;
  uint32_t load_address = 0;
  uint32_t entry_point = 0;
  std::array<uint8_t, 20> revision{};  ///< of its sources, a commit's hash
  uint32_t version = 0;
  uint32_t svn = 0;
};

/// What goes into a bundle beside keys.
struct Contents {
  Executable fmc;
  Executable runtime;
  uint32_t vendor_ecc_key_index = 0;  ///< which of the vendor's keys signs
  uint32_t vendor_lms_key_index = 0;
  std::optional<uint32_t> pl0_pauser;  ///< the SoC's user that has privilege level 0 at the runtime
  Date vendor_not_before{};
  Date vendor_not_after{};
  Date owner_not_before{};
  Date owner_not_after{};
  std::array<uint8_t, 2> epoch{};
};

/// Says why a ROM would not take such contents (sizes, overlaps, addresses outside of the ICCM, misalignment, key
/// indices, SVNs, dates); empty if it would.
[[nodiscard]] std::string problem_of(const Contents& contents);

struct SigningOptions {
  uint32_t lms_leaf = 0;  ///< which leaf of the LMS keys signs

  /// Called between the steps of signing; what it changes in the bundle stays, and the steps behind it hash and sign
  /// it.
  std::function<void(std::span<uint8_t> bundle)> between_steps = {};
};

/// Builds and signs. Nothing, and the reason in `error`, where problem_of finds one or a key that must sign isn't
/// there.
[[nodiscard]] std::optional<std::vector<uint8_t>> build_bundle(const Contents& contents, const KeySet& keys,
                                                               const SigningOptions& options, std::string& error);

/// Puts the digests of the images and of the table of contents, the keys and the signatures into `bundle` anew, in this
/// order. The vendor's keys of its key indices sign (an index that is out of bounds counts modulo the number of keys).
/// An image that is not within the file keeps its digest, an empty LMS place that would have to sign its signature.
/// False, and the reason in `error`: a bundle shorter than a manifest, an ECC key or a leaf that isn't there.
[[nodiscard]] bool sign_bundle(std::span<uint8_t> bundle, const KeySet& keys, const SigningOptions& options,
                               std::string& error);

}  // namespace caliptra::image
