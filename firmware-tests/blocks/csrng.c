// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// CSRNG: all its commands, with the events that each raises. Its interrupt lines end at the block: Caliptra connects
// them to nothing, so the events are looked at in INTERRUPT_STATE.

#include "blocks/blocks.h"

#define CSRNG_INTERRUPT_STATE REGISTER(0x20002000)
#define CSRNG_INTERRUPT_TEST REGISTER(0x20002008)
#define CSRNG_MAIN_SM_STATE REGISTER(0x20002040)

enum {
  CSRNG_RESEED = 2,
  CSRNG_UPDATE = 4,
  CSRNG_UNKNOWN = 7,
  CMD_REQ_DONE = 1u << 0,
  ENTROPY_REQ = 1u << 1,
  MAX_WORDS = 4 * 20,
};

static const uint32_t seed[] = {
    0x01234567, 0x02468ace, 0x0369d035, 0x048d159c, 0x05b05b03, 0x06d3a06a,
    0x07f6e5d1, 0x091a2b38, 0x0a3d709f, 0x0b60b606, 0x0c83fb6d, 0x0da740d4,
};
// The second three blocks after an instantiation with it, as SP 800-90A's CTR_DRBG with AES-256 makes them
static const uint32_t second_output[] = {
    0xede1b455, 0x006debcc, 0xf9899c37, 0x34d69c43, 0x25bd418e, 0x24f3d112,
    0x758ffbee, 0xfd691e03, 0xd5c7cd3c, 0xd0b3cb50, 0x6c89c479, 0xd975bc4c,
};

static void enable(uint32_t on) { CSRNG_CTRL = on | on << 4 | on << 8; }

// Begins a command; flag0 true takes its seed from the words alone.
static void begin(uint32_t command, unsigned blocks, const uint32_t* words, unsigned count, uint32_t flag0) {
  CSRNG_INTERRUPT_STATE = 0xf;
  CSRNG_CMD_REQ = command | count << CSRNG_CLEN_SHIFT | flag0 << CSRNG_FLAG0_SHIFT | blocks << CSRNG_GLEN_SHIFT;
  for (unsigned i = 0; i < count; i++) CSRNG_CMD_REQ = words[i];
}

static void finish_command(const char* what) {
  wait_for(&CSRNG_INTERRUPT_STATE, CMD_REQ_DONE, what);
  check_equal(CSRNG_SW_CMD_STS, CSRNG_CMD_RDY, what);
}

static void run(uint32_t command, const uint32_t* words, unsigned count, uint32_t flag0, const char* what) {
  begin(command, 0, words, count, flag0);
  finish_command(what);
}

static void generate(unsigned blocks, uint32_t* words) {
  begin(CSRNG_GENERATE, blocks, 0, 0, MULTI_BIT_FALSE);
  for (unsigned i = 0; i < 4 * blocks; i++) {
    if (i % 4 == 0) wait_for(&CSRNG_GENBITS_VLD, 1, "there are random bits");
    words[i] = CSRNG_GENBITS;
  }
  finish_command("and that was all of them");
}

static void check_known_answer(void) {
  uint32_t words[MAX_WORDS];
  run(CSRNG_INSTANTIATE, seed, WORDS_384, MULTI_BIT_TRUE, "an instance is made from a given seed");
  check_equal(CSRNG_INTERRUPT_STATE & ENTROPY_REQ, 0, "without asking for entropy");
  generate(3, words);
  generate(3, words);
  check_words(words, second_output, WORDS_384, "and gives what its algorithm prescribes");
}

