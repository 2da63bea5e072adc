// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// A Caliptra core: the VeeR hart, its memories and every block, put together as caliptra_top.sv does,
// with the wires and the bus that a SoC sees.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "iss/bus.h"
#include "iss/clock.h"
#include "iss/hart.h"
#include "soc/configuration.h"
#include "soc/error_injection.h"

namespace veer {
class RegisterBlock;
class StateStream;
}  // namespace veer

namespace caliptra {

/// Something worth noticing while a core runs.
struct Event {
  enum class Kind : uint8_t {
    boot_status,        ///< CPTRA_BOOT_STATUS was written; value is the status
    flow_status,        ///< CPTRA_FLOW_STATUS was written; value is the register
    ready_for_fuses,    ///< the wire rose
    ready_for_fw,       ///< the wire rose
    ready_for_runtime,  ///< the wire rose (CPTRA_FLOW_STATUS.ready_for_runtime)
    runtime_ready,      ///< the runtime listens for commands: boot status 0x600, or, with debug
                        ///< locked, where firmware does not report it, ready_for_runtime
    cold_reset,         ///< the core starts from power-good
    warm_reset,
    firmware_update_reset,
    exit,                  ///< the firmware ended: value 0 passed, 255 failed
    firmware_error_fatal,  ///< CPTRA_FW_ERROR_FATAL was written with a value other than 0
    hardware_error_fatal,  ///< CPTRA_HW_ERROR_FATAL became other than 0
    trng_request,          ///< the core asks the SoC for entropy (CPTRA_TRNG_STATUS.DATA_REQ)
    mailbox_status,        ///< the mailbox changed in a way that the SoC may have waited for; value is MBOX_STATUS
    idevid_csr_ready,      ///< CPTRA_FLOW_STATUS.idevid_csr_ready was set
    reset_command,         ///< the firmware asks the SoC for a warm (value 0) or cold (1) reset over its output wires
  };
  Kind kind;
  uint32_t value = 0;
  uint64_t cycle = 0;
  uint64_t instructions = 0;
};

/// The wires from a core to its SoC.
enum class OutputWire : uint8_t {
  ready_for_fuses,
  ready_for_fw,
  ready_for_runtime,
  mailbox_data_available,
  error_fatal,
  error_non_fatal,
  trng_request,
  mailbox_flow_done,
};

/// An access of the SoC, over its bus, as it was answered.
struct SocAccess {
  bool write = false;
  uint32_t address = 0;  ///< as the SoC gave it
  uint32_t data = 0;     ///< written, or read
  uint32_t user = 0;
  veer::BusStatus status = veer::BusStatus::ok;
  uint64_t cycle = 0;
};

/// Why run() came back.
enum class StopReason : uint8_t {
  stopped,  ///< stop() was called
  cycle_limit,
  instruction_limit,
  no_progress,  ///< the hart sleeps or is held in reset, and nothing is pending that could wake it
  breakpoint,
  watchpoint,
};

/// Limits of one run. Cycles and retired instructions are counted from the core's creation.
struct RunLimits {
  uint64_t until_cycle = veer::Clock::never;
  uint64_t until_instructions = veer::Clock::never;
  uint64_t most_executed = veer::Clock::never;  ///< in this run: instructions that retire or trap
};

/// How a run ended. It is its reason, for those who want no more.
struct RunResult {
  StopReason reason = StopReason::stopped;
  uint32_t address = 0;                            ///< breakpoint: the pc; watchpoint: what is touched
  veer::WatchKind kind = veer::WatchKind::access;  ///< watchpoint: what the instruction does there
  operator StopReason() const { return reason; }   // NOLINT(google-explicit-constructor)
};

/// One Caliptra core. It is created powered off. Everything is deterministic: the same configuration and
/// the same calls at the same cycles give the same run. Any number of cores may exist in a process; each
/// belongs to one thread at a time. No call throws or aborts for anything a guest or a caller does.
class Core {
 public:
  /// Puts a core together. On error (ROM too large, a generation that is not modelled) returns null and
  /// says why in `error`.
  [[nodiscard]] static std::unique_ptr<Core> create(const Configuration& configuration, std::string& error);
  ~Core();
  Core(const Core&) = delete;
  Core& operator=(const Core&) = delete;

  [[nodiscard]] const Configuration& configuration() const;

  // --- Wires from the SoC -------------------------------------------------------------------------

  /// cptra_pwrgood. Falling is a cold reset of everything.
  void set_power_good(bool level);

  /// cptra_rst_b. Falling while power is good is a warm reset.
  void set_reset_b(bool level);

  /// BootFSM_BrkPoint.
  void set_boot_fsm_breakpoint(bool level);

  /// security_state: latched at the end of the next warm or cold reset, where a change of debug_locked flushes secrets
  /// (caliptra_top.sv).
  void set_security_state(DeviceLifecycle lifecycle, bool debug_locked);
  void set_scan_mode(bool level);

  /// generic_input_wires: word `index` 0 or 1.
  void set_generic_input_wires(unsigned index, uint32_t value);

