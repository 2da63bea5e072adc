// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// mbox_csr: the registers of RTL 1.0 and 1.1, at 0x30020000.

#pragma once

#include "iss/registers/register_table.h"
#include "peripherals/common/hardware.h"

namespace caliptra::mailbox_regs {

using veer::Access;
using veer::Field;
using veer::OnRead;
using veer::OnWrite;

/// Why a write is ignored: the conditions on swwe in mbox_csr.sv.
enum Lock : uint8_t {
  not_requester = 1,  ///< !valid_requester
  not_receiver,       ///< !valid_receiver
};

struct mbox_lock {
  static constexpr std::string_view name = "mbox_lock";
  static constexpr uint32_t offset = 0x0;
  static constexpr Field lock{
      .name = "lock", .width = 1, .core = Access::ro, .soc = Access::ro, .on_read = OnRead::set};
  static constexpr Field fields[] = {lock};
};

struct mbox_user {
  static constexpr std::string_view name = "mbox_user";
  static constexpr uint32_t offset = 0x4;
  static constexpr Field user{.name = "user", .core = Access::ro, .soc = Access::ro};
  static constexpr Field fields[] = {user};
};

struct mbox_cmd {
  static constexpr std::string_view name = "mbox_cmd";
  static constexpr uint32_t offset = 0x8;
  static constexpr Field command{.name = "command", .soc = Access::rw, .lock = not_requester};
  static constexpr Field fields[] = {command};
};

struct mbox_dlen {
  static constexpr std::string_view name = "mbox_dlen";
  static constexpr uint32_t offset = 0xc;
  static constexpr Field length{.name = "length", .soc = Access::rw, .lock = not_requester};
  static constexpr Field fields[] = {length};
};

struct mbox_datain {
  static constexpr std::string_view name = "mbox_datain";
  static constexpr uint32_t offset = 0x10;
  static constexpr Field datain{.name = "datain", .soc = Access::rw, .lock = not_requester};
  static constexpr Field fields[] = {datain};
};

struct mbox_dataout {
  static constexpr std::string_view name = "mbox_dataout";
  static constexpr uint32_t offset = 0x14;
  static constexpr Field dataout{.name = "dataout", .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field fields[] = {dataout};
};

struct mbox_execute {
  static constexpr std::string_view name = "mbox_execute";
  static constexpr uint32_t offset = 0x18;
  static constexpr Field execute{.name = "execute", .width = 1, .soc = Access::rw, .lock = not_requester};
  static constexpr Field fields[] = {execute};
};

struct mbox_status {
  static constexpr std::string_view name = "mbox_status";
  static constexpr uint32_t offset = 0x1c;
  static constexpr Field status{.name = "status", .width = 4, .soc = Access::rw, .lock = not_receiver};
  static constexpr Field ecc_single_error{
      .name = "ecc_single_error", .lsb = 4, .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field ecc_double_error{
      .name = "ecc_double_error", .lsb = 5, .width = 1, .core = Access::ro, .soc = Access::ro};
  static constexpr Field mbox_fsm_ps{
      .name = "mbox_fsm_ps", .lsb = 6, .width = 3, .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field soc_has_lock{
      .name = "soc_has_lock", .lsb = 9, .width = 1, .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field mbox_rdptr{
      .name = "mbox_rdptr", .lsb = 10, .width = 15, .core = Access::ro, .soc = Access::ro, .live = true};
  static constexpr Field fields[] = {status, ecc_single_error, ecc_double_error, mbox_fsm_ps, soc_has_lock, mbox_rdptr};
};

struct mbox_unlock {
  static constexpr std::string_view name = "mbox_unlock";
  static constexpr uint32_t offset = 0x20;
  static constexpr Field unlock{.name = "unlock", .width = 1, .soc = Access::ro, .single_pulse = true};
  static constexpr Field fields[] = {unlock};
};

inline constexpr veer::Register table[] = {
    veer::describe<mbox_lock>(),    veer::describe<mbox_user>(),   veer::describe<mbox_cmd>(),
    veer::describe<mbox_dlen>(),    veer::describe<mbox_datain>(), veer::describe<mbox_dataout>(),
    veer::describe<mbox_execute>(), veer::describe<mbox_status>(), veer::describe<mbox_unlock>(),
};

}  // namespace caliptra::mailbox_regs
