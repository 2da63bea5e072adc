// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Writes docs/device-status.md: what of a Caliptra core is modelled. Blocks and registers come from the register
// tables of the blocks; what tables can't say is in the notes below.

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "iss/registers/register_block.h"
#include "soc/core.h"

namespace caliptra {
namespace {

/// A block that is in the RTL's register map and in no core of ours.
struct AbsentBlock {
  std::string_view name;
  uint32_t base;
  unsigned registers;
  std::string_view reason;
};

constexpr AbsentBlock absent_blocks[] = {
    {"spi_host", 0x2000'0000, 14,
     "Not in the RTL either, unless built with CALIPTRA_INTERNAL_QSPI; the address is a bus error here. On the RTL a "
     "load from it never returns."},
    {"uart (RTL)", 0x2000'1000, 13,
     "Not in the RTL either, unless built with CALIPTRA_INTERNAL_UART. With `emulator_devices` a console UART answers "
     "at this address."},
};

constexpr unsigned pic_registers = 6;
constexpr unsigned pic_words = 4 * 31 + 2;

/// By block name. A block without a note is modelled without anything to add.
const std::map<std::string_view, std::string_view> notes = {
    {"doe", "A flow that is interrupted leaves what doe_fsm.sv leaves."},
    {"ecc384",
     "Results appear at the end of an operation; what software sees of the intermediate steps (private key, rejected "
     "public key) comes at its own time. ECC_IV blinds only, and changes no result."},
    {"hmac384", "HMAC384_LFSR_SEED blinds only, and changes no result. RTL 1.0 has 5 words of it."},
    {"sha512", "The key-vault read that RTL 1.1 left unconnected never ends here either; it works on RTL 1.0."},
    {"sha256", "Winternitz chains since RTL 1.1."},
    {"sha512_acc",
     "Streaming takes each word at once: where the RTL would stall the bus, the block that is worked on is done at "
     "once, "
     "so that only time differs."},
    {"key_vault",
     "kv_multi_write_err of RTL 1.1, which clears every key, cannot come: whoever could write at once (HMAC, ECC, DOE) "
     "has "
     "been busy at once before, and that is crypto_error, which zeroizes them and flushes the keys."},
    {"mailbox", "A transition takes no cycles: software sees the state it leads to at the next access."},
    {"soc_ifc",
     "Clock gating (CPTRA_CLK_GATING_EN) stops the engines and the TRNG while the core is halted; what it saves "
     "besides "
     "software cannot see."},
    {"csrng", "Only with the internal TRNG; otherwise the addresses are a bus error."},
    {"entropy_src", "Only with the internal TRNG; otherwise the addresses are a bus error."},
    {"uart", "Emulators only: console output. Switched off with `emulator_devices`."},
    {"emulator_control", "Emulators only: ends the run. Switched off with `emulator_devices`."},
};

/// A register of which software could see that something is missing.
struct PartialRegister {
  std::string_view block;
  std::string_view name;
  std::string_view reason;
};

constexpr PartialRegister partial_registers[] = {
    {"csrng", "MAIN_SM_STATE", "Shows the states in which the engine rests, not those it passes through."},
    {"entropy_src", "DEBUG_STATUS", "Shows the states in which the block rests, not those it passes through."},
    {"entropy_src", "MAIN_SM_STATE", "Shows the states in which the block rests, not those it passes through."},
};

std::unique_ptr<Core> core_of(Generation generation) {
  Configuration configuration;
  configuration.generation = generation;
  configuration.rom = {0x6f, 0, 0, 0};
  configuration.internal_trng = true;
  std::string error;
  return Core::create(configuration, error);
}

struct Counts {
  unsigned registers = 0;
  unsigned words = 0;
};

Counts count(const veer::RegisterBlock& block) {
  Counts counts;
  for (const veer::Register& each : block.descriptions()) {
    if ((each.variants & block.variant()) == 0) continue;
    ++counts.registers;
    counts.words += each.count;
  }
  return counts;
}

unsigned partial(std::string_view block) {
  return static_cast<unsigned>(
      std::ranges::count_if(partial_registers, [&](const PartialRegister& each) { return each.block == block; }));
}

std::string difference(unsigned first, unsigned second) {
  return first == second ? std::to_string(first) : std::to_string(first) + " / " + std::to_string(second);
}

void row(std::string_view name, uint32_t base, const std::string& registers, const std::string& words,
         std::string_view status, std::string_view note) {
  std::printf("| %.*s | 0x%08x | %s | %s | %.*s | %.*s |\n", static_cast<int>(name.size()), name.data(), base,
              registers.c_str(), words.c_str(), static_cast<int>(status.size()), status.data(),
              static_cast<int>(note.size()), note.data());
}

int write_page() {
  const auto old_core = core_of(Generation::v1_0);
  const auto core = core_of(Generation::v1_1);
  if (!old_core || !core) return 1;

  std::puts(
      "# Device status\n"
      "\n"
      "What a core of generation 1.0 or 1.1 (firmware 1.2 runs on RTL 1.1) has of the hardware. This page is written "
      "by\n"
      "`build/tools/device-status/device-status`; a test holds it against the register tables, and another one holds\n"
      "the tables against the RTL: names, offsets, fields, access from core and SoC, reset values and domains, side\n"
      "effects.\n"
      "\n"
      "Registers counts the names, words the 32-bit words they take; two numbers are RTL 1.0 / RTL 1.1.\n"
      "\n"
      "| Block | Address | Registers | Words | Status | Note |\n"
      "|---|---|---|---|---|---|");
  for (std::size_t i = 0; i < core->blocks().size(); ++i) {
    const veer::RegisterBlock& block = *core->blocks()[i].block;
    const Counts before = count(*old_core->blocks()[i].block);
    const Counts now = count(block);
    const auto note = notes.find(block.name());
    row(block.name(), core->blocks()[i].base, difference(before.registers, now.registers),
        difference(before.words, now.words), partial(block.name()) == 0 ? "modelled" : "partial",
        note == notes.end() ? "" : note->second);
  }
  row("pic", 0x6000'0000, std::to_string(pic_registers), std::to_string(pic_words), "modelled",
      "The interrupt controller is a part of the hart (iss/pic.cc).");
  for (const AbsentBlock& block : absent_blocks) {
    row(block.name, block.base, std::to_string(block.registers), "", "absent", block.reason);
  }

  std::puts(
      "\n"
      "## Registers that are modelled in part\n"
      "\n"
      "| Block | Register | What is missing |\n"
      "|---|---|---|");
  for (const PartialRegister& each : partial_registers) {
    std::printf("| %.*s | %.*s | %.*s |\n", static_cast<int>(each.block.size()), each.block.data(),
                static_cast<int>(each.name.size()), each.name.data(), static_cast<int>(each.reason.size()),
                each.reason.data());
  }

  std::puts(
      "\n"
      "## Limits that no register shows\n"
      "\n"
      "- An address that nothing decodes is a bus error. On the RTL a load from 0x20000000, where the SPI host would "
      "be,\n"
      "  never returns; an emulator must not hang, so here it is a bus error too.\n"
      "- Accesses over the SoC's bus take no time and never wait for an access of the core.\n"
      "- The TAP reaches the registers and the mailbox through calls (`Core::tap_read`, `caliptra_emu_tap_read`), not "
      "through\n"
      "  a JTAG state machine.");
  return 0;
}

}  // namespace
}  // namespace caliptra

int main() { return caliptra::write_page(); }
