// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The SHA-512 accelerator: it pads and hashes what is in the mailbox memory, or what core or SoC stream into it.
// From RTL 1.0 and 1.1: soc_ifc/rtl/sha512_acc_top.sv, sha512_acc_external_csr.rdl, sha512/rtl/sha512_core.v.

#pragma once

#include <array>
#include <cstdint>
#include <functional>

#include "iss/clock.h"
#include "iss/registers/register_block.h"
#include "peripherals/common/engine_timing.h"
#include "peripherals/common/hardware.h"
#include "peripherals/common/interrupt_block.h"

namespace caliptra {

/// The register block at 0x30021000, for the core and for the SoC. What it does that may surprise, all of it the
/// RTL's:
/// - Out of reset the core holds the lock. Reading LOCK as 0 takes it; writing 1 gives it back, if one holds it.
/// - The SoC only ever streams: in its hands MODE's mailbox bit does nothing.
/// - A message starts with the first DATAIN; EXECUTE without one waits for it. DLEN has to be set before the data.
/// - DATAIN takes four message bytes, the first in the most significant byte, whatever ENDIAN_TOGGLE says.
/// - SHA-384 shows the last four words of the state too, and each block's intermediate digest.
/// - CONTROL.ZEROIZE, which anybody may write, clears the core but not the digest registers; after it, a message
///   under way gets a wrong digest or, in its last block, none.
/// - A mailbox message that would run over the end of the memory stops there; its length is hashed as given.
class Sha512Accelerator final : public veer::RegisterBlock {
 public:
  /// Reads the 32-bit word `index` (0 .. 32767) of the mailbox memory.
  using ReadMailbox = std::function<uint32_t(uint32_t index)>;

  /// What USER holds when the core has the lock.
  static constexpr uint32_t core_user = 0xffff'ffff;

  /// `clock` and `timing` must outlive the block.
  Sha512Accelerator(veer::Clock& clock, const EngineTiming& timing, Generation generation, ReadMailbox read_mailbox);

  InterruptBlock interrupts{*this};

  /// Tells who the SoC's next accesses come from (PAUSER, AXI user). Call before each access of Agent::soc whose
  /// user differs from the one before.
  void set_requesting_user(uint32_t user) { requesting_user_ = user; }

  void reset(veer::Reset reset) override;
  void state(veer::StateStream& stream) override;

 protected:
  [[nodiscard]] uint32_t live(const veer::RegisterRef& at, veer::Agent agent) const override;
  [[nodiscard]] bool locked(uint8_t lock, const veer::RegisterRef& at, veer::Agent agent) const override;
  void after_read(const veer::RegisterRef& at, veer::Agent agent) override;
  void after_write(const veer::RegisterRef& at, veer::Agent agent, const veer::RegisterWrite& write) override;

 private:
  enum class Phase : uint8_t { idle, block_0, block_n, pad_0, pad_1, done };

  void data_in(uint32_t word);
  void advance();
  bool step();
  void begin_mailbox();
  void read_mailbox_words();
  void pad();
  void put_length();
  void run_core(bool first);
  void core_done();
  void release();
  void zeroize();
  void clear();
  void append(uint32_t word);
  [[nodiscard]] bool valid_user(veer::Agent agent) const;
  [[nodiscard]] bool streaming() const;
  [[nodiscard]] bool block_full() const;
  [[nodiscard]] bool mailbox_read_done() const;
  [[nodiscard]] uint32_t mailbox_end() const;
  [[nodiscard]] uint32_t length() const;

  veer::Clock& clock_;
  const EngineTiming& timing_;
  ReadMailbox read_mailbox_;
  veer::Clock::Slot filled_;
  veer::Clock::Slot core_done_;

  uint32_t requesting_user_ = 0;
  bool lock_held_ = true;  // LOCK as it was before the access that is going on
  bool soc_has_lock_ = false;
  Phase phase_ = Phase::idle;         // sha_fsm_ps
  std::array<uint32_t, 32> block_{};  // block_reg
  uint32_t block_pointer_ = 0;        // block_wptr, 6 bits
  uint32_t bytes_written_ = 0;        // num_bytes_wr
  uint32_t mailbox_pointer_ = 0;      // mbox_rdptr, 16 bits
  std::array<uint64_t, 8> hash_{};    // the core's H registers, with the running block already in them
  bool digest_valid_ = false;         // core_digest_valid
};

}  // namespace caliptra
