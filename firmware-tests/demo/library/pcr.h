// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Measurements: PCRs, and the log that says what went into them.

#pragma once

#include <stdint.h>

/// A PCR becomes SHA-384(PCR, words).
void pcr_extend(unsigned pcr, const void* bytes, uint32_t count);

/// Extends two PCRs, and writes a log entry PCR_LOG_. `full` is the error if there is no room for that.
void pcr_measure(unsigned current, unsigned journey, uint16_t id, const void* bytes, uint32_t count, uint32_t full);

void pcr_clear(unsigned pcr);

/// It can be extended, but not be cleared until the next reset.
void pcr_lock(unsigned pcr);
