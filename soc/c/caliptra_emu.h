/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later */
/*
 * caliptra_emu.h: a Caliptra core for other simulators, in C.
 *
 * An instance is one Caliptra core with its hart, memories and blocks, seen from the SoC: bus, wires, time. It does
 * nothing by itself; time passes only in caliptra_emu_run() and the calls that say so.
 *
 * Threads: an instance belongs to one thread at a time; different instances are independent, and there is nothing
 * global. Callbacks come on the thread that made the call. They may call any function on the same instance, but those
 * that run it, save it, restore it or attach a SoC answer CALIPTRA_EMU_BUSY, and caliptra_emu_destroy() does nothing.
 *
 * Errors: functions return a caliptra_emu_status; caliptra_emu_error() says more. Nothing aborts and nothing throws,
 * whatever is passed: null pointers and impossible values are answered with CALIPTRA_EMU_INVALID_ARGUMENT.
 *
 * ABI: structs that a caller fills in begin with their own size; fields are only ever added at the end, and 0 in a new
 * field means what happened before there was one. Symbols are versioned, and never go away within a major version.
 *
 * Bytes and words: addresses and registers are numbers of the host. Word 0 of a fuse or key is the register at the
 * lowest address. Mailbox payloads and responses are bytes; the first one is the low byte of the first word of DATAIN.
 */

#ifndef CALIPTRA_EMU_H
#define CALIPTRA_EMU_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(CALIPTRA_EMU_STATIC)
#define CALIPTRA_EMU_API
#elif defined(__GNUC__)
#define CALIPTRA_EMU_API __attribute__((visibility("default")))
#else
#define CALIPTRA_EMU_API
#endif

/* The version of this interface: a library with the same major number and at least this minor number fits. */
#define CALIPTRA_EMU_API_MAJOR 1
#define CALIPTRA_EMU_API_MINOR 2

typedef struct caliptra_emu caliptra_emu;

typedef enum caliptra_emu_status {
  CALIPTRA_EMU_OK = 0,
  CALIPTRA_EMU_INVALID_ARGUMENT = -1, /* a null pointer, an unknown name, a value out of range */
  CALIPTRA_EMU_BUS_ERROR = -2,        /* the core refused a bus access: user, address, width, or in reset */
  CALIPTRA_EMU_NO_MEMORY = -3,
  CALIPTRA_EMU_BAD_CONFIGURATION = -4, /* the ROM, a fuse or another part of the configuration is wrong */
  CALIPTRA_EMU_BAD_STATE = -5,         /* a snapshot is damaged, or of another configuration */
  CALIPTRA_EMU_TOO_SMALL = -6,         /* the buffer is too small; the size needed has been written */
  CALIPTRA_EMU_BUSY = -7,              /* not now: from a callback, or a mailbox command is under way */
  CALIPTRA_EMU_UNSUPPORTED = -8,
  CALIPTRA_EMU_INTERNAL_ERROR = -9
} caliptra_emu_status;

typedef enum caliptra_emu_generation {
  CALIPTRA_EMU_GENERATION_1_0 = 0x10,
  CALIPTRA_EMU_GENERATION_1_1 = 0x11,
  CALIPTRA_EMU_GENERATION_1_2 = 0x12 /* firmware 1.2 on RTL 1.1: the same hardware as 1.1 */
} caliptra_emu_generation;

typedef enum caliptra_emu_timing {
  CALIPTRA_EMU_TIMING_REFERENCE = 0, /* one cycle an instruction, the reference emulator's constants */
  CALIPTRA_EMU_TIMING_RTL = 1        /* the silicon's cycles */
} caliptra_emu_timing;

typedef enum caliptra_emu_lifecycle {
  CALIPTRA_EMU_UNPROVISIONED = 0,
  CALIPTRA_EMU_MANUFACTURING = 1,
  CALIPTRA_EMU_PRODUCTION = 3
} caliptra_emu_lifecycle;

