// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Which CSR instructions wait for the pipeline to empty, or make the next one wait (dec/csrdecode and
// el2_dec_decode_ctl.sv).
//
// Measured: csrr_*, csrw_*, csrs* of timing/rtl/microbench-results.txt: 1 cycle each, 3 where they synchronize.

#pragma once

#include <cstdint>

namespace veer {

/// Reads of these wait until older instructions have retired.
constexpr bool csr_waits_before_read(uint32_t number) {
  switch (number) {
    case 0x320:  // mcountinhibit
    case 0x7a1:  // mtdata1
    case 0x7c2:  // mcpc
    case 0x7f9:  // mfdc
      return true;
    default:
      // minstret, mhpmcounter3..6 and their upper halves
      return ((number & 0xf7f) >= 0xb02 && (number & 0xf7f) <= 0xb06);
  }
}

/// After any access to these the next instruction waits until it has retired.
constexpr bool csr_holds_next(uint32_t number) {
  switch (number) {
    case 0x300:  // mstatus
    case 0x305:  // mtvec
    case 0x320:  // mcountinhibit
    case 0x341:  // mepc
    case 0x7a1:  // mtdata1
    case 0x7a2:  // mtdata2
    case 0x7c0:  // mrac
    case 0x7c2:  // mcpc
    case 0x7c4:  // dmst
    case 0x7f9:  // mfdc
      return true;
    default: return false;
  }
}

/// An instruction that reads and writes always does both.
struct CsrSync {
  bool before = false;
  bool after = false;
};

constexpr CsrSync csr_sync(uint32_t number, bool reads, bool writes) {
  const bool both = reads && writes;
  return {.before = both || (reads && csr_waits_before_read(number)), .after = both || csr_holds_next(number)};
}

/// The value of a CSR is read this many cycles after the last instruction that only wrote one, at the earliest.
constexpr uint32_t csr_write_to_read = 4;

/// Counters and timers are read as an instruction is decoded, but written as it retires: what is written counts so many
/// cycles later than what is read at the same time. Measured: `csrw mcycle` and `mitcnt0`, then `csrr`.
constexpr uint32_t csr_write_lag = 2;

/// A timer's interrupt is taken before the instruction that is decoded so many cycles before the timer's pulse.
/// Measured: internal timers over code in the ICCM.
constexpr uint32_t timer_interrupt_lead = 1;

/// A write to mpmc halts the hart so many cycles later. Measured: mcycle, which stands still while it is halted.
constexpr uint32_t halt_delay = 3;

/// From a store that the bus refuses to its NMI, beyond what it comes to the bus later than a load: six or eight
/// further instructions are executed. Measured: stores to addresses that nothing decodes, from ROM and ICCM.
constexpr uint32_t store_error_cycles = 5;

}  // namespace veer
