// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "peripherals/mailbox/mailbox_sram.h"

#include <algorithm>
#include <bit>

namespace caliptra {
namespace {

constexpr unsigned data_bits = 32;
constexpr unsigned check_bits = 7;
constexpr uint64_t word_mask = (1ULL << (data_bits + check_bits)) - 1;

/// The position of data bit `bit` in the Hamming code word, counted from 1: the powers of two are check bits.
constexpr unsigned code_position(unsigned bit) {
  unsigned position = 0;
  for (unsigned data = 0; data <= bit; ++data) {
    do {
      ++position;
    } while (std::has_single_bit(position));
  }
  return position;
}

/// The six Hamming check bits of what is flipped: 0, or the position of the bit to correct.
uint32_t syndrome(uint64_t flips) {
  uint32_t result = static_cast<uint32_t>(flips >> data_bits) & 0x3f;
  for (unsigned bit = 0; bit < data_bits; ++bit) {
    if ((flips >> bit & 1) != 0) result ^= code_position(bit);
  }
  return result;
}

}  // namespace

MailboxSram::Word MailboxSram::read(uint32_t index) const {
  index %= words;
  const uint8_t* at = &bytes_[4 * std::size_t{index}];
  const uint32_t data = at[0] | uint32_t{at[1]} << 8 | uint32_t{at[2]} << 16 | uint32_t{at[3]} << 24;
  if (flips_.empty()) return {data, EccResult::ok};
  const auto found = flips_.find(index);
  if (found == flips_.end()) return {data, EccResult::ok};

  uint32_t wrong = static_cast<uint32_t>(found->second);
  const uint32_t position = syndrome(found->second);
  const bool odd = std::popcount(found->second) % 2 != 0;
  if (!odd) return {data ^ wrong, position == 0 ? EccResult::ok : EccResult::uncorrectable};
  for (unsigned bit = 0; bit < data_bits; ++bit) {
    if (code_position(bit) == position) wrong ^= 1U << bit;
  }
  return {data ^ wrong, EccResult::corrected};
}

void MailboxSram::write(uint32_t index, uint32_t data) {
  index %= words;
  for (unsigned byte = 0; byte < 4; ++byte) bytes_[4 * index + byte] = static_cast<uint8_t>(data >> (8 * byte));
  if (!flips_.empty()) flips_.erase(index);
  if (write_fault) inject(index, write_fault());
}

void MailboxSram::inject(uint32_t index, uint64_t flips) {
  index %= words;
  uint64_t& all = flips_[index];
  all ^= flips & word_mask;
  if (all == 0) flips_.erase(index);
}

void MailboxSram::damage(uint32_t index, uint64_t flips) {
  flips_.erase(index % words);
  inject(index, flips);
}

void MailboxSram::clear() {
  std::fill(bytes_.begin(), bytes_.end(), uint8_t{0});
  flips_.clear();
}

void MailboxSram::state(veer::StateStream& stream) {
  stream.section("mailbox sram", 1);
  stream.memory(bytes_);
  auto count = static_cast<uint32_t>(flips_.size());
  stream(count);
  if (count > words) return stream.fail("more words are damaged than there are");
  if (stream.saving()) {
    for (auto [index, flips] : flips_) {
      uint32_t word = index;
      stream(word);
      stream(flips);
    }
    return;
  }
  flips_.clear();
  for (uint32_t i = 0; i < count && stream.ok(); ++i) {
    uint32_t word = 0;
    uint64_t flips = 0;
    stream(word);
    stream(flips);
    if (stream.ok()) inject(word, flips);
  }
}

}  // namespace caliptra
