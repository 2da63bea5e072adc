// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What a tracer, a coverage map or a profiler sees of a running hart.

#pragma once

#include <cstdint>

#include "iss/bus.h"

namespace veer {

/// Who looks on. A hart with an observer runs the observed instantiation of its loop, which calls these at the exact
/// clock.now() and Hart::instructions() of each instruction. An observer may read the hart and may call Hart::stop();
/// it must not write to it.
class Observer {
 public:
  virtual ~Observer() = default;

  /// An instruction is about to execute. `opcode` holds 16 bits for a compressed one (its low bits are not 11).
  virtual void issued(uint32_t pc, uint32_t opcode) { (void)pc, (void)opcode; }

  /// The instruction has completed without a trap; execution goes on at `next_pc`. Hart::x() shows its results.
  virtual void retired(uint32_t pc, uint32_t opcode, uint32_t next_pc) { (void)pc, (void)opcode, (void)next_pc; }

  /// A load or store of `width` bytes has completed on memory or on the bus. Loads that fail are not reported;
  /// stores are reported when they are issued, before their write buffer can fail.
  virtual void load(uint32_t address, unsigned width, uint32_t value) { (void)address, (void)width, (void)value; }
  virtual void store(uint32_t address, unsigned width, uint32_t value) { (void)address, (void)width, (void)value; }

  /// An exception, interrupt or NMI is taken: `pc` is what mepc receives, `handler` where execution goes on.
  virtual void trapped(uint32_t pc, uint32_t mcause, uint32_t mscause, uint32_t mtval, uint32_t handler) {
    (void)pc, (void)mcause, (void)mscause, (void)mtval, (void)handler;
  }
};

}  // namespace veer
