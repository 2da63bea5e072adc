/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later */
/* A host program: runs a core whose ROM loops on one instruction, and the same behind a boot microcontroller. */

#include <caliptra_bootmcu.h>
#include <caliptra_emu.h>
#include <caliptra_model.h>
#include <stdio.h>

static const uint8_t rom[] = {0x6f, 0x00, 0x00, 0x00}; /* jal x0, 0 */

static int phase_of_a_boot(void) {
  caliptra_bootmcu_config config;
  caliptra_bootmcu* mcu = NULL;
  char message[200];
  caliptra_bootmcu_config_init(&config);
  config.rom = rom;
  config.rom_size = sizeof rom;
  if (caliptra_bootmcu_create(&config, &mcu, message, sizeof message) != CALIPTRA_EMU_OK) {
    fprintf(stderr, "consumer: %s\n", message);
    return -1;
  }
  caliptra_bootmcu_status status = {.size = sizeof status};
  caliptra_bootmcu_power_on(mcu);
  caliptra_bootmcu_run(mcu, 10000, NULL);
  caliptra_bootmcu_get_status(mcu, &status);
  caliptra_bootmcu_destroy(mcu);
  return status.phase;
}

int main(void) {
  caliptra_emu_config config;
  caliptra_emu* emu = NULL;
  char message[200];
  caliptra_emu_config_init(&config);
  config.rom = rom;
  config.rom_size = sizeof rom;
  if (caliptra_emu_create(&config, &emu, message, sizeof message) != CALIPTRA_EMU_OK) {
    fprintf(stderr, "consumer: %s\n", message);
    return 1;
  }
  caliptra_emu_soc_plan plan;
  caliptra_emu_soc_plan_init(&plan);
  caliptra_emu_attach_soc(emu, &plan);
  caliptra_emu_power_on(emu);
  int debugger = -1;
  caliptra_emu_gdb_listen(emu, "0", false);
  caliptra_emu_gdb_poll(emu, &debugger);
  int stop = -1;
  caliptra_emu_run(emu, 100000, 0, &stop);
  const unsigned long long instructions = caliptra_emu_instructions(emu);
  caliptra_emu_destroy(emu);
  printf("caliptra-emu %s: %llu instructions\n", caliptra_emu_version(), instructions);
  if (phase_of_a_boot() != CALIPTRA_BOOTMCU_ROM) return 1;
  return stop == CALIPTRA_EMU_STOP_CYCLES && debugger == CALIPTRA_EMU_GDB_NOBODY && instructions > 50000 ? 0 : 1;
}
