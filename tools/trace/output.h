// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where the lines of a trace go: a large buffer, which another thread writes to the file while the next one fills.

#pragma once

#include <condition_variable>
#include <cstddef>
#include <functional>
#include <mutex>
#include <string_view>
#include <thread>
#include <vector>

namespace caliptra::trace {

/// Text on its way to a file. The bytes that arrive depend on what is put in alone.
class Output {
 public:
  /// No line, and nothing that is put in at once, is longer.
  static constexpr std::size_t longest = 4096;

  /// `write` takes the bytes in order, from a thread of its own, and is false when it fails; nothing is written after
  /// that. `on_failure` is called once, by the thread that fills.
  Output(std::function<bool(std::string_view)> write, std::function<void()> on_failure);
  ~Output();
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  /// Room for `longest` bytes.
  [[nodiscard]] char* reserve() {
    if (end_ - at_ < static_cast<std::ptrdiff_t>(longest)) flush();
    return at_;
  }
  /// What was put at reserve() ends here.
  void commit(char* end) { at_ = end; }

  void put(std::string_view text);

  /// Writes what is left, and waits for it. False if anything has failed.
  bool close();

 private:
  void flush();
  void work();
  void hand_over();

  std::function<bool(std::string_view)> write_;
  std::function<void()> on_failure_;
  std::vector<char> filling_;
  std::vector<char> writing_;
  char* at_ = nullptr;
  char* end_ = nullptr;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::size_t to_write_ = 0;  // bytes of writing_
  bool ends_ = false;
  bool failed_ = false;
  bool told_ = false;
  bool closed_ = false;
  std::thread writer_;
};

}  // namespace caliptra::trace
