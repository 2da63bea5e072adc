// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Snapshots as files: a saved state (veer::StateStream), compressed, with what it belongs to and a checksum.
//
// All numbers are little-endian:
//   0  "CaliptraSnapshot"
//  16  format, 32 bits: 1
//  20  size of the identity, 32 bits
//  24  size of the state, 64 bits
//  32  size of the compressed state, 64 bits
//  40  SHA-256 of all other bytes of the file
//  72  the identity: lines "name=value", sorted
//      the state as one zstd frame; nothing behind it

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "soc/configuration.h"
#include "soc/soc_manager.h"

namespace caliptra::snapshot_file {

/// What a state belongs to, by names and values without line breaks: only what says the same takes it.
using Identity = std::map<std::string, std::string>;

/// A core and its SoC: hardware, straps, fuses, images (by their hashes), and the SoC's plan.
[[nodiscard]] Identity identity_of(const Configuration& configuration, const SocPlan& plan);

/// The largest state that a file may hold, and the largest file, in bytes. A core's state is about 0.4 MB.
inline constexpr std::size_t largest_state = 64 << 20;
inline constexpr std::size_t largest_file = largest_state + (1 << 20);

/// Whether this build can do it: it needs zstd.
[[nodiscard]] bool available();

/// A file's contents. Empty, and the reason in `error`, if that can't be.
[[nodiscard]] std::vector<uint8_t> pack(const Identity& identity, std::span<const uint8_t> state, std::string& error);

/// The state that a file's contents hold. Nothing, and the reason in `error`, if they are no snapshot, one of another
/// format, cut short, damaged, or of something else than `identity`.
[[nodiscard]] std::optional<std::vector<uint8_t>> unpack(std::span<const uint8_t> contents, const Identity& identity,
                                                         std::string& error);

}  // namespace caliptra::snapshot_file
