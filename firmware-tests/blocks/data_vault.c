// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The data vault: all its entries and locks, and what a warm reset, asked for over the output wires, leaves of them. It
// has no interrupts.

#include "blocks/blocks.h"

enum { WARM_RESET = 1u << 1, TB_WARM_RESET = 0xf6 };

// Each kind of register: how many, of how many words, and which lock.
static const struct kind {
  const char* name;
  uint32_t words;
  uint32_t locks;  // 0 if there are none
  uint32_t count;
  uint32_t size;
  bool data_is_sticky;
  bool lock_is_sticky;
} kinds[] = {
    {"sticky entries", 0x1001c028, 0x1001c000, 10, 12, true, true},
    {"entries", 0x1001c230, 0x1001c208, 10, 12, true, false},
    {"lockable scratch registers", 0x1001c438, 0x1001c410, 10, 1, true, false},
    {"generic scratch registers", 0x1001c460, 0, 8, 1, false, false},
    {"sticky lockable scratch registers", 0x1001c4a0, 0x1001c480, 8, 1, true, true},
};
enum { KINDS = sizeof kinds / sizeof kinds[0] };

static uint32_t pattern(const struct kind* kind, uint32_t word) { return kind->words * 0x01000193 + word * 0x9e3779b9; }

static bool holds_pattern(const struct kind* kind) {
  bool good = true;
  for (uint32_t i = 0; i < kind->count * kind->size; i++) good &= REGISTERS(kind->words)[i] == pattern(kind, i);
  return good;
}

static bool holds_zeros(const struct kind* kind) {
  bool good = true;
  for (uint32_t i = 0; i < kind->count * kind->size; i++) good &= REGISTERS(kind->words)[i] == 0;
  return good;
}

// Writes something else everywhere; true if it came in exactly where `locked` says that it should.
static bool open_where_not(const struct kind* kind, uint32_t locked) {
  bool good = true;
  for (uint32_t i = 0; i < kind->count * kind->size; i++) {
    bool is_locked = locked >> i / kind->size & 1;
    REGISTERS(kind->words)[i] = ~pattern(kind, i);
    good &= REGISTERS(kind->words)[i] == (is_locked ? pattern(kind, i) : ~pattern(kind, i));
    if (!is_locked) REGISTERS(kind->words)[i] = pattern(kind, i);
  }
  return good;
}

static uint32_t locks_of(const struct kind* kind) {
  uint32_t locks = 0;
  for (uint32_t i = 0; kind->locks && i < kind->count; i++) locks |= (REGISTERS(kind->locks)[i] & 1) << i;
  return locks;
}

static uint32_t every_other(const struct kind* kind) {
  return kind->locks ? 0x55555555 & ((1u << kind->count) - 1) : 0;
}

static void before_the_reset(void) {
  for (const struct kind* kind = kinds; kind < kinds + KINDS; kind++) {
    print(kind->name);
    print("\n");
    check(holds_zeros(kind) && locks_of(kind) == 0, "start as 0 and open");
    for (uint32_t i = 0; i < kind->count * kind->size; i++) REGISTERS(kind->words)[i] = pattern(kind, i);
    check(holds_pattern(kind), "keep what is written");
    uint32_t locked = every_other(kind);
    for (uint32_t i = 0; i < kind->count; i++) {
      if (locked >> i & 1) REGISTERS(kind->locks)[i] = 1;
    }
    for (uint32_t i = 0; kind->locks && i < kind->count; i++) REGISTERS(kind->locks)[i] = 0;
    check_equal(locks_of(kind), locked, "have locks that stay");
    check(open_where_not(kind, locked), "each for itself");
  }
}

static void after_the_reset(void) {
  for (const struct kind* kind = kinds; kind < kinds + KINDS; kind++) {
    print(kind->name);
    print("\n");
    check(kind->data_is_sticky ? holds_pattern(kind) : holds_zeros(kind),
          kind->data_is_sticky ? "outlive a warm reset" : "are cleared by a warm reset");
    uint32_t locked = kind->lock_is_sticky ? every_other(kind) : 0;
    check_equal(locks_of(kind), locked, kind->lock_is_sticky ? "and so do their locks" : "and are open after it");
    check(open_where_not(kind, locked), "as writes show");
  }
}

int main(void) {
  heading("Data vault");
  if ((CPTRA_RESET_REASON & WARM_RESET) == 0) {
    before_the_reset();
    if (!report()) return false;
    CPTRA_GENERIC_OUTPUT_WIRES[0] = TB_WARM_RESET;
    for (;;) asm volatile("nop");
  }
  after_the_reset();
  return report();
}
