// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the runtime can do, by command.

#include "demo/contract/commands.h"

#include "demo/contract/status.h"
#include "demo/library/crypto.h"
#include "demo/library/mailbox.h"
#include "demo/library/self_test.h"
#include "demo/runtime/runtime.h"

enum { ANY_SIZE = 0, CAPABILITY_ROM = 1u << 0, CAPABILITY_RUNTIME = 1u << 0 };

static bool self_tested;

uint32_t respond_with_words(uint32_t at, const volatile uint32_t* words, uint32_t count) {
  while (count--) MAILBOX_RESPONSE[at++] = byte_swap(*words++);
  return at;
}

uint32_t respond_with_bytes(uint32_t at, const void* words, uint32_t count) {
  copy_words(MAILBOX_RESPONSE + at, words, count);
  return at + count;
}

static uint32_t capabilities(uint32_t bytes, uint32_t* error) {
  (void)bytes, (void)error;
  // 128 bits, the most significant first: the upper half is the runtime's, the lower the ROM's.
  static const uint32_t bits[] = {0, CAPABILITY_RUNTIME, 0, CAPABILITY_ROM};
  return 4 * respond_with_words(2, bits, 4);
}

static uint32_t version(uint32_t bytes, uint32_t* error) {
  (void)bytes, (void)error;
  enum { MODE_FIPS = 0x46495053 };
  uint32_t words[] = {MODE_FIPS, CPTRA_HW_REV_ID, CPTRA_FW_REV_ID[0], CPTRA_FW_REV_ID[1]};
  uint32_t at = respond_with_bytes(2, words, 4);
  return 4 * respond_with_bytes(at, "Caliptra demo", 3);
}

static uint32_t self_test_start(uint32_t bytes, uint32_t* error) {
  (void)bytes;
  *error = self_test_run();
  self_tested = *error == 0;
  return RESPONSE_HEADER;
}

static uint32_t self_test_results(uint32_t bytes, uint32_t* error) {
  (void)bytes;
  if (!self_tested) *error = ERROR_SELF_TEST_NOT_STARTED;
  self_tested = false;
  return RESPONSE_HEADER;
}

static uint32_t echo(uint32_t bytes, uint32_t* error) {
  (void)error;
  if (bytes > MAILBOX_BYTES - REQUEST_HEADER) bytes = MAILBOX_BYTES - REQUEST_HEADER;
  // The response's header is one word longer.
  for (uint32_t i = (bytes + 3) / 4; i >= 2; i--) MAILBOX_RESPONSE[i] = MAILBOX_REQUEST[i - 1];
  return bytes + RESPONSE_HEADER - REQUEST_HEADER;
}

static const struct command {
  uint32_t number;
  uint32_t request_bytes;
  uint32_t (*execute)(uint32_t bytes, uint32_t* error);
} commands[] = {
    {FW_INFO, REQUEST_HEADER, command_firmware_information},
    {CAPABILITIES, REQUEST_HEADER, capabilities},
    {VERSION, REQUEST_HEADER, version},
    {ECHO, ANY_SIZE, echo},
    {GET_IDEV_INFO, REQUEST_HEADER, command_get_idevid_key},
    {GET_LDEV_CERT, REQUEST_HEADER, command_get_ldevid_certificate},
    {GET_FMC_ALIAS_CERT, REQUEST_HEADER, command_get_fmc_certificate},
    {GET_RT_ALIAS_CERT, REQUEST_HEADER, command_get_runtime_certificate},
    {QUOTE_PCRS, REQUEST_HEADER + 32, command_quote_pcrs},
    {SELF_TEST_START, REQUEST_HEADER, self_test_start},
    {SELF_TEST_GET_RESULTS, REQUEST_HEADER, self_test_results},
};

/// The ROM takes the new bundle out of the mailbox after the reset.
static void start_update(void) {
  INTERNAL_FW_UPDATE_RESET_WAIT_CYCLES = 5;
  INTERNAL_FW_UPDATE_RESET = 1;
  for (;;) {
  }
}

static uint32_t respond(uint32_t number, uint32_t bytes, uint32_t* error) {
  const struct command* command = commands;
  while (command->number != number) {
    if (++command == commands + sizeof commands / sizeof *commands) {
      *error = ERROR_UNIMPLEMENTED_COMMAND;
      return 0;
    }
  }
  bool size_is_right = command->request_bytes == ANY_SIZE ? bytes >= REQUEST_HEADER : bytes == command->request_bytes;
  if (!size_is_right || bytes > MAILBOX_BYTES) {
    *error = ERROR_REQUEST;
  } else if (!mailbox_checksum_is_right(number, bytes)) {
    *error = ERROR_CHECKSUM;
  }
  return *error ? 0 : command->execute(bytes, error);
}

void command_execute(void) {
  uint32_t number = MBOX_CMD, error = 0, size = 0;
  CPTRA_FW_ERROR_NON_FATAL = 0;
  if (MBOX_USER == (uint32_t)RESERVED_USER) {
    error = ERROR_RESERVED_USER;
  } else if (number == FIRMWARE_LOAD) {
    start_update();
  } else {
    size = respond(number, MBOX_DLEN, &error);
  }
  if (error) {
    CPTRA_FW_ERROR_NON_FATAL = error;
    mailbox_finish(MBOX_STATUS_CMD_FAILURE);
  } else {
    mailbox_respond(size);
  }
}
