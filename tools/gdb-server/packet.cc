// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/gdb-server/packet.h"

#include <fmt/format.h>

#include <utility>

namespace caliptra::gdb {
namespace {

constexpr uint8_t interrupt_byte = 0x03;
constexpr char escape_character = '}';
constexpr char escape_bit = 0x20;

std::optional<unsigned> digit(char character) {
  if (character >= '0' && character <= '9') return character - '0';
  if (character >= 'a' && character <= 'f') return character - 'a' + 10;
  if (character >= 'A' && character <= 'F') return character - 'A' + 10;
  return std::nullopt;
}

std::span<const uint8_t> bytes_of(std::string_view text) {
  return {reinterpret_cast<const uint8_t*>(text.data()), text.size()};
}

}  // namespace

void PacketReader::clear() {
  place_ = Place::outside;
  payload_.clear();
  oversize_ = false;
  sum_ = 0;
}

std::optional<Received> PacketReader::take(uint8_t byte) {
  const char character = static_cast<char>(byte);
  switch (place_) {
    case Place::outside:
      if (character == '$') place_ = Place::payload;
      if (character == '+') return Received{Received::Kind::acknowledge, ""};
      if (character == '-') return Received{Received::Kind::retransmit, ""};
      if (byte == interrupt_byte) return Received{Received::Kind::interrupt, ""};
      return std::nullopt;
    case Place::payload:
      if (character == '#') {
        place_ = Place::first_digit;
        return std::nullopt;
      }
      if (character == '$') {
        // The end of the packet before got lost.
        clear();
        place_ = Place::payload;
        return Received{Received::Kind::corrupt, ""};
      }
      sum_ = static_cast<uint8_t>(sum_ + byte);
      oversize_ = oversize_ || payload_.size() == packet_size;
      if (!oversize_) payload_ += character;
      return std::nullopt;
    case Place::first_digit:
      first_digit_ = digit(character);
      place_ = Place::second_digit;
      return std::nullopt;
    case Place::second_digit: break;
  }
  const std::optional<unsigned> second = digit(character);
  const bool right = first_digit_ && second && (*first_digit_ << 4 | *second) == sum_;
  Received received{Received::Kind::packet, std::exchange(payload_, {})};
  if (!right) received = {Received::Kind::corrupt, ""};
  if (oversize_) received = {Received::Kind::oversize, ""};
  clear();
  return received;
}

std::string frame(std::string_view payload) {
  uint8_t sum = 0;
  for (const uint8_t byte : bytes_of(payload)) sum = static_cast<uint8_t>(sum + byte);
  return fmt::format("${}#{:02x}", payload, sum);
}

std::string escape(std::string_view bytes) {
  std::string text;
  for (const char each : bytes) {
    if (each == '$' || each == '#' || each == '*' || each == escape_character) {
      text += escape_character;
      text += static_cast<char>(each ^ escape_bit);
    } else {
      text += each;
    }
  }
  return text;
}

std::vector<uint8_t> unescape(std::string_view text) {
  std::vector<uint8_t> bytes;
  bytes.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != escape_character) {
      bytes.push_back(static_cast<uint8_t>(text[i]));
    } else if (++i < text.size()) {
      bytes.push_back(static_cast<uint8_t>(text[i] ^ escape_bit));
    }
  }
  return bytes;
}

std::string to_hex(std::span<const uint8_t> bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * bytes.size());
  for (const uint8_t byte : bytes) {
    text += digits[byte >> 4];
    text += digits[byte & 15];
  }
  return text;
}

std::string to_hex(std::string_view text) { return to_hex(bytes_of(text)); }

std::optional<std::vector<uint8_t>> from_hex(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  std::vector<uint8_t> bytes;
  bytes.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const auto high = digit(text[i]);
    const auto low = digit(text[i + 1]);
    if (!high || !low) return std::nullopt;
    bytes.push_back(static_cast<uint8_t>(*high << 4 | *low));
  }
  return bytes;
}

std::string word_to_hex(uint32_t value) {
  const uint8_t bytes[] = {static_cast<uint8_t>(value), static_cast<uint8_t>(value >> 8),
                           static_cast<uint8_t>(value >> 16), static_cast<uint8_t>(value >> 24)};
  return to_hex(bytes);
}

std::optional<uint32_t> word_from_hex(std::string_view text) {
  const auto bytes = from_hex(text);
  if (!bytes || bytes->size() != 4) return std::nullopt;
  uint32_t value = 0;
  for (unsigned i = 0; i < 4; ++i) value |= uint32_t{(*bytes)[i]} << (8 * i);
  return value;
}

std::optional<uint32_t> take_number(std::string_view& text) {
  uint64_t value = 0;
  std::size_t used = 0;
  for (; used < text.size(); ++used) {
    const auto next = digit(text[used]);
    if (!next) break;
    value = value << 4 | *next;
    if (value > UINT32_MAX) return std::nullopt;
  }
  if (used == 0) return std::nullopt;
  text.remove_prefix(used);
  return static_cast<uint32_t>(value);
}

bool take_character(std::string_view& text, char character) {
  if (!text.starts_with(character)) return false;
  text.remove_prefix(1);
  return true;
}

}  // namespace caliptra::gdb
