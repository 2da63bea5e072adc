// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// ECC P-384: key generation, signing and verifying waited for in sleep; every input that it must refuse.

#include "blocks/blocks.h"

// The order of the group, and a message
static const uint32_t order[] = {
    0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff,
    0xc7634d81, 0xf4372ddf, 0x581a0db2, 0x48b0a77a, 0xecec196a, 0xccc52973,
};
static const uint32_t zero[WORDS_384];
static uint32_t seed[WORDS_384], private_key[WORDS_384], digest[WORDS_384];
static struct ecc_point public_key;
static struct ecc_signature signature;

// Runs a command; the events that came.
static void run(uint32_t command, uint32_t want_errors, const char* what) {
  notifications_seen();
  errors_seen();
  ECC_CTRL = command;
  sleep();
  wait_for(&ECC_STATUS, STATUS_READY, "ECC is ready");
  let_interrupts_in();
  check_equal(errors_seen(), want_errors, what);
  check_equal(notifications_seen(), want_errors ? 0 : INTERRUPT_CMD_DONE, "only success says that it is done");
}

static void afresh(void) {
  ECC_CTRL = ECC_ZEROIZE;
  wait_for(&ECC_STATUS, STATUS_READY, "ECC is ready");
}

static void refused_signing(const uint32_t* key, const char* what) {
  copy_words(ECC_PRIVKEY_IN, key, WORDS_384);
  copy_words(ECC_MSG, digest, WORDS_384);
  run(ECC_SIGNING, 1, what);
  check(words_equal(ECC_SIGN_R, zero, WORDS_384) && words_equal(ECC_SIGN_S, zero, WORDS_384), "there is no signature");
  afresh();
}

static void refused_verifying(const uint32_t* r, const uint32_t* s, const uint32_t* x, const uint32_t* y,
                              const char* what) {
  copy_words(ECC_PUBKEY_X, x, WORDS_384);
  copy_words(ECC_PUBKEY_Y, y, WORDS_384);
  copy_words(ECC_SIGN_R, r, WORDS_384);
  copy_words(ECC_SIGN_S, s, WORDS_384);
  copy_words(ECC_MSG, digest, WORDS_384);
  run(ECC_VERIFYING, 1, what);
  check(words_equal(ECC_VERIFY_R, zero, WORDS_384), "nothing is verified");
  afresh();
}

int main(void) {
  heading("ECC P-384");
  wait_for(&ECC_STATUS, STATUS_READY, "ECC is ready");
  interrupts_open(ECC_INTERRUPTS, SOURCE_ECC_ERROR);
  check_triggers();

  for (uint32_t i = 0; i < WORDS_384; i++) {
    seed[i] = 0x12345678 * (i + 1);
    digest[i] = 0x9abcdef1 * (i + 1);
  }
  copy_words(ECC_SEED, seed, WORDS_384);
  copy_words(ECC_NONCE, digest, WORDS_384);
  run(ECC_KEYGEN, 0, "a key is generated");
  copy_words(private_key, ECC_PRIVKEY_OUT, WORDS_384);
  copy_words(public_key.x, ECC_PUBKEY_X, WORDS_384);
  copy_words(public_key.y, ECC_PUBKEY_Y, WORDS_384);
  check(!words_equal(private_key, zero, WORDS_384), "the key is there");
  afresh();

  copy_words(ECC_PRIVKEY_IN, private_key, WORDS_384);
  copy_words(ECC_MSG, digest, WORDS_384);
  run(ECC_SIGNING, 0, "a digest is signed");
  copy_words(signature.r, ECC_SIGN_R, WORDS_384);
  copy_words(signature.s, ECC_SIGN_S, WORDS_384);
  afresh();

  copy_words(ECC_PUBKEY_X, public_key.x, WORDS_384);
  copy_words(ECC_PUBKEY_Y, public_key.y, WORDS_384);
  copy_words(ECC_SIGN_R, signature.r, WORDS_384);
  copy_words(ECC_SIGN_S, signature.s, WORDS_384);
  copy_words(ECC_MSG, digest, WORDS_384);
  run(ECC_VERIFYING, 0, "the signature is verified");
  check_words(ECC_VERIFY_R, signature.r, WORDS_384, "and is right");
  afresh();

  refused_signing(zero, "0 is no private key");
  refused_signing(order, "nor is the order");
  refused_verifying(zero, signature.s, public_key.x, public_key.y, "0 is no r");
  refused_verifying(order, signature.s, public_key.x, public_key.y, "the order is no r");
  refused_verifying(signature.r, zero, public_key.x, public_key.y, "0 is no s");
  refused_verifying(signature.r, order, public_key.x, public_key.y, "the order is no s");
  refused_verifying(signature.r, signature.s, public_key.x, public_key.x, "a point off the curve is no public key");
  check(INTERRUPT_ERROR_COUNT(ECC_INTERRUPTS, 0) >= 7, "the errors are counted");
  interrupts_close();
  return report();
}
