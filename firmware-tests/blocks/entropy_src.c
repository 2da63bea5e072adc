// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The entropy source: seeds for software, the noise under observation, firmware's own words instead of the noise, and
// health tests that fail. Its interrupt lines end at the block: Caliptra connects them to nothing, so the events are
// looked at in INTERRUPT_STATE.

#include "blocks/blocks.h"

#define INTERRUPT_STATE REGISTER(0x20003000)
#define ENTROPY_CONTROL REGISTER(0x20003028)
#define ENTROPY_DATA REGISTER(0x2000302c)
#define ALERT_THRESHOLD REGISTER(0x200030a0)
#define ALERT_SUMMARY_FAIL_COUNTS REGISTER(0x200030a4)
#define FW_OV_CONTROL REGISTER(0x200030b0)
#define FW_OV_SHA3_START REGISTER(0x200030b4)
#define FW_OV_WR_FIFO_FULL REGISTER(0x200030b8)
#define FW_OV_RD_DATA REGISTER(0x200030c0)
#define FW_OV_WR_DATA REGISTER(0x200030c4)
#define OBSERVE_FIFO_THRESH REGISTER(0x200030c8)
#define OBSERVE_FIFO_DEPTH REGISTER(0x200030cc)
#define RECOV_ALERT_STS REGISTER(0x200030d4)
#define ERR_CODE REGISTER(0x200030d8)

enum {
  YES = MULTI_BIT_TRUE,
  NO = MULTI_BIT_FALSE,
  ENTROPY_VALID = 1u << 0,
  HEALTH_TEST_FAILED = 1u << 1,
  OBSERVE_FIFO_READY = 1u << 2,
  ALERT_HANG = 0x15c,
  OBSERVED = 16,
};

static void switch_off(void) {
  ENTROPY_SRC_MODULE_ENABLE = NO;
  for (int i = 0; i < 100; i++) asm volatile("nop");
  INTERRUPT_STATE = 0xf;
}

static void configure(uint32_t software_reads) { ENTROPY_SRC_CONF = YES | software_reads << 4 | YES << 12 | NO << 20; }

static void read_seed(uint32_t* words) {
  wait_for(&INTERRUPT_STATE, ENTROPY_VALID, "a seed is there");
  for (int i = 0; i < WORDS_384; i++) words[i] = ENTROPY_DATA;
  INTERRUPT_STATE = ENTROPY_VALID;
}

static void check_seeds(void) {
  uint32_t first[WORDS_384], second[WORDS_384];
  configure(YES);
  ENTROPY_CONTROL = YES | NO << 4;
  check_equal(ENTROPY_DATA, 0, "switched off it has no seed");
  ENTROPY_SRC_MODULE_ENABLE = YES;
  read_seed(first);
  read_seed(second);
  check(!words_equal(first, second, WORDS_384), "each seed is another one");
  switch_off();
  ENTROPY_CONTROL = NO | NO << 4;
}

static void check_observation(void) {
  uint32_t all = 0, same = 0xffffffff;
  FW_OV_CONTROL = YES | NO << 4;
  OBSERVE_FIFO_THRESH = OBSERVED;
  ENTROPY_SRC_MODULE_ENABLE = YES;
  wait_for(&INTERRUPT_STATE, OBSERVE_FIFO_READY, "noise is there to be looked at");
  check(OBSERVE_FIFO_DEPTH >= OBSERVED, "as much as was asked for");
  for (int i = 0; i < OBSERVED; i++) {
    uint32_t word = FW_OV_RD_DATA;
    all |= word;
    same &= word;
  }
  check(all == 0xffffffff && same == 0, "and every bit of it changes");
  check_equal(ERR_CODE, 0, "without an error");
  switch_off();
  FW_OV_CONTROL = NO | NO << 4;
}

// The same words give the same seed, from the second one on: the first also holds noise that the conditioner had taken
// in when the source was switched off.
static void check_insertion(void) {
  uint32_t seeds[3][WORDS_384];
  for (int round = 0; round < 3; round++) {
    configure(YES);
    ENTROPY_CONTROL = YES | NO << 4;
    FW_OV_CONTROL = YES | YES << 4;
    ENTROPY_SRC_MODULE_ENABLE = YES;
    FW_OV_SHA3_START = YES;
    for (uint32_t i = 0; i < 64; i++) {
      while (FW_OV_WR_FIFO_FULL) {
      }
      FW_OV_WR_DATA = 0x9e3779b9 * (i + 1);
    }
    FW_OV_SHA3_START = NO;
    read_seed(seeds[round]);
    switch_off();
  }
  uint32_t all = 0;
  for (int i = 0; i < WORDS_384; i++) all |= seeds[1][i];
  check(all != 0, "firmware's words are made into a seed");
  check_words(seeds[2], seeds[1], WORDS_384, "the same one each time");
  FW_OV_CONTROL = NO | NO << 4;
  ENTROPY_CONTROL = NO | NO << 4;
}

static void check_health_tests(void) {
  ALERT_THRESHOLD = 0xfffd0002;
  // No source has every window full of ones.
  ENTROPY_SRC_ADAPTP_LO_THRESHOLDS = 0xffffffff;
  ENTROPY_SRC_MODULE_ENABLE = YES;
  wait_for(&INTERRUPT_STATE, HEALTH_TEST_FAILED, "a threshold that nothing meets fails");
  for (int i = 0; i < 1000000 && ENTROPY_SRC_MAIN_SM_STATE != ALERT_HANG; i++) {
  }
  check_equal(ENTROPY_SRC_MAIN_SM_STATE, ALERT_HANG, "and stops the source");
  check(ALERT_SUMMARY_FAIL_COUNTS >= 2, "the failures are counted");
  check(RECOV_ALERT_STS != 0, "and are an alert");
  switch_off();
}

int main(void) {
  heading("Entropy source");
  check_seeds();
  check_observation();
  check_insertion();
  check_health_tests();
  check_equal(ERR_CODE, 0, "nothing else was wrong");
  return report();
}
