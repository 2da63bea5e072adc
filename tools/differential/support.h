// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The code around a random program, the same on every machine: it loads the registers, logs traps and goes on behind
// them, and writes down what there is at the end.

#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "tools/differential/program.h"

namespace caliptra::differential {

/// The blocks of layout.h, one after the other.
using Image = std::vector<uint8_t>;

/// The memory with which `program` starts, or why it can't.
std::variant<Image, std::string> make_image(const Program& program);

/// Where a program is entered, with any registers: Layout::support.
constexpr uint32_t entry_point = 0x40002000;
/// Trap handler, also for NMIs.
constexpr uint32_t trap_handler = 0x40002100;
/// Where the program goes at its end.
constexpr uint32_t end_point = 0x40002200;
/// Stores to stop_register, for a machine that has nowhere else to go on.
constexpr uint32_t stop_point = 0x40002380;
constexpr uint32_t stop_register = 0x30000000;
/// How many traps there were.
constexpr uint32_t trap_count_address = 0x50010014;

uint32_t word_at(const Image& image, uint32_t address);
void set_word(Image& image, uint32_t address, uint32_t value);

/// Takes away what may differ: where the end returned to, and what only the trap handler saved.
void normalize(Image& image);

/// What differs between two outcomes, in words; empty if nothing does.
std::string describe_difference(const Image& ours, const Image& theirs);

}  // namespace caliptra::differential
