// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The SHA-256 engine: it hashes blocks that software has padded and, since RTL 1.1, walks the hash chains of LMS's
// Winternitz signatures by itself. From RTL 1.0 and 1.1: sha256/rtl/sha256.sv, sha256_core.v, sha256_reg.rdl.

#pragma once

#include <array>
#include <cstdint>

#include "iss/clock.h"
#include "iss/registers/register_block.h"
#include "peripherals/common/engine_timing.h"
#include "peripherals/common/hardware.h"
#include "peripherals/common/interrupt_block.h"

namespace caliptra {

/// The register block at 0x10028000. A Winternitz chain starts with INIT and WNTZ_MODE in one write: the block
/// holds I, q, i (22 bytes), the coefficient j (byte 22) and the value, padded by software for the first hash;
/// the hardware goes on with j + 1 and so on up to 2^w - 2, and leaves the last digest, 24 or 32 bytes by
/// WNTZ_N_MODE. What it does that may surprise, all of it the RTL's:
/// - INIT and NEXT together are INIT, and since 1.1 raise error1.
/// - A coefficient above 2^w - 2 raises error0 and the block is hashed once, as without WNTZ_MODE.
/// - W other than 1, 2, 4, 8 raises error0, and the chain is one hash long; MODE 0 (SHA-224) raises error0 too,
///   and its initial value is used for the first hash of the chain, but not for the others.
/// - ZEROIZE during a chain leaves WNTZ_BUSY set until a reset.
/// - Since 1.1 SHA-224's last digest word reads 0; in 1.0 it shows the eighth word of the state.
class Sha256 final : public veer::RegisterBlock {
 public:
  /// `clock` and `timing` must outlive the block.
  Sha256(veer::Clock& clock, const EngineTiming& timing, Generation generation);

  InterruptBlock interrupts{*this};

  /// As ZEROIZE does; also debugUnlock_or_scan_mode_switch.
  void zeroize();

  /// debugUnlock_or_scan_mode_switch: while it is high the engine is held as ZEROIZE leaves it, and does nothing.
  void hold_zeroized(bool level);

  [[nodiscard]] bool steady() const override { return true; }
  void reset(veer::Reset reset) override;
  void state(veer::StateStream& stream) override;

 protected:
  [[nodiscard]] uint32_t live(const veer::RegisterRef& at, veer::Agent agent) const override;
  [[nodiscard]] bool locked(uint8_t lock, const veer::RegisterRef& at, veer::Agent agent) const override;
  void after_write(const veer::RegisterRef& at, veer::Agent agent, const veer::RegisterWrite& write) override;

 private:
  void control(const veer::RegisterWrite& write);
  void begin(bool first);
  void begin_chain(unsigned last_coefficient);
  void complete();
  void clear();
  [[nodiscard]] bool ready() const;
  [[nodiscard]] std::array<uint32_t, 16> block() const;

  veer::Clock& clock_;
  const EngineTiming& timing_;
  Generation generation_;
  veer::Clock::Slot done_;

  std::array<uint32_t, 8> hash_{};  // H0_reg .. H7_reg, with the running block already in it
  uint32_t digest_words_ = 8;       // how many of them the running command shows (get_mask)
  bool valid_ = false;
  bool chain_running_ = false;  // wntz_busy
  bool held_ = false;           // hold_zeroized()
};

}  // namespace caliptra
