// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later

#include "tools/gdb-server/target_description.h"

#include <fmt/format.h>

#include "iss/csr_table.h"
#include "iss/hart.h"
#include "iss/registers/register_block.h"
#include "peripherals/mailbox/mailbox.h"

namespace caliptra::gdb {
namespace {

constexpr uint32_t rom_base = 0;
constexpr uint32_t rom_size = 48 * 1024;
constexpr uint32_t mailbox_sram_base = 0x3000'0000;

constexpr unsigned return_address = 1;
constexpr unsigned stack_pointer = 2;

std::string memory(std::string_view type, uint32_t base, uint32_t size) {
  return fmt::format("  <memory type=\"{}\" start=\"0x{:x}\" length=\"0x{:x}\"/>\n", type, base, size);
}

}  // namespace

std::string target_xml() {
  std::string xml =
      "<?xml version=\"1.0\"?>\n"
      "<!DOCTYPE target SYSTEM \"gdb-target.dtd\">\n"
      "<target version=\"1.0\">\n"
      "  <architecture>riscv:rv32</architecture>\n"
      "  <feature name=\"org.gnu.gdb.riscv.cpu\">\n";
  const auto add = [&xml](std::string_view name, uint32_t number, std::string_view type, std::string_view more) {
    xml += fmt::format("    <reg name=\"{}\" bitsize=\"32\" regnum=\"{}\" type=\"{}\"{}/>\n", name, number, type, more);
  };
  for (unsigned i = 0; i < 32; ++i) {
    add(fmt::format("x{}", i), i, i == return_address ? "code_ptr" : i == stack_pointer ? "data_ptr" : "int", "");
  }
  add("pc", pc_number, "code_ptr", "");
  xml += "  </feature>\n  <feature name=\"org.gnu.gdb.riscv.csr\">\n";
  // A value that was saved for a call from gdb's prompt is not written back: that would undo what the call did.
  for (const veer::CsrDescription& csr : veer::csr_table) {
    add(csr.name, first_csr_number + csr.number, "int", " save-restore=\"no\" group=\"csr\"");
  }
  return xml + "  </feature>\n</target>\n";
}

std::string memory_map_xml(const Core& core) {
  const veer::HartConfig hart;
  std::string xml =
      "<?xml version=\"1.0\"?>\n"
      "<!DOCTYPE memory-map PUBLIC \"+//IDN gnu.org//DTD GDB Memory Map V1.0//EN\"\n"
      "  \"http://sourceware.org/gdb/gdb-memory-map.dtd\">\n"
      "<memory-map>\n";
  xml += memory("rom", rom_base, rom_size);
  xml += memory("ram", hart.iccm_base, hart.iccm_size);
  xml += memory("ram", hart.dccm_base, hart.dccm_size);
  xml += memory("ram", hart.pic_base, hart.pic_size);
  xml += memory("ram", mailbox_sram_base, Mailbox::sram_size);
  for (const Core::MappedBlock& mapped : core.blocks()) xml += memory("ram", mapped.base, mapped.block->size());
  return xml + "</memory-map>\n";
}

}  // namespace caliptra::gdb
