// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "demo/library/pcr.h"

#include "demo/contract/handoff.h"
#include "demo/library/fatal.h"
#include "runtime/registers.h"

void pcr_extend(unsigned pcr, const void* bytes, uint32_t count) {
  while (!(SHA512_STATUS & STATUS_READY)) {
  }
  SHA512_VAULT_RD_CTRL = VAULT_ENABLE | pcr << VAULT_ENTRY_SHIFT | VAULT_PCR_HASH_EXTEND;
  while (!(SHA512_VAULT_RD_STATUS & STATUS_VALID)) {
  }
  // The first twelve words of the block hold the PCR: what is written there is dropped. It is one block: 48 bytes of
  // PCR and at most 63 more.
  uint32_t block[32] = {0};
  uint8_t* at = (uint8_t*)&block[WORDS_384];
  for (uint32_t i = 0; i < count; i++) at[i] = ((const uint8_t*)bytes)[i];
  at[count] = 0x80;
  for (unsigned i = WORDS_384; i < 31; i++) SHA512_BLOCK[i] = byte_swap(block[i]);
  SHA512_BLOCK[31] = (48 + count) * 8;
  SHA512_CTRL = SHA512_INIT | 2 << SHA512_MODE_SHIFT | SHA512_LAST;
  while (!(SHA512_STATUS & STATUS_VALID) || !(SHA512_STATUS & STATUS_READY)) {
  }
  while (!(SHA512_GEN_PCR_HASH_STATUS & STATUS_READY)) {
  }
}

void pcr_measure(unsigned current, unsigned journey, uint16_t id, const void* bytes, uint32_t count, uint32_t full) {
  pcr_extend(current, bytes, count);
  pcr_extend(journey, bytes, count);
  if (HANDOFF->pcr_log_entries >= PCR_LOG_MAX) fatal(full);
  struct pcr_log_entry* entry = (struct pcr_log_entry*)HANDOFF->pcr_log_address + HANDOFF->pcr_log_entries++;
  *entry = (struct pcr_log_entry){.id = id, .pcrs = 1u << current | 1u << journey};
  for (uint32_t i = 0; i < count; i++) entry->data[i] = ((const uint8_t*)bytes)[i];
}

void pcr_clear(unsigned pcr) { PCR_CTRL[pcr] |= PCR_CLEAR; }

void pcr_lock(unsigned pcr) { PCR_CTRL[pcr] |= PCR_LOCK; }
