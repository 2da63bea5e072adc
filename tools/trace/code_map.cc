// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/trace/code_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "soc/image/manifest.h"

namespace caliptra::trace {
namespace {

constexpr uint32_t iccm = 0x4000'0000;
constexpr uint32_t iccm_end = 0x4002'0000;

}  // namespace

CodeMap::CodeMap(const symbols::SymbolTable& symbols, std::vector<CodeImage> images)
    : symbols_(symbols), images_(std::move(images)) {}

unsigned CodeMap::image_at(uint32_t address) const {
  for (unsigned i = 0; i < images_.size(); ++i) {
    if (address >= images_[i].begin && address < images_[i].end) return i;
  }
  return no_image;
}

std::string CodeMap::image_name(uint32_t address) const {
  const unsigned image = image_at(address);
  if (image != no_image) return images_[image].name;
  return address >= iccm && address < iccm_end ? "ICCM" : "elsewhere";
}

std::string CodeMap::function_name(uint32_t address) const {
  if (const symbols::Function* function = function_at(address)) return function->name;
  return fmt::format("{}:0x{:08x}", image_name(address), address);
}

std::vector<CodeImage> code_images(std::size_t rom_size, std::span<const uint8_t> bundle) {
  std::vector<CodeImage> images;
  if (rom_size != 0) images.push_back({"ROM", 0, static_cast<uint32_t>(rom_size)});
  if (bundle.size() < image::manifest_size) return images;
  const image::Manifest manifest = image::parse_manifest(bundle.first<image::manifest_size>());
  if (manifest.marker != image::manifest_marker) return images;
  const auto add = [&images](std::string_view name, const image::TocEntry& entry) {
    const uint32_t begin = entry.load_address;
    if (begin < iccm || begin >= iccm_end || entry.size == 0 || entry.size > iccm_end - begin) return;
    const bool overlaps = std::any_of(images.begin(), images.end(), [&](const CodeImage& each) {
      return begin < each.end && each.begin < begin + entry.size;
    });
    if (!overlaps) images.push_back({std::string(name), begin, begin + entry.size});
  };
  add("FMC", manifest.fmc);
  add("runtime", manifest.runtime);
  return images;
}

}  // namespace caliptra::trace