  // --- Wires to the SoC, sampled ------------------------------------------------------------------

  [[nodiscard]] bool ready_for_fuses() const;
  [[nodiscard]] bool ready_for_fw() const;
  [[nodiscard]] bool ready_for_runtime() const;
  [[nodiscard]] bool mailbox_data_available() const;
  [[nodiscard]] bool error_fatal() const;
  [[nodiscard]] bool error_non_fatal() const;
  [[nodiscard]] bool trng_request() const;
  [[nodiscard]] bool output(OutputWire wire) const;

  /// Called when a wire to the SoC changes, with its new level. Adds to the earlier listeners.
  void on_output(std::function<void(OutputWire, bool)> listener);

  // --- The SoC's bus ------------------------------------------------------------------------------

  /// An access over APB. Only the low 18 bits of the address count: mailbox 0x20000, SHA accelerator
  /// 0x21000, soc_ifc 0x30000 (so 0x3002'0000 and the like work too). `user` is PAUSER. A refused user,
  /// an address that is not there and a core whose bus is in reset answer target_error or decode_error
  /// and change nothing (soc_ifc_arb.sv). Takes no time.
  veer::BusResult soc_read(uint32_t address, uint32_t user = default_soc_user);
  veer::BusStatus soc_write(uint32_t address, uint32_t data, uint32_t user = default_soc_user);

  // --- The TAP ------------------------------------------------------------------------------------

  /// What a DMI access over JTAG finds in Caliptra's own aperture, 0x50 to 0x7f: of the mailbox DLEN 0x50, DOUT 0x51
  /// (the next read finds the next word) and STATUS 0x52; CPTRA_BOOT_STATUS 0x53, _HW_ERROR_ENC 0x54, _FW_ERROR_ENC
  /// 0x55, CPTRA_DBG_MANUF_SERVICE_REG 0x60 and CPTRA_BOOTFSM_GO 0x61; 0 elsewhere. The last two can be written.
  /// Nothing (false) outside the aperture, and unless debug is unlocked or the device in manufacturing. Takes no time.
  std::optional<uint32_t> tap_read(uint8_t address);
  bool tap_write(uint8_t address, uint32_t value);

  // --- Running ------------------------------------------------------------------------------------

  /// Runs until a limit, stop(), or until nothing can happen any more.
  RunResult run(const RunLimits& limits);

  /// Ends run() before the next instruction. May be called from any callback.
  void stop();

  [[nodiscard]] uint64_t cycles() const;
  [[nodiscard]] uint64_t instructions() const;

  // --- Looking on ---------------------------------------------------------------------------------

  /// Called at the cycle at which the event happens. Adds to the earlier listeners.
  void on_event(std::function<void(const Event&)> listener);

  /// Called after each soc_read() and soc_write(). Adds to the earlier listeners.
  void on_soc_access(std::function<void(const SocAccess&)> listener);

  /// Called before each read that the hart makes of a register block. Polling that is skipped (Bus::steady) is told of
  /// only where it begins and ends.
  void on_core_read(std::function<void(const veer::RegisterBlock&)> listener);

  /// Called for every character of the firmware's console.
  void on_console(std::function<void(char)> listener);

  /// A block and where the core sees it.
  struct MappedBlock {
    uint32_t base;
    veer::RegisterBlock* block;
  };
  [[nodiscard]] std::span<const MappedBlock> blocks() const;
  [[nodiscard]] veer::RegisterBlock* block(std::string_view name) const;

  /// A register of soc_ifc or any other block by the core's address, without side effects.
  [[nodiscard]] uint32_t peek_register(uint32_t address) const;

  /// Reads or writes memory as a debugger does, without side effects: ROM (read only), ICCM, DCCM, mailbox
  /// SRAM, and registers (read only). False, and nothing changed, if any byte of the range is elsewhere.
  [[nodiscard]] bool peek(uint32_t address, std::span<uint8_t> bytes) const;
  [[nodiscard]] bool poke(uint32_t address, std::span<const uint8_t> bytes);

  /// Flips one (correctable) or two bits of the word at `address` in ICCM, DCCM or mailbox SRAM, as a fault
  /// in the memory does: the next read finds it, a write repairs it. False if the address is in none of them.
  [[nodiscard]] bool inject_ecc_error(uint32_t address, bool correctable);

  /// Puts a fault into the hardware, now (`cycle` doesn't matter). False, and nothing changed, if its address is not
  /// where its kind can be. Planned ones: Configuration::faults.
  [[nodiscard]] bool inject(const Fault& fault);

  /// Ends every fault that lasts. Damaged words of memories stay damaged until they are written.
  void clear_faults();

  [[nodiscard]] veer::Hart& hart();
  [[nodiscard]] veer::Clock& clock();

  /// Saves or restores everything that changes: hart, memories, blocks, pending events, TRNG feed. The
  /// configuration isn't part of it, but is checked: restore into a core of the same generation, timing
  /// profile and ROM.
  void state(veer::StateStream& stream);

 private:
  struct Parts;
  explicit Core(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace caliptra
