// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Changed bundles, and what official boot ROMs say to them: the table of docs/images.md.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "tools/image/mutation.h"

namespace caliptra::image_tool {

/// One changed bundle, and the device that gets it.
struct Trial {
  std::string what;  ///< for people; the mutations' text where it is empty
  std::vector<Mutation> changes;
  bool sign = false;                                         ///< signed again around the changes
  std::optional<uint32_t> size{};                            ///< the file's size
  std::vector<std::pair<std::string, std::string>> fuses{};  ///< beside the bundle's own key hashes, fuse_lms_verify=1
};

/// A change of one bit to each field of the manifest and to both images, unsigned; then changes of each field's
/// meaning, signed again so that only the check at hand can refuse them; then devices that refuse the unchanged bundle.
[[nodiscard]] std::vector<Trial> all_trials();

/// What all trials start from: a bundle of test keys, whose FMC ends the emulation.
[[nodiscard]] std::vector<uint8_t> trial_bundle();

struct Verdict {
  std::string name;  ///< of the trial
  bool sign = false;
  uint32_t documented = 0;                        ///< the error that image::verify names; 0: accepted
  std::vector<std::optional<uint32_t>> observed;  ///< by each ROM; 0: the FMC ran; nothing: neither that nor an error
};

/// Carries the trials out on each ROM (production life cycle, debug locked). Throws std::runtime_error if a ROM doesn't
/// get as far as asking for firmware.
[[nodiscard]] std::vector<Verdict> carry_out(const std::vector<Trial>& trials,
                                             const std::vector<std::vector<uint8_t>>& roms);

/// The verdicts as a Markdown table. Fields of the same kind with the same verdict share a line.
[[nodiscard]] std::string table(const std::vector<Verdict>& verdicts, const std::vector<std::string>& rom_names);

}  // namespace caliptra::image_tool
