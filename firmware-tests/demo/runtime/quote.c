// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A quote: all PCRs and the asker's nonce, signed by the FMC's alias.

#include "demo/library/crypto.h"
#include "demo/library/mailbox.h"
#include "demo/runtime/runtime.h"
#include "runtime/registers.h"

enum { NONCE_WORDS = 8 };

uint32_t command_quote_pcrs(uint32_t bytes, uint32_t* error) {
  (void)bytes, (void)error;
  uint32_t nonce[NONCE_WORDS], digest[WORDS_384];
  struct ecc_signature signature;
  copy_words(nonce, MAILBOX_REQUEST + 1, NONCE_WORDS);

  while (!(SHA512_GEN_PCR_HASH_STATUS & STATUS_READY)) {
  }
  for (unsigned i = 0; i < NONCE_WORDS; i++) SHA512_GEN_PCR_HASH_NONCE[i] = byte_swap(nonce[i]);
  SHA512_GEN_PCR_HASH_CTRL = 1;
  while (!(SHA512_GEN_PCR_HASH_STATUS & STATUS_VALID)) {
  }
  copy_words(digest, SHA512_GEN_PCR_HASH_DIGEST, WORDS_384);
  // The block stays locked until a message begins.
  SHA512_CTRL = SHA512_INIT;
  ecc384_sign_pcrs(&signature);

  uint32_t at = 2;
  for (unsigned pcr = 0; pcr < PCR_COUNT; pcr++) at = respond_with_words(at, PCR_ENTRY(pcr), PCR_WORDS);
  at = respond_with_bytes(at, nonce, NONCE_WORDS);
  at = respond_with_words(at, digest, WORDS_384);
  // How often each PCR was reset: never, as no command does it.
  for (unsigned pcr = 0; pcr < PCR_COUNT; pcr++) MAILBOX_RESPONSE[at++] = 0;
  at = respond_with_words(at, signature.r, WORDS_384);
  at = respond_with_words(at, signature.s, WORDS_384);
  return 4 * at;
}