/* What a core is made of. Begin with caliptra_emu_config_init(). */
typedef struct caliptra_emu_config {
  size_t size;        /* sizeof(caliptra_emu_config) */
  int generation;     /* caliptra_emu_generation */
  int timing;         /* caliptra_emu_timing */
  const uint8_t* rom; /* copied */
  size_t rom_size;    /* bytes, at most 48 KiB */
  int lifecycle;      /* caliptra_emu_lifecycle */
  bool debug_locked;
  bool internal_trng;       /* false: trng_req is raised, and the SoC answers over the bus */
  bool emulator_devices;    /* the console UART and exit register that only emulators have */
  bool boot_fsm_breakpoint; /* strap: after the fuses, wait for CPTRA_BOOTFSM_GO */
  const uint32_t* obf_key;  /* 8 words, word 0 first; null: the reference emulator's default */
  uint32_t trng_seed;       /* noise of the internal TRNG */
  bool scan_mode;
  uint32_t generic_input[2]; /* generic_input_wires at power-on */
} caliptra_emu_config;

/* What this library can do: bits of caliptra_emu_capabilities(). */
typedef enum caliptra_emu_capability {
  CALIPTRA_EMU_CAN_GENERATION_1_0 = 1 << 0,
  CALIPTRA_EMU_CAN_GENERATION_1_1 = 1 << 1, /* and 1.2 */
  CALIPTRA_EMU_CAN_TIMING_REFERENCE = 1 << 2,
  CALIPTRA_EMU_CAN_TIMING_RTL = 1 << 3,
  CALIPTRA_EMU_CAN_INTERNAL_TRNG = 1 << 4,
  CALIPTRA_EMU_CAN_STATE = 1 << 5,           /* caliptra_emu_save() and caliptra_emu_restore() */
  CALIPTRA_EMU_CAN_ERROR_INJECTION = 1 << 6, /* caliptra_emu_inject_ecc_error() */
  CALIPTRA_EMU_CAN_SOC = 1 << 7,             /* caliptra_emu_attach_soc() */
  CALIPTRA_EMU_CAN_CONFIGURATION_TEXT = 1 << 8,
  CALIPTRA_EMU_CAN_GDB = 1 << 9 /* caliptra_emu_gdb_listen() */
} caliptra_emu_capability;

/* What can end a run, and what the log of a run is made of. Bits, for masks. */
typedef enum caliptra_emu_event {
  CALIPTRA_EMU_EVENT_BOOT_STATUS = 1 << 0, /* value: CPTRA_BOOT_STATUS */
  CALIPTRA_EMU_EVENT_FLOW_STATUS = 1 << 1, /* value: CPTRA_FLOW_STATUS */
  CALIPTRA_EMU_EVENT_READY_FOR_FUSES = 1 << 2,
  CALIPTRA_EMU_EVENT_READY_FOR_FW = 1 << 3,
  CALIPTRA_EMU_EVENT_READY_FOR_RUNTIME = 1 << 4, /* CPTRA_FLOW_STATUS.ready_for_runtime */
  CALIPTRA_EMU_EVENT_RUNTIME_READY = 1 << 5,     /* boot status 0x600: the runtime takes commands */
  CALIPTRA_EMU_EVENT_COLD_RESET = 1 << 6,
  CALIPTRA_EMU_EVENT_WARM_RESET = 1 << 7,
  CALIPTRA_EMU_EVENT_FIRMWARE_UPDATE_RESET = 1 << 8,
  CALIPTRA_EMU_EVENT_EXIT = 1 << 9,                  /* value: 0 passed, 255 failed */
  CALIPTRA_EMU_EVENT_FIRMWARE_ERROR_FATAL = 1 << 10, /* value: CPTRA_FW_ERROR_FATAL */
  CALIPTRA_EMU_EVENT_HARDWARE_ERROR_FATAL = 1 << 11, /* value: CPTRA_HW_ERROR_FATAL */
  CALIPTRA_EMU_EVENT_TRNG_REQUEST = 1 << 12,
  CALIPTRA_EMU_EVENT_MAILBOX_STATUS = 1 << 13,   /* value: MBOX_STATUS */
  CALIPTRA_EMU_EVENT_IDEVID_CSR_READY = 1 << 14, /* the ROM left the CSR in the mailbox */
  CALIPTRA_EMU_EVENT_MAILBOX_DONE = 1 << 15      /* the command of caliptra_emu_mailbox_start() has ended */
} caliptra_emu_event;

