// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where a random program's code and data are, in the hart's ICCM and DCCM and at the same addresses in QEMU's RAM.

#pragma once

#include <cstdint>

namespace caliptra::differential {

struct Layout {
  static constexpr uint32_t code = 0x40000000;
  static constexpr uint32_t code_size = 0x1000;
  static constexpr uint32_t code_pointer = code + 0x800;  ///< in x26: reaches all of the code
  static constexpr uint32_t iccm_data = 0x40001000;
  static constexpr uint32_t iccm_data_size = 0x1000;
  static constexpr uint32_t support = 0x40002000;  ///< entry, trap handler and end: see support.cc
  static constexpr uint32_t support_size = 0x400;
  static constexpr uint32_t iccm_end = 0x40020000;

  static constexpr uint32_t data = 0x50000000;
  static constexpr uint32_t data_size = 0x1100;
  static constexpr uint32_t last_data = 0x5001ff00;
  static constexpr uint32_t last_data_size = 0x100;

  /// What the support code needs, in x31.
  static constexpr uint32_t area = 0x50010000;
  static constexpr uint32_t area_size = 0x1200;
  static constexpr int32_t saved = 0x00;     ///< three registers
  static constexpr int32_t log_next = 0x0c;  ///< where the next trap is written
  static constexpr int32_t log_end = 0x10;   ///< later traps are only counted
  static constexpr int32_t trap_count = 0x14;
  static constexpr int32_t return_address = 0x18;  ///< where the end goes
  static constexpr int32_t csrs = 0x20;            ///< at the end: mscratch, mepc, mcause, mtval, mstatus & 0x88
  static constexpr int32_t registers = 0x80;       ///< x0..x31, before and after
  static constexpr int32_t log = 0x100;            ///< per trap: mcause, mepc, mtval, mstatus & 0x88
  static constexpr uint32_t log_size = 0x1000;
};

struct Block {
  uint32_t address;
  uint32_t size;
};

/// What is loaded before a program, and looked at after it.
inline constexpr Block blocks[] = {
    {Layout::code, Layout::code_size + Layout::iccm_data_size + Layout::support_size},
    {Layout::data, Layout::data_size},
    {Layout::last_data, Layout::last_data_size},
    {Layout::area, Layout::area_size},
};

inline constexpr uint32_t image_size = [] {
  uint32_t size = 0;
  for (const Block& block : blocks) size += block.size;
  return size;
}();

/// Where an address that lies in a block is in an image.
constexpr uint32_t offset_in_image(uint32_t address) {
  uint32_t offset = 0;
  for (const Block& block : blocks) {
    if (address - block.address < block.size) return offset + (address - block.address);
    offset += block.size;
  }
  return image_size;
}

}  // namespace caliptra::differential
