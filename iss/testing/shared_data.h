// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where test data is that is not part of the project.

#pragma once

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace veer::testing {

/// The folder `name` beside the images: CALIPTRA_IMAGES/../name, by default ../shared/name from where the tests run.
inline std::filesystem::path shared_folder(const std::string& name) {
  const char* images = std::getenv("CALIPTRA_IMAGES");
  if (images != nullptr) return std::filesystem::path(images).parent_path() / name;
  for (const char* root : {"..", "../..", "../../.."}) {
    const std::filesystem::path candidate = std::filesystem::path(root) / "shared" / name;
    if (std::filesystem::exists(candidate)) return candidate;
  }
  return std::filesystem::path("../shared") / name;
}

inline std::optional<std::vector<uint8_t>> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::vector<uint8_t>(std::istreambuf_iterator<char>(file), {});
}

}  // namespace veer::testing
