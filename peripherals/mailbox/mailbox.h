// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The mailbox: its registers (0x30020000), its state machine and its 128 KiB of SRAM, which the core also
// sees directly (0x30000000). From RTL soc_ifc/rtl/mbox.sv and mbox_csr.sv.

#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "iss/registers/register_block.h"
#include "iss/wire.h"
#include "peripherals/common/hardware.h"
#include "peripherals/common/mailbox_event.h"
#include "peripherals/mailbox/mailbox_sram.h"

namespace caliptra {

/// MBOX_STATUS.mbox_fsm_ps.
enum class MailboxState : uint8_t {
  idle = 0,
  rdy_for_cmd = 1,
  rdy_for_data = 2,
  rdy_for_dlen = 3,
  execute_soc = 4,
  execute_uc = 6,
  error = 7,
};

/// Registers and state machine. Transitions take no time: what RTL does one or two clocks after an access
/// has happened when the access returns. The register window is 4 KiB; beyond the registers it reads 0,
/// but writes there count as protocol errors as they do in RTL.
class Mailbox : public veer::RegisterBlock {
 public:
  static constexpr uint32_t window_size = 0x1000;
  static constexpr uint32_t sram_size = MailboxSram::size;

  explicit Mailbox(Generation generation);

  /// What soc_ifc must hear of. Called after the change it reports.
  std::function<void(MailboxEvent)> event;

  /// Something that the SoC may wait for has changed: the state, the status or the lock.
  std::function<void()> status_changed;

  /// mailbox_data_avail: data for the SoC.
  veer::Wire data_available;

  /// PAUSER of the accesses by Agent::soc that follow. Call before each. Users that are not valid at the
  /// mailbox at all never get here: see SocIfc::mailbox_user_valid().
  void set_requesting_user(uint32_t user) { requesting_user_ = user; }

  [[nodiscard]] MailboxState fsm() const { return mbox_fsm_ps_; }
  [[nodiscard]] bool soc_has_lock() const { return soc_has_lock_; }

  /// The core's direct access to the SRAM; `offset` in bytes from 0x30000000. Without the right (the SoC
  /// holds the mailbox, or nobody does) reads give 0 and writes are dropped, without an error. A narrow
  /// write replaces the whole word, as ahb_slv_sif.sv does. Agent::debugger always sees the memory.
  veer::BusResult read_direct(uint32_t offset, unsigned width, veer::Agent agent);
  veer::BusStatus write_direct(uint32_t offset, unsigned width, uint32_t data, veer::Agent agent);

  /// The SHA accelerator's read port: word `index` of the SRAM, after ECC. Needs no lock.
  uint32_t read_for_accelerator(uint32_t index);

  /// The memory itself: for tools and for error injection, without any side effect.
  [[nodiscard]] MailboxSram& sram() { return sram_; }
  [[nodiscard]] const MailboxSram& sram() const { return sram_; }

  /// The TAP's registers by their DMI address: 0x50 DLEN, 0x51 DOUT (which moves on to the next word), 0x52
  /// STATUS. Nothing for any other address. Whether the TAP may: SocIfc::tap_allowed().
  std::optional<uint32_t> dmi_read(uint8_t address);

  veer::BusStatus write(uint32_t offset, unsigned width, uint32_t data, veer::Agent agent) override;

  /// Cold and warm resets empty the state machine; a firmware update doesn't reach it. The SRAM keeps its
  /// contents but for a cold reset, after which it is zero.
  void reset(veer::Reset reset) override;
  void state(veer::StateStream& stream) override;

 protected:
  [[nodiscard]] veer::BusStatus check(const veer::RegisterRef& at, veer::Agent agent, bool writing) const override;
  [[nodiscard]] uint32_t live(const veer::RegisterRef& at, veer::Agent agent) const override;
  [[nodiscard]] bool locked(uint8_t lock, const veer::RegisterRef& at, veer::Agent agent) const override;
  void after_read(const veer::RegisterRef& at, veer::Agent agent) override;
  void after_write(const veer::RegisterRef& at, veer::Agent agent, const veer::RegisterWrite& write) override;

 private:
  [[nodiscard]] bool valid_requester(veer::Agent agent) const;
  [[nodiscard]] bool valid_receiver(veer::Agent agent) const;
  [[nodiscard]] bool direct_access() const;
  [[nodiscard]] uint32_t dlen_in_words() const;
  [[nodiscard]] bool out_of_order(uint32_t offset, bool writing, bool requester) const;

  void raise(MailboxEvent what);
  uint32_t read_sram(uint32_t index);
  void check_soc_access(uint32_t offset, bool writing);
  void take_lock(veer::Agent agent);
  void enter(MailboxState next);
  void enter_execute(MailboxState next, bool latch_dlen);
  void release();
  void follow_registers();
  void push_datain(uint32_t data);
  void advance_dataout();

  MailboxSram sram_;
  uint32_t requesting_user_ = 0xffff'ffff;

  // Named as in mbox.sv.
  MailboxState mbox_fsm_ps_ = MailboxState::idle;
  bool soc_has_lock_ = false;
  bool mbox_wr_full_ = false;
  bool mbox_rd_full_ = false;
  uint32_t mbox_wrptr_ = 0;   // in words, as all of these
  uint32_t mbox_rdptr_ = 0;   // MBOX_DATAOUT holds the word before it
  uint32_t dlen_in_dws_ = 0;  // what the receiver may read
};

}  // namespace caliptra
