// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The SHA accelerator: fed by the core, and reading the mailbox SRAM by itself.

#include "selfcheck/selfcheck.h"

enum { MESSAGE_BYTES = 200 };

// SHA-384 and SHA-512 of the bytes 1, 8, 15, ... (7 i + 1), 200 of them
static const uint32_t sha384_of_message[] = {
    0xbc15bdb8, 0xbb58fcb4, 0xf3aa0d49, 0x80b2af27, 0xde572045, 0xabfe61fb,
    0x0599f7a4, 0xc5b449d8, 0x8f8612b8, 0xac249283, 0x7637dfc6, 0xed4d6963,
};
static const uint32_t sha512_of_message[] = {
    0xf406d7af, 0x1ebe5b45, 0x17bf7d1c, 0x1ec07874, 0xb5df9ede, 0x1495c945, 0x0daca8ce, 0x37570bc2,
    0x76ba10cc, 0xa3d46881, 0x08e75cee, 0x557ec24e, 0x9cc15545, 0x243d6437, 0x8339351e, 0x9d12cb5e,
};

// SHA-512 of the same, but for the last byte
static const uint32_t sha512_of_199[] = {
    0x4ec63273, 0x89702384, 0xe174bbf6, 0x54fb6649, 0xba39b559, 0x9a172955, 0x4a3ee119, 0x4583b7f7,
    0x3a41fff5, 0x40d747e2, 0x1a8f6242, 0x1f8f64b0, 0x54549dc8, 0x973faaa7, 0x2405bad6, 0x5654b9a2,
};

static uint8_t message_byte(unsigned i) { return 7 * i + 1; }

static uint32_t message_word_big_endian(unsigned i) {
  return (uint32_t)message_byte(4 * i) << 24 | message_byte(4 * i + 1) << 16 | message_byte(4 * i + 2) << 8 |
         message_byte(4 * i + 3);
}

static uint32_t message_word_little_endian(unsigned i) {
  return message_byte(4 * i) | message_byte(4 * i + 1) << 8 | message_byte(4 * i + 2) << 16 |
         (uint32_t)message_byte(4 * i + 3) << 24;
}

static bool take_lock(void) {
  SHA512_ACC_LOCK = 1;  // it comes out of reset taken
  return SHA512_ACC_LOCK == 0 && SHA512_ACC_LOCK == 1;
}

static void check_streaming(uint32_t mode, unsigned bytes, const uint32_t* want, unsigned words, const char* what) {
  take_lock();
  SHA512_ACC_MODE = mode;
  SHA512_ACC_DLEN = bytes;
  for (unsigned i = 0; i < (bytes + 3) / 4; i++) SHA512_ACC_DATAIN = message_word_big_endian(i);
  SHA512_ACC_EXECUTE = 1;
  wait_for(&SHA512_ACC_STATUS, SHA512_ACC_VALID, "the accelerator finishes");
  check_words(SHA512_ACC_DIGEST, want, words, what);
}

static void check_from_mailbox(uint32_t mode, uint32_t start, const uint32_t* want, unsigned words, const char* what) {
  take_lock();
  SHA512_ACC_MODE = mode;
  SHA512_ACC_START_ADDRESS = start;
  SHA512_ACC_DLEN = MESSAGE_BYTES;
  SHA512_ACC_EXECUTE = 1;
  wait_for(&SHA512_ACC_STATUS, SHA512_ACC_VALID, "the accelerator finishes");
  check_words(SHA512_ACC_DIGEST, want, words, what);
}

void check_sha512_acc(void) {
  heading("SHA accelerator");
  check(take_lock(), "its lock is taken by reading");
  check_streaming(SHA512_ACC_STREAM_384, MESSAGE_BYTES, sha384_of_message, 12, "SHA-384 of streamed data");
  check_streaming(SHA512_ACC_STREAM_512, MESSAGE_BYTES, sha512_of_message, 16, "SHA-512 of streamed data");
  check_streaming(SHA512_ACC_STREAM_512, MESSAGE_BYTES - 1, sha512_of_199, 16,
                  "SHA-512 of data that ends within a word");

  (void)MBOX_LOCK;
  for (unsigned i = 0; i < MESSAGE_BYTES / 4; i++) {
    MAILBOX_SRAM[i] = message_word_big_endian(i);
    MAILBOX_SRAM[(0x18000 >> 2) + i] = message_word_little_endian(i);
  }
  check_from_mailbox(SHA512_ACC_MAILBOX_384 | SHA512_ACC_ENDIAN_TOGGLE, 0, sha384_of_message, 12,
                     "SHA-384 of the mailbox, words as they are");
  check_from_mailbox(SHA512_ACC_MAILBOX_384, 0x18000, sha384_of_message, 12, "SHA-384 of the mailbox, bytes in order");
  check_from_mailbox(SHA512_ACC_MAILBOX_512, 0x18000, sha512_of_message, 16, "SHA-512 of the mailbox, bytes in order");
  MBOX_UNLOCK = 1;
  SHA512_ACC_CONTROL = 1;
  SHA512_ACC_LOCK = 1;
}
