// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What every check_*.c uses: to report, to wait, and to drive engines that more than one of them needs.

#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "runtime/console.h"
#include "runtime/csr.h"
#include "runtime/registers.h"
#include "runtime/trap.h"

enum { WORDS_384 = 12 };

// --- Reporting: report.c ---

/// Starts the checks of one block.
void heading(const char* name);

/// Counts a check and prints how it went.
void check(bool good, const char* what);
void check_equal(uint32_t got, uint32_t want, const char* what);
void check_words(const volatile uint32_t* got, const uint32_t* want, unsigned words, const char* what);

/// Says what was found, without judging it.
void note(const char* what, uint32_t value);

/// Prints the sum; true if nothing failed.
bool report(void);

// --- Waiting ---

/// Waits until all bits of `mask` are set. False, and a failed check, if that takes more than ten million cycles.
bool wait_for(volatile uint32_t* status, uint32_t mask, const char* what);

void copy_words(volatile uint32_t* to, const volatile uint32_t* from, unsigned words);
bool words_equal(const volatile uint32_t* a, const volatile uint32_t* b, unsigned words);

// --- Engines ---

enum sha512_mode { SHA512_224 = 0, SHA512_256 = 1, SHA384 = 2, SHA512 = 3 };

/// Hashes whole words with the SHA-512 engine; the message is its words from the most significant byte on.
void sha512_words(enum sha512_mode mode, const volatile uint32_t* message, unsigned words, uint32_t* digest,
                  unsigned digest_words);

/// Where an engine gets a key from or puts a result to.
struct place {
  bool in_vault;
  uint32_t entry;         ///< of the key vault
  uint32_t destinations;  ///< DEST_* bits, for results
  const uint32_t* words;  ///< to read from, if not in the vault
  uint32_t* result;       ///< to write to, if not in the vault
};

#define FROM_WORDS(from) ((struct place){.words = (from)})
#define FROM_VAULT(slot) ((struct place){.in_vault = true, .entry = (slot)})
#define TO_WORDS(to) ((struct place){.result = (to)})
#define TO_VAULT(slot, dest) ((struct place){.in_vault = true, .entry = (slot), .destinations = (dest)})

/// HMAC-SHA-384 over 32 words at a time: `blocks` are already padded. True if the vault refused nothing.
bool hmac384(struct place key, const uint32_t* blocks, unsigned block_count, struct place tag);

/// The padded block of a message of twelve words, for HMAC.
void hmac384_pad_384(const uint32_t* message, uint32_t* block);

struct ecc_point {
  uint32_t x[WORDS_384];
  uint32_t y[WORDS_384];
};
struct ecc_signature {
  uint32_t r[WORDS_384];
  uint32_t s[WORDS_384];
};

bool ecc384_keygen(struct place seed, const uint32_t* nonce, struct place private_key, struct ecc_point* public_key);
bool ecc384_sign(struct place private_key, const uint32_t* digest, struct ecc_signature* signature);
bool ecc384_verify(const struct ecc_point* public_key, const uint32_t* digest, const struct ecc_signature* signature);

// --- The checks, one block each ---

void check_cpu(void);
void check_traps(void);
void check_iccm(void);
void check_timers(void);
void check_soc_ifc(void);
void check_watchdog(void);
void check_interrupts(void);
void check_sha512(void);
void check_sha256(void);
void check_hmac384(void);
void check_ecc384(void);
void check_key_vault(void);
void check_doe(void);
void check_pcr_vault(void);
void check_data_vault(void);
void check_mailbox(void);
void check_sha512_acc(void);
void check_trng(void);
