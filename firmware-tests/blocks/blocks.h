// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the programs of this folder share: each drives one block by its interrupts, and into its errors. What blocks
// compute is checked by the self-check; these reuse its reporting.

#pragma once

#include "selfcheck/selfcheck.h"

#define INTERRUPT_ERROR_TRIG(block) REGISTER((block) + 0x1c)
#define INTERRUPT_ERROR_COUNT(block, event) REGISTER((block) + 0x100 + 4 * (event))

#define DOE_INTERRUPTS 0x10000800
#define HMAC384_INTERRUPTS 0x10010800
#define SHA512_ACC_INTERRUPTS 0x30021800
#define CPTRA_HW_ERROR_NON_FATAL REGISTER(0x30030004)

enum {
  SOURCE_DOE_NOTIF = 2,
  SOURCE_ECC_NOTIF = 4,
  SOURCE_HMAC384_NOTIF = 6,
  SOURCE_SHA512_ERROR = 9,
  SOURCE_SHA256_ERROR = 11,
  SOURCE_SOC_IFC_ERROR = 19,
  SOURCE_SHA512_ACC_NOTIF = 22,
  SOURCE_DOE_ERROR = 1,
  SOURCE_HMAC384_ERROR = 5,
  SOURCE_SHA512_ACC_ERROR = 21,
};

/// Lets the interrupts of a block through to the hart: `error_source` and the notification source behind it, for all
/// events. From here on what comes is counted, and taken back at the block.
void interrupts_open(uint32_t block, unsigned error_source);
void interrupts_close(void);

/// The events that came since the last call, as bits of error_internal_intr_r or notif_internal_intr_r.
uint32_t errors_seen(void);
uint32_t notifications_seen(void);

/// Sleeps (mpmc) until an interrupt has come, which may be already waiting. A program that sleeps for ever fails, for
/// nothing ends it.
void sleep(void);

/// Lets a waiting interrupt in, if there is one.
void let_interrupts_in(void);

/// One software trigger of each kind goes all the way: status, counter, PIC, handler.
void check_triggers(void);

/// Whether this is RTL 1.0.
bool hardware_1_0(void);
