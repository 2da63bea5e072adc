// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "demo/contract/status.h"
#include "demo/library/crypto.h"
#include "demo/library/fatal.h"
#include "runtime/csr.h"
#include "runtime/registers.h"

// More than the entropy source takes for its first words at its slowest, less than a watchdog's usual time.
enum { TIMEOUT_CYCLES = 10000000 };

static void wait_for_bits(volatile uint32_t* status, uint32_t bits, uint32_t error) {
  uint32_t start = csr_read(mcycle);
  while ((*status & bits) != bits) {
    if (csr_read(mcycle) - start > TIMEOUT_CYCLES) fatal(error);
  }
}

static void csrng_command(uint32_t command, uint32_t blocks) {
  CSRNG_CMD_REQ = command | MULTI_BIT_FALSE << CSRNG_FLAG0_SHIFT | blocks << CSRNG_GLEN_SHIFT;
  wait_for_bits(&CSRNG_SW_CMD_STS, CSRNG_CMD_RDY, ERROR_CSRNG);
  if (CSRNG_SW_CMD_STS & CSRNG_CMD_STS) fatal(ERROR_CSRNG);
}

// Thresholds of the health tests: the SoC's, where it gave some.
static void start_csrng(void) {
  uint32_t adaptive = CPTRA_ITRNG_ENTROPY_CONFIG_0;
  uint32_t repetition = CPTRA_ITRNG_ENTROPY_CONFIG_1 & 0xffff;
  ENTROPY_SRC_REPCNT_THRESHOLDS = repetition ? repetition : 41;
  ENTROPY_SRC_ADAPTP_HI_THRESHOLDS = adaptive >> 16 ? adaptive >> 16 : 1536;
  ENTROPY_SRC_ADAPTP_LO_THRESHOLDS = adaptive & 0xffff ? adaptive & 0xffff : 512;
  // FIPS mode, no reading of raw entropy, thresholds for all lines together
  ENTROPY_SRC_CONF = MULTI_BIT_TRUE | MULTI_BIT_FALSE << 4 | MULTI_BIT_TRUE << 12 | MULTI_BIT_FALSE << 20;
  ENTROPY_SRC_MODULE_ENABLE = MULTI_BIT_TRUE;
  CSRNG_CTRL = MULTI_BIT_TRUE | MULTI_BIT_TRUE << 4 | MULTI_BIT_TRUE << 8;
  csrng_command(CSRNG_INSTANTIATE, 0);
}

void random_words(uint32_t words[WORDS_384]) {
  if (CPTRA_HW_CONFIG & HW_CONFIG_ITRNG_EN) {
    // Another stage may have started it, and a reset of the core alone leaves it running.
    if ((ENTROPY_SRC_MODULE_ENABLE & 0xf) != MULTI_BIT_TRUE) start_csrng();
    csrng_command(CSRNG_GENERATE, WORDS_384 / 4);
    for (unsigned i = 0; i < WORDS_384; i++) {
      if (i % 4 == 0) wait_for_bits(&CSRNG_GENBITS_VLD, 1, ERROR_CSRNG);
      words[i] = CSRNG_GENBITS;
    }
  } else {
    CPTRA_TRNG_STATUS = TRNG_DATA_REQ;
    wait_for_bits(&CPTRA_TRNG_STATUS, TRNG_DATA_WR_DONE, ERROR_TRNG_TIMEOUT);
    copy_words(words, CPTRA_TRNG_DATA, WORDS_384);
    CPTRA_TRNG_STATUS = 0;
  }
}
