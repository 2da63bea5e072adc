// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// The VeeR EL2 hart: RV32IMC + Zba, Zbb, Zbc, Zbs, Zicsr, Zifencei, machine mode only, with its closely coupled
// memories (ICCM, DCCM), its interrupt controller (PIC) and its internal timers, as Caliptra configures it
// (el2_param.vh). Everything else is behind the Bus.

#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "iss/bus.h"
#include "iss/clock.h"
#include "iss/observer.h"
#include "iss/timing_profile.h"

namespace veer {

class StateStream;
class HartCore;
struct TimingStatistics;

/// Addresses and sizes in bytes. Defaults are Caliptra 1.x (el2_param.vh: ICCM_SADR, DCCM_SADR, PIC_BASE_ADDR).
struct HartConfig {
  uint32_t reset_vector = 0;  ///< rst_vec
  uint32_t iccm_base = 0x40000000;
  uint32_t iccm_size = 128 * 1024;  ///< a power of two
  uint32_t dccm_base = 0x50000000;
  uint32_t dccm_size = 128 * 1024;  ///< a power of two
  uint32_t pic_base = 0x60000000;
  uint32_t pic_size = 32 * 1024;
  TimingProfile timing = TimingProfile::reference;
  bool skip_polling = true;  ///< skip loops that only wait (Bus::steady): nothing but the host's time shows it
};

/// The two memories with ECC.
enum class CloseMemory : uint8_t { iccm, dccm };

/// Why Hart::run() came back.
enum class StopReason : uint8_t {
  cycle_limit,        ///< clock.now() has reached `until`
  instruction_limit,  ///< `max_instructions` have retired or trapped
  stopped,            ///< stop() was called from a callback, an event or an observer
  breakpoint,         ///< the next instruction is at a breakpoint
  watchpoint,         ///< the next instruction touches a watched address
  halted_forever,     ///< halted, or held in reset, and no event is pending that could change that
};

enum class WatchKind : uint8_t { read = 1, write = 2, access = 3 };

struct RunResult {
  StopReason reason = StopReason::cycle_limit;
  uint32_t address = 0;                ///< breakpoint: the pc; watchpoint: the first watched address touched
  WatchKind kind = WatchKind::access;  ///< watchpoint: what the instruction does there
};

/// One hart. All calls come from one thread. During a Bus call and every callback, clock.now() is the cycle at which
/// the current instruction began, instructions() counts those that retired before it, and pc() is its address.
class Hart {
 public:
  /// The clock and the bus must outlive the hart. The hart registers its clock events here. It starts in the state
  /// after reset(), with ICCM and DCCM zero.
  Hart(const HartConfig& config, Clock& clock, Bus& bus);
  ~Hart();
  Hart(const Hart&) = delete;
  Hart& operator=(const Hart&) = delete;

  /// Maps read-only memory for instruction fetch and loads by host pointer; stores there go to the Bus. `bytes` must
  /// outlive the hart (or the next map_rom at the same base, which replaces it). Instruction fetch sees the memory at 0
  /// in every 64 KiB outside the ICCM's region where nothing else is mapped, as Caliptra's instruction bus does.
  void map_rom(uint32_t base, std::span<const uint8_t> bytes);

  // Reset (rst_l of el2_veer.sv)

  /// Resets the hart: x1..x31, CSRs and PIC to their reset values, pending interrupts and NMIs gone, fetch from the
  /// reset vector; its first instruction executes one cycle later. ICCM and DCCM keep their contents. May be called
  /// from any callback: it takes effect before the next instruction.
  void reset();

  /// Holds the hart in reset (true) or lets it go (false, with the effect of reset()). While it is held no instruction
  /// executes and run() moves time from event to event. May be called from any callback.
  void hold_in_reset(bool held);
  [[nodiscard]] bool held_in_reset() const;

  // Pins

  /// nmi_vec[31:1] of el2_veer.sv, as an address; bit 0 is ignored.
  void set_nmi_vector(uint32_t address);
  /// nmi_int: a rising edge requests an NMI with mcause 0 (el2_dec_tlu_ctl.sv).
  void set_nmi(bool level);
  /// extintsrc_req of el2_pic_ctrl.sv; `source` is 1..31, others are ignored.
  void set_external_interrupt(unsigned source, bool level);
  void set_timer_interrupt(bool level);     ///< timer_int
  void set_software_interrupt(bool level);  ///< soft_int

  /// A locked ICCM refuses stores (soc_ifc's iccm_lock at the AHB slave port of the hart's DMA).
  void set_iccm_locked(bool locked);

