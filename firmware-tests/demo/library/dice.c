// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "demo/library/dice.h"

#include "demo/contract/handoff.h"
#include "runtime/registers.h"

enum { MESSAGE_MAX = 160 };

static uint32_t kdf_message(uint8_t* message, const char* label, const uint8_t* context, uint32_t context_bytes) {
  uint32_t size = 0;
  message[size++] = 0;
  message[size++] = 0;
  message[size++] = 0;
  message[size++] = 1;
  while (*label) message[size++] = *label++;
  if (context_bytes) message[size++] = 0;
  for (uint32_t i = 0; i < context_bytes; i++) message[size++] = context[i];
  return size;
}

void dice_derive(unsigned key_entry, const char* label, const void* context, uint32_t context_bytes, unsigned entry) {
  uint8_t message[MESSAGE_MAX] __attribute__((aligned(4)));
  uint32_t size = kdf_message(message, label, context, context_bytes);
  hmac384_to_vault(KEY_IN_VAULT(key_entry), message, size, entry, DEST_HMAC_KEY | DEST_ECC_SEED);
}

void dice_make_key(unsigned cdi_entry, const char* label, unsigned private_entry, struct ecc_point* public_key) {
  dice_derive(cdi_entry, label, 0, 0, KEY_TEMPORARY);
  ecc384_keygen(KEY_IN_VAULT(KEY_TEMPORARY), private_entry, public_key);
  key_clear(KEY_TEMPORARY);
}

bool dice_sign(unsigned private_entry, const struct ecc_point* public_key, const void* bytes, uint32_t count,
               struct ecc_signature* signature) {
  uint32_t digest[WORDS_384];
  sha384(bytes, count, digest);
  ecc384_sign(KEY_IN_VAULT(private_entry), digest, signature);
  return ecc384_verify(public_key, digest, signature);
}
