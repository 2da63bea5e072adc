// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// SHA-256: blocks and chains waited for in sleep; what RTL 1.1 calls an error.

#include "blocks/blocks.h"

static const uint32_t abc[] = {0xba7816bf, 0x8f01cfea, 0x414140de, 0x5dae2223,
                               0xb00361a3, 0x96177a9c, 0xb410ff61, 0xf20015ad};

static void put_abc(void) {
  SHA256_BLOCK[0] = 0x61626380;
  for (int i = 1; i < 15; i++) SHA256_BLOCK[i] = 0;
  SHA256_BLOCK[15] = 24;
}

enum { SHA256 = 1u << SHA256_MODE_SHIFT, WINTERNITZ_ERROR = 1, TWO_COMMANDS = 2 };

int main(void) {
  heading("SHA-256");
  interrupts_open(SHA256_INTERRUPTS, SOURCE_SHA256_ERROR);
  check_triggers();

  put_abc();
  SHA256_CTRL = SHA256_INIT | SHA256;
  check_equal(SHA256_STATUS & STATUS_READY, 0, "it is busy");
  SHA256_CTRL = SHA256_INIT | SHA256;  // heard by nobody
  sleep();
  check_equal(notifications_seen(), INTERRUPT_CMD_DONE, "it says when it is done");
  check_words(SHA256_DIGEST, abc, 8, "with the digest of abc");
  let_interrupts_in();
  check_equal(notifications_seen(), 0, "a command in between was ignored");

  put_abc();
  SHA256_CTRL = SHA256_INIT | SHA256_NEXT | SHA256;
  sleep();
  wait_for(&SHA256_STATUS, STATUS_READY, "it is ready");
  let_interrupts_in();
  check_equal(errors_seen(), hardware_1_0() ? 0 : TWO_COMMANDS, "two commands at once");
  notifications_seen();

  if (!hardware_1_0()) {
    // A chain of w = 8 from a coefficient on: the last value needs no hash.
    for (int i = 0; i < 16; i++) SHA256_BLOCK[i] = 0;
    SHA256_BLOCK[5] = 0xfe << 8;
    SHA256_CTRL = SHA256_INIT | SHA256 | SHA256_WNTZ_MODE | SHA256_WNTZ_N_MODE | 8u << SHA256_WNTZ_W_SHIFT;
    sleep();
    wait_for(&SHA256_STATUS, STATUS_READY | STATUS_VALID, "the chain ends");
    check_equal(errors_seen(), 0, "without an error");
    check(notifications_seen() != 0, "and says so");
    SHA256_CTRL = SHA256_ZEROIZE;

    SHA256_CTRL = SHA256_INIT | SHA256 | SHA256_WNTZ_MODE | SHA256_WNTZ_N_MODE | 3u << SHA256_WNTZ_W_SHIFT;
    let_interrupts_in();
    check(errors_seen() & WINTERNITZ_ERROR, "3 is no w");
    SHA256_CTRL = SHA256_ZEROIZE;
  }
  interrupts_close();
  return report();
}
