// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Snapshots. Every class with state has one method, `void state(StateStream&)`, which both saves and
// restores: the stream knows which. So the two can't drift apart.

#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace veer {

/// A flat, versioned, little-endian byte stream. Errors are sticky: after the first, every further
/// operation does nothing, restored values stay as they were, and error() says what went wrong.
class StateStream {
 public:
  enum class Mode : uint8_t { save, restore };

  /// A stream that saves.
  StateStream() = default;

  /// A stream that restores from `bytes`, which must outlive it.
  explicit StateStream(std::span<const uint8_t> bytes) : mode_(Mode::restore), input_(bytes) {}

  [[nodiscard]] bool saving() const { return mode_ == Mode::save; }
  [[nodiscard]] bool restoring() const { return mode_ == Mode::restore; }
  [[nodiscard]] bool ok() const { return error_.empty(); }
  [[nodiscard]] const std::string& error() const { return error_; }

  /// Starts a named part. Restoring fails if the name or the version found there differs.
  void section(std::string_view name, uint32_t version);

  /// Integers, bools and enumerations.
  template <typename T>
    requires(std::is_integral_v<T> || std::is_enum_v<T>)
  void operator()(T& value) {
    uint64_t word = static_cast<uint64_t>(value);
    number(word, sizeof(T));
    if (restoring() && ok()) value = static_cast<T>(word);
  }

  /// Fixed arrays, element by element.
  template <typename T, std::size_t count>
  void operator()(std::array<T, count>& values) {
    for (T& value : values) (*this)(value);
  }

  /// A block of bytes whose size both sides know.
  void bytes(std::span<uint8_t> block);

  /// A vector of integers whose length is part of the state; `limit` (in elements) bounds what is restored.
  template <typename T>
    requires std::is_integral_v<T>
  void vector(std::vector<T>& values, std::size_t limit) {
    uint64_t count = values.size();
    number(count, sizeof count);
    if (!ok()) return;
    if (count > limit) return fail("a list is longer than it can be");
    if (restoring()) values.resize(count);
    for (T& value : values) (*this)(value);
  }

  /// Records an error, unless one has been recorded already.
  void fail(std::string_view reason);

  /// Restoring: fails unless everything has been read.
  void finish();

  /// Saving: what has been written so far.
  [[nodiscard]] const std::vector<uint8_t>& output() const { return output_; }
  [[nodiscard]] std::vector<uint8_t> take_output() { return std::move(output_); }

 private:
  void number(uint64_t& value, std::size_t size);

  Mode mode_ = Mode::save;
  std::span<const uint8_t> input_;
  std::size_t position_ = 0;
  std::vector<uint8_t> output_;
  std::string section_ = "start";
  std::string error_;
};

}  // namespace veer
