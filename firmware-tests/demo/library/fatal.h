// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The end of a boot that cannot go on.

#pragma once

#include <stdint.h>

/// Puts the error into CPTRA_FW_ERROR_FATAL, makes engines and key vault forget, and from then on fails every mailbox
/// command, until a reset.
void fatal(uint32_t error) __attribute__((noreturn));

/// The errors of a stage's traps; each stage defines its own.
struct stage_errors {
  uint32_t nmi;
  uint32_t exception;
  uint32_t watchdog;
};
extern const struct stage_errors stage_errors;

/// Where traps end: the entries in library/trap.S call it with how the stage came there.
struct trap_state {
  uint32_t cause;
  uint32_t secondary_cause;
  uint32_t pc;
  uint32_t return_address;
};
void on_exception(const struct trap_state* state) __attribute__((noreturn));
void on_nmi(const struct trap_state* state) __attribute__((noreturn));
