// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The mailbox's memory with its ECC: 32 bits of data and 7 of Hamming code with parity per word
// (rvecc_encode and rvecc_decode in VeeR's beh_lib.sv).

#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <vector>

#include "iss/state_stream.h"

namespace caliptra {

/// What the ECC decoder made of a word.
enum class EccResult : uint8_t { ok, corrected, uncorrectable };

/// 32768 words of 32 bits. Since the code is linear, only the bits that an injected error flipped are kept
/// beside the data.
class MailboxSram {
 public:
  static constexpr uint32_t size = 128 * 1024;
  static constexpr uint32_t words = size / 4;

  struct Word {
    uint32_t data;
    EccResult ecc;
  };

  MailboxSram() : bytes_(size, 0) {}

  /// Reads word `index` (modulo the size) through the ECC decoder.
  [[nodiscard]] Word read(uint32_t index) const;

  /// Writes word `index` (modulo the size) with fresh check bits: injected errors there are gone.
  void write(uint32_t index, uint32_t data);

  /// Asked at each write, while it is set: which bits of the word the memory gets wrong, as inject() takes them.
  std::function<uint64_t()> write_fault;

  /// Flips stored bits of word `index`: bits 0 to 31 are data, 32 to 38 the check bits.
  void inject(uint32_t index, uint64_t flips);

  /// Makes these the wrong bits of word `index`, whatever was wrong before.
  void damage(uint32_t index, uint64_t flips);

  /// The data as it was written, in little-endian byte order, without any injected error.
  [[nodiscard]] const std::vector<uint8_t>& bytes() const { return bytes_; }

  /// Changes one byte behind the ECC's back, as a tool does. `offset` modulo the size.
  void poke(uint32_t offset, uint8_t value) { bytes_[offset % size] = value; }

  void clear();
  void state(veer::StateStream& stream);

 private:
  std::vector<uint8_t> bytes_;
  std::map<uint32_t, uint64_t> flips_;
};

}  // namespace caliptra
