// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "demo/library/fatal.h"
#include "demo/rom/rom.h"

// The digest is over words with the most significant byte first, as official ROMs have it.
void check_integrity(void) {
  struct hash hash;
  uint32_t digest[WORDS_256];
  hash_begin(&hash, &sha256_engine);
  for (uint32_t at = 0; at < (uint32_t)&rom_info; at += 4) {
    uint32_t word = byte_swap(*(const volatile uint32_t*)at);
    hash_add(&hash, &word, sizeof word);
  }
  hash_end(&hash, digest);
  if (!words_equal(digest, rom_info.sha256, WORDS_256)) fatal(ERROR_ROM_INTEGRITY);
}
