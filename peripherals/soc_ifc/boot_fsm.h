// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The boot state machine: who is in reset, and until when. From RTL soc_ifc/rtl/soc_ifc_boot_fsm.sv.

#pragma once

#include <cstdint>
#include <functional>

#include "iss/clock.h"
#include "iss/state_stream.h"
#include "iss/timing_profile.h"

namespace caliptra {

/// CPTRA_FLOW_STATUS.boot_fsm_ps.
enum class BootState : uint8_t { idle = 0, fuse = 1, fw_rst = 2, wait = 3, done = 4 };

/// Models every flip-flop of the RTL's state machine and its reset synchronisers, clock by clock, but only
/// while something moves: an event per clock from a change of an input until all is at rest.
///
/// In the `rtl` profile the clocks count. In the `reference` profile they don't: while the core is held in
/// reset the machine comes to rest at once; while the core runs it does so before the next instruction.
class BootFsm {
 public:
  BootFsm(veer::Clock& clock, veer::TimingProfile timing);

  /// Outputs. Connect before power comes on. Levels are told when they change.
  struct Outputs {
    std::function<void(bool level)> cptra_noncore_rst_b;
    std::function<void(bool level)> cptra_uc_rst_b;
    std::function<void(bool level)> ready_for_fuses;
    std::function<void(bool level)> rdc_clk_dis;  ///< the register file's clock is stopped around resets
    std::function<void(bool level)> fw_update_rst_window;
    std::function<void()> fw_upd_rst_executed;    ///< a firmware update reset begins
    std::function<void()> iccm_unlock;            ///< a reset of the core alone is over
    std::function<bool()> breakpoint;             ///< BootFSM_BrkPoint_valid, asked when it matters
    std::function<uint8_t()> update_wait_cycles;  ///< internal_fw_update_reset_wait_cycles
  };
  Outputs outputs;

  // --- Pins; they take effect asynchronously, as in RTL ---------------------------------------------
  void set_pwrgood(bool level);
  void set_rst_b(bool level);
  void set_scan_mode(bool level);

  // --- Register outputs; seen by the state machine one clock later ----------------------------------
  void set_fuse_done(bool level);
  void set_bootfsm_go(bool level);
  void fuse_done_written();      ///< any write to CPTRA_FUSE_WR_DONE
  void firmware_update_reset();  ///< internal_fw_update_reset.core_rst pulses

  [[nodiscard]] BootState state() const { return now_.ps; }
  [[nodiscard]] bool pwrgood() const { return pwrgood_; }
  [[nodiscard]] bool cptra_noncore_rst_b() const { return noncore_level_; }
  [[nodiscard]] bool cptra_uc_rst_b() const { return uc_level_; }
  [[nodiscard]] bool ready_for_fuses() const { return now_.ready_for_fuses; }
  [[nodiscard]] bool fuse_wr_done_observed() const { return now_.observed; }

  /// ICCM and DCCM errors are masked: the core is being reset alone.
  [[nodiscard]] bool fw_update_rst_window() const;

  void state(veer::StateStream& stream);

 private:
  struct Flops {
    BootState ps = BootState::idle;
    bool rst_window = true;
    bool window_meta = true;
    bool window_sync = true;
    bool window_sync_f = true;
    bool window_sync_2f = true;
    bool synch_noncore = false;
    bool synch_uc = false;
    bool noncore_nq = false;
    bool uc_nq = false;
    bool ready_for_fuses = false;
    bool iccm_unlock = false;
    uint8_t wait_count = 0;
    bool fuse_done = false;
    bool observed = false;
    bool go = false;
    bool update = false;
    bool operator==(const Flops&) const = default;
  };
  // What the registers hold for the next clock edge.
  struct Inputs {
    bool fuse_done = false;
    bool observed = false;
    bool go = false;
    bool update = false;
  };

  [[nodiscard]] static bool clock_stopped(const Flops& flops);
  [[nodiscard]] Flops next_edge() const;
  void changed();
  void edge();
  void settle();
  void drive();

  veer::Clock& clock_;
  const bool clocks_count_;
  veer::Clock::Slot slot_;
  Flops now_;
  Inputs inputs_;
  veer::Clock::Cycle edge_at_ = 0;  // the cycle of the latest clock edge, or the next
  bool settling_ = false;           // not part of the state: never true between events
  bool pwrgood_ = false;
  bool rst_b_ = false;
  bool scan_mode_ = false;
  bool noncore_level_ = false;
  bool uc_level_ = false;
};

}  // namespace caliptra
