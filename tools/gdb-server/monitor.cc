// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/gdb-server/monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "iss/csr_table.h"
#include "iss/hart.h"
#include "iss/registers/register_block.h"
#include "iss/timing/statistics.h"
#include "peripherals/key_vault/key_vault.h"
#include "peripherals/key_vault/key_vault_regs.h"
#include "peripherals/mailbox/mailbox.h"
#include "peripherals/pcr_vault/pcr_vault.h"
#include "peripherals/pcr_vault/pcr_vault_regs.h"

namespace caliptra::gdb {
namespace {

constexpr std::pair<const char*, const char*> help_lines[] = {
    {"help", "this list"},
    {"reset cold|warm", "power off and on, or a warm reset; the core stands at the reset vector then"},
    {"regs [BLOCK]", "the registers of a block; without BLOCK the names of all blocks"},
    {"fuses", "the fuse registers"},
    {"keys", "the key vault's entries"},
    {"pcrs", "the PCR vault's entries"},
    {"mailbox", "the mailbox's state, registers and data"},
    {"interrupts", "what is enabled and what is pending"},
    {"cycles", "cycles and instructions since the beginning"},
    {"timing", "the timing profile; with rtl, where the cycles went"},
    {"snapshot save|restore NAME",
     "keeps the whole state under a name, or goes back to it; 'snapshot' lists the names"},
    {"inject KIND [NAME=VALUE]...",
     "puts a fault into the hardware; 'inject' lists the kinds, 'inject clear' ends all"},
};

constexpr std::size_t mailbox_bytes_shown = 256;

// By their numbers (config_defines.svh); those that are tied low have no name.
constexpr std::array interrupt_sources = {"",
                                          "doe_error",
                                          "doe_notif",
                                          "ecc_error",
                                          "ecc_notif",
                                          "hmac_error",
                                          "hmac_notif",
                                          "",
                                          "",
                                          "sha512_error",
                                          "sha512_notif",
                                          "sha256_error",
                                          "sha256_notif",
                                          "",
                                          "",
                                          "",
                                          "",
                                          "",
                                          "",
                                          "soc_ifc_error",
                                          "soc_ifc_notif",
                                          "sha_error",
                                          "sha_notif"};

bool exists(const veer::RegisterBlock& block, const veer::Register& description) {
  return (description.variants & block.variant()) != 0;
}

std::string element_name(const veer::Register& description, uint32_t element) {
  if (description.count == 1 && !description.always_indexed) return std::string(description.name);
  return fmt::format("{}[{}]", description.name, element + description.first_index);
}

std::string register_line(const veer::RegisterBlock& block, const veer::Register& description, uint32_t element,
                          uint32_t value) {
  std::string line =
      fmt::format("  {:03x} {:40} {:08x}", description.offset + 4 * element, element_name(description, element), value);
  // A register of one field says all by its value.
  const bool fields = description.fields.size() > 1;
  for (const veer::Field& field : description.fields) {
    if (fields && (field.variants & block.variant()) != 0 && field.get(value) != 0) {
      line += fmt::format(" {}={:x}", field.name, field.get(value));
    }
  }
  return line + "\n";
}

std::string words_text(const veer::RegisterBlock& block, uint32_t offset, unsigned count) {
  std::string text;
  for (unsigned i = 0; i < count; ++i) text += fmt::format("{:08x}", block.stored(offset + 4 * i));
  return text;
}

uint32_t pic_word(const veer::Hart& hart, uint32_t offset) {
  std::array<uint8_t, 4> bytes{};
  if (!hart.peek(veer::HartConfig{}.pic_base + offset, bytes)) return 0;
  return uint32_t{bytes[0]} | uint32_t{bytes[1]} << 8 | uint32_t{bytes[2]} << 16 | uint32_t{bytes[3]} << 24;
}

}  // namespace

std::string_view take_word(std::string_view& line) {
  const std::size_t begin = std::min(line.find_first_not_of(" \t\r\n"), line.size());
  line.remove_prefix(begin);
  const std::string_view word = line.substr(0, line.find_first_of(" \t\r\n"));
  line.remove_prefix(word.size());
  return word;
}

void Monitor::add(std::string name, std::string usage, std::string summary, Command command) {
  added_[std::move(name)] = {std::move(usage), std::move(summary), std::move(command)};
}

std::string Monitor::execute(std::string_view line) {
  const std::string_view command = take_word(line);
  if (const auto added = added_.find(command); added != added_.end()) return added->second.command(line);
  if (command == "inject") return inject(line);
  if (command == "snapshot") return snapshot(line);
  const std::string_view argument = take_word(line);
  const bool takes_argument = command == "reset" || command == "regs";
  if (!take_word(line).empty() || (!takes_argument && !argument.empty())) {
    return fmt::format("'{}' takes {}\n", command, takes_argument ? "one word" : "nothing");
  }
  if (command.empty() || command == "help") return help();
  if (command == "reset") return reset(argument);
  if (command == "regs") return registers(argument);
  if (command == "fuses") return fuses();
  if (command == "keys") return keys();
  if (command == "pcrs") return pcrs();
  if (command == "mailbox") return mailbox();
  if (command == "interrupts") return interrupts();
  if (command == "cycles") return cycles();
  if (command == "timing") return timing();
  return fmt::format("there is no command '{}'; 'monitor help' lists them\n", command);
}

std::string Monitor::help() const {
  std::string text;
  const auto line = [&text](std::string_view usage, std::string_view summary) {
    text += fmt::format("{:27} {}\n", usage, summary);
  };
  for (const auto& [usage, summary] : help_lines) line(usage, summary);
  for (const auto& [name, added] : added_) line(added.usage, added.summary);
  return text;
}

std::string Monitor::registers(std::string_view block_name) const {
  std::string text;
  if (block_name.empty()) {
    for (const Core::MappedBlock& mapped : core_.blocks()) {
      text += fmt::format("{:08x} {}\n", mapped.base, mapped.block->name());
    }
    return text;
  }
  const veer::RegisterBlock* block = core_.block(block_name);
  if (block == nullptr) return fmt::format("there is no block '{}'; 'monitor regs' lists them\n", block_name);
  for (const veer::Register& description : block->descriptions()) {
    if (!exists(*block, description)) continue;
    for (uint32_t i = 0; i < description.count; ++i) {
      text += register_line(*block, description, i, block->peek(description.offset + 4 * i));
    }
  }
  return text;
}

// As they are stored: firmware can't read all of them.
std::string Monitor::fuses() const {
  const veer::RegisterBlock* block = core_.block("soc_ifc");
  std::string text;
  for (const veer::Register& description : block->descriptions()) {
    if (!description.name.starts_with("fuse_") || !exists(*block, description)) continue;
    text += fmt::format("{:32} {}\n", description.name, words_text(*block, description.offset, description.count));
  }
  return text;
}

std::string Monitor::keys() const {
  using key_vault_regs::KEY_CTRL;
  using key_vault_regs::KEY_ENTRY;
  const veer::RegisterBlock* block = core_.block("key_vault");
  const KeyVaultGeometry geometry = KeyVaultGeometry::of(core_.configuration().generation);
  std::string text = "slot lock_wr lock_use dest_valid last_dword key\n";
  for (unsigned slot = 0; slot < geometry.entries; ++slot) {
    const uint32_t control = block->stored(KEY_CTRL::offset + 4 * slot);
    text += fmt::format("{:4} {:7} {:8} {:#10x} {:10} {}\n", slot, KEY_CTRL::lock_wr.get(control),
                        KEY_CTRL::lock_use.get(control), KEY_CTRL::dest_valid.get(control),
                        KEY_CTRL::last_dword.get(control),
                        words_text(*block, KEY_ENTRY::offset + 4 * slot * geometry.words, geometry.words));
  }
  return text;
}

std::string Monitor::pcrs() const {
  using pcr_vault_regs::PCR_CTRL;
  using pcr_vault_regs::PCR_ENTRY;
  const veer::RegisterBlock* block = core_.block("pcr_vault");
  std::string text = "slot lock value\n";
  for (unsigned slot = 0; slot < PcrVault::entries; ++slot) {
    text += fmt::format("{:4} {:4} {}\n", slot, PCR_CTRL::lock.get(block->stored(PCR_CTRL::offset + 4 * slot)),
                        words_text(*block, PCR_ENTRY::offset + 4 * slot * PcrVault::words, PcrVault::words));
  }
  return text;
}

std::string Monitor::mailbox() const {
  constexpr uint32_t sram_base = 0x3000'0000;
  const auto* block = static_cast<const Mailbox*>(core_.block("mailbox"));
  const auto state = [block] {
    switch (block->fsm()) {
      case MailboxState::idle: return "idle";
      case MailboxState::rdy_for_cmd: return "locked, waits for the command";
      case MailboxState::rdy_for_data: return "waits for data";
      case MailboxState::rdy_for_dlen: return "waits for the length";
      case MailboxState::execute_soc: return "the SoC has it to execute or to read";
      case MailboxState::execute_uc: return "the core has it to execute or to read";
      case MailboxState::error: return "error";
    }
    return "unknown";
  };
  std::string text = fmt::format("{}{}\n", state(), block->soc_has_lock() ? ", locked by the SoC" : "") +
                     registers("mailbox") + "data\n";
  std::array<uint8_t, mailbox_bytes_shown> bytes{};
  if (!core_.peek(sram_base, bytes)) return text;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (at % 32 == 0) text += fmt::format("  {:05x} ", at);
    text += fmt::format("{:02x}{}", bytes[at], at % 32 == 31 ? "\n" : "");
  }
  return text;
}

