/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later */
/*
 * caliptra_model.h: the interface of the reference emulator's C binding (caliptra-sw, hw-model/c-binding), over this
 * emulator. Programs written for that one compile and link against this one unchanged; new programs are better off with
 * caliptra_emu.h.
 *
 * The 1.x form is the default. CALIPTRA_MODEL_2_X, defined before inclusion, selects the form of Caliptra 2.x: a
 * hardware version first in the parameters, and caliptra_model_set_axi_user(). This library has no 2.x core yet:
 * caliptra_model_init_default() then answers CALIPTRA_MODEL_UNSUPPORTED.
 *
 * What differs from the reference: nothing aborts. Null pointers, wrong images and refused bus accesses are answered
 * with a status below 0 (false, or an empty buffer). Accesses follow the RTL's PAUSER rules. Programs that give no user
 * know nothing of users: with soc_user 0 a model accesses as user 1, which the reference takes by default, and that one
 * is locked in CPTRA_MBOX_VALID_PAUSER[4] from the start. The model answers TRNG requests by itself, the same way in
 * every run.
 */

#ifndef CALIPTRA_MODEL_H
#define CALIPTRA_MODEL_H

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef CALIPTRA_MODEL_API
#if defined(__GNUC__) && !defined(CALIPTRA_EMU_STATIC)
#define CALIPTRA_MODEL_API __attribute__((visibility("default")))
#else
#define CALIPTRA_MODEL_API
#endif
#endif

/* params.security_state: life cycle in bits 1:0, debug locked in bit 2. */
#define CALIPTRA_SEC_STATE_DBG_UNLOCKED_UNPROVISIONED 0
#define CALIPTRA_SEC_STATE_DBG_LOCKED_MANUFACTURING 5
#define CALIPTRA_SEC_STATE_DBG_UNLOCKED_PRODUCTION 3
#define CALIPTRA_SEC_STATE_DBG_LOCKED_PRODUCTION 7

#define CALIPTRA_MODEL_STATUS_OK 0
#define CALIPTRA_MODEL_INVALID_OBF_KEY_SIZE -1

/* These are ours: where they are returned, the reference aborts. */
#define CALIPTRA_MODEL_INVALID_ARGUMENT -2
#define CALIPTRA_MODEL_BUS_ERROR -3
#define CALIPTRA_MODEL_INVALID_IMAGE -4 /* the ROM, ICCM or DCCM image has a wrong size */
#define CALIPTRA_MODEL_UNSUPPORTED -5
#define CALIPTRA_MODEL_NOT_READY -6   /* not the state that this needs, or it did not come in time */
#define CALIPTRA_MODEL_FATAL_ERROR -7 /* the firmware was refused, or a fatal error register was set */
#define CALIPTRA_MODEL_INTERNAL_ERROR -8

typedef struct caliptra_model caliptra_model;

typedef struct caliptra_buffer {
  const uint8_t* data;
  uintptr_t len;
} caliptra_buffer;

#ifdef CALIPTRA_MODEL_2_X
typedef enum caliptra_hw_version {
  CALIPTRA_HW_VERSION_2_0 = 0,
  CALIPTRA_HW_VERSION_2_1 = 1,
  CALIPTRA_HW_VERSION_2_2 = 2
} caliptra_hw_version;
#endif

typedef struct caliptra_model_init_params {
#ifdef CALIPTRA_MODEL_2_X
  enum caliptra_hw_version hw_version;
#endif
  struct caliptra_buffer rom;
  struct caliptra_buffer dccm; /* contents from the start; the rest is 0 */
  struct caliptra_buffer iccm;
  uint8_t security_state;
  uint32_t soc_user;                       /* PAUSER of the accesses; 0: see above */
  struct caliptra_buffer optional_obf_key; /* 32 bytes: 8 words of the host; null: the reference's default key */
} caliptra_model_init_params;

#ifdef CALIPTRA_MODEL_2_X
/* The two forms differ in how parameters are passed, so they can't share a symbol. */
#define caliptra_model_init_default caliptra_model_init_default_2x
#endif

/* Makes a model with power, out of reset, waiting for fuses. */
CALIPTRA_MODEL_API int caliptra_model_init_default(struct caliptra_model_init_params params,
                                                   struct caliptra_model** model);

/* Null is fine. */
CALIPTRA_MODEL_API void caliptra_model_destroy(struct caliptra_model* model);

/* Accesses of 32 bits by the SoC. They take no time. */
CALIPTRA_MODEL_API int caliptra_model_apb_read_u32(struct caliptra_model* model, unsigned int addr, unsigned int* data);
CALIPTRA_MODEL_API int caliptra_model_apb_write_u32(struct caliptra_model* model, unsigned int addr, unsigned int data);

/* Whether fuses can be written: until CPTRA_FUSE_WR_DONE is. */
CALIPTRA_MODEL_API bool caliptra_model_ready_for_fuses(struct caliptra_model* model);

CALIPTRA_MODEL_API bool caliptra_model_ready_for_fw(struct caliptra_model* model);

/* One clock cycle, which is one instruction. As in the reference, none executes before CPTRA_BOOTFSM_GO is written. */
CALIPTRA_MODEL_API int caliptra_model_step(struct caliptra_model* model);

/* Whether the firmware has ended the run. */
CALIPTRA_MODEL_API bool caliptra_model_exit_requested(struct caliptra_model* model);

/* Everything that the firmware has written to its console. Valid until the next call on this model. */
CALIPTRA_MODEL_API struct caliptra_buffer caliptra_model_output_peek(struct caliptra_model* model);

/* Steps until CPTRA_BOOT_STATUS is boot_status; gives up after a fatal error, or after 400 million cycles. */
CALIPTRA_MODEL_API void caliptra_model_step_until_boot_status(struct caliptra_model* model, unsigned int boot_status);

/* The user of all further accesses. */
#ifdef CALIPTRA_MODEL_2_X
CALIPTRA_MODEL_API void caliptra_model_set_axi_user(struct caliptra_model* model, unsigned int user);
#else
CALIPTRA_MODEL_API void caliptra_model_set_apb_pauser(struct caliptra_model* model, unsigned int pauser);
#endif

/*
 * The whole boot of a new model, as the first QEMU patches for the AST2700 ask for it: fuses all 0, BOOTFSM_GO, upload
 * of fw when the ROM is ready for it, and steps until CPTRA_BOOT_STATUS is boot_status.
 */
CALIPTRA_MODEL_API int caliptra_model_boot_default(struct caliptra_model* model, struct caliptra_buffer fw,
                                                   unsigned int boot_status);

#ifdef __cplusplus
}
#endif

#endif
