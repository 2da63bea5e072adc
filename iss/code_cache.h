// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Decoded code. Each halfword of a code region has an entry; an instruction is decoded once, into the entry of its
// first halfword. Instructions that follow one another make up a superblock: it goes on through branches that are not
// taken and ends with an instruction that never falls through. Every entry knows how many instructions are left to that
// end, so the interpreter counts once when it jumps in, and takes the rest back when it jumps out.

#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "iss/decode.h"

namespace veer {

/// How much of an address the instruction bus decodes (CALIPTRA_IMEM_BYTE_ADDR_W in caliptra_top.sv).
inline constexpr uint32_t fetch_window = 0x10000;

/// One instruction, ready to execute: 16 bytes.
struct Entry {
  const void* handler;
  int32_t imm;  ///< branches: distance to the target in entries
  uint8_t rd;   ///< 32 stands for x0 as a destination
  uint8_t rs1;
  uint8_t rs2;
  uint8_t rest;  ///< instructions from this one to the superblock's end; 0 if not decoded
};
static_assert(sizeof(Entry) == 16);

/// Where the handlers of the fast loop are, by handler_index.
using HandlerTable = const void* const*;

/// Where a handler gets rs1 from. They all come to the same, at other costs.
enum class Source : uint8_t {
  fetched,   ///< from the register that the entry names
  chained,   ///< it is the register that was written last on the way here, and is at hand
  in_place,  ///< it is rd
};

inline constexpr unsigned handlers_per_op = 6;

/// Each handler exists this many times, and instructions of a kind take them in turn. A host predicts the jump at the
/// end of a handler best where that goes to few others. Compilers take their time for it: clang's grows with the square
/// of the copies, to minutes for two, and so does GCC's where it adds the sanitizers' code.
#if defined(__clang__) || defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
#define VEER_HANDLER_COPIES 1
#else
#define VEER_HANDLER_COPIES 4
#endif
inline constexpr unsigned handler_copies = VEER_HANDLER_COPIES;

inline constexpr unsigned handler_index(Op op, bool compressed, Source source, unsigned copy) {
  return handlers_per_op * (op_count * copy + static_cast<unsigned>(op)) + 2 * static_cast<unsigned>(source) +
         (compressed ? 1 : 0);
}

class CodeRegion {
 public:
  /// `bytes` must outlive the region; its size is even and `base` is even. `timed`: fences take time.
  CodeRegion(uint32_t base, std::span<const uint8_t> bytes, HandlerTable handlers, bool timed);

  [[nodiscard]] uint32_t base() const { return base_; }
  [[nodiscard]] uint32_t size() const { return static_cast<uint32_t>(bytes_.size()); }
  [[nodiscard]] bool contains(uint32_t address) const { return address - base_ < size(); }

  [[nodiscard]] Entry* entries() { return entries_.get(); }
  [[nodiscard]] Entry* entry(uint32_t address) { return entries_.get() + (address - base_) / 2; }
  [[nodiscard]] uint32_t address(const Entry* entry) const {
    return base_ + static_cast<uint32_t>(entry - entries_.get()) * 2;
  }

  /// The op of a decoded entry; Op::undecoded otherwise.
  [[nodiscard]] Op op(const Entry* entry) const { return ops_[index(entry)]; }

  /// The instruction's bits: 16 or 32.
  [[nodiscard]] uint32_t opcode(const Entry* entry) const {
    const std::size_t offset = index(entry) * std::size_t{2};
    if (offset + 4 <= bytes_.size()) [[likely]] {
      uint32_t word;
      std::memcpy(&word, bytes_.data() + offset, sizeof word);
      return is_compressed(word) ? word & 0xffff : word;
    }
    uint16_t half;
    std::memcpy(&half, bytes_.data() + offset, sizeof half);
    return half;
  }

  /// Decodes from `entry` to the end of the superblock. `stop` says that the word at an address can't be decoded yet
  /// (it has an ECC error that must be met in its own time); it is not asked about the first instruction.
  void decode_block(Entry* entry, const std::function<bool(uint32_t address)>& stop);

  /// Makes the instruction at `entry` one that can't be fetched.
  void set_fetch_fault(Entry* entry);

  /// `size` bytes at `address` have changed. True if that was decoded code: then everything is undecoded again.
  bool written(uint32_t address, uint32_t size);
  void flush();

  /// The same code is at another address.
  void move(uint32_t base) {
    flush();
    base_ = base;
  }

 private:
  [[nodiscard]] uint32_t index(const Entry* entry) const { return static_cast<uint32_t>(entry - entries_.get()); }
  [[nodiscard]] uint32_t count() const { return size() / 2; }
  [[nodiscard]] bool is_compressed_at(uint32_t index) const { return is_compressed(bytes_[2 * index]); }
  [[nodiscard]] Decoded decode_at(uint32_t index) const;
  Op translate(uint32_t index, Entry& entry) const;
  [[nodiscard]] bool chained(uint32_t index) const;
  void set_handler(uint32_t index, Source source);
  void set_op(uint32_t index, Op op, Source source = Source::fetched);

  uint32_t base_;
  std::span<const uint8_t> bytes_;
  HandlerTable handlers_;
  bool timed_;
  std::unique_ptr<Entry[]> entries_;  ///< one more than there are halfwords
  std::vector<Op> ops_;
  std::array<uint8_t, op_count> next_copy_{};  ///< of the handlers
  uint32_t decoded_low_;
  uint32_t decoded_high_;
};

}  // namespace veer
