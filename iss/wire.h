// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A one-bit signal from one block to whoever soc/ connects it to.

#pragma once

#include <functional>
#include <utility>

namespace veer {

/// A level. The sink is called on changes only. Connect while a core is put together.
class Wire {
 public:
  void connect(std::function<void(bool)> sink) { sink_ = std::move(sink); }
  [[nodiscard]] bool level() const { return level_; }

  void set(bool level) {
    if (level == level_) return;
    level_ = level;
    if (sink_) sink_(level);
  }

  /// Restores a saved level without telling the sink, whose own state is restored too.
  void restore(bool level) { level_ = level; }

 private:
  std::function<void(bool)> sink_;
  bool level_ = false;
};

}  // namespace veer
