// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// How a block describes its registers: one constexpr table, from which decoding, access rules, resets,
// snapshots, trace names, debugger output and the device-status page all follow.

#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "iss/bus.h"

namespace veer {

enum class Access : uint8_t { none, ro, wo, rw };

/// What a write does to a field.
enum class OnWrite : uint8_t {
  store,
  w1c,  ///< ones clear
  w1s,  ///< ones set
  w0c,  ///< zeros clear
};

/// What a read does to a field, after the value has been taken.
enum class OnRead : uint8_t { none, set };

/// Which resets reach a field; each includes the one before it.
enum class ResetDomain : uint8_t {
  power_good,  ///< cold reset only (cptra_pwrgood)
  noncore,     ///< cold and warm reset (cptra_noncore_rst_b)
  core,        ///< cold, warm and firmware-update reset (cptra_uc_rst_b)
};

/// A reset as it happens.
enum class Reset : uint8_t { cold, warm, firmware_update };

[[nodiscard]] constexpr bool reaches(Reset reset, ResetDomain domain) {
  return static_cast<uint8_t>(domain) >= static_cast<uint8_t>(reset);
}

/// One field. What isn't said is the commonest: 32 bits at bit 0, readable and writable by the core,
/// invisible to the SoC, 0 after a warm reset, plain storage that can always be written.
struct Field {
  std::string_view name;
  uint8_t lsb = 0;
  uint8_t width = 32;
  Access core = Access::rw;
  Access soc = Access::none;
  uint32_t reset = 0;
  ResetDomain domain = ResetDomain::noncore;
  OnWrite on_write = OnWrite::store;
  OnRead on_read = OnRead::none;
  bool single_pulse = false;  ///< acts when written; reads 0
  bool live = false;          ///< not stored: the block computes it at each read
  uint8_t lock = 0;           ///< the block's number for the condition under which writes are ignored; 0 is none
  uint8_t variants = 0xff;    ///< bit mask of the hardware variants that have this field

  /// The field's bits, in place.
  [[nodiscard]] constexpr uint32_t mask() const { return (width >= 32 ? 0xffff'ffffU : (1U << width) - 1) << lsb; }
  [[nodiscard]] constexpr uint32_t get(uint32_t word) const { return (word & mask()) >> lsb; }
  [[nodiscard]] constexpr uint32_t place(uint32_t value) const { return (value << lsb) & mask(); }
  [[nodiscard]] constexpr uint32_t insert(uint32_t word, uint32_t value) const {
    return (word & ~mask()) | place(value);
  }
};

/// One register, or an array of `count` alike, 4 bytes apart. All registers are 32 bits wide.
struct Register {
  std::string_view name;
  uint32_t offset = 0;  ///< in bytes from the block's base; of element 0
  uint32_t count = 1;
  std::span<const Field> fields;
  uint8_t variants = 0xff;
  uint8_t first_index = 0;      ///< the number by which the documents call element 0
  bool always_indexed = false;  ///< an array even where `count` is 1

  [[nodiscard]] constexpr bool contains(uint32_t at) const { return at >= offset && at < offset + 4 * count; }
};

/// The register type made of a description struct: see any `*_regs.h`.
template <typename Description>
[[nodiscard]] constexpr Register describe() {
  Register result{.name = Description::name, .offset = Description::offset, .fields = Description::fields};
  if constexpr (requires { Description::count; }) result.count = Description::count;
  if constexpr (requires { Description::variants; }) result.variants = Description::variants;
  if constexpr (requires { Description::first_index; }) result.first_index = Description::first_index;
  if constexpr (requires { Description::always_indexed; }) result.always_indexed = Description::always_indexed;
  return result;
}

}  // namespace veer