typedef enum caliptra_emu_stop {
  CALIPTRA_EMU_STOP_CYCLES = 0,      /* the cycles asked for have passed */
  CALIPTRA_EMU_STOP_EVENT = 1,       /* an event of the mask came */
  CALIPTRA_EMU_STOP_REQUESTED = 2,   /* caliptra_emu_stop() */
  CALIPTRA_EMU_STOP_NO_PROGRESS = 3, /* asleep or in reset, and nothing pending */
  CALIPTRA_EMU_STOP_DEBUGGER = 4     /* a breakpoint or watchpoint, or a debugger wants the core to stand still */
} caliptra_emu_stop_reason;

typedef enum caliptra_emu_wire_in {
  CALIPTRA_EMU_CPTRA_PWRGOOD = 0,
  CALIPTRA_EMU_CPTRA_RST_B = 1,
  CALIPTRA_EMU_BOOTFSM_BRKPOINT = 2,
  CALIPTRA_EMU_SCAN_MODE = 3
} caliptra_emu_wire_in;

typedef enum caliptra_emu_wire_out {
  CALIPTRA_EMU_READY_FOR_FUSES = 0,
  CALIPTRA_EMU_READY_FOR_FW = 1,
  CALIPTRA_EMU_READY_FOR_RUNTIME = 2,
  CALIPTRA_EMU_MAILBOX_DATA_AVAIL = 3,
  CALIPTRA_EMU_CPTRA_ERROR_FATAL = 4,
  CALIPTRA_EMU_CPTRA_ERROR_NON_FATAL = 5,
  CALIPTRA_EMU_ETRNG_REQ = 6,
  CALIPTRA_EMU_MAILBOX_FLOW_DONE = 7
} caliptra_emu_wire_out;

typedef struct caliptra_emu_event_info {
  int event; /* one bit of caliptra_emu_event */
  uint32_t value;
  uint64_t cycle;
  uint64_t instructions;
} caliptra_emu_event_info;

typedef enum caliptra_emu_log_level {
  CALIPTRA_EMU_LOG_ERROR = 0, /* a fatal error of the core */
  CALIPTRA_EMU_LOG_GUEST = 1, /* the SoC or the firmware did something that was refused or failed */
  CALIPTRA_EMU_LOG_INFO = 2   /* milestones: resets, boot status, ready wires */
} caliptra_emu_log_level;

typedef void (*caliptra_emu_event_callback)(void* opaque, const caliptra_emu_event_info* info);
typedef void (*caliptra_emu_console_callback)(void* opaque, char character);
typedef void (*caliptra_emu_log_callback)(void* opaque, int level, const char* text);
typedef void (*caliptra_emu_wire_callback)(void* opaque, int wire_out, bool level);

/* Fills in 12 words of entropy and returns true, or returns false: then nobody answers. */
typedef bool (*caliptra_emu_trng_callback)(void* opaque, uint32_t words[12]);

/* --- Life ------------------------------------------------------------------------------------------------------- */

/* The interface version of the library: major << 16 | minor. */
CALIPTRA_EMU_API uint32_t caliptra_emu_api_version(void);

/* The library's version as text, for people. */
CALIPTRA_EMU_API const char* caliptra_emu_version(void);

/* Bits of caliptra_emu_capability. */
CALIPTRA_EMU_API uint64_t caliptra_emu_capabilities(void);

/* What a caliptra_emu_status says, in words. Never null. */
CALIPTRA_EMU_API const char* caliptra_emu_status_text(int status);

/* Fills in the defaults: generation 1.1, reference timing, unprovisioned, debug unlocked, no ROM. */
CALIPTRA_EMU_API void caliptra_emu_config_init(caliptra_emu_config* config);

/*
 * Makes a core without power. On an error *emu is null, and where message is not null up to message_size bytes of the
 * reason are written there, zero-terminated.
 */
CALIPTRA_EMU_API int caliptra_emu_create(const caliptra_emu_config* config, caliptra_emu** emu, char* message,
                                         size_t message_size);

/*
 * Makes a core without power out of a configuration text: the sections and keys of caliptra-emu's configuration file
 * but [images] and [[faults]], in the part of TOML that docs/library.md shows. What [soc], [trng] and [fuses] say is
 * for caliptra_emu_attach_configured_soc(). Errors name the line.
 */
CALIPTRA_EMU_API int caliptra_emu_create_from_text(const char* text, const uint8_t* rom, size_t rom_size,
                                                   caliptra_emu** emu, char* message, size_t message_size);

/* Null is fine. Destroys an attached SoC too. */
CALIPTRA_EMU_API void caliptra_emu_destroy(caliptra_emu* emu);

