// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What gdb is told of the target before it looks at it: its registers and its memories.

#pragma once

#include <cstdint>
#include <string>

#include "soc/core.h"

namespace caliptra::gdb {

/// gdb's number of pc; x0 to x31 are 0 to 31.
inline constexpr uint32_t pc_number = 32;

/// gdb's number of CSR 0; the others follow by their own numbers, as in gdb's own list of RISC-V registers.
inline constexpr uint32_t first_csr_number = 65;

/// target.xml: x0 to x31, pc, and every CSR of iss/csr_table.h by its name.
[[nodiscard]] std::string target_xml();

/// The memory map: ROM (so that gdb puts hardware breakpoints there), ICCM, DCCM, PIC, mailbox SRAM and blocks.
[[nodiscard]] std::string memory_map_xml(const Core& core);

}  // namespace caliptra::gdb
