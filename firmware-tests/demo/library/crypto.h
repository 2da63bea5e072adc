// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The crypto engines. Digests, keys and signatures are words as the registers have them, the most significant first.
// Nothing here returns an engine's failure: that is fatal() (library/fatal.h).

#pragma once

#include <stdbool.h>
#include <stdint.h>

enum { WORDS_256 = 8, WORDS_384 = 12, BLOCK_WORDS = 32 };

struct ecc_point {
  uint32_t x[WORDS_384];
  uint32_t y[WORDS_384];
};

struct ecc_signature {
  uint32_t r[WORDS_384];
  uint32_t s[WORDS_384];
};

// ---- SHA-256 and SHA-384, of bytes ----

/// Which engine computes: a description that the library has.
struct hash_engine;
extern const struct hash_engine sha256_engine;
extern const struct hash_engine sha384_engine;

/// A message on its way. The engine holds the state: only one message at a time.
struct hash {
  const struct hash_engine* engine;
  uint32_t length;
  uint32_t block[BLOCK_WORDS];
};

void hash_begin(struct hash* hash, const struct hash_engine* engine);
void hash_add(struct hash* hash, const void* bytes, uint32_t count);
void hash_end(struct hash* hash, uint32_t* digest);

void sha256(const void* bytes, uint32_t count, uint32_t digest[WORDS_256]);
void sha384(const void* bytes, uint32_t count, uint32_t digest[WORDS_384]);

// ---- Keys: words, or an entry of the key vault, which only engines can read ----

struct key {
  const uint32_t* words;  ///< null: in the vault
  unsigned entry;
};
#define KEY_IN_VAULT(number) ((struct key){.words = 0, .entry = (number)})
#define KEY_OF_WORDS(array) ((struct key){.words = (array), .entry = 0})

/// Forgets an entry.
void key_clear(unsigned entry);

// ---- HMAC-384 ----

/// Into an entry, for these uses (DEST_ of runtime/registers.h).
void hmac384_to_vault(struct key key, const void* bytes, uint32_t count, unsigned entry, uint32_t uses);

/// The message is an entry of the vault too.
void hmac384_of_vault(unsigned key_entry, unsigned message_entry, unsigned entry, uint32_t uses);

/// To be seen.
void hmac384(struct key key, const void* bytes, uint32_t count, uint32_t tag[WORDS_384]);

// ---- ECC P-384 ----

/// The private key goes into an entry of the vault.
void ecc384_keygen(struct key seed, unsigned private_entry, struct ecc_point* public_key);
void ecc384_sign(struct key private_key, const uint32_t digest[WORDS_384], struct ecc_signature* signature);
bool ecc384_verify(const struct ecc_point* public_key, const uint32_t digest[WORDS_384],
                   const struct ecc_signature* signature);

/// Signs the digest that the PCR vault's hash has left, with the key in entry 7.
void ecc384_sign_pcrs(struct ecc_signature* signature);

// ---- Random numbers, from the internal TRNG or the SoC, as the hardware is made ----

void random_words(uint32_t words[WORDS_384]);

// ---- Words ----

static inline uint32_t byte_swap(uint32_t word) {
  uint32_t swapped;
  asm("rev8 %0, %1" : "=r"(swapped) : "r"(word));
  return swapped;
}

void copy_words(volatile uint32_t* to, const volatile uint32_t* from, unsigned count);
bool words_equal(const volatile uint32_t* one, const volatile uint32_t* other, unsigned count);
/// As bytes, the most significant first.
void words_to_bytes(uint8_t* bytes, const volatile uint32_t* words, unsigned count);

/// Makes all engines forget what they hold.
void crypto_zeroize(void);
