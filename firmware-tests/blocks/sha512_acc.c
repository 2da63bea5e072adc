// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The SHA accelerator: streams and mailbox memory, waited for in sleep; what its lock keeps.

#include "blocks/blocks.h"

static const uint32_t abc[] = {0xcb00753f, 0x45a35e8b, 0xb5a03d69, 0x9ac65007, 0x272c32ab, 0x0eded163,
                               0x1a8b605a, 0x43ff5bed, 0x8086072b, 0xa1e7cc23, 0x58baeca1, 0x34c825a7};

static void take_lock(void) {
  SHA512_ACC_LOCK = 1;
  check_equal(SHA512_ACC_LOCK, 0, "the lock is taken");
  check_equal(SHA512_ACC_LOCK, 1, "and only once");
}

int main(void) {
  heading("SHA accelerator");
  interrupts_open(SHA512_ACC_INTERRUPTS, SOURCE_SHA512_ACC_ERROR);
  check_triggers();

  take_lock();
  SHA512_ACC_MODE = SHA512_ACC_STREAM_384;
  SHA512_ACC_DLEN = 3;
  SHA512_ACC_DATAIN = 0x61626300;  // taken as it is; only the mailbox's memory is turned round
  SHA512_ACC_EXECUTE = 1;
  sleep();
  check_equal(notifications_seen(), INTERRUPT_CMD_DONE, "it says when it is done");
  check_words(SHA512_ACC_DIGEST, abc, WORDS_384, "with the digest of a stream");

  take_lock();
  check_equal(MBOX_LOCK, 0, "the mailbox is ours");
  MAILBOX_SRAM[100] = 0x00636261;
  SHA512_ACC_MODE = SHA512_ACC_MAILBOX_384;
  SHA512_ACC_START_ADDRESS = 400;
  SHA512_ACC_DLEN = 3;
  SHA512_ACC_EXECUTE = 1;
  sleep();
  check_equal(notifications_seen(), INTERRUPT_CMD_DONE, "it says when it is done");
  check_words(SHA512_ACC_DIGEST, abc, WORDS_384, "with the digest of the mailbox's memory");
  MBOX_UNLOCK = 1;

  SHA512_ACC_LOCK = 1;
  SHA512_ACC_DLEN = 77;
  check(SHA512_ACC_DLEN != 77, "without the lock nothing can be set");
  interrupts_close();
  return report();
}
