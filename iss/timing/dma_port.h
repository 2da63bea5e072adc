// SPDX-License-Identifier: Apache-2.0 OR GPL-2.0-or-later
//
// ICCM stores on their way from the load/store unit to the memory: over AHB (axi4_to_ahb.sv, ahb_to_axi4.sv) to the
// core's DMA port and its queue of five (el2_dma_ctrl.sv). When the queue is full, so in turn are the port's write
// buffer, the AHB's command buffer, the bus itself, and the load/store unit's four entries; an answer comes when the
// store's data has left the bus. When the memory takes a store is fetch's to say: see fetch.h.
//
// Measured: st_iccm_*, st_ld_iccm, zero_iccm_loop256 of timing/rtl/microbench-results.txt.

#pragma once

#include <algorithm>
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

  /// Fetch is stopped for the port after it has refused it so often (el2_dma_ctrl.sv: dma_iccm_stall_any).
  static constexpr Cycle refusals = 7;

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

  // Loads from the ICCM, by code in the ICCM.

  /// What a load is granted earlier than was said, and when that was.
  struct Advance {
    Cycle granted = 0;
    Cycle earlier = 0;  ///< 0: nothing
  };

  /// A load asks for the memory in cycle `asks`. Returns when it is granted, if fetch goes on.
  Cycle read(Cycle asks) {
    const Cycle granted = asks + refusals;
    reads_[next_read_++ % reads_.size()] = {asks, granted};
    last_granted_ = std::max(last_granted_, granted);
    return granted;
  }
  /// Fetch pauses from `pause` on: the first load that gets the memory earlier by that. Whatever is later than its old
  /// grant is to come that much earlier.
  Advance advance(Cycle pause);
  /// When a packet that is wanted in a cycle can be fetched: fetch loses the cycle of each grant and the next two.
  [[nodiscard]] Cycle beside_reads(Cycle wanted) const {
    if (last_granted_ + 3 <= wanted) return wanted;
    for (unsigned i = 0; i < reads_.size(); ++i) {
      const Read& read = reads_[(next_read_ + i) % reads_.size()];
      if (wanted >= read.granted && wanted < read.granted + 3) wanted = read.granted + 3;
    }
    return wanted;
  }
  /// Whether a load waits for its grant in cycle `at`.
  [[nodiscard]] bool reading(Cycle at) const { return last_granted_ > at; }

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

  struct Read {
    Cycle asks = 0;
    Cycle granted = 0;
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

  std::array<Read, 4> reads_{};
  unsigned next_read_ = 0;
  Cycle last_granted_ = 0;
};

}  // namespace veer
