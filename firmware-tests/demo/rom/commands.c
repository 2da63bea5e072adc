// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the ROM answers while it waits for its bundle. What it does not understand ends the boot.

#include "demo/contract/commands.h"

#include "demo/library/fatal.h"
#include "demo/library/mailbox.h"
#include "demo/library/pcr.h"
#include "demo/library/self_test.h"
#include "demo/library/watchdog.h"
#include "demo/rom/rom.h"
#include "runtime/console.h"

enum { REQUEST_HEADER = 4, RESPONSE_HEADER = 8, CAPABILITY_ROM = 1 };

struct measurement_request {
  uint32_t checksum;
  uint8_t metadata[4];
  uint8_t measurement[48];
  uint8_t context[48];
  uint32_t svn;
};

static void check_request(uint32_t command, uint32_t bytes) {
  if (MBOX_DLEN != bytes) fatal(ERROR_ROM_REQUEST_LENGTH);
  if (!mailbox_checksum_is_right(command, bytes)) fatal(ERROR_ROM_CHECKSUM);
}

static void copy_bytes(uint8_t* to, const uint8_t* from, uint32_t count) {
  while (count--) *to++ = *from++;
}

static void stash_measurement(void) {
  struct measurement_request request;
  if (HANDOFF->measurement_log_entries >= MEASUREMENT_LOG_MAX) fatal(ERROR_TOO_MANY_MEASUREMENTS);
  check_request(STASH_MEASUREMENT, sizeof request);
  copy_words((uint32_t*)&request, MAILBOX_REQUEST, sizeof request / 4);
  pcr_extend(PCR_STASHED, request.measurement, sizeof request.measurement);
  struct measurement_log_entry* entry = &MEASUREMENT_LOG[HANDOFF->measurement_log_entries++];
  *entry = (struct measurement_log_entry){
      .pcr_entry = {.id = PCR_LOG_STASHED, .pcrs = 1u << PCR_STASHED},
      .svn = request.svn,
  };
  copy_bytes(entry->pcr_entry.data, request.measurement, sizeof request.measurement);
  copy_bytes(entry->metadata, request.metadata, sizeof request.metadata);
  copy_bytes(entry->context, request.context, sizeof request.context);
  MAILBOX_RESPONSE[2] = 0;  // success
  mailbox_respond(RESPONSE_HEADER + 4);
}

static void capabilities(void) {
  // 128 bits, the most significant first
  for (unsigned i = 2; i < 5; i++) MAILBOX_RESPONSE[i] = 0;
  MAILBOX_RESPONSE[5] = byte_swap(CAPABILITY_ROM);
  mailbox_respond(RESPONSE_HEADER + 16);
}

static void self_test(void) {
  uint32_t error = self_test_run();
  if (error) fatal(error);
  mailbox_respond(RESPONSE_HEADER);
}

static void answer(uint32_t command) {
  static bool tested;
  if (command != STASH_MEASUREMENT) check_request(command, REQUEST_HEADER);
  if (command == STASH_MEASUREMENT) {
    stash_measurement();
  } else if (command == CAPABILITIES) {
    capabilities();
  } else if (command == SELF_TEST_START) {
    self_test();
    tested = true;
  } else if (command == SELF_TEST_GET_RESULTS && tested) {
    mailbox_respond(RESPONSE_HEADER);
    tested = false;
  } else if (command == SELF_TEST_GET_RESULTS) {
    mailbox_finish(MBOX_STATUS_CMD_FAILURE);
  } else if (command == SHUTDOWN) {
    mailbox_respond(RESPONSE_HEADER);
    fatal(ERROR_SHUTDOWN);
  }
}

static bool is_known(uint32_t command) {
  return command == STASH_MEASUREMENT || command == CAPABILITIES || command == SELF_TEST_START ||
         command == SELF_TEST_GET_RESULTS || command == SHUTDOWN;
}

uint32_t wait_for_bundle(void) {
  print("[rom] ready for firmware\n");
  CPTRA_FLOW_STATUS |= FLOW_STATUS_READY_FOR_FW;
  for (;;) {
    watchdog_start();
    if (!mailbox_command_waits()) continue;
    CPTRA_FW_ERROR_NON_FATAL = 0;
    if (MBOX_USER == (uint32_t)RESERVED_USER) fatal(ERROR_ROM_RESERVED_USER);
    uint32_t command = MBOX_CMD;
    if (command == FIRMWARE_LOAD) break;
    if (!is_known(command)) fatal(ERROR_ROM_COMMAND);
    answer(command);
  }
  uint32_t bytes = MBOX_DLEN;
  if (bytes < sizeof(struct manifest) || bytes > MAILBOX_BYTES) fatal(ERROR_BUNDLE_SIZE);
  print("[rom] bundle of ");
  print_decimal(bytes);
  print(" bytes\n");
  return bytes;
}
