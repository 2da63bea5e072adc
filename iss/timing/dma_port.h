// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// ICCM stores on their way from the load/store unit to the memory: over AHB (axi4_to_ahb.sv, ahb_to_axi4.sv) to the
// core's DMA port and its queue of five (el2_dma_ctrl.sv). When the queue is full, so in turn are the port's write
// buffer, the AHB's command buffer, the bus itself, and the load/store unit's four entries; an answer comes when the
// store's data has left the bus. When the memory takes a store is fetch's to say: see fetch.h.
//
// Measured: st_iccm_*, st_ld_iccm, zero_iccm_loop256 of timing/rtl/microbench-results.txt.

#pragma once

#include <array>
#include <cstdint>

#include "iss/state_stream.h"

namespace veer {

class DmaPort {
 public:
  using Cycle = uint64_t;
  static constexpr Cycle never = UINT64_MAX / 2;
  /// From an access's address phase until it asks for the memory, if nothing is in its way.
  static constexpr Cycle bus_to_memory = 4;
  /// From the end of the data phase to the answer that frees the load/store unit's entry.
  static constexpr Cycle answer_delay = 2;

  /// How a store goes over the bus.
  struct Passage {
    Cycle sent = 0;      ///< it enters the load/store unit's output buffer
    Cycle accepted = 0;  ///< it leaves the load/store unit's output buffer
    Cycle on_bus = 0;    ///< its address phase
    Cycle passed = 0;    ///< the end of its data phase, after which the bus can take another address
  };

  /// A store whose way to the bus does not depend on stores before it.
  void store(uint32_t word, Passage passage);
  /// A store behind another, which the load/store unit offers from `offered` on.
  void store_behind(uint32_t word, Cycle offered);

  /// The number that the next store will have.
  [[nodiscard]] uint64_t next() const { return next_; }
  /// Whether the memory has not taken all of them.
  [[nodiscard]] bool pending() const { return served_ != next_; }
  /// When the passage of the last one is, if all before `from` is known and fetch pauses from then on.
  [[nodiscard]] Passage last(Cycle from) const;
  /// When the memory will have taken all of them, if fetch pauses from `from` on.
  [[nodiscard]] Cycle drained(Cycle from) const;
  /// When store `number` is sent and answered; `never` if that is still open.
  [[nodiscard]] Cycle sent(uint64_t number) const { return at(number).passage.sent; }
  [[nodiscard]] Cycle answered(uint64_t number) const;

  /// From when on the store at the head of the queue asks for the memory; `never` if that is still open.
  [[nodiscard]] Cycle asks() const;
  /// The memory takes it in cycle `at`.
  void serve(Cycle at);
  /// The memory takes all of them as they come: fetch is elsewhere.
  void serve_all();

  void reset() { *this = DmaPort(); }
  void state(StateStream& stream);

 private:
  static constexpr unsigned queue_depth = 5;

  struct Store {
    uint32_t word = 0;
    bool behind = false;
    Cycle offered = 0;
    Passage passage;
    Cycle buffered = 0;  ///< it enters the port's write buffer
    Cycle queued = 0;    ///< it leaves that for the queue
    Cycle served = 0;
  };

  [[nodiscard]] Store& at(uint64_t number) { return stores_[number % stores_.size()]; }
  [[nodiscard]] const Store& at(uint64_t number) const { return stores_[number % stores_.size()]; }
  Store& add(uint32_t word);
  /// Works out what is known by now.
  void resolve();
  void place(uint64_t number);

  std::array<Store, 16> stores_{};
  uint64_t next_ = 16;  ///< numbers of stores
  uint64_t open_ = 16;  ///< the first whose way into the queue isn't known
  uint64_t served_ = 16;
};

}  // namespace veer
