// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// How fuzz targets read their input: from the front, and zeros when it has run out, so that any bytes mean something.

#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

namespace caliptra::fuzz {

/// The bytes must outlive the reader.
class ByteReader {
 public:
  explicit ByteReader(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  [[nodiscard]] bool empty() const { return bytes_.empty(); }

  uint8_t byte() {
    if (bytes_.empty()) return 0;
    const uint8_t value = bytes_.front();
    bytes_ = bytes_.subspan(1);
    return value;
  }

  /// A little-endian number of `size` bytes, at most 4.
  uint32_t number(std::size_t size) {
    uint32_t value = 0;
    for (std::size_t i = 0; i < size; ++i) value |= uint32_t{byte()} << (8 * i);
    return value;
  }

  /// The next `size` bytes, or as many as there are.
  std::span<const uint8_t> bytes(std::size_t size) {
    const auto taken = bytes_.first(std::min(size, bytes_.size()));
    bytes_ = bytes_.subspan(taken.size());
    return taken;
  }

 private:
  std::span<const uint8_t> bytes_;
};

}  // namespace caliptra::fuzz
