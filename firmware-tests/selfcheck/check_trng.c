// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Random numbers: from CSRNG and the entropy source where they are built in, else from the SoC.

#include "selfcheck/selfcheck.h"

static const uint32_t seed[] = {
    0x01234567, 0x02468ace, 0x0369d035, 0x048d159c, 0x05b05b03, 0x06d3a06a,
    0x07f6e5d1, 0x091a2b38, 0x0a3d709f, 0x0b60b606, 0x0c83fb6d, 0x0da740d4,
};

// What SP 800-90A's CTR-DRBG with AES-256, without derivation function, gives with that seed at the second request
static const uint32_t second_output[] = {
    0xede1b455, 0x006debcc, 0xf9899c37, 0x34d69c43, 0x25bd418e, 0x24f3d112,
    0x758ffbee, 0xfd691e03, 0xd5c7cd3c, 0xd0b3cb50, 0x6c89c479, 0xd975bc4c,
};

static bool csrng_command(uint32_t command, unsigned blocks, const uint32_t* words, unsigned word_count) {
  uint32_t flag0 = word_count ? MULTI_BIT_TRUE : MULTI_BIT_FALSE;
  CSRNG_CMD_REQ = command | word_count << CSRNG_CLEN_SHIFT | flag0 << CSRNG_FLAG0_SHIFT | blocks << CSRNG_GLEN_SHIFT;
  for (unsigned i = 0; i < word_count; i++) CSRNG_CMD_REQ = words[i];
  return wait_for(&CSRNG_SW_CMD_STS, CSRNG_CMD_RDY, "CSRNG takes a command") && !(CSRNG_SW_CMD_STS & CSRNG_CMD_STS) &&
         CSRNG_ERR_CODE == 0;
}

static bool csrng_generate(uint32_t* words) {
  bool good = csrng_command(CSRNG_GENERATE, 3, 0, 0);
  for (unsigned i = 0; good && i < WORDS_384; i++) {
    if (i % 4 == 0) good = wait_for(&CSRNG_GENBITS_VLD, 1, "CSRNG has random bits");
    words[i] = CSRNG_GENBITS;
  }
  return good;
}

static void check_internal(void) {
  ENTROPY_SRC_REPCNT_THRESHOLDS = 41;
  ENTROPY_SRC_ADAPTP_HI_THRESHOLDS = 1536;
  ENTROPY_SRC_ADAPTP_LO_THRESHOLDS = 512;
  // FIPS mode, no reading of raw entropy, thresholds for all lines together
  ENTROPY_SRC_CONF = MULTI_BIT_TRUE | MULTI_BIT_FALSE << 4 | MULTI_BIT_TRUE << 12 | MULTI_BIT_FALSE << 20;
  ENTROPY_SRC_MODULE_ENABLE = MULTI_BIT_TRUE;
  CSRNG_CTRL = MULTI_BIT_TRUE | MULTI_BIT_TRUE << 4 | MULTI_BIT_TRUE << 8;

  uint32_t first[WORDS_384], second[WORDS_384];
  check(csrng_command(CSRNG_INSTANTIATE, 0, seed, WORDS_384), "CSRNG is instantiated with a constant seed");
  check(csrng_generate(first) && csrng_generate(second), "and generates");
  check_words(second, second_output, WORDS_384, "what its algorithm prescribes");
  check(csrng_command(CSRNG_UNINSTANTIATE, 0, 0, 0), "CSRNG is given up");

  check(csrng_command(CSRNG_INSTANTIATE, 0, 0, 0), "CSRNG is instantiated from the entropy source");
  check(csrng_generate(first) && csrng_generate(second), "and generates");
  check(!words_equal(first, second, WORDS_384), "something else each time");
  note("the first random word", first[0]);
  csrng_command(CSRNG_UNINSTANTIATE, 0, 0, 0);
}

static bool ask_the_soc(uint32_t* words) {
  CPTRA_TRNG_STATUS = TRNG_DATA_REQ;
  bool good = wait_for(&CPTRA_TRNG_STATUS, TRNG_DATA_WR_DONE, "the SoC answers");
  copy_words(words, CPTRA_TRNG_DATA, WORDS_384);
  CPTRA_TRNG_STATUS = 0;
  return good;
}

static void check_external(void) {
  uint32_t first[WORDS_384], second[WORDS_384];
  check(ask_the_soc(first), "the SoC gives random words");
  check_equal(CPTRA_TRNG_STATUS, 0, "its answer is taken back with the request");
  check(ask_the_soc(second) && !words_equal(first, second, WORDS_384), "and others the next time");
  note("the first random word", first[0]);
}

void check_trng(void) {
  if (CPTRA_HW_CONFIG & HW_CONFIG_ITRNG_EN) {
    heading("Internal TRNG");
    check_internal();
  } else {
    heading("External TRNG");
    check_external();
  }
}
