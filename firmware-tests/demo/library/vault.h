// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The data vault: public values that stay when the core is reset, and that a lock keeps as they are.

#pragma once

#include <stdint.h>

#include "demo/library/crypto.h"
#include "runtime/registers.h"

static inline void vault_put_48(unsigned entry, const uint32_t* words) {
  copy_words(STICKY_DATA_VAULT_ENTRY(entry), words, WORDS_384);
}

static inline void vault_lock_48(unsigned entry) { STICKY_DATA_VAULT_CTRL[entry] = 1; }

static inline void vault_put_point(unsigned entry_x, unsigned entry_y, const uint32_t* x, const uint32_t* y) {
  vault_put_48(entry_x, x);
  vault_lock_48(entry_x);
  vault_put_48(entry_y, y);
  vault_lock_48(entry_y);
}
