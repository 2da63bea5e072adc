/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later */
/*
 * caliptra_bootmcu.h: what the AST2700's boot microcontroller does until its Cortex-A35 cores run, for simulators
 * that have the rest of that SoC.
 *
 * In the order of the silicon's boot ROM: power-good and reset, users, fuses, CPTRA_FUSE_WR_DONE, entropy, the firmware
 * through the mailbox, READY_FOR_RT, FW_INFO over the mailbox, and only after its answer the reset vectors and the
 * release of the Cortex-A35s. If anything of it fails, the release never comes, and the status says why. Where a strap
 * or a fuse of the SoC disables Caliptra, it stays without power, and the release is all that there is.
 *
 * It acts from Caliptra's own clock: everything happens in caliptra_bootmcu_run(), and the same calls at the same
 * cycles give the same boot. For threads, errors, callbacks and sizes of structs what caliptra_emu.h says holds.
 */

#ifndef CALIPTRA_BOOTMCU_H
#define CALIPTRA_BOOTMCU_H

#include "caliptra_emu.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct caliptra_bootmcu caliptra_bootmcu;

/* PAUSER of the AST2700's boot microcontroller. */
#define CALIPTRA_BOOTMCU_USER 0x21212121u

/* For caliptra_bootmcu_config: what the configuration text says. */
#define CALIPTRA_BOOTMCU_AS_CONFIGURED (-1)

typedef enum caliptra_bootmcu_phase {
  CALIPTRA_BOOTMCU_OFF = 0,
  CALIPTRA_BOOTMCU_RESET = 1,    /* power is good, cptra_rst_b is held low */
  CALIPTRA_BOOTMCU_ROM = 2,      /* users, fuses, and the ROM up to ready_for_fw */
  CALIPTRA_BOOTMCU_UPLOAD = 3,   /* the ROM takes and verifies the firmware */
  CALIPTRA_BOOTMCU_RUNTIME = 4,  /* the firmware starts, up to ready_for_runtime */
  CALIPTRA_BOOTMCU_FW_INFO = 5,  /* the runtime is asked what it is */
  CALIPTRA_BOOTMCU_RELEASED = 6, /* the Cortex-A35s run */
  CALIPTRA_BOOTMCU_FAILED = 7,   /* they never will, until power is cycled */
  CALIPTRA_BOOTMCU_DISABLED = 8  /* they run, without Caliptra */
} caliptra_bootmcu_phase;

/* The AST2700's registers for this (IO die SCU1 and CPU die SCU0), as the Cortex-A35s see them. */
#define CALIPTRA_BOOTMCU_SCU1_CPTRA_CTRL 0x14c02130u
#define CALIPTRA_BOOTMCU_CPTRA_CTRL_PWRGOOD (1u << 0)
#define CALIPTRA_BOOTMCU_CPTRA_CTRL_SECURITY_STATE_SHIFT 8
#define CALIPTRA_BOOTMCU_SCU1_OBF_KEY 0x14c02140u /* 8 words */
#define CALIPTRA_BOOTMCU_SCU1_RESET_CONTROL 0x14c02220u
#define CALIPTRA_BOOTMCU_SCU1_RESET_CLEAR 0x14c02224u
#define CALIPTRA_BOOTMCU_RESET_CALIPTRA (1u << 9)
#define CALIPTRA_BOOTMCU_SCU0_CA35_REL 0x12c0210cu
#define CALIPTRA_BOOTMCU_SCU0_CA35_RVBAR 0x12c02110u /* 4 words: address >> 4 */
#define CALIPTRA_BOOTMCU_SCU0_SMP_EP 0x12c02780u     /* core n: 8 * n more, two words */

#define CALIPTRA_BOOTMCU_SCU1_STRAP 0x14c02010u
#define CALIPTRA_BOOTMCU_STRAP_DISABLED (1u << 30)
#define CALIPTRA_BOOTMCU_SCU1_FUSE 0x14c02804u
#define CALIPTRA_BOOTMCU_FUSE_DISABLED (1u << 6)

/* Begin with caliptra_bootmcu_config_init(). Everything is copied. */
typedef struct caliptra_bootmcu_config {
  size_t size;        /* sizeof(caliptra_bootmcu_config) */
  const uint8_t* rom; /* Caliptra's */
  size_t rom_size;
  const uint8_t* firmware; /* the bundle; null: none, and the boot fails when the ROM asks for it */
  size_t firmware_size;
  const char* configuration;     /* text as for caliptra_emu_create_from_text(); null: all defaults */
  int lifecycle;                 /* caliptra_emu_lifecycle, or CALIPTRA_BOOTMCU_AS_CONFIGURED */
  int debug_locked;              /* 0, 1, or CALIPTRA_BOOTMCU_AS_CONFIGURED */
  int timing;                    /* caliptra_emu_timing, or CALIPTRA_BOOTMCU_AS_CONFIGURED */
  const uint32_t* mailbox_users; /* valid beside the boot microcontroller itself; at most four */
  size_t mailbox_user_count;
  uint64_t entry;        /* where the Cortex-A35s start; a multiple of 16 */
  uint64_t boot_timeout; /* cycles from reset to the release, then the boot has failed; 0: for ever */
} caliptra_bootmcu_config;

