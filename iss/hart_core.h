// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// Inside the hart. hart.cc runs it, execute.h is the interpreter's loop, load_store.cc what the loop's fast paths leave
// over, traps.cc exceptions and interrupts, csr_file.cc the CSRs, hart_state.cc snapshots and debugger access.

#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <vector>

#include "iss/code_cache.h"
#include "iss/csr_table.h"
#include "iss/hart.h"
#include "iss/internal_timers.h"
#include "iss/pic.h"
#include "iss/timing/reference.h"
#include "iss/timing/rtl.h"

namespace veer {

class HartCore {
 public:
  using Cycle = Clock::Cycle;

  HartCore(const HartConfig& config, Clock& clock, Bus& bus);

  void map_rom(uint32_t base, std::span<const uint8_t> bytes);

  // Pins and reset
  void request_reset();
  void hold_in_reset(bool held);
  [[nodiscard]] bool held_in_reset() const { return held_; }
  void set_nmi_vector(uint32_t address) { nmi_vector_ = address & ~1u; }
  void set_pin(unsigned pin, bool level);
  void set_iccm_locked(bool locked) { iccm_locked_ = locked; }
  bool inject_ecc_error(uint32_t address, bool correctable);
  void set_write_fault(std::function<unsigned(CloseMemory)> bits_flipped);

  // Running
  RunResult run(Cycle until, uint64_t max_instructions);
  void stop();
  void pass_breakpoint() { passed_breakpoint_ = pc_; }
  void pass_watchpoint() { passed_watchpoint_ = pc_; }
  [[nodiscard]] uint64_t executed() const { return instructions() + exceptions_; }
  [[nodiscard]] uint64_t instructions() const { return running_ ? clock_.now() - idle_ : retired_; }
  [[nodiscard]] bool halted() const { return halted_; }
  [[nodiscard]] uint64_t cycles_asleep() const { return asleep_; }

  // Debuggers
  [[nodiscard]] uint32_t pc() const { return pc_; }
  void set_pc(uint32_t pc) {
    if (rtl_) rtl_->move(pc_, pc & ~1u);
    pc_ = pc & ~1u;
    passed_breakpoint_ = passed_watchpoint_ = no_breakpoint;
  }
  [[nodiscard]] const TimingStatistics* timing_statistics() const { return rtl_ ? &rtl_->statistics() : nullptr; }
  [[nodiscard]] uint32_t store_lag() const { return rtl_ ? rtl_->store_lag() : 0; }
  [[nodiscard]] uint32_t x(unsigned index) const { return x_[index & 31]; }
  void set_x(unsigned index, uint32_t value);
  [[nodiscard]] std::optional<uint32_t> csr(unsigned number) const;
  bool set_csr(unsigned number, uint32_t value);
  [[nodiscard]] bool peek(uint32_t address, std::span<uint8_t> out) const;
  bool poke(uint32_t address, std::span<const uint8_t> bytes);
  void set_observer(Observer* observer);
  void add_breakpoint(uint32_t address);
  void remove_breakpoint(uint32_t address);
  void add_watchpoint(uint32_t address, uint32_t length, WatchKind kind);
  void remove_watchpoint(uint32_t address, uint32_t length, WatchKind kind);
  [[nodiscard]] Observer* observer() const { return observer_; }
  void put_points_aside(bool aside);

  void state(StateStream& stream);

  std::function<void(uint32_t)> on_iccm_write_blocked;
  std::function<void(CloseMemory, bool, uint32_t)> on_ecc_error;
  std::function<void(bool)> on_halt_changed;

  /// Pins by number: 1..31 are the PIC's sources.
  static constexpr unsigned nmi_pin = 32;
  static constexpr unsigned timer_pin = 33;
  static constexpr unsigned software_pin = 34;
  static constexpr unsigned pin_count = 35;

 private:
  enum class Access : uint8_t { done, trapped, failed };  ///< failed: a bus error, which comes back as an NMI

  struct EccError {
    bool correctable;
    [[nodiscard]] uint32_t wrong_bits() const { return correctable ? 1 : 3; }
  };

  struct Watchpoint {
    uint32_t address;
    uint32_t length;
    WatchKind kind;
    auto operator<=>(const Watchpoint&) const = default;
  };

  struct PinChange {
    Cycle due;
    uint8_t pin;
    bool level;
  };

  struct BusError {
    Cycle due;
    uint32_t address;
  };

  struct Poll {
    uint32_t pc = 1;  ///< of the load
    uint32_t value = 0;
    int seen = 0;  ///< how often it has read the same
  };

  struct AccessFault {
    bool misaligned = false;
    uint32_t mscause = 0;
  };

  struct DataAccess {
    bool is_store = false;
    uint32_t base = 0;  ///< the base register
    uint32_t address = 0;
    unsigned width = 0;
    uint32_t data = 0;  ///< of a store
  };

  struct Trigger {
    uint32_t data1 = 0;  ///< mtdata1's writable bits
    uint32_t data2 = 0;
  };