  /// A store to a locked ICCM was refused.
  void on_iccm_write_blocked(std::function<void(uint32_t address)> callback);
  /// A single-bit (correctable) or double-bit error was met in a close memory.
  void on_ecc_error(std::function<void(CloseMemory memory, bool correctable, uint32_t address)> callback);

  /// The hart halted (mpmc) or halts no more.
  void on_halt_changed(std::function<void(bool halted)> callback);

  /// Flips bit 0 (correctable), or bits 0 and 1, of the word stored at `address`, so that the next access finds an ECC
  /// error. A store of the whole word repairs it. False if the address is in neither memory.
  bool inject_ecc_error(uint32_t address, bool correctable);

  /// Asked after each store of an instruction to a close memory, while it is set: how many bits of each word the
  /// memory got wrong (0, 1 or 2). Stores are slower while it is set; nullptr ends that.
  void set_write_fault(std::function<unsigned(CloseMemory memory)> bits_flipped);

  // Running

  /// Runs until clock.now() >= `until` or `max_instructions` instructions have been executed, or something of
  /// StopReason happens first. Events whose deadline is `until` itself have not run yet. A breakpoint at the current
  /// pc, or a watchpoint that the instruction there touches, stops it at once, unless the last run() has reported it
  /// there, or pass_breakpoint() or pass_watchpoint() was called.
  RunResult run(Clock::Cycle until, uint64_t max_instructions = UINT64_MAX);

  /// Makes run() return before the next instruction. May be called from any callback.
  void stop();

  /// The instruction at the current pc will execute even if a breakpoint is there: its owner has seen it.
  void pass_breakpoint();
  /// The same for watchpoints that it touches.
  void pass_watchpoint();

  /// Instructions retired since construction (a trapping instruction does not retire).
  [[nodiscard]] uint64_t instructions() const;
  /// Those that retired or trapped: what `max_instructions` counts. Between runs, this numbers the states of a run.
  [[nodiscard]] uint64_t executed() const;
  /// Halted by mpmc (pmu/fw halt).
  [[nodiscard]] bool halted() const;
  /// Where the cycles went (iss/timing/statistics.h), since construction; nullptr in the `reference` profile.
  [[nodiscard]] const TimingStatistics* timing_statistics() const;
  /// While a store to the bus is carried out: how many cycles later it arrives there than a load would (`rtl` profile).
  [[nodiscard]] uint32_t store_lag() const;

  /// Cycles in which it was halted or paused (mpmc, mcpc), since construction.
  [[nodiscard]] uint64_t cycles_asleep() const;

  // State, for debuggers. None of this has side effects on devices. Call between runs, or from an Observer to read.

  [[nodiscard]] uint32_t pc() const;
  void set_pc(uint32_t pc);
  [[nodiscard]] uint32_t x(unsigned index) const;
  void set_x(unsigned index, uint32_t value);
  /// The CSR as an instruction would read it, or nothing if it doesn't exist.
  [[nodiscard]] std::optional<uint32_t> csr(unsigned number) const;
  /// Writes a CSR's writable bits. False if it doesn't exist or is read-only.
  bool set_csr(unsigned number, uint32_t value);

  /// Copies from (into) ICCM, DCCM, ROM (peek only) and PIC. False, with nothing copied, if any byte lies elsewhere.
  [[nodiscard]] bool peek(uint32_t address, std::span<uint8_t> out) const;
  bool poke(uint32_t address, std::span<const uint8_t> bytes);

  // Debugging: any of these selects the observed loop

  void set_observer(Observer* observer);  ///< nullptr: none
  [[nodiscard]] Observer* observer() const;
  void add_breakpoint(uint32_t address);
  void remove_breakpoint(uint32_t address);
  /// Watches `length` bytes from `address` on: a load or store of the kind that overlaps them stops run() before it
  /// executes, whether it is going to fail or not. Of no length, nothing is watched.
  void add_watchpoint(uint32_t address, uint32_t length, WatchKind kind);
  void remove_watchpoint(uint32_t address, uint32_t length, WatchKind kind);
  /// Puts all breakpoints and watchpoints aside, as if there were none, and back (false).
  void put_points_aside(bool aside);

  /// Saves or restores everything but the configuration, the ROM, the callbacks and the debugger's settings. The clock
  /// is saved by its owner, before or after.
  void state(StateStream& stream);

 private:
  std::unique_ptr<HartCore> core_;
};

}  // namespace veer