typedef struct caliptra_bootmcu_status {
  size_t size;                       /* sizeof(caliptra_bootmcu_status); filled in by the caller */
  int phase;                         /* caliptra_bootmcu_phase */
  int upload;                        /* caliptra_emu_upload */
  uint32_t boot_status;              /* CPTRA_BOOT_STATUS */
  uint32_t flow_status;              /* CPTRA_FLOW_STATUS */
  uint32_t firmware_error_fatal;     /* CPTRA_FW_ERROR_FATAL */
  uint32_t firmware_error_non_fatal; /* CPTRA_FW_ERROR_NON_FATAL */
  uint32_t hardware_error_fatal;     /* CPTRA_HW_ERROR_FATAL */
  uint32_t hardware_error_non_fatal; /* CPTRA_HW_ERROR_NON_FATAL */
  uint64_t cycles;
  uint64_t instructions;
} caliptra_bootmcu_status;

/*
 * A write to one of the AST2700's registers above. Comes from power_on, run, and the resets, never while Caliptra is in
 * the middle of an instruction. The writes to CPTRA_CTRL and to the reset control only tell: Caliptra's wires are
 * driven already.
 */
typedef void (*caliptra_bootmcu_write_callback)(void* opaque, uint64_t address, uint32_t value);

/* A read of one of them: of the strap and the fuse, in power_on. Without a callback Caliptra is not disabled. */
typedef uint32_t (*caliptra_bootmcu_read_callback)(void* opaque, uint64_t address);

/* After a change of phase. */
typedef void (*caliptra_bootmcu_phase_callback)(void* opaque, int phase);

CALIPTRA_EMU_API void caliptra_bootmcu_config_init(caliptra_bootmcu_config* config);

/*
 * Makes a boot microcontroller and the Caliptra core that it brings up, both without power. Errors as with
 * caliptra_emu_create_from_text().
 */
CALIPTRA_EMU_API int caliptra_bootmcu_create(const caliptra_bootmcu_config* config, caliptra_bootmcu** mcu,
                                             char* message, size_t message_size);

/* Null is fine. Ends the core too. Not from a callback. */
CALIPTRA_EMU_API void caliptra_bootmcu_destroy(caliptra_bootmcu* mcu);

/*
 * The core: for its bus, its wires, its callbacks for console, log and wires, and for looking on. Its events, its run,
 * reset and state functions and its attached SoC are the microcontroller's.
 */
CALIPTRA_EMU_API caliptra_emu* caliptra_bootmcu_core(caliptra_bootmcu* mcu);

CALIPTRA_EMU_API int caliptra_bootmcu_on_write(caliptra_bootmcu* mcu, caliptra_bootmcu_write_callback callback,
                                               void* opaque);
CALIPTRA_EMU_API int caliptra_bootmcu_on_read(caliptra_bootmcu* mcu, caliptra_bootmcu_read_callback callback,
                                              void* opaque);
CALIPTRA_EMU_API int caliptra_bootmcu_on_phase(caliptra_bootmcu* mcu, caliptra_bootmcu_phase_callback callback,
                                               void* opaque);

/* Power-good low and high, and the whole boot from there. A Caliptra that is disabled stays without power. */
CALIPTRA_EMU_API int caliptra_bootmcu_power_on(caliptra_bootmcu* mcu);

/* Power-good low, until caliptra_bootmcu_power_on(). */
CALIPTRA_EMU_API int caliptra_bootmcu_power_off(caliptra_bootmcu* mcu);

/*
 * cptra_rst_b. Low holds Caliptra in reset; high after low is the end of a warm reset: the boot goes its way again. If
 * the Cortex-A35s run by then, they do so all the while.
 */
CALIPTRA_EMU_API int caliptra_bootmcu_set_reset_b(caliptra_bootmcu* mcu, bool level);

/*
 * Lets `cycles` of Caliptra's clock pass. Where stop is not null it says CALIPTRA_EMU_STOP_CYCLES, or
 * CALIPTRA_EMU_STOP_NO_PROGRESS if nothing can happen any more without the rest of the SoC; then fewer may have passed.
 */
CALIPTRA_EMU_API int caliptra_bootmcu_run(caliptra_bootmcu* mcu, uint64_t cycles, int* stop);

CALIPTRA_EMU_API int caliptra_bootmcu_get_status(const caliptra_bootmcu* mcu, caliptra_bootmcu_status* status);

/* The name of a phase, for people: "rom", "upload". Never null. */
CALIPTRA_EMU_API const char* caliptra_bootmcu_phase_text(int phase);

/* Why the boot has failed, with Caliptra's error code; empty if it hasn't. Never null; valid until the next call. */
CALIPTRA_EMU_API const char* caliptra_bootmcu_failure(const caliptra_bootmcu* mcu);

/* What the last call that failed said. */
CALIPTRA_EMU_API const char* caliptra_bootmcu_error(const caliptra_bootmcu* mcu);

/* The runtime's answer to FW_INFO. *size: in, the room; out, the bytes that there are: 0 before it came. */
CALIPTRA_EMU_API int caliptra_bootmcu_firmware_info(const caliptra_bootmcu* mcu, uint8_t* buffer, size_t* size);

/* As caliptra_emu_save() and caliptra_emu_restore(), with where the boot is. */
CALIPTRA_EMU_API int caliptra_bootmcu_save(caliptra_bootmcu* mcu, uint8_t* buffer, size_t* size);
CALIPTRA_EMU_API int caliptra_bootmcu_restore(caliptra_bootmcu* mcu, const uint8_t* state, size_t size);

#ifdef __cplusplus
}
#endif

#endif