  // hart.cc
  void apply_reset();
  void sync_pins();
  bool sleep(Cycle until);
  void update_sleep();
  [[nodiscard]] Cycle pin_delay() const { return rtl_ ? RtlTiming::pin_delay : ReferenceTiming::pin_delay; }
  [[nodiscard]] bool needs_observed_loop() const;

  // polling.cc
  void note_poll(uint32_t address, uint32_t value);
  void skip_polling(Cycle limit);
  bool go_round(uint32_t first, Cycle limit);

  void idle_to(Cycle to);
  CodeRegion* find_region(uint32_t address);
  CodeRegion* find_window(uint32_t address);

  // execute.h: runs until the clock reaches limit_, or attention_ is set, or a trap. With `table`, only tells the
  // handlers.
  template <class Timing, bool observed>
  void execute(Timing& timing, HandlerTable* table);
  [[nodiscard]] HandlerTable reference_handlers();
  [[nodiscard]] HandlerTable rtl_handlers();
  void execute_reference(bool observed);
  void execute_rtl(bool observed);
  void execute_loop(bool observed) {
    uncounted_ = 0;
    rtl_ ? execute_rtl(observed) : execute_reference(observed);
  }
  [[nodiscard]] std::unique_ptr<CodeRegion> make_code(uint32_t base, std::span<const uint8_t> bytes);
  void decode_block(CodeRegion& region, Entry* entry);

  // Observed loop only
  bool before_instruction();
  [[nodiscard]] std::optional<RunResult> watched_access();
  void count_instruction(uint32_t opcode);
  void count_exception(uint32_t cause, uint32_t mscause);
  void count_access(uint32_t address, unsigned width, bool is_store);
  void count_commit(bool compressed);
  void count_cycles(Cycle now);
  [[nodiscard]] std::optional<DataAccess> next_access();
  [[nodiscard]] bool trigger_matches(const Trigger& trigger, const std::optional<DataAccess>& access) const;
  [[nodiscard]] bool trigger_hit();

  // load_store.cc. pc_ and the clock are at the instruction.
  Access load(uint32_t base, uint32_t address, unsigned width, uint32_t& value);
  Access store(uint32_t base, uint32_t address, unsigned width, uint32_t value);
  [[nodiscard]] AccessFault access_fault(uint32_t base, uint32_t address, unsigned width) const;
  bool check_access(uint32_t base, uint32_t address, unsigned width, bool is_store);
  Access load_dccm(uint32_t address, unsigned width, uint32_t& value);
  Access store_dccm(uint32_t address, unsigned width, uint32_t value);
  Access load_iccm(uint32_t address, unsigned width, uint32_t& value);
  Access store_iccm(uint32_t address, unsigned width, uint32_t value);
  Access load_bus(uint32_t address, unsigned width, uint32_t& value);
  Access store_bus(uint32_t address, unsigned width, uint32_t value);
  [[nodiscard]] bool ecc_enabled() const;
  [[nodiscard]] bool correct_dccm(uint32_t address, unsigned width);
  [[nodiscard]] bool correct_iccm(uint32_t doubleword);
  [[nodiscard]] uint32_t uncorrected(uint32_t address, unsigned width, uint32_t value) const;
  void count_correctable(Csr counter);
  void update_dccm_window();
  void damage(CloseMemory memory, uint32_t address, unsigned width);

  // traps.cc
  void exception(uint32_t cause, uint32_t mscause, uint32_t mtval);
  void fetch_fault();
  void illegal_instruction(uint32_t opcode) { exception(2, 0, opcode); }
  void bus_error(uint32_t address, bool is_store);
  void report_bus_error(uint32_t address, bool is_store);
  void report_store_errors(Cycle now);
  void enter_trap(uint32_t cause, uint32_t mscause, uint32_t mtval, uint32_t handler);
  void mret();
  bool take_interrupt();
  bool take_external_interrupt();
  void take_nmi(uint32_t cause);
  [[nodiscard]] uint32_t interrupts_pending() const;
  [[nodiscard]] bool wakes() const;
  void timer_pulse(unsigned timer);
  void schedule_timers();

  // csr_file.cc
  /// False if the access is illegal. `value` is what a read gives, with its side effects.
  bool csr_instruction(const Decoded& decoded, uint32_t opcode);
  [[nodiscard]] uint32_t read_csr(uint32_t number) const;
  void write_csr(uint32_t number, uint32_t value, Cycle effective);
  void reset_csrs();
  uint32_t& reg(Csr csr) { return csrs_[csr_slot(csr)]; }
  [[nodiscard]] uint32_t reg(Csr csr) const { return csrs_[csr_slot(csr)]; }
  void count_event(unsigned event, uint64_t times = 1);
  void update_counting();
  [[nodiscard]] uint64_t mcycle() const;
  [[nodiscard]] uint64_t minstret() const;

