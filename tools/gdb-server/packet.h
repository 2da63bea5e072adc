// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Packets of gdb's remote serial protocol (appendix E of gdb's manual): `$payload#checksum`.

#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace caliptra::gdb {

/// The longest payload that is taken or sent. qSupported tells gdb.
inline constexpr std::size_t packet_size = 0x4000;

/// What a debugger has sent.
struct Received {
  enum class Kind : uint8_t {
    packet,       ///< `payload` as it was on the wire, escapes included
    interrupt,    ///< 0x03 between packets: stop
    acknowledge,  ///< '+'
    retransmit,   ///< '-'
    corrupt,      ///< a packet with a wrong checksum, or one that another one interrupted
    oversize,     ///< a packet whose payload is longer than packet_size
  };
  Kind kind;
  std::string payload;
};

/// Takes bytes and gives packets. It never holds more than packet_size bytes, and finds the next packet after any
/// rubbish.
class PacketReader {
 public:
  /// Takes the next byte; tells what it completes, if anything.
  [[nodiscard]] std::optional<Received> take(uint8_t byte);

  /// Forgets a packet that has begun.
  void clear();

 private:
  enum class Place : uint8_t { outside, payload, first_digit, second_digit };
  Place place_ = Place::outside;
  std::string payload_;
  bool oversize_ = false;
  uint8_t sum_ = 0;
  std::optional<unsigned> first_digit_;
};

/// Frames a payload, which must be free of '$', '#', '}' and '*' (see escape()).
[[nodiscard]] std::string frame(std::string_view payload);

/// Binary data as a payload carries it: '$', '#', '}' and '*' become '}' and the character xor 0x20.
[[nodiscard]] std::string escape(std::string_view bytes);

/// The opposite. A '}' at the very end is dropped.
[[nodiscard]] std::vector<uint8_t> unescape(std::string_view text);

/// Two digits a byte.
[[nodiscard]] std::string to_hex(std::span<const uint8_t> bytes);
[[nodiscard]] std::string to_hex(std::string_view text);

/// Nothing unless `text` is made of pairs of hexadecimal digits.
[[nodiscard]] std::optional<std::vector<uint8_t>> from_hex(std::string_view text);

/// A register: 4 bytes, the least significant first.
[[nodiscard]] std::string word_to_hex(uint32_t value);
[[nodiscard]] std::optional<uint32_t> word_from_hex(std::string_view text);

/// Takes a hexadecimal number of 1 to 8 significant digits off the front of `text`. Nothing, and `text` as it was, if
/// there is none.
[[nodiscard]] std::optional<uint32_t> take_number(std::string_view& text);

/// Takes `character` off the front of `text`, if it is there.
[[nodiscard]] bool take_character(std::string_view& text, char character);

}  // namespace caliptra::gdb
