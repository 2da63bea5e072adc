// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "demo/library/der.h"

#include "demo/library/crypto.h"

static void put(struct der* der, uint8_t byte) { *--der->at = byte; }

void der_bytes(struct der* der, const void* bytes, uint32_t count) {
  while (count) put(der, ((const uint8_t*)bytes)[--count]);
}

void der_header(struct der* der, uint8_t tag, const uint8_t* end) {
  uint32_t size = end - der->at;
  put(der, size);
  if (size >= 0x100) {
    put(der, size >> 8);
    put(der, 0x82);
  } else if (size >= 0x80) {
    put(der, 0x81);
  }
  put(der, tag);
}

void der_element(struct der* der, uint8_t tag, const void* bytes, uint32_t count) {
  const uint8_t* end = der->at;
  der_bytes(der, bytes, count);
  der_header(der, tag, end);
}

void der_number(struct der* der, const uint32_t* words) {
  uint8_t bytes[1 + 4 * WORDS_384];
  bytes[0] = 0;
  words_to_bytes(bytes + 1, words, WORDS_384);
  // The shortest form whose top bit is 0.
  unsigned first = 0;
  while (first < sizeof bytes - 1 && bytes[first] == 0 && bytes[first + 1] < 0x80) first++;
  der_element(der, DER_INTEGER, bytes + first, sizeof bytes - first);
}

static const uint8_t* length(const uint8_t* at, uint32_t* size) {
  uint8_t first = *at++;
  *size = first;
  if (first & 0x80) {
    *size = 0;
    for (unsigned i = first & 0x7f; i; i--) *size = *size << 8 | *at++;
  }
  return at;
}

const uint8_t* der_contents(const uint8_t* element) {
  uint32_t size;
  return length(element + 1, &size);
}

const uint8_t* der_next(const uint8_t* element) {
  uint32_t size;
  const uint8_t* contents = length(element + 1, &size);
  return contents + size;
}
