// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Snapshots. Every class with state has one method, `void state(StateStream&)`, which both saves and
// restores: the stream knows which. So the two can't drift apart.

#pragma once

#include <algorithm>
#include <array>
#include <bit>
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
  enum class Mode : uint8_t { save, restore, advance };

  /// A stream that saves.
  StateStream() = default;

  /// A stream that restores from `bytes`, which must outlive it.
  explicit StateStream(std::span<const uint8_t> bytes) : mode_(Mode::restore), input_(bytes) {}

  /// A stream that only lets what was marked by time() and counter() go on, by `times` the steps of each, in order.
  StateStream(std::span<const uint64_t> steps, uint64_t times) : mode_(Mode::advance), steps_(steps), times_(times) {}

  [[nodiscard]] bool saving() const { return mode_ == Mode::save; }
  [[nodiscard]] bool restoring() const { return mode_ == Mode::restore; }
  [[nodiscard]] bool ok() const { return error_.empty(); }
  [[nodiscard]] const std::string& error() const { return error_; }

  /// Starts a named part. Restoring fails if the name or the version found there differs.
  void section(std::string_view name, uint32_t version);

  /// Integers, bools and enumerations.
  template <typename T>
  requires(std::is_integral_v<T> || std::is_enum_v<T>) void operator()(T& value) {
    if constexpr (std::is_same_v<T, bool>) {
      uint8_t byte = value;
      number(byte);
      value = byte != 0;
    } else if constexpr (std::is_enum_v<T>) {
      auto word = static_cast<std::underlying_type_t<T>>(value);
      (*this)(word);
      value = static_cast<T>(word);
    } else {
      number(value);
    }
  }

  // Integers that move on by themselves. Streams treat them like all others; iss/timing/repetition.h looks at the
  // marks.

  /// A cycle.
  void time(uint64_t& value) {
    mark(value, 0);
    (*this)(value);
  }
  /// One that only grows, and means something modulo `size` (a power of two).
  template <typename T>
  void counter(T& value, uint32_t size) {
    mark(value, size);
    (*this)(value);
  }
  struct Mark {
    uint64_t value;
    std::size_t position;  ///< in the output
    uint8_t width;
    uint32_t size;  ///< 0: a time
  };
  /// Saving: what was marked.
  [[nodiscard]] const std::vector<Mark>& marks() const { return marks_; }

  /// Fixed arrays, element by element.
  template <typename T, std::size_t count>
  void operator()(std::array<T, count>& values) {
    if constexpr (std::is_integral_v<T> && !std::is_same_v<T, bool> && std::endian::native == std::endian::little) {
      // The same, at once.
      copy(reinterpret_cast<uint8_t*>(values.data()), sizeof values);
    } else {
      for (T& value : values) (*this)(value);
    }
  }

  /// A block of bytes whose size both sides know.
  void bytes(std::span<uint8_t> block) { copy(block.data(), block.size()); }

  /// The same for a memory. Restoring writes only those of its pages that differ, and tells `restored` of each
  /// (offset and size in bytes): little changes between a snapshot and its restore when it is restored often.
  template <typename Restored>
  void memory(std::span<uint8_t> block, Restored&& restored) {
    if (saving()) return bytes(block);
    if (mode_ == Mode::advance || !holds(block.size())) return;
    const uint8_t* saved = input_.data() + position_;
    for (std::size_t at = 0; at < block.size(); at += page_size) {
      const std::size_t size = std::min(page_size, block.size() - at);
      if (std::memcmp(block.data() + at, saved + at, size) == 0) continue;
      std::memcpy(block.data() + at, saved + at, size);
      restored(at, size);
    }
    position_ += block.size();
  }
  void memory(std::span<uint8_t> block) {
    memory(block, [](std::size_t, std::size_t) {});
  }

  /// What memory() compares at a time, in bytes.
  static constexpr std::size_t page_size = 1024;

  /// A vector of integers whose length is part of the state; `limit` (in elements) bounds what is restored.
  template <typename T>
  requires std::is_integral_v<T>
  void vector(std::vector<T>& values, std::size_t limit) {
    uint64_t count = values.size();
    number(count);
    if (!ok()) return;
    if (count > limit) return fail("a list is longer than it can be");
    if (restoring()) {
      if (!holds(count * sizeof(T))) return;
      values.resize(count);
    }
    if constexpr (sizeof(T) == 1) {
      bytes({reinterpret_cast<uint8_t*>(values.data()), values.size()});
    } else {
      for (T& value : values) (*this)(value);
    }
  }

  /// Records an error, unless one has been recorded already.
  void fail(std::string_view reason);

  /// Restoring: fails unless everything has been read.
  void finish();

  /// Saving: what has been written so far.
  [[nodiscard]] const std::vector<uint8_t>& output() const { return output_; }
  [[nodiscard]] std::vector<uint8_t> take_output() { return std::move(output_); }

 private:
  template <typename T>
  void mark(T& value, uint32_t size) {
    if (saving()) marks_.push_back({value, output_.size(), sizeof(T), size});
    if (mode_ == Mode::advance && next_step_ < steps_.size()) {
      value = static_cast<T>(value + steps_[next_step_++] * times_);
    }
  }

  /// Integers are little-endian in the stream, whatever the host is.
  template <typename T>
  void number(T& value) {
    if constexpr (std::endian::native == std::endian::little) {
      copy(reinterpret_cast<uint8_t*>(&value), sizeof value);
    } else {
      std::array<uint8_t, sizeof value> little = std::bit_cast<std::array<uint8_t, sizeof value>>(value);
      std::reverse(little.begin(), little.end());
      copy(little.data(), little.size());
      std::reverse(little.begin(), little.end());
      value = std::bit_cast<T>(little);
    }
  }

  /// Whether `size` bytes are left to restore from; an error where they aren't.
  bool holds(std::size_t size) {
    if (ok() && input_.size() - position_ < size) fail("it ends too early");
    return ok();
  }

  void copy(uint8_t* block, std::size_t size) {
    if (size == 0 || !ok() || mode_ == Mode::advance) return;
    if (saving()) {
      const std::size_t at = output_.size();
      output_.resize(at + size);
      std::memcpy(output_.data() + at, block, size);
    } else if (holds(size)) {
      std::memcpy(block, input_.data() + position_, size);
      position_ += size;
    }
  }

  Mode mode_ = Mode::save;
  std::span<const uint8_t> input_;
  std::size_t position_ = 0;
  std::vector<uint8_t> output_;
  std::vector<Mark> marks_;
  std::span<const uint64_t> steps_;
  std::size_t next_step_ = 0;
  uint64_t times_ = 0;
  std::string section_ = "start";
  std::string error_;
};

}  // namespace veer
