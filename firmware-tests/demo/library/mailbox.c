// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "demo/library/mailbox.h"

#include "runtime/registers.h"

bool mailbox_command_waits(void) { return (MBOX_STATUS >> MBOX_FSM_PS_SHIFT & 7) == MBOX_FSM_EXECUTE_UC; }

void mailbox_finish(uint32_t status) { MBOX_STATUS = status; }

// The sum of all bytes, four lanes at a time: 256 words fill a lane of 16 bits at most.
static uint32_t sum_of_bytes(const volatile uint32_t* words, uint32_t bytes) {
  uint32_t sum = 0;
  while (bytes >= 4) {
    uint32_t count = bytes / 4 < 256 ? bytes / 4 : 256;
    uint32_t even = 0, odd = 0;
    bytes -= 4 * count;
    while (count--) {
      uint32_t word = *words++;
      even += word & 0x00ff00ff;
      odd += word >> 8 & 0x00ff00ff;
    }
    sum += (even & 0xffff) + (even >> 16) + (odd & 0xffff) + (odd >> 16);
  }
  if (bytes) {
    uint32_t word = *words;
    for (; bytes; bytes--, word >>= 8) sum += word & 0xff;
  }
  return sum;
}

bool mailbox_checksum_is_right(uint32_t command, uint32_t bytes) {
  uint32_t sum = MAILBOX_REQUEST[0] + sum_of_bytes(MAILBOX_REQUEST + 1, bytes - 4);
  for (; command; command >>= 8) sum += command & 0xff;
  return sum == 0;
}

void mailbox_respond(uint32_t bytes) {
  MAILBOX_RESPONSE[1] = 0;
  MAILBOX_RESPONSE[0] = -sum_of_bytes(MAILBOX_RESPONSE + 1, bytes - 4);
  MBOX_DLEN = bytes;
  // The SoC gets only what went through MBOX_DATAIN, though it is all in place.
  for (uint32_t i = 0; i < (bytes + 3) / 4; i++) MBOX_DATAIN = MAILBOX_RESPONSE[i];
  mailbox_finish(MBOX_STATUS_DATA_READY);
}

void mailbox_send(const uint32_t* words, uint32_t bytes) {
  while (MBOX_LOCK & 1) {
  }
  MBOX_CMD = 0;
  MBOX_DLEN = bytes;
  for (uint32_t i = 0; i < (bytes + 3) / 4; i++) MBOX_DATAIN = words[i];
  MBOX_EXECUTE = 1;
}

void mailbox_await_taken(void) {
  // The SoC answers with a status; who asked ends the transaction.
  while ((MBOX_STATUS & 0xf) == 0) {
  }
  MBOX_EXECUTE = 0;
}
