// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What a glitch does to one instruction. Deterministic: what is random comes from the variant's number.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "iss/hart.h"

namespace caliptra::glitch {

enum class FaultKind : uint8_t {
  skip,           ///< the instruction isn't executed
  register_flip,  ///< one bit of a register that it reads is inverted before it
  memory_flip,    ///< one bit of the ICCM or DCCM word that it loads from is inverted before it
  opcode_flip,    ///< one bit of its encoding is inverted, this once
  branch,         ///< a conditional branch goes the other way
};

/// By its name on command lines: skip, register, memory, opcode, branch.
[[nodiscard]] std::optional<FaultKind> fault_named(std::string_view name);
[[nodiscard]] std::string_view name(FaultKind kind);
[[nodiscard]] std::span<const FaultKind> all_faults();

/// An instruction of the undisturbed run.
struct Point {
  uint32_t pc = 0;
  uint32_t opcode = 0;
  uint32_t loaded = 0;  ///< the address that it loads from, if that is in ICCM or DCCM; otherwise 0
};

/// Whether the fault can happen there: branches need a conditional branch, registers one that is read, memory a load.
[[nodiscard]] bool applies(FaultKind kind, const Point& point);

/// Does it to a hart that is about to execute the instruction at `point`. `rom`, at address 0, is what the hart has
/// mapped; an opcode fault changes it and maps it again. Returns what was done, for people ("bit 3 of a0"). After an
/// opcode fault one instruction has to be executed, and then undo() called.
std::string apply(FaultKind kind, uint32_t variant, const Point& point, veer::Hart& hart, std::span<uint8_t> rom);

/// The end of an opcode fault; nothing for others.
void undo(FaultKind kind, const Point& point, veer::Hart& hart, std::span<uint8_t> rom);

}  // namespace caliptra::glitch
