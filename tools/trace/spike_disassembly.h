// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace caliptra::trace {

/// The instruction as Spike writes it in its log: the mnemonic in 8 columns, targets relative to the pc, the common
/// short forms ("bge     t0, t1, pc - 92", "csrw    mtvec, t0", "ret").
std::string spike_disassembly(uint32_t opcode);

/// The CSR as Spike calls it, and VeeR's own ones as VeeR does; empty where there is none.
std::string_view spike_csr_name(uint32_t number);

/// What Spike calls a trap with this mcause ("trap_load_access_fault", "interrupt #7").
std::string spike_trap_name(uint32_t mcause);

/// Whether Spike's log has a line with tval for it.
bool spike_trap_has_tval(uint32_t mcause);

}  // namespace caliptra::trace