/* What the last call on this instance that failed said; never null. Valid until the next call. */
CALIPTRA_EMU_API const char* caliptra_emu_error(const caliptra_emu* emu);

/* --- Wires ------------------------------------------------------------------------------------------------------ */

CALIPTRA_EMU_API int caliptra_emu_set_wire(caliptra_emu* emu, int wire_in, bool level);
CALIPTRA_EMU_API int caliptra_emu_get_wire(const caliptra_emu* emu, int wire_out, bool* level);

/*
 * Every change of an output wire, at the cycle at which it happens: this is where interrupt lines hang. Null ends it.
 * The callback comes while an instruction or an event is half done: it should note the level and perhaps call
 * caliptra_emu_stop(), and access the bus later.
 */
CALIPTRA_EMU_API int caliptra_emu_on_wire(caliptra_emu* emu, caliptra_emu_wire_callback callback, void* opaque);

/*
 * Answers the external TRNG protocol: when the core raises etrng_req, callback is asked for 12 words, which go to
 * CPTRA_TRNG_DATA as `user` `delay` cycles after the request. Null ends it. Not together with an attached SoC that
 * answers by itself.
 */
CALIPTRA_EMU_API int caliptra_emu_on_trng_request(caliptra_emu* emu, caliptra_emu_trng_callback callback, void* opaque,
                                                  uint32_t user, uint64_t delay);

/* security_state; latched by the hardware at the end of a reset. */
CALIPTRA_EMU_API int caliptra_emu_set_security_state(caliptra_emu* emu, int lifecycle, bool debug_locked);

/* generic_input_wires, word 0 or 1; generic_output_wires likewise. */
CALIPTRA_EMU_API int caliptra_emu_set_generic_input(caliptra_emu* emu, unsigned word, uint32_t value);
CALIPTRA_EMU_API int caliptra_emu_get_generic_output(const caliptra_emu* emu, unsigned word, uint32_t* value);

/* --- The SoC's bus ---------------------------------------------------------------------------------------------- */

/*
 * APB accesses as user (PAUSER). Only the low 18 bits of the address count: mailbox 0x20000, SHA accelerator 0x21000,
 * soc_ifc 0x30000. Width is 4: the bus has no byte lanes, any other is CALIPTRA_EMU_BUS_ERROR, as is an address that
 * is not a multiple of it. Takes no time.
 */
CALIPTRA_EMU_API int caliptra_emu_read(caliptra_emu* emu, uint32_t address, unsigned width, uint32_t user,
                                       uint32_t* data);
CALIPTRA_EMU_API int caliptra_emu_write(caliptra_emu* emu, uint32_t address, unsigned width, uint32_t user,
                                        uint32_t data);

/*
 * Writes a fuse by its RTL name (fuse_uds_seed): `words` registers from the lowest address on. The number must be the
 * fuse's. Works while the hardware allows it: after ready_for_fuses and before CPTRA_FUSE_WR_DONE.
 */
CALIPTRA_EMU_API int caliptra_emu_write_fuse(caliptra_emu* emu, const char* name, const uint32_t* words, size_t count,
                                             uint32_t user);

/*
 * What a debugger on the JTAG TAP reads and writes in Caliptra's own part of the DMI addresses, 0x50 to 0x7f: the
 * mailbox's DLEN 0x50, DOUT 0x51 (which moves on) and STATUS 0x52, CPTRA_BOOT_STATUS 0x53, CPTRA_HW_ERROR_ENC 0x54 and
 * CPTRA_FW_ERROR_ENC 0x55, and, writable as well, CPTRA_DBG_MANUF_SERVICE_REG 0x60 and CPTRA_BOOTFSM_GO 0x61.
 * CALIPTRA_EMU_BUS_ERROR for other addresses, and unless debug is unlocked or the device in manufacturing.
 */
CALIPTRA_EMU_API int caliptra_emu_tap_read(caliptra_emu* emu, unsigned address, uint32_t* data);
CALIPTRA_EMU_API int caliptra_emu_tap_write(caliptra_emu* emu, unsigned address, uint32_t data);

/* The name of fuse number `index`, from 0 on, and how many words it has; null beyond the last. Lives as long as emu. */
CALIPTRA_EMU_API const char* caliptra_emu_fuse_name(caliptra_emu* emu, size_t index, size_t* words);

