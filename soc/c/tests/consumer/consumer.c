/* SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later */
/* A host program: makes a core whose ROM loops on one instruction, and runs it. */

#include <caliptra_emu.h>
#include <caliptra_model.h>
#include <stdio.h>

int main(void) {
  static const uint8_t rom[] = {0x6f, 0x00, 0x00, 0x00}; /* jal x0, 0 */
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
  return stop == CALIPTRA_EMU_STOP_CYCLES && debugger == CALIPTRA_EMU_GDB_NOBODY && instructions > 50000 ? 0 : 1;
}