std::string Monitor::interrupts() const {
  constexpr uint32_t meip = 0x1000;
  constexpr uint32_t meie = 0x2000;
  veer::Hart& hart = core_.hart();
  const auto csr = [&](veer::Csr number) { return hart.csr(static_cast<unsigned>(number)).value_or(0); };
  const uint32_t mip = csr(veer::Csr::mip);
  const uint32_t mie = csr(veer::Csr::mie);
  std::string text =
      fmt::format("mstatus.mie {}\nmip {:08x}\nmie {:08x}\n", csr(veer::Csr::mstatus) >> 3 & 1, mip, mie);
  const std::pair<unsigned, const char*> lines[] = {{3, "software"},          {7, "timer"},
                                                    {11, "external"},         {28, "internal timer 1"},
                                                    {29, "internal timer 0"}, {30, "correctable error"}};
  for (const auto& [bit, name] : lines) {
    text += fmt::format("{:18} {} {}\n", name, (mie >> bit & 1) != 0 ? "enabled " : "disabled",
                        (mip >> bit & 1) != 0 ? "pending" : "");
  }
  text += fmt::format("PIC: threshold {}, level {}\n", csr(veer::Csr::meipt), csr(veer::Csr::meicurpl));
  const uint32_t pending = pic_word(hart, meip);
  for (unsigned source = 1; source < 32; ++source) {
    const bool enabled = (pic_word(hart, meie + 4 * source) & 1) != 0;
    const bool waits = (pending >> source & 1) != 0;
    if (!enabled && !waits) continue;
    text += fmt::format("{:2} {:14} priority {:2} {} {}\n", source,
                        source < interrupt_sources.size() ? interrupt_sources[source] : "", pic_word(hart, 4 * source),
                        enabled ? "enabled " : "disabled", waits ? "pending" : "");
  }
  return text;
}

std::string Monitor::cycles() const {
  veer::Hart& hart = core_.hart();
  const char* const state = hart.held_in_reset() ? "held in reset" : hart.halted() ? "halted" : "awake";
  return fmt::format("cycles {}\ninstructions {}\nhart {}\n", core_.cycles(), core_.instructions(), state);
}

std::string Monitor::timing() const {
  const veer::TimingStatistics* statistics = core_.hart().timing_statistics();
  if (statistics == nullptr) return "reference\n";
  const std::pair<const char*, uint64_t> lines[] = {{"fetch", statistics->fetch},
                                                    {"load use", statistics->load_use},
                                                    {"bus full", statistics->bus_full},
                                                    {"mispredict", statistics->mispredict},
                                                    {"stale branch", statistics->stale_branch},
                                                    {"divide", statistics->divide},
                                                    {"synchronize", statistics->synchronize},
                                                    {"trap", statistics->trap}};
  std::string text = "rtl; cycles beyond one per instruction:\n";
  for (const auto& [name, cycles] : lines) text += fmt::format("  {:12} {}\n", name, cycles);
  return text;
}

}  // namespace caliptra::gdb
