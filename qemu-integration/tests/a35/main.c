// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the tests let the Cortex-A35s run: it says on UART12 that it runs, and then talks to Caliptra's runtime through
// the mailbox in the APB window. WORK is a number of rounds of arithmetic, to see how fast the cores are; with ALONE=1
// there is no Caliptra to talk to. With NONSECURE both worlds say which user the mailbox takes them for, and no more.

#include <stddef.h>
#include <stdint.h>

#ifndef WORK
#define WORK 0
#endif
#ifndef ALONE
#define ALONE 0
#endif
#ifndef NONSECURE
#define NONSECURE 0
#endif

static volatile uint32_t* const uart12 = (volatile uint32_t*)0x14c33b00;
static volatile uint32_t* const mailbox = (volatile uint32_t*)0x14c60000;
static volatile uint32_t* const soc_ifc = (volatile uint32_t*)0x14c70000;
static volatile uint32_t* const scu1_cptra_ctrl = (volatile uint32_t*)0x14c02130;

// Words of the mailbox.
enum { LOCK = 0, USER = 1, COMMAND = 2, LENGTH = 3, DATAIN = 4, DATAOUT = 5, EXECUTE = 6, STATUS = 7 };
enum { DATA_READY = 1 };

volatile uint32_t refused_accesses;

static uint32_t response[2048];

static void put(char character) {
  while ((uart12[5] & 0x20) == 0) {
  }
  uart12[0] = (uint8_t)character;
}

static void say(const char* text) {
  for (; *text != '\0'; ++text) {
    if (*text == '\n') put('\r');
    put(*text);
  }
}

static void say_hex(uint32_t value) {
  for (int shift = 28; shift >= 0; shift -= 4) put("0123456789abcdef"[(value >> shift) & 15]);
}

// Runtime commands begin with a checksum: 0 minus the bytes of the command and of what follows the checksum.
static uint32_t checksum(uint32_t command, const uint32_t* payload, size_t words) {
  uint32_t sum = 0;
  for (int shift = 0; shift < 32; shift += 8) sum += (command >> shift) & 0xff;
  for (size_t i = 1; i < words; ++i) {
    for (int shift = 0; shift < 32; shift += 8) sum += (payload[i] >> shift) & 0xff;
  }
  return 0 - sum;
}

// With the lock: the bytes of the response, or 0 if there is none.
static uint32_t execute_locked(uint32_t command, uint32_t* payload, size_t words) {
  payload[0] = checksum(command, payload, words);
  mailbox[COMMAND] = command;
  mailbox[LENGTH] = (uint32_t)(4 * words);
  for (size_t i = 0; i < words; ++i) mailbox[DATAIN] = payload[i];
  mailbox[EXECUTE] = 1;
  uint32_t status = 0;
  do {
    status = mailbox[STATUS] & 15;
  } while (status == 0);
  uint32_t size = 0;
  if (status == DATA_READY) {
    size = mailbox[LENGTH];
    for (uint32_t i = 0; i < (size + 3) / 4; ++i) {
      const uint32_t word = mailbox[DATAOUT];
      if (i < sizeof response / sizeof response[0]) response[i] = word;
    }
  }
  mailbox[EXECUTE] = 0;
  return size;
}

static uint32_t execute(uint32_t command, uint32_t* payload, size_t words) {
  while (mailbox[LOCK] & 1) {
  }
  return execute_locked(command, payload, words);
}

static void show_response(const char* name, uint32_t size, uint32_t words) {
  say(name);
  say(": ");
  say_hex(size);
  say(" bytes");
  for (uint32_t i = 0; i < words; ++i) {
    put(' ');
    say_hex(response[i]);
  }
  say("\n");
}

static void work(void) {
  uint64_t state = 1;
  for (uint64_t left = WORK; left != 0; --left) state = state * 6364136223846793005u + 1442695040888963407u;
  say("work ");
  say_hex((uint32_t)(state >> 32));
  say("\n");
}

static void talk_to_caliptra(void) {
  say("A35: CPTRA_CTRL ");
  say_hex(*scu1_cptra_ctrl);
  say(" CPTRA_BOOT_STATUS ");
  say_hex(soc_ifc[0x38 / 4]);
  say("\n");

  uint32_t fw_info[1] = {0};
  show_response("A35: FW_INFO", execute(0x494e464f, fw_info, 1), 4);

  uint32_t quote[9] = {0};
  for (uint32_t i = 1; i < 9; ++i) quote[i] = 0x11111111 * i;
  const uint32_t size = execute(0x50435251, quote, 9);
  show_response("A35: QUOTE_PCRS", size, 2);
  // The nonce comes back behind the PCRs.
  uint32_t nonce = 0;
  for (uint32_t i = 0; i + 8 <= size / 4 && i + 8 <= 2048; ++i) {
    if (response[i] == quote[1] && response[i + 7] == quote[8]) nonce = 1;
  }
  say(nonce ? "A35: the nonce is in the quote\n" : "A35: no nonce\n");

  // The bus has no byte lanes.
  (void)*(volatile uint8_t*)mailbox;
  say("A35: refused accesses ");
  say_hex(refused_accesses);
  say("\n");
}

// Whom the mailbox takes this world for, if it lets it in.
static void say_user(const char* world) {
  const uint32_t before = refused_accesses;
  say(world);
  const uint32_t lock = mailbox[LOCK] & 1;
  if (refused_accesses != before) {
    say(" refused\n");
  } else if (lock) {
    say(" has no lock\n");
  } else {
    say(" is user ");
    say_hex(mailbox[USER]);
    say("\n");
    uint32_t fw_info[1] = {0};
    show_response("A35: FW_INFO", execute_locked(0x494e464f, fw_info, 1), 0);
  }
}

void a35_nonsecure_main(void) {
  say_user("A35: non-secure");
  say("A35: done\n");
}

void a35_main(void) {
  if (NONSECURE) {
    say_user("A35: secure");
    return;
  }
  say("A35: running\n");
  if (WORK != 0) work();
  if (!ALONE) talk_to_caliptra();
  say("A35: done\n");
}
