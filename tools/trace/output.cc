// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/trace/output.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace caliptra::trace {
namespace {

// Large enough that the threads seldom meet, small enough for a second-level cache.
constexpr std::size_t buffer_size = 512 * 1024;

}  // namespace

Output::Output(std::function<bool(std::string_view)> write, std::function<void()> on_failure)
    : write_(std::move(write)), on_failure_(std::move(on_failure)), filling_(buffer_size), writing_(buffer_size) {
  at_ = filling_.data();
  end_ = at_ + buffer_size;
  writer_ = std::thread([this] { work(); });
}

Output::~Output() { close(); }

void Output::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return to_write_ != 0 || ends_; });
    if (to_write_ == 0) return;
    const std::size_t size = to_write_;
    const bool skip = failed_;
    lock.unlock();
    const bool written = skip || write_({writing_.data(), size});
    lock.lock();
    failed_ |= !written;
    to_write_ = 0;
    changed_.notify_all();
  }
}

/// Gives the filled buffer to the writer, once that is done with the other one.
void Output::hand_over() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return to_write_ == 0; });
  std::swap(filling_, writing_);
  to_write_ = static_cast<std::size_t>(at_ - writing_.data());
  changed_.notify_all();
  at_ = filling_.data();
  end_ = at_ + buffer_size;
}

void Output::flush() {
  hand_over();
  bool tell = false;
  {
    const std::lock_guard lock(mutex_);
    tell = failed_ && !told_;
    told_ |= failed_;
  }
  if (tell) on_failure_();
}

void Output::put(std::string_view text) {
  while (!text.empty()) {
    const std::string_view part = text.substr(0, longest);
    char* const at = reserve();
    std::memcpy(at, part.data(), part.size());
    commit(at + part.size());
    text.remove_prefix(part.size());
  }
}

bool Output::close() {
  if (closed_) return !failed_;
  closed_ = true;
  hand_over();
  {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return to_write_ == 0; });
    ends_ = true;
    changed_.notify_all();
  }
  writer_.join();
  return !failed_;
}

}  // namespace caliptra::trace
