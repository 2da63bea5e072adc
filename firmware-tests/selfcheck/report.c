// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "selfcheck/selfcheck.h"

static unsigned passed;
static unsigned failed;

void heading(const char* name) {
  print(name);
  print("\n");
}

void check(bool good, const char* what) {
  if (good) {
    passed++;
  } else {
    failed++;
  }
  print(good ? "  ok    " : "  FAIL  ");
  print(what);
  print("\n");
}

static void show(const char* what, const volatile uint32_t* words, unsigned count) {
  print(what);
  for (unsigned i = 0; i < count; i++) {
    print(" ");
    print_hex(words[i]);
  }
  print("\n");
}

void check_words(const volatile uint32_t* got, const uint32_t* want, unsigned words, const char* what) {
  bool good = words_equal(got, want, words);
  check(good, what);
  if (!good) {
    show("          got ", got, words);
    show("          want", want, words);
  }
}

void check_equal(uint32_t got, uint32_t want, const char* what) { check_words(&got, &want, 1, what); }

void note(const char* what, uint32_t value) {
  print("        ");
  print(what);
  print(" ");
  print_hex(value);
  print("\n");
}

bool report(void) {
  if (failed) {
    print("selfcheck: ");
    print_decimal(failed);
    print(" of ");
    print_decimal(passed + failed);
    print(" checks FAILED\n");
  } else {
    print("selfcheck: ");
    print_decimal(passed);
    print(" checks passed\n");
  }
  return failed == 0;
}

bool wait_for(volatile uint32_t* status, uint32_t mask, const char* what) {
  uint32_t start = csr_read(mcycle);
  while ((*status & mask) != mask) {
    if (csr_read(mcycle) - start > 10000000) {
      check(false, what);
      note("the status stays at", *status);
      return false;
    }
  }
  return true;
}

void copy_words(volatile uint32_t* to, const volatile uint32_t* from, unsigned words) {
  for (unsigned i = 0; i < words; i++) to[i] = from[i];
}

bool words_equal(const volatile uint32_t* a, const volatile uint32_t* b, unsigned words) {
  bool equal = true;
  for (unsigned i = 0; i < words; i++) equal &= a[i] == b[i];
  return equal;
}
