// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Where a program's cycles go: by call path, by function, by source line.

#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "iss/clock.h"
#include "iss/observer.h"
#include "tools/trace/call_stack.h"
#include "tools/trace/code_map.h"

namespace caliptra::profile {

/// A function as it was called from one path. Nodes name their parents by number; a parent's is the lower one.
struct Node {
  uint32_t parent = 0;  ///< the root is its own
  std::string name;
  uint64_t self = 0;   ///< cycles of its own instructions
  uint64_t total = 0;  ///< and of everything it called
  uint64_t calls = 0;
  uint64_t instructions = 0;  ///< of its own
  bool trap = false;          ///< an exception's or interrupt's handler
};

/// A row of the hot-spot table.
struct HotSpot {
  std::string name;
  std::string place;  ///< "file.c:12", where it is known
  uint64_t self = 0;
  uint64_t total = 0;  ///< 0 for lines
  uint64_t calls = 0;  ///< 0 for lines
  uint64_t instructions = 0;
};

/// Counts while a hart runs. Has to be told of each instruction after the call stack that it follows.
class Profiler : public veer::Observer, public trace::CallStack::Listener {
 public:
  /// Both must outlive it.
  Profiler(const trace::CodeMap& code, const veer::Clock& clock);

  void issued(uint32_t pc, uint32_t opcode) override;
  void pushed(const trace::CallStack::Frame& frame) override;
  void popped(const trace::CallStack::Frame& frame, uint64_t end) override;
  void finish();

  /// The call tree, the root first ("all"), children behind their parents. Valid after finish().
  [[nodiscard]] std::vector<Node> tree() const;

  /// Functions by their own cycles, most first.
  [[nodiscard]] std::vector<HotSpot> functions() const;
  /// Source lines by their cycles, most first; without symbols single instructions.
  [[nodiscard]] std::vector<HotSpot> lines() const;

  [[nodiscard]] uint64_t cycles() const { return cycles_; }

 private:
  struct Place {
    uint32_t parent = 0;
    uint32_t entry = 0;
    trace::CallStack::Kind kind = trace::CallStack::Kind::image;
    uint32_t cause = 0;
    uint32_t detail = 0;
    uint64_t self = 0;
    uint64_t calls = 0;
    uint64_t instructions = 0;
  };
  struct Cell {
    uint64_t cycles = 0;
    uint64_t instructions = 0;
  };
  [[nodiscard]] Cell* cell(uint32_t pc);
  [[nodiscard]] std::string name_of(const Place& place) const;
  void account(uint64_t now);

  const trace::CodeMap& code_;
  const veer::Clock& clock_;
  std::vector<Place> places_;
  std::unordered_map<uint64_t, std::vector<uint32_t>> children_;  // by parent and entry
  uint32_t current_ = 0;
  uint32_t last_place_ = 0;
  Cell* last_cell_ = nullptr;
  uint64_t last_cycle_ = 0;
  uint64_t cycles_ = 0;
  bool running_ = false;
  std::vector<Cell> cells_[2];  // by halfword: ROM and ICCM
};

/// Lines as Brendan Gregg's flamegraph.pl takes them: "ROM;main;hash 1234", by cycles.
std::string collapsed_stacks(std::span<const Node> tree);

/// A table for people: the hottest functions and the hottest lines.
std::string hot_spot_table(const Profiler& profiler, std::size_t rows);

}  // namespace caliptra::profile
