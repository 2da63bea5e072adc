// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the instructions compute that C++ has no operator for, or leaves undefined.

#pragma once

#include <cstdint>
#include <cstring>

#include "iss/decode.h"

namespace veer {

namespace detail {

template <typename T>
inline T load_little(const uint8_t* from) {
  T value;
  std::memcpy(&value, from, sizeof value);
  return value;
}

template <typename T>
inline void store_little(uint8_t* to, T value) {
  std::memcpy(to, &value, sizeof value);
}

inline int32_t divide(int32_t a, int32_t b) {
  if (b == 0) return -1;
  if (a == INT32_MIN && b == -1) return a;
  return a / b;
}
inline int32_t remainder(int32_t a, int32_t b) {
  if (b == 0) return a;
  if (b == -1) return 0;
  return a % b;
}

inline uint64_t carryless_multiply(uint32_t a, uint32_t b) {
  uint64_t product = 0;
  for (uint64_t addend = a; b != 0; b >>= 1, addend <<= 1) {
    if ((b & 1) != 0) product ^= addend;
  }
  return product;
}

inline uint32_t or_combine(uint32_t value) {
  value |= (value & 0x55555555) << 1 | (value >> 1 & 0x55555555);
  value |= (value & 0x33333333) << 2 | (value >> 2 & 0x33333333);
  value |= (value & 0x0f0f0f0f) << 4 | (value >> 4 & 0x0f0f0f0f);
  return value;
}

inline bool branch_taken(Op op, uint32_t a, uint32_t b) {
  switch (op) {
    case Op::beq: return a == b;
    case Op::bne: return a != b;
    case Op::blt: return static_cast<int32_t>(a) < static_cast<int32_t>(b);
    case Op::bge: return static_cast<int32_t>(a) >= static_cast<int32_t>(b);
    case Op::bltu: return a < b;
    case Op::bgeu: return a >= b;
    default: return true;  // jal
  }
}

/// Of the sixteen that the address space has.
constexpr uint32_t region_of(uint32_t address) { return address >> 28; }

}  // namespace detail

}  // namespace veer
