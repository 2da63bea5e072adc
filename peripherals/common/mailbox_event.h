// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// What the mailbox tells soc_ifc: the signals between mbox.sv and soc_ifc_top.sv that end in error
// registers and interrupts.

#pragma once

#include <cstdint>

namespace caliptra {

enum class MailboxEvent : uint8_t {
  command_available,    ///< data for the core (rising edge of uc_mbox_data_avail)
  lock_requested,       ///< the SoC asked for the lock while the core has it (soc_req_mbox_lock)
  invalid_user,         ///< a SoC user that does not hold the mailbox wrote or read data (mbox_inv_pauser_axs)
  access_without_lock,  ///< mbox_protocol_error.axs_without_lock
  access_out_of_order,  ///< mbox_protocol_error.axs_incorrect_order
  ecc_correctable,      ///< sram_single_ecc_error
  ecc_uncorrectable,    ///< sram_double_ecc_error
};

}  // namespace caliptra