/* --- Time ------------------------------------------------------------------------------------------------------- */

/*
 * Runs for at most `cycles` clock cycles, or until an event of `events` (a mask; 0: none). Where stop is not null the
 * reason is written there.
 */
CALIPTRA_EMU_API int caliptra_emu_run(caliptra_emu* emu, uint64_t cycles, uint32_t events, int* stop);

/* One instruction, which retires or traps, or the next event if the hart sleeps or is held in reset. */
CALIPTRA_EMU_API int caliptra_emu_step(caliptra_emu* emu, int* stop);

/* Ends the run that is going on; for callbacks. */
CALIPTRA_EMU_API int caliptra_emu_stop(caliptra_emu* emu);

CALIPTRA_EMU_API uint64_t caliptra_emu_cycles(const caliptra_emu* emu);
CALIPTRA_EMU_API uint64_t caliptra_emu_instructions(const caliptra_emu* emu);

/* The cycle of the next thing that happens without the hart's doing; UINT64_MAX if there is none. */
CALIPTRA_EMU_API uint64_t caliptra_emu_next_event(const caliptra_emu* emu);

/* --- Looking on ------------------------------------------------------------------------------------------------- */

/* Every event, as it happens. Null ends it. */
CALIPTRA_EMU_API int caliptra_emu_on_event(caliptra_emu* emu, caliptra_emu_event_callback callback, void* opaque);

/* Every character of the firmware's console. Null ends it. */
CALIPTRA_EMU_API int caliptra_emu_on_console(caliptra_emu* emu, caliptra_emu_console_callback callback, void* opaque);

/* Milestones, refusals and errors as one line of text each, without a line end. Null ends it. */
CALIPTRA_EMU_API int caliptra_emu_on_log(caliptra_emu* emu, caliptra_emu_log_callback callback, void* opaque);

/* A register or a word of memory as a debugger reads it: the core's address, no side effect. */
CALIPTRA_EMU_API int caliptra_emu_peek(const caliptra_emu* emu, uint32_t address, uint32_t* value);

/*
 * Bytes of ROM (reading only), ICCM, DCCM, mailbox SRAM and registers (reading only) at the core's addresses, without
 * side effects. If any byte is elsewhere it is CALIPTRA_EMU_BUS_ERROR, and nothing is written.
 */
CALIPTRA_EMU_API int caliptra_emu_read_memory(const caliptra_emu* emu, uint32_t address, uint8_t* bytes, size_t size);
CALIPTRA_EMU_API int caliptra_emu_write_memory(caliptra_emu* emu, uint32_t address, const uint8_t* bytes, size_t size);

/*
 * Flips one bit (correctable) or two bits of the word at an address in ICCM, DCCM or mailbox SRAM. The next read meets
 * the ECC error, a write repairs it.
 */
CALIPTRA_EMU_API int caliptra_emu_inject_ecc_error(caliptra_emu* emu, uint32_t address, bool correctable);

/*
 * A fault in the hardware. Kinds: ecc_correctable, ecc_uncorrectable, writes_correctable, writes_uncorrectable,
 * crypto_error, key_vault_read, key_vault_write, noise_stuck, noise_stopped, bus_error (soc/error_injection.h says what
 * each does). Begin with all zeros but the size; a length of 0 is 4, percent 0 is 10, slots 0 are all.
 */
typedef struct caliptra_emu_fault {
  size_t size; /* sizeof(caliptra_emu_fault) */
  const char* kind;
  uint32_t address; /* the core's */
  uint32_t length;  /* bytes */
  uint32_t value;
  uint32_t percent;
  uint32_t slots; /* of the key vault: a bit for each that is meant */
  uint32_t count; /* how many accesses are hit; 0: all */
} caliptra_emu_fault;

/* Lasts until cleared or a cold reset, unless its kind or count says otherwise. */
CALIPTRA_EMU_API int caliptra_emu_inject_fault(caliptra_emu* emu, const caliptra_emu_fault* fault);
CALIPTRA_EMU_API int caliptra_emu_clear_faults(caliptra_emu* emu);

/* --- Mailbox ---------------------------------------------------------------------------------------------------- */