  // Hot
  uint32_t x_[33] = {};  ///< the last takes what is written to x0
  uint32_t pc_ = 0;
  Cycle limit_ = 0;            ///< the loop stops before an instruction that would begin here
  uintptr_t dccm_origin_;      ///< where the host would have address 0, if all were DCCM
  uint32_t dccm_window_base_;  ///< the fast path's part of the DCCM: see update_dccm_window
  uint32_t dccm_window_size_;
  uint32_t dccm_window_low_;  ///< as far below it, if the base register is in the same region
  bool attention_ = false;    ///< something happened that the loop has to leave for
  bool step_ = false;         ///< the observed loop has to execute the next instruction
  uint32_t postponed_ = 1;    ///< the observed loop: an instruction that was announced, but waits for events first

  const HartConfig config_;
  Clock& clock_;
  Bus& bus_;
  std::unique_ptr<RtlTiming> rtl_;  ///< null in the reference profile
  std::vector<uint8_t> iccm_;
  std::vector<uint8_t> dccm_;
  std::unique_ptr<CodeRegion> iccm_code_;
  struct Rom {
    uint32_t base;
    std::span<const uint8_t> bytes;
    std::unique_ptr<CodeRegion> code;
  };
  std::vector<Rom> roms_;
  Rom* first_rom_ = nullptr;
  std::vector<uint8_t> window_;              ///< what the instruction bus reads where nothing is mapped
  std::unique_ptr<CodeRegion> window_code_;  ///< made when it is needed, and moved to where it is

  Pic pic_;
  InternalTimers timers_;
  std::array<uint32_t, csr_count> csrs_{};
  std::array<Trigger, 4> triggers_{};
  std::array<uint64_t, 4> event_counts_{};
  Cycle cycles_counted_ = 0;  ///< up to where the events that are cycles have been counted
  uint32_t uncounted_ = 0;    ///< the event counters, by bits, that don't count the instruction under way
  // mcycle and minstret are differences to the clock and to instructions(), or fixed values while they stand still.
  uint64_t mcycle_base_ = 0;
  uint64_t minstret_base_ = 0;
  bool mcycle_runs_ = true;
  bool minstret_runs_ = true;

  // Time and counts
  bool running_ = false;
  uint64_t idle_ = 0;     ///< while running: the clock's time in which no instruction retired
  uint64_t retired_ = 0;  ///< while not running
  uint64_t exceptions_ = 0;
  uint64_t asleep_ = 0;
  Cycle not_before_ = 0;  ///< no instruction begins before this

  // Pins
  std::array<bool, pin_count> pins_{};
  std::vector<PinChange> pin_changes_;
  Clock::Slot pin_slot_;
  std::array<Clock::Slot, 2> timer_slots_;
  bool timer_interrupt_ = false;
  bool software_interrupt_ = false;
  std::array<bool, 2> timer_held_{};
  uint32_t nmi_vector_ = 0;
  bool nmi_pending_ = false;
  std::vector<BusError> bus_errors_;  ///< of stores, on their way back
  Clock::Slot bus_error_slot_;
  uint32_t nmi_cause_ = 0;
  bool mdseac_locked_ = false;

  // Reset and sleep
  bool reset_requested_ = true;
  bool held_ = false;
  /// mpmc was written: the next instruction is executed yet, if it can be decoded at once.
  enum class Halting : uint8_t { no, after_next, now };
  void set_halted(bool halted);
  void halt_if_due();
  [[nodiscard]] bool next_decodes_at_once();
  Halting halting_ = Halting::no;
  Cycle halt_due_ = 0;
  bool halted_ = false;
  Cycle paused_until_ = 0;
  bool iccm_locked_ = false;

  std::map<uint32_t, EccError> ecc_errors_;  ///< by word address, both memories
  std::function<unsigned(CloseMemory)> write_fault_;

  // Polling
  std::array<Poll, 16> polls_{};
  const bool polls_skipped_ = config_.skip_polling;
  bool notes_polls_ = false;  ///< nobody looks at every instruction
  bool poll_found_ = false;   ///< the loop was left for skip_polling()
  bool probing_ = false;
  bool disturbed_ = false;  ///< while probing: something was done that a waiting loop doesn't do

  // Debugging
  bool stop_requested_ = false;
  Observer* observer_ = nullptr;
  std::set<uint32_t> breakpoints_;
  std::multiset<Watchpoint> watchpoints_;
  bool points_are_aside_ = false;
  std::set<uint32_t> breakpoints_aside_;
  std::multiset<Watchpoint> watchpoints_aside_;
  std::optional<RunResult> debug_stop_;
  static constexpr uint32_t no_breakpoint = 1;
  uint32_t passed_breakpoint_ = no_breakpoint;  ///< the next instruction's pc, if its breakpoint was reported
  uint32_t passed_watchpoint_ = no_breakpoint;  ///< the same for a watchpoint that it touches
  bool observing_ = false;                      ///< the observed loop runs, and somebody looks on
  bool guarded_ = false;                        ///< breakpoints, watchpoints or triggers have to be looked for
  bool counting_ = false;                       ///< a performance counter needs to see every instruction
  bool triggers_armed_ = false;
};

}  // namespace veer
