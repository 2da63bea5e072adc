/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later */
/*
 * A program against caliptra_model.h as one writes it for the reference's binding: fuses, BOOTFSM_GO, step by step to
 * ready_for_fw, the bundle through the mailbox, on to the runtime, and one command. Then what the reference doesn't do:
 * refusals.
 *
 *   model_smoke FOLDER
 *
 * ROM and bundle are in the folder that CALIPTRA_IMAGES names, or else in FOLDER.
 */

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "caliptra_model.h"

enum {
  MBOX_LOCK = 0x30020000,
  MBOX_CMD = 0x30020008,
  MBOX_DLEN = 0x3002000c,
  MBOX_DATAIN = 0x30020010,
  MBOX_DATAOUT = 0x30020014,
  MBOX_EXECUTE = 0x30020018,
  MBOX_STATUS = 0x3002001c,
  CPTRA_BOOT_STATUS = 0x30030038,
  CPTRA_FUSE_WR_DONE = 0x300300b0,
  CPTRA_BOOTFSM_GO = 0x300300b8,
  FUSE_UDS_SEED = 0x30030200,
  DATA_READY = 1,
  CMD_COMPLETE = 2,
  RUNTIME_READY = 0x600
};

static const uint32_t FIRMWARE_LOAD = 0x46574c44;
static const uint32_t FIPS_VERSION = 0x46505652;

static void check(int is_true, const char* what) {
  if (is_true) return;
  fprintf(stderr, "model_smoke: failed: %s\n", what);
  exit(1);
}

static struct caliptra_buffer read_image(const char* folder, const char* name) {
  struct caliptra_buffer buffer = {0};
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  FILE* file = fopen(path, "rb");
  if (file == NULL) {
    printf("[skipped] C smoke test of caliptra_model.h: %s is not there\n", path);
    exit(77);
  }
  uint8_t* bytes = malloc(1 << 20);
  buffer.len = fread(bytes, 1, 1 << 20, file);
  buffer.data = bytes;
  fclose(file);
  return buffer;
}

static uint32_t read_u32(struct caliptra_model* model, uint32_t address) {
  unsigned int value = 0;
  check(caliptra_model_apb_read_u32(model, address, &value) == CALIPTRA_MODEL_STATUS_OK, "read");
  return value;
}

static void write_u32(struct caliptra_model* model, uint32_t address, uint32_t value) {
  check(caliptra_model_apb_write_u32(model, address, value) == CALIPTRA_MODEL_STATUS_OK, "write");
}

/* Returns MBOX_STATUS.status. */
static uint32_t execute(struct caliptra_model* model, uint32_t command, struct caliptra_buffer payload) {
  check((read_u32(model, MBOX_LOCK) & 1) == 0, "the mailbox lock");
  write_u32(model, MBOX_CMD, command);
  write_u32(model, MBOX_DLEN, (uint32_t)payload.len);
  for (uintptr_t at = 0; at < payload.len; at += 4) {
    uint32_t word = 0;
    memcpy(&word, payload.data + at, payload.len - at < 4 ? payload.len - at : 4);
    write_u32(model, MBOX_DATAIN, word);
  }
  write_u32(model, MBOX_EXECUTE, 1);
  while ((read_u32(model, MBOX_STATUS) & 0xf) == 0) caliptra_model_step(model);
  return read_u32(model, MBOX_STATUS) & 0xf;
}

static void fips_version(struct caliptra_model* model) {
  uint32_t checksum = 0;
  for (unsigned shift = 0; shift < 32; shift += 8) checksum -= FIPS_VERSION >> shift & 0xff;
  uint8_t payload[4];
  memcpy(payload, &checksum, sizeof checksum);
  check(execute(model, FIPS_VERSION, (struct caliptra_buffer){payload, sizeof payload}) == DATA_READY, "FIPS_VERSION");
  const uint32_t size = read_u32(model, MBOX_DLEN);
  uint8_t response[64] = {0};
  check(size >= 8 && size <= sizeof response, "the size of FIPS_VERSION's response");
  for (uint32_t at = 0; at < size; at += 4) {
    const uint32_t word = read_u32(model, MBOX_DATAOUT);
    memcpy(response + at, &word, sizeof word);
  }
  write_u32(model, MBOX_EXECUTE, 0);
  caliptra_model_step(model);
  check(memcmp(response + 24, "Caliptra RTM", 12) == 0, "the name in FIPS_VERSION's response");
}

