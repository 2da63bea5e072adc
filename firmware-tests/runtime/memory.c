// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the compiler calls by itself.

#include <stddef.h>
#include <stdint.h>

void* memcpy(void* destination, const void* source, size_t count);
void* memset(void* destination, int value, size_t count);

void* memcpy(void* destination, const void* source, size_t count) {
  uint8_t* to = destination;
  const uint8_t* from = source;
  while (count--) *to++ = *from++;
  return destination;
}

void* memset(void* destination, int value, size_t count) {
  uint8_t* to = destination;
  while (count--) *to++ = value;
  return destination;
}
