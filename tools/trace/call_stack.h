// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The calls that are under way, followed from the instructions themselves (RISC-V unprivileged specification, "Return
// address stack": which registers a call and a return use), so that it needs no symbols and no frame pointers, through
// traps and interrupts, and from ROM to FMC to runtime.

#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "iss/clock.h"
#include "iss/observer.h"
#include "tools/trace/code_map.h"

namespace caliptra::trace {

class CallStack : public veer::Observer {
 public:
  enum class Kind : uint8_t { image, call, trap };
  struct Frame {
    Kind kind = Kind::call;
    uint32_t entry = 0;           ///< where it begins: of the image, the function, the handler
    uint32_t return_address = 0;  ///< of a trap: where it happened
    uint32_t cause = 0;           ///< of a trap: mcause
    uint32_t detail = 0;          ///< of a trap: mscause
    uint64_t begin = 0;           ///< cycle
  };

  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void pushed(const Frame& frame) = 0;
    /// In reverse order of pushed().
    virtual void popped(const Frame& frame, uint64_t end) = 0;
  };

  /// Both must outlive it.
  CallStack(const CodeMap& code, const veer::Clock& clock);

  void add(Listener& listener) { listeners_.push_back(&listener); }

  [[nodiscard]] std::span<const Frame> frames() const { return frames_; }

  void issued(uint32_t pc, uint32_t opcode) override;
  void retired(uint32_t pc, uint32_t opcode, uint32_t next_pc) override;
  void trapped(uint32_t pc, uint32_t mcause, uint32_t mscause, uint32_t mtval, uint32_t handler) override;

  /// The hart was reset: what was under way is over, and the next instruction begins anew.
  void reset();

  /// The run is over.
  void finish() { pop_to(0); }

 private:
  void push(const Frame& frame);
  void pop_to(std::size_t depth);
  void enter_image(uint32_t pc);
  void call(uint32_t target, uint32_t return_address);
  void jump(uint32_t target);
  void return_to(uint32_t target);
  void return_from_trap();
  void note_entry(uint32_t address);
  [[nodiscard]] bool is_entry(uint32_t address) const;
  [[nodiscard]] bool is_other_function(uint32_t target) const;

  const CodeMap& code_;
  const veer::Clock& clock_;
  std::vector<Listener*> listeners_;
  std::vector<Frame> frames_;
  bool starts_ = true;
  uint64_t too_deep_ = 0;         // calls beyond the deepest that is followed
  std::vector<bool> entries_[2];  // what was called before, by halfword: ROM and ICCM
};

}  // namespace caliptra::trace
