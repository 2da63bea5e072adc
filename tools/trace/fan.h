// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <vector>

#include "iss/observer.h"

namespace caliptra::trace {

/// Hands everything on to several observers, in the order in which they were added.
class Fan : public veer::Observer {
 public:
  void add(veer::Observer& observer) { observers_.push_back(&observer); }

  void remove(const veer::Observer& observer) { std::erase(observers_, &observer); }

  /// The one observer where there is one only, so that nothing stands between; null where there is none.
  [[nodiscard]] veer::Observer* best() {
    if (observers_.empty()) return nullptr;
    return observers_.size() == 1 ? observers_.front() : this;
  }

  void issued(uint32_t pc, uint32_t opcode) override {
    for (veer::Observer* each : observers_) each->issued(pc, opcode);
  }
  void retired(uint32_t pc, uint32_t opcode, uint32_t next_pc) override {
    for (veer::Observer* each : observers_) each->retired(pc, opcode, next_pc);
  }
  void load(uint32_t address, unsigned width, uint32_t value) override {
    for (veer::Observer* each : observers_) each->load(address, width, value);
  }
  void store(uint32_t address, unsigned width, uint32_t value) override {
    for (veer::Observer* each : observers_) each->store(address, width, value);
  }
  void trapped(uint32_t pc, uint32_t mcause, uint32_t mscause, uint32_t mtval, uint32_t handler) override {
    for (veer::Observer* each : observers_) each->trapped(pc, mcause, mscause, mtval, handler);
  }

 private:
  std::vector<veer::Observer*> observers_;
};

}  // namespace caliptra::trace
