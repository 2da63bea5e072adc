// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// doe_reg: the registers of RTL 1.0 and 1.1, at 0x10000000.

#pragma once

#include "iss/registers/register_table.h"
#include "peripherals/common/engine_interrupt_regs.h"
#include "peripherals/common/hardware.h"

namespace caliptra::doe_regs {

using veer::Access;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;
using veer::ResetDomain;

struct DOE_IV {
  static constexpr std::string_view name = "DOE_IV";
  static constexpr uint32_t offset = 0x0;
  static constexpr uint32_t count = 4;
  static constexpr Field IV{.name = "IV"};
  static constexpr Field fields[] = {IV};
};

struct DOE_CTRL {
  static constexpr std::string_view name = "DOE_CTRL";
  static constexpr uint32_t offset = 0x10;
  static constexpr Field CMD{.name = "CMD", .width = 2};
  static constexpr Field DEST{.name = "DEST", .lsb = 2, .width = 5};
  static constexpr Field fields[] = {CMD, DEST};
};

struct DOE_STATUS {
  static constexpr std::string_view name = "DOE_STATUS";
  static constexpr uint32_t offset = 0x14;
  static constexpr Field READY{.name = "READY", .width = 1, .core = Access::ro, .live = true};
  static constexpr Field VALID{.name = "VALID", .lsb = 1, .width = 1, .core = Access::ro};
  static constexpr Field UDS_FLOW_DONE{
      .name = "UDS_FLOW_DONE", .lsb = 2, .width = 1, .core = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field FE_FLOW_DONE{
      .name = "FE_FLOW_DONE", .lsb = 3, .width = 1, .core = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field DEOBF_SECRETS_CLEARED{
      .name = "DEOBF_SECRETS_CLEARED", .lsb = 4, .width = 1, .core = Access::ro, .domain = ResetDomain::power_good};
  static constexpr Field fields[] = {READY, VALID, UDS_FLOW_DONE, FE_FLOW_DONE, DEOBF_SECRETS_CLEARED};
};

// The registers of the interrupt block.
using namespace engine_interrupt_regs;

inline constexpr veer::Register own_registers[] = {
    veer::describe<DOE_IV>(),
    veer::describe<DOE_CTRL>(),
    veer::describe<DOE_STATUS>(),
};

inline constexpr auto table = engine_interrupt_regs::after(own_registers);

}  // namespace caliptra::doe_regs
