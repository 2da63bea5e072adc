// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The parts of the ROM, in the order of a boot.

#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "demo/contract/handoff.h"
#include "demo/contract/status.h"

/// The whole of ROM against the digest in its struct rom_info.
void check_integrity(void);
extern const struct rom_info rom_info;

/// IDevID and LDevID: keys in the vault, LDEVID_TBS, its signature in the data vault. Returns LDevID's key.
void derive_device_identity(struct ecc_point* ldevid_key);

/// Answers commands until FIRMWARE_LOAD, which is left waiting in the mailbox. Returns its size.
uint32_t wait_for_bundle(void);

/// What the verification is for, and what it found.
struct verification {
  const struct manifest* manifest;
  uint32_t bundle_bytes;  ///< in the mailbox's SRAM
  bool update;            ///< what the data vault keeps since cold reset must be the same
  bool owner_in_fuses;
  uint32_t owner_digest[WORDS_384];
};

/// Returns 0, or the error.
uint32_t verify_bundle(struct verification* verification);
uint32_t verify_toc(const struct verification* verification);

/// PCRs 0 and 1, and their log anew.
void measure_bundle(const struct verification* verification);

/// Copies an image out of the mailbox to where it runs.
void load_image(const struct toc_entry* entry);

/// The FMC's alias: key in the vault, FMC_TBS, its signature in the data vault.
void derive_fmc_alias(const struct ecc_point* ldevid_key);

/// The hand-off table as it begins.
void init_handoff(void);

void cold_reset(void);
void warm_reset(void);
void update_reset(void);

/// Locks what must not change until the next reset of this kind.
void lock_all(bool cold);

void jump_to_stage(uint32_t entry_point) __attribute__((noreturn));