// The same commands twice give the same; each of them makes a difference.
static void check_state_changes(void) {
  static uint32_t first[5][MAX_WORDS], second[5][MAX_WORDS];
  for (int round = 0; round < 2; round++) {
    uint32_t(*words)[MAX_WORDS] = round ? second : first;
    run(CSRNG_UNINSTANTIATE, 0, 0, MULTI_BIT_FALSE, "the instance is given up");
    run(CSRNG_INSTANTIATE, seed, WORDS_384, MULTI_BIT_TRUE, "and made again");
    generate(20, words[0]);
    run(CSRNG_UPDATE, seed, 5, MULTI_BIT_FALSE, "it is updated");
    generate(1, words[1]);
    run(CSRNG_RESEED, seed, WORDS_384, MULTI_BIT_TRUE, "it is reseeded from given words");
    generate(1, words[2]);
    run(CSRNG_RESEED, seed, 1, MULTI_BIT_TRUE, "from one word");
    generate(1, words[3]);
    generate(1, words[4]);
  }
  bool same = true, different = true;
  for (int i = 0; i < 5; i++) {
    same &= words_equal(first[i], second[i], i ? 4 : MAX_WORDS);
    for (int j = 0; j < i; j++) different &= !words_equal(first[i], first[j], 4);
  }
  check(same, "the same commands give the same blocks");
  check(different, "and every command changes them");
}

static void check_entropy(void) {
  uint32_t first[MAX_WORDS], second[MAX_WORDS];
  run(CSRNG_UNINSTANTIATE, 0, 0, MULTI_BIT_FALSE, "the instance is given up");
  begin(CSRNG_INSTANTIATE, 0, 0, 0, MULTI_BIT_FALSE);
  wait_for(&CSRNG_INTERRUPT_STATE, ENTROPY_REQ, "an instance without a seed asks for entropy");
  finish_command("and gets it");
  generate(1, first);
  check_equal(CSRNG_GENBITS_VLD & 1, 0, "one block is one block");
  run(CSRNG_RESEED, 0, 0, MULTI_BIT_FALSE, "it is reseeded");
  generate(1, second);
  check(!words_equal(first, second, 4), "and gives something else");
}

static void check_unknown_command(void) {
  uint32_t words[MAX_WORDS];
  uint32_t idle = CSRNG_MAIN_SM_STATE;
  begin(CSRNG_UNKNOWN, 0, 0, 0, MULTI_BIT_FALSE);
  for (int i = 0; i < 500; i++) asm volatile("nop");
  check_equal(CSRNG_INTERRUPT_STATE & CMD_REQ_DONE, 0, "a command that it does not know never ends");
  check(CSRNG_MAIN_SM_STATE != idle, "the state machine hangs");
  enable(MULTI_BIT_FALSE);
  enable(MULTI_BIT_TRUE);
  check_equal(CSRNG_MAIN_SM_STATE, idle, "until it is switched off and on");
  run(CSRNG_INSTANTIATE, seed, WORDS_384, MULTI_BIT_TRUE, "then it works");
  generate(3, words);
  generate(3, words);
  check_words(words, second_output, WORDS_384, "as before");
}

static void check_event_tests(void) {
  CSRNG_INTERRUPT_STATE = 0xf;
  CSRNG_INTERRUPT_TEST = 0xc;
  check_equal(CSRNG_INTERRUPT_STATE & 0xc, 0xc, "events can be tried out");
  CSRNG_INTERRUPT_STATE = 0x4;
  check_equal(CSRNG_INTERRUPT_STATE & 0xc, 0x8, "and are cleared by ones");
  CSRNG_INTERRUPT_STATE = 0xf;
}

int main(void) {
  heading("CSRNG");
  ENTROPY_SRC_CONF = MULTI_BIT_TRUE | MULTI_BIT_FALSE << 4 | MULTI_BIT_TRUE << 12 | MULTI_BIT_FALSE << 20;
  ENTROPY_SRC_MODULE_ENABLE = MULTI_BIT_TRUE;
  enable(MULTI_BIT_TRUE);
  check_known_answer();
  check_state_changes();
  check_entropy();
  check_unknown_command();
  check_event_tests();
  check_equal(CSRNG_ERR_CODE, 0, "nothing was an error");
  return report();
}