static void refusals(struct caliptra_buffer rom) {
  const uint8_t too_short[16] = {0};
  struct caliptra_model* model = NULL;
  struct caliptra_model_init_params params = {.rom = rom, .optional_obf_key = {too_short, sizeof too_short}};
  check(caliptra_model_init_default(params, &model) == CALIPTRA_MODEL_INVALID_OBF_KEY_SIZE && model == NULL,
        "key size");
  params = (struct caliptra_model_init_params){.rom = {NULL, 0}};
  check(caliptra_model_init_default(params, &model) == CALIPTRA_MODEL_INVALID_ARGUMENT, "no ROM");
  params = (struct caliptra_model_init_params){.rom = {rom.data, 49 * 1024}};
  check(caliptra_model_init_default(params, &model) == CALIPTRA_MODEL_INVALID_IMAGE, "a ROM that is too large");
  check(caliptra_model_init_default(params, NULL) == CALIPTRA_MODEL_INVALID_ARGUMENT, "no model");

  unsigned int data = 1;
  check(caliptra_model_apb_read_u32(NULL, MBOX_LOCK, &data) < 0 && data == 0, "reading from no model");
  check(caliptra_model_apb_write_u32(NULL, MBOX_LOCK, 0) < 0, "writing to no model");
  check(!caliptra_model_ready_for_fw(NULL) && !caliptra_model_ready_for_fuses(NULL), "wires of no model");
  check(caliptra_model_output_peek(NULL).len == 0, "output of no model");
  caliptra_model_destroy(NULL);

  params = (struct caliptra_model_init_params){.rom = rom, .soc_user = 7};
  check(caliptra_model_init_default(params, &model) == CALIPTRA_MODEL_STATUS_OK, "init");
  check(caliptra_model_apb_read_u32(model, MBOX_LOCK, &data) == CALIPTRA_MODEL_BUS_ERROR, "a user that is not valid");
  check(caliptra_model_apb_read_u32(model, 0x30000000, &data) == CALIPTRA_MODEL_BUS_ERROR, "an address not there");
  check(caliptra_model_apb_read_u32(model, MBOX_LOCK + 1, &data) == CALIPTRA_MODEL_BUS_ERROR, "alignment");
  check(caliptra_model_apb_read_u32(model, MBOX_LOCK, NULL) == CALIPTRA_MODEL_INVALID_ARGUMENT, "no place for data");
  caliptra_model_set_apb_pauser(model, 0xffffffff);
  check((read_u32(model, MBOX_LOCK) & 1) == 0, "the user that is always valid");
  caliptra_model_destroy(model);
}

static void boot(struct caliptra_buffer rom, struct caliptra_buffer bundle) {
  const struct caliptra_model_init_params params = {
      .rom = rom,
      .security_state = CALIPTRA_SEC_STATE_DBG_UNLOCKED_UNPROVISIONED,
  };
  struct caliptra_model* model = NULL;
  check(caliptra_model_init_default(params, &model) == CALIPTRA_MODEL_STATUS_OK, "init");
  check(caliptra_model_ready_for_fuses(model), "ready for fuses");
  for (uint32_t i = 0; i < 12; ++i) write_u32(model, FUSE_UDS_SEED + 4 * i, 0x01010101 * (i + 1));
  write_u32(model, CPTRA_FUSE_WR_DONE, 1);
  check(!caliptra_model_ready_for_fuses(model), "no longer ready for fuses");
  for (int i = 0; i < 1000; ++i) caliptra_model_step(model);
  check(read_u32(model, CPTRA_BOOT_STATUS) == 0, "nothing runs before BOOTFSM_GO");
  write_u32(model, CPTRA_BOOTFSM_GO, 1);

  unsigned long steps = 0;
  for (; !caliptra_model_ready_for_fw(model) && steps < 100000000; ++steps) caliptra_model_step(model);
  check(caliptra_model_ready_for_fw(model), "ready for firmware");
  check(execute(model, FIRMWARE_LOAD, bundle) == CMD_COMPLETE, "the upload");
  write_u32(model, MBOX_EXECUTE, 0);
  caliptra_model_step_until_boot_status(model, RUNTIME_READY);
  check(read_u32(model, CPTRA_BOOT_STATUS) == RUNTIME_READY, "the runtime is ready");
  for (int i = 0; i < 100000; ++i) caliptra_model_step(model);
  fips_version(model);
  check(!caliptra_model_exit_requested(model), "nobody asked for the end");

  const struct caliptra_buffer output = caliptra_model_output_peek(model);
  check(output.len > 100, "the console");
  caliptra_model_destroy(model);
  printf("ready for firmware after %lu steps; the console has %" PRIuPTR " characters\n", steps, output.len);
}

static void boot_in_one_call(struct caliptra_buffer rom, struct caliptra_buffer bundle) {
  const struct caliptra_model_init_params params = {.rom = rom, .soc_user = 1};
  struct caliptra_model* model = NULL;
  check(caliptra_model_init_default(params, &model) == CALIPTRA_MODEL_STATUS_OK, "init");
  check(caliptra_model_boot_default(model, bundle, RUNTIME_READY) == CALIPTRA_MODEL_STATUS_OK, "boot_default");
  check(caliptra_model_boot_default(model, bundle, RUNTIME_READY) == CALIPTRA_MODEL_NOT_READY, "boot_default, again");
  caliptra_model_destroy(model);

  uint8_t* damaged = malloc(bundle.len);
  memcpy(damaged, bundle.data, bundle.len);
  damaged[bundle.len / 2] ^= 1;
  check(caliptra_model_init_default(params, &model) == CALIPTRA_MODEL_STATUS_OK, "init");
  check(caliptra_model_boot_default(model, (struct caliptra_buffer){damaged, bundle.len}, RUNTIME_READY) ==
            CALIPTRA_MODEL_FATAL_ERROR,
        "boot_default with a damaged bundle");
  caliptra_model_destroy(model);
  free(damaged);
}

int main(int argc, char** argv) {
  if (argc != 2) {
    fprintf(stderr, "usage: model_smoke FOLDER\n");
    return 2;
  }
  const char* variable = getenv("CALIPTRA_IMAGES");
  const char* folder = variable != NULL ? variable : argv[1];
  struct caliptra_buffer rom = read_image(folder, "rom/caliptra-rom-with-log-1.2.0-3b50c6a.bin");
  struct caliptra_buffer bundle = read_image(folder, "bundle/ast2700-fw-1.2-20251023.bin");
  refusals(rom);
  boot(rom, bundle);
  boot_in_one_call(rom, bundle);
  free((void*)rom.data);
  free((void*)bundle.data);
  return 0;
}