/*
 * Sends one mailbox command as it is (no checksum is added) and runs the core until it ends, or max_cycles have
 * passed. *outcome: MBOX_STATUS.status at the end (1 DATA_READY, 2 CMD_COMPLETE, 3 CMD_FAILURE), 0 if there was no
 * answer. *response_size: in, the size of response; out, the bytes that the core sent (at most what fitted is
 * written: then CALIPTRA_EMU_TOO_SMALL).
 */
CALIPTRA_EMU_API int caliptra_emu_mailbox(caliptra_emu* emu, uint32_t command, const uint8_t* payload,
                                          size_t payload_size, uint32_t user, uint64_t max_cycles, int* outcome,
                                          uint8_t* response, size_t* response_size);

/*
 * Begins the same and returns at once; the command goes on as the core is run, and CALIPTRA_EMU_EVENT_MAILBOX_DONE is
 * its end.
 */
CALIPTRA_EMU_API int caliptra_emu_mailbox_start(caliptra_emu* emu, uint32_t command, const uint8_t* payload,
                                                size_t payload_size, uint32_t user);

/* How the command of caliptra_emu_mailbox_start() ended; CALIPTRA_EMU_BUSY while it hasn't. Else as above. */
CALIPTRA_EMU_API int caliptra_emu_mailbox_result(caliptra_emu* emu, int* outcome, uint8_t* response,
                                                 size_t* response_size);

/* The checksum that a runtime command's payload begins with, for the payload after it. */
CALIPTRA_EMU_API uint32_t caliptra_emu_mailbox_checksum(uint32_t command, const uint8_t* payload, size_t payload_size);

/* --- A SoC that brings the core up ---------------------------------------------------------------------------------
 */

typedef struct caliptra_emu_fuse {
  const char* name; /* the RTL's */
  const uint32_t* words;
  size_t count;
} caliptra_emu_fuse;

/* What a boot microcontroller does with the core. Begin with caliptra_emu_soc_plan_init(). Everything is copied. */
typedef struct caliptra_emu_soc_plan {
  size_t size;             /* sizeof(caliptra_emu_soc_plan) */
  uint32_t user;           /* PAUSER of its accesses; firmware 1.2 takes nothing from 0xffffffff */
  const uint8_t* firmware; /* uploaded when the core is ready for it; null: none */
  size_t firmware_size;
  const uint8_t* update_firmware; /* uploaded after a firmware update reset; null: none */
  size_t update_firmware_size;
  const caliptra_emu_fuse* fuses;
  size_t fuse_count;
  const uint32_t* mailbox_users; /* CPTRA_MBOX_VALID_PAUSER, each locked; at most five; null: user alone */
  size_t mailbox_user_count;
  bool answer_trng; /* answer the external TRNG protocol from trng_seed */
  uint32_t trng_seed;
  uint64_t trng_delay;            /* cycles from request to answer */
  uint64_t upload_delay;          /* cycles from ready_for_fw to the upload */
  uint64_t watchdog_timeout;      /* CPTRA_WDT_CFG, cycles */
  uint32_t manufacturing_service; /* CPTRA_DBG_MANUF_SERVICE_REG */
} caliptra_emu_soc_plan;

typedef enum caliptra_emu_upload {
  CALIPTRA_EMU_UPLOAD_PENDING = 0, /* not yet, or under way */
  CALIPTRA_EMU_UPLOAD_ACCEPTED = 1,
  CALIPTRA_EMU_UPLOAD_FAILED = 2,  /* the ROM answered CMD_FAILURE: CPTRA_FW_ERROR_* say why */
  CALIPTRA_EMU_UPLOAD_REFUSED = 3, /* the user is not valid at the mailbox */
  CALIPTRA_EMU_UPLOAD_MISSING = 4  /* the core waits, and the plan has no firmware */
} caliptra_emu_upload;

CALIPTRA_EMU_API void caliptra_emu_soc_plan_init(caliptra_emu_soc_plan* plan);

/*
 * Attaches a SoC that writes fuses, answers TRNG requests and uploads firmware from the core's own clock, so that what
 * it does is part of the run and of its state. Once, before power; all its work begins with caliptra_emu_power_on().
 */
CALIPTRA_EMU_API int caliptra_emu_attach_soc(caliptra_emu* emu, const caliptra_emu_soc_plan* plan);

/* The same by what the text of caliptra_emu_create_from_text() says. Firmware may be null. */
CALIPTRA_EMU_API int caliptra_emu_attach_configured_soc(caliptra_emu* emu, const uint8_t* firmware,
                                                        size_t firmware_size);

