// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Writes DER from the end to the start, so that a length is known when its header is written; and finds its way in DER.

#pragma once

#include <stdint.h>

enum {
  DER_INTEGER = 0x02,
  DER_BIT_STRING = 0x03,
  DER_OCTET_STRING = 0x04,
  DER_OBJECT_IDENTIFIER = 0x06,
  DER_UTF8_STRING = 0x0c,
  DER_PRINTABLE_STRING = 0x13,
  DER_GENERALIZED_TIME = 0x18,
  DER_SEQUENCE = 0x30,
  DER_SET = 0x31,
  DER_CONTEXT = 0x80,              // + number
  DER_CONTEXT_CONSTRUCTED = 0xa0,  // + number
};

/// Where the next bytes go: they end at `at`. There is no check for room: the sizes here are known.
struct der {
  uint8_t* at;
};

void der_bytes(struct der* der, const void* bytes, uint32_t count);

/// The header of what was written since `at` was `end`.
void der_header(struct der* der, uint8_t tag, const uint8_t* end);

/// Bytes with a header.
void der_element(struct der* der, uint8_t tag, const void* bytes, uint32_t count);

/// A number of 384 bits that is not negative.
void der_number(struct der* der, const uint32_t* words);

/// The contents of an element, and what is behind it.
const uint8_t* der_contents(const uint8_t* element);
const uint8_t* der_next(const uint8_t* element);
