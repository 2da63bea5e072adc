// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// For the tests of the engines: hexadecimal text, repeatable random bytes, and owners of what OpenSSL makes.

#pragma once

#include <array>
#include <cstdint>
#include <random>
#include <string_view>
#include <vector>

namespace caliptra::crypto::testing {

inline std::vector<uint8_t> from_hex(std::string_view text) {
  const auto digit = [](char c) { return static_cast<unsigned>(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10); };
  std::vector<uint8_t> bytes;
  for (std::size_t i = 0; i + 1 < text.size(); i += 2) {
    bytes.push_back(static_cast<uint8_t>(digit(text[i]) << 4 | digit(text[i + 1])));
  }
  return bytes;
}

template <std::size_t size>
std::array<uint8_t, size> array_from_hex(std::string_view text) {
  std::array<uint8_t, size> result{};
  const auto bytes = from_hex(text);
  for (std::size_t i = 0; i < size && i < bytes.size(); ++i) result[i] = bytes[i];
  return result;
}

/// Deletes by a C library's function: std::unique_ptr<X509, Free<X509_free>>.
template <auto free_function>
struct Free {
  template <typename T>
  void operator()(T* pointer) const {
    free_function(pointer);
  }
};

/// The same bytes in each run, so that a failure can be repeated.
class RandomBytes {
 public:
  explicit RandomBytes(uint32_t seed) : engine_(seed) {}
  uint32_t word() { return static_cast<uint32_t>(engine_()); }
  uint32_t below(uint32_t bound) { return word() % bound; }

  std::vector<uint8_t> bytes(std::size_t count) {
    std::vector<uint8_t> result(count);
    for (uint8_t& byte : result) byte = static_cast<uint8_t>(engine_());
    return result;
  }

  template <std::size_t size>
  std::array<uint8_t, size> array() {
    std::array<uint8_t, size> result;
    for (uint8_t& byte : result) byte = static_cast<uint8_t>(engine_());
    return result;
  }

 private:
  std::mt19937 engine_;
};

}  // namespace caliptra::crypto::testing