/* How far the attached SoC is with the firmware: *upload is a caliptra_emu_upload. */
CALIPTRA_EMU_API int caliptra_emu_upload_status(const caliptra_emu* emu, int* upload);

/* The IDevID CSR or LDevID certificate that the attached SoC fetched in a manufacturing boot. Sizes as in save. */
CALIPTRA_EMU_API int caliptra_emu_downloaded_certificate(const caliptra_emu* emu, uint8_t* buffer, size_t* size);

/*
 * Power and reset as a SoC drives them: cptra_pwrgood and cptra_rst_b, in order. With a SoC attached, that one goes on
 * from there; without, fuses and CPTRA_FUSE_WR_DONE are the caller's. With debug unlocked a warm reset flushes the key
 * vault, as on the RTL, and firmware 1.x gives up in the FMC (CPTRA_FW_ERROR_FATAL 0x01040055).
 */
CALIPTRA_EMU_API int caliptra_emu_power_on(caliptra_emu* emu);
CALIPTRA_EMU_API int caliptra_emu_cold_reset(caliptra_emu* emu);
CALIPTRA_EMU_API int caliptra_emu_warm_reset(caliptra_emu* emu);

/* --- State ------------------------------------------------------------------------------------------------------ */

/*
 * Saves everything that changes. *size: in, the size of buffer; out, the bytes needed. A null buffer asks only for
 * the size.
 */
CALIPTRA_EMU_API int caliptra_emu_save(caliptra_emu* emu, uint8_t* buffer, size_t* size);

/*
 * Restores what an instance of the same configuration saved, with a SoC attached if that had one. On an error the
 * instance must be restored or destroyed.
 */
CALIPTRA_EMU_API int caliptra_emu_restore(caliptra_emu* emu, const uint8_t* state, size_t size);

/* --- gdb -------------------------------------------------------------------------------------------------------- */

typedef enum caliptra_emu_gdb_state {
  CALIPTRA_EMU_GDB_OFF = 0,     /* nothing listens */
  CALIPTRA_EMU_GDB_NOBODY = 1,  /* no debugger wants anything: the core runs */
  CALIPTRA_EMU_GDB_RUNNING = 2, /* a debugger is there, and lets the core run */
  CALIPTRA_EMU_GDB_STOPPED = 3  /* a debugger, or the wait for one, has the core stand still */
} caliptra_emu_gdb_state;

/*
 * Lets gdb attach to the core: `address` is PORT (on 127.0.0.1; 0 takes a free one) or unix:PATH. With `wait` the core
 * stands still until the first debugger lets it run. While a debugger has it stopped the functions that run the core
 * come back at once with CALIPTRA_EMU_STOP_DEBUGGER, and no time passes; all the others work as ever. Time is the
 * caller's: the debugger can neither reset the core nor turn it back, and `kill` only lets go of it.
 */
CALIPTRA_EMU_API int caliptra_emu_gdb_listen(caliptra_emu* emu, const char* address, bool wait);

/* Where it listens: tcp:127.0.0.1:PORT or unix:PATH; empty if it doesn't. Never null; valid until listen or close. */
CALIPTRA_EMU_API const char* caliptra_emu_gdb_address(const caliptra_emu* emu);

/*
 * Takes the connection of a debugger, and answers what it has sent, without blocking and without running the core. Runs
 * answer too, but take no connection: call this now and then, or when there is something at the descriptor. Where state
 * is not null a caliptra_emu_gdb_state is written there.
 */
CALIPTRA_EMU_API int caliptra_emu_gdb_poll(caliptra_emu* emu, int* state);

/*
 * What to wait for with poll(2) before the next caliptra_emu_gdb_poll(): *descriptor, -1 if nothing listens, and
 * whether it is the room to write that is waited for and not something to read. Look again after each poll, and after
 * runs: the descriptor is the library's, and may be closed there, but a new connection comes only with a poll.
 */
CALIPTRA_EMU_API int caliptra_emu_gdb_descriptor(const caliptra_emu* emu, int* descriptor, bool* for_writing);

/* Ends connection and listening; the core goes on without. */
CALIPTRA_EMU_API int caliptra_emu_gdb_close(caliptra_emu* emu);

#ifdef __cplusplus
}
#endif

#endif
